"""Primary posts with what they do and carry, one after the other; and cells of the tables of them.

Two sorted streams are merged, so that no more than a piece of each is in memory.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw

from workbench.engine import session as open_session
from workbench.engine import views
from workbench.errors import CannotBuildError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.engine import Session
    from workbench.model.corpus import Corpus

__all__ = [
    "PIECE",
    "Carried",
    "Post",
    "Rows",
    "begun",
    "cell",
    "first",
    "posts",
    "seconds",
    "values",
]

PIECE = 1 << 15  # rows that are in memory at once
_MEMORY_MB = 512  # of each of the two engines
Frame = nw.LazyFrame[Any]
#: The columns of a primary post and its author.
Post = dict[str, Any]
#: What a post does and carries: kind → its entries.
Carried = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Rows:
    """A table row by row.

    Attributes
    ----------
    left_out
        What the table has no place for → how many; complete once the rows have been read.
    """

    header: tuple[str, ...]
    rows: Iterator[list[str]]
    left_out: dict[str, int] = field(default_factory=dict)


def posts(corpus: Corpus) -> Iterator[tuple[Post, Carried]]:
    """Return every primary post with what it does and carries, in the order of the post ids.

    Raises
    ------
    CannotBuildError
        The corpus has no posts.
    """
    if not corpus.rows("posts"):
        raise CannotBuildError(
            "this data has no posts",
            remedy="export its acts: workbench export gexf, or workbench graph KIND --out FILE",
        )
    return _merged(corpus)


def _merged(corpus: Corpus) -> Iterator[tuple[Post, Carried]]:
    with ExitStack() as opened:
        one, other = (
            opened.enter_context(open_session(corpus, memory_mb=_MEMORY_MB)) for _ in range(2)
        )
        found = _stream(one, _authored(one).sort("post_id"))
        rest = _stream(other, _done(other).sort("post_id", "kind", "target_post_id", "target_id"))
        entry = next(rest, None)
        for post in found:
            carried: Carried = defaultdict(list)
            while entry is not None and entry["post_id"] <= post["post_id"]:
                if entry["post_id"] == post["post_id"]:
                    carried[entry["kind"]].append(entry)
                entry = next(rest, None)
            yield post, carried


def _stream(session: Session, frame: Frame) -> Iterator[dict[str, Any]]:
    for piece in session.pieces(frame, PIECE):
        yield from piece.to_pylist()


def _authored(session: Session) -> Frame:
    """Return the primary posts with what is known of their authors."""
    authors = views.accounts(session).select(
        nw.col("account_id").alias("author_id"),
        nw.col("created_at").alias("user_created_at"),
        nw.col("url").alias("user_url"),
        *("handle", "name", "location", "verified", "verified_type", "description"),
        *("followers", "following", "posts", "listed"),
    )
    posts = views.posts(session).filter(nw.col("seen_as") == "primary").select(
        *("post_id", "author_id", "author_handle", "created_ms", "text", "sensitive", "lang"),
        *("shares", "likes", "replies", "views", "source_app", "url", "retrieved_ms"),
    )  # fmt: skip
    return posts.join(authors, on="author_id", how="left")


def _done(session: Session) -> Frame:
    """Return what posts do and carry: acts with handle and time of their target, attachments."""
    acts = views.interactions(session).filter(
        ~nw.col("post_id").is_null(), nw.col("retracted_ms").is_null()
    )
    handles = views.accounts(session).select(nw.col("account_id").alias("target_id"), "handle")
    times = views.posts(session).select(
        nw.col("post_id").alias("target_post_id"), nw.col("created_ms").alias("ms")
    )
    names = ("post_id", "kind", "target_id", "target_post_id", "origin", "handle", "ms")
    done = (
        acts.select("post_id", "kind", "target_id", "target_post_id", "origin")
        .join(handles, on="target_id", how="left")
        .join(times, on="target_post_id", how="left")
        .select(*names)
    )
    carried = (
        views.attachments(session)
        .filter(
            nw.col("kind").is_in(["url", "domain", "hashtag"]),
            nw.col("seen_as") == "primary",
            ~nw.col("post_id").is_null(),
            ~nw.col("value").is_null(),
        )
        .select(
            "post_id",
            "kind",
            nw.col("value").alias("target_id"),
            nw.lit(None, dtype=nw.String).alias("target_post_id"),
            "origin",
            nw.lit(None, dtype=nw.String).alias("handle"),
            nw.lit(None, dtype=nw.Int64).alias("ms"),
        )
    )
    return nw.concat([done, carried], how="vertical")


def first(carried: Carried, kind: str) -> dict[str, Any]:
    """Return the one act of a kind that a row has room for."""
    return next(iter(carried.get(kind, ())), {})


def values(carried: Carried, kind: str, *origins: str) -> list[str]:
    """Return what a post carries of a kind, each once and sorted."""
    return sorted({row["target_id"] for row in carried.get(kind, ()) if row["origin"] in origins})


def begun(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Return rows whose first one has been made, so that a refusal comes before any is written."""
    start = next(rows, None)

    def again() -> Iterator[list[str]]:
        if start is not None:
            yield start
            yield from rows

    return again()


def cell(value: Any) -> str:
    """Return a value as the text of a cell; empty without one."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def seconds(ms: int | None) -> str:
    """Return unix seconds, with decimals only where there are milliseconds."""
    if ms is None:
        return ""
    whole, rest = divmod(abs(ms), 1000)
    sign = "-" if ms < 0 else ""
    return f"{sign}{whole}.{rest:03d}" if rest else f"{sign}{whole}"
