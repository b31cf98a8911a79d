"""AUC against all pairs, residuals against the normal equations, families that stay together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.discrimination import (
    area_under_curve,
    clustered_interval,
    family,
    residuals,
)
from tests.benchmarks.planted import planted_camps

scored = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=1, max_size=25)


@given(scored)
def test_auc_is_the_share_of_pairs_in_order(case):
    score = np.array([float(s) for s, _ in case])
    label = np.array([b for _, b in case])
    pairs = [(a > b) + (a == b) / 2 for a in score[label] for b in score[~label]]
    found = area_under_curve(score, label)
    if not pairs:
        assert found is None
    else:
        assert found == pytest.approx(sum(pairs) / len(pairs), abs=1e-12)
        assert area_under_curve(-score, label) == pytest.approx(1 - found, abs=1e-12)


def test_residuals_solve_the_normal_equations_and_know_nothing_of_the_confounders():
    rng = np.random.default_rng(2)
    confounders = rng.normal(size=(40, 2))
    score = 3 + confounders @ [2.0, -1.0] + rng.normal(size=40)
    design = np.column_stack([np.ones(40), confounders])
    weights = np.linalg.inv(design.T @ design) @ design.T @ score
    left = residuals(score, confounders)
    assert left == pytest.approx(score - design @ weights, abs=1e-9)
    assert design.T @ left == pytest.approx(np.zeros(3), abs=1e-9)
    label = confounders[:, 0] > 0
    explained = residuals(2 * confounders[:, 0] + 1, confounders)
    assert area_under_curve(2 * confounders[:, 0] + 1, label) == 1
    assert area_under_curve(explained, label) == 0.5


def test_families_are_drawn_whole():
    families = ["a", "b", "b", "c", "c", "c"]
    seen = []

    def watched(chosen):
        counts = np.bincount(chosen, minlength=6)
        assert counts[1] == counts[2]
        assert counts[3] == counts[4] == counts[5]
        seen.append(tuple(counts[[0, 1, 3]]))
        return None if not counts[0] else float(counts[0])

    low, high = clustered_interval(watched, families, seed=1, replicates=300)
    assert {sum(counts) for counts in seen} == {3}
    assert len(set(seen)) == 10
    assert (low, high) == (1.0, 3.0)


def test_the_interval_covers_about_as_often_as_it_says():
    rng = np.random.default_rng(5)
    covered = 0
    for trial in range(100):
        common = np.repeat(rng.normal(size=40), 2)
        low, high = clustered_interval(
            lambda chosen, common=common: float(common[chosen].mean()),
            [str(i // 2) for i in range(80)],
            seed=trial,
            replicates=200,
        )
        covered += low <= 0 <= high
    assert 86 <= covered <= 100  # members counted as independent: about 83


def test_parts_belong_to_one_family():
    assert family("turku_p1.edgelist") == family("turku_p3.edgelist") == "turku"
    assert family("vaalit2019_p1.edgelist") == "vaalit2019"


def test_planted_camps_are_as_asked():
    graph, sides = planted_camps(3000, 9000, seed=4, across=0.2)
    assert 8000 < graph.edges <= 9000
    table = graph.to_pandas()
    crossing = (table["source"].astype(int) + table["target"].astype(int)) % 2
    assert crossing.mean() == pytest.approx(0.2, abs=0.02)
    assert abs(np.diff(np.bincount(sides.labels))[0]) <= 1
    degree = table["target"].value_counts()
    assert degree.iloc[0] > 40 * degree.median()
    assert planted_camps(3000, 9000, seed=4)[0].fingerprint != graph.fingerprint
    assert planted_camps(3000, 9000, seed=4, across=0.2)[0].fingerprint == graph.fingerprint
