"""Cells of tables, as English and French write them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.studies.document import Table
from workbench.studies.document_cells import table_cells


def column(values, language="en", **digits):
    cells = table_cells(Table("", "", ("c",), tuple((v,) for v in values), digits), language)
    return [row[0] for row in cells.rows], cells.numeric[0]


@pytest.mark.parametrize(
    ("values", "language", "shown"),
    [
        ([1234567, None], "en", ["1,234,567", "–"]),
        ([1234567, -5], "fr", ["1\u202f234\u202f567", "−5"]),
        ([0.25, 10.0], "en", ["0.250", "10.000"]),
        ([2.0, 1234.0], "en", ["2", "1,234"]),
        ([0.25, float("nan")], "fr", ["0,250", "–"]),
        ([np.float64(0.5), np.int64(3)], "en", ["0.500", "3"]),
    ],
)
def test_numbers_stand_to_the_right_with_equal_digits(values, language, shown):
    assert column(values, language) == (shown, True)


@pytest.mark.parametrize(
    ("values", "language", "shown"),
    [
        ([True, False], "en", ["yes", "no"]),
        ([True, False], "fr", ["oui", "non"]),
        (["a", 1], "en", ["a", "1"]),
        ([None], "en", ["–"]),
        ([], "en", []),
        (["2017-05", "007a"], "en", ["2017-05", "007a"]),
    ],
)
def test_other_columns_stand_to_the_left(values, language, shown):
    assert column(values, language) == (shown, False)


def test_numbers_that_are_text_are_numbers():
    assert column(["43.1%", "−0,5", "1 234", "12e-5", ""]) == (
        ["43.1%", "−0,5", "1 234", "12e-5", ""],
        True,
    )


def test_digits_that_were_asked_for():
    assert column([0.123456, 2.0], c=4)[0] == ["0.1235", "2.0000"]
    assert column([0.6], c=0)[0] == ["1"]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1))
def test_every_column_of_floats_is_numeric_and_aligned(values):
    shown, numeric = column(values)
    assert numeric
    assert len({len(text.partition(".")[2]) for text in shown}) == 1
