from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.table_rows import MISSING, clean_id, items


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12345678901234567890", "12345678901234567890"),
        (" a ", "a"),
        ("12.0", "12"),
        ("", None),
        ("NaN", None),
        ("nan", None),
        ("12.5", "12.5"),
        ("1e", "1e"),
        (7, "7"),
    ],
)
def test_ids(value, expected):
    assert clean_id(value) == expected


@pytest.mark.parametrize("value", ["9.06E+17", "9,06E+17", "9.06e17", "1e5", "1234567890123456.0"])
def test_rounded_ids_are_refused(value):
    with pytest.raises(ValueError, match="rounded"):
        clean_id(value)


PLAIN = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)


@given(st.lists(PLAIN, max_size=5))
def test_lists_in_every_writing(values):
    assert items(values, None) == values
    assert items(json.dumps(values), None) == values
    assert items(repr(values), "|") == values
    assert items("|".join(values), "|") == ([] if MISSING.issuperset(values) else values)


@given(st.lists(st.text("a'\",\\ й[]", max_size=5), max_size=4))
def test_a_list_as_python_writes_it(values):
    assert items(repr(values), None) == [value.strip() for value in values if value.strip()]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", []),
        ("['a', 1, 'b']", ["a", "1", "b"]),
        ('["\\ud800x"]', ["?x"]),
        ("['\\d']", ["\\d"]),
        ("[]", []),
        ("one two", ["one two"]),
        ("[a, b]", ["a", "b"]),
        ("['http://a.org/x', 'y']", ["http://a.org/x", "y"]),
        ("[1, 2]", ["1", "2"]),
        (["a", "", " b "], ["a", "b"]),
    ],
)
def test_cells_with_several_values(cell, expected):
    assert items(cell, None) == expected


@pytest.mark.parametrize("cell", ["NA", " NaN ", "null", "null,null", "NA,", "<NA>", "None", "nan"])
def test_a_missing_value_is_none(cell):
    assert items(cell, ",") == []
    assert items(f"[{cell}]", ",") == []


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("EU,NA", ["EU", "NA"]),
        ('["NA"]', ["NA"]),
        ("['NA']", ["NA"]),
        (["NA"], ["NA"]),
        ("na", ["na"]),
        ([None, float("nan"), "a"], ["a"]),
        ('["a", null, NaN]', ["a"]),
        ("['a', None]", ["a"]),
    ],
)
def test_what_only_looks_like_a_missing_value_is_kept(cell, expected):
    assert items(cell, ",") == expected


@pytest.mark.parametrize(
    "cell", ["[" * 100_000 + "]" * 100_000, "[['a']]", '[{"a": [1]}]', "[{[]: 1}]"]
)
def test_what_begins_like_a_list_and_is_none_is_refused(cell):
    with pytest.raises(ValueError, match="a list that cannot be read"):
        items(cell, None)
