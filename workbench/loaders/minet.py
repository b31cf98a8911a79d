"""CSV of minet and gazouilloire: tweets, or users, with the columns of twitwi.

A record is a row, a post or an account; lists have ``|`` between their items. ``timestamp_utc``
and the id tell the time: ``local_time``, ``user_created_at`` and ``collection_time`` are in the
zone of whoever collected.
Rows that were collected only because others quote or answer them (``match_query`` 0, or without
that column ``collected_via`` quote or thread alone) are kept as context, and their acts are not.

twitwi writes the quoted post into the text of the quoting one, in place of the link to it
(``« user: text — link »``), and merges its mentions, tags and links. The text is kept as the author
wrote it, with the link; what is not in it is called ``inherited_quote``. The retweeted user is
among the mentions, and is the ``share_head``. The handle of a mention comes with its id if both
lists are equally long. A row that answers an account and no post is no reply, as in the API.
Coordinates and places are left out.
"""

from __future__ import annotations

import re
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
    text_in,
)
from workbench.loaders.table_rows import clean_id, items
from workbench.loaders.twitter_tables import (
    PLATFORM,
    Mention,
    Reference,
    Tweet,
    moment,
    record_tweet,
)
from workbench.loaders.written import STATUS
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.table_records import Cells

__all__ = ["LOADER", "own_text", "read", "sniff"]

_KNOWN = column_names(
    """
    id timestamp_utc local_time user_screen_name text possibly_sensitive retweet_count like_count
    reply_count impression_count lang to_username to_userid to_tweetid source_name source_url
    user_location lat lng user_id user_name user_verified user_verified_type user_is_blue_verified
    user_description user_url user_image user_tweets user_followers user_friends user_likes
    user_lists user_created_at user_timestamp_utc collected_via match_query retweeted_id
    retweeted_user retweeted_user_id retweeted_timestamp_utc quoted_id quoted_user quoted_user_id
    quoted_timestamp_utc collection_time url place_country_code place_name place_type
    place_coordinates links domains media_urls media_files media_types media_alt_texts
    mentioned_names mentioned_ids hashtags query
    """
)
_SHOWN_BY = {"id", "timestamp_utc", "user_screen_name", "to_tweetid", "retweeted_id", "quoted_id"}
_USER = column_names(
    """
    id screen_name name description url timestamp_utc local_time location verified protected tweets
    followers friends likes lists image default_profile default_profile_image witheld_in_countries
    witheld_scope query
    """
)
_USERS_BY = {"id", "screen_name", "timestamp_utc", "protected", "friends", "default_profile"}
#: Ways of collecting that are no hits of the query.
_CONTEXT = {"quote", "thread"}

#: A quoted post as twitwi writes it into a text: whose it is, and the link to it.
_QUOTED = re.compile(r"« (\w{1,50}): .*— (\S+) »", re.DOTALL)

_MERGED = (
    "the mentions, tags and links of quoted posts are told from the quoter's own by the text alone"
)


