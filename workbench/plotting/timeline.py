"""When it happened: posts a day or an hour by kind, with the gaps and the bursts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import InputError, UndefinedError
from workbench.language import day, moment
from workbench.plotting.captions import about, joined
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style
from workbench.plotting.texts import number_ticks, say, spoken

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["bursts", "timeline"]

KINDS = ("original", "share", "quote", "reply")
#: Patterns tell the kinds apart without their colours.
HATCHES = ("", "////", "....", "xxxx")
#: Of more periods than this, a bar is a hair wide, else it would not be seen.
MOST_BARS = 800
#: Fewer periods have no usual level to stand out from.
FEWEST = 8


@figure
def timeline(
    posts: pd.DataFrame, *, graph: InteractionGraph | None = None, ax: Axes | None = None
) -> Axes:
    """Draw posts a day or an hour (UTC), stacked by kind; gaps are shaded, bursts are marked.

    Periods that the table leaves out are gaps too. A burst is a run of periods that ``bursts``
    finds; its mark says how many times the median its highest period reaches.

    Parameters
    ----------
    posts
        ``day`` or ``hour`` (ISO text), ``posts`` and one column a kind, as
        ``describe(corpus).per_day``.
    graph
        The graph behind it; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    UndefinedError
        There are no dated posts.
    InputError
        A column is missing, a period is no day or hour or is there twice, or its posts are no
        number ≥ 0 or fewer than those of its kinds.
    """
    import matplotlib.pyplot as plt
    from matplotlib.container import BarContainer

    if posts.empty:
        raise UndefinedError("there is nothing to draw: no post has a time")
    period, rows = _complete(posts)
    counts = rows["posts"].to_numpy(dtype=float)
    marked, limit = bursts(counts)
    with house_style():
        if ax is None:
            size = (WIDTHS["double"], WIDTHS["double"] * 0.36)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        _bars(ax, rows, counts)
        _gaps(ax, counts)
        _mark(ax, counts, marked)
        step = -(-len(rows) // 6)
        ax.set_xticks(range(0, len(rows), step), [_tick(when) for when in rows[period][::step]])
        beside = 0.19 + _width(len(rows)) / 2
        ax.set_xlim(-beside, len(rows) - 1 + beside)
        ax.set_ylabel(say("timeline.axis", period=say(f"timeline.{period}")))
        number_ticks(ax.yaxis)
        ax.grid(visible=True, axis="y", lw=0.3, color="#E3E6EA")
        ax.set_axisbelow(True)
        handles, names = ax.get_legend_handles_labels()
        # The kinds of posts in their order, then what marks a period.
        order = sorted(range(len(names)), key=lambda i: not isinstance(handles[i], BarContainer))
        ax.legend([handles[i] for i in order], [names[i] for i in order], loc="lower left",
                  bbox_to_anchor=(0.0, 1.0), ncols=7, handlelength=1.6, columnspacing=1.4,
        )  # fmt: skip
    caption, alt = _told(rows, period, len(marked), limit)
    data = rows.rename(
        columns={period: f"{period}_utc", **{k: f"{k}_posts" for k in rows if k in KINDS}}
    )
    data["burst"] = counts > limit
    return attach(ax, caption=joined(caption, about(graph)), alt=alt, data=data)


def bursts(counts: NDArray[np.float64]) -> tuple[list[tuple[int, int]], float]:
    """Return the runs [start, end) of periods that stand out, and the count they exceed.

    The limit is the median plus five robust standard deviations: 1.4826 times the median absolute
    deviation [1], and at least the square root of the median, which counts vary by on their own.
    Fewer than eight periods, or a median of 0, have no bursts, and the limit is infinite.

    References
    ----------
    .. [1] Leys, Ley, Klein, Bernard & Licata (2013) Detecting outliers: do not use standard
       deviation around the mean, use absolute deviation around the median. Journal of Experimental
       Social Psychology 49(4), 764–766. doi:10.1016/j.jesp.2013.03.013

    Examples
    --------
    >>> bursts(np.array([9.0, 11, 10, 10, 90, 80, 9, 10, 11]))
    ([(4, 6)], 25.811388300841898)
    """
    middle = float(np.median(counts)) if len(counts) >= FEWEST else 0.0
    if not middle:
        return [], float("inf")
    spread = 1.4826 * float(np.median(np.abs(counts - middle)))
    limit = middle + 5 * max(spread, float(np.sqrt(middle)))
    return _runs(counts > limit), limit


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs [start, end) of periods that have the flag."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _complete(posts: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """Return ``day`` or ``hour``, and the rows of every one from the first to the last."""
    import pandas as pd

    period = next((name for name in ("day", "hour") if name in posts), None)
    if period is None or "posts" not in posts:
        raise InputError("a timeline needs day or hour, and posts", value=", ".join(posts.columns))
    try:
        when = pd.to_datetime(posts[period], utc=True, format="ISO8601")
    except ValueError as error:
        raise InputError(f"a {period} cannot be read", value=str(error)) from error
    if when.isna().any() or when.duplicated().any():
        raise InputError(f"each {period} must be there once", value=str(posts[period].iloc[0]))
    span = pd.date_range(when.min(), when.max(), freq="D" if period == "day" else "h")
    if not when.isin(span).all():
        raise InputError(f"a {period} starts in the middle of one", value=str(when.max()))
    kinds = [kind for kind in KINDS if kind in posts]
    counts = posts[["posts", *kinds]].to_numpy(dtype=float)
    if (
        not (np.isfinite(counts) & (counts >= 0)).all()
        or (counts[:, 0] < counts[:, 1:].sum(1)).any()
    ):
        raise InputError(
            f"the posts of a {period} are no number ≥ 0, or fewer than those of its kinds"
        )
    rows = posts[["posts", *kinds]].set_index(pd.DatetimeIndex(when)).reindex(span, fill_value=0)
    text = "%Y-%m-%d" if period == "day" else "%Y-%m-%dT%H:%M"
    rows.insert(0, period, span.strftime(text))
    return period, rows.reset_index(drop=True)


def _width(periods: int) -> float:
    """Return the width of a bar in periods."""
    return max(0.82, periods / MOST_BARS)


def _bars(ax: Axes, rows: pd.DataFrame, counts: NDArray[np.float64]) -> None:
    x, bottom = np.arange(len(rows)), np.zeros(len(rows))
    width = _width(len(rows))
    for i, kind in enumerate(k for k in KINDS if k in rows):
        heights = rows[kind].to_numpy(dtype=float)
        if not (seen := heights > 0).any():
            continue
        # Only where there is a post: empty patches take long and make files large.
        ax.bar(x[seen], heights[seen], width, bottom=bottom[seen], color=PALETTE[i],
               label=say(f"timeline.{kind}"), hatch=HATCHES[KINDS.index(kind)],
               edgecolor="white", linewidth=0)  # fmt: skip
        bottom += heights
    others = counts - bottom
    if (seen := others > 0).any():
        ax.bar(x[seen], others[seen], width, bottom=bottom[seen], color=OTHER,
               label=say("timeline.other"))  # fmt: skip


def _gaps(ax: Axes, counts: NDArray[np.float64]) -> None:
    for i, (start, end) in enumerate(_runs(counts == 0)):
        ax.axvspan(start - 0.5, end - 0.5, color="#E8EAED", lw=0, zorder=0,
                   label="" if i else say("timeline.gap"))  # fmt: skip


def _mark(ax: Axes, counts: NDArray[np.float64], marked: list[tuple[int, int]]) -> None:
    """Put a mark over the highest period of each burst, with its multiple of the median."""
    if not marked:
        return
    peaks = [start + int(counts[start:end].argmax()) for start, end in marked]
    top = counts.max()
    ax.plot(peaks, counts[peaks] + 0.04 * top, "v", color="#202124", ms=3.5, ls="",
            label=say("timeline.burst"))  # fmt: skip
    ax.set_ylim(0, 1.18 * top)
    for peak in _apart(peaks, counts, least=0.05 * len(counts)):
        told = say("timeline.times", times=float(counts[peak] / np.median(counts)))
        ax.annotate(told, (peak, counts[peak] + 0.04 * top), xytext=(0, 3), ha="center",
                    textcoords="offset points", fontsize=6.5, color="#202124")  # fmt: skip


def _apart(peaks: list[int], counts: NDArray[np.float64], *, least: float) -> list[int]:
    """Return the peaks that are written on, the highest first, none nearer than `least`."""
    kept: list[int] = []
    for peak in sorted(peaks, key=lambda place: (-counts[place], place)):
        if all(abs(peak - other) >= least for other in kept):
            kept.append(peak)
    return kept


def _tick(when: str) -> str:
    return when.replace("T", "\n")


def _told(rows: pd.DataFrame, period: str, found: int, limit: float) -> tuple[str, str]:
    """Return the caption and the alt text."""
    counts = rows["posts"].to_numpy()
    peak = int(counts.argmax())
    total, most = int(counts.sum()), int(counts[peak])
    first, last, highest = (_when(rows[period].iloc[i]) for i in (0, -1, peak))
    caption = joined(
        say(
            f"timeline.caption_{period}", posts=total, first=first, last=last, peak=highest,
            most=most, silent=int((counts == 0).sum()),
        ),
        say("timeline.caption_bursts", limit=limit) if found else "",
    )  # fmt: skip
    alt = joined(
        say(
            "timeline.alt", period=say(f"timeline.{period}"), posts=total, periods=len(rows),
            most=most, peak=highest,
        ),
        say("timeline.alt_bursts", bursts=found) if found else "",
    )  # fmt: skip
    return caption, alt


def _when(text: str) -> str:
    """Return a day, or the start of an hour, in words."""
    from workbench.model.filters import instant_ms

    if "T" not in text:
        return day(text, spoken())
    return moment(instant_ms(text) or 0, spoken()).removesuffix(" UTC")
