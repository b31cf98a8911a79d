"""The embedded store: a folder with one ladybug database, a cache that the corpus rebuilds.

``store.json`` names the database file in use and the corpus it holds; it is replaced atomically
when a new database is complete. A push that is killed leaves the old store as it was, and a file
that the next push sweeps.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa

from workbench.engine import session as open_session
from workbench.errors import CannotBuildError, NotFoundError, QueryError, SchemaError, StoreError
from workbench.model.backbone import whole_graph_filters
from workbench.model.filters import Filters, Instant
from workbench.model.kinds import graph_kind
from workbench.model.shown import Tabular
from workbench.progress import Progress
from workbench.store import canary, graphs, guard, library, projection, writing
from workbench.store.results import limited, normalised, one_more, within_own_limit
from workbench.store.schema import (
    NODES,
    RELATIONSHIPS,
    RESULTS,
    STORE_VERSION,
    UNUSED,
    ladybug_statements,
    rows_of,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.model.scores import NodeScores

__all__ = ["EmbeddedStore"]

POINTER = "store.json"
BUFFER_BYTES = 1 << 30
#: Address space the database may map; a power of two, small enough for systems that limit it.
MAX_BYTES = 1 << 38
TIMEOUT_MS = 300_000
_BATCH = 1_000_000


class EmbeddedStore(Tabular):
    """A graph store in a folder, without a server.

    One process writes at a time; a second one is told so. Within a process, objects on the same
    folder share one database.

    Parameters
    ----------
    path
        The folder; made by the first ``write``.

    Raises
    ------
    StoreError
        The engine fails its canary, the store is of another version, or another process has it.
    """

    _open: ClassVar[dict[Path, tuple[Any, int]]] = {}
    _lock: ClassVar[threading.RLock] = threading.RLock()

    def __init__(self, path: str | os.PathLike[str]) -> None:
        canary.check()
        self.path = Path(path).resolve()
        self.uri = str(path)
        self._connection: Any = None
        self._file: Path | None = None
        if self.path.exists() and not self.path.is_dir():
            raise StoreError("a store is a folder", value=str(path))
        self._connect()

    # -- what it holds ---------------------------------------------------------------------------

    def write(self, corpus: Corpus, *, progress: bool | None = None) -> dict[str, Any]:
        """Make the store hold `corpus`; what analyses wrote back stays, of accounts that stay.

        A new database is filled beside the old one by COPY, checked by its counts, and put in its
        place. Writing the corpus that is already there changes no byte.

        Parameters
        ----------
        progress
            None shows progress on a terminal, False never.

        Returns
        -------
        dict
            ``uri``, ``nodes`` by label, ``relationships`` by type, ``seconds``.

        Raises
        ------
        StoreError
            The disk fails, another process writes, or a table has not the rows it was given.
        """
        start = time.perf_counter()
        held = self._pointer()
        if held.get("corpus") != corpus.content_key:
            with writing.exclusive(self.path), self._lock:
                self._replace(corpus, progress=progress)
        counted = self.counts()
        return {"uri": self.uri, **counted, "seconds": time.perf_counter() - start}

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of ``nodes`` by label and of ``relationships`` by type."""
        nodes = {n: self._count(f"MATCH (n:{n}) RETURN count(*) AS n") for n in NODES}
        between = {
            t: self._count(f"MATCH ()-[r:`{t}`]->() RETURN count(*) AS n") for t in RELATIONSHIPS
        }
        return {"nodes": nodes, "relationships": between}

    def graph(
        self,
        kind: str = "retweet",
        *,
        since: Instant = None,
        until: Instant = None,
        min_weight: float | None = None,
        origin: str | Iterable[str] | None = None,
        lang: str | None = None,
        hashtag: str | None = None,
        text: str | None = None,
        accounts: Iterable[str] | None = None,
        max_accounts: int | None = None,
        largest_component: bool = False,
        backbone: float | None = None,
    ) -> InteractionGraph:
        """Return the graph that the corpus would give, with the same fingerprint.

        See ``workbench.graphs.graph`` for the kinds and filters.

        Raises
        ------
        CannotBuildError
            The store lacks what the graph or filter needs; the message says what to ask instead.
        """
        what = graph_kind(kind)
        filters = Filters.parse(
            since=since, until=until, min_weight=min_weight, origin=origin, lang=lang,
            hashtag=hashtag, text=text, accounts=accounts, max_accounts=max_accounts,
        )  # fmt: skip
        held = self._pointer()
        for entry in held.get("refused", []):
            if entry["graph"] == what.name:
                raise CannotBuildError(
                    f"no {what.name} graph can be built from this data", value=entry["reason"]
                )
        made, acts = graphs.build(
            lambda question: self._arrow(question.text, question.parameters),
            what,
            filters,
            facts=held.get("facts") or projection.NOTHING,
        )
        return whole_graph_filters(
            made, filters, acts=acts, backbone=backbone, largest_component=largest_component
        )

    def held(self) -> dict[str, Any]:
        """Return what the store says of the corpus it holds: ``corpus``, ``facts``, ``refused``.

        Raises
        ------
        StoreError
            The store is empty.
        """
        self._filled()
        told = self._pointer()
        facts = told.get("facts") or projection.NOTHING
        return {"corpus": told["corpus"], "facts": facts, "refused": told.get("refused", [])}

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield name and rows of each label and type that came from the corpus, nodes first."""
        for name in projection.tables():
            yield name, self._table(name)

    # -- questions -------------------------------------------------------------------------------

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """Return the rows of a query of the library; parameters without a value take the default.

        Raises
        ------
        NotFoundError
            The library has no such query.
        UsageError
            A parameter does not exist or does not fit.
        """
        found = library.find(name)
        values = library.bound(found, parameters)
        text = found.body("ladybug")
        guard.check(text, values)
        return within_own_limit(guard.spelled(text), values, self._arrow)

    def cypher(
        self, text: str, *, write: bool = False, limit: int | None = None, **parameters: Any
    ) -> pd.DataFrame:
        """Return the rows of a query; it reads unless `write`.

        Parameters
        ----------
        limit
            At most so many rows. One more is fetched: ``attrs["cut"]`` of the rows says whether
            there are more, and a ``CutWarning`` if so.

        Raises
        ------
        QueryError
            The query writes, uses a form or name that is refused, or is wrong.
        """
        guard.check(text, parameters, write=write)
        text = guard.spelled(text)
        if write:
            with writing.exclusive(self.path), self._lock:
                return limited(self._arrow(text, parameters, limit=one_more(limit)), limit)
        return limited(self._arrow(text, parameters, limit=one_more(limit)), limit)

    # -- results ---------------------------------------------------------------------------------

    def annotate(self, *results: Partition | NodeScores | IndexValue, name: str = "") -> str:
        """Write communities, scores and index values back under one new run.

        ``(:Run)-[:ASSIGNED {community, name}]->(:Account)`` for a partition,
        ``(:Run)-[:SCORED {name, value}]->(:Account)`` for scores, and
        ``(:Run)-[:MEASURED]->(:IndexValue)`` for index values. Earlier runs stay.

        Returns
        -------
        str
            The id of the run.

        Raises
        ------
        NotFoundError
            An account of a result is not in the store.
        """
        run, tables = writing.run_tables(results, name=name)
        with writing.exclusive(self.path), self._lock:
            self._check_accounts(tables)
            self._begin()
            try:
                for table, rows in tables.items():
                    writing.insert(self._run, table, rows)
            except BaseException:
                self._run("ROLLBACK")
                raise
            self._run("COMMIT")
        return run

    def runs(self) -> pd.DataFrame:
        """Return the runs written back, the oldest first."""
        return normalised(
            self._arrow(
                "MATCH (r:Run) RETURN r.run_id AS run_id, r.name AS name, r.method AS method, "
                "r.parameters AS parameters, r.seed AS seed, r.version AS version, "
                "r.input AS input, r.written_ms AS written_ms ORDER BY r.written_ms, r.run_id",
                {},
            )
        )

    def drop_run(self, run_id: str) -> None:
        """Remove a run with everything it wrote.

        Raises
        ------
        NotFoundError
            The store has no such run.
        """
        if run_id not in set(self.runs()["run_id"]):
            raise NotFoundError(
                "no such run", value=run_id, remedy="see: workbench store runs --study DIR"
            )
        with writing.exclusive(self.path), self._lock:
            given = {"run": run_id}
            self._run(
                "MATCH (r:Run)-[:MEASURED]->(i:IndexValue) WHERE r.run_id = $run DETACH DELETE i",
                given,
            )
            self._run("MATCH (r:Run) WHERE r.run_id = $run DETACH DELETE r", given)

    def forget(self, account: str) -> dict[str, int]:
        """Remove an account, its posts, every relationship of theirs, and what only they carried.

        Returns
        -------
        dict
            ``accounts`` and ``posts`` removed.

        Raises
        ------
        NotFoundError
            The store has no such account.
        """
        given = {"account": account}
        itself = "MATCH (a:Account) WHERE a.account_id = $account"
        wrote = "MATCH (a:Account)-[:POSTED]->(p:Post) WHERE a.account_id = $account"
        if not self._count(f"{itself} RETURN count(*) AS n", given):
            raise NotFoundError("no such account in the store", value=account)
        posts = self._count(f"{wrote} RETURN count(*) AS n", given)
        with writing.exclusive(self.path), self._lock:
            self._run(f"{wrote} DETACH DELETE p", given)
            self._run(f"{itself} DETACH DELETE a", given)
            for label, pattern in UNUSED.items():
                self._run(
                    f"MATCH (n:{label}) WHERE NOT EXISTS {{ MATCH {pattern} }} DETACH DELETE n"
                )
            held = self._pointer()
            writing.replace_json(self.path / POINTER, {**held, "corpus": None})
        return {"accounts": 1, "posts": posts}

    def close(self) -> None:
        """Release the database; the last object on a folder closes it."""
        with self._lock:
            if self._connection is None or self._file is None:
                return
            self._connection.close()
            self._connection = None
            database, users = self._open[self._file]
            if users > 1:
                self._open[self._file] = (database, users - 1)
            else:
                database.close()
                del self._open[self._file]
            self._file = None

    def _words(self) -> str:
        return ": ".join(self._shown().values())

    def _shown(self) -> dict[str, str]:
        held = self._pointer().get("corpus")
        # A saved notebook should not tell where the folders of its author are.
        where = "/".join(self.path.parts[-2:])
        return {"folder": where, "holds": "empty" if held is None else f"corpus {held[:12]}"}

    # -- inside ----------------------------------------------------------------------------------

    def _pointer(self) -> dict[str, Any]:
        file = self.path / POINTER
        if not file.is_file():
            return {}
        try:
            content: dict[str, Any] = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(
                "cannot read the store", value=str(file), remedy="delete the folder and push again"
            ) from error
        if content.get("version") != STORE_VERSION:
            raise SchemaError(
                "the store was written by another version",
                value=content.get("version"),
                where=str(file),
                allowed=str(STORE_VERSION),
                remedy="delete the folder and push the corpus again",
            )
        return content

    def _connect(self) -> None:
        """Open the database that the pointer names, shared within this process."""
        name = self._pointer().get("database")
        if name is None:
            return
        self._file = self.path / name
        with self._lock:
            database, users = self._open.get(self._file, (None, 0))
            if database is None:
                database = writing.open_database(
                    self._file, buffer_bytes=BUFFER_BYTES, max_bytes=MAX_BYTES
                )
            self._open[self._file] = (database, users + 1)
        self._connection = writing.open_connection(database, timeout_ms=TIMEOUT_MS)

    def _replace(self, corpus: Corpus, *, progress: bool | None) -> None:
        """Fill a new database from the corpus and make it the one in use."""
        old = self._pointer()
        runs = []
        if self._connection is not None:  # to be carried into the new database
            runs = [(name, self._table(name)) for name in RESULTS]
        writing.sweep(self.path, keep=old.get("database"))
        name = f"{secrets.token_hex(8)}.lbug"
        database = writing.open_database(
            self.path / name, buffer_bytes=BUFFER_BYTES, max_bytes=MAX_BYTES
        )
        connection = writing.open_connection(database, timeout_ms=0)
        try:
            for statement in ladybug_statements():
                writing.execute(connection, statement)
            facts = self._fill(connection, corpus, progress=progress)
            for table, rows in runs:
                kept = writing.of_known_accounts(connection, table, rows)
                writing.copy(connection, table, kept)
            writing.execute(connection, "CHECKPOINT")
        except (StoreError, QueryError) as error:
            failure = writing.failure(self.path, error)
            writing.abandon(connection, database)
            writing.sweep(self.path, keep=old.get("database"))
            raise failure from error
        except BaseException:
            connection.close()
            database.close()
            raise
        connection.close()
        database.close()
        self.close()
        content = {
            "version": STORE_VERSION,
            "database": name,
            "corpus": corpus.content_key,
            "sources": corpus.sources,
            "facts": facts,
            "refused": corpus.report.refused,
        }
        writing.replace_json(self.path / POINTER, content)
        writing.sweep(self.path, keep=name)
        self._connect()

    def _fill(self, connection: Any, corpus: Corpus, *, progress: bool | None) -> dict[str, Any]:
        names = projection.tables()
        shown = Progress(len(names), "push", "tables", show=progress)
        with shown, open_session(corpus) as session:
            made = projection.Projection(session)
            for name, rows in made.rows():
                writing.copy(connection, name, rows)
                shown.update(1)
            return made.facts()

    def _table(self, name: str) -> pa.Table:
        """Return the rows of a label or type."""
        return self._arrow(rows_of(name), {}).cast(projection.arrow_schema(name))

    def _check_accounts(self, tables: dict[str, pa.Table]) -> None:
        for name in ("SCORED", "ASSIGNED"):
            if name not in tables:
                continue
            known = set(
                self._arrow("MATCH (a:Account) RETURN a.account_id AS id", {})
                .column("id")
                .to_pylist()
            )
            missing = [a for a in tables[name].column("target").to_pylist() if a not in known]
            if missing:
                raise NotFoundError(
                    "results name accounts that the store does not have",
                    value=f"{len(missing)}, such as {missing[0]}",
                    remedy="push the corpus first: workbench store push --study DIR",
                )

    def _begin(self) -> None:
        self._run("BEGIN TRANSACTION")

    def _filled(self) -> None:
        if self._connection is None:
            raise StoreError(
                "the store is empty",
                value=self.uri,
                remedy="push a corpus first: workbench store push --study DIR",
            )

    def _run(self, text: str, parameters: dict[str, Any] | None = None) -> Any:
        self._filled()
        return writing.execute(self._connection, text, parameters)

    def _arrow(
        self, text: str, parameters: dict[str, Any], *, limit: int | None = None
    ) -> pa.Table:
        with self._lock:
            result = self._run(text, parameters)
            if limit is not None:
                names = result.get_column_names()
                rows: list[list[Any]] = []
                while result.has_next() and len(rows) < limit:
                    rows.append(result.get_next())
                columns = [[row[i] for row in rows] for i in range(len(names))]
                return pa.table(dict(zip(names, columns, strict=True)))
            try:
                return result.get_as_arrow(_BATCH)
            except RuntimeError as error:
                raise QueryError("the query failed", value=str(error)) from error

    def _count(self, text: str, parameters: dict[str, Any] | None = None) -> int:
        if self._connection is None:
            return 0
        return int(self._arrow(text, parameters or {}).column("n")[0].as_py())
