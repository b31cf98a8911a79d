from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.graphs.agreement import adjusted_mutual_information, overlap

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
