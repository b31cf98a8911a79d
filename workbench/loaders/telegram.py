"""Telegram Desktop exports, ``result.json``: one chat, or all chats of an account.

A record is one message of ``messages``, in a single chat or in the lists of ``chats`` and
``left_chats``; nothing else of an export (contacts, sessions, pictures of profiles) is read. The
document is walked as a stream, so its size does not matter.

Public channels and public supergroups are read; messages of every other chat (personal chats,
bots, saved messages, private groups and channels, and chats whose ``type`` does not stand before
their messages) are rejected as private. Ids are unique in a chat only: posts are
``telegram:channel123/45``, senders ``telegram:user6`` or ``telegram:channel7``, as exports write
them; what a channel posts without naming a sender is its own. Senders without an id are
``telegram:name:channel123:<name>``.

Forwards are shares with subtype ``forward``. An export tells whose post was forwarded, and not
which one; newer exports say it by id, older ones by a display name, which many may bear, so that
the target stays unknown. What a forward carries is inherited. The posts of a channel that Telegram
itself forwards into its discussion group are shares of its own posts. Mentions are ``@name``, a
name that links to an account, and t.me links to a channel or its posts. In a forum, the mark of the
topic of a message is no reply, as long as the export holds the message that made the topic.

What an export does not tell: views and forwards of a post; the public names of its chats and
senders, so that an account known by id and the same by name are two. Signatures of authors,
reactions, polls and shared contacts are left out. When it was made it does not tell either:
``retrieved_ms`` is the last edit of a message, which is never later, so that of two exports the one
with the later edit tells the text. Service messages are events. Control characters,
which Telegram writes as no JSON can, are read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from workbench.loaders.base import Loader
from workbench.loaders.json_records import JsonRecords
from workbench.loaders.moments import UNKNOWN, Moment, moment_of
from workbench.loaders.recorder import AccountFacts, Act, PostFacts, Recorder
from workbench.loaders.telegram_names import Link, chat_key, named_by, peer_key
from workbench.loaders.telegram_records import KNOWN, message_of, parts, text_of

if TYPE_CHECKING:
    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.json_document import Piece
    from workbench.loaders.recorder import Carrier
    from workbench.loaders.telegram_records import Message, Part

__all__ = ["LOADER", "read", "sniff"]

PLATFORM = "telegram"
_ARRAYS = (("messages",), ("chats", "list", "messages"), ("left_chats", "list", "messages"))
_PUBLIC = {"public_channel": "channel", "public_supergroup": "group"}
_CHAT = re.compile(
    rb'"type"\s*:\s*"(?:(?:public|private)_(?:channel|supergroup|group)|personal_chat|bot_chat'
    rb'|saved_messages|replies|verify_codes)"'
)
_MESSAGES = re.compile(rb'"messages"\s*:\s*\[')
_MARKS = re.compile(rb'"(?:date_unixtime|text_entities|from_id)"\s*:')
_DATE, _UNIX = re.compile(rb'"date"\s*:'), re.compile(rb'"date_unixtime"\s*:')
_ACCOUNT = re.compile(rb'\s*\{\s*"about"\s*:')
_PARTS = re.compile(
    rb'"(?:personal_information|profile_pictures|frequent_contacts|contacts|sessions|stories|chats'
    rb'|left_chats)"\s*:'
)
#: Entities that are links.
_LINKS = {"link", "text_link"}
#: Older exports write that a message that was never edited was edited in 1970.
_NEVER = 2 * 86_400_000_000

_LOCAL = (
    "messages without a unix time: the local time of the exporting computer stands as if it were "
    "UTC, so the hour may be wrong (precision: day)"
)
_BY_NAME = (
    "senders without an id are known by their display name within their chat; different people may "
    "share one"
)
_FORWARDED = (
    "forwards that tell their source by display name only, or not at all, have no target account "
    "(unresolved)"
)
_PUBLIC_NAMES = (
    "an export tells no public names of its senders and chats: who is mentioned by name, and posts "
    "or is forwarded by id, counts as two accounts"
)


class _Chat(NamedTuple):
    key: str
    id: str
    kind: str
    name: str | None


def sniff(head: Head) -> float:
    """Return how surely the head is that of an export."""
    data = head.data
    if data.lstrip()[:1] != b"{":
        return 0.0
    if _ACCOUNT.match(data) and _PARTS.search(data):
        return 0.95
    if not _MESSAGES.search(data):
        return 0.0
    return 0.95 if _CHAT.search(data) else 0.6 if _MARKS.search(data) else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read an export: one record a message."""
    del options
    with Recorder(sink, PLATFORM) as recorder:
        records = JsonRecords(source, recorder, known=KNOWN, arrays=_ARRAYS)
        records.each(_Reader(recorder, records, old=_is_old(source.head())).visit)
    sink.refuse("quote", "Telegram has forwards and replies, and no quotes")
    sink.refuse("co_share", "an export does not tell which message was forwarded")


