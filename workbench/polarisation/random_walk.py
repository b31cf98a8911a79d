"""Random-walk controversy: a walk that ends among one side's elite, where did it start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import ConvergenceError, UndefinedError, UsageError
from workbench.polarisation.measures import INDICES, index_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["absorption", "elites", "random_walk_controversy"]

TOLERANCE = 1e-8
STARTS = ("any", "any_absorbed", "non_elite")
CONDITIONS = ("end", "start")


def _controversy(
    prepared: Prepared, *, k: float = 10, start: str = "any", condition: str = "end"
) -> tuple[float, dict[str, Any]]:
    """Return random-walk controversy of a prepared graph, and what it rests on."""
    prepared.check_sides()
    if start not in STARTS:
        raise UsageError(
            "start has a value that is not allowed", value=start, allowed=", ".join(STARTS)
        )
    if condition not in CONDITIONS:
        raise UsageError(
            "condition has a value that is not allowed",
            value=condition,
            allowed=", ".join(CONDITIONS),
        )
    chosen, ties = elites(prepared, k)
    ends = absorption(prepared, chosen)
    arrived = _arrivals(prepared, chosen, ends, start)
    means = np.empty((prepared.k, prepared.k))
    for side in range(prepared.k):
        starts = prepared.labels == side
        if start == "non_elite":
            starts &= ~chosen
        if not starts.any():
            raise UndefinedError("a side consists of its elite only", value=prepared.names[side])
        means[side] = arrived[starts].mean(axis=0)
    facts = {"ties": ties, "absorbed_share": float(means.sum(axis=1).mean())}
    sums = means.sum(axis=0) if condition == "end" else means.sum(axis=1)
    if (sums <= 0).any():
        raise UndefinedError(
            "no walk ends in the elite of a side"
            if condition == "end"
            else "no walk from a side ends in an elite",
            value=prepared.names[int(np.argmin(sums))],
        )
    return float(((np.diag(means) / sums).sum() - 1) / (prepared.k - 1)), facts


@INDICES(
    reference="Garimella et al. (2018) doi:10.1145/3140565",
    bounds=(None, 1.0),
    divided_is="high",
    choices=("k", "start", "condition"),
    kernel=_controversy,
)
def random_walk_controversy(
    graph: InteractionGraph,
    sides: Partition,
    *,
    k: float = 10,
    start: str = "any",
    condition: str = "end",
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how surely a walk that ends among one side's elite began on that side.

    The elite of a side are its `k` accounts of highest degree. A walk starts in an account of side
    A chosen uniformly and follows edges until it meets an elite account, of side B. With
    C_AB = Pr(start in A | end in B) under equal priors, the index is (tr C − 1)/(K − 1); for two
    sides that is P_XX P_YY − P_XY P_YX of [1]. About 0: no separation; 1: full. It is exact: one
    sparse linear system with K right-hand sides, (D − A)_TT H = A_TE over the non-elite accounts
    T, instead of the simulated walks of the paper. Raw values do not separate controversial from
    other topics; read them beside their null model.

    Self-loops and accounts without a side are dropped. Directed: walks follow endorsements; what
    is not absorbed (dead ends, parts without an elite) is left out and ``absorbed_share`` says so.
    Deviations from [1]: degrees instead of random elites, exact instead of sampled.

    Parameters
    ----------
    k
        Elite accounts a side: an int counts them, a float in (0, 1] is a share of the side
        (at least one). Ties at the cut go to account order and are counted in
        ``choices["ties"]``.
    start
        ``any``: from every account, elite accounts take one step first; ``any_absorbed``: a walk
        that starts at an elite account ends there; ``non_elite``: only from the others.
    condition
        ``end`` as above; ``start``: Pr(end in A | start in A) instead; for two sides h̄_X − h̄_Y.
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        ≤ 1, high = divided; negative when sides meet the other side's elite first.

    Raises
    ------
    UndefinedError
        One side only, a side smaller than `k`, no walk ends in a side's elite.
    UsageError
        A choice has a value that is not allowed.
    ConvergenceError
        The linear solver did not reach 1e-8.

    References
    ----------
    .. [1] Garimella, De Francisci Morales, Gionis & Mathioudakis (2018) Quantifying controversy on
       social media. ACM Transactions on Social Computing 1(1), 3. doi:10.1145/3140565
    """
    return index_of(
        "random_walk_controversy",
        graph,
        sides,
        choices={"k": k, "start": start, "condition": condition},
        direction=direction,
        weights=weights,
        component=component,
    )


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
    whole = isinstance(k, int) and k >= 1
    if not whole and (isinstance(k, int) or not 0 < k <= 1):
        raise UsageError(
            "k must be a whole number or a fraction", value=k, allowed="1, 2, … or (0, 1]"
        )
    degree = np.asarray(prepared.matrix.sum(axis=0)).ravel()
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
        order = members[np.argsort(-degree[members], kind="stable")]
        chosen[order[:count]] = True
        cut = degree[order[count - 1]]
        left_out = int((degree[order[count:]] == cut).sum())
        ties += left_out and left_out + int((degree[order[:count]] == cut).sum())
    return chosen, ties


