"""The records of the Twitter API v2, as tolerant typed structs.

Every field but the id may be missing or null, ids may be text or whole numbers, and keys that no
struct names are skipped while decoding (the loader samples them for the drift report). An empty
id is a missing one.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec

__all__ = ["KNOWN_KEYS", "MEDIA_LINK", "Failure", "Includes", "Line", "Tweet", "User"]

#: How the platform displays and addresses media; both paths understand the pattern alike.
MEDIA_LINK = (
    r"^pic\.(?:twitter|x)\.com\b"
    r"|^https?://(?:[\w-]+\.)?(?:twitter|x)\.com/(?:\w{1,50}|i/web)/status(?:es)?/\d+"
    r"/(?:photo|video)/\d"
)
_media = re.compile(MEDIA_LINK, re.ASCII).match

Id = str | int
#: What the columns of the corpus hold; a number beyond them rejects its record, not the file.
Count = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Offset = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]


class Metrics(msgspec.Struct, gc=False):
    """Counts of a tweet when it was collected."""

    like_count: Count | None = None
    retweet_count: Count | None = None
    reply_count: Count | None = None
    quote_count: Count | None = None
    impression_count: Count | None = None
    bookmark_count: Count | None = None


class UserMetrics(msgspec.Struct, gc=False):
    """Counts of a user when it was collected."""

    followers_count: Count | None = None
    following_count: Count | None = None
    tweet_count: Count | None = None
    listed_count: Count | None = None


class User(msgspec.Struct, gc=False):
    """A user object, in ``includes``, in a users page or inside a flattened tweet."""

    id: Id | None = None
    username: str | None = None
    name: str | None = None
    created_at: str | None = None
    description: str | None = None
    location: str | None = None
    url: str | None = None
    protected: bool | None = None
    verified: bool | None = None
    verified_type: str | None = None
    public_metrics: UserMetrics | None = None

    def __post_init__(self) -> None:
        """Take an empty id for a missing one."""
        if self.id == "":
            self.id = None


class Mention(User, gc=False):
    """A mention; flattening adds the user's own fields to it."""

    start: Offset | None = None
    end: Offset | None = None


class Tag(msgspec.Struct, gc=False):
    """A hashtag or cashtag."""

    tag: str | None = None
    start: Offset | None = None
    end: Offset | None = None


class Link(msgspec.Struct, gc=False):
    """A link, or what stands in a text for media.

    Exports before 2022 have no ``media_key``. What is displayed tells then: the platform's name for
    media; where nothing is displayed, the page that the link leads to.
    """

    url: str | None = None
    expanded_url: str | None = None
    unwound_url: str | None = None
    media_key: str | None = None
    start: Offset | None = None
    end: Offset | None = None
    display_url: str | None = None

    @property
    def is_media(self) -> bool:
        """Whether it stands for media, which count as media and as no link."""
        shown = self.display_url or self.expanded_url or ""
        return self.media_key is not None or _media(shown) is not None


class Entities(msgspec.Struct, gc=False):
    """What a tweet's text carries."""

    mentions: list[Mention] | None = None
    hashtags: list[Tag] | None = None
    cashtags: list[Tag] | None = None
    urls: list[Link] | None = None


class Attached(msgspec.Struct, gc=False):
    """Keys of attached media."""

    media_keys: list[str] | None = None


class Withheld(msgspec.Struct, gc=False):
    """Where a tweet is withheld."""

    country_codes: list[str] | None = None
    scope: str | None = None


class Tweet(msgspec.Struct, gc=False):
    """A tweet: primary, included, or flattened with its author and references inside.

    ``type`` is set where the tweet stands in ``referenced_tweets``; ``username`` only in a users
    page, whose items are users.
    """

    id: Id | None = None
    type: str | None = None
    text: str | None = None
    author_id: Id | None = None
    created_at: str | None = None
    conversation_id: Id | None = None
    in_reply_to_user_id: Id | None = None
    referenced_tweets: list[Tweet] | None = None
    entities: Entities | None = None
    attachments: Attached | None = None
    lang: str | None = None
    source: str | None = None
    possibly_sensitive: bool | None = None
    public_metrics: Metrics | None = None
    edit_history_tweet_ids: list[Id] | None = None
    withheld: Withheld | None = None
    author: User | None = None
    in_reply_to_user: User | None = None
    username: str | None = None

    def __post_init__(self) -> None:
        """Take empty ids for missing ones."""
        for name in ("id", "author_id", "conversation_id", "in_reply_to_user_id"):
            if getattr(self, name) == "":
                setattr(self, name, None)


class Includes(msgspec.Struct, gc=False):
    """What a page brings beside its data."""

    tweets: list[Tweet] | None = None
    users: list[User] | None = None


class Failure(msgspec.Struct, gc=False):
    """An entry of ``errors``: something a tweet refers to that could not be had."""

    title: str | None = None
    detail: str | None = None
    resource_type: str | None = None
    resource_id: Id | None = None
    parameter: str | None = None

    def __post_init__(self) -> None:
        """Take an empty id for a missing one."""
        if self.resource_id == "":
            self.resource_id = None


class Collector(msgspec.Struct, gc=False):
    """What twarc says about the collection."""

    retrieved_at: str | None = None


class Line(Tweet, gc=False):
    """Any object a v2 export can hold: a page, a single tweet, a flattened one, a control line.

    ``id_str`` is of posts and users of API v1.1 only, whose acts stand in fields not read here.
    """

    data: list[Tweet] | Tweet | None = None
    includes: Includes | None = None
    errors: list[Failure] | None = None
    meta: dict[str, msgspec.Raw] | None = None
    collector: Collector | None = msgspec.field(default=None, name="__twarc")
    action: str | None = None
    reason: str | None = None
    id_str: Any = None


_READ = {
    key
    for kind in (Line, User, Mention, Tag, Link, Entities, Attached, Metrics, UserMetrics, Withheld)
    for key in kind.__struct_encode_fields__
} - {"id_str"}
#: Keys that need no line in the drift report: read, or left out on purpose.
KNOWN_KEYS = _READ | {
    "__twarc", "affiliation", "annotations", "article", "card_uri", "community_id",
    "confirmed_email", "connection_status", "context_annotations", "display_text_range", "domain",
    "edit_controls", "entity", "geo", "is_identity_verified", "matching_rules", "media",
    "media_count", "media_metadata", "most_recent_tweet_id", "next_token", "note_tweet", "parody",
    "pinned_tweet_id", "places", "poll_ids", "polls", "profile_banner_url", "profile_image_url",
    "receives_your_dm", "redacted_at", "reply_settings", "resource_id", "scopes",
    "subscription_type", "suggested_source_links", "topics", "tweets", "users",
    "verified_followers_count", "version",
}  # fmt: skip
