"""Shapes of distributions: dips by linear programmes, closed forms, and leans of walks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.stats import kurtosis, skew

from tests.polarisation.cases import camps, graph_of, sides_of, topic
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.polarisation import (
    bimodality,
    bimodality_coefficient,
    dip,
    dip_statistic,
    dip_test,
)
from workbench.polarisation.absorption import absorption, elites
from workbench.polarisation.preparation import prepare
from workbench.rng import generator

samples = st.lists(st.integers(0, 20), min_size=2, max_size=9)


def distance_with_mode(places, counts, mode):
    """Return the least distance of a unimodal function with its mode at one of the places.

    A linear programme: heights left of the mode and at it, heights at it and right of it, distance.
    """
    before, n = np.append(0, counts[:-1]), len(places)
    right = n + 1  # the height of place i right of the mode is at right + i
    rows, bounds = [], []

    def at_most(bound, **terms):
        rows.append([sum(v for k, v in terms.values() if k == i) for i in range(2 * n + 1)])
        bounds.append(bound)

    def near(variable, height):
        at_most(height, a=(variable, 1), d=(n, -1))
        at_most(-height, a=(variable, -1), d=(n, -1))

    def rising(a, b):
        at_most(0, a=(a, 1), b=(b, -1))

    for i in range(mode + 1):
        near(i, before[i])
        if i < mode:
            near(i, counts[i])
            rising(i, i + 1)
    for i in range(mode, n):
        near(right + i, counts[i])
        if i > mode:
            near(right + i, before[i])
            rising(right + i - 1, right + i)
    rising(mode, right + mode)
    for i in range(1, n - 1):
        first, second = 1 / (places[i] - places[i - 1]), 1 / (places[i + 1] - places[i])
        if i < mode:
            at_most(0, a=(i - 1, -first), b=(i, first + second), c=(i + 1, -second))
        if i > mode:
            at_most(0, a=(right + i - 1, first), b=(right + i, -first - second),
                    c=(right + i + 1, second))  # fmt: skip
    goal = [float(i == n) for i in range(2 * n + 1)]
    return linprog(goal, A_ub=rows, b_ub=bounds, bounds=(0, 1)).fun


def slow_dip(values):
    places, counts = np.unique(values, return_counts=True)
    shares = np.cumsum(counts) / len(values)
    return min(distance_with_mode(places, shares, mode) for mode in range(len(places)))


@settings(max_examples=60, deadline=None)
@given(samples)
def test_the_dip_is_the_distance_to_the_nearest_distribution_with_one_peak(values):
    assert dip_statistic(values) == pytest.approx(slow_dip(values), abs=1e-7)


def test_a_flat_largest_distance_is_narrowed_down():
    # Minorant and majorant are parallel from 1 to 6: between their corners nothing is gained.
    assert dip_statistic([6, 10, 3, 1, 8, 0, 5]) == pytest.approx(0.1)


@settings(max_examples=60)
@given(samples, st.integers(-9, 9), st.integers(1, 9), st.randoms())
def test_shift_unit_sign_and_order_do_not_matter(values, shift, unit, shuffler):
    other = [shift - unit * value for value in values]
    shuffler.shuffle(other)
    assert dip_statistic(other) == pytest.approx(dip_statistic(values))
    if len(values) >= 4 and len(set(values)) > 1:
        expected = bimodality_coefficient(values)
        assert bimodality_coefficient(other) == pytest.approx(expected)
        assert 0 < expected < 1
    if len(set(values)) > 1:
        assert 1 / (2 * len(values)) - 1e-12 <= dip_statistic(values) <= 1 / 4 + 1e-12


@pytest.mark.parametrize("n", [2, 3, 10, 1001])
def test_dips_that_can_be_written_down(n):
    assert dip_statistic(range(n)) == pytest.approx(1 / (2 * n))  # as flat as it gets
    assert dip_statistic([0] * n + [1] * n) == pytest.approx(1 / 4)
    assert dip_statistic([0] * n + [1] * (3 * n)) == pytest.approx(1 / 8)
    assert dip_statistic([0] * n + [1] * n + [2] * n) == pytest.approx(1 / 6)
    assert dip_statistic([7] * n) == 0.0


def test_values_that_rounding_cannot_tell_apart_are_equal():
    assert dip_statistic([0.3, 0.1 + 0.2, 1.0, np.nextafter(1.0, 2)]) == pytest.approx(1 / 4)


@settings(max_examples=60)
@given(st.lists(st.floats(-100, 100).map(lambda v: round(v, 3)), min_size=4, max_size=20))
def test_bimodality_equals_the_published_formula(values):
    if len(set(values)) == 1:
        with pytest.raises(UndefinedError, match="four values that are not all equal"):
            bimodality_coefficient(values)
        return
    n = len(values)
    excess = kurtosis(values, bias=False)
    expected = (skew(values, bias=False) ** 2 + 1) / (
        excess + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    )
    assert bimodality_coefficient(values) == pytest.approx(expected, rel=1e-6)


def test_bimodality_of_known_shapes():
    assert bimodality_coefficient(range(100_000)) == pytest.approx(5 / 9, abs=1e-4)
    normal = generator(3, "normal").normal(size=100_000)
    assert bimodality_coefficient(normal) == pytest.approx(1 / 3, abs=0.01)
    assert bimodality_coefficient([0] * 500 + [1] * 300) == pytest.approx(0.99, abs=0.01)


def test_one_peak_is_not_rejected_and_two_are():
    two = np.append(generator(1, "two").normal(0, 1, 60), generator(2, "two").normal(6, 1, 60))
    found = dip_test(two, runs=199, seed=4)
    assert found.p == pytest.approx(1 / 200)
    assert found.value == dip_statistic(two)
    assert found.z > 5
    assert (found.runs, found.seed, found.choices) == (199, 4, {"null": "uniform", "values": 120})
    assert found == dip_test(two, runs=199, seed=4)
    assert dip_test(two, runs=20, seed=4).p is None
    one = dip_test(generator(1, "one").normal(size=120), runs=199, seed=4)
    assert one.p > 0.2
    assert dip_test(two[:9], runs=2).seed is not None


def test_p_of_uniform_samples_is_uniform():
    ps = [dip_test(generator(i, "flat").random(30), runs=199, seed=i).p for i in range(40)]
    assert np.mean(ps) == pytest.approx(0.5, abs=0.15)


def test_leans_are_chances_of_walks():
    graph, sides = camps(3)
    prepared = prepare(graph, sides)
    chosen, _ = elites(prepared, 1)
    leans = (2 * absorption(prepared, chosen)[:, 0] - 1).round(9)
    assert dip(graph, sides, k=1).value == dip_statistic(leans)
    assert bimodality(graph, sides, k=1).value == pytest.approx(bimodality_coefficient(leans))
    assert len(set(leans)) > 2
    assert dip(graph, sides).choices["k"] == 0.05


def test_accounts_whose_walks_end_nowhere_have_no_lean():
    # a4 runs into b5, which leads nowhere: no lean, which is not a lean of 0.
    edges = [("a1", "a0"), ("a2", "a0"), ("b1", "b0"), ("b2", "b0"), ("a3", "a0"), ("a3", "b0"),
             ("a3", "a4"), ("a4", "b5")]  # fmt: skip
    graph = graph_of(edges)
    sides = sides_of(graph, {account: account[0] for account in graph.accounts})
    leans = [1, 1, 1, -1, -1, -1, 0]
    for index, function in ((dip, dip_statistic), (bimodality, bimodality_coefficient)):
        found = index(graph, sides, k=1, direction="directed")
        assert found.value == pytest.approx(function(leans))
        assert found.choices["without_lean"] == 2
        assert index(graph, sides, k=1).choices["without_lean"] == 0


@pytest.mark.reference
def test_leans_of_a_retweet_graph_have_two_peaks():
    """No published number: a value of this code, which a change of the definition moves."""
    graph, sides = topic("gunsense")
    assert dip(graph, sides).value == pytest.approx(0.237898, abs=2e-6)
    assert bimodality(graph, sides).value == pytest.approx(0.970622, abs=2e-6)
    calm, halves = topic("nationalkissingday")
    assert dip(calm, halves).value == pytest.approx(0.121173, abs=2e-6)


def test_what_cannot_be_measured_is_refused():
    graph, sides = camps(2)
    three = sides_of(graph, {a: a if a == "hub_x" else a[-1] for a in graph.accounts})
    for index in (dip, bimodality):
        with pytest.raises(UndefinedError, match="defined for 2 sides"):
            index(graph, three)
        with pytest.raises(UsageError, match="whole number or a fraction"):
            index(graph, sides, k=0)
    for function in (dip_statistic, bimodality_coefficient, dip_test):
        with pytest.raises(InputError, match="not finite; leave out"):
            function([1, 2, 3, float("nan"), 5])
    with pytest.raises(UndefinedError, match="at least one value"):
        dip_statistic([])
    with pytest.raises(UndefinedError, match="four values"):
        bimodality_coefficient([1, 2, 3])
    with pytest.raises(UsageError, match="at least two runs: 1"):
        dip_test([1, 2, 3], runs=1)
