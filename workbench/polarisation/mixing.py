"""Indices of who deals with whom: E–I and modularity of given sides, in O(m)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.polarisation.measures import INDICES, index_of

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["ei_index", "modularity"]


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
        One side only, an empty side, or no edge between accounts with a side.

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
        One side only, an empty side, or no edge between accounts with a side.

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
