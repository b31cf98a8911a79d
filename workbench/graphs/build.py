"""Corpus → graph: who retweeted, quoted, answered, mentioned whom, and who used what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import narwhals as nw
import pyarrow as pa
import pyarrow.compute as pc

from workbench.engine import session as open_session
from workbench.errors import CannotBuildError
from workbench.graphs.encoding import encode, encode_pair
from workbench.graphs.selection import chosen_acts, chosen_attachments, count_rows, require
from workbench.model.backbone import whole_graph_filters
from workbench.model.filters import Filters, Instant
from workbench.model.graph import InteractionGraph
from workbench.model.kinds import GraphKind, graph_kind
from workbench.model.projection import shared_objects

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from workbench.engine import Session
    from workbench.model.corpus import Corpus

__all__ = ["graph"]

#: A graph, and the ends and times of what it was built from.
Built = tuple[InteractionGraph, pa.Table]


def graph(  # noqa: PLR0913  the filters of the command line, one word each
    corpus: Corpus,
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
    engine: str = "duckdb",
) -> InteractionGraph:
    """Return the graph of one kind of act in a corpus.

    Interaction graphs (``retweet quote reply mention``) point from the account that acts to the
    account acted upon; the weight of an edge is the number of acts (the sum of
    ``interactions.weight``). Acts with an unknown end are no edge and are counted in ``choices``.
    Bipartite graphs (``account_hashtag account_url account_domain``) point from an account to what
    it put into its own posts; the weight is the number of posts. Projections (``co_hashtag co_url
    co_domain co_share``) join accounts by the number of distinct objects both used;
    ``hashtag_network`` joins hashtags by the number of posts that carry both.

    Parameters
    ----------
    since, until
        Window [since, until) on the acting post's time; a date is 00:00 UTC.
    min_weight
        Leave out edges of less weight, and accounts left without one.
    origin
        Of mentions: ``authored`` (default: chosen by a person), a list of origins, or ``all``.
    lang, hashtag, text
        What the acting post must have; a share also passes by the text of the shared post.
    accounts
        Ids of which at least one end must be one.
    max_accounts
        Leave objects that more accounts used out of projections.
    largest_component
        Keep the largest weakly connected component only, after the other filters.
    backbone
        Significance level of the disparity filter, in (0, 1).

    Raises
    ------
    CannotBuildError
        The data cannot support the graph or the filter; the message says why.
    UsageError
        A filter has a value that is not allowed.
    """
    what = graph_kind(kind)
    filters = Filters.parse(
        since=since,
        until=until,
        min_weight=min_weight,
        origin=origin,
        lang=lang,
        hashtag=hashtag,
        text=text,
        accounts=accounts,
        max_accounts=max_accounts,
    )
    with open_session(corpus, engine=engine) as session:
        require(session, what, filters)
        builder = {
            "interaction": _interactions,
            "bipartite": _bipartite,
            "projection": _projection,
            "cooccurrence": _cooccurrence,
        }[what.family]
        built, acts = builder(session, what, filters)
    return whole_graph_filters(
        built, filters, acts=acts, backbone=backbone, largest_component=largest_component
    )


def _interactions(session: Session, kind: GraphKind, filters: Filters) -> Built:
    acts = chosen_acts(session, kind.base, filters)
    _check_dated(session, filters, acts, session.table("interactions"))
    both = acts.filter(~nw.col("actor_id").is_null(), ~nw.col("target_id").is_null())
    rows = session.collect(both.select("actor_id", "target_id", "weight", "created_ms"))
    choices = filters.choices(mentions=kind.base == "mention")
    total = rows.num_rows
    if session.corpus.stat("unresolved") != 0:
        total = count_rows(session, acts)
    if total > rows.num_rows:
        choices["unresolved"] = total - rows.num_rows
    source, target, ids = encode_pair(rows.column("actor_id"), rows.column("target_id"))
    weight = pc.fill_null(rows.column("weight"), 1.0).to_numpy()
    made = InteractionGraph.from_codes(ids, source, target, weight=weight, all_used=True)
    acts = _acts(rows, source=rows.column("actor_id"), target=rows.column("target_id"))
    return _described(made, kind, filters, rows, choices), acts


def _bipartite(session: Session, kind: GraphKind, filters: Filters) -> Built:
    rows = _uses(session, kind.base, filters)
    objects = pc.binary_join_element_wise(kind.base, rows.column("object"), ":")
    source, target, ids = encode_pair(rows.column("account"), objects)
    made = InteractionGraph.from_codes(ids, source, target, all_used=True)
    made = _described(made, kind, filters, rows, filters.choices())
    return made, _acts(rows, source=rows.column("account"), target=objects)


def _projection(session: Session, kind: GraphKind, filters: Filters) -> Built:
    rows = _shares(session, filters) if kind.base == "share" else _uses(session, kind.base, filters)
    members, accounts = encode(rows.column("account"))
    objects, _ = encode(rows.column("object"))
    made = _joined(members, objects, ids=accounts, kind=kind, filters=filters, rows=rows)
    return made, _acts(rows, source=rows.column("account"))


def _cooccurrence(session: Session, kind: GraphKind, filters: Filters) -> Built:
    rows = _uses(session, kind.base, filters)
    objects = pc.binary_join_element_wise(kind.base, rows.column("object"), ":")
    members, values = encode(objects)
    posts, _ = encode(rows.column("post_id"))
    made = _joined(members, posts, ids=values, kind=kind, filters=filters, rows=rows)
    return made, _acts(rows, source=objects)


def _acts(rows: pa.Table, **ends: pa.ChunkedArray) -> pa.Table:
    """Return the ends and times of what a graph is built from."""
    last = "last_ms" if "last_ms" in rows.column_names else "created_ms"
    return pa.table({**ends, "first_ms": rows.column("created_ms"), "last_ms": rows.column(last)})


def _joined(
    members: NDArray[np.int32],
    objects: NDArray[np.int32],
    *,
    ids: pa.Array,
    kind: GraphKind,
    filters: Filters,
    rows: pa.Table,
) -> InteractionGraph:
    first, second, count, left_out = shared_objects(
        members, objects, max_members=filters.max_accounts
    )
    choices = filters.choices()
    if left_out:
        choices["objects_left_out"] = left_out
    made = InteractionGraph.from_codes(ids, first, second, weight=count, both_ways=True)
    return _described(made, kind, filters, rows, choices)


def _uses(session: Session, base: str, filters: Filters) -> pa.Table:
    """Return one row for each post and thing it carries: account, object, post, time."""
    carried = chosen_attachments(session, base, filters)
    _check_dated(session, filters, carried, session.table("attachments"))
    once = carried.group_by("author_id", "post_id", "value").agg(nw.col("created_ms").min())
    return session.collect(
        once.select(
            nw.col("author_id").alias("account"),
            nw.col("value").alias("object"),
            "post_id",
            "created_ms",
        )
    )


def _shares(session: Session, filters: Filters) -> pa.Table:
    """Return who shared which post, and which object of a share table, once an account."""
    acts = chosen_acts(session, "share", filters).filter(~nw.col("actor_id").is_null())
    posts = (
        acts.filter(~nw.col("target_post_id").is_null())
        .group_by("actor_id", "target_post_id")
        .agg(nw.col("created_ms").min(), nw.col("created_ms").max().alias("last_ms"))
        .select(
            nw.col("actor_id").alias("account"),
            nw.col("target_post_id").alias("object"),
            "created_ms",
            "last_ms",
        )
    )
    objects = (
        chosen_attachments(session, "object", filters)
        .group_by("author_id", "value")
        .agg(nw.col("created_ms").min(), nw.col("created_ms").max().alias("last_ms"))
        .select(
            nw.col("author_id").alias("account"),
            nw.concat_str(nw.lit("object"), nw.col("value"), separator=":").alias("object"),
            "created_ms",
            "last_ms",
        )
    )
    rows = session.collect(nw.concat([posts, objects], how="vertical"))
    if not rows.num_rows and count_rows(session, acts):
        raise CannotBuildError(
            "no co_share graph can be built from this data",
            value="its shares do not say which post was shared",
            remedy="use the retweet graph",
        )
    return rows


def _check_dated(
    session: Session, filters: Filters, chosen: nw.LazyFrame[Any], every: nw.LazyFrame[Any]
) -> None:
    """Refuse a window over acts that have no time at all."""
    if not filters.windowed or count_rows(session, chosen):
        return
    if not count_rows(session, every.filter(~nw.col("created_ms").is_null())) and count_rows(
        session, every
    ):
        raise CannotBuildError(
            "these acts have no times, so no window can be cut out of them",
            remedy="leave since and until out",
        )


def _described(
    made: InteractionGraph,
    kind: GraphKind,
    filters: Filters,
    rows: pa.Table,
    choices: dict[str, Any],
) -> InteractionGraph:
    """Return the graph with its name, window, choices and first and last time."""
    last = rows.column("last_ms" if "last_ms" in rows.column_names else "created_ms")
    return replace(
        made,
        kind=kind.name,
        window=filters.window,
        choices=choices,
        first_ms=pc.min(rows.column("created_ms")).as_py(),
        last_ms=pc.max(last).as_py(),
    )
