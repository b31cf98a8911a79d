"""p-values are uniform where there is nothing to find, and small where there are camps.

``calibration.csv`` is the table over 200 random graphs a null, which the slow test makes again.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.polarisation.calibration import (
    CAMPS,
    LEVEL,
    MEASURES,
    TABLE,
    Share,
    beta_model,
    calibration,
    p_values,
    read,
    within,
    write,
)
from workbench.rng import spawn

made = pytest.mark.skipif(
    not TABLE.exists(), reason="make it: python -m tests.polarisation.calibration FILE"
)


def test_the_random_graphs_have_heavy_tails_and_the_camps_they_are_given():
    graph, sides = beta_model(300, seed=3)
    degree = np.asarray(graph.symmetrised().to_scipy().sum(axis=1)).ravel()
    assert 4 < degree.mean() < 8
    assert degree.max() > 4 * degree.mean()
    for camps in (0.0, 0.6):
        graph, sides = beta_model(300, seed=3, camps=camps)
        table = graph.to_pandas()
        side = dict(zip(graph.accounts, sides.labels, strict=True))
        crossing = np.mean(table["source"].map(side) != table["target"].map(side))
        assert crossing == pytest.approx((1 - camps) / 2, abs=0.06)


def test_the_interval_of_the_rate_is_the_binomial_one():
    low, high = within(Share("fixed", 0.0, "ei_index", 200, 10), 0.95)
    assert (round(low * 200), round(high * 200)) == (4, 16)
    assert LEVEL * 200 in range(4, 17)


@pytest.mark.parametrize("null", ["fixed", "repartitioned"])
def test_few_graphs_with_and_without_camps(null):
    flat = [p_values(spawn(5, null, i), null=null, nodes=80) for i in range(6)]
    camps = p_values(spawn(5, null), null=null, nodes=80, camps=0.9)
    for name in ("random_walk_controversy", "ei_index", "assortativity"):
        assert sum(each[name] <= LEVEL for each in flat) <= 2
        assert np.mean([each[name] for each in flat]) > 0.2
        assert camps[name] <= LEVEL


@made
def test_the_table_of_the_repository_is_whole_and_has_power():
    table = read()
    assert {(s.null, s.camps, s.measure) for s in table} == {
        (null, camps, measure)
        for null in ("fixed", "repartitioned")
        for camps in (0.0, *CAMPS)
        for measure in MEASURES
    }
    for null in ("fixed", "repartitioned"):
        curve = [s.rate for s in table if (s.null, s.measure) == (null, "assortativity")]
        assert curve[-1] == 1.0
        assert curve[-1] > curve[0]


@made
@pytest.mark.parametrize("null", ["fixed", "repartitioned"])
def test_the_table_of_the_repository_is_calibrated(null):
    for share in read():
        if share.null == null and not share.camps:
            assert share.graphs >= 190
            low, high = within(share)
            assert low <= share.rate <= high, share


@made
@pytest.mark.slow
def test_the_table_of_the_repository_is_made_again(tmp_path):
    write(calibration(), tmp_path / "calibration.csv")
    assert read(tmp_path / "calibration.csv") == read()
