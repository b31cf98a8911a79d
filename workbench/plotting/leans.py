"""Own lean against that of contacts, and an index by the size of the elites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import InputError, UndefinedError
from workbench.plotting.captions import about, joined
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import PALETTE, WIDTHS, house_style
from workbench.plotting.texts import named, number_ticks, say, wrapped, written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["joint_density", "k_profile"]


@figure
def joint_density(
    density: ArrayLike,
    grid: ArrayLike,
    *,
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how many accounts lean so while their contacts lean so: echo chambers are corners.

    Parameters
    ----------
    density
        Share of accounts in each cell, (own, neighbours), shape (B, B), sums to 1:
        ``EchoChamber.density``.
    grid
        Cell edges, the same on both axes, ascending, shape (B + 1,).
    graph
        The graph behind it; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    InputError
        The cells do not fit the grid, or a share is no number ≥ 0.
    UndefinedError
        There is no account.
    """
    import matplotlib.pyplot as plt

    cells, edges = np.asarray(density, dtype=float), np.asarray(grid, dtype=float)
    fits = cells.ndim == 2 and cells.shape == (len(edges) - 1, len(edges) - 1)
    if not fits or not (np.isfinite(cells) & (cells >= 0)).all():
        raise InputError(
            "a density needs B x B shares ≥ 0 and B + 1 edges",
            value=f"{cells.shape} for {len(edges)} edges",
        )
    if not cells.sum():
        raise UndefinedError("there is nothing to draw: no account has a lean and contacts")
    shares = cells / cells.sum()
    with house_style():
        if ax is None:
            size = (WIDTHS["single"], WIDTHS["single"] * 0.85)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        shown = np.ma.masked_equal(100 * shares.T, 0.0)
        mesh = ax.pcolormesh(edges, edges, shown, cmap="Blues", vmin=0, rasterized=True)
        bar = ax.figure.colorbar(mesh, ax=ax)
        bar.set_label(say("density.bar"))
        number_ticks(bar.ax.yaxis)
        bar.outline.set_linewidth(0.6)
        ax.set_xlabel(say("density.x"))
        ax.set_ylabel(say("density.y"))
        number_ticks(ax.xaxis)
        number_ticks(ax.yaxis)
        ax.set_aspect("equal")
    fullest = float(shares.max())
    middle = np.sign(edges[:-1] + edges[1:])
    alike = float(shares[np.outer(middle, middle) > 0].sum())
    return attach(
        ax,
        caption=joined(say("density.caption", bins=len(edges) - 1, fullest=fullest), about(graph)),
        alt=say("density.alt", alike=alike),
        data=_cells(shares, edges),
    )


def _cells(shares: NDArray[np.float64], edges: NDArray[np.float64]) -> pd.DataFrame:
    import pandas as pd

    own, others = (side.ravel() for side in np.indices(shares.shape))
    return pd.DataFrame(
        {
            "own_from_lean": edges[own], "own_to_lean": edges[own + 1],
            "contacts_from_lean": edges[others], "contacts_to_lean": edges[others + 1],
            "accounts_share": shares.ravel(),
        }
    )  # fmt: skip


@figure
def k_profile(
    table: pd.DataFrame,
    *,
    name: str = "index",
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw an index by the size of the elites, counts and shares of a side apart.

    Parameters
    ----------
    table
        ``k kind value`` a row, as ``polarisation.k_profile`` gives; unknown values are gaps.
    name
        Of the index, for the axis.
    graph
        The graph behind it; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.
        Sizes are evenly spaced, counts before shares.

    Raises
    ------
    InputError
        A column is missing.
    UndefinedError
        No value is known.
    """
    import matplotlib.pyplot as plt

    if missing := {"k", "kind", "value"} - set(table.columns):
        raise InputError("the profile lacks a column", value=", ".join(sorted(missing)))
    known = table["value"].astype("Float64")
    if not known.notna().any():
        raise UndefinedError("there is nothing to draw: the index is undefined for every k")
    label = named("measure", name)
    with house_style():
        if ax is None:
            size = (WIDTHS["single"], WIDTHS["single"] * 0.6)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        sizes: list[str] = []
        for kind, colour, marker in (("count", PALETTE[0], "o"), ("share", PALETTE[1], "s")):
            rows = table[table["kind"] == kind].sort_values("k")
            places = np.arange(len(sizes), len(sizes) + len(rows))
            sizes += [written(float(k), "," if kind == "count" else ".3g") for k in rows["k"]]
            values = rows["value"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            ax.plot(places, values, color=colour, marker=marker, ms=3.5, lw=1,
                    label=say(f"profile.{kind}"))  # fmt: skip
        ax.set_xticks(range(len(sizes)), sizes)
        ax.set_xlabel(say("profile.x"))
        number_ticks(ax.yaxis)
        ax.set_ylabel(wrapped(label, 32))
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    facts = {"low": float(known.min()), "high": float(known.max())}
    told = say("profile.caption", measure=f"{label[:1].upper()}{label[1:]}", sizes=len(table),
               undefined=int(known.isna().sum()), **facts)  # fmt: skip
    return attach(
        ax,
        caption=joined(told, about(graph)),
        alt=say("profile.alt", measure=label, **facts),
        data=_sizes(table, name),
    )


def _sizes(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the profile with counts and shares of a side in columns of their own."""
    import pandas as pd

    k, count = table["k"].to_numpy(dtype=float), (table["kind"] == "count").to_numpy()
    values = table["value"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return pd.DataFrame(
        {
            "elite_accounts": np.where(count, k, np.nan),
            "elite_share": np.where(count, np.nan, k),
            f"{name}_value": values,
        }
    )
