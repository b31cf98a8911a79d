"""Writing a corpus: one part a table and source, listed only when all of them are complete."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from workbench.errors import InputError, NotFoundError
from workbench.model.corpus import Corpus, conform, part_name, read_listing, write_listing
from workbench.model.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

__all__ = [
    "PartWriter", "corpus_lock", "disk", "drop_source", "merge_corpora", "part_file", "pieces",
    "sweep",
]  # fmt: skip

_DICTIONARY = [
    "platform", "author_id", "actor_id", "target_id", "kind", "origin", "resolved_by", "lang",
    "source_id", "value", "seen_as", "availability",
]  # fmt: skip


_PIECE = 1 << 16


class PartWriter:
    """Write the parts of one source; nothing is visible before ``commit``.

    Use it as a context manager: leaving the block without ``commit`` removes what was written.

    Parameters
    ----------
    corpus
        Where to write: a folder, or memory.
    source_id
        SHA-256 of the decompressed input, lower-case hexadecimal.
    """

    def __init__(self, corpus: Corpus, source_id: str) -> None:
        self.corpus = corpus
        self.source_id = source_id
        self.rows: dict[str, int] = dict.fromkeys(TABLES, 0)
        self._memory: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
        self._files: dict[str, pq.ParquetWriter] = {}
        self._done = False

    def __enter__(self) -> Self:
        """Sweep what killed writers left behind and start."""
        if self.corpus.path is not None:
            for old in self.corpus.path.glob(".part-*"):
                if not _alive(old.name.rpartition("-")[2]):
                    shutil.rmtree(old, ignore_errors=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the unfinished parts unless ``commit`` was reached."""
        if not self._done:
            for writer in self._files.values():
                with contextlib.suppress(OSError, pa.ArrowException):
                    writer.close()
            if self.corpus.path is not None:
                shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _folder(self) -> Path:
        root = self.corpus.path or Path()
        return root / f".part-{self.source_id[:16]}-{os.getpid()}"

    def write(self, name: str, table: pa.Table) -> None:
        """Append rows to the part of table `name`; absent columns are null."""
        table = conform(table, name)
        self.rows[name] += table.num_rows
        if not table.num_rows:
            return
        if self.corpus.path is None:
            self._memory[name].append(table)
            return
        with disk(self.corpus.path):
            if name not in self._files:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._files[name] = part_file(self._folder / f"{name}.parquet", name)
            self._files[name].write_table(table)

    def read(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Yield the rows written so far of table `name`, to which no more can be added."""
        if self.corpus.path is None:
            for table in self._memory[name]:
                yield table if columns is None else table.select(list(columns))
        elif name in self._files:
            self._files[name].close()
            yield from pieces(self._folder / f"{name}.parquet", columns)

    def replace(self, name: str, tables: Iterator[pa.Table]) -> None:
        """Write the rows of table `name` anew, from what was read of it."""
        self.rows[name] = 0
        if self.corpus.path is None:
            self._memory[name] = list(tables)
            self.rows[name] = sum(table.num_rows for table in self._memory[name])
            return
        with disk(self.corpus.path):
            fresh = self._folder / f"{name}.fresh"
            with part_file(fresh, name) as file:
                for table in tables:
                    self.rows[name] += table.num_rows
                    file.write_table(table)
            fresh.replace(self._folder / f"{name}.parquet")
            self._files[name] = file

    def commit(self, stats: Mapping[str, int] | None = None) -> Corpus:
        """Make the parts durable, list them, and return the corpus that contains them."""
        entry = {
            "tables": {name: count for name, count in self.rows.items() if count},
            "stats": dict(stats or {}),
        }
        path = self.corpus.path
        if path is None:
            self._done = True
            memory = {
                name: pa.concat_tables([self.corpus.memory[name], *self._memory[name]])
                for name in TABLES
            }
            return replace(
                self.corpus,
                listing={**self.corpus.listing, self.source_id: entry},
                memory=memory,
            )
        with disk(path):
            for name, writer in self._files.items():
                writer.close()
                part = path / name / f"{self.source_id}.parquet"
                part.parent.mkdir(exist_ok=True)
                _fsync(self._folder / f"{name}.parquet")
                (self._folder / f"{name}.parquet").replace(part)
            shutil.rmtree(self._folder, ignore_errors=True)
            write_listing(path, {**read_listing(path), self.source_id: entry})
        self._done = True
        return Corpus.open(path)


def drop_source(corpus: Corpus, source_id: str) -> Corpus:
    """Return `corpus` without the source whose id starts with `source_id`; its parts are deleted.

    Raises
    ------
    NotFoundError
        No source, or more than one, starts with these characters.
    """
    found = [source for source in corpus.sources if source.startswith(source_id)]
    if len(found) != 1 or not source_id:
        raise NotFoundError(
            "not exactly one source has this id",
            value=source_id,
            allowed=", ".join(source[:12] for source in found or corpus.sources),
            remedy="see: workbench sources list",
        )
    listing = {k: v for k, v in corpus.listing.items() if k != found[0]}
    if corpus.path is None:
        tables: dict[str, Any] = {}
        for name, table in corpus.memory.items():
            keep = pc.not_equal(table.column("source_id"), found[0])
            tables[name] = table.filter(keep)
        return replace(corpus, listing=listing, memory=tables, loaded=None)
    with disk(corpus.path):
        write_listing(corpus.path, listing)  # first the list, then the files: never a broken corpus
        for name in TABLES:
            part = part_name(corpus.listing[found[0]], name, found[0])
            (corpus.path / name / part).unlink(missing_ok=True)
    return Corpus.open(corpus.path)


def merge_corpora(corpora: Sequence[Corpus], *, into: Path) -> Corpus:
    """Return the corpus in the folder `into` with the sources of all `corpora` added.

    Parts are copied as they are; a source that several corpora have counts once.

    Raises
    ------
    InputError
        A corpus is in memory, the disk fails, or one source has different parts in two corpora.
    """
    target = Corpus.create(into)
    listing = dict(target.listing)
    for corpus in corpora:
        if corpus.path is None:
            raise InputError("a corpus in memory cannot be merged", remedy="load it into a folder")
        for source in corpus.sources:
            known = listing.get(source)
            if known is not None and _shape(known) != _shape(corpus.listing[source]):
                raise InputError(
                    "one file was loaded differently into two studies",
                    value=source[:12],
                    remedy="load the sources anew into one study",
                )
            if known is None:
                with disk(into):
                    _copy_parts(corpus.path, into, source, entry=corpus.listing[source])
                listing[source] = corpus.listing[source]
    with disk(into):
        write_listing(into, listing)
    return Corpus.open(into)


def _shape(entry: Mapping[str, Mapping[str, int]]) -> tuple[Any, Any]:
    """Return what differs between two loads of one file, and after something was taken from it."""
    return entry["tables"], entry.get("parts")


def _copy_parts(
    origin: Path, target: Path, source: str, *, entry: Mapping[str, Mapping[str, int]]
) -> None:
    for name in entry["tables"]:
        file = target / name / part_name(entry, name, source)
        file.parent.mkdir(exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        shutil.copyfile(origin / name / file.name, fresh)
        _fsync(fresh)
        fresh.replace(file)


def part_file(file: Path, name: str) -> pq.ParquetWriter:
    """Return a writer of a part of table `name`."""
    schema = TABLES[name]
    return pq.ParquetWriter(
        file,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=[c for c in _DICTIONARY if c in schema.names],
        write_statistics=[f.name for f in schema if not pa.types.is_string(f.type)],
    )


def pieces(file: Path, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """Yield the rows of a part in pieces, with all columns or those that are named."""
    names = None if columns is None else list(columns)
    with pq.ParquetFile(file) as opened:
        for batch in opened.iter_batches(_PIECE, columns=names):
            yield pa.Table.from_batches([batch])


def sweep(folder: Path, listing: Mapping[str, Mapping[str, Mapping[str, int]]]) -> None:
    """Delete parts that no list names: what a writer left behind that was killed at its end."""
    for name in TABLES:
        listed = {part_name(entry, name, source) for source, entry in listing.items()}
        for part in (folder / name).glob("*.parquet"):
            if part.name not in listed:
                part.unlink(missing_ok=True)


@contextlib.contextmanager
def corpus_lock(path: Path) -> Any:
    """Hold the write lock of the corpus at `path`; it ends with the process, however that ends.

    Raises
    ------
    InputError
        Another process is loading into this corpus.
    """
    try:
        import fcntl
    except ImportError:  # not a POSIX system: one writer at a time is the user's promise
        yield
        return
    with disk(path):
        path.mkdir(parents=True, exist_ok=True)
        handle = (path / ".lock").open("w")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(
                "another process is writing to this corpus",
                value=str(path),
                remedy="wait until it has ended",
            ) from error
        yield


@contextlib.contextmanager
def disk(path: Path) -> Any:
    """Turn a failure of the disk into an error that says what to do."""
    try:
        yield
    except OSError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            "cannot write to the corpus",
            value=str(path),
            where=error.strerror or str(error),
            remedy="free some space or choose another folder; nothing half-written is kept",
        ) from error


def _fsync(file: Path) -> None:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())


def _alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
