"""How much a number allows to be said: every rule, with its threshold, in one place.

A claim is made only where value, null model and interval all allow it; what is known of the null
model or of the sides can take it back. The other modules ask here and choose their words by the
answer, so that no sentence says more than its number.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from workbench.model.index import IndexValue
    from workbench.polarisation.change import Difference

__all__ = [
    "ENOUGH_COVERED",
    "FEWEST_RUNS",
    "LEVEL",
    "LOW_ACCEPTANCE",
    "RUNS_FOR_P",
    "SMALL_SIDE",
    "STEADY",
    "Verdict",
    "against_null",
    "at_floor",
    "contenders",
    "holding",
    "known_p",
    "null_fails",
    "of_change",
    "rests_on_few",
    "steady",
    "towards_divided",
]

#: A p-value is said from so many null samples on, and speaks from this level down.
RUNS_FOR_P = 199
LEVEL = 0.05
#: Without p only z speaks, and several indices are looked at: so it must be this far out.
Z_ALONE = 3.0
#: With p, less divided than the null is said from this z on, p being that far on the other end.
Z_LESS = 2.0
#: Fewer null samples do not show how far chance goes.
FEWEST_RUNS = 10
#: A null chain that accepts fewer of its swaps hardly differs from the network itself.
LOW_ACCEPTANCE = 0.05
#: From this mean adjusted mutual information on, the seed hardly matters.
STEADY = 0.8
#: Below so many accounts, single ones move what is said of a side.
SMALL_SIDE = 10
#: Below this share of the acts, what is left out has to be said.
ENOUGH_COVERED = 0.8
#: A value that loses more than this share of its distance from the null rests on who was left out.
MOST_LOST = 0.5


class Verdict(StrEnum):
    """What an index allows to be said beside its null model."""

    #: More, or less, divided than the random networks.
    MORE = "more"
    LESS = "less"
    #: It cannot be told from them.
    UNTOLD = "untold"
    #: Its interval contains what they give.
    COVERED = "covered"
    #: There is no null model, too few samples of it, or one that does not vary.
    UNCHECKED = "unchecked"
    TOO_FEW = "too few"
    UNVARIED = "unvaried"
    #: The null model itself cannot carry a claim.
    UNFIT = "unfit"
    #: There is no value.
    UNDEFINED = "undefined"


def towards_divided(index: IndexValue, difference: float) -> float:
    """Return a difference of the index with the sign that is positive towards divided."""
    return difference if index.divided_is == "high" else -difference


def against_null(index: IndexValue, *, fit: bool = True) -> Verdict:
    """Return what an index allows to be said beside its null model.

    Parameters
    ----------
    fit
        False where something else is known against the null model (see ``null_fails``).
    """
    if index.value is None:
        return Verdict.UNDEFINED
    if index.null_mean is None:
        return Verdict.UNCHECKED
    drawn = index.runs - int(index.choices.get("undefined_null_samples", 0))
    if drawn < FEWEST_RUNS or index.null_sd is None:
        return Verdict.TOO_FEW
    if index.z is None or index.null_sd == 0:
        return Verdict.UNVARIED
    excess = towards_divided(index, index.value - index.null_mean)
    return _by_chance(index, excess) if fit else Verdict.UNFIT


def _covered(index: IndexValue) -> bool:
    """Return whether the interval of an index contains the mean of its null model."""
    known = None not in {index.low, index.high, index.null_mean}
    return known and index.low <= index.null_mean <= index.high  # type: ignore[operator]


def _by_chance(index: IndexValue, excess: float) -> Verdict:
    """Return the verdict of z and p, for an excess that is positive towards divided."""
    far, p = abs(index.z or 0.0), known_p(index)
    if _covered(index):
        return Verdict.COVERED
    if p is None or at_floor(index):
        if far < Z_ALONE or excess == 0:
            return Verdict.UNTOLD
        return Verdict.MORE if excess > 0 else Verdict.LESS
    if p <= LEVEL and excess > 0:
        return Verdict.MORE
    single = float(index.choices.get("p_unadjusted", p))
    if excess < 0 and far >= Z_LESS and single >= 1 - LEVEL:
        return Verdict.LESS
    return Verdict.UNTOLD


def known_p(index: IndexValue) -> float | None:
    """Return the p-value where enough null samples stand behind it."""
    return index.p if index.runs >= RUNS_FOR_P else None


def at_floor(index: IndexValue) -> bool:
    """Return whether p is above its level only because more null samples would be needed.

    Adjusted for m indices, p is at least m / (runs + 1): what no sample reaches may still be far
    from clear by p, and then z speaks as where there is no p.
    """
    single, p = index.choices.get("p_unadjusted"), known_p(index)
    if single is None or p is None or p <= LEVEL:
        return False
    return bool(single * (index.runs + 1) < 1.5)


def null_fails(null: Mapping[str, Any], *, found: bool) -> str:
    """Return why a null model cannot carry a claim: ``lenient``, ``stuck``, or nothing.

    Parameters
    ----------
    null
        What a report says of it: ``kind`` and ``acceptance``.
    found
        Whether the sides were found in the network itself; then a null that keeps them compares a
        search with no search.
    """
    if found and null.get("kind") == "fixed":
        return "lenient"
    acceptance = null.get("acceptance")
    return "stuck" if acceptance is not None and acceptance < LOW_ACCEPTANCE else ""


def steady(agreement: float | None) -> bool | None:
    """Return whether runs with other seeds agree; None where nobody has looked."""
    return None if agreement is None else agreement >= STEADY


def rests_on_few(index: IndexValue, without: float | None) -> bool:
    """Return whether an index loses most of its distance from the null without its top accounts."""
    if index.denoised is None or index.null_mean is None or without is None:
        return False
    left = towards_divided(index, without - index.null_mean)
    return left < (1 - MOST_LOST) * towards_divided(index, index.denoised)


def of_change(change: Difference) -> Verdict:
    """Return what the difference of an index between two windows allows to be said.

    Where there are both an interval and a p-value, both must allow it.
    """
    if change.difference is None:
        return Verdict.UNDEFINED
    p = change.p if change.runs >= RUNS_FOR_P else None
    if p is None and change.low is None:
        return Verdict.UNCHECKED
    if change.low is not None and change.high is not None and change.low <= 0 <= change.high:
        return Verdict.UNTOLD
    if p is not None and p > LEVEL:
        return Verdict.UNTOLD
    excess = towards_divided(change.first, change.difference)
    return Verdict.UNTOLD if excess == 0 else Verdict.MORE if excess > 0 else Verdict.LESS


def contenders(rank_low: Sequence[int] | NDArray[Any]) -> int:
    """Return how many accounts have rank 1 within their interval."""
    return int((np.asarray(rank_low) <= 1).sum())


def holding(rank_high: Sequence[int] | NDArray[Any]) -> int:
    """Return how many of the accounts shown stay among that many first over their interval."""
    ends = np.asarray(rank_high)
    return int((ends <= len(ends)).sum())
