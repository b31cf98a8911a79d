"""Communities beside those of graphs with the same degrees: what they are tested against."""

from __future__ import annotations

import sys
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from tests.communities.test_detection import cliques
from tests.polarisation.cases import of_uses
from workbench.communities import consensus, leiden, modularity, significance, stability
from workbench.communities.significance import _alike, _graph_of, _Groups, _Sample
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.graphs.chance import holm
from workbench.graphs.nulls import rewired
from workbench.graphs.splits import symmetric_matrix
from workbench.model import InteractionGraph, Partition

PLANTED = InteractionGraph.from_networkx(nx.planted_partition_graph(4, 15, 0.5, 0.04, seed=2))
RANDOM = InteractionGraph.from_networkx(nx.gnm_random_graph(60, 180, seed=5))


@pytest.fixture(scope="module")
def planted():
    return significance(PLANTED, runs=199, seed=3)


def test_planted_communities_stand_out_each_by_itself(planted):
    assert planted.modularity.p == 1 / 200
    assert planted.modularity.z > 10
    assert planted.table["accounts"].tolist() == [15] * 4
    assert (planted.table["p_adjusted"] <= 0.05).all()
    assert planted.choices["null"] == "searched"
    assert planted.modularity.value == pytest.approx(modularity(PLANTED, planted.partition))


def test_p_is_counted_by_hand(planted):
    table, value = planted.table, planted.modularity.value
    assert planted.modularity.p == (1 + (planted.samples >= value).sum()) / 200
    assert (table["compared"] == 199).all()
    assert (table["p"] == 1 / 200).all()
    assert table["p_adjusted"].tolist() == holm(table["p"].tolist())
    dense = symmetric_matrix(PLANTED, weighted=True, loops=False).toarray()
    for c in range(4):
        own = planted.partition.labels == c
        f = dense[np.ix_(own, own)].sum() / dense[own].sum()
        a = dense[own].sum() / dense.sum()
        assert table["inside"][c] == pytest.approx(f)
        assert table["volume"][c] == pytest.approx(a)
        assert table["excess"][c] == pytest.approx((f - a) / (1 - a))


def test_a_random_graph_has_high_modularity_and_nothing_to_show():
    found = significance(RANDOM, runs=199, seed=1)
    assert found.modularity.value > 0.3
    assert found.modularity.p > 0.05
    assert (found.table["p_adjusted"].dropna() > 0.05).all()
    # The same communities as fixed labels would seem to be a discovery: that is the trap.
    labels = found.partition.labels
    trap = significance(RANDOM, Partition.from_labels(RANDOM, labels, method="given"), seed=1)
    assert (trap.modularity.p, trap.choices["null"]) == (1 / 200, "fixed")


def test_communities_are_compared_with_null_ones_of_their_size(monkeypatch):
    def groups(volume, excess):
        volume, excess = np.array(volume), np.array(excess)
        return _Groups(np.full(len(volume), 9), volume, excess * (1 - volume) + volume)

    drawn = [_Sample(0.0, groups([0.1, 0.2, 0.7], [0.1 + r, 0.2 + r, 0.7 + r]), 1.0, 1.0)
             for r in (0.0, 0.01)]  # fmt: skip
    own = groups([0.19, 0.81], [0.5, 0.5])
    monkeypatch.setattr(sys.modules[_alike.__module__], "BESIDE", 1)
    null = _alike(own, drawn, np.array([True, True]), 3)
    assert sorted(null(0)) == pytest.approx([0.2, 0.21])
    assert sorted(null(1)) == pytest.approx([0.7, 0.71])
    monkeypatch.undo()
    assert len(_alike(own, drawn, np.array([True, True]), 3)(0)) == 6
    # Those that are too small to be tested are none to be compared with.
    small = [replace(s, groups=replace(s.groups, accounts=np.array([9, 2, 9]))) for s in drawn]
    assert sorted(_alike(own, small, np.array([True, True]), 3)(0)) == pytest.approx(
        [0.1, 0.11, 0.7, 0.71]
    )


