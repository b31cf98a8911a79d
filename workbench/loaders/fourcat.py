"""4CAT's tweets. CSV: one row a post, accounts by their handles, lists without offsets.

Known are its two sources, the API v2 (``quoted_user``, ``replied_user``) and posts captured with a
browser (also ``quote_author``, ``quote_tweet_id``, ``replied_author``). A record is a row.

``timestamp`` is UTC; ``unix_timestamp`` was made with the clock zone of the server, so that the
first decides where they differ, unless the id agrees with the second. In a retweet all mentions
but the retweeted user, all tags and all links are the original's. What a quote does not say of the
quoted post, the one link to such a post says. A post that is withheld has the platform's notice as
its text.

What the CSV cannot say: which post is retweeted or answered (so no graph of shared posts and no
cascade), and the ids of those accounts. The NDJSON of the API v2 can, see ``fourcat_objects``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.loaders.base import Loader
from workbench.loaders.fourcat_objects import is_objects, read_objects
from workbench.loaders.moments import Moment, moment_of
from workbench.loaders.recorder import AccountFacts, PostFacts, Recorder
from workbench.loaders.table_records import (
    TableRecords,
    column_names,
    count_in,
    flag_in,
    has_columns,
    id_in,
    text_in,
)
from workbench.loaders.table_rows import items
from workbench.loaders.twitter_tables import (
    PLATFORM,
    Mention,
    Reference,
    Tweet,
    moment,
    record_tweet,
)
from workbench.loaders.twitter_v2_rows import STATUS

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.table_records import Cells

__all__ = ["LOADER", "read", "sniff"]

_KNOWN = column_names(
    """
    id thread_id timestamp unix_timestamp link subject body author author_fullname author_id
    author_followers author_avatar_url author_banner_url author_verified source language_guess
    possibly_sensitive retweet_count reply_count like_count quote_count impression_count
    bookmark_count is_retweet retweeted_user is_quote_tweet quote_tweet_id quoted_user quote_author
    quote_body quote_images quote_videos is_quote_withheld is_reply replied_user replied_author
    is_withheld hashtags urls images videos mentions long_lat place_name
    """
)
_SHOWN_BY = {"id", "thread_id", "timestamp", "body", "author", "is_retweet", "retweeted_user"}
#: What 4CAT writes instead of an author: it knows none, or was told to remove it.
_NOBODY = {"UNKNOWN", "REDACTED"}
#: Links stand with commas between them and may have commas of their own.
_BETWEEN_LINKS = re.compile(r",(?=[a-zA-Z][\w+.-]*://)")

_NO_POST = "this file carries no retweeted post, only the handle of its author"
_CASCADES = "retweets name no post: cascades cannot be rebuilt"


def sniff(head: Head) -> float:
    """Return how surely the head is that of tweets from 4CAT."""
    if is_objects(head):
        return 0.97
    return 0.95 if has_columns(head, _SHOWN_BY) else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read the posts of a table or of an NDJSON."""
    del options
    if is_objects(source.head()):
        read_objects(source, sink)
        return
    with Recorder(sink, PLATFORM) as recorder:
        rows = TableRecords(source, recorder, known=_KNOWN)
        rows.each(_Fourcat(recorder).take)
        sink.refuse("co_share", _NO_POST)
        sink.note(_CASCADES)


