"""After an import: finish what the importer cannot write, check all of it, hold the study."""

from __future__ import annotations

import contextlib
import json
import time
from typing import TYPE_CHECKING, Any

from workbench.errors import CannotBuildError, StoreError
from workbench.model.filters import Filters
from workbench.model.kinds import graph_kind
from workbench.progress import Progress
from workbench.store import graphs, projection
from workbench.store.bolt import Bolt
from workbench.store.constraining import constrain
from workbench.store.reading import answer
from workbench.store.schema import NODES, RELATIONSHIPS
from workbench.store.studies import Studies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.model.corpus import Corpus

__all__ = ["adopt"]

_AGAIN = "import the files again, into an empty database"


def adopt(
    uri: str,
    corpus: Corpus,
    *,
    study: str,
    fingerprints: Mapping[str, str],
    progress: bool | None = None,
) -> dict[str, Any]:
    """Make a study that was imported from the files of ``export_bulk`` one that is held.

    Makes constraints and indexes, sets right what the importer cannot write, counts nodes,
    relationships and the values of each property against what was exported, and compares graphs
    with the corpus. Adopting a second time only checks.

    Parameters
    ----------
    uri
        Of the server, as for ``connect``.
    corpus
        The corpus that was exported.
    study
        Its name in the database.
    fingerprints
        Kinds of interaction graphs → the fingerprint of the corpus' graph. Those that the store
        keeps too little of are not compared, and not among those returned.
    progress
        None shows progress on a terminal, False never.

    Returns
    -------
    dict
        ``uri``, ``study``, ``already`` (whether it was held before), ``nodes`` by label,
        ``relationships`` by type, ``fingerprints`` by kind, ``seconds``.

    Raises
    ------
    StoreError
        The database holds no such import, or something differs; the study is then not held.
    """
    start = time.perf_counter()
    bolt = Bolt(uri)
    with contextlib.closing(bolt):
        adoption = _Adoption(bolt, study, corpus.content_key)
        already = adoption.held()
        if already:
            counted = adoption.counts()
            compared = adoption.check_graphs(fingerprints)
        else:
            with bolt.exclusive():
                counted, compared = adoption.run(fingerprints, progress=progress)
    return {
        "uri": bolt.uri, "study": study, "already": already, **counted,
        "fingerprints": compared, "seconds": time.perf_counter() - start,
    }  # fmt: skip


