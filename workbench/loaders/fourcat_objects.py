"""4CAT's NDJSON of the API v2: tweets with the objects they refer to put inside.

4CAT flattens a page in its own way: the author is ``author_user``, and keys of pictures and polls
are replaced by the pictures and polls. Put back into the flattened form that twarc writes, a tweet
is read as ``twitter_v2`` reads it. A lookup that found nothing, which 4CAT stores as a tweet by
UNKNOWN, is an event. The posts that 4CAT imports from a browser are not read here: their objects
are those of the platform's own pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.loaders.drift import known_keys, sampled
from workbench.loaders.json_objects import mend_surrogates
from workbench.loaders.twitter_v2_page import page_of
from workbench.loaders.twitter_v2_records import (
    Line,
    Link,
    Mention,
    Metrics,
    Tag,
    Tweet,
    User,
    UserMetrics,
)
from workbench.loaders.twitter_v2_rows import PLATFORM, Rows

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Sink, Source

__all__ = ["is_objects", "read_objects", "restored"]

_untyped = msgspec.json.Decoder().decode
_LOOKED_AT = 20  # lines
_AUTHOR = re.compile(rb'"author_user"\s*:')
_KNOWN = known_keys(
    (Tweet, User, Mention, Tag, Link, Metrics, UserMetrics),
    also="author_user author_username author_fullname subject hashtags mentions urls resource_id "
    "resource_type parameter value title detail profile_image_url",
    opaque="attachments geo context_annotations withheld edit_controls reply_settings annotations "
    "images error matching_rules errors",
)


def is_objects(head: Head) -> bool:
    """Return whether a head is that of such a file; its first lines may be broken."""
    lines = head.lines()[:_LOOKED_AT]
    return any(line.lstrip().startswith(b"{") and _AUTHOR.search(line) for line in lines)


def read_objects(source: Source, sink: Sink) -> None:
    """Read the tweets of a file, one a line."""
    rows = Rows(sink)
    for line in source.lines():
        if not line.data.strip():
            continue
        content: Any = None
        try:
            content = _untyped(mend_surrogates(line.data))
            tweet = _tweet(content)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            sink.reject(
                line=line.number,
                byte_offset=line.byte_offset,
                data=line.data,
                reason=_reason(error),
                keys=content if isinstance(content, dict) else (),
            )
        else:
            _add(tweet, rows, sink)
        if sampled(line.number):
            sink.unknown(_KNOWN.unknown(line.data))
        sink.checkpoint(line.byte_offset + len(line.data))
    rows.flush_aliases(sink.read)


def restored(content: dict[str, Any]) -> dict[str, Any]:
    """Return a tweet of 4CAT in the flattened form of twarc, with those inside it."""
    tweet = dict(content)
    author = tweet.pop("author_user", None)
    if isinstance(author, dict):
        tweet["author"] = author
    attached = tweet.get("attachments")
    if isinstance(attached, dict):
        tweet["attachments"] = {"media_keys": _keys(attached.get("media_keys"))}
    references = tweet.get("referenced_tweets")
    if isinstance(references, list):
        tweet["referenced_tweets"] = [
            restored(item) if isinstance(item, dict) else item for item in references
        ]
    return tweet


def _tweet(content: object) -> Tweet:
    """Return the tweet in an object.

    Raises
    ------
    ValueError
        There is none.
    """
    tweet = msgspec.convert(restored(content), Tweet) if isinstance(content, dict) else None
    if tweet is None or tweet.id is None:
        raise ValueError("no JSON object" if tweet is None else "no id")
    return tweet


def _add(tweet: Tweet, rows: Rows, sink: Sink) -> None:
    """Add a tweet, or the event that there is none."""
    if tweet.author_id != "UNKNOWN":
        rows.page(page_of(Line(), [tweet]))
        return
    post = f"{PLATFORM}:{tweet.id}"
    sink.rows["events"].append(
        (PLATFORM, "unavailable", "post", post, None, None, None, None, sink.record())
    )


def _keys(media: object) -> list[str]:
    """Return the keys of media, of which 4CAT has made the media themselves."""
    found = [
        item.get("media_key") if isinstance(item, dict) else item
        for item in (media if isinstance(media, list) else ())
    ]
    return [key for key in found if isinstance(key, str)]


def _reason(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        return f"not a tweet: {error}"
    if isinstance(error, msgspec.DecodeError):
        return f"broken JSON: {error}"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)
