"""Store → graph: the same arrays, so the same fingerprint, as the corpus gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import CannotBuildError
from workbench.model.graph import InteractionGraph
from workbench.model.projection import shared_objects
from workbench.store.schema import ACTS, SUMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.filters import Filters
    from workbench.model.kinds import GraphKind

__all__ = ["Ask", "Question", "build"]

_ORIGINS = {
    "n_authored": {"authored"},
    "n_reply_prefix": {"reply_prefix", "thread_self"},
    "n_share_head": {"share_head"},
    "n_inherited": {"inherited_share", "inherited_quote"},
}
_USED = {
    "hashtag": ("(p)-[u:TAGGED]->(o:Hashtag)", "o.hashtag"),
    "url": ("(p)-[u:LINKS_TO]->(o:Url)", "o.url"),
    "domain": ("(p)-[u:LINKS_TO]->(:Url)-[d:`ON`]->(o:Domain)", "o.domain"),
}


@dataclass(frozen=True)
class Question:
    """What is asked of a store: a pattern that begins with the acting account, and columns of it.

    Attributes
    ----------
    pattern
        Begins with ``(a:Account)``, so that a store may ask for some accounts at a time.
    conditions
        Of which all must hold.
    columns
        Name → expression; only times may be missing.
    parameters
        The values.
    distinct
        Whether equal rows count once.
    """

    pattern: str
    conditions: tuple[str, ...]
    columns: dict[str, str]
    parameters: dict[str, Any] = field(default_factory=dict)
    distinct: bool = False

    @property
    def text(self) -> str:
        """The whole query, a row at a time."""
        returned = ", ".join(f"{value} AS {name}" for name, value in self.columns.items())
        once = "DISTINCT " if self.distinct else ""
        return f"{self.matched()} RETURN {once}{returned}"

    def matched(self, *more: str) -> str:
        """Return the matching part, under `more` conditions."""
        return f"MATCH {self.pattern} WHERE {' AND '.join([*more, *self.conditions])}"


#: Answers a question with its columns.
Ask = Callable[[Question], pa.Table]


class _Scope:
    """Asks a store, or one study of a store that keeps several."""

    def __init__(
        self, ask: Ask, study: str | None, once: Callable[[pa.Table], pa.Table] | None
    ) -> None:
        self._ask = ask
        self._study = study
        self.once = once

    def all(self, *tables: pa.Table) -> pa.Table:
        """Return the rows of all answers, each once."""
        rows = pa.concat_tables(tables)
        return rows if self.once is None else self.once(rows)

    def __call__(
        self,
        pattern: str,
        conditions: list[str],
        columns: dict[str, str],
        *,
        distinct: bool = False,
        **parameters: Any,
    ) -> pa.Table:
        """Return the rows of a question."""
        own = {} if self._study is None else {"study": self._study}
        return self._ask(
            Question(pattern, tuple(conditions), columns, {**parameters, **own}, distinct)
        )

    def of(self, *relationships: str) -> list[str]:
        """Return the conditions that relationships are of the study."""
        if self._study is None:
            return []
        return [f"{name}.study = $study" for name in relationships]

    def own(self, key: str) -> str:
        """Return where a property of the acting post stands, as the study knows it."""
        return f"p.{key}" if self._study is None else f"w.{key}"


def build(
    ask: Ask,
    kind: GraphKind,
    filters: Filters,
    *,
    facts: Mapping[str, Any],
    study: str | None = None,
    once: Callable[[pa.Table], pa.Table] | None = None,
) -> tuple[InteractionGraph, pa.Table]:
    """Return the graph of one kind that a store holds, before the whole-graph filters.

    With it come the ends and times of what it was built from, as those filters want them.

    Parameters
    ----------
    ask
        Runs a query.
    facts
        What the store cannot tell apart, see ``workbench.store.projection.facts``.
    study
        Whose relationships count, in a store of many studies.
    once
        Leaves of rows that several studies give one of each; then the sums may not answer.

    Raises
    ------
    CannotBuildError
        The graph or the filters need what the store does not keep; the message says what.
    """
    scope = _Scope(ask, study, once)
    if kind.base == "domain":
        _require(
            not facts.get("domains_astray", 1), "the store cannot tell which domain each link is of"
        )
    if kind.family == "interaction":
        made, acts = _interactions(scope, kind, filters, facts)
    elif kind.family == "bipartite":
        made, acts = _bipartite(_uses(scope, kind.base, filters), kind)
    elif kind.base == "share":
        _require(not facts["objects"], "the store does not hold the objects of share tables")
        _require(not facts["unknown_shared"], "the store does not hold every post that was shared")
        made, acts = _joined(_sharers(scope, filters), "account", "object", filters)
    elif kind.family == "projection":
        made, acts = _joined(_uses(scope, kind.base, filters), "account", "object", filters)
    else:
        used = _uses(scope, kind.base, filters)
        named = pc.binary_join_element_wise(kind.base, used.column("object"), ":")
        used = used.set_column(used.column_names.index("object"), "object", named)
        made, acts = _joined(used, "object", "post", filters)
    choices = {**filters.choices(mentions=kind.base == "mention"), **made.choices}
    return replace(made, kind=kind.name, window=filters.window, choices=choices), acts


def _interactions(
    ask: _Scope, kind: GraphKind, filters: Filters, facts: Mapping[str, Any]
) -> tuple[InteractionGraph, pa.Table]:
    counts = None
    if kind.base == "mention" and filters.origins is not None:
        counts = _counted(set(filters.origins), set(facts["origins"]))
    whole = not (filters.windowed or filters.needs_posts)
    simple = kind.base != "mention" or counts is None or counts == ["n_authored"]
    if ask.once is None and whole and simple:
        rows = _sums(ask, kind.base, filters)
    else:
        _require(
            not facts["only_sums"],
            "the store keeps acts without posts as sums, so it cannot choose among them",
        )
        if kind.base == "mention":
            _require(
                not facts["weighted_mentions"], "the store counts mentions, but these have weights"
            )
            rows = _mentions(ask, filters, list(_ORIGINS) if counts is None else counts)
        else:
            rows = _acts(ask, kind.base, filters)
    if filters.accounts is not None:
        listed = pa.array(filters.accounts, pa.string())
        either = pc.or_(
            pc.is_in(rows.column("source"), value_set=listed),
            pc.is_in(rows.column("target"), value_set=listed),
        )
        rows = rows.filter(either)
    made = InteractionGraph.from_edges(
        rows.column("source").combine_chunks(),
        rows.column("target").combine_chunks(),
        rows.column("weight").to_numpy(),
    )
    ends = [
        pc.min(rows.column("first_ms")).as_py(),
        pc.max(rows.column("last_ms")).as_py(),
    ]
    made = replace(made, first_ms=ends[0], last_ms=ends[1])
    return made, rows.select(["source", "target", "first_ms", "last_ms"])


def _counted(origins: set[str], present: set[str]) -> list[str]:
    """Return the counters that make up a choice of origins."""
    chosen = [name for name, members in _ORIGINS.items() if members & origins & present]
    for name in chosen:
        mixed = _ORIGINS[name] & present
        if mixed <= origins:
            continue
        _require(met=False, reason=f"the store does not keep apart {', '.join(sorted(mixed))}")
    return chosen


def _require(met: bool, reason: str) -> None:  # noqa: FBT001
    """Refuse what only the corpus can answer."""
    if not met:
        raise CannotBuildError(
            reason, remedy="ask the corpus instead: workbench graph KIND --study DIR"
        )


def _sums(ask: _Scope, base: str, filters: Filters) -> pa.Table:
    every = base == "mention" and filters.origins is None
    weight, at = ("weight_all" if every else "weight"), ""
    if base == "mention" and not every:
        at = "authored_"
    return ask(
        f"(a:Account)-[r:{SUMS[base]}]->(b:Account)",
        [f"r.{weight} > 0", *ask.of("r")],
        {
            "source": "a.account_id",
            "target": "b.account_id",
            "weight": f"r.{weight}",
            "first_ms": f"r.first_{at}ms",
            "last_ms": f"r.last_{at}ms",
        },
    )


def _acts(ask: _Scope, base: str, filters: Filters) -> pa.Table:
    columns = {
        "source": "a.account_id",
        "target": "r.target_id",
        "weight": "r.weight",
        "first_ms": "r.created_ms",
        "last_ms": "r.created_ms",
    }
    where, given = _post_filters(ask, filters, time="r.created_ms", shared=base == "share")
    between = ask(
        f"(a:Account)-[w:POSTED]->(p:Post)-[r:{ACTS[base]}]->(q:Post)",
        ["r.target_id IS NOT NULL", *ask.of("w", "r"), *where],
        columns,
        **given,
    )
    where, given = _post_filters(ask, filters, time="r.created_ms", shared=False)
    upon = ask(
        "(a:Account)-[w:POSTED]->(p:Post)-[r:ADDRESSES]->(b:Account)",
        ["r.kind = $kind", *ask.of("w", "r"), *where],
        {**columns, "target": "b.account_id"},
        kind=base,
        **given,
    )
    return ask.all(between, upon)


def _mentions(ask: _Scope, filters: Filters, counts: list[str]) -> pa.Table:
    at = ask.own("created_ms")
    where, given = _post_filters(ask, filters, time=at, shared=False)
    total = " + ".join(f"r.{name}" for name in counts) or "0"
    rows = ask(
        "(a:Account)-[w:POSTED]->(p:Post)-[r:MENTIONS]->(b:Account)",
        [f"{total} > 0", *ask.of("w", "r"), *where],
        {
            "source": "a.account_id",
            "target": "b.account_id",
            "weight": total,
            "first_ms": at,
            "last_ms": at,
        },
        **given,
    )
    column = rows.column_names.index("weight")
    return ask.all(rows.set_column(column, "weight", rows.column("weight").cast(pa.float64())))


def _uses(ask: _Scope, base: str, filters: Filters) -> pa.Table:
    """Return account, object, post and time of what authors put into their own posts."""
    pattern, value = _USED[base]
    at = ask.own("created_ms")
    where, given = _post_filters(ask, filters, time=at, shared=False)
    if filters.accounts is not None:
        where.append("a.account_id IN $accounts")
        given["accounts"] = list(filters.accounts)
    primary = f"{ask.own('seen_as')} = 'primary'"
    of = ask.of("w", "u", *(["d"] if base == "domain" else []))
    rows = ask(
        f"(a:Account)-[w:POSTED]->(p:Post) MATCH {pattern}",
        ["u.n_authored > 0", primary, *of, *where],
        {"account": "a.account_id", "object": value, "post": "p.post_id", "created_ms": at},
        distinct=True,
        **given,
    )
    return ask.all(rows)


def _sharers(ask: _Scope, filters: Filters) -> pa.Table:
    """Return which account shared which post."""
    where, given = _post_filters(ask, filters, time="r.created_ms", shared=True)
    if filters.accounts is not None:
        where.append("(a.account_id IN $accounts OR r.target_id IN $accounts)")
        given["accounts"] = list(filters.accounts)
    rows = ask(
        "(a:Account)-[w:POSTED]->(p:Post)-[r:SHARES]->(q:Post)",
        ["p.post_id IS NOT NULL", *ask.of("w", "r"), *where],
        {"account": "a.account_id", "object": "q.post_id", "created_ms": "r.created_ms"},
        **given,
    )
    return ask.all(rows)


def _post_filters(
    ask: _Scope, filters: Filters, *, time: str, shared: bool
) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions on the acting post ``p`` (and the shared post ``q``)."""
    parts: list[str] = []
    parameters: dict[str, Any] = {}
    if filters.since_ms is not None:
        parts.append(f"{time} >= $since")
        parameters["since"] = filters.since_ms
    if filters.until_ms is not None:
        parts.append(f"{time} < $until")
        parameters["until"] = filters.until_ms
    if filters.lang is not None:
        parts.append(f"{ask.own('lang')} = $lang")
        parameters["lang"] = filters.lang
    if filters.text is not None:
        parts.append(_has_text("p", "q") if shared else _has_text("p"))
        parameters["text"] = filters.text.lower()
    if filters.hashtag is not None:
        tagged = " AND ".join(["h.hashtag = $hashtag", *ask.of("t")])
        parts.append(f"EXISTS {{ MATCH (p)-[t:TAGGED]->(h:Hashtag) WHERE {tagged} }}")
        parameters["hashtag"] = filters.hashtag
    return parts, parameters


