"""The registry: what a decorator lists, and that it changes nothing."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.communities import METHODS
from workbench.influence import MEASURES
from workbench.model.registry import Measure, Registry
from workbench.polarisation import INDICES

REFERENCE = "Nobody (2031) doi:10.0000/none"
HOUSE = (METHODS, MEASURES, INDICES)


def width(graph):
    """Return how wide a graph is.

    The widest part counts.
    """
    return len(graph)


def depth(graph):
    """
    Return how deep a graph is.
    """
    return -len(graph)


def test_a_listed_function_is_given_back_unchanged():
    registry = Registry()
    assert registry(reference=REFERENCE)(width) is width
    assert registry["width"].function is width
    assert registry["width"].function([1, 2]) == 2


def test_facts_are_kept_and_have_defaults():
    registry = Registry()
    registry(reference=REFERENCE)(width)
    assert registry["width"] == Measure(
        "width", width, REFERENCE, bounds=(None, None), divided_is="high", choices=(), sides=None,
        weighted=True, stochastic=False, kernel=None, needs="",
    )  # fmt: skip
    facts = {
        "bounds": (-1.0, None), "divided_is": "low", "choices": ("k",), "sides": 2,
        "weighted": False, "stochastic": True, "kernel": width, "needs": "sides",
    }  # fmt: skip
    registry(reference=REFERENCE, **facts)(depth)
    measure = registry["depth"]
    assert {name: getattr(measure, name) for name in facts} == facts
    assert (measure.name, measure.function, measure.reference) == ("depth", depth, REFERENCE)


def test_the_meaning_is_the_first_line():
    assert Measure("w", width, REFERENCE).meaning == "Return how wide a graph is."
    assert Measure("d", depth, REFERENCE).meaning == "Return how deep a graph is."


def test_a_name_is_taken_once_and_the_first_keeps_it():
    registry = Registry()
    registry(reference=REFERENCE)(width)
    with pytest.raises(AssertionError, match="width is registered twice"):
        registry(reference="another")(width)
    assert registry["width"].reference == REFERENCE
    assert Registry() == {}


def test_facts_that_no_measure_has_are_refused():
    with pytest.raises(TypeError, match="bound"):
        Registry()(reference=REFERENCE, bound=(0, 1))(width)
    with pytest.raises(TypeError, match="reference"):
        Registry()()(width)


def test_what_is_listed_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Measure("w", width, REFERENCE).bounds = (0, 1)


@settings(max_examples=20)
@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), unique=True))
def test_names_stand_in_the_order_in_which_they_were_written(names):
    registry = Registry()
    for name in names:

        def function():
            """Return nothing."""

        function.__name__ = name
        registry(reference=REFERENCE)(function)
    assert list(registry) == names
    assert [measure.name for measure in registry.values()] == names


@pytest.mark.parametrize("registry", HOUSE, ids=["communities", "influence", "polarisation"])
def test_what_the_house_lists_is_consistent(registry):
    assert registry
    for name, measure in registry.items():
        low, high = measure.bounds
        assert name == measure.name == measure.function.__name__
        assert low is None or high is None or low < high
        assert measure.divided_is in {"high", "low"}
        assert measure.needs in {"", "sides", "posts"}
        assert measure.meaning.endswith(".")
