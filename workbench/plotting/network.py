"""The network: who is near whom, which communities, which hubs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import InputError, UndefinedError
from workbench.plotting.captions import alt_text, joined, network_caption, nouns
from workbench.plotting.facts import attach, figure, score_column
from workbench.plotting.positions import placed
from workbench.plotting.raster import edge_picture
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style
from workbench.plotting.texts import named, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.model.scores import NodeScores
    from workbench.plotting.layout import Layout
    from workbench.plotting.positions import Positions

__all__ = ["check_drawable", "network"]

EDGE = "#C3C8CE"
#: Beyond so many edges single lines cannot be told apart, and their density is drawn.
MOST_LINES = 30_000
HUBS = 8
#: Dots of up to so many accounts have their full size; those of more are smaller.
MOST_LARGE_DOTS = 3_000
#: The shorter side of the frame, of the longer one.
FLATTEST = 0.2
#: Accounts from which a community has room for its name.
ROOM_FOR_A_NAME = 10


@figure
def network(
    graph: InteractionGraph,
    *,
    colour: Partition | None = None,
    size: NodeScores | None = None,
    labels: Callable[[str], str] | None = None,
    layout: Positions | None = None,
    seed: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw a graph: edges as faint lines, accounts as dots, the largest communities in colour.

    Edges are rasterised, text stays text. Beyond 30,000 edges their density is drawn, every one of
    them: within a community in its colour, between communities in grey. Communities beyond the
    seventh are grey ("other"); the name or number of a larger one stands amid its accounts. The
    eight accounts with the highest score are labelled when `labels` says how: a label is a
    pseudonym unless the account is a public actor; without `labels` nobody is named.

    Its data has a row an account, the highest score first, without the account's id: place,
    community, score, and the label where there is one. The edges are those of the graph.

    Parameters
    ----------
    colour
        Communities or sides of this graph.
    size
        Scores of this graph; the area of a dot grows with them. None uses in-strength.
    labels
        Account id → label, such as ``Pseudonymiser.label``.
    layout
        A ``Layout``; or positions as networkx makes them, account → (x, y), or a table with the
        columns ``account x y``. None computes them with `seed`.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    UndefinedError
        The graph is empty.
    InputError
        A partition, scores or a layout belong to another graph, or a node has no score.
    """
    import matplotlib.pyplot as plt

    check_drawable(graph, colour=colour, size=size)
    drawn = placed(graph, layout, seed=seed)
    scores = graph.without_self_loops().in_strength() if size is None else size.values
    measure = "in_strength" if size is None else size.name
    with house_style():
        if ax is None:
            _, ax = plt.subplots(figsize=_size(drawn.positions), layout="constrained")
        _frame(ax, drawn.positions)
        raster = graph.edges > MOST_LINES
        if raster:
            _draw_density(ax, graph, drawn, colour)
        else:
            _draw_lines(ax, graph, drawn)
        _draw_nodes(ax, graph, drawn, colour, scores)
        names = [] if colour is None else _draw_names(ax, drawn, colour)
        if labels is not None:
            _draw_labels(ax, graph, drawn, scores, labels=labels, beside=names)
        _legend(ax, colour, measure, scores)
    density = "network.raster_plain" if colour is None else "network.raster"
    outside = _outside(ax, drawn.positions)
    return attach(
        ax,
        caption=joined(
            network_caption(graph, drawn, colour=colour, size=measure),
            say(density) if raster else "",
            say("network.outside", accounts=outside, **nouns(graph)) if outside else "",
        ),
        alt=alt_text(graph, colour=colour),
        data=_data(graph, drawn, colour, scores, score_column(measure), labels),
    )


def check_drawable(
    graph: InteractionGraph,
    *,
    colour: Partition | None = None,
    size: NodeScores | None = None,
) -> None:
    """Refuse an empty graph, and results that are not of this graph or of all its nodes.

    Raises
    ------
    UndefinedError, InputError
        As ``network``.
    """
    if not graph.nodes:
        raise UndefinedError("there is nothing to draw: the graph is empty")
    if colour is not None:
        colour.check(graph)
    if size is not None:
        size.check(graph)
        if len(size.values) != graph.nodes:
            raise InputError(
                "some accounts have no score, so their dots have no size",
                value=f"{len(size.values)} of {graph.nodes}",
                remedy="draw the subgraph of those that have one",
            )


