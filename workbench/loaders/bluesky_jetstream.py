"""Bluesky's firehose as JSON: lines of Jetstream, and of Tap, which has another envelope.

Shapes: ``{did, time_us, kind, commit | identity | account}`` (Jetstream); ``{id, type: record,
record: {did, rev, collection, rkey, action, record}}`` and ``{id, type: user, user}`` (Tap).

A record is one event that can be read, whatever it tells of, or one piece that cannot be read:

- a post that is created is a primary post; one that is updated another version of it;
- a repost that is created is a share without a post of its own; if the same file tells of its
  deletion, at any place, it is taken back at that time. Deletions of reposts whose creation is not
  in the file name no post: they are events, and a note counts them;
- likes, follows, blocks and profiles are events (``like`` … with the actor in ``detail``), and so
  are their deletions (``unlike`` …), which name only the deleted record;
- deletions of posts and what becomes of accounts are events, a handle is an alias with its time;
  records of other collections are events of kind ``control`` with the collection as reason.

What these files cannot know: names, counts, and what stands in posts that others quote. A post's
time is ``createdAt`` unless it cannot be read or is more than five minutes later than the firehose
saw it: then ``time_us`` is taken, and ``created_from`` is ``indexed``. In Tap lines the revision
says when that was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.loaders import bluesky_post as posts
from workbench.loaders.base import Loader
from workbench.loaders.bluesky_events import (
    KNOWN,
    REPOST,
    Change,
    Event,
    Identity,
    Standing,
    TapUser,
    change_of,
    decode_event,
    deletions,
    seen_at,
)
from workbench.loaders.bluesky_records import PLATFORM, POST, created, place
from workbench.loaders.json_records import JsonRecords, first_objects
from workbench.loaders.moments import UNKNOWN, Moment
from workbench.loaders.recorder import AccountFacts, Act, Recorder

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.json_document import Piece

__all__ = ["LOADER", "read", "sniff"]

#: Collections whose records are events: what they are called, and what a deletion is.
_EVENTS = {
    "app.bsky.feed.like": ("like", "unlike"),
    "app.bsky.graph.follow": ("follow", "unfollow"),
    "app.bsky.graph.block": ("block", "unblock"),
}
_PROFILE = "app.bsky.actor.profile"
_STATES = {"deleted": "delete", "deactivated": "deactivate", "suspended": "suspend",
           "takendown": "takedown"}  # fmt: skip


def sniff(head: Head) -> float:
    """Return how surely the head is of Jetstream or Tap."""
    return max(map(_certainty, first_objects(head, 5)), default=0.0)


def _certainty(item: dict[str, Any]) -> float:
    did = item.get("did")
    if isinstance(did, str) and did.startswith("did:") and "time_us" in item:
        return 0.97 if item.get("kind") in {"commit", "identity", "account"} else 0.6
    inner = item.get("record", item.get("user"))
    if item.get("type") in {"record", "user"} and isinstance(inner, dict) and "did" in inner:
        return 0.95
    return 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read events; first the deletions, so that it does not matter where they stand."""
    del options
    undone = deletions(source)
    with Recorder(sink, PLATFORM) as recorder:
        events = _Events(recorder, JsonRecords(source, recorder, known=KNOWN), undone)
        events.read()


