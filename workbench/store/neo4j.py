"""The store on a Neo4j server: many studies in one database, each with its own relationships.

Nodes are shared: their property ``studies`` lists who brought them. Every relationship belongs to
one study, named in its property ``study``; so a graph of one study never counts another one's acts,
and a study can be removed with what only it brought. A node ``Study`` says which corpus each holds.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from workbench.engine import session as open_session
from workbench.errors import NotFoundError, StoreError
from workbench.model.backbone import whole_graph_filters
from workbench.model.filters import Filters, Instant
from workbench.model.kinds import graph_kind
from workbench.model.shown import Tabular
from workbench.progress import Progress
from workbench.store import clearing, guard, library, projection
from workbench.store.bolt import Bolt
from workbench.store.constraining import constrain
from workbench.store.merging import batches, merge, result_statement
from workbench.store.reading import bounds, table
from workbench.store.results import limited, normalised, one_more, within_own_limit
from workbench.store.schema import NODES, RELATIONSHIPS
from workbench.store.server_graphs import EVERY, of_every_study, of_study
from workbench.store.studies import Studies, check_name
from workbench.store.writing import run_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph
    from workbench.model.index import IndexValue
    from workbench.model.partition import Partition
    from workbench.model.scores import NodeScores
    from workbench.store.bolt import Ask
    from workbench.store.studies import Turn

__all__ = ["Neo4jStore"]

#: The study of a store that was opened without naming one, where the database has none yet.
DEFAULT_STUDY = "study"
#: So much of the client's memory a push gives to the table engine, which spills the rest.
_PUSH_MB = 384


class Neo4jStore(Tabular):
    """A graph store on a Neo4j server.

    One process writes at a time; a second one is told so.

    Parameters
    ----------
    uri
        Such as ``neo4j://localhost:7687``. Credentials come from ``NEO4J_USERNAME`` and
        ``NEO4J_PASSWORD``, the database from ``NEO4J_DATABASE``.
    study
        Which of the studies in the database is meant; by default the only one. ``*`` means all,
        of which only a graph can be asked.
    shared
        Whether the database may hold data that the workbench has not written.
    secret
        Asks for the password where the server wants one and none was given.

    Raises
    ------
    StoreError
        No server answers, it refuses the credentials, or it is too old.
    UsageError
        The name of the study is empty or too long.
    """

    def __init__(
        self, uri: str, *, study: str | None = None, shared: bool = False, secret: Ask | None = None
    ) -> None:
        check_name(study)
        self._bolt = Bolt(uri, secret=secret)
        self._studies = Studies(self._bolt)
        self.uri = self._bolt.uri
        self._study = study
        self._shared = shared

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
        study = self._meant()
        held = self._studies.held(study)
        same = held.get("corpus") == corpus.content_key
        counted = self._studies.unchanged(study) if same else None
        if counted is None:
            if not self._shared:
                self._studies.check_owner()
            constrain(self._bolt)
            with self._bolt.exclusive():
                changed = same and not held["stale"]
                turn = self._studies.begin(study, corpus.content_key, anew=changed)
                filled = self._fill(corpus, turn, progress=progress)
                counted = self._studies.checked_counts(study, filled["counts"])
                self._studies.finish(turn, refused=corpus.report.refused, **filled)
            self._study = study
        seconds = time.perf_counter() - start
        return {"uri": self.uri, "study": study, **counted, "seconds": seconds}

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the number of the study's ``nodes`` by label and ``relationships`` by type."""
        study = self._meant()
        self._studies.held(study, whole=True)
        return self._studies.counts(study)

    def studies(self) -> pd.DataFrame:
        """Return the studies in the database: name, corpus, when it was written."""
        return normalised(self._studies.rows())

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

        Of all studies: every act once, as the study knows it that has its post. See
        ``workbench.graphs.graph`` for the kinds and filters.

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
        if self._study == EVERY:
            made, acts = of_every_study(self._bolt, self._studies, kind=what, filters=filters)
        else:
            made, acts = of_study(
                self._bolt, self._studies, self._name(), kind=what, filters=filters
            )
        return whole_graph_filters(
            made, filters, acts=acts, backbone=backbone, largest_component=largest_component
        )

    def drop_study(self, study: str | None = None) -> None:
        """Remove a study: its relationships and runs, and the nodes that only it brought.

        What is known of nodes that other studies share goes as well, as it may be of this one:
        they are to be pushed again before they are asked about it.

        Raises
        ------
        NotFoundError
            The database has no such study.
        """
        name = study or self._meant()
        self._studies.check(name)
        with self._bolt.exclusive():
            self._studies.drop(name)

    def held(self) -> dict[str, Any]:
        """Return what the study says of its corpus: ``corpus``, ``facts``, ``refused``.

        Raises
        ------
        StoreError
            The database does not have the study, or only half of it.
        """
        told = self._studies.held(self._name(), whole=True)
        facts = told["facts"] or projection.NOTHING
        return {"corpus": told["corpus"], "facts": facts, "refused": told["refused"]}

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        """Yield name and rows of each label and type that came from the corpus, nodes first.

        Raises
        ------
        StoreError
            What is known of accounts and posts may be of another study that shares them.
        """
        study = self._name()
        self._studies.check_values()
        self._studies.check_own(study)
        for name in projection.tables():
            yield name, table(self._bolt, name, study=study)

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
        self._check_alone()
        self._studies.check_values()
        text = found.body("neo4j")
        guard.check(text, values)
        return within_own_limit(text, values, self._bolt.rows)

    def cypher(
        self, text: str, *, write: bool = False, limit: int | None = None, **parameters: Any
    ) -> pd.DataFrame:
        """Return the rows of a query; it reads unless `write`, which the server sees to as well.

        Parameters
        ----------
        limit
            At most so many rows. One more is fetched: ``attrs["cut"]`` of the rows says whether
            there are more, and a ``CutWarning`` if so.

        Raises
        ------
        QueryError
            The query writes, uses a form or name that is refused, or is wrong.
        StoreError
            The database holds several studies, and the query does not say which it means.
        """
        guard.check(text, parameters, write=write)
        if not any(token.text == "study" for token in guard.tokens(text)):
            self._name()
            self._check_alone()
        self._studies.check_values()
        with self._bolt.exclusive() if write else nullcontext():
            rows = self._bolt.rows(text, parameters, write=write, limit=one_more(limit))
        return limited(rows, limit)

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
        with self._bolt.exclusive():
            for kind in ("SCORED", "ASSIGNED"):
                if kind in tables:
                    self._studies.check_accounts(study, tables[kind].column("target"))
            self._bolt.together(
                (result_statement(kind), {"study": study, **rows})
                for kind, table in tables.items()
                for rows in batches(table)
            )
        return run

    def runs(self) -> pd.DataFrame:
        """Return the runs of the study that were written back, the oldest first."""
        columns = ", ".join(f"r.{key} AS {key}" for key in NODES["Run"].properties)
        found = f"MATCH (r:Run) WHERE r.study = $study RETURN {columns}"
        text = f"{found} ORDER BY r.written_ms, r.run_id"
        return normalised(self._bolt.rows(text, {"study": self._name()}))

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
        with self._bolt.exclusive():
            clearing.drop_run(self._bolt, run_id)

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
        with self._bolt.exclusive():
            self._studies.claim()
            return {"accounts": 1, "posts": clearing.forget(self._bolt, account)}

    def holding(self, account: str) -> list[str]:
        """Return the studies that have an account, its posts, or acts by it or upon it."""
        return clearing.holding(self._bolt, account)

    def close(self) -> None:
        """Let go of the server."""
        self._bolt.close()

    def _words(self) -> str:
        return ": ".join(self._shown().values())

    def _shown(self) -> dict[str, str]:
        return {"server": self.uri, "study": self._study or "the only study"}

    # -- inside ----------------------------------------------------------------------------------

    def _meant(self) -> str:
        """Return the study that is meant, whether it is there or not."""
        if self._study == EVERY:
            raise StoreError(
                "only a graph can be asked of all studies", remedy="name one: connect(uri, study=…)"
            )
        return self._study or self._studies.only() or DEFAULT_STUDY

    def _name(self) -> str:
        """Return the study that is meant, once it is there as a whole."""
        name = self._meant() if self._study else self._studies.only()
        if name is None or not self._studies.held(name, whole=True):
            raise StoreError(
                "the store is empty" if name is None else "the store does not have this study",
                value=self.uri if name is None else name,
                remedy="push a corpus first: workbench store push --study DIR",
            )
        return name

    def _check_alone(self) -> None:
        """Refuse what would add up the acts of several studies."""
        names = self._studies.rows().column("study").to_pylist()
        if len(names) > 1:
            raise StoreError(
                "this database holds several studies, whose acts the query would add up",
                value=", ".join(names),
                remedy="name the study in every relationship: -[r:RETWEETED {study: $study}]->",
            )

    def _fill(self, corpus: Corpus, turn: Turn, *, progress: bool | None) -> dict[str, Any]:
        counts = dict.fromkeys(projection.tables(), 0)
        accounts = pa.chunked_array([], pa.string())
        with (
            Progress(len(counts), "push", "tables", show=progress) as shown,
            open_session(corpus, memory_mb=_PUSH_MB) as session,
        ):
            made = projection.Projection(session)
            posts = made.posts()
            for name, rows in made.rows(pieces=True, known=True):
                if name == "Account":
                    accounts = rows.column("account_id")
                shown.describe(f"push {name}")
                share = 1 / max(1, posts if name == "Post" else rows.num_rows)
                merge(
                    self._bolt, name, rows, turn=turn,
                    done=lambda n, share=share: shown.update(n * share),  # type: ignore[misc]
                )  # fmt: skip
                counts[name] += rows.num_rows
            most = max(count for name, count in counts.items() if name in RELATIONSHIPS)
            cuts = bounds(accounts, rows=most)
            return {"facts": made.facts(), "counts": counts, "cuts": cuts}