def _data(
    graph: InteractionGraph,
    drawn: Layout,
    colour: Partition | None,
    scores: NDArray[np.float64],
    column: str,
    labels: Callable[[str], str] | None,
) -> pd.DataFrame:
    import pandas as pd

    order = np.argsort(-scores, kind="stable")
    columns: dict[str, Any] = {
        "x_layout": drawn.positions[order, 0],
        "y_layout": drawn.positions[order, 1],
        column: scores[order],
    }
    if colour is not None:
        names = np.array([*colour.names, None], dtype=object)
        columns["community"] = names[colour.labels[order]]
    if labels is not None:
        shown = [labels(str(graph.accounts[i])) for i in order[:HUBS].tolist()]
        columns["label"] = [*shown, *[None] * (graph.nodes - len(shown))]
    return pd.DataFrame(columns)


def _draw_lines(ax: Axes, graph: InteractionGraph, drawn: Layout) -> None:
    from matplotlib.collections import LineCollection

    source, target = _joined(graph)
    segments = np.stack([drawn.positions[source], drawn.positions[target]], axis=1)
    alpha = float(np.clip(900 / max(len(source), 1), 0.06, 0.5))
    lines = LineCollection(
        list(segments), colors=EDGE, linewidths=0.35, alpha=alpha, rasterized=True, zorder=1
    )
    ax.add_collection(lines, autolim=False)


def _draw_density(
    ax: Axes, graph: InteractionGraph, drawn: Layout, colour: Partition | None
) -> None:
    source, target = _joined(graph)
    between = len(PALETTE)
    groups = np.zeros(len(source), dtype=np.int64)
    colours: list[str] = [EDGE]
    if colour is not None:
        own, other = colour.labels[source], colour.labels[target]
        groups = np.where((own == other) & (own >= 0) & (own < between), own, between)
        colours = [*PALETTE, EDGE]
    frame = (*ax.get_xlim(), *ax.get_ylim())
    picture = edge_picture(
        (drawn.positions[source], drawn.positions[target]), groups, colours, frame=frame
    )
    ax.imshow(
        picture, extent=frame, origin="lower", aspect="equal", interpolation="antialiased",
        zorder=1,
    )  # fmt: skip


def _joined(graph: InteractionGraph) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return both ends of each edge between two accounts, once."""
    source, target, _ = graph.arcs()
    proper = source != target if graph.directed else source < target
    return source[proper], target[proper]


def _colours(graph: InteractionGraph, colour: Partition | None) -> NDArray[np.object_]:
    if colour is None:
        return np.full(graph.nodes, PALETTE[0], dtype=object)
    palette = np.array([*PALETTE, OTHER], dtype=object)
    labels = np.where(colour.labels < 0, len(PALETTE), np.minimum(colour.labels, len(PALETTE)))
    return palette[labels]


def _areas(scores: NDArray[np.float64], share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return dot areas in square points that grow with the share of the highest score."""
    room = min(1.0, MOST_LARGE_DOTS / max(len(scores), 1))
    return np.asarray(3.0 * room + 110.0 * room**0.5 * share)


