"""Which edges a page holds, compared with plain loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from tests.plotting.figures import camps, isolates
from workbench.model import InteractionGraph
from workbench.model.backbone import disparity_p
from workbench.plotting.view_edges import ALPHAS, drawn_edges


def hubs(k=40):
    """Return a graph with k heavy edges among light ones."""
    rng = np.random.default_rng(1)
    source = np.repeat(np.arange(k), k)
    target = rng.integers(0, 3 * k, k * k)
    weight = np.where(np.arange(k * k) % k == 0, 500.0, 1.0)
    return InteractionGraph.from_edges(
        [f"a{i}" for i in source], [f"b{i}" for i in target], weight.tolist()
    )


def undirected(graph):
    """Return the same edges without direction."""
    return replace(graph.symmetrised(), kind="co_url")


@given(graphs() | graphs().map(undirected))
def test_all_edges_but_loops_are_drawn_once_the_heaviest_first(graph):
    drawn = drawn_edges(graph)
    expected = {}
    for source, target, weight in zip(*graph.arcs(), strict=True):
        if source != target:
            pair = (
                (source, target) if graph.directed else (min(source, target), max(source, target))
            )
            expected[pair] = weight
    found = dict(zip(zip(drawn.source, drawn.target, strict=True), drawn.weight, strict=True))
    assert found == expected
    assert len(drawn) == len(expected) == graph.edges - graph.self_loops
    assert np.all(np.diff(drawn.weight) <= 0)
    assert drawn.nodes.tolist() == list(range(graph.nodes))
    assert drawn.rule == "all"
    assert drawn.to_pandas().to_dict("list") == {
        "source": drawn.source.tolist(),
        "target": drawn.target.tolist(),
        "weight": drawn.weight.tolist(),
    }


def test_of_too_many_edges_the_backbone_is_drawn_at_the_most_lenient_level_that_fits():
    graph = hubs()
    p, (source, target, _) = disparity_p(graph), graph.arcs()
    sizes = {alpha: int((p < alpha).sum()) for alpha in ALPHAS}
    most = sizes[0.01]
    assert 0 < most < sizes[0.05] or sizes[0.05] == most
    drawn = drawn_edges(graph, most_edges=most)
    assert drawn.rule == "backbone"
    assert drawn.alpha == max(alpha for alpha, size in sizes.items() if size <= most)
    kept = p < drawn.alpha
    assert set(zip(drawn.source, drawn.target, strict=True)) == set(
        zip(source[kept], target[kept], strict=True)
    )
    assert drawn.nodes.tolist() == sorted({*source[kept], *target[kept]})


@pytest.mark.parametrize("turned", [lambda graph: graph, undirected])
def test_where_no_edge_is_surprising_the_heaviest_are_drawn(turned):
    source = [f"a{i}" for i in range(12)]
    graph = turned(InteractionGraph.from_edges(source, source[1:] + source[:1], range(1, 13)))
    drawn = drawn_edges(graph, most_edges=5)
    assert (drawn.rule, drawn.alpha) == ("heaviest", None)
    assert drawn.weight.tolist() == [12, 11, 10, 9, 8]


def test_of_equally_heavy_edges_the_more_surprising_stay():
    graph, _ = camps(8)
    drawn = drawn_edges(graph, most_edges=9)
    p, (source, target, weight) = disparity_p(graph), graph.arcs()
    proper = [e for e in range(len(p)) if source[e] != target[e]]
    best = sorted(proper, key=lambda e: (-weight[e], p[e]))[:9]
    assert drawn.rule == "heaviest"
    assert {*zip(drawn.source, drawn.target, strict=True)} == {(source[e], target[e]) for e in best}


def test_a_page_holds_no_more_nodes_than_it_can():
    drawn = drawn_edges(isolates(50), most_nodes=20)
    assert (len(drawn), drawn.nodes.tolist()) == (0, list(range(20)))
    graph, _ = camps(30)
    drawn = drawn_edges(graph, most_nodes=20)
    assert 0 < len(drawn.nodes) <= 20


@given(graphs(min_edges=1), st.integers(1, 6))
def test_never_more_edges_than_asked_for(graph, most):
    assert len(drawn_edges(graph, most_edges=most)) <= most
