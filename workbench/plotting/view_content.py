"""What the page of an interactive view holds: nodes, edges, communities, as numbers and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.plotting.captions import nouns
from workbench.plotting.style import OTHER, PALETTE
from workbench.plotting.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.plotting.layout import Layout
    from workbench.plotting.view_edges import DrawnEdges

__all__ = ["community_names", "content", "order_of_nodes", "radii"]

#: Edges between communities, in large graphs lighter, and the edges of a chosen node. Opaque,
#: because transparent lines vanish where a graphics card is emulated.
BETWEEN, BETWEEN_MANY, CHOSEN = "#d3d7dc", "#e6e9ec", "#5f6368"
MANY = 20_000
#: Positions are whole numbers of this many steps along the longer side of the frame.
GRID = 20_000


def order_of_nodes(drawn: DrawnEdges, scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the drawn nodes from the highest score down; node 1 of the page comes first."""
    return drawn.nodes[np.argsort(-scores[drawn.nodes], kind="stable")]


def radii(values: NDArray[np.float64], *, top: float, n: int) -> NDArray[np.float64]:
    """Return radii in pixels: the area of a dot grows with its value, smaller in large graphs."""
    largest = float(np.clip(12 * (2_000 / max(n, 1)) ** 0.25, 7, 12))
    share = np.clip(values, 0, None) / top if top > 0 else np.zeros(len(values))
    return np.asarray(largest * np.sqrt((0.03 + share) / 1.03))


def community_names(colour: Partition | None) -> list[str]:
    """Return what each community is called: its given name, or its number."""
    if colour is None:
        return []
    return [
        say("network.legend_community", number=name) if name.isdigit() else name
        for name in colour.names
    ]


def content(
    graph: InteractionGraph,
    drawn: DrawnEdges,
    *,
    layout: Layout,
    colour: Partition | None,
    scores: NDArray[np.float64],
    measure: str,
    labels: Callable[[str], str] | None,
    text: Mapping[str, str],
) -> dict[str, Any]:
    """Return the data of the page; nodes are numbers from the largest down, never ids."""
    order = order_of_nodes(drawn, scores)
    number = np.full(graph.nodes, -1, dtype=np.int64)
    number[order] = np.arange(len(order))
    labelled = np.zeros(graph.nodes, dtype=np.int64) if colour is None else colour.labels
    group = np.where(labelled < 0, len(PALETTE), np.minimum(labelled, len(PALETTE)))[order]
    values = scores[order]
    top = float(values.max()) if len(values) else 0.0
    places, frame = _places(layout.positions[order])
    names = community_names(colour)
    named = None if labels is None else [str(labels(str(a))) for a in graph.accounts[order]]
    shown = [top, top / 4, top / 16] if top > 0 else []
    return {
        "directed": graph.directed,
        "partial": drawn.rule != "all",
        "measure": measure,
        "names": names,
        "communities": _communities(group, names or [nouns(graph)["many"]], text["other"]),
        "between": BETWEEN if len(drawn) <= MANY else BETWEEN_MANY,
        "chosen": CHOSEN,
        "frame": frame,
        "areas": [
            {"radius": round(float(radius), 2), "value": float(f"{value:.3g}")}
            for value, radius in zip(
                shown, radii(np.array(shown), top=top, n=len(order)), strict=True
            )
        ],
        "nodes": {
            "x": places[:, 0].tolist(),
            "y": places[:, 1].tolist(),
            "radius": np.round(radii(values, top=top, n=len(order)), 2).tolist(),
            "score": _numbers(values),
            "community": labelled[order].tolist() if names else [0] * len(order),
            "group": group.tolist(),
            "name": named,
        },
        "edges": {
            "source": number[drawn.source].tolist(),
            "target": number[drawn.target].tolist(),
            "weight": _numbers(drawn.weight),
        },
    }


def _communities(
    group: NDArray[np.int64], names: Sequence[str], other: str
) -> list[dict[str, Any]]:
    """Return the entries of the legend: the seven largest communities and all others."""
    sizes = np.bincount(group, minlength=len(PALETTE) + 1)
    entries = [*zip(names[: len(PALETTE)], PALETTE, strict=False)]
    listed = [
        {"name": name, "colour": shade, "tint": _tint(shade), "size": int(size)}
        for (name, shade), size in zip(entries, sizes, strict=False)
    ]
    blank = {"name": "", "colour": OTHER, "tint": BETWEEN, "size": 0}
    listed += [blank] * (len(PALETTE) - len(listed))
    return [*listed, {**blank, "name": other, "size": int(sizes[-1])}]


def _places(positions: NDArray[np.float64]) -> tuple[NDArray[np.int64], dict[str, list[int]]]:
    """Return whole-number positions, and the frame in which nearly everybody is.

    Far-flung isolates lie outside the frame; they must not shrink the picture.
    """
    low, high = np.percentile(positions, [0.5, 99.5], axis=0)
    side = float((high - low).max()) or 1.0
    places = np.rint((positions - low) / side * GRID).astype(np.int64)
    ends = np.rint((high - low) / side * GRID).astype(int).tolist()
    return places, {"x": [0, max(ends[0], 1)], "y": [0, max(ends[1], 1)]}


def _tint(colour: str) -> str:
    """Return a colour mixed with twice as much white."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{(part + 2 * 255) // 3:02x}" for part in parts)


def _numbers(values: NDArray[np.float64]) -> list[int | float]:
    """Return numbers as short as they are exact to six digits; whole ones whole."""
    return [int(v) if v.is_integer() else float(f"{v:.6g}") for v in values.tolist()]
