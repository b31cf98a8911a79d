"""Dipoles: opinions that spread from the elites, and how far apart they stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UsageError
from workbench.polarisation.absorption import TOLERANCE, absorption, elites
from workbench.polarisation.measures import INDICES, index_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.polarisation.preparation import Prepared

__all__ = ["dipole_polarisation", "k_pole_dipole", "positions"]

NEUTRALS = ("neither", "first", "second")
#: An account this close to the middle is neutral.
NEUTRAL = 1e-9
#: Up to so many nodes the system is solved so closely that neutral accounts are known.
CLOSE_NODES = 100_000
CLOSE = 1e-12


def positions(prepared: Prepared, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the chance to end in each side's elite, (n, K), so exactly that neutrals show.

    The relative residual is 1e-12 below 100,000 accounts and 1e-8 above.

    Raises
    ------
    ConvergenceError
        The linear solver did not reach it.
    """
    close = prepared.nodes < CLOSE_NODES
    return absorption(prepared, chosen, tolerance=CLOSE if close else TOLERANCE)


def _dipole(
    prepared: Prepared, *, k: float = 0.05, neutral: str = "neither"
) -> tuple[float, dict[str, Any]]:
    """Return dipole polarisation of a prepared graph, and what it rests on."""
    prepared.check_sides(exactly=2)
    if neutral not in NEUTRALS:
        raise UsageError(
            "neutral has a value that is not allowed", value=neutral, allowed=", ".join(NEUTRALS)
        )
    chosen, ties = elites(prepared, k)
    ends = positions(prepared, chosen)
    first = min(range(2), key=lambda side: (len(prepared.names[side]), prepared.names[side]))
    lean = ends[:, first] - ends[:, 1 - first]
    values = {rule: _between(lean, rule) for rule in NEUTRALS}
    facts: dict[str, Any] = {"ties": ties, "neutral_accounts": int((np.abs(lean) < NEUTRAL).sum())}
    if prepared.nodes >= CLOSE_NODES:
        facts |= {f"neutral_{rule}": values[rule] for rule in ("first", "second")}
    return values[neutral], facts


def _between(lean: NDArray[np.float64], neutral: str) -> float:
    """Return (1 − |n₊ − n₋|/n)·(gc₊ − gc₋)/2 of leans; each elite is on its side of the middle."""
    middle = np.abs(lean) < NEUTRAL
    right = (lean > 0) & ~middle
    left = (lean < 0) & ~middle
    counted = {"first": 1, "second": -1}.get(neutral, 0) * int(middle.sum())
    unbalance = abs(int(right.sum()) - int(left.sum()) + counted) / len(lean)
    return float((1 - unbalance) * (lean[right].mean() - lean[left].mean()) / 2)


@INDICES(
    reference="Morales et al. (2015) doi:10.1063/1.4913758",
    bounds=(0.0, 1.0),
    divided_is="high",
    choices=("k", "neutral"),
    sides=2,
    kernel=_dipole,
)
def dipole_polarisation(
    graph: InteractionGraph,
    sides: Partition,
    *,
    k: float = 0.05,
    neutral: str = "neither",
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how far apart two camps of similar size stand when opinions spread from the elites.

    The elite of one side holds +1, that of the other −1; every other account holds the mean of
    its neighbours, v. With n₊ and n₋ accounts of positive and negative v and gc₊, gc₋ their means,
    DP = (1 − |n₊ − n₋|/n) · (gc₊ − gc₋)/2 [1]. 0: no camps, or one that holds all; 1: two camps of
    equal size at the ends. Exact, from one sparse linear system, instead of iterated.

    Accounts with |v| < 1e-9 are neutral (``choices["neutral_accounts"]``); peers count them with
    one side, so that swapping the labels moves their value. Above 100,000 accounts the system is
    solved to 1e-8 only, neutrals are uncertain, and both ways to count them are reported.
    Self-loops and accounts without a side are dropped. Directed: opinions are taken from those an
    account acts upon; accounts from which no path leads to an elite are neutral.

    Parameters
    ----------
    k
        Elite accounts a side: a float in (0, 1] is a share of the side, an int counts them. Ties
        at the cut go to account order and are counted in ``choices["ties"]``.
    neutral
        ``neither`` counts neutral accounts in n only; ``first`` with the side whose label sorts
        first (shorter, then by text), ``second`` with the other. The means leave them out.
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [0, 1], high = divided.

    Raises
    ------
    UndefinedError
        Not exactly two sides, or a side smaller than `k`.
    UsageError
        A choice has a value that is not allowed.
    ConvergenceError
        The linear solver did not reach its tolerance.

    References
    ----------
    .. [1] Morales, Borondo, Losada & Benito (2015) Measuring political polarization: Twitter shows
       the two sides of Venezuela. Chaos 25(3), 033114. doi:10.1063/1.4913758
    """
    return index_of(
        "dipole_polarisation",
        graph,
        sides,
        choices={"k": k, "neutral": neutral},
        direction=direction,
        weights=weights,
        component=component,
    )


def _k_pole(prepared: Prepared, *, k: float = 0.05) -> tuple[float, dict[str, Any]]:
    """Return the spread of positions between K poles, and what it rests on."""
    prepared.check_sides()
    chosen, ties = elites(prepared, k)
    ends = positions(prepared, chosen)
    spread = float(((ends - ends.mean(axis=0)) ** 2).sum() / len(ends))
    return spread * prepared.k / (prepared.k - 1), {"ties": ties}


@INDICES(
    reference="Martin-Gutierrez, Losada & Benito (2023) doi:10.1016/j.chaos.2023.113244",
    bounds=(0.0, 1.0),
    divided_is="high",
    choices=("k",),
    kernel=_k_pole,
)
def k_pole_dipole(
    graph: InteractionGraph,
    sides: Partition,
    *,
    k: float = 0.05,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> IndexValue:
    """Return how far accounts spread between K poles when opinions spread from the elites.

    The poles are the corners of a simplex, one a side, held by its elite; every other account
    stands at the mean of its neighbours, x_i, whose coordinates are its chances to end in each
    elite. The index is the total variation of the positions, tr cov(x) [1], divided by its largest
    value 1 − 1/K, which K camps of equal size at the corners have. For two sides it is the
    variance of the dipole's v. 0: everybody stands at one place.

    Self-loops and accounts without a side are dropped. Directed: positions come from those an
    account acts upon; what no path to an elite is left of a position is 0 in every coordinate.

    Parameters
    ----------
    k
        Elite accounts a side: a float in (0, 1] is a share of the side, an int counts them. Ties
        at the cut go to account order and are counted in ``choices["ties"]``.
    direction, weights, component
        ``undirected|directed``, ``unweighted|weighted``, ``largest|all`` (definitions 2).

    Returns
    -------
    IndexValue
        In [0, 1], high = divided.

    Raises
    ------
    UndefinedError
        Fewer than two sides with an account, or a side smaller than `k`.
    UsageError
        A choice has a value that is not allowed.
    ConvergenceError
        The linear solver did not reach its tolerance.

    References
    ----------
    .. [1] Martin-Gutierrez, Losada & Benito (2023) Multipolar social systems: measuring
       polarization beyond dichotomous contexts. Chaos, Solitons & Fractals 169, 113244.
       doi:10.1016/j.chaos.2023.113244
    """
    return index_of(
        "k_pole_dipole",
        graph,
        sides,
        choices={"k": k},
        direction=direction,
        weights=weights,
        component=component,
    )