def test_samples_keep_the_degrees_and_deal_the_weights():
    graph = cliques(weight=3)
    matrix = symmetric_matrix(graph, weighted=True, loops=False)
    sample = rewired(matrix, directed=False, seed=1).matrix
    other = _graph_of(graph, sample)
    assert (symmetric_matrix(other, weighted=True, loops=False) != sample).nnz == 0
    both = InteractionGraph.from_codes(
        ["a", "b", "c"], np.array([0, 1]), np.array([1, 2]), both_ways=True, kind="co_hashtag"
    )
    matrix = symmetric_matrix(both, weighted=True, loops=False)
    again = symmetric_matrix(_graph_of(both, matrix), weighted=True, loops=False)
    assert (again != matrix).nnz == 0


def test_weights_count_only_where_they_are_looked_at():
    heavy = InteractionGraph.from_edges(
        *[RANDOM.to_pandas()[end].tolist() for end in ("source", "target")],
        [1 + 30 * (i % 7 == 0) for i in range(RANDOM.arcs_stored)],
    )
    one = significance(heavy, weighted=False, runs=9, seed=2)
    plain = significance(RANDOM, weighted=False, runs=9, seed=2)
    assert one.samples.tolist() == plain.samples.tolist()
    assert significance(heavy, runs=9, seed=2).samples.mean() > one.samples.mean() + 0.05


def test_found_communities_are_searched_as_they_were():
    steady = stability(PLANTED, method="louvain", runs=3, resolution=2.0, seed=4).best
    found = significance(PLANTED, steady, runs=3, seed=4)
    assert found.partition is steady
    told = {key: found.choices[key] for key in ("method", "searches", "resolution", "weights")}
    assert told == {"method": "louvain", "searches": 3, "resolution": 2.0, "weights": "weighted"}
    expected = modularity(PLANTED, steady, resolution=2.0)
    assert found.modularity.value == pytest.approx(expected)
    named = significance(PLANTED, "louvain", resolution=2.0, searches=3, runs=3, seed=4)
    assert named.samples.tolist() == found.samples.tolist()


def test_same_seed_same_numbers_and_few_runs_give_no_p():
    one, two = (significance(PLANTED, runs=5, seed=9) for _ in range(2))
    assert one.to_dict() == two.to_dict()
    assert one.modularity.p is None
    assert one.modularity.z is not None
    assert one.table["p"].isna().all()
    assert one.to_dict()["communities"][0]["p"] is None
    drawn = significance(PLANTED, runs=2)
    again = significance(PLANTED, runs=2, seed=drawn.modularity.seed)
    assert again.to_dict() == drawn.to_dict()
    seen = []
    significance(PLANTED, runs=3, seed=1, advance=seen.append)
    assert seen == [1, 1, 1]


def test_accounts_without_a_community_and_loops_are_left_out_and_counted():
    graph = InteractionGraph.from_edges(
        [*PLANTED.to_pandas()["source"], "0", "x"], [*PLANTED.to_pandas()["target"], "0", "0"]
    )
    sides = {account: "ab"[int(account) < 30] for account in PLANTED.accounts}
    found = significance(graph, Partition.from_mapping(graph, sides), runs=5, seed=1)
    plain = significance(PLANTED, Partition.from_mapping(PLANTED, sides), runs=5, seed=1)
    assert found.samples.tolist() == plain.samples.tolist()
    assert found.modularity.value == plain.modularity.value
    assert found.choices["without_community"] == 1
    assert found.choices["self_loop_weight"] == 1


def test_small_communities_and_isolates_are_not_tested():
    graph = InteractionGraph.from_edges(
        [*PLANTED.to_pandas()["source"], "p", "alone"],
        [*PLANTED.to_pandas()["target"], "q", "alone"],
    )
    table = significance(graph, runs=3, seed=2).table.set_index("accounts")
    assert table.loc[[1, 2], ["compared", "null_mean", "p"]].isna().all(axis=None)
    assert (table.loc[15, "compared"] > 0).all()


