"""Diversity of counts over categories: entropy, Simpson, Rao–Stirling, and small samples.

All functions take counts of shape (n, K), one row a sample, and return one number a row in the
order of the rows. Rows without a count have no diversity; callers leave them out first. `size` is
how many independent draws a row is: its sum, or less where draws are weighted.
A corrected value of one sample can exceed 1. A mean of corrected values must be taken before any
cap: capping each first makes the mean too low again (for two even categories and ten counts the
corrected entropy is .005 too low on average, capped .040, plain .077).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.polarisation.preparation import Prepared

__all__ = [
    "chao_shen",
    "check_distances",
    "entropy",
    "miller_madow",
    "opinion_distances",
    "profile_distances",
    "rao_stirling",
]


def entropy(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Shannon entropy of each row over log K, in [0, 1]; too low in small samples."""
    plain = _nats(counts / counts.sum(axis=1, keepdims=True))
    return np.asarray(plain / np.log(counts.shape[1]))


def miller_madow(counts: NDArray[np.float64], size: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the entropy with Miller and Madow's correction over log K, ≥ 0.

    H + (S − 1) / 2N, S the categories seen in a sample of N. A sample that saw one category only
    stays at 0: no correction can tell what it would have seen next.
    """
    seen = (counts > 0).sum(axis=1)
    plain = _nats(counts / counts.sum(axis=1, keepdims=True))
    return np.asarray((plain + (seen - 1) / (2 * size)) / np.log(counts.shape[1]))


def chao_shen(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Chao and Shen's coverage-adjusted entropy over log K, ≥ 0.

    −Σ C p log(C p) / (1 − (1 − C p)^N), C = 1 − f₁/N the coverage, f₁ the categories seen once
    (N − 1 where all were, so that C > 0). Counts must be whole.
    """
    total = counts.sum(axis=1, keepdims=True)
    once = (counts == 1).sum(axis=1, keepdims=True)
    once = np.where(once == total, total - 1, once)
    share = (1 - once / total) * counts / total
    inside = np.where(counts > 0, share, 1.0)
    missed = (1 - inside) ** total
    terms = np.where(counts > 0, -inside * np.log(inside) / (1 - missed), 0.0)
    return np.asarray(terms.sum(axis=1) / np.log(counts.shape[1]))


def rao_stirling(
    counts: NDArray[np.float64],
    distances: NDArray[np.float64],
    *,
    size: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return Σ_kl d_kl p_k p_l of each row over its maximum 1 − 1/K for distances of 1.

    With all distances 1 it is Simpson's index 1 − Σ p². With `size` the pair is drawn without
    replacement (a factor N / (N − 1), N > 1): the mean over samples is then right at any size.
    """
    share = counts / counts.sum(axis=1, keepdims=True)
    pairs = np.einsum("nk,kl,nl->n", share, distances, share) / (1 - 1 / counts.shape[1])
    return np.asarray(pairs if size is None else pairs * size / (size - 1), dtype=np.float64)


def profile_distances(mixing: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 − the cosine of the rows of a mixing matrix, (K, K): how differently sides deal.

    Raises
    ------
    UndefinedError
        A row is empty: that side acts upon nobody.
    """
    length = np.sqrt((mixing**2).sum(axis=1))
    if not length.all():
        raise UndefinedError(
            "a side acts upon nobody, so it is at no distance from the others",
            remedy="use direction=undirected, or give distances",
        )
    scaled = mixing / length[:, None]
    distances: NDArray[np.float64] = np.clip(1 - scaled @ scaled.T, 0.0, 1.0)
    np.fill_diagonal(distances, 0.0)
    return distances


def check_distances(distances: object, k: int) -> NDArray[np.float64]:
    """Return given distances between K sides as an array.

    Raises
    ------
    UsageError
        They are no symmetric (K, K) table of numbers in [0, 1] with zeros on its diagonal.
    """
    try:
        table = np.asarray(distances, dtype=np.float64)
    except (TypeError, ValueError):
        table = np.empty(0)
    fits = table.shape == (k, k) and np.allclose(table, table.T) and not np.diag(table).any()
    if not fits or not ((table >= 0) & (table <= 1)).all():
        raise UsageError(
            "distances have a value that is not allowed",
            value=distances,
            allowed=f"a symmetric {k} × {k} table in [0, 1] with zeros on its diagonal",
        )
    return table


def opinion_distances(prepared: Prepared, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the difference of the sides' mean opinions over the range of all opinions, (K, K).

    Parameters
    ----------
    values
        The opinion of each node, shape (n,); NaN where it is unknown.

    Raises
    ------
    UndefinedError
        Nobody of a side has an opinion, or all opinions are alike.
    """
    known = np.isfinite(values)
    counts = np.bincount(prepared.labels[known], minlength=prepared.k)
    if (counts == 0).any():
        raise UndefinedError(
            "no account of a side has an opinion", value=prepared.names[int(np.argmin(counts))]
        )
    span = float(np.ptp(values[known]))
    if not span:
        raise UndefinedError("all opinions are alike, so no side is at a distance from another")
    sums = np.bincount(prepared.labels[known], weights=values[known], minlength=prepared.k)
    means = sums / counts
    return np.asarray(np.abs(means[:, None] - means) / span, dtype=np.float64)


def _nats(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return −Σ p log p of each row."""
    inside = np.where(share > 0, share, 1.0)
    return np.asarray(-(inside * np.log(inside)).sum(axis=1), dtype=np.float64)
