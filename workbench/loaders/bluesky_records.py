"""Bluesky views as typed records, and what is common to all of them: at-uris, times, snake case.

Views come from an AppView, so their own fields are typed; what users' programs write (``record``,
embeds) may be anything and is looked at with care by bluesky_post.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import msgspec

from workbench.loaders.drift import known_keys
from workbench.loaders.json_records import decoder
from workbench.loaders.moments import UNKNOWN, Moment, moment_of

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "KNOWN", "PLATFORM", "POST", "Author", "Count", "Node", "Page", "Place", "camel", "created",
    "indexed", "is_snake", "node", "page", "place", "present",
]  # fmt: skip

PLATFORM = "bluesky"
#: The collection of posts.
POST = "app.bsky.feed.post"
#: A number that a column can hold.
Count = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]

_URI = re.compile(r"at://([^\s/?#]+)/([^\s/?#]+)/([^\s/?#]+)")
#: How much later than the index a post may say it was made: clocks differ.
_SLACK = 5 * 60 * 10**6
_SNAKE = (b'"py_type"', b'"indexed_at"', b'"display_name"')
_WORD = re.compile(r"(?<=[a-z0-9])_([a-z0-9])")
_untyped = decoder(dict)
#: What stands for a part of a view that is not there.
_ABSENT = msgspec.Raw()


class Place(NamedTuple):
    """What an at-uri says: ``at://<owner>/<collection>/<rkey>``."""

    uri: str
    owner: str
    collection: str
    rkey: str


class Verification(msgspec.Struct, rename="camel", gc=False):
    """Whether an account is verified, in the words of the AppView."""

    verified_status: str | None = None


class Author(msgspec.Struct, rename="camel", gc=False):
    """An account as views show it."""

    did: str | None = None
    handle: str | None = None
    display_name: str | None = None
    description: str | None = None
    created_at: str | None = None
    followers_count: Count | None = None
    follows_count: Count | None = None
    posts_count: Count | None = None
    verification: Verification | None = None


class Reason(msgspec.Struct, rename="camel"):
    """Why a post stands in a feed: somebody reposted it, or pinned it."""

    type: str | None = msgspec.field(default=None, name="$type")
    by: Author | None = None
    indexed_at: str | None = None


class Context(msgspec.Struct, rename="camel"):
    """What a feed shows around a reply."""

    root: msgspec.Raw = _ABSENT
    parent: msgspec.Raw = _ABSENT


class Node(msgspec.Struct, rename="camel"):
    """A view of a post or profile, or what is around one: a post of a feed, a node of a thread.

    ``value`` is the record in views of quoted posts; ``did`` and ``handle`` are of a profile.
    """

    uri: str | None = None
    type: str | None = msgspec.field(default=None, name="$type")
    author: Author | None = None
    record: dict[str, Any] | None = None
    value: dict[str, Any] | None = None
    embed: dict[str, Any] | None = None
    embeds: list[Any] | None = None
    labels: list[Any] | None = None
    indexed_at: str | None = None
    like_count: Count | None = None
    repost_count: Count | None = None
    reply_count: Count | None = None
    quote_count: Count | None = None
    bookmark_count: Count | None = None
    not_found: bool | None = None
    blocked: bool | None = None
    detached: bool | None = None
    post: msgspec.Raw = _ABSENT
    reply: Context | None = None
    reason: Reason | None = None
    parent: msgspec.Raw = _ABSENT
    replies: list[msgspec.Raw] | None = None
    did: str | None = None
    handle: str | None = None


class Page(msgspec.Struct):
    """An answer of the API with many views in it."""

    posts: list[msgspec.Raw] | None = None
    feed: list[msgspec.Raw] | None = None
    thread: msgspec.Raw = _ABSENT
    profiles: list[msgspec.Raw] | None = None


node = decoder(Node)
page = decoder(Page)

_LEFT_OUT = """
cid viewer threadgate feedContext reqId cursor hitsTotal depth avatar banner associated pinnedPost
grandparentAuthor threadContext collection_source isVerified status pronouns website
bridgyOriginalText bridgyOriginalUrl via debug createdAt text langs tags facets
"""
_known = known_keys(
    [Author, Verification, Reason, Context, Node, Page],
    _LEFT_OUT,
    "embed embeds facets labels viewer threadgate associated verification pinnedPost pinned_post"
    " status debug via",
)
#: In snake case too, as the Python SDK writes them.
KNOWN = _known._replace(
    keys=_known.keys
    | {re.sub(r"([A-Z])", r"_\1", key).lower() for key in _known.keys}
    | {"py_type"}
)


def present(part: msgspec.Raw) -> bool:
    """Return whether a part of a view is there, and not null."""
    return bytes(part) not in {b"", b"null"}


def place(uri: object) -> Place | None:
    """Return the parts of an at-uri that names a record; None for anything else."""
    found = _URI.fullmatch(uri) if isinstance(uri, str) else None
    return None if found is None else Place(found[0], found[1], found[2], found[3])


def indexed(text: str | None) -> Moment:
    """Return when the index saw something; unknown if that cannot be read."""
    try:
        return moment_of(text, source="indexed")
    except ValueError:
        return UNKNOWN


def created(record: Mapping[str, Any], seen: Moment) -> Moment:
    """Return when a record was made.

    ``createdAt`` is what the user's program wrote: it holds when it can be read and is not later
    than `seen` by more than five minutes, else `seen`, the time of the index, does.
    """
    text = record.get("createdAt")
    try:
        made = moment_of(text) if isinstance(text, str) else UNKNOWN
    except ValueError:
        made = UNKNOWN
    if made.us is None or (seen.us is not None and made.us > seen.us + _SLACK):
        return seen
    return made


def is_snake(data: bytes) -> bool:
    """Return whether views have the field names of the Python SDK (``indexed_at``)."""
    return any(mark in data for mark in _SNAKE)


def camel(data: bytes) -> bytes:
    """Return views of the Python SDK with the field names of the API."""
    return msgspec.json.encode(_renamed(_untyped(data)))


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {_name(key): _renamed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item) for item in value]
    return value


def _name(key: str) -> str:
    return "$type" if key == "py_type" else _WORD.sub(lambda found: found[1].upper(), key)
