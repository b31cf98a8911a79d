"""Ids into integers, without ever making Python strings of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["encode", "encode_pair"]


def encode(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.Array]:
    """Return the codes of a text column and the distinct texts, in an order that suits them.

    The column must have no nulls. Ids that are numbers of one platform come in shortlex order,
    others in order of first appearance.
    """
    if not len(column):
        return np.empty(0, dtype=np.int32), pa.array([], pa.string())
    texts = column.cast(pa.string())
    return _encode_numbers(texts) or _encode_texts(texts)


def encode_pair(
    first: pa.ChunkedArray, second: pa.ChunkedArray
) -> tuple[NDArray[np.int32], NDArray[np.int32], pa.Array]:
    """Return the codes of two columns over one list of distinct texts."""
    chunks = [chunk for column in (first, second) for chunk in column.cast(pa.string()).chunks]
    codes, ids = encode(pa.chunked_array(chunks, type=pa.string()))
    return codes[: len(first)], codes[len(first) :], ids


def _encode_texts(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.Array]:
    coded = column.dictionary_encode()
    if not _one_dictionary(coded):
        coded = coded.unify_dictionaries()
    codes = np.concatenate([np.asarray(chunk.indices, dtype=np.int32) for chunk in coded.chunks])
    return codes, coded.chunk(0).dictionary


def _encode_numbers(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.Array] | None:
    """Encode ids such as ``x:123`` by their numbers, in half the time; None for any other ids.

    Of all digits that mean a number, one text is the shortest: digits that add up to the length of
    the shortest ones are these. (Arrow also reads ``0x8000000000``, which is no longer than its
    number in digits; such ids are not encoded here.)
    """
    platform, colon, _ = column[0].as_py().partition(":")
    prefix = platform + colon
    if not colon or not pc.all(pc.starts_with(column, prefix)).as_py():
        return None
    numbers = []
    for chunk in column.chunks:
        digits = pc.utf8_slice_codeunits(chunk, len(prefix))
        if len(digits) and not pc.all(pc.ascii_is_decimal(digits)).as_py():
            return None
        try:
            numbers.append(digits.cast(pa.int64()))
        except pa.ArrowInvalid:  # beyond 64 bits
            return None
    codes, values = _encode_texts(pa.chunked_array(numbers))
    order = np.argsort(np.asarray(values))
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    codes = rank[codes]
    ids = pc.binary_join_element_wise(prefix, values.take(pa.array(order)).cast(pa.string()), "")
    lengths = np.asarray(pc.binary_length(ids), dtype=np.int64)
    if lengths @ np.bincount(codes) != pc.sum(pc.binary_length(column)).as_py():
        return None
    return codes, ids


def _one_dictionary(coded: pa.ChunkedArray) -> bool:
    """Return whether all chunks refer to the same dictionary in memory.

    Arrow hashes the chunks of a text column into one dictionary. Unifying what is one already
    would hash each chunk's copy again: 12 s more for ten million rows.
    """
    texts = [chunk.dictionary.buffers()[-1] for chunk in coded.chunks]
    return len({0 if text is None else text.address for text in texts}) == 1
