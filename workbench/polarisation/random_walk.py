"""Random-walk controversy: a walk that ends among one side's elite, where did it start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.polarisation.absorption import absorption, elites
from workbench.polarisation.measures import INDICES, index_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["adaptive_random_walk_controversy", "random_walk_controversy"]

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
        Fewer than two sides with an account, a side smaller than `k`, no walk ends in a side's
        elite.
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


def _adaptive(
    prepared: Prepared, *, k: float = 0.01, start: str = "any", condition: str = "end"
) -> tuple[float, dict[str, Any]]:
    """Return random-walk controversy with elites that grow with the sides."""
    return _controversy(prepared, k=k, start=start, condition=condition)


@INDICES(
    reference="Salloum, Chen & Kivelä (2022) doi:10.1145/3512962",
    bounds=(None, 1.0),
    divided_is="high",
    choices=("k", "start", "condition"),
    kernel=_adaptive,
)
def adaptive_random_walk_controversy(
    graph: InteractionGraph,
    sides: Partition,
    *,
    k: float = 0.01,
    start: str = "any",
    condition: str = "end",
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return random-walk controversy whose elites are a share of each side.

    As ``random_walk_controversy``, with an elite of max(1, ⌊k·n_A⌋) accounts of side A, one in a
    hundred by default, so that graphs of different size are asked the same question [1]. Which
    share is taken still moves the value: see ``k_profile``.

    Parameters
    ----------
    k
        Elite accounts a side, a share in (0, 1] (an int counts them, as there).
    start, condition, direction, weights, component
        As in ``random_walk_controversy``.

    Returns
    -------
    IndexValue
        ≤ 1, high = divided.

    Raises
    ------
    UndefinedError, UsageError, ConvergenceError
        As ``random_walk_controversy``.

    References
    ----------
    .. [1] Salloum, Chen & Kivelä (2022) Separating polarization from noise: comparison and
       normalization of structural polarization measures. Proceedings of the ACM on Human-Computer
       Interaction 6(CSCW1), 115. doi:10.1145/3512962
    """
    return index_of(
        "adaptive_random_walk_controversy",
        graph,
        sides,
        choices={"k": k, "start": start, "condition": condition},
        direction=direction,
        weights=weights,
        component=component,
    )


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
