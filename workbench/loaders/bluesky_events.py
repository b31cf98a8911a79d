"""Events of Bluesky's firehose as typed records, of Jetstream and of Tap, and what they change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from workbench.loaders.bluesky_records import Count, Place, indexed
from workbench.loaders.drift import known_keys
from workbench.loaders.json_document import document, is_document
from workbench.loaders.json_objects import objects
from workbench.loaders.json_records import decoder
from workbench.loaders.moments import UNKNOWN, Moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.loaders.base import Source

__all__ = [
    "KNOWN", "REPOST", "Change", "Event", "Identity", "Standing", "TapUser", "change_of",
    "decode_event", "deletions", "seen_at",
]  # fmt: skip

#: The collection of reposts.
REPOST = "app.bsky.feed.repost"
_ALPHABET = {sign: value for value, sign in enumerate("234567abcdefghijklmnopqrstuvwxyz")}
_SHORT = {"c": "create", "u": "update", "d": "delete"}
_ENDS = ("create", "update", "delete")


class Commit(msgspec.Struct, gc=False):
    """What happened to one record of an account."""

    collection: str | None = None
    rkey: str | None = None
    operation: str | None = None
    rev: str | None = None
    cid: str | None = None
    record: Any = None


class Identity(msgspec.Struct, gc=False):
    """A handle that an account has now."""

    did: str | None = None
    handle: str | None = None
    seq: int | None = None
    time: str | None = None


class Standing(msgspec.Struct, gc=False):
    """Whether an account is to be seen."""

    active: bool | None = None
    did: str | None = None
    status: str | None = None
    seq: int | None = None
    time: str | None = None


class TapRecord(msgspec.Struct, gc=False):
    """What happened to one record of an account, as Tap says it."""

    did: str | None = None
    collection: str | None = None
    rkey: str | None = None
    action: str | None = None
    rev: str | None = None
    cid: str | None = None
    live: bool | None = None
    record: Any = None


class TapUser(msgspec.Struct, gc=False):
    """An account, as Tap says it; the names of an older and of the present version."""

    did: str | None = None
    handle: str | None = None
    is_active: bool | None = None
    active: bool | None = msgspec.field(default=None, name="isActive")
    status: str | None = None


class Event(msgspec.Struct, gc=False):
    """One line of either envelope."""

    did: str | None = None
    time_us: Count | None = None
    kind: str | None = None
    commit: Commit | None = None
    identity: Identity | None = None
    account: Standing | None = None
    id: int | None = None
    type: str | None = None
    record: TapRecord | None = None
    user: TapUser | None = None


class Change(NamedTuple):
    """What happened to one record: the same for both envelopes."""

    did: str
    collection: str
    rkey: str
    operation: str
    rev: str | None
    cid: str | None
    record: dict[str, Any] | None
    seen: Moment

    @property
    def where(self) -> Place:
        """The address of the record."""
        uri = f"at://{self.did}/{self.collection}/{self.rkey}"
        return Place(uri, self.did, self.collection, self.rkey)


decode_event = decoder(Event)
KNOWN = known_keys(
    [Event, Commit, Identity, Standing, TapRecord, TapUser],
    "$type createdAt text langs tags facets embed reply labels subject via list allow post"
    " hiddenReplies displayName description avatar banner pinnedPost joinedViaStarterPack"
    " bridgyOriginalText bridgyOriginalUrl uri name purpose feed feeds detachedEmbeddingUris"
    " embeddingRules pronouns website value val values parent root",
    "facets embed labels via allow avatar banner pinnedPost joinedViaStarterPack embeddingRules"
    " feeds descriptionFacets subject reply",
)


def change_of(event: Event) -> Change | None:
    """Return what happened to a record, if the event tells of one."""
    commit, tap = event.commit, event.record
    if commit is not None:
        did, operation = event.did, commit.operation
        seen = seen_at(event, None)
    elif tap is not None:
        did, operation = tap.did, tap.action
        seen = _moment(_tid(tap.rev))
    else:
        return None
    changed = commit if commit is not None else tap
    operation = _SHORT.get(operation or "", operation)
    if not did or changed is None or not changed.collection or not changed.rkey:
        raise ValueError("a commit without account, collection or key")
    if operation not in _ENDS:
        raise ValueError("neither created, updated nor deleted")
    record = changed.record if isinstance(changed.record, dict) else None
    return Change(
        did, changed.collection, changed.rkey, operation, changed.rev, changed.cid, record, seen
    )


def seen_at(event: Event, text: str | None) -> Moment:
    """Return when the firehose told an event."""
    return _moment(event.time_us) if event.time_us is not None else indexed(text)


def _moment(us: int | None) -> Moment:
    """Return the time of the firehose; unknown outside the years 1 to 9999."""
    if us is None or not 0 < us < 253402300800 * 10**6:
        return UNKNOWN
    return Moment(us, us // 1000, "us", "indexed")


def _tid(text: str | None) -> int | None:
    """Return the microseconds in a revision: 13 signs of base 32."""
    if text is None or len(text) != 13 or not set(text) <= _ALPHABET.keys():
        return None
    number = 0
    for sign in text:
        number = number << 5 | _ALPHABET[sign]
    return number >> 10


def deletions(source: Source) -> dict[tuple[str, str], Moment]:
    """Return when reposts were deleted, by account and key: the last time that the source says."""
    found: dict[tuple[str, str], Moment] = {}
    for data in _candidates(source):
        try:
            change = change_of(decode_event(data))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
        if change is not None and change.collection == REPOST and change.operation == "delete":
            key = (change.did, change.rkey)
            found[key] = max(found.get(key, UNKNOWN), change.seen, key=lambda m: m.us or 0)
    return found


def _candidates(source: Source) -> Iterator[bytes]:
    """Yield the events that may delete a repost, without decoding the others."""
    if is_document(source.head()):
        for piece in document(source):
            yield piece.data
        return
    for block in source.blocks():
        data, at = block.data, 0
        while (at := data.find(b'"delete"', at)) >= 0:
            start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
            line = data[start : len(data) if end < 0 else end]
            at = start + len(line)
            if REPOST.encode() in line:
                for span in objects(line):
                    yield line[span.start : span.end]
