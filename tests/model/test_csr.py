from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import ids
from workbench.errors import InputError
from workbench.model import InteractionGraph
from workbench.model.csr import compress, in_shortlex_order, shortlex


def test_shortlex_is_numeric_for_digits_with_a_prefix():
    order, ranked = shortlex(pa.array(["x:10", "x:9", "x:100", "x:2"]))
    assert ranked.to_pylist() == ["x:2", "x:9", "x:10", "x:100"]
    assert order.tolist() == [3, 1, 0, 2]


@given(st.lists(ids, unique=True, max_size=12))
def test_the_cheap_order_check_agrees_with_sorting(names):
    array = pa.array(names, pa.string())
    order, ranked = shortlex(array)
    assert ranked.to_pylist() == sorted(names, key=lambda a: (len(a), a))
    assert in_shortlex_order(array) == (order.tolist() == list(range(len(names))))
    assert in_shortlex_order(ranked)


def test_compress_sums_duplicates_and_sorts_columns():
    rows, cols = np.array([1, 1, 1], np.int32), np.array([2, 0, 2], np.int32)
    indptr, indices, weight = compress(rows, cols, np.array([1.0, 2.0, 4.0]), n=3)
    assert (indptr.tolist(), indices.tolist(), weight.tolist()) == (
        [0, 0, 2, 2],
        [0, 2],
        [2.0, 5.0],
    )


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_impossible_weights_are_refused_with_their_row(bad):
    with pytest.raises(InputError, match=r"weights must be finite and > 0.*row 1"):
        InteractionGraph.from_edges(["a", "b"], ["b", "c"], [1.0, bad])


def test_other_bad_columns_are_refused():
    with pytest.raises(InputError, match="differ in length"):
        InteractionGraph.from_edges(["a"], ["b", "c"])
    with pytest.raises(InputError, match=r"target has a missing id.*row 0"):
        InteractionGraph.from_edges(["a"], [None])
    with pytest.raises(InputError, match="must hold ids as text"):
        InteractionGraph.from_edges([1], [2])
    with pytest.raises(InputError, match="weights and edges differ"):
        InteractionGraph.from_edges(["a"], ["b"], [1.0, 2.0])


@given(data=st.data(), n=st.integers(1, 60), piece=st.sampled_from([1, 2, 3, 7, 1 << 18]))
def test_counted_pairs_are_those_of_a_dictionary(data, n, piece):
    """By one sorted integer a pair, in pieces of any size, against counting one by one."""
    ends = st.integers(0, n - 1)
    pairs = data.draw(st.lists(st.tuples(ends, ends), max_size=80))
    rows, cols = np.array(pairs, np.int32).reshape(-1, 2).T
    with patch("workbench.model.csr._PIECE", piece):
        indptr, indices, weight = compress(rows, cols, None, n=n)
    expected = sorted(Counter(pairs).items())
    assert np.repeat(np.arange(n), np.diff(indptr)).tolist() == [u for (u, _), _ in expected]
    assert indices.tolist() == [v for (_, v), _ in expected]
    assert weight.tolist() == [count for _, count in expected]
    assert (indptr.dtype, indices.dtype, weight.dtype) == (np.int64, np.int32, np.float64)
