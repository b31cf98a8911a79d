"""Bluesky views: posts, feeds, threads and pages as the API and its SDKs give them.

Shapes: a post view (``uri, author, record``); a post of a feed (``post, reply, reason``); a thread
(``thread: {post, parent, replies}``, also the flat list of the second version); pages
(``{"posts": …}``, ``{"feed": …, "cursor": …}``); profiles; and all of them in the field names of
the Python SDK (``indexed_at``, ``py_type``).

A record is one post, one repost, one profile, one post that is named and not shown (not found,
blocked), or one piece of the input that cannot be read. A post of a feed with a repost reason is
one record, the repost; the reposted post is referenced. What a feed shows around a reply, and
quoted posts, are referenced too; every post of a thread is primary.

- What a post answers and quotes has its author in its address. A quote is an embedded post, or an
  embedded list, feed or profile, which names an account only; an embedded starter pack is a link.
- Offsets count characters. Links are those of the text and of cards, each once in a post; moving
  pictures of a picture service are media, and the page of the quoted post is no link.
- Hashtags are those of the text and those that the record lists besides.

What these files cannot know: a repost has no id and no time of its own, only that of its index;
they do not say when they were collected; of a mention only the account is certain, since the text
of its facet may be anything. A post's time is what its author's program wrote (``createdAt``),
unless it cannot be read or is more than five minutes later than the index saw the post: then that
time is taken, and ``created_from`` is ``indexed``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from workbench.loaders import bluesky_post as posts
from workbench.loaders.base import Loader
from workbench.loaders.bluesky_records import (
    KNOWN,
    PLATFORM,
    POST,
    Author,
    Node,
    Place,
    camel,
    created,
    indexed,
    is_snake,
    node,
    page,
    place,
    present,
)
from workbench.loaders.json_records import JsonRecords, decoder, first_objects
from workbench.loaders.moments import UNKNOWN, moment_of
from workbench.loaders.recorder import AccountFacts, Act, Recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.json_document import Piece
    from workbench.loaders.recorder import Carrier

__all__ = ["LOADER", "read", "sniff"]

#: Quotes in quotes are shown so deep.
_DEEP = 4
#: What stands in the place of a handle that does not belong to the account.
_NO_HANDLE = "handle.invalid"
_BEGINS = re.compile(rb'\s*\{\s*"(?:thread|posts|feed|cursor|post|uri)"\s*:')
_AT_URI = re.compile(rb'"uri"\s*:\s*"at://')
_PAGES = [("posts",), ("feed",), ("profiles",), ("thread",)]
_list = decoder(list[msgspec.Raw])
_author = decoder(Author)


def sniff(head: Head) -> float:
    """Return how surely the head is of Bluesky views."""
    found = first_objects(head, 5)
    if not found:
        begins = _BEGINS.match(head.data) and _AT_URI.search(head.data)
        return 0.9 if begins else 0.0
    return max(map(_certainty, found))


def _certainty(item: dict[str, Any]) -> float:
    """Return how surely an object is a view, by its keys."""
    for key in ("posts", "feed", "profiles"):
        inner = item.get(key)
        if isinstance(inner, list):
            known = any(_certainty(i) for i in inner if isinstance(i, dict))
            return 0.95 if known else 0.6 if not inner and key == "feed" else 0.0
    thread = item.get("thread")
    if isinstance(thread, list):
        return 0.95 if any(_is_at(i.get("uri")) for i in thread if isinstance(i, dict)) else 0.0
    inner = thread if isinstance(thread, dict) else item
    inner = inner["post"] if isinstance(inner.get("post"), dict) else inner
    if _is_at(inner.get("uri")) and inner.keys() & {"record", "notFound", "blocked", "not_found"}:
        return 0.95
    did = inner.get("did")
    is_profile = isinstance(did, str) and did.startswith("did:") and "handle" in inner
    return 0.9 if is_profile and not inner.keys() & {"uri", "kind", "seq"} else 0.0


def _is_at(uri: object) -> bool:
    return isinstance(uri, str) and uri.startswith("at://")


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read views."""
    del options
    with Recorder(sink, PLATFORM) as recorder:
        views = _Views(recorder, JsonRecords(source, recorder, known=KNOWN, pages=_PAGES))
        views.read()


