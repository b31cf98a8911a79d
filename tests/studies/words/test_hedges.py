"""The rules by which a number may be told, each at its threshold."""

from __future__ import annotations

import pytest

from workbench.graphs import chance
from workbench.model import IndexValue
from workbench.polarisation.change import Difference
from workbench.polarisation.notes import LOW_ACCEPTANCE, SMALL_SIDE
from workbench.polarisation.sensitivity import STABLE
from workbench.studies.words import hedges
from workbench.studies.words.hedges import Verdict


def index(**changes):
    plain = {"value": 0.5, "null_mean": 0.1, "null_sd": 0.1, "z": 4.0, "p": 0.05, "runs": 199}
    return IndexValue("assortativity", **{**plain, **changes})


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Verdict.MORE),
        ({"p": 0.0501}, Verdict.UNTOLD),
        ({"p": None, "runs": 198}, Verdict.MORE),
        ({"p": None, "runs": 198, "z": 2.99}, Verdict.UNTOLD),
        ({"runs": 9, "p": None}, Verdict.TOO_FEW),
        ({"choices": {"undefined_null_samples": 190}}, Verdict.TOO_FEW),
        ({"low": 0.1, "high": 0.9}, Verdict.COVERED),
        ({"low": 0.11, "high": 0.9}, Verdict.MORE),
        ({"value": -0.1, "z": -2.0, "p": 0.95}, Verdict.LESS),
        ({"value": -0.1, "z": -2.0, "p": 0.94}, Verdict.UNTOLD),
        ({"value": -0.1, "z": -1.9, "p": 0.99}, Verdict.UNTOLD),
        ({"value": -0.1, "z": -2.0, "p": 0.01}, Verdict.UNTOLD),
        ({"null_sd": 0.0, "z": None}, Verdict.UNVARIED),
        ({"p": 0.06, "choices": {"p_unadjusted": 0.005}}, Verdict.MORE),
        ({"p": 0.06, "choices": {"p_unadjusted": 0.01}}, Verdict.UNTOLD),
    ],
)
def test_verdicts_at_their_thresholds(changes, verdict):
    assert hedges.against_null(index(**changes)) is verdict


def test_low_is_divided_where_the_index_says_so():
    low = index(divided_is="low")
    assert hedges.towards_divided(low, 0.4) == -0.4
    assert hedges.against_null(low) is Verdict.UNTOLD
    assert hedges.against_null(index(divided_is="low", p=1.0)) is Verdict.LESS


def test_thresholds_are_those_of_the_analyses():
    assert hedges.RUNS_FOR_P == chance.RUNS_FOR_P
    assert hedges.LOW_ACCEPTANCE == LOW_ACCEPTANCE
    assert hedges.SMALL_SIDE == SMALL_SIDE
    assert hedges.STEADY == STABLE


def test_null_models_that_fail():
    assert hedges.null_fails({"kind": "fixed"}, found=True) == "lenient"
    assert not hedges.null_fails({"kind": "fixed"}, found=False)
    assert hedges.null_fails({"kind": "fixed", "acceptance": 0.049}, found=False) == "stuck"
    assert not hedges.null_fails({"kind": "repartitioned", "acceptance": 0.05}, found=True)


@pytest.mark.parametrize(
    ("without", "few"), [(0.31, False), (0.29, True), (0.0, True), (None, False)]
)
def test_an_index_rests_on_few_when_it_loses_half_its_distance(without, few):
    assert hedges.rests_on_few(index(), without) is few


@pytest.mark.parametrize(("agreement", "sure"), [(0.8, True), (0.79, False), (None, None)])
def test_agreement(agreement, sure):
    assert hedges.steady(agreement) is sure


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({"low": 0.1, "high": 0.3, "p": 0.05}, Verdict.MORE),
        ({"low": 0.1, "high": 0.3, "p": 0.06}, Verdict.UNTOLD),
        ({"low": 0.0, "high": 0.3, "p": 0.01}, Verdict.UNTOLD),
        ({"p": 0.01}, Verdict.MORE),
        ({"low": 0.1, "high": 0.3}, Verdict.MORE),
        ({}, Verdict.UNCHECKED),
        ({"p": 0.01, "runs": 198}, Verdict.UNCHECKED),
        ({"difference": -0.2, "p": 0.01}, Verdict.LESS),
        ({"difference": None, "reason": "no sides"}, Verdict.UNDEFINED),
    ],
)
def test_changes_at_their_thresholds(told, verdict):
    both = [index(value=value) for value in (0.1, 0.3)]
    change = Difference("assortativity", *both, **{"difference": 0.2, "runs": 199, **told})
    assert hedges.of_change(change) is verdict


def test_who_could_be_first_and_who_holds_on():
    assert hedges.contenders([1, 1, 2]) == 2
    assert hedges.holding([2, 3, 4]) == 2
