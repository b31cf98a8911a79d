"""The hands of the embedded store: opening, locking, copying, sweeping."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import time
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError, QueryError, StoreError, UsageError
from workbench.model.index import IndexValue
from workbench.model.partition import Partition
from workbench.model.scores import NodeScores
from workbench.provenance import whole_file
from workbench.store import guard
from workbench.store.projection import arrow_schema
from workbench.store.schema import NODES, RELATIONSHIPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from workbench.errors import WorkbenchError

__all__ = [
    "abandon",
    "copy",
    "exclusive",
    "execute",
    "failure",
    "insert",
    "of_known_accounts",
    "open_connection",
    "open_database",
    "replace_json",
    "run_tables",
    "sweep",
]


#: With less than this left, what the engine says about a failed write is not the reason.
FULL_BYTES = 16 << 20


def open_database(file: Path, *, buffer_bytes: int, max_bytes: int) -> Any:
    """Open a ladybug database file with explicit limits.

    Raises
    ------
    StoreError
        The file is damaged, locked by another process, or the folder cannot be written.
    """
    import ladybug

    try:
        return ladybug.Database(
            str(file),
            buffer_pool_size=buffer_bytes,
            max_db_size=max_bytes,
            max_num_threads=os.cpu_count() or 1,
        )
    except (RuntimeError, OSError) as error:
        locked = "lock" in str(error).casefold()
        raise StoreError(
            "another process has this store open" if locked else "cannot open the store",
            value=str(error).splitlines()[0],
            where=str(file.parent),
            remedy="close it there (a notebook kernel counts)"
            if locked
            else "delete the folder and push the corpus again",
        ) from error


def open_connection(database: Any, *, timeout_ms: int) -> Any:
    """Return a connection with a time limit; 0 means none."""
    import ladybug

    connection = ladybug.Connection(database)
    if timeout_ms:
        connection.set_query_timeout(timeout_ms)
    return connection


def abandon(connection: Any, database: Any) -> None:
    """Never let go of a database that could not write.

    Undoing what it began fails as well, and in its destructor that ends the whole process.
    """
    for entry in (connection, database, getattr(database, "_database", None)):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(entry))


def failure(path: Path, error: WorkbenchError) -> StoreError:
    """Return why a store could not be filled: the disk, or what the engine says."""
    if shutil.disk_usage(path).free < FULL_BYTES:
        return StoreError(
            "cannot write to the store",
            value=str(path),
            where="No space left on device",
            remedy="free some space, or push elsewhere (--to); the store is as it was",
        )
    return StoreError(error.what, value=error.value, where=error.where, remedy=error.remedy)


def execute(connection: Any, text: str, parameters: Mapping[str, Any] | None = None) -> Any:
    """Run one statement.

    Raises
    ------
    QueryError
        The engine refuses it, or it ran out of time.
    """
    guard.check_unicode([text, dict(parameters or {})])
    try:
        return connection.execute(text, dict(parameters or {}))
    except RuntimeError as error:
        message = str(error).splitlines()[0]
        if "interrupted" in message.casefold():
            raise QueryError(
                "the query took too long", remedy="narrow it, or compute it in Python"
            ) from error
        raise QueryError("the query is wrong", value=message) from error


def copy(connection: Any, name: str, rows: pa.Table) -> None:
    """Fill a table by COPY and check that it took every row.

    Raises
    ------
    StoreError
        An endpoint is missing, a key occurs twice, or rows were lost.
    """
    if not rows.num_rows:
        return
    rows = rows.cast(arrow_schema(name))
    columns = ", ".join(c for c in rows.column_names if c not in {"source", "target"})
    target = f"`{name}`({columns})" if columns else f"`{name}`"
    try:
        execute(connection, f"COPY {target} FROM $rows", {"rows": rows})
    except QueryError as error:
        raise StoreError(
            f"cannot write {name}", value=error.value, remedy="report this with the load report"
        ) from error
    pattern = f"(n:`{name}`)" if name in NODES else f"()-[n:`{name}`]->()"
    counted = execute(connection, f"MATCH {pattern} RETURN count(*)").get_next()[0]
    if counted != rows.num_rows:
        raise StoreError(
            f"{name} lost rows on the way", value=f"{counted:,} of {rows.num_rows:,} are there"
        )


def of_known_accounts(connection: Any, name: str, rows: pa.Table) -> pa.Table:
    """Return the rows of a relationship whose target is there; other tables as they are."""
    if name in NODES or RELATIONSHIPS[name].target != "Account" or not rows.num_rows:
        return rows
    found = execute(connection, "MATCH (a:Account) RETURN a.account_id AS id").get_as_arrow(1 << 20)
    known = found.column("id").combine_chunks()
    return rows.filter(pc.is_in(rows.column("target"), value_set=known))


def insert(run: Callable[..., Any], name: str, rows: pa.Table) -> None:
    """Add rows to a table that has others, inside a transaction."""
    if not rows.num_rows:
        return
    keys = [c for c in rows.column_names if c not in {"source", "target"}]
    values = ", ".join(f"{key}: {key}" for key in keys)
    if name in NODES:
        run(f"LOAD FROM $rows CREATE (:{name} {{{values}}})", {"rows": rows})
        return
    kind = RELATIONSHIPS[name]
    source, target = NODES[kind.source].key, NODES[kind.target].key
    properties = f" {{{values}}}" if keys else ""
    run(
        f"LOAD FROM $rows MATCH (a:{kind.source} {{{source}: source}}) "
        f"MATCH (b:{kind.target} {{{target}: target}}) "
        f"CREATE (a)-[:{name}{properties}]->(b)",
        {"rows": rows},
    )


def run_tables(
    results: Sequence[Partition | NodeScores | IndexValue], *, name: str
) -> tuple[str, dict[str, pa.Table]]:
    """Return the id of a new run and the rows that tie results to it.

    Raises
    ------
    InputError
        There are no results, or they belong to different graphs.
    UsageError
        One of them is no partition, scores or index value.
    """
    import hashlib

    from workbench.provenance import package_version

    for result in results:
        if not isinstance(result, Partition | NodeScores | IndexValue):
            raise UsageError(
                "only partitions, scores and index values are written back",
                value=type(result).__name__,
                remedy="of a ranking: store.annotate(*ranking.scores.values())",
            )
    prints = {result.graph_fingerprint for result in results}
    if len(prints) != 1:
        raise InputError(
            "a run needs results of one graph", value=f"{len(results)} of {len(prints)} graphs"
        )
    now = time.time_ns() // 1_000_000
    methods = [r.method if isinstance(r, Partition) else r.name for r in results]
    guard.check_unicode([name, methods, [r.names for r in results if isinstance(r, Partition)]])
    parameters = [dict(r.choices if isinstance(r, IndexValue) else r.parameters) for r in results]
    told = json.dumps(dict(zip(methods, parameters, strict=True)), sort_keys=True, default=str)
    seeds = [r.seed for r in results if r.seed is not None]
    text = f"{now}\0{told}\0{seeds}\0{os.getpid()}\0{time.perf_counter_ns()}"
    run = hashlib.sha256(text.encode()).hexdigest()[:16]
    rows = {
        "run_id": [run], "name": [name or methods[0]], "method": [",".join(methods)],
        "parameters": [told], "seed": [seeds[0] if seeds else None],
        "version": [package_version()], "input": [prints.pop()], "written_ms": [now],
    }  # fmt: skip
    tables = {"Run": pa.table(rows, arrow_schema("Run"))}
    partitions = [r for r in results if isinstance(r, Partition)]
    if partitions:
        tables["ASSIGNED"] = pa.concat_tables([_assigned(run, p) for p in partitions])
    scores = [r for r in results if isinstance(r, NodeScores)]
    if scores:
        tables["SCORED"] = pa.concat_tables([_scored(run, s) for s in scores])
    indices = [r for r in results if isinstance(r, IndexValue)]
    if indices:
        tables |= _measured(run, indices)
    return run, tables


def _assigned(run: str, partition: Partition) -> pa.Table:
    keep = partition.labels >= 0
    labels = partition.labels[keep]
    return pa.table(
        {
            "source": [run] * len(labels),
            "target": partition.ids.filter(pa.array(keep)),
            "community": labels.astype("int64"),
            "name": [partition.names[i] for i in labels.tolist()],
        },
        arrow_schema("ASSIGNED"),
    )


def _scored(run: str, scores: NodeScores) -> pa.Table:
    rows = len(scores.values)
    return pa.table(
        {
            "source": [run] * rows,
            "target": scores.ids,
            "name": [scores.name] * rows,
            "value": scores.values,
        },
        arrow_schema("SCORED"),
    )


def _measured(run: str, indices: list[IndexValue]) -> dict[str, pa.Table]:
    ids = [f"{run}:{index.name}" for index in indices]
    numbers = ("value", "null_mean", "null_sd", "z", "p", "low", "high")
    rows: dict[str, Any] = {"index_id": ids, "name": [index.name for index in indices]}
    rows |= {key: [getattr(index, key) for index in indices] for key in numbers}
    rows["choices"] = [
        json.dumps(dict(index.choices), sort_keys=True, default=str) for index in indices
    ]
    ends = {"source": [run] * len(ids), "target": ids}
    return {
        "IndexValue": pa.table(rows, arrow_schema("IndexValue")),
        "MEASURED": pa.table(ends, arrow_schema("MEASURED")),
    }


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the store's write lock; it ends with the process, however that ends.

    Raises
    ------
    StoreError
        Another process is writing, or the folder cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        handle = (path / ".lock").open("w")
    except OSError as error:
        raise StoreError(
            "cannot write to the store", value=str(path), where=error.strerror
        ) from error
    with handle:
        try:
            import fcntl
        except ImportError:  # not a POSIX system: one writer at a time is the user's promise
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(
                "another process is writing to this store",
                value=str(path),
                remedy="wait until it has ended",
            ) from error
        yield


def sweep(path: Path, *, keep: str | None) -> None:
    """Remove database files that the pointer does not name."""
    for file in path.glob("*.lbug*"):
        if keep is None or not file.name.startswith(keep):
            file.unlink(missing_ok=True)


def replace_json(file: Path, content: Mapping[str, Any]) -> None:
    """Replace a small JSON file atomically."""
    try:
        with whole_file(file) as fresh, fresh.open("w", encoding="utf-8") as handle:
            json.dump(content, handle, indent=1, sort_keys=True)
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise StoreError(
            "cannot write to the store", value=str(file), where=error.strerror
        ) from error
