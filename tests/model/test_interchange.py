from __future__ import annotations

import igraph
import networkx as nx
from hypothesis import given

from tests.graph_strategies import graphs
from workbench.model import InteractionGraph


@given(graphs(min_edges=1))
def test_round_trips_through_other_libraries(graph):
    assert InteractionGraph.from_networkx(graph.to_networkx()).fingerprint == graph.fingerprint
    assert InteractionGraph.from_igraph(graph.to_igraph()).fingerprint == graph.fingerprint
    assert all(type(w) is float for w in graph.to_igraph().es["weight"])


def test_undirected_edges_become_two_arcs_and_loops_one():
    source = nx.Graph()
    source.add_edge("a", "b", weight=3)
    source.add_edge("b", "b")
    graph = InteractionGraph.from_networkx(source)
    assert graph.to_pandas().values.tolist() == [["a", "b", 3.0], ["b", "a", 3.0], ["b", "b", 1.0]]


def test_igraph_nodes_without_names_are_their_index():
    graph = InteractionGraph.from_igraph(igraph.Graph([(0, 10), (0, 2)], n=11, directed=True))
    assert graph.accounts.tolist() == ["0", "2", "10"]
    assert graph.total_weight == 2
