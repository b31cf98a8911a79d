"""Communities by resolution: how many, how far runs agree, and where they stay the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import InputError, UndefinedError
from workbench.plotting.captions import about, joined
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style
from workbench.plotting.texts import number_ticks, say, ticks

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from workbench.model.graph import InteractionGraph

__all__ = ["resolution_scan"]


@figure
def resolution_scan(
    table: pd.DataFrame,
    plateaus: pd.DataFrame | None = None,
    *,
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the number of communities by resolution, agreement of runs, and plateaus as bands.

    Parameters
    ----------
    table
        ``resolution communities fewest most ami_mean`` a row, as ``communities.scan(…).table``;
        an unknown agreement is a gap.
    plateaus
        ``low high communities`` a row; drawn as grey bands.
    graph
        The graph behind it; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        Of the number of communities, both scales logarithmic; agreement has an axis on the right.
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    InputError
        A column is missing, or a resolution is not positive.
    UndefinedError
        There is no row.
    """
    import matplotlib.pyplot as plt

    if missing := {"resolution", "communities", "fewest", "most", "ami_mean"} - set(table.columns):
        raise InputError("the scan lacks a column", value=", ".join(sorted(missing)))
    if not len(table):
        raise UndefinedError("there is nothing to draw: no resolution was scanned")
    x, number, fewest, most, ami = (
        table[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        for name in ("resolution", "communities", "fewest", "most", "ami_mean")
    )
    if not (x > 0).all():
        raise InputError("a resolution must be > 0", value=float(x.min()))
    bands = [] if plateaus is None else list(zip(plateaus["low"], plateaus["high"], strict=True))
    with house_style():
        if ax is None:
            size = (WIDTHS["single"], WIDTHS["single"] * 0.7)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        for i, (low, high) in enumerate(bands):
            ax.axvspan(
                low, high, color=OTHER, alpha=0.25, lw=0, label="" if i else say("scan.plateau")
            )
        ax.vlines(x, fewest, most, color=PALETTE[0], lw=0.8)
        ax.plot(x, number, "o-", color=PALETTE[0], ms=3, lw=1, label=say("scan.y"))
        ax.set_xscale("log", base=2)
        ax.set_yscale("log", base=2)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(ticks(".4g"))
        ax.set_xlabel(say("scan.x"))
        ax.set_ylabel(say("scan.y"))
        right = ax.twinx()
        right.plot(x, ami, "s--", color=PALETTE[1], ms=2.5, lw=0.8, label=say("scan.agreement"))
        right.set_ylim(min(0.0, float(np.nanmin(ami, initial=0.0))), 1.03)
        right.set_ylabel(say("scan.right"))
        number_ticks(right.yaxis)
        right.spines["right"].set_visible(True)
        handles = [h for a in (ax, right) for h in a.get_legend_handles_labels()[0]]
        ax.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    told = "; ".join(say("scan.range", low=float(low), high=float(high)) for low, high in bands)
    facts = {"least": float(number.min()), "most": float(number.max())}
    return attach(
        ax,
        caption=joined(
            say(
                "scan.caption", n=len(table), first=float(x.min()), last=float(x.max()),
                plateaus=told or say("scan.none"), **facts,
            ),
            about(graph),
        ),
        alt=say("scan.alt", plateaus=len(bands), **facts),
        data=_data(table, bands),
    )  # fmt: skip


def _data(table: pd.DataFrame, bands: list[tuple[float, float]]) -> pd.DataFrame:
    """Return the scan, and whether each resolution is on a plateau."""
    import pandas as pd

    on = [any(low <= r <= high for low, high in bands) for r in table["resolution"]]
    return pd.DataFrame(
        {
            "resolution": table["resolution"].to_numpy(),
            "communities": table["communities"].to_numpy(),
            "fewest_communities": table["fewest"].to_numpy(),
            "most_communities": table["most"].to_numpy(),
            "agreement_ami": table["ami_mean"].astype("Float64").to_numpy(float, na_value=np.nan),
            "on_plateau": on,
        }
    )
