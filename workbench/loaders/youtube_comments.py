"""Comments of a video as YouTube Data Tools writes them: one CSV row a comment.

The columns are ``id, authorName, text, publishedAt`` and, as far as a version of the tool has them,
``authorChannelId, authorChannelUrl, likeCount, replyCount, isReply, isReplyTo, isReplyToName``.

An account is the channel of an author, ``youtube:UC…``. Where a table has none, the author is known
by name: a name that begins with ``@`` is a handle, ``handle:youtube:<name>``; any other is a
display name, which different people may share, ``youtube:name:<name>``.

A reply answers the comment in ``isReplyTo``. Threads have two levels: who answers a reply is told
to answer the first comment of the thread. The video is not told, so that comments on it are no
replies; nor are mentions, hashtags and links, which stand in the text only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.loaders.base import Loader
from workbench.loaders.moments import moment_of
from workbench.loaders.recorder import AccountFacts, Act, PostFacts, Recorder
from workbench.loaders.table_rows import clean_id
from workbench.loaders.tables import header_of, open_table, row_bytes
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.loaders.base import Head, Options, Sink, Source

__all__ = ["LOADER", "read", "sniff"]

PLATFORM = "youtube"
_NEEDED = ("id", "authorName", "text", "publishedAt")
_REPLIES = ("isReplyTo", "isReply")
_COLUMNS = (
    *_NEEDED, *_REPLIES, "authorChannelId", "authorChannelUrl", "likeCount", "replyCount",
)  # fmt: skip
_LEFT_OUT = ("isReplyToName",)
_CHANNEL = re.compile(r"/channel/(UC[\w-]{22})(?![\w-])", re.ASCII)
_TOGETHER = 512  # records after which buffers and progress are looked at
_BY_NAME = (
    "authors without a channel id are known by their display name; different people may share one"
)
_LEVELS = (
    "YouTube threads have two levels: who answers a reply is told to answer the first comment of "
    "the thread"
)


def _positions(header: list[str]) -> dict[str, int]:
    """Return where the known columns stand; none if it is another table."""
    places = {name.casefold(): place for place, name in reversed([*enumerate(header)])}
    known = {name: places[name.casefold()] for name in _COLUMNS if name.casefold() in places}
    fits = set(_NEEDED) <= set(known) and any(name in known for name in _REPLIES)
    return known if fits else {}


def sniff(head: Head) -> float:
    """Return how surely the head is that of a table of comments."""
    return 0.95 if _positions(header_of(head)) else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read a table of comments: one record a row.

    Raises
    ------
    InputError
        It is another table.
    """
    del options
    table = open_table(source)
    positions = _positions(table.header)
    if not positions:
        raise InputError(
            "not a table of YouTube comments", value=source.path, allowed=", ".join(_COLUMNS)
        )
    with Recorder(sink, PLATFORM) as recorder:
        for row in table.rows:
            reason = row.reason
            if reason is None:
                try:
                    with recorder.record():
                        cells = {key: str(row.cells[at]).strip() for key, at in positions.items()}
                        _take(recorder, cells)
                except ValueError as error:
                    reason = str(error)
            if reason is not None:
                sink.reject(
                    line=row.number,
                    byte_offset=row.byte_offset,
                    data=row_bytes(table, row),
                    reason=reason,
                )
            if sink.read % _TOGETHER == 0:
                sink.checkpoint(row.byte_offset or 0)
    _report(sink, table.header, positions)


def _take(recorder: Recorder, cell: Mapping[str, str]) -> None:
    """Add a comment, its author, and whom it answers."""
    number = clean_id(cell["id"])
    if number is None:
        raise ValueError("no id")
    at = moment_of(cell["publishedAt"])
    author, handle = _author(recorder, cell)
    parent = _parent(recorder, cell)
    is_reply = parent is not None or cell.get("isReply") in {"1", "true", "True", "TRUE"}
    post_id = recorder.id(number)
    recorder.post(
        PostFacts(
            post_id=post_id, author_id=author, author_handle=handle, at=at,
            kind="reply" if is_reply else "original", text=cell["text"],
            conversation_id=(parent or None) if is_reply else post_id,
            likes=_count(cell.get("likeCount", ""), "likeCount"),
            replies=_count(cell.get("replyCount", ""), "replyCount"),
        )
    )  # fmt: skip
    if is_reply:
        recorder.act(
            Act(kind="reply", actor_id=author, post_id=post_id, target_post_id=parent, at=at)
        )
        recorder.sink.note(_LEVELS)
    if parent is not None:
        recorder.stub(parent)


def _author(recorder: Recorder, cell: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return who wrote a comment and that account's handle, and add it as an account."""
    name, channel = cell["authorName"], cell.get("authorChannelId", "")
    found = _CHANNEL.search(cell.get("authorChannelUrl", ""))
    handle = name.removeprefix("@") if name.startswith("@") and " " not in name else None
    if not channel and found:
        channel = found[1]
    if channel:
        account = recorder.id(channel)
    elif handle:
        account = recorder.handle(handle)
    elif name:
        account = recorder.id(f"name:{name}")
        recorder.sink.note(_BY_NAME)
    else:
        return None, None
    recorder.account(
        AccountFacts(account_id=account, handle=handle, name=None if handle else name or None)
    )
    return account, handle


def _parent(recorder: Recorder, cell: Mapping[str, str]) -> str | None:
    told = clean_id(cell.get("isReplyTo", ""))
    return None if told in {None, "0"} else recorder.id(str(told))


def _count(text: str, name: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,18}(?:\.0+)?", text, re.ASCII):
        raise ValueError(f"{name} is not a number")
    return int(text.partition(".")[0])


def _report(sink: Sink, header: list[str], positions: Mapping[str, int]) -> None:
    """Refuse what the columns cannot tell, and name those that are not read."""
    for graph in GRAPHS.values():
        if graph.name != "reply":
            sink.refuse(graph.name, f"the table has no column for the {graph.base} of a comment")
        elif "isReplyTo" not in positions:
            sink.refuse("reply", "the table does not tell which comment a reply answers")
    read_too = {*positions.values()}
    sink.unknown_keys.update(
        {
            name: sink.read
            for place, name in enumerate(header)
            if place not in read_too and name not in _LEFT_OUT
        }
    )


LOADER = Loader(
    name="youtube_comments",
    description="comments of a video, as CSV of YouTube Data Tools",
    sniff=sniff,
    read=read,
)
