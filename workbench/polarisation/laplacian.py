"""Linear systems of the graph Laplacian: its pseudo-inverse, and opinions under social pressure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import ConvergenceError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import LinearOperator

__all__ = ["TOLERANCE", "solve_laplacian", "solve_shifted"]

#: Relative residual of the linear systems.
TOLERANCE = 1e-10
MOST_ITERATIONS = 20_000
#: Vectors that GMRES keeps.
RESTART = 30


def solve_laplacian(
    matrix: csr_array, right: NDArray[np.float64], *, tolerance: float = TOLERANCE
) -> NDArray[np.float64]:
    """Return x = L⁺ b, L = D − A the Laplacian of a symmetric matrix without self-loops.

    Conjugate gradients with Jacobi preconditioning, that is on the normalised Laplacian; O(m) an
    iteration and no randomness. The pseudo-inverse knows nothing of a constant on a component: `b`
    is centred in each component first, and `x` sums to zero in each. Isolates get 0.

    Parameters
    ----------
    matrix
        Adjacency, shape (n, n), symmetric, entries > 0, no diagonal.
    right
        b, shape (n,).

    Raises
    ------
    ConvergenceError
        The relative residual did not reach `tolerance`.
    """
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import LinearOperator

    parts = connected_components(matrix, directed=False)[1]
    degree = _degree(matrix)
    linked = degree > 0
    root = np.zeros(len(degree))
    root[linked] = 1 / np.sqrt(degree[linked])

    def times(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(y - root * (matrix @ (root * y)))

    operator = LinearOperator(matrix.shape, matvec=times, dtype=np.float64)
    found = root * _solved(operator, root * _centred(right, parts), tolerance)
    return _centred(found, parts)


def solve_shifted(
    matrix: csr_array,
    right: NDArray[np.float64],
    *,
    directed: bool = False,
    tolerance: float = TOLERANCE,
) -> NDArray[np.float64]:
    """Return z = (I + L)⁻¹ s, L = D − A the Laplacian: opinions between one's own and the others'.

    Each z_i is the mean of s_i (weight 1) and of the z of those it has an edge to (their weights).
    A symmetric matrix is solved by conjugate gradients with Jacobi preconditioning; with
    ``directed`` D holds the out-degrees and GMRES is used. O(m) an iteration.

    Parameters
    ----------
    matrix
        Adjacency, shape (n, n), entries > 0, no diagonal.
    right
        s, shape (n,).

    Raises
    ------
    ConvergenceError
        The relative residual did not reach `tolerance`.
    """
    from scipy.sparse.linalg import LinearOperator

    root = 1 / np.sqrt(1 + _degree(matrix))

    def times(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(y - root * (matrix @ (root * y)))

    operator = LinearOperator(matrix.shape, matvec=times, dtype=np.float64)
    right = root * np.asarray(right, dtype=np.float64)
    return root * _solved(operator, right, tolerance, symmetric=not directed)


def _degree(matrix: csr_array) -> NDArray[np.float64]:
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _centred(values: NDArray[np.float64], parts: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the values without the mean of their component."""
    sums = np.bincount(parts, weights=values)
    return np.asarray(values - (sums / np.bincount(parts))[parts], dtype=np.float64)


def _solved(
    operator: LinearOperator,
    right: NDArray[np.float64],
    tolerance: float,
    *,
    symmetric: bool = True,
) -> NDArray[np.float64]:
    from scipy.sparse.linalg import cg, gmres

    if symmetric:
        found, failed = cg(operator, right, rtol=tolerance, maxiter=MOST_ITERATIONS)
    else:
        # Biconjugate gradients break down on chains of edges that nobody answers.
        rounds = MOST_ITERATIONS // RESTART
        found, failed = gmres(operator, right, rtol=tolerance, restart=RESTART, maxiter=rounds)
    if failed:
        raise ConvergenceError(
            "the linear system of the Laplacian did not converge",
            value=f"{MOST_ITERATIONS} iterations",
            allowed=f"relative residual {tolerance:g}",
            remedy="use the largest component, or weights of a smaller range",
        )
    return np.asarray(found, dtype=np.float64)
