"""Whether an observation differs from the last one of the same thing.

Both paths write the first of equal observations that follow each other, with its time, and with
one memory, so that they can read the lines of a file in turn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.loaders.columnar import Ints, Mask, integers

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Memory", "Numbers", "observation", "observations"]

Numbers = np.ndarray[Any, np.dtype[np.uint64]]
#: How observations are compared: texts joined, numbers as digits of a 64-bit number.
_SEPARATOR, _MISSING, _FACTOR = "\x1f", "\0", 0x9E3779B97F4A7C15
_64_BITS = (1 << 64) - 1


def observation(texts: Iterable[str | None], numbers: Iterable[int | None] = ()) -> int:
    """Return what two observations of one thing have in common when they are equal."""
    code = hash(_SEPARATOR.join([_MISSING if text is None else text for text in texts])) & _64_BITS
    for number in numbers:
        code = (code * _FACTOR + (_FACTOR if number is None else number)) & _64_BITS
    return code


def observations(texts: list[Any], numbers: Iterable[Any] = ()) -> Numbers:
    """Return for every row of the columns what ``observation`` returns."""
    joined = pc.binary_join_element_wise(
        *texts, _SEPARATOR, null_handling="replace", null_replacement=_MISSING
    )
    codes = np.fromiter(map(hash, joined.to_pylist()), np.int64, len(joined)).view(np.uint64)
    factor = np.uint64(_FACTOR)
    for column in numbers:
        codes *= factor
        values = column.cast(pa.int64())
        codes += integers(values, missing=0).view(np.uint64)
        if values.null_count:
            codes += np.where(pc.is_null(values).to_numpy(zero_copy_only=False), factor, 0)
    return codes


class Memory:
    """Knows the last observation of everything, before and within a batch.

    What a batch adds is kept apart until ``keep``.
    """

    def __init__(self, seen: dict[str, int]) -> None:
        self._seen = seen
        self._new: list[tuple[list[str], list[int]]] = []

    def fresh(self, keys: Any, shown: Numbers, order: Ints | None = None) -> Mask:
        """Return which observations are not the same as the one of their key before.

        `order` says when each was made; by default they are in order.
        """
        if not len(keys):
            return np.zeros(0, np.bool_)
        encoded = keys.dictionary_encode()
        code = encoded.indices.to_numpy()
        moment = np.arange(len(code)) if order is None else order
        sequence = np.lexsort((moment, code))
        code, ordered = code[sequence], shown[sequence]
        starts = np.append(True, code[1:] != code[:-1])
        names = encoded.dictionary.to_pylist()
        first = ordered[starts]
        before = np.empty_like(ordered)
        before[1:] = ordered[:-1]
        before[starts] = np.fromiter(
            map(self._seen.get, names, (~first).tolist()), np.uint64, len(names)
        )
        self._new.append((names, ordered[np.append(starts[1:], True)].tolist()))
        fresh = np.empty(len(code), np.bool_)
        fresh[sequence] = ordered != before
        return fresh

    def keep(self) -> None:
        """Remember what the batch has shown."""
        for names, shown in self._new:
            self._seen.update(zip(names, shown, strict=True))
