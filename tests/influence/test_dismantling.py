"""Removing accounts: held to counting acts, to every order of small graphs, to a published case."""

from __future__ import annotations

import json
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.corpora import crisis
from tests.graph_strategies import graphs
from tests.influence.cascades import tiny
from tests.reference import reference_data
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.graphs import graph as build
from workbench.influence import dismantle, in_strength
from workbench.influence.dismantling import REMOVES
from workbench.model import InteractionGraph, NodeScores

REMOVED = pytest.mark.parametrize("removes", REMOVES)


def left(graph, gone, removes):
    """Return the acts that remain, row by row."""
    total = kept = 0.0
    names = graph.accounts.tolist()
    for s, t, weight in zip(*(column.tolist() for column in graph.arcs()), strict=True):
        if s == t:
            continue
        total += weight
        hit = names[t] in gone or (removes == "account" and names[s] in gone)
        kept += 0 if hit else weight
    return kept / total


def periods():
    """Return two periods: the star of the first fades, a newcomer rises."""
    first = InteractionGraph.from_edges(
        ["a", "b", "c", "a", "d"], ["s", "s", "s", "t", "d"], [5, 5, 5, 2, 9]
    )
    second = InteractionGraph.from_edges(
        ["a", "b", "c", "a", "x", "t"], ["s", "t", "t", "n", "n", "t"], [1, 3, 4, 1, 1, 7]
    )
    return first, second


@REMOVED
@settings(max_examples=40, deadline=None)
@given(first=graphs(min_edges=1), second=tiny(), data=st.data())
def test_every_point_is_a_count_of_acts(removes, first, second, data):
    assume(first.fingerprint != second.fingerprint)
    order = data.draw(st.permutations([*first.accounts.tolist(), "zzzz"]))
    found = dismantle(first, second, by={"mine": order}, removes=removes)
    expected = [left(second, set(order[:i]), removes) for i in range(len(order) + 1)]
    assert found.curves["mine"][: first.nodes + 1] == pytest.approx(expected[: first.nodes + 1])
    assert found.removed["mine"] == tuple(order[: first.nodes])
    assert found.residual == pytest.approx(left(second, set(first.accounts), removes))
    assert found.not_in_graph == {"mine": 1}
    assert found.unscored == {"mine": 0}


@REMOVED
@settings(max_examples=15, deadline=None)
@given(graph=tiny())
def test_random_is_the_mean_of_all_orders(removes, graph):
    found = dismantle(graph, by="in_strength", removes=removes)
    orders = list(permutations(graph.accounts))
    mean = [
        np.mean([left(graph, set(order[:i]), removes) for order in orders])
        for i in range(graph.nodes + 1)
    ]
    assert found.curves["random"] == pytest.approx(mean)


@REMOVED
@settings(max_examples=25, deadline=None)
@given(graph=tiny(), future=tiny())
def test_no_order_leaves_less_than_the_best_and_hindsight_is_it(removes, graph, future):
    assume(graph.fingerprint != future.fingerprint)
    found = dismantle(graph, future, by=["in_strength", "pagerank"], removes=removes)
    for i in range(graph.nodes + 1):
        best = min(left(future, set(gone), removes) for gone in combinations(graph.accounts, i))
        for curve in found.curves.values():
            assert curve[i] >= best - 1e-12
        if removes == "posts":
            assert found.curves["hindsight"][i] == pytest.approx(best)
    assert ("hindsight" in found.curves) == (removes == "posts")


def test_the_star_goes_first_and_the_fan_last():
    first, _ = periods()
    fans = {"fans": ["a", "b", "c", "d", "t", "s"]}
    found = dismantle(first, by={"in_strength": "in_strength"} | fans)
    assert found.removed["in_strength"][:2] == ("s", "t")
    assert found.curves["in_strength"].tolist()[:3] == pytest.approx([1, 2 / 17, 0])
    assert (found.halving("in_strength"), found.halving("fans")) == (1, 6)
    assert found.area("in_strength") < found.area("random") < found.area("fans")
    assert found.left_out == 9
    assert not found.split


