"""How often p ≤ .05 on graphs without communities, and how often on graphs with planted ones.

``python -m tests.communities.calibration FILE.csv`` writes the table (some minutes); the same seed
gives the same bytes. Graphs come from the β-model, as in ``tests.polarisation.calibration``: every
pair is joined independently with odds θᵢ θⱼ, so that given its degrees every simple graph is
equally likely. Three planted communities multiply the odds within by 1 + 2δ and across by 1 − δ.
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

from workbench.communities import significance
from workbench.model import InteractionGraph
from workbench.progress import Progress
from workbench.rng import generator, spawn

__all__ = ["CASES", "LEVEL", "TABLE", "Share", "calibration", "p_values", "random_graph", "within"]

#: The committed table, from which the page of validation is rendered.
TABLE = Path(__file__).with_name("calibration.csv")
NODES = 120
PLANTED = 3
RUNS = 199
LEVEL = 0.05
SEED = 78
#: Weights, strength of the planted communities, graphs.
CASES = (
    ("unweighted", 0.0, 120), ("weighted", 0.0, 120), ("unweighted", 0.2, 10),
    ("unweighted", 0.4, 10), ("unweighted", 0.6, 10), ("unweighted", 0.8, 10),
)  # fmt: skip


@dataclass(frozen=True)
class Share:
    """How many of `number` graphs (or communities) had p ≤ .05."""

    weights: str
    planted: float
    test: str
    number: int
    rejected: int

    @property
    def rate(self) -> float:
        """Share of them."""
        return self.rejected / self.number


def random_graph(
    nodes: int, *, seed: int, planted: float = 0.0, weighted: bool = False, mean_degree: float = 6.0
) -> InteractionGraph:
    """Return an undirected random graph; weights, if any, have a heavy tail and no meaning."""
    rng = generator(seed, "beta model")
    theta = np.minimum(rng.pareto(2.0, nodes) + 1, 8.0)
    group = rng.permutation(np.arange(nodes) % PLANTED)
    odds = np.outer(theta, theta) * mean_degree / (nodes * theta.mean() ** 2)
    same = group[:, None] == group[None, :]
    odds *= np.where(same, 1 + (PLANTED - 1) * planted, 1 - planted)
    source, target = np.nonzero(np.triu(rng.random((nodes, nodes)) < odds / (1 + odds), k=1))
    weight = np.ceil(rng.pareto(1.5, len(source)) + 0.01) if weighted else None
    ids = [f"{'abc'[group[i]]}{i:04d}" for i in range(nodes)]
    return InteractionGraph.from_edges([ids[i] for i in source], [ids[i] for i in target], weight)


def p_values(
    seed: int, *, weights: str, planted: float, nodes: int = NODES, runs: int = RUNS
) -> tuple[float, list[tuple[float, float]]]:
    """Return p of the modularity, and p and adjusted p of each community, on one graph."""
    graph = random_graph(nodes, seed=seed, planted=planted, weighted=weights == "weighted")
    found = significance(graph, "leiden", runs=runs, seed=seed)
    tested = found.table.dropna(subset=["p"])
    pairs = zip(tested["p"].tolist(), tested["p_adjusted"].tolist(), strict=True)
    assert found.modularity.p is not None
    return found.modularity.p, list(pairs)


def calibration(
    cases: tuple[tuple[str, float, int], ...] = CASES, *, processes: int = 2, **how: int
) -> list[Share]:
    """Return the shares of p ≤ .05: of modularities, of communities, of graphs with any of them."""
    table = []
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(processes, mp_context=context) as pool,
        Progress(sum(n for *_, n in cases), "random graphs", "graphs") as progress,
    ):
        for weights, planted, number in cases:
            seeds = [spawn(SEED, weights, str(planted), i) for i in range(number)]
            drawn = []
            for each in pool.map(partial(p_values, weights=weights, planted=planted, **how), seeds):
                drawn.append(each)
                progress.update(1)
            single = [p for _, pairs in drawn for p, _ in pairs]
            adjusted = [min((p for _, p in pairs), default=1.0) for _, pairs in drawn]
            for test, values in (
                ("modularity", [p for p, _ in drawn]),
                ("one community", single),
                ("any community, adjusted", adjusted),
            ):
                small = sum(p <= LEVEL for p in values)
                table.append(Share(weights, planted, test, len(values), small))
    return table


def within(number: int, confidence: float = 0.99) -> tuple[float, float]:
    """Return the interval in which the rate lies with this chance when p is uniform."""
    from scipy.stats import binom

    low, high = binom.interval(confidence, number, LEVEL)
    return float(low) / number, float(high) / number


def read(file: Path = TABLE) -> list[Share]:
    """Return the committed table."""
    with file.open(encoding="utf-8") as handle:
        return [
            Share(row["weights"], float(row["planted"]), row["test"], int(row["number"]),
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
