"""When it happened: posts a day by kind, with the gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["timeline"]

KINDS = ("original", "share", "quote", "reply")
NAMES = {"original": "original", "share": "retweet", "quote": "quote", "reply": "reply"}


def timeline(per_day: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw posts a day (UTC), stacked by kind; days without a post are shaded.

    Parameters
    ----------
    per_day
        ``day, posts`` and one column a kind, as ``describe(corpus).per_day``.

    Returns
    -------
    Axes
        With the caption as its ``get_gid()`` text.

    Raises
    ------
    UndefinedError
        There are no dated posts.
    """
    import matplotlib.pyplot as plt

    if per_day.empty:
        raise UndefinedError("there is nothing to draw: no post has a time")
    x = np.arange(len(per_day))
    with house_style():
        if ax is None:
            _, ax = plt.subplots(figsize=(WIDTHS["double"], WIDTHS["double"] * 0.3))
        bottom = np.zeros(len(per_day))
        for i, kind in enumerate(k for k in KINDS if k in per_day):
            heights = per_day[kind].to_numpy(dtype=float)
            ax.bar(x, heights, 0.82, bottom=bottom, color=PALETTE[i], label=NAMES[kind])
            bottom += heights
        others = per_day["posts"].to_numpy(dtype=float) - bottom
        if others.any():
            ax.bar(x, others, 0.82, bottom=bottom, color=OTHER, label="other")
        silent = np.flatnonzero(per_day["posts"].to_numpy() == 0)
        for day in silent.tolist():
            ax.axvspan(day - 0.5, day + 0.5, color="#F1F3F4", lw=0, zorder=0)
        step = -(-len(per_day) // 6)
        ax.set_xticks(x[::step], per_day["day"].iloc[::step].tolist())
        ax.set_xlim(-0.6, len(per_day) - 0.4)
        ax.set_ylabel("posts per day")
        ax.grid(visible=True, axis="y", lw=0.3, color="#E3E6EA")
        ax.set_axisbelow(True)
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    peak = int(per_day["posts"].to_numpy().argmax())
    ax.set_gid(
        f"{int(per_day['posts'].sum()):,} posts from {per_day['day'].iloc[0]} to "
        f"{per_day['day'].iloc[-1]} (days in UTC); most on {per_day['day'].iloc[peak]} "
        f"({int(per_day['posts'].iloc[peak]):,}); days without a post: {len(silent)}."
    )
    return ax
