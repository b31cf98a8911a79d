"""The acceptance set of polarisation indices: 102 networks, nine indices, twenty nulls, AUCs."""

from __future__ import annotations

import csv
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.benchmarks.discrimination import (
    area_under_curve,
    clustered_interval,
    family,
    residuals,
)
from tests.reference import reference_data
from workbench.progress import Progress
from workbench.rng import spawn

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from workbench.model import InteractionGraph

__all__ = ["INDICES", "Discrimination", "discrimination", "measured_networks", "write"]

INDICES = (
    "random_walk_controversy",
    "adaptive_random_walk_controversy",
    "random_walk_restart_controversy",
    "ei_index",
    "adaptive_ei_index",
    "modularity",
    "assortativity",
    "dipole_polarisation",
    "boundary_polarisation",
)
#: Seed of the whole table; that of a network is spawned from it by the network's name.
SEED = 2022
#: Topics of the retweet graphs that are not controversial; the other six are.
CALM = {"nationalkissingday", "ff", "sxsw", "germanwings"}


@dataclass(frozen=True)
class Discrimination:
    """AUCs of one index over the networks where it and its null are defined.

    ``raw``, ``denoised`` (observed − null mean), ``gain`` (denoised − raw), ``raw_adjusted`` and
    ``denoised_adjusted`` (residuals after least squares on log n and log mean degree, fitted again
    in every replicate) are each (value, low, high), 95 % from samples of whole families.
    """

    name: str
    networks: int
    raw: tuple[float, float, float]
    denoised: tuple[float, float, float] | None = None
    gain: tuple[float, float, float] | None = None
    raw_adjusted: tuple[float, float, float] | None = None
    denoised_adjusted: tuple[float, float, float] | None = None

    def line(self) -> str:
        """Return the row as text."""
        cells = [self.raw, self.denoised, self.gain, self.raw_adjusted, self.denoised_adjusted]
        return f"{self.name:34}{self.networks:4} " + "  ".join(map(_told, cells))


HEADER = f"{'AUC of':34}{'n':>4} " + "  ".join(
    f"{name:18}" for name in ("raw", "denoised", "gain", "raw adjusted", "denoised adjusted")
)


def networks() -> list[tuple[str, str, Path, bool]]:
    """Return (name, family, file, controversial) of every network, in order of name."""
    finnish = reference_data("polarisation/finnish_hashtags")
    with (finnish / "network_info.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    found = [
        (f"finnish/{row['file_name']}", f"finnish/{family(row['file_name'])}",
         finnish / row["file_name"], row["controversial"] == "1")
        for row in rows
        if (finnish / row["file_name"]).exists()
    ]  # fmt: skip
    for file in sorted(reference_data("polarisation/retweet_graphs").glob("*.edges.csv")):
        topic = file.name.removesuffix(".edges.csv")
        found.append((f"retweet/{topic}", f"retweet/{topic}", file, topic not in CALM))
    return sorted(found)


def graph_of(file: Path) -> InteractionGraph:
    """Return the graph of an edge file."""
    from workbench.loaders.edge_files import read_edges
    from workbench.model import InteractionGraph

    edges = read_edges(file)
    return InteractionGraph.from_edges(
        edges.column("source").combine_chunks(), edges.column("target").combine_chunks()
    )


def measure(network: tuple[str, str, Path, bool], *, runs: int) -> dict[str, Any]:
    """Return the row of one network: size, and each index with the mean of its null."""
    from workbench.polarisation import find_sides, report

    name, clan, file, controversial = network
    graph = graph_of(file)
    seed = spawn(SEED, "network", name)
    sides = find_sides(graph, method="metis", seed=seed)
    found = report(graph, sides, measures=INDICES, null="repartitioned", runs=runs, seed=seed)
    row: dict[str, Any] = {
        "name": name, "family": clan, "controversial": int(controversial), "seed": seed,
        "runs": runs, "nodes": found.graph["nodes"], "edges": found.graph["edges"],
        "agreement": sides.parameters["agreement"],
    }  # fmt: skip
    for value in found.indices:
        row[value.name] = value.value
        row[f"{value.name}_null_mean"] = value.null_mean
        row[f"{value.name}_null_sd"] = value.null_sd
    return row


