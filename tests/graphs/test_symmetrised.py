from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from workbench.errors import UndefinedError
from workbench.graphs.splits import matrix_modularity, symmetric_matrix
from workbench.graphs.symmetrised import Symmetrised
from workbench.model import InteractionGraph


@given(graphs(), st.booleans(), st.sampled_from(["retweet", "co_hashtag"]))
def test_is_the_symmetric_matrix(graph, weighted, kind):
    if kind == "co_hashtag":
        graph = InteractionGraph.from_networkx(graph.to_networkx().to_undirected(), kind=kind)
    prepared = Symmetrised.of(graph, weighted=weighted)
    matrix = symmetric_matrix(graph, weighted=weighted, loops=True)
    assert (prepared.first < prepared.second).all()
    bare = symmetric_matrix(graph, weighted=weighted, loops=False)
    assert (prepared.matrix.toarray() == bare.toarray()).all()
    assert (2 * prepared.loops == matrix.diagonal()).all()
    again = Symmetrised.from_matrix(matrix)
    for name in ("first", "second", "weight", "loops", "degree"):
        assert getattr(again, name).tolist() == getattr(prepared, name).tolist()


@given(graphs(min_edges=1), st.booleans(), st.floats(0.1, 3))
def test_modularity_is_that_of_the_matrix(graph, weighted, resolution):
    labels = np.arange(graph.nodes) % 3
    prepared = Symmetrised.of(graph, weighted=weighted)
    matrix = symmetric_matrix(graph, weighted=weighted, loops=True)
    expected = matrix_modularity(matrix, labels, resolution)
    assert prepared.modularity(labels, resolution=resolution) == pytest.approx(expected)


@given(graphs())
def test_igraph_has_the_edges_in_their_order_and_float_weights(graph):
    prepared = Symmetrised.of(graph)
    assert prepared.igraph.get_edgelist() == list(
        zip(prepared.first.tolist(), prepared.second.tolist(), strict=True)
    )
    assert all(type(w) is float for w in prepared.igraph.es["weight"])
    assert prepared.igraph.es["weight"] == prepared.weight.tolist()
    assert prepared.igraph.vcount() == graph.nodes


def test_together_looks_at_both_ends():
    graph = InteractionGraph.from_edges(["a", "b", "c"], ["b", "c", "c"])
    assert Symmetrised.of(graph).together(np.array([0, 0, 1])).tolist() == [True, False]


def test_no_weight_has_no_modularity():
    with pytest.raises(UndefinedError, match="no edges"):
        Symmetrised.of(InteractionGraph.from_edges([], [])).modularity(np.array([], dtype=int))
