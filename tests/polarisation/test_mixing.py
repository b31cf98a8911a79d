from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings

from tests.polarisation.test_random_walk import (
    TOPICS,
    divided,
    graph_of,
    reference_row,
    sides_of,
    topic,
)
from workbench.errors import UndefinedError
from workbench.polarisation import ei_index, modularity


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS)
def test_values_of_ten_retweet_graphs_mind_the_sign(name):
    graph, sides = topic(name)
    row = reference_row(name)
    assert ei_index(graph, sides).value == pytest.approx(-float(row["EI"]), abs=1e-8)
    assert modularity(graph, sides).value == pytest.approx(float(row["Q"]), abs=1e-8)


@settings(max_examples=40)
@given(divided())
def test_equal_to_counting_edges_one_by_one(case):
    edges, labels = case
    graph = graph_of(edges)
    sides = sides_of(graph, labels)
    pairs = {frozenset(e) for e in edges if e[0] != e[1]}
    across = sum(len({labels[a] for a in pair}) == 2 for pair in pairs)
    expected = (across - (len(pairs) - across)) / len(pairs)
    assert ei_index(graph, sides).value == pytest.approx(expected)
    other = nx.Graph([tuple(pair) for pair in pairs])
    groups = [{a for a in other if labels[a] == side} for side in "ab"]
    assert modularity(graph, sides).value == pytest.approx(nx.community.modularity(other, groups))


def test_direction_weights_and_what_is_dropped():
    graph = graph_of(
        [("a", "b"), ("b", "a"), ("a", "c"), ("c", "c"), ("z", "a"), ("p", "q")],
        [1, 1, 4, 9, 1, 1],
    )
    sides = sides_of(graph, {"a": "x", "b": "x", "c": "y", "p": "x", "q": "y"})
    plain = ei_index(graph, sides)
    assert plain.value == 0.0  # one pair inside, one across
    assert plain.choices == {
        "direction": "undirected", "weights": "unweighted", "component": "largest",
    }  # fmt: skip
    assert ei_index(graph, sides, weights="weighted").value == pytest.approx((4 - 2) / 6)
    assert ei_index(graph, sides, direction="directed").value == pytest.approx((1 - 2) / 3)
    assert ei_index(graph, sides, component="all").value == pytest.approx((2 - 1) / 3)


def test_extremes_and_refusals():
    across = graph_of([("a", "b"), ("c", "b"), ("c", "d"), ("a", "d")])
    sides = sides_of(across, {"a": "x", "c": "x", "b": "y", "d": "y"})
    assert ei_index(across, sides).value == 1.0
    assert modularity(across, sides).value == -0.5
    with pytest.raises(UndefinedError, match="no edge between accounts that have a side"):
        ei_index(graph_of([("a", "a")]), sides_of(graph_of([("a", "a")]), {"a": "x"}))
