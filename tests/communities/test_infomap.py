from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from tests.communities.blocks import cliques
from workbench.communities import infomap
from workbench.graphs.symmetrised import Symmetrised
from workbench.model import InteractionGraph

KARATE = InteractionGraph.from_networkx(nx.karate_club_graph())


def map_equation(graph, labels):
    """Return the bits a step of a walk on the symmetrised graph, by the definition."""
    prepared = Symmetrised.of(graph.without_self_loops())
    total = 2 * prepared.weight.sum()
    visits = prepared.degree / total

    def entropy(rates):
        rates = np.array([r for r in rates if r > 0])
        share = rates / rates.sum()
        return float(-(share * np.log2(share)).sum())

    exits = []
    length = 0.0
    apart = ~prepared.together(labels)
    for c in np.unique(labels):
        crossing = apart & ((labels[prepared.first] == c) | (labels[prepared.second] == c))
        leaving = float(prepared.weight[crossing].sum()) / total
        inside = visits[labels == c].tolist()
        exits.append(leaving)
        rate = leaving + sum(inside)
        if rate > 0:
            length += rate * entropy([leaving, *inside])
    return length + (sum(exits) * entropy(exits) if sum(exits) > 0 else 0.0)


@pytest.mark.parametrize("graph", [KARATE, cliques()], ids=["karate", "cliques"])
def test_the_codelength_is_that_of_the_map_equation(graph):
    found = infomap(graph, seed=1)
    assert found.parameters["codelength"] == pytest.approx(map_equation(graph, found.labels))
    one = map_equation(graph, np.zeros(graph.nodes, dtype=int))
    assert found.parameters["codelength"] < one


def test_isolates_and_directions_and_loops_add_nothing():
    rows = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d")]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
    looped = InteractionGraph.from_edges(*zip(*rows, ("z", "z"), ("a", "a"), strict=True))
    expected = infomap(graph, seed=1).parameters["codelength"]
    assert infomap(looped, seed=1).parameters["codelength"] == pytest.approx(expected)
    assert infomap(graph.reversed(), seed=1).parameters["codelength"] == pytest.approx(expected)
    assert expected == pytest.approx(map_equation(graph, infomap(graph, seed=1).labels))


def test_pieces_are_described_one_by_one():
    other = nx.disjoint_union(nx.complete_graph(4), nx.complete_graph(4))
    found = infomap(InteractionGraph.from_networkx(other), seed=1)
    assert found.k == 2
    assert found.parameters["codelength"] == pytest.approx(2.0)
