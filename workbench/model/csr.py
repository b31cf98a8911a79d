"""The arrays under a graph: id order, compressed rows, checked columns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

__all__ = [
    "as_ids",
    "as_weights",
    "bare_positions",
    "compress",
    "in_shortlex_order",
    "shortlex",
    "weak_components",
]

#: Sorting and counting release the interpreter; more than two threads wait for memory.
_THREADS = 2
#: Keys that a thread counts at a time: 2 MiB, so that they stay in the cache.
_PIECE = 1 << 18


def shortlex(ids: pa.Array) -> tuple[NDArray[np.int64], pa.Array]:
    """Return the positions that sort `ids` by length, then by text, and the sorted ids.

    For ids of digits with a common prefix this is numeric order.
    """
    table = pa.table({"length": pc.utf8_length(ids), "id": ids})
    order = pc.sort_indices(table, sort_keys=[("length", "ascending"), ("id", "ascending")])
    return np.asarray(order, dtype=np.int64), ids.take(order)


def in_shortlex_order(ids: pa.Array) -> bool:
    """Return whether distinct `ids` already are sorted by length, then by text."""
    if len(ids) < 2:
        return True
    length = pc.utf8_length(ids)
    shorter = pc.less(length.slice(0, len(ids) - 1), length.slice(1))
    same = pc.equal(length.slice(0, len(ids) - 1), length.slice(1))
    before = pc.less(ids.slice(0, len(ids) - 1), ids.slice(1))
    return bool(pc.all(pc.or_(shorter, pc.and_(same, before))).as_py())


def compress(
    rows: NDArray[np.int32],
    cols: NDArray[np.int32],
    weight: NDArray[np.float64] | None,
    *,
    n: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Return CSR arrays with columns ascending and duplicates summed; no weight counts as 1.

    Raises
    ------
    InputError
        The weights are so large that their sum is infinite.
    """
    if weight is None or (weight == 1).all():
        return _counted(rows, cols, n=n)
    from scipy.sparse import coo_array

    matrix = coo_array((weight, (rows, cols)), shape=(n, n)).tocsr()
    matrix.sum_duplicates()
    with np.errstate(over="ignore"):
        total = matrix.data.sum()
    if not np.isfinite(total):
        raise InputError(
            "the sum of the weights is infinite",
            value=f"largest weight {weight.max():g}",
            allowed=f"a sum below {np.finfo(np.float64).max:.2g}",
            remedy="divide all weights by the same number",
        )
    return (
        np.asarray(matrix.indptr, dtype=np.int64),
        np.asarray(matrix.indices, dtype=np.int32),
        np.asarray(matrix.data, dtype=np.float64),
    )


def _counted(
    rows: NDArray[np.int32], cols: NDArray[np.int32], *, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Return CSR arrays whose weights count equal pairs.

    Pairs become one sorted integer each. They are read in pieces that fit the cache and end where
    a pair ends, by two threads: the arrays are the same whatever the pieces.
    """
    shift = np.int64(max(1, (n - 1).bit_length()))
    low = (np.int64(1) << shift) - np.int64(1)
    keys = np.left_shift(rows, shift, dtype=np.int64)
    keys |= cols
    with ThreadPoolExecutor(_THREADS) as pool:
        middle = len(keys) // 2
        if middle:
            keys.partition(middle)
        list(pool.map(np.ndarray.sort, (keys[:middle], keys[middle:])))
        bounds = np.arange(0, len(keys), _PIECE)
        bounds = np.unique(np.append(np.searchsorted(keys, keys[bounds]), len(keys)))
        pieces = [keys[i:j] for i, j in pairwise(bounds)]
        distinct = np.cumsum([0, *pool.map(_distinct, pieces)])
        indices = np.empty(distinct[-1], dtype=np.int32)
        weight = np.empty(distinct[-1])

        def fill(piece: NDArray[np.int64], first: int) -> tuple[int, NDArray[np.int64]]:
            last = np.append(np.flatnonzero(piece[1:] != piece[:-1]), len(piece) - 1)
            found = slice(first, first + len(last))
            weight[found] = np.diff(last, prepend=-1)
            ends = piece[last]
            indices[found] = ends & low
            ends >>= shift
            row = int(ends[0])
            return row, np.bincount(ends - row)

        degree = np.zeros(n, dtype=np.int64)
        for row, counts in pool.map(fill, pieces, distinct[:-1].tolist()):
            degree[row : row + len(counts)] += counts
    return np.append(0, np.cumsum(degree)), indices, weight


def _distinct(piece: NDArray[np.int64]) -> int:
    return 1 + int(np.count_nonzero(piece[1:] != piece[:-1]))


def two_parts(indptr: NDArray[np.int64], indices: NDArray[np.int32]) -> NDArray[np.int8] | None:
    """Return 1 for each node that arcs lead to, 0 for the others; None where one has arcs too."""
    used = np.zeros(len(indptr) - 1, dtype=np.int8)
    used[indices] = 1
    return None if (used[np.diff(indptr) > 0] > 0).any() else used


def weak_components(matrix: csr_array) -> NDArray[np.int32]:
    """Return the weakly connected component of each row, 0 the largest, ties by first row."""
    from scipy.sparse.csgraph import connected_components

    n = matrix.shape[0]
    if not n:
        return np.empty(0, dtype=np.int32)
    _, labels = connected_components(matrix, directed=True, connection="weak")
    sizes = np.bincount(labels)
    first = np.full(len(sizes), n)
    np.minimum.at(first, labels, np.arange(n))
    rank = np.empty(len(sizes), dtype=np.int32)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes), dtype=np.int32)
    return rank[labels]


def as_ids(values: Sequence[str] | pa.Array, name: str) -> pa.Array:
    """Return a column of ids as an Arrow string array; a missing id is an ``InputError``."""
    try:
        array = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise InputError(
            f"{name} must hold ids as text", value=str(error), remedy="convert ids with str()"
        ) from error
    array = array.cast(pa.string())
    if array.null_count:
        row = int(np.flatnonzero(np.asarray(array.is_null()))[0])
        raise InputError(f"{name} has a missing id", where=f"row {row}", allowed="text")
    return array


def as_weights(weight: Sequence[float] | NDArray[Any] | None, rows: int) -> NDArray[np.float64]:
    """Return a column of weights as float64, ones for None; only finite values > 0 pass."""
    if weight is None:
        return np.ones(rows)
    values = np.asarray(weight, dtype=np.float64)
    if values.shape != (rows,):
        raise InputError("weights and edges differ in length", value=f"{values.shape} and {rows}")
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InputError(
            "weights must be finite and > 0", value=float(values[row]), where=f"row {row}"
        )
    return values


def bare_positions(ids: pa.Array) -> dict[str, int]:
    """Return id without its platform → position; −1 where two platforms share the bare id."""
    bare: dict[str, int] = {}
    for position, account in enumerate(ids.to_pylist()):
        key = account.partition(":")[2]
        if key:
            bare[key] = -1 if key in bare else position
    return bare