def test_a_graph_that_cannot_move_says_so():
    star = InteractionGraph.from_edges(list("abcdef"), ["hub"] * 6)
    found = significance(star, runs=4, seed=1)
    assert (found.choices["acceptance"], found.choices["moved"]) == (0, 0)
    assert found.modularity.z is None
    assert found.table["excess"].isna().all()  # one community holds all edges


@pytest.mark.parametrize(
    ("what", "error", "words"),
    [
        ({"runs": 0}, UsageError, "at least one run: 0"),
        ({"min_accounts": 1}, UsageError, "min_accounts must be ≥ 2"),
        ({"found": "magic"}, UsageError, "no such method: magic"),
        ({"null": "fixed"}, UsageError, "searched in each sample"),
        ({"null": "none"}, UsageError, "searched in each sample"),
        ({"resolution": 0.0}, UsageError, "resolution must be > 0"),
        ({"searches": 0}, UsageError, "at least one search"),
        ({"found": leiden(PLANTED, seed=1), "null": "fixed"}, UsageError, "searched in each"),
        ({"found": leiden(PLANTED, seed=1), "null": "no"}, UsageError, "no such null model: no"),
        ({"found": leiden(PLANTED, seed=1), "resolution": 2.0}, UsageError, "settled.*resolution"),
        ({"found": leiden(RANDOM, seed=1)}, InputError, "another graph"),
    ],
)
def test_bad_requests(what, error, words):
    with pytest.raises(error, match=words):
        significance(PLANTED, **{"runs": 2, **what})


def test_labels_of_an_unknown_making_are_refused_unless_said_to_be_fixed():
    made = Partition.from_labels(PLANTED, np.arange(60) // 30, method="by hand")
    with pytest.raises(UsageError, match=r"cannot be searched again.*say null=fixed"):
        significance(PLANTED, made, runs=2)
    assert significance(PLANTED, made, null="fixed", runs=2).choices["null"] == "fixed"


@pytest.mark.parametrize("edges", [[], [("a", "a")], [("a", "b")]])
def test_too_little_is_refused(edges):
    graph = InteractionGraph.from_edges([e[0] for e in edges], [e[1] for e in edges])
    with pytest.raises(UndefinedError, match=r"no communities|nothing to split|fewer than two"):
        significance(graph, runs=2, seed=1)


def test_a_consensus_was_found_in_the_graph_so_it_is_no_fixed_label():
    found = consensus(RANDOM, runs=3, seed=1).partition
    with pytest.raises(UsageError, match=r"searched in each sample.*method consensus"):
        significance(RANDOM, found, null="fixed", runs=2)
    with pytest.raises(UsageError, match=r"cannot be searched again.*give what a method returns"):
        significance(RANDOM, found, runs=2)


def test_samples_of_accounts_and_hashtags_join_the_two_only(monkeypatch):
    """Found or given, and the arcs that a search looks at lead from accounts to hashtags."""
    graph, drawn = of_uses(1), []

    def watched(*given, **chosen):
        drawn.append(rewired(*given, **chosen))
        return drawn[-1]

    monkeypatch.setattr(sys.modules[_graph_of.__module__], "rewired", watched)
    given = Partition.from_mapping(graph, {node: node[-1] for node in graph.accounts})
    for found in ("leiden", given):
        significance(graph, found, runs=2, seed=1)
    assert len(drawn) == 4
    for sample in drawn:
        source, target, _ = _graph_of(graph, sample.matrix).arcs()
        assert (graph.parts[source] == 0).all()
        assert (graph.parts[target] == 1).all()
        assert 2 * len(source) == sample.matrix.nnz
    mixed = replace(PLANTED, kind="account_url")
    with pytest.raises(UsageError, match="keep accounts apart"):
        significance(mixed, runs=2)
