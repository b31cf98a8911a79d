"""A step against sets: overlaps, links, heirs, and the two rules side by side."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.communities.planted import window
from workbench.communities.steps import CHANGES, Rule, Step, Window, common

labels = st.dictionaries(st.integers(0, 15), st.sampled_from("abcd"), min_size=1)


def partition(drawn):
    groups = {}
    for account, label in drawn.items():
        groups.setdefault(label, []).append(account)
    return window(groups)


@settings(max_examples=60, deadline=None)
@given(labels, labels, st.sampled_from(["inclusion", "jaccard"]), st.sampled_from(["both", "all"]),
       st.sampled_from([0.3, 0.5, 1.0]), st.integers(1, 3))  # fmt: skip
def test_links_are_those_of_sets_of_accounts(one, other, name, among, threshold, least):
    ends = [Window.of(partition(drawn), least) for drawn in (one, other)]
    step = Step.of(*ends, Rule(name, threshold, among))
    groups = [
        [set(each.partition.members(i)) for i in range(each.k)] for each in ends
    ]  # fmt: skip
    present = set(ends[0].partition.ids.to_pylist()) & set(ends[1].partition.ids.to_pylist())
    expected = {}
    for a, first in enumerate(groups[0]):
        for b, second in enumerate(groups[1]):
            shared = len(first & second)
            sizes = [len(g & present if among == "both" else g) for g in (first, second)]
            if not shared:
                continue
            value = shared / min(sizes) if name == "inclusion" else shared / (sum(sizes) - shared)
            if value >= threshold - 1e-12 and shared >= min(2, len(first), len(second)):
                expected[a, b] = value
    assert step.overlap == pytest.approx(expected)
    assert step.accounts == len(present)
    assert set(step.heirs.items()) <= set(expected)
    assert len(set(step.heirs.values())) == len(step.heirs)
    for a, b in expected:
        assert a in step.heirs or b in step.heirs.values(), "two linked communities left free"
    rows = list(step.events())
    told = {side: sorted(i for row in rows for i in set(row[side])) for side in ("before", "after")}
    assert set(told["before"]) == set(range(ends[0].k))
    assert set(told["after"]) == set(range(ends[1].k))
    assert step.changes() == sum(r["event"] in CHANGES and r["seen"] > 0 for r in rows)


def test_the_closest_goes_on_and_the_rest_is_split_off():
    first = Window.of(window({"a": range(20)}), 3)
    second = Window.of(window({"p": range(4), "q": range(4, 20)}), 3)
    step = Step.of(first, second, Rule("inclusion", 0.5, "both"))
    assert step.heirs == {0: 0}
    (split,) = step.events()
    assert (split["event"], split["after"], split["size_after"]) == ("split", [0, 1], 20)
    assert step.moved() == 4 / 20
    plain = Step.of(first, second, Rule("jaccard", 0.3, "both"))
    assert [row["event"] for row in plain.events()] == ["shrink", "birth"]


def test_one_account_makes_no_link():
    first = Window.of(window({"a": range(9)}), 3)
    second = Window.of(window({"p": [0, 20, 21, 22]}), 3)
    step = Step.of(first, second, Rule("inclusion", 0.5, "both"))
    assert (step.overlap, step.shared) == ({}, {(0, 0): 1})
    assert [row["event"] for row in step.events()] == ["death", "birth"]


def test_who_is_in_one_window_only_counts_if_asked():
    first = Window.of(window({"a": range(10)}), 3)
    second = Window.of(window({"p": range(8, 20)}), 3)
    assert Step.of(first, second, Rule("jaccard", 0.3, "both")).overlap == {(0, 0): 1.0}
    assert Step.of(first, second, Rule("jaccard", 0.3, "all")).overlap == {}


def test_nothing_in_common_is_unknown():
    first, second = (Window.of(window({"a": r}), 3) for r in (range(5), range(10, 15)))
    step = Step.of(first, second, Rule("inclusion", 0.5, "both"))
    assert (step.accounts, step.moved(), step.agreement(), step.changes()) == (0, None, None, 0)
    here, there = common(first.partition, first.partition)
    assert np.array_equal(here, there)