class _Views:
    """Takes views apart."""

    def __init__(self, recorder: Recorder, records: JsonRecords) -> None:
        self._recorder = recorder
        self._records = records
        self._next: list[bytes | msgspec.Raw] = []
        self._reposts = False

    def read(self) -> None:
        """Read all pieces of the source."""
        self._records.each(self._visit)
        if not self._reposts:
            self._recorder.sink.note(
                "no repost is in this file: feeds show them, searches, threads and lists of posts "
                "never do"
            )

    def _visit(self, piece: Piece) -> None:
        data = camel(piece.data) if is_snake(piece.data) else piece.data
        for item in _items(data):
            waiting = [item]
            while waiting:
                self._next = []
                self._records.record(piece, self._take, waiting.pop())
                waiting += self._next

    def _take(self, data: bytes | msgspec.Raw) -> None:
        """Make a record of one view; those around it in a thread come next."""
        item = _unwrapped(node(data))
        if present(item.post):
            around = [item.parent] if present(item.parent) else []
            self._next = [*around, *(item.replies or ())]
            shown = node(item.post)
            if _is_repost(item):
                self._repost(item, shown)
            else:
                self._post(shown, item)
        elif item.uri is not None and (item.not_found or item.blocked):
            self._unavailable(item)
        elif item.uri is not None:
            self._post(item, None)
        elif item.did is not None:
            self._profile(data, item.did)
        else:
            raise ValueError("neither a post, nor a feed, nor a thread")

    # -- records ---------------------------------------------------------------------------------

    def _post(self, view: Node, around: Node | None) -> None:
        """Write a primary post with all that it does."""
        recorder = self._recorder
        where = _where(view)
        if where is None or where.collection != POST:
            raise ValueError("not the address of a post")
        if view.not_found or view.blocked:
            self._unavailable(view)
            return
        recorder.same(where.uri)
        record = view.record if view.record is not None else view.value
        if record is None:
            raise ValueError("a post without its record")
        made = posts.content(record)
        carrier = self._view(where, view, made, "primary")
        shown = {*self._quotes(view, _DEEP), *self._context(around)}
        posts.write_acts(recorder, carrier, made, shown=frozenset(shown))
        posts.write_carried(recorder, carrier, made)

    def _repost(self, item: Node, view: Node) -> None:
        """Write a repost; its post is referenced."""
        where = _where(view)
        by = item.reason.by if item.reason is not None else None
        if where is None or where.collection != POST:
            raise ValueError("not the address of a post")
        if by is None or by.did is None:
            raise ValueError("a repost without its account")
        recorder = self._recorder
        recorder.same(("repost", by.did, where.uri))
        self._reposts = True
        self._account(by)
        target = posts.account_id(recorder, where.owner)
        is_shown = self._referenced(view, _DEEP)
        self._context(item)
        if not is_shown:
            recorder.stub(recorder.id(where.uri), target)
        seen = indexed(item.reason.indexed_at) if item.reason is not None else UNKNOWN
        recorder.act(
            Act(
                kind="share", actor_id=recorder.id(by.did), post_id=None, target_id=target,
                target_post_id=recorder.id(where.uri), at=seen,
                resolved_by="expanded" if is_shown else "uri",
            )
        )  # fmt: skip

    def _unavailable(self, view: Node) -> None:
        """Write that a post is named and not shown."""
        where = _where(view)
        if where is None:
            raise ValueError("not the address of a post")
        self._recorder.same(("unavailable", where.uri))
        self._missing(where, _reason(view))
        self._recorder.stub(
            self._recorder.id(where.uri), posts.account_id(self._recorder, where.owner)
        )

    def _profile(self, data: bytes | msgspec.Raw, did: str) -> None:
        self._recorder.same(did)
        self._account(_author(data), seen_as="included")

    # -- what is around a post -------------------------------------------------------------------

    def _quotes(self, view: Node, depth: int) -> Iterator[str]:
        """Write the quoted posts that a view shows; yield the uris of those written."""
        for embed in (view.embed, *(view.embeds or ())):
            quoted = _quoted(embed)
            if quoted is None:
                continue
            where = _where(quoted)
            if where is not None and where.collection == POST:
                if self._referenced(quoted, depth - 1):
                    yield where.uri
                elif quoted.not_found or quoted.blocked or quoted.detached:
                    self._missing(where, _reason(quoted))

    def _context(self, around: Node | None) -> set[str]:
        """Write the posts that a feed shows above a reply; return the uris of those written."""
        shown = set()
        reply = around.reply if around is not None else None
        for data in (reply.parent, reply.root) if reply is not None else ():
            try:
                view = node(data) if present(data) else None
            except msgspec.ValidationError:
                continue
            where = _where(view)
            if view is None or where is None or where.uri in shown:
                continue
            if self._referenced(view, _DEEP):
                shown.add(where.uri)
            elif view.not_found or view.blocked:
                self._missing(where, _reason(view))
        return shown

    def _referenced(self, view: Node, depth: int) -> bool:
        """Write a post that something refers to; return whether the view shows it."""
        where = _where(view)
        record = view.record if view.record is not None else view.value
        if depth < 1 or where is None or record is None or where.collection != POST:
            return False
        made = posts.content(record)
        carrier = self._view(where, view, made, "referenced")
        posts.write_carried(self._recorder, carrier, made)
        for _ in self._quotes(view, depth):
            pass
        return True

    def _view(self, where: Place, view: Node, made: posts.Content, seen_as: str) -> Carrier:
        record = view.record if view.record is not None else view.value or {}
        author = view.author
        if author is not None and author.did is not None:
            self._account(author, seen_as="author" if seen_as == "primary" else "included")
        adult = any(isinstance(v, dict) and v.get("val") in posts.ADULT for v in view.labels or ())
        return posts.write_post(
            self._recorder, where, made, at=created(record, indexed(view.indexed_at)),
            author_handle=_handle(author), seen_as=seen_as, likes=view.like_count,
            shares=view.repost_count, replies=view.reply_count, quotes=view.quote_count,
            bookmarks=view.bookmark_count, sensitive=True if adult else None,
        )  # fmt: skip

    def _missing(self, where: Place, reason: str) -> None:
        self._recorder.event("unavailable", "post", self._recorder.id(where.uri), reason=reason)

    def _account(self, author: Author, seen_as: str = "author") -> None:
        try:
            since = moment_of(author.created_at)
        except ValueError:
            since = UNKNOWN
        known = author.verification
        self._recorder.account(
            AccountFacts(
                account_id=self._recorder.id(author.did or ""), handle=_handle(author),
                name=author.display_name or None, description=author.description or None,
                created_at=since, followers=author.followers_count,
                following=author.follows_count, posts=author.posts_count, seen_as=seen_as,
                verified=None if known is None else known.verified_status == "valid",
            )
        )  # fmt: skip


