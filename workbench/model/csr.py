"""The arrays under a graph: id order, compressed rows, checked columns."""

from __future__ import annotations

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
    rows: NDArray[np.int32], cols: NDArray[np.int32], weight: NDArray[np.float64], *, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Return CSR arrays with columns ascending and duplicates summed."""
    from scipy.sparse import coo_array

    matrix = coo_array((weight, (rows, cols)), shape=(n, n)).tocsr()
    matrix.sum_duplicates()
    return (
        np.asarray(matrix.indptr, dtype=np.int64),
        np.asarray(matrix.indices, dtype=np.int32),
        np.asarray(matrix.data, dtype=np.float64),
    )


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
