"""Diversity against loops, against what samples of known sides give, and closed forms."""

from __future__ import annotations

from math import comb, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UndefinedError, UsageError
from workbench.polarisation.diversity import (
    chao_shen,
    check_distances,
    entropy,
    miller_madow,
    profile_distances,
    rao_stirling,
)

OTHERS = np.ones((2, 2)) - np.eye(2)


def counts(*rows):
    return np.array(rows, dtype=np.float64)


def corrected(rows):
    return miller_madow(rows, rows.sum(axis=1))


def loops(row):
    """Entropy, its two corrections and Simpson's index of one row, in the order of the papers."""
    n, k = sum(row), len(row)
    shares = [c / n for c in row if c]
    plain = -sum(p * log(p) for p in shares)
    raised = plain + (len(shares) - 1) / (2 * n)
    once = sum(c == 1 for c in row)
    coverage = 1 - (n - 1 if once == n else once) / n
    adjusted = 0.0
    for p in shares:
        q = coverage * p
        adjusted -= q * log(q) / (1 - (1 - q) ** n)
    simpson = 1 - sum(p * p for p in shares)
    return [plain / log(k), raised / log(k), adjusted / log(k), simpson / (1 - 1 / k)]


@given(st.lists(st.integers(0, 9), min_size=2, max_size=5).filter(any))
def test_equal_to_the_formulas_term_by_term(row):
    k = len(row)
    even = np.ones((k, k)) - np.eye(k)
    found = [f(counts(row))[0] for f in (entropy, corrected, chao_shen)]
    assert [*found, rao_stirling(counts(row), even)[0]] == pytest.approx(loops(row), abs=1e-12)


@pytest.mark.parametrize("p", [0.5, 0.7, 0.9])
def test_corrected_means_are_nearer_to_the_truth(p):
    n = 10
    seen = np.arange(n + 1)
    chance = np.array([comb(n, i) * p**i * (1 - p) ** (n - i) for i in seen])
    rows = np.column_stack([seen, n - seen]).astype(float)
    truth = -(p * log(p) + (1 - p) * log(1 - p)) / log(2)
    plain, raised, covered = (
        abs(chance @ f(rows) - truth) for f in (entropy, corrected, chao_shen)
    )
    assert raised < plain / 2
    assert raised < covered < plain
    # Pairs without replacement are right at any size, also of two.
    for size in (2, 10):
        seen = np.arange(size + 1)
        chance = np.array([comb(size, i) * p**i * (1 - p) ** (size - i) for i in seen])
        rows = np.column_stack([seen, size - seen]).astype(float)
        found = chance @ rao_stirling(rows, OTHERS, size=rows.sum(axis=1))
        assert found == pytest.approx(4 * p * (1 - p))


def test_one_category_has_none_and_even_ones_have_all():
    for f in (entropy, corrected, chao_shen):
        assert f(counts([0, 7, 0])).tolist() == [0.0]
        assert f(counts([1, 0])).tolist() == [0.0]
    assert entropy(counts([3, 3], [1, 3])) == pytest.approx([1, 0.8112781])
    assert rao_stirling(counts([3, 3], [1, 3]), OTHERS) == pytest.approx([1, 0.75])
    assert rao_stirling(counts([1, 3]), OTHERS, size=np.array([4.0])) == pytest.approx([1.0])


def test_draws_that_weigh_are_fewer_than_their_sum():
    row, size = counts([6, 2]), np.array([3.2])
    assert miller_madow(row, size) == pytest.approx([0.8112781 + 1 / 6.4 / log(2)])
    assert rao_stirling(row, OTHERS, size=size) == pytest.approx([0.75 * 3.2 / 2.2])


def test_near_categories_count_less():
    row = counts([2, 1, 1])
    distances = np.array([[0, 0.25, 1], [0.25, 0, 0.5], [1, 0.5, 0]])
    expected = 2 * (0.25 * 2 + 1 * 2 + 0.5 * 1) / 16 / (2 / 3)
    assert rao_stirling(row, distances) == pytest.approx([expected])


def test_sides_that_deal_alike_are_near():
    found = profile_distances(counts([3, 4], [4, 3]))
    assert found == pytest.approx(np.array([[0, 1 / 25], [1 / 25, 0]]))
    with pytest.raises(UndefinedError, match="acts upon nobody"):
        profile_distances(counts([3, 4], [0, 0]))


@pytest.mark.parametrize(
    "bad",
    [[[0, 1]], [[0, 0.5], [0.4, 0]], [[0.1, 1], [1, 0]], [[0, 2], [2, 0]], [[0, -1], [-1, 0]],
     "near", [[0, float("nan")], [float("nan"), 0]]],
)  # fmt: skip
def test_distances_that_are_none(bad):
    with pytest.raises(UsageError, match=r"distances have a value.*symmetric 2 × 2"):
        check_distances(bad, 2)
    assert check_distances([[0, 0.5], [0.5, 0]], 2).tolist() == [[0, 0.5], [0.5, 0]]