def test_the_future_judges_and_newcomers_remain():
    first, second = periods()
    found = dismantle(first, second)
    assert found.split
    assert found.curves["in_strength"].tolist()[:3] == pytest.approx([1, 9 / 10, 2 / 10])
    assert found.removed["hindsight"][0] == "t"
    assert (found.unknown, found.residual, found.left_out) == (1, pytest.approx(0.2), 7)
    assert found.halving("in_strength") == 2
    assert found.ranked["fingerprint"] == first.fingerprint
    assert found.judged["fingerprint"] == second.fingerprint


def test_area_is_the_trapezium_rule_and_the_summary_sorts_by_it():
    first, second = periods()
    found = dismantle(first, second, accounts=2)
    assert found.area("in_strength") == pytest.approx((1 / 2 + 0.9 + 0.2 / 2) / 2)
    assert found.area("in_strength", accounts=1) == pytest.approx(0.95)
    table = found.summary()
    assert table["order"].tolist() == ["hindsight", "in_strength", "random"]
    assert table["removed"].tolist() == [2, 2, 2]
    assert found.remaining("in_strength", 1) == pytest.approx(0.9)
    rows = found.to_pandas()
    assert rows.columns.tolist() == ["order", "removed", "account", "remaining"]
    assert rows[rows["order"] == "in_strength"]["account"].tolist() == [None, "s", "t"]
    told = found.to_dict()
    assert json.loads(json.dumps(told)) == told
    assert "hindsight" in found._repr_html_()
    with pytest.raises(UsageError, match="not so many are removed: 3"):
        found.remaining("in_strength", 3)
    with pytest.raises(UsageError, match="no area over so many"):
        found.area("in_strength", accounts=3)


def test_accounts_without_a_score_are_left_alone():
    first, second = periods()
    positions = first.positions(["s"])
    scores = NodeScores.from_known(first, positions, np.array([1.0]), name="mine")
    found = dismantle(first, second, by=scores)
    assert found.removed["mine"] == ("s",)
    assert found.unscored == {"mine": 5}
    assert len(found.curves["mine"]) == 2
    assert found.halving("mine") is None
    assert found.to_dict()["orders"][0]["halving"] is None or found.halving("hindsight")
    with pytest.raises(InputError, match="another graph"):
        dismantle(second, by=in_strength(first))


def test_windows_of_a_corpus_must_not_overlap():
    corpus = crisis()
    whole = build(corpus)
    middle = (whole.first_ms + whole.last_ms) // 2
    day = pd.Timestamp(middle, unit="ms", tz="UTC").strftime("%Y-%m-%d")
    first, second = build(corpus, until=day), build(corpus, since=day)
    found = dismantle(first, second, by=["in_strength", "unique_amplifiers"])
    assert found.split
    assert 0 < found.residual < 1
    assert found.area("hindsight") <= found.area("in_strength") < found.area("random")
    for one, other in ((second, first), (whole, second), (first, whole)):
        with pytest.raises(UsageError, match="must end before"):
            dismantle(one, other)
    with pytest.raises(UsageError, match="the same acts"):
        dismantle(first, first)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"removes": "edges"}, "nothing such to remove: edges; allowed: posts, account"),
        ({"accounts": 0}, "nothing to remove: 0"),
        ({"by": "fame"}, "no such measure: fame"),
        ({"by": []}, "no order to remove in"),
        ({"by": {"random": "in_strength"}}, "this name is taken: random"),
        ({"by": {"mine": ["s", "t", "s"]}}, r"names an account twice: s \(mine\)"),
        ({"by": {"mine": []}}, "names no account"),
        ({"by": ["in_strength", "in_strength"]}, "same name"),
    ],
)
def test_options_are_checked(options, said):
    with pytest.raises(UsageError, match=said):
        dismantle(periods()[0], **options)


