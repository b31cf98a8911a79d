from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from workbench.errors import InputError, UsageError
from workbench.model import InteractionGraph, NodeScores


@given(graphs(min_edges=1), st.data())
def test_rank_is_one_plus_the_number_strictly_greater(graph, data):
    values = data.draw(st.lists(st.integers(0, 3), min_size=graph.nodes, max_size=graph.nodes))
    scores = NodeScores.from_values(graph, np.array(values), name="x")
    assert scores.ranks().tolist() == [1 + sum(w > v for w in values) for v in values]
    top = scores.top(graph.nodes)
    expected = sorted(
        zip(values, graph.accounts, strict=True), key=lambda r: (-r[0], len(r[1]), r[1])
    )
    assert top["account"].tolist() == [account for _, account in expected]
    assert top["x"].tolist() == [value for value, _ in expected]


def pair():
    return InteractionGraph.from_edges(["a"], ["b"], [2])


def test_top_table_and_repr():
    scores = NodeScores.from_values(pair(), [0.0, 2.0], name="in_strength")
    assert scores.top(1).to_dict("records") == [{"rank": 1, "account": "b", "in_strength": 2.0}]
    assert repr(scores) == "<NodeScores in_strength: 2 nodes, highest b (2)>"
    assert scores.to_pandas()["account"].tolist() == ["a", "b"]
    with pytest.raises(ValueError, match="read-only"):
        scores.values[0] = 1


def test_bad_values_and_other_graphs_are_refused():
    graph = pair()
    with pytest.raises(InputError, match="one value a node"):
        NodeScores.from_values(graph, [1.0], name="x")
    with pytest.raises(InputError, match="not finite"):
        NodeScores.from_values(graph, [1.0, float("nan")], name="x")
    scores = NodeScores.from_values(graph, [1.0, 2.0], name="x")
    with pytest.raises(InputError, match="score belongs to another graph"):
        scores.check(graph.reversed())
    with pytest.raises(UsageError, match="negative"):
        scores.top(-1)


def test_no_nodes_no_highest():
    empty = InteractionGraph.from_edges([], [])
    assert repr(NodeScores.from_values(empty, [], name="x")) == "<NodeScores x: empty>"
