"""Claims: what is printed is true, in both languages, with the same numbers."""

from __future__ import annotations

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import ClaimError, InputError, UsageError
from workbench.studies.claims import NOUNS, Amount, Claim, Condition, check, chosen, escaped

RELATIONS = {"≥": operator.ge, ">": operator.gt, "≤": operator.le, "<": operator.lt,
             "=": operator.eq}  # fmt: skip
numbers = st.integers(-5, 5) | st.floats(-5, 5)


def claim(value=3.0, *conditions, **changes):
    told = {
        "id": "walk",
        "section": "division",
        "sentence": {"en": "It is {value}.", "fr": "C’est {value} !"},
        "places": {"value": Amount(value, "index")},
        "conditions": conditions or [Condition("value", value, "≥", 2.0)],
        "value": value,
    }
    return Claim(**{**told, **changes})


@given(numbers, st.sampled_from(sorted(RELATIONS)), numbers)
def test_a_condition_holds_exactly_as_its_relation_says(value, relation, threshold):
    made = Condition("x", value, relation, threshold)
    assert made.holds == RELATIONS[relation](value, threshold)
    assert made.to_dict()["holds"] == made.holds


@pytest.mark.parametrize("relation", sorted(RELATIONS))
def test_nothing_holds_of_what_is_unknown(relation):
    assert not Condition("x", None, relation, 0.0).holds


def test_a_relation_that_nobody_can_decide_is_refused():
    with pytest.raises(InputError, match=r"no such relation: ≈; allowed: ≥ > ≤ < ="):
        Condition("x", 1.0, "≈", 1.0)


def test_a_sentence_is_filled_in_each_language():
    made = claim(1234.567)
    assert made.told("en") == "It is 1,234.57."
    assert made.told("fr") == "C’est 1\u202f234,57\u202f!"


@given(st.lists(numbers, min_size=1, max_size=4), numbers)
def test_the_first_alternative_that_holds_is_chosen(values, threshold):
    made = [
        claim(v, Condition("value", v, "≥", threshold), id=str(i)) for i, v in enumerate(values)
    ]
    found = chosen(*made)
    holding = [one for one in made if one.holds]
    assert found is (holding[0] if holding else made[-1])


def test_a_false_claim_fails_and_names_sentence_value_and_threshold():
    false = claim(1.5, Condition("standard deviations", 1.5, "≥", 2.0))
    with pytest.raises(ClaimError) as caught:
        check([claim(id="true"), false])
    said = str(caught.value)
    assert "It is 1.50." in said
    assert ": 1.5 " in said
    assert "standard deviations" in said
    assert "≥ 2" in said
    assert caught.value.exit_code == 1


@given(st.lists(st.booleans(), min_size=1, max_size=5))
def test_check_passes_exactly_when_all_hold(truths):
    claims = [
        claim(1.0, Condition("x", 1.0, "=", 1.0 if true else 2.0), id=str(i))
        for i, true in enumerate(truths)
    ]
    if all(truths):
        check(claims)
    else:
        with pytest.raises(ClaimError):
            check(claims)


def test_two_claims_with_one_id_are_refused():
    with pytest.raises(InputError, match=r"two claims have one id: walk"):
        check([claim(), claim()])


def test_languages_say_the_same_numbers():
    with pytest.raises(InputError, match=r"the places .* value \(walk, fr\)"):
        claim(sentence={"en": "It is {value}.", "fr": "C’est ainsi."})
    with pytest.raises(InputError, match=r"told in every language: en \(walk\); allowed: en, fr"):
        claim(sentence={"en": "It is {value}."})


def test_a_claim_that_nothing_could_make_false_is_none():
    with pytest.raises(InputError, match=r"nothing could make false"):
        claim(conditions=[])


@pytest.mark.parametrize("unit", sorted(NOUNS))
def test_nouns_agree_with_their_number(unit):
    for language, numbers_of_one in (("en", {1}), ("fr", {0, 1})):
        one, many = NOUNS[unit][language]
        for n in (0, 1, 2, 1000):
            told = Amount(n, unit).counted(language)
            assert told.endswith(one if n in numbers_of_one else many)
            assert told[0].isdigit()


@pytest.mark.parametrize(
    ("amount", "english", "french"),
    [
        (Amount(0.0849, "share", 1), "8.5%", "8,5\u00a0%"),
        (Amount("2031-03-01", "day"), "1\u00a0March 2031", "1er\u00a0mars 2031"),
        (Amount(0, "ms"), "1\u00a0January 1970, 00:00 UTC", "1er\u00a0janvier 1970, 00:00 UTC"),
        (Amount(1200, "rank"), "1,200", "1\u202f200"),
        (Amount({"en": "replies", "fr": "réponses"}, "word"), "replies", "réponses"),
        (Amount(None, "index"), "–", "–"),
        (Amount(-2.31, "sd", 1), "−2.3", "−2,3"),
        (Amount("Radio", "name"), "Radio", "Radio"),
    ],
)  # fmt: skip
def test_amounts_are_written_as_their_unit_wants(amount, english, french):
    assert amount.written("en") == english
    assert amount.written("fr") == french
    assert amount.to_dict() == {"value": amount.value, "unit": amount.unit}


def test_an_unknown_language_is_refused():
    with pytest.raises(UsageError, match=r"do not speak this language: de"):
        claim().told("de")


def test_names_are_written_so_that_markdown_shows_them():
    made = claim(places={"value": Amount("a_b*c [@x] $y$", "name")})
    assert made.told("en") == "It is a_b*c [@x] $y$."
    assert made.told("en", markdown=True) == "It is a\\_b\\*c \\[\\@x\\] \\$y\\$."


@given(st.text(max_size=30))
def test_what_is_escaped_reads_as_it_is(text):
    from markdown_it import MarkdownIt

    plain = " ".join(text.split())
    if not plain.isprintable() or "&" in plain:
        return
    tokens = MarkdownIt().parseInline(escaped(f"x{plain}x"))
    assert "".join(child.content for child in tokens[0].children) == f"x{plain}x"


def test_the_object_of_a_claim_says_what_decided():
    told = claim(low=2.0, high=4.0, unit="index").to_dict("en")
    assert {key: told[key] for key in ("id", "sentence", "value", "low", "high", "holds")} == {
        "id": "walk", "sentence": "It is 3.00.", "value": 3.0, "low": 2.0, "high": 4.0,
        "holds": True,
    }  # fmt: skip
    assert told["conditions"] == [
        {"what": "value", "value": 3.0, "relation": "≥", "threshold": 2.0, "holds": True}
    ]
