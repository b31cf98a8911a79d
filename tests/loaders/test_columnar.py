"""Columns instead of rows: every helper against the obvious loop."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders import columnar

TEXTS = st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "b", "ß"])), max_size=8)
LISTS = st.lists(st.one_of(st.none(), st.lists(st.integers(0, 9), max_size=3)), max_size=6)


@given(LISTS, st.data())
def test_lists_are_flattened_and_gathered(lists, data):
    flat = columnar.unnest(pa.array(lists, pa.list_(pa.int64())))
    plain = [each or [] for each in lists]
    assert flat.values.to_pylist() == [value for each in plain for value in each]
    assert flat.parents.tolist() == [n for n, each in enumerate(plain) for _ in each]
    rows = data.draw(st.lists(st.sampled_from(range(len(lists))))) if lists else []
    owners, elements = columnar.spread(flat, np.array(rows, np.int64))
    assert owners.tolist() == [n for n, row in enumerate(rows) for _ in plain[row]]
    assert flat.values.take(pa.array(elements)).to_pylist() == [v for r in rows for v in plain[r]]


def test_a_null_in_a_list_is_unusual():
    with pytest.raises(columnar.UnusualError):
        columnar.unnest(pa.array([[1, None]], pa.list_(pa.int64())))


@given(TEXTS, TEXTS)
def test_codes_name_the_distinct_values(one, two):
    names, found = columnar.codes(pa.array(one, pa.string()), pa.array(two, pa.string()))
    names = names.to_pylist()
    assert len(names) == len({*one, *two} - {None})
    for texts, codes in zip((one, two), found, strict=True):
        assert [names[code] if code >= 0 else None for code in codes] == texts


@given(TEXTS)
def test_distinct_values_are_mapped_once(texts):
    seen = []
    mapped = columnar.distinct(pa.array(texts, pa.string()), lambda text: seen.append(text) or text)
    assert mapped.to_pylist() == texts
    assert sorted(seen) == sorted({*texts} - {None})
    assert columnar.truthy(pa.array(texts, pa.string())).tolist() == [bool(t) for t in texts]


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 4)), st.integers(0, 99)))
def test_pairs_are_found(things):
    groups, values = (np.array([key[n] for key in things], np.int64) for n in (0, 1))
    kept = np.array([*things.values()], np.int64)
    known = columnar.Keyed(groups, values, width=5, things=kept)
    asked = [(group, value) for group in range(4) for value in range(-1, 5)]
    found = known.find(*(np.array(side) for side in zip(*asked, strict=True)))
    assert found.tolist() == [things.get(pair, -1) for pair in asked]


def test_a_pair_that_names_two_things_is_unusual():
    with pytest.raises(columnar.UnusualError):
        columnar.Keyed(np.array([1, 1]), np.array([2, 2]), width=3)


def test_small_columns():
    two = np.array([1, -1])
    assert columnar.taken(pa.array(["a", "b"]), two).to_pylist() == ["b", None]
    assert columnar.chosen(("x", None), np.array([1, 0])).to_pylist() == [None, "x"]
    assert columnar.constant("x", 2).to_pylist() == ["x", "x"]
    assert columnar.prefixed("p:", pa.array(["a", None])).to_pylist() == ["p:a", None]
    assert columnar.optional(two, two > 0).to_pylist() == [1, None]
    assert columnar.integers(pa.array([1, None]), missing=7).tolist() == [1, 7]
    assert columnar.first_of_each(np.array([5, 3, 5, 3])).tolist() == [0, 1]
