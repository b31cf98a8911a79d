"""Planted births, merges, splits and deaths are found; flows are accounts, each once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.communities.planted import window
from workbench.communities import RULES, match
from workbench.errors import InputError, UsageError
from workbench.model import InteractionGraph, Partition

labels = st.dictionaries(st.integers(0, 20), st.sampled_from("abcd"), min_size=6)


def events(found, window_name=None):
    rows = found.to_pandas()
    rows = rows if window_name is None else rows[rows["window"] == window_name]
    return [(r.event, r.sources, r.targets) for r in rows.itertuples()]


@pytest.fixture
def story():
    """Return five windows: a merge, then a split and a birth, then a death, then a return."""
    return {
        "1": window({"a": range(10), "b": range(20, 28), "c": range(40, 46)}),
        "2": window({"a": [*range(10), *range(20, 28)], "c": range(40, 46)}),
        "3": window({"a": range(10), "b": range(20, 28), "c": range(40, 46), "d": range(60, 70)}),
        "4": window({"a": range(10), "b": range(20, 28), "d": range(60, 75)}),
        "5": window({"a": range(10), "b": range(20, 24), "c": range(40, 46), "d": range(60, 75)}),
    }


@pytest.mark.parametrize("rule", RULES)
def test_a_planted_story_is_told(story, rule):
    found = match(story, rule=rule, least=4)
    assert events(found, "2") == [("continue", (2,), (2,)), ("merge", (0, 1), (0,))]
    assert sorted(events(found, "3")) == [
        ("birth", (), (3,)), ("continue", (2,), (2,)), ("split", (0,), (0, 4)),
    ]  # fmt: skip
    assert sorted(events(found, "4")) == [
        ("continue", (0,), (0,)), ("continue", (4,), (4,)), ("death", (2,), ()),
        ("grow", (3,), (3,)),
    ]  # fmt: skip
    assert sorted(events(found, "5")) == [
        ("birth", (), (5,)), ("continue", (0,), (0,)), ("continue", (3,), (3,)),
        ("shrink", (4,), (4,)),
    ]  # fmt: skip
    death = found.events.query("event == 'death'").iloc[0]
    assert (death["seen"], death["size_before"], death["size_after"]) == (0, 6, 0)
    assert death["community"] == 2
    merge = found.events.query("event == 'merge'").iloc[0]
    assert (merge["size_before"], merge["size_after"], merge["shared"]) == (18, 18, 18)
    assert found.members(0, "3") == [f"x:{i}" for i in range(10)]
    assert found.members(2, "4") == []
    assert found.steps["moved"].tolist() == pytest.approx([8 / 24, 8 / 24, 0.0, 0.0])
    assert found.steps["changes"].tolist() == [1, 1, 0, 0], "who fell silent did not part"
    sizes = found.sizes()
    assert sizes.loc[4].isna().tolist() == [True, True, False, False, False]
    assert sizes.loc[0].tolist() == [10, 18, 10, 10, 10]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("among", ["both", "all"])
def test_the_same_again_goes_on(story, rule, among):
    found = match(dict.fromkeys("xyz", story["3"]), rule=rule, among=among, least=1)
    assert {event for event, *_ in events(found)} == {"continue"}
    assert found.steps["moved"].tolist() == [0.0, 0.0]
    assert found.steps["ami"].tolist() == [1.0, 1.0]
    assert all((of == found.labels["x"]).all() for of in found.labels.values())
    assert (found.flows()["source"] == found.flows()["target"]).all()


def flow(found, before, source, target):
    rows = found.flows()
    rows = rows[rows["before"] == before]
    for column, value in (("source", source), ("target", target)):
        rows = rows[rows[column].isna() if value is None else (rows[column] == value).fillna(False)]
    return int(rows["accounts"].sum())


def test_flows_say_who_stayed_came_and_left():
    found = match(
        {
            "1": window({"a": range(10), "b": range(20, 30), "tiny": [50, 51]}),
            "2": window({"a": [*range(6), 20, 21, 50], "b": [*range(22, 29), 70, 71]}),
        }
    )
    assert flow(found, "1", 0, 0) == 6
    assert flow(found, "1", 1, 0) == 2
    assert flow(found, "1", -1, 0) == 1
    assert flow(found, "1", 0, None) == 4
    assert flow(found, "1", None, 1) == 2
    assert flow(found, "1", -1, None) == 1
    step = found.steps.iloc[0]
    assert (step["both"], step["joined"], step["left"]) == (16, 2, 6)
    assert step["moved"] == 3 / 16
    told = found.to_dict()
    assert told["flows"][0].keys() == {"before", "window", "source", "target", "accounts"}
    assert {"source": None, "target": 1} in [
        {k: row[k] for k in ("source", "target")} for row in told["flows"]
    ]
    assert told["steps"][0]["noise_moved"] is None
    assert "<table" in found._repr_html_()


def relabelled(partition, order):
    """Return the same communities under other names, given in another order."""
    names = [order[i] for i in range(partition.k)]
    return window({names[i]: partition.members(i)[::-1] for i in reversed(range(partition.k))})


@settings(max_examples=12, deadline=None)
@given(st.lists(labels, min_size=2, max_size=4), st.permutations("pqrs"), st.integers(1, 3),
       st.sampled_from(sorted(RULES)), st.sampled_from(["both", "all"]))  # fmt: skip
def test_flows_sum_to_accounts_and_names_of_labels_do_not_matter(drawn, order, least, rule, among):
    parts = {}
    for i, each in enumerate(drawn):
        groups = {}
        for account, label in each.items():
            groups.setdefault(label, []).append(account)
        parts[str(i)] = window(groups)
    try:
        found = match(parts, least=least, rule=rule, among=among)
    except InputError:
        kept = [p for p in parts.values() if p.sizes[0] >= least]
        assert len(kept) < 2
        return
    again = match({n: relabelled(p, order) for n, p in parts.items()}, least=least, rule=rule,
                  among=among)  # fmt: skip
    assert again.events.equals(found.events)
    assert again.flows().equals(found.flows())
    assert again.steps.equals(found.steps)
    sizes = {name: len(of) for name, of in found.labels.items()}
    for (before, after), rows in found.flows().groupby(["before", "window"]):
        assert rows.loc[rows["source"].notna(), "accounts"].sum() == sizes[before]
        assert rows.loc[rows["target"].notna(), "accounts"].sum() == sizes[after]
        counts = found.sizes()
        for community, part in rows.groupby("source"):
            if community >= 0:
                assert part["accounts"].sum() == counts.loc[community, before]
        for community, part in rows.groupby("target"):
            if community >= 0:
                assert part["accounts"].sum() == counts.loc[community, after]
    seen = [set(of[of >= 0].tolist()) for of in found.labels.values()]
    assert set().union(*seen) == set(range(len(found.communities)))
    for row in found.events.itertuples():
        names = found.windows
        earlier, later = names.index(row.before), names.index(row.window)
        assert set(row.sources) <= seen[earlier]
        assert set(row.targets) <= seen[later]
        if row.event == "birth":
            assert all(row.community not in numbers for numbers in seen[:later])
        if row.event == "death":
            assert all(row.community not in numbers for numbers in seen[later:])


def test_a_window_without_communities_is_silent_and_the_next_is_compared(story):
    nobody = Partition.from_mapping(InteractionGraph.from_edges(["x:0"], ["x:1"]), {})
    found = match({"1": story["1"], "night": nobody, "2": story["1"]})
    assert found.silent == ("night",)
    assert found.windows == ["1", "2"]
    assert {event for event, *_ in events(found)} == {"continue"}


def test_the_numbering_follows_size_and_is_stable():
    found = match({"1": window({"a": range(5), "b": range(10, 30)}), "2": window({"a": range(5)})})
    assert found.sizes()["1"].tolist() == [20, 5]
    assert found.communities == [0, 1]
    assert np.array_equal(np.unique(found.labels["2"]), [1])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rule": "magic"}, "no such rule of matching: magic; allowed: inclusion, jaccard"),
        ({"threshold": 0}, r"threshold must be in \(0, 1\]: 0"),
        ({"threshold": float("nan")}, r"threshold must be in \(0, 1\]"),
        ({"threshold": 1.1}, r"threshold must be in \(0, 1\]"),
        ({"among": "some"}, "no such set of accounts: some; allowed: both, all"),
        ({"least": 0}, "least must be 1 or more"),
    ],
)
def test_bad_choices(story, wrong, message):
    with pytest.raises(UsageError, match=message):
        match(story, **wrong)


def test_too_little_to_match(story):
    with pytest.raises(InputError, match="two windows with a community of 5 accounts or more: 1 o"):
        match({"1": story["1"]})
    with pytest.raises(InputError, match="0 of 2 windows"):
        match({"1": story["1"], "2": story["2"]}, least=100)
    found = match(story)
    with pytest.raises(UsageError, match="no such window: 9"):
        found.members(0, "9")
    with pytest.raises(UsageError, match=r"no such community: 77"):
        found.members(77, "1")