def _shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each score as a share of the highest; 0 where none is above 0."""
    top = float(scores.max()) if len(scores) else 0.0
    return np.clip(scores, 0, None) / top if top > 0 else np.zeros(len(scores))


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
        s=_areas(scores, _shares(scores))[order],
        c=_colours(graph, colour)[order].tolist(),
        linewidths=0.3 if graph.nodes <= MOST_LARGE_DOTS else 0.0,
        edgecolors="white",
        alpha=0.9,
        zorder=2,
        rasterized=True,
    )


def _draw_names(ax: Axes, drawn: Layout, colour: Partition) -> list[tuple[str, float, float]]:
    """Write the name or number of each larger community amid its accounts; return the places."""
    large = [i for i, n in enumerate(colour.sizes[: len(PALETTE)]) if n >= ROOM_FOR_A_NAME]
    if not large:
        return []
    middles = np.array([np.median(drawn.positions[colour.labels == i], axis=0) for i in large])
    gap = 1.6 * _line(ax)
    names = [_short(colour.names[i]) for i in large]
    heights = _apart(middles, gap=gap, widths=_widths(ax, names)) - gap
    places = list(zip(names, middles[:, 0].tolist(), heights.tolist(), strict=True))
    for i, (name, x, y) in zip(large, places, strict=True):
        ax.text(
            x, y, name, ha="center", va="center", fontsize=7, fontweight="bold", color="#202124",
            zorder=3, clip_on=True,
            bbox={"boxstyle": "round,pad=0.25", "fc": "white", "ec": PALETTE[i], "lw": 1.2,
                  "alpha": 0.9},
        )  # fmt: skip
    return places


def _short(name: str) -> str:
    return name if len(name) <= 16 else f"{name[:15]}…"


def _line(ax: Axes) -> float:
    """Return the height of a line of labels in units of the drawing."""
    inches = ax.get_figure(root=True).get_figheight() * ax.get_position().height  # type: ignore[union-attr]
    return 0.115 * float(np.ptp(ax.get_ylim())) / inches


def _widths(ax: Axes, names: Sequence[str]) -> NDArray[np.float64]:
    """Return about how wide the labels are, in units of the drawing."""
    return np.array([0.6 * _line(ax) * (len(name) + 1) for name in names])


def _draw_labels(
    ax: Axes,
    graph: InteractionGraph,
    drawn: Layout,
    scores: NDArray[np.float64],
    *,
    labels: Callable[[str], str],
    beside: list[tuple[str, float, float]],
) -> None:
    """Label the hubs, pushed up so that they cover neither each other nor the names of groups."""
    from matplotlib.patheffects import withStroke

    hubs = np.argsort(-scores, kind="stable")[:HUBS]
    shown = [labels(str(graph.accounts[hub])) for hub in hubs.tolist()]
    gap = 1.25 * _line(ax)
    taken = [(x, y - gap) for _, x, y in beside]
    points = np.array([*taken, *drawn.positions[hubs].tolist()])
    widths = _widths(ax, [*(name for name, _, _ in beside), *shown])
    heights = _apart(points, gap=gap, widths=widths, fixed=len(taken))[len(taken) :]
    for hub, name, height in zip(hubs.tolist(), shown, heights.tolist(), strict=True):
        x, y = drawn.positions[hub]
        text = ax.annotate(
            name,
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


def _apart(
    points: NDArray[np.float64], *, gap: float, widths: NDArray[np.float64], fixed: int = 0
) -> NDArray[np.float64]:
    """Return label heights above their points, at least `gap` apart where they would overlap.

    The first `fixed` labels stay where they are.
    """
    order = np.argsort(points[fixed:, 1], kind="stable") + fixed
    heights = points[:, 1] + gap
    placed = list(range(fixed))
    for i in order.tolist():
        for j in sorted(placed, key=heights.__getitem__):  # pushed up past each in turn
            near = abs(points[i, 0] - points[j, 0]) < (widths[i] + widths[j]) / 2
            if near and abs(heights[i] - heights[j]) < gap:
                heights[i] = heights[j] + gap
        placed.append(i)
    return heights


def _legend(ax: Axes, colour: Partition | None, measure: str, scores: NDArray[np.float64]) -> None:
    from matplotlib.lines import Line2D

    handles: list[Any] = []
    if colour is not None:
        for i, size in enumerate(colour.sizes[: len(PALETTE)]):
            numbered = colour.names[i].isdigit()
            name = say("network.legend_community", number=i) if numbered else colour.names[i]
            handles.append(_dot(PALETTE[i], say("network.legend_size", name=name, accounts=size)))
        if rest := sum(colour.sizes[len(PALETTE) :]) + colour.unlabelled:
            name = say("network.legend_other")
            handles.append(_dot(OTHER, say("network.legend_size", name=name, accounts=rest)))
    top = float(scores.max())
    for value in (top / 10, top) if top > 0 else (top,):
        share = value / top if top > 0 else 0.0
        points = float(np.sqrt(_areas(scores, np.array([share]))[0]))
        told = say("network.legend_score", measure=named("measure", measure), score=value)
        handles.append(
            Line2D([], [], marker="o", ls="", ms=points, mfc="none", mec="#5F6368", mew=0.6,
                   label=told)
        )  # fmt: skip
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), labelspacing=0.9)


def _dot(colour: str, label: str) -> Any:
    from matplotlib.lines import Line2D

    return Line2D([], [], marker="o", ls="", ms=5, mfc=colour, mec="white", label=label)


def _outside(ax: Axes, positions: NDArray[np.float64]) -> int:
    """Return how many accounts are outside the frame."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    x, y = positions.T
    return int(((x < left) | (x > right) | (y < bottom) | (y > top)).sum())


def _size(positions: NDArray[np.float64]) -> tuple[float, float]:
    """Return width and height of the figure: two columns, as high as the drawing needs."""
    (left, bottom), (right, top) = _bounds(positions)
    flat = (top - bottom) / (right - left)
    return WIDTHS["double"], WIDTHS["double"] * float(np.clip(0.78 * flat, 0.36, 0.75))


def _bounds(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the corners around nearly everybody: far-flung isolates must not shrink the rest."""
    low, high = np.percentile(positions, [0.5, 99.5], axis=0)
    # Accounts on one line, or in one place, need room across it.
    room = max(FLATTEST * (high - low).max(), 1e-9 * np.abs(positions).max(), 1e-9)
    short = np.maximum(room - (high - low), 0) / 2
    low, high = low - short, high + short
    margin = 0.06 * (high - low)
    return np.array([low - margin, high + margin * (1, 1.6)])


def _frame(ax: Axes, positions: NDArray[np.float64]) -> None:
    (left, bottom), (right, top) = _bounds(positions)
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    ax.set_aspect("equal", adjustable="box")
    ax.set_axis_off()
