"""Split halves: acts are dealt, sides of one half are measured on the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tests.graph_strategies import graphs
from tests.polarisation.cases import graph_of, planted
from workbench.errors import UndefinedError, UsageError
from workbench.polarisation import find_sides, halves, report, split_half


@given(graphs(min_edges=1))
def test_halves_share_the_acts(graph):
    first, second = halves(graph, seed=3)
    both = first.to_scipy() + second.to_scipy()
    assert (both != graph.to_scipy()).nnz == 0
    assert first.ids == second.ids == graph.ids
    assert all(np.array_equal(np.rint(part.weight), part.weight) for part in (first, second))


def test_halves_are_halves_and_repeat():
    graph = graph_of([("a", "b"), ("b", "c")], [4000, 2000])
    first, second = halves(graph, seed=1)
    assert first.total_weight == pytest.approx(3000, abs=200)
    assert halves(graph, seed=1)[0].fingerprint == first.fingerprint
    assert second.fingerprint != first.fingerprint


def test_both_arcs_of_an_undirected_edge_go_together():
    import networkx as nx

    from workbench.model import InteractionGraph

    graph = InteractionGraph.from_networkx(nx.complete_graph(9), kind="co_hashtag")
    for part in halves(graph, seed=1):
        matrix = part.to_scipy()
        assert (matrix != matrix.T).nnz == 0
        assert 0 < part.edges < graph.edges


def test_without_camps_the_other_half_shows_none_where_the_same_acts_do():
    """A random graph is cut well by its own acts, and not by those of its other half."""
    rng = np.random.default_rng(2)
    ends = rng.integers(0, 150, (600, 2))
    graph = graph_of([(f"a{u}", f"a{v}") for u, v in ends.tolist() if u != v])
    same = report(
        graph, find_sides(graph, seed=1), measures=["modularity"], null="fixed", runs=10, seed=1
    )["modularity"]
    half = split_half(graph, measures=["modularity"], runs=10, seed=1)
    assert same.z > 10
    assert abs(half["modularity"].z) < 3
    assert half.sides["found_in"] == "other half"
    assert half.sides["method"] == "leiden"
    assert half.sides["origin"] == "given"
    assert half.null["kind"] == "fixed"


def test_pairs_that_repeat_their_acts_do_not_make_camps_of_a_random_graph():
    """Dealt act by act, heavy edges are in both halves: sides of one then fit the other."""
    rng = np.random.default_rng(6)
    ends = rng.integers(0, 200, (500, 2))
    pairs = {tuple(sorted(pair)) for pair in ends.tolist() if pair[0] != pair[1]}
    graph = graph_of([(f"a{u}", f"a{v}") for u, v in sorted(pairs)], [6] * len(pairs))
    measures = ["ei_index", "modularity"]
    half = split_half(graph, measures=measures, runs=20, seed=1)
    assert all(abs(index.z) < 3 for index in half.indices)
    assert half.sides["pairs_in_both"] == 0
    assert not any("helped to find them" in note for note in half.notes)
    same = split_half(*halves(graph, seed=1), measures=measures, runs=20, seed=1)
    assert all(abs(index.z) > 8 for index in same.indices)
    assert same.sides["pairs_in_both"] > 0.9
    assert same.notes[-1].startswith(f"{same.sides['pairs_in_both']:.0%} of the pairs")


def test_pairs_of_both_graphs_are_counted_in_either_direction():
    first = graph_of([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("a", "a")])
    second = graph_of([("b", "a"), ("a", "b"), ("c", "d"), ("a", "c"), ("e", "a"), ("b", "b")])
    found = split_half(first, second, measures=["modularity"], seed=1, runs=1)
    assert found.sides["pairs_in_both"] == 2 / 4


def test_camps_show_in_the_other_half_and_in_another_graph():
    graph, _ = planted(across=0.05, n=200)
    before, after = halves(graph, seed=5)
    one = split_half(graph, measures=["ei_index"], runs=20, seed=1)["ei_index"]
    assert one.z < -5
    other = split_half(before, after, measures=["ei_index"], runs=20, seed=1)
    assert other["ei_index"].z < -5
    assert other.sides["found_in"] == "other graph"
    assert other["ei_index"].graph_fingerprint == after.fingerprint
    again = split_half(before, after, measures=["ei_index"], runs=20, seed=1)
    assert again.to_dict() == other.to_dict()


def test_what_cannot_be_dealt_is_refused():
    graph = graph_of([("a", "b"), ("b", "c")], [1.5, 2])
    with pytest.raises(UsageError, match=r"cannot be dealt.*1\.5.*deal pairs of accounts"):
        halves(graph)
    whole = graph_of([("a", "b"), ("b", "c")])
    with pytest.raises(UsageError, match="both graphs are the same"):
        split_half(whole, whole)
    with pytest.raises(UndefinedError, match="fewer than two pairs to part: 1"):
        split_half(graph_of([("a", "b")]), seed=1)
    with pytest.raises(UndefinedError, match="a half has no acts"):
        split_half(graph_of([("a", "b")]), graph_of([]), seed=1)
