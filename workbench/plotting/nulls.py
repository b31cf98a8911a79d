"""An index beside its null: where the observed value stands among graphs of the same degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import InputError, UndefinedError
from workbench.plotting.captions import about, joined, seed_text
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style
from workbench.plotting.texts import named, number_ticks, say, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue

__all__ = ["null_distribution"]


@figure
def null_distribution(
    index: IndexValue,
    samples: Sequence[float] = (),
    *,
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the observed value of an index among the values of its null samples.

    Parameters
    ----------
    index
        With a value; its interval is drawn when it has one.
    samples
        Its null values (``report.samples[name]``), as a histogram; without them a band of the
        null mean ± 2 standard deviations.
    graph
        The graph behind it; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.
        The axis says which end is divided.

    Raises
    ------
    UndefinedError
        The index is undefined, or has no null.
    InputError
        A sample is not finite.
    """
    import matplotlib.pyplot as plt
    from matplotlib.ticker import MaxNLocator

    if index.value is None:
        raise UndefinedError("there is nothing to draw: the index is undefined", value=index.reason)
    values = np.asarray(samples, dtype=float)
    if not np.isfinite(values).all():
        raise InputError("a null sample is not finite", value=index.name)
    if not len(values) and (index.null_mean is None or index.null_sd is None):
        raise UndefinedError("there is no null to draw", value=index.name)
    name = named("measure", index.name)
    with house_style():
        if ax is None:
            size = (WIDTHS["single"], WIDTHS["single"] * 0.6)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        if len(values):
            alike = float(np.ptp(values)) <= 1e-12 * max(1.0, float(np.abs(values).max()))
            ax.hist(values, bins=1 if alike else "auto", color=OTHER, edgecolor="white",
                    linewidth=0.4, label=say("nulls.samples", n=len(values)))  # fmt: skip
            ax.set_ylabel(say("nulls.y"))
            ax.yaxis.set_major_locator(MaxNLocator("auto", integer=True))
            number_ticks(ax.yaxis)
        else:
            low, high = (index.null_mean + step * index.null_sd for step in (-2, 2))  # type: ignore[operator]
            ax.axvspan(low, high, color=OTHER, alpha=0.5, lw=0, label=say("nulls.band"))
            ax.set_yticks([])
        if index.low is not None and index.high is not None:
            ax.axvspan(index.low, index.high, facecolor=PALETTE[1], alpha=0.25, lw=0,
                       label=say("nulls.interval"))  # fmt: skip
        ax.axvline(index.value, color=PALETTE[1], lw=1.5, label=say("nulls.observed"))
        ax.set_xlabel(wrapped(say(f"nulls.x_{index.divided_is}", measure=name), 52))
        number_ticks(ax.xaxis)
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    return attach(
        ax,
        caption=joined(_caption(index, name, len(values)), about(graph)),
        alt=say(
            "nulls.alt", measure=name, value=index.value, where=_where(index.value, index, values)
        ),
        data=_data(index, values),
    )


def _caption(index: IndexValue, name: str, drawn: int) -> str:
    """Return what is seen, in words."""
    told = say("nulls.caption", measure=name, value=index.value)
    if index.low is not None and index.high is not None:
        told += say("nulls.caption_interval", low=index.low, high=index.high)
    if index.null_mean is not None:
        told += say("nulls.caption_null", runs=drawn or index.runs, mean=index.null_mean)
        told += "" if index.null_sd is None else say("nulls.caption_sd", sd=index.null_sd)
    told += say("nulls.caption_right" if index.divided_is == "high" else "nulls.caption_left")
    return joined(told, seed_text(index.seed))


def _where(observed: float, index: IndexValue, values: NDArray[np.float64]) -> str:
    """Return where the observed value stands among its null values."""
    if not len(values):
        low, high = (index.null_mean + step * index.null_sd for step in (-2, 2))  # type: ignore[operator]
        return say("nulls.alt_band", low=low, high=high)
    over = int((values >= observed).sum())
    below = not (values <= observed).any()
    which = "above" if not over else "below" if below else "among"
    return say(f"nulls.alt_{which}", n=len(values), over=over)


def _data(index: IndexValue, values: NDArray[np.float64]) -> pd.DataFrame:
    """Return a row for what is observed, its interval and the null, and one a null graph."""
    import pandas as pd

    rows = [
        ("observed", index.value),
        ("interval_low", index.low),
        ("interval_high", index.high),
        ("null_mean", index.null_mean),
        ("null_sd", index.null_sd),
        *(("null_graph", value) for value in values.tolist()),
    ]
    known = [row for row in rows if row[1] is not None]
    return pd.DataFrame(known, columns=["what", f"{index.name}_value"])
