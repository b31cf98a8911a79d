"""How much a partition depends on its seed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.detection import METHODS
from workbench.errors import UsageError
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Stability", "adjusted_mutual_information", "stability"]

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
    agreement = np.mean([_overlap(found[place].labels, p.labels) for p in others], axis=0)
    return Stability(
        found[place], runs, used, float(np.mean(pairs)), float(np.min(pairs)), agreement
    )


def adjusted_mutual_information(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Return the mutual information of two labellings, adjusted for chance.

    AMI = (MI − E[MI]) / (mean(H₁, H₂) − E[MI]), E over labellings with the same community sizes;
    1 for equal labellings (also when both have one community only), about 0 for independent ones.
    Cost O(k₁ k₂ · mean size) for the exact expectation.

    References
    ----------
    .. [1] Vinh, Epps & Bailey (2010) Information theoretic measures for clusterings comparison.
       JMLR 11, 2837–2854. https://jmlr.org/papers/v11/vinh10a.html
    """
    table = _contingency(first, second)
    n = table.sum()
    rows, cols = np.asarray(table.sum(axis=1)).ravel(), np.asarray(table.sum(axis=0)).ravel()
    if len(rows) == len(cols) == 1 or n == 0:
        return 1.0
    coo = table.tocoo()
    share = coo.data / n
    information = float((share * np.log(share * n * n / (rows[coo.row] * cols[coo.col]))).sum())
    entropies = [-float((p * np.log(p)).sum()) for p in (rows / n, cols / n)]
    expected = _expected_information(rows.astype(np.int64), cols.astype(np.int64), int(n))
    ceiling = float(np.mean(entropies)) - expected
    if abs(ceiling) < 1e-12:
        return 1.0
    return (information - expected) / ceiling


def _contingency(first: NDArray[Any], second: NDArray[Any]) -> Any:
    from scipy.sparse import coo_array

    a = np.unique(first, return_inverse=True)[1]
    b = np.unique(second, return_inverse=True)[1]
    shape = (int(a.max(initial=-1)) + 1, int(b.max(initial=-1)) + 1)
    return coo_array((np.ones(len(a)), (a, b)), shape=shape).tocsr()


def _expected_information(rows: NDArray[np.int64], cols: NDArray[np.int64], n: int) -> float:
    """Return E[MI] under the hypergeometric model; equal pairs of sizes are computed once."""
    from scipy.special import gammaln

    row_sizes, row_counts = np.unique(rows, return_counts=True)
    col_sizes, col_counts = np.unique(cols, return_counts=True)
    total = 0.0
    for a, times_a in zip(row_sizes.tolist(), row_counts.tolist(), strict=True):
        for b, times_b in zip(col_sizes.tolist(), col_counts.tolist(), strict=True):
            x = np.arange(max(1, a + b - n), min(a, b) + 1, dtype=np.float64)
            log_p = (
                gammaln(a + 1) + gammaln(b + 1) + gammaln(n - a + 1) + gammaln(n - b + 1)
                - gammaln(n + 1) - gammaln(x + 1) - gammaln(a - x + 1) - gammaln(b - x + 1)
                - gammaln(n - a - b + x + 1)
            )  # fmt: skip
            term = x / n * np.log(n * x / (a * b)) * np.exp(log_p)
            total += times_a * times_b * float(term.sum())
    return total


def _overlap(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return for each node the Jaccard overlap of its two communities."""
    table = _contingency(first, second)
    a = np.unique(first, return_inverse=True)[1]
    b = np.unique(second, return_inverse=True)[1]
    both = np.asarray(table[a, b]).ravel()
    rows, cols = np.asarray(table.sum(axis=1)).ravel(), np.asarray(table.sum(axis=0)).ravel()
    return np.asarray(both / (rows[a] + cols[b] - both), dtype=np.float64)
