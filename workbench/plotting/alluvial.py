"""Communities over time: how many accounts stay together, move, come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.plotting.captions import about, joined, seed_text
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import PALETTE, WIDTHS, house_style
from workbench.plotting.texts import named, number_ticks, say, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["alluvial"]

#: The windows' bars, of the distance from one to the next.
BAR = 0.16
REST, NONE = "#C4C8CD", "#E8EAED"
#: Windows up to which a bar is wide enough for the number of a community.
MOST_NUMBERED = 12


class Matched(Protocol):
    """What is drawn: communities that keep their number, as ``communities.match`` finds them."""

    @property
    def windows(self) -> list[str]:
        """Names in order."""
        ...

    @property
    def labels(self) -> Mapping[str, NDArray[np.int64]]:
        """Window → community of each account, −1 for none."""
        ...

    @property
    def communities(self) -> list[int]:
        """Communities, largest first."""
        ...

    @property
    def choices(self) -> Mapping[str, Any]:
        """What was chosen."""
        ...

    @property
    def seed(self) -> int | None:
        """Of the communities, None where they were given."""
        ...

    def flows(self) -> pd.DataFrame:
        """``before window source target accounts``."""
        ...


@figure
def alluvial(
    matching: Matched,
    *,
    names: Mapping[int, str] | None = None,
    most: int = 7,
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a bar of accounts a window, by community, and bands of the accounts that are in both.

    The height of a bar is the accounts of its window. A band joins the accounts that two successive
    windows have in common; where no band begins or ends, accounts are in one of the two only. Each
    of the largest communities has a colour of its own, the other ones share a grey, and accounts in
    no followed community are light. Bands have the colour of where they come from. The number of a
    community stands in its bars where there is room.

    Parameters
    ----------
    matching
        As ``communities.match`` or ``communities.over_time`` returns.
    names
        Community → its name in the legend; numbers where there is none.
    most
        Communities with a colour of their own, 1 to 7, those with most accounts over all windows.
    graph
        The graph of all windows; its n and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    UsageError
        There are not that many colours.
    UndefinedError
        No window has an account.
    """
    import matplotlib.pyplot as plt

    if not 1 <= most <= len(PALETTE):
        raise UsageError("there are not that many colours", value=most, allowed="1 to 7")
    windows = matching.windows
    if not windows or not any(len(matching.labels[window]) for window in windows):
        raise UndefinedError("there is nothing to draw: no window has an account")
    shown = matching.communities[:most]
    spans = {window: _stack(matching, window, shown) for window in windows}
    with house_style():
        if ax is None:
            size = (WIDTHS["double"], WIDTHS["double"] * 0.45)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        colours = dict(zip(shown, PALETTE, strict=False))
        tallest = max(len(matching.labels[window]) for window in windows)
        for x, window in enumerate(windows):
            _bars(ax, x, spans[window], colours)
            if len(windows) <= MOST_NUMBERED:
                _numbers(ax, x, spans[window], least=0.045 * tallest)
        _bands(ax, matching, spans, colours)
        _legend(ax, matching, shown, names or {})
        step = -(-len(windows) // 10)
        ax.set_xticks(range(0, len(windows), step), windows[::step])
        ax.tick_params(axis="x", length=0)
        ax.spines["bottom"].set_visible(False)
        ax.set_xlim(-BAR, len(windows) - 1 + BAR)
        ax.set_ylim(0, tallest * 1.02)
        ax.set_xlabel(say("alluvial.x"))
        ax.set_ylabel(say("alluvial.y"))
        number_ticks(ax.yaxis)
    both, same = _stayed(matching)
    share = same / both if both else 0.0
    return attach(
        ax,
        caption=joined(_caption(matching, len(shown)), about(graph)),
        alt=say("alluvial.alt", windows=len(windows), both=both, share=share),
        data=_data(matching, names or {}),
    )


def _stack(matching: Matched, window: str, shown: list[int]) -> dict[int, tuple[float, float]]:
    """Return the span of each community in the bar: the shown at the foot, those in none on top."""
    of = matching.labels[window]
    counts = np.bincount(of + 1, minlength=len(matching.communities) + 1)
    rest = [number for number in matching.communities if number not in shown]
    spans, at = {}, 0.0
    for number in [*shown, *rest, -1]:
        height = float(counts[number + 1])
        if height:
            spans[number] = (at, at + height)
            at += height
    return spans


def _colour(number: int, colours: Mapping[int, str]) -> str:
    return NONE if number < 0 else colours.get(number, REST)


def _bars(
    ax: Axes, x: int, spans: Mapping[int, tuple[float, float]], colours: Mapping[int, str]
) -> None:
    for number, (low, high) in spans.items():
        ax.bar(x, high - low, BAR, bottom=low, color=_colour(number, colours), edgecolor="white",
               linewidth=0.4, zorder=3)  # fmt: skip


def _numbers(ax: Axes, x: int, spans: Mapping[int, tuple[float, float]], *, least: float) -> None:
    """Write the number of a community in its bar, where the bar is high enough for it."""
    for number, (low, high) in spans.items():
        if number >= 0 and high - low >= least:
            ax.text(x, (low + high) / 2, str(number), ha="center", va="center", fontsize=6.5,
                    color="#202124", zorder=4,
                    bbox={"boxstyle": "round,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.8},
            )  # fmt: skip


def _bands(
    ax: Axes,
    matching: Matched,
    spans: Mapping[str, Mapping[int, tuple[float, float]]],
    colours: Mapping[int, str],
) -> None:
    """Draw who is in both windows; bands leave and reach a bar in the order of the other bar."""
    from matplotlib.patches import PathPatch

    flows = matching.flows().dropna(subset=["source", "target"])
    place = {window: x for x, window in enumerate(matching.windows)}
    for (before, window), rows in flows.groupby(["before", "window"], sort=False):
        left, right = spans[str(before)], spans[str(window)]
        pairs = [(int(a), int(b), int(n)) for a, b, n in
                 rows[["source", "target", "accounts"]].itertuples(index=False)]  # fmt: skip
        leave = _ends(pairs, left, right, side=0)
        reach = _ends(pairs, right, left, side=1)
        for a, b, accounts in pairs:
            path = _band(
                (place[str(before)] + BAR / 2, leave[a, b]),
                (place[str(window)] - BAR / 2, reach[a, b]),
                float(accounts),
            )
            strong = a == b and a in colours
            ax.add_patch(
                PathPatch(path, facecolor=_colour(a, colours), edgecolor="none",
                          alpha=0.6 if strong else 0.4, zorder=2 if strong else 1)
            )  # fmt: skip


def _ends(
    pairs: list[tuple[int, int, int]],
    own: Mapping[int, tuple[float, float]],
    other: Mapping[int, tuple[float, float]],
    *,
    side: int,
) -> dict[tuple[int, int], float]:
    """Return the lower end of each band at one of its bars."""
    at = {number: low for number, (low, _) in own.items()}
    ends = {}
    for pair in sorted(pairs, key=lambda pair: other[pair[1 - side]][0]):
        ends[pair[0], pair[1]] = at[pair[side]]
        at[pair[side]] += pair[2]
    return ends


def _band(left: tuple[float, float], right: tuple[float, float], height: float) -> Any:
    from matplotlib.path import Path

    (x0, y0), (x1, y1) = left, right
    middle = (x0 + x1) / 2
    points = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1),
        (x1, y1 + height), (middle, y1 + height), (middle, y0 + height), (x0, y0 + height),
        (x0, y0),
    ]  # fmt: skip
    curve = [Path.CURVE4] * 3
    return Path(points, [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])


