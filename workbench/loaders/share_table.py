"""Share tables of coordination tools: who shared which object, when, by which post.

Two are known by their header:

- ``object_id, account_id, content_id, timestamp_share`` (CooRTweet), in any order and case;
- ``message_id, user_id, username, repost_id, reply_id, message, timestamp, urls`` (QUT
  coordination network toolkit), where a repost names a post and not its author.

Objects become attachments of kind ``object``. The same content may carry several objects; a row is
a duplicate only if content and object both occurred before. Ids stay as given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.loaders.base import Loader
from workbench.loaders.table_map import ColumnMap, read_columns
from workbench.loaders.tables import header_of

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source

__all__ = ["LOADER", "read", "sniff"]

_COORTWEET = {
    "object": "object_id",
    "author": "account_id",
    "post": "content_id",
    "time": "timestamp_share",
}
_QUT = {
    "post": "message_id",
    "author": "user_id",
    "handle": "username",
    "share_post": "repost_id",
    "reply_post": "reply_id",
    "text": "message",
    "time": "timestamp",
    "urls": "urls",
}


def _columns(header: list[str]) -> dict[str, str] | None:
    """Return the map of a known share table with this header."""
    names = {name.casefold(): name for name in header}
    for known in (_COORTWEET, _QUT):
        if set(known.values()) <= set(names):
            return {key: names[name] for key, name in known.items()}
    return None


def sniff(head: Head) -> float:
    """Return how surely the head is that of a share table."""
    return 0.95 if _columns(header_of(head)) else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read a share table: one post and one object, or one act, a row."""
    del options
    columns = _columns(header_of(source.head()))
    if columns is None:
        raise InputError(
            "not a share table",
            value=source.path,
            allowed=f"columns {', '.join(_COORTWEET.values())}, or {', '.join(_QUT.values())}",
        )
    read_columns(source, sink, ColumnMap(columns, list_separator=" "))


LOADER = Loader(
    name="share_table",
    description="object_id, account_id, content_id, timestamp_share; or the QUT toolkit's table",
    sniff=sniff,
    read=read,
)
