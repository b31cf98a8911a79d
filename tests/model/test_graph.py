from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import graphs, ids, rows
from workbench.errors import InputError, NotFoundError
from workbench.model import InteractionGraph


def build(edges, **about):
    return InteractionGraph.from_edges(
        [e[0] for e in edges], [e[1] for e in edges], [e[2] for e in edges], **about
    )


def oracle(edges):
    """Sum parallel acts with a dict."""
    summed = Counter()
    for source, target, weight in edges:
        summed[source, target] += weight
    return summed


def as_dict(graph):
    return {(s, t): w for s, t, w in graph.to_pandas().itertuples(index=False)}


@given(rows)
def test_edges_are_summed_as_a_dict_would(edges):
    graph, expected = build(edges), oracle(edges)
    assert as_dict(graph) == expected
    assert graph.edges == len(expected)
    assert graph.total_weight == sum(expected.values())
    assert graph.self_loops == sum(s == t for s, t in expected)
    assert graph.self_loop_weight == sum(w for (s, t), w in expected.items() if s == t)
    assert set(graph.accounts) == {end for pair in expected for end in pair}


@given(rows, st.randoms())
def test_row_order_does_not_matter(edges, shuffler):
    shuffled = edges[:]
    shuffler.shuffle(shuffled)
    assert build(shuffled).fingerprint == build(edges).fingerprint


@given(graphs())
def test_accounts_are_in_shortlex_order_and_columns_ascend(graph):
    assert graph.accounts.tolist() == sorted(graph.accounts, key=lambda a: (len(a), a))
    for i in range(graph.nodes):
        columns = graph.indices[graph.indptr[i] : graph.indptr[i + 1]]
        assert (np.diff(columns) > 0).all()


def test_fingerprint_is_the_hash_that_the_definition_states():
    graph = build([("b", "a", 2), ("a", "cc", 1)])
    expected = hashlib.sha256(b"workbench graph 1\nretweet\n" + b"a\0b\0cc\0")
    expected.update(np.array([0, 1, 2, 2], "<i8").tobytes())
    expected.update(np.array([2, 0], "<i4").tobytes())
    expected.update(np.array([1.0, 2.0], "<f8").tobytes())
    assert graph.fingerprint == expected.hexdigest()


def test_fingerprint_knows_kind_weights_and_direction_but_not_filters():
    edges = [("b", "a", 2), ("a", "c", 1)]
    graph = build(edges)
    assert build(edges, kind="mention").fingerprint != graph.fingerprint
    assert build([("b", "a", 1), ("a", "c", 1)]).fingerprint != graph.fingerprint
    assert graph.reversed().fingerprint != graph.fingerprint
    same = build(edges, window=(1, 2), choices={"lang": "fr"}, first_ms=1)
    assert same.fingerprint == graph.fingerprint


@given(graphs())
def test_reversing_twice_gives_the_graph_back(graph):
    turned = graph.reversed()
    assert turned.reversed().fingerprint == graph.fingerprint
    assert (turned.in_strength() == graph.out_strength()).all()
    assert as_dict(turned) == {(t, s): w for (s, t), w in as_dict(graph).items()}


def test_direction_actor_to_target():
    graph = build([("fan", "star", 3)])
    assert dict(zip(graph.accounts, graph.in_strength(), strict=True)) == {"fan": 0, "star": 3}


@given(graphs())
def test_symmetrised_sums_both_directions_and_drops_loops(graph):
    both = graph.symmetrised().to_scipy().toarray()
    matrix = graph.to_scipy().toarray()
    np.fill_diagonal(matrix, 0)
    assert (both == matrix + matrix.T).all()
    binary = graph.symmetrised(weighted=False).to_scipy().toarray()
    assert (binary == ((matrix + matrix.T) > 0)).all()


@given(graphs(min_edges=1))
def test_components_and_largest_agree_with_networkx(graph):
    other = graph.to_networkx()
    parts = sorted(nx.weakly_connected_components(other), key=len, reverse=True)
    labels = graph.components()
    assert sorted(np.bincount(labels), reverse=True) == [len(p) for p in parts]
    assert graph.largest_component().nodes == len(parts[0])
    assert labels.max() + 1 == len(parts)


@given(graphs(), st.data())
def test_subgraph_keeps_exactly_the_edges_inside(graph, data):
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=graph.nodes, max_size=graph.nodes)))
    keep = keep.astype(bool)
    inside = graph.subgraph(keep)
    chosen = set(graph.accounts[keep])
    assert set(inside.accounts) == chosen
    assert as_dict(inside) == {
        (s, t): w for (s, t), w in as_dict(graph).items() if s in chosen and t in chosen
    }
    touched = {end for pair in as_dict(inside) for end in pair}
    assert set(graph.subgraph(keep, isolates=False).accounts) == touched


