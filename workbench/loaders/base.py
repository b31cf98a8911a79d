"""What a loader is given and what it gives back: Head, Line, Source, Options, Sink, Loader.

A loader module ``<platform>_<format>.py`` exposes ``LOADER = Loader(…)``. Its ``sniff`` looks at
the beginning of an input and says how sure it is; its ``read`` walks through a ``Source`` and puts
rows into a ``Sink``. Everything else (opening, decompressing, hashing, buffering, pseudonyms,
writing, counting, progress) is done around it, so a loader is only the knowledge of one format.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError, SchemaError
from workbench.model.corpus import conform
from workbench.model.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

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

BOM = b"\xef\xbb\xbf"
BLOCK = 1 << 20
#: Longer lines are cut here and rejected, so that one endless line cannot fill the memory.
MAX_LINE = 64 << 20

#: What a source says about itself, so that the views of the engine can skip needless work:
#: primary posts seen before in the same file, posts with content seen before, acts whose target
#: account is unknown or known by its handle only, edited versions, acts taken back, acts that name
#: no post, and handles.
STATISTICS = (
    "duplicate_posts",
    "promoted_posts",
    "unresolved",
    "handle_targets",
    "edits",
    "retracted",
    "acts_without_post",
    "handles",
)

_FLUSH_ROWS = 1 << 16
_FLUSH_BYTES = 32 << 20


class Line(NamedTuple):
    """One line of an input: its number from 1, its byte offset, its bytes without line break."""

    number: int
    byte_offset: int
    data: bytes


class Block(NamedTuple):
    """Whole lines of an input: number of the first, byte offset of the first, bytes with breaks."""

    number: int
    byte_offset: int
    data: bytes


@dataclass(frozen=True)
class Head:
    """The beginning of an input, from which its format is recognised.

    Attributes
    ----------
    name
        The name shown to users; a hint at most, never the reason.
    data
        The first 256 KiB after decompression, without byte-order mark.
    whole
        Whether `data` is the whole input.
    """

    name: str
    data: bytes
    whole: bool = True

    def lines(self) -> list[bytes]:
        """Return the complete lines of the head that are not blank, without line breaks.

        The last line counts only if the head is the whole input, or if there is no other line.
        """
        lines = self.data.split(b"\n")
        if not self.whole and len(lines) > 1:
            lines.pop()
        return [line.removesuffix(b"\r") for line in lines if line.strip()]

    @property
    def text(self) -> bool:
        """Whether the head can be text: it has bytes and none of them is NUL."""
        return bool(self.data) and b"\0" not in self.data


@dataclass
class Source:
    """One decompressed input.

    Attributes
    ----------
    path
        Where it is, as shown to users and stored; a zip member is ``archive.zip!member``.
    source_id
        SHA-256 of the decompressed bytes, lower-case hexadecimal.
    size
        Number of decompressed bytes.
    opener
        Opens the decompressed bytes from the beginning; the handle need not seek.
    """

    path: str
    source_id: str
    size: int
    opener: Callable[[], BinaryIO] = field(repr=False)

    def open(self) -> BinaryIO:
        """Return a new handle on the decompressed bytes, byte-order mark included."""
        return self.opener()

    def head(self, size: int = 1 << 18) -> Head:
        """Return the first `size` bytes, as the loader's ``sniff`` sees them."""
        with self.opener() as handle:
            data = handle.read(size + 1)
        return Head(self.path, data[:size].removeprefix(BOM), len(data) <= size)

    @contextlib.contextmanager
    def seekable(self) -> Iterator[BinaryIO]:
        """Open the decompressed bytes so that one can seek, through a temporary file if need be."""
        with self.opener() as handle:
            if handle.seekable():
                yield handle
                return
            with tempfile.TemporaryFile(prefix="workbench-") as spool:
                shutil.copyfileobj(handle, spool, BLOCK)
                spool.seek(0)
                yield spool

    def blocks(self, size: int = BLOCK) -> Iterator[Block]:
        """Yield the input in blocks of whole lines, about `size` bytes each.

        A UTF-8 byte-order mark is left out (offsets still count it). The blocks depend on the
        bytes alone, not on how they were compressed.
        """
        number, offset, rest = 1, 0, b""
        with self.opener() as handle:
            while chunk := handle.read(size):
                if offset == 0 and not rest and chunk.startswith(BOM):
                    chunk, offset = chunk[len(BOM) :], len(BOM)
                cut = chunk.rfind(b"\n") + 1
                if not cut and len(rest) < MAX_LINE:
                    rest += chunk
                    continue
                data, rest = rest + chunk[:cut], chunk[cut:]
                yield Block(number, offset, data)
                number += data.count(b"\n")
                offset += len(data)
        if rest:
            yield Block(number, offset, rest)

    def lines(self) -> Iterator[Line]:
        r"""Yield the lines of the input in constant memory.

        Lines end with ``\n`` or ``\r\n``; a byte-order mark is left out. Blank lines are yielded
        too. A line longer than ``MAX_LINE`` is cut: the ``Sink`` rejects what is left of it.
        """
        number, kept = 1, 0
        pieces: list[bytes] = []
        with self.opener() as handle:
            first = handle.read(len(BOM))
            position = len(BOM) if first == BOM else 0
            offset = position
            chunk = b"" if first == BOM else first
            while True:
                start = 0
                while (end := chunk.find(b"\n", start)) >= 0:
                    data = chunk[start:end]
                    if pieces:
                        data = b"".join([*pieces, data[: max(0, MAX_LINE - kept)]])
                        pieces, kept = [], 0
                    yield Line(number, offset, data.removesuffix(b"\r"))
                    number, start = number + 1, end + 1
                    offset = position + start
                tail = chunk[start:][: max(0, MAX_LINE - kept)]
                if tail:
                    pieces.append(tail)
                    kept += len(tail)
                position += len(chunk)
                chunk = handle.read(BLOCK)
                if not chunk:
                    break
        if pieces:
            yield Line(number, offset, b"".join(pieces).removesuffix(b"\r"))


