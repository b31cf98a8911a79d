"""Tweets of the Internet Research Agency as FiveThirtyEight published them: CSV.

A record is a row. Known are the published tables (``post_type`` RETWEET, QUOTE_TWEET or empty,
``publish_date`` as ``10/1/2017 19:58``) and those made of them with R and Q and ISO dates.
Times are UTC and whole minutes. Tags, mentions and links are read from the text; ``tco1_step1`` and
so on, where the table has them, say where the first links lead.

What it cannot say: whom a retweet, a quote or a reply is about, and of which post. These graphs are
refused; the acts are there with an unknown target. ``external_author_id`` was rounded on the way
and is left out: an account is its handle, unless ``alt_external_id`` gives the true id. Likewise
a post is its row, unless ``tweet_id`` or ``article_url`` names it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workbench.loaders.base import Loader
from workbench.loaders.moments import UNKNOWN, Moment, moment_of
from workbench.loaders.recorder import AccountFacts, Act, Label, PostFacts, Recorder
from workbench.loaders.table_records import (
    TableRecords,
    column_names,
    count_in,
    has_columns,
    text_in,
)
from workbench.loaders.twitter_tables import PLATFORM, moment
from workbench.loaders.written import HASHTAG, HEAD, MENTION, SHORT_LINK

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.recorder import Carrier
    from workbench.loaders.table_records import Cells

__all__ = ["LOADER", "read", "sniff"]

_REDIRECTS = ("tco1_step1", "tco2_step1", "tco3_step1")
_KNOWN = column_names(
    """
    external_author_id author content region language publish_date harvested_date following
    followers updates post_type account_type retweet account_category new_june_2018
    alt_external_id tweet_id article_url author_id
    """
)
_SHOWN_BY = {"author", "content", "publish_date", "post_type", "account_category"}
_KINDS = {"R": "share", "RETWEET": "share", "Q": "quote", "QUOTE_TWEET": "quote"}
_LABELS = ("account_category", "account_type")

_NO_AUTHOR = "this file carries no {} author and no {} post"
_SHORT = "the links are short links (t.co): their domains are unknown"
_BY_HANDLE = "accounts are known by their handle only"

_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})")
_ARTICLE = re.compile(r"twitter\.com/(\d+)/status(?:es)?/(\d+)")
#: The codes of the languages that the tables spell out.
_LANGUAGES = dict(
    pair.split(":")
    for pair in column_names(
        """
        albanian:sq arabic:ar bengali:bn bulgarian:bg catalan:ca croatian:hr czech:cs danish:da
        dutch:nl english:en estonian:et finnish:fi french:fr german:de greek:el gujarati:gu
        hebrew:he hindi:hi hungarian:hu icelandic:is indonesian:in italian:it japanese:ja kannada:kn
        korean:ko kurdish:ku latvian:lv lithuanian:lt macedonian:mk malay:ms malayalam:ml
        norwegian:no polish:pl portuguese:pt pushto:ps romanian:ro russian:ru serbian:sr slovak:sk
        slovenian:sl somali:so spanish:es swedish:sv tamil:ta telugu:te thai:th turkish:tr
        ukrainian:uk urdu:ur uzbek:uz vietnamese:vi farsi:fa tagalog:tl simplified:zh traditional:zh
        """
    )
)


def sniff(head: Head) -> float:
    """Return how surely the head is that of such a table."""
    return 0.96 if has_columns(head, _SHOWN_BY) else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read the tweets of a table."""
    del options
    with Recorder(sink, PLATFORM) as recorder:
        rows = TableRecords(source, recorder, known=_KNOWN | {*_REDIRECTS})
        rows.each(_Ira(recorder, source.source_id[:12]).take)
        for graph, word in (("retweet", "retweeted"), ("quote", "quoted"), ("reply", "replied-to")):
            sink.refuse(graph, _NO_AUTHOR.format(word, word))
        sink.refuse("co_share", _NO_AUTHOR.format("retweeted", "retweeted"))
        if not set(_REDIRECTS) & set(rows.header):
            sink.refuse("account_domain", _SHORT)
            sink.refuse("co_domain", _SHORT)


