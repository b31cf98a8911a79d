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
    assert repr(scores) == "NodeScores(in_strength: 2 nodes, from 0 to 2)"
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
    assert repr(NodeScores.from_values(empty, [], name="x")) == "NodeScores(x: empty)"


def test_a_missing_score_is_absent_and_not_zero():
    graph = InteractionGraph.from_edges(["t:1", "t:2", "t:1"], ["t:2", "t:10", "t:3"])
    given = {"10": 2.0, "t:1": -1, "t:3": None, "t:2": float("nan"), "t:99": 4.0}
    scores = NodeScores.from_mapping(graph, given, name="leaning")
    assert scores.to_pandas().to_dict("list") == {"account": ["t:1", "t:10"], "leaning": [-1, 2]}
    assert scores.parameters == {"not_in_graph": 1}
    scores.check(graph)
    assert scores.top(9)["account"].tolist() == ["t:10", "t:1"]
    some = NodeScores.from_known(graph, [0, 3], [-1.0, 2.0], name="leaning")
    assert some.ids == scores.ids
    with pytest.raises(ValueError, match="read-only"):
        some.values[0] = 1
    with pytest.raises(InputError, match="not finite"):
        NodeScores.from_mapping(graph, {"t:1": float("inf")}, name="leaning")
    with pytest.raises(InputError, match=r"one value a node: \(1,\) for 2 nodes"):
        NodeScores.from_known(graph, [0, 3], [1.0], name="leaning")


def test_an_ordering_ranks_where_the_values_do_not_and_errors_are_shown():
    graph = InteractionGraph.from_edges(["a", "b"], ["b", "c"])
    scores = NodeScores.from_values(
        graph, [3, 2, 1], name="x", ordering=[0, 5, 1], standard_error=[0.1, 0.2, 0.3]
    )
    top = scores.top(2)
    assert top["account"].tolist() == ["b", "c"]
    assert top["rank"].tolist() == scores.ranks()[[1, 2]].tolist() == [1, 2]
    assert top["x"].tolist() == [2, 1]
    assert top["standard_error"].tolist() == [0.2, 0.3]
    for wrong in ({"ordering": [1]}, {"standard_error": [1, 2, np.nan]}):
        with pytest.raises(InputError, match=r"one value a node|not finite"):
            NodeScores.from_values(graph, [3, 2, 1], name="x", **wrong)
