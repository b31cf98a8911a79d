"""Which resolutions give communities that stay: a scan, and its plateaus."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import log, log2
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.searching import search_by_name
from workbench.errors import UndefinedError, UsageError
from workbench.graphs.agreement import adjusted_mutual_information, variation_of_information
from workbench.graphs.splits import check_resolution, symmetric_matrix
from workbench.model.shown import Tabular
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["RESOLUTIONS", "Scan", "scan"]

#: From a quarter to four, in steps of a quarter of a doubling; 1 is among them.
RESOLUTIONS = tuple(2.0 ** (step / 4) for step in range(-8, 9))


@dataclass(frozen=True, eq=False, repr=False)
class Scan(Tabular):
    """Communities by resolution.

    Attributes
    ----------
    table
        A row a resolution, ascending: ``resolution communities largest fewest most modularity
        ami_mean ami_min variation_next variation_next_normalised ami_next``. `communities` and
        `largest` (a share of the accounts) are of the best run, `fewest` and `most` of all runs;
        ``modularity`` is that of the best run at resolution 1 as partitions record it; ``ami_*``
        is the agreement of the runs with each other (NA with one run), ``*_next`` of the best run
        with that of the next resolution (NA at the last).
    plateaus
        A row a plateau: ``low high resolutions doublings communities ami_between ami_runs``, by
        resolution. Empty when there is none.
    partitions
        The best run of each resolution, in their order.
    runs, seed, alike
        Runs a resolution, the seed, and the agreement that a plateau needs.
    choices
        Method and weights.
    """

    table: pd.DataFrame
    plateaus: pd.DataFrame
    partitions: tuple[Partition, ...]
    runs: int
    seed: int
    alike: float
    choices: dict[str, Any] = field(default_factory=dict)

    def _words(self) -> str:
        return f"{len(self.table)} resolutions, {self.runs} runs of each, seed {self.seed}"

    def at(self, resolution: float) -> Partition:
        """Return the best run at one of the resolutions scanned."""
        known = self.table["resolution"].tolist()
        if resolution not in known:
            raise UsageError(
                "this resolution was not scanned",
                value=resolution,
                allowed=", ".join(f"{r:.4g}" for r in known),
            )
        return self.partitions[known.index(resolution)]

    @property
    def longest(self) -> Partition:
        """The partition of the longest plateau: in its middle (the lower of two), first on a tie.

        Plateaus of one community, or of one account a community, do not count: below and above
        some resolution there is nothing else.

        Raises
        ------
        UndefinedError
            There is no such plateau: no grain of communities stands out.
        """
        accounts = len(self.partitions[0].labels)
        proper = self.plateaus[~self.plateaus["communities"].isin([1, accounts])]
        if not len(proper):
            raise UndefinedError(
                "no resolution stands out: the communities change at every step",
                remedy="scan closer resolutions, or read the table",
            )
        row = proper.iloc[int(np.argmax(proper["doublings"].to_numpy()))]
        inside = self.table["resolution"].between(row["low"], row["high"]).to_numpy()
        places = np.flatnonzero(inside)
        return self.partitions[int(places[(len(places) - 1) // 2])]

    def to_pandas(self) -> pd.DataFrame:
        """Return the table of resolutions."""
        return self.table

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None."""
        tables = {
            name: table.astype(object).where(table.notna(), None).to_dict("records")
            for name, table in (("resolutions", self.table), ("plateaus", self.plateaus))
        }
        return {
            **tables, "runs": self.runs, "seed": self.seed, "alike": self.alike, **self.choices,
        }  # fmt: skip


