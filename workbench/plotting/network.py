"""The network: who is near whom, which communities, which hubs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError
from workbench.model.partition import check_fingerprint
from workbench.plotting.captions import network_caption
from workbench.plotting.layout import Layout
from workbench.plotting.layout import layout as lay_out
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.model.scores import NodeScores

__all__ = ["network"]

EDGE = "#C3C8CE"
#: Edges beyond which only every k-th is drawn; the caption says so, and counts all of them.
MAX_EDGES_DRAWN = 150_000
HUBS = 8


def network(
    graph: InteractionGraph,
    *,
    colour: Partition | None = None,
    size: NodeScores | None = None,
    labels: Callable[[str], str] | None = None,
    layout: Layout | None = None,
    seed: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a graph: edges as faint lines, accounts as dots, the largest communities in colour.

    Edges are rasterised, text stays text. Communities beyond the seventh are grey ("other"). The
    eight accounts with the highest score are labelled when `labels` says how: a label is a
    pseudonym unless the account is a public actor; without `labels` nobody is named.

    Parameters
    ----------
    colour
        Communities or sides of this graph.
    size
        Scores of this graph; the area of a dot grows with them. None uses in-strength.
    labels
        Account id → label, such as ``Pseudonymiser.label``.
    layout
        Positions; None computes them with `seed`.

    Returns
    -------
    Axes
        With the caption as its ``get_gid()`` text, so that reports can print it.

    Raises
    ------
    UndefinedError
        The graph is empty.
    InputError
        A partition, scores or a layout belong to another graph.
    """
    import matplotlib.pyplot as plt

    if not graph.nodes:
        raise UndefinedError("there is nothing to draw: the graph is empty")
    if colour is not None:
        colour.check(graph)
    if size is not None:
        size.check(graph)
    if layout is not None:
        check_fingerprint(layout.graph_fingerprint, graph, what="layout")
    drawn = layout or lay_out(graph, seed=seed)
    scores = graph.without_self_loops().in_strength() if size is None else size.values
    with house_style():
        if ax is None:
            _, ax = plt.subplots(figsize=(WIDTHS["double"], WIDTHS["double"] * 0.72))
        _draw_edges(ax, graph, drawn)
        _draw_nodes(ax, graph, drawn, colour, scores)
        if labels is not None:
            _draw_labels(ax, graph, drawn, scores, labels)
        _legend(ax, colour, "in-strength" if size is None else size.name, scores)
        _frame(ax, drawn.positions)
    name = "in-strength (acts upon the account)" if size is None else size.name
    every = _every(graph.arcs_stored)
    ax.set_gid(network_caption(graph, drawn, colour=colour, size=name, every=every))
    return ax


def _draw_edges(ax: Axes, graph: InteractionGraph, drawn: Layout) -> None:
    from matplotlib.collections import LineCollection

    source, target, _ = graph.arcs()
    every = _every(len(source))
    source, target = source[::every], target[::every]
    keep = source != target
    source, target = source[keep], target[keep]
    segments = np.stack([drawn.positions[source], drawn.positions[target]], axis=1)
    alpha = float(np.clip(900 / max(len(source), 1), 0.06, 0.5))
    lines = LineCollection(
        list(segments), colors=EDGE, linewidths=0.35, alpha=alpha, rasterized=True, zorder=1
    )
    ax.add_collection(lines)


