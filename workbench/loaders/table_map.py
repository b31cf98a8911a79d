"""Any CSV, TSV or Parquet table, with a column map that says what its columns mean.

The map is a TOML file; only ``[columns]`` is needed, every key of it names a column of the table::

    platform = "x"              # ids become x:…, handles handle:x:…; without it ids stay as given
    kind = "share"              # of the act towards `target`: share quote reply mention
    zone = "Europe/Paris"       # of times without a zone; UTC if not given
    separator = ";"             # between cells; sniffed if not given
    quote = false               # cells are not quoted, a quotation mark is just a character
    list_separator = "|"        # within cells that hold several values; also read: ["a", "b"]

    [columns]
    post = "tweet_id"           # without it rows with a text get the id row:<source>:<record>
    author = "user_id"
    handle = "user_name"        # of the author; alone, it stands in for `author`
    name = "display_name"
    time = "created_at"         # unix time, ISO 8601, or digits: 20171001, 20171001120000
    text = "full_text"
    lang = "lang"
    url = "permalink"
    conversation = "thread_id"
    likes = "like_count"        # also shares replies quotes views bookmarks
    followers = "followers"     # of the author; also following
    share_post = "rt_id"        # the post that is shared; also quote_post reply_post
    share_author = "rt_user"    # its author's id; also quote_author reply_author
    share_handle = "rt_name"    # its author's handle; also quote_handle reply_handle
    mentions = "mentioned_ids"  # ids of accounts
    mention_handles = "at"      # handles of accounts
    hashtags = "tags"
    urls = "links"
    object = "object_id"        # any object of co-activity: a link, an image, a sentence
    target = "to_user"          # account acted upon; the row is an act of `kind`, without a post
    weight = "n"                # of that act

An empty cell is unknown. A cell of several values that holds nothing but ``NA``, ``NaN``, ``null``,
``None`` or ``<NA>`` without quotes has none. A row without post id (where the map names one), with
a rounded id or with a time that cannot be read is rejected; one without author is kept and counted
as unresolved.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench.errors import InputError, UsageError
from workbench.loaders.base import Loader
from workbench.loaders.table_rows import RowReader
from workbench.loaders.tables import open_table, row_bytes
from workbench.model.kinds import GRAPHS, KINDS

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source

__all__ = [
    "COLUMNS",
    "LOADER",
    "ColumnMap",
    "column_map",
    "read",
    "read_columns",
    "read_map",
    "sniff",
]

_METRICS = ("likes", "shares", "replies", "quotes", "views", "bookmarks")
_ENDS = ("post", "author", "handle")
_REFERENCES = tuple(f"{act}_{end}" for act in ("share", "quote", "reply") for end in _ENDS)
#: The keys of ``[columns]``.
COLUMNS = (
    *("post", "author", "handle", "name", "time", "text", "lang", "url", "conversation"),
    *_METRICS,
    *("followers", "following"),
    *_REFERENCES,
    *("mentions", "mention_handles", "hashtags", "urls", "object", "target", "weight"),
)
_TOGETHER = 512  # records after which buffers and progress are looked at
_TEXTS = ("platform", "kind", "zone", "separator", "list_separator")


@dataclass(frozen=True)
class ColumnMap:
    """What the columns of a table mean; see the module for the keys.

    Attributes
    ----------
    columns
        Key of ``COLUMNS`` → name of the column.
    """

    columns: Mapping[str, str]
    platform: str | None = None
    kind: str = "share"
    zone: tzinfo = field(default=UTC)
    separator: str | None = None
    quote: bool = True
    list_separator: str | None = None


def read_map(source: Mapping[str, Any] | str | os.PathLike[str]) -> dict[str, Any]:
    """Return the content of a column map, checked; `source` is a TOML file or its content.

    Raises
    ------
    InputError
        The file cannot be read or is not TOML.
    UsageError
        A key or value is not allowed.
    """
    if isinstance(source, Mapping):
        content = dict(source)
    else:
        try:
            content = tomllib.loads(Path(source).read_text("utf-8-sig"))
        except OSError as error:
            raise InputError(
                "cannot read the column map", value=os.fspath(source), where=error.strerror
            ) from error
        except ValueError as error:
            raise InputError(
                "the column map is not TOML", value=os.fspath(source), where=str(error)
            ) from error
    column_map(content)
    return content


def column_map(content: Mapping[str, Any]) -> ColumnMap:
    """Return the column map that TOML content stands for.

    Raises
    ------
    UsageError
        A key or value is not allowed.
    """
    columns = content.get("columns")
    if not isinstance(columns, Mapping) or not columns:
        raise UsageError("the column map has no [columns]", allowed=", ".join(COLUMNS))
    _known(columns, COLUMNS, "[columns]")
    _known(content, ("columns", "quote", *_TEXTS), "the column map")
    for key, value in [*columns.items(), *((k, content[k]) for k in _TEXTS if k in content)]:
        if not isinstance(value, str) or not value:
            raise UsageError("the column map wants a text", value=value, where=key)
    if not {"author", "handle"} & set(columns):
        raise UsageError("the column map names no author", allowed="author or handle")
    kind = content.get("kind", "share")
    if kind not in KINDS:
        raise UsageError("not a kind of act", value=kind, allowed=", ".join(KINDS))
    quote = content.get("quote", True)
    if not isinstance(quote, bool):
        raise UsageError("quote is true or false", value=quote)
    options = {
        key: content[key] for key in ("platform", "separator", "list_separator") if key in content
    }
    return ColumnMap(dict(columns), kind=kind, quote=quote, zone=_zone(content), **options)


def _known(keys: Mapping[str, Any], allowed: tuple[str, ...], where: str) -> None:
    unknown = sorted(set(keys) - set(allowed))
    if unknown:
        raise UsageError(
            "the column map has an unknown key",
            value=", ".join(unknown),
            where=where,
            allowed=", ".join(allowed),
        )


def _zone(content: Mapping[str, Any]) -> tzinfo:
    name = content.get("zone")
    if name is None or name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError("no such time zone", value=name, allowed="as in Europe/Paris") from error


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read a table by the column map of the options."""
    if options.column_map is None:
        raise UsageError(
            "a table needs a column map", value=source.path, remedy="give column_map= or --map"
        )
    read_columns(source, sink, column_map(options.column_map))


