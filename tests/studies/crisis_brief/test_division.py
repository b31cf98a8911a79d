"""What is said of division follows from the numbers, whatever they are."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model import IndexValue
from workbench.studies.crisis_brief import division
from workbench.studies.crisis_brief.world import Config

values = st.floats(-0.9, 0.9)


@st.composite
def indices(draw):
    value, mean, z = draw(values), draw(values), draw(st.floats(-9, 9))
    low, high = sorted([draw(values), draw(values)])
    spans = draw(st.booleans())
    return IndexValue(
        "ei_index", value, mean, 0.1, z, draw(st.none() | st.floats(0.005, 1.0)),
        low if spans else None, high if spans else None, 20,
        divided_is=draw(st.sampled_from(["high", "low"])),
    )  # fmt: skip


@given(indices())
def test_one_verdict_holds_and_agrees_with_the_numbers(index):
    claim = division._headline(SimpleNamespace(config=Config()), index)
    beyond = division.excess(index)
    more = index.p <= 0.05 if index.p is not None else beyond >= 2
    said = claim.told("en")
    if not claim.holds:  # a small p beside a value below its null: no verdict, and so an error
        assert more
        assert beyond <= -2
        return
    assert (("two camps that are more divided" in said)
            or ("more divided than chance, though" in said)) == more  # fmt: skip
    assert ("less divided than chance" in said) == (not more and beyond <= -2)
    assert ("no more divided" in said) == (not more and beyond > -2)
    away = said.partition(" standard deviations towards ")
    assert "\u2212" not in away[0].rpartition(", ")[2]  # the end that follows has the sign
    assert away[2].startswith("more" if beyond >= 0 else "less")
    assert (", p\u00a0=" in said) == (index.p is not None and "less divided" not in said)
    if index.low is not None and more:
        near = index.low > index.null_mean if index.divided_is == "high" else (
            index.high < index.null_mean)  # fmt: skip
        assert ("not clearly" in said) == (not near)


@pytest.mark.parametrize(("divided_is", "sign"), [("high", 1), ("low", -1)])
def test_excess_points_towards_divided(divided_is, sign):
    index = IndexValue("ei_index", 0.5, 0.1, 0.1, 4.0, divided_is=divided_is)
    assert division.excess(index) == sign * 4.0


def test_the_tables_hold_the_numbers_of_the_report(world):
    indices, cross = division.sheets(world)
    assert [row[1] for row in indices.rows] == [i.value for i in world.report.indices]
    by_kind = {row[0]["en"]: row for row in cross.rows}
    assert by_kind["replies"][4] == world.crossing["reply"].share
    assert by_kind["replies"][1] == world.crosstalk.coverage["reply"]["share"]
    assert by_kind["retweets"][5] == world.headline().value
    (drawing,) = division.drawings(world)
    assert "--study 'my study'" in drawing.behind.command


def test_too_little_coverage_is_not_compared(world):
    kinds = {"quote", "reply", "mention"}
    assert set(division.compared(world)) == kinds
    few = SimpleNamespace(crosstalk=world.crosstalk, crossing=world.crossing,
                          config=Config(coverage=0.78))  # fmt: skip
    shares = {kind: world.crosstalk.coverage[kind]["share"] for kind in kinds}
    assert set(division.compared(few)) == {kind for kind in kinds if shares[kind] >= 0.78} < kinds


def test_the_table_gives_no_index_where_the_camps_are_not_compared(world):
    asked = replace(world, config=replace(world.config, coverage=0.9999))
    _, cross = division.sheets(asked)
    assert {row[0]["en"]: row[5] is None for row in cross.rows} == {
        "retweets": False, "quotes": True, "replies": True, "mentions": True,
    }  # fmt: skip


def test_kinds_that_are_not_compared_say_nothing_of_what_crosses(world):
    least = world.crosstalk.coverage["reply"]["share"] + 1e-9
    few = replace(world, config=replace(world.config, coverage=least))
    sheet = division.sheets(few)[1]
    told = {row[0]["en"]: row for row in sheet.rows}
    assert told["replies"][3:] == [None] * 6
    assert None not in told["quotes"][:5]
    assert sheet.caption["en"].endswith("of their accounts have a camp: replies.")
    assert sheet.caption["fr"].endswith("de leurs comptes ont un camp : réponses.")


@pytest.mark.parametrize(("beyond", "english"), [(3, "On 3 of 5"), (2, "On only 2 of 5")])
def test_the_indices_agree_only_where_most_do(world, beyond, english):
    made = [IndexValue("ei_index", 0.5, 0.1, 0.1, -5.0 if i < beyond else 0.0, divided_is="low")
            for i in range(5)]  # fmt: skip
    claim = division._indices(replace(world, report=replace(world.report, indices=made)))
    assert claim.holds
    assert claim.told("en").startswith(f"{english} indices")


@pytest.mark.parametrize(("z", "noun"), [(1.94, "écart type"), (-1.96, "écarts types")])
def test_french_counts_deviations_in_the_singular_below_two(z, noun):
    index = IndexValue("ei_index", 0.5, 0.1, 0.1, z, divided_is="high")
    assert division._deviations(index).value["fr"] == noun
