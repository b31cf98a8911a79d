"""p-values are uniform where there is nothing to find, and small where communities are planted.

``calibration.csv`` is the table, which the slow test makes again.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.communities.calibration import (
    CASES,
    LEVEL,
    NODES,
    calibration,
    p_values,
    random_graph,
    read,
    within,
    write,
)
from workbench.rng import spawn

TESTS = ("modularity", "one community", "any community, adjusted")


def test_the_random_graphs_have_heavy_tails_and_the_communities_they_are_given():
    graph = random_graph(300, seed=3)
    degree = np.asarray(graph.symmetrised().to_scipy().sum(axis=1)).ravel()
    assert 4 < degree.mean() < 8
    assert degree.max() > 4 * degree.mean()
    for planted in (0.0, 0.6):
        table = random_graph(300, seed=3, planted=planted).to_pandas()
        crossing = np.mean(table["source"].str[0] != table["target"].str[0])
        assert crossing == pytest.approx((1 - planted) * 2 / 3, abs=0.06)
    weight = random_graph(300, seed=3, weighted=True).weight
    assert weight.max() > 10 * np.median(weight)
    assert (weight == np.round(weight)).all()


def test_few_graphs_with_and_without_communities():
    drawn = [p_values(spawn(5, i), weights="unweighted", planted=0.0, nodes=40) for i in range(2)]
    assert np.mean([p for p, _ in drawn]) > 0.1
    planted = p_values(6, weights="weighted", planted=1.0, nodes=90)
    assert planted[0] <= LEVEL
    assert min(adjusted for _, adjusted in planted[1]) <= LEVEL


def test_the_table_of_the_repository_is_whole_and_has_power():
    table = read()
    assert [(s.weights, s.planted, s.test) for s in table] == [
        (weights, planted, test) for weights, planted, _ in CASES for test in TESTS
    ]
    strongest = [s.rate for s in table if s.planted == max(p for _, p, _ in CASES)]
    assert strongest[0] == strongest[2] == 1.0


def test_the_table_of_the_repository_is_calibrated():
    for share in read():
        if not share.planted:
            low, high = within(share.number)
            if share.test == "any community, adjusted":
                low = 0.0  # Holm keeps the chance at most at the level
            assert low <= share.rate <= high, share
    assert NODES == 120


@pytest.mark.slow
def test_the_table_of_the_repository_is_made_again(tmp_path):
    write(calibration(), tmp_path / "calibration.csv")
    assert read(tmp_path / "calibration.csv") == read()
