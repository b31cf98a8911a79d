"""Rows as the parameters of a statement: how each column travels to a Neo4j server.

A list costs the driver a call for every value. So a text column travels as one text, which the
server divides at a character that none of its values has, and a column of one value as that value.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["Parameters"]

#: Characters to divide texts at: the separators of ASCII, else those for private use.
_SEPARATORS = (range(0x1F, 0x1B, -1), range(0xE000, 0xF900), range(0xF0000, 0xFFFFE))
#: What a null is called in the second of two characters that no text has.
_BETWEEN, _MISSING = "between", "missing"
#: So many bytes of values go in one batch, unless one row has more.
_BATCH_BYTES = 8 << 20
#: So many bytes are searched for a character at a time.
_SEARCHED = 4 << 20


class _Texts(str):
    """Texts that do not stand in the driver's log, for which all values are written out."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self):,} characters>"


class _Values(list[Any]):
    """Values that do not stand in the driver's log."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self):,} values>"


class Parameters:
    """How some rows travel, and the Cypher that takes them up.

    A statement is ``UNWIND`` of row numbers ``i``; ``value`` says how to write the value of a
    column in row ``i``. Every batch of the rows goes with the same statement.

    Parameters
    ----------
    rows
        Text, integer, float, boolean and time columns; times travel as epoch milliseconds.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows
        self._alone = {n: _lone(rows.column(n)) for n in rows.column_names if _alone(rows, n)}
        texts = [
            field.name
            for field in rows.schema
            if pa.types.is_string(field.type) and field.name not in self._alone
        ]
        absent = _absent([rows.column(n) for n in texts])
        self._texts = texts if len(absent) == 2 else []  # texts that have all characters: as lists
        self._between, self._missing = absent if len(absent) == 2 else ("", "")

    @property
    def opening(self) -> str:
        """The clauses that make row numbers of a batch; its texts are divided before."""
        divided = ", ".join(f"split(${n}, ${_BETWEEN}) AS {n}" for n in self._texts)
        opened = f"WITH {divided} " if divided else ""
        return f"{opened}UNWIND range(0, $rows - 1) AS i "

    def value(self, column: str) -> str:
        """Return the expression of the value of a column in row ``i``."""
        if column in self._alone:
            return f"${column}"
        if column not in self._texts:
            return f"${column}[i]"
        if not self._rows.column(column).null_count:
            return f"{column}[i]"
        return f"nullIf({column}[i], ${_MISSING})"

    def batches(self, size: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the rows in batches of at most `size`: how many, and the parameters."""
        start = 0
        while start < self._rows.num_rows:
            part = self._rows.slice(start, size)
            while part.num_rows > 1 and part.nbytes > _BATCH_BYTES:
                part = part.slice(0, part.num_rows // 2)
            yield part.num_rows, self._batch(part)
            start += part.num_rows

    def _batch(self, part: pa.Table) -> dict[str, Any]:
        given = {_BETWEEN: self._between, _MISSING: self._missing, "rows": part.num_rows}
        for name in part.column_names:
            if name in self._alone:
                given[name] = self._alone[name]
            elif name in self._texts:
                given[name] = self._joined(part.column(name))
            else:
                given[name] = _plain(part.column(name))
        return given

    def _joined(self, column: pa.ChunkedArray) -> _Texts:
        texts = pc.fill_null(column, self._missing).combine_chunks()
        whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
        return _Texts(pc.binary_join(whole, self._between)[0].as_py())


def _alone(rows: pa.Table, name: str) -> bool:
    """Return whether a column has one value in all rows."""
    column = rows.column(name)
    if column.null_count:
        return bool(column.null_count == len(column))
    if not len(column):
        return False
    if pa.types.is_floating(column.type) and column[0].as_py() == 0:
        return False  # two zeros are equal, and of different signs
    return bool(pc.all(pc.equal(column, column[0])).as_py())


def _lone(column: pa.ChunkedArray) -> Any:
    """Return the value of all rows."""
    (value,) = _plain(column.slice(0, 1))
    return _Texts(value) if isinstance(value, str) else value


def _plain(column: pa.ChunkedArray) -> _Values:
    """Return values as the driver takes them."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("ms"), safe=False).cast(pa.int64())
    return _Values(column.to_pylist())


def _absent(texts: list[pa.ChunkedArray]) -> list[str]:
    """Return two characters that no text has, fewer where there are none."""
    found: list[str] = []
    for character in map(chr, chain(*_SEPARATORS)):
        if not any(_has(column, character) for column in texts):
            found.append(character)
        if len(found) == 2:
            break
    return found


def _has(texts: pa.ChunkedArray, character: str) -> bool:
    if character.isascii():  # a byte below 128 is a character of its own in UTF-8
        return any(
            bool((part == ord(character)).any()) for chunk in texts.chunks for part in _bytes(chunk)
        )
    return bool(pc.any(pc.match_substring(texts, character)).as_py())


def _bytes(texts: pa.StringArray) -> Iterator[NDArray[np.uint8]]:
    """Yield the bytes of all texts, one after the other, some at a time."""
    _, offsets, values = texts.buffers()
    if values is None:
        return
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    whole = np.frombuffer(values, np.uint8)
    for start in range(int(ends[0]), int(ends[-1]), _SEARCHED):
        yield whole[start : min(start + _SEARCHED, int(ends[-1]))]
