from __future__ import annotations

import numpy as np
from hypothesis import given

from tests.graph_strategies import graphs
from workbench.graphs.mixing import mixed


@given(graphs())
def test_equal_to_a_loop_over_all_edges(graph):
    labels = (np.arange(graph.nodes) % 3).astype(np.int32)
    expected = np.zeros((3, 3))
    for source, target, weight in zip(*graph.arcs(), strict=True):
        expected[labels[source], labels[target]] += weight
    assert np.array_equal(mixed(graph.to_scipy(), labels, 3), expected)
