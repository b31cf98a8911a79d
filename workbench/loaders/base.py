"""What a loader is given and what it gives back: Head, Line, Source, Options, Sink, Loader.

A loader module ``<platform>_<format>.py`` exposes ``LOADER = Loader(…)``. Its ``sniff`` looks at
the beginning of an input and says how sure it is; its ``read`` walks through a ``Source`` and puts
rows into a ``Sink``. Everything else (opening, decompressing, hashing, buffering, pseudonyms,
writing, counting, progress) is done around it, so a loader is only the knowledge of one format.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError, SchemaError
from workbench.loaders.source import BLOCK, BOM, MAX_LINE, Block, Head, Line, Source
from workbench.model.corpus import conform
from workbench.model.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workbench.model.parts import PartWriter

__all__ = [
    "BLOCK",
    "BOM",
    "MAX_LINE",
    "STATISTICS",
    "Block",
    "Head",
    "Line",
    "Loader",
    "Options",
    "Pseudonymise",
    "Sink",
    "Source",
]

#: What a source says about itself, so that the views of the engine can skip needless work:
#: primary posts seen before in the same file, posts with content seen before, acts whose target
#: account is unknown or known by its handle only, posts and acts whose author is known by a handle
#: only, edited versions, acts taken back, acts that name no post of their own, those of them that
#: name the post acted upon, and handles.
STATISTICS = (
    "duplicate_posts",
    "promoted_posts",
    "unresolved",
    "handle_targets",
    "handle_authors",
    "edits",
    "retracted",
    "acts_without_post",
    "acts_by_target",
    "handles",
)

#: What hashes stand for: primary posts with content and one version, which are most and count as
#: all three others; other primary posts; versions; posts with content; what loaders identify.
_Role = Literal["usual", "primary", "version", "content", "key"]

_FLUSH_ROWS = 1 << 16
_FLUSH_BYTES = 32 << 20


@dataclass(frozen=True)
class Options:
    """What the user said about the inputs.

    Attributes
    ----------
    kind
        Interaction kind of an edge list that does not name one (canonical: share, quote, …).
    column_map
        The parsed TOML column map of ``table_map``.
    beginning
        Whether the source is only the beginning of an input, so that its end is no fault.
    """

    kind: str | None = None
    column_map: Mapping[str, Any] | None = None
    beginning: bool = False


class Pseudonymise(Protocol):
    """Replaces direct identifiers in rows of a table before they are written."""

    def __call__(self, table_name: str, table: pa.Table, /) -> pa.Table:
        """Return `table` with the identifiers of its columns replaced."""


class Sink:
    """Collects the rows of one source and hands them to the part writer in large batches.

    Attributes
    ----------
    rows
        Table name → list of tuples in schema order without ``source_id`` (they end in ``record``).
    read, rejected, duplicates
        Records so far; what is neither rejected nor duplicate is ok.
    """

    def __init__(
        self,
        source: Source,
        writer: PartWriter,
        *,
        pseudonymise: Pseudonymise | None = None,
        strict: bool = False,
        advance: Callable[[int], None] | None = None,
    ) -> None:
        self.source = source
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        self.read = 0
        self.rejected = 0
        self.duplicates = 0
        self.unknown_keys: Counter[str] = Counter()
        self.refused: dict[str, str] = {}
        self.notes: list[str] = []
        self.stats: Counter[str] = Counter(dict.fromkeys(STATISTICS, 0))
        self._writer = writer
        self._pseudonymise = pseudonymise
        self._strict = strict
        self._advance = advance or (lambda _offset: None)
        self._flushed_at = 0
        self._identified = False
        self._seen: dict[_Role, list[np.ndarray[Any, np.dtype[np.int64]]]] = {
            role: [] for role in get_args(_Role)
        }

    def record(self) -> int:
        """Count one record as read and return its number, from 1."""
        self.read += 1
        return self.read

    def records(self, count: int) -> int:
        """Count `count` records as read and return the number of the first."""
        first = self.read + 1
        self.read += count
        return first

    def reject(
        self,
        *,
        line: int | None,
        byte_offset: int | None,
        data: bytes,
        reason: str,
        keys: Iterable[str] = (),
    ) -> None:
        """Count one record as read and rejected, and store where it is (never what it says).

        Raises
        ------
        InputError
            The load is strict.
        """
        if len(data) >= MAX_LINE:
            reason = f"line longer than {MAX_LINE >> 20} MiB"
        if self._strict:
            place = self.source.path if line is None else f"{self.source.path}:{line}"
            raise InputError(
                reason, where=place, remedy="load without strict to count it as rejected and go on"
            )
        self.rejected += 1
        sha1 = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        self.rows["rejects"].append(
            (
                self.source.path,
                line,
                byte_offset,
                len(data),
                reason,
                sorted(keys)[:50],
                sha1,
                self.record(),
            )
        )

    def duplicate(self) -> None:
        """Count the record just read as a duplicate of an earlier one of this source.

        Posts need no call: primary posts with the same version id are found at the end.
        """
        self.duplicates += 1

    def identify(self, keys: Iterable[object]) -> None:
        """Say what makes records of a table the same, where it is not the version of a post.

        Call it with one key for each record that has been read; repeated keys are duplicates.
        """
        self._identified = True
        self._seen["key"].append(np.fromiter(map(hash, keys), np.int64))

    def unknown(self, keys: Iterable[str]) -> None:
        """Count keys of a record that no column keeps."""
        self.unknown_keys.update(keys)

    def refuse(self, graph: str, reason: str) -> None:
        """Say that this input cannot support the graph called `graph`, and why."""
        self.refused.setdefault(graph, reason)

    def note(self, text: str) -> None:
        """Add a sentence that a reader of the numbers must know."""
        if text not in self.notes:
            self.notes.append(text)

    def checkpoint(self, byte_offset: int) -> None:
        """Say that all bytes before `byte_offset` are done; write the buffers when they are big."""
        self._advance(byte_offset)
        due = byte_offset - self._flushed_at >= _FLUSH_BYTES
        for name, rows in self.rows.items():
            if rows and (due or len(rows) >= _FLUSH_ROWS):
                self._flush(name)
        if due:
            self._flushed_at = byte_offset

    def write(self, name: str, table: pa.Table) -> None:
        """Write a batch of rows of table `name` whose columns (without ``source_id``) are ready."""
        if not table.num_rows:
            return
        self._count(name, table)
        owner = pa.repeat(pa.scalar(self.source.source_id), table.num_rows)
        if name == "sources":
            table = table.set_column(0, "source_id", owner)
        else:
            table = table.append_column("source_id", owner)
        if self._pseudonymise is not None:
            table = self._pseudonymise(name, conform(table, name))
        self._writer.write(name, table)

    def finish(self) -> None:
        """Write what is left in the buffers and complete the statistics of the source."""
        for name in self.rows:
            self._flush(name)
        self.stats["duplicate_posts"] = self._repeated("usual", "primary")
        self.stats["promoted_posts"] = self._repeated("usual", "content")
        self.duplicates += self._repeated(*("key",) if self._identified else ("usual", "version"))
        for hashes in self._seen.values():
            hashes.clear()

    def _flush(self, name: str) -> None:
        rows = self.rows[name]
        if not rows:
            return
        self.rows[name] = []
        fields = [column for column in TABLES[name] if column.name != "source_id"]
        arrays = []
        for column, values in zip(fields, zip(*rows, strict=True), strict=True):
            try:
                arrays.append(pa.array(values, column.type))
            except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError, UnicodeError) as error:
                raise SchemaError(
                    f"a value does not fit column {column.name} of {name}",
                    value=str(error),
                    where=self.source.path,
                    allowed=str(column.type),
                ) from error
        self.write(name, pa.Table.from_arrays(arrays, schema=pa.schema(fields)))

    def _repeated(self, *roles: _Role) -> int:
        """Return how many of the values in these roles are repetitions of another one."""
        values = np.concatenate([np.empty(0, np.int64), *(h for r in roles for h in self._seen[r])])
        values.sort()
        return int(np.count_nonzero(values[1:] == values[:-1]))

    def _count(self, name: str, table: pa.Table) -> None:
        """Add the rows of a batch to the statistics that tell the views what they need to do."""
        if name == "posts":
            self.stats["handle_authors"] += _by_handle(table, "author_id")
            posts, versions = table.column("post_id"), table.column("version_id")
            primary = _where(pc.equal(table.column("seen_as"), "primary"))
            known = _where(pc.is_valid(posts))
            hashes = _hashes(posts)
            named = _where(pc.is_valid(versions))
            other = _where(pc.not_equal(versions, posts)) | (named & ~known)
            content = _where(pc.not_equal(table.column("availability"), "stub"))
            usual = primary & known & content & ~other
            self._seen["usual"].append(hashes[usual])
            self._seen["primary"].append(hashes[primary & known & ~usual])
            self._seen["content"].append(hashes[content & known & ~usual])
            hashes[other] = _hashes(versions.filter(pa.array(other)))
            self._seen["version"].append(hashes[primary & (known | named) & ~usual])
        elif name == "interactions":
            target = table.column("target_id")
            self.stats["unresolved"] += target.null_count
            self.stats["handle_targets"] += _by_handle(table, "target_id")
            self.stats["handle_authors"] += _by_handle(table, "actor_id")
            self.stats["acts_without_post"] += _nulls(table, "post_id")
            self.stats["acts_by_target"] += _by_target(table)
            self.stats["retracted"] += table.num_rows - _nulls(table, "retracted_ms")
        elif name == "events":
            self.stats["edits"] += _true(pc.equal(table.column("kind"), "edit"))
        elif name == "aliases":
            self.stats["handles"] += table.num_rows


@dataclass(frozen=True)
class Loader:
    """One format that can be read.

    Attributes
    ----------
    name
        As in ``--format`` and in the load report.
    description
        One line for the list of formats.
    sniff
        Says from 0 to 1 how surely the head is of this format.
    read
        Reads a source into a sink.
    """

    name: str
    description: str
    sniff: Callable[[Head], float]
    read: Callable[[Source, Sink, Options], None]


def _true(mask: pa.Array | pa.ChunkedArray) -> int:
    return int(pc.sum(mask).as_py() or 0)


def _by_handle(table: pa.Table, column: str) -> int:
    """Return how many accounts in `column` are known by their handle only."""
    if column not in table.column_names:
        return 0
    return _true(pc.starts_with(table.column(column), "handle:"))


def _nulls(table: pa.Table, column: str) -> int:
    """Return how many rows lack `column`; all of them when the batch leaves it out."""
    return int(table.column(column).null_count) if column in table.column_names else table.num_rows


def _by_target(table: pa.Table) -> int:
    """Return how many acts name the post acted upon and no post of their own."""
    if not _nulls(table, "post_id") or "target_post_id" not in table.column_names:
        return 0
    named = pc.is_valid(table.column("target_post_id"))
    if "post_id" in table.column_names:
        named = pc.and_(named, pc.is_null(table.column("post_id")))
    return _true(named)


def _where(mask: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return where a mask holds; null is false."""
    return np.asarray(pc.fill_null(mask, fill_value=False).to_numpy())


def _hashes(ids: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return a 64-bit hash of every id: eight bytes a post are what counting duplicates costs."""
    return np.fromiter(map(hash, ids.to_pylist()), np.int64, len(ids))
