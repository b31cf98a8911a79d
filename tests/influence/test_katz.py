from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from tests.influence.cases import graph_of, known, networkx_of
from workbench.errors import UsageError
from workbench.influence import katz


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_it_solves_the_system_and_equals_networkx(graph):
    scores = katz(graph)
    alpha = scores.parameters["alpha"]
    dense = graph.without_self_loops().to_scipy().toarray()
    solved = np.linalg.solve(np.eye(graph.nodes) - alpha * dense.T, np.ones(graph.nodes))
    assert scores.values == pytest.approx(solved, rel=1e-9)
    if graph.nodes == 1:
        return  # networkx fails
    theirs = nx.katz_centrality_numpy(
        networkx_of(graph), alpha=alpha, normalized=False, weight="weight"
    )
    assert known(scores) == pytest.approx(theirs, rel=1e-9)


def test_chains_in_closed_form():
    scores = katz(graph_of([("a", "b"), ("b", "c")], [2, 3]), alpha=0.1)
    assert known(scores) == pytest.approx({"a": 1.0, "b": 1.2, "c": 1 + 0.3 * 1.2})


def test_alpha_by_default_and_its_limit():
    circle = graph_of([("a", "b"), ("b", "a")], [2, 8])
    scores = katz(circle)
    assert scores.parameters == pytest.approx({"alpha": 0.9 / 4, "largest_eigenvalue": 4.0})
    for alpha in (0.25, 0.3, -0.1, float("nan"), float("inf")):
        with pytest.raises(UsageError, match=r"alpha is out of range: .*allowed: \[0, 0.25\)"):
            katz(circle, alpha=alpha)
    star = graph_of([("a", "c"), ("b", "c")], [1, 4])
    assert katz(star).parameters == pytest.approx({"alpha": 0.9 / 5, "largest_eigenvalue": 0.0})
    assert known(katz(star, alpha=7))["c"] == 36
    assert known(katz(star, alpha=0)) == {"a": 1, "b": 1, "c": 1}
    with pytest.raises(UsageError, match="alpha"):
        katz(star, alpha=-1)
