"""The corpus: a folder of Parquet tables, the system of record of a study.

``corpus.json`` lists the sources and the rows of each of their parts; a part is
``<table>/<source_id>.parquet`` and is never changed; what must be forgotten makes a new revision
of it (``workbench.model.revision``). The list is replaced atomically, so what it does not name does
not exist: a load that is killed leaves nothing behind but files to sweep.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.errors import InputError, NotFoundError, SchemaError
from workbench.model.report import LoadReport
from workbench.model.schema import SCHEMA_VERSION, TABLES
from workbench.model.shown import Tabular
from workbench.provenance import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Corpus"]

LISTING = "corpus.json"


def _verb(name: str) -> Callable[..., Any]:
    """Return the method that ``workbench/__init__.py`` binds under `name`."""

    def verb(self: Corpus, *arguments: Any, **options: Any) -> Any:
        bound = sys.modules["workbench"].corpus_verb(name)
        return bound(self, *arguments, **options)

    verb.__name__ = name
    verb.__doc__ = f"See ``workbench.graphs.{name}``."
    return verb


@dataclass(frozen=True, eq=False, repr=False)
class Corpus(Tabular):
    """Posts, interactions and everything known about them, from one or more sources.

    The tables hold *observations*: a post seen in two files is two rows. Which row counts, which
    handle belongs to which account and which acts were taken back is decided by the views of
    ``workbench.engine``, so that the order of loading never matters.

    Attributes
    ----------
    path
        The folder, or None when the tables are in memory.
    listing
        Source id → ``{"tables": {name: rows}, "stats": {name: count}}``, and for a source from
        which something was taken, ``"parts": {table: revision}``.
    memory
        Table name → one table, for a corpus without a folder.
    loaded
        The report of the load that made this object; ``report`` falls back to the stored sources.
    """

    path: Path | None
    listing: Mapping[str, Mapping[str, Mapping[str, int]]]
    memory: Mapping[str, pa.Table] = field(default_factory=dict, repr=False)
    loaded: LoadReport | None = field(default=None, repr=False)

    # What a corpus can do lives in higher layers than what it is: workbench/__init__.py binds it.
    graph = _verb("graph")
    describe = _verb("describe")
    evidence = _verb("evidence")

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Corpus:
        """Return the corpus in the folder `path`.

        Raises
        ------
        NotFoundError
            There is no corpus in that folder.
        SchemaError
            The corpus was written with another schema version.
        """
        folder = Path(path)
        if not (folder / LISTING).is_file():
            raise NotFoundError(
                "no corpus here",
                value=str(folder),
                remedy="load something first: workbench load FILE… --study DIR",
            )
        return cls(folder, read_listing(folder))

    @classmethod
    def create(cls, path: str | os.PathLike[str]) -> Corpus:
        """Return the corpus in the folder `path`; a folder without one becomes an empty corpus."""
        folder = Path(path)
        if (folder / LISTING).is_file():
            return cls.open(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_listing(folder, {})
        except OSError as error:
            raise InputError(
                "cannot make a corpus here",
                value=str(folder),
                where=error.strerror,
                remedy="choose a folder you may write to",
            ) from error
        return cls(folder, {})

    @classmethod
    def empty(cls) -> Corpus:
        """Return an empty corpus in memory."""
        return cls(None, {}, {name: schema.empty_table() for name, schema in TABLES.items()})

    @classmethod
    def from_tables(cls, tables: Mapping[str, pa.Table]) -> Corpus:
        """Return a corpus in memory from tables by name; absent tables and columns are empty.

        Raises
        ------
        SchemaError
            A table or column has an unknown name, or a value does not fit its column.
        """
        unknown = sorted(set(tables) - set(TABLES))
        if unknown:
            raise SchemaError("no such table", value=", ".join(unknown), allowed=", ".join(TABLES))
        memory = {name: conform(tables.get(name), name) for name in TABLES}
        listing: dict[str, dict[str, dict[str, int]]] = {}
        for name, table in memory.items():
            counts = table.column("source_id").value_counts().to_pylist()
            for entry in counts:
                source = listing.setdefault(
                    str(entry["values"] or "memory"), {"tables": {}, "stats": {}}
                )
                source["tables"][name] = int(entry["counts"])
        return cls(None, dict(sorted(listing.items())), memory)

    @property
    def sources(self) -> list[str]:
        """The ids of what was loaded, sorted."""
        return sorted(self.listing)

    def rows(self, table: str) -> int:
        """Return the number of observations in `table`."""
        self._check(table)
        return sum(int(source["tables"].get(table, 0)) for source in self.listing.values())

    def stat(self, name: str) -> int | None:
        """Return the sum of the statistic `name` over all sources; None when one lacks it."""
        values = [source.get("stats", {}).get(name) for source in self.listing.values()]
        return None if any(value is None for value in values) else sum(v for v in values if v)

    def parts(self, table: str) -> list[Path]:
        """Return the Parquet files of `table`, in the order of their source ids."""
        self._check(table)
        if self.path is None:
            return []
        return [
            self.path / table / part_name(self.listing[source], table, source)
            for source in self.sources
            if self.listing[source]["tables"].get(table)
        ]

    def table(self, name: str) -> pa.Table:
        """Return the observations of `name` as one Arrow table (all of them, in memory)."""
        self._check(name)
        if self.path is None:
            return self.memory[name]
        parts = [pq.read_table(part, schema=TABLES[name]) for part in self.parts(name)]
        return pa.concat_tables(parts) if parts else TABLES[name].empty_table()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over all tables but ``loaded_at`` and ``path``; the order of loading is out."""
        digest = hashlib.sha256(f"corpus {SCHEMA_VERSION}".encode())
        for name in TABLES:
            table = self.table(name)
            # Where a file lay and when it was loaded are not content.
            table = table.drop_columns(
                [column for column in ("loaded_at", "path") if column in table.column_names]
            )
            if table.num_rows:
                keys = [key for key in ("source_id", "record") if key in table.column_names]
                table = table.sort_by([(key, "ascending") for key in keys])
            digest.update(name.encode())
            digest.update(_content(table))
        return digest.hexdigest()

    @cached_property
    def content_key(self) -> str:
        """SHA-256 over the bytes of all parts: a quick answer to *is this the same corpus?*.

        Unlike the fingerprint it differs between two loads of the same sources. In memory it is
        the fingerprint.
        """
        if self.path is None:
            return self.fingerprint
        digest = hashlib.sha256(f"corpus {SCHEMA_VERSION}".encode())
        for name in TABLES:
            for part in self.parts(name):
                digest.update(f"{name}/{part.name}\n".encode())
                with part.open("rb") as handle:
                    digest.update(hashlib.file_digest(handle, "sha256").digest())
        return digest.hexdigest()

    @property
    def report(self) -> LoadReport:
        """What the last load read and could not read; for a reopened corpus, of all its sources."""
        return self.loaded or LoadReport.from_sources(self.table("sources"))

    def _words(self) -> str:
        # A saved notebook should not tell where the folders of its author are.
        place = "in memory" if self.path is None else "/".join(self.path.parts[-2:])
        counts = ", ".join(f"{self.rows(t):,} {t}" for t in ("posts", "interactions", "accounts"))
        sources = "1 source" if len(self.listing) == 1 else f"{len(self.listing):,} sources"
        return f"{place}: {sources}, {counts} (observations)"

    def _shown(self) -> dict[str, str]:
        return {name: f"{self.rows(name):,} rows" for name in TABLES if self.rows(name)}

    def _caption(self) -> str:
        return f"{self._words()}. A post or account seen twice is two rows here."

    def _check(self, table: str) -> None:
        if table not in TABLES:
            raise NotFoundError("no such table", value=table, allowed=", ".join(TABLES))


