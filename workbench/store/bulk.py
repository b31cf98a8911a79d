"""The bulk route: a corpus as Parquet files that a stopped Neo4j server imports at once.

The importer of Neo4j 5.26 has no lists in Parquet and takes an empty text for a missing one. So
nodes come without ``studies``, an empty text with a mark beside it (``<property>_empty``), and
``workbench store adopt`` sets both right before the study is held. Times are ISO 8601 texts, the
only form it takes, and nothing is compressed, which it reads wrongly with several threads.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from workbench.engine import session as open_session
from workbench.errors import StoreError, UsageError
from workbench.progress import Progress
from workbench.provenance import canonical_json, package_version, sha256_file
from workbench.store import projection
from workbench.store.reading import bounds
from workbench.store.schema import (
    AS_KNOWN,
    KEY_BYTES,
    NODES,
    RELATIONSHIPS,
    STORE_VERSION,
    properties_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.model.corpus import Corpus

__all__ = ["PAYS_FROM", "elements", "export_bulk", "header"]

#: From so many nodes and relationships on, the bulk route into an empty database pays.
PAYS_FROM = 5_000_000
#: Rows of a row group; the importer's threads each read one at a time.
ROWS = 50_000
_TYPES = {
    "text": "string", "integer": "long", "float": "double", "boolean": "boolean",
    "time": "datetime",
}  # fmt: skip
#: The years that a time is written with four digits in.
_FIRST, _LAST = "0001-01-01T00:00:00", "9999-12-31T23:59:59"
_STUDY = pa.schema(
    [
        ("study:ID(Study)", pa.string()), ("target:string", pa.string()),
        ("version:long", pa.int64()), ("forgotten:boolean", pa.bool_()),
        ("facts:string", pa.string()), ("refused:string", pa.string()),
        ("counts:string", pa.string()), ("imported:string", pa.string()),
    ]
)  # fmt: skip
_SCRIPT = """\
#!/bin/sh
# Imports the study into the database $NEO4J_DATABASE (by default neo4j) of a stopped server,
# Neo4j {version}. Run it as the user who runs the server:
#
#     NEO4J_HOME=/path/to/neo4j sh import.sh
#
# A database that has ever been started exists, even if it is empty. To replace it, and lose what
# is in it, add: --overwrite-destination
set -eu
: "${{NEO4J_HOME:?set it to the folder of the Neo4j server}}"
export NEO4J_HOME NEO4J_CONF="${{NEO4J_CONF:-$NEO4J_HOME/conf}}"
cd "$(dirname "$0")"
set -- database import full "${{NEO4J_DATABASE:-neo4j}}" \\
{options} \\
  --report-file="${{TMPDIR:-/tmp}}/import-$$.report" "$@"
if [ -x "$NEO4J_HOME/bin/neo4j-admin" ]; then
  exec "$NEO4J_HOME/bin/neo4j-admin" "$@"
elif command -v neo4j-admin >/dev/null; then
  exec neo4j-admin "$@"
fi
# A server from its jars alone, as `make neo4j` starts it, has no neo4j-admin.
exec java -Xmx2g --add-opens=java.base/java.nio=ALL-UNNAMED -cp "$NEO4J_HOME/lib/*" \\
  org.neo4j.cli.AdminTool "$@"
