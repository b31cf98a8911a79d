"""Acts from community to community, and what degrees alone would give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.communities.test_detection import cliques
from tests.graph_strategies import graphs
from workbench.communities import leiden, mixing
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.model import InteractionGraph, Partition


def small():
    """Two of x and one of y: x acts upon y more than y upon x; one loop, one account without."""
    graph = InteractionGraph.from_edges(
        ["a", "a", "b", "c", "a", "z"], ["b", "c", "c", "a", "a", "a"], [1, 4, 2, 1, 9, 5]
    )
    return graph, Partition.from_mapping(graph, {"a": "x", "b": "x", "c": "y"})


def test_rows_act_upon_columns_and_what_is_left_out_is_counted():
    found = mixing(*small())
    assert found.names == ("x", "y")
    assert found.acts.tolist() == [[1, 6], [1, 0]]
    assert found.expected == pytest.approx(np.array([[7 * 2, 7 * 6], [1 * 2, 1 * 6]]) / 8)
    assert (found.self_loop_weight, found.without_community) == (9, 5)
    assert found.within == 1 / 8
    assert found.within_expected == pytest.approx((7 * 2 + 1 * 6) / 64)
    table = found.to_pandas().set_index(["source", "target"])
    assert table.loc[("x", "y"), "ratio"] == pytest.approx(6 / (42 / 8))
    assert table.loc[("y", "y"), "acts"] == 0
    assert found.to_dict()["pairs"][1]["acts"] == 6
    assert mixing(*small(), weighted=False).acts.tolist() == [[1, 2], [1, 0]]
    assert ">y</th>" in found._repr_html_()


@settings(max_examples=50)
@given(graphs(min_edges=1))
def test_equal_to_loops_over_accounts_and_kept_by_what_is_put_together(graph):
    labels = np.arange(graph.nodes) % 4
    partition = Partition.from_labels(graph, labels, method="given")
    if graph.without_self_loops().edges == 0:
        with pytest.raises(UndefinedError, match="no act joins"):
            mixing(graph, partition)
        return
    found = mixing(graph, partition)
    dense = graph.to_scipy().toarray()
    np.fill_diagonal(dense, 0)
    k = partition.k
    of = partition.labels
    for c in range(k):
        for d in range(k):
            assert found.acts[c, d] == pytest.approx(dense[np.ix_(of == c, of == d)].sum())
            pairs = np.outer(dense.sum(axis=1)[of == c], dense.sum(axis=0)[of == d])
            assert found.expected[c, d] == pytest.approx(pairs.sum() / dense.sum())
    assert np.trace(found.acts) / dense.sum() == pytest.approx(found.within)
    assert np.trace(found.expected) / dense.sum() == pytest.approx(found.within_expected)
    if k > 1:
        few = mixing(graph, partition, top=1)
        assert few.names == ("0", "other")
        assert few.acts[0, 0] == found.acts[0, 0]
        assert few.acts.sum() == pytest.approx(found.acts.sum())
        assert few.within == pytest.approx(found.within)
    turned = mixing(graph.reversed(), Partition.from_labels(graph.reversed(), labels, method="g"))
    assert turned.acts == pytest.approx(found.acts.T)


def test_a_graph_without_direction_counts_both_ways():
    graph = InteractionGraph.from_codes(
        ["a", "b", "c"], np.array([0, 1]), np.array([1, 2]), both_ways=True, kind="co_hashtag"
    )
    partition = Partition.from_mapping(graph, {"a": "x", "b": "x", "c": "y"})
    assert mixing(graph, partition).acts.tolist() == [[2, 1], [1, 0]]


def test_what_cannot_be_mixed():
    graph, partition = small()
    with pytest.raises(InputError, match="another graph"):
        mixing(cliques(), partition)
    with pytest.raises(UsageError, match="top must be ≥ 1: 0"):
        mixing(graph, partition, top=0)
    named = Partition.from_mapping(graph, {"a": "other", "b": "other", "c": "y"})
    with pytest.raises(UsageError, match="called as the rest"):
        mixing(graph, named, top=1)
    assert mixing(graph, named).names == ("other", "y")
    empty = InteractionGraph.from_edges([], [])
    with pytest.raises(UndefinedError, match="no act joins"):
        mixing(empty, Partition.from_labels(empty, [], method="given"))
    nobody = Partition.from_mapping(graph, {"z": "x"})
    with pytest.raises(UndefinedError, match="4 accounts, 1 with a community"):
        mixing(graph, nobody)


def test_found_communities_keep_within():
    graph = cliques()
    found = mixing(graph, leiden(graph, seed=1))
    assert found.within > 0.9
    assert found.within_expected == pytest.approx(0.25, abs=0.01)