def _content(table: pa.Table) -> bytes:
    """Return a hash of values and types that does not depend on chunks or row groups."""
    sink = pa.BufferOutputStream()
    batches = table.combine_chunks()
    with pa.ipc.new_stream(sink, batches.schema.remove_metadata()) as stream:
        stream.write_table(batches.replace_schema_metadata(None))
    return hashlib.sha256(sink.getvalue()).digest()


def conform(table: pa.Table | None, name: str) -> pa.Table:
    """Return `table` with exactly the columns and types of the schema of `name`."""
    schema = TABLES[name]
    if table is None:
        return schema.empty_table()
    unknown = sorted(set(table.column_names) - set(schema.names))
    if unknown:
        raise SchemaError(
            f"the {name} table has no such column",
            value=", ".join(unknown),
            allowed=", ".join(schema.names),
        )
    arrays = []
    for column in schema:
        if column.name not in table.column_names:
            arrays.append(pa.nulls(table.num_rows, column.type))
            continue
        try:
            arrays.append(table.column(column.name).cast(column.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise SchemaError(
                f"column {column.name} of {name} does not fit its type",
                value=str(error),
                allowed=str(column.type),
            ) from error
    return pa.Table.from_arrays(arrays, schema=schema)


def part_name(entry: Mapping[str, Mapping[str, int]], table: str, source: str) -> str:
    """Return the name of the file that holds a table of a source, by what the listing says."""
    revision = entry.get("parts", {}).get(table, 0)
    return f"{source}.{revision}.parquet" if revision else f"{source}.parquet"


def read_listing(folder: Path) -> dict[str, dict[str, dict[str, int]]]:
    """Return the sources that ``corpus.json`` names."""
    file = folder / LISTING
    try:
        content = json.loads(file.read_text("utf-8"))
        version, sources = content["schema"], content["sources"]
    except OSError as error:
        raise InputError("cannot read the corpus", value=str(file), where=error.strerror) from error
    except (ValueError, KeyError, TypeError) as error:
        raise SchemaError(
            "this is not a corpus listing",
            value=str(file),
            remedy="restore the file, or load the sources into a new study",
        ) from error
    if version != SCHEMA_VERSION:
        raise SchemaError(
            "this corpus has another schema version",
            value=version,
            where=str(file),
            allowed=str(SCHEMA_VERSION),
            remedy="load the sources again into a new study",
        )
    return dict(sources)


def write_listing(folder: Path, sources: Mapping[str, Any]) -> None:
    """Replace ``corpus.json`` atomically."""
    content = {"schema": SCHEMA_VERSION, "sources": dict(sorted(sources.items()))}
    with whole_file(folder / LISTING) as fresh, fresh.open("w", encoding="utf-8") as handle:
        json.dump(content, handle, indent=1, sort_keys=True)
        handle.flush()
        os.fsync(handle.fileno())
