"""What a value hangs on: listed and top accounts, each side, the seed of a split."""

from __future__ import annotations

import pytest

from tests.polarisation.cases import graph_of, planted, sides_of
from workbench.polarisation import ei_index, find_sides, modularity, report, sensitivity


def bridged():
    """Two triangles and one account that all of the other side deal with."""
    edges = [("xa", "xb"), ("xb", "xc"), ("xc", "xa"), ("ya", "yb"), ("yb", "yc"), ("yc", "ya")]
    graph = graph_of([*edges, ("ya", "xa"), ("yb", "xa"), ("yc", "xa"), ("xb", "yb")])
    return graph, sides_of(graph, {a: a[0] for a in graph.accounts})


def test_without_a_listed_account_is_the_index_of_the_graph_without_it():
    graph, sides = bridged()
    names = ["modularity", "ei_index"]
    told = sensitivity(graph, sides, leave_out=["xa", "ghost", "xa"], measures=names)
    assert (told["left_out"], told["not_in_graph"]) == (1, 1)
    smaller = graph.subgraph(graph.accounts != "xa")
    rest = sides_of(smaller, {a: a[0] for a in smaller.accounts})
    assert [row["name"] for row in told["indices"]] == names
    for row, function in zip(told["indices"], (modularity, ei_index), strict=True):
        assert row["value"] == function(graph, sides).value
        assert row["without"] == function(smaller, rest).value
        assert row["change"] == pytest.approx(row["without"] - row["value"])


def test_what_is_undefined_without_them_says_so():
    graph, sides = bridged()
    told = sensitivity(graph, sides, leave_out=["xa", "xb", "xc"], measures=["ei_index"])
    row = told["indices"][0]
    assert (row["without"], row["change"]) == (None, None)
    assert "a side has no account left" in row["reason"]
    none = sensitivity(graph, sides, leave_out=list(graph.accounts), measures=["ei_index"])
    assert none["indices"][0]["reason"] == "no edge is left without them"


def test_the_report_leaves_out_the_best_connected():
    graph, sides = bridged()
    found = report(graph, sides, measures=["ei_index"], null="none")
    told = found.sensitivity
    assert (told["share"], told["left_out"]) == (0.01, 1)
    by_list = sensitivity(graph, sides, leave_out=["xa"], measures=["ei_index"])
    assert told["indices"] == by_list["indices"]


def test_each_side_is_told_apart():
    graph, sides = bridged()
    x, y = report(graph, sides, measures=["ei_index"], null="none").asymmetry
    assert x == {
        "side": "x", "accounts": 3, "weight_within": 3, "weight_to_others": 1,
        "weight_from_others": 3, "share_to_others": 0.25,
    }  # fmt: skip
    assert y["share_to_others"] == pytest.approx(0.5)


def test_pairs_of_an_undirected_graph_are_told_once():
    import networkx as nx

    from workbench.model import InteractionGraph

    other = nx.Graph([("xa", "xb"), ("xb", "ya"), ("ya", "yb"), ("yb", "yc")])
    graph = InteractionGraph.from_networkx(other, kind="co_hashtag")
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    rows = {
        row["side"]: row
        for row in report(graph, sides, measures=["ei_index"], null="none").asymmetry
    }
    assert (rows["x"]["weight_within"], rows["x"]["weight_to_others"]) == (1, 1)
    assert (rows["y"]["weight_within"], rows["y"]["weight_from_others"]) == (2, 1)


def test_sides_that_hang_on_the_seed_are_called_so():
    steady, _ = planted(across=0.02)
    found = report(steady, find_sides(steady, seed=1), measures=["modularity"], null="none", seed=1)
    assert found.stability["stable"]
    assert found.stability["agreement"] == pytest.approx(1.0)
    spread = found.stability["indices"][0]
    assert spread["min"] == pytest.approx(spread["max"])
    loose, truth = planted(across=0.5, n=120)
    sides = find_sides(loose, method="louvain", seed=1)
    found = report(loose, sides, measures=["modularity"], null="none", seed=1)
    assert not found.stability["stable"]
    assert found.stability["agreement"] == sides.parameters["agreement"]
    assert found.stability["indices"][0]["min"] < found.stability["indices"][0]["max"]
    assert any("hang on the seed: 5 runs agree to" in note for note in found.notes)
    given = report(loose, truth, measures=["modularity"], null="none")
    assert given.stability is None
    assert given.notes == ()


def test_a_null_that_keeps_found_sides_is_called_too_lenient():
    graph, _ = planted()
    sides = find_sides(graph, seed=1)
    found = report(graph, sides, measures=["modularity"], null="fixed", runs=2, seed=1)
    assert any("too lenient" in note for note in found.notes)
