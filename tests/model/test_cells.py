from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.cells import plain_cell, safe_cell

TEXTS = st.text(max_size=20) | st.text("'=1e0.", max_size=20)


@given(TEXTS)
def test_no_cell_is_a_formula_or_a_rounded_number_and_all_are_read_back(text):
    cell = safe_cell(text)
    assert cell in (text, f"'{text}")
    assert cell[:1] not in set("=+-@\t\r#%")
    assert not (cell.isdigit() and len(cell) > 15)
    assert plain_cell(cell) == text


@given(TEXTS, TEXTS)
def test_different_texts_are_different_cells(one, other):
    assert (safe_cell(one) == safe_cell(other)) == (one == other)


@pytest.mark.parametrize("text", ["'tis", "'", "''a", "'123", "twitter:1234567890123456789", "a'"])
def test_a_leading_apostrophe_of_its_own_stays(text):
    assert safe_cell(text) == plain_cell(text) == text


@pytest.mark.parametrize("text", ["=1+1", "1234567890123456", "1e5", "9,06E+17", "NaN", "#a", "%"])
@pytest.mark.parametrize("mark", ["", "'", "''"])
def test_what_would_be_spoiled_is_marked_however_many_apostrophes_it_has(text, mark):
    assert safe_cell(mark + text) == "'" + mark + text
