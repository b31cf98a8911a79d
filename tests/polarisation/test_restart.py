"""Random-walk controversy with restart: published graphs, a dense oracle, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import (
    TOPICS,
    camps,
    divided,
    graph_of,
    reference_row,
    sides_of,
    topic,
)
from workbench.errors import UndefinedError, UsageError
from workbench.polarisation import random_walk_restart_controversy
from workbench.polarisation.absorption import elites
from workbench.polarisation.preparation import prepare


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS)
def test_exact_values_of_ten_retweet_graphs(name):
    found = random_walk_restart_controversy(*topic(name))
    assert found.value == pytest.approx(float(reference_row(name)["RWR10_a85"]), abs=1e-6)


def dense_oracle(matrix, labels, chosen, alpha):
    """Stationary distribution of each side's chain, by its eigenvector; None without an end."""
    n, k = len(labels), labels.max() + 1
    arrived = np.empty((k, k))
    for side in range(k):
        home = (labels == side) / (labels == side).sum()
        chain = np.tile(home, (n, 1))
        for u in range(n):
            if not chosen[u] and matrix[u].sum():
                chain[u] = alpha * matrix[u] / matrix[u].sum() + (1 - alpha) * home
        values, vectors = np.linalg.eig(chain.T)
        visits = np.real(vectors[:, np.argmax(np.real(values))])
        visits /= visits.sum()
        arrived[side] = [visits[chosen & (labels == other)].sum() for other in range(k)]
    columns = arrived / arrived.sum(axis=0)
    return (np.trace(columns) - 1) / (k - 1)


@settings(max_examples=40)
@given(divided(), st.sampled_from([0.3, 0.85, 0.97]), st.sampled_from(["undirected", "directed"]))
def test_equal_to_the_stationary_distribution(case, alpha, direction):
    edges, labels = case
    graph = graph_of(edges)
    sides = sides_of(graph, labels)
    prepared = prepare(graph, sides, direction=direction)
    chosen, _ = elites(prepared, 2)
    expected = dense_oracle(prepared.matrix.toarray(), prepared.labels, chosen, alpha)
    found = random_walk_restart_controversy(graph, sides, k=2, alpha=alpha, direction=direction)
    assert found.value == pytest.approx(expected, abs=1e-7)


def test_large_directed_graphs_agree_with_answered_undirected_ones():
    """An undirected edge is a pair of directed ones; the two routes solve different systems."""
    edges, labels = [], {}
    rng = np.random.default_rng(5)
    for i in range(1, 300):
        j = int(rng.integers(0, i))
        edges += [(f"n{i}", f"n{j}"), (f"n{j}", f"n{i}")]
        labels[f"n{i}"] = "ab"[int(rng.random() < 0.3)]
    labels["n0"] = "a"
    graph = graph_of(edges)
    sides = sides_of(graph, labels)
    by_system = random_walk_restart_controversy(graph, sides).value
    by_iteration = random_walk_restart_controversy(graph, sides, direction="directed")
    # In-degree is degree here, so the elites are the same.
    assert by_iteration.value == pytest.approx(by_system, abs=1e-7)


def test_it_hangs_less_on_the_size_of_the_elite_than_the_walk_without_restart():
    graph, sides = camps(4)
    values = [random_walk_restart_controversy(graph, sides, k=k).value for k in (1, 2, 3)]
    assert max(values) - min(values) < 0.25
    assert values[0] > 0.5


def test_bad_input():
    graph, sides = camps(2)
    for bad in (0.0, 1.0, -1, 2, "abc"):
        with pytest.raises(UsageError, match=r"alpha must be a share: .*allowed: 0 < alpha < 1"):
            random_walk_restart_controversy(graph, sides, k=1, alpha=bad)
    with pytest.raises(UsageError, match=r"k must be a whole number or a fraction: .*abc"):
        random_walk_restart_controversy(graph, sides, k="abc")
    one = sides_of(graph, dict.fromkeys(graph.accounts, "x"))
    with pytest.raises(UndefinedError, match="one side only"):
        random_walk_restart_controversy(graph, one)
    with pytest.raises(UndefinedError, match="fewer accounts than k"):
        random_walk_restart_controversy(graph, sides, k=8)
