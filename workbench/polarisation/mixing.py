"""Indices of who deals with whom: E–I, modularity, assortativity and conductance, in O(m)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError
from workbench.polarisation.measures import INDICES, index_of

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["adaptive_ei_index", "assortativity", "conductance", "ei_index", "modularity"]


def _ei(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides()
    mixing = prepared.mixing()
    total = float(mixing.sum())
    internal = float(np.trace(mixing))
    return (total - 2 * internal) / total, {}


@INDICES(
    reference="Krackhardt & Stern (1988) doi:10.2307/2786835",
    bounds=(-1.0, 1.0),
    divided_is="low",
    kernel=_ei,
)
def ei_index(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return whether contacts lead out of the own side or stay in it.

    (external − internal) / (external + internal) over edges (their weight when weighted).
    −1: no contact across; 0: as many across as inside; +1: only across. It depends on the sizes
    of the sides: with equal sides and random contacts it is about 0, with a small side below.
    Self-loops, accounts without a side and small components are dropped and counted.

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [−1, 1], low = divided (many tables print the opposite sign).

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, or no edge between accounts with a side.

    References
    ----------
    .. [1] Krackhardt & Stern (1988) Informal networks and organizational crises: an experimental
       simulation. Social Psychology Quarterly 51(2), 123–140. doi:10.2307/2786835
    """
    return index_of(
        "ei_index",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def _modularity(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides()
    share = prepared.mixing()
    share /= share.sum()
    expected = float(share.sum(axis=1) @ share.sum(axis=0))
    return float(np.trace(share)) - expected, {}


@INDICES(
    reference="Newman & Girvan (2004) doi:10.1103/PhysRevE.69.026113",
    bounds=(-0.5, 1.0),
    divided_is="high",
    kernel=_modularity,
)
def modularity(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how much more of the edges lies inside the sides than degrees alone would put there.

    Q = Σ_k e_kk − a_k b_k, e the share of edges from side to side, a and b its row and column sums
    (equal when undirected). 0: as random; its maximum depends on the sizes of the sides (½ for two
    equal ones). Self-loops, accounts without a side and small components are dropped and counted.

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [−½, 1), high = divided.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, or no edge between accounts with a side.

    References
    ----------
    .. [1] Newman & Girvan (2004) Finding and evaluating community structure in networks.
       Physical Review E 69, 026113. doi:10.1103/PhysRevE.69.026113
    .. [2] Leicht & Newman (2008) Community structure in directed networks. Physical Review Letters
       100, 118703. doi:10.1103/PhysRevLett.100.118703
    """
    return index_of(
        "modularity",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def _adaptive_ei(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides(exactly=2)
    sizes = prepared.sizes.astype(np.float64)
    if sizes.min() < 2:
        raise UndefinedError(
            "a side of one account has no pairs inside",
            value=prepared.names[int(np.argmin(sizes))],
        )
    mixing = prepared.mixing()
    # Over ordered pairs, so that both forms are one: undirected edges count both ways.
    internal = float((np.diag(mixing) / (sizes * (sizes - 1))).sum())
    external = float((mixing[0, 1] + mixing[1, 0]) / sizes.prod())
    return (external - internal) / (external + internal), {}


@INDICES(
    reference="Salloum, Chen & Kivelä (2022) doi:10.1145/3512962",
    bounds=(-1.0, 1.0),
    divided_is="low",
    sides=2,
    kernel=_adaptive_ei,
)
def adaptive_ei_index(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return whether pairs across the sides are in contact more often than pairs inside them.

    (2 d_12 − d_11 − d_22) / (2 d_12 + d_11 + d_22): E–I with densities instead of counts, so that
    the sizes of the sides do not move it. d_kk = m_kk / (n_k (n_k − 1) / 2) and
    d_12 = m_12 / (n_1 n_2); directed, m and the pairs are ordered; weighted, m is the sum of
    weights. −1: no contact across; 0: as dense across as inside; +1: only across. Self-loops,
    accounts without a side and small components are dropped and counted; with ``component="all"``
    isolated accounts are left in the sizes.

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [−1, 1], low = divided (the tables of [1] have the opposite sign).

    Raises
    ------
    UndefinedError
        Not two sides with an account, a side of one account, or no edge between accounts with a
        side.

    References
    ----------
    .. [1] Salloum, Chen & Kivelä (2022) Separating polarization from noise: comparison and
       normalization of structural polarization measures. Proceedings of the ACM on Human-Computer
       Interaction 6(CSCW1), 115. doi:10.1145/3512962
    """
    return index_of(
        "adaptive_ei_index",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def _assortativity(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides()
    share = prepared.mixing()
    share /= share.sum()
    out, into = share.sum(axis=1), share.sum(axis=0)
    expected = float(out @ into)
    if expected >= 1:
        raise UndefinedError(
            "all contacts are inside one side, so none could be across",
            value=prepared.names[int(np.argmax(out))],
        )
    return (float(np.trace(share)) - expected) / (1 - expected), {}


@INDICES(
    reference="Newman (2003) doi:10.1103/PhysRevE.67.026126",
    bounds=(-1.0, 1.0),
    divided_is="high",
    kernel=_assortativity,
)
def assortativity(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return modularity as a share of the largest that these degrees of the sides allow.

    (Σ_k e_kk − Σ_k a_k b_k) / (1 − Σ_k a_k b_k), e the share of edges (of weight, when weighted)
    from side to side, a and b its row and column sums (equal when undirected). 1: no contact
    across; 0: as random; its minimum is −Σ a b / (1 − Σ a b), −1 for two sides that meet only
    across. Self-loops, accounts without a side and small components are dropped and counted;
    isolated accounts do not enter.

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [−1, 1], high = divided.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, no edge between accounts with a side, or all edges
        inside one side.

    References
    ----------
    .. [1] Newman (2003) Mixing patterns in networks. Physical Review E 67, 026126.
       doi:10.1103/PhysRevE.67.026126
    """
    return index_of(
        "assortativity",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def _conductance(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides()
    mixing = prepared.mixing()
    both = mixing + mixing.T
    volume = both.sum(axis=1)
    if volume.min() <= 0:
        raise UndefinedError(
            "a side has no contact at all", value=prepared.names[int(np.argmin(volume))]
        )
    np.fill_diagonal(both, 0)
    # The rest as a sum of its own: a difference of floats could fall below the cut.
    rest = np.array([np.delete(volume, side).sum() for side in range(prepared.k)])
    values = both.sum(axis=1) / np.minimum(volume, rest)
    by_side = dict(zip(prepared.names, values.tolist(), strict=True))
    return float(values.max()), {"by_side": by_side}


@INDICES(
    reference="Kannan, Vempala & Vetta (2004) doi:10.1145/990308.990313",
    bounds=(0.0, 1.0),
    divided_is="low",
    kernel=_conductance,
)
def conductance(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return which share of its contacts the least closed side has across.

    cut(S) / min(vol(S), vol(rest)), vol the sum of degrees (of weights, when weighted). Of two
    sides it is that of the side with the smaller volume, the same number for both. Of more sides
    the largest is taken, as in [2]; each is in ``choices["by_side"]``. 0: no contact across;
    1: only across. Directed: an edge counts in the volume of both its ends, so only reciprocal
    pairs count more than undirected. Self-loops, accounts without a side and small components are
    dropped and counted; isolated accounts do not enter.

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [0, 1], low = divided.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, a side without any edge, or no edge between accounts
        with a side.

    References
    ----------
    .. [1] Kannan, Vempala & Vetta (2004) On clusterings: good, bad and spectral. Journal of the
       ACM 51(3), 497–515. doi:10.1145/990308.990313
    .. [2] Lee, Oveis Gharan & Trevisan (2014) Multiway spectral partitioning and higher-order
       Cheeger inequalities. Journal of the ACM 61(6), 37. doi:10.1145/2665063
    """
    return index_of(
        "conductance",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )
