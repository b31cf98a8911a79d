"""Names of Telegram: chats and senders as exports write them, and whom a t.me link names."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Link", "chat_key", "named_by", "peer_key"]

#: Exports until 2021 write the peers that are no users from 2^33 on, and users from 2^32 on.
_USERS, _CHATS = 1 << 32, 1 << 33
_PEER = re.compile(r"(user|chat|channel)(\d{1,19})", re.ASCII)
_NUMBER = re.compile(r"\d{1,19}", re.ASCII)
_BOT = re.compile(r"-(100(?=\d{9}))?(\d{1,19})", re.ASCII)
_CHANNELS = {"public_channel", "private_channel", "public_supergroup", "private_supergroup"}
_LINK = re.compile(
    r"(?:https?://)?(?:(?P<own>[a-z][\w-]*)\.)?(?:www\.)?(?:t\.me|telegram\.(?:me|dog))"
    r"(?=[/?#]|$)(?:/(?P<path>[^?#]*))?",
    re.IGNORECASE | re.ASCII,
)
_APP = re.compile(r"tg:(?://)?resolve/?\?(?:[^#]*&)?domain=([^&#]+)", re.IGNORECASE)
_USER = re.compile(r"tg:(?://)?user/?\?id=(\d{1,19})(?:&|$)", re.IGNORECASE | re.ASCII)
_NAME = re.compile(r"[a-z]\w{2,31}", re.IGNORECASE | re.ASCII)
#: First parts of t.me paths that are a service of Telegram and no name.
_SERVICES = {
    "addemoji", "addlist", "addstickers", "addtheme", "boost", "confirmphone", "contact",
    "giftcode", "invoice", "joinchat", "login", "msg", "nft", "proxy", "setlanguage", "share",
    "socks", "stargift",
}  # fmt: skip


class Link(NamedTuple):
    """Whom a link names: an id (``channel123``, ``user4``) or a public name."""

    peer: str | None
    name: str | None


def peer_key(value: str | int | None) -> str | None:
    """Return a sender's id as exports since 2021 write it: ``user1``, ``chat2``, ``channel3``.

    Older exports write a number, in which 2^32 is added to users and 2^33 to groups and channels;
    which of both it is they do not say, and public ones are channels. The negative numbers of bots
    are read too. None for what is no id.
    """
    text = "" if value is None else str(value).strip()
    if _PEER.fullmatch(text):
        return text
    bot = _BOT.fullmatch(text)
    if bot:
        return f"{'channel' if bot[1] else 'chat'}{int(bot[2])}"
    if not _NUMBER.fullmatch(text):
        return None
    number = int(text)
    if number >= _CHATS:
        return f"channel{number - _CHATS}"
    return f"user{number - _USERS if number >= _USERS else number}"


def chat_key(value: object, kind: object, *, old: bool) -> str | None:
    """Return the id of a chat as ``peer_key`` writes it.

    Parameters
    ----------
    kind
        ``public_channel``, ``private_group``, ``personal_chat`` …; supergroups are channels.
    old
        Whether the export may be one that adds 2^33 to the number.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    if not _NUMBER.fullmatch(text):
        return peer_key(text)
    number = int(text)
    if old and number >= _CHATS:
        number -= _CHATS
    group = "chat" if kind == "private_group" else "user"
    return f"{'channel' if kind in _CHANNELS else group}{number}"


def named_by(link: str) -> Link | None:
    """Return whom a link names: ``t.me/name/5``, ``t.me/c/123/5``, ``name.t.me``, ``tg://…``.

    None for other sites and for links that name nobody: invitations, stickers, proxies, sharing.
    """
    user = _USER.match(link)
    if user:
        return Link(f"user{int(user[1])}", None)
    app = _APP.match(link)
    if app:
        return _named(app[1])
    found = _LINK.match(link.strip())
    if found is None:
        return None
    parts = [part for part in (found["path"] or "").split("/") if part]
    own = found["own"]
    if own and own.casefold() != "www":
        return _named(own)
    if parts and parts[0] == "s":  # the preview of a channel on the web
        parts = parts[1:]
    elif parts and parts[0] == "c":
        number = len(parts) > 1 and _NUMBER.fullmatch(parts[1])
        return Link(f"channel{int(parts[1])}", None) if number else None
    return _named(parts[0]) if parts else None


def _named(text: str) -> Link | None:
    name = text.removeprefix("@")
    if not _NAME.fullmatch(name) or name.casefold() in _SERVICES:
        return None
    return Link(None, name)
