"""What a figure carries: its caption, its text for who cannot see it, and the numbers it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec
from weakref import WeakKeyDictionary

from workbench.errors import UsageError
from workbench.plotting.glyphs import warn_of_missing

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["FIGURES", "alt_of", "attach", "caption_of", "data_of", "figure", "score_column"]

P = ParamSpec("P")
#: Every figure function, by its name.
FIGURES: dict[str, Callable[..., Axes]] = {}
#: What some measures count; values of the others are scores.
_UNITS = {
    "in_strength": "acts",
    "out_strength": "acts",
    "unique_amplifiers": "accounts",
    "unique_amplified": "accounts",
    "h_index": "posts",
    "share_of_new_amplifiers": "share",
    "bridge_share": "share",
}


@dataclass(frozen=True)
class _Facts:
    caption: str
    alt: str
    data: pd.DataFrame


_FACTS: WeakKeyDictionary[Axes, _Facts] = WeakKeyDictionary()


def figure(function: Callable[P, Axes]) -> Callable[P, Axes]:
    """Enter a figure function into ``FIGURES``; contract tests run over all of them."""
    FIGURES[function.__name__] = function
    return function


def attach(ax: Axes, *, caption: str, alt: str, data: pd.DataFrame) -> Axes:
    """Give a finished figure its facts, and warn of letters that its fonts lack.

    The caption is the axes' ``get_gid()`` text as well.
    """
    _FACTS[ax] = _Facts(caption, alt, data)
    ax.set_gid(caption)
    warn_of_missing(ax)
    return ax


def caption_of(ax: Axes) -> str:
    """Return the caption: n, window, filters, seed, and what size and colour mean.

    Raises
    ------
    UsageError
        No figure function of the workbench drew these axes.
    """
    return _facts(ax).caption


def alt_of(ax: Axes) -> str:
    """Return what the figure shows, for a reader who cannot see it.

    Raises
    ------
    UsageError
        No figure function of the workbench drew these axes.
    """
    return _facts(ax).alt


def data_of(ax: Axes) -> pd.DataFrame:
    """Return a copy of the numbers that are drawn; the name of a column of numbers ends in a unit.

    Accounts have a column only where the figure names them, as it names them.

    Raises
    ------
    UsageError
        No figure function of the workbench drew these axes.
    """
    return _facts(ax).data.copy()


def _facts(ax: Any) -> _Facts:
    try:
        return _FACTS[ax]
    except (KeyError, TypeError):
        raise UsageError(
            "these axes carry no facts", value=type(ax).__name__,
            allowed="the axes that a function of workbench.plotting returned",
        ) from None  # fmt: skip


def score_column(measure: str) -> str:
    """Return the column of a measure: its name and the unit of its values.

    Examples
    --------
    >>> score_column("in_strength"), score_column("pagerank")
    ('in_strength_acts', 'pagerank_score')
    """
    unit = _UNITS.get(measure, "score")
    return measure if measure.endswith(f"_{unit}") else f"{measure}_{unit}"
