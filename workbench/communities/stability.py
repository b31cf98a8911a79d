"""How much a partition depends on its seed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.detection import METHODS
from workbench.errors import UsageError
from workbench.graphs.agreement import adjusted_mutual_information, overlap
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Stability", "stability"]

#: An account whose communities agree less than this with the best run's is ambiguous.
AMBIGUOUS_BELOW = 0.9


@dataclass(frozen=True)
class Stability:
    """Agreement of several runs of one method on one graph.

    Attributes
    ----------
    best
        The run of highest modularity (the first on a tie).
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
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int | None = None,
) -> Stability:
    """Return how far `runs` runs of a method with different seeds agree.

    Raises
    ------
    UsageError
        The method does not exist, or there are fewer than two runs.
    """
    if method not in METHODS:
        raise UsageError("no such method", value=method, allowed=", ".join(METHODS))
    if runs < 2:
        raise UsageError("agreement needs at least two runs", value=runs)
    used = resolve(seed)
    found: list[Partition] = [
        METHODS[method].function(
            graph, resolution=resolution, weighted=weighted, seed=spawn(used, "run", i)
        )
        for i in range(runs)
    ]
    pairs = [adjusted_mutual_information(a.labels, b.labels) for a, b in combinations(found, 2)]
    place = int(np.argmax([partition.quality or 0.0 for partition in found]))
    others = [p for i, p in enumerate(found) if i != place]
    agreement = np.mean([overlap(found[place].labels, p.labels) for p in others], axis=0)
    return Stability(
        found[place], runs, used, float(np.mean(pairs)), float(np.min(pairs)), agreement
    )