def _is_old(head: Head) -> bool:
    """Return whether an export has times, and none of them is a unix time."""
    return _DATE.search(head.data) is not None and _UNIX.search(head.data) is None


class _Reader:
    """Turns messages into rows; remembers the chats and the topics that it has met.

    Parameters
    ----------
    old
        Whether the export has no unix times yet, and adds 2^33 to the ids of chats.
    """

    def __init__(self, recorder: Recorder, records: JsonRecords, *, old: bool) -> None:
        self._old = old
        self._recorder = recorder
        self._records = records
        self._header: dict[str, Any] = {}
        self._chats: dict[tuple[Any, Any, bool], _Chat] = {}
        self._containers: set[str] = set()
        self._topics: set[str] = set()

    def visit(self, piece: Piece) -> None:
        """Read a message."""
        self._header = piece.header
        self._records.record(piece, self._take, piece.data)

    def _take(self, data: bytes) -> None:
        kind = self._header.get("type")
        if kind not in _PUBLIC:
            raise ValueError(
                f"private: messages of the type {kind} are not read"
                if isinstance(kind, str) and kind
                else "private: no type before the messages says that they are public"
            )
        message = message_of(data)
        chat = self._chat(message)
        if not str(message.id).strip():
            raise ValueError("no id")
        post_id = f"{chat.id}/{message.id}"
        at = self._moment(message)
        if message.type == "service":
            self._service(message, post_id, at)
        elif message.type == "unsupported":
            self._recorder.event("unavailable", "post", post_id, reason="unsupported")
        elif message.type in {None, "message"}:
            self._message(message, chat, post_id, at)
        else:
            raise ValueError("neither a message nor a service message")
        if chat.id not in self._containers:
            self._recorder.container(chat.id, _PUBLIC[chat.kind], name=chat.name)
            self._containers.add(chat.id)

    def _chat(self, message: Message) -> _Chat:
        kind, name = self._header.get("type"), self._header.get("name")
        number = self._header.get("id")
        if message.date_unixtime is not None:
            self._old = False
        old = self._old
        chat = self._chats.get((number, kind, old))
        if chat is None:
            key = chat_key(number, kind, old=old)
            if key is None:
                raise ValueError("the chat has no id")
            chat = _Chat(
                key, self._recorder.id(key), str(kind), name if isinstance(name, str) else None
            )
            self._chats[number, kind, old] = chat
        return chat

    def _service(self, message: Message, post_id: str, at: Moment) -> None:
        self._recorder.event("service", "post", post_id, at=at, reason=message.action)
        if message.action == "topic_created":
            self._topics.add(post_id)

    def _message(self, message: Message, chat: _Chat, post_id: str, at: Moment) -> None:
        author = self._author(message, chat)
        answered = self._answered(message, chat)
        topic = answered if answered in self._topics else None
        replies = answered is not None and topic is None
        kind = "share" if message.is_forward else "reply" if replies else "original"
        edited = _edited(message)
        carrier = self._recorder.post(
            PostFacts(
                post_id=post_id, author_id=author, at=at, kind=kind, text=text_of(message),
                conversation_id=topic, container_id=chat.id, retrieved_ms=edited.ms,
            )
        )  # fmt: skip
        if message.is_forward:
            self._forward(message, carrier)
            carrier = carrier._replace(origin="inherited_share")
        if answered is not None and replies:
            self._recorder.act(
                Act(
                    kind="reply", actor_id=author, post_id=post_id, target_post_id=answered, at=at
                )
            )  # fmt: skip
            self._recorder.stub(answered)
        found = parts(message)
        prefix = _prefix(found) if kind == "reply" else 0
        for part in found:
            origin = "reply_prefix" if part.start < prefix else carrier.origin
            self._part(part, carrier, origin)
        self._medium(message, carrier)
        if edited is not UNKNOWN:
            self._recorder.event("edit", "post", post_id, at=edited)

    def _moment(self, message: Message) -> Moment:
        """Return the time of a message; a local time of unknown zone is good for the day only."""
        if message.date_unixtime is not None:
            return moment_of(message.date_unixtime)
        at = moment_of(message.date)
        if at.us is None:
            return at
        self._recorder.sink.note(_LOCAL)
        return at._replace(precision="day")

    def _author(self, message: Message, chat: _Chat) -> str | None:
        """Return who posted, and add it as an account."""
        key, name = peer_key(message.from_id), (message.sender or "").strip()
        own = chat.kind == "public_channel" and name in {"", chat.name}
        if key is not None:
            author = self._recorder.id(key)
        elif own:
            author, name = chat.id, chat.name or ""
        elif name:
            author = self._recorder.id(f"name:{chat.key}:{name}")
            self._recorder.sink.note(_BY_NAME)
        else:
            return None
        self._recorder.account(AccountFacts(account_id=author, name=name or None))
        return author

    def _answered(self, message: Message, chat: _Chat) -> str | None:
        """Return the post that a message answers, perhaps in another chat."""
        number = message.reply_to_message_id
        if number is None or str(number).strip() in {"", "0"}:
            return None
        told = message.reply_to_peer_id
        place = chat.key if told is None else peer_key(told)
        if place is None:
            raise ValueError("the chat of the answered message cannot be read")
        return f"{self._recorder.id(place)}/{number}"

    def _forward(self, message: Message, carrier: Carrier) -> None:
        given = message.forwarded_from_id
        key = None if given is msgspec.UNSET else peer_key(given)
        name = message.forwarded_from
        target = None if key is None else self._recorder.id(key)
        if target is None:
            self._recorder.sink.note(_FORWARDED)
        else:
            self._recorder.account(
                AccountFacts(
                    account_id=target, name=name if isinstance(name, str) and name else None,
                    seen_as="included",
                )
            )  # fmt: skip
        self._recorder.act(
            Act(
                kind="share", subtype="forward", actor_id=carrier.author_id,
                post_id=carrier.post_id, target_id=target, at=carrier.at,
                resolved_by="none" if target is None else "id_field",
            )
        )  # fmt: skip

    def _part(self, part: Part, carrier: Carrier, origin: str) -> None:
        """Add what an entity of a text says: a tag, a link, somebody mentioned."""
        end = part.start + len(part.text)
        if part.type == "hashtag":  # since 2024 also #tag@channel
            self._recorder.tag(carrier, part.text.partition("@")[0], start=part.start, end=end)
        elif part.type == "cashtag":
            value = part.text.removeprefix("$").upper()
            self._recorder.attach(
                carrier, "cashtag", value, raw=part.text, start=part.start, end=end
            )
        elif part.type in _LINKS:
            self._recorder.link(carrier, part.href or part.text, start=part.start, end=end)
        whom = _whom(part)
        if whom is not None:
            self._mention(part, whom, carrier, origin)

    def _mention(self, part: Part, whom: Link, carrier: Carrier, origin: str) -> None:
        if whom.peer is not None:
            target = self._recorder.id(whom.peer)
        else:
            target = self._recorder.handle(whom.name or "")
            self._recorder.sink.note(_PUBLIC_NAMES)
        self._recorder.act(
            Act(
                kind="mention", actor_id=carrier.author_id, post_id=carrier.post_id,
                target_id=target, start=part.start, at=carrier.at, origin=origin,
                resolved_by="url" if part.type in _LINKS else "entity",
            )
        )  # fmt: skip

    def _medium(self, message: Message, carrier: Carrier) -> None:
        """Add what kind of medium a post shows; which file it is, only its raw form says."""
        path = message.photo if message.photo is not None else message.file
        kind = message.media_type or ("photo" if message.photo is not None else "file")
        if path is not None or message.media_type:
            exported = bool(path) and not str(path).startswith("(")
            self._recorder.attach(carrier, "media", kind, raw=path if exported else None)


def _whom(part: Part) -> Link | None:
    """Return whom an entity of a text mentions; None for nobody."""
    if part.type in _LINKS:
        return named_by(part.href or part.text)
    peer = peer_key(f"user{part.user_id}") if part.type == "mention_name" else None
    name = part.text.removeprefix("@") if part.type == "mention" else None
    return Link(peer, name) if peer or name else None


def _prefix(found: list[Part]) -> int:
    """Return where the mentions end with which a text begins (definitions 0)."""
    expected = 0
    for part in found:
        if part.start != expected or _whom(part) is None:
            break
        expected += len(part.text) + 1
    return expected


def _edited(message: Message) -> Moment:
    """Return when a message was last edited."""
    told = message.edited_unixtime if message.edited_unixtime is not None else message.edited
    at = moment_of(told)
    if at.us is None or at.us <= _NEVER:
        return UNKNOWN
    return at if message.edited_unixtime is not None else at._replace(precision="day")


LOADER = Loader(
    name="telegram",
    description="Telegram Desktop's result.json: public channels and groups, one or all chats",
    sniff=sniff,
    read=read,
)