def _legend(ax: Axes, matching: Matched, shown: list[int], names: Mapping[int, str]) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(
            color=colour, label=_short(names.get(number, say("alluvial.community", number=number)))
        )
        for number, colour in zip(shown, PALETTE, strict=False)
    ]
    others = len(matching.communities) - len(shown)
    if others:
        handles.append(Patch(color=REST, label=say("alluvial.others", n=others)))
    if any((matching.labels[window] < 0).any() for window in matching.windows):
        handles.append(Patch(color=NONE, label=say("alluvial.none")))
    # As in the bars, from top to bottom.
    ax.legend(handles=handles[::-1], loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _short(name: str) -> str:
    return name if len(name) <= 32 else f"{name[:31]}…"


def _stayed(matching: Matched) -> tuple[int, int]:
    """Return the accounts in two successive windows, and those of them in one community twice."""
    flows = matching.flows().dropna(subset=["source", "target"])
    same = (flows["source"] == flows["target"]) & (flows["source"] >= 0)
    return int(flows["accounts"].sum()), int(flows.loc[same, "accounts"].sum())


def _caption(matching: Matched, shown: int) -> str:
    """Return what is seen, in words."""
    windows = matching.windows
    both, same = _stayed(matching)
    choices = ", ".join(
        f"{named('choice', name)} {_choice(name, matching.choices[name])}"
        for name in ("method", "rule", "threshold", "among", "least")
        if name in matching.choices
    )
    told = say(
        "alluvial.caption", windows=len(windows), first=windows[0], last=windows[-1],
        k=len(matching.communities), shown=shown, both=both, same=same, choices=choices,
    )  # fmt: skip
    return joined(told, seed_text(matching.seed))


def _choice(name: str, value: Any) -> str:
    if isinstance(value, int | float):
        return written(value, ".3g")
    return named("method" if name == "method" else "value", str(value))


def _data(matching: Matched, names: Mapping[int, str]) -> pd.DataFrame:
    """Return the flows, a row for accounts that go from a community to one of the next window.

    Where source or target is empty, they are not in that window.
    """
    flows = matching.flows().reset_index(drop=True)
    for column in ("source", "target"):
        flows[column] = [
            None if number != number or number is None else _name(int(number), names)  # noqa: PLR0124  NaN
            for number in flows[column].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        ]
    return flows.rename(columns={"before": "before_utc", "window": "window_utc"})


def _name(number: int, names: Mapping[int, str]) -> str:
    return say("alluvial.none") if number < 0 else names.get(number, str(number))
