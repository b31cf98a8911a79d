"""What is told apart is beyond chance, by a slow count over all pairs and resamples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.influence.test_ranking import audience
from workbench.errors import UsageError
from workbench.influence import comparisons, in_strength, rank
from workbench.influence.comparisons import pool, told_apart
from workbench.model import InteractionGraph


def slowly(scores, draws, confidence):
    """Step down over all ordered pairs, one at a time: which column is greater than which row."""
    m, centre = len(scores), draws.mean(axis=0)
    pairs = {}
    for j in range(m):
        for k in range(m):
            error = np.std(draws[:, k] - draws[:, j], ddof=1)
            if j != k and error > 1e-9:
                pairs[j, k] = error
    greater = set()
    while pairs:
        largest = [
            max(0.0, *((d[k] - centre[k] - d[j] + centre[j]) / e for (j, k), e in pairs.items()))
            for d in draws
        ]
        critical = np.quantile(largest, confidence, method="higher")
        fresh = {p for p, e in pairs.items() if (scores[p[1]] - scores[p[0]]) / e > critical}
        if not fresh:
            break
        greater |= fresh
        pairs = {p: e for p, e in pairs.items() if p not in fresh}
    return greater


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.8, 0.95]))
def test_step_down_equals_the_slow_one(seed, confidence):
    rng = np.random.default_rng(seed)
    scores = np.sort(rng.integers(0, 12, 5)).astype(float)[::-1]
    draws = scores + rng.normal(size=(40, 5)) * [1.0, 0.5, 1.0, 2.0, 0.0]
    expected = slowly(scores, draws, confidence)
    every = np.arange(5)
    found = told_apart(scores, draws, every, confidence=confidence, sides="greater")
    assert set(zip(*np.nonzero(found.greater), strict=True)) == expected
    assert not found.lower.any()
    turned = told_apart(-scores, -draws, every, confidence=confidence, sides="lower")
    assert (turned.lower == found.greater).all()
    both = told_apart(scores, draws, every, confidence=confidence)
    assert (both.greater == both.lower.T).all()
    assert (both.greater == found.greater).all()  # the same pairs from either end


def test_what_does_not_vary_is_never_told_apart():
    scores, draws = np.array([5.0, 1.0]), np.tile([5.0, 1.0], (30, 1))
    found = told_apart(scores, draws, np.arange(2), confidence=0.95)
    assert not found.greater.any()
    assert not found.lower.any()


def test_rows_that_are_settled_leave():
    rng = np.random.default_rng(1)
    scores = np.array([30.0, 20.0, 1.0, 0.5])
    draws = scores + rng.normal(size=(200, 4))
    asked = []

    def enough(told):
        asked.append(told.greater.sum(axis=1).tolist())
        return told.greater.sum(axis=1) >= 1

    told_apart(scores, draws, np.arange(4), confidence=0.9, sides="greater", enough=enough)
    assert asked == [[0, 1, 2, 2]]


def test_the_pool_leaves_out_who_is_far_below_and_joins_who_is_the_same():
    rows = [(f"f{i}", "star") for i in range(400)] + [(f"g{i}", "other") for i in range(300)]
    rows += [("fan", "twin1"), ("fan", "twin2")]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
    values = in_strength(graph).values
    first = np.array([graph.position("star")])
    made = pool(graph, "in_strength", values, first=first, runs=50, seed=1)
    assert [graph.accounts[i] for i in made.positions] == ["star", "other"]
    assert made.below == graph.nodes - 2
    assert made.clear.tolist() == [True, True]
    assert made.scores == pytest.approx(np.sqrt([400, 300]))
    twins = np.array([graph.position("twin1")])
    made = pool(graph, "in_strength", values, first=twins, runs=50, seed=1)
    assert made.below == 0
    assert sorted(made.times.tolist()) == [1, 1, 2, graph.nodes - 4]
    assert made.draws.shape == (50, 4)


def test_too_many_to_compare_is_refused(monkeypatch):
    monkeypatch.setattr(comparisons, "MOST_COMPARED", 3)
    with pytest.raises(UsageError, match=r"too many accounts.*smaller k"):
        rank(audience(5, 4, 3, 2), top=2, bootstrap=20, interval="simultaneous")
    monkeypatch.setattr(comparisons, "MOST_DRAWS", 10)
    with pytest.raises(UsageError, match="too many accounts"):
        rank(audience(5, 4), top=2, bootstrap=20, interval="simultaneous")
