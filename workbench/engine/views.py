"""What the observations of a corpus mean: one row a post, an act, an attachment, an account.

A corpus keeps what each source showed. The views decide across records and files, always in the
same way, so that neither the order of rows nor the order of loading changes a number:

- a post seen as primary beats the same post seen as a reference; full text beats a stub; the
  newest observation wins the text, metrics are maxima, never sums; of equal observations that
  follow each other in a source only the first has a row, so a run of them is as old as its start;
- versions of an edited post are one post; of one that was edited, under a new id or the same, only
  the best observation tells what it does and carries;
- an act seen twice is one act (definitions 0: platform, kind, actor, post, target, and for
  mentions the offset); of acts without a post id those upon the same post are one (a repost on
  Bluesky, however many pages show it), which is taken back if that was seen last; those upon an
  account only are never merged;
- an act whose target account is unknown takes the author of the target post when any file knows
  it (``in_file_join``), and a handle becomes an account when exactly one account bore it, of who
  acts, writes and carries as of who is acted upon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    from workbench.engine.session import Session
    from workbench.model.corpus import Corpus

__all__ = ["accounts", "aliases", "attachments", "events", "interactions", "posts"]

Frame = nw.LazyFrame[Any]

_SEEN = {"primary": 0, "referenced": 1, "context": 2}
_SEEN_ACCOUNT = {"author": 0, "included": 1, "mentioned": 2}
_AVAILABILITY = {"full": 0, "withheld": 1, "deleted": 2, "protected": 2, "suspended": 2}
_LADDER = {
    "expanded": 0,
    "id_field": 1,
    "entity": 2,
    "url": 3,
    "text": 4,
    "in_file_join": 5,
    "uri": 6,
}
_METRICS = ("likes", "shares", "replies", "quotes", "views", "bookmarks")


def posts(session: Session) -> Frame:
    """Return one row a post: the schema's columns, of its best observation.

    ``created_at`` is the earliest version's; the metrics are the maxima over all observations.
    The session is asked for the posts that are seen several times when the frame is made.
    """
    every = _by_account(session, session.table("posts"), "author_id")
    observed = every.filter(~nw.col("post_id").is_null())
    names = every.collect_schema().names()
    collapsed = (*_METRICS, "created_at", "created_ms")
    # Most posts are seen once, and to rank the observations of a post costs more than all else.
    several = session.kept(
        observed.group_by("post_id")
        .agg(
            nw.len().alias("_n"),
            *[nw.col(name).max().alias(f"_{name}") for name in _METRICS],
            *[nw.col(name).min().alias(f"_{name}") for name in ("created_at", "created_ms")],
        )
        .filter(nw.col("_n") > 1)
    )
    once = observed.join(several.select("post_id"), on="post_id", how="anti")
    best = _best_observations(observed.join(several, on="post_id", how="inner"))
    best = best.with_columns(*[nw.col(f"_{name}").alias(name) for name in collapsed])
    return nw.concat([once.select(*names), best.select(*names)], how="vertical")


def interactions(session: Session) -> Frame:
    """Return one row an act, resolved as far as the whole corpus allows; times are epoch ms."""
    acts = _by_account(session, session.table("interactions").drop("created_at"), "actor_id")
    if _is_plain(session.corpus, "edits", "duplicate_posts", "acts_by_target"):
        return _resolved(session, acts)
    acts = _resolved(session, _canonical(session, acts, ("post_id", "target_post_id")))
    return _distinct_acts(session.kept(_one_version(session, acts)))


def attachments(session: Session) -> Frame:
    """Return one row for each thing a post carries; of a post seen twice, the primary's.

    A domain is carried once for each link to it, as its row names that link. Times are epoch ms.
    """
    carried = _by_account(session, session.table("attachments").drop("created_at"), "author_id")
    if _is_plain(session.corpus, "edits", "duplicate_posts") and not _count(
        session.corpus, "promoted_posts"
    ):
        return carried
    # Versions first: what two versions both carry would else be kept for the one that loses.
    carried = _one_version(session, _canonical(session, carried, ("post_id",)))
    key = ["platform", "post_id", "kind", "value", "start", "origin", "_link"]
    ranked = carried.with_columns(
        nw.when(nw.col("kind") == "domain").then(nw.col("value_raw")).alias("_link"),
        _rank("seen_as", _SEEN).alias("_seen"),
        **_order_keys(),
    )
    return ranked.unique(subset=key, keep="first", order_by=["_seen", "_source", "_record"]).drop(
        "_link", "_seen", "_source", "_record"
    )


def accounts(session: Session) -> Frame:
    """Return one row an account: seen as author beats included beats mentioned, then the newest."""
    observed = _by_account(session, session.table("accounts"), "account_id")
    observed = observed.filter(~nw.col("account_id").is_null())
    ranked = observed.with_columns(
        _rank("seen_as", _SEEN_ACCOUNT).alias("_seen"),
        (-nw.coalesce("observed_ms", nw.lit(0))).alias("_age"),
        **_order_keys(),
    )
    return ranked.unique(
        subset=["account_id"], keep="first", order_by=["_seen", "_age", "_source", "_record"]
    ).drop("_seen", "_age", "_source", "_record")


def aliases(session: Session) -> Frame:
    """Return one row for each account and handle: when it was first and last seen so."""
    return (
        session.table("aliases")
        .group_by("platform", "account_id", "handle")
        .agg(nw.col("first_seen_ms").min(), nw.col("last_seen_ms").max())
    )


def events(session: Session) -> Frame:
    """Return one row an event: deletions, edits, withholdings, control lines."""
    return session.table("events").unique(
        subset=["platform", "kind", "subject_type", "subject", "at_ms", "reason", "detail"],
        keep="any",
    )


def _count(corpus: Corpus, name: str) -> int:
    """Return a statistic of the corpus, 1 (= do not trust) when a source does not know it."""
    value = corpus.stat(name)
    return 1 if value is None else value


def _is_plain(corpus: Corpus, *statistics: str) -> bool:
    """Return whether the observations already are the facts, so that nothing needs collapsing.

    One source without repeated posts, edits, and open targets; or any number of sources whose acts
    have no post id (equal rows of such files are separate acts).
    """
    if any(_count(corpus, name) for name in statistics):
        return False
    without_posts = corpus.stat("acts_without_post")
    all_without = without_posts is not None and without_posts == corpus.rows("interactions")
    return len(corpus.sources) <= 1 or (all_without and not corpus.rows("posts"))


def _rank(column: str, ranks: dict[str, int]) -> nw.Expr:
    """Return the integer rank of a text column; unknown values come last."""
    expression = nw.lit(len(ranks) + 1)
    for value, rank in reversed(ranks.items()):
        expression = nw.when(nw.col(column) == value).then(nw.lit(rank)).otherwise(expression)
    return expression


def _order_keys() -> dict[str, nw.Expr]:
    """Return the last tie-break: the order of source and record, which no load order changes."""
    return {
        "_source": nw.coalesce("source_id", nw.lit("")),
        "_record": nw.coalesce("record", nw.lit(-1)),
    }


def _best_observations(observed: Frame) -> Frame:
    """Return one observation a post: primary, full, newest; of equals, by what they say."""
    ranked = observed.filter(~nw.col("post_id").is_null()).with_columns(
        _rank("seen_as", _SEEN).alias("_seen"),
        _rank("availability", _AVAILABILITY).alias("_available"),
        (-nw.coalesce("created_ms", nw.lit(0))).alias("_version"),
        (-nw.coalesce("retrieved_ms", nw.lit(0))).alias("_age"),
        nw.coalesce("author_id", nw.lit("")).alias("_by"),
        nw.coalesce("text", nw.lit("")).alias("_says"),
        **_order_keys(),
    )
    order = ["_seen", "_available", "_version", "_age", "_source", "_record"]
    keys = [*order, "_by", "_says"]
    return ranked.unique(subset=["post_id"], keep="first", order_by=keys).drop(*keys)


def _canonical(session: Session, rows: Frame, columns: tuple[str, ...]) -> Frame:
    """Replace ids of edited versions by the id of the post."""
    if not _count(session.corpus, "edits"):
        return rows
    versions = (
        session.table("events")
        .filter(nw.col("kind") == "edit", ~nw.col("detail").is_null())
        .select(nw.col("subject").alias("_version"), nw.col("detail").alias("_post"))
        .filter(nw.col("_version") != nw.col("_post"))
        .unique(subset=["_version"], keep="first", order_by=["_post"])
    )
    for column in columns:
        rows = (
            rows.join(versions, left_on=column, right_on="_version", how="left")
            .with_columns(nw.coalesce("_post", column).alias(column))
            .drop("_post")
        )
    return rows


def _one_version(session: Session, rows: Frame) -> Frame:
    """Of posts with several versions, keep only what the winning observation carries.

    Its time is that of the post, which is the earliest version's.
    """
    if not _count(session.corpus, "edits"):
        return rows
    edited = (
        session.table("events")
        .filter(nw.col("kind") == "edit")
        .select(nw.coalesce("detail", "subject").alias("post_id"))
        .filter(~nw.col("post_id").is_null())
        .unique(subset=["post_id"], keep="any")
    )
    observed = session.table("posts").join(edited, on="post_id", how="semi")
    winners = _best_observations(observed).select(
        "post_id", nw.col("source_id").alias("_winner"), nw.col("record").alias("_line")
    )
    first = observed.group_by("post_id").agg(nw.col("created_ms").min().alias("_first"))
    won = (nw.col("source_id") == nw.col("_winner")) & (nw.col("record") == nw.col("_line"))
    return (
        rows.join(winners, on="post_id", how="left")
        .join(first, on="post_id", how="left")
        .filter(nw.col("_winner").is_null() | won)
        .with_columns(nw.coalesce("_first", "created_ms").alias("created_ms"))
        .drop("_winner", "_line", "_first")
    )


def _resolved(session: Session, acts: Frame) -> Frame:
    """Give acts without a target account the author of their target post, or of their handle."""
    if not (_count(session.corpus, "unresolved") or _count(session.corpus, "handle_targets")):
        return acts
    names = acts.collect_schema().names()
    is_open = nw.col("target_id").is_null() | nw.col("target_id").str.starts_with("handle:")
    unsettled = session.kept(acts.filter(is_open))
    asked = unsettled.select(nw.col("target_post_id").alias("post_id")).unique()
    named = nw.col("_author").str.starts_with("handle:")
    authors = (
        _best_observations(
            session.table("posts")
            .filter(~nw.col("author_id").is_null())
            .join(asked, on="post_id", how="semi")
        )
        .select(nw.col("post_id").alias("_post"), nw.col("author_id").alias("_author"))
        .with_columns(nw.when(~named).then(nw.col("_author")).alias("_known"))
    )
    # An author with an id says more than a handle, which says more than an author without one.
    joined = unsettled.join(
        authors, left_on="target_post_id", right_on="_post", how="left"
    ).with_columns(
        nw.coalesce("_known", "target_id", "_author").alias("_target"),
        (~nw.col("_known").is_null() | (nw.col("target_id").is_null() & named)).alias("_found"),
    )
    settled = joined.join(
        _bearers(session), left_on="_target", right_on="_handle", how="left"
    ).with_columns(
        nw.coalesce("_bearer", "_target").alias("target_id"),
        nw.when(nw.col("_found"))
        .then(nw.lit("in_file_join"))
        .otherwise(nw.col("resolved_by"))
        .alias("resolved_by"),
    )
    return nw.concat([acts.filter(~is_open).select(*names), settled.select(*names)], how="vertical")


def _bearers(session: Session) -> Frame:
    """Return the handles that exactly one account bore, and which."""
    return (
        session.table("aliases")
        .filter(~nw.col("account_id").is_null(), ~nw.col("handle").is_null())
        .with_columns(
            nw.concat_str(
                nw.lit("handle"), nw.col("platform"), nw.col("handle"), separator=":"
            ).alias("_handle")
        )
        .group_by("_handle")
        .agg(
            nw.col("account_id").n_unique().alias("_n"), nw.col("account_id").min().alias("_bearer")
        )
        .filter(nw.col("_n") == 1)
        .select("_handle", "_bearer")
    )


def _by_account(session: Session, rows: Frame, column: str) -> Frame:
    """Give who is known by a handle only the id of the account that bore it."""
    if not _count(session.corpus, "handle_authors"):
        return rows
    names = rows.collect_schema().names()
    named = nw.when(nw.col(column).str.starts_with("handle:")).then(nw.col(column))
    return (
        rows.with_columns(named.alias("_named"))
        .join(_bearers(session), left_on="_named", right_on="_handle", how="left")
        .with_columns(nw.coalesce("_bearer", column).alias(column))
        .select(*names)
    )


def _distinct_acts(acts: Frame) -> Frame:
    """Return one row an act; acts without a post id upon an account only stay as they are."""
    names = acts.collect_schema().names()
    target = (
        nw.when(nw.col("kind") == "mention")
        .then(
            nw.when(nw.col("start").is_null())
            .then(nw.coalesce("target_id", nw.lit("")))
            .otherwise(nw.lit(""))
        )
        .otherwise(nw.coalesce("target_post_id", "target_id", nw.lit("")))
    )
    with_post = acts.filter(~nw.col("post_id").is_null()).with_columns(
        target.alias("_target"),
        nw.coalesce("start", nw.lit(-1)).alias("_start"),
        _rank("resolved_by", _LADDER).alias("_step"),
        nw.coalesce("created_ms", nw.lit(0)).alias("_time"),
        **_order_keys(),
    )
    once = with_post.unique(
        subset=["platform", "kind", "actor_id", "post_id", "_target", "_start"],
        keep="first",
        order_by=["_step", "_time", "_source", "_record"],
    ).select(*names)
    without = acts.filter(nw.col("post_id").is_null())
    upon_posts = without.filter(~nw.col("target_post_id").is_null()).with_columns(
        (-nw.coalesce("retracted_ms", "created_ms", nw.lit(0))).alias("_newest"),
        nw.col("retracted_ms").is_null().alias("_stands"),
        _rank("resolved_by", _LADDER).alias("_step"),
        **_order_keys(),
    )
    last = upon_posts.unique(
        subset=["platform", "kind", "actor_id", "target_post_id"],
        keep="first",
        order_by=["_newest", "_stands", "_step", "_source", "_record"],
    ).select(*names)
    alone = without.filter(nw.col("target_post_id").is_null()).select(*names)
    return nw.concat([alone, last, once], how="vertical")
