"""Where a value stands among those of null samples: mean, sd, z and p, and p of several tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

__all__ = ["RUNS_FOR_P", "Standing", "holm", "standing"]

#: With fewer null samples p is not given.
RUNS_FOR_P = 199


@dataclass(frozen=True)
class Standing:
    """A value among those of null samples.

    Attributes
    ----------
    mean, sd
        Of the null; None without samples (sd: with fewer than two).
    z
        (value − mean) / sd; None when the sd is 0 or unknown.
    p
        (1 + #{null ≥ value}) / (samples + 1), in (0, 1]; None below 199 samples.
    """

    mean: float | None
    sd: float | None
    z: float | None
    p: float | None


def standing(value: float, null: ArrayLike) -> Standing:
    """Return where `value` stands among the values of null samples, high being extreme.

    What differs by rounding only (1e-12 of the value, or of 1 if that is more) is equal.

    Parameters
    ----------
    null
        Values of the same measure on null samples, shape (R,).
    """
    drawn = np.asarray(null, dtype=np.float64)
    if not len(drawn):
        return Standing(None, None, None, None)
    slack = 1e-12 * max(1.0, abs(value))
    mean = float(drawn.mean())
    sd = float(drawn.std(ddof=1)) if len(drawn) > 1 else None
    sd = 0.0 if sd is not None and sd <= slack else sd
    extreme = int((drawn >= value - slack).sum())
    return Standing(
        mean,
        sd,
        (value - mean) / sd if sd else None,
        (1 + extreme) / (len(drawn) + 1) if len(drawn) >= RUNS_FOR_P else None,
    )


def holm(values: Sequence[float | None]) -> list[float | None]:
    """Return p-values adjusted for looking at several (Holm); those that are None stay None.

    The i-th smallest of m known ones becomes the largest of (m − j + 1) p_(j) over j ≤ i, at
    most 1: the chance of any false rejection is then at most the level.

    References
    ----------
    .. [1] Holm (1979) A simple sequentially rejective multiple test procedure. Scandinavian
       Journal of Statistics 6(2), 65–70. https://www.jstor.org/stable/4615733
    """
    known = sorted((p, place) for place, p in enumerate(values) if p is not None)
    adjusted: list[Any] = [None] * len(values)
    highest = 0.0
    for rank, (p, place) in enumerate(known):
        highest = max(highest, min(1.0, (len(known) - rank) * p))
        adjusted[place] = highest
    return adjusted
