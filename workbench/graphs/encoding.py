"""Ids into integers, without ever making Python strings of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["encode", "encode_pair"]


def encode(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.Array]:
    """Return the codes of a text column and the distinct texts, in order of first appearance."""
    if not len(column):
        return np.empty(0, dtype=np.int32), pa.array([], pa.string())
    coded = column.dictionary_encode().unify_dictionaries()
    codes = np.concatenate([np.asarray(chunk.indices, dtype=np.int32) for chunk in coded.chunks])
    return codes, coded.chunk(0).dictionary


def encode_pair(
    first: pa.ChunkedArray, second: pa.ChunkedArray
) -> tuple[NDArray[np.int32], NDArray[np.int32], pa.Array]:
    """Return codes of two columns over one list of distinct texts, encoded in two threads."""
    with ThreadPoolExecutor(2) as pool:
        (codes, known), (others, more) = pool.map(encode, (first, second))
    position = pc.index_in(more, value_set=known)
    missing = np.asarray(position.is_null())
    place = np.array(position.fill_null(0), dtype=np.int32)
    place[missing] = len(known) + np.arange(int(missing.sum()), dtype=np.int32)
    ids = pa.concat_arrays([known, more.filter(pa.array(missing))])
    return codes, place[others] if len(others) else others, ids