def read_columns(source: Source, sink: Sink, columns: ColumnMap) -> None:
    """Read a table whose columns mean what `columns` says.

    Raises
    ------
    InputError
        The table lacks a column, or is no table.
    """
    table = open_table(source, separator=columns.separator, quote=columns.quote)
    positions = {key: table.position(name, source.path) for key, name in columns.columns.items()}
    reader = RowReader(source, sink, columns, positions=positions)
    identities: list[tuple[str | int, str]] = []
    sink.identify(identities)
    for row in table.rows:
        reason = row.reason
        if reason is None:
            try:
                identities.append(reader.read(row.cells))
            except ValueError as error:
                reason = str(error)
        if reason is not None:
            sink.reject(
                line=row.number,
                byte_offset=row.byte_offset,
                data=row_bytes(table, row),
                reason=reason,
            )
        if len(identities) >= _TOGETHER or sink.read % _TOGETHER == 0:
            sink.identify(identities)
            identities = []
            sink.checkpoint(row.byte_offset or 0)
    sink.identify(identities)
    _refuse(sink, columns)
    used = set(columns.columns.values())
    sink.unknown_keys.update({name: sink.read for name in table.header if name not in used})


def _refuse(sink: Sink, columns: ColumnMap) -> None:
    """Refuse the graphs for which the map names no column."""
    given = set(columns.columns)
    acts = {act for act in ("share", "quote", "reply") if {f"{act}_{x}" for x in _ENDS} & given}
    acts |= {"mention"} if {"mentions", "mention_handles"} & given else set()
    acts |= {columns.kind} if "target" in given else set()
    objects = {"hashtag"} if "hashtags" in given else set()
    objects |= {"url", "domain"} if "urls" in given else set()
    posts = {"share"} if {"share_post", "object"} & given else set()
    for graph in GRAPHS.values():
        if graph.family == "interaction":
            possible = acts
        else:
            possible = posts if graph.base == "share" else objects
        if graph.base not in possible:
            sink.refuse(graph.name, f"the table has no column for the {graph.base} of a post")


def sniff(head: Head) -> float:
    """Return 0: a table without a map has no meaning; a map makes it this format."""
    del head
    return 0.0


LOADER = Loader(
    name="table_map",
    description="any CSV, TSV or Parquet table, with a column map in TOML",
    sniff=sniff,
    read=read,
)
