"""Sides found in a graph: planted camps, the seed, and what five seeds agree on."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import graph_of
from tests.polarisation.test_measures import bridged, camp
from workbench.errors import UndefinedError, UsageError
from workbench.graphs.agreement import adjusted_mutual_information
from workbench.polarisation import ei_index, find_sides, modularity, sides
from workbench.polarisation.sides import FOUND, SPLITS


def groups(partition):
    """Return the sides as sets of accounts, without those who have none."""
    labels = partition.labels.tolist()
    named = zip(partition.ids.to_pylist(), labels, strict=True)
    found = {}
    for account, label in named:
        found.setdefault(label, set()).add(account)
    found.pop(-1, None)
    return {frozenset(members) for members in found.values()}


def cycle(n):
    """A ring, which may be cut anywhere."""
    names = camp("r", n)
    return graph_of(list(zip(names, names[1:] + names[:1], strict=True)))


@pytest.mark.parametrize("method", FOUND)
def test_planted_camps_are_found_and_every_run_agrees(method):
    found = find_sides(graph_of(bridged(6)), method=method, seed=1)
    assert groups(found) == {frozenset(camp("x", 6)), frozenset(camp("y", 6))}
    assert found.sizes == [6, 6]
    assert (found.method, found.seed) == (method, 1)
    assert found.parameters["into"] == 2
    assert found.parameters["agreement"] == pytest.approx(1.0)


@settings(max_examples=10)
@given(st.integers(4, 8), st.integers(4, 8), st.randoms(use_true_random=False), st.integers(0, 99))
def test_camps_of_any_size_and_names_in_any_order(first, second, shuffler, seed):
    names = [f"n{i:02d}" for i in range(first + second)]
    shuffler.shuffle(names)
    camps = names[:first], names[first:]
    edges = [pair for members in camps for pair in combinations(members, 2)]
    edges = [pair if shuffler.random() < 0.5 else pair[::-1] for pair in edges]
    found = find_sides(graph_of([*edges, (camps[0][0], camps[1][0])]), seed=seed)
    assert groups(found) == {frozenset(members) for members in camps}
    assert found.sizes == sorted((first, second), reverse=True)


@pytest.mark.parametrize("method", ["leiden", "louvain"])
def test_as_many_sides_as_asked_for(method):
    graph = graph_of(bridged(5, "uvwxy"))
    planted = {frozenset(camp(side, 5)) for side in "uvwxy"}
    assert groups(find_sides(graph, method=method, into=5, seed=2)) == planted
    for into in (2, 3, 4):
        found = find_sides(graph, method=method, into=into, seed=2)
        assert found.k == into
        assert found.parameters["into"] == into
        assert all(any(side <= merged for merged in groups(found)) for side in planted)


@pytest.mark.parametrize("method", FOUND)
def test_the_same_seed_gives_the_same_sides(method):
    graph = cycle(30)
    first, again = (find_sides(graph, method=method, seed=7) for _ in range(2))
    assert first.labels.tolist() == again.labels.tolist()
    assert first.parameters == again.parameters
    assert first.quality == again.quality


def test_a_seed_that_was_drawn_is_on_record_and_repeats():
    graph = cycle(30)
    drawn = find_sides(graph)
    again = find_sides(graph, seed=drawn.seed)
    assert drawn.labels.tolist() == again.labels.tolist()
    assert drawn.seed != find_sides(graph).seed


def test_where_the_seed_decides_the_agreement_says_so():
    graph = cycle(40)
    found = [find_sides(graph, seed=seed) for seed in range(4)]
    assert len({tuple(sides.labels.tolist()) for sides in found}) > 1
    assert all(sides.parameters["agreement"] < 0.9 for sides in found)


def test_the_best_run_is_kept_and_agreement_is_the_mean_over_pairs(monkeypatch):
    graph = graph_of(bridged(3))
    runs = [[0, 1, 0, 1, 0, 1], [0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1], [1, 0, 0, 1, 1, 0],
            [0, 1, 1, 1, 1, 1]]  # fmt: skip
    seeds = []

    def split(matrix, *, method, into, resolution, seed):
        assert (matrix.shape, method, into, resolution) == ((6, 6), "leiden", 2, 1.0)
        seeds.append(seed)
        return np.array(runs[len(seeds) - 1])

    monkeypatch.setattr(sides, "split_matrix", split)
    found = find_sides(graph, seed=3)
    assert len(set(seeds)) == SPLITS == len(runs)
    assert groups(found) == {frozenset(camp("x", 3)), frozenset(camp("y", 3))}
    pairs = [
        adjusted_mutual_information(np.array(a), np.array(b)) for a, b in combinations(runs, 2)
    ]
    assert found.parameters["agreement"] == pytest.approx(sum(pairs) / 10)
    assert found.quality == pytest.approx(6 / 7 - 1 / 2)


@pytest.mark.parametrize("into", [1, 0, -1])
def test_sides_are_at_least_two(into):
    with pytest.raises(UsageError, match="sides are at least two"):
        find_sides(graph_of(bridged(3)), into=into)


def test_splits_are_numbered_by_size_and_first_account():
    graph = graph_of([*bridged(4), ("y00", "y04"), ("y01", "y04")])
    matrix = graph.symmetrised(weighted=False).to_scipy()
    for labels in sides.splits_of(matrix, method="leiden", into=2, splits=4, seed=3):
        assert np.bincount(labels).tolist() == [5, 4]
        assert labels[graph.position("y00")] == 0


@pytest.mark.parametrize("weights", ["unweighted", "weighted"])
def test_the_quality_is_the_modularity_of_the_sides(weights):
    edges = bridged(5)
    graph = graph_of(edges, [1 + i % 3 for i in range(len(edges))])
    found = find_sides(graph, weights=weights, seed=1)
    assert found.quality == pytest.approx(modularity(graph, found, weights=weights).value)
    assert found.parameters["weights"] == weights
    assert ei_index(graph, found).value < 0


def test_weights_count_when_asked():
    """Everybody meets everybody; only how often tells the camps apart."""
    everybody = camp("x", 5) + camp("y", 5)
    edges = list(combinations(everybody, 2))
    graph = graph_of(edges, [20 if a[0] == b[0] else 1 for a, b in edges])
    found = find_sides(graph, weights="weighted", seed=1)
    assert groups(found) == {frozenset(camp("x", 5)), frozenset(camp("y", 5))}
    with pytest.raises(UndefinedError, match=r"fewer communities.*: 1; allowed: at least 2"):
        find_sides(graph, seed=1)


def test_small_components_and_self_loops_have_no_side():
    island = [("a1", "a2"), ("a2", "a3"), ("loop", "loop"), ("x00", "x00")]
    graph = graph_of([*island, *bridged(5)], [9, 9, 50, 50, *[1] * len(bridged(5))])
    found = find_sides(graph, seed=1)
    assert groups(found) == {frozenset(camp("x", 5)), frozenset(camp("y", 5))}
    assert found.unlabelled == 4
    assert len(found.labels) == graph.nodes
    assert found.parameters["component"] == "largest"


def test_every_component_may_count():
    graph = graph_of(bridged(5)[:-1])
    found = find_sides(graph, component="all", seed=1)
    assert groups(found) == {frozenset(camp("x", 5)), frozenset(camp("y", 5))}
    assert found.unlabelled == 0
    assert found.parameters["component"] == "all"
    assert ei_index(graph, found, component="all").value == -1.0


def test_what_cannot_be_split_is_refused():
    graph = graph_of(bridged(4))
    with pytest.raises(UndefinedError, match="no sides to find: no edge joins two different"):
        find_sides(graph_of([("a", "a"), ("b", "b")]))
    with pytest.raises(UndefinedError, match=r"fewer communities.*: 2; allowed: at least 9"):
        find_sides(graph, into=9, seed=1)
    with pytest.raises(UsageError, match="metis cuts into two: 3; allowed: 2"):
        find_sides(graph, method="metis", into=3)
    assert find_sides(graph, method="spectral", into=3, seed=1).k == 3
    with pytest.raises(UsageError, match="no such split: kmeans; allowed: leiden, louvain"):
        find_sides(graph, method="kmeans")
    with pytest.raises(UsageError, match="seed is out of range"):
        find_sides(graph, seed=-1)
    with pytest.raises(UsageError, match="weights has a value that is not allowed: heavy"):
        find_sides(graph, weights="heavy")
    with pytest.raises(UsageError, match="component has a value that is not allowed: biggest"):
        find_sides(graph, component="biggest")
