"""Numbers, dates and lists of both languages, by hand and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import language
from workbench.errors import UsageError


@pytest.mark.parametrize(
    ("number", "digits", "english", "french"),
    [
        (12345, 0, "12,345", "12\u202f345"),
        (1234.5, 2, "1,234.50", "1\u202f234,50"),
        (-0.4312, 2, "\u22120.43", "\u22120,43"),
        (-0.001, 2, "0.00", "0,00"),
        (None, 2, "–", "–"),
        (float("nan"), 2, "–", "–"),
        (float("-inf"), 2, "\u2212∞", "\u2212∞"),
    ],
)
def test_numbers_as_each_language_writes_them(number, digits, english, french):
    assert language.decimal(number, "en", digits=digits) == english
    assert language.decimal(number, "fr", digits=digits) == french


@given(st.floats(-1e9, 1e9), st.integers(0, 4), st.sampled_from(language.LANGUAGES))
def test_a_number_can_be_read_back(number, digits, spoken):
    written = language.decimal(number, spoken, digits=digits).replace("\u2212", "-")
    plain = written.replace("\u202f", "").replace(",", ".") if spoken == "fr" else written
    assert float(plain.replace(",", "")) == pytest.approx(number, abs=0.5001 * 10**-digits)


def test_shares_intervals_days_and_lists():
    assert language.percent(0.4312, "en") == "43.1%"
    assert language.percent(0.4312, "fr", digits=0) == "43\u00a0%"
    assert language.percent(None, "fr") == "–"
    assert language.between(0.41, 0.52, "fr") == "0,41 à 0,52"
    assert language.between(3, 3, "en", digits=0) == "3"
    assert language.day("2017-04-24T13:05:09Z", "en") == "24\u00a0April 2017"
    assert language.day("2017-05-01", "fr") == "1er\u00a0mai 2017"
    assert language.moment(1_493_039_159_999, "en") == "24\u00a0April 2017, 13:05 UTC"
    assert language.listed(["a", "b", "c"], "fr") == "a, b et c"
    assert language.listed(["a"], "en") == "a"
    assert language.listed([], "en") == ""


def test_a_language_that_reports_do_not_speak_is_refused():
    with pytest.raises(UsageError, match=r"do not speak.*de.*en, fr"):
        language.whole(3, "de")


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("Vrai ?", "Vrai\u202f?"),
        ("a ; b : c !", "a\u202f; b\u202f: c\u202f!"),
        ("« mot »", "«\u202fmot\u202f»"),
        ("43 % des", "43\u00a0% des"),
        ("à 12:30, http://x", "à 12:30, http://x"),
        ("a :b", "a :b"),
    ],
)
def test_french_signs_keep_their_word(text, french):
    assert language.spaced(text, "fr") == french
    assert language.spaced(text, "en") == text


@given(st.text(st.sampled_from("a :;!?«»%\u00a0"), max_size=30))
def test_only_spaces_change_and_twice_is_once(text):
    once = language.spaced(text, "fr")
    assert language.spaced(once, "fr") == once
    assert once.replace("\u00a0", " ").replace("\u202f", " ") == text.replace("\u00a0", " ")
