"""Layout and drawing of a million edges, the layout against igraph's grid Fruchterman–Reingold."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.measure import Row, at_least, at_most, measured, run, timed

HERE = "tests.benchmarks.bench_layout"
COMMUNITIES = 40


def _graph(edges: int) -> Any:
    """Return a heavy-tailed graph with planted communities, a quarter of the edges across."""
    from workbench.model import InteractionGraph

    rng = np.random.default_rng(5)
    nodes = edges * 3 // 20
    community = rng.integers(0, COMMUNITIES, nodes)
    order = np.argsort(community, kind="stable")
    start = np.searchsorted(community[order], np.arange(COMMUNITIES + 1))
    source = rng.integers(0, nodes, edges)
    inside = rng.random(edges) > 0.25
    popular = (rng.pareto(1.5, edges) * 0.02 * nodes / COMMUNITIES).astype(int)
    popular = np.minimum(popular, nodes // (2 * COMMUNITIES))
    own = order[np.minimum(start[community[source]] + popular, start[community[source] + 1] - 1)]
    target = np.where(inside, own, rng.integers(0, nodes, edges))
    keep = source != target
    ids = [f"x:{i}" for i in range(nodes)]
    return InteractionGraph.from_edges(
        [ids[i] for i in source[keep]], [ids[i] for i in target[keep]]
    ).largest_component()


def ours(edges: str) -> dict[str, Any]:
    """Lay the graph out with FFT-ForceAtlas2."""
    from workbench.plotting import layout

    graph = _graph(int(edges))
    with timed() as spent:
        made = layout.layout(graph, seed=1)
    kept = layout.neighbour_preservation(graph, made.positions)
    return {"seconds": spent[0], "preservation": kept, "nodes": graph.nodes, "edges": graph.edges}


def grid_fruchterman_reingold(edges: str) -> dict[str, Any]:
    """Lay the same graph out with igraph, 300 iterations on its grid."""
    from workbench.plotting import layout
    from workbench.rng import igraph_seeded

    graph = _graph(int(edges))
    other = graph.symmetrised(weighted=False).to_igraph().as_undirected()
    with igraph_seeded(1), timed() as spent:
        drawn = other.layout_fruchterman_reingold(niter=300, grid="grid")
    kept = layout.neighbour_preservation(graph, np.array(drawn.coords))
    return {"seconds": spent[0], "preservation": kept}


def figure(edges: str) -> dict[str, Any]:
    """Draw the graph, its communities in colour, as a picture of 300 dots an inch."""
    from io import BytesIO

    from workbench.model import Partition
    from workbench.plotting import network
    from workbench.plotting.layout import layout
    from workbench.plotting.style import save

    graph = _graph(int(edges))
    drawn = layout(graph, iterations=20, seed=1)
    turn = np.arctan2(*drawn.positions.T)
    colour = Partition.from_labels(graph, (turn * 1.5).astype(int), method="made")
    with timed() as spent:
        axes = network(graph, colour=colour, layout=drawn)
        save(axes.figure, BytesIO(), dpi=300)
    return {"seconds": spent[0]}


def rows(*, scale: float) -> list[Row]:
    """Return the comparisons; `scale` 1 is a million edges between 150,000 accounts."""
    edges = int(1_000_000 * scale)
    mine, peer = measured(
        [(f"{HERE}:ours", (edges,)), (f"{HERE}:grid_fruchterman_reingold", (edges,))], repeat=1
    )
    kept, other = mine.answer["preservation"], peer.answer["preservation"]
    picture = run(f"{HERE}:figure", edges)
    size = f"{mine.answer['nodes']:,} nodes and {mine.answer['edges']:,} edges"
    seconds = f"{mine.seconds:.1f} s"
    return [
        at_most(f"layout of {size}: seconds", mine.seconds, 20, ours=seconds, peer="20 s"),
        at_least(
            "the same layout: time, igraph grid FR (300 iterations) / ours",
            peer.seconds / mine.seconds,
            1.5,
            ours=seconds,
            peer=f"{peer.seconds:.1f} s",
        ),
        at_least(
            "the same layouts: neighbour preservation, ours / igraph grid FR",
            kept / other,
            3,
            ours=f"{kept:.4f}",
            peer=f"{other:.4f}",
        ),
        at_most(
            "figure of the same graph, all edges drawn: seconds",
            picture.seconds,
            10,
            ours=f"{picture.seconds:.1f} s",
            peer="10 s",
        ),
    ]
