"""Which community acts upon which: arrows around a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import InputError, UndefinedError, UsageError
from workbench.plotting.captions import about, joined
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style
from workbench.plotting.texts import say, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["community_flow"]

#: Width of the largest flow, in points.
WIDEST = 6.0


@figure
def community_flow(
    acts: ArrayLike,
    names: Sequence[str],
    *,
    most: int = 30,
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the acts between communities as arrows from who acts to who is acted upon.

    Communities stand on a circle, clockwise from the top; the area of a disc is the acts inside,
    the width of an arrow the acts across, in the colour of who acts. Arrows bend to the right of
    their way, so that both directions are seen. Only the `most` largest are drawn, and none that is
    narrower than a hair; the caption says what share of the acts across they are.

    Parameters
    ----------
    acts
        Acts from community (row) to community (column), ≥ 0, shape (K, K), K ≤ 16: as
        ``communities.describe(…).acts``.
    names
        Of the communities, K of them.
    most
        Arrows drawn, ≥ 1.
    graph
        The graph behind it; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    InputError
        The table is not square, does not fit the names, or has a cell that is no number ≥ 0.
    UsageError
        There are more than 16 communities, or no arrow is asked for.
    UndefinedError
        There is no act.
    """
    import matplotlib.pyplot as plt

    table = np.asarray(acts, dtype=float)
    if table.shape != (len(names), len(names)) or not (np.isfinite(table) & (table >= 0)).all():
        raise InputError("flows need K x K finite acts ≥ 0", value=f"shape {table.shape}")
    if len(names) > 16:
        raise UsageError(
            "too many communities for one circle", value=len(names), allowed="at most 16",
            remedy="draw the largest",
        )  # fmt: skip
    if most < 1:
        raise UsageError("most must be 1 or more", value=most)
    if not table.sum():
        raise UndefinedError("there is nothing to draw: no act in or between communities")
    across = table - np.diag(table.diagonal())
    drawn = _largest(across, most)
    with house_style():
        if ax is None:
            _, ax = plt.subplots(figsize=(WIDTHS["double"], WIDTHS["double"] * 0.62),
                                 layout="constrained")  # fmt: skip
        k = len(names)
        angle = np.pi / 2 - 2 * np.pi * np.arange(k) / k
        place = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        radius = 0.04 + 0.12 * np.sqrt(table.diagonal() / max(table.diagonal().max(), 1e-300))
        for a, b in drawn:
            _arrow(ax, place, radius, (a, b), width=WIDEST * across[a, b] / across.max())
        _discs(ax, place, radius, table, list(names))
        ax.set_aspect("equal")
        ax.set_xlim(-2.1, 2.1)
        ax.set_ylim(-1.32, 1.32)
        ax.set_axis_off()
        _scale(ax, across)
    facts = {"total": table.sum(), "k": k, "crossing": across.sum() / table.sum()}
    return attach(
        ax,
        caption=joined(
            say("flow.total", **facts), _arrows_told(across, drawn, list(names)), about(graph)
        ),
        alt=say("flow.alt", **facts),
        data=_data(table, drawn, list(names)),
    )


def _largest(across: NDArray[np.float64], most: int) -> list[tuple[int, int]]:
    """Return the largest flows, the smallest of them first, as the largest lie on top."""
    order = np.argsort(-across, axis=None, kind="stable")[:most]
    pairs = [(int(i) // len(across), int(i) % len(across)) for i in order]
    hair = across.max() * 0.05 / WIDEST
    return [(a, b) for a, b in pairs if across[a, b] > hair][::-1]


def _colour(community: int) -> str:
    return PALETTE[community] if community < len(PALETTE) else OTHER


def _arrow(
    ax: Axes, place: NDArray[np.float64], radius: NDArray[np.float64], pair: tuple[int, int],
    *, width: float,
) -> None:  # fmt: skip
    from matplotlib.patches import FancyArrowPatch

    a, b = pair
    way = place[b] - place[a]
    length = float(np.hypot(*way))
    side = np.array([way[1], -way[0]]) / length
    # Ends are moved to the right of the way as the arrow bends, to the rims of the discs.
    out = way / length + 0.35 * side
    into = -way / length + 0.35 * side
    start = place[a] + radius[a] * out / np.hypot(*out)
    end = place[b] + (radius[b] + 0.015) * into / np.hypot(*into)
    shape = f"simple,tail_width={max(width, 0.35):.3f},head_width={width + 4:.3f}"
    ax.add_patch(
        FancyArrowPatch(
            tuple(start), tuple(end), connectionstyle="arc3,rad=0.16",
            arrowstyle=f"{shape},head_length={4 + 0.6 * width:.3f}", mutation_scale=1, lw=0,
            color=_colour(a), alpha=0.8, shrinkA=0, shrinkB=0, zorder=1 + width / 10,
        )
    )  # fmt: skip


def _discs(
    ax: Axes, place: NDArray[np.float64], radius: NDArray[np.float64],
    table: NDArray[np.float64], names: list[str],
) -> None:  # fmt: skip
    from matplotlib.patches import Circle

    for i, name in enumerate(names):
        ax.add_patch(Circle(tuple(place[i]), radius[i], facecolor=_colour(i), edgecolor="white",
                            lw=0.6, zorder=4))  # fmt: skip
        x, y = place[i] * (1 + (radius[i] + 0.05) / np.hypot(*place[i]))
        side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
        height = "center" if side != "center" else "bottom" if y > 0 else "top"
        shown = name if len(name) <= 30 else f"{name[:29]}…"
        ax.text(x, y, say("flow.inside", name=shown, acts=table[i, i]), ha=side, va=height,
                fontsize=6.5, color="#202124", linespacing=1.15, zorder=5)  # fmt: skip


def _scale(ax: Axes, across: NDArray[np.float64]) -> None:
    """Say how wide how many acts are."""
    from matplotlib.lines import Line2D

    top = across.max()
    if not top:
        return
    less = float(round(0.3 * top)) if top >= 10 else 0.3 * top
    handles = [
        Line2D(
            [], [], color=OTHER, lw=WIDEST * acts / top, label=say("flow.legend", acts=_count(acts))
        )
        for acts in (top, less)
    ]
    ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 0.0), title_fontsize=7,
              title=say("flow.legend_title"), alignment="left")  # fmt: skip


def _count(acts: float) -> str:
    return written(acts, "," if float(acts).is_integer() else ".3g")


def _arrows_told(
    across: NDArray[np.float64], drawn: list[tuple[int, int]], names: list[str]
) -> str:
    """Return what the arrows and discs mean, and which is the widest."""
    if not drawn:
        return say("flow.discs")
    a, b = drawn[-1]
    return say(
        "flow.arrows", drawn=len(drawn), all=int((across > 0).sum()), widest=across[a, b],
        seen=sum(across[pair] for pair in drawn) / across.sum(), source=names[a], target=names[b],
    )  # fmt: skip


def _data(
    table: NDArray[np.float64], drawn: list[tuple[int, int]], names: list[str]
) -> pd.DataFrame:
    """Return the acts of each pair of communities, and whether they are drawn."""
    import pandas as pd

    k = len(names)
    seen = np.eye(k, dtype=bool)
    for pair in drawn:
        seen[pair] = True
    return pd.DataFrame(
        {
            "source": np.repeat(names, k),
            "target": np.tile(names, k),
            "acts": table.ravel(),
            "drawn": seen.ravel(),
        }
    )