def _items(data: bytes) -> list[bytes | msgspec.Raw]:
    """Return the views of a piece: those of a page, or itself."""
    found = page(data)
    if present(found.thread):
        whole = bytes(found.thread).lstrip()
        return list(_list(whole)) if whole.startswith(b"[") else [found.thread]
    for several in (found.posts, found.feed, found.profiles):
        if several is not None:
            return list(several)
    return [data]


def _unwrapped(item: Node) -> Node:
    """Return a node of a thread of the second version as one of the first."""
    inner = item.value
    if item.record is not None or item.author is not None or inner is None:
        return item
    kind = str(inner.get("$type", ""))
    if isinstance(inner.get("post"), dict):
        item.post = msgspec.Raw(msgspec.json.encode(inner["post"]))
    item.not_found = kind.endswith("NotFound") or item.not_found
    item.blocked = kind.endswith(("Blocked", "NoUnauthenticated")) or item.blocked
    return item


def _where(view: Node | None) -> Place | None:
    """Return the address of a post, always with the id of its author and not a handle."""
    where = None if view is None else place(view.uri)
    if where is None or where.owner.startswith("did:") or view is None:
        return where
    did = view.author.did if view.author is not None else None
    if did is None:
        return where
    return Place(f"at://{did}/{where.collection}/{where.rkey}", did, where.collection, where.rkey)


def _quoted(embed: object) -> Node | None:
    """Return the record that an embed of a view shows, as far as it can be read."""
    record = embed.get("record") if isinstance(embed, dict) else None
    if isinstance(record, dict) and "uri" not in record and isinstance(record.get("record"), dict):
        record = record["record"]
    if not isinstance(record, dict):
        return None
    try:
        return msgspec.convert(record, Node)
    except msgspec.ValidationError:
        return None


def _reason(view: Node) -> str:
    return "not found" if view.not_found else "blocked" if view.blocked else "detached"


def _is_repost(item: Node) -> bool:
    """Return whether a post stands in a feed because somebody reposted it."""
    reason = item.reason
    if reason is None:
        return False
    return reason.by is not None if reason.type is None else "repost" in reason.type.casefold()


def _handle(author: Author | None) -> str | None:
    handle = None if author is None else author.handle
    return None if handle is None or handle == _NO_HANDLE else handle


LOADER = Loader(
    name="bluesky_posts",
    description="Bluesky posts, feeds, threads and profiles, as the API shows them",
    sniff=sniff,
    read=read,
)
