"""The records of Zeeschuimer for X: what the pages of X get from its servers, in an envelope.

Every field may be missing or null. A post is its author (``core``), the fields of API v1.1
(``legacy``) and what was added since; what it shares or quotes stands under ``result``, sometimes
one level deeper (``tweet``), sometimes only as a ``tombstone``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from workbench.loaders.twitter_v1_records import (
    Carried,
    Extended,
    Person,
    Status,
    Versions,
    Views,
    exact,
)
from workbench.loaders.twitter_v2_records import Failure, Id
from workbench.loaders.twitter_v2_rows import HEAD, STATUS

__all__ = ["STRUCTS", "Aside", "Envelope", "Result", "given", "status_of"]

_NOTHING = msgspec.Raw(b"null")


def given(content: msgspec.Raw) -> bool:
    """Return whether there is a content, not null and not missing."""
    return bytes(content) != b"null"


class Name(msgspec.Struct, gc=False):
    """What a user is called, in newer records."""

    screen_name: str | None = None
    name: str | None = None
    created_at: str | None = None


class Verification(msgspec.Struct, gc=False):
    """Whether a user is verified, in newer records."""

    verified: bool | None = None
    verified_type: str | None = None


class Privacy(msgspec.Struct, gc=False):
    """Whether a user's posts are protected, in newer records."""

    protected: bool | None = None


class Place(msgspec.Struct, gc=False):
    """Where a user says to be, in newer records."""

    location: str | None = None


class Biography(msgspec.Struct, gc=False):
    """What a user tells, in newer records."""

    description: str | None = None


class Account(msgspec.Struct, gc=False):
    """A user."""

    rest_id: Id | None = None
    core: Name | None = None
    legacy: Person | None = None
    verification: Verification | None = None
    privacy: Privacy | None = None
    location: Place | None = None
    profile_bio: Biography | None = None


class AccountHolder(msgspec.Struct, gc=False):
    """Where a user stands, or nothing."""

    result: Account | None = None


class Core(msgspec.Struct, gc=False):
    """The author of a post."""

    user_results: AccountHolder | None = None
    user_result: AccountHolder | None = None


class Note(msgspec.Struct, gc=False):
    """The whole of a text with more than 280 characters."""

    text: str | None = None
    entity_set: Carried | None = None


class NoteHolder(msgspec.Struct, gc=False):
    """Where the whole of a long text stands."""

    result: Note | None = None


class LongText(msgspec.Struct, gc=False):
    """A long text."""

    note_tweet_results: NoteHolder | None = None


class Holder(msgspec.Struct, gc=False):
    """Where a shared or quoted post stands, or nothing."""

    result: Result | None = None


class Legacy(Status, gc=False):
    """The fields of API v1.1, with what a post shares."""

    retweeted_status_result: Holder | None = None
    quoted_status_result: Holder | None = None


class Result(msgspec.Struct, gc=False):
    """A post, a wrapper around one, or what stands for one that cannot be seen."""

    rest_id: Id | None = None
    core: Core | None = None
    user: Person | None = None
    legacy: Legacy | None = None
    views: Views | None = None
    ext_views: Views | None = None
    source: str | None = None
    note_tweet: LongText | None = None
    edit_control: Versions | None = None
    quoted_status_result: Holder | None = None
    retweeted_status_result: Holder | None = None
    tweet: Result | None = None
    tombstone: dict[str, msgspec.Raw] | None = None
    typename: str | None = msgspec.field(default=None, name="__typename")

    @property
    def is_unavailable(self) -> bool:
        """Whether it stands for a post that cannot be seen."""
        return self.tombstone is not None or self.typename in {"TweetTombstone", "TweetUnavailable"}


class Import(msgspec.Struct, gc=False):
    """What 4CAT says about the collection of a post that it has unpacked."""

    timestamp_collected: str | int | float | None = None
    source_platform: str | None = None


class Envelope(msgspec.Struct, gc=False):
    """What Zeeschuimer writes; or a post unpacked by 4CAT, with ``rest_id`` or ``legacy``."""

    item_id: Id | None = None
    timestamp_collected: str | int | float | None = None
    source_platform: str | None = None
    data: msgspec.Raw = _NOTHING
    legacy: msgspec.Raw = _NOTHING
    unpacked: Import | None = msgspec.field(default=None, name="__import_meta")