def test_undirected_kinds_store_both_arcs_and_count_a_pair_once():
    graph = InteractionGraph.from_codes(
        pa.array(["b", "a", "c"]),
        np.array([0, 1]),
        np.array([1, 2]),
        weight=np.array([2.0, 3.0]),
        both_ways=True,
        kind="co_hashtag",
    )
    assert (graph.edges, graph.arcs_stored, graph.total_weight) == (2, 4, 5.0)
    assert not graph.directed
    assert graph.to_pandas().values.tolist() == [["a", "b", 2.0], ["a", "c", 3.0]]
    assert graph.to_networkx().number_of_edges() == 2
    assert InteractionGraph.from_networkx(graph.to_networkx()).arcs_stored == 4
    assert (graph.symmetrised().weight == graph.weight).all()


def test_codes_that_nobody_uses_are_not_nodes():
    graph = InteractionGraph.from_codes(
        pa.array(["zz", "unused", "b"]), np.array([0, 0]), np.array([2, 2])
    )
    assert graph.accounts.tolist() == ["b", "zz"]
    assert as_dict(graph) == {("zz", "b"): 2.0}


def test_positions_and_bare_ids():
    graph = build([("x:1", "x:2", 1), ("y:2", "x:3", 1)])
    assert graph.positions(["x:2", "nobody"]).tolist() == [
        graph.accounts.tolist().index("x:2"),
        -1,
    ]
    assert graph.accounts[graph.position("1")] == "x:1"
    with pytest.raises(NotFoundError, match="more than one account"):
        graph.position("2")
    with pytest.raises(NotFoundError, match="no such account"):
        graph.position("9")


def test_an_empty_graph_is_a_graph():
    graph = build([])
    assert (graph.nodes, graph.edges, graph.total_weight, graph.self_loops) == (0, 0, 0.0, 0)
    assert len(graph.fingerprint) == 64
    assert graph.largest_component().nodes == 0
    assert graph.to_pandas().empty
    with pytest.raises(NotFoundError, match="empty"):
        graph.position("a")


def test_the_graph_cannot_be_changed():
    graph = build([("a", "b", 1)])
    with pytest.raises(ValueError, match="read-only"):
        graph.weight[0] = 9
    with pytest.raises(ValueError, match="read-only"):
        graph.accounts[0] = "x"
    with pytest.raises(dataclasses.FrozenInstanceError):
        graph.kind = "reply"


@given(st.lists(st.tuples(ids, ids), min_size=1, max_size=20))
def test_integer_float_and_numpy_weights_are_the_same(pairs):
    source, target = [p[0] for p in pairs], [p[1] for p in pairs]
    ones = len(pairs)
    prints = {
        InteractionGraph.from_edges(source, target, weight).fingerprint
        for weight in (None, [1] * ones, [1.0] * ones, np.ones(ones, np.int32), np.ones(ones, "f4"))
    }
    assert len(prints) == 1


@pytest.mark.parametrize("target", ["b", "c"])
def test_weights_whose_sum_is_infinite_are_refused(target):
    with pytest.raises(
        InputError, match=r"sum of the weights is infinite: .*1e\+308; allowed: .*308"
    ):
        InteractionGraph.from_edges(["a", "a"], ["b", target], [1e308, 1e308])
    assert InteractionGraph.from_edges(["a"], [target], [1e308]).total_weight == 1e308


def test_accounts_and_objects_are_told_apart_by_the_arcs():
    """However the graph was made; where a node is both, nothing is claimed."""
    ends = (["b", "a", "b"], ["x", "y", "y"])
    graph = InteractionGraph.from_edges(*ends, kind="account_url")
    assert dict(zip(graph.accounts, graph.parts.tolist(), strict=True)) == {
        "a": 0, "b": 0, "x": 1, "y": 1,
    }  # fmt: skip
    for other in (graph.symmetrised(), graph.reversed(), graph.without_self_loops()):
        assert other.parts.tolist() == graph.parts.tolist()
    assert graph.subgraph(graph.accounts != "a").parts.tolist() == [0, 1, 1]
    assert InteractionGraph.from_edges(*ends).parts is None
    mixed = InteractionGraph.from_edges([*ends[0], "x"], [*ends[1], "b"], kind="account_url")
    assert mixed.parts is None
