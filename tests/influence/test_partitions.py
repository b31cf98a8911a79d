"""Scores over several partitions: means, spread, and what is undefined in some."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.corpora import crisis
from tests.graph_strategies import graphs
from tests.influence.test_participation import as_dict, split
from workbench.communities import leiden
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.graphs import graph as build
from workbench.influence import MEASURES, over_partitions, participation, within_module_z
from workbench.influence.partitions import flows_of, of_same_accounts, unknown_as_na
from workbench.model import InteractionGraph
from workbench.model.partition import Partition


@settings(max_examples=30)
@given(graphs(min_edges=2))
def test_the_mean_is_that_of_the_parts(graph):
    several = [split(graph, labels) for labels in ((0, 1), (0, 0, 1), (0, 1, 2))]
    for name in ("participation", "bridge_share", "within_module_z"):
        function = MEASURES[name].function
        parts = [as_dict(function(graph, one)) for one in several]
        common = set.intersection(*map(set, parts))
        mean = function(graph, several)
        assert as_dict(mean) == pytest.approx(
            {a: sum(part[a] for part in parts) / 3 for a in common}
        )
        assert mean.parameters["partitions"] == 3
        lost = set.union(*map(set, parts)) - common
        assert mean.parameters["undefined_in_some"] == len(lost)
        if common:
            told = over_partitions(graph, several, by=name).to_pandas()
            spread = {a: np.std([part[a] for part in parts], ddof=1) for a in common}
            assert dict(zip(told["account"], told["sd"], strict=True)) == pytest.approx(
                spread, abs=1e-12
            )
            assert (told["low"] <= told["mean"] + 1e-12).all()
            assert (told["high"] >= told["mean"] - 1e-12).all()


def test_one_partition_many_times_has_no_spread():
    retweets = build(crisis(), "retweet")
    one = leiden(retweets, seed=1)
    told = over_partitions(retweets, [one, one, one], by="gateway", least=2.0)
    assert told.sd.max() < 1e-12
    alone = MEASURES["gateway"].function(retweets, one, least=2.0)
    assert told.mean.values == pytest.approx(alone.values)
    assert told.mean.parameters["least"] == 2.0


def test_seeds_of_leiden_leave_some_accounts_between_communities():
    retweets = build(crisis(), "retweet")
    several = [leiden(retweets, seed=seed) for seed in range(5)]
    told = over_partitions(retweets, several, by="participation")
    assert 0 < (told.sd > 0.01).mean() < 0.5
    assert "<table" in told._repr_html_()


def test_what_is_lost_on_the_way_is_counted():
    graph = InteractionGraph.from_edges(["a", "b", "c"], ["x", "x", "x"])
    sides = Partition.from_labels(graph, ["one", None, "two", "one"], method="given")
    scores = participation(graph, sides)
    assert scores.parameters["unsided"] == 1
    assert scores.parameters["acts_used"] == pytest.approx(2 / 3)
    assert as_dict(scores) == {"x": 0.5}


def test_flows_by_side_add_up():
    retweets = build(crisis(), "retweet")
    for direction in ("in", "out", "both"):
        flows = flows_of(
            retweets, leiden(retweets, seed=1), direction=direction, weights="weighted"
        )
        account, side, acts = flows.by_side()
        sums = np.bincount(account, weights=acts, minlength=flows.nodes)
        assert sums == pytest.approx(flows.total())
        own = flows.labels[account] == side
        assert np.bincount(account[own], weights=acts[own], minlength=flows.nodes) == pytest.approx(
            flows.inside()
        )


def test_sides_for_the_same_accounts_with_fewer_acts():
    graph = InteractionGraph.from_edges(["a", "b"], ["b", "c"])
    fewer = graph.with_arcs(*(column[:1] for column in graph.arcs()))
    one = split(graph)
    of_same_accounts(fewer, one).check(fewer)
    for moved in of_same_accounts(fewer, [one, one]):
        moved.check(fewer)
    assert of_same_accounts(fewer, None) is None
    assert unknown_as_na(np.array([1.0, np.nan])).isna().tolist() == [False, True]


def test_what_is_refused():
    graph = InteractionGraph.from_edges(["a", "b"], ["b", "c"])
    one = split(graph)
    with pytest.raises(UsageError, match="no such measure with sides"):
        over_partitions(graph, [one, one], by="in_strength")
    with pytest.raises(UsageError, match="two partitions or more"):
        over_partitions(graph, [one], by="participation")
    other = split(InteractionGraph.from_edges(["a", "b"], ["b", "d"]))
    with pytest.raises(InputError, match="another graph"):
        within_module_z(graph, [one, other])
    tags = InteractionGraph.from_edges(["a", "b"], ["b", "c"])
    tags = type(tags)(tags.ids, tags.indptr, tags.indices, tags.weight, kind="account_hashtag",
                      parts=np.array([0, 1, 1], np.int8))  # fmt: skip
    with pytest.raises(UndefinedError, match="also holds what they used"):
        participation(tags, split(tags))