#: All structs, for the keys that are read.
STRUCTS = (
    Name, Verification, Privacy, Place, Biography, Account, AccountHolder, Core, Note, NoteHolder,
    LongText, Holder, Legacy, Result, Import, Envelope,
)  # fmt: skip


@dataclass
class Aside:
    """What a record says beside its posts.

    Attributes
    ----------
    failures
        Quoted and shared posts that cannot be seen.
    handles
        Account id and handle of authors without a user object, from the address of their media.
    """

    failures: list[Failure] = field(default_factory=list)
    handles: list[tuple[str, str]] = field(default_factory=list)


def status_of(result: Result, aside: Aside) -> Status | None:
    """Return a post as API v1.1 has it; None if it cannot be seen."""
    while result.tweet is not None:
        result = result.tweet
    status = result.legacy
    if status is None:
        return None
    status.id_str = exact(None, result.rest_id) or status.key
    status.user = _author(result, status, aside)
    status.source = result.source or status.source
    status.ext_views = result.views or result.ext_views or status.ext_views
    status.edit_history = result.edit_control or status.edit_history
    long = result.note_tweet.note_tweet_results if result.note_tweet is not None else None
    if long is not None and long.result is not None and long.result.text:
        status.extended_tweet = Extended(long.result.text, None, long.result.entity_set)
    shared = status.retweeted_status_result or result.retweeted_status_result
    if shared is not None:
        status.retweeted_status = _shared(shared.result or Result(), status, aside)
    quoted = result.quoted_status_result or status.quoted_status_result
    if quoted is not None and quoted.result is not None:
        status.quoted_status = status_of(quoted.result, aside)
        if quoted.result.is_unavailable:
            key = exact(status.quoted_status_id_str, status.quoted_status_id)
            aside.failures.append(Failure("tombstone", None, "tweet", key, "quoted_status_result"))
    return status


def _shared(result: Result, status: Status, aside: Aside) -> Status | None:
    """Return the post that a status shares, empty if it cannot be seen; None if it shares none."""
    found = status_of(result, aside)
    if found is None and result.is_unavailable:
        key = exact(None, result.rest_id)
        aside.failures.append(Failure("tombstone", None, "tweet", key, "retweeted_status_result"))
        return Status(id_str=key)
    if found is None and HEAD.match(status.full_text or ""):
        return Status()
    return found


def _author(result: Result, status: Status, aside: Aside) -> Person | None:
    """Return the author; of one without user object, note the handle, if there is any.

    The id is then the one in ``legacy``.
    """
    core = result.core or Core()
    holder = core.user_results or core.user_result
    account = None if holder is None else holder.result
    person = result.user if account is None else _person(account)
    key = None if person is None else exact(person.id_str, person.id)
    if person is not None and (key is not None or person.screen_name):
        person.id_str = key or status.user_id_str
        return person
    handle = _handle(status)
    if handle and status.user_id_str:
        aside.handles.append((status.user_id_str, handle))
    return None


def _person(account: Account) -> Person:
    person = account.legacy or Person()
    person.id_str = exact(None, account.rest_id) or exact(person.id_str, person.id)
    if account.core is not None:
        person.screen_name = account.core.screen_name or person.screen_name
        person.name = account.core.name or person.name
        person.created_at = account.core.created_at or person.created_at
    if account.verification is not None:
        verification = account.verification
        person.verified = _first(verification.verified, person.verified)
        person.verified_type = verification.verified_type or person.verified_type
    if account.privacy is not None:
        person.protected = _first(account.privacy.protected, person.protected)
    if account.location is not None:
        person.location = account.location.location or person.location
    if account.profile_bio is not None:
        person.description = account.profile_bio.description or person.description
    return person


def _first(newer: bool | None, older: bool | None) -> bool | None:  # noqa: FBT001
    return older if newer is None else newer


def _handle(status: Status) -> str | None:
    """Return the author's handle from the address of the post's own media."""
    for carried in (status.entities, status.extended_entities):
        for media in (carried.media if carried is not None else None) or ():
            found = STATUS.search(media.expanded_url or "")
            if found is not None and found[2] == status.id_str:
                return found[1]
    return None