"""
#: The versions whose importer this was shown to work with.
_VERSION = "5.26"


def header(name: str) -> dict[str, str]:
    """Return the columns of a label or type: the property (or end) → its import header."""
    if name in NODES:
        node = NODES[name]
        made = {key: f"{key}:{_TYPES[kind]}" for key, kind in node.properties.items()}
        made[node.key] = f"{node.key}:ID({name})"
        return made
    kind = RELATIONSHIPS[name]
    return {
        "source": f":START_ID({kind.source})",
        "target": f":END_ID({kind.target})",
        **{key: f"{key}:{_TYPES[type_]}" for key, type_ in _properties(name).items()},
        "study": "study:string",
    }


def elements(corpus: Corpus) -> int:
    """Return about how many nodes and relationships a corpus makes, without reading its rows."""
    rows = {name: corpus.rows(name) for name in ("accounts", "posts", "interactions")}
    return (
        rows["accounts"]
        + 2 * rows["posts"]
        + int(1.7 * rows["interactions"])
        + corpus.rows("attachments") // 2
    )


def export_bulk(
    corpus: Corpus, folder: str | Path, *, study: str, progress: bool | None = None
) -> dict[str, Any]:
    """Write what a push of `corpus` would make as files for Neo4j's importer.

    One Parquet file for each label and type with rows, the script ``import.sh`` with the exact
    command, and ``manifest.json``. One table at a time is in memory.

    Parameters
    ----------
    folder
        Made, or empty; it is written whole or not at all.
    study
        Name of the study in the database.
    progress
        None shows progress on a terminal, False never.

    Returns
    -------
    dict
        ``out``, ``study``, ``corpus``, ``nodes`` by label, ``relationships`` by type, ``files``,
        ``bytes``, ``command`` (its words, to be run in the folder), ``seconds``.

    Raises
    ------
    UsageError
        The folder is not empty, or no folder.
    StoreError
        A key is empty or too long, a time has no year of four digits, or nothing can be written.
    """
    start = time.perf_counter()
    out = Path(folder)
    if not study.strip():
        raise UsageError("a study needs a name", value=study)
    with _whole_folder(out) as fresh:
        made = _Export(fresh, study)
        facts = made.fill(corpus, progress=progress)
        made.write_study(corpus, facts)
        command = made.write_command()
        told = made.write_manifest(corpus)
    return {
        "out": str(out), "study": study, "corpus": corpus.content_key, **made.counted(),
        "files": sorted([*told["files"], "import.sh", "manifest.json"]),
        "bytes": sum(entry["bytes"] for entry in told["files"].values()),
        "command": command, "seconds": time.perf_counter() - start,
    }  # fmt: skip


class _Export:
    """The files of one export, in a folder that nobody sees yet."""

    def __init__(self, folder: Path, study: str) -> None:
        self._folder = folder
        self._study = study
        self._counts: dict[str, int] = {}
        self._known: dict[str, dict[str, int]] = {}
        self._empty: dict[str, list[str]] = {}
        self._cuts: list[str] = []

    def counted(self) -> dict[str, dict[str, int]]:
        """Return the rows written, by label and by type."""
        counts = self._counts
        return {
            "nodes": {name: n for name, n in counts.items() if name in NODES},
            "relationships": {name: n for name, n in counts.items() if name in RELATIONSHIPS},
        }

    def fill(self, corpus: Corpus, *, progress: bool | None) -> dict[str, Any]:
        """Write the tables of a corpus and return its facts."""
        names = projection.tables()
        accounts = pa.chunked_array([], pa.string())
        with (
            Progress(len(names), "export", "tables", show=progress) as shown,
            open_session(corpus) as session,
        ):
            made = projection.Projection(session)
            for name, rows in made.rows(known=True):
                if name == "Account":
                    accounts = rows.column("account_id")
                shown.describe(f"export {name}")
                share = 1 / max(1, rows.num_rows)
                for done in self._write(name, rows):
                    shown.update(done * share)
            most = max(count for name, count in self._counts.items() if name in RELATIONSHIPS)
            self._cuts = bounds(accounts, rows=most)
            return made.facts()

    def write_study(self, corpus: Corpus, facts: dict[str, Any]) -> None:
        """Write the node that says what this is; it is not held until it is adopted."""
        imported = {
            "corpus": corpus.content_key, "known": self._known, "empty": self._empty,
            "cuts": self._cuts,
        }  # fmt: skip
        row = {
            "study:ID(Study)": self._study,
            "target:string": corpus.content_key,
            "version:long": STORE_VERSION,
            "forgotten:boolean": False,
            "facts:string": json.dumps(facts),
            "refused:string": json.dumps(corpus.report.refused),
            "counts:string": json.dumps(self._counts, sort_keys=True),
            "imported:string": json.dumps(imported, sort_keys=True),
        }
        pq.write_table(pa.Table.from_pylist([row], _STUDY), self._folder / "Study.parquet")

    def write_command(self) -> list[str]:
        """Write the script and return the words of the command."""
        options = ["--input-type=parquet", "--id-type=string", "--nodes=Study=Study.parquet"]
        options += [f"--nodes={name}={name}.parquet" for name in NODES if self._counts.get(name)]
        options += [
            f"--relationships={name}={name}.parquet"
            for name in RELATIONSHIPS
            if self._counts.get(name)
        ]
        text = _SCRIPT.format(
            version=_VERSION, options=" \\\n".join(f"  {option}" for option in options)
        )
        (self._folder / "import.sh").write_text(text, "utf-8", newline="\n")
        (self._folder / "import.sh").chmod(0o755)
        return ["neo4j-admin", "database", "import", "full", "neo4j", *options]

    def write_manifest(self, corpus: Corpus) -> dict[str, Any]:
        """Write ``manifest.json`` and return it."""
        files = {}
        for file in sorted(self._folder.glob("*.parquet")):
            rows = self._counts.get(file.stem, 1)
            size = file.stat().st_size
            files[file.name] = {"rows": rows, "bytes": size, "sha256": sha256_file(file)}
        told = {
            "workbench": package_version(), "store_version": STORE_VERSION, "neo4j": _VERSION,
            "study": self._study, "corpus": corpus.content_key, **self.counted(), "files": files,
        }  # fmt: skip
        (self._folder / "manifest.json").write_text(canonical_json(told), "utf-8")
        return told

    def _write(self, name: str, rows: pa.Table) -> Iterator[int]:
        """Write a table in row groups and yield the rows of each."""
        self._counts[name] = rows.num_rows
        if not rows.num_rows:
            return
        _check(name, rows)
        headers = header(name)
        texts = [k for k, kind in _properties(name).items() if kind == "text"]
        empty = [k for k in texts if pc.any(pc.equal(rows.column(k), "")).as_py()]
        if empty:
            self._empty[name] = empty
        self._known[name] = {
            key: rows.num_rows - rows.column(key).null_count for key in _properties(name)
        }
        writer = None
        try:
            for start in range(0, rows.num_rows, ROWS):
                part = _converted(name, rows.slice(start, ROWS), study=self._study, empty=empty)
                part = part.rename_columns(
                    [headers.get(c, f"{c}:boolean") for c in part.schema.names]
                )
                if writer is None:
                    writer = _writer(self._folder / f"{name}.parquet", part.schema)
                writer.write_table(part, row_group_size=ROWS)
                yield part.num_rows
        finally:
            if writer is not None:
                writer.close()


def _properties(name: str) -> dict[str, str]:
    """Return what the import knows of a label or type, name → type."""
    return {**properties_of(name), **(AS_KNOWN if name == "POSTED" else {})}


def _writer(file: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Open a file as the importer reads it safely: never compressed.

    Its threads share one decompressor of a file, so that compressed row groups fail at random.
    """
    return pq.ParquetWriter(
        file, schema, compression="none", write_statistics=False, store_schema=False
    )


