"""Cutting a graph along eigenvectors of its regularised normalised adjacency."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import ConvergenceError, UndefinedError
from workbench.rng import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

__all__ = ["spectral_clusters", "spectral_cut"]

#: Starts of k-means; the closest fit is taken, the first of equal ones.
STARTS = 10
#: Below so many accounts all eigenvectors are computed.
DENSE_BELOW = 50


def spectral_cut(matrix: csr_array, seed: int) -> NDArray[np.int32]:
    """Return the two sides of the best cut along the second eigenvector, shape (n,).

    The matrix is D_τ^−½ (A + τ J / n) D_τ^−½, D_τ the degrees plus τ, J all ones, τ the mean
    degree: the regularisation keeps hanging trees from making the cut. The cut is the threshold
    on the eigenvector, divided by √d_τ, of the highest modularity. The start vector comes from the
    seed, so the same seed gives the same bytes.

    Raises
    ------
    ConvergenceError
        The eigenvector was not found.

    References
    ----------
    .. [1] Amini, Chen, Bickel & Levina (2013) Pseudo-likelihood methods for community detection
       in large sparse networks. Annals of Statistics 41, 2097–2122. doi:10.1214/13-AOS1138
    """
    vectors, scale = _eigenvectors(matrix, 2, seed, dense_below=4)
    return _best_cut(matrix, vectors[:, 1] * scale)


def spectral_clusters(matrix: csr_array, into: int, seed: int) -> NDArray[np.int32]:
    """Return `into` clusters of the first `into` eigenvectors by k-means, shape (n,).

    The matrix is that of ``spectral_cut``; each account's row of the eigenvectors is scaled to
    length 1, and of ten starts of k-means++ the one with the least squared distances is taken.

    Raises
    ------
    ConvergenceError
        The eigenvectors were not found, or k-means left a cluster empty at every start.
    UndefinedError
        There are fewer accounts than clusters.

    References
    ----------
    .. [1] Ng, Jordan & Weiss (2001) On spectral clustering: analysis and an algorithm. NIPS 14.
    .. [2] von Luxburg (2007) A tutorial on spectral clustering. Statistics and Computing 17,
       395–416. doi:10.1007/s11222-007-9033-z
    """
    from scipy.cluster.vq import ClusterError, kmeans2

    n = matrix.shape[0]
    if into > n:
        raise UndefinedError("more communities than accounts", value=into, allowed=f"at most {n}")
    vectors, _ = _eigenvectors(matrix, into, seed, dense_below=max(DENSE_BELOW, into + 2))
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = vectors / np.where(length > 0, length, 1.0)
    best, least = None, np.inf
    for start in range(STARTS):
        rng = generator(seed, "k-means", start)
        try:
            centres, labels = kmeans2(rows, into, iter=100, minit="++", missing="raise", rng=rng)
        except ClusterError:  # an empty cluster: another start may do without
            continue
        spread = float(((rows - centres[labels]) ** 2).sum())
        if spread < least - 1e-12:
            best, least = labels, spread
    if best is None:
        raise ConvergenceError(
            "k-means left a community empty at every start", value=into, remedy="ask for fewer"
        )
    return np.asarray(best, dtype=np.int32)


def _eigenvectors(
    matrix: csr_array, k: int, seed: int, *, dense_below: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the k leading eigenvectors, largest value first, and 1 / √d_τ."""
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

    n = matrix.shape[0]
    degree = np.asarray(matrix.sum(axis=1)).ravel()
    tau = float(degree.mean())
    scale = 1 / np.sqrt(degree + tau)
    scaled = diags_array(scale) @ matrix @ diags_array(scale)

    def times(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(scaled @ x + scale * (tau / n) * float(scale @ x))

    if n < dense_below:
        dense = np.column_stack([times(column) for column in np.eye(n)])
        return np.linalg.eigh((dense + dense.T) / 2)[1][:, ::-1][:, :k], scale
    operator = LinearOperator((n, n), matvec=times, dtype=np.float64)
    start = generator(seed, "spectral").standard_normal(n)
    try:
        values, vectors = eigsh(operator, k=k, which="LA", v0=start, tol=1e-8)
    except ArpackNoConvergence as error:
        raise ConvergenceError(
            "the spectral split did not converge", remedy="use --split leiden"
        ) from error
    return vectors[:, np.argsort(-values, kind="stable")], scale


def _best_cut(matrix: csr_array, score: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the two sides of the threshold on `score` that has the highest modularity."""
    n = matrix.shape[0]
    order = np.argsort(score, kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    rows = np.repeat(place, np.diff(matrix.indptr))
    cols = place[matrix.indices]
    crossing = np.zeros(n + 1)
    np.add.at(crossing, np.minimum(rows, cols) + 1, matrix.data)
    np.add.at(crossing, np.maximum(rows, cols) + 1, -matrix.data)
    total = float(matrix.data.sum())
    cut = np.cumsum(crossing)[1:n] / total  # before position 1, 2, …, n − 1
    left = np.cumsum(np.asarray(matrix.sum(axis=1)).ravel()[order])[: n - 1] / total
    best = int(np.argmax(1 - cut - left**2 - (1 - left) ** 2)) + 1
    side = (place >= best).astype(np.int32)
    return side if side[0] == 0 else 1 - side