class _Ira:
    """Makes records of rows."""

    def __init__(self, recorder: Recorder, source: str) -> None:
        self._recorder = recorder
        self._source = source
        self._labelled: set[tuple[str, ...]] = set()

    def take(self, cells: Cells) -> None:
        """Add the post of a row, its author and what its text says."""
        recorder = self._recorder
        handle = text_in(cells, "author")
        if handle is None:
            raise ValueError("no author")
        user_id, tweet_id = _ids(cells)
        stated = _time(text_in(cells, "publish_date"))
        row = f"row:{self._source}:{recorder.sink.read + 1}"
        text = str(cells.get("content", "")) or None
        kind = _KINDS.get((text_in(cells, "post_type") or "").upper(), "original")
        if user_id is None:
            recorder.sink.note(_BY_HANDLE)
        author = recorder.handle(handle) if user_id is None else recorder.id(user_id)
        post = PostFacts(
            post_id=row if tweet_id is None else recorder.id(tweet_id),
            author_id=author,
            author_handle=handle,
            at=stated if tweet_id is None else moment(tweet_id, stated),
            kind=kind,
            text=text,
            text_status=_status(kind, text),
            lang=_language(text_in(cells, "language")),
            url=text_in(cells, "article_url"),
        )
        recorder.account(
            AccountFacts(
                account_id=author,
                handle=handle,
                followers=count_in(cells, "followers"),
                following=count_in(cells, "following"),
                posts=count_in(cells, "updates"),
                observed_ms=_time(text_in(cells, "harvested_date")).ms,
            )
        )
        carrier = recorder.post(post)
        if kind == "share":
            carrier = carrier._replace(origin="inherited_share")
        self._acts(post, text or "")
        self._carried(carrier, text or "", cells)
        self._label(author, cells)

    def _acts(self, post: PostFacts, text: str) -> None:
        """Add the share or quote of a post, with an unknown target, and its mentions."""
        common: dict[str, Any] = {
            "actor_id": post.author_id, "post_id": post.post_id, "at": post.at
        }  # fmt: skip
        head = HEAD.match(text) if post.kind == "share" else None
        if post.kind != "original":
            target = self._recorder.handle(head[1]) if head else None
            how = "text" if head else "none"
            self._recorder.act(
                Act(kind=post.kind or "", target_id=target, resolved_by=how, **common)
            )
        for found in MENTION.finditer(text):
            origin = "authored" if post.kind != "share" else "inherited_share"
            if head is not None and found.start() == 3:
                origin = "share_head"
            self._recorder.act(
                Act(
                    kind="mention", target_id=self._recorder.handle(found[1]),
                    start=found.start(), origin=origin, resolved_by="text", **common,
                )
            )  # fmt: skip

    def _carried(self, carrier: Carrier, text: str, cells: Cells) -> None:
        """Add the tags and links of a text."""
        recorder = self._recorder
        for found in HASHTAG.finditer(text):
            recorder.tag(carrier, found[1], start=found.start(), end=found.end())
        for number, found in enumerate(SHORT_LINK.finditer(text)):
            target = text_in(cells, _REDIRECTS[number]) if number < len(_REDIRECTS) else None
            start, end = found.span()
            if target is None:
                recorder.attach(carrier, "url", found[0], start=start, end=end)
            else:
                recorder.link(carrier, target, start=start, end=end)

    def _label(self, account: str, cells: Cells) -> None:
        """Add what kind of account the researchers called the author, once."""
        for name in _LABELS:
            value = text_in(cells, name)
            fact = (account, name, value or "")
            if value is not None and fact not in self._labelled:
                self._labelled.add(fact)
                self._recorder.label(Label("account", account, f"538 {name}", value))


def _ids(cells: Cells) -> tuple[str | None, str | None]:
    """Return the ids of account and post, where the table has them unrounded."""
    article = _ARTICLE.search(text_in(cells, "article_url") or "")
    user_id, tweet_id = text_in(cells, "alt_external_id"), text_in(cells, "tweet_id")
    if article is not None:
        return article[1], article[2]
    return (
        user_id if user_id is not None and user_id.isdecimal() else None,
        tweet_id if tweet_id is not None and tweet_id.isdecimal() else None,
    )


@lru_cache(maxsize=1 << 16)  # whole minutes repeat
def _time(text: str | None) -> Moment:
    """Return a time of the table; whole minutes are no more exact than that."""
    found = _AMERICAN.fullmatch(text or "")
    if found is not None:
        month, day, year, hour, minute = (int(part) for part in found.groups())
        text = datetime(year, month, day, hour, minute, tzinfo=UTC).isoformat()
    at = moment_of(text)
    if at is UNKNOWN or at.ms is None or at.ms % 60_000:
        return at
    return at._replace(precision="min")


def _status(kind: str, text: str | None) -> str | None:
    return "truncated" if kind == "share" and text is not None and text.endswith("…") else None


def _language(name: str | None) -> str | None:
    """Return the code of a language; one that is not known as it is written."""
    if name is None or name == "LANGUAGE UNDEFINED":
        return None
    return _LANGUAGES.get(name.casefold().split()[0], name)


LOADER = Loader(
    name="ira_538",
    description="tweets of the Internet Research Agency (FiveThirtyEight): CSV",
    sniff=sniff,
    read=read,
)
