"""Twitter API v2: pages, single objects, flattened tweets, streams, users pages, compliance lines.

A record is one tweet of ``data``, one user of a users page, one control line, or one piece of the
input that cannot be read. See twitter_v2_rows for what becomes of a tweet.

A link that stands for media is no link: one with a ``media_key``, one displayed as
``pic.twitter.com/…`` or ``pic.x.com/…``, and one to ``…/status/<id>/photo/<n>`` or ``/video/<n>``
of which the export does not say how it is displayed. A link to the page of someone's picture, which
an author has written, is displayed as such and is a link.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from workbench.loaders.base import Head, Line, Loader, Options, Sink, Source
from workbench.loaders.drift import sampled
from workbench.loaders.json_document import document, is_document
from workbench.loaders.json_objects import mend_surrogates, objects
from workbench.loaders.twitter_v2_columns import Columns, Reader
from workbench.loaders.twitter_v2_drift import unknown_keys
from workbench.loaders.twitter_v2_page import page_of, text_id
from workbench.loaders.twitter_v2_records import Failure, Includes, Tweet, User
from workbench.loaders.twitter_v2_records import Line as Record
from workbench.loaders.twitter_v2_rows import PLATFORM, Rows
from workbench.loaders.twitter_v2_time import milliseconds, snowflake_ms

__all__ = ["LOADER"]

_decode = msgspec.json.Decoder(Record).decode
_untyped = msgspec.json.Decoder().decode
_MARKS = re.compile(
    rb'"(?:author_id|includes|edit_history_tweet_ids|public_metrics|referenced_tweets)"\s*:'
)
_OTHERS = re.compile(rb'"(?:id_str|full_text|screen_name|user_id_str|did|\$type|rest_id)"\s*:')
_COMPLIANCE = re.compile(rb'"action"\s*:\s*"(?:delete|scrub_geo|withhold\w*)"')
_OF_V1 = "an object of API v1.1 among those of API v2"
#: Whether usual pages go past the path by rows; the tests compare both.
_BY_COLUMNS = True
_STREAM_EVENTS = {
    "delete": "delete", "withheld": "withhold", "tweet_edit": "edit", "drop": "delete",
    "undrop": "undrop", "user_delete": "delete", "user_undelete": "undelete",
    "user_protect": "protect", "user_unprotect": "unprotect", "user_suspend": "suspend",
    "user_unsuspend": "unsuspend", "user_withheld": "withhold", "scrub_geo": "scrub_geo",
    "user_profile_modification": "profile",
}  # fmt: skip


def sniff(head: Head) -> float:
    """Return how surely the head is of this format."""
    start = head.data.lstrip()[:1]
    if start not in {b"{", b"["}:
        return 0.0
    if _COMPLIANCE.search(head.data):
        return 0.8
    if not _MARKS.search(head.data):
        return 0.6 if re.match(rb'\s*\{\s*"(?:data|meta|errors|includes)"\s*:', head.data) else 0.0
    return 0.3 if _OTHERS.search(head.data[:4096]) else 0.95


def read(source: Source, sink: Sink, _options: Options) -> None:
    """Read a source into a sink."""
    rows = Rows(sink)
    by_rows = _ByRows(rows, sink)
    if is_document(source.head()):
        for count, piece in enumerate(document(source)):
            line = Line(piece.number, piece.byte_offset, piece.data)
            if piece.reason is None:
                by_rows.read(line, count=count)
            else:
                _reject(sink, line, piece.reason)
    elif _BY_COLUMNS:
        with Columns(rows, sink) as columns:
            Reader(columns, by_rows, sink).read(source)
        return
    else:
        for count, line in enumerate(source.lines()):
            if line.data.strip():
                by_rows.read(line, count=count)
    rows.flush_aliases(sink.read)


class _ByRows:
    """Reads one line after the other, tweet by tweet."""

    def __init__(self, rows: Rows, sink: Sink) -> None:
        self._rows = rows
        self._sink = sink

    def read(self, line: Line, *, count: int | None = None) -> None:
        """Read a line that is not blank, the one with the given count from 0."""
        _read_line(line, self._rows, self._sink)
        if sampled(line.number if count is None else count + 1):
            self.note(line)
        self._sink.checkpoint(line.byte_offset + len(line.data))

    def note(self, line: Line) -> None:
        """Report keys of a line that no column keeps."""
        self._sink.unknown(unknown_keys(line.data))


def _read_line(line: Line, rows: Rows, sink: Sink) -> None:
    try:
        record = _decode(line.data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        _read_pieces(line, rows, sink)
        return
    if record.id_str is not None:
        _reject(sink, line, _OF_V1)
        return
    tweets = record.data if isinstance(record.data, list) else [record.data or record]
    if any(not tweet.id or tweet.username is not None for tweet in tweets) or not tweets:
        _read_object(line, rows, sink)
        return
    if record.action is not None:
        _compliance(record, line, sink)
        return
    rows.page(page_of(record, tweets))


def _read_pieces(line: Line, rows: Rows, sink: Sink) -> None:
    """Read a line that is not one well-formed object of known types: object by object."""
    spans = list(objects(line.data))
    if not spans:
        _reject(sink, line, "no JSON object")
        return
    for span in spans:
        piece = Line(line.number, line.byte_offset + span.start, line.data[span.start : span.end])
        if span.whole:
            _read_object(piece, rows, sink)
        else:
            _reject(sink, piece, "broken JSON: not a complete object")


def _read_object(line: Line, rows: Rows, sink: Sink) -> None:
    """Read one object without trusting its types: what fits is kept, the rest is rejected."""
    try:
        content = _untyped(mend_surrogates(line.data))
    except msgspec.DecodeError as error:
        _reject(sink, line, f"broken JSON: {error}")
        return
    except RecursionError:
        _reject(sink, line, "nested too deeply")
        return
    except UnicodeDecodeError:
        _reject(sink, line, "not UTF-8")
        return
    if not isinstance(content, dict) or content.get("id_str") is not None:
        _reject(sink, line, _OF_V1 if isinstance(content, dict) else "no JSON object")
        return
    data = content.get("data", content)
    if isinstance(data, dict) and data.keys() & _STREAM_EVENTS.keys() and "text" not in data:
        _stream_event(data, sink)
        return
    frame = _frame(content, sink)
    items = data if isinstance(data, list) else [data]
    if ("data" not in content and "id" not in content) or not items:
        _control(content, frame, line, rows, sink)
        return
    _items(items, frame, line, rows, sink)


def _items(items: list[Any], frame: Record, line: Line, rows: Rows, sink: Sink) -> None:
    """Read the items of a page one by one; one that cannot be read loses only itself."""
    tweets: list[Tweet] = []
    users: list[User] = []
    for item in items:
        try:
            if isinstance(item, dict) and "username" in item and "author_id" not in item:
                users.append(msgspec.convert(item, User, strict=True))
                known = users[-1].id
            else:
                if isinstance(item, dict) and "action" in item and "text" not in item:
                    _compliance(msgspec.convert(item, Record), line, sink)
                    continue
                tweets.append(msgspec.convert(item, Tweet, strict=True))
                known = tweets[-1].id
        except (msgspec.ValidationError, RecursionError) as error:
            _reject(sink, line, f"not a tweet or user: {error}", item)
            continue
        if not known:
            (users if isinstance(item, dict) and "username" in item else tweets).pop()
            _reject(sink, line, "no id", item)
    if tweets:
        rows.page(page_of(frame, tweets))
    elif users:
        for tweet in (frame.includes.tweets if frame.includes else None) or ():
            tweet.type = None
        page = page_of(frame, [])
        retrieved = milliseconds(page.retrieved_at)
        for user in users:
            rows.account(user, "included", record=sink.record(), retrieved=retrieved)
        rows.page(page)


def _frame(content: dict[str, Any], sink: Sink) -> Record:
    """Return the page around the data, with those included objects that can be read."""
    frame = Record()
    includes = content.get("includes")
    if isinstance(includes, dict):
        frame.includes = Includes(
            tweets=_readable(includes.get("tweets"), Tweet, sink),
            users=_readable(includes.get("users"), User, sink),
        )
    frame.errors = _readable(content.get("errors"), Failure, sink)
    about = content.get("__twarc")
    if isinstance(about, dict) and isinstance(about.get("retrieved_at"), str):
        frame.collector = msgspec.convert({"__twarc": about}, Record).collector
    return frame


def _readable(items: object, kind: type[Any], sink: Sink) -> list[Any]:
    found = []
    for item in items if isinstance(items, list) else ():
        try:
            found.append(msgspec.convert(item, kind))
        except (msgspec.ValidationError, RecursionError):
            sink.unknown([f"unreadable {kind.__name__.casefold()} beside the data"])
    return found


def _control(content: dict[str, Any], frame: Record, line: Line, rows: Rows, sink: Sink) -> None:
    """Read an object without data: an empty page, a failure, or something foreign."""
    if not content.keys() & {"meta", "errors", "includes", "data"}:
        _reject(sink, line, "no tweet, user, page or compliance line", content)
        return
    record = sink.record()
    sink.rows["events"].append(
        (PLATFORM, "control", "record", None, None, None, "a page without data", None, record)
    )
    rows.page(page_of(frame, []))


def _compliance(record: Record, line: Line, sink: Sink) -> None:
    """Write a compliance line; the stated creation time tells a tweet's id from a user's."""
    if not record.id:
        _reject(sink, line, "no id")
        return
    number = sink.record()
    key = text_id(record.id)
    made, stated = snowflake_ms(key), milliseconds(record.created_at)
    is_post = made is not None and stated is not None and abs(made - stated) < 1000
    sink.rows["events"].append(
        (PLATFORM, record.action, "post" if is_post else "account", f"{PLATFORM}:{key}", None, None,
         record.reason, None, number)
    )  # fmt: skip


def _stream_event(data: dict[str, Any], sink: Sink) -> None:
    """Write a line of the compliance stream as an event."""
    number = sink.record()
    name = next(key for key in data if key in _STREAM_EVENTS)
    body = data[name] if isinstance(data[name], dict) else {}
    post = body.get("tweet") if isinstance(body.get("tweet"), dict) else None
    user = body.get("user") if isinstance(body.get("user"), dict) else None
    subject = (post or user or {}).get("id")
    at = milliseconds(body["event_at"]) if isinstance(body.get("event_at"), str) else None
    sink.rows["events"].append(
        (PLATFORM, _STREAM_EVENTS[name], "account" if name.startswith("user") else "post",
         None if subject is None else f"{PLATFORM}:{subject}",
         None if at is None else at * 1000, at, name, None, number)
    )  # fmt: skip


def _reject(sink: Sink, line: Line, reason: str, item: object = None) -> None:
    keys = item if isinstance(item, dict) else ()
    sink.reject(
        line=line.number, byte_offset=line.byte_offset, data=line.data, reason=reason, keys=keys
    )


LOADER = Loader(
    name="twitter_v2",
    description="Twitter API v2 JSON: pages, tweets, flattened tweets, users, compliance lines",
    sniff=sniff,
    read=read,
)
