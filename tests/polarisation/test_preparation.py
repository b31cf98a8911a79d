from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tests.polarisation.cases import divided, graph_of, sides_of
from workbench.errors import UsageError
from workbench.polarisation.preparation import prepare


@given(divided())
def test_the_matrix_is_symmetric_binary_and_without_loops(case):
    edges, labels = case
    graph = graph_of(edges)
    prepared = prepare(graph, sides_of(graph, labels))
    dense = prepared.matrix.toarray()
    assert (dense == dense.T).all()
    assert set(np.unique(dense)) <= {0.0, 1.0}
    assert not dense.diagonal().any()
    assert prepared.edges * 2 == dense.sum()
    assert prepared.mixing().sum() == dense.sum()
    assert prepared.sizes.sum() == prepared.nodes == prepared.summary["nodes"]


def test_weighted_sums_both_directions_and_directed_keeps_them():
    graph = graph_of([("a", "b"), ("b", "a"), ("b", "c")], [1, 2, 5])
    sides = sides_of(graph, {"a": "x", "b": "y", "c": "y"})
    weighted = prepare(graph, sides, weights="weighted")
    assert weighted.matrix.toarray().tolist() == [[0, 3, 0], [3, 0, 5], [0, 5, 0]]
    directed = prepare(graph, sides, weights="weighted", direction="directed")
    assert directed.matrix.toarray().tolist() == [[0, 1, 0], [2, 0, 5], [0, 0, 0]]
    assert directed.mixing().tolist() == [[5, 2], [1, 0]]


def test_unknown_choices_are_refused():
    graph = graph_of([("a", "b")])
    with pytest.raises(UsageError, match=r"direction has a value.*undirected, directed"):
        prepare(graph, sides_of(graph, {"a": "x", "b": "y"}), direction="both")
