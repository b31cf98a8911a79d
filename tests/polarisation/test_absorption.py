"""Elites and absorption: simulated walks, one solver against another, ties at the cut."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import camps, divided, graph_of, sides_of
from workbench.errors import ConvergenceError
from workbench.model import InteractionGraph
from workbench.polarisation import absorption as solving
from workbench.polarisation import random_walk_controversy
from workbench.polarisation.absorption import absorption, elites
from workbench.polarisation.preparation import prepare


def test_walks_simulated_one_by_one_agree():
    graph, sides = camps(4)
    prepared = prepare(graph, sides)
    chosen, _ = elites(prepared, 1)
    ends = absorption(prepared, chosen)
    rng = np.random.default_rng(4)
    matrix = prepared.matrix.toarray()
    walker = int(np.flatnonzero((prepared.labels == 0) & ~chosen)[0])
    arrived = 0
    for _ in range(4000):
        place = walker
        while not chosen[place]:
            place = rng.choice(len(matrix), p=matrix[place] / matrix[place].sum())
        arrived += prepared.labels[place] == 0
    assert arrived / 4000 == pytest.approx(ends[walker, 0], abs=0.03)


def test_large_graphs_by_conjugate_gradients_agree_with_lu(monkeypatch):
    other = nx.barabasi_albert_graph(400, 3, seed=2)
    graph = InteractionGraph.from_networkx(other)
    sides = sides_of(graph, {a: "ab"[int(a) % 3 == 0] for a in graph.accounts})
    by_cg = random_walk_controversy(graph, sides).value
    monkeypatch.setattr(solving, "_by_gradients", lambda *system: solving._by_lu(*system[:3]))
    assert random_walk_controversy(graph, sides).value == pytest.approx(by_cg, abs=1e-8)


@settings(max_examples=60)
@given(divided(), st.booleans(), st.sampled_from(["weighted", "unweighted"]))
def test_holding_the_elites_in_a_large_matrix_is_cutting_them_out(case, apart, weights):
    edges, labels = case
    if apart:  # a part without an elite, and accounts without a neighbour
        edges = [*edges, ("p", "q"), ("q", "r"), ("s", "s")]
        labels = labels | {"p": "a", "q": "b", "r": "a", "s": "b"}
    graph = graph_of(edges, [1 + i % 5 for i in range(len(edges))])
    sides = sides_of(graph, labels)
    prepared = prepare(graph, sides, component="all", weights=weights)
    chosen, _ = elites(prepared, 1)
    with pytest.MonkeyPatch.context() as patch:
        cut = absorption(prepared, chosen)
        patch.setattr(solving, "_DIRECT", 0)
        held = absorption(prepared, chosen)
    assert held == pytest.approx(cut, abs=1e-7)


def test_whole_numbers_of_numpy_count_accounts():
    graph, sides = camps(3)
    by_hand, by_numpy = (random_walk_controversy(graph, sides, k=k) for k in (1, np.int64(1)))
    assert by_numpy.value == by_hand.value
    assert by_hand.value != random_walk_controversy(graph, sides, k=1.0).value


def test_ties_at_the_cut_are_counted():
    graph = graph_of([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])
    sides = sides_of(graph, {"a": "x", "b": "x", "c": "y", "d": "y"})
    assert random_walk_controversy(graph, sides, k=1).choices["ties"] == 4


def laplacian_of_a_path(n, more):
    """Return the parts of (D − A) x = b for a path whose every node leaks a little."""
    from scipy.sparse import diags_array

    path = diags_array([np.ones(n - 1), np.ones(n - 1)], offsets=[-1, 1]).tocsr()
    degree = np.asarray(path.sum(axis=1)).ravel() + more
    right = np.zeros((n, 1))
    right[0] = 1.0
    return path, degree, right


@pytest.mark.parametrize("more", [1e-2, 1e-4, 1e-6])
def test_where_single_precision_gets_nowhere_double_precision_does(more):
    path, degree, right = laplacian_of_a_path(400, more)
    found = solving._by_gradients(path, degree, right, 1e-10)
    rest = right - (degree[:, None] * found - path @ found)
    normal = np.linalg.norm(rest / np.sqrt(degree)[:, None])
    assert normal <= 1e-10 * np.linalg.norm(right / np.sqrt(degree)[:, None]) * (1 + 1e-3)
    assert found == pytest.approx(solving._by_lu(path, degree, right), rel=1e-4, abs=1e-6)


def test_a_system_that_does_not_converge_says_so(monkeypatch):
    path, degree, right = laplacian_of_a_path(400, 1e-9)
    monkeypatch.setattr(solving, "_MOST_STEPS", 3)
    monkeypatch.setattr(solving, "_MOST_ROUGH", 3)
    with pytest.raises(ConvergenceError, match="did not converge: 3 iterations"):
        solving._by_gradients(path, degree, right, 1e-10)


def test_nothing_on_the_right_is_nothing():
    path, degree, right = laplacian_of_a_path(5, 1.0)
    assert not solving._by_gradients(path, degree, 0 * right, 1e-8).any()


@settings(max_examples=40)
@given(divided(), st.floats(1e-30, 1e30))
def test_gradients_agree_with_lu_whatever_the_unit_of_weights(case, unit):
    edges, labels = case
    graph = graph_of(edges, [unit * (1 + i % 3) for i in range(len(edges))])
    prepared = prepare(graph, sides_of(graph, labels), weights="weighted")
    chosen, _ = elites(prepared, 1)
    rows = prepared.matrix[np.flatnonzero(~chosen)]
    inner, degree = rows[:, np.flatnonzero(~chosen)], np.asarray(rows.sum(axis=1)).ravel()
    right = np.asarray(rows[:, np.flatnonzero(chosen)].todense())
    found = solving._by_gradients(inner, degree, right, 1e-12)
    assert found == pytest.approx(solving._by_lu(inner, degree, right), abs=1e-9)


@settings(max_examples=60)
@given(divided(), st.integers(1, 3))
def test_elites_are_the_first_of_a_stable_order(case, k):
    edges, labels = case
    graph = graph_of(edges)
    prepared = prepare(graph, sides_of(graph, labels))
    assume(min(prepared.sizes) >= k)
    chosen, ties = elites(prepared, k)
    degree, expected = np.diff(prepared.matrix.indptr), 0
    for side in range(2):
        members = np.flatnonzero(prepared.labels == side).tolist()
        order = sorted(members, key=lambda i: (-degree[i], i))
        assert set(order[:k]) == {i for i in members if chosen[i]}
        same = [i for i in members if degree[i] == degree[order[k - 1]]]
        expected += len(same) if set(same) - set(order[:k]) else 0
    assert ties == expected


def test_weights_beyond_what_floats_can_hold_apart_are_refused():
    """Without this, chances from −4,000 to 4,000 came out of weights from 1e-30 to 1e30."""
    rng = np.random.default_rng(2)
    ends = rng.integers(0, 300, (1200, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    rows = [f"a{i:03}" for i in ends[:, 0]], [f"a{i:03}" for i in ends[:, 1]]
    for most in (3, 30):
        graph = InteractionGraph.from_edges(*rows, 10 ** rng.uniform(-most, most, len(ends)))
        sides = sides_of(graph, {name: i % 2 for i, name in enumerate(graph.accounts)})
        prepared = prepare(graph, sides, weights="weighted")
        chosen, _ = elites(prepared, 10)
        if most == 3:
            assert absorption(prepared, chosen).sum(axis=1) == pytest.approx(1)
        else:
            with pytest.raises(ConvergenceError, match=r"differ by too much.*unweighted"):
                absorption(prepared, chosen)


def test_along_a_path_the_chance_falls_evenly(monkeypatch):
    """Walks on a path of n accounts between two elites end with chances 1 − i/(n − 1)."""
    monkeypatch.setattr(solving, "_DIRECT", 0)
    names = [f"{i:04}" for i in range(1500)]
    graph = graph_of(list(pairwise(names)))
    sides = sides_of(graph, {name: "ab"[int(name) >= 750] for name in names})
    prepared = prepare(graph, sides)
    chosen = np.zeros(1500, dtype=bool)
    chosen[[0, -1]] = True
    ends = absorption(prepared, chosen)
    assert ends[:, 0] == pytest.approx(1 - np.arange(1500) / 1499, abs=1e-5)


def test_chances_out_of_bounds_are_solved_again(monkeypatch):
    graph, sides = camps(3)
    prepared = prepare(graph, sides)
    chosen, _ = elites(prepared, 1)
    asked = []

    def rough(prepared, chosen, tolerance):
        asked.append(tolerance)
        return ends(prepared, chosen, tolerance) + (1e-5 if tolerance == solving.TOLERANCE else 0)

    ends = solving._ends
    right = absorption(prepared, chosen)
    prepared.solved.clear()
    monkeypatch.setattr(solving, "_ends", rough)
    assert absorption(prepared, chosen) == pytest.approx(right, abs=1e-12)
    assert asked == [solving.TOLERANCE, pytest.approx(1e-12)]


@pytest.mark.parametrize("unit", [1e-300, 1e-60, 1e-30, 1e30, 1e60, 1e300])
def test_the_unit_of_weight_changes_nothing(monkeypatch, unit):
    monkeypatch.setattr(solving, "_DIRECT", 0)
    other = nx.barabasi_albert_graph(600, 3, seed=2)
    edges = [(f"{a:03}", f"{b:03}") for a, b in other.edges]
    weights = np.random.default_rng(1).integers(1, 50, len(edges)).astype(float)
    found = []
    for given_unit in (1.0, unit):
        graph = graph_of(edges, weights * given_unit)
        sides = sides_of(graph, {a: "ab"[int(a) % 3 == 0] for a in graph.accounts})
        found.append(random_walk_controversy(graph, sides, weights="weighted").value)
    assert found[1] == pytest.approx(found[0], abs=1e-8)
    assert abs(found[0]) > 1e-3


@pytest.mark.parametrize("spread", [10, 45, 140])
def test_weights_too_far_apart_are_refused_and_warn_of_nothing(spread):
    other = nx.barabasi_albert_graph(300, 3, seed=2)
    edges = [(f"{a:03}", f"{b:03}") for a, b in other.edges]
    weights = 10.0 ** np.random.default_rng(2).uniform(-spread, spread, len(edges))
    graph = graph_of(edges, weights)
    sides = sides_of(graph, {a: "ab"[int(a) % 2] for a in graph.accounts})
    with pytest.raises(ConvergenceError, match=r"differ by too much.*weights from.*1e\+15 times"):
        random_walk_controversy(graph, sides, weights="weighted")


def test_degrees_too_far_apart_for_single_precision_are_left_to_double(monkeypatch):
    graph, sides = camps(3)
    prepared = prepare(graph, sides)
    chosen, _ = elites(prepared, 1)
    right = absorption(prepared, chosen)
    prepared.solved.clear()
    monkeypatch.setattr(solving, "_DIRECT", 0)
    monkeypatch.setattr(solving, "_WIDEST", 1e-9)
    assert absorption(prepared, chosen) == pytest.approx(right, abs=1e-7)
