"""Statuses of Mastodon and its kin as typed records, and what their local ids mean."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import msgspec

from workbench.loaders.drift import known_keys
from workbench.loaders.json_document import document, is_document
from workbench.loaders.json_objects import objects
from workbench.loaders.json_records import decoder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.loaders.source import Source

__all__ = [
    "KNOWN", "PAGES", "PRIVATE", "Account", "LocalIds", "Mention", "Page", "Status", "account",
    "address", "collector", "items", "page", "status",
]  # fmt: skip

Id = str | int | None
#: A number that a column can hold.
Count = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
#: Who can see a status that is not open to everybody.
PRIVATE = {"private", "direct", "limited", "mutuals_only", "self"}

_ANSWERED = re.compile(rb'"in_reply_to_(?:account_)?id"\s*:\s*"?([\w-]+)')
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)


class Account(msgspec.Struct, gc=False):
    """An account; ``acct`` is without domain where the account is local."""

    id: Id = None
    username: str | None = None
    acct: str | None = None
    url: str | None = None
    uri: str | None = None
    display_name: str | None = None
    note: str | None = None
    bot: bool | None = None
    locked: bool | None = None
    suspended: bool | None = None
    created_at: str | None = None
    followers_count: Count | None = None
    following_count: Count | None = None
    statuses_count: Count | None = None


class Mention(msgspec.Struct, gc=False):
    """An account that a status mentions."""

    id: Id = None
    username: str | None = None
    acct: str | None = None
    url: str | None = None


class Tag(msgspec.Struct, gc=False):
    """A hashtag; its address is always of the instance that was asked."""

    name: str | None = None
    url: str | None = None


class Card(msgspec.Struct, gc=False):
    """A preview of a link."""

    url: str | None = None


class Media(msgspec.Struct, gc=False):
    """A picture, film or sound."""

    id: Id = None
    url: str | None = None
    remote_url: str | None = None


class App(msgspec.Struct, gc=False):
    """The program that made a status."""

    name: str | None = None


class Quote(msgspec.Struct):
    """What a status quotes, if its author allows it."""

    state: str | None = None
    quoted_status: Status | None = None
    quoted_status_id: Id = None


class Status(msgspec.Struct):
    """A status; ids are those of the instance that was asked, ``uri`` is the same everywhere."""

    id: Id = None
    uri: str | None = None
    url: str | None = None
    account: Account | None = None
    acct: str | None = None
    created_at: str | None = None
    edited_at: str | None = None
    in_reply_to_id: Id = None
    in_reply_to_account_id: Id = None
    visibility: str | None = None
    language: str | None = None
    sensitive: bool | None = None
    content: str | None = None
    reblog: Status | None = None
    quote: Quote | None = None
    mentions: list[Mention] | None = None
    tags: list[Tag] | None = None
    media_attachments: list[Media] | None = None
    card: Card | None = None
    application: App | None = None
    replies_count: Count | None = None
    reblogs_count: Count | None = None
    favourites_count: Count | None = None
    quotes_count: Count | None = None


class Page(msgspec.Struct):
    """Search results, and the context of a status."""

    statuses: list[msgspec.Raw] | None = None
    ancestors: list[msgspec.Raw] | None = None
    descendants: list[msgspec.Raw] | None = None
    accounts: list[msgspec.Raw] | None = None


#: Where the records of a page stand.
PAGES = [("statuses",), ("ancestors",), ("descendants",), ("accounts",)]
status = decoder(Status)
account = decoder(Account)
page = decoder(Page)

KNOWN = known_keys(
    [Account, Mention, Tag, Card, Media, App, Quote, Status, Page],
    "spoiler_text hashtags favourited reblogged muted bookmarked pinned filtered poll emojis"
    " avatar avatar_static header header_static fields group discoverable indexable noindex"
    " last_status_at roles moved limited hide_collections attribution_domains type title"
    " preview_url text_url preview_remote_url meta description blurhash text history following"
    " website quote_approval memorial",
    "emojis fields poll roles card media_attachments filtered moved hashtags application history"
    " quote_approval attribution_domains",
)


def items(found: Page) -> list[msgspec.Raw] | None:
    """Return the records of a page; None if it is none."""
    parts = (found.statuses, found.ancestors, found.descendants, found.accounts)
    if all(part is None for part in parts):
        return None
    return [item for part in parts for item in part or ()]


def address(who: Account | Mention, where: str | None = None) -> str | None:
    """Return ``user@domain``; a local account takes the domain of its page, or of `where`.

    Raises
    ------
    ValueError
        The account is local and nothing says where.
    """
    name = (who.acct or who.username or "").strip().removeprefix("@").casefold()
    if not name or "@" in name:
        return name or None
    domain = _host(who.url) or _host(getattr(who, "uri", None)) or _host(where)
    if domain is None:
        raise ValueError("a local account of an unknown instance")
    return f"{name}@{domain}"


def collector(entry: Status) -> str | None:
    """Return the instance that was asked for a status, as far as the status tells.

    Local accounts have no domain, and the addresses of hashtags are local.
    """
    who = entry.account
    if who is not None and who.acct and "@" not in who.acct:
        found = _host(who.url) or _host(who.uri) or _host(entry.uri)
        if found is not None:
            return found
    for mention in entry.mentions or ():
        if mention.acct and "@" not in mention.acct and _host(mention.url):
            return _host(mention.url)
    for tag in entry.tags or ():
        if _host(tag.url):
            return _host(tag.url)
    return None if entry.reblog is None else collector(entry.reblog)


class LocalIds:
    """What the local ids are that statuses of a source answer.

    A first walk through the source notes them, so that the order of statuses does not matter.
    Where the source is of several instances an id counts only with its own; an id that means two
    things means nothing.
    """

    def __init__(self, source: Source) -> None:
        self._wanted = _answered(source)
        self._posts: dict[tuple[str | None, str], str | None] = {}
        self._accounts: dict[tuple[str | None, str], str | None] = {}
        self._authors: dict[str, str] = {}
        self._instances: set[str] = set()
        for entry in _statuses(source) if self._wanted else ():
            self._note(entry, collector(entry))
        if len(self._instances) < 2:
            self._posts = _without_instance(self._posts)
            self._accounts = _without_instance(self._accounts)

    def post(self, entry: Status, local: Id) -> str | None:
        """Return the uri of the status with a local id."""
        return self._posts.get((self._instance(entry), str(local)))

    def account(self, entry: Status, local: Id) -> str | None:
        """Return the address of the account with a local id."""
        return self._accounts.get((self._instance(entry), str(local)))

    def author(self, uri: str | None) -> str | None:
        """Return who wrote a status that is answered."""
        return None if uri is None else self._authors.get(uri)

    def _instance(self, entry: Status) -> str | None:
        return None if len(self._instances) < 2 else collector(entry) or ""

    def _note(self, entry: Status, instance: str | None) -> None:
        if entry.visibility in PRIVATE:
            return
        if instance is not None:
            self._instances.add(instance)
        who = None
        if entry.account is not None:
            who = _safe_address(entry.account, entry.uri)
            self._meet(self._accounts, instance, entry.account.id, who)
        for mention in entry.mentions or ():
            self._meet(self._accounts, instance, mention.id, _safe_address(mention, None))
        uri = entry.uri or entry.url
        if str(entry.id) in self._wanted and uri is not None:
            self._meet(self._posts, instance, entry.id, uri)
            if who is not None:
                self._authors[uri] = who
        for inner in (entry.reblog, entry.quote.quoted_status if entry.quote else None):
            if inner is not None:
                self._note(inner, instance)

    def _meet(
        self,
        known: dict[tuple[str | None, str], str | None],
        instance: str | None,
        local: Id,
        value: str | None,
    ) -> None:
        if value is not None and str(local) in self._wanted:
            key = (instance, str(local))
            known[key] = value if known.get(key, value) == value else None


def _without_instance(
    known: dict[tuple[str | None, str], str | None],
) -> dict[tuple[str | None, str], str | None]:
    """Return ids of one instance by themselves, whether or not each status told the instance."""
    found: dict[tuple[str | None, str], str | None] = {}
    for (_, local), value in known.items():
        key = (None, local)
        found[key] = value if found.get(key, value) == value else None
    return found


def _safe_address(who: Account | Mention, where: str | None) -> str | None:
    try:
        return address(who, where)
    except ValueError:
        return None


def _answered(source: Source) -> set[str]:
    """Return the local ids that statuses of the source answer, quickly."""
    found: set[bytes] = set()
    for block in source.blocks():
        found.update(_ANSWERED.findall(block.data))
    return {local.decode() for local in found} - {"null"}


def _statuses(source: Source) -> Iterator[Status]:
    """Yield the statuses of a source that can be read."""
    if is_document(source.head()):
        lines = (piece.data for piece in document(source))
    else:
        lines = (line.data for line in source.lines())
    for data in lines:
        try:
            yield from _entries(data)
        except _UNREADABLE:  # an array, or two objects on a line
            for span in objects(data):
                with suppress(*_UNREADABLE):
                    yield from _entries(data[span.start : span.end])


def _entries(data: bytes) -> Iterator[Status]:
    """Yield the statuses of a page, or the one that an object is."""
    inner = items(page(data))
    if inner is None:
        yield status(data)
        return
    for item in inner:
        with suppress(*_UNREADABLE):
            yield status(item)


def _host(url: str | None) -> str | None:
    """Return the host of an address."""
    if not url:
        return None
    try:
        return (urlsplit(url).hostname or "").casefold() or None
    except ValueError:
        return None