def scan(
    graph: InteractionGraph,
    *,
    resolutions: Iterable[float] = RESOLUTIONS,
    method: str = "leiden",
    runs: int = 5,
    weighted: bool = True,
    alike: float = 0.95,
    seed: int | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Scan:
    """Return how communities depend on the resolution, and over which intervals they do not.

    At each resolution the method runs `runs` times; the best run by modularity at that resolution
    stands for it. A **plateau** is a run of two or more neighbouring resolutions, as long as can
    be from the lowest one up, at which the number of communities is the same and every two best
    runs have an adjusted mutual information of at least `alike`. It says that a grain is robust,
    not that it is true: random graphs have none or short ones, a hierarchy has one a level. The
    graph is symmetrised by summing; self-loops play no part in the search; isolated accounts are
    communities of one at every resolution.

    Parameters
    ----------
    resolutions
        Two or more, > 0 and finite; sorted, equal ones once.
    method
        One that has a resolution: ``leiden``, ``louvain``, or ``leiden_cpm``, whose resolutions are
        densities (give them yourself) and whose runs are judged by modularity at 1.
    runs
        Runs a resolution; with one there is no agreement of runs.
    alike
        Adjusted mutual information within a plateau, in (0, 1].
    advance
        Called with 1 after each resolution.

    Raises
    ------
    UsageError
        A resolution is not positive and finite, there are fewer than two, the method does not
        exist or has no resolution, or another choice is not allowed.
    UndefinedError
        No edge joins two different accounts.

    References
    ----------
    .. [1] Reichardt & Bornholdt (2006) Statistical mechanics of community detection. Physical
       Review E 74, 016110. doi:10.1103/PhysRevE.74.016110
    .. [2] Lambiotte, Delvenne & Barahona (2014) Random walks, Markov processes and the multiscale
       modular organization of complex networks. IEEE Transactions on Network Science and
       Engineering 1(2), 76–90. doi:10.1109/TNSE.2015.2391998
    """
    import pandas as pd

    wanted = _checked(resolutions, runs, alike)
    used = resolve(seed)
    matrix = symmetric_matrix(graph, weighted=weighted, loops=False)
    best: list[Partition] = []
    rows: list[dict[str, Any]] = []
    for resolution in wanted:
        search = search_by_name(method, resolution=resolution, weighted=weighted, searches=runs)
        found = search.runs(graph, spawn(used, "resolution", repr(resolution)))
        best.append(search.best_of(matrix, found)[0])
        rows.append(_row(resolution, best[-1], found))
        advance(1)
    for row, (here, there) in zip(rows[:-1], pairwise(best), strict=True):
        apart = variation_of_information(here.labels, there.labels)
        row["variation_next"] = apart
        row["variation_next_normalised"] = apart / log(graph.nodes)
        row["ami_next"] = adjusted_mutual_information(here.labels, there.labels)
    table = pd.DataFrame(rows)
    numbers = [
        name for name in table if name not in {"resolution", "communities", "fewest", "most"}
    ]
    table = table.astype(dict.fromkeys(numbers, "Float64"))
    plateaus = pd.DataFrame(
        [_plateau(rows[i:j], best[i:j]) for i, j in _runs_of_equals(best, alike)],
        columns=["low", "high", "resolutions", "doublings", "communities", "ami_between",
                 "ami_runs"],
    )  # fmt: skip
    weights = "weighted" if weighted else "unweighted"
    return Scan(
        table, plateaus, tuple(best), runs, used, alike, {"method": method, "weights": weights}
    )


def _checked(resolutions: Iterable[float], runs: int, alike: float) -> list[float]:
    """Return the resolutions as ascending floats."""
    wanted = sorted({float(resolution) for resolution in resolutions})
    for resolution in wanted:
        check_resolution(resolution)
    if len(wanted) < 2:
        raise UsageError("a scan needs two resolutions or more", value=wanted)
    if runs < 1:
        raise UsageError("there must be at least one run a resolution", value=runs)
    if not 0 < alike <= 1:
        raise UsageError("alike must be in (0, 1]", value=alike)
    return wanted


def _row(resolution: float, best: Partition, found: list[Partition]) -> dict[str, Any]:
    """Return what one resolution gives."""
    pairs = [adjusted_mutual_information(a.labels, b.labels) for a, b in combinations(found, 2)]
    counts = [partition.k for partition in found]
    return {
        "resolution": resolution,
        "communities": best.k,
        "largest": best.sizes[0] / len(best.labels),
        "fewest": min(counts),
        "most": max(counts),
        "modularity": best.quality,
        "ami_mean": float(np.mean(pairs)) if pairs else None,
        "ami_min": min(pairs) if pairs else None,
        "variation_next": None,
        "variation_next_normalised": None,
        "ami_next": None,
    }


def _runs_of_equals(best: list[Partition], alike: float) -> list[tuple[int, int]]:
    """Return the plateaus as half-open intervals of places, from the lowest resolution up."""
    found, start = [], 0
    while start < len(best) - 1:
        end = start + 1
        while end < len(best) and all(_same(best[i], best[end], alike) for i in range(start, end)):
            end += 1
        if end - start > 1:
            found.append((start, end))
        start = end
    return found


def _same(first: Partition, second: Partition, alike: float) -> bool:
    return first.k == second.k and _agreement(first, second) >= alike - 1e-12


def _agreement(first: Partition, second: Partition) -> float:
    return adjusted_mutual_information(first.labels, second.labels)


def _plateau(rows: list[dict[str, Any]], best: list[Partition]) -> dict[str, Any]:
    """Return what one plateau is."""
    known = [row["ami_mean"] for row in rows if row["ami_mean"] is not None]
    low, high = rows[0]["resolution"], rows[-1]["resolution"]
    return {
        "low": low,
        "high": high,
        "resolutions": len(rows),
        "doublings": log2(high / low),
        "communities": best[0].k,
        "ami_between": min(_agreement(a, b) for a, b in combinations(best, 2)),
        "ami_runs": float(np.mean(known)) if known else None,
    }
