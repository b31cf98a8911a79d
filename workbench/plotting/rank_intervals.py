"""A ranking with its uncertainty: where each account stands, and where it could stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from workbench.errors import UndefinedError
from workbench.plotting.captions import about, joined, seed_text
from workbench.plotting.facts import attach, figure, score_column
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style
from workbench.plotting.texts import named, number_ticks, say, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from workbench.model.graph import InteractionGraph

__all__ = ["Ranked", "rank_intervals"]

#: Intervals that reach so many times further than the accounts shown are drawn on a log axis.
WIDE = 4


class Ranked(Protocol):
    """What is drawn: a ranking with intervals, as ``influence.rank(…, bootstrap=…)``."""

    @property
    def by(self) -> str:
        """The measure that orders the accounts."""

    @property
    def bootstrap(self) -> int:
        """Number of resamples."""

    @property
    def interval(self) -> str | None:
        """``resampling`` or ``simultaneous``."""

    @property
    def seed(self) -> int | None:
        """The seed of the resamples."""

    @property
    def graph(self) -> Mapping[str, Any]:
        """``kind nodes edges weight`` of the graph."""

    def to_pandas(self) -> pd.DataFrame:
        """Return ``rank, account, <measure>…, rank_low, rank_high``, best first."""


@figure
def rank_intervals(
    ranking: Ranked,
    *,
    labels: Callable[[str], str] | None = None,
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a row an account, the best on top: a dot at its rank, a bar over its interval.

    Accounts are named when `labels` says how: a label is a pseudonym unless the account is a public
    actor. Without `labels` a row says the score only. Where intervals reach far beyond the accounts
    shown, the axis of ranks is logarithmic.

    Parameters
    ----------
    ranking
        With intervals (``bootstrap`` > 0) and at least one account.
    labels
        Account id → label, such as ``Pseudonymiser.label``.
    graph
        The graph behind it; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    UndefinedError
        The ranking shows no account, or has no intervals.
    """
    import matplotlib.pyplot as plt
    from matplotlib.ticker import MaxNLocator

    rows = ranking.to_pandas()
    if not len(rows):
        raise UndefinedError("there is nothing to draw: the ranking shows no account")
    if "rank_low" not in rows:
        raise UndefinedError(
            "there is nothing to draw: the ranking has no intervals", remedy="rank with bootstrap="
        )
    place, low, high = (rows[name].to_numpy() for name in ("rank", "rank_low", "rank_high"))
    y = np.arange(len(rows))
    with house_style():
        if ax is None:
            size = (WIDTHS["single"], 0.55 + 0.17 * len(rows))
            _, ax = plt.subplots(figsize=size, layout="constrained")
        ax.hlines(y, low, high, color=PALETTE[0], lw=2.4, alpha=0.45)
        certain = low == high
        ax.plot(place[~certain], y[~certain], "o", color=PALETTE[0], ms=4)
        ax.plot(place[certain], y[certain], "D", color=PALETTE[1], ms=4)
        if high.max() > WIDE * len(rows):
            _logarithmic(ax, int(high.max()))
        else:
            ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))
            ax.set_xlim(0.5, high.max() + 0.5)
            ax.set_xticks([tick for tick in ax.get_xticks() if 1 <= tick <= high.max()] or [1])
            number_ticks(ax.xaxis)
        ax.set_yticks(y, _rows(rows, ranking.by, labels))
        ax.set_ylim(len(rows) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="x", color=OTHER, lw=0.3, alpha=0.6)
        ax.set_axisbelow(True)
        interval = named("value", ranking.interval or "")
        told = say("ranks.x", measure=named("measure", ranking.by), interval=interval)
        # Beside long names the axis is short: centred below it, its label would be cut off.
        ax.set_xlabel(told, loc="right")
    span = high - low + 1
    return attach(
        ax,
        caption=joined(_caption(ranking, int(certain.sum()), len(rows)), about(graph)),
        alt=say(
            "ranks.alt",
            measure=named("measure", ranking.by),
            shown=len(rows),
            narrow=int(span.min()),
            wide=int(span.max()),
            certain=int(certain.sum()),
        ),
        data=_data(rows, ranking.by, labels),
    )


def _logarithmic(ax: Axes, last: int) -> None:
    """Put ranks on a log axis, with plain numbers at its ticks."""
    ax.set_xscale("log")
    steps = [step * 10**power for power in range(7) for step in (1, 2, 5)]
    shown = [step for step in steps if step <= last]
    if last > 1_000:  # the twos and fives would run into each other
        shown = [step for step in shown if str(step)[0] == "1"]
    ax.set_xticks(shown, [written(tick, ",") for tick in shown], minor=False)
    ax.set_xticks([], minor=True)


def _rows(rows: pd.DataFrame, by: str, labels: Callable[[str], str] | None) -> list[str]:
    """Return what stands beside each row: the label where there is one, and the score."""
    scores = [written(value, ".6g" if value >= 1 else ".3g") for value in rows[by]]
    if labels is None:
        return scores
    return [f"{labels(a)}  {score}" for a, score in zip(rows["account"], scores, strict=True)]


def _caption(ranking: Ranked, certain: int, shown: int) -> str:
    """Return what is seen, in words."""
    told = say(
        "ranks.caption", shown=shown, measure=named("measure", ranking.by),
        nodes=ranking.graph["nodes"], kind=named("kind", str(ranking.graph["kind"])),
        runs=ranking.bootstrap, together=say(f"ranks.{ranking.interval or 'resampling'}"),
        certain=certain,
    )  # fmt: skip
    return joined(told, seed_text(ranking.seed))


def _data(rows: pd.DataFrame, by: str, labels: Callable[[str], str] | None) -> pd.DataFrame:
    """Return the rows with the label in the place of the account, or without either."""
    drawn = rows[["rank", "rank_low", "rank_high", by]].reset_index(drop=True)
    drawn.columns = ["rank", "low_rank", "high_rank", score_column(by)]
    if labels is not None:
        drawn.insert(0, "label", [labels(account) for account in rows["account"]])
    return drawn
