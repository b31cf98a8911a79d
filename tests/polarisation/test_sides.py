"""Sides found in a graph, and the sign of every index on graphs whose value is known."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from workbench.errors import UndefinedError, UsageError
from workbench.model import InteractionGraph, Partition
from workbench.polarisation import INDICES, find_sides
from workbench.polarisation.measures import index_of


def camps(bridges=1, size=12):
    other = nx.disjoint_union(nx.complete_graph(size), nx.complete_graph(size))
    other.add_edges_from((i, size + i) for i in range(bridges))
    graph = InteractionGraph.from_networkx(other)
    sides = {a: "a" if int(a) < size else "b" for a in graph.accounts.tolist()}
    return graph, Partition.from_mapping(graph, sides)


def mixed(size=12):
    graph = InteractionGraph.from_networkx(nx.complete_bipartite_graph(size, size))
    sides = {a: "a" if int(a) < size else "b" for a in graph.accounts.tolist()}
    return graph, Partition.from_mapping(graph, sides)


@pytest.mark.parametrize("method", ["leiden", "louvain", "spectral"])
def test_planted_camps_are_found_and_the_seed_is_kept(method):
    graph, planted = camps(3)
    found = find_sides(graph, method=method, seed=5)
    assert found.k == 2
    together = found.labels[:, None] == found.labels[None, :]
    assert (together == (planted.labels[:, None] == planted.labels[None, :])).all()
    assert found.seed == 5
    assert found.parameters["agreement"] == pytest.approx(1.0)
    assert (find_sides(graph, method=method, seed=5).labels == found.labels).all()
    assert isinstance(find_sides(graph, method=method).seed, int)


def test_a_graph_without_camps_says_that_seeds_disagree():
    other = nx.gnm_random_graph(120, 360, seed=3)
    graph = InteractionGraph.from_networkx(other)
    assert find_sides(graph, seed=1).parameters["agreement"] < 0.6


def test_accounts_outside_the_largest_component_have_no_side():
    other = nx.disjoint_union(nx.barbell_graph(6, 0), nx.path_graph(3))
    graph = InteractionGraph.from_networkx(other)
    found = find_sides(graph, seed=1)
    outside = [graph.position(str(i)) for i in (12, 13, 14)]
    assert (found.labels[outside] == -1).all()
    assert (np.delete(found.labels, outside) >= 0).all()
    assert (find_sides(graph, component="all", seed=1).labels >= 0).all()


def test_no_sides_in_nothing():
    loops = InteractionGraph.from_edges(["a", "b"], ["a", "b"])
    with pytest.raises(UndefinedError, match="no edge joins two different accounts"):
        find_sides(loops)
    with pytest.raises(UsageError, match="spread"):
        find_sides(camps()[0], method="spread")


def values(case):
    graph, sides = case
    common = {"direction": "undirected", "weights": "unweighted", "component": "largest"}
    return {
        name: index_of(name, graph, sides, choices={}, **common).value
        for name in ("ei_index", "modularity", "random_walk_controversy")
    }


def test_which_end_of_each_index_is_the_divided_one():
    divided, crossing = values(camps()), values(mixed())
    for name, value in divided.items():
        if INDICES[name].divided_is == "high":
            assert value > crossing[name], name
        else:
            assert value < crossing[name], name
    assert crossing["ei_index"] == pytest.approx(1.0)  # every edge crosses
    assert divided["ei_index"] == pytest.approx((1 - 132) / 133)
    assert crossing["modularity"] == pytest.approx(-0.5)
    assert divided["modularity"] == pytest.approx(132 / 133 - 0.5)


def test_every_index_states_its_bounds_and_keeps_them():
    for name, value in {**values(camps())}.items():
        low, high = INDICES[name].bounds
        assert low is None or value >= low
        assert high is None or value <= high
        assert INDICES[name].kernel is not None
