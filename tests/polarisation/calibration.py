"""How often p ≤ .05 where there is nothing to find, and how often where there is.

``python -m tests.polarisation.calibration FILE.csv`` writes the table (some minutes); the same
seed gives the same bytes. Graphs come from the β-model: every pair is joined independently with
odds θᵢ θⱼ, θ heavy-tailed, so that given its degrees every simple graph is equally likely, which is
exactly what the null model says. Camps multiply the odds within by 1 + δ and across by 1 − δ.
"""

from __future__ import annotations

import csv
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from workbench.model import InteractionGraph, Partition
from workbench.polarisation import find_sides, report
from workbench.progress import Progress
from workbench.rng import generator, spawn

__all__ = ["MEASURES", "TABLE", "Share", "beta_model", "calibration", "p_values", "within"]

#: The committed table, from which the page of validation is rendered.
TABLE = Path(__file__).with_name("calibration.csv")
MEASURES = (
    "random_walk_controversy", "ei_index", "assortativity", "boundary_polarisation",
)  # fmt: skip
CAMPS = (0.1, 0.2, 0.4, 0.6, 0.8)
RUNS = 199
LEVEL = 0.05
SEED = 77


@dataclass(frozen=True)
class Share:
    """How many of `graphs` graphs had p ≤ .05."""

    null: str
    camps: float
    measure: str
    graphs: int
    rejected: int

    @property
    def rate(self) -> float:
        """Share of graphs."""
        return self.rejected / self.graphs


def beta_model(
    nodes: int, *, seed: int, camps: float = 0.0, mean_degree: float = 6.0
) -> tuple[InteractionGraph, Partition]:
    """Return an undirected random graph and the labels of its (planted or meaningless) camps."""
    rng = generator(seed, "beta model")
    weight = np.minimum(rng.pareto(2.0, nodes) + 1, 8.0)
    label = rng.permutation(np.arange(nodes) % 2)
    odds = np.outer(weight, weight) * mean_degree / (nodes * weight.mean() ** 2)
    odds *= np.where(label[:, None] == label[None, :], 1 + camps, 1 - camps)
    joined = np.triu(rng.random((nodes, nodes)) < odds / (1 + odds), k=1)
    source, target = np.nonzero(joined)
    graph = InteractionGraph.from_edges([f"{i:04d}" for i in source], [f"{i:04d}" for i in target])
    sides = Partition.from_mapping(graph, {f"{i:04d}": "xy"[label[i]] for i in range(nodes)})
    return graph, sides


def p_values(
    seed: int, *, null: str, camps: float = 0.0, nodes: int = 250, runs: int = RUNS
) -> dict[str, float | None]:
    """Return the p-value of each measure on one graph, not adjusted for the others."""
    graph, sides = beta_model(nodes, seed=seed, camps=camps)
    if null == "repartitioned":
        sides = find_sides(graph, seed=spawn(seed, "sides"))
    found = report(graph, sides, measures=MEASURES, null=null, runs=runs, seed=seed)
    return {value.name: value.choices.get("p_unadjusted") for value in found.indices}


def calibration(
    *, graphs: int = 200, powered: int = 20, nodes: int = 250, runs: int = RUNS, processes: int = 2
) -> list[Share]:
    """Return the shares of p ≤ .05 without camps (on `graphs` graphs) and with (on `powered`)."""
    cases = [("fixed", 0.0, graphs), ("repartitioned", 0.0, graphs)]
    cases += [(null, camps, powered) for null in ("fixed", "repartitioned") for camps in CAMPS]
    table = []
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(processes, mp_context=context) as pool,
        Progress(sum(n for *_, n in cases), "random graphs", "graphs") as progress,
    ):
        for null, camps, number in cases:
            seeds = [spawn(SEED, null, str(camps), i) for i in range(number)]
            one = partial(p_values, null=null, camps=camps, nodes=nodes, runs=runs)
            values = []
            for each in pool.map(one, seeds):
                values.append(each)
                progress.update(1)
            for name in MEASURES:
                known = [each[name] for each in values if each[name] is not None]
                small = sum(p <= LEVEL for p in known)
                table.append(Share(null, camps, name, len(known), small))
    return table


def within(share: Share, confidence: float = 0.99) -> tuple[float, float]:
    """Return the interval in which the rate lies with this chance when p is uniform."""
    from scipy.stats import binom

    low, high = binom.interval(confidence, share.graphs, LEVEL)
    return float(low) / share.graphs, float(high) / share.graphs


def read(file: Path = TABLE) -> list[Share]:
    """Return the committed table."""
    with file.open(encoding="utf-8") as handle:
        return [
            Share(row["null"], float(row["camps"]), row["measure"], int(row["graphs"]),
                  int(row["rejected"]))
            for row in csv.DictReader(handle)
        ]  # fmt: skip


def write(table: list[Share], file: Path = TABLE) -> None:
    """Write the table."""
    with file.open("w", encoding="utf-8", newline="") as handle:
        made = csv.DictWriter(handle, list(asdict(table[0])), lineterminator="\n")
        made.writeheader()
        made.writerows(map(asdict, table))


if __name__ == "__main__":
    write(calibration(), Path(sys.argv[1]))
