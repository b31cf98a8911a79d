"""Who stands in a text or a link: the spellings of mentions, profiles and posts, by platform.

Of a link to a platform a pseudonym is kept behind the host, because what stands there is a handle,
a post, or a search for one of them; two links to one page stay equal, and two pages different, so
that nobody seems to share what another one shared. On any other host a path or query that is made
like those of a platform (``/@name``, ``/users/name``, ``?screen_name=``) becomes a pseudonym as
well: every server of the Fediverse is one.

A name without a sign before it cannot be told from a word: it stays. So does a domain of somebody's
own that is used as a handle, where it stands as a link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Names", "in_calls", "in_places", "unquoted", "without_names", "without_places"]

#: Hosts whose paths name people and posts. The names before ``.com`` come first.
_COM = (
    "twitter x fxtwitter vxtwitter fixupx fixvx facebook fb messenger instagram tiktok youtube "
    "youtube-nocookie reddit linkedin vk weibo gab truthsocial gettr parler rumble odysee medium "
    "pinterest snapchat threads tumblr flickr patreon"
)
_OTHER = (
    "nitter.net bsky.app bsky.social t.me telegram.me telegram.dog telegram.org redd.it youtu.be "
    "fb.me fb.watch m.me instagr.am threads.net weibo.cn twitch.tv ok.ru vk.ru discord.gg"
)
_PLAIN_HOSTS = (*(f"{name}.com" for name in _COM.split()), *_OTHER.split())
_HOSTS = "|".join(
    [f"(?:{'|'.join(_COM.split())})\\.com", *(host.replace(".", "\\.") for host in _OTHER.split())]
)
#: What ends an address in running text, in any script.
_END = r"\s<>\"«»“”„‹›，。！？、；：（）「」『』【】《》…"
_LINK = re.compile(
    rf"(?<![A-Za-z0-9_.-])((?:[A-Za-z0-9_-]+\.)*)({_HOSTS})(?::\d+)?[/?#][^{_END}]*", re.IGNORECASE
)
_KNOWN_HOST = re.compile(
    rf"(?<![A-Za-z0-9_.-])(?:[A-Za-z0-9_-]+\.)*(?:{_HOSTS})[/?#:]", re.IGNORECASE
)
#: Hosts below which a name of its own is somebody's.
_OWN_HOSTS = ("bsky.social", "t.me", "tumblr.com", "medium.com", "substack.com")
_OWN_HOST = re.compile(
    r"(?<![A-Za-z0-9_.@＠-])(https?://)?((?:[A-Za-z0-9_-]+\.)+)"
    r"(bsky\.social|t\.me|tumblr\.com|medium\.com|substack\.com)(?![\w-]|\.\w)",
    re.IGNORECASE,
)
_SERVICES = {"www.", "mobile.", "m.", "web.", "api."}
_ADDRESS = re.compile(rf"([Hh][Tt][Tt][Pp][Ss]?://[^/?#{_END}]+)([/?#][^{_END}]*)")
_NAMING_PATH = re.compile(
    r"/(?:@|%40|~|(?:users?|profiles?|accounts?|u|notice)/|(?:i/)?(?:web/)?status(?:es)?/\d)|did:",
    re.IGNORECASE,
)
_NAMING_QUERY = re.compile(
    r"[?&](?:screen_?name|user(?:_?id|_?name)?|handle|account(?:_?id)?|profile(?:_?id)?)=",
    re.IGNORECASE,
)
_VIDEO = re.compile(
    r"(?:youtu\.be/|/(?:shorts|live|embed|v)/|[?&]v=)([\w-]{11})(?![\w-])", re.IGNORECASE
)
_PSEUDONYM = re.compile(r"p1_[a-z2-7]{16}")
_TRAILING = re.compile(r"[.,;:!?)\]}'’*_]+$")
_APP = re.compile(rf"(?<![A-Za-z0-9_])(tg://|at://)[^{_END}]*", re.IGNORECASE)
_DID = re.compile(r"(?<![A-Za-z0-9_])did:[a-z0-9]+:[\w.%-]+(?::[\w.%-]+)*[\w%-]", re.IGNORECASE)
#: Wherever a sign is followed by a letter: what is a mailbox was replaced before.
_MENTION = re.compile(r"[@＠](\w{1,50})")
#: With dots, hyphens and a server: Bluesky, the Fediverse, Instagram, TikTok, YouTube.
_WIDE_MENTION = re.compile(r"[@＠](\w(?:[\w.·-]*\w)?(?:[@＠]\w(?:[\w.-]*\w)?(?::\d+)?)?)")
_LIKE_MAILBOX = re.compile(r"@[A-Za-z0-9-]+\.[A-Za-z]")
_MAILBOX = re.compile(
    r"(?<![A-Za-z0-9._%+@＠-])[A-Za-z0-9](?:[A-Za-z0-9._%+-]*[A-Za-z0-9_])?@"
    r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)
_REDDITOR = re.compile(r"(?<![A-Za-z0-9_/])(/?(?:u|user)/)([\w\\-]{3,})", re.IGNORECASE)
#: Platforms whose handles are made of letters, digits and ``_`` only.
_NARROW = {"twitter", "telegram"}
#: Platforms on which ``u/name`` is a mention; also where nobody knows the platform.
_REDDIT = {"reddit", None}


class Names(Protocol):
    """What stands for accounts, posts and handles: ``Pseudonymiser`` is one."""

    def account(self, account: str) -> str:
        """Return what stands for an account id."""
        ...

    def post(self, post: str) -> str:
        """Return what stands for a post id."""
        ...

    def handle(self, handle: str) -> str:
        """Return what stands for a handle."""
        ...


def without_places(value: str, names: Names) -> str:
    """Return a link, or a text, whose addresses carry no handle and no post."""
    if "." not in value and ":" not in value:
        return value
    folded = value.lower()
    if any(host in folded for host in _PLAIN_HOSTS):
        value = _LINK.sub(lambda found: _cut(found, names), value)
    if "://" in value:
        value = _ADDRESS.sub(lambda found: _shaped(found, names), value)
        value = _APP.sub(lambda found: found[1] + _page(found[0][len(found[1]) :], names), value)
    if "did:" in folded:
        value = _DID.sub(lambda found: _bare(names.account(f"bluesky:{found[0]}")), value)
    if any(host in folded for host in _OWN_HOSTS):
        value = _OWN_HOST.sub(lambda found: _own_host(found, names), value)
    return value


def without_names(text: str, names: Names, platform: str | None = None) -> str:
    """Return a text with mentions, mailboxes, and addresses that carry names replaced.

    Parameters
    ----------
    platform
        Whose spelling of mentions holds; None takes the widest.
    """
    text = without_places(text, names)
    if platform in _REDDIT:
        text = _REDDITOR.sub(
            lambda found: found[1] + names.handle(found[2].replace("\\", "")), text
        )
    if "@" not in text and "＠" not in text:
        return text
    if _LIKE_MAILBOX.search(text):
        text = _MAILBOX.sub(lambda found: names.handle(found[0]), text)
    mention = _MENTION if platform in _NARROW else _WIDE_MENTION
    return mention.sub(lambda found: f"@{names.handle(found[1].replace('＠', '@'))}", text)


def in_calls(text: str, change: Callable[[str], str]) -> str:
    """Return a text with every name changed that is called as on Reddit: ``u/name``."""
    return _REDDITOR.sub(lambda found: found[1] + change(found[2]), text)


def in_places(text: str, change: Callable[[str], str]) -> str:
    """Return a text with every address changed that is made like those of a platform."""
    text = _LINK.sub(lambda found: change(found[0]), text)
    return _ADDRESS.sub(
        lambda found: change(found[0]) if _NAMING_PATH.search(_decoded(found[2])) else found[0],
        _APP.sub(lambda found: change(found[0]), text),
    )


def _cut(found: re.Match[str], names: Names) -> str:
    """Return scheme and host of a link to a platform; a video keeps its pseudonym."""
    below, host = found[1], found[2]
    after = _after(found[0])
    if below.lower() not in _SERVICES and host.lower() in {"t.me", "tumblr.com", "bsky.social"}:
        below = ""
    if host.lower() in {"youtube.com", "youtu.be", "youtube-nocookie.com"}:
        video = _VIDEO.search(found[0])
        if video is not None:
            return f"{below}{host}/{_bare(names.post(f'youtube:{video[1]}'))}{after}"
    return f"{below}{host}/{_page(found[0][len(found[1]) + len(host) :], names)}"


def _page(rest: str, names: Names) -> str:
    """Return the pseudonym of what stands behind a host, and the punctuation of the sentence."""
    after = _after(rest)
    page = rest.removesuffix(after).strip("/?#")
    if not page or _PSEUDONYM.fullmatch(page):
        return page + after
    return _bare(names.post(f"page:{page}")) + after


def _shaped(found: re.Match[str], names: Names) -> str:
    """Return an address without a path or query that is made like those of a platform."""
    host, rest = found[1], found[2]
    plain = _decoded(rest)
    if _NAMING_PATH.search(plain) or (plain != rest and _KNOWN_HOST.search(plain)):
        return f"{host}/{_page(rest, names)}"
    if _NAMING_QUERY.search(plain):
        path, _, query = rest.partition("?")
        return f"{host}{path}?{_page(query, names)}"
    return found[0]


def _after(address: str) -> str:
    """Return the punctuation that ends an address and is of the sentence around it."""
    tail = _TRAILING.search(address)
    return tail[0] if tail else ""


def _decoded(text: str) -> str:
    """Return an address as it reads, however often it was quoted."""
    for _ in range(3):
        plain = unquote(text) if "%" in text else text
        if plain == text:
            break
        text = plain
    return text


def _own_host(found: re.Match[str], names: Names) -> str:
    """Return a host without the name of somebody below it."""
    scheme, below, host = found[1] or "", found[2], found[3]
    if below.lower() in _SERVICES:
        return found[0]
    if not scheme and host.lower() == "bsky.social":
        return names.handle(below + host)
    return f"{scheme}{host}"


def _bare(pseudonym: str) -> str:
    return pseudonym.rpartition(":")[2]


def unquoted(reason: str, change: Callable[[str], str]) -> str:
    """Return why a record was rejected, without what it quotes."""
    return re.sub(r"'[^']*'|\"[^\"]*\"|\w*\d{5,}\w*", "…", change(reason))