def _has_text(*posts: str) -> str:
    """Return the condition that a post has the text; every text has the empty one in it.

    The embedded store alone says that none has.
    """
    either = [f"{_lower(f'{p}.text')} CONTAINS $text OR ($text = '' AND {p}.text IS NOT NULL)"
              for p in posts]  # fmt: skip
    return f"({' OR '.join(either)})"


def _lower(text: str) -> str:
    """Return the expression of a text in lower case, letter by letter as the corpus has it.

    A server lowers two letters otherwise: a sigma by its place in the word, a dotted I to two.
    """
    return f"toLower(replace(replace({text}, 'Σ', 'σ'), 'İ', 'i'))"


def _bipartite(rows: pa.Table, kind: GraphKind) -> tuple[InteractionGraph, pa.Table]:
    objects = pc.binary_join_element_wise(kind.base, rows.column("object"), ":")
    made = InteractionGraph.from_edges(
        rows.column("account").combine_chunks(), objects.combine_chunks()
    )
    made = replace(made, kind=kind.name, **_span(rows))
    return made, _timed(rows, source=rows.column("account"), target=objects)


def _joined(
    rows: pa.Table, member: str, thing: str, filters: Filters
) -> tuple[InteractionGraph, pa.Table]:
    members, ids = _codes(rows.column(member))
    things, _ = _codes(rows.column(thing))
    first, second, count, left_out = shared_objects(
        members, things, max_members=filters.max_accounts
    )
    made = InteractionGraph.from_codes(ids, first, second, weight=count, both_ways=True)
    choices = {"objects_left_out": left_out} if left_out else {}
    made = replace(made, choices=choices, **_span(rows))
    return made, _timed(rows, source=rows.column(member))


def _timed(rows: pa.Table, **ends: pa.ChunkedArray) -> pa.Table:
    times = rows.column("created_ms")
    return pa.table({**ends, "first_ms": times, "last_ms": times})


def _codes(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.Array]:
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.unify_dictionaries().combine_chunks()
    return np.asarray(coded.indices, dtype=np.int32), coded.dictionary


def _span(rows: pa.Table) -> dict[str, Any]:
    ends = pc.min_max(rows.column("created_ms"))
    return {"first_ms": ends["min"].as_py(), "last_ms": ends["max"].as_py()}
