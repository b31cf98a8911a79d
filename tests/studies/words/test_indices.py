"""One index in words: no more, and no other, than its number says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.studies.words.reading import alike, numbers, strangers
from workbench.model import IndexValue
from workbench.polarisation import INDICES
from workbench.studies.words import of_index
from workbench.studies.words.hedges import towards_divided
from workbench.studies.words.names import SCALES

CLAIMS = {
    "en": {1: "more divided than these", -1: "less divided than these"},
    "fr": {1: "plus divisé que ceux-ci", -1: "moins divisé que ceux-ci"},
}
small = st.floats(-3, 3).map(lambda x: round(x, 4))


@st.composite
def indices(draw):
    """Draw an index with all, some or nothing known of its null and interval."""
    name = draw(st.sampled_from(sorted(INDICES)))
    if draw(st.integers(0, 9)) == 0:
        return IndexValue(name, None, reason="no edge is left", divided_is=INDICES[name].divided_is)
    value, runs = draw(small), draw(st.sampled_from([0, 1, 9, 20, 199, 999]))
    made = IndexValue(name, value, runs=runs, divided_is=INDICES[name].divided_is)
    if draw(st.booleans()):
        low, high = sorted([draw(small), draw(small)])
        made = replace(made, low=low, high=high)
    if runs:
        mean, sd = draw(small), draw(st.sampled_from([None, 0.0, 0.01, 0.3, 2.0]))
        z = (value - mean) / sd if sd else None
        p = draw(st.integers(1, runs + 1)) / (runs + 1) if runs >= 199 else None
        choices = {}
        if p is not None and draw(st.booleans()):
            choices, p = {"p_unadjusted": p}, min(1.0, 3 * p)
        made = replace(made, null_mean=mean, null_sd=sd, z=z, p=p, choices=choices)
    return made


def facts_of(index):
    known = [index.value, index.low, index.high, index.null_mean, index.p, index.runs, 95]
    scale = {n for n, _ in numbers(SCALES[index.name].en, "en")}
    far = set() if index.z is None else {abs(index.z)}
    return {float(n) for n in known if n is not None} | far | scale


@given(indices(), st.sampled_from(["en", "fr"]))
def test_every_number_is_one_of_the_result(index, language):
    assert strangers(of_index(index, language), language, facts_of(index)) == []


@given(indices())
def test_both_languages_carry_the_same_numbers_and_the_same_claim(index):
    english, french = of_index(index, "en"), of_index(index, "fr")
    assert alike(english, french)
    for direction in (1, -1):
        assert (CLAIMS["en"][direction] in english) == (CLAIMS["fr"][direction] in french)


@given(indices(), st.booleans())
def test_no_claim_is_contrary_to_the_number_or_beyond_its_uncertainty(index, fit):
    told = of_index(index, "en", fit=fit)
    for direction, claim in CLAIMS["en"].items():
        if claim in told:
            assert fit
            assert index.value is not None
            assert direction * towards_divided(index, index.value - index.null_mean) > 0
            assert abs(index.z) >= 1e-9
            assert index.low is None or not index.low <= index.null_mean <= index.high
            assert index.runs >= 10


@given(indices())
def test_p_is_said_from_199_null_samples_on_only(index):
    assert (" p = " not in of_index(index, "en")) or index.runs >= 199
    early = replace(index, runs=min(index.runs, 198), p=0.01)
    assert " p = " not in of_index(early, "en")


def told(**changes):
    plain = IndexValue(
        "ei_index", -0.456, null_mean=-0.1, null_sd=0.05, z=-7.12, p=0.005, low=-0.5123, high=-0.4,
        runs=199, divided_is="low",
    )  # fmt: skip
    return replace(plain, **changes)


def test_a_clear_index_as_it_is_printed():
    assert of_index(told(), "en", null="fixed") == (
        "The E–I index is −0.46 (95% interval −0.51 to −0.40). To read it: −1 would be no contact "
        "across the sides, 0 as many across as inside, 1 contact across only. In 199 random "
        "networks in which every account keeps its number of contacts and its side it is −0.10 on "
        "average: "
        "by this measure the network is more divided than these (7.1 of their standard "
        "deviations away, p = 0.005)."
    )
    assert of_index(told(), "fr", null="fixed") == (
        "L’indice E–I vaut −0,46 (intervalle à 95\u00a0%\u202f: −0,51 à −0,40). Lecture\u202f: −1 "
        "indiquerait l’absence de contact entre camps, 0 autant de contacts entre camps qu’en leur "
        "sein, 1 des contacts entre camps seulement. Dans 199 réseaux aléatoires où chaque compte "
        "garde son nombre de contacts et son camp, la moyenne est de −0,10\u202f: selon cette "
        "mesure, le réseau est plus divisé que ceux-ci (à 7,1 de leurs écarts types, p = 0,005)."
    )


@pytest.mark.parametrize(
    ("changes", "english"),
    [
        (
            {"p": 0.2},
            "cannot be told from these (7.1 of their standard deviations away, p = 0.200)",
        ),
        ({"low": -0.5, "high": -0.05}, "so no difference is claimed"),
        ({"runs": 5, "p": None}, "Only 5 random networks could be used"),
        ({"runs": 1, "p": None, "null_sd": None, "z": None}, "Only 1 random network could be used"),
        ({"null_sd": 0.0, "z": None}, "no distance from chance can be given"),
        ({"null_mean": None, "z": None, "p": None}, "was not compared with random networks"),
        (
            {"runs": 20, "p": None},
            "more divided than these (7.1 of their standard deviations away, too few networks for",
        ),
        (
            {"p": None, "choices": {"undefined_null_samples": 11}},
            "standard deviations away, no p-value: it is undefined in 11 of 199 networks)",
        ),
        ({"runs": 20, "p": None, "z": -2.5}, "cannot be told from these (2.5 of their"),
        ({"value": 0.3, "z": 8.0, "low": None, "high": None, "p": 1.0}, "less divided than these"),
        (
            {"p": 0.105, "choices": {"p_unadjusted": 0.005}},
            "p = 0.105 adjusted for several indices, the least that 199 networks allow)",
        ),
    ],
)
def test_each_uncertainty_has_its_hedge(changes, english):
    index = told(**changes)
    assert english in of_index(index, "en")
    assert alike(of_index(index, "en"), of_index(index, "fr"))


def test_an_index_that_leaves_accounts_out_says_on_how_many_it_rests():
    left_out = {"accounts": 192, "inactive": 3, "below_min_contacts": 405}
    index = told(name="exposure_diversity", choices=left_out)
    assert "This rests on 192 accounts of 600 that have enough contacts." in of_index(index, "en")
    french = of_index(index, "fr")
    assert "Cette valeur repose sur 192 comptes sur 600, ceux qui ont assez de contacts." in french
    for choices in ({}, {"accounts": 600, "inactive": 0, "below_min_contacts": 0}):
        assert "rests on" not in of_index(replace(index, choices=choices), "en")


def test_what_has_no_value_says_why():
    index = IndexValue("conductance", None, reason="one side is empty", divided_is="low")
    assert of_index(index, "en") == "Conductance has no value here: “one side is empty”."
    assert "«\u202fone side is empty\u202f»" in of_index(index, "fr")
