"""Ids into integers, without ever making Python strings of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["encode", "encode_pair"]


def encode(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.Array]:
    """Return the codes of a text column and the distinct texts, in order of first appearance.

    The column must have no nulls.
    """
    if not len(column):
        return np.empty(0, dtype=np.int32), pa.array([], pa.string())
    coded = column.dictionary_encode()
    if not _one_dictionary(coded):
        coded = coded.unify_dictionaries()
    codes = np.concatenate([np.asarray(chunk.indices, dtype=np.int32) for chunk in coded.chunks])
    return codes, coded.chunk(0).dictionary


def encode_pair(
    first: pa.ChunkedArray, second: pa.ChunkedArray
) -> tuple[NDArray[np.int32], NDArray[np.int32], pa.Array]:
    """Return the codes of two columns over one list of distinct texts."""
    chunks = [chunk for column in (first, second) for chunk in column.cast(pa.string()).chunks]
    codes, ids = encode(pa.chunked_array(chunks, type=pa.string()))
    return codes[: len(first)], codes[len(first) :], ids


def _one_dictionary(coded: pa.ChunkedArray) -> bool:
    """Return whether all chunks refer to the same dictionary in memory.

    Arrow hashes the chunks of a text column into one dictionary. Unifying what is one already
    would hash each chunk's copy again: 12 s more for ten million rows.
    """
    texts = [chunk.dictionary.buffers()[-1] for chunk in coded.chunks]
    return len({0 if text is None else text.address for text in texts}) == 1
