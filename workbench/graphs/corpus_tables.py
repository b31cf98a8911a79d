"""The rows of a corpus in the tables of coordination tools: CooRTweet and the QUT toolkit.

Times are unix seconds, with decimals where the corpus knows them. A cell without a value is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from workbench.engine import session as open_session
from workbench.errors import CannotBuildError, UsageError
from workbench.graphs.post_rows import PIECE, Rows, begun, cell, first, posts, seconds, values
from workbench.graphs.selection import chosen_acts, chosen_attachments, count_rows, require
from workbench.model.kinds import graph_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.engine import Session
    from workbench.model.corpus import Corpus
    from workbench.model.filters import Filters

__all__ = ["coortweet", "qut"]

_COORTWEET = ("object_id", "account_id", "content_id", "timestamp_share")
_QUT = (
    "message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls",
)  # fmt: skip
Frame = nw.LazyFrame[Any]


# -- CooRTweet -----------------------------------------------------------------------------------


def coortweet(corpus: Corpus, kind: str, filters: Filters) -> Rows:
    """Return who shared which object by which post, once an account, object and post.

    The objects are those of the projection `kind`, so that CooRTweet's table makes the same graph.
    An act without a post is named by its place, ``row:<source>:<record>``.

    Raises
    ------
    UsageError
        The kind is no projection.
    CannotBuildError
        The corpus has no such objects, or does not say which posts were shared.
    """
    what = graph_kind(kind)
    if what.family != "projection":
        raise UsageError(
            "objects that accounts share are those of a projection",
            value=kind,
            allowed="co_share, co_url, co_domain, co_hashtag",
        )
    left: dict[str, int] = {}

    def rows() -> Iterator[list[str]]:
        with open_session(corpus) as session:
            require(session, what, filters)
            shared = _shared(session, what.base, filters, left)
            for piece in session.pieces(shared.sort(*_OBJECTS), PIECE):
                for row in piece.to_pylist():
                    post = row["post_id"] or f"row:{(row['source'] or '')[:12]}:{row['record']}"
                    yield [row["object"], row["account"], post, seconds(row["ms"])]

    return Rows(_COORTWEET, begun(rows()), left)


_OBJECTS = ("ms", "post_id", "object", "account", "source", "record")


def _shared(session: Session, base: str, filters: Filters, left: dict[str, int]) -> Frame:
    """Return account, object and post of everything shared, with time and place."""
    if base != "share":
        return _grouped(chosen_attachments(session, base, filters), "author_id", "value")
    acts = chosen_acts(session, "share", filters)
    known = acts.filter(~nw.col("actor_id").is_null(), ~nw.col("target_post_id").is_null())
    objects = chosen_attachments(session, "object", filters)
    every, kept = count_rows(session, acts), count_rows(session, known)
    if every and not kept and not count_rows(session, objects):
        raise CannotBuildError(
            "no co_share graph can be built from this data",
            value="its shares do not say which post was shared",
            remedy="export co_url, or the retweet graph",
        )
    left["shares of unknown posts or accounts"] = every - kept
    return nw.concat(
        [
            _grouped(known, "actor_id", "target_post_id"),
            _grouped(objects, "author_id", "value"),
        ],
        how="vertical",
    )


def _grouped(rows: Frame, account: str, thing: str) -> Frame:
    """Return each account, object and post once; what has no post is a row of its own."""
    named = rows.with_columns(
        nw.when(nw.col("post_id").is_null()).then(nw.col("record")).alias("_alone"),
        nw.when(nw.col("post_id").is_null()).then(nw.col("source_id")).alias("_from"),
    )
    return (
        named.group_by(account, thing, "post_id", "_alone", "_from")
        .agg(nw.col("created_ms").min().alias("ms"))
        .select(
            nw.col(thing).alias("object"),
            nw.col(account).alias("account"),
            "post_id",
            nw.col("_from").alias("source"),
            nw.col("_alone").alias("record"),
            "ms",
        )
    )


# -- one post a row ------------------------------------------------------------------------------


def qut(corpus: Corpus) -> Rows:
    """Return one primary post a row, as the QUT coordination network toolkit reads it.

    The links are those a person chose, and of a repost those of the post that it repeats.
    """
    found = posts(corpus)

    def rows() -> Iterator[list[str]]:
        for post, carried in found:
            share, reply = (first(carried, kind) for kind in ("share", "reply"))
            urls = values(carried, "url", "inherited_share" if share else "authored")
            yield [
                cell(value)
                for value in (
                    post["post_id"],
                    post["author_id"],
                    post["author_handle"] or post["handle"],
                    share.get("target_post_id"),
                    reply.get("target_post_id"),
                    post["text"],
                    seconds(post["created_ms"]),
                    " ".join(urls),
                )
            ]

    return Rows(_QUT, begun(rows()))
