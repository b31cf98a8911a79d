"""The archive of information operations that Twitter published: CSV of posts, CSV of accounts.

A record is a row. In the table of posts (``tweetid, userid, …, poll_choices``) lists are written
as Python writes them, counts as floats, and ``tweet_time`` to the minute; where the id agrees with
that minute, the post has the milliseconds of its id. Accounts with few followers have a hash
instead of id and name; it stays their id, as text, and is no handle. The table of accounts has the
columns of the author and no post.

What it cannot say: whose post is quoted (known only if that post is in the corpus); where in a
text a mention stands. In a reply whose text begins with handles the mentions are ``reply_prefix``,
in any other post that is no retweet ``authored``. A row that answers an account and no post is no
reply, as in the API. Dates of accounts written as ``7/3/2018`` can be read in two ways and are left
out, unless one of the numbers is no month. Coordinates and polls are left out.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.loaders.base import Loader
from workbench.loaders.moments import UNKNOWN, Moment, moment_of
from workbench.loaders.recorder import AccountFacts, PostFacts, Recorder
from workbench.loaders.table_records import (
    TableRecords,
    column_names,
    count_in,
    flag_in,
    has_columns,
    id_in,
    list_in,
    text_in,
)
from workbench.loaders.table_rows import clean_id
from workbench.loaders.twitter_tables import (
    PLATFORM,
    Mention,
    Reference,
    Tweet,
    moment,
    record_tweet,
)
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.table_records import Cells

__all__ = ["LOADER", "read", "sniff"]

_ACCOUNT = column_names(
    """
    userid user_display_name user_screen_name user_reported_location user_profile_description
    user_profile_url follower_count following_count account_creation_date account_language
    """
)
_POST = column_names(
    """
    tweetid tweet_language tweet_text tweet_time tweet_client_name in_reply_to_userid
    in_reply_to_tweetid quoted_tweet_tweetid is_retweet retweet_userid retweet_tweetid latitude
    longitude quote_count reply_count like_count retweet_count hashtags urls user_mentions
    poll_choices
    """
)
_POSTS_BY = {"tweetid", "userid", "tweet_text", "tweet_time", "is_retweet", "retweet_tweetid"}
_ACCOUNTS_BY = {"userid", "user_screen_name", "account_creation_date", "follower_count"}
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")

_HASHED = "accounts with few followers have a hash instead of their id and name"
_TWO_WAYS = "dates of accounts that can be read as month/day or day/month are left out"


def sniff(head: Head) -> float:
    """Return how surely the head is that of a table of the archive."""
    if has_columns(head, _POSTS_BY):
        return 0.97
    return 0.95 if has_columns(head, _ACCOUNTS_BY) else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read a table of posts or of accounts."""
    del options
    with Recorder(sink, PLATFORM) as recorder:
        rows = TableRecords(source, recorder, known=_ACCOUNT | _POST)
        table = _Archive(recorder)
        if "tweetid" in rows.header:
            rows.each(table.take_post)
            return
        rows.each(table.take_account)
        for graph in GRAPHS:
            sink.refuse(graph, "this file has accounts and no posts")


class _Archive:
    """Makes records of rows."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def take_account(self, cells: Cells) -> None:
        """Add the account of a row."""
        facts = self._account(cells)
        if facts is None:
            raise ValueError("no account id")
        self._recorder.same(facts.account_id)
        self._recorder.account(facts)

    def take_post(self, cells: Cells) -> None:
        """Add the post of a row, its author and its acts."""
        tweet_id = id_in(cells, "tweetid")
        if tweet_id is None:
            raise ValueError("no post id")
        author = self._account(cells)
        at = moment(tweet_id, moment_of(text_in(cells, "tweet_time")))
        if author is not None:
            author.observed_ms = at.ms
        post = PostFacts(
            post_id=self._recorder.id(tweet_id),
            author_id=None if author is None else author.account_id,
            author_handle=None if author is None else author.handle,
            at=at,
            text=str(cells.get("tweet_text", "")) or None,
            lang=text_in(cells, "tweet_language"),
            source_app=text_in(cells, "tweet_client_name"),
            likes=count_in(cells, "like_count"),
            shares=count_in(cells, "retweet_count"),
            replies=count_in(cells, "reply_count"),
            quotes=count_in(cells, "quote_count"),
        )
        share, quote = (
            self._id(cells, name) for name in ("retweet_tweetid", "quoted_tweet_tweetid")
        )
        sharer, answer = self._id(cells, "retweet_userid"), self._id(cells, "in_reply_to_tweetid")
        is_share = bool(flag_in(cells, "is_retweet") or share or sharer)
        mentioned = [clean_id(item) for item in list_in(cells, "user_mentions")]
        record_tweet(
            self._recorder,
            Tweet(
                post=post,
                author=author,
                share=Reference(sharer, share) if is_share else None,
                quote=Reference(None, quote) if quote else None,
                reply=Reference(self._id(cells, "in_reply_to_userid"), answer) if answer else None,
                mentions=[Mention(self._recorder.id(account)) for account in mentioned if account],
                hashtags=list_in(cells, "hashtags"),
                links=list_in(cells, "urls"),
            ),
        )

    def _account(self, cells: Cells) -> AccountFacts | None:
        """Return what a row says about its author."""
        user_id = id_in(cells, "userid")
        if user_id is None:
            return None
        handle, name = text_in(cells, "user_screen_name"), text_in(cells, "user_display_name")
        if not user_id.isdecimal():
            self._recorder.sink.note(_HASHED)
        return AccountFacts(
            account_id=self._recorder.id(user_id),
            handle=None if handle == user_id else handle,
            name=None if name == user_id else name,
            created_at=self._date(text_in(cells, "account_creation_date")),
            description=text_in(cells, "user_profile_description"),
            location=text_in(cells, "user_reported_location"),
            url=text_in(cells, "user_profile_url"),
            followers=count_in(cells, "follower_count"),
            following=count_in(cells, "following_count"),
        )

    def _date(self, text: str | None) -> Moment:
        """Return a date as the archive writes it; one that can be read in two ways is unknown."""
        date = _day(text)
        if date is None:
            self._recorder.sink.note(_TWO_WAYS)
            return UNKNOWN
        return date

    def _id(self, cells: Cells, name: str) -> str | None:
        value = id_in(cells, name)
        return None if value is None else self._recorder.id(value)


@lru_cache(maxsize=1 << 14)
def _day(text: str | None) -> Moment | None:
    """Return a date; None of one that can be read in two ways."""
    found = _SLASHED.fullmatch(text or "")
    if found is None:
        return moment_of(text)
    first, second, year = (int(part) for part in found.groups())
    if first <= 12 and second <= 12 and first != second:
        return None
    month, day = (first, second) if first <= 12 else (second, first)
    return moment_of(datetime(year, month, day, tzinfo=UTC).date().isoformat())


LOADER = Loader(
    name="x_io_archive",
    description="Twitter's archive of information operations: CSV of posts, CSV of accounts",
    sniff=sniff,
    read=read,
)
