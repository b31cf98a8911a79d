from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from tests.reference import reference_data
from workbench.errors import UsageError
from workbench.influence import (
    core_number,
    in_strength,
    out_strength,
    pagerank,
    unique_amplified,
    unique_amplifiers,
)
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
    for each in (graph, graph.without_self_loops()):  # the second has isolates
        expected = nx.pagerank(each.to_networkx(), tol=1e-12, max_iter=10_000)
        found = pagerank(each)
        assert found.values.sum() == pytest.approx(1.0)
        assert found.values == pytest.approx([expected[a] for a in each.accounts], abs=1e-7)


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_sums_and_counts_equal_dicts(graph):
    table = graph.to_pandas()
    proper = table[table["source"] != table["target"]]
    for measure, expected in (
        (in_strength, proper.groupby("target")["weight"].sum()),
        (unique_amplifiers, proper.groupby("target")["source"].nunique()),
        (out_strength, proper.groupby("source")["weight"].sum()),
        (unique_amplified, proper.groupby("source")["target"].nunique()),
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


def test_options_are_checked():
    graph = InteractionGraph.from_edges(["a"], ["b"])
    with pytest.raises(UsageError, match="damping"):
        pagerank(graph, damping=1.0)
    with pytest.raises(UsageError, match="no such degree"):
        core_number(graph, mode="both")
