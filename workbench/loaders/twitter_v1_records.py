"""The records of the Twitter API v1.1, as tolerant typed structs.

Every field may be missing or null, ids may be text or whole numbers, and keys that no struct names
are skipped. An id stands twice, as a number and as text; the text is exact whatever program has
written the file. ``legacy`` objects of X's own pages have the same fields and some more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from workbench.loaders.twitter_v2_records import (  # noqa: TC001  msgspec reads them
    Count,
    Id,
    Offset,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["STRUCTS", "Line", "Media", "Person", "Status", "exact"]

#: What stands for an account that is no more among the mentions of old posts.
_NOBODY = {"", "0", "-1"}


def exact(text: str | None, number: Id | None) -> str | None:
    """Return an id as text, from the field that is text if there is one; None names nobody."""
    found = text or (None if number is None else str(number))
    return None if found in _NOBODY else found


class Hashtag(msgspec.Struct, gc=False):
    """A hashtag or a cashtag."""

    text: str | None = None
    indices: list[Offset] | None = None


class Named(msgspec.Struct, gc=False):
    """A mention."""

    id: Id | None = None
    id_str: str | None = None
    screen_name: str | None = None
    indices: list[Offset] | None = None


class Unwound(msgspec.Struct, gc=False):
    """Where a link leads in the end (enterprise accounts)."""

    url: str | None = None


class Url(msgspec.Struct, gc=False):
    """A link."""

    url: str | None = None
    expanded_url: str | None = None
    display_url: str | None = None
    unwound: Unwound | None = None
    indices: list[Offset] | None = None


class Media(msgspec.Struct, gc=False):
    """A picture, a moving picture or a video; ``media_key`` is the name it has in API v2."""

    id: Id | None = None
    id_str: str | None = None
    media_key: str | None = None
    type: str | None = None
    media_url: str | None = None
    media_url_https: str | None = None
    url: str | None = None
    expanded_url: str | None = None
    indices: list[Offset] | None = None


class Carried(msgspec.Struct, gc=False):
    """What a text carries."""

    hashtags: list[Hashtag] | None = None
    symbols: list[Hashtag] | None = None
    urls: list[Url] | None = None
    user_mentions: list[Named] | None = None
    media: list[Media] | None = None


class Extended(msgspec.Struct, gc=False):
    """The whole of a text that is cut in the record itself."""

    full_text: str | None = None
    display_text_range: list[Offset] | None = None
    entities: Carried | None = None
    extended_entities: Carried | None = None


class Permalink(msgspec.Struct, gc=False):
    """The link to the quoted post that the platform has cut from the end of the text."""

    url: str | None = None
    expanded: str | None = None


class Versions(msgspec.Struct, gc=False):
    """The ids of all versions of an edited post, in one of the three forms that were in use."""

    edit_tweet_ids: list[Id] | None = None
    initial_tweet_id: Id | None = None
    edit_control_initial: Versions | None = None
    initial: Versions | None = None
    edit: Versions | None = None

    def ids(self) -> Iterator[str]:
        """Yield the ids that are told."""
        yield from map(str, self.edit_tweet_ids or ())
        if self.initial_tweet_id is not None:
            yield str(self.initial_tweet_id)
        for versions in (self.edit_control_initial, self.initial, self.edit):
            if versions is not None:
                yield from versions.ids()


class Person(msgspec.Struct, gc=False):
    """A user object; ``status`` is its newest post, where users stand alone."""

    id: Id | None = None
    id_str: str | None = None
    screen_name: str | None = None
    name: str | None = None
    created_at: str | None = None
    description: str | None = None
    location: str | None = None
    url: str | None = None
    protected: bool | None = None
    verified: bool | None = None
    verified_type: str | None = None
    followers_count: Count | None = None
    friends_count: Count | None = None
    statuses_count: Count | None = None
    listed_count: Count | None = None
    status: Status | None = None


class Views(msgspec.Struct, gc=False):
    """How often a post was shown."""

    count: Id | None = None


class Status(msgspec.Struct, gc=False):
    """A post, with the posts that it shares and quotes inside.

    The last three fields are those that only ``legacy`` objects have.
    """

    id: Id | None = None
    id_str: str | None = None
    created_at: str | None = None
    timestamp_ms: Id | None = None
    text: str | None = None
    full_text: str | None = None
    truncated: bool | None = None
    display_text_range: list[Offset] | None = None
    extended_tweet: Extended | None = None
    user: Person | None = None
    in_reply_to_status_id: Id | None = None
    in_reply_to_status_id_str: str | None = None
    in_reply_to_user_id: Id | None = None
    in_reply_to_user_id_str: str | None = None
    is_quote_status: bool | None = None
    quoted_status_id: Id | None = None
    quoted_status_id_str: str | None = None
    quoted_status_permalink: Permalink | None = None
    quoted_status: Status | None = None
    retweeted_status: Status | None = None
    entities: Carried | None = None
    extended_entities: Carried | None = None
    lang: str | None = None
    source: str | None = None
    possibly_sensitive: bool | None = None
    favorite_count: Count | None = None
    retweet_count: Count | None = None
    reply_count: Count | None = None
    quote_count: Count | None = None
    withheld_in_countries: list[str] | None = None
    withheld_scope: str | None = None
    withheld_copyright: bool | None = None
    edit_history: Versions | None = None
    ext_edit_control: Versions | None = None
    ext_views: Views | None = None
    user_id_str: str | None = None
    conversation_id_str: str | None = None
    bookmark_count: Count | None = None

    @property
    def key(self) -> str | None:
        """The id as text."""
        return exact(self.id_str, self.id)


class Line(Status, gc=False):
    """Any object of an export: a post, a user, a page of either, or a message to somebody.

    The last three fields are those of a post of API v2, which is none of this format.
    """

    screen_name: str | None = None
    recipient_id: Id | None = None
    recipient: dict[str, msgspec.Raw] | None = None
    statuses: list[msgspec.Raw] | None = None
    users: list[msgspec.Raw] | None = None
    author_id: Any = None
    referenced_tweets: Any = None
    edit_history_tweet_ids: Any = None

    @property
    def is_of_v2(self) -> bool:
        """Whether it is a post of API v2, whose acts stand in fields that are not read here."""
        own = (self.author_id, self.referenced_tweets, self.edit_history_tweet_ids)
        return self.user is None and any(field is not None for field in own)

    @property
    def is_private(self) -> bool:
        """Whether it is a message to one account, not a post."""
        return self.recipient_id is not None or self.recipient is not None


#: All structs, for the keys that are read.
STRUCTS = (
    Hashtag, Named, Unwound, Url, Media, Carried, Extended, Permalink, Versions, Person, Views,
    Line,
)  # fmt: skip
