"""Posts of the API v1.1 as those of the API v2, so that one set of rules reads both.

What is shared or quoted becomes a reference with its content inside, as flattened exports of v2
have it. Three shapes of one post (``text``, ``full_text``, ``extended_tweet``) become the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from workbench.loaders.twitter_v1_records import Carried, Status, exact
from workbench.loaders.twitter_v2_page import Page
from workbench.loaders.twitter_v2_records import (
    Attached,
    Entities,
    Link,
    Mention,
    Metrics,
    Tag,
    Tweet,
    User,
    UserMetrics,
    Withheld,
)
from workbench.loaders.twitter_v2_rows import STATUS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.loaders.base import Sink
    from workbench.loaders.twitter_v1_records import Hashtag, Media, Person, Url
    from workbench.loaders.twitter_v2_records import Id

__all__ = [
    "Gaps",
    "iso_of_ms",
    "iso_time",
    "media_key",
    "page_of_person",
    "page_of_status",
    "user_of",
]

_TIME = re.compile(r"\w{3} (\w{3}) (\d{2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{4}) (\d{4})", re.ASCII)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ANCHOR = re.compile(r"<[^>]*>")
#: A post cannot link to itself: such a link is the platform's, to the whole text or to the media.
_POST = re.compile(r"(?i)//(?:[\w-]+\.)?(?:twitter|x)\.com/(?:i/web|\w{1,50})/status(?:es)?/(\d+)")
#: A longer number is no time in milliseconds before the year 5138, and no count of views.
_DIGITS = 14
#: Kind of media → what its key begins with in API v2.
_MEDIA = {"photo": "3", "video": "7", "animated_gif": "16"}


@dataclass
class Gaps:
    """What the records of a source leave unsaid; a reader of the numbers must know.

    Attributes
    ----------
    cut
        Posts whose text is cut, with all that it carries.
    addressed
        Posts that answer an account and name no post.
    unnamed
        Posts that say that they quote and not what.
    """

    cut: int = 0
    addressed: int = 0
    unnamed: int = 0

    def tell(self, sink: Sink) -> None:
        """Add a sentence for each gap."""
        if self.cut:
            sink.note(
                f"records whose text is cut: {self.cut}; tags, links and mentions behind the cut "
                "are unknown"
            )
        if self.addressed:
            sink.note(
                f"records that answer an account and name no post: {self.addressed}; they count as "
                "mentions, not as replies"
            )
        if self.unnamed:
            sink.note(
                f"records that quote and do not name what: {self.unnamed}; no quote is counted"
            )


def page_of_status(status: Status, gaps: Gaps, *, retrieved_at: str | None = None) -> Page:
    """Return the page whose one primary post is `status`, with all that stands inside it.

    Raises
    ------
    ValueError
        The post has no id, or it shares one that has none.
    """
    if status.key is None:
        raise ValueError("no id")
    page = Page([], retrieved_at=retrieved_at)
    tweet = _tweet(status, page)
    kinds = {reference.type for reference in tweet.referenced_tweets or ()}
    carriers = [r.id for r in tweet.referenced_tweets or () if r.type == "retweeted"]
    gaps.cut += bool(page.truncated.intersection(carriers or [status.key]))
    if not carriers:
        gaps.addressed += "replied_to" not in kinds and tweet.in_reply_to_user_id is not None
        gaps.unnamed += "quoted" not in kinds and status.is_quote_status is True
    page.tweets.append(tweet)
    page.open_up(tweet)
    return page


def page_of_person(person: Person) -> tuple[User, Page]:
    """Return a user that stands alone, and a page with its newest post as a referenced one.

    Raises
    ------
    ValueError
        The user has no id.
    """
    user = user_of(person)
    if user is None or user.id is None:
        raise ValueError("no id")
    page = Page([])
    if person.status is not None and person.status.key is not None:
        tweet = _tweet(person.status, page)
        tweet.author, tweet.author_id = user, user.id
        page.add_tweets([tweet])
    return user, page


def user_of(person: Person | None) -> User | None:
    """Return a user as API v2 has it; None if there is none."""
    if person is None:
        return None
    counts = (
        person.followers_count, person.friends_count, person.statuses_count, person.listed_count,
    )  # fmt: skip
    return User(
        id=exact(person.id_str, person.id),
        username=person.screen_name or None,
        name=person.name,
        created_at=iso_time(person.created_at),
        description=person.description or None,
        location=person.location or None,
        url=person.url or None,
        protected=person.protected,
        verified=person.verified,
        verified_type=person.verified_type,
        public_metrics=None if counts == (None,) * 4 else UserMetrics(*counts),
    )


@lru_cache(maxsize=1 << 14)
def iso_time(text: str | None) -> str | None:
    """Return a time like ``Tue Jan 05 12:00:00 +0000 2021`` in ISO 8601; another one as it is."""
    found = _TIME.fullmatch(text) if text else None
    if found is None or found[1] not in _MONTHS:
        return text
    return f"{found[5]}-{_MONTHS.index(found[1]) + 1:02}-{found[2]}T{found[3]}{found[4]}"


def iso_of_ms(milliseconds: str | int | None) -> str | None:
    """Return a unix time in milliseconds in ISO 8601; None if it is none."""
    text = str(milliseconds)
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS:
        return None
    at = datetime.fromtimestamp(int(text) // 1000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{text[-3:]:0>3}+00:00"


def media_key(media: Media) -> str | None:
    """Return what a picture or video is called in API v2: a number for its kind, and its id."""
    key = exact(media.id_str, media.id)
    if media.media_key or key is None:
        return media.media_key or None
    kind = _MEDIA.get(media.type or "")
    if kind == "7" and "amplify_video" in (media.media_url_https or media.media_url or ""):
        kind = "13"
    return f"{kind}_{key}" if kind else key


def _tweet(status: Status, page: Page) -> Tweet:
    """Return a post with what it refers to inside; note in `page` whether its text is cut."""
    whole = status.extended_tweet
    text, around, entities = status.full_text, status.display_text_range, status.entities
    if text is None:
        text = status.text
    if whole is not None and whole.full_text is not None:
        text, around = whole.full_text, whole.display_text_range
        entities = whole.entities or entities
    elif status.truncated and status.key is not None:
        page.truncated.add(status.key)
    user = user_of(status.user)
    author = (user.id if user is not None else None) or status.user_id_str
    references = _references(status, page)
    shares = any(reference.type == "retweeted" for reference in references)
    tweet = Tweet(
        id=status.key,
        text=text,
        author_id=author,
        created_at=_created(status),
        conversation_id=status.conversation_id_str or None,
        in_reply_to_user_id=exact(status.in_reply_to_user_id_str, status.in_reply_to_user_id),
        referenced_tweets=references,
        entities=_entities(entities, status.key),
        attachments=_attached(status),
        lang=status.lang or None,
        source=_ANCHOR.sub("", status.source or "") or None,
        possibly_sensitive=status.possibly_sensitive,
        public_metrics=_metrics(status),
        edit_history_tweet_ids=_versions(status),
        withheld=_withheld(status),
        author=user,
    )
    if not shares:
        _restore_permalink(status, tweet, around)
    return tweet


def _references(status: Status, page: Page) -> list[Tweet]:
    """Return what a post shares, or else what it quotes and answers.

    A retweet has the fields of a quote when its original quotes: that is not the retweeter's act.
    """
    shared = status.retweeted_status
    if shared is not None and (shared.key is None or shared.key != status.key):
        if shared.key is None and shared == Status():  # it cannot be seen
            return [Tweet(type="retweeted")]
        if shared.key is None:
            raise ValueError("a retweet of a post without id")
        if shared.quoted_status is None:
            shared.quoted_status = status.quoted_status
        original = _tweet(shared, page)
        original.type = "retweeted"
        return [original]
    found = []
    quoted = _quoted_id(status)
    if quoted is not None:
        inside = status.quoted_status
        tweet = _tweet(inside, page) if inside is not None and quoted in _ids(inside) else None
        tweet = tweet or Tweet(id=quoted)
        tweet.type = "quoted"
        found.append(tweet)
    answered = exact(status.in_reply_to_status_id_str, status.in_reply_to_status_id)
    if answered is not None:
        found.append(Tweet(id=answered, type="replied_to"))
    return found


def _quoted_id(status: Status) -> str | None:
    """Return the id of the quoted post: as stated, of the object, or in the link to it."""
    stated = exact(status.quoted_status_id_str, status.quoted_status_id)
    if stated is None and status.quoted_status is not None:
        stated = status.quoted_status.key
    if stated is None and status.quoted_status_permalink is not None:
        link = STATUS.search(status.quoted_status_permalink.expanded or "")
        stated = link[2] if link else None
    return stated


def _ids(status: Status) -> set[Id]:
    """Return the ids of all versions of a post."""
    key = status.key
    return {*(_versions(status) or ()), *(() if key is None else (key,))}


def _created(status: Status) -> str | None:
    """Return the time of a post: the milliseconds of a stream if they are within its second."""
    stated = iso_time(status.created_at)
    finer = iso_of_ms(status.timestamp_ms)
    return finer if finer is not None and f"{finer[:19]}+0000" == stated else stated


def _entities(carried: Carried | None, key: str | None) -> Entities | None:
    """Return what a text carries, without links of the post to itself."""
    if carried is None:
        return None
    links = []
    for link in carried.urls or ():
        post = _POST.search(link.expanded_url or "")
        if post is None or post[1] != key:
            links.append(_link(link))
    for media in carried.media or ():
        start, end = _span(media.indices)
        links.append(Link(media.url, media.expanded_url, None, media_key(media) or "", start, end))
    return Entities(
        mentions=[
            Mention(
                id=exact(named.id_str, named.id),
                username=named.screen_name or None,
                start=_span(named.indices)[0],
                end=_span(named.indices)[1],
            )
            for named in carried.user_mentions or ()
        ],
        hashtags=_tags(carried.hashtags),
        cashtags=_tags(carried.symbols),
        urls=links,
    )


def _tags(tags: Iterable[Hashtag] | None) -> list[Tag]:
    return [Tag(tag.text, *_span(tag.indices)) for tag in tags or ()]


def _link(link: Url) -> Link:
    unwound = None if link.unwound is None else link.unwound.url
    start, end = _span(link.indices)
    return Link(link.url, link.expanded_url, unwound, None, start, end, link.display_url)


def _span(indices: list[int] | None) -> tuple[int | None, int | None]:
    return (indices[0], indices[1]) if indices is not None and len(indices) == 2 else (None, None)


def _restore_permalink(status: Status, tweet: Tweet, around: list[int] | None) -> None:
    """Give a quoting text its link to the quoted post back, at the end, where it was cut.

    Some shapes of a post have it among the links, others beside them.
    """
    beside, quoted = status.quoted_status_permalink, _quoted_id(status)
    if beside is None or not beside.expanded or quoted is None:
        return
    if tweet.entities is None:
        tweet.entities = Entities()
    links = tweet.entities.urls or []
    for link in links:
        found = STATUS.search(link.expanded_url or "")
        if found is not None and found[2] == quoted and link.media_key is None:
            return
    text, url = tweet.text or "", beside.url or ""
    start = text.find(url) if url else -1
    if start < 0:
        end = around[1] if around is not None and len(around) == 2 else len(text)
        start = min(end, len(text)) + 1
    tweet.entities.urls = [*links, Link(url, beside.expanded, None, None, start, start + len(url))]


def _attached(status: Status) -> Attached | None:
    """Return the keys of attached media: from the fullest list that there is."""
    whole = status.extended_tweet
    for carried in (
        None if whole is None else whole.extended_entities,
        status.extended_entities,
        None if whole is None else whole.entities,
        status.entities,
    ):
        if carried is not None and carried.media:
            keys = dict.fromkeys(media_key(media) for media in carried.media)
            return Attached([key for key in keys if key])
    return None


def _metrics(status: Status) -> Metrics | None:
    shown = "" if status.ext_views is None else str(status.ext_views.count)
    views = int(shown) if shown.isascii() and shown.isdigit() and len(shown) <= _DIGITS else None
    counts = (
        status.favorite_count, status.retweet_count, status.reply_count, status.quote_count, views,
        status.bookmark_count,
    )  # fmt: skip
    return None if counts == (None,) * 6 else Metrics(*counts)


def _versions(status: Status) -> list[Id] | None:
    """Return the ids of all versions of a post, the oldest first; ids grow with time."""
    versions = status.edit_history or status.ext_edit_control
    if versions is None or status.key is None:
        return None
    return [*sorted({*versions.ids(), status.key}, key=lambda key: (len(key), key))]


def _withheld(status: Status) -> Withheld | None:
    if not status.withheld_in_countries and not status.withheld_copyright:
        return None
    return Withheld(status.withheld_in_countries or [], status.withheld_scope)
