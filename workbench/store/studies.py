"""The studies in a Neo4j database: which corpus each holds, and what goes when one goes.

A node ``Study`` names the corpus of each. While a push is under way it names the corpus that is
being written (``target``) and none that is held; so a push that was cut off is seen, and healed by
the next one.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from workbench.errors import NotFoundError, StoreError
from workbench.store.schema import NODES, RELATIONSHIPS, RESULTS, STORE_VERSION, UNUSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from workbench.store.bolt import Bolt

__all__ = ["Studies"]

_BROUGHT = [label for label in NODES if label not in RESULTS]


class Studies:
    """What a database says of its studies.

    Parameters
    ----------
    bolt
        The database.
    """

    def __init__(self, bolt: Bolt) -> None:
        self._bolt = bolt

    def rows(self) -> pa.Table:
        """Return name, corpus and time of writing of each study."""
        return self._bolt.rows(
            "MATCH (s:Study) RETURN s.study AS study, s.corpus AS corpus, "
            "s.written_ms AS written_ms ORDER BY study"
        )

    def only(self) -> str | None:
        """Return the name of the only study; None if the database has none.

        Raises
        ------
        StoreError
            It has several.
        """
        names = self.rows().column("study").to_pylist()
        if len(names) > 1:
            raise StoreError(
                "this database holds several studies",
                value=", ".join(names),
                remedy="name one: --study DIR, or connect(uri, study=…)",
            )
        return names[0] if names else None

    def held(self, study: str, *, whole: bool = False) -> dict[str, Any]:
        """Return what is known of a study; nothing if there is none of that name.

        Raises
        ------
        StoreError
            It was written by another version, or, if it must be `whole`, its push was cut off.
        """
        rows = self._bolt.rows(
            "MATCH (s:Study) WHERE s.study = $study RETURN s.corpus AS corpus, s.facts AS facts, "
            "s.written_ms AS written_ms, s.target AS target, s.refused AS refused, "
            "s.counts AS counts, s.version AS version, "
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
        if whole and held["corpus"] is None and not held["forgotten"]:
            raise StoreError(
                "a push of this study was cut off", value=study, remedy="push it again"
            )
        held["facts"] = json.loads(held["facts"]) if held["facts"] else None
        held["refused"] = json.loads(held["refused"]) if held["refused"] else []
        return held

    def counts(self, study: str) -> dict[str, dict[str, int]]:
        """Return the number of a study's ``nodes`` by label and ``relationships`` by type."""
        nodes, between = {}, {}
        for label in NODES:
            where = "n.study = $study" if label in RESULTS else "$study IN n.studies"
            nodes[label] = self._count(f"MATCH (n:{label}) WHERE {where} RETURN count(*)", study)
        for kind in RELATIONSHIPS:
            text = f"MATCH ()-[r:{kind}]->() WHERE r.study = $study RETURN count(*)"
            between[kind] = self._count(text, study)
        return {"nodes": nodes, "relationships": between}

    def unchanged(self, study: str) -> dict[str, dict[str, int]] | None:
        """Return the counts of a study that are still those of its last push, else None."""
        counted = self.counts(study)
        brought = {
            name: count
            for name, count in {**counted["nodes"], **counted["relationships"]}.items()
            if name not in RESULTS
        }
        told = json.dumps(brought, sort_keys=True)
        return counted if told == self.held(study).get("counts") else None

    def texts_differ(self, study: str) -> bool:
        """Return whether another study knows a post of this one with another text."""
        found = "MATCH (p:Post) WHERE p.text_differs AND $study IN p.studies RETURN count(*)"
        return self._count(found, study) > 0

    def check_owner(self) -> None:
        """Refuse a database with data that the workbench has not written.

        Raises
        ------
        StoreError
            There are nodes of other labels, or nodes but no study.
        """
        known = "|".join([*NODES, "Study", "Lock"])
        foreign = self._count(f"MATCH (n) WHERE NOT n:{known} RETURN count(*)")
        if not foreign and not self._count("MATCH (s:Study) RETURN count(*)"):
            foreign = self._count("MATCH (n) WHERE NOT n:Lock RETURN count(*)")
        if foreign:
            raise StoreError(
                "this database holds somebody else's data",
                value=f"{foreign:,} nodes in {self._bolt.database} at {self._bolt.uri}",
                remedy="use an empty database, or say that it may be shared: --shared",
            )

    def begin(self, study: str, corpus: str, *, anew: bool = False) -> None:
        """Get a study ready to be filled from a corpus.

        If it held another corpus, or somebody changed it (`anew`), its relationships go, and its
        nodes are nobody's until they are written again; what analyses wrote back to them stays.
        """
        held = self.held(study)
        if held and (anew or held["target"] != corpus):
            self._bolt.run(
                "MATCH (s:Study) WHERE s.study = $study "
                "SET s.corpus = null, s.target = null, s.forgotten = false",
                {"study": study},
            )
            for kind in RELATIONSHIPS:
                if kind not in RESULTS:
                    self._clear(kind, study)
            self._leave(study)
        self._bolt.run(
            "MERGE (s:Study {study: $study}) SET s.corpus = null, s.target = $target, "
            "s.version = $version, s.forgotten = false RETURN count(*)",
            {"study": study, "target": corpus, "version": STORE_VERSION},
        )

    def finish(
        self,
        study: str,
        *,
        facts: Mapping[str, Any],
        counts: Mapping[str, int],
        refused: Sequence[Mapping[str, str]],
    ) -> None:
        """Say that a study holds its target, and delete nodes that are nobody's any more."""
        self._sweep(study)
        self._bolt.run(
            "MATCH (s:Study) WHERE s.study = $study SET s.corpus = s.target, s.facts = $facts, "
            "s.refused = $refused, s.counts = $counts, s.written_ms = $now",
            {
                "study": study,
                "facts": json.dumps(facts),
                "refused": json.dumps(refused),
                "counts": json.dumps(counts, sort_keys=True),
                "now": time.time_ns() // 1_000_000,
            },
        )

    def drop(self, study: str) -> None:
        """Remove a study: its relationships and runs, and the nodes that only it brought.

        A node that other studies share stays as it was written last.

        Raises
        ------
        NotFoundError
            The database has no such study.
        """
        names = self.rows().column("study").to_pylist()
        if study not in names:
            raise NotFoundError(
                "no such study in the store", value=study, allowed=", ".join(names) or "none"
            )
        self._bolt.run(
            "MATCH (s:Study) WHERE s.study = $study "
            "SET s.corpus = null, s.target = null, s.forgotten = false",
            {"study": study},
        )
        for kind in RELATIONSHIPS:
            self._clear(kind, study)
        for label in ("Run", "IndexValue"):
            self._bolt.run(
                f"MATCH (n:{label}) WHERE n.study = $study "
                "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
                {"study": study},
            )
        self._leave(study)
        self._sweep(study)
        self._bolt.run("MATCH (s:Study) WHERE s.study = $study DELETE s", {"study": study})

    def forget(self, account: str) -> int:
        """Remove an account from all studies, its posts, and what only they carried; count these.

        Raises
        ------
        NotFoundError
            No study has such an account.
        """
        given = {"account": account}
        itself = "MATCH (a:Account) WHERE a.account_id = $account AND a.studies IS NOT NULL"
        wrote = "MATCH (a:Account)-[:POSTED]->(p:Post) WHERE a.account_id = $account"
        if not self._bolt.rows(f"{itself} RETURN a.account_id", given).num_rows:
            raise NotFoundError("no such account in the store", value=account)
        posts = self._bolt.rows(f"{wrote} RETURN count(DISTINCT p) AS n", given)
        whole = "MATCH (s:Study) WHERE s.corpus IS NOT NULL"
        statements: list[tuple[str, dict[str, Any]]] = [
            (f"{whole} SET s.corpus = null, s.forgotten = true", {}),
            (f"{wrote} DETACH DELETE p", given),
            (f"{itself} DETACH DELETE a", given),
        ]
        for label, pattern in UNUSED.items():
            unused = f"n.studies IS NOT NULL AND NOT EXISTS {{ MATCH {pattern} }}"
            statements.append((f"MATCH (n:{label}) WHERE {unused} DETACH DELETE n", {}))
        self._bolt.together(statements)
        return int(posts.column("n")[0].as_py())

    def check_accounts(self, study: str, targets: pa.ChunkedArray) -> None:
        """Refuse accounts that a study does not have.

        Raises
        ------
        NotFoundError
            With how many they are, and one of them.
        """
        missing = self._bolt.rows(
            "UNWIND $ids AS id OPTIONAL MATCH (a:Account {account_id: id}) WITH id, a "
            "WHERE NOT $study IN coalesce(a.studies, []) RETURN id",
            {"ids": targets.to_pylist(), "study": study},
        )
        if missing.num_rows:
            raise NotFoundError(
                "results name accounts that the store does not have",
                value=f"{missing.num_rows}, such as {missing.column('id')[0]}",
                remedy="push the corpus first: workbench store push --study DIR",
            )

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

    def _sweep(self, study: str) -> None:
        """Delete nodes that no study brings any more; results of another study keep theirs.

        Such a node is of a study whose push was cut off: its next push brings it again.
        """
        kept = "EXISTS { MATCH (:Run)-[r:SCORED|ASSIGNED]->(n) WHERE r.study <> $study }"
        for label in _BROUGHT:
            self._bolt.run(
                f"MATCH (n:{label}) WHERE size(n.studies) = 0 AND NOT {kept} "
                "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
                {"study": study},
            )

    def _count(self, text: str, study: str | None = None) -> int:
        found = self._bolt.rows(text, {} if study is None else {"study": study})
        return int(found.column(0)[0].as_py())
