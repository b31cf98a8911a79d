"""A measure by the group of those who act: parts that add up, groups that are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from tests.influence.test_participation import split
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.influence import audience, pagerank, pivots
from workbench.model import InteractionGraph
from workbench.model.partition import Partition

ROWS = [("l1", "star"), ("l1", "star"), ("r1", "star"), ("x", "star"), ("r1", "other")]
GROUPS = {"l1": "left", "r1": "right", "star": "left"}


def small():
    graph = InteractionGraph.from_edges(*zip(*ROWS, strict=True))
    return graph, Partition.from_mapping(graph, GROUPS)


def test_who_amplifies_by_side():
    told = audience(*small(), top=2)
    first, second = told.to_dict()["accounts"]
    assert first == {
        "rank": 1, "account": "star", "group": "left", "in_strength": 4.0, "from_left": 2.0,
        "from_right": 1.0, "from_none": 1.0, "share_left": 0.5, "share_right": 0.25,
        "share_none": 0.25,
    }  # fmt: skip
    assert (second["account"], second["group"], second["share_right"]) == ("other", None, 1.0)
    assert told.groups == {
        "left": {"accounts": 2, "acting": 1, "acts": 2.0},
        "right": {"accounts": 1, "acting": 1, "acts": 2.0},
        "none": {"accounts": 2, "acting": 1, "acts": 1.0},
    }
    assert "<table" in told._repr_html_()


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_parts_add_up_to_the_whole(graph):
    groups = split(graph)
    for by in ("in_strength", "unique_amplifiers"):
        told = audience(graph, groups, by=by, top=100)
        rows = told.to_pandas()
        parts = rows[[c for c in rows.columns if c.startswith("from_")]]
        assert parts.sum(axis=1).tolist() == pytest.approx(rows[by].tolist())
        shares = rows[[c for c in rows.columns if c.startswith("share_")]]
        known = rows[by] > 0
        assert shares[known].sum(axis=1).tolist() == pytest.approx([1.0] * int(known.sum()))
        assert shares[~known].isna().all(axis=None)
        assert rows["rank"].is_monotonic_increasing


def test_other_measures_are_those_of_the_acts_of_each_group():
    graph, groups = small()
    rows = audience(graph, groups, by="pagerank").to_pandas().set_index("account")
    source, target, weight = graph.arcs()
    left = groups.labels[source] == groups.names.index("left")
    part = pagerank(graph.with_arcs(source[left], target[left], weight[left]))
    for account, value in zip(part.ids.to_pylist(), part.values, strict=True):
        assert rows.loc[account, "from_left"] == pytest.approx(value)
    assert not [column for column in rows if column.startswith("share_")]


def test_what_is_refused():
    graph, groups = small()
    with pytest.raises(UsageError, match="needs groups"):
        audience(graph, GROUPS)
    with pytest.raises(UsageError, match="no such measure"):
        audience(graph, groups, by="fame")
    with pytest.raises(UsageError, match=r"needs sides, and cannot be split.*in_strength"):
        audience(graph, groups, by="participation")
    with pytest.raises(UsageError, match="must not be negative"):
        audience(graph, groups, top=-1)
    other = InteractionGraph.from_edges(["a"], ["b"])
    with pytest.raises(InputError, match="another graph"):
        audience(other, groups)
    with pytest.raises(InputError, match="may not be called none"):
        audience(graph, Partition.from_mapping(graph, {"l1": "none"}))
    wide = InteractionGraph.from_edges([f"f{i}" for i in range(60)], ["star"] * 60)
    with pytest.raises(UsageError, match="too many groups for a table: 61"):
        audience(wide, split(wide, range(61)))
    empty = InteractionGraph.from_edges([], [])
    with pytest.raises(UndefinedError, match="no accounts"):
        audience(empty, Partition.from_labels(empty, [], method="given"))


def test_without_direction_only_sums_can_be_split():
    pairs = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")]
    rows = [*pairs, *(pair[::-1] for pair in pairs)]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True), kind="co_hashtag")
    groups = Partition.from_mapping(graph, {"a": "one", "b": "one", "c": "two", "d": "two"})
    told = audience(graph, groups).to_pandas().set_index("account")
    assert told.loc["c", ["in_strength", "from_one", "from_two"]].tolist() == [3, 2, 1]
    for by in ("core_number", "out_strength", "pagerank", "betweenness"):
        with pytest.raises(UsageError, match=r"both ends do: co_hashtag.*in_strength"):
            audience(graph, groups, by=by)


def test_a_measure_that_draws_leaves_its_seed(monkeypatch):
    graph = InteractionGraph.from_edges(
        [f"a{i}" for i in range(90)], [f"a{i * 7 % 90}" for i in range(1, 91)]
    )
    groups = split(graph)
    assert audience(graph, groups, by="closeness", seed=4).seed is None
    monkeypatch.setattr(pivots, "EXACT_NODES", 10)
    monkeypatch.setattr(pivots, "PIVOTS", 32)
    drawn = audience(graph, groups, by="closeness")
    again = audience(graph, groups, by="closeness", seed=drawn.seed)
    assert drawn.to_dict() == again.to_dict()
    assert drawn.seed is not None
