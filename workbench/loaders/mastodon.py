"""Mastodon statuses: timelines, searches and contexts, from the API of Mastodon and its kin.

Shapes: a status; arrays and lines of statuses; search results (``{"statuses": …, "accounts": …}``);
the context of a status (``{"ancestors": …, "descendants": …}``); accounts.

A record is one status, one account of a search, or one piece of the input that cannot be read.
Boosted and quoted statuses are referenced. A status that is not open to everybody (private,
direct) is rejected; an unlisted one is public.

- Posts are known by their ``uri``, accounts as ``user@domain``: both are the same on every
  instance. A local account, which has no domain, takes that of its page. Where an instance serves
  accounts of one domain from another host, its local accounts are so named by the host.
- The ids in ``in_reply_to_id`` and ``in_reply_to_account_id`` are local to the instance that was
  asked. They are resolved by the mentions of the status and by all statuses of the file, in any
  order; what remains is unresolved.
- A boost is a share of subtype ``boost``, by a post of its own. What the boosted status carries
  and mentions is ``inherited_share``.
- The text is ``content`` without its HTML. A content warning (``spoiler_text``) is left out, and
  so is the line that servers add for programs that cannot show a quote.
- An edit is known by its time only; of two observations of a status the later edited one wins.

What these files cannot know: when they were collected, and whether somebody wishes not to be
studied: ``discoverable``, ``indexable`` and words in profiles are not kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbench.loaders.base import Loader
from workbench.loaders.json_records import JsonRecords, first_objects
from workbench.loaders.mastodon_content import Content, content
from workbench.loaders.mastodon_records import (
    KNOWN,
    PAGES,
    PRIVATE,
    Account,
    LocalIds,
    Mention,
    Status,
    account,
    address,
    items,
    page,
    status,
)
from workbench.loaders.moments import UNKNOWN, moment_of
from workbench.loaders.objects import canonical_url, hashtag
from workbench.loaders.recorder import AccountFacts, Act, PostFacts, Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    import msgspec

    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.json_document import Piece
    from workbench.loaders.recorder import Carrier

__all__ = ["LOADER", "read", "sniff"]

PLATFORM = "mastodon"


def sniff(head: Head) -> float:
    """Return how surely the head is of Mastodon statuses."""
    found = first_objects(head, 5)
    if not found and head.data.lstrip()[:1] == b"{":
        marks = (b'"acct"', b'"visibility"', b'"in_reply_to_account_id"')
        return 0.9 if all(mark in head.data for mark in marks) else 0.0
    return max(map(_certainty, found), default=0.0)


def _certainty(item: dict[str, Any]) -> float:
    """Return how surely an object is a status, by its keys."""
    parts = [item.get(key) for key in ("statuses", "ancestors", "descendants", "accounts")]
    inner = [entry for part in parts if isinstance(part, list) for entry in part[:5]]
    if inner:
        return (
            max(_certainty(entry) for entry in inner if isinstance(entry, dict))
            if all(isinstance(entry, dict) for entry in inner)
            else 0.0
        )
    who = item.get("account")
    if isinstance(who, dict) and "acct" in who:
        return 0.95 if item.keys() & {"content", "uri", "visibility", "reblog"} else 0.0
    return 0.9 if "acct" in item and item.keys() & {"statuses_count", "username"} else 0.0


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read statuses; first the local ids that they answer."""
    del options
    ids = LocalIds(source)
    with Recorder(sink, PLATFORM) as recorder:
        _Statuses(recorder, JsonRecords(source, recorder, known=KNOWN, pages=PAGES), ids).read()


