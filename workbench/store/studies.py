"""The studies in a Neo4j database: which corpus each holds, and what goes when one goes.

A node ``Study`` names the corpus of each. While a push is under way it names the corpus that is
being written (``target``) and none that is held; so a push that was cut off is seen, and healed by
the next one.
"""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import NotFoundError, StoreError, UsageError
from workbench.store.clearing import BROUGHT, clear, leave, sweep
from workbench.store.schema import KEY_BYTES, NODES, RELATIONSHIPS, RESULTS, STORE_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from workbench.store.bolt import Bolt

__all__ = ["Studies", "Turn", "check_name", "taken"]


@dataclass(frozen=True)
class Turn:
    """The right to fill a study, which ends when somebody else takes it.

    Attributes
    ----------
    study
        Its name.
    token
        Stands in the database as long as this is whose turn it is.
    others
        The other studies, of whose posts the database has the texts.
    new_nodes, new_relationships
        Whether the database has no nodes of anybody, and the study none of these relationships.
    """

    study: str
    token: str
    others: tuple[str, ...] = ()
    new_nodes: bool = False
    new_relationships: bool = False


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

    def check(self, study: str) -> None:
        """Refuse a study that is not there.

        Raises
        ------
        NotFoundError
            With the names of those that are.
        """
        names = self.rows().column("study").to_pylist()
        if study not in names:
            raise NotFoundError(
                "no such study in the store", value=study, allowed=", ".join(names) or "none"
            )

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
            "s.counts AS counts, s.version AS version, s.cuts AS bounds, "
            "s.imported IS NOT NULL AS imported, coalesce(s.stale, false) AS stale, "
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
        held["bounds"] = held["bounds"] or []
        return held

    def check_values(self) -> None:
        """Refuse a database where values of accounts and posts are not there any more.

        Raises
        ------
        StoreError
            A study that shared them was removed, and others were not pushed since.
        """
        stale = self._bolt.rows(
            "MATCH (s:Study) WHERE s.stale RETURN s.study AS study ORDER BY study"
        )
        if stale.num_rows:
            raise StoreError(
                "what is known of accounts and posts went with a study that shared them",
                value=", ".join(stale.column("study").to_pylist()),
                remedy="push these studies again: workbench store push --study DIR --to URI",
            )

    def check_own(self, study: str) -> None:
        """Refuse a study whose accounts or posts others share, and may know otherwise.

        Raises
        ------
        StoreError
            With how many they are.
        """
        known = [label for label in BROUGHT if len(NODES[label].properties) > 1]
        shared = sum(
            self._count(
                f"MATCH (n:{label}) WHERE $study IN n.studies AND size(n.studies) > 1 "
                "RETURN count(*)",
                study,
            )
            for label in known
        )
        if shared:
            raise StoreError(
                "other studies share accounts or posts of this one, and wrote what they know",
                value=f"{shared:,} in {study}",
                remedy="push its corpus into a database of its own",
            )

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

    def checked_counts(self, study: str, sent: Mapping[str, int]) -> dict[str, dict[str, int]]:
        """Return the counts of a study, which must be those of the rows that were sent.

        Raises
        ------
        StoreError
            They are not: somebody whose connection was cut wrote on. The next push starts anew.
        """
        counted = self.counts(study)
        there = {**counted["nodes"], **counted["relationships"]}
        for name, rows in sent.items():
            if there[name] != rows:
                self._unsettle(study)
                raise StoreError(
                    "somebody else wrote to this study meanwhile",
                    value=f"{there[name]:,} {name} instead of {rows:,}",
                    remedy="push again",
                )
        return counted

    def unchanged(self, study: str) -> dict[str, dict[str, int]] | None:
        """Return the counts of a study that are still those of its last push, else None."""
        counted = self.counts(study)
        brought = {
            name: count
            for name, count in {**counted["nodes"], **counted["relationships"]}.items()
            if name not in RESULTS
        }
        held = self.held(study)
        whole = held.get("counts") == json.dumps(brought, sort_keys=True)
        return counted if whole and not held["stale"] else None

    def texts_differ(self, study: str) -> bool:
        """Return whether another study knows a post of this one with another text."""
        differ = "MATCH (p:Post) WHERE p.text_differs AND $study IN p.studies RETURN count(*)"
        return self._count(differ, study) > 0

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

    def begin(self, study: str, corpus: str, *, anew: bool = False) -> Turn:
        """Get a study ready to be filled from a corpus.

        If it held another corpus, somebody changed it (`anew`) or nobody adopted its import, its
        relationships go, and its nodes are nobody's until they are written again; what analyses
        wrote back to them stays.
        """
        held = self.held(study)
        if not held or anew or held["imported"] or held["target"] != corpus:
            self.claim()
            self._unsettle(study)
            for kind in RELATIONSHIPS:
                if kind not in RESULTS:
                    clear(self._bolt, kind, study)
        if held and (anew or held["imported"] or held["stale"] or held["target"] != corpus):
            leave(self._bolt, study)
        token = secrets.token_hex(8)
        self._bolt.run(
            "MERGE (s:Study {study: $study}) SET s.corpus = null, s.target = $target, "
            "s.version = $version, s.forgotten = false, s.stale = null, s.token = $token",
            {"study": study, "target": corpus, "version": STORE_VERSION, "token": token},
        )
        others = self._bolt.rows(
            "MATCH (s:Study) WHERE s.study <> $study AND NOT coalesce(s.stale, false) "
            "RETURN s.study AS study ORDER BY study",
            {"study": study},
        )
        again = bool(held) and held["target"] == corpus and not (anew or held["imported"])
        return Turn(
            study,
            token,
            tuple(others.column("study").to_pylist()),
            new_nodes=not any(
                self._count(f"MATCH (n:{label}) RETURN count(*)") for label in BROUGHT
            ),
            new_relationships=not again,
        )

    def take(self, study: str) -> Turn:
        """Take the turn to finish a study that is there."""
        turn = Turn(study, secrets.token_hex(8))
        text = "MATCH (s:Study) WHERE s.study = $study SET s.token = $token"
        self._bolt.run(text, {"study": study, "token": turn.token})
        return turn

    def finish(
        self,
        turn: Turn,
        *,
        facts: Mapping[str, Any],
        counts: Mapping[str, int],
        refused: Sequence[Mapping[str, str]],
        cuts: Sequence[str],
    ) -> None:
        """Say that a study holds its target, and delete nodes that are nobody's any more.

        Raises
        ------
        StoreError
            It is somebody else's turn.
        """
        sweep(self._bolt, turn.study)
        done = self._bolt.run(
            "MATCH (s:Study) WHERE s.study = $study AND s.token = $token "
            "SET s.corpus = s.target, s.facts = $facts, s.refused = $refused, "
            "s.counts = $counts, s.cuts = $cuts, s.written_ms = $now, s.imported = null "
            "RETURN count(*)",
            {
                "study": turn.study,
                "token": turn.token,
                "facts": json.dumps(facts),
                "refused": json.dumps(refused),
                "counts": json.dumps(counts, sort_keys=True),
                "cuts": list(cuts),
                "now": time.time_ns() // 1_000_000,
            },
        )
        if not done:
            raise taken(turn.study)

    def claim(self) -> None:
        """Say of the nodes that an import brought whose they are; the importer writes no lists."""
        imported = "MATCH (s:Study) WHERE s.imported IS NOT NULL RETURN s.study AS study"
        for study in self._bolt.rows(imported).column("study").to_pylist():
            for label in BROUGHT:
                self._bolt.run(
                    f"MATCH (n:{label}) WHERE n.studies IS NULL CALL (n) {{ "
                    "SET n.studies = [$study] } IN 2 CONCURRENT TRANSACTIONS OF 10000 ROWS",
                    {"study": study},
                )

    def drop(self, study: str) -> None:
        """Remove a study: its relationships and runs, and the nodes that only it brought.

        What is known of a node that other studies share goes as well, as it may be of this one:
        they are to be pushed again before they are asked about it.

        Raises
        ------
        NotFoundError
            The database has no such study.
        """
        self.check(study)
        self.claim()
        self._unsettle(study)
        self._bolt.run(
            "MATCH (s:Study) WHERE s.study <> $study SET s.stale = true", {"study": study}
        )
        for kind in RELATIONSHIPS:
            clear(self._bolt, kind, study)
        for label in ("Run", "IndexValue"):
            self._bolt.run(
                f"MATCH (n:{label}) WHERE n.study = $study "
                "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS",
                {"study": study},
            )
        leave(self._bolt, study, blank=True)
        sweep(self._bolt, study)
        self._bolt.run("MATCH (s:Study) WHERE s.study = $study DELETE s", {"study": study})

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

    def _unsettle(self, study: str) -> None:
        """Say that a study is not whole, and nobody's turn."""
        self._bolt.run(
            "MATCH (s:Study) WHERE s.study = $study SET s.corpus = null, s.target = null, "
            "s.token = null, s.imported = null, s.forgotten = false",
            {"study": study},
        )

    def _count(self, text: str, study: str | None = None) -> int:
        found = self._bolt.rows(text, {} if study is None else {"study": study})
        return int(found.column(0)[0].as_py())


def check_name(study: str | None) -> None:
    """Refuse what is no name of a study.

    Raises
    ------
    UsageError
        It is empty or too long.
    """
    if study is not None and not 0 < len(study.encode("utf-8", "replace")) <= KEY_BYTES:
        raise UsageError(
            "this is no name of a study", value=study, allowed=f"1 to {KEY_BYTES:,} bytes"
        )


def taken(study: str) -> StoreError:
    """Return that somebody else fills a study."""
    return StoreError(
        "another process has begun to write this study",
        value=study,
        remedy="wait until it has ended, then push again",
    )
