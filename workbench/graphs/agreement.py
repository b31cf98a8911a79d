"""How far two labellings of the same nodes agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["adjusted_mutual_information", "overlap"]


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


def overlap(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return for each node the Jaccard overlap of its two communities, in (0, 1], shape (n,)."""
    table = _contingency(first, second)
    a = np.unique(first, return_inverse=True)[1]
    b = np.unique(second, return_inverse=True)[1]
    both = np.asarray(table[a, b]).ravel()
    rows, cols = np.asarray(table.sum(axis=1)).ravel(), np.asarray(table.sum(axis=0)).ravel()
    return np.asarray(both / (rows[a] + cols[b] - both), dtype=np.float64)
