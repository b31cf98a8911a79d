"""Rows of CSV, TSV and Parquet tables, each with the place where it stands."""

from __future__ import annotations

import contextlib
import csv
import json
import math
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.loaders.source import Head, Line, Source

__all__ = ["Row", "Table", "header_of", "open_table", "row_bytes", "sniff_separator"]

_BATCH = 8192
#: A quoted cell may run over this many lines; a quote that is open for longer is a broken line.
_QUOTED_LINES = 1000


class Row(NamedTuple):
    """One row: its line (from 1) and byte offset, its bytes, and its cells or what is wrong.

    A row of a Parquet table has a row number instead of a line, no offset, and its values as JSON.
    """

    number: int
    byte_offset: int | None
    data: bytes
    cells: list[Any]
    reason: str | None = None


@dataclass(frozen=True)
class Table:
    """A table whose rows are read one after the other.

    Attributes
    ----------
    header
        Names of the columns.
    rows
        The rows in file order; those with a ``reason`` cannot be read.
    """

    header: list[str]
    rows: Iterator[Row]

    def position(self, column: str, path: str) -> int:
        """Return where `column` stands in a row.

        Raises
        ------
        InputError
            No column has that name, or several have.
        """
        found = [i for i, name in enumerate(self.header) if name == column]
        if len(found) != 1:
            raise InputError(
                "the table has two columns of this name" if found else "the table has no column",
                value=column,
                where=path,
                allowed=", ".join(self.header),
            )
        return found[0]


def sniff_separator(lines: Sequence[bytes]) -> str:
    """Return which of tab, semicolon and comma cuts most of `lines` into equally many cells.

    Line by line, or in rows where quoted cells run over several lines: whichever fits better.
    """
    texts = [line.decode("utf-8", "replace") for line in lines]
    best, best_score = ",", 0
    for separator in ("\t", ";", ","):
        widths = Counter(len(_split(text, separator)) for text in texts)
        width, share = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
        score = max(share if width > 1 else 0, _lines_of_rows(texts, separator))
        if score > best_score:
            best, best_score = separator, score
    return best


def _lines_of_rows(texts: Sequence[str], separator: str) -> int:
    """Return how many lines make rows of one width, of more than one cell, at least two of them."""
    reader = csv.reader([f"{text}\n" for text in texts], delimiter=separator)
    rows: Counter[int] = Counter()
    lines: Counter[int] = Counter()
    before = 0
    with contextlib.suppress(csv.Error):
        for row in reader:
            rows[len(row)] += 1
            lines[len(row)] += reader.line_num - before
            before = reader.line_num
    return max((lines[n] for n, count in rows.items() if n > 1 and count > 1), default=0)


def header_of(head: Head) -> list[str]:
    """Return the column names of a table that begins with `head`; none if it is not a table."""
    if head.columns:
        return list(head.columns)
    lines = head.lines()[:100]
    if not _is_text(lines) or lines[0].lstrip().startswith((b"{", b"[")):
        return []
    cells = _split(lines[0].decode("utf-8", "replace"), sniff_separator(lines))
    return [cell.strip() for cell in cells]


def open_table(source: Source, *, separator: str | None = None, quote: bool = True) -> Table:
    """Return the header and the rows of a CSV, TSV or Parquet input.

    Parameters
    ----------
    separator
        Between cells; None sniffs tab, semicolon or comma. Parquet has none.
    quote
        Whether cells may stand in double quotes, and then run over several lines.

    Raises
    ------
    InputError
        The input is no table.
    """
    head = source.head()
    if head.columns:
        return Table(list(head.columns), _parquet_rows(source))
    lines = head.lines()[:100]
    if not _is_text(lines):
        raise InputError("not a table", value=source.path, allowed="CSV, TSV or Parquet")
    separator = separator or sniff_separator(lines)
    reader = _CsvReader(source.lines(), separator, quote=quote)
    first = next(reader.rows(), None)
    if first is None or first.reason is not None:
        raise InputError("the table has no readable header", value=source.path)
    reader.width = len(first.cells)
    return Table([cell.strip() for cell in first.cells], reader.rows())


