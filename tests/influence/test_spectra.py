from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array

from tests.graph_strategies import graphs
from workbench.influence.spectra import block_bounds, gram_block_vector, spectral_radius


@settings(max_examples=30)
@given(graphs(min_edges=1))
def test_the_radius_is_that_of_a_dense_solver(graph):
    matrix = graph.to_scipy()
    expected = np.abs(np.linalg.eigvals(matrix.toarray())).max()
    # Defective eigenvalues at 0 come out of a dense solver as small circles.
    assert spectral_radius(matrix) == pytest.approx(expected, rel=1e-6, abs=0.05)


def test_radii_in_closed_form():
    ring = csr_array(np.roll(np.eye(5), 1, axis=1))
    assert spectral_radius(ring) == pytest.approx(1.0)
    pair = csr_array(np.array([[0, 50.0], [2, 0]]))
    assert spectral_radius(pair) == pytest.approx(10.0)
    assert spectral_radius(csr_array(np.triu(np.ones((4, 4)), 1))) == 0.0


def test_a_large_strongly_connected_block_goes_another_way_to_the_same():
    n = 220
    matrix = csr_array(random_array((n, n), density=0.02, rng=np.random.default_rng(1)))
    matrix = csr_array(matrix + csr_array(np.roll(np.eye(n), 1, axis=1)))
    expected = np.abs(np.linalg.eigvals(matrix.toarray())).max()
    assert spectral_radius(matrix) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=40)
@given(st.integers(1, 3), st.integers(0, 2**16), st.booleans())
def test_bounds_hold_for_every_block(blocks, seed, periodic):
    rng = np.random.default_rng(seed)
    size = 4
    matrix = np.zeros((blocks * size, blocks * size))
    for b in range(blocks):
        part = slice(b * size, (b + 1) * size)
        matrix[part, part] = rng.integers(0, 4, (size, size))
    block = np.repeat(np.arange(blocks, dtype=np.int32), size)
    low, high, vector = block_bounds(lambda x: matrix @ x, block, blocks, periodic=periodic)
    assert (vector > 0).all()
    for b in range(blocks):
        part = slice(b * size, (b + 1) * size)
        radius = np.abs(np.linalg.eigvals(matrix[part, part])).max()
        assert low[b] - 1e-9 <= radius <= high[b] + 1e-3


@pytest.mark.parametrize("columns", [30, 300])
def test_the_vector_of_a_block(columns):
    rng = np.random.default_rng(columns)
    matrix = csr_array(rng.random((50, columns)) * (rng.random((50, columns)) < 0.3))
    value, vector = gram_block_vector(matrix)
    dense = matrix.toarray().T @ matrix.toarray()
    assert value == pytest.approx(np.linalg.eigvalsh(dense)[-1])
    assert dense @ vector == pytest.approx(value * vector, abs=1e-7 * value)
    assert np.linalg.norm(vector) == pytest.approx(1.0)
    assert (vector >= 0).all()
