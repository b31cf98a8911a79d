"""Where walks end: elite accounts, and the sparse linear systems that every walk index solves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import ConvergenceError, UndefinedError, UsageError
from workbench.polarisation.ordering import by_degree, unit_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.polarisation.preparation import Prepared

__all__ = ["TOLERANCE", "absorption", "elites", "reaching", "solve_directed", "solve_symmetric"]

#: Relative residual of the linear systems.
TOLERANCE = 1e-8
#: Up to so many nodes a directed system is solved directly, and a sparse undirected one.
_DIRECT = 10_000
_MOST_STEPS = 20_000
#: Relative residual, and most steps, of one round in single precision; a round that does not take
#: the residual down by the gain is the last one.
_ROUGH, _MOST_ROUGH, _GAIN = 1e-4, 2_000, 10.0
#: Weights may differ by so much.
_FARTHEST = 1e15
#: Roots of degrees that lie further apart than this are none for single precision.
_WIDEST = 1e15
#: A chance below 0 or above 1 by more than this is no rounding: the system is solved again, to this
#: part of the tolerance.
_ROUNDING, _STRICTER = 1e-6, 1e-4


def elites(prepared: Prepared, k: float) -> tuple[NDArray[np.bool_], int]:
    """Return the mask of elite accounts and the number of accounts tied with the last chosen ones.

    Degree is the number of distinct neighbours, strength when weighted, in-degree when directed.

    Raises
    ------
    UsageError
        `k` is neither an int ≥ 1 nor a float in (0, 1].
    UndefinedError
        A side has fewer than `k` accounts.
    """
    counts = isinstance(k, int | np.integer) and not isinstance(k, bool)
    whole = counts and k >= 1
    share = isinstance(k, float | np.floating) and 0 < k <= 1
    if not whole and not share:
        raise UsageError(
            "k must be a whole number or a fraction", value=k, allowed="1, 2, … or (0, 1]"
        )
    degree = _in_strength(prepared)
    chosen = np.zeros(prepared.nodes, dtype=bool)
    ties = 0
    for side, size in enumerate(prepared.sizes.tolist()):
        count = int(k) if whole else max(1, int(k * size))
        if count > size:
            raise UndefinedError(
                "a side has fewer accounts than k",
                value=f"{prepared.names[side]}: {size} < {count}",
                remedy="choose a smaller k",
            )
        members = np.flatnonzero(prepared.labels == side)
        cut = -np.partition(-degree[members], count - 1)[count - 1]
        chosen[members[degree[members] > cut]] = True
        tied = members[degree[members] == cut]
        left = count - int((degree[members] > cut).sum())
        chosen[tied[:left]] = True
        ties += len(tied) if len(tied) > left else 0
    return chosen, ties


def _in_strength(prepared: Prepared) -> NDArray[np.float64]:
    matrix = prepared.matrix
    if prepared.directed or prepared.weighted:
        return np.asarray(matrix.sum(axis=0), dtype=np.float64).ravel()
    counts: NDArray[np.int64] = np.diff(matrix.indptr)
    return counts.astype(np.float64)


def absorption(
    prepared: Prepared, chosen: NDArray[np.bool_], *, tolerance: float = TOLERANCE
) -> NDArray[np.float64]:
    """Return for each account the chance that a walk from it ends in each side's elite, (n, K).

    Elite accounts end where they are. Rows sum to one where every walk is absorbed, to zero where
    no path leads to an elite. `tolerance` is the relative residual of the iterative solvers; small
    systems are solved directly. Where walks are so long that this residual leaves a chance below 0
    or above 1 by more than 1e-6, the system is solved again to a residual 10,000 times smaller.

    Raises
    ------
    ConvergenceError
        A solver did not reach the tolerance, or weights differ by so much, by 1e15 and more, that
        double precision does not hold their sums, or that what was found are no chances.
    """
    asked = ("absorption", chosen.tobytes(), tolerance)
    if asked not in prepared.solved:
        _check_weights(prepared.matrix)
        found = _ends(prepared, chosen, tolerance)
        if not _are_chances(found):
            found = _ends(prepared, chosen, tolerance * _STRICTER)
        if not _are_chances(found):
            raise _too_far_apart(f"chances from {found.min():.2g} to {found.max():.2g}", "0 to 1")
        np.clip(found, 0.0, 1.0, out=found)
        found.flags.writeable = False
        prepared.solved[asked] = found
    return prepared.solved[asked]


def _check_weights(matrix: csr_array) -> None:
    """Raise unless double precision can add the smallest weight to the largest."""
    least, most = float(matrix.data.min(initial=np.inf)), float(matrix.data.max(initial=0.0))
    if most > least * _FARTHEST:
        raise _too_far_apart(f"weights from {least:.2g} to {most:.2g}", f"{_FARTHEST:g} times")


def _too_far_apart(value: str, allowed: str) -> ConvergenceError:
    return ConvergenceError(
        "weights differ by too much for the random walk's linear system",
        value=value,
        allowed=allowed,
        remedy="use weights=unweighted",
    )


def _are_chances(found: NDArray[np.float64]) -> bool:
    return bool(found.min() >= -_ROUNDING and found.max() <= 1 + _ROUNDING)


def _ends(prepared: Prepared, chosen: NDArray[np.bool_], tolerance: float) -> NDArray[np.float64]:
    matrix, k = prepared.matrix, prepared.k
    ends = np.zeros((prepared.nodes, k))
    ends[chosen, prepared.labels[chosen]] = 1.0
    free = np.flatnonzero(~chosen & _reaches(prepared, chosen))
    if not len(free):
        return ends
    if not prepared.directed:
        # Undirected walks all end, so the chances of the last side are what the others leave.
        others = _undirected(prepared, free, ends[:, : k - 1], tolerance)
        ends[free] = np.column_stack([others, 1 - others.sum(axis=1)])
        return ends
    rows = matrix[free]
    degree = np.asarray(rows.sum(axis=1), dtype=np.float64).ravel()
    into = np.asarray(rows @ ends)
    ends[free] = solve_directed(rows[:, free], degree, into, tolerance=tolerance)
    return ends


def _undirected(
    prepared: Prepared, free: NDArray[np.int64], ends: NDArray[np.float64], tolerance: float
) -> NDArray[np.float64]:
    """Return the chances of the free nodes, given the ends of the others.

    Cutting rows and columns out of a large matrix takes as long as twenty steps of the solver, so
    there an infinite degree holds the others at zero instead.
    """
    matrix = prepared.matrix
    if len(free) <= _DIRECT:
        rows = matrix[free]
        degree = np.asarray(rows.sum(axis=1), dtype=np.float64).ravel()
        into = np.asarray(rows @ ends)
        return solve_symmetric(rows[:, free], degree, into, tolerance=tolerance)
    degree = np.full(matrix.shape[0], np.inf)
    degree[free] = np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()[free]
    into = np.asarray(matrix @ ends)
    return _by_gradients(matrix, degree, into, tolerance, ordered=prepared.by_degree)[free]


def solve_symmetric(
    inner: csr_array,
    degree: NDArray[np.float64],
    right: NDArray[np.float64],
    *,
    tolerance: float = TOLERANCE,
) -> NDArray[np.float64]:
    """Solve (D − A) X = B, A symmetric, D the given diagonal > 0, positive definite; shape of B.

    Where D is infinite (in graphs of more than 10,000 nodes), X is zero whatever A and B are.
    Conjugate gradients on the normalised system, column by column; sparse LU where the graph is
    small and nearly a tree, which conjugate gradients are slow on.

    Raises
    ------
    ConvergenceError
        The relative residual did not reach the tolerance.
    """
    if inner.nnz / 2 < 1.6 * len(degree) and len(degree) <= _DIRECT:
        return _by_lu(inner, degree, right)
    return _by_gradients(inner, degree, right, tolerance)


def solve_directed(
    inner: csr_array,
    degree: NDArray[np.float64],
    right: NDArray[np.float64],
    *,
    tolerance: float = TOLERANCE,
) -> NDArray[np.float64]:
    """Solve (D − A) X = B for any A by biconjugate gradients; small systems directly.

    Raises
    ------
    ConvergenceError
        The relative residual did not reach the tolerance.
    """
    from scipy.sparse import diags_array, eye_array
    from scipy.sparse.linalg import bicgstab, splu

    scale = diags_array(1 / degree)
    system = (eye_array(len(degree)) - scale @ inner).tocsc()
    scaled = np.asarray(scale @ right)
    if len(degree) <= _DIRECT:
        return np.asarray(splu(system).solve(scaled))
    solved = np.empty_like(scaled)
    rows = system.tocsr()
    for column in range(scaled.shape[1]):
        solved[:, column], failed = bicgstab(
            rows, scaled[:, column], rtol=tolerance, maxiter=_MOST_STEPS
        )
        if failed:
            raise ConvergenceError(
                "the directed random walk's linear system did not converge",
                allowed=f"relative residual {tolerance:g}",
                remedy="use direction=undirected",
            )
    return solved


def _reaches(prepared: Prepared, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which nodes have a path along edges to a chosen one."""
    if prepared.directed:
        return reaching(prepared.matrix, chosen)
    if prepared.connected:
        return np.ones(len(chosen), dtype=bool)
    from scipy.sparse.csgraph import connected_components

    _, part = connected_components(prepared.matrix, directed=False)
    holds = np.bincount(part, weights=chosen) > 0
    return np.asarray(holds[part])


