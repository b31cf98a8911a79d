"""Letters that no font has are found and named, with what to install."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plotting.figures import rendered
from workbench.errors import MissingGlyphWarning
from workbench.plotting import glyphs, mixing_matrix
from workbench.plotting.glyphs import HOUSE, missing, remedy


def test_what_the_house_font_has_is_not_missing():
    known = "Hello, été, Привет, Ελλάδα, العربية, −1 234 → ↑ « » … ’ ♥"
    assert missing([known, "\n\t\u202f"], [HOUSE]) == ""


def test_each_missing_letter_once_in_order():
    assert missing(["北京 and 東京", "한국 🦊"], [HOUSE]) == "北京東한국🦊"
    assert remedy("北京") == "fonts-noto-cjk"
    assert remedy("か한") == "fonts-noto-cjk"
    assert remedy("🦊") == "fonts-symbola"
    assert remedy("ह") == "fonts-noto-core"
    assert remedy("北🦊ह") == "fonts-noto-cjk, fonts-noto-core, fonts-symbola"


@given(st.text(max_size=30))
def test_any_text_can_be_asked(text):
    found = missing([text], [HOUSE])
    assert set(found) <= set(text)
    assert not found or remedy(found)


def test_a_figure_warns_once_and_a_picture_is_made_in_silence(monkeypatch):
    monkeypatch.setattr(glyphs, "families", lambda: (HOUSE,))
    with pytest.warns(MissingGlyphWarning) as told:
        ax = mixing_matrix([[5, 1], [2, 3]], ["北京", "tag🦊"])
    assert len(told) == 1
    assert "no font here has 北 京 🦊, so the picture shows boxes" in str(told[0].message)
    assert "install fonts-noto-cjk, fonts-symbola" in str(told[0].message)
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert rendered(ax)
        assert "北京" in rendered(ax, "svg").decode()


@pytest.mark.parametrize(("version", "warned"), [((3, 10, 0), True), ((3, 11, 2), False)])
def test_scripts_from_the_right_need_a_matplotlib_that_sets_them(monkeypatch, version, warned):
    import matplotlib as mpl

    monkeypatch.setattr(mpl, "__version_info__", version)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        mixing_matrix([[5, 1], [2, 3]], ["العربية", "b"])
    assert [("from left to right" in str(w.message)) for w in told] == ([True] if warned else [])
    plt.close("all")
