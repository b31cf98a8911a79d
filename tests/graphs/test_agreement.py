from __future__ import annotations

import math
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.graphs.agreement import (
    adjusted_mutual_information,
    adjusted_rand,
    element_centric,
    overlap,
    variation_of_information,
)

labels = st.lists(st.integers(0, 2), min_size=5, max_size=5)


def information(a, b):
    """Mutual information by counting pairs, in nats."""
    n, total = len(a), 0.0
    for x in set(a):
        for y in set(b):
            both = sum(i == x and j == y for i, j in zip(a, b, strict=True))
            if both:
                total += both / n * math.log(both * n / (a.count(x) * b.count(y)))
    return total


@settings(max_examples=30)
@given(labels, labels)
def test_equal_to_averaging_over_every_relabelling(a, b):
    entropies = [information(x, x) for x in (a, b)]
    expected = np.mean([information(a, list(p)) for p in permutations(b)])
    ceiling = np.mean(entropies) - expected
    found = adjusted_mutual_information(np.array(a), np.array(b))
    if abs(ceiling) < 1e-12:
        assert found == 1.0
    else:
        assert found == pytest.approx((information(a, b) - expected) / ceiling, abs=1e-9)


@settings(max_examples=60)
@given(labels, labels)
def test_pairs_treated_alike_averaged_over_every_relabelling(a, b):
    def alike(x, y):
        pairs = list(combinations(range(len(x)), 2))
        return sum((x[i] == x[j]) and (y[i] == y[j]) for i, j in pairs)

    expected = np.mean([alike(a, list(p)) for p in permutations(b)])
    ceiling = (alike(a, a) + alike(b, b)) / 2 - expected
    found = adjusted_rand(np.array(a), np.array(b))
    if abs(ceiling) < 1e-9:
        assert found == 1.0
    else:
        assert found == pytest.approx((alike(a, b) - expected) / ceiling, abs=1e-9)


def test_a_worked_example_of_pairs():
    """Sizes 3 + 3 against 2 + 4, one node moved: 4 pairs alike, 2.8 by chance, 6.5 at most."""
    found = adjusted_rand(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 1, 1]))
    assert found == pytest.approx((4 - 2.8) / (6.5 - 2.8))
    assert adjusted_rand(np.zeros(4), np.ones(4)) == adjusted_rand(np.zeros(1), np.ones(1)) == 1.0
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) == pytest.approx(-0.5)


def test_equal_labels_agree_fully_whatever_their_names():
    a = np.array([0, 0, 1, 1, 2])
    assert adjusted_mutual_information(a, np.array([5, 5, 3, 3, 9])) == pytest.approx(1.0)
    assert adjusted_mutual_information(np.zeros(4), np.ones(4)) == 1.0


def test_independent_labels_are_about_zero():
    rng = np.random.default_rng(1)
    values = [
        adjusted_mutual_information(rng.integers(0, 4, 400), rng.integers(0, 4, 400))
        for _ in range(10)
    ]
    assert abs(np.mean(values)) < 0.01


def test_overlap_of_communities():
    found = overlap(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]))
    assert found == pytest.approx([2 / 3, 2 / 3, 1 / 4, 1 / 2])


@settings(max_examples=60)
@given(labels, labels, labels)
def test_variation_of_information_is_a_metric_and_what_entropies_leave(a, b, c):
    def distance(x, y):
        return variation_of_information(np.array(x), np.array(y))

    left = information(a, a) + information(b, b) - 2 * information(a, b)
    assert distance(a, b) == pytest.approx(left, abs=1e-12)
    assert distance(a, b) == pytest.approx(distance(b, a))
    assert -1e-12 <= distance(a, b) <= math.log(5) + 1e-12
    assert distance(a, c) <= distance(a, b) + distance(b, c) + 1e-12


def test_variation_of_information_at_its_ends():
    alone, together = np.arange(7), np.zeros(7)
    assert variation_of_information(alone, together) == pytest.approx(math.log(7))
    assert variation_of_information(together, together) == 0
    assert variation_of_information(np.array([]), np.array([])) == 0


def walk(groups, start, alpha):
    """Personalised PageRank over members of the same community, as Gates et al. define it."""
    n = len(groups)
    same = np.array([[float(x == y) for y in groups] for x in groups])
    step = same / same.sum(axis=1, keepdims=True)
    return (1 - alpha) * np.linalg.inv(np.eye(n) - alpha * step)[start]


@settings(max_examples=40)
@given(labels, labels, st.sampled_from([0.5, 0.9]))
def test_element_centric_similarity_is_that_of_random_walks_whatever_alpha(a, b, alpha):
    expected = [
        1 - np.abs(walk(a, i, alpha) - walk(b, i, alpha)).sum() / (2 * alpha) for i in range(5)
    ]
    assert element_centric(np.array(a), np.array(b)) == pytest.approx(expected)
