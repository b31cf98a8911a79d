from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from workbench import communities
from workbench.communities import METHODS, leiden, louvain, modularity, python_louvain
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.model import InteractionGraph, Partition


def cliques(number=4, size=6, weight=3):
    """A ring of cliques, joined by single edges."""
    rows = []
    for c in range(number):
        names = [f"c{c}n{i}" for i in range(size)]
        rows += [(a, b, weight) for a in names for b in names if a < b]
        rows.append((names[0], f"c{(c + 1) % number}n1", 1))
    return InteractionGraph.from_edges(
        [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]
    )


@pytest.mark.parametrize("name", list(METHODS))
class TestContract:
    """What every method promises."""

    def test_planted_cliques_are_found(self, name):
        graph = cliques()
        found = METHODS[name].function(graph, seed=1)
        assert found.sizes == [6, 6, 6, 6]
        for community in range(4):
            assert len({member[:2] for member in found.members(community)}) == 1

    def test_same_seed_same_bytes_and_the_seed_is_recorded(self, name):
        graph = InteractionGraph.from_networkx(nx.gnm_random_graph(80, 200, seed=1))
        one, two = (METHODS[name].function(graph, seed=7) for _ in range(2))
        assert one.labels.tobytes() == two.labels.tobytes()
        assert one.seed == 7
        drawn = METHODS[name].function(graph)
        again = METHODS[name].function(graph, seed=drawn.seed)
        assert again.labels.tobytes() == drawn.labels.tobytes()

    def test_weights_of_every_type_decide(self, name):
        edges = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")]
        heavy = [10, 1, 10, 1]
        expected = {frozenset("ab"), frozenset("cd")}
        for weights in (heavy, np.array(heavy, np.int32), np.array(heavy, "f4")):
            graph = InteractionGraph.from_edges(*zip(*edges, strict=True), weights)
            found = METHODS[name].function(graph, seed=1)
            assert {frozenset(found.members(c)) for c in range(found.k)} == expected

    def test_direction_does_not_matter(self, name):
        graph = cliques()
        one = METHODS[name].function(graph, seed=3)
        two = METHODS[name].function(graph.reversed(), seed=3)
        assert one.labels.tolist() == two.labels.tolist()

    def test_isolates_are_communities_of_one(self, name):
        graph = InteractionGraph.from_edges(["a", "b", "z"], ["b", "c", "z"])
        found = METHODS[name].function(graph, seed=1)
        assert found.members(int(found.labels[graph.position("z")])) == ["z"]

    def test_quality_is_the_modularity(self, name):
        graph = cliques()
        found = METHODS[name].function(graph, seed=1)
        assert found.quality == pytest.approx(modularity(graph, found))

    def test_nothing_to_find_is_refused(self, name):
        for edges in ([], [("a", "a")]):
            graph = InteractionGraph.from_edges([e[0] for e in edges], [e[1] for e in edges])
            with pytest.raises(UndefinedError, match=r"no communities|nothing to split"):
                METHODS[name].function(graph, seed=1)

    def test_is_listed(self, name):
        assert name in communities.__all__
        assert "doi" in METHODS[name].reference


def test_igraph_louvain_is_within_the_spread_of_python_louvain():
    graph = InteractionGraph.from_networkx(nx.planted_partition_graph(6, 25, 0.3, 0.03, seed=4))
    reference = [python_louvain(graph, seed=s).quality for s in range(6)]
    ours = [louvain(graph, seed=s).quality for s in range(6)]
    assert max(ours) >= min(reference)
    assert np.mean(ours) == pytest.approx(np.mean(reference), abs=0.02)
    assert leiden(graph, seed=1).quality >= min(reference) - 0.02


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


@pytest.mark.parametrize("name", list(METHODS))
@pytest.mark.parametrize("resolution", [0.0, -1.0, float("inf"), float("nan")])
def test_resolution_must_be_positive_and_finite(name, resolution):
    with pytest.raises(UsageError, match="resolution must be > 0"):
        METHODS[name].function(cliques(), resolution=resolution, seed=1)


def test_modularity_refuses_another_graph_and_no_edges():
    graph = cliques()
    partition = leiden(graph, seed=1)
    with pytest.raises(InputError, match="another graph"):
        modularity(graph.reversed(), partition)
    empty = InteractionGraph.from_edges([], [])
    with pytest.raises(UndefinedError, match="no edges"):
        modularity(empty, Partition.from_labels(empty, [], method="given"))
