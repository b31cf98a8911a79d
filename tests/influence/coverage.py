"""How often rank intervals and top sets hold, where the true ranking is known.

``python -m tests.influence.coverage FILE.csv`` writes the table (some minutes); the same seed gives
the same bytes. Every amplifier of a population has a favourite, drawn by popularity, acts a
geometric number of times (mean 3), and each act goes to the favourite or, as often, to an account
drawn by popularity. The truth is the expected in-strength. Twelve accounts lead, neighbours apart
by a given number of standard errors of their difference; 150 others trail with ever fewer acts.
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

from workbench.influence import rank, top_k
from workbench.model import InteractionGraph
from workbench.progress import Progress
from workbench.rng import generator, spawn

__all__ = ["GAPS", "LEADERS", "TABLE", "Held", "coverage", "population", "sample", "within"]

#: The committed table, from which the section of the page of validation is rendered.
TABLE = Path(__file__).with_name("coverage.csv")
GAPS = (0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
LEADERS = 12
TRAILING = 150
K = 5
#: Acts that the first account can expect.
BEST = 2000.0
#: Variance of an in-strength over its mean: (E a/4 + E a²/4 + E a/2) / E a with E a = 3, E a² = 15.
DISPERSION = 2.0
MEAN_ACTS = 3.0
RUNS = 200
GRAPHS = 150
LEVEL = 0.95
SEED = 2024


@dataclass(frozen=True)
class Held:
    """How many of `cases` statements of one kind held, and how wide or large they were."""

    gap: float
    statement: str
    cases: int
    held: int
    size: float

    @property
    def rate(self) -> float:
        """Share of cases."""
        return self.held / self.cases


def population(gap: float) -> np.ndarray:
    """Return the expected in-strength of every account, the leaders first."""
    expected = [BEST]
    for _ in range(LEADERS - 1):
        expected.append(expected[-1] - gap * np.sqrt(2 * DISPERSION * expected[-1]))
    tail = 0.5 * expected[-1] * np.arange(1, TRAILING + 1) ** -0.8
    return np.concatenate([expected, tail])


def sample(gap: float, *, seed: int) -> tuple[InteractionGraph, np.ndarray]:
    """Return a graph of amplifiers drawn from the population, and the truth."""
    rng = generator(seed, "amplifiers")
    expected = population(gap)
    popularity = expected / expected.sum()
    amplifiers = rng.poisson(expected.sum() / MEAN_ACTS)
    acts = rng.geometric(1 / MEAN_ACTS, amplifiers)
    who = np.repeat(np.arange(amplifiers), acts)
    favourite = rng.choice(len(expected), amplifiers, p=popularity)[who]
    other = rng.choice(len(expected), len(who), p=popularity)
    whom = np.where(rng.random(len(who)) < 0.5, favourite, other)
    graph = InteractionGraph.from_edges(
        [f"amplifier{i}" for i in who.tolist()], [f"account{j}" for j in whom.tolist()]
    )
    return graph, expected


def statements(seed: int, *, gap: float, runs: int = RUNS) -> list[tuple[str, int, int, float]]:
    """Return ``statement, cases, held, size`` for one sample."""
    graph, expected = sample(gap, seed=seed)
    truth = {f"account{j}": 1 + int((expected > e).sum()) for j, e in enumerate(expected)}
    made = []
    for interval in ("resampling", "simultaneous"):
        table = rank(graph, top=LEADERS + 8, bootstrap=runs, interval=interval, seed=seed)
        rows = table.to_pandas()
        true = rows["account"].map(truth)
        held = (rows["rank_low"] <= true) & (true <= rows["rank_high"])
        width = rows["rank_high"] - rows["rank_low"] + 1
        leads = true <= LEADERS
        made.append(
            (interval, int(leads.sum()), int(held[leads].sum()), float(width[leads].mean()))
        )
        ends = true.isin([1, LEADERS])
        if ends.any():
            made.append((f"{interval}, first and last of the twelve", int(ends.sum()),
                         int(held[ends].sum()), float(width[ends].mean())))  # fmt: skip
        made.append((f"{interval}, all at once", 1, int(held.all()), float(width.mean())))
    found = top_k(graph, k=K, bootstrap=runs, seed=seed)
    best = {account for account, place in truth.items() if place <= K}
    made.append((f"top {K}: possible", 1, int(best <= set(found.possible)), len(found.possible)))
    made.append((f"top {K}: sure", 1, int(set(found.sure) <= best), len(found.sure)))
    return made


def coverage(*, graphs: int = GRAPHS, runs: int = RUNS, processes: int = 2) -> list[Held]:
    """Return how often each statement held in `graphs` samples a gap."""
    table = []
    context = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(processes, mp_context=context) as pool,
        Progress(graphs * len(GAPS), "samples", "graphs") as progress,
    ):
        for gap in GAPS:
            seeds = [spawn(SEED, str(gap), i) for i in range(graphs)]
            sums: dict[str, list[tuple[int, int, float]]] = {}
            for each in pool.map(partial(statements, gap=gap, runs=runs), seeds, chunksize=5):
                for name, *rest in each:
                    sums.setdefault(name, []).append(tuple(rest))
                progress.update(1)
            for name, many in sums.items():
                cases, held, sizes = (np.array(column) for column in zip(*many, strict=True))
                mean = round(float(sizes.mean()), 2)
                table.append(Held(gap, name, int(cases.sum()), int(held.sum()), mean))
    return table


def within(held: Held, confidence: float = 0.99) -> tuple[float, float]:
    """Return the interval in which the rate lies with this chance if each case held with .95."""
    from scipy.stats import binom

    low, high = binom.interval(confidence, held.cases, LEVEL)
    return float(low) / held.cases, float(high) / held.cases


def read(file: Path = TABLE) -> list[Held]:
    """Return the committed table."""
    with file.open(encoding="utf-8") as handle:
        return [
            Held(float(row["gap"]), row["statement"], int(row["cases"]), int(row["held"]),
                 float(row["size"]))
            for row in csv.DictReader(handle)
        ]  # fmt: skip


def write(table: list[Held], file: Path = TABLE) -> None:
    """Write the table."""
    with file.open("w", encoding="utf-8", newline="") as handle:
        made = csv.DictWriter(handle, list(asdict(table[0])), lineterminator="\n")
        made.writeheader()
        made.writerows(map(asdict, table))


if __name__ == "__main__":
    write(coverage(), Path(sys.argv[1]))
