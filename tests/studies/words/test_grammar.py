"""Places in sentences: counted, compared and typeset."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.studies.words.grammar import Text, Voice, digits_for, paragraph

SEEN = Text("{n:# account was|# accounts were} seen", "{n:# compte a été vu|# comptes ont été vus}")


@pytest.mark.parametrize(
    ("n", "english", "french"),
    [
        (0, "0 accounts were seen", "0 compte a été vu"),
        (1, "1 account was seen", "1 compte a été vu"),
        (2, "2 accounts were seen", "2 comptes ont été vus"),
        (12345, "12,345 accounts were seen", "12\u202f345 comptes ont été vus"),
        (1.5, "1.50 accounts were seen", "1,50 compte a été vu"),
        (3.0, "3 accounts were seen", "3 comptes ont été vus"),
    ],
)
def test_a_noun_and_its_verb_agree_with_their_number(n, english, french):
    assert Voice("en").say(SEEN, n=n) == english
    assert Voice("fr").say(SEEN, n=n) == french


def test_values_shares_and_lists_take_their_places():
    places = ("{a}", "{b:%}", "{c:%0}", "{d:3}", "{e}", "{f:%}")
    text = Text("; ".join(places), " ; ".join(places))
    told = {"a": "x : y", "b": 0.4312, "c": 0.5, "d": -0.25, "e": ["p", "q", 3], "f": None}
    assert Voice("en").say(text, **told) == "x : y; 43.1%; 50%; −0.250; p, q and 3; –"
    semi = "\u202f; "
    assert Voice("fr").say(text, **told) == (
        semi.join(["x : y", "43,1\u00a0%", "50\u00a0%", "−0,250", "p, q et 3", "–"])
    )


def test_french_marks_have_their_narrow_spaces_and_values_keep_theirs():
    text = Text("it's “{v}”!", "c'est « {v} » !")
    assert Voice("en").say(text, v="a 'b' :") == "it’s “a 'b' :”!"
    assert Voice("fr").say(text, v="a 'b' :") == "c’est «\u202fa 'b' :\u202f»\u202f!"


@pytest.mark.parametrize("share", [0.00004, 0.99996, 0.0, 1.0, 0.5])
def test_a_share_reads_nothing_or_all_only_where_it_is(share):
    told = Voice("en").say(Text("{s:%}", "{s:%}"), s=share)
    assert (told in {"0.0%", "100.0%"}) == (share in {0.0, 1.0})


@given(st.lists(st.floats(-10, 10).map(lambda x: round(x, 4)), min_size=1, max_size=5))
def test_numbers_that_differ_read_differently(values):
    digits = digits_for(values)
    assert 0 <= digits <= (4 if max(map(abs, values)) >= 0.001 else 5)
    assert len({round(v, digits) for v in values}) == len(set(values))


@pytest.mark.parametrize(
    ("values", "digits"),
    [([0.5], 2), ([0.031], 3), ([0.0031], 4), ([12.25], 1), ([7895.2], 0), ([None], 2), ([0.0], 2),
     ([0.451, 0.452], 3), ([0.0000251], 6), ([0.05, 0.0000251], 4), ([1e-6, -2e-6], 7),
     ([1e-300], 15)],
)  # fmt: skip
def test_digits_follow_the_size(values, digits):
    assert digits_for(values) == digits


def test_sentences_begin_with_a_capital_and_empty_ones_are_left_out():
    assert paragraph(["l’indice vaut 1.", "", "à lire."]) == "L’indice vaut 1. À lire."


def test_an_unknown_language_is_refused():
    with pytest.raises(UsageError, match=r"do not speak.*de"):
        Voice("de")