class _CsvReader:
    """Cuts lines into rows of `width` cells; a row may run over lines inside quotes.

    A quote that opens and makes no row of the lines up to its end is a fault of its line alone:
    the lines after it are read again.
    """

    def __init__(self, lines: Iterator[Line], separator: str, *, quote: bool) -> None:
        self._lines = lines
        self._separator = separator
        self._quote = quote
        self._ahead: deque[Line] = deque()
        self.width: int | None = None

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are left."""
        while True:
            line = self._ahead.popleft() if self._ahead else next(self._lines, None)
            if line is None:
                return
            if not line.data.strip():
                continue
            if not self._quote or line.data.count(b'"') % 2 == 0:
                yield self._row(line, line.data)
                continue
            self._look_ahead()
            more = _until_closed(self._ahead)
            row = Row(*line, [], "a quote is not closed")
            if more is not None:
                following = [self._ahead[i].data for i in range(more)]
                joined = self._row(line, b"\n".join([line.data, *following]))
                if joined.reason is None:
                    row = joined
                    for _ in range(more):
                        self._ahead.popleft()
            yield row

    def _look_ahead(self) -> None:
        while len(self._ahead) < _QUOTED_LINES:
            line = next(self._lines, None)
            if line is None:
                return
            self._ahead.append(line)

    def _row(self, line: Line, data: bytes) -> Row:
        """Return the row in `data`, which begins with `line`."""
        fault = Row(line.number, line.byte_offset, data, [])
        try:
            text = data.decode("utf-8")
            cells = self._cells(text)
        except UnicodeDecodeError:
            return fault._replace(reason="not UTF-8")
        except csv.Error:
            return fault._replace(reason="broken quotes")
        if "\0" in text:
            return fault._replace(reason="binary data")
        if self.width is not None and len(cells) != self.width:
            return fault._replace(reason=f"{len(cells)} cells where {self.width} are expected")
        return fault._replace(cells=cells)

    def _cells(self, text: str) -> list[str]:
        if not self._quote or '"' not in text:
            return text.split(self._separator)
        lines = text.split("\n")
        pieces = [f"{piece}\n" for piece in lines[:-1]] + lines[-1:]
        return next(csv.reader(pieces, delimiter=self._separator, strict=True), [])


def _until_closed(ahead: deque[Line]) -> int | None:
    """Return how many of the next lines belong to an open quote; None if it is never closed."""
    for count, line in enumerate(ahead, 1):
        if line.data.count(b'"') % 2:
            return count
    return None


def _is_text(lines: Sequence[bytes]) -> bool:
    """Return whether a head can be that of a table; a row with a NUL is a bad row, no more."""
    return bool(lines) and b"\0" not in lines[0]


def _split(text: str, separator: str) -> list[str]:
    if '"' not in text:
        return text.split(separator)
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return text.split(separator)


def _parquet_rows(source: Source) -> Iterator[Row]:
    number = 0
    with source.seekable() as handle:
        try:
            file = pq.ParquetFile(handle)
            for batch in file.iter_batches(_BATCH):
                columns = [[_cell(value) for value in column.to_pylist()] for column in batch]
                for cells in zip(*columns, strict=True):
                    number += 1
                    yield Row(number, None, b"", list(cells))
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError("the Parquet file is broken", value=source.path) from error


def _cell(value: Any) -> Any:
    """Return a value of a typed column as a CSV would write it; lists stay lists."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, list):
        return [_cell(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def row_bytes(table: Table, row: Row) -> bytes:
    """Return the bytes that stand for `row`: of a Parquet row, its values as JSON."""
    if row.byte_offset is not None:
        return row.data
    values = dict(zip(table.header, row.cells, strict=False))
    return json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
