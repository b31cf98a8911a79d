"""The rows of a table as records: cells by the name of their column, all rows kept or rejected.

For formats with columns of their own; a table that a column map describes is ``table_map``'s.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workbench.loaders.table_rows import MISSING, clean_id, items
from workbench.loaders.tables import header_of, open_table, row_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from workbench.loaders.recorder import Recorder
    from workbench.loaders.source import Head, Source

__all__ = [
    "Cells",
    "TableRecords",
    "column_names",
    "count_in",
    "flag_in",
    "has_columns",
    "id_in",
    "list_in",
    "text_in",
]

#: Name of a column → what a row has there: text, or a list in a Parquet table.
Cells = dict[str, Any]

_TOGETHER = 512  # rows after which buffers and progress are looked at
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.0*)?", re.ASCII)
_FLAGS = {
    **dict.fromkeys(("true", "t", "yes", "1", "1.0"), True),
    **dict.fromkeys(("false", "f", "no", "0", "0.0"), False),
}


def column_names(text: str) -> frozenset[str]:
    """Return the names in a text that have blanks between them."""
    return frozenset(text.split())


def has_columns(head: Head, names: Collection[str]) -> bool:
    """Return whether a head is that of a table with all these columns."""
    return set(names) <= set(header_of(head))


def text_in(cells: Mapping[str, Any], name: str) -> str | None:
    """Return what a cell says, without blanks around it; None where it says nothing."""
    value = cells.get(name)
    return str(value).strip() or None if value else None


def id_in(cells: Mapping[str, Any], name: str) -> str | None:
    """Return the id in a cell, as text; what programs write for a missing value is none.

    Raises
    ------
    ValueError
        The number was rounded, so that the id is lost.
    """
    found = clean_id(cells.get(name, ""))
    return None if found in MISSING else found


def list_in(cells: Mapping[str, Any], name: str) -> list[str]:
    """Return the items of a cell with a list in brackets; a missing value has none."""
    return items(cells.get(name, ""), ",")


def flag_in(cells: Mapping[str, Any], name: str) -> bool | None:
    """Return whether a cell says yes; None where it says neither yes nor no."""
    return _FLAGS.get(str(cells.get(name, "")).strip().casefold())


def count_in(cells: Mapping[str, Any], name: str) -> int | None:
    """Return the number in a cell (``3``, ``3.0``, ``1,234``); None where there is none.

    Raises
    ------
    ValueError
        It is no whole number (``1.5`` and ``1,5`` are none), or beyond 64 bits.
    """
    try:
        return _number(str(cells.get(name, "")))
    except OverflowError:
        raise ValueError(f"{name} is beyond 64 bits") from None
    except ValueError:
        raise ValueError(f"{name} is not a number") from None


@lru_cache(maxsize=1 << 14)  # most counts are small
def _number(text: str) -> int | None:
    text = text.strip()
    if text in MISSING:
        return None
    plain = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    if not plain.isdecimal() and not float(plain).is_integer():
        raise ValueError
    number = int(plain) if plain.isdecimal() else int(float(plain))
    if not -(2**63) <= number < 2**63:
        raise OverflowError
    return number


class TableRecords:
    """Walks through the rows of a table and hands them to a loader.

    Parameters
    ----------
    recorder
        Takes the rows of the records.
    known
        The columns of the format, also those left out on purpose; others are counted in the drift
        report.

    Attributes
    ----------
    header
        Names of the columns.
    """

    def __init__(self, source: Source, recorder: Recorder, *, known: Collection[str]) -> None:
        self._recorder = recorder
        self._sink = recorder.sink
        self._table = open_table(source)
        self.header = self._table.header
        self._unknown = [name for name in self.header if name not in known]
        # A column that was added to an export stands before the export's own of the same name.
        self._places = {name: i for i, name in enumerate(self.header) if name in known}
        self._repeated = [
            (i, self._places[name])
            for i, name in enumerate(self.header)
            if name in known and i != self._places[name]
        ]

    def each(self, take: Callable[[Cells], None]) -> None:
        """Make one record of every row: all that `take` adds for it, or a reject.

        `take` says with a ``ValueError`` why it cannot read a row.
        """
        for row in self._table.rows:
            reason = row.reason
            if reason is None:
                try:
                    with self._recorder.record():
                        take(self._cells(row.cells))
                except ValueError as error:
                    reason = str(error)
            if reason is not None:
                self._sink.reject(
                    line=row.number,
                    byte_offset=row.byte_offset,
                    data=row_bytes(self._table, row),
                    reason=reason,
                    keys=self.header,
                )
            if self._sink.read % _TOGETHER == 0:
                self._sink.checkpoint(row.byte_offset or 0)
        self._sink.unknown_keys.update(dict.fromkeys(self._unknown, self._sink.read))

    def _cells(self, row: Sequence[Any]) -> Cells:
        for first, last in self._repeated:
            if row[first] != row[last]:
                raise ValueError(
                    f"two columns are called {self.header[last]} and differ: rename the added one"
                )
        return {name: row[place] for name, place in self._places.items()}
