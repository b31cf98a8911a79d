from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from tests.influence.cases import karate
from tests.reference import reference_data
from workbench.influence import leaderrank


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_it_is_the_walk_with_a_ground_node(graph):
    n = graph.nodes
    links = np.zeros((n + 1, n + 1))
    links[:n, :n] = graph.without_self_loops().to_scipy().toarray() > 0
    links[n, :n] = links[:n, n] = 1
    walk = links / links.sum(axis=1, keepdims=True)
    # Half a step a step: the same stationary shares, without going to and fro.
    share = np.append(np.ones(n), 0.0)
    for _ in range(2000):
        share = (share + walk.T @ share) / 2
    scores = leaderrank(graph)
    assert scores.values == pytest.approx(share[:n] + share[n] / n, abs=1e-6)
    assert scores.values.sum() == pytest.approx(n)


@pytest.mark.reference
def test_karate():
    expected = json.loads(reference_data("diffusion/reference_values.json").read_text())["karate"]
    scores = leaderrank(karate())
    top = scores.top(5)
    assert top["account"].tolist() == [str(a) for a, _ in expected["leaderrank_top"]]
    assert top["leaderrank"].tolist() == pytest.approx(
        [v for _, v in expected["leaderrank_top"]], abs=5e-5
    )
    assert scores.values.sum() == pytest.approx(expected["leaderrank_sum"])
