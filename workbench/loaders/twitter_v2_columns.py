"""Twitter API v2 pages block by block and column by column, as tables.

Blocks of whole lines are parsed and opened up ahead in threads, as far as nothing before them
matters. What is a usual page becomes tables without a look at any single post; every other line
goes to the path by rows, which decides what is usual: both paths write the same observations.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.loaders.columnar import UnusualError, integers
from workbench.loaders.drift import sampled
from workbench.loaders.source import MAX_LINE
from workbench.loaders.twitter_v2_acts import acts
from workbench.loaders.twitter_v2_batch import Batch, usual_lines
from workbench.loaders.twitter_v2_carried import attachments, events
from workbench.loaders.twitter_v2_memory import Memory
from workbench.loaders.twitter_v2_parse import Parsed, blocks, parse
from workbench.loaders.twitter_v2_people import new_posts, new_stubs, people
from workbench.loaders.twitter_v2_posts import posts
from workbench.loaders.twitter_v2_rows import PLATFORM
from workbench.loaders.twitter_v2_targets import targets
from workbench.model.schema import TABLES

if TYPE_CHECKING:
    from workbench.loaders.base import Sink
    from workbench.loaders.source import Block, Line, Source
    from workbench.loaders.twitter_v2_acts import Acts
    from workbench.loaders.twitter_v2_rows import Rows
    from workbench.loaders.twitter_v2_targets import Targets

__all__ = ["ByRows", "Columns", "Opened", "Prepared", "Reader", "opened", "prepare"]

_ALIASES = pa.schema(
    [(name, pa.string()) for name in ("account_id", "handle", "resolved_by")]
    + [(name, pa.int64()) for name in ("first_seen_ms", "last_seen_ms")]
)
#: Rows that are written together.
_TOGETHER = 1 << 16
_TOGETHER_BYTES = 32 << 20
#: Blocks that are opened up at the same time, ahead of the one that becomes tables.
_THREADS = 2
#: Batches of rows that may wait for the thread that writes.
_QUEUED = 4
#: In a block with more usual stretches than this, going through all lines is as fast.
_STRETCHES = 8
#: After blocks that were all unusual, up to this many are not even tried.
_PATIENCE = 16
#: How often a stretch that cannot be read by columns is halved to find the reason.
_HALVINGS = 3


class Opened(NamedTuple):
    """Lines of usual pages, and what can be said of them whatever came before."""

    batch: Batch
    found: Targets
    done: Acts


def opened(table: Any) -> Opened | None:
    """Open up some lines of a parsed table; None if they cannot be read by columns."""
    try:
        batch = Batch(table)
        found = targets(batch)
        return Opened(batch, found, acts(batch, found))
    except (UnusualError, pa.ArrowInvalid):
        return None


class Prepared(NamedTuple):
    """A block of lines, first and last index of its usual stretches, and each opened up."""

    parsed: Parsed
    stretches: list[tuple[int, int]]
    opened: list[Opened | None]


def prepare(block: Block, *, columns: bool) -> Prepared:
    """Parse a block and, when `columns` are wanted and possible, open up what is usual in it."""
    parsed = parse(block, columns=columns)
    stretches = _stretches(parsed)
    return Prepared(
        parsed,
        stretches,
        [opened(parsed.table.slice(first, last - first)) for first, last in stretches],
    )


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

    def write(self, pages: Opened) -> bool:
        """Write pages, all of which share one memory; return whether they can be read so."""
        memory = Memory(self._rows.seen)
        try:
            tables, aliases = _tables(pages, memory)
        except (UnusualError, pa.ArrowInvalid):
            return False
        memory.keep()
        before = self._sink.records(pages.batch.primaries) - 1
        self._rows.forget()
        for name, content in tables.items():
            self._add(name, content, before)
        self._aliases += [*pages.done.aliases, aliases]
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

    def _add(self, name: str, content: Any, before: int = 0) -> None:
        """Let rows wait to be written; `before` so many records came before theirs."""
        if len(content):
            self._waiting[name].append(_complete(name, content, before))

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
        ahead, preparing = blocks(source), deque[Future[Prepared]]()
        with ThreadPoolExecutor(_THREADS) as pool:
            while True:
                for block in islice(ahead, _THREADS + 1 - len(preparing)):
                    self._pause = max(0, self._pause - 1)
                    preparing.append(pool.submit(prepare, block, columns=not self._pause))
                if not preparing:
                    break
                prepared = preparing.popleft().result()
                if len(prepared.parsed.block.data) >= MAX_LINE:
                    self._lines(source, prepared.parsed.block.number)
                    break
                self._block(prepared)
        self._columns.finish()

    def _lines(self, source: Source, number: int) -> None:
        self._columns.settle()
        for line in source.lines():
            if line.number >= number and line.data.strip():
                self._by_rows.read(line)

    def _block(self, prepared: Prepared) -> None:
        parsed, position = prepared.parsed, 0
        for (first, last), pages in zip(prepared.stretches, prepared.opened, strict=True):
            self._one_by_one(parsed, position, first)
            self._stretch(parsed, first, last, pages)
            position = last
        self._one_by_one(parsed, position, len(parsed.spans))
        if position:
            self._failures = 0
        elif parsed.tried:
            self._failures += 1
            self._pause = min(2**self._failures, _PATIENCE)

    def _stretch(
        self, parsed: Parsed, first: int, last: int, pages: Opened | None, *, depth: int = 0
    ) -> None:
        """Read usual lines by columns; if that fails, by halves, and in the end by rows."""
        table = parsed.table.slice(first, last - first)
        fitting = self._columns.fitting(table)
        if pages is not None and fitting < len(table):
            self._split(parsed, (first, first + fitting, last), depth)
        elif pages is not None and self._columns.write(pages):
            for index in range(first, last):
                if sampled(parsed.number(index)):
                    self._by_rows.note(parsed.line(index))
            end = parsed.block.byte_offset + parsed.spans[last - 1][1]
            self._columns.checkpoint(end)
            if any(self._sink.rows.values()):
                self._columns.settle()
            self._sink.checkpoint(end)
        elif last - first > 1 and depth < _HALVINGS:
            self._split(parsed, (first, (first + last) // 2, last), depth + 1)
        else:
            self._one_by_one(parsed, first, last)

    def _split(self, parsed: Parsed, bounds: tuple[int, ...], depth: int) -> None:
        for first, last in pairwise(bounds):
            pages = opened(parsed.table.slice(first, last - first))
            self._stretch(parsed, first, last, pages, depth=depth)

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


def _tables(pages: Opened, memory: Memory) -> tuple[dict[str, Any], Any]:
    """Return all rows of pages, and the aliases of their users."""
    batch, found, done = pages
    shown = new_posts(batch, memory)
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
    return tables, persons.aliases


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


def _complete(name: str, table: Any, before: int) -> Any:
    """Return a table with all columns of its schema but the source; records count all before."""
    place = table.column_names.index("record")
    table = table.set_column(place, "record", pc.add(table.column(place), before))
    fields = [field for field in TABLES[name] if field.name != "source_id"]
    arrays = [
        table.column(field.name)
        if field.name in table.column_names
        else pa.nulls(len(table), field.type)
        for field in fields
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