class _Events:
    """Takes events apart."""

    def __init__(
        self, recorder: Recorder, records: JsonRecords, undone: dict[tuple[str, str], Moment]
    ) -> None:
        self._recorder = recorder
        self._records = records
        self._undone = undone
        self._met: set[tuple[str, str]] = set()
        self._by_collection: dict[str, Callable[[Change], None]] = {
            POST: self._post, REPOST: self._repost, _PROFILE: self._profile,
        }  # fmt: skip

    def read(self) -> None:
        """Read all pieces of the source."""
        self._records.each(self._visit)
        lost = len(self._undone) - len(self._met)
        if lost:
            self._recorder.sink.note(
                f"{lost} deleted reposts were made outside this file, which does not say of what: "
                "they are events, and no share is taken back"
            )

    def _visit(self, piece: Piece) -> None:
        self._records.record(piece, self._take, decode_event(piece.data))

    def _take(self, event: Event) -> None:
        change = change_of(event)
        if change is not None:
            self._recorder.same(
                (change.did, change.collection, change.rkey, change.operation,
                 change.rev or change.cid or change.seen.us)
            )  # fmt: skip
            self._by_collection.get(change.collection, self._other)(change)
        elif event.identity is not None:
            self._identity(event, event.identity)
        elif event.account is not None:
            self._account(event, event.account)
        elif event.user is not None and event.user.did is not None:
            self._user(event.user)
        else:
            raise ValueError("an event of no known kind")

    # -- records ---------------------------------------------------------------------------------

    def _post(self, change: Change) -> None:
        recorder, where = self._recorder, change.where
        post_id = recorder.id(where.uri)
        if change.operation == "delete":
            recorder.event("delete", "post", post_id, at=change.seen)
            return
        record = _record(change)
        version = None
        if change.operation == "update":
            version = f"{post_id}@{change.cid or change.rev or change.seen.us}"
            recorder.event("edit", "post", version, at=change.seen, detail=post_id)
        made = posts.content(record)
        carrier = posts.write_post(
            recorder, where, made, at=created(record, change.seen), version_id=version,
            retrieved_ms=change.seen.ms,
        )  # fmt: skip
        self._author(change.did)
        posts.write_acts(recorder, carrier, made)
        posts.write_carried(recorder, carrier, made)

    def _repost(self, change: Change) -> None:
        recorder, where = self._recorder, change.where
        if change.operation == "delete":
            actor = recorder.id(change.did)
            recorder.event(
                "delete", "record", recorder.id(where.uri), at=change.seen, reason=REPOST,
                detail=actor,
            )  # fmt: skip
            return
        record = _record(change)
        subject = place(_dict(record.get("subject")).get("uri"))
        if subject is None:
            raise ValueError("a repost without its post")
        at = created(record, change.seen)
        undone = self._undone.get((change.did, change.rkey), UNKNOWN)
        if (change.did, change.rkey) in self._undone:
            self._met.add((change.did, change.rkey))
        self._author(change.did)
        target = posts.account_id(recorder, subject.owner)
        recorder.stub(recorder.id(subject.uri), target)
        recorder.act(
            Act(
                kind="share", actor_id=recorder.id(change.did), post_id=None, target_id=target,
                target_post_id=recorder.id(subject.uri), at=at, resolved_by="uri",
                retracted_ms=undone.ms if _is_later(undone, change.seen) else None,
            )
        )  # fmt: skip

    def _profile(self, change: Change) -> None:
        recorder = self._recorder
        account = recorder.id(change.did)
        recorder.event("profile", "account", account, at=change.seen, reason=change.operation)
        record = change.record
        if change.operation == "delete" or record is None:
            return
        name, about = record.get("displayName"), record.get("description")
        recorder.account(
            AccountFacts(
                account_id=account, name=name if isinstance(name, str) and name else None,
                description=about if isinstance(about, str) and about else None,
                seen_as="included", observed_ms=change.seen.ms,
            )
        )  # fmt: skip

    def _other(self, change: Change) -> None:
        """Write a like, follow or block, or a record of a collection that is not read here."""
        recorder, actor = self._recorder, self._recorder.id(change.did)
        kinds = _EVENTS.get(change.collection)
        at = change.seen
        if kinds is None:
            recorder.event(
                "control", "record", recorder.id(change.where.uri), at=at,
                reason=change.collection, detail=actor,
            )  # fmt: skip
        elif change.operation == "delete":
            recorder.event(kinds[1], "record", recorder.id(change.where.uri), at=at, detail=actor)
        else:
            record = _record(change)
            subject = record.get("subject")
            kind = "account"
            if isinstance(subject, dict):
                goal = place(subject.get("uri"))
                subject = None if goal is None else goal.uri
                kind = "post" if goal is not None and goal.collection == POST else "record"
            if not isinstance(subject, str) or not subject:
                raise ValueError(f"a {kinds[0]} without what it is of")
            at = created(record, at)
            recorder.event(kinds[0], kind, recorder.id(subject), at=at, detail=actor)

    def _identity(self, event: Event, identity: Identity) -> None:
        did = identity.did or event.did
        if did is None:
            raise ValueError("an identity without its account")
        recorder, at = self._recorder, seen_at(event, identity.time)
        recorder.same((did, "identity", identity.seq or at.us))
        recorder.event("identity", "account", recorder.id(did), at=at)
        if identity.handle and identity.handle != "handle.invalid":
            recorder.alias(recorder.id(did), identity.handle, at.ms)

    def _account(self, event: Event, standing: Standing) -> None:
        did = standing.did or event.did
        if did is None:
            raise ValueError("a status without its account")
        recorder, at = self._recorder, seen_at(event, standing.time)
        recorder.same((did, "account", standing.seq or at.us))
        self._state(did, standing.status, active=standing.active, at=at)

    def _user(self, user: TapUser) -> None:
        recorder, did = self._recorder, user.did or ""
        active = user.active if user.active is not None else user.is_active
        recorder.same((did, "user", user.handle, user.status, active))
        self._state(did, user.status, active=active, at=UNKNOWN)
        if user.handle and user.handle != "handle.invalid":
            recorder.alias(recorder.id(did), user.handle, None)

    def _state(self, did: str, status: str | None, *, active: bool | None, at: Moment) -> None:
        kind = "activate" if active else _STATES.get(status or "", "control")
        self._recorder.event(kind, "account", self._recorder.id(did), at=at, reason=status)

    def _author(self, did: str) -> None:
        """Write an account of which nothing but the id is known; a profile anywhere beats it."""
        self._recorder.account(AccountFacts(account_id=self._recorder.id(did), seen_as="included"))


def _record(change: Change) -> dict[str, Any]:
    if change.record is None:
        raise ValueError("a commit without its record")
    return change.record


def _is_later(deleted: Moment, made: Moment) -> bool:
    """Return whether a deletion is of the record made at a time, and not of an earlier one."""
    return deleted.us is not None and (made.us is None or deleted.us >= made.us)


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


LOADER = Loader(
    name="bluesky_jetstream",
    description="Bluesky's firehose: lines of Jetstream or Tap",
    sniff=sniff,
    read=read,
)