def absorption(prepared: Prepared, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return for each account the chance that a walk from it ends in each side's elite, (n, K).

    Elite accounts end where they are. Rows sum to one where every walk is absorbed.
    """
    matrix, k = prepared.matrix, prepared.k
    ends = np.zeros((prepared.nodes, k))
    ends[chosen, prepared.labels[chosen]] = 1.0
    free = np.flatnonzero(~chosen & _reaches(matrix, chosen))
    if not len(free):
        return ends
    inner = matrix[free][:, free]
    degree = np.asarray(matrix[free].sum(axis=1), dtype=np.float64).ravel()
    into = np.asarray(matrix[free] @ ends)
    if prepared.directed:
        solved = _solve_directed(inner, degree, into)
    elif matrix.nnz / 2 < 1.6 * prepared.nodes and prepared.nodes <= 10_000:
        solved = _solve_lu(inner, degree, into)
    else:
        solved = _solve_cg(inner, degree, into)
    ends[free] = solved
    return ends


def _arrivals(
    prepared: Prepared, chosen: NDArray[np.bool_], ends: NDArray[np.float64], start: str
) -> NDArray[np.float64]:
    """Return the absorption chances of walks that start at each account, elite ones included."""
    if start != "any":
        return ends
    arrived = ends.copy()
    rows = prepared.matrix[np.flatnonzero(chosen)]
    degree = np.asarray(rows.sum(axis=1)).ravel()
    step = np.asarray(rows @ ends)
    arrived[chosen] = np.divide(
        step, degree[:, None], out=np.zeros_like(step), where=degree[:, None] > 0
    )
    return arrived


def _reaches(matrix: csr_array, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which nodes have a path along edges to a chosen one."""
    reached, front = chosen.copy(), chosen.copy()
    while front.any():
        front = (np.asarray(matrix @ front.astype(float)) > 0) & ~reached
        reached |= front
    return reached


def _solve_cg(
    inner: csr_array, degree: NDArray[np.float64], into: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Solve (D − A) H = B column by column on the normalised Laplacian by conjugate gradients.

    For two sides one system is enough: the chances of a connected undirected graph sum to one.
    """
    from scipy.sparse.linalg import LinearOperator, cg

    root = 1 / np.sqrt(degree)

    def times(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(x - root * (inner @ (root * x)))

    operator = LinearOperator(inner.shape, matvec=times, dtype=np.float64)
    solved = np.empty_like(into)
    last = into.shape[1] - 1
    for column in range(last):
        x, failed = cg(operator, root * into[:, column], rtol=TOLERANCE, maxiter=20_000)
        if failed:
            raise ConvergenceError(
                "the random walk's linear system did not converge",
                value=f"{failed} iterations",
                allowed=f"relative residual {TOLERANCE:g}",
                remedy="choose a larger k",
            )
        solved[:, column] = root * x
    solved[:, last] = 1 - solved[:, :last].sum(axis=1)
    return solved


def _solve_lu(
    inner: csr_array, degree: NDArray[np.float64], into: NDArray[np.float64]
) -> NDArray[np.float64]:
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import splu

    system = (diags_array(degree) - inner).tocsc()
    return np.asarray(splu(system, permc_spec="MMD_AT_PLUS_A").solve(into))


def _solve_directed(
    inner: csr_array, degree: NDArray[np.float64], into: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Solve (I − P) H = P_E by biconjugate gradients; small systems directly."""
    from scipy.sparse import diags_array, eye_array
    from scipy.sparse.linalg import bicgstab, splu

    scale = diags_array(1 / degree)
    system = (eye_array(len(degree)) - scale @ inner).tocsc()
    right = np.asarray(scale @ into)
    if len(degree) <= 10_000:
        return np.asarray(splu(system).solve(right))
    solved = np.empty_like(right)
    for column in range(right.shape[1]):
        solved[:, column], failed = bicgstab(
            system.tocsr(), right[:, column], rtol=TOLERANCE, maxiter=20_000
        )
        if failed:
            raise ConvergenceError(
                "the directed random walk's linear system did not converge",
                allowed=f"relative residual {TOLERANCE:g}",
                remedy="use direction=undirected",
            )
    return solved
