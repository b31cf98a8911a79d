"""How much a partition depends on its seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.runs import as_partition, check_method, prepare
from workbench.communities.searching import Search
from workbench.errors import UsageError
from workbench.graphs.agreement import adjusted_mutual_information, overlap
from workbench.graphs.splits import check_resolution
from workbench.model.shown import Tabular
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Stability", "stability"]

#: An account whose communities agree less than this with the best run's is ambiguous.
AMBIGUOUS_BELOW = 0.9


@dataclass(frozen=True, repr=False)
class Stability(Tabular):
    """Agreement of several runs of one method on one graph.

    Attributes
    ----------
    best
        The run of highest modularity, at the resolution of methods that maximise it there and
        else at 1 (the first on a tie).
    runs, seed
        Number of runs and the seed from which their seeds come.
    ami_mean, ami_min
        Adjusted mutual information over all pairs of runs, ≤ 1; 1 = always the same partition.
    agreement
        For each account, the mean over the other runs of the Jaccard overlap between its community
        in the best run and in that run, in (0, 1], shape (n,).
    """

    best: Partition
    runs: int
    seed: int
    ami_mean: float
    ami_min: float
    agreement: NDArray[np.float64]

    @property
    def ambiguous(self) -> int:
        """Number of accounts whose agreement is below 0.9."""
        return int((self.agreement < AMBIGUOUS_BELOW).sum())

    def _words(self) -> str:
        return (
            f"{self.best.method}: {self.runs} runs, agreement {self.ami_mean:.2f}, seed {self.seed}"
        )

    def _shown(self) -> dict[str, str]:
        return {
            "agreement of the runs": f"{self.ami_mean:.3f} (adjusted mutual information, least "
            f"{self.ami_min:.3f})",
            "ambiguous accounts": f"{self.ambiguous:,} of {len(self.agreement):,}",
            "communities of the best run": f"{self.best.k:,}",
            "runs": f"{self.runs:,}",
            "seed": str(self.seed),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``communities --runs``."""
        return {
            "runs": self.runs,
            "ami_mean": self.ami_mean,
            "ami_min": self.ami_min,
            "ambiguous": self.ambiguous,
            "seed": self.seed,
            "best_seed": self.best.seed,
        }


def stability(
    graph: InteractionGraph,
    *,
    method: str = "leiden",
    runs: int = 10,
    resolution: float | None = None,
    into: int | None = None,
    weighted: bool = True,
    seed: int | None = None,
) -> Stability:
    """Return how far `runs` runs of a method with different seeds agree.

    Parameters
    ----------
    resolution
        None is the method's own: 1, for ``leiden_cpm`` the density of the graph.
    into
        Number of communities, for ``spectral`` only (two when None).

    Raises
    ------
    UsageError
        The method does not exist, or there are fewer than two runs.
    """
    kernel = check_method(method, into=into)
    if runs < 2:
        raise UsageError("agreement needs at least two runs", value=runs)
    used = resolve(seed)
    if resolution is not None:
        check_resolution(resolution)
    prepared = prepare(graph, weighted=weighted)
    found: list[Partition] = []
    for i in range(runs):
        its = spawn(used, "run", i)
        labels, told = kernel(prepared, resolution, its)
        found.append(
            as_partition(
                graph, prepared, labels, method=method, told=told, weighted=weighted, seed=its
            )
        )
    pairs = [adjusted_mutual_information(a.labels, b.labels) for a, b in combinations(found, 2)]
    chosen = {} if resolution is None else {"resolution": resolution}
    gamma = Search(method, chosen, runs, weighted).gamma
    quality = [prepared.modularity(run.labels, resolution=gamma) for run in found]
    place = int(np.argmax(quality))
    others = [p for i, p in enumerate(found) if i != place]
    agreement = np.mean([overlap(found[place].labels, p.labels) for p in others], axis=0)
    # Whoever compares with a null finds the communities again as the best of as many runs.
    best = replace(found[place], parameters={**found[place].parameters, "splits": runs})
    return Stability(best, runs, used, float(np.mean(pairs)), float(np.min(pairs)), agreement)
