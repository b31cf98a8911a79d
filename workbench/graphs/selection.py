"""The acts and attachments that the filters let through; graphs and evidence rest on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from workbench.engine import views
from workbench.errors import CannotBuildError

if TYPE_CHECKING:
    import pyarrow as pa

    from workbench.engine import Session
    from workbench.model.filters import Filters
    from workbench.model.kinds import GraphKind

__all__ = ["chosen_acts", "chosen_attachments", "chosen_posts", "require", "written_posts"]

Frame = nw.LazyFrame[Any]


def require(session: Session, kind: GraphKind, filters: Filters) -> None:
    """Refuse what the corpus cannot support, with the reason.

    Raises
    ------
    CannotBuildError
        Every source says that it cannot give this graph; or a filter looks into posts that this
        corpus does not have.
    """
    for entry in session.corpus.report.refused:
        if entry["graph"] == kind.name:
            raise CannotBuildError(
                f"no {kind.name} graph can be built from this data", value=entry["reason"]
            )
    if filters.needs_posts and not session.corpus.rows("posts"):
        raise CannotBuildError(
            "this data has no posts: acts cannot be chosen by language, hashtag or text",
            remedy="leave these filters out",
        )


def chosen_acts(session: Session, base: str, filters: Filters) -> Frame:
    """Return the acts of one kind that pass the filters, those without a known end included."""
    acts = views.interactions(session).filter(
        nw.col("kind") == base, nw.col("retracted_ms").is_null()
    )
    if base == "mention" and filters.origins is not None:
        acts = acts.filter(nw.col("origin").is_in(list(filters.origins)))
    acts = _in_window(acts, filters)
    acts = _of_posts(session, acts, filters, shares=base == "share")
    if filters.accounts is not None:
        listed = list(filters.accounts)
        acts = acts.filter(nw.col("actor_id").is_in(listed) | nw.col("target_id").is_in(listed))
    return acts


def chosen_attachments(session: Session, base: str, filters: Filters, *more: str) -> Frame:
    """Return what authors put into their own primary posts, of some kinds, as the filters allow."""
    carried = views.attachments(session).filter(
        nw.col("kind").is_in([base, *more]),
        nw.col("origin") == "authored",
        nw.col("seen_as") == "primary",
        ~nw.col("author_id").is_null(),
        ~nw.col("value").is_null(),
    )
    carried = _of_posts(session, _in_window(carried, filters), filters, shares=False)
    if filters.accounts is not None:
        carried = carried.filter(nw.col("author_id").is_in(list(filters.accounts)))
    return carried


def chosen_posts(session: Session, filters: Filters) -> Frame:
    """Return the posts of known authors in their own words (no shares), as the filters allow.

    One row a post, referenced posts included: ``seen_as`` says which were collected themselves.
    """
    kind = nw.coalesce("kind", nw.lit("unknown"))
    own = views.posts(session).filter(
        ~kind.is_in(["share", "service"]), ~nw.col("author_id").is_null()
    )
    return _of_posts(session, _in_window(own, filters), filters, shares=False)


def written_posts(session: Session, filters: Filters) -> Frame:
    """Return the ``chosen_posts`` that were collected themselves, of the accounts asked for."""
    written = chosen_posts(session, filters).filter(nw.col("seen_as") == "primary")
    if filters.accounts is not None:
        written = written.filter(nw.col("author_id").is_in(list(filters.accounts)))
    return written


def _in_window(rows: Frame, filters: Filters) -> Frame:
    if filters.since_ms is not None:
        rows = rows.filter(nw.col("created_ms") >= filters.since_ms)
    if filters.until_ms is not None:
        rows = rows.filter(nw.col("created_ms") < filters.until_ms)
    return rows


def _of_posts(session: Session, rows: Frame, filters: Filters, *, shares: bool) -> Frame:
    """Keep the rows whose acting post has the language, hashtag and text asked for."""
    if not filters.needs_posts:
        return rows
    if filters.hashtag is not None:
        tagged = (
            views.attachments(session)
            .filter(nw.col("kind") == "hashtag", nw.col("value") == filters.hashtag)
            .select("post_id")
            .unique()
        )
        rows = rows.join(tagged, on="post_id", how="semi")
    posts = views.posts(session)
    if filters.lang is not None:
        spoken = posts.filter(nw.col("lang") == filters.lang).select("post_id")
        rows = rows.join(spoken, on="post_id", how="semi")
    if filters.text is not None:
        wanted = filters.text.lower()
        found = posts.filter(nw.col("text").str.to_lowercase().str.contains(wanted, literal=True))
        own = rows.join(found.select("post_id"), on="post_id", how="semi")
        if not shares:
            return own
        # A share's own text is truncated; the shared post's is not.
        names = rows.collect_schema().names()
        shared = found.select(nw.col("post_id").alias("target_post_id"))
        others = rows.join(found.select("post_id"), on="post_id", how="anti")
        of_target = others.join(shared, on="target_post_id", how="semi")
        rows = nw.concat([own.select(*names), of_target.select(*names)], how="vertical")
    return rows


def count_rows(session: Session, frame: Frame) -> int:
    """Return the number of rows of a frame."""
    table: pa.Table = session.collect(frame.select(nw.len().alias("n")))
    return int(table.column("n")[0].as_py())
