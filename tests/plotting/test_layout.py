"""Positions: reproducible, finite on every shape of graph, and telling what was planted."""

from __future__ import annotations

import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from tests.plotting.figures import camps, isolates
from workbench.errors import UsageError
from workbench.model import InteractionGraph
from workbench.plotting.layout import Layout, layout, length_ratio, neighbour_preservation


def graph_of(*pairs):
    return InteractionGraph.from_edges([a for a, _ in pairs], [b for _, b in pairs])


SHAPES = {
    "empty": graph_of(),
    "one node": graph_of("aa"),
    "one isolate": isolates(1),
    "only isolates": isolates(7),
    "only self-loops": graph_of("aa", "bb", "cc"),
    "one edge": graph_of("ab"),
    "one edge both ways": graph_of("ab", "ba"),
    "several components": graph_of("ab", "cd", "ef", "fg"),
    "edge, loop, component": graph_of("ab", "aa", "cc", "de"),
    "star": graph_of(*[("a", leaf) for leaf in "bcdefgh"]),
    "clique": graph_of(*[(a, b) for a in "abcde" for b in "abcde" if a != b]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_finite_positions(shape):
    graph = SHAPES[shape]
    drawn = layout(graph, seed=1)
    assert drawn.positions.shape == (graph.nodes, 2)
    assert drawn.positions.dtype == np.float64
    assert np.isfinite(drawn.positions).all()
    assert drawn.graph_fingerprint == graph.fingerprint
    assert (drawn.iterations, drawn.seed) == (150, 1)
    linked = graph.symmetrised().arcs_stored > 0
    assert np.isfinite(drawn.length_ratio) == linked


@pytest.mark.parametrize("shape", [s for s in SHAPES if SHAPES[s].nodes > 1])
def test_no_two_nodes_are_drawn_on_one_another(shape):
    positions = layout(SHAPES[shape], seed=3).positions
    apart = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    assert apart[~np.eye(len(positions), dtype=bool)].min() > 0.1


@settings(max_examples=15)
@given(graphs(), st.integers(0, 2**31))
def test_any_graph_gets_finite_centred_positions(graph, seed):
    drawn = layout(graph, iterations=8, seed=seed)
    assert drawn.positions.shape == (graph.nodes, 2)
    assert np.isfinite(drawn.positions).all()
    if graph.nodes:
        scale = 1 + np.abs(drawn.positions).max()
        assert np.abs(drawn.positions.mean(axis=0)).max() < 1e-9 * scale


@settings(max_examples=10)
@given(graphs(min_edges=3), st.integers(0, 2**31))
def test_a_seed_gives_the_same_bytes(graph, seed):
    first, second = (layout(graph, iterations=5, seed=seed) for _ in range(2))
    assert first.positions.tobytes() == second.positions.tobytes()
    assert repr(first.length_ratio) == repr(second.length_ratio)


def test_another_seed_gives_other_positions():
    graph, _ = camps()
    one, two = (layout(graph, iterations=10, seed=seed).positions for seed in (1, 2))
    assert (np.linalg.norm(one - two, axis=1) > 1e-6).mean() > 0.9


def test_a_drawn_seed_is_recorded_and_repeats_the_picture():
    graph, _ = camps(10)
    drawn = layout(graph, iterations=5)
    again = layout(graph, iterations=5, seed=drawn.seed)
    assert drawn.positions.tobytes() == again.positions.tobytes()


def test_iterations_are_done_and_recorded():
    graph, _ = camps(10)
    few, many = layout(graph, iterations=1, seed=1), layout(graph, iterations=30, seed=1)
    assert (few.iterations, many.iterations) == (1, 30)
    assert not np.array_equal(few.positions, many.positions)


@pytest.mark.parametrize("iterations", [0, -3])
def test_iterations_must_be_positive(iterations):
    with pytest.raises(UsageError, match=f"at least one iteration: {iterations}"):
        layout(isolates(2), iterations=iterations)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_camps_are_drawn_apart(seed):
    graph, side = camps(seed=seed)
    positions = layout(graph, seed=seed).positions
    apart = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    same = side[:, None] == side[None]
    pairs = ~np.eye(graph.nodes, dtype=bool)
    within, between = apart[same & pairs].mean(), apart[~same].mean()
    assert within < 0.7 * between


def test_self_loops_directions_and_weights_do_not_move_anybody():
    pairs = [("a", "b"), ("b", "c"), ("c", "d"), ("b", "d")]
    plain = layout(graph_of(*pairs), iterations=10, seed=1).positions
    turned = graph_of(*[(b, a) for a, b in pairs], ("a", "a"), ("d", "d"), ("a", "b"))
    assert layout(turned, iterations=10, seed=1).positions.tobytes() == plain.tobytes()


def test_length_ratio_equals_the_loop_over_all_pairs():
    graph, _ = camps(10)
    positions = np.random.default_rng(3).normal(size=(graph.nodes, 2))
    matrix = graph.symmetrised(weighted=False).to_scipy()
    ends = np.argwhere(matrix.toarray())
    edges = [np.linalg.norm(positions[i] - positions[j]) for i, j in ends]
    pairs = [np.linalg.norm(a - b) for a in positions for b in positions]
    expected = np.mean(edges) / np.mean(pairs)
    assert length_ratio(matrix, positions, seed=1) == pytest.approx(expected, rel=0.02)
    assert layout(graph, seed=1).length_ratio < 0.9


def test_length_ratio_is_nan_where_it_has_no_value():
    matrix = isolates(3).to_scipy()
    assert np.isnan(length_ratio(matrix, np.zeros((3, 2)), seed=1))
    edge = graph_of("ab").symmetrised().to_scipy()
    assert np.isnan(length_ratio(edge, np.zeros((2, 2)), seed=1))


@settings(max_examples=15)
@given(graphs(min_edges=1), st.integers(0, 1000))
def test_neighbour_preservation_equals_the_loop(graph, seed):
    positions = np.random.default_rng(seed).normal(size=(graph.nodes, 2))
    own = {i: set() for i in range(graph.nodes)}
    for source, target, _ in zip(*graph.arcs(), strict=True):
        if source != target:
            own[int(source)].add(int(target))
            own[int(target)].add(int(source))
    shares = []
    for node, neighbours in own.items():
        if neighbours:
            others = [i for i in own if i != node]
            others.sort(key=lambda i: np.linalg.norm(positions[i] - positions[node]))
            near = set(others[: len(neighbours)])
            shares.append(len(near & neighbours) / len(neighbours))
    expected = np.mean(shares) if shares else 0.0
    assert neighbour_preservation(graph, positions) == pytest.approx(expected)


def test_the_layout_keeps_more_neighbours_than_chance():
    graph, _ = camps()
    drawn: Layout = layout(graph, seed=1)
    shuffled = np.random.default_rng(1).permutation(drawn.positions)
    assert neighbour_preservation(graph, drawn.positions) > 1.5 * neighbour_preservation(
        graph, shuffled
    )
    assert neighbour_preservation(isolates(3), np.zeros((3, 2))) == 0.0


def test_large_graphs_take_fewer_rounds_unless_asked(monkeypatch):
    graph, _ = camps(10)
    monkeypatch.setattr(importlib.import_module("workbench.plotting.layout"), "LARGE", graph.edges)
    assert layout(graph, seed=1).iterations == 50
    assert layout(graph, seed=1, iterations=7).iterations == 7
    monkeypatch.setattr(
        importlib.import_module("workbench.plotting.layout"), "LARGE", graph.edges + 1
    )
    assert layout(graph, seed=1).iterations == 150
