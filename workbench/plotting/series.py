"""How an index moves from window to window, beside what its null gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError
from workbench.plotting.captions import about, joined
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style
from workbench.plotting.texts import named, number_ticks, say, wrapped

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["over_time"]


@figure
def over_time(
    rows: pd.DataFrame, *, graph: InteractionGraph | None = None, ax: Axes | None = None
) -> Axes:
    """Draw one index window by window, its null mean ± 2 sd as a box, its interval as bars.

    A window in which the index is undefined leaves a gap, marked at the foot; it is never 0.

    Parameters
    ----------
    rows
        One row a window of one measure: ``window measure value null_mean null_sd low high
        divided_is``, as ``polarisation.over_time(…).of(measure)``.
    graph
        The graph of all windows; its n and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    UndefinedError
        The index has no value in any window.
    """
    import matplotlib.pyplot as plt

    names = ("value", "null_mean", "null_sd", "low", "high")
    value, mean, sd, low, high = (
        rows[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan) for name in names
    )
    known = ~np.isnan(value)
    if not known.any():
        raise UndefinedError("there is nothing to draw: the index is undefined in every window")
    x = np.arange(len(rows))
    measure = named("measure", str(rows["measure"].iloc[0]))
    divided = str(rows["divided_is"].iloc[0])
    with house_style():
        if ax is None:
            size = (WIDTHS["double"], WIDTHS["double"] * 0.36)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        beside = ~np.isnan(mean) & ~np.isnan(sd)
        if beside.any():
            # A box a window: a band would vanish where its neighbours have no null.
            ax.bar(x[beside], 4 * sd[beside], 0.5, bottom=(mean - 2 * sd)[beside], color="#DADCE0",
                   label=say("series.null"))  # fmt: skip
            ax.hlines(mean[beside], x[beside] - 0.25, x[beside] + 0.25, color=OTHER, lw=0.8)
        ranged = known & ~np.isnan(low) & ~np.isnan(high)
        ax.vlines(x[ranged], low[ranged], high[ranged], color=PALETTE[0], lw=0.9)
        ax.plot(x, value, "o-", color=PALETTE[0], ms=3, lw=1, label=say("series.observed"))
        if not known.all():
            ax.plot(x[~known], np.zeros((~known).sum()), "x", color="#5F6368", ms=4, clip_on=False,
                    transform=ax.get_xaxis_transform(), label=say("series.undefined"))  # fmt: skip
        step = -(-len(rows) // 8)
        ax.set_xticks(x[::step], rows["window"].astype(str).tolist()[::step])
        ax.set_xlim(-0.5, len(rows) - 0.5)
        ax.set_xlabel(say("series.x"))
        ax.set_ylabel(say(f"series.y_{divided}", measure=wrapped(measure, 30)))
        number_ticks(ax.yaxis)
        ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3)
    windows = rows["window"].astype(str).tolist()
    here = np.flatnonzero(known)
    return attach(
        ax,
        caption=joined(
            say(
                "series.caption", measure=measure, windows=len(rows), first=windows[0],
                last=windows[-1], undefined=int((~known).sum()), divided=say(f"series.{divided}"),
            ),
            say("series.bars") if ranged.any() else "",
            about(graph),
        ),
        alt=say(
            "series.alt", measure=measure, windows=len(rows), start=float(value[here[0]]),
            first=windows[here[0]], end=float(value[here[-1]]), last=windows[here[-1]],
            low=float(np.nanmin(value)), high=float(np.nanmax(value)),
        ),
        data=_data(rows, [value, mean, sd, low, high]),
    )  # fmt: skip


def _data(rows: pd.DataFrame, columns: list[NDArray[Any]]) -> pd.DataFrame:
    import pandas as pd

    names = ("value", "null_mean_value", "null_sd_value", "low_value", "high_value")
    measure = str(rows["measure"].iloc[0])
    numbers = {f"{measure}_{name}": col for name, col in zip(names, columns, strict=True)}
    return pd.DataFrame({"window_start_utc": rows["window"].astype(str).to_numpy(), **numbers})