class _Adoption:
    """One study that was imported, on its way to being held."""

    def __init__(self, bolt: Bolt, study: str, corpus: str) -> None:
        self._bolt = bolt
        self._studies = Studies(bolt)
        self._study = study
        self._corpus = corpus
        self._facts: Mapping[str, Any] = projection.NOTHING
        self._cuts: list[str] = []

    def held(self) -> bool:
        """Return whether the study is held already; refuse what is no import of the corpus.

        Raises
        ------
        StoreError
            There is none, or it is of another corpus.
        """
        held = self._studies.held(self._study)
        if not held:
            others = self._studies.rows().column("study").to_pylist()
            raise StoreError(
                "the database does not hold an import of this study",
                value=self._study,
                where=f"it holds {', '.join(others)}" if others else "it is empty",
                remedy="workbench store export-bulk --study DIR --out DIR, then import it",
            )
        self._facts = held["facts"] or projection.NOTHING
        self._cuts = held["bounds"]
        if held["corpus"] == self._corpus:
            return True
        if self._corpus not in {held["corpus"], held["target"]}:
            raise StoreError(
                "the database holds this study with another corpus",
                value=self._study,
                remedy="export this one and import it, or push it: workbench store push",
            )
        return False

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the counts of a study that is held.

        Raises
        ------
        StoreError
            They are not those of the corpus any more.
        """
        counted = self._studies.unchanged(self._study)
        if counted is None:
            raise StoreError(
                "this study was changed since it was written",
                value=self._study,
                remedy="push it again: workbench store push --study DIR --to neo4j://…",
            )
        return counted

    def run(
        self, fingerprints: Mapping[str, str], *, progress: bool | None
    ) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
        """Finish, check and hold the study; return its counts and the graphs compared."""
        told = self._told()
        self._check_alone()
        turn = self._studies.take(self._study)
        self._cuts = told.get("cuts", [])
        tables = [name for name, count in told["counts"].items() if count]
        with Progress(len(tables) + 2, "adopt", "steps", show=progress) as shown:
            constrain(self._bolt, again=_AGAIN)
            shown.update(1)
            self._studies.claim()
            for name, keys in told["empty"].items():
                self._blank(name, keys)
            shown.update(1)
            differ: list[str] = []
            for name in projection.tables():
                count = told["counts"][name]
                shown.describe(f"count {name}")
                differ += self._differing(name, count, told["known"].get(name, {}))
                shown.update(bool(count))
            if differ:
                raise StoreError(
                    "what was imported is not what was exported",
                    value="; ".join(differ[:3]) + (f"; {len(differ) - 3} more" * (len(differ) > 3)),
                    where=self._bolt.uri,
                    remedy=_AGAIN,
                )
            compared = self.check_graphs(fingerprints)
        self._studies.finish(
            turn,
            facts=self._facts,
            counts=told["counts"],
            refused=told["refused"],
            cuts=self._cuts,
        )
        counted = {
            "nodes": {name: told["counts"].get(name, 0) for name in NODES},
            "relationships": {name: told["counts"].get(name, 0) for name in RELATIONSHIPS},
        }
        return counted, compared

    def check_graphs(self, fingerprints: Mapping[str, str]) -> dict[str, str]:
        """Compare graphs of the store with those of the corpus; return those that it can give.

        Raises
        ------
        StoreError
            One differs.
        """
        compared = {}
        for kind, expected in fingerprints.items():
            what = graph_kind(kind)
            try:
                made, _ = graphs.build(
                    lambda question: answer(self._bolt, question, cuts=self._cuts),
                    what,
                    Filters.parse(),
                    facts=self._facts,
                    study=self._study,
                )
            except CannotBuildError:  # a store refuses what it keeps too little of
                continue
            if made.fingerprint != expected:
                raise StoreError(
                    f"the {what.name} graph of the store is not that of the corpus",
                    value=made.fingerprint[:16],
                    allowed=expected[:16],
                    remedy=_AGAIN,
                )
            compared[what.name] = made.fingerprint
        return compared

    def _told(self) -> dict[str, Any]:
        """Return what the import says of itself."""
        rows = self._bolt.rows(
            "MATCH (s:Study) WHERE s.study = $study "
            "RETURN s.imported AS imported, s.counts AS counts, s.refused AS refused",
            {"study": self._study},
        ).to_pylist()
        told = json.loads(rows[0]["imported"] or "{}")
        if told.get("corpus") != self._corpus:
            raise StoreError(
                "this is a push that was cut off, not an import",
                value=self._study,
                remedy="push it again: workbench store push --study DIR --to neo4j://…",
            )
        return {**told, **{key: json.loads(rows[0][key]) for key in ("counts", "refused")}}

    def _check_alone(self) -> None:
        """Refuse a database that other studies have been pushed into meanwhile."""
        others = [s for s in self._studies.rows().column("study").to_pylist() if s != self._study]
        if others:
            raise StoreError(
                "another study was pushed before the import was adopted",
                value=", ".join(others),
                remedy=f"{_AGAIN}, adopt it, and push the others afterwards",
            )

    def _blank(self, name: str, keys: list[str]) -> None:
        """Set texts that are empty: the importer takes them for missing."""
        pattern = f"(n:{name})" if name in NODES else f"()-[n:{name}]->()"
        for key in keys:
            self._bolt.run(
                f"MATCH {pattern} WHERE n.{key}_empty CALL (n) {{ SET n.{key} = '' "
                f"REMOVE n.{key}_empty }} IN TRANSACTIONS OF 10000 ROWS"
            )

    def _differing(self, name: str, count: int, known: Mapping[str, int]) -> list[str]:
        """Say which numbers differ: of nodes or relationships, and of those with each property."""
        if name in NODES:
            pattern, mine = f"(n:{name})", "$study IN n.studies"
        else:
            pattern, mine = f"()-[n:{name}]->()", "n.study = $study"
        values = "".join(f", count(n.{key}) AS {key}" for key in known)
        found = self._bolt.rows(
            f"MATCH {pattern} WHERE {mine} RETURN count(*) AS `{name}`{values}",
            {"study": self._study},
        ).to_pylist()[0]
        return [
            f"{key if key == name else f'{name}.{key}'} {found[key]:,} instead of {expected:,}"
            for key, expected in {name: count, **known}.items()
            if found[key] != expected
        ]
