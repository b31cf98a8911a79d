"""The store on a Neo4j server: many studies in one database, each with its own relationships.

Nodes are shared: their property ``studies`` lists who brought them. Every relationship belongs to
one study, named in its property ``study``; so a graph of one study never counts another one's acts,
and a study can be removed with what only it brought. A node ``Study`` says which corpus each holds.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.engine import session as open_session
from workbench.errors import CannotBuildError, NotFoundError, StoreError
from workbench.model.backbone import whole_graph_filters
from workbench.model.filters import Filters, Instant
from workbench.model.kinds import graph_kind
from workbench.progress import Progress
from workbench.store import graphs, guard, library, projection
from workbench.store.bolt import Bolt
from workbench.store.merging import merge
from workbench.store.results import normalised
from workbench.store.schema import (
    NODES,
    RELATIONSHIPS,
    RESULTS,
    STORE_VERSION,
    UNUSED,
    neo4j_statements,
)
from workbench.store.writing import run_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.model.scores import NodeScores

__all__ = ["Neo4jStore"]

#: The study of a store that was opened without naming one, where the database has none yet.
DEFAULT_STUDY = "study"
_BROUGHT = [label for label in NODES if label not in RESULTS]
_TYPES = {
    **dict.fromkeys(("source", "target", "account", "object", "post"), pa.string()),
    **dict.fromkeys(("first_ms", "last_ms", "created_ms"), pa.int64()),
    "weight": pa.float64(),
}


class Neo4jStore:
    """A graph store on a Neo4j server.

    One process writes at a time; a second one is told so.

    Parameters
    ----------
    uri
        Such as ``neo4j://localhost:7687``. Credentials come from ``NEO4J_USERNAME`` and
        ``NEO4J_PASSWORD``, the database from ``NEO4J_DATABASE``.
    study
        Which of the studies in the database is meant; by default the only one.
    shared
        Whether the database may hold data that the workbench has not written.

    Raises
    ------
    StoreError
        No server answers, it refuses the credentials, is too old, or its data are of another
        version of the workbench.
    """

    def __init__(self, uri: str, *, study: str | None = None, shared: bool = False) -> None:
        self._bolt = Bolt(uri)
        self.uri = self._bolt.uri
        self._study = study
        self._shared = shared
        self._filled = False

    # -- what it holds ---------------------------------------------------------------------------

    def write(self, corpus: Corpus, *, progress: bool | None = None) -> dict[str, Any]:
        """Make the store hold `corpus` as its study; what analyses wrote back stays.

        Constraints first; then nodes, then relationships, in batches that can be repeated. A push
        that was cut off is healed by the next one. Writing the corpus that is already there only
        counts.

        Parameters
        ----------
        progress
            None shows progress on a terminal, False never.

        Returns
        -------
        dict
            ``uri``, ``study``, ``nodes`` by label, ``relationships`` by type, ``seconds``.

        Raises
        ------
        StoreError
            The server fails, another process writes, rows were lost, or the database holds
            somebody else's data.
        """
        start = time.perf_counter()
        study = self._study or self._only_study() or DEFAULT_STUDY
        held = self._held(study)
        counted = self._counts(study) if held.get("corpus") == corpus.content_key else None
        if counted is None or held.get("counts") != _told(counted):
            self._check_owner()
            for statement in neo4j_statements():
                self._bolt.run(statement)
            self._bolt.run("CALL db.awaitIndexes(300)")
            with self._bolt.exclusive():
                self._replace(corpus, study, progress=progress)
            self._study = study
            counted = self._counts(study)
        seconds = time.perf_counter() - start
        return {"uri": self.uri, "study": study, **counted, "seconds": seconds}

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of the study's ``nodes`` by label and ``relationships`` by type."""
        return self._counts(self._study or self._only_study() or DEFAULT_STUDY)

    def _counts(self, study: str) -> dict[str, dict[str, int]]:
        given = {"study": study}
        nodes, between = {}, {}
        for label in NODES:
            where = "n.study = $study" if label in RESULTS else "$study IN n.studies"
            nodes[label] = self._count(f"MATCH (n:{label}) WHERE {where} RETURN count(*)", given)
        for kind in RELATIONSHIPS:
            text = f"MATCH ()-[r:{kind}]->() WHERE r.study = $study RETURN count(*)"
            between[kind] = self._count(text, given)
        return {"nodes": nodes, "relationships": between}

    def studies(self) -> pd.DataFrame:
        """Return the studies in the database: name, corpus, when it was written."""
        return normalised(
            self._bolt.rows(
                "MATCH (s:Study) RETURN s.study AS study, s.corpus AS corpus, "
                "s.written_ms AS written_ms ORDER BY study"
            )
        )

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
        """Return the graph of the study that its corpus would give, with the same fingerprint.

        See ``workbench.graphs.graph`` for the kinds and filters.

        Raises
        ------
        CannotBuildError
            The store lacks what the graph or filter needs; the message says what to ask instead.
        StoreError
            The database holds several studies and none was named, or a push was cut off.
        """
        what = graph_kind(kind)
        filters = Filters.parse(
            since=since, until=until, min_weight=min_weight, origin=origin, lang=lang,
            hashtag=hashtag, text=text, accounts=accounts, max_accounts=max_accounts,
        )  # fmt: skip
        study = self._name()
        held = self._held(study)
        if held and held["corpus"] is None and not held["forgotten"]:
            raise StoreError(
                "a push of this study was cut off", value=study, remedy="push it again"
            )
        for entry in held.get("refused", []):
            if entry["graph"] == what.name:
                raise CannotBuildError(
                    f"no {what.name} graph can be built from this data", value=entry["reason"]
                )
        made, acts = graphs.build(
            self._typed, what, filters, facts=held.get("facts") or projection.NOTHING, study=study
        )
        return whole_graph_filters(
            made, filters, acts=acts, backbone=backbone, largest_component=largest_component
        )

    def drop_study(self, study: str | None = None) -> None:
        """Remove a study with all that only it brought; what others share stays.

        Raises
        ------
        NotFoundError
            The database has no such study.
        """
        name = study or self._name()
        if not self._held(name):
            raise NotFoundError(
                "no such study in the store",
                value=name,
                allowed=", ".join(self.studies()["study"]) or "none",
            )
        with self._bolt.exclusive():
            for kind in RELATIONSHIPS:
                self._clear(kind, name)
            for label in ("Run", "IndexValue"):
                self._bolt.run(
                    f"MATCH (n:{label}) WHERE n.study = $study "
                    "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
                    {"study": name},
                )
            self._leave(name)
            self._sweep()
            self._bolt.run("MATCH (s:Study) WHERE s.study = $study DELETE s", {"study": name})

    # -- questions -------------------------------------------------------------------------------

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """Return the rows of a query of the library; parameters without a value take the default.

        Raises
        ------
        NotFoundError
            The library has no such query.
        UsageError
            A parameter does not exist or does not fit.
        StoreError
            The database holds several studies, whose acts the query would add up.
        """
        found = library.find(name)
        values = library.bound(found, parameters)
        self._name()
        guard.check(found.text, values)
        return normalised(self._bolt.rows(found.text, values))

    def cypher(
        self, text: str, *, write: bool = False, limit: int | None = None, **parameters: Any
    ) -> pd.DataFrame:
        """Return the rows of a query; it reads unless `write`, which the server sees to as well.

        Parameters
        ----------
        limit
            At most so many rows; one more row than asked for is never fetched.

        Raises
        ------
        QueryError
            The query writes, uses a form or name that is refused, or is wrong.
        """
        guard.check(text, parameters, write=write)
        if not self._filled and self.studies().empty:
            self._name()
        return normalised(self._bolt.rows(text, parameters, write=write, limit=limit))

    # -- results ---------------------------------------------------------------------------------

    def annotate(self, *results: Partition | NodeScores | IndexValue, name: str = "") -> str:
        """Write communities, scores and index values back under one new run of the study.

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
            An account of a result is not in the study.
        """
        run, tables = run_tables(results, name=name)
        study = self._name()
        for kind in ("SCORED", "ASSIGNED"):
            if kind in tables:
                self._check_accounts(tables[kind].column("target"), study)
        with self._bolt.exclusive():
            self._bolt.together(
                (_result_statement(kind), {"study": study, **rows})
                for kind, table in tables.items()
                for rows in _row_batches(table)
            )
        return run

    def runs(self) -> pd.DataFrame:
        """Return the runs of the study that were written back, the oldest first."""
        return normalised(
            self._bolt.rows(
                "MATCH (r:Run) WHERE r.study = $study RETURN r.run_id AS run_id, r.name AS name, "
                "r.method AS method, r.parameters AS parameters, r.seed AS seed, "
                "r.version AS version, r.input AS input, r.written_ms AS written_ms "
                "ORDER BY r.written_ms, r.run_id",
                {"study": self._name()},
            )
        )

    def drop_run(self, run_id: str) -> None:
        """Remove a run with everything it wrote.

        Raises
        ------
        NotFoundError
            The study has no such run.
        """
        if run_id not in set(self.runs()["run_id"]):
            raise NotFoundError(
                "no such run", value=run_id, remedy="see: workbench store runs --study DIR"
            )
        measured = "MATCH (r:Run)-[:MEASURED]->(i:IndexValue) WHERE r.run_id = $run"
        given = {"run": run_id}
        with self._bolt.exclusive():
            self._bolt.together(
                [
                    (f"{measured} DETACH DELETE i", given),
                    ("MATCH (r:Run) WHERE r.run_id = $run DETACH DELETE r", given),
                ]
            )

    def forget(self, account: str) -> dict[str, int]:
        """Remove an account from all studies: its posts, what they alone carried, all their acts.

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
        if not self._count(f"{itself} RETURN count(*)", given):
            raise NotFoundError("no such account in the store", value=account)
        posts = self._count(f"{wrote} RETURN count(DISTINCT p)", given)
        with self._bolt.exclusive():
            unused: list[tuple[str, dict[str, Any]]] = [
                (f"MATCH (n:{label}) WHERE NOT EXISTS {{ MATCH {pattern} }} DETACH DELETE n", {})
                for label, pattern in UNUSED.items()
            ]
            self._bolt.together(
                [
                    ("MATCH (s:Study) SET s.corpus = null, s.forgotten = true", {}),
                    (f"{wrote} DETACH DELETE p", given),
                    (f"{itself} DETACH DELETE a", given),
                    *unused,
                ]
            )
        return {"accounts": 1, "posts": posts}

    def close(self) -> None:
        """Let go of the server."""
        self._bolt.close()

    def __repr__(self) -> str:
        """Return where it is and which study is meant."""
        return f"<Neo4jStore {self.uri}: {self._study or 'the only study'}>"

    # -- inside ----------------------------------------------------------------------------------

    def _only_study(self) -> str | None:
        names = self.studies()["study"].tolist()
        if len(names) > 1:
            raise StoreError(
                "this database holds several studies",
                value=", ".join(names),
                remedy="name one: --study DIR, or connect(uri, study=…)",
            )
        return names[0] if names else None

    def _name(self) -> str:
        """Return the study that is meant, once the database has any."""
        name = self._study or self._only_study()
        if name is None or not (self._filled or self._held(name)):
            raise StoreError(
                "the store is empty" if name is None else "the store does not have this study",
                value=self.uri if name is None else name,
                remedy="push a corpus first: workbench store push --study DIR",
            )
        self._filled = True
        return name

    def _held(self, study: str) -> dict[str, Any]:
        """Return what the database says of a study; nothing if it has none of that name."""
        rows = self._bolt.rows(
            "MATCH (s:Study) WHERE s.study = $study RETURN s.corpus AS corpus, s.facts AS facts, "
            "s.target AS target, s.refused AS refused, s.counts AS counts, s.version AS version, "
            "coalesce(s.forgotten, false) AS forgotten",
            {"study": study},
        ).to_pylist()
        if not rows:
            return {}
        held: dict[str, Any] = rows[0]
        if held["version"] != STORE_VERSION:
            raise StoreError(
                "this study was written by another version of the workbench",
                value=f"{study}, version {held['version']}",
                allowed=str(STORE_VERSION),
                remedy="drop it and push it again",
            )
        for key in ("facts", "refused"):
            held[key] = json.loads(held[key]) if held[key] else held[key]
        held["refused"] = held["refused"] or []
        return held

    def _check_owner(self) -> None:
        """Refuse a database with data that the workbench has not written."""
        if self._shared:
            return
        known = "|".join([*NODES, "Study", "Lock"])
        ours = "MATCH (s:Study) RETURN count(*)"
        if self._count(f"MATCH (n) WHERE NOT n:{known} RETURN count(*)") or (
            not self._count(ours) and self._count("MATCH (n) WHERE NOT n:Lock RETURN count(*)")
        ):
            raise StoreError(
                "this database holds somebody else's data",
                value=f"{self.uri}, {self._bolt.database}",
                remedy="use an empty database, or say that it may be shared: --shared",
            )

    def _replace(self, corpus: Corpus, study: str, *, progress: bool | None) -> None:
        """Write all rows of a corpus; what the study brought before and the corpus has not goes."""
        held = self._held(study)
        given = {"study": study, "target": corpus.content_key, "version": STORE_VERSION}
        if held and held["target"] != corpus.content_key:
            self._bolt.run(
                "MATCH (s:Study) WHERE s.study = $study SET s.corpus = null, s.target = null",
                given,
            )
            for kind in RELATIONSHIPS:
                if kind not in RESULTS:
                    self._clear(kind, study)
            self._leave(study)
        self._bolt.run(
            "MERGE (s:Study {study: $study}) SET s.corpus = null, s.target = $target, "
            "s.version = $version, s.forgotten = false RETURN count(*)",
            given,
        )
        facts, counts = self._fill(corpus, study, progress=progress)
        self._sweep()
        self._bolt.run(
            "MATCH (s:Study) WHERE s.study = $study SET s.corpus = $target, s.facts = $facts, "
            "s.refused = $refused, s.counts = $counts, s.written_ms = $now",
            {
                **given,
                "facts": json.dumps(facts),
                "refused": json.dumps(corpus.report.refused),
                "counts": json.dumps(counts, sort_keys=True),
                "now": time.time_ns() // 1_000_000,
            },
        )

    def _fill(
        self, corpus: Corpus, study: str, *, progress: bool | None
    ) -> tuple[dict[str, Any], dict[str, int]]:
        names, counts = projection.tables(), {}
        seen_as = pa.table({"post_id": [], "seen_as": []})
        with (
            Progress(len(names), "push", "tables", show=progress) as shown,
            open_session(corpus) as session,
        ):
            made = projection.Projection(session)
            for name, table in made.rows():
                rows = table
                if name == "Post":
                    seen_as = rows.select(["post_id", "seen_as"])
                elif name == "POSTED":
                    at = pc.index_in(rows.column("target"), seen_as.column("post_id"))
                    rows = rows.append_column("seen_as", seen_as.column("seen_as").take(at))
                shown.describe(f"push {name}")
                share = 1 / max(1, rows.num_rows)
                merge(
                    self._bolt, name, rows, study=study,
                    done=lambda n, share=share: shown.update(n * share),  # type: ignore[misc]
                )  # fmt: skip
                counts[name] = rows.num_rows
            return made.facts(), counts

    def _clear(self, kind: str, study: str) -> None:
        """Delete the relationships of one type that a study brought."""
        self._bolt.run(
            f"MATCH ()-[r:{kind}]->() WHERE r.study = $study "
            "CALL (r) { DELETE r } IN TRANSACTIONS OF 10000 ROWS",
            {"study": study},
        )

    def _leave(self, study: str) -> None:
        """Take a study off all nodes; those that nobody else brought keep only their key."""
        for label in _BROUGHT:
            key = NODES[label].key
            self._bolt.run(
                f"MATCH (n:{label}) WHERE $study IN n.studies CALL (n) {{ "
                f"WITH n, [s IN n.studies WHERE s <> $study] AS others "
                f"FOREACH (_ IN CASE WHEN size(others) = 0 THEN [1] ELSE [] END | "
                f"SET n = {{{key}: n.{key}}}) SET n.studies = others "
                "} IN TRANSACTIONS OF 10000 ROWS",
                {"study": study},
            )

    def _sweep(self) -> None:
        """Delete nodes that no study brings any more."""
        for label in _BROUGHT:
            self._bolt.run(
                f"MATCH (n:{label}) WHERE size(n.studies) = 0 "
                "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS"
            )

    def _check_accounts(self, targets: pa.ChunkedArray, study: str) -> None:
        missing = self._bolt.rows(
            "UNWIND $ids AS id OPTIONAL MATCH (a:Account {account_id: id}) WITH id, a "
            "WHERE a IS NULL OR NOT $study IN a.studies RETURN id",
            {"ids": targets.to_pylist(), "study": study},
        )
        if missing.num_rows:
            raise NotFoundError(
                "results name accounts that the store does not have",
                value=f"{missing.num_rows}, such as {missing.column('id')[0]}",
                remedy="push the corpus first: workbench store push --study DIR",
            )

    def _typed(self, text: str, parameters: dict[str, Any]) -> pa.Table:
        """Return the rows of one of our own queries, with types even where there are none."""
        rows = self._bolt.rows(text, parameters)
        fields = [(name, _TYPES[name]) for name in rows.column_names]
        return rows.cast(pa.schema(fields))

    def _count(self, text: str, parameters: dict[str, Any] | None = None) -> int:
        return int(self._bolt.rows(text, parameters or {}).column(0)[0].as_py())


def _told(counted: dict[str, dict[str, int]]) -> str:
    """Return counts as the database keeps them: of what a corpus brings."""
    both = {**counted["nodes"], **counted["relationships"]}
    return json.dumps({n: c for n, c in both.items() if n not in RESULTS}, sort_keys=True)


def _row_batches(table: pa.Table) -> list[dict[str, Any]]:
    """Return the rows of a result in batches of columns."""
    return [table.slice(at, 10_000).to_pydict() for at in range(0, max(1, len(table)), 10_000)]


def _result_statement(name: str) -> str:
    """Return the statement that creates rows of a result."""
    if name in NODES:
        keys = list(NODES[name].properties)
        first = keys[0]
        values = ", ".join(f"{key}: ${key}[i]" for key in keys)
        return (
            f"UNWIND range(0, size(${first}) - 1) AS i CREATE (:{name} {{{values}, study: $study}})"
        )
    kind = RELATIONSHIPS[name]
    values = "".join(f", {key}: ${key}[i]" for key in kind.properties)
    return (
        "UNWIND range(0, size($source) - 1) AS i "
        f"MATCH (a:{kind.source} {{{NODES[kind.source].key}: $source[i]}}) "
        f"MATCH (b:{kind.target} {{{NODES[kind.target].key}: $target[i]}}) "
        f"CREATE (a)-[:{name} {{study: $study{values}}}]->(b)"
    )
