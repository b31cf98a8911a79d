"""What fits on a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.studies.reports import picture
from workbench.errors import InputError
from workbench.studies.document import Picture
from workbench.studies.document_cells import Cells
from workbench.studies.sizes import fitted_table, picture_share, png_size, png_width


def table(columns, cell="1,234.567"):
    return Cells(tuple("n" * 9 for _ in range(columns)), ((cell,) * columns,), (True,) * columns)


def test_tables_get_smaller_and_then_lie_across():
    sizes = [(fitted_table(table(n)).size, fitted_table(table(n)).flipped) for n in range(1, 25)]
    assert sizes[0] == (9.0, False)
    upright = [size for size, flipped in sizes if not flipped]
    across = [size for size, flipped in sizes if flipped]
    assert upright == sorted(upright, reverse=True)
    assert across == sorted(across, reverse=True)
    assert min(upright) >= 6.5
    assert across[0] > min(upright)


@given(st.text(st.sampled_from("ab/_.0é "), max_size=60))
def test_words_may_break_and_nothing_is_lost(cell):
    (shown,) = fitted_table(Cells(("h",), ((cell,),), (False,))).rows[0]
    assert shown.replace("\u200b", "") == cell
    assert all(len(word) <= 22 for part in shown.split() for word in part.split("\u200b"))


def test_numbers_never_break():
    long = "1,234,567,890,123.456"
    assert fitted_table(Cells(("h",), ((long,),), (True,))).rows == ((long,),)


def test_a_tall_picture_is_narrower():
    wide = Picture("", "", "", picture())
    tall = Picture("", "", "", picture(wide=2.0, high=8.0))
    assert picture_share(wide) == 1.0
    assert picture_share(tall) == pytest.approx(610 / (4 * 470))


def test_the_size_of_a_png_is_in_its_head():
    assert png_size(picture()) == (400, 200)
    assert png_width(picture()) == pytest.approx(4.0, abs=0.01)
    plain = picture().replace(b"pHYs", b"pHYx")
    assert png_width(plain) == 2.0
    with pytest.raises(InputError, match=r"a picture is no PNG: fig-x"):
        png_size(b"GIF89a", name="fig-x")


def test_pseudonyms_stay_whole_to_be_copied():
    rows = (("p1_wsr6pk",), ("p10_wsr6pkab",))
    assert fitted_table(Cells(("account",), rows, (False,))).rows == rows
