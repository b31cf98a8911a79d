"""One tweet into rows: posts, interactions with origin and resolution, attachments, accounts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.loaders.objects import canonical_url, domain_of, hashtag
from workbench.loaders.twitter_v2_memory import observation
from workbench.loaders.twitter_v2_page import Page, text_id
from workbench.loaders.twitter_v2_time import milliseconds, moment

if TYPE_CHECKING:
    from workbench.loaders.base import Sink
    from workbench.loaders.moments import Moment
    from workbench.loaders.twitter_v2_records import (
        Entities,
        Failure,
        Mention,
        Metrics,
        Tweet,
        User,
    )

__all__ = ["HEAD", "PLATFORM", "STATUS", "Rows"]

PLATFORM = "twitter"
HEAD = re.compile(r"RT @(\w{1,50}):")
STATUS = re.compile(r"(?i)//(?:[\w-]+\.)?(?:twitter|x)\.com/(\w{1,50})/status(?:es)?/(\d+)")
_KINDS = {"retweeted": "share", "quoted": "quote", "replied_to": "reply"}
#: Records after which observations are forgotten, and aliases that wait to be written.
_REMEMBERED = 1 << 17

Target = tuple[str | None, str]


class Rows:
    """Turns pages into rows of a sink.

    Of identical observations of an account or a referenced tweet that follow each other the first
    is written, with its time; the views would collapse them anyway. How long a handle was borne is
    told by the aliases, for which every observation counts.

    Attributes
    ----------
    seen
        What was observed → hash of its last observation.
    aliases
        Account, handle and step → when it was first and last seen so, in milliseconds.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._rows = sink.rows
        self.seen: dict[str, int] = {}
        self.aliases: dict[tuple[str, str, str], list[int | None]] = {}
        self._forget_at = _REMEMBERED

    def page(self, page: Page) -> None:
        """Write all rows of a page; each of its primary tweets is one record."""
        first = last = self._sink.read
        retrieved = milliseconds(page.retrieved_at)
        for tweet in page.tweets:
            last = self._sink.record()
            self._primary(tweet, page, last, retrieved)
        record = max(last, first + 1) if page.tweets else last
        authors = {text_id(t.author_id) for t in page.tweets if t.author_id is not None}
        for key, user in page.users.items():
            seen_as = "author" if key in authors else "included"
            self.account(user, seen_as, record=record, retrieved=retrieved)
        for key in authors - page.users.keys():
            self._unknown_account(key, record)
        primary = {text_id(t.id) for t in page.tweets if t.id is not None}
        for key, tweet in page.included.items():
            if key not in primary:
                self._post(tweet, page, record, retrieved, seen_as="referenced")
            self._stubs(tweet, page, record)
        for failure in page.failures:
            self.failure(failure, record)
        if len(self.aliases) > _REMEMBERED:
            self.flush_aliases(record)
        self.forget()

    def account(self, user: User, seen_as: str, *, record: int, retrieved: int | None) -> None:
        """Write an account observation, and its handle as alias."""
        if user.id is None:
            return
        metrics = user.public_metrics
        counts = (None, None, None, None) if metrics is None else (
            metrics.followers_count, metrics.following_count, metrics.tweet_count,
            metrics.listed_count,
        )  # fmt: skip
        account = f"{PLATFORM}:{text_id(user.id)}"
        made = milliseconds(user.created_at)
        row = (
            PLATFORM, account, user.username, user.name, None if made is None else made * 1000,
            user.description, user.location, user.url or None, user.verified, user.verified_type,
            None, user.protected, *counts, None, seen_as,
        )  # fmt: skip
        shown = (
            user.username, user.name, user.description, user.location, user.url or None,
            user.verified_type, seen_as,
        )  # fmt: skip
        numbers = (made, user.verified, user.protected, *counts)
        if user.username:
            self.alias(account, user.username, how="id_field", at=retrieved)
        if not self._repeats(account, observation(shown, numbers)):
            self._rows["accounts"].append((*row, retrieved, record))

    def _unknown_account(self, key: str, record: int) -> None:
        account = f"{PLATFORM}:{key}"
        if not self._repeats(account, observation((*[None] * 6, "author"), [None] * 7)):
            self._rows["accounts"].append((PLATFORM, account, *[None] * 15, "author", None, record))

    def failure(self, failure: Failure, record: int) -> None:
        """Write what could not be had as an event."""
        subject = None if failure.resource_id is None else f"{PLATFORM}:{failure.resource_id}"
        kind = {"tweet": "post", "user": "account"}.get(failure.resource_type or "", "record")
        self._rows["events"].append(
            (PLATFORM, "unavailable", kind, subject, None, None, failure.title, failure.parameter,
             record)
        )  # fmt: skip

    def flush_aliases(self, record: int) -> None:
        """Write the handles seen since the last time."""
        for (account, handle, how), (first, last) in self.aliases.items():
            self._rows["aliases"].append((PLATFORM, account, handle, first, last, how, record))
        self.aliases.clear()

    @property
    def room(self) -> int:
        """How many records may follow until the page that ends them empties the memory."""
        return self._forget_at - self._sink.read

    def forget(self) -> None:
        """Empty the memory of observations if a page has ended after enough records."""
        if self.room <= 0:
            self.seen.clear()
            self._forget_at = self._sink.read + _REMEMBERED

    def _primary(self, tweet: Tweet, page: Page, record: int, retrieved: int | None) -> None:
        at = self._post(tweet, page, record, retrieved, seen_as="primary")
        post = self._canonical(tweet)
        actor = None if tweet.author_id is None else f"{PLATFORM}:{text_id(tweet.author_id)}"
        kinds: set[str] = set()
        append = self._rows["interactions"].append
        for reference in tweet.referenced_tweets or ():
            kind = _KINDS.get(reference.type or "")
            if kind is None or kind in kinds or (reference.id is None and kind != "share"):
                continue
            kinds.add(kind)
            target, how = self._target(kind, reference, tweet, page)
            goal = self._canonical(page.included.get(text_id(reference.id or ""), reference))
            append(
                (PLATFORM, kind, None, actor, post, target, goal, None, at.us, at.ms, at.precision,
                 "authored", how, 1.0, None, record)
            )  # fmt: skip
        if tweet.entities is not None and tweet.entities.mentions:
            self._mentions(tweet, page, kinds, record=record, actor=actor, post=post, at=at)
        self._stubs(tweet, page, record)

    def _mentions(
        self,
        tweet: Tweet,
        page: Page,
        kinds: set[str],
        *,
        record: int,
        actor: str | None,
        post: str | None,
        at: Moment,
    ) -> None:
        """Write the mentions of a primary tweet with their origin (definitions 0)."""
        share, reply = "share" in kinds, "reply" in kinds
        mentions = (tweet.entities.mentions if tweet.entities is not None else None) or []
        expected = 0
        append = self._rows["interactions"].append
        for mention in sorted(mentions, key=lambda m: -1 if m.start is None else m.start):
            if share:
                origin = "share_head" if mention.start == 3 else "inherited_share"
            elif reply and mention.start == expected and mention.end is not None:
                origin, expected = "reply_prefix", mention.end + 1
            else:
                origin = "authored"
            target, how = self._mentioned(mention, page)
            append(
                (PLATFORM, "mention", None, actor, post, target, None, mention.start, at.us, at.ms,
                 at.precision, origin, how, 1.0, None, record)
            )  # fmt: skip
            if mention.id is not None and target is not None:
                if mention.name is None and text_id(mention.id) not in page.users:
                    self._mentioned_account(target, mention.username, record, at.ms)
                if mention.username:
                    self.alias(target, mention.username, how="entity", at=at.ms)

    def _mentioned_account(
        self, account: str, handle: str | None, record: int, at: int | None
    ) -> None:
        row = (PLATFORM, account, handle, *[None] * 14, "mentioned")
        if not self._repeats(f"@{account}", observation((handle,))):
            self._rows["accounts"].append((*row, at, record))

    # -- who is meant ----------------------------------------------------------------------------

    def _target(self, kind: str, reference: Tweet, tweet: Tweet, page: Page) -> Target:
        """Return the account acted upon and the step of the ladder that found it."""
        included = page.included.get(text_id(reference.id or ""))
        if included is not None and included.author_id is not None:
            author = f"{PLATFORM}:{text_id(included.author_id)}"
            if kind == "share":
                self._renamed(author, tweet)
            return author, "expanded"
        if kind == "reply" and tweet.in_reply_to_user_id is not None:
            return f"{PLATFORM}:{text_id(tweet.in_reply_to_user_id)}", "id_field"
        if kind == "share":
            return self._head(tweet, page)
        if kind == "quote" and tweet.entities is not None:
            for link in tweet.entities.urls or ():
                found = STATUS.search(link.unwound_url or link.expanded_url or "")
                if found and found[2] == text_id(reference.id or "") and found[1] != "i":
                    return self._by_handle(found[1], page), "url"
        return None, "none"

    def _head(self, tweet: Tweet, page: Page) -> Target:
        """Return the account in a retweet's head: from the entity at offset 3, else the text."""
        mentions = tweet.entities.mentions if tweet.entities is not None else None
        for mention in mentions or ():
            if mention.start == 3:
                return self._mentioned(mention, page)
        found = HEAD.match(tweet.text or "")
        return (self._by_handle(found[1], page), "text") if found else (None, "none")

    def _mentioned(self, mention: Mention, page: Page) -> Target:
        if mention.id is not None:
            return f"{PLATFORM}:{text_id(mention.id)}", "entity"
        if mention.username:
            return self._by_handle(mention.username, page), "entity"
        return None, "none"

    def _by_handle(self, handle: str, page: Page) -> str:
        handle = handle.casefold()
        known = page.handles.get(handle)
        return f"{PLATFORM}:{known}" if known else f"handle:{PLATFORM}:{handle}"

    def _renamed(self, author: str, tweet: Tweet) -> None:
        """Note the handle in a retweet's head: it may be one the author has given up since."""
        found = HEAD.match(tweet.text or "")
        if found:
            self.alias(author, found[1], how="text", at=moment(text_id(tweet.id or ""), None).ms)

    def alias(self, account: str, handle: str, *, how: str, at: int | None) -> None:
        """Note that an account bore a handle at a time."""
        span = self.aliases.setdefault((account, handle.casefold(), how), [at, at])
        if at is not None:
            span[0] = at if span[0] is None else min(span[0], at)
            span[1] = at if span[1] is None else max(span[1], at)

    # -- posts and what they carry ---------------------------------------------------------------

    def _canonical(self, tweet: Tweet) -> str | None:
        """Return the id of the first version of a tweet."""
        versions = tweet.edit_history_tweet_ids
        return _prefixed(versions[0] if versions else tweet.id)

    def _post(
        self, tweet: Tweet, page: Page, record: int, retrieved: int | None, *, seen_as: str
    ) -> Moment:
        """Write the row of a tweet with content, its attachments and events; return its time."""
        version = text_id(tweet.id or "")
        at = moment(version, tweet.created_at)
        post, kind = self._canonical(tweet), _kind(tweet)
        author = None if tweet.author_id is None else f"{PLATFORM}:{text_id(tweet.author_id)}"
        user = None if tweet.author_id is None else page.users.get(text_id(tweet.author_id))
        versions = tweet.edit_history_tweet_ids or ()
        countries = None if tweet.withheld is None else tweet.withheld.country_codes or []
        handle = None if user is None else user.username
        metrics = _metrics(tweet.public_metrics, kind)
        row = (
            PLATFORM, post, f"{PLATFORM}:{version}", author, handle,
            at.us, at.ms, at.precision, at.source, kind, tweet.text,
            _text_status(tweet, kind, page), tweet.lang, _prefixed(tweet.conversation_id), None,
            [f"{PLATFORM}:{v}" for v in versions] if len(versions) > 1 else None,
            tweet.source, None, tweet.possibly_sensitive, countries,
            "full" if tweet.withheld is None else "withheld", seen_as,
            *metrics,
        )  # fmt: skip
        if seen_as != "primary" and self._repeats(
            f"post {version}", observation((tweet.text, author), metrics)
        ):
            return at
        self._rows["posts"].append((*row, retrieved, record))
        self._attachments(tweet, page, kind, record=record, at=at, seen_as=seen_as)
        if len(versions) > 1:
            for each in versions:
                self._rows["events"].append(
                    (PLATFORM, "edit", "post", f"{PLATFORM}:{each}", None, None, None, post, record)
                )
        if tweet.withheld is not None:
            self._rows["events"].append(
                (PLATFORM, "withhold", "post", post, None, None, tweet.withheld.scope,
                 ",".join(countries or []), record)
            )  # fmt: skip
        return at

    def _stubs(self, tweet: Tweet, page: Page, record: int) -> None:
        """Write a row for each referenced tweet that the page does not bring."""
        for reference in tweet.referenced_tweets or ():
            if reference.id is None or text_id(reference.id) in page.included:
                continue
            kind = _KINDS.get(reference.type or "", "")
            version = text_id(reference.id)
            author = self._target(kind, reference, tweet, page)[0]
            if author is not None and author.startswith("handle:"):
                author = None
            if self._repeats(f"stub {version}", observation((author,))):
                continue
            at = moment(version, None)
            key = f"{PLATFORM}:{version}"
            self._rows["posts"].append(
                (PLATFORM, key, key, author, None, at.us, at.ms, at.precision, at.source, None,
                 None, "absent", None, None, None, None, None, None, None, None, "stub",
                 "referenced", *[None] * 7, record)
            )  # fmt: skip

    def _attachments(
        self, tweet: Tweet, page: Page, kind: str, *, record: int, at: Moment, seen_as: str
    ) -> None:
        """Write hashtags, links, domains and media; a share carries those of its original."""
        origin, carrier = "authored", tweet
        if kind == "share":
            origin, carrier = "inherited_share", _original(tweet, page)
        post = self._canonical(tweet)
        author = _prefixed(tweet.author_id)
        head = (PLATFORM, post, author, at.us, at.ms)
        append = self._rows["attachments"].append
        for what, value, raw, start, end in _carried(carrier.entities):
            append((*head, what, value, raw, start, end, origin, seen_as, record))
        if carrier.attachments is not None:
            for key in dict.fromkeys(carrier.attachments.media_keys or ()):
                append((*head, "media", key, key, None, None, origin, seen_as, record))

    def _repeats(self, key: str, code: int) -> bool:
        """Return whether the last observation of `key` was the same, and remember this one."""
        if self.seen.get(key) == code:
            return True
        self.seen[key] = code
        return False


