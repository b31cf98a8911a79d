"""The committed tables of recovery and spread are whole, and what the code gives today."""

from __future__ import annotations

import numpy as np
import pytest

from tests.communities.recovery import (
    DEGREE,
    GRAPHS,
    GROUPS,
    LIMIT,
    MIXING,
    RECOVERY,
    SEARCHED,
    SEEDS,
    SPREAD,
    main,
    one,
    planted,
    read,
    spread,
)


def test_planted_graphs_have_the_mixing_and_degree_they_are_given():
    graph, truth = planted(0.3, seed=1)
    source, target, _ = graph.arcs()
    assert np.mean(truth.labels[source] != truth.labels[target]) == pytest.approx(0.3, abs=0.02)
    assert 2 * graph.edges / graph.nodes == pytest.approx(DEGREE, abs=0.5)
    assert truth.k == GROUPS


def test_the_limit_is_where_degrees_inside_and_across_differ_by_q_root_c():
    inside = DEGREE * (1 - LIMIT) * GROUPS
    across = DEGREE * LIMIT * GROUPS / (GROUPS - 1)
    assert inside - across == pytest.approx(GROUPS * DEGREE**0.5)
    assert LIMIT == 0.5625


def test_the_tables_are_whole_and_rows_of_them_are_made_again():
    recovered, spreads = read(RECOVERY), read(SPREAD)
    assert len(recovered) == len(MIXING) * GRAPHS * len(SEARCHED)
    assert len(spreads) == 3 * len(SEARCHED) * SEEDS
    for row in one(MIXING[4], 2):
        assert row in recovered
    for graph in ("karate", "planted"):
        assert spread(graph, "louvain", 3) in spreads


@pytest.mark.slow
@pytest.mark.reference
def test_the_tables_of_the_repository_are_made_again(tmp_path):
    main(tmp_path)
    for file in (RECOVERY, SPREAD):
        assert read(tmp_path / file.name) == read(file)
