from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from workbench.errors import UsageError
from workbench.influence.pivots import breadth_first, sampled

GIVEN = np.random.default_rng(5).exponential(size=(300, 4))


def batch(starts):
    return GIVEN[starts].sum(axis=0)


def draw(**choices):
    starts = np.arange(len(GIVEN))
    return sampled(starts, 4, batch, **{"seed": 1, "size": 8, "name": "test"} | choices)


def test_all_starts_are_the_sum_and_have_no_error():
    for pivots in (None, 300, 1000):
        found = draw(pivots=pivots)
        assert found.values == pytest.approx(GIVEN.sum(axis=0))
        assert found.standard_error is None
        assert found.seed is None
        assert found.parameters == {"exact": True, "pivots": 300, "starts": 300}
    assert sampled(
        np.arange(0), 4, batch, pivots=None, seed=None, size=8, name="test"
    ).values.tolist() == [0, 0, 0, 0]


def test_estimates_are_unbiased_and_their_errors_are_right():
    found = [draw(pivots=96, seed=seed) for seed in range(400)]
    values = np.array([f.values for f in found])
    errors = np.array([f.standard_error for f in found])
    true = GIVEN.sum(axis=0)
    assert values.mean(axis=0) == pytest.approx(true, abs=4 * values.std(axis=0).max() / 20)
    assert np.sqrt((errors**2).mean(axis=0)) == pytest.approx(values.std(axis=0), rel=0.12)
    inside = np.abs(values - true) < 1.96 * errors
    assert inside.mean() == pytest.approx(0.94, abs=0.02)  # 16 batches: t, not normal


def test_one_seed_one_sample_and_the_seed_is_kept():
    one, two, other = draw(pivots=64), draw(pivots=64), draw(pivots=64, seed=2)
    assert one.values.tobytes() == two.values.tobytes()
    assert one.values.tobytes() != other.values.tobytes()
    fresh = draw(pivots=64, seed=None)
    assert draw(pivots=64, seed=fresh.seed).values.tobytes() == fresh.values.tobytes()
    assert draw(pivots=70).pivots == 64


def test_too_few():
    with pytest.raises(UsageError, match="too few pivots for a standard error: 31"):
        draw(pivots=31)


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_all_searches_at_once(graph):
    starts = np.arange(min(graph.nodes, 64))
    into = graph.reversed()
    found = {}
    for distance, bits in breadth_first(into.indptr, into.indices, starts):
        for node in range(graph.nodes):
            for b in starts.tolist():
                if int(bits[node]) >> b & 1:
                    found[graph.accounts[b], graph.accounts[node]] = distance
    expected = {
        (s, t): d
        for s, reached in nx.all_pairs_shortest_path_length(graph.to_networkx())
        for t, d in reached.items()
        if d
    }
    assert found == expected
