"""A Twitter post as tables tell it: flat, with lists of mentions and tags that have no offsets.

What tables of Twitter posts share: whose post it is, what it shares, quotes and answers, and which
origin a mention or a tag has when only its name is known. Where the table cannot tell, a mention
is never called ``authored``: that graph may lack an edge, it has none that nobody chose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from workbench.loaders.moments import UNKNOWN, Moment
from workbench.loaders.objects import canonical_url, hashtag
from workbench.loaders.recorder import AccountFacts, Act, PostFacts
from workbench.loaders.twitter_v2_time import snowflake_ms
from workbench.loaders.written import HASHTAG, HEAD, LINK, MENTION, STATUS, addressed

if TYPE_CHECKING:
    from workbench.loaders.recorder import Carrier, Recorder

__all__ = ["PLATFORM", "Mention", "Reference", "Tweet", "moment", "record_tweet"]

PLATFORM = "twitter"

#: Milliseconds by which an id may differ from what a record says as coarsely as this.
_COARSE = {"day": 86_400_000, "min": 60_000, "s": 1000}


class Reference(NamedTuple):
    """What a post shares, quotes or answers; any of it may be unknown.

    Attributes
    ----------
    account, post
        Ids with their platform.
    handle
        Of the account.
    at
        When that post was made.
    how
        The handle is known: from a column (entity), from a link (url) or from the text.
    """

    account: str | None = None
    post: str | None = None
    handle: str | None = None
    at: Moment = UNKNOWN
    how: str = "entity"


class Mention(NamedTuple):
    """An account that a post mentions: its id with the platform, its handle, or both."""

    account: str | None
    handle: str | None = None


class Tweet(msgspec.Struct, kw_only=True):
    """A row of a table: a post, its author, and what it refers to.

    Attributes
    ----------
    merged
        Whether the mentions, tags and links of the quoted post are among those of the row, so that
        only the text tells which are the author's own.
    """

    post: PostFacts
    author: AccountFacts | None = None
    share: Reference | None = None
    quote: Reference | None = None
    reply: Reference | None = None
    mentions: list[Mention]
    hashtags: list[str]
    links: list[str]
    merged: bool = False


def moment(post_id: str, stated: Moment) -> Moment:
    """Return the time of a post: the id's milliseconds where the record agrees with them.

    A record of whole minutes agrees when both are in the same minute; of whole seconds, when they
    are less than a second apart. A record that contradicts its id is believed.
    """
    coded = snowflake_ms(post_id)
    if coded is None:
        return stated
    if stated.ms is not None:
        width = _COARSE.get(stated.precision or "", 1)
        near = (
            stated.ms <= coded < stated.ms + width
            if width > 1000
            else abs(coded - stated.ms) < width
        )
        if not near:
            return stated
    return Moment(coded * 1000, coded, "ms", "snowflake")


def record_tweet(recorder: Recorder, tweet: Tweet) -> None:
    """Add a post, its author, its acts and what it carries.

    A retweet has no acts but its own: quotes and replies of the original are not the sharer's.
    """
    post = tweet.post
    if tweet.author is not None:
        recorder.account(tweet.author)
    if tweet.share is not None:
        tweet.share = _headed(tweet.share, post.text)
        tweet.quote = tweet.reply = None
        post.shares = None  # the platform prints the original's
    post.kind = next((kind for kind, _ in _references(tweet)), "original")
    cut = post.kind == "share" and post.text is not None and post.text.endswith("…")
    post.text_status = post.text_status or ("truncated" if cut else None)
    carrier = recorder.post(post)
    if post.seen_as == "primary":
        for kind, reference in _references(tweet):
            _refer(recorder, post, kind, reference)
        _mention(recorder, tweet)
    for _, reference in _references(tweet):
        if reference.post is not None:
            recorder.stub(reference.post, reference.account, at=reference.at)
    _carry(recorder, tweet, carrier)


def _references(tweet: Tweet) -> list[tuple[str, Reference]]:
    kinds = (("share", tweet.share), ("quote", tweet.quote), ("reply", tweet.reply))
    return [(kind, reference) for kind, reference in kinds if reference is not None]


def _headed(share: Reference, text: str | None) -> Reference:
    """Return a share with the handle in the head of its text, if nothing else is known."""
    if share.account is None and share.handle is None:
        found = HEAD.match(text or "")
        return share._replace(handle=found[1], how="text") if found else share
    return share


def _refer(recorder: Recorder, post: PostFacts, kind: str, reference: Reference) -> None:
    target, how = reference.account, "id_field"
    if target is None and reference.handle:
        target, how = recorder.handle(reference.handle), reference.how
    elif target is None:
        how = "none"
    elif reference.handle:
        recorder.alias(target, reference.handle, post.at.ms)
    recorder.act(
        Act(
            kind=kind, actor_id=post.author_id, post_id=post.post_id, target_id=target,
            target_post_id=reference.post, at=post.at, resolved_by=how,
        )
    )  # fmt: skip


def _mention(recorder: Recorder, tweet: Tweet) -> None:
    """Add the mentions of a post, each account once."""
    post = tweet.post
    origins = _Origins(tweet)
    seen = set()
    for mention in tweet.mentions:
        target = mention.account
        if target is None:
            target = recorder.handle(mention.handle) if mention.handle else None
        if target is None or target in seen:
            continue
        seen.add(target)
        if mention.account is not None:
            recorder.account(
                AccountFacts(
                    account_id=target, handle=mention.handle, seen_as="mentioned",
                    observed_ms=post.at.ms,
                )
            )  # fmt: skip
        recorder.act(
            Act(
                kind="mention", actor_id=post.author_id, post_id=post.post_id, target_id=target,
                at=post.at, origin=origins.of(mention), resolved_by="entity",
            )
        )  # fmt: skip


class _Origins:
    """Says which origin a mention of a post has."""

    def __init__(self, tweet: Tweet) -> None:
        text = tweet.post.text or ""
        self._share = tweet.share
        self._first = addressed(text) if tweet.reply is not None else []
        self._unread = tweet.reply is not None and not text
        self._own = {name.casefold() for name in MENTION.findall(text)} if tweet.merged else None

    def of(self, mention: Mention) -> str:
        """Return the origin of a mention."""
        handle = (mention.handle or "").removeprefix("@").casefold()
        if self._share is not None:
            head = (self._share.handle or "").casefold()
            same = mention.account is not None and mention.account == self._share.account
            return "share_head" if same or (handle and handle == head) else "inherited_share"
        # Of a mention known by its id alone, or without a text, the place is unknown.
        if self._unread or (self._first and (handle in self._first or not handle)):
            return "reply_prefix"
        if self._own is not None and handle not in self._own:
            return "inherited_quote"
        return "authored"


def _carry(recorder: Recorder, tweet: Tweet, carrier: Carrier) -> None:
    """Add the tags and links of a post with their origin."""
    if tweet.share is not None:
        carrier = carrier._replace(origin="inherited_share")
    elsewhere = carrier
    text = tweet.post.text or ""
    tags: set[str] = set()
    links: set[str | None] = set()
    if tweet.merged and tweet.share is None:
        tags = {hashtag(tag) for tag in HASHTAG.findall(text)}
        links = {canonical_url(link) for link in LINK.findall(text)}
        elsewhere = carrier._replace(origin="inherited_quote")
    for tag in dict.fromkeys(tweet.hashtags):
        recorder.tag(carrier if tags and hashtag(tag) in tags else elsewhere, tag)
    for link in dict.fromkeys(tweet.links):
        own = elsewhere is carrier or canonical_url(link) in links or _leads_to(link, tweet.quote)
        recorder.link(carrier if own else elsewhere, link)


def _leads_to(link: str, quoted: Reference | None) -> bool:
    """Return whether a link is the one by which a post quotes another."""
    found = STATUS.search(link)
    post = quoted.post if quoted is not None else None
    return found is not None and post is not None and post.endswith(f":{found[2]}")
