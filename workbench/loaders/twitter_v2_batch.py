"""Pages as flat columns: their tweets, users and references, and which of them mean each other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.loaders.columnar import (
    Ints,
    Keyed,
    Mask,
    UnusualError,
    chosen,
    codes,
    distinct,
    integers,
    optional,
    prefixed,
    taken,
    unnest,
)
from workbench.loaders.twitter_v2_rows import PLATFORM
from workbench.loaders.twitter_v2_time import FIRST_SNOWFLAKE, SNOWFLAKE_EPOCH_MS, milliseconds

__all__ = [
    "KINDS", "OTHER", "QUOTE", "REPLY", "SEEN_AS", "SHARE", "Batch", "Moments", "times",
    "usual_lines",
]  # fmt: skip

#: Kinds of a reference, in the order in which they make the kind of a tweet.
SHARE, QUOTE, REPLY, OTHER = range(4)
KINDS = ("share", "quote", "reply", "original")
SEEN_AS = ("primary", "referenced")
_TYPES = pa.array(["retweeted", "quoted", "replied_to"])
_FLATTENED = ("username", "author", "in_reply_to_user")
_FLATTENED_REFERENCE = (
    "text", "author_id", "edit_history_tweet_ids", "author", "in_reply_to_user", "entities",
    "referenced_tweets",
)  # fmt: skip
_PRECISIONS = ("ms", "s", None)
_MAKERS = ("snowflake", "record", None)


class Moments(NamedTuple):
    """When posts were made: milliseconds, where they are known, how exactly and who says so."""

    ms: Ints
    known: Mask
    precision: Ints
    maker: Ints

    def columns(self, rows: Ints) -> dict[str, Any]:
        """Return the columns ``created_*`` of the posts at `rows`."""
        ms, known = self.ms[rows], self.known[rows]
        return {
            "created_at": optional(ms * 1000, known).cast(pa.timestamp("us", tz="UTC")),
            "created_ms": optional(ms, known),
            "created_precision": chosen(_PRECISIONS, self.precision[rows]),
            "created_from": chosen(_MAKERS, self.maker[rows]),
        }


def usual_lines(table: Any) -> Mask:
    """Return which lines of a parsed block are pages with tweets."""
    lengths = integers(pc.list_value_length(_whole(table, "data")), missing=0)
    action = pc.is_null(_whole(table, "action")).to_numpy(zero_copy_only=False)
    return np.asarray((lengths > 0) & action)


class Batch:
    """Some lines of usual pages, opened up.

    Tweets are numbered through: first the primary ones of all lines, then the included ones.
    Records are counted from 1.

    Parameters
    ----------
    table
        Lines as ``twitter_v2_parse`` returns them.

    Raises
    ------
    UnusualError
        A page holds something flattened, ambiguous or incomplete.
    """

    def __init__(self, table: Any) -> None:
        data = unnest(_whole(table, "data"))
        includes = _whole(table, "includes")
        included = unnest(includes.field("tweets"))
        self.users = unnest(includes.field("users"))
        self.failures = unnest(_whole(table, "errors"))
        self.primaries = len(data.values)
        self.tweets = pa.concat_arrays([data.values, included.values])
        self.line = np.concatenate([data.parents, included.parents])
        self.page_record = np.cumsum(data.counts)
        self.record = np.concatenate(
            [1 + np.arange(self.primaries), self.page_record[included.parents]]
        )
        self.retrieved = times(_whole(table, "__twarc").field("retrieved_at"))
        self.references = unnest(self.tweets.field("referenced_tweets"))
        self._entities = self.tweets.field("entities")
        self.mentions = unnest(self._entities.field("mentions"))
        self._refuse_unusual()
        self._name_accounts()
        self._name_posts()
        self.mention_order = self._order_of_mentions()

    def field(self, name: str) -> Any:
        """Return a field of all tweets."""
        return self.tweets.field(name)

    def carried(self, name: str) -> Any:
        """Return a list of the entities of all tweets, flattened."""
        return unnest(self._entities.field(name))

    def coded_at(self) -> Moments:
        """Return when the tweets were made by their ids alone."""
        return _moments(self.field("id"), None)

    def _order_of_mentions(self) -> Ints:
        """Return the mentions of the primary tweets, by their offset in each."""
        parents = self.mentions.parents
        start = integers(self.mentions.values.field("start"), missing=-1)
        own = np.flatnonzero(parents < self.primaries)
        return own[np.lexsort((start[own], parents[own]))]

    def _refuse_unusual(self) -> None:
        tweets, references = self.tweets, self.references.values
        absent = [tweets.field(name) for name in _FLATTENED]
        absent += [references.field(name) for name in _FLATTENED_REFERENCE]
        absent.append(self.mentions.values.field("name"))
        present = (tweets.field("id"), references.field("id"), self.users.values.field("id"))
        if any(column.null_count != len(column) for column in absent):
            raise UnusualError
        if any(column.null_count for column in present):
            raise UnusualError
        given = [tweets.field(n) for n in ("author_id", "conversation_id", "in_reply_to_user_id")]
        given += [self.mentions.values.field("id"), self.failures.values.field("resource_id")]
        if any(pc.any(pc.equal(column, "")).as_py() for column in (*present, *given)):
            raise UnusualError

    def _name_accounts(self) -> None:
        """Give all accounts numbers, and find the users of every page."""
        self.account_ids, found = codes(
            self.users.values.field("id"),
            self.field("author_id"),
            self.mentions.values.field("id"),
            self.field("in_reply_to_user_id"),
        )
        self.user_account, self.author, self.mentioned, self.replied_to = found
        self.accounts = prefixed(f"{PLATFORM}:", self.account_ids)
        self.page_users = Keyed(
            self.users.parents, self.user_account, width=len(self.account_ids) + 1
        )
        self.author_names = taken(self.accounts, self.author)

    def _name_posts(self) -> None:
        """Give all posts numbers, kinds and times, and find the included ones of every page."""
        ids, references = self.field("id"), self.references
        names, found = codes(ids, references.values.field("id"))
        self.code, self.reference_code = found
        self.width = len(names) + 1
        self.reference_line = self.line[references.parents]
        content = pc.or_(pc.is_valid(self.field("text")), pc.is_valid(self.field("author_id")))
        others = np.flatnonzero(content.to_numpy(zero_copy_only=False))
        others = others[others >= self.primaries]
        self.beside = others
        self.page_posts = Keyed(
            self.line[others], self.code[others], width=self.width, things=others
        )
        self.original = self.page_posts.find(self.reference_line, self.reference_code)
        self.versions = unnest(self.field("edit_history_tweet_ids"))
        oldest = np.where(self.versions.counts > 0, self.versions.starts, -1)
        oldest_ids = taken(self.versions.values, oldest)
        self.version_names = prefixed(f"{PLATFORM}:", ids)
        self.posts = prefixed(f"{PLATFORM}:", pc.coalesce(oldest_ids, ids))
        kind = integers(pc.index_in(references.values.field("type"), _TYPES), missing=OTHER)
        self.reference_kind = kind
        self.kind = np.full(len(ids), OTHER)
        np.minimum.at(self.kind, references.parents, kind)
        withheld = pc.is_valid(self.field("withheld"))
        self.withheld = np.asarray(withheld.to_numpy(zero_copy_only=False))
        self.at = _moments(ids, times(self.field("created_at")))
        self.reference_at = _moments(references.values.field("id"), None)


def times(texts: Any) -> Any:
    """Return ISO 8601 times in epoch milliseconds, as ``milliseconds`` reads them."""
    try:
        found = pc.cast(texts, pa.timestamp("ms", tz="UTC")).cast(pa.int64())
    except pa.ArrowInvalid:
        return distinct(texts, milliseconds, pa.int64())
    if (pc.min(found).as_py() or 0) < 0:
        return distinct(texts, milliseconds, pa.int64())
    return found


def _moments(ids: Any, stated: Any) -> Moments:
    """Return what ``moment`` says of every post."""
    if not pc.all(pc.ascii_is_decimal(ids)).as_py() and len(ids):
        raise UnusualError
    number = integers(pc.cast(ids, pa.int64()), missing=0)
    coded = (number >> 22) + SNOWFLAKE_EPOCH_MS
    is_coded = number > FIRST_SNOWFLAKE
    if stated is None:
        unknown = np.where(is_coded, 0, 2)
        return Moments(coded, is_coded, unknown, unknown)
    is_stated = pc.is_valid(stated).to_numpy(zero_copy_only=False)
    told = integers(stated, missing=0)
    is_coded &= ~is_stated | (np.abs(coded - told) < 1000)
    precision = np.where(is_coded, 0, np.where(is_stated, np.where(told % 1000, 0, 1), 2))
    maker = np.where(is_coded, 0, np.where(is_stated, 1, 2))
    return Moments(np.where(is_coded, coded, told), is_coded | is_stated, precision, maker)


def _whole(table: Any, name: str) -> Any:
    """Return a column in one piece."""
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
