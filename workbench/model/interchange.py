"""Graphs to and from networkx and igraph: at the edge of the package, nowhere inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import igraph
    import networkx as nx

    from workbench.model.graph import InteractionGraph

__all__ = ["igraph_rows", "networkx_rows", "to_igraph", "to_networkx"]

Rows = tuple[list[str], list[str], list[float]]


def to_networkx(graph: InteractionGraph) -> nx.Graph[str]:
    """Return a networkx DiGraph (Graph for kinds without direction), weights as floats."""
    import networkx as nx

    made: nx.Graph[str] = nx.DiGraph() if graph.directed else nx.Graph()
    made.add_nodes_from(graph.accounts.tolist())
    table = graph.to_pandas()
    made.add_weighted_edges_from(
        zip(table["source"], table["target"], table["weight"].tolist(), strict=True)
    )
    return made


def to_igraph(graph: InteractionGraph) -> igraph.Graph:
    """Return an igraph graph with vertex ``name`` and edge ``weight``.

    Edges go in as Python integers (three times faster than an array) and weights as Python
    floats: igraph ignores some NumPy-typed weights without a word.
    """
    import igraph

    source, target, weight = graph.arcs()
    if not graph.directed:
        once = source <= target
        source, target, weight = source[once], target[once], weight[once]
    made = igraph.Graph(
        n=graph.nodes,
        edges=zip(source.tolist(), target.tolist(), strict=True),
        directed=graph.directed,
    )
    made.vs["name"] = graph.accounts.tolist()
    made.es["weight"] = weight.tolist()
    return made


def networkx_rows(graph: nx.Graph[Any], weight: str) -> Rows:
    """Return source, target and weight of each arc; an undirected edge is two arcs."""
    rows = [(str(u), str(v), float(d.get(weight, 1.0))) for u, v, d in graph.edges(data=True)]
    return _columns(rows, directed=graph.is_directed())


def igraph_rows(graph: igraph.Graph, weight: str) -> Rows:
    """Return source, target and weight of each arc; nodes without a ``name`` are their index."""
    if "name" in graph.vs.attributes():
        names = [str(name) for name in graph.vs["name"]]
    else:
        names = [str(i) for i in range(graph.vcount())]
    pairs = graph.get_edgelist()
    weighted = weight in graph.es.attributes()
    weights = [float(w) for w in graph.es[weight]] if weighted else [1.0] * len(pairs)
    rows = [(names[u], names[v], w) for (u, v), w in zip(pairs, weights, strict=True)]
    return _columns(rows, directed=graph.is_directed())


def _columns(rows: list[tuple[str, str, float]], *, directed: bool) -> Rows:
    if not directed:
        rows = rows + [(v, u, w) for u, v, w in rows if u != v]
    return [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]
