"""Graphs of a Neo4j server: of one study as its corpus would give them, or of all together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import CannotBuildError, StoreError
from workbench.store import graphs, projection
from workbench.store.graphs import Question
from workbench.store.reading import answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.model.filters import Filters
    from workbench.model.graph import InteractionGraph
    from workbench.model.kinds import GraphKind
    from workbench.store.bolt import Bolt
    from workbench.store.graphs import Ask
    from workbench.store.studies import Studies

__all__ = ["EVERY", "of_every_study", "of_study"]

#: Stands for all studies of a database, where one may be named.
EVERY = "*"
#: The column that says whose a row is.
STUDY = "_study"
_ASK_CORPUS = "ask the corpus instead: workbench graph KIND --study DIR"
_MERGE = "join the corpora instead: workbench merge --study A --study B --into C"


def of_study(
    bolt: Bolt, studies: Studies, study: str, *, kind: GraphKind, filters: Filters
) -> tuple[InteractionGraph, pa.Table]:
    """Return the graph of a study, and the ends and times it was built from.

    ``choices["forgotten"]`` is there when accounts were taken out of it since its last push.

    Raises
    ------
    CannotBuildError
        The store lacks what the graph or filter needs; the message says what to ask instead.
    StoreError
        A push of the study was cut off, or happened meanwhile.
    """
    held = studies.held(study, whole=True)
    _check_refused(held, kind)
    if filters.text is not None:
        studies.check_values()
        if studies.texts_differ(study):
            raise CannotBuildError(
                "another study in this database knows other texts of the same posts",
                value=study,
                remedy=_ASK_CORPUS,
            )
    made, acts = graphs.build(
        lambda question: answer(bolt, question, cuts=held["bounds"]),
        kind,
        filters,
        facts=held["facts"] or projection.NOTHING,
        study=study,
    )
    _check_still(studies, {study: held})
    return replace(made, choices={**made.choices, **_lost(held)}), acts


def of_every_study(
    bolt: Bolt, studies: Studies, *, kind: GraphKind, filters: Filters
) -> tuple[InteractionGraph, pa.Table]:
    """Return the graph of all studies: every act once, however many studies have it.

    An act is known by its post. Each is taken as its study knows it; what a study could not
    resolve, another one does not resolve for it.

    Raises
    ------
    CannotBuildError
        Studies know an act differently, or have acts without posts, which cannot be told apart.
    StoreError
        The database has no study, or a push was cut off or happened meanwhile.
    """
    names = studies.rows().column("study").to_pylist()
    if not names:
        raise StoreError(
            "the store is empty",
            value=bolt.uri,
            remedy="push a corpus first: workbench store push --study DIR",
        )
    held = {name: studies.held(name, whole=True) for name in names}
    for told in held.values():
        _check_refused(told, kind)
    facts = [told["facts"] or projection.NOTHING for told in held.values()]
    if filters.text is not None:
        raise CannotBuildError("studies may know other texts of the same posts", remedy=_MERGE)
    if kind.family == "interaction" and any(each["only_sums"] for each in facts):
        raise CannotBuildError(
            "acts without posts may be the same in several studies",
            value=", ".join(n for n, told in held.items() if (told["facts"] or {})["only_sums"]),
            remedy=_MERGE,
        )
    keepers = _keepers(bolt, held)
    made, acts = graphs.build(
        _asked_of_all(bolt, held),
        kind,
        filters,
        facts=_joined(facts),
        study=EVERY,
        once=lambda rows: _once(rows, keepers),
    )
    _check_still(studies, held)
    choices: dict[str, Any] = {**made.choices, "studies": names}
    for told in held.values():
        choices |= _lost(told)
    return replace(made, choices=choices), acts


def _check_refused(held: Mapping[str, Any], kind: GraphKind) -> None:
    for entry in held.get("refused", []):
        if entry["graph"] == kind.name:
            raise CannotBuildError(
                f"no {kind.name} graph can be built from this data", value=entry["reason"]
            )


def _lost(held: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the graph says of a study that has less than was pushed, also by others' wish."""
    return {"forgotten": True} if held["forgotten"] else {}


def _check_still(studies: Studies, held: Mapping[str, Any]) -> None:
    for name, told in held.items():
        if studies.held(name, whole=True) != told:
            raise StoreError("the study was pushed again meanwhile", value=name, remedy="ask again")


def _joined(facts: list[dict[str, Any]]) -> dict[str, Any]:
    joined = {key: any(each.get(key, 1) for each in facts) for key in projection.NOTHING}
    origins = {origin for each in facts for origin in each["origins"]}
    return {**joined, "origins": sorted(origins)}


def _asked_of_all(bolt: Bolt, held: Mapping[str, Mapping[str, Any]]) -> Ask:
    """Return what answers a question with the rows of all studies, with post and study."""

    def ask(question: Question) -> pa.Table:
        columns = {**question.columns, "post": "p.post_id"}
        asked = replace(question, columns=columns)
        parts = []
        for name, told in held.items():
            of_one = replace(asked, parameters={**asked.parameters, "study": name})
            rows = answer(bolt, of_one, cuts=told["bounds"])
            study = pa.array([name] * rows.num_rows, pa.string())
            parts.append(rows.append_column(STUDY, study))
        return pa.concat_tables(parts)

    return ask


def _once(rows: pa.Table, keepers: pa.Table) -> pa.Table:
    """Return the rows without repetition by other studies, if all that could repeat them do."""
    each = rows.group_by(rows.column_names).aggregate([([], "count_all")])
    names = [name for name in rows.column_names if name != STUDY]
    both = each.group_by(names).aggregate(
        [("count_all", "min"), ("count_all", "max"), ([], "count_all")]
    )
    _check_agreement(both, keepers)
    times = both.column("count_all_max")
    kept = pa.array(np.repeat(np.arange(len(times)), times.to_numpy()))
    return both.take(kept).select(names)


def _keepers(bolt: Bolt, held: Mapping[str, Mapping[str, Any]]) -> pa.Table:
    """Return how many studies have a post as one of their own, where they are several."""
    question = Question(
        "(a:Account)-[w:POSTED]->(p:Post)",
        ("w.study = $study", "w.seen_as = 'primary'", "size(p.studies) > 1"),
        {"post": "p.post_id"},
    )
    parts = [
        answer(bolt, replace(question, parameters={"study": name}), cuts=told["bounds"])
        for name, told in held.items()
    ]
    return pa.concat_tables(parts).group_by("post").aggregate([([], "count_all")])


def _check_agreement(rows: pa.Table, keepers: pa.Table) -> None:
    """Refuse acts that not every study with their post has, and has alike."""
    at = pc.index_in(rows.column("post"), keepers.column("post"))
    expected = pc.coalesce(keepers.column("count_all").take(at), pa.scalar(1, pa.int64()))
    alike = pc.and_(
        pc.equal(rows.column("count_all"), expected),
        pc.equal(rows.column("count_all_min"), rows.column("count_all_max")),
    )
    differing = rows.filter(pc.invert(alike))
    if differing.num_rows:
        raise CannotBuildError(
            "studies know the same posts differently",
            value=f"{pc.count_distinct(differing.column('post')).as_py():,} posts",
            remedy=_MERGE,
        )
