"""The difference of an index between two windows, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.studies.words.reading import alike, strangers
from workbench.model import IndexValue
from workbench.polarisation import INDICES
from workbench.polarisation.change import Difference
from workbench.studies.words import of_difference

small = st.floats(-2, 2).map(lambda x: round(x, 4))
SHARES = ({"weight_share": 0.5}, {"weight_share": 0.9})
MORE, LESS = "second window is more divided", "second window is less divided"


@st.composite
def changes(draw):
    name = draw(st.sampled_from(sorted(INDICES)))
    side = INDICES[name].divided_is
    first, second = (IndexValue(name, draw(small), divided_is=side) for _ in range(2))
    runs = draw(st.sampled_from([0, 199]))
    told = {"runs": runs, "actors": {"first": 3, "second": 1, "both": 7},
            "windows": dict(zip(("first", "second"), SHARES, strict=True))}  # fmt: skip
    if runs:
        low, high = sorted([draw(small), draw(small)])
        told |= {"p": draw(st.integers(1, 200)) / 200, "low": low, "high": high}
    return Difference(name, first, second, second.value - first.value, **told)


@given(changes(), st.sampled_from(["en", "fr"]))
def test_every_number_is_one_of_the_difference(change, language):
    known = {change.first.value, change.second.value, change.difference, change.low, change.high,
             change.p, 95, 3, 1, 7, 50, 90} - {None}  # fmt: skip
    assert strangers(of_difference(change, language), language, known) == []
    assert alike(of_difference(change, "en"), of_difference(change, "fr"))


@given(changes())
def test_no_direction_is_contrary_to_the_number(change):
    told, high = of_difference(change, "en"), change.first.divided_is == "high"
    if MORE in told:
        assert (change.difference > 0) == high
    if LESS in told:
        assert (change.difference < 0) == high
    if MORE in told or LESS in told:
        assert change.difference != 0
        assert change.runs >= 199
        assert not change.low <= 0 <= change.high
    assert "does not say what caused it" in told


def change(**told):
    both = [IndexValue("ei_index", value, divided_is="low") for value in (-0.45, -0.7)]
    return Difference("ei_index", *both, **{"difference": -0.25, "runs": 199, **told})


def test_a_clear_difference_as_it_is_printed():
    told = change(low=-0.4, high=-0.1, p=0.015, actors={"first": 4, "second": 0, "both": 1})
    assert of_difference(told, "en") == (
        "The E–I index is −0.45 in the first window and −0.70 in the second, a difference of −0.25 "
        "(95% interval −0.40 to −0.10), p = 0.015. By this measure the second window is more "
        "divided than the first. 1 account acts in both windows, 4 in the first only and 0 in the "
        "second only. A difference between two dates does not say what caused it."
    )
    assert "la seconde fenêtre est plus divisée que la première" in of_difference(told, "fr")


@pytest.mark.parametrize(
    ("told", "english"),
    [
        ({"p": 0.2}, "not enough to claim a change"),
        ({"runs": 10}, "Neither an interval nor a test was computed"),
        ({"difference": None, "reason": "first window: no edge"}, "“first window: no edge”"),
    ],
)
def test_what_cannot_be_said(told, english):
    assert english in of_difference(change(**told), "en")
