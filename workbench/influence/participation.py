"""How an account's contacts are spread over sides: participation, within-module z, bridges.

Each measure takes one partition or several: communities found with several seeds, say, for what an
account is between communities hangs on where a run drew their borders. Of several the mean is
given; ``over_partitions`` adds the spread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.influence.measures import MEASURES
from workbench.influence.partitions import averaged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from workbench.influence.partitions import Flows
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.model.scores import NodeScores

__all__ = ["bridge_share", "gateway", "participation", "within_module_z"]


@MEASURES(
    reference="Guimerà & Amaral (2005) doi:10.1038/nature03288", bounds=(0.0, 1.0), needs="sides"
)
def participation(
    graph: InteractionGraph,
    sides: Partition | Sequence[Partition],
    *,
    direction: str = "in",
    weights: str = "weighted",
) -> NodeScores:
    """Return how evenly an account's contacts are spread over the sides.

    P_i = 1 − Σ_c (s_ic / s_i)², s_ic the acts between i and side c, s_i their sum: 0 when all are
    with one side (its own or another one), at most 1 − 1/K with K sides. Self-loops and accounts
    without a side are left out; an account that then has no acts has no value.

    Parameters
    ----------
    sides
        A partition of this graph, or several, over which the mean is taken.
    direction
        ``in``: the audience, those who act upon the account; ``out``: its sources, those it acts
        upon; ``both``: the sum of the two.
    weights
        ``weighted``: acts; ``unweighted``: different accounts.

    Returns
    -------
    NodeScores
        In [0, 1). ``parameters`` has the choices, ``unsided`` (accounts without a side) and
        ``acts_used`` (share of the acts between accounts with a side); of several partitions their
        number, the smallest ``acts_used``, and ``undefined_in_some``: accounts left out because
        only some partitions give them a value.

    Raises
    ------
    UsageError
        No sides were given, or a choice is not allowed.
    UndefinedError
        The graph is empty.
    InputError
        A partition belongs to another graph.

    References
    ----------
    .. [1] Guimerà & Amaral (2005) Functional cartography of complex metabolic networks. Nature 433,
       895–900. doi:10.1038/nature03288
    """
    return averaged(
        graph, sides, participation_of, name="participation", direction=direction, weights=weights
    )


@MEASURES(
    reference="Guimerà & Amaral (2005) doi:10.1038/nature03288", bounds=(None, None), needs="sides"
)
def within_module_z(
    graph: InteractionGraph,
    sides: Partition | Sequence[Partition],
    *,
    direction: str = "in",
    weights: str = "weighted",
) -> NodeScores:
    """Return how far an account stands out among its own side, in standard deviations.

    z_i = (κ_i − mean) / sd, κ_i the acts between i and its own side, mean and sd (dividing by the
    number of members) over all members, also those without acts. Where all members have the same κ
    there is no value. Self-loops and accounts without a side are left out.

    Parameters
    ----------
    sides, direction, weights
        As in ``participation``.

    Returns
    -------
    NodeScores
        Mean 0 and sd 1 over each side that has a spread. ``parameters`` as in ``participation``.

    Raises
    ------
    UsageError, UndefinedError, InputError
        As ``participation``.

    References
    ----------
    .. [1] Guimerà & Amaral (2005) Functional cartography of complex metabolic networks. Nature 433,
       895–900. doi:10.1038/nature03288
    """
    return averaged(
        graph, sides, within_z_of, name="within_module_z", direction=direction, weights=weights
    )


@MEASURES(
    reference="after Gould & Fernandez (1989) doi:10.2307/270949",
    bounds=(0.0, None),
    needs="sides",
)
def gateway(
    graph: InteractionGraph,
    sides: Partition | Sequence[Partition],
    *,
    direction: str = "in",
    weights: str = "weighted",
    least: float = 1.0,
) -> NodeScores:
    """Return how much of the flow between sides goes through an account.

    G_j = Σ_A F(A→j) / F(A→B), over all sides A but the account's own, B; F the acts of side A upon
    the account, and upon all of its side. Summed over accounts this is the number of ordered pairs
    of sides with any flow. Every pair counts alike, so whoever has the only act between two tiny
    communities gets the whole share of that pair: `least` leaves out pairs with fewer acts.
    Self-loops and accounts without a side are left out; an account that nobody from another side
    acts upon has 0.

    Parameters
    ----------
    sides, weights
        As in ``participation``.
    direction
        ``in``: as above; ``out``: the account's acts upon side B as a share of those of its side;
        ``both``: acts in either direction.
    least
        Acts (of different pairs of accounts, when unweighted) that must flow between two sides.

    Returns
    -------
    NodeScores
        At least 0, at most K − 1 with K sides. ``parameters`` as in ``participation``.

    Raises
    ------
    UsageError, UndefinedError, InputError
        As ``participation``; also undefined where no flow between sides reaches `least`.

    References
    ----------
    .. [1] After Gould & Fernandez (1989) Structures of mediation: a formal approach to brokerage in
       transaction networks. Sociological Methodology 19, 89–126. doi:10.2307/270949
    """
    if not 0 <= least < float("inf"):
        raise UsageError("least must be a number of acts", value=least, allowed="0 or more")

    def kernel(flows: Flows) -> NDArray[np.float64]:
        return _gateway(flows, least)

    return averaged(
        graph, sides, kernel, name="gateway", direction=direction, weights=weights,
        choices={"least": least},
    )  # fmt: skip


@MEASURES(
    reference="Krackhardt & Stern (1988) doi:10.2307/2786835", bounds=(0.0, 1.0), needs="sides"
)
def bridge_share(
    graph: InteractionGraph,
    sides: Partition | Sequence[Partition],
    *,
    direction: str = "in",
    weights: str = "weighted",
) -> NodeScores:
    """Return which share of an account's contacts is with other sides than its own.

    Σ_j w_ij [c_i ≠ c_j] / s_i. With x the share, 2x − 1 is the account's E–I index. Self-loops and
    accounts without a side are left out; an account that then has no acts has no value.

    Parameters
    ----------
    sides, direction, weights
        As in ``participation``: by default the share of the audience that is of other sides;
        ``direction="out"`` is the share of the account's own acts that go across.

    Returns
    -------
    NodeScores
        In [0, 1]. ``parameters`` as in ``participation``.

    Raises
    ------
    UsageError, UndefinedError, InputError
        As ``participation``.

    References
    ----------
    .. [1] Krackhardt & Stern (1988) Informal networks and organizational crises: an experimental
       simulation. Social Psychology Quarterly 51(2), 123–140. doi:10.2307/2786835
    """
    return averaged(
        graph, sides, _bridge_share, name="bridge_share", direction=direction, weights=weights
    )


def participation_of(flows: Flows) -> NDArray[np.float64]:
    """Return 1 − Σ (s_ic / s_i)² of each node, NaN without acts, shape (n,)."""
    account, _, acts = flows.by_side()
    total = flows.total()
    squares = np.bincount(account, weights=(acts / total[account]) ** 2, minlength=flows.nodes)
    return np.where(total > 0, 1 - squares, np.nan)


def _bridge_share(flows: Flows) -> NDArray[np.float64]:
    total, inside = flows.total(), flows.inside()
    share = np.full(flows.nodes, np.nan)
    acting = total > 0
    share[acting] = 1 - inside[acting] / total[acting]
    return share


def within_z_of(flows: Flows) -> NDArray[np.float64]:
    """Return the z of each node among its side, NaN where there is none, shape (n,)."""
    members = np.flatnonzero(flows.labels >= 0)
    side, kappa = flows.labels[members], flows.inside()[members]
    size = np.bincount(side, minlength=flows.k)
    mean = np.bincount(side, weights=kappa, minlength=flows.k) / size
    distance = kappa - mean[side]
    sd = np.sqrt(np.bincount(side, weights=distance**2, minlength=flows.k) / size)
    # Equal sums of fractions need not be equal to the last digit, nor give their own mean back, so
    # sameness is told by the ends.
    order = np.lexsort((kappa, side))
    starts = np.concatenate([[0], np.cumsum(size)[:-1]]).astype(np.int64)
    low, high = kappa[order][starts], kappa[order][np.cumsum(size) - 1]
    values = np.full(flows.nodes, np.nan)
    spread = (high - low > 1e-12 * high)[side]
    values[members[spread]] = (distance[spread]) / sd[side[spread]]
    return values


def _gateway(flows: Flows, least: float) -> NDArray[np.float64]:
    account, side, acts = flows.by_side()
    own = flows.labels[account]
    across = own != side
    account, side, acts, own = account[across], side[across], acts[across], own[across]
    pair, place = np.unique(side * flows.k + own, return_inverse=True)
    flow = np.bincount(place, weights=acts, minlength=len(pair))
    kept = (flow >= least)[place]
    if not kept.any():
        raise UndefinedError(
            "gateway is undefined: no two sides have enough contact",
            value=f"{len(pair)} pairs of sides with contact",
            allowed=f"at least {least:g} acts",
        )
    shares = acts[kept] / flow[place[kept]]
    values = np.bincount(account[kept], weights=shares, minlength=flows.nodes)
    return np.where(flows.labels >= 0, values, np.nan)
