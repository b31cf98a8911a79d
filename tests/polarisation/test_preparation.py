from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tests.polarisation.cases import divided, graph_of, sides_of
from workbench.errors import UndefinedError, UsageError
from workbench.polarisation.preparation import before_cut, prepare


@given(divided())
def test_the_matrix_is_symmetric_binary_and_without_loops(case):
    edges, labels = case
    graph = graph_of(edges)
    prepared = prepare(graph, sides_of(graph, labels))
    dense = prepared.matrix.toarray()
    assert (dense == dense.T).all()
    assert set(np.unique(dense)) <= {0.0, 1.0}
    assert not dense.diagonal().any()
    assert prepared.edges * 2 == dense.sum()
    assert prepared.mixing().sum() == dense.sum()
    assert prepared.sizes.sum() == prepared.nodes == prepared.summary["nodes"]


def test_weighted_sums_both_directions_and_directed_keeps_them():
    graph = graph_of([("a", "b"), ("b", "a"), ("b", "c")], [1, 2, 5])
    sides = sides_of(graph, {"a": "x", "b": "y", "c": "y"})
    weighted = prepare(graph, sides, weights="weighted")
    assert weighted.matrix.toarray().tolist() == [[0, 3, 0], [3, 0, 5], [0, 5, 0]]
    directed = prepare(graph, sides, weights="weighted", direction="directed")
    assert directed.matrix.toarray().tolist() == [[0, 1, 0], [2, 0, 5], [0, 0, 0]]
    assert directed.mixing().tolist() == [[5, 2], [1, 0]]


def test_unknown_choices_are_refused():
    graph = graph_of([("a", "b")])
    with pytest.raises(UsageError, match=r"direction has a value.*undirected, directed"):
        prepare(graph, sides_of(graph, {"a": "x", "b": "y"}), direction="both")


def apart():
    """Three sides in the largest component, one in a pair, one alone with its own acts."""
    edges = [("x0", "y0"), ("y1", "z0"), ("x0", "x1"), ("y0", "y1"), ("z0", "z1"), ("v0", "v1")]
    graph = graph_of([*edges, ("w0", "w0")])
    return graph, sides_of(graph, {account: account[0] for account in graph.accounts})


def test_sides_without_an_account_in_the_component_are_dropped_and_counted():
    graph, sides = apart()
    prepared = prepare(graph, sides)
    assert sides.names == prepared.given
    assert (set(prepared.names), prepared.k) == ({"x", "y", "z"}, 3)
    assert sorted(prepared.sides_dropped) == ["v", "w"]
    assert prepared.facts == {"sides_dropped": 2}
    named = [prepared.names[label] for label in prepared.labels]
    assert named == [graph.accounts[place][0] for place in prepared.places]
    every = prepare(graph, sides, component="all")
    assert (every.names, every.sides_dropped, every.facts) == (sides.names, [], {})


def test_the_accounts_of_each_side_outside_the_component_are_counted():
    edges = [("x0", "y0"), ("y1", "z0"), ("x0", "x1"), ("y0", "y1"), ("x2", "x3"), ("z1", "z2")]
    graph = graph_of([*edges, ("w0", "w1"), ("u0", "y0")])
    labels = {account: account[0] for account in graph.accounts if account[0] != "u"}
    prepared = prepare(graph, sides_of(graph, labels))
    assert prepared.outside == {"x": 2, "y": 0, "z": 2, "w": 2}
    assert sum(prepared.outside.values()) == prepared.summary["dropped"]["outside_component"]
    # Half of x is missing, which is not the larger part.
    assert sorted(prepared.lost) == [("w", 2, 2), ("z", 2, 3)]
    assert prepared.size == {
        "nodes": 5, "edges": 4, "smallest_side": 1, "share_of_weight": pytest.approx(4 / 8)
    }  # fmt: skip
    every = prepare(graph, sides_of(graph, labels), component="all")
    assert (set(every.outside.values()), every.lost) == ({0}, [])
    assert prepared.among(prepared.labels == 0).outside == {}


def test_parts_of_a_graph_keep_its_sides_so_that_the_empty_ones_are_named():
    graph, sides = apart()
    prepared = prepare(graph, sides)
    x = prepared.among(prepared.labels == prepared.names.index("x"))
    assert (x.names, x.held) == (prepared.names, ("x",))
    assert sorted(x.sides_dropped) == ["v", "w", "y", "z"]
    with pytest.raises(UndefinedError, match=r"a side has no account left in the graph: y, z"):
        x.check_sides()


def test_with_one_side_left_all_are_kept_and_the_others_told_as_dropped():
    graph = graph_of([("x0", "x1"), ("x1", "x2"), ("y0", "y1"), ("z0", "z1")])
    prepared = prepare(graph, sides_of(graph, {a: a[0] for a in graph.accounts}))
    assert (prepared.k, prepared.held, prepared.sides_dropped) == (3, ("x",), ["y", "z"])


def test_null_samples_are_drawn_from_what_the_component_was_cut_out_of():
    graph, sides = apart()
    prepared = prepare(graph, sides)
    kept = before_cut(graph, sides, prepared, again=False)
    assert graph.accounts[kept.places].tolist() == ["x0", "x1", "y0", "y1", "z0", "z1"]
    assert [kept.names[label] for label in kept.labels] == list("xxyyzz")
    again = before_cut(graph, sides, prepared, again=True)
    assert again.nodes == graph.nodes == 9
    assert again.edges == prepared.edges + 1
    unsided = sides_of(graph, {"x0": "x", "y0": "y", "x1": "x"})
    small = prepare(graph, unsided, weights="weighted")
    assert small.nodes == before_cut(graph, unsided, small, again=False).nodes == 3
    whole = before_cut(graph, unsided, small, again=True)
    assert whole.acts.sum() == 2 * (graph.total_weight - graph.self_loop_weight)


def test_a_table_between_all_sides_is_cut_to_those_left():
    graph, sides = apart()
    table = np.arange(25).reshape(5, 5).astype(float)
    prepared = prepare(graph, sides)
    kept = [sides.names.index(name) for name in prepared.names]
    assert prepared.of_sides(table).tolist() == [[table[i, j] for j in kept] for i in kept]
