"""How far two labellings of the same nodes agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "adjusted_mutual_information",
    "adjusted_rand",
    "element_centric",
    "overlap",
    "variation_of_information",
]

#: −log of the probability that is left out at each end of a distribution (10⁻²⁰).
_TAIL = 46.0


def adjusted_mutual_information(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Return the mutual information of two labellings, adjusted for chance.

    AMI = (MI − E[MI]) / (mean(H₁, H₂) − E[MI]), E over labellings with the same community sizes;
    1 for equal labellings (also when both have one community only), about 0 for independent ones.
    The expectation is exact to the last digits of a float.

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


def adjusted_rand(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Return the share of pairs of nodes that two labellings treat alike, adjusted for chance.

    ARI = (Σ C(n_ij, 2) − E) / (½ [Σ C(a_i, 2) + Σ C(b_j, 2)] − E), E = Σ C(a_i, 2) Σ C(b_j, 2) /
    C(n, 2): 1 for equal labellings (also when both have one community only, or one a node), about
    0 for independent ones, and below 0 when they agree less than chance.

    References
    ----------
    .. [1] Hubert & Arabie (1985) Comparing partitions. Journal of Classification 2, 193–218.
       doi:10.1007/BF01908075
    """
    table = _contingency(first, second)
    n = float(table.sum())
    rows, cols = np.asarray(table.sum(axis=1)).ravel(), np.asarray(table.sum(axis=0)).ravel()
    both, ours, theirs = (float((x * (x - 1) / 2).sum()) for x in (table.data, rows, cols))
    if n < 2:
        return 1.0
    expected = ours * theirs / (n * (n - 1) / 2)
    ceiling = (ours + theirs) / 2 - expected
    return 1.0 if abs(ceiling) < 1e-12 else (both - expected) / ceiling


def variation_of_information(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Return the distance of two labellings: what each leaves unknown of the other, in nats.

    VI = H₁ + H₂ − 2 MI = H(1|2) + H(2|1), in [0, log n]: 0 for equal labellings only, and a metric.
    Unlike the adjusted indices it is not set off against chance: of two labellings that have
    nothing in common, coarse ones are nearer to each other than fine ones.

    References
    ----------
    .. [1] Meilă (2007) Comparing clusterings — an information based distance. Journal of
       Multivariate Analysis 98(5), 873–895. doi:10.1016/j.jmva.2006.11.013
    """
    table = _contingency(first, second)
    n = table.sum()
    if not n:
        return 0.0
    rows, cols = np.asarray(table.sum(axis=1)).ravel(), np.asarray(table.sum(axis=0)).ravel()
    coo = table.tocoo()
    left = np.log(rows[coo.row] / coo.data) + np.log(cols[coo.col] / coo.data)
    return float((coo.data / n * left).sum())


def element_centric(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.float64]:
    """Return for each node how alike its two communities are, in (0, 1], shape (n,).

    Element-centric similarity [1]: 1 − |p − q|₁/2α, p and q the personalised PageRank from the node
    over the members of its community in either labelling. For communities that do not overlap it
    is |A ∩ B| / max(|A|, |B|) whatever α is ([1] takes α = .9); the mean over nodes is the
    similarity of the labellings.

    References
    ----------
    .. [1] Gates, Wood, Hetrick & Ahn (2019) Element-centric clustering comparison unifies overlaps
       and hierarchy. Scientific Reports 9, 8574. doi:10.1038/s41598-019-44892-y
    """
    both, ours, theirs = _shared(first, second)
    return np.asarray(both / np.maximum(ours, theirs), dtype=np.float64)


def _contingency(first: NDArray[Any], second: NDArray[Any]) -> Any:
    from scipy.sparse import coo_array

    a = np.unique(first, return_inverse=True)[1]
    b = np.unique(second, return_inverse=True)[1]
    shape = (int(a.max(initial=-1)) + 1, int(b.max(initial=-1)) + 1)
    return coo_array((np.ones(len(a)), (a, b)), shape=shape).tocsr()


def _expected_information(rows: NDArray[np.int64], cols: NDArray[np.int64], n: int) -> float:
    """Return E[MI] under the hypergeometric model; equal pairs of sizes are computed once.

    Of each distribution the part is summed outside of which lie less than 2 exp(−_TAIL) of it.
    """
    from scipy.special import gammaln

    row_sizes, row_counts = np.unique(rows, return_counts=True)
    b, col_counts = np.unique(cols, return_counts=True)
    log_factorial = gammaln(np.arange(n + 1) + 1.0)
    total = 0.0
    for a, times in zip(row_sizes.tolist(), row_counts.tolist(), strict=True):
        mean = a * b / n
        below = np.floor(mean - np.sqrt(2 * _TAIL * mean)).astype(np.int64)
        above = np.ceil(mean + _TAIL / 3 + np.sqrt((_TAIL / 3) ** 2 + 2 * _TAIL * mean))
        low = np.maximum(np.maximum(1, a + b - n), below)
        high = np.minimum(np.minimum(a, b), above.astype(np.int64))
        length = high - low + 1
        each = np.repeat(np.arange(len(b)), length)
        x = np.arange(len(each)) - (np.cumsum(length) - length - low)[each]
        other = b[each]
        fixed = log_factorial[a] + log_factorial[n - a] - log_factorial[n]
        log_p = (
            (fixed + log_factorial[b] + log_factorial[n - b])[each] - log_factorial[x]
            - log_factorial[a - x] - log_factorial[other - x] - log_factorial[n - a - other + x]
        )  # fmt: skip
        terms = x / n * np.log(n * (x / (a * other))) * np.exp(log_p)
        total += times * float((terms * col_counts[each]).sum())
    return total


def overlap(first: NDArray[np.int32], second: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return for each node the Jaccard overlap of its two communities, in (0, 1], shape (n,)."""
    both, ours, theirs = _shared(first, second)
    return np.asarray(both / (ours + theirs - both), dtype=np.float64)


def _shared(
    first: NDArray[Any], second: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return for each node the sizes of what its two communities share, and of each of them."""
    a = np.unique(first, return_inverse=True)[1]
    b = np.unique(second, return_inverse=True)[1]
    pair = a.astype(np.int64) * (int(b.max(initial=0)) + 1) + b
    _, place, counts = np.unique(pair, return_inverse=True, return_counts=True)
    return counts[place], np.bincount(a)[a], np.bincount(b)[b]
