"""Layout of 100 k edges, against igraph's grid Fruchterman–Reingold."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.benchmarks.measure import Row, at_least, measured, timed

HERE = "tests.benchmarks.bench_layout"


def _graph(edges: int) -> Any:
    """Return a heavy-tailed graph with planted communities, a quarter of the edges across."""
    from workbench.model import InteractionGraph

    rng = np.random.default_rng(5)
    nodes = edges // 5
    community = rng.integers(0, 40, nodes)
    order = np.argsort(community, kind="stable")
    start = np.searchsorted(community[order], np.arange(41))
    source = rng.integers(0, nodes, edges)
    inside = rng.random(edges) > 0.25
    popular = np.minimum((rng.pareto(1.5, edges) * 0.02 * nodes / 40).astype(int), nodes // 80)
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
    return {"seconds": spent[0], "preservation": kept}


def grid_fruchterman_reingold(edges: str) -> dict[str, Any]:
    """Lay the same graph out with igraph, 500 iterations on its grid."""
    from workbench.plotting import layout
    from workbench.rng import igraph_seeded

    graph = _graph(int(edges))
    other = graph.symmetrised(weighted=False).to_igraph().as_undirected()
    with igraph_seeded(1), timed() as spent:
        drawn = other.layout_fruchterman_reingold(niter=500, grid="grid")
    kept = layout.neighbour_preservation(graph, np.array(drawn.coords))
    return {"seconds": spent[0], "preservation": kept}


def rows(*, scale: float) -> list[Row]:
    """Return the comparisons; `scale` 1 is 100 k edges."""
    edges = int(100_000 * scale)
    mine, peer = measured(
        [(f"{HERE}:ours", (edges,)), (f"{HERE}:grid_fruchterman_reingold", (edges,))], repeat=3
    )
    kept, other = mine.answer["preservation"], peer.answer["preservation"]
    return [
        at_least(
            f"layout of {edges:,} edges: neighbour preservation, ours / igraph grid FR",
            kept / other,
            3,
            ours=f"{kept:.3f}",
            peer=f"{other:.3f}",
        ),
        at_least(
            "the same layouts: time, igraph grid FR (500 iterations) / ours",
            peer.seconds / mine.seconds,
            1,
            ours=f"{mine.seconds:.2f} s",
            peer=f"{peer.seconds:.2f} s",
        ),
    ]
