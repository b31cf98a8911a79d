"""Each window is the report of its graph; what is unknown stays unknown, and p counts windows."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given, settings

from tests.polarisation.cases import divided, graph_of, sides_of
from tests.polarisation.test_report import planted
from workbench.errors import UsageError
from workbench.model import InteractionGraph, Partition
from workbench.polarisation import INDICES, OverTime, find_sides, over_time, report
from workbench.polarisation.carrying import carried, coverage
from workbench.rng import spawn

DAY = 86_400_000
NAMES = ["ei_index", "modularity"]


def window(edges, day=None, weight=None):
    """Return the graph of one day."""
    bounds = (None, None) if day is None else (day * DAY, (day + 1) * DAY)
    return InteractionGraph.from_edges(
        [e[0] for e in edges], [e[1] for e in edges], weight, window=bounds
    )


INSIDE = [("x1", "x2"), ("x2", "x3"), ("y1", "y2"), ("y2", "y3"), ("x1", "y1")]
ACROSS = [("x1", "y2"), ("x2", "y1"), ("x1", "x2"), ("y1", "y2"), ("z", "x1"), ("z", "z")]


def sides():
    graph = graph_of(INSIDE)
    return sides_of(graph, {account: account[0] for account in graph.accounts})


@settings(max_examples=15, deadline=None)
@given(divided(), divided())
def test_a_window_is_the_report_of_its_graph(one, two):
    (edges, labels), (others, _) = one, two
    first, second = graph_of(edges), graph_of(others)
    known = sides_of(first, labels)
    found = over_time(
        {"a": second, "b": first}, known, measures=NAMES, null="fixed", runs=3, seed=8
    )
    # By the sides of the accounts, however they were carried.
    told = {
        "a": Partition.from_labels(
            second, [labels.get(a) for a in second.accounts], method="given"
        ),
        "b": known,
    }
    for name, graph in (("a", second), ("b", first)):
        rows = found.rows[found.rows["window"] == name]
        known_here = [a for a in graph.accounts if a in labels]
        assert rows["coverage"].iloc[0] == pytest.approx(len(known_here) / graph.nodes)
        if rows["nodes"].isna().all():
            assert rows["value"].isna().all()
            continue
        alone = report(
            graph, told[name], measures=NAMES, null="fixed", runs=3, seed=spawn(8, "window", name)
        )
        for row, index in zip(rows.itertuples(), alone.indices, strict=True):
            assert row.measure == index.name
            for number in ("value", "null_mean", "null_sd", "denoised", "z"):
                shown, expected = getattr(row, number), getattr(index, number)
                assert shown is pd.NA if expected is None else shown == expected
        assert rows["nodes"].iloc[0] == alone.graph["nodes"]
        assert rows["edges"].iloc[0] == alone.graph["edges"]


def test_the_numbers_of_two_days():
    found = over_time(
        [window(INSIDE, 4), window(ACROSS, 5)], sides(), measures=["ei_index"], runs=2
    )
    rows = found.to_pandas()
    assert rows["window"].tolist() == ["1970-01-05", "1970-01-06"]
    assert rows["value"].tolist() == pytest.approx([-3 / 5, 0])
    assert rows["since"].tolist() == [pd.Timestamp(d * DAY, unit="ms", tz="UTC") for d in (4, 5)]
    assert rows["until"].iloc[0] == rows["since"].iloc[1]
    assert rows["accounts"].tolist() == [6, 5]
    assert rows["coverage"].tolist() == pytest.approx([1, 4 / 5])
    assert rows["weight_share"].tolist() == pytest.approx([1, 4 / 6])
    assert rows["share_of_weight"].tolist() == pytest.approx([1, 4 / 6])
    assert rows["smallest_side"].tolist() == [3, 2]
    assert rows["nodes"].tolist() == [6, 4]
    assert rows["edges"].tolist() == [5, 4]
    assert rows["null"].tolist() == ["fixed", "fixed"]


def test_an_undefined_window_stays_with_its_reason_and_without_a_zero():
    graphs = {
        "talk": window(INSIDE),
        "silent": window([]),
        "strangers": window([("p", "q")]),
        "one side": window([("x1", "x2"), ("x3", "x2")]),
    }
    rows = over_time(graphs, sides(), measures=["ei_index"], runs=2, seed=1).to_pandas()
    assert rows["window"].tolist() == list(graphs)
    assert rows["value"].isna().tolist() == [False, True, True, True]
    assert rows["reason"].isna().tolist() == [True, False, False, False]
    assert "no edge between accounts" in rows["reason"][1]
    assert "one side only" in rows["reason"][3]
    assert rows["coverage"].isna().tolist() == [False, True, False, False]
    assert rows["coverage"][2] == 0
    unknown = ["nodes", "edges", "share_of_weight", "smallest_side", "null_mean", "z"]
    assert rows[unknown].iloc[1:3].isna().all(axis=None)
    assert rows["since"].isna().all()
    assert rows["sides"].tolist() == [2, 0, 0, 1]


def test_p_is_adjusted_over_windows_and_measures():
    graph, truth = planted()
    other, _ = planted(across=0.5, seed=4)
    found = over_time(
        {"apart": graph, "mixed": other}, truth, measures=NAMES, null="fixed", runs=199, seed=2
    ).to_pandas()
    alone = report(
        graph, truth, measures=["ei_index"], null="fixed", runs=199,
        seed=spawn(2, "window", "apart"),
    )  # fmt: skip
    assert found["p_unadjusted"][0] == alone["ei_index"].p == pytest.approx(1 / 200)
    assert found["p"].tolist()[:2] == pytest.approx([4 / 200, 4 / 200])
    assert (found["p"] >= found["p_unadjusted"]).all()
    assert found["p"][2] > 0.05
    assert over_time({"a": graph}, truth, measures=NAMES, runs=20).to_pandas()["p"].isna().all()


def test_sides_found_in_one_window_are_found_again_in_its_null_only():
    graph, _ = planted(across=0.3)
    other, _ = planted(across=0.3, seed=9)
    found = over_time(
        {"a": graph, "b": other}, find_sides(graph, seed=2), measures=["modularity"], runs=4, seed=1
    )
    assert found.rows["null"].tolist() == ["repartitioned", "fixed"]
    assert found.rows["value"][0] > found.rows["value"][1] + 0.1
    assert found.choices["sides"] == "leiden"


def test_a_split_is_made_anew_in_each_window():
    graphs = {"a": planted()[0], "b": planted(seed=5)[0], "silent": window([])}
    found = over_time(graphs, split="leiden", measures=["modularity"], runs=3, seed=4)
    rows = found.to_pandas()
    for name, place in (("a", 0), ("b", 1)):
        alone = find_sides(graphs[name], seed=spawn(4, "window", name))
        assert rows["value"][place] == pytest.approx(
            INDICES["modularity"].function(graphs[name], alone).value
        )
    assert rows["null"].tolist()[:2] == ["repartitioned"] * 2
    assert "no sides to find" in rows["reason"][2]
    assert rows["sides"].isna().tolist() == [False, False, True]
    assert found.choices["split"] == "leiden"


def test_choices_are_those_of_report_and_the_seed_repeats():
    graphs = {"a": planted()[0], "b": planted(seed=5)[0]}
    truth = planted()[1]
    chosen = {"k": 3, "weights": "weighted"}
    options = {"measures": ["random_walk_controversy"], "runs": 2, "choices": chosen}
    steps = []
    found = over_time(graphs, truth, seed=6, advance=steps.append, **options)
    assert sum(steps) == 4
    assert found.choices["k"] == 3
    alone = INDICES["random_walk_controversy"].function(graphs["a"], truth, **chosen)
    assert found.rows["value"][0] == alone.value
    again = over_time(graphs, truth, seed=6, **options)
    pd.testing.assert_frame_equal(found.rows, again.rows)
    assert found.rows["null_mean"][0] != over_time(graphs, truth, seed=7, **options).rows[
        "null_mean"
    ][0]  # fmt: skip


def test_as_json_and_html_and_by_measure():
    found = over_time(
        [window(INSIDE, 4), window([], 5)], sides(), measures=NAMES, null="none", seed=3
    )
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert [w["value"] for w in told["windows"]] == pytest.approx([-0.6, 0.3, None, None])
    assert told["windows"][0]["since"] == "1970-01-05T00:00:00.000Z"
    assert told["seed"] == 3
    assert "<table" in found._repr_html_()
    assert found.of("modularity")["window"].tolist() == ["1970-01-05", "1970-01-06"]
    with pytest.raises(UsageError, match="no such measure here"):
        found.of("dip_test")
    assert isinstance(found, OverTime)


def test_wrong_use_is_explained():
    graphs = {"a": window(INSIDE)}
    with pytest.raises(UsageError, match="either sides or a split"):
        over_time(graphs)
    with pytest.raises(UsageError, match="either sides or a split"):
        over_time(graphs, sides(), split="leiden")
    with pytest.raises(UsageError, match="no such split"):
        over_time(graphs, split="kmeans")
    with pytest.raises(UsageError, match="there is no window"):
        over_time([], sides())
    with pytest.raises(UsageError, match="start at the same time: 1970-01-05"):
        over_time([window(INSIDE, 4), window(ACROSS, 4)], sides())
    with pytest.raises(UsageError, match="no such measure"):
        over_time(graphs, sides(), measures=["rwc"])
    with pytest.raises(UsageError, match="known from outside"):
        over_time(graphs, sides(), null="repartitioned")


def test_the_acts_that_enter_are_told_after_the_cut_to_the_component():
    apart = [("x1", "x2"), ("x2", "y1"), ("y2", "y3"), ("y3", "y2"), ("y2", "y3")]
    options = {"measures": ["ei_index", "assortativity"], "null": "none"}
    own = {"assortativity.component": "all"}
    rows = over_time({"a": window(apart)}, sides(), choices=own, **options).to_pandas()
    assert rows["weight_share"].tolist() == [1, 1]
    assert rows["share_of_weight"].tolist() == pytest.approx([2 / 5, 1])
    assert rows["smallest_side"].tolist() == [1, 2]
    assert rows["nodes"].tolist() == [3, 5]


def test_windows_without_times_are_numbered():
    found = over_time([window(INSIDE), window(ACROSS)], sides(), measures=["ei_index"], null="none")
    assert found.rows["window"].tolist() == ["window 1", "window 2"]


@settings(max_examples=20, deadline=None)
@given(divided(), divided())
def test_sides_are_carried_by_account(one, two):
    (edges, labels), (others, _) = one, two
    graph, other = graph_of(edges), graph_of(others)
    there = carried(other, sides_of(graph, labels))
    shown = {a: there.names[i] for a, i in zip(other.accounts, there.labels, strict=True) if i >= 0}
    assert shown == {a: labels[a] for a in other.accounts if a in graph.accounts}
    outside = set(graph.accounts) - set(other.accounts)
    assert there.parameters.get("not_in_graph", 0) == len(outside)
    told = coverage(other, there)
    inner = [(a, b) for a, b in others if a in shown and b in shown]
    assert told["weight_share"] == pytest.approx(len(inner) / len(others))
    assert told["sided"] == len(shown)