def test_a_measure_that_needs_more_is_named(monkeypatch):
    from workbench.influence import dismantling
    from workbench.model.registry import Registry

    registry = Registry()

    @registry(reference="none")
    def participation(graph, *, sides):
        raise AssertionError

    monkeypatch.setattr(dismantling, "MEASURES", registry)
    with pytest.raises(UsageError, match=r"more than the graph: participation; allowed: sides"):
        dismantle(periods()[0], by="participation")


def test_graphs_that_cannot_be_used():
    with pytest.raises(UndefinedError, match="no accounts"):
        dismantle(InteractionGraph.from_edges([], []))
    with pytest.raises(UndefinedError, match="no acts between accounts"):
        dismantle(InteractionGraph.from_edges(["a"], ["a"]))
    with pytest.raises(UndefinedError, match="also holds what they used"):
        dismantle(InteractionGraph.from_edges(["a"], ["t"], parts=np.array([0, 1], np.int8)))


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.float32, np.float64, list])
def test_weights_of_every_type_are_the_same(dtype):
    weights = [3, 1, 2, 5]
    weights = weights if dtype is list else np.array(weights, dtype)
    graph = InteractionGraph.from_edges(["b", "c", "c", "d"], ["a", "a", "b", "c"], weights)
    expected = [1, 6 / 11, 2 / 11, 0, 0]
    assert dismantle(graph).curves["in_strength"].tolist() == pytest.approx(expected)


@pytest.mark.reference
def test_superspreaders():
    """Curves of DeVerna et al. (2024), from each account's loss and the rankings they used."""
    folder = reference_data("diffusion/superspreaders")
    values = json.loads(reference_data("diffusion/reference_values.json").read_text())
    published = pd.read_csv(folder / "iffyp_dismantling_results.csv")
    loss, influential, popular = (
        pd.read_csv(folder / f"iffyp_{name}.csv", dtype={0: str}).dropna()
        for name in (
            "dismantling_results_gold_standard", "influential_baseline", "popular_baseline",
        )
    )  # fmt: skip
    acts = loss[loss["prop_rts_remaining"] > 0]
    unseen = values["superspreaders"]["residual_all_removed"]["influential"]
    future = InteractionGraph.from_edges(
        ["crowd"] * (len(acts) + 1),
        [*acts["user_ids"], "newcomers"],
        [*acts["prop_rts_remaining"], published["influential"].iloc[-1]],
    )
    accounts = influential["original_tweeter_user_id"]
    graph = InteractionGraph.from_edges(["crowd"] * len(accounts), accounts.tolist())
    found = dismantle(
        graph,
        future,
        by={
            "influential": accounts.tolist(),
            "popular": popular["original_tweeter_user_id"].tolist(),
        },
    )
    assert found.residual == pytest.approx(unseen, abs=5e-5)
    for name, off in (("influential", 0.0045), ("popular", 0.002)):
        # Accounts with equal retweets or followers have no order in the files.
        theirs = published[name].to_numpy()
        assert np.abs(found.curves[name][: len(theirs)] - theirs).max() < off
        for k, row in values["superspreaders"]["share_removed"].items():
            assert 1 - found.remaining(name, int(k)) == pytest.approx(row[name], abs=off)
    assert found.remaining("influential", 10) == pytest.approx(1 - 0.3435, abs=5e-5)
    assert found.halving("influential") == (published["influential"] <= 0.5).argmax() == 37
    assert found.halving("hindsight") <= 37


def test_a_list_may_name_bare_ids():
    graph = InteractionGraph.from_edges(["x:1", "x:2", "x:3"], ["x:2", "x:3", "x:2"])
    bare, full = (dismantle(graph, by={"list": ids}) for ids in (["2", "3"], ["x:2", "x:3"]))
    assert bare.curves["list"].tolist() == full.curves["list"].tolist() == [1, 1 / 3, 0]
    assert bare.removed == full.removed
    assert bare.not_in_graph == {}
    with pytest.raises(UsageError, match="twice: x:2"):
        dismantle(graph, by={"list": ["2", "x:2"]})
