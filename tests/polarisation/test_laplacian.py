"""The Laplacian's linear systems: dense inverses, closed forms, what does not converge."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from workbench.errors import ConvergenceError
from workbench.polarisation import laplacian
from workbench.polarisation.laplacian import solve_laplacian, solve_shifted


@st.composite
def systems(draw, *, symmetric=True):
    """Draw a weighted adjacency, often of several components, and a right-hand side."""
    n = draw(st.integers(1, 9))
    cells = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.floats(0.1, 9))
    dense = np.zeros((n, n))
    for i, j, weight in draw(st.lists(cells, max_size=2 * n)):
        if i != j:
            dense[i, j] = weight
            if symmetric:
                dense[j, i] = weight
    right = draw(st.lists(st.floats(-5, 5), min_size=n, max_size=n))
    return dense, np.array(right)


def dense_laplacian(dense):
    return np.diag(dense.sum(axis=1)) - dense


@settings(max_examples=60)
@given(systems())
def test_equal_to_the_pseudo_inverse(system):
    dense, right = system
    expected = np.linalg.pinv(dense_laplacian(dense), rcond=1e-10, hermitian=True) @ right
    assert solve_laplacian(csr_array(dense), right) == pytest.approx(expected, abs=1e-7)


@settings(max_examples=60)
@given(systems(symmetric=False), st.booleans())
def test_equal_to_the_inverse_of_one_plus_the_laplacian(system, directed):
    dense, right = system
    dense = dense if directed else dense + dense.T
    expected = np.linalg.solve(np.eye(len(dense)) + dense_laplacian(dense), right)
    found = solve_shifted(csr_array(dense), right, directed=directed)
    assert found == pytest.approx(expected, abs=1e-7)


def test_a_path_carries_a_current_from_end_to_end():
    n = 200
    steps = np.arange(n - 1)
    half = csr_array((np.full(n - 1, 2.0), (steps, steps + 1)), shape=(n, n))
    ends = np.zeros(n)
    ends[0], ends[-1] = 1, -1
    found = solve_laplacian((half + half.T).tocsr(), ends)
    assert np.diff(found) == pytest.approx(np.full(n - 1, -1 / 2))  # unit current, conductance 2
    assert found.sum() == pytest.approx(0, abs=1e-9)
    assert ends @ found == pytest.approx((n - 1) / 2)


def test_what_does_not_converge_is_said(monkeypatch):
    monkeypatch.setattr(laplacian, "MOST_ITERATIONS", 2)
    n = 50
    steps = np.arange(n - 1)
    half = csr_array((np.ones(n - 1), (steps, steps + 1)), shape=(n, n))
    with pytest.raises(ConvergenceError, match=r"did not converge: 2 iterations.*1e-10"):
        solve_laplacian((half + half.T).tocsr(), np.arange(n) ** 2.0)
