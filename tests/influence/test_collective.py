from __future__ import annotations

import json

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from tests.influence.cases import graph_of, karate, known, networkx_of
from tests.reference import reference_data
from workbench.errors import UsageError
from workbench.influence import collective_influence


def influence_of(graph, account, depth):
    """The definition."""
    distance = nx.single_source_shortest_path_length(graph, account, cutoff=depth)
    boundary = [a for a, d in distance.items() if d == depth]
    return max(graph.degree(account) - 1, 0) * sum(graph.degree(a) - 1 for a in boundary)


def removed(graph, accounts, depth):
    """The order of removal, counting everybody anew each time."""
    graph, order = graph.copy(), []
    while len(graph):
        best = max(
            (a for a in accounts if a in graph),
            key=lambda a: (influence_of(graph, a, depth), -accounts.index(a)),
        )
        if not influence_of(graph, best, depth):
            return order
        order.append(best)
        graph.remove_node(best)
    return order


@settings(max_examples=30)
@given(graphs(min_edges=6), st.integers(1, 4))
def test_values_and_order_are_those_of_the_definition(graph, depth):
    plain = networkx_of(graph).to_undirected()
    scores = collective_influence(graph, depth=depth)
    accounts = graph.accounts.tolist()
    assert known(scores) == {a: influence_of(plain, a, depth) for a in accounts}
    expected = removed(plain, accounts, depth)
    assert graph.accounts[scores.order()].tolist()[: len(expected)] == expected
    assert scores.ordering.tolist() == [
        graph.nodes - expected.index(a) if a in expected else 0 for a in accounts
    ]


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("seed", range(3))
def test_order_in_a_larger_graph(depth, seed):
    graph = nx.barabasi_albert_graph(60, 2, seed=seed)
    ours = graph_of([(str(s), str(t)) for s, t in graph.edges()])
    order = removed(networkx_of(ours).to_undirected(), ours.accounts.tolist(), depth)
    scores = collective_influence(ours, depth=depth)
    assert ours.accounts[scores.order()].tolist()[: len(order)] == order


def test_shrinking_and_pieces_change_nothing(monkeypatch):
    graph = nx.barabasi_albert_graph(600, 2, seed=1)
    ours = graph_of([(str(s), str(t)) for s, t in graph.edges()])
    scores = collective_influence(ours)
    assert (scores.ordering > 0).sum() > 100
    monkeypatch.setattr("workbench.influence.collective._PATHS", 50)
    monkeypatch.setattr("workbench.influence.collective._SHRINK", 7)
    again = collective_influence(ours)
    assert np.array_equal(scores.values, again.values)
    assert np.array_equal(scores.ordering, again.ordering)


@pytest.mark.reference
def test_karate():
    expected = json.loads(reference_data("diffusion/reference_values.json").read_text())["karate"]
    for depth in (1, 2, 3):
        scores = collective_influence(karate(), depth=depth)
        top = expected[f"CI_l{depth}_top"]
        best = np.argsort(-scores.values, kind="stable")[: len(top)]
        assert [[int(scores.ids[int(i)].as_py()), scores.values[i]] for i in best] == top


@pytest.mark.parametrize("depth", [0, 6, 1.5, True])
def test_depths_that_are_refused(depth):
    with pytest.raises(UsageError, match=r"no such depth: .*1 to 5"):
        collective_influence(karate(), depth=depth)
