"""The matrix by degree is the same matrix."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from tests.graph_strategies import graphs
from workbench.polarisation.ordering import by_degree, unit_of


@given(graphs())
def test_it_is_the_matrix_with_its_nodes_by_degree(graph):
    matrix = graph.symmetrised().to_scipy()
    order, found = by_degree(matrix)
    dense = matrix.toarray() / unit_of(matrix)
    assert (found.toarray() == dense[np.ix_(order, order)].astype(np.float32)).all()
    degree = np.diff(matrix.indptr)[order]
    assert (np.diff(degree) <= 0).all()
    ties = np.diff(degree) == 0
    assert (np.diff(order)[ties] > 0).all()
