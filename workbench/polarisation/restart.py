"""Random-walk controversy with restart: walks return to their own side now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import ConvergenceError, UndefinedError, UsageError
from workbench.polarisation.absorption import elites, solve_symmetric
from workbench.polarisation.measures import INDICES, index_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["random_walk_restart_controversy"]

TOLERANCE = 1e-10
_MOST_STEPS = 20_000


def _restart(
    prepared: Prepared, *, k: float = 10, alpha: float = 0.85
) -> tuple[float, dict[str, Any]]:
    """Return random-walk controversy with restart of a prepared graph, and what it rests on."""
    prepared.check_sides()
    if not isinstance(alpha, float | np.floating) or not 0 < alpha < 1:
        raise UsageError("alpha must be a share", value=alpha, allowed="0 < alpha < 1")
    chosen, ties = elites(prepared, k)
    starts = np.zeros((prepared.nodes, prepared.k))
    starts[np.arange(prepared.nodes), prepared.labels] = 1 / prepared.sizes[prepared.labels]
    visits = (_directed if prepared.directed else _undirected)(prepared, chosen, starts, alpha)
    visits /= visits.sum(axis=0)
    arrived = np.empty((prepared.k, prepared.k))
    for side in range(prepared.k):
        arrived[:, side] = visits[chosen & (prepared.labels == side)].sum(axis=0)
    sums = arrived.sum(axis=0)
    if (sums <= 0).any():
        raise UndefinedError(
            "no walk comes to the elite of a side", value=prepared.names[int(np.argmin(sums))]
        )
    value = float(((np.diag(arrived) / sums).sum() - 1) / (prepared.k - 1))
    return value, {"ties": ties}


@INDICES(
    reference="Garimella et al. (2018) doi:10.1145/3140565",
    bounds=(None, 1.0),
    divided_is="high",
    choices=("k", "alpha"),
    kernel=_restart,
)
def random_walk_restart_controversy(
    graph: InteractionGraph,
    sides: Partition,
    *,
    k: float = 10,
    alpha: float = 0.85,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how surely an elite is visited from its own side by walks that return home.

    A walk of side A starts in an account of A chosen uniformly, follows an edge with probability
    `alpha`, and otherwise starts again; from an elite account, or one without a way out, it always
    starts again. With π_A its stationary distribution and C_AB ∝ π_A(elite of B), each column
    summing to one, the index is (tr C − 1)/(K − 1) [1]. About 0: no separation; 1: full. It hangs
    less on `k` than ``random_walk_controversy`` does. Exact: for undirected graphs one positive
    definite system a side, (D − αA) on the accounts outside the elites; for directed ones the
    power iteration, which loses a factor of `alpha` a step.

    Self-loops and accounts without a side are dropped. Directed: walks follow endorsements; dead
    ends restart, so nothing is lost.

    Parameters
    ----------
    k
        Elite accounts a side: an int counts them, a float in (0, 1] is a share of the side. Ties
        at the cut go to account order and are counted in ``choices["ties"]``.
    alpha
        Probability of following an edge, in (0, 1).
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        ≤ 1, high = divided.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, a side smaller than `k`, an elite that no walk comes
        to.
    UsageError
        `alpha` or another choice has a value that is not allowed.
    ConvergenceError
        The system was not solved to 1e-10.

    References
    ----------
    .. [1] Garimella, De Francisci Morales, Gionis & Mathioudakis (2018) Quantifying controversy on
       social media. ACM Transactions on Social Computing 1(1), 3. doi:10.1145/3140565
    """
    return index_of(
        "random_walk_restart_controversy",
        graph,
        sides,
        choices={"k": k, "alpha": alpha},
        direction=direction,
        weights=weights,
        component=component,
    )


def _undirected(
    prepared: Prepared, chosen: NDArray[np.bool_], starts: NDArray[np.float64], alpha: float
) -> NDArray[np.float64]:
    """Return visits up to a factor a side: x = s + α P'x, P without the elites' rows.

    With y = x / d on the other accounts, (D − αA) y = s is symmetric and positive definite.
    """
    visits = starts.copy()
    free = np.flatnonzero(~chosen)
    if not len(free):
        return visits
    rows = prepared.matrix[free]
    degree = np.asarray(rows.sum(axis=1), dtype=np.float64).ravel()
    degree[degree == 0] = 1.0
    solved = solve_symmetric(alpha * rows[:, free], degree, starts[free], tolerance=TOLERANCE)
    visits[free] = degree[:, None] * solved
    visits[chosen] += alpha * np.asarray(rows[:, np.flatnonzero(chosen)].T @ solved)
    return visits


def _directed(
    prepared: Prepared, chosen: NDArray[np.bool_], starts: NDArray[np.float64], alpha: float
) -> NDArray[np.float64]:
    """Return visits up to a factor a side by iterating x = s + α P'x."""
    from scipy.sparse import diags_array

    degree = np.asarray(prepared.matrix.sum(axis=1), dtype=np.float64).ravel()
    leaving = np.divide(alpha, degree, out=np.zeros_like(degree), where=(degree > 0) & ~chosen)
    onward: csr_array = (diags_array(leaving) @ prepared.matrix).T.tocsr()
    visits = starts.copy()
    for _ in range(_MOST_STEPS):
        fresh = starts + onward @ visits
        if np.abs(fresh - visits).sum() <= TOLERANCE * fresh.sum():
            return np.asarray(fresh)
        visits = fresh
    raise ConvergenceError(
        "the walk with restart did not converge",
        value=f"alpha {alpha:g}",
        allowed=f"relative change {TOLERANCE:g}",
        remedy="choose a smaller alpha",
    )
