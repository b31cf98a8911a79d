"""Twitter API v2 pages block by block and column by column, as tables.

Blocks of whole lines are parsed ahead in a thread. What is a usual page becomes tables without a
look at any single post; every other line goes to the path by rows, which decides what is usual:
both paths write the same observations.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.loaders.columnar import UnusualError, integers
from workbench.loaders.source import MAX_LINE
from workbench.loaders.twitter_v2_acts import acts
from workbench.loaders.twitter_v2_batch import Batch, usual_lines
from workbench.loaders.twitter_v2_carried import attachments, events
from workbench.loaders.twitter_v2_drift import sampled
from workbench.loaders.twitter_v2_memory import Memory
from workbench.loaders.twitter_v2_parse import Parsed, blocks, parse
from workbench.loaders.twitter_v2_people import new_posts, new_stubs, people
from workbench.loaders.twitter_v2_posts import posts
from workbench.loaders.twitter_v2_rows import PLATFORM
from workbench.loaders.twitter_v2_targets import targets
from workbench.model.schema import TABLES

if TYPE_CHECKING:
    from workbench.loaders.base import Sink
    from workbench.loaders.source import Line, Source
    from workbench.loaders.twitter_v2_rows import Rows

__all__ = ["ByRows", "Columns", "Reader"]

_ALIASES = pa.schema(
    [(name, pa.string()) for name in ("account_id", "handle", "resolved_by")]
    + [(name, pa.int64()) for name in ("first_seen_ms", "last_seen_ms")]
)
#: Rows that are written together.
_TOGETHER = 1 << 16
_TOGETHER_BYTES = 32 << 20
#: Blocks that are parsed at the same time, ahead of the one that becomes tables.
_THREADS = 2
#: Batches of rows that may wait for the thread that writes.
_QUEUED = 4
#: In a block with more usual stretches than this, going through all lines is as fast.
_STRETCHES = 8
#: After blocks that were all unusual, up to this many are not even tried.
_PATIENCE = 16
#: How often a stretch that cannot be read by columns is halved to find the reason.
_HALVINGS = 3


class Columns:
    """Turns parsed lines into tables of a sink; a context manager.

    Parameters
    ----------
    rows
        The path by rows, whose memory is shared.
    sink
        Where everything goes.
    """

    def __init__(self, rows: Rows, sink: Sink) -> None:
        self._rows = rows
        self._sink = sink
        self._waiting: dict[str, list[Any]] = {name: [] for name in TABLES}
        self._aliases: list[Any] = []
        self._writing: deque[Future[None]] = deque()
        self._pool = ThreadPoolExecutor(1)
        self._flushed_at = 0

    def __enter__(self) -> Self:
        """Start to write in a thread of its own."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """End the thread."""
        self._pool.shutdown(cancel_futures=True)

    def fitting(self, table: Any) -> int:
        """Return how many of the pages of a parsed table, at least one, share one memory."""
        records = np.cumsum(integers(pc.list_value_length(table.column("data")), missing=0))
        return min(int(np.searchsorted(records, self._rows.room)) + 1, len(records))

    def write(self, table: Any) -> bool:
        """Write the pages of a parsed table; return whether they can be read so."""
        memory = Memory(self._rows.seen)
        try:
            batch = Batch(table, self._sink.read + 1)
            tables, aliases = _tables(batch, memory)
        except (UnusualError, pa.ArrowInvalid):
            return False
        memory.keep()
        self._sink.records(batch.primaries)
        self._rows.forget()
        for name, content in tables.items():
            self._add(name, content)
        self._aliases += aliases
        if sum(len(each) for each in self._aliases) > 2 * _TOGETHER:
            self._aliases = [_merged(self._aliases)]
            if len(self._aliases[0]) > _TOGETHER:
                self._flush_aliases()
        return True

    def checkpoint(self, byte_offset: int) -> None:
        """Say that all bytes before `byte_offset` are done; write what waits when it is much."""
        due = byte_offset - self._flushed_at >= _TOGETHER_BYTES
        for name, waiting in self._waiting.items():
            if due or sum(len(each) for each in waiting) >= _TOGETHER:
                self._flush(name)
        if due:
            self._flushed_at = byte_offset

    def settle(self) -> None:
        """Wait until all that was given to the sink is written, so that others can write too."""
        while self._writing:
            self._writing.popleft().result()

    def finish(self) -> None:
        """Write what waits for more."""
        self._aliases.append(_alias_table(self._rows.aliases))
        self._rows.aliases.clear()
        self._flush_aliases()
        for name in self._waiting:
            self._flush(name)
        self.settle()

    def _add(self, name: str, content: Any) -> None:
        if len(content):
            self._waiting[name].append(_complete(name, content))

    def _flush(self, name: str) -> None:
        waiting, self._waiting[name] = self._waiting[name], []
        if not waiting:
            return
        while len(self._writing) > _QUEUED:
            self._writing.popleft().result()
        self._writing.append(self._pool.submit(self._sink.write, name, pa.concat_tables(waiting)))

    def _flush_aliases(self) -> None:
        merged = _merged(self._aliases)
        self._aliases = []
        count = len(merged)
        merged = merged.append_column("platform", pa.repeat(pa.scalar(PLATFORM), count))
        record = pa.repeat(pa.scalar(self._sink.read, pa.int64()), count)
        self._add("aliases", merged.append_column("record", record))


class ByRows(Protocol):
    """The path by rows, as this one needs it."""

    def read(self, line: Line) -> None:
        """Read a line that is not blank."""

    def note(self, line: Line) -> None:
        """Look for unknown keys in a line that has been read."""


class Reader:
    """Walks through the blocks of a source, by columns where it can.

    Parameters
    ----------
    columns, by_rows
        The two paths.
    sink
        Is told how far the reading is.
    """

    def __init__(self, columns: Columns, by_rows: ByRows, sink: Sink) -> None:
        self._columns = columns
        self._by_rows = by_rows
        self._sink = sink
        self._failures = 0
        self._pause = 0

    def read(self, source: Source) -> None:
        """Read all blocks; a line too long for them and what follows it are read line by line."""
        ahead, parsing = blocks(source), deque[Future[Parsed]]()
        with ThreadPoolExecutor(_THREADS) as pool:
            while True:
                for block in islice(ahead, _THREADS + 1 - len(parsing)):
                    self._pause = max(0, self._pause - 1)
                    parsing.append(pool.submit(parse, block, columns=not self._pause))
                if not parsing:
                    break
                parsed = parsing.popleft().result()
                if len(parsed.block.data) >= MAX_LINE:
                    self._lines(source, parsed.block.number)
                    break
                self._block(parsed)
        self._columns.finish()

    def _lines(self, source: Source, number: int) -> None:
        self._columns.settle()
        for line in source.lines():
            if line.number >= number and line.data.strip():
                self._by_rows.read(line)

    def _block(self, parsed: Parsed) -> None:
        count, position = len(parsed.spans), 0
        for first, last in _stretches(parsed):
            self._one_by_one(parsed, position, first)
            self._stretch(parsed, first, last)
            position = last
        self._one_by_one(parsed, position, count)
        if position:
            self._failures = 0
        elif parsed.tried:
            self._failures += 1
            self._pause = min(2**self._failures, _PATIENCE)

    def _stretch(self, parsed: Parsed, first: int, last: int, *, depth: int = 0) -> None:
        """Read usual lines by columns; if that fails, by halves, and in the end by rows."""
        table = parsed.table.slice(first, last - first)
        fitting = self._columns.fitting(table)
        if fitting < len(table):
            self._stretch(parsed, first, first + fitting, depth=depth)
            self._stretch(parsed, first + fitting, last, depth=depth)
        elif self._columns.write(table):
            for index in range(first, last):
                if sampled(parsed.number(index)):
                    self._by_rows.note(parsed.line(index))
            end = parsed.block.byte_offset + parsed.spans[last - 1][1]
            self._columns.checkpoint(end)
            if any(self._sink.rows.values()):
                self._columns.settle()
            self._sink.checkpoint(end)
        elif last - first > 1 and depth < _HALVINGS:
            middle = (first + last) // 2
            self._stretch(parsed, first, middle, depth=depth + 1)
            self._stretch(parsed, middle, last, depth=depth + 1)
        else:
            self._one_by_one(parsed, first, last)

    def _one_by_one(self, parsed: Parsed, first: int, last: int) -> None:
        if first < last:
            self._columns.settle()
        for index in range(first, last):
            self._by_rows.read(parsed.line(index))


def _stretches(parsed: Parsed) -> list[tuple[int, int]]:
    """Return first and last index of the stretches of usual lines, if they are worth it."""
    if parsed.table is None:
        return []
    usual = usual_lines(parsed.table)
    edges = np.flatnonzero(np.diff(usual.astype(np.int8), prepend=0, append=0)).tolist()
    stretches = list(zip(edges[::2], edges[1::2], strict=True))
    return stretches if len(stretches) <= _STRETCHES else []


def _tables(batch: Batch, memory: Memory) -> tuple[dict[str, Any], list[Any]]:
    """Return all rows of a batch, and its aliases."""
    found = targets(batch)
    shown = new_posts(batch, memory)
    done = acts(batch, found)
    persons = people(batch, memory)
    tables = {
        "posts": posts(batch, shown),
        "interactions": done.table,
        "attachments": attachments(batch, shown),
        "accounts": persons.table,
        "events": events(batch, shown),
    }
    stubs = new_stubs(batch, memory, found)
    tables["posts"] = pa.concat_tables([tables["posts"], stubs], promote_options="default")
    return tables, [*done.aliases, persons.aliases]


def _alias_table(spans: dict[tuple[str, str, str], list[int | None]]) -> Any:
    """Return the aliases that the path by rows has seen."""
    columns: dict[str, list[Any]] = {name: [] for name in _ALIASES.names}
    for key, span in spans.items():
        for column, value in zip(columns.values(), (*key, *span), strict=True):
            column.append(value)
    return pa.table(columns, schema=_ALIASES)


def _merged(tables: list[Any]) -> Any:
    """Return one row for each account, handle and step: when it was first and last seen so."""
    together = pa.concat_tables(tables)
    keys = ["account_id", "handle", "resolved_by"]
    spans = together.group_by(keys, use_threads=False).aggregate(
        [("first_seen_ms", "min"), ("last_seen_ms", "max")]
    )
    return spans.select([*keys, "first_seen_ms_min", "last_seen_ms_max"]).rename_columns(
        [*keys, "first_seen_ms", "last_seen_ms"]
    )


def _complete(name: str, table: Any) -> Any:
    """Return a table with all columns of its schema but the source."""
    fields = [field for field in TABLES[name] if field.name != "source_id"]
    arrays = [
        table.column(field.name)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in fields
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