def _prefixed(value: str | int | None) -> str | None:
    return None if value is None else f"{PLATFORM}:{value}"


def _kind(tweet: Tweet) -> str:
    """Return the first of share, quote, reply that the tweet is, else original."""
    kinds = {_KINDS.get(reference.type or "") for reference in tweet.referenced_tweets or ()}
    return next((kind for kind in ("share", "quote", "reply") if kind in kinds), "original")


def _text_status(tweet: Tweet, kind: str, page: Page) -> str:
    if tweet.text is None:
        return "absent"
    if tweet.withheld is not None:
        return "withheld"
    cut = (kind == "share" and tweet.text.endswith("…")) or tweet.id in page.truncated
    return "truncated" if cut else "full"


def _metrics(metrics: Metrics | None, kind: str) -> tuple[int | None, ...]:
    """Return likes, shares, replies, quotes, views, bookmarks.

    The retweet count that the platform prints on a retweet is the original's, so it is left out.
    """
    if metrics is None:
        return (None,) * 6
    return (
        metrics.like_count,
        None if kind == "share" else metrics.retweet_count,
        metrics.reply_count,
        metrics.quote_count,
        metrics.impression_count,
        metrics.bookmark_count,
    )


def _original(tweet: Tweet, page: Page) -> Tweet:
    """Return the retweeted tweet when the page has it: a retweet's own entities are truncated."""
    for reference in tweet.referenced_tweets or ():
        if reference.type == "retweeted" and reference.id is not None:
            return page.included.get(text_id(reference.id), tweet)
    return tweet


def _carried(
    entities: Entities | None,
) -> list[tuple[str, str, str | None, int | None, int | None]]:
    """Return kind, normal form, raw form and offsets of what a text carries; what repeats, once."""
    found: list[tuple[str, str, str | None, int | None, int | None]] = []
    if entities is None:
        return found
    found += [
        ("hashtag", hashtag(tag.tag), tag.tag, tag.start, tag.end)
        for tag in entities.hashtags or ()
        if tag.tag
    ]
    found += [
        ("cashtag", tag.tag.upper(), tag.tag, tag.start, tag.end)
        for tag in entities.cashtags or ()
        if tag.tag
    ]
    for link in entities.urls or ():
        raw = link.unwound_url or link.expanded_url or link.url
        value = canonical_url(raw) if raw and not link.is_media else None
        if value is None:
            continue
        found.append(("url", value, raw, link.start, link.end))
        domain = domain_of(value)
        if domain:
            found.append(("domain", domain, value, link.start, link.end))
    return list({(thing[0], thing[1], thing[3]): thing for thing in reversed(found)}.values())[::-1]
