"""A corpus as the table of tweets of minet, gazouilloire and twitter-explorer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import narwhals as nw

from workbench.engine import session as open_session
from workbench.engine import views
from workbench.errors import CannotBuildError
from workbench.graphs.post_rows import Rows, begun, cell, first, posts, seconds, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.graphs.post_rows import Carried, Post
    from workbench.model.corpus import Corpus

__all__ = ["MINET", "minet"]

#: The columns of minet's table of tweets, in its order.
MINET = (
    "id", "timestamp_utc", "local_time", "user_screen_name", "text", "possibly_sensitive",
    "retweet_count", "like_count", "reply_count", "impression_count", "lang", "to_username",
    "to_userid", "to_tweetid", "source_name", "source_url", "user_location", "lat", "lng",
    "user_id", "user_name", "user_verified", "user_verified_type", "user_is_blue_verified",
    "user_description", "user_url", "user_image", "user_tweets", "user_followers",
    "user_friends", "user_likes", "user_lists", "user_created_at", "user_timestamp_utc",
    "collected_via", "match_query", "retweeted_id", "retweeted_user", "retweeted_user_id",
    "retweeted_timestamp_utc", "quoted_id", "quoted_user", "quoted_user_id",
    "quoted_timestamp_utc", "collection_time", "url", "place_country_code", "place_name",
    "place_type", "place_coordinates", "links", "domains", "media_urls", "media_files",
    "media_types", "media_alt_texts", "mentioned_names", "mentioned_ids", "hashtags",
)  # fmt: skip


def minet(corpus: Corpus) -> Rows:
    """Return one primary tweet a row in the columns of minet.

    Ids and handles are bare; the local time is UTC; what a quoted tweet carries is not counted as
    the quoter's, which minet does.

    Raises
    ------
    CannotBuildError
        The posts are of another platform than Twitter.
    """
    found = posts(corpus)
    with open_session(corpus) as session:
        primary = views.posts(session).filter(nw.col("seen_as") == "primary")
        told = session.collect(primary.select("platform").unique()).column("platform").to_pylist()
    others = sorted({p for p in told if p not in {None, "twitter", "x"}})
    if others:
        raise CannotBuildError(
            "minet's table is of tweets", value=f"posts of {', '.join(others)}", remedy="use qut"
        )

    def rows() -> Iterator[list[str]]:
        for post, carried in found:
            row = {**_tweet(post), **_author(post), **_references(carried), **_content(carried)}
            yield [cell(row.get(name)) for name in MINET]

    return Rows(MINET, begun(rows()))


def _tweet(post: Post) -> dict[str, Any]:
    return {
        "id": _bare(post["post_id"]),
        "timestamp_utc": seconds(post["created_ms"]),
        "local_time": _local(post["created_ms"]),
        "text": post["text"],
        "possibly_sensitive": post["sensitive"],
        "retweet_count": post["shares"],
        "like_count": post["likes"],
        "reply_count": post["replies"],
        "impression_count": post["views"],
        "lang": post["lang"],
        "source_name": post["source_app"],
        "match_query": 1,
        "collection_time": _local(post["retrieved_ms"]),
        "url": post["url"],
    }


def _author(post: Post) -> dict[str, Any]:
    since = post["user_created_at"]
    since_ms = None if since is None else round(since.timestamp() * 1000)
    return {
        "user_screen_name": post["author_handle"] or post["handle"] or _name(post["author_id"]),
        "user_id": _bare(post["author_id"]),
        "user_name": post["name"],
        "user_location": post["location"],
        "user_verified": post["verified"],
        "user_verified_type": post["verified_type"],
        "user_description": post["description"],
        "user_url": post["user_url"],
        "user_tweets": post["posts"],
        "user_followers": post["followers"],
        "user_friends": post["following"],
        "user_lists": post["listed"],
        "user_created_at": _local(since_ms),
        "user_timestamp_utc": seconds(since_ms),
    }


def _references(carried: Carried) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for kind, prefix in (("share", "retweeted"), ("quote", "quoted")):
        act = first(carried, kind)
        found |= {
            f"{prefix}_id": _bare(act.get("target_post_id")),
            f"{prefix}_user": act.get("handle") or _name(act.get("target_id")),
            f"{prefix}_user_id": _bare(act.get("target_id")),
            f"{prefix}_timestamp_utc": seconds(act.get("ms")),
        }
    reply = first(carried, "reply")
    return found | {
        "to_username": reply.get("handle") or _name(reply.get("target_id")),
        "to_userid": _bare(reply.get("target_id")),
        "to_tweetid": _bare(reply.get("target_post_id")),
    }


def _content(carried: Carried) -> dict[str, Any]:
    mentioned = sorted(
        {
            ((act["handle"] or _name(act["target_id"])).casefold(), _bare(act["target_id"]))
            for act in carried.get("mention", ())
            if act["target_id"] and act["origin"] != "inherited_quote"
        }
    )
    own = ("authored", "inherited_share")
    return {
        "links": "|".join(values(carried, "url", *own)),
        "domains": "|".join(values(carried, "domain", *own)),
        "hashtags": "|".join(values(carried, "hashtag", *own)),
        "mentioned_names": "|".join(name for name, _ in mentioned),
        "mentioned_ids": "|".join(account for _, account in mentioned),
    }


def _local(ms: int | None) -> str:
    if ms is None:
        return ""
    at = datetime.fromtimestamp(ms // 1000, tz=UTC).replace(tzinfo=None)
    return at.isoformat()


def _bare(value: str | None) -> str:
    """Return an id without its platform; nothing for an account of which only the handle is known.

    Acts of shares and replies, and rows, keep what they have.
    """
    if value is None or value.startswith("handle:"):
        return ""
    platform, colon, bare = value.partition(":")
    return bare if colon and platform in {"twitter", "x"} else value


def _name(account: str | None) -> str:
    """Return the handle of an account that is known by it only."""
    return account.split(":", 2)[2] if account and account.startswith("handle:") else ""