def measured_networks(
    *, share: float = 1.0, runs: int = 20, processes: int = 2
) -> tuple[list[dict[str, Any]], float]:
    """Return the rows of the networks in order of name, and the wall time; the same every time.

    `share` < 1 takes every so many-th network of either class.
    """
    chosen = networks()
    if share < 1:
        step = max(1, round(1 / share))
        split = [[n for n in chosen if n[3] is kind] for kind in (True, False)]
        chosen = [n for kind in split for n in kind[::step]]
    by_size = sorted(chosen, key=lambda n: (-n[2].stat().st_size, n[0]))
    start = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(processes, mp_context=context) as pool,
        Progress(len(chosen), "networks with their nulls", "networks") as progress,
    ):
        rows = []
        for row in pool.map(partial(measure, runs=runs), by_size):
            rows.append(row)
            progress.update(1)
    return sorted(rows, key=lambda row: row["name"]), time.perf_counter() - start


def discrimination(rows: list[dict[str, Any]]) -> list[Discrimination]:
    """Return one row an index, and one of mean degree alone, which needs no sides."""
    table = [_of_index(name, rows) for name in INDICES]
    degree = np.array([2 * row["edges"] / row["nodes"] for row in rows])
    label, families = _labels(rows)
    table.append(Discrimination("mean degree only", len(rows), _auc(degree, label, families)))
    return table


def write(folder: Path, rows: list[dict[str, Any]], table: list[Discrimination]) -> None:
    """Write ``networks.csv`` and ``auc.csv``; what is unknown is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "networks.csv", rows)
    columns = ("raw", "denoised", "gain", "raw_adjusted", "denoised_adjusted")
    flat = []
    for each in table:
        row: dict[str, Any] = {"name": each.name, "networks": each.networks}
        for column in columns:
            cells = getattr(each, column) or (None, None, None)
            row |= dict(zip((column, f"{column}_low", f"{column}_high"), cells, strict=True))
        flat.append(row)
    _write(folder / "auc.csv", flat)


def _of_index(name: str, rows: list[dict[str, Any]]) -> Discrimination:
    from workbench.polarisation import INDICES as REGISTRY

    known = [r for r in rows if r[name] is not None and r[f"{name}_null_mean"] is not None]
    sign = 1 if REGISTRY[name].divided_is == "high" else -1
    raw = sign * np.array([row[name] for row in known])
    denoised = raw - sign * np.array([row[f"{name}_null_mean"] for row in known])
    label, families = _labels(known)
    nodes, edges = (np.array([row[key] for row in known], float) for key in ("nodes", "edges"))
    size = np.log(np.column_stack([nodes, 2 * edges / nodes]))

    def gained(at: NDArray[np.int64]) -> float | None:
        after, before = (area_under_curve(score[at], label[at]) for score in (denoised, raw))
        return None if after is None or before is None else after - before

    return Discrimination(
        name,
        len(known),
        _auc(raw, label, families),
        _auc(denoised, label, families),
        _with_interval(gained, families),
        _auc(raw, label, families, size),
        _auc(denoised, label, families, size),
    )


def _auc(
    score: NDArray[np.float64],
    label: NDArray[np.bool_],
    families: list[str],
    size: NDArray[np.float64] | None = None,
) -> tuple[float, float, float]:
    def statistic(at: NDArray[np.int64]) -> float | None:
        used = score[at] if size is None else residuals(score[at], size[at])
        return area_under_curve(used, label[at])

    return _with_interval(statistic, families)


def _with_interval(
    statistic: Callable[[NDArray[np.int64]], float | None], families: list[str]
) -> tuple[float, float, float]:
    value = statistic(np.arange(len(families)))
    if value is None:
        message = "the networks are all of one class"
        raise ValueError(message)
    return (value, *clustered_interval(statistic, families, seed=SEED))


def _labels(rows: list[dict[str, Any]]) -> tuple[NDArray[np.bool_], list[str]]:
    return np.array([row["controversial"] == 1 for row in rows]), [row["family"] for row in rows]


def _told(cells: tuple[float, float, float] | None) -> str:
    if cells is None:
        return f"{'–':18}"
    return "{:.3f} [{:.2f}, {:.2f}]".format(*cells).ljust(18)


def _write(file: Path, rows: list[dict[str, Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        made = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        made.writeheader()
        made.writerows(rows)