class _Statuses:
    """Makes rows of statuses."""

    def __init__(self, recorder: Recorder, records: JsonRecords, ids: LocalIds) -> None:
        self._recorder = recorder
        self._records = records
        self._ids = ids
        self._boosts = False

    def read(self) -> None:
        """Read all pieces of the source."""
        self._records.each(self._visit)
        if not self._boosts:
            self._recorder.sink.note(
                "no boost is in this file: timelines of accounts show them, searches, contexts and "
                "timelines of hashtags never do"
            )

    def _visit(self, piece: Piece) -> None:
        inner = items(page(piece.data))
        for item in [piece.data] if inner is None else inner:
            self._records.record(piece, self._take, item)

    def _take(self, data: bytes | msgspec.Raw) -> None:
        """Make a record of a status, or of an account."""
        entry = status(data)
        if entry.account is None and entry.acct is not None:
            who = account(data)
            self._account(who, self._id(who, None), seen_as="included")
            return
        _check(entry)
        if entry.reblog is not None:
            _check(entry.reblog)
            self._boost(entry, entry.reblog)
        else:
            self._original(entry)

    # -- posts -----------------------------------------------------------------------------------

    def _original(self, entry: Status) -> None:
        """Write a primary status with all that it does."""
        answers = entry.in_reply_to_id is not None or entry.in_reply_to_account_id is not None
        quoted = entry.quote is not None
        kind = "quote" if quoted else "reply" if answers else "original"
        made = content(entry.content or "")
        carrier = self._observe(entry, made, kind, "primary")
        if answers:
            self._reply(entry, carrier)
        if quoted:
            self._quote(entry, carrier)
        self._mentions(entry, made, carrier, answers=answers)
        self._carried(entry, made, carrier)

    def _boost(self, entry: Status, original: Status) -> None:
        """Write a boost and the status that it shares, whose tags and mentions it inherits."""
        self._boosts = True
        made = content(original.content or "")
        own = content(entry.content or "")
        carrier = self._observe(entry, own, "share", "primary")
        source = self._referenced(original, made)
        self._recorder.act(
            Act(
                kind="share", subtype="boost", actor_id=carrier.author_id,
                post_id=carrier.post_id, target_id=source.author_id,
                target_post_id=source.post_id, at=carrier.at, resolved_by="expanded",
            )
        )  # fmt: skip
        inherited = carrier._replace(origin="inherited_share")
        self._mentions(original, made, inherited, answers=False)
        self._carried(original, made, inherited)

    def _referenced(self, entry: Status, made: Content) -> Carrier:
        answers = entry.in_reply_to_id is not None or entry.in_reply_to_account_id is not None
        kind = "quote" if entry.quote is not None else "reply" if answers else "original"
        carrier = self._observe(entry, made, kind, "referenced")
        self._carried(entry, made, carrier)
        return carrier

    def _observe(self, entry: Status, made: Content, kind: str, seen_as: str) -> Carrier:
        """Write an observation of a status and of its author."""
        recorder, who = self._recorder, entry.account
        author = None if who is None else self._id(who, entry.uri)
        if who is not None:
            self._account(who, author, "author" if seen_as == "primary" else "included")
        post_id = recorder.id(_uri(entry))
        edited = moment_of(entry.edited_at)
        version = None
        if edited.us is not None:
            version = f"{post_id}@{entry.edited_at}"
            recorder.event("edit", "post", version, at=edited, detail=post_id)
        text = made.text or (None if kind == "share" or entry.content is None else "")
        return recorder.post(
            PostFacts(
                post_id=post_id, version_id=version, author_id=author,
                author_handle=None if author is None else author.partition(":")[2],
                at=moment_of(entry.created_at), kind=kind, text=text, lang=entry.language or None,
                source_app=entry.application.name if entry.application else None, url=entry.url,
                sensitive=entry.sensitive, seen_as=seen_as, likes=entry.favourites_count,
                shares=entry.reblogs_count, replies=entry.replies_count,
                quotes=entry.quotes_count, retrieved_ms=edited.ms,
            )
        )  # fmt: skip

    def _account(self, who: Account, account_id: str | None, seen_as: str) -> None:
        if account_id is None:
            return
        try:
            since = moment_of(who.created_at)
        except ValueError:
            since = UNKNOWN
        about = content(who.note).text if who.note else None
        self._recorder.account(
            AccountFacts(
                account_id=account_id, handle=account_id.partition(":")[2],
                name=who.display_name or None, created_at=since, description=about or None,
                url=who.url, bot=who.bot, protected=who.locked, followers=who.followers_count,
                following=who.following_count, posts=who.statuses_count,
                state="suspended" if who.suspended else None, seen_as=seen_as,
            )
        )  # fmt: skip

    # -- acts ------------------------------------------------------------------------------------

    def _reply(self, entry: Status, carrier: Carrier) -> None:
        """Write whom a status answers: known by itself, by its mentions or by the whole file."""
        recorder = self._recorder
        uri, local = self._ids.post(entry, entry.in_reply_to_id), entry.in_reply_to_account_id
        target, how = None, "none"
        named = [m for m in entry.mentions or () if m.id is not None and str(m.id) == str(local)]
        if local is not None and entry.account is not None and _same(local, entry.account.id):
            target, how = carrier.author_id, "id_field"
        elif named and self._id(named[0], None) is not None:
            target, how = self._id(named[0], None), "entity"
        else:
            found = self._ids.account(entry, local) or self._ids.author(uri)
            if found is not None:
                target, how = recorder.id(found), "in_file_join"
        recorder.act(
            Act(
                kind="reply", actor_id=carrier.author_id, post_id=carrier.post_id,
                target_id=target, target_post_id=None if uri is None else recorder.id(uri),
                at=carrier.at, resolved_by=how if target or not uri else "in_file_join",
            )
        )  # fmt: skip

    def _quote(self, entry: Status, carrier: Carrier) -> None:
        """Write what a status quotes; without the quoted status nothing is known of it."""
        recorder, quote = self._recorder, entry.quote
        shown = None if quote is None else quote.quoted_status
        if shown is not None and shown.visibility not in PRIVATE:
            source = self._referenced(shown, content(shown.content or ""))
            target, post, how = source.author_id, source.post_id, "expanded"
        else:
            target, post, how = None, None, "none"
        recorder.act(
            Act(
                kind="quote", actor_id=carrier.author_id, post_id=carrier.post_id,
                target_id=target, target_post_id=post, at=carrier.at, resolved_by=how,
            )
        )  # fmt: skip

    def _mentions(self, entry: Status, made: Content, carrier: Carrier, *, answers: bool) -> None:
        """Write the mentions of a status with their origin (definitions 0)."""
        expected = 0
        for start, end, mention in sorted(_placed(entry, made), key=lambda each: each[0]):
            target = self._id(mention, None)
            if target is None:
                continue
            origin = carrier.origin
            if answers and start == expected:
                origin, expected = "reply_prefix", end + 1
            self._recorder.act(
                Act(
                    kind="mention", actor_id=carrier.author_id, post_id=carrier.post_id,
                    target_id=target, start=None if start < 0 else start, at=carrier.at,
                    origin=origin, resolved_by="entity",
                )
            )  # fmt: skip
            self._recorder.account(
                AccountFacts(
                    account_id=target, handle=target.partition(":")[2], url=mention.url,
                    seen_as="mentioned",
                )
            )  # fmt: skip

    def _carried(self, entry: Status, made: Content, carrier: Carrier) -> None:
        """Write the tags, links and media of a status."""
        recorder = self._recorder
        places = {
            hashtag(made.text[a.start : a.end]): a for a in made.anchors if a.kind == "hashtag"
        }
        for name in dict.fromkeys(tag.name for tag in entry.tags or () if tag.name):
            found = places.get(hashtag(name))
            if found is None:
                recorder.tag(carrier, name)
            else:
                words = made.text[found.start : found.end]
                recorder.tag(carrier, words, start=found.start, end=found.end)
        seen = _quoted_addresses(entry)
        for url, start, end in _links(entry, made):
            key = canonical_url(url)
            if key not in seen:
                seen.add(key)
                recorder.link(carrier, url, start=start, end=end)
        for media in entry.media_attachments or ():
            key = media.remote_url or media.url
            if key:
                recorder.attach(carrier, "media", key)

    def _id(self, who: Account | Mention, where: str | None) -> str | None:
        """Return the id of an account; None if it has no name."""
        name = address(who, where)
        return None if name is None else self._recorder.id(name)