def _every(edges: int) -> int:
    """Return k where every k-th edge is drawn."""
    return max(1, -(-edges // MAX_EDGES_DRAWN))


def _colours(graph: InteractionGraph, colour: Partition | None) -> NDArray[np.object_]:
    if colour is None:
        return np.full(graph.nodes, PALETTE[0], dtype=object)
    palette = np.array([*PALETTE, OTHER], dtype=object)
    labels = np.where(colour.labels < 0, len(PALETTE), np.minimum(colour.labels, len(PALETTE)))
    return palette[labels]


def _areas(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return dot areas in square points, growing with the score."""
    top = float(scores.max()) if len(scores) else 0.0
    share = np.clip(scores, 0, None) / top if top > 0 else np.zeros(len(scores))
    return 3.0 + 110.0 * share


def _draw_nodes(
    ax: Axes,
    graph: InteractionGraph,
    drawn: Layout,
    colour: Partition | None,
    scores: NDArray[np.float64],
) -> None:
    order = np.argsort(scores, kind="stable")  # the large ones on top
    ax.scatter(
        drawn.positions[order, 0],
        drawn.positions[order, 1],
        s=_areas(scores)[order],
        c=_colours(graph, colour)[order].tolist(),
        linewidths=0.3,
        edgecolors="white",
        alpha=0.9,
        zorder=2,
        rasterized=True,
    )


def _draw_labels(
    ax: Axes,
    graph: InteractionGraph,
    drawn: Layout,
    scores: NDArray[np.float64],
    labels: Callable[[str], str],
) -> None:
    """Label the hubs, pushed apart vertically so that they do not cover each other."""
    from matplotlib.patheffects import withStroke

    hubs = np.argsort(-scores, kind="stable")[:HUBS]
    spread = np.ptp(drawn.positions[:, 1]) or 1.0
    heights = _apart(drawn.positions[hubs], gap=0.035 * spread)
    for hub, height in zip(hubs.tolist(), heights.tolist(), strict=True):
        x, y = drawn.positions[hub]
        text = ax.annotate(
            labels(str(graph.accounts[hub])),
            (x, y),
            xytext=(x, height),
            ha="center",
            va="center",
            fontsize=6.5,
            fontweight="bold",
            color="#202124",
            zorder=4,
            arrowprops={"arrowstyle": "-", "lw": 0.4, "color": "#5F6368", "shrinkA": 0},
        )
        text.set_path_effects([withStroke(linewidth=2.2, foreground="white")])


def _apart(points: NDArray[np.float64], *, gap: float) -> NDArray[np.float64]:
    """Return label heights above their points, at least `gap` apart where they would overlap."""
    order = np.argsort(points[:, 1], kind="stable")
    heights = points[:, 1] + gap
    width = 8 * gap
    placed: list[int] = []
    for i in order.tolist():
        for j in sorted(placed, key=heights.__getitem__):  # pushed up past each in turn
            near = abs(points[i, 0] - points[j, 0]) < width
            if near and abs(heights[i] - heights[j]) < gap:
                heights[i] = heights[j] + gap
        placed.append(i)
    return heights


def _legend(ax: Axes, colour: Partition | None, name: str, scores: NDArray[np.float64]) -> None:
    from matplotlib.lines import Line2D

    handles: list[Any] = []
    if colour is not None:
        for i, size in enumerate(colour.sizes[: len(PALETTE)]):
            given = colour.names[i] if not colour.names[i].isdigit() else f"community {i}"
            handles.append(
                Line2D([], [], marker="o", ls="", ms=5, mfc=PALETTE[i], mec="white",
                       label=f"{given} ({size:,})")
            )  # fmt: skip
        rest = sum(colour.sizes[len(PALETTE) :]) + colour.unlabelled
        if rest:
            handles.append(
                Line2D([], [], marker="o", ls="", ms=5, mfc=OTHER, mec="white",
                       label=f"other ({rest:,})")
            )  # fmt: skip
    top = float(scores.max()) if len(scores) else 0.0
    for value in (top / 10, top):
        points = float(np.sqrt(3.0 + 110.0 * (value / top))) if top else 1.5
        handles.append(
            Line2D([], [], marker="o", ls="", ms=points, mfc="none", mec="#5F6368", mew=0.6,
                   label=f"{name.replace('_', ' ')} {value:,.3g}")
        )  # fmt: skip
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), labelspacing=0.9)


def _frame(ax: Axes, positions: NDArray[np.float64]) -> None:
    """Show where nearly everybody is: far-flung isolates must not shrink the picture."""
    low, high = np.percentile(positions, [0.5, 99.5], axis=0)
    margin = 0.06 * np.maximum(high - low, 1e-9)
    ax.set_xlim(low[0] - margin[0], high[0] + margin[0])
    ax.set_ylim(low[1] - margin[1], high[1] + margin[1] * 1.6)
    ax.set_aspect("equal", adjustable="box")
    ax.set_axis_off()
