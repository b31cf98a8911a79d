"""Graphs that the tests of influence share."""

from __future__ import annotations

import networkx as nx

from workbench.model import InteractionGraph

__all__ = ["graph_of", "karate", "known", "networkx_of"]


def graph_of(edges, weights=None, **about):
    """Return the graph of (source, target) pairs."""
    return InteractionGraph.from_edges(*zip(*edges, strict=True), weights, **about)


def known(scores):
    """Return account → value."""
    return dict(zip(scores.ids.to_pylist(), scores.values.tolist(), strict=True))


def karate():
    """Return Zachary's karate club, unweighted, without direction (arcs both ways)."""
    return InteractionGraph.from_networkx(nx.Graph(nx.karate_club_graph().edges()))


def networkx_of(graph):
    """Return the networkx graph without self-loops."""
    made = graph.to_networkx()
    made.remove_edges_from(list(nx.selfloop_edges(made)))
    return made