@dataclass(frozen=True)
class Options:
    """What the user said about the inputs.

    Attributes
    ----------
    kind
        Interaction kind of an edge list that does not name one (canonical: share, quote, …).
    column_map
        The parsed TOML column map of ``table_map``.
    """

    kind: str | None = None
    column_map: Mapping[str, Any] | None = None


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
        self._versions: list[np.ndarray[Any, np.dtype[np.int64]]] = []
        self._posts: list[np.ndarray[Any, np.dtype[np.int64]]] = []
        self._observed: list[np.ndarray[Any, np.dtype[np.int64]]] = []

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
        self.stats["duplicate_posts"] = _repeated(self._posts)
        self.stats["promoted_posts"] = _repeated(self._observed)
        self.duplicates += _repeated(self._versions)
        self._posts, self._versions, self._observed = [], [], []

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

    def _count(self, name: str, table: pa.Table) -> None:
        """Add the rows of a batch to the statistics that tell the views what they need to do."""
        if name == "posts":
            primary = table.filter(pc.equal(table.column("seen_as"), "primary"))
            posts = primary.column("post_id")
            versions = pc.coalesce(primary.column("version_id"), posts)
            self._posts.append(_hashes(posts))
            self._versions.append(_hashes(versions))
            content = table.filter(pc.not_equal(table.column("availability"), "stub"))
            self._observed.append(_hashes(content.column("post_id")))
        elif name == "interactions":
            target = table.column("target_id")
            self.stats["unresolved"] += target.null_count
            self.stats["handle_targets"] += _true(pc.starts_with(target, "handle:"))
            self.stats["acts_without_post"] += _nulls(table, "post_id")
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


def _nulls(table: pa.Table, column: str) -> int:
    """Return how many rows lack `column`; all of them when the batch leaves it out."""
    return int(table.column(column).null_count) if column in table.column_names else table.num_rows


def _hashes(ids: pa.ChunkedArray) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return a 64-bit hash of every id: eight bytes a post are what counting duplicates costs."""
    known = ids.drop_null()
    return np.fromiter(map(hash, known.to_pylist()), np.int64, len(known))


def _repeated(hashes: list[np.ndarray[Any, np.dtype[np.int64]]]) -> int:
    """Return how many values are repetitions of another one."""
    if not hashes:
        return 0
    values = np.concatenate(hashes)
    values.sort()
    return int(np.count_nonzero(values[1:] == values[:-1]))
