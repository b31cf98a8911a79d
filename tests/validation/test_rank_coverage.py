"""The committed table of coverage says what the documentation claims."""

from __future__ import annotations

import numpy as np
import pytest

from tests.influence.coverage import GAPS, LEADERS, Held, K, population, read, sample, within, write
from tests.reference import ROOT
from tests.validation.rank_coverage import EACH, TOGETHER, coverage_section, draw
from workbench.influence import in_strength


def test_the_population_is_as_far_apart_as_it_says():
    for gap in (0.5, 2.0):
        expected = population(gap)
        assert (np.diff(expected[:LEADERS]) < 0).all()
        assert expected[LEADERS] < expected[LEADERS - 1]
        counts = []
        for seed in range(40):
            graph, _ = sample(gap, seed=seed)
            places = [graph.position(f"account{j}") for j in range(LEADERS)]
            counts.append(in_strength(graph).values[places])
        drawn = np.array(counts)
        error = drawn.std(axis=0) / np.sqrt(len(drawn))
        assert (np.abs(drawn.mean(axis=0) - expected[:LEADERS]) < 4.5 * error).all()
        differences = -np.diff(drawn, axis=1)
        apart = differences.mean(axis=0) / differences.std(axis=0)
        assert apart.mean() == pytest.approx(gap, rel=0.2)


def test_the_table_is_complete_and_says_what_is_claimed(tmp_path):
    table = read()
    for statement in (*EACH, *TOGETHER):
        gaps = [held.gap for held in table if held.statement == statement]
        assert set(gaps) >= set(GAPS[:-1]), statement
    for held in table:
        if held.statement.startswith(("simultaneous", f"top {K}")):
            assert held.rate >= within(held)[0], held
    near = {held.statement: held for held in table if held.gap == GAPS[0]}
    assert near["resampling"].rate < within(near["resampling"])[0]
    assert near[EACH[1]].rate < near["resampling"].rate
    write(table, tmp_path / "again.csv")
    assert read(tmp_path / "again.csv") == table


def test_section_and_figure(tmp_path):
    section = "\n".join(coverage_section())
    assert "tests/influence/coverage.csv" in section
    assert "(rank_coverage.svg)" in section
    draw(tmp_path / "rank_coverage.svg")
    drawn = (tmp_path / "rank_coverage.svg").read_text("utf-8")
    assert drawn.count("gap between neighbours") == 2
    assert (ROOT / "docs" / "validation" / "rank_coverage.svg").exists()


def test_rates_and_what_chance_gives():
    held = Held(1.0, "resampling", 200, 190, 3.0)
    assert held.rate == 0.95
    low, high = within(held)
    assert low < 0.95 < high
