from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from tests.reference import reference_data
from workbench import influence
from workbench.errors import UndefinedError, UsageError
from workbench.influence import MEASURES, core_number, in_strength, pagerank, unique_amplifiers
from workbench.loaders.edge_files import read_edges
from workbench.model import InteractionGraph


def higgs():
    rows = read_edges(reference_data("diffusion/higgs/higgs-retweet_network.edgelist.gz"))
    return InteractionGraph.from_edges(
        rows.column("source").combine_chunks(),
        rows.column("target").combine_chunks(),
        rows.column("weight").to_numpy(),
    )


@pytest.mark.reference
def test_higgs_retweets():
    graph = higgs()
    strength = in_strength(graph).top(8)
    assert strength["account"].tolist()[:3] == ["88", "677", "1988"]
    assert strength["in_strength"].tolist() == [18977, 7427, 6262, 6204, 3504, 2248, 2236, 2067]
    rank = pagerank(graph).top(3)
    assert rank["account"].tolist() == ["88", "2342", "64911"]
    assert rank["pagerank"].tolist() == pytest.approx([0.02997, 0.01647, 0.00999], abs=1e-5)
    cores = core_number(graph).values
    assert (cores.max(), (cores == cores.max()).sum()) == (12, 10)
    assert core_number(graph, mode="in").values.max() == 6
    assert core_number(graph, mode="out").values.max() == 5
    assert (unique_amplifiers(graph).values > 0).sum() == 41_426


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_pagerank_equals_networkx_at_a_tight_tolerance(graph):
    expected = nx.pagerank(graph.to_networkx(), tol=1e-12, max_iter=10_000)
    found = pagerank(graph)
    assert found.values.sum() == pytest.approx(1.0)
    assert found.values == pytest.approx([expected[a] for a in graph.accounts], abs=1e-7)


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_sums_and_counts_equal_dicts(graph):
    table = graph.to_pandas()
    proper = table[table["source"] != table["target"]]
    for measure, expected in (
        (in_strength, proper.groupby("target")["weight"].sum()),
        (unique_amplifiers, proper.groupby("target")["source"].nunique()),
    ):
        assert measure(graph).values.tolist() == [
            expected.get(account, 0) for account in graph.accounts
        ]


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_core_number_counts_reciprocal_pairs_twice(graph):
    multi = nx.MultiGraph()
    multi.add_nodes_from(graph.accounts)
    table = graph.to_pandas()
    multi.add_edges_from(
        (s, t) for s, t in zip(table["source"], table["target"], strict=True) if s != t
    )

    def largest_k(account):
        for k in range(len(multi) * 2, -1, -1):
            left = multi.copy()
            while weak := [n for n, d in left.degree() if d < k]:
                left.remove_nodes_from(weak)
            if account in left:
                return k
        return 0

    assert core_number(graph).values.tolist() == [largest_k(a) for a in graph.accounts]


@pytest.mark.parametrize("name", list(MEASURES))
class TestContract:
    """What every measure promises."""

    def test_the_amplified_is_on_top_and_the_amplifier_is_not(self, name):
        edges = [(f"fan{i}", "star") for i in range(8)] + [("serial", f"fan{i}") for i in range(8)]
        edges += [("star", "idol")]
        graph = InteractionGraph.from_edges(*zip(*edges, strict=True))
        scores = MEASURES[name].function(graph)
        star, serial = (scores.values[graph.position(a)] for a in ("star", "serial"))
        if name == "core_number":
            assert MEASURES[name].function(graph, mode="in").values[graph.position("serial")] == 0
        else:
            assert star > serial

    def test_renaming_moves_the_scores_along(self, name):
        edges = [("a", "b"), ("c", "b"), ("b", "d"), ("d", "a"), ("a", "a")]
        graph = InteractionGraph.from_edges(*zip(*edges, strict=True), [1, 2, 3, 4, 5])
        named = {"a": "zz", "b": "y", "c": "xxx", "d": "w"}
        other = InteractionGraph.from_edges(
            [named[s] for s, _ in edges], [named[t] for _, t in edges], [1, 2, 3, 4, 5]
        )
        one, two = (MEASURES[name].function(g) for g in (graph, other))
        for old, new in named.items():
            assert one.values[graph.position(old)] == pytest.approx(two.values[other.position(new)])

    def test_weights_of_every_type_are_the_same(self, name):
        edges = [("a", "b"), ("c", "b"), ("b", "c"), ("c", "d")]
        values = [
            MEASURES[name]
            .function(InteractionGraph.from_edges(*zip(*edges, strict=True), weights))
            .values.tolist()
            for weights in (
                [3, 1, 2, 5],
                np.array([3, 1, 2, 5], np.int64),
                np.array([3, 1, 2, 5.0]),
            )
        ]
        assert values[0] == values[1] == values[2]

    def test_bounds_listing_and_refusals(self, name):
        graph = InteractionGraph.from_edges(["a", "b"], ["b", "c"])
        scores = MEASURES[name].function(graph)
        low, high = MEASURES[name].bounds
        assert scores.values.min() >= low
        assert high is None or scores.values.max() <= high
        assert scores.graph_fingerprint == graph.fingerprint
        assert name in influence.__all__
        with pytest.raises(UndefinedError, match="no accounts"):
            MEASURES[name].function(InteractionGraph.from_edges([], []))


def test_options_are_checked():
    graph = InteractionGraph.from_edges(["a"], ["b"])
    with pytest.raises(UsageError, match="damping"):
        pagerank(graph, damping=1.0)
    with pytest.raises(UsageError, match="no such degree"):
        core_number(graph, mode="both")