def _check(entry: Status) -> None:
    """Refuse what is not open to everybody, and what has no address."""
    if entry.visibility in PRIVATE:
        raise ValueError(f"private: the visibility is {entry.visibility}")
    _uri(entry)


def _uri(entry: Status) -> str:
    uri = entry.uri or entry.url
    if not uri:
        raise ValueError("a status without its uri")
    return uri


def _same(one: object, other: object) -> bool:
    return other is not None and str(one) == str(other)


def _placed(entry: Status, made: Content) -> Iterator[tuple[int, int, Mention]]:
    """Yield the mentions of a status with their places in its text; -1 where there is none."""
    taken: set[int] = set()
    for mention in entry.mentions or ():
        start, end = _place(mention, made, taken)
        taken.add(start)
        yield start, end, mention


def _place(mention: Mention, made: Content, taken: set[int]) -> tuple[int, int]:
    for anchor in made.anchors:
        if anchor.kind == "mention" and anchor.href == mention.url and anchor.start not in taken:
            return anchor.start, anchor.end
    for name in (mention.acct, mention.username):
        sign = rf"@{re.escape(name or '')}(?![\w@])"
        for found in re.finditer(sign, made.text, re.IGNORECASE) if name else ():
            if found.start() not in taken:
                return found.start(), found.end()
    return -1, -1


def _links(entry: Status, made: Content) -> Iterator[tuple[str, int | None, int | None]]:
    """Yield the links of the text, with their places, and that of the card."""
    for anchor in made.anchors:
        if anchor.kind == "link" and anchor.href:
            yield anchor.href, anchor.start, anchor.end
    if entry.card is not None and entry.card.url:
        yield entry.card.url, None, None


def _quoted_addresses(entry: Status) -> set[str | None]:
    """Return the addresses of the quoted status, which are no links of the quoting one."""
    shown = entry.quote.quoted_status if entry.quote is not None else None
    if shown is None:
        return set()
    return {canonical_url(url) for url in (shown.uri, shown.url) if url}


LOADER = Loader(
    name="mastodon",
    description="Mastodon statuses: timelines, searches and contexts",
    sniff=sniff,
    read=read,
)
