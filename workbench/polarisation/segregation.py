"""Indices of segregation from who deals with whom, against chance or density, in O(m)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError
from workbench.polarisation.measures import INDICES, index_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = [
    "coleman_homophily",
    "freeman_segregation",
    "odds_ratio_within",
    "over_accounts",
    "segregation_matrix_index",
]


def over_accounts(
    prepared: Prepared, values: NDArray[np.float64]
) -> tuple[float, dict[str, dict[str, float]]]:
    """Return the mean over accounts of what each side has, and the sides' own values as facts."""
    mean = float(values @ prepared.sizes) / prepared.nodes
    return mean, {"by_side": dict(zip(prepared.names, values.tolist(), strict=True))}


def _check_pairs(prepared: Prepared) -> None:
    """Raise ``UndefinedError`` when a side has no two accounts that could meet."""
    prepared.check_sides()
    alone = [prepared.names[side] for side in np.flatnonzero(prepared.sizes < 2)]
    if alone:
        raise UndefinedError("a side of one account has no pairs inside", value=", ".join(alone))


def _freeman(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides()
    mixing = prepared.mixing()
    sizes = prepared.sizes.astype(np.float64)
    n = float(prepared.nodes)
    across = float((mixing.sum() - np.trace(mixing)) / mixing.sum())
    expected = (n**2 - float(sizes @ sizes)) / (n * (n - 1))
    return 1 - across / expected, {}


@INDICES(
    reference="Freeman (1978) doi:10.1177/004912417800600401",
    bounds=(None, 1.0),
    divided_is="high",
    kernel=_freeman,
)
def freeman_segregation(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how far contacts across fall below what meeting at random would give.

    1 − observed / expected share of edges across, expected (n² − Σ_k n_k²) / (n (n − 1)): every
    pair of accounts meets as easily as any other, whatever its degrees. 1: no contact across; 0:
    as random. [1] sets negative values to 0 and has two sides; as in [2] neither holds here.
    Directed: the share of ordered pairs; weighted: the share of weight. Self-loops, accounts
    without a side and small components are dropped and counted; with ``component="all"`` isolated
    accounts are left in the sizes.

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        ≤ 1, high = divided; negative with more contact across than at random, and below −1 where
        the sides are so unequal that little is expected.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, or no edge between accounts with a side.

    References
    ----------
    .. [1] Freeman (1978) Segregation in social networks. Sociological Methods & Research 6(4),
       411–429. doi:10.1177/004912417800600401
    .. [2] Bojanowski & Corten (2014) Measuring segregation in social networks. Social Networks 39,
       14–32. doi:10.1016/j.socnet.2014.04.001
    """
    return index_of(
        "freeman_segregation",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def _coleman(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    _check_pairs(prepared)
    mixing = prepared.mixing()
    out = mixing.sum(axis=1)
    if out.min() <= 0:
        raise UndefinedError("a side makes no contact", value=prepared.names[int(np.argmin(out))])
    chance = (prepared.sizes - 1) / (prepared.nodes - 1)
    above = np.diag(mixing) / out - chance
    return over_accounts(prepared, above / np.where(above > 0, 1 - chance, chance))


@INDICES(
    reference="Coleman (1958) doi:10.17730/humo.17.4.q5604m676260q8n7",
    bounds=(-1.0, 1.0),
    divided_is="high",
    kernel=_coleman,
)
def coleman_homophily(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how much more the sides turn to their own than their sizes imply.

    Of side k, s_k is the share of its contacts that stays inside and c_k = (n_k − 1) / (n − 1) what
    choosing at random would give: (s_k − c_k) / (1 − c_k) when s_k > c_k, else (s_k − c_k) / c_k.
    1: only inside; 0: as random; −1: only across. The index is the mean over accounts of their
    side's value; the sides' own values, which may differ much, are in ``choices["by_side"]``.
    Directed, as in [1]: contacts that the side makes (out-edges); undirected: all it has; weighted:
    their weight. Self-loops, accounts without a side and small components are dropped and counted;
    with ``component="all"`` isolated accounts are left in the sizes.

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
        Fewer than two sides with an account, a side of one account or without contacts of its own,
        or no edge between accounts with a side.

    References
    ----------
    .. [1] Coleman (1958) Relational analysis: the study of social organizations with survey
       methods. Human Organization 17(4), 28–36. doi:10.17730/humo.17.4.q5604m676260q8n7
    """
    return index_of(
        "coleman_homophily",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def _segregation_matrix(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    _check_pairs(prepared)
    mixing = prepared.mixing()
    sizes = prepared.sizes.astype(np.float64)
    inside = np.diag(mixing) / (sizes * (sizes - 1))
    np.fill_diagonal(mixing, 0)
    pairs = sizes * (prepared.nodes - sizes)
    across = (mixing.sum(axis=0) + mixing.sum(axis=1)) / (2 * pairs)
    if (inside + across).min() <= 0:
        raise UndefinedError(
            "a side has no contact at all", value=prepared.names[int(np.argmin(inside + across))]
        )
    return over_accounts(prepared, (inside - across) / (inside + across))


@INDICES(
    reference="Fershtman (1997), in Bojanowski & Corten (2014) doi:10.1016/j.socnet.2014.04.001",
    bounds=(-1.0, 1.0),
    divided_is="high",
    kernel=_segregation_matrix,
)
def segregation_matrix_index(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how much denser contact is inside the sides than between them and the rest.

    Of side k, (d_in − d_out) / (d_in + d_out), d_in the density among its own pairs and d_out that
    of its pairs with all other accounts. 1: no contact across; 0: as dense across as inside; −1:
    only across. The index is the mean over accounts of their side's value; the sides' own values
    are in ``choices["by_side"]``. [1] has two sides; here d_out is to the rest. Directed: ordered
    pairs, and d_out takes both directions, so that no side comes first; weighted: sums of weight in
    place of counts. Self-loops, accounts without a side and small components are dropped and
    counted; with ``component="all"`` isolated accounts are left in the sizes.

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
        Fewer than two sides with an account, a side of one account or without any edge, or no edge
        between accounts with a side.

    References
    ----------
    .. [1] Fershtman (1997) Cohesive group detection in a social network by the segregation matrix
       index. Social Networks 19(3), 193–207.
    .. [2] Bojanowski & Corten (2014) Measuring segregation in social networks. Social Networks 39,
       14–32. doi:10.1016/j.socnet.2014.04.001
    """
    return index_of(
        "segregation_matrix_index",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )


def _odds_ratio(prepared: Prepared) -> tuple[float, dict[str, Any]]:
    prepared.check_sides()
    matrix = prepared.matrix.copy()
    matrix.data = np.ones(matrix.nnz)
    mixing = prepared.with_matrix(matrix, prepared.labels, prepared.places).mixing()
    sizes = prepared.sizes.astype(np.float64)
    inside = float(np.trace(mixing))
    across = float(mixing.sum()) - inside
    apart_inside = float(sizes @ (sizes - 1)) - inside
    apart_across = float(prepared.nodes) ** 2 - float(sizes @ sizes) - across
    if not across:
        raise UndefinedError("no contact across, so the odds ratio has no bound", value=0)
    if not apart_inside:
        raise UndefinedError("no pair inside a side is without contact", value=0)
    ratio = inside / across * (apart_across / apart_inside)
    return ratio, {"log": math.log(ratio)} if ratio else {}


@INDICES(
    reference="Moody (2001) doi:10.1086/338954",
    bounds=(0.0, None),
    divided_is="high",
    weighted=False,
    kernel=_odds_ratio,
)
def odds_ratio_within(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how many times the odds of contact are higher for pairs inside than across the sides.

    (pairs in contact / not in contact, inside) ÷ (the same, across). 1: as likely; ∞ without
    contact across, which is refused. Its natural logarithm is in ``choices["log"]`` when it is not
    0; in sparse graphs the ratio itself has no scale. Directed: ordered pairs. Pairs are in contact
    or not, so weights do not change it. Self-loops, accounts without a side and small components
    are dropped and counted; with ``component="all"`` isolated accounts are left in the pairs.

    Parameters
    ----------
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        ≥ 0, high = divided.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, no edge between accounts with a side, no contact
        across, or every pair inside in contact.

    References
    ----------
    .. [1] Moody (2001) Race, school integration, and friendship segregation in America. American
       Journal of Sociology 107(3), 679–716. doi:10.1086/338954
    """
    return index_of(
        "odds_ratio_within",
        graph,
        sides,
        choices={},
        direction=direction,
        weights=weights,
        component=component,
    )