def _converted(name: str, rows: pa.Table, *, study: str, empty: list[str]) -> pa.Table:
    """Return rows as the importer reads them: times as texts, the study, marks of empty texts."""
    columns = {}
    for key in rows.column_names:
        column = rows.column(key)
        columns[key] = _instants(column) if pa.types.is_timestamp(column.type) else column
    for key in empty:
        blank = pc.equal(columns[key], "")
        columns[f"{key}_empty"] = pc.if_else(blank, blank, pa.scalar(None, pa.bool_()))
    if name in RELATIONSHIPS:
        same = pa.array(np.zeros(rows.num_rows, np.int32))
        columns["study"] = pa.DictionaryArray.from_arrays(same, pa.array([study], pa.string()))
    return pa.table(columns)


def _instants(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times as ISO 8601 with milliseconds; the importer takes no other form."""
    told = column.cast(pa.timestamp("ms"), safe=False).cast(pa.string())
    told = pc.binary_replace_slice(told.cast(pa.binary()), 10, 11, b"T").cast(pa.string())
    return pc.binary_join_element_wise(told, "Z", "")


def _check(name: str, rows: pa.Table) -> None:
    """Refuse what the importer, or an index afterwards, cannot take."""
    if name in NODES:
        key = NODES[name].key
        lengths = pc.min_max(pc.binary_length(rows.column(key)))
        if lengths["max"].as_py() > KEY_BYTES:
            raise StoreError(
                f"{key} is too long for an index of the server",
                value=f"{lengths['max'].as_py():,} bytes",
                allowed=f"{KEY_BYTES:,} bytes",
                remedy="use the embedded store for this corpus",
            )
        if lengths["min"].as_py() == 0:
            raise StoreError(
                f"{key} is empty, which the importer cannot take",
                remedy="push it instead: workbench store push --study DIR --to neo4j://…",
            )
    for key, kind in _properties(name).items():
        if kind == "time":
            ends = pc.min_max(rows.column(key))
            first, last = (ends[end].cast(pa.string()).as_py() for end in ("min", "max"))
            if first is not None and (first < _FIRST.replace("T", " ") or len(last) > 26):
                raise StoreError(
                    f"{key} is of a year that the importer cannot take",
                    value=f"{first} to {last}",
                    allowed=f"{_FIRST} to {_LAST}",
                )


@contextmanager
def _whole_folder(out: Path) -> Iterator[Path]:
    """Give a folder to write to; after the block it is at `out`, or nothing is."""
    if out.exists() and not out.is_dir():
        raise UsageError("the output must be a folder", value=str(out), remedy="choose another")
    if out.is_dir() and any(out.iterdir()):
        raise UsageError(
            "the output folder is not empty", value=str(out), remedy="choose an empty one"
        )
    fresh = out.resolve().with_name(f".{out.resolve().name}.{os.getpid()}")
    try:
        fresh.mkdir(parents=True)
        yield fresh
        if out.is_dir():
            out.rmdir()
        fresh.rename(out)
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        raise StoreError(
            "cannot write the export",
            value=str(out),
            where=error.strerror,
            remedy="free some space, or choose another place",
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