class _Fourcat:
    """Makes records of rows."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def take(self, cells: Cells) -> None:
        """Add the post of a row, its author and its acts."""
        tweet_id = id_in(cells, "id")
        if tweet_id is None:
            raise ValueError("no post id")
        if text_in(cells, "author_id") == "UNKNOWN":  # what the API said of a lost post
            self._recorder.event("unavailable", "post", self._recorder.id(tweet_id))
            return
        at = _time(tweet_id, cells)
        author = self._author(cells, at)
        thread = id_in(cells, "thread_id")
        post = PostFacts(
            post_id=self._recorder.id(tweet_id),
            author_id=None if author is None else author.account_id,
            author_handle=None if author is None else author.handle,
            at=at,
            text=str(cells.get("body", "")) or None,
            lang=text_in(cells, "language_guess"),
            conversation_id=None if thread is None else self._recorder.id(thread),
            source_app=text_in(cells, "source"),
            url=text_in(cells, "link"),
            sensitive=flag_in(cells, "possibly_sensitive"),
            likes=count_in(cells, "like_count"),
            shares=count_in(cells, "retweet_count"),
            replies=count_in(cells, "reply_count"),
            quotes=count_in(cells, "quote_count"),
            views=count_in(cells, "impression_count"),
            bookmarks=count_in(cells, "bookmark_count"),
        )
        if flag_in(cells, "is_withheld"):
            post.availability = post.text_status = "withheld"
            self._recorder.event("withhold", "post", post.post_id)
        record_tweet(
            self._recorder,
            Tweet(
                post=post,
                author=author,
                share=_share(cells),
                quote=self._quote(cells),
                reply=_reply(cells),
                mentions=[Mention(None, name) for name in _names(cells, "mentions")],
                hashtags=items(cells.get("hashtags", ""), ","),
                links=_links(cells),
            ),
        )

    def _author(self, cells: Cells, at: Moment) -> AccountFacts | None:
        """Return what a row says about its author, by id or else by handle."""
        handle, user_id = _name(cells, "author"), id_in(cells, "author_id")
        if user_id in _NOBODY:
            user_id = None
        if user_id is None and handle is None:
            return None
        recorder = self._recorder
        return AccountFacts(
            account_id=recorder.handle(handle or "") if user_id is None else recorder.id(user_id),
            handle=handle,
            name=_name(cells, "author_fullname"),
            followers=count_in(cells, "author_followers"),
            observed_ms=at.ms,
        )

    def _quote(self, cells: Cells) -> Reference | None:
        quoted, author = (
            id_in(cells, "quote_tweet_id"),
            _either(cells, "quote_author", "quoted_user"),
        )
        if not (flag_in(cells, "is_quote_tweet") or quoted or author):
            return None
        if quoted and author:
            return Reference(post=self._recorder.id(quoted), handle=author)
        linked = _linked(cells, quoted, author)
        quoted = quoted or (linked[1] if linked else None)
        post = self._recorder.id(quoted) if quoted else None
        if author is None and linked and linked[0] != "i":  # an address without the author
            return Reference(post=post, handle=linked[0], how="url")
        return Reference(post=post, handle=author)


def _linked(cells: Cells, post: str | None, author: str | None) -> tuple[str, str] | None:
    """Return handle and id of the one post that links lead to and that a row can quote."""
    found = {(link[1].casefold(), link[2]) for link in map(STATUS.search, _links(cells)) if link}
    fitting = [
        (handle, key)
        for handle, key in found
        if post in {None, key} and (author is None or handle in {author.casefold(), "i"})
    ]
    return fitting[0] if len(fitting) == 1 else None


def _share(cells: Cells) -> Reference | None:
    shared = _name(cells, "retweeted_user")
    return Reference(handle=shared) if flag_in(cells, "is_retweet") or shared else None


def _reply(cells: Cells) -> Reference | None:
    answered = _either(cells, "replied_author", "replied_user")
    return Reference(handle=answered) if flag_in(cells, "is_reply") else None


def _time(tweet_id: str, cells: Cells) -> Moment:
    """Return the time of a post: the stated one that agrees with the id, else the first."""
    stated = [moment_of(text_in(cells, name)) for name in ("timestamp", "unix_timestamp")]
    known = [at for at in stated if at.ms is not None]
    candidates = [moment(tweet_id, at) for at in known] or [moment(tweet_id, stated[0])]
    return next((at for at in candidates if at.source == "snowflake"), candidates[0])


def _name(cells: Cells, name: str) -> str | None:
    """Return a handle or name; None where it was removed."""
    text = (text_in(cells, name) or "").removeprefix("@")
    return None if not text or text in _NOBODY else text


def _either(cells: Cells, *names: str) -> str | None:
    return next((found for name in names if (found := _name(cells, name))), None)


def _names(cells: Cells, name: str) -> list[str]:
    return [item for item in items(cells.get(name, ""), ",") if item not in _NOBODY]


def _links(cells: Cells) -> list[str]:
    """Return the links of a cell that stand with commas between them."""
    value = cells.get("urls", "")
    if isinstance(value, list):
        return items(value, None)
    return [link.strip() for link in _BETWEEN_LINKS.split(str(value)) if link.strip()]


LOADER = Loader(
    name="fourcat",
    description="tweets from 4CAT: CSV, NDJSON of the API v2",
    sniff=sniff,
    read=read,
)
