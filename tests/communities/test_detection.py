from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.communities.blocks import cliques
from tests.graph_strategies import graphs
from workbench.communities import leiden, louvain, modularity, python_louvain
from workbench.errors import InputError, UndefinedError
from workbench.model import InteractionGraph, Partition

KARATE = InteractionGraph.from_networkx(nx.karate_club_graph())
BLOCKS = InteractionGraph.from_networkx(nx.planted_partition_graph(6, 25, 0.3, 0.03, seed=4))


@pytest.mark.parametrize("graph", [KARATE, BLOCKS], ids=["karate", "blocks"])
def test_igraph_is_within_the_spread_of_python_louvain(graph):
    reference = [python_louvain(graph, seed=s).quality for s in range(20)]
    spread = max(reference) - min(reference)
    for method in (louvain, leiden):
        ours = [method(graph, seed=s).quality for s in range(20)]
        assert max(ours) >= np.mean(reference)
        assert min(reference) - spread <= np.mean(ours) <= max(reference) + spread


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_modularity_equals_networkx_with_loops_and_weights(graph):
    labels = np.arange(graph.nodes) % 3
    partition = Partition.from_labels(graph, labels, method="given")
    other = nx.Graph()
    other.add_nodes_from(graph.accounts)
    for source, target, weight in graph.to_pandas().itertuples(index=False):
        before = other.get_edge_data(source, target, {"weight": 0})["weight"]
        other.add_edge(source, target, weight=before + weight)
    groups = [set(partition.members(c)) for c in range(partition.k)]
    expected = nx.community.modularity(other, groups, weight="weight")
    assert modularity(graph, partition) == pytest.approx(expected)


def test_karate_club_has_four_communities():
    graph = InteractionGraph.from_networkx(nx.karate_club_graph())
    found = leiden(graph, seed=1, weighted=False)
    assert found.k == 4
    assert found.quality == pytest.approx(0.4198, abs=5e-4)


def test_resolution_changes_the_grain():
    graph = cliques()
    assert leiden(graph, resolution=0.01, seed=1).k < leiden(graph, resolution=20, seed=1).k


def test_modularity_refuses_another_graph_and_no_edges():
    graph = cliques()
    partition = leiden(graph, seed=1)
    with pytest.raises(InputError, match="another graph"):
        modularity(graph.reversed(), partition)
    empty = InteractionGraph.from_edges([], [])
    with pytest.raises(UndefinedError, match="no edges"):
        modularity(empty, Partition.from_labels(empty, [], method="given"))


def test_python_louvain_reads_a_resolution_in_two_ways():
    """Should this fail, the package is mended, and ``python_louvain`` can take a resolution."""
    from community import community_louvain

    ring = nx.ring_of_cliques(8, 5)
    found = {
        r: community_louvain.best_partition(ring, resolution=r, random_state=1) for r in (0.01, 1)
    }
    assert len(set(found[0.01].values())) > len(set(found[1].values()))


@pytest.mark.parametrize("kind", ["retweet", "co_hashtag"])
def test_a_loop_is_an_edge_with_and_without_weights(kind):
    graph = InteractionGraph.from_networkx(
        nx.Graph([("a", "b"), ("b", "c"), ("c", "c")]), kind=kind
    )
    partition = Partition.from_labels(graph, [0, 0, 1], method="given")
    other = nx.Graph([("a", "b"), ("b", "c"), ("c", "c")])
    expected = nx.community.modularity(other, [{"a", "b"}, {"c"}])
    assert modularity(graph, partition, weighted=False) == pytest.approx(expected)