def sniff(head: Head) -> float:
    """Return how surely the head is that of a table with the columns of twitwi."""
    return 0.96 if has_columns(head, _SHOWN_BY) or has_columns(head, _USERS_BY) else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read the posts or the accounts of a table."""
    del options
    with Recorder(sink, PLATFORM) as recorder:
        table = _Minet(recorder)
        if not has_columns(source.head(), _USERS_BY):
            TableRecords(source, recorder, known=_KNOWN).each(table.take)
            return
        TableRecords(source, recorder, known=_USER).each(table.take_account)
        for graph in GRAPHS:
            sink.refuse(graph, "this file has accounts and no posts")


class _Minet:
    """Makes records of rows."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def take(self, cells: Cells) -> None:
        """Add the post of a row, its author and its acts."""
        tweet_id = id_in(cells, "id")
        if tweet_id is None:
            raise ValueError("no post id")
        at = moment(tweet_id, moment_of(text_in(cells, "timestamp_utc")))
        author = self._author(cells, at)
        post = PostFacts(
            post_id=self._recorder.id(tweet_id),
            author_id=None if author is None else author.account_id,
            author_handle=None if author is None else author.handle,
            at=at,
            text=own_text(str(cells.get("text", "")), text_in(cells, "quoted_user")) or None,
            lang=text_in(cells, "lang"),
            source_app=text_in(cells, "source_name"),
            url=text_in(cells, "url"),
            sensitive=flag_in(cells, "possibly_sensitive"),
            seen_as="context" if _is_context(cells) else "primary",
            likes=count_in(cells, "like_count"),
            shares=count_in(cells, "retweet_count"),
            replies=count_in(cells, "reply_count"),
            views=count_in(cells, "impression_count"),
        )
        share = self._reference(cells, "retweeted_id", "retweeted_user_id", "retweeted_user")
        quote = self._reference(cells, "quoted_id", "quoted_user_id", "quoted_user")
        reply = self._reference(cells, "to_tweetid", "to_userid", "to_username")
        if quote is not None and share is None:
            self._recorder.sink.note(_MERGED)
        record_tweet(
            self._recorder,
            Tweet(
                post=post,
                author=author,
                share=share,
                quote=quote,
                reply=reply,
                mentions=self._mentions(cells),
                hashtags=items(cells.get("hashtags", ""), "|"),
                links=items(cells.get("links", ""), "|"),
                merged=quote is not None,
            ),
        )

    def take_account(self, cells: Cells) -> None:
        """Add the account of a row of a table of users."""
        user_id = id_in(cells, "id")
        if user_id is None:
            raise ValueError("no account id")
        account = self._recorder.id(user_id)
        self._recorder.same(account)
        self._recorder.account(
            AccountFacts(
                account_id=account,
                handle=text_in(cells, "screen_name"),
                name=text_in(cells, "name"),
                created_at=moment_of(text_in(cells, "timestamp_utc")),
                description=text_in(cells, "description"),
                location=text_in(cells, "location"),
                url=text_in(cells, "url"),
                verified=flag_in(cells, "verified"),
                protected=flag_in(cells, "protected"),
                followers=count_in(cells, "followers"),
                following=count_in(cells, "friends"),
                posts=count_in(cells, "tweets"),
                listed=count_in(cells, "lists"),
            )
        )
        countries = items(cells.get("witheld_in_countries", ""), "|")
        if countries:
            self._recorder.event(
                "withhold",
                "account",
                account,
                reason=text_in(cells, "witheld_scope"),
                detail=",".join(countries),
            )

    def _author(self, cells: Cells, at: Moment) -> AccountFacts | None:
        """Return what a row says about its author."""
        user_id, handle = id_in(cells, "user_id"), text_in(cells, "user_screen_name")
        if user_id is None and handle is None:
            return None
        recorder = self._recorder
        return AccountFacts(
            account_id=recorder.handle(handle or "") if user_id is None else recorder.id(user_id),
            handle=handle,
            name=text_in(cells, "user_name"),
            created_at=moment_of(text_in(cells, "user_timestamp_utc")),
            description=text_in(cells, "user_description"),
            location=text_in(cells, "user_location"),
            url=text_in(cells, "user_url"),
            verified=flag_in(cells, "user_verified"),
            verified_type=text_in(cells, "user_verified_type"),
            followers=count_in(cells, "user_followers"),
            following=count_in(cells, "user_friends"),
            posts=count_in(cells, "user_tweets"),
            listed=count_in(cells, "user_lists"),
            observed_ms=at.ms,
        )

    def _reference(self, cells: Cells, post: str, account: str, handle: str) -> Reference | None:
        """Return the post that a row refers to in these columns, if it does."""
        post_id, account_id = id_in(cells, post), id_in(cells, account)
        if post_id is None:
            return None
        stated = moment_of(text_in(cells, f"{post.removesuffix('_id')}_timestamp_utc"))
        return Reference(
            account=None if account_id is None else self._recorder.id(account_id),
            post=self._recorder.id(post_id),
            handle=text_in(cells, handle),
            at=moment(post_id, stated) if stated is not UNKNOWN else UNKNOWN,
        )

    def _mentions(self, cells: Cells) -> list[Mention]:
        """Return the accounts that a row mentions, ids with their handles where they pair."""
        names = _all_items(cells, "mentioned_names")
        ids = [clean_id(item) for item in _all_items(cells, "mentioned_ids")]
        known = [self._recorder.id(item) if item else None for item in ids]
        if len(names) == len(known):
            return [Mention(*pair) for pair in zip(known, names, strict=True)]
        if any(known):
            return [Mention(account) for account in known if account]
        return [Mention(None, name) for name in names]


def own_text(text: str, quoted: str | None) -> str:
    """Return a text with the link to the quoted post in place of that post.

    `quoted` is the handle of the quoted author; where the row has none, as that of a retweeted
    quote, the link tells.
    """
    found = _QUOTED.search(text) if "«" in text else None
    if found is None:
        return text
    status = STATUS.search(found[2])
    known = quoted or (status[1] if status is not None else "")
    same = known.casefold() == found[1].casefold()
    return f"{text[: found.start()]}{found[2]}{text[found.end() :]}" if same else text


def _is_context(cells: Cells) -> bool:
    """Return whether a row is no hit of the query, but was collected around one."""
    hit = flag_in(cells, "match_query")
    if hit is not None:
        return not hit
    ways = set(items(cells.get("collected_via", ""), "|"))
    return bool(ways) and ways <= _CONTEXT


def _all_items(cells: Cells, name: str) -> list[str]:
    """Return the items of a list, also empty ones, for they pair with another list's."""
    value = cells.get(name, "")
    if isinstance(value, list):
        return [str(item).strip() for item in value]
    return [item.strip() for item in str(value).split("|")] if str(value).strip() else []


LOADER = Loader(
    name="minet",
    description="tweets and users from minet and gazouilloire (twitwi): CSV",
    sniff=sniff,
    read=read,
)
