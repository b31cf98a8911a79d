"""The parts of a Telegram Desktop export that are read, and the text that its entities make."""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from workbench.loaders.drift import known_keys
from workbench.loaders.json_records import decoder

__all__ = ["KNOWN", "Entity", "Message", "Part", "message_of", "parts", "text_of"]

Id = str | int
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)


class Entity(msgspec.Struct, gc=False):
    """A piece of a text: plain, a hashtag, a mention or a link."""

    type: str | None = None
    text: str | None = None
    href: str | None = None
    user_id: Id | None = None


class Message(msgspec.Struct, gc=False):
    """A message of a chat."""

    id: Id
    type: str | None = None
    date: str | None = None
    date_unixtime: Id | None = None
    edited: str | None = None
    edited_unixtime: Id | None = None
    sender: str | None = msgspec.field(default=None, name="from")
    from_id: Id | None = None
    action: str | None = None
    forwarded_from: str | msgspec.UnsetType | None = msgspec.UNSET
    forwarded_from_id: Id | msgspec.UnsetType | None = msgspec.UNSET
    reply_to_message_id: Id | None = None
    reply_to_peer_id: Id | None = None
    text: str | list[str | Entity] | None = None
    text_entities: list[Entity] | None = None
    media_type: str | None = None
    photo: str | None = None
    file: str | None = None

    @property
    def is_forward(self) -> bool:
        """Whether the message was forwarded, also from somebody whose name is not told."""
        return not (
            self.forwarded_from is msgspec.UNSET and self.forwarded_from_id in {msgspec.UNSET, None}
        )


class Part(NamedTuple):
    """An entity that is not plain text, and where it begins in the text, in code points."""

    start: int
    type: str
    text: str
    href: str | None
    user_id: Id | None


#: Left out: signatures and other names of people, reactions (not all are likes), what a medium
#: looks like, what service messages say beside their action.
_LEFT_OUT = """
    actor actor_id author via_bot saved_from saved_from_id
    width height mime_type duration_seconds thumbnail file_name file_size thumbnail_file_size
    photo_file_size media_spoiler sticker_emoji performer title self_destruct_period_seconds
    live_location_period_seconds contact_vcard contact_vcard_file_size place_name address
    game_title game_description game_link paid_stars_amount
    members inviter message_id game_message_id invoice_message_id score amount currency recurring
    duration discard_reason information_text reason_app_id reason_app_name reason_domain values
    to to_id distance period schedule_date emoticon cost months new_title new_icon_emoji_id
    button_id peers gift_code gift_id boost_peer_id boosts unclaimed via_giveaway winners stars
    is_limited is_anonymous gift_text
    document_id language collapsed
"""
_OPAQUE = """
    reactions poll todo_list contact_information location_information invoice_information
    giveaway_information giveaway_results inline_bot_buttons
"""
#: The keys of a message.
KNOWN = known_keys([Message, Entity], _LEFT_OUT, _OPAQUE)

_decode = decoder(Message)


def message_of(data: bytes) -> Message:
    r"""Return the message in `data`; Telegram writes control characters as ``\x0B``, not as JSON.

    Raises
    ------
    msgspec.DecodeError
        It is no JSON, or (``msgspec.ValidationError``) a value has another type.
    """
    return _decode(_ESCAPE.sub(_escape, data) if b"\\x" in data else data)


def _escape(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] is None else b"\\u00" + found[1]


def text_of(message: Message) -> str | None:
    """Return the text of a message, None if none is given; it is empty for a bare picture."""
    whole = message.text_entities or message.text
    if whole is None:
        return None if message.text_entities is None else ""
    if isinstance(whole, str):
        return whole
    return "".join(piece if isinstance(piece, str) else piece.text or "" for piece in whole)


def parts(message: Message) -> list[Part]:
    """Return the entities of a text that are not plain, with their offsets."""
    whole = message.text_entities or message.text
    found: list[Part] = []
    if whole is None or isinstance(whole, str):
        return found
    start = 0
    for piece in whole:
        if isinstance(piece, str):
            start += len(piece)
            continue
        text = piece.text or ""
        if piece.type not in {None, "plain"}:
            found.append(Part(start, piece.type or "", text, piece.href, piece.user_id))
        start += len(text)
    return found