def reaching(matrix: csr_array, there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which nodes have a path along edges to one of a mask, itself included, shape (n,)."""
    reached, front = there.copy(), there.copy()
    while front.any():
        front = (np.asarray(matrix @ front.astype(float)) > 0) & ~reached
        reached |= front
    return reached


def _by_gradients(
    inner: csr_array,
    degree: NDArray[np.float64],
    right: NDArray[np.float64],
    tolerance: float,
    *,
    ordered: tuple[NDArray[np.intp], csr_array] | None = None,
) -> NDArray[np.float64]:
    """Solve by conjugate gradients, column by column, on the system normalised by root degrees.

    Steps are taken in single precision, which halves what they read, until the residual, taken in
    double precision, is within the tolerance; where single precision gets nowhere, double
    precision goes on from there.
    """
    root = 1 / np.sqrt(degree)
    single = _single(inner, degree, by_degree(inner) if ordered is None else ordered)

    def times(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(x - root * (inner @ (root * x)))

    solved = np.empty_like(right)
    for column in range(right.shape[1]):
        wanted = root * right[:, column]
        goal = tolerance * float(np.linalg.norm(wanted))
        x, rest = np.zeros_like(wanted), wanted
        left = before = float(np.linalg.norm(rest))
        while left > goal:
            step = single((rest / left).astype(np.float32), max(_ROUGH, 0.5 * goal / left))
            with np.errstate(over="ignore", invalid="ignore"):  # double precision takes over then
                nearer = x + left * step
                rest = wanted - times(nearer)
            before, left = left, float(np.linalg.norm(rest))
            if not (left <= goal or left < before / _GAIN):
                x = _to_the_end(times, wanted, x, tolerance)
                break
            x = nearer
        solved[:, column] = root * x
    return solved


def _single(
    inner: csr_array, degree: NDArray[np.float64], ordered: tuple[NDArray[np.intp], csr_array]
) -> Callable[[NDArray[np.float32], float], NDArray[np.float32]]:
    """Return what solves the normalised system M in single precision, as far as that goes.

    Where degrees lie too far apart for it, that is nowhere: the solution stays zero.

    Walks that seldom end leave M one eigenvalue near zero, whose vector is nearly u = √degree, and
    on which conjugate gradients spend a third of their steps. So u is solved for at once: with
    v = M u and μ = u·v, M − v vᵀ/μ is solved for the rest.
    """
    from scipy.sparse.linalg import LinearOperator, cg

    order, matrix = ordered
    unit = unit_of(inner)
    degree = degree / unit  # M is the same in any unit of weight
    root = 1 / np.sqrt(degree)
    if root.max() > _WIDEST:
        return lambda right, _: np.zeros_like(right)
    slow = np.sqrt(np.where(np.isfinite(degree), degree, 0.0))
    moved = slow - root * ((inner @ (root * slow)) / unit)
    size = float(slow @ moved)
    shrink, along = root[order].astype(np.float32), slow[order].astype(np.float32)
    swept = moved[order].astype(np.float32)
    across = (moved[order] / size).astype(np.float32)

    def times(x: NDArray[np.float32]) -> NDArray[np.float32]:
        near = matrix @ (shrink * x)
        near *= shrink
        near += (swept @ x) * across
        return np.asarray(np.subtract(x, near, out=near))

    operator = LinearOperator(inner.shape, matvec=times, dtype=np.float32)

    def solve(right: NDArray[np.float32], tolerance: float) -> NDArray[np.float32]:
        sorted_right = right[order]
        part = along @ sorted_right
        rest = sorted_right - part * across
        x = np.asarray(cg(operator, rest, rtol=tolerance, maxiter=_MOST_ROUGH)[0])
        solved = np.empty_like(right)
        solved[order] = x + ((part - swept @ x) / np.float32(size)) * along
        return solved

    return solve


def _to_the_end(
    times: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    wanted: NDArray[np.float64],
    start: NDArray[np.float64],
    tolerance: float,
) -> NDArray[np.float64]:
    """Return the solution by conjugate gradients in double precision."""
    from scipy.sparse.linalg import LinearOperator, cg

    operator = LinearOperator((len(wanted), len(wanted)), matvec=times, dtype=np.float64)
    x, failed = cg(operator, wanted, x0=start, rtol=tolerance, maxiter=_MOST_STEPS)
    if failed:
        raise ConvergenceError(
            "the random walk's linear system did not converge",
            value=f"{failed} iterations",
            allowed=f"relative residual {tolerance:g}",
            remedy="choose a larger k",
        )
    return np.asarray(x)


def _by_lu(
    inner: csr_array, degree: NDArray[np.float64], right: NDArray[np.float64]
) -> NDArray[np.float64]:
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import splu

    system = (diags_array(degree) - inner).tocsc()
    return np.asarray(splu(system, permc_spec="MMD_AT_PLUS_A").solve(right))
