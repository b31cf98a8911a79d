"""Blocks of Twitter API v2 pages as Arrow columns: only lines that are known to be well formed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.json as pj

from workbench.loaders.source import BOM, MAX_LINE, Block, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.loaders.source import Source

__all__ = ["PAGE", "Parsed", "blocks", "parse"]

_BLOCK = 8 << 20
_TEXT, _INT, _BOOL = pa.string(), pa.int64(), pa.bool_()


def _texts(*names: str) -> list[tuple[str, Any]]:
    return [(name, _TEXT) for name in names]


def _ints(*names: str) -> list[tuple[str, Any]]:
    return [(name, _INT) for name in names]


def _list(*fields: tuple[str, Any]) -> Any:
    return pa.list_(pa.struct(list(fields)))


_SPAN = _ints("start", "end")
_TAG = _list(*_texts("tag"), *_SPAN)
_USER_COUNTS = pa.struct(_ints("followers_count", "following_count", "tweet_count", "listed_count"))
_COUNTS = pa.struct(
    _ints(
        "like_count", "retweet_count", "reply_count", "quote_count", "impression_count",
        "bookmark_count",
    )
)  # fmt: skip
_USERS = _list(
    *_texts(
        "id", "username", "name", "created_at", "description", "location", "url", "verified_type"
    ),
    ("protected", _BOOL),
    ("verified", _BOOL),
    ("public_metrics", _USER_COUNTS),
)
_ENTITIES = pa.struct(
    [
        ("mentions", _list(*_texts("id", "username", "name"), *_SPAN)),
        ("hashtags", _TAG),
        ("cashtags", _TAG),
        (
            "urls",
            _list(
                *_texts("url", "expanded_url", "unwound_url", "media_key", "display_url"), *_SPAN
            ),
        ),
    ]
)
#: All but type and id are there to be missed: they mark flattened references. Where they are
#: objects or lists, Arrow refuses them as texts, and the block is no usual one.
_REFERENCES = _list(
    *_texts(
        "type", "id", "text", "author_id", "edit_history_tweet_ids", "author", "in_reply_to_user",
        "entities", "referenced_tweets",
    )
)  # fmt: skip
#: Author, in_reply_to_user and username mark flattened tweets and users.
_TWEETS = _list(
    *_texts(
        "id", "text", "author_id", "created_at", "conversation_id", "in_reply_to_user_id", "lang",
        "source", "username",
    ),
    ("possibly_sensitive", _BOOL),
    ("referenced_tweets", _REFERENCES),
    ("entities", _ENTITIES),
    ("attachments", pa.struct([("media_keys", pa.list_(_TEXT))])),
    ("public_metrics", _COUNTS),
    ("edit_history_tweet_ids", pa.list_(_TEXT)),
    ("withheld", pa.struct([("country_codes", pa.list_(_TEXT)), ("scope", _TEXT)])),
    *_texts("author", "in_reply_to_user"),
)  # fmt: skip
#: What a usual page holds, as the structs of twitter_v2_records have it, with ids as text.
PAGE = pa.schema(
    [
        ("data", _TWEETS),
        ("includes", pa.struct([("tweets", _TWEETS), ("users", _USERS)])),
        ("errors", _list(*_texts("title", "detail", "resource_type", "resource_id", "parameter"))),
        ("__twarc", pa.struct(_texts("retrieved_at"))),
        ("action", _TEXT),
    ]
)


class _Anything(msgspec.Struct):
    """An object of which nothing is kept: decoding it checks the JSON as the path by rows does."""


_check = msgspec.json.Decoder(_Anything).decode


class Parsed(NamedTuple):
    """A block of lines.

    Attributes
    ----------
    block
        The bytes.
    spans
        First and last position of the lines that are not blank, and their numbers from 0.
    table
        One row for each of these lines; None if one of them is no usual page.
    tried
        Whether a table was wanted.
    """

    block: Block
    spans: list[tuple[int, int, int]]
    table: Any
    tried: bool

    def number(self, index: int) -> int:
        """Return the number of one of the lines that are not blank, from 1."""
        return self.block.number + self.spans[index][2]

    def line(self, index: int) -> Line:
        """Return one of the lines that are not blank."""
        start, end, _ = self.spans[index]
        data = self.block.data[start:end].removesuffix(b"\r")
        return Line(self.number(index), self.block.byte_offset + start, data)


def blocks(source: Source) -> Iterator[Block]:
    """Yield the lines of a source in blocks, from 1 MiB to 8 MiB to have the first ones soon.

    Only a line that is longer than ``MAX_LINE`` is not whole; it ends its block.
    """
    number, size = 1, _BLOCK >> 3
    with source.open() as handle:
        data = handle.read(size)
        offset = len(data) - len(data.removeprefix(BOM))
        data = data[offset:]
        while data:
            if not data.endswith(b"\n"):
                data += handle.readline(MAX_LINE)
            yield Block(number, offset, data)
            number += data.count(b"\n")
            offset += len(data)
            size = min(2 * size, _BLOCK)
            data = handle.read(size)


def parse(block: Block, *, columns: bool) -> Parsed:
    """Return a block with its lines and, when `columns` are wanted and possible, as columns."""
    spans = list(_spans(block.data))
    if not columns or not spans or not _well_formed(block.data, spans):
        return Parsed(block, spans, None, columns)
    try:
        table = pj.read_json(
            pa.BufferReader(block.data),
            read_options=pj.ReadOptions(use_threads=False, block_size=len(block.data) + 1),
            parse_options=pj.ParseOptions(explicit_schema=PAGE, unexpected_field_behavior="ignore"),
        )
        table.validate(full=True)
    except pa.ArrowInvalid:
        return Parsed(block, spans, None, columns)
    return Parsed(block, spans, table if table.num_rows == len(spans) else None, columns)


def _spans(data: bytes) -> Iterator[tuple[int, int, int]]:
    start = number = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        if data[start] == 0x7B or data[start:end].strip():
            yield start, end, number
        start, number = end + 1, number + 1


def _well_formed(data: bytes, spans: list[tuple[int, int, int]]) -> bool:
    """Return whether every line is one JSON object, so that Arrow sees just these objects."""
    view = memoryview(data)
    try:
        for start, end, _ in spans:
            if data[start] != 0x7B:
                return False
            _check(view[start:end])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return False
    return True
