"""Largest eigenvalues of non-negative matrices that fall into blocks, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Vector = NDArray[np.float64]

__all__ = ["TIED", "block_bounds", "gram_block_vector", "spectral_radius"]

#: Relative difference below which two eigenvalues are one.
TIED = 1e-9
#: Larger blocks are solved by Arnoldi or Lanczos iteration, smaller ones densely.
_DENSE = 200
_ROUNDS = 12


def block_bounds(
    product: Callable[[Vector], Vector],
    block: NDArray[np.int32],
    blocks: int,
    *,
    periodic: bool = False,
) -> tuple[Vector, Vector, Vector]:
    """Return bounds of each block's largest eigenvalue, and the vector that gave them.

    Of a non-negative M and x > 0, min (Mx)ᵢ/xᵢ ≤ λ ≤ max (Mx)ᵢ/xᵢ (Collatz, Wielandt); the bounds
    close in as power iteration brings x near the eigenvector.

    Parameters
    ----------
    product
        x → Mx.
    block
        The block of each row, shape (n,).
    blocks
        How many there are.
    periodic
        Whether a block may turn its vectors for ever; then the upper bound shifts it.

    Returns
    -------
    tuple
        Lower and upper bounds, shape (blocks,), and the vector, shape (n,).
    """
    x = np.ones(len(block))
    low, high = np.zeros(blocks), np.full(blocks, np.inf)
    for _ in range(_ROUNDS):
        moved = product(x)
        ratio = moved / x
        least, most = np.full(blocks, np.inf), np.zeros(blocks)
        np.minimum.at(least, block, ratio)
        np.maximum.at(most, block, ratio)
        used = x
        low, high = np.maximum(low, least), np.minimum(high, most)
        x = moved + high[block] * x if periodic else moved
        top = np.zeros(blocks)
        np.maximum.at(top, block, x)
        top[top == 0] = 1.0
        x = x / top[block]
        x[x == 0] = 1.0
    return low, high, used


def spectral_radius(matrix: csr_array) -> float:
    """Return the largest absolute eigenvalue of a non-negative square matrix; 0 without cycles.

    It is that of the strongly connected component where it is largest.
    """
    from scipy.sparse.csgraph import connected_components

    n = matrix.shape[0]
    count, block = connected_components(matrix, directed=True, connection="strong")
    rows = np.repeat(np.arange(n), np.diff(matrix.indptr))
    inside = block[rows] == block[matrix.indices]
    if not inside.any():
        return 0.0
    kept = matrix.copy()
    kept.data = np.where(inside, matrix.data, 0.0)
    kept.eliminate_zeros()
    low, high, _ = block_bounds(lambda x: kept @ x, block, count, periodic=True)
    best = float(low.max())
    members = np.argsort(block, kind="stable")
    ends = np.cumsum(np.bincount(block, minlength=count))
    for each in np.argsort(-high, kind="stable"):
        if high[each] <= best * (1 + TIED):
            break
        own = members[ends[each - 1] if each else 0 : ends[each]]
        best = max(best, _radius(kept[own][:, own]))
    return best


def _radius(matrix: csr_array) -> float:
    """Return the largest eigenvalue of an irreducible non-negative matrix."""
    if matrix.shape[0] <= _DENSE:
        return float(np.abs(np.linalg.eigvals(matrix.toarray())).max())
    from scipy.sparse.linalg import eigs

    start = np.ones(matrix.shape[0])
    # The largest real part: of an irreducible matrix that is the (simple) spectral radius.
    found = eigs(matrix, k=1, which="LR", v0=start, maxiter=50_000, return_eigenvectors=False)
    return float(found.real[0])


def gram_block_vector(matrix: csr_array) -> tuple[float, Vector]:
    """Return the largest eigenvalue of MᵀM of a connected block M, and its vector > 0 of length 1.

    Raises
    ------
    ConvergenceError
        The iteration of a large block did not end.
    """
    columns = matrix.shape[1]
    if columns <= _DENSE:
        values, vectors = np.linalg.eigh((matrix.T @ matrix).toarray())
        value, vector = float(values[-1]), vectors[:, -1]
    else:
        value, vector = _lanczos(matrix)
    vector = np.abs(vector)
    return value, vector / np.linalg.norm(vector)


def _lanczos(matrix: csr_array) -> tuple[float, Vector]:
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

    from workbench.errors import ConvergenceError

    turned = matrix.T.tocsr()
    columns = matrix.shape[1]
    gram = LinearOperator(
        (columns, columns), matvec=lambda x: turned @ (matrix @ x), dtype=np.float64
    )
    start = turned @ (matrix @ np.ones(columns))
    try:
        values, vectors = eigsh(gram, k=1, which="LA", v0=start, maxiter=10_000)
    except ArpackNoConvergence as error:
        raise ConvergenceError(
            "hubs and authorities did not converge",
            value="10000 iterations",
            allowed="a residual at machine precision",
        ) from error
    return float(values[0]), vectors[:, 0]
