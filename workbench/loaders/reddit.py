"""Reddit submissions and comments of Pushshift and Arctic Shift: one object a line, or pages.

A record is one submission or comment. Posts are ``reddit:t3_…`` and ``reddit:t1_…``, accounts
``reddit:t2_…`` with the name as alias; where a dump has no ``author_fullname`` (before 2018, and
some comments later), the author is ``handle:reddit:<name>``, which is the account with an id that
bore the name if exactly one did. Who is ``[deleted]`` is nobody: such posts have no author, and
acts towards them stay unresolved. Communities are containers, ``reddit:r/<name>``; what is posted
in private ones is rejected.

A comment is a reply to its ``parent_id``, whose author is known where the parent is in the corpus;
a parent without ``t1_`` or ``t3_`` is known only if it is the submission (``link_id``).
A crosspost is a share with subtype ``crosspost``; the submission inside of it is kept as a
reference and names its author. The link of a submission is authored, that of a crosspost inherited.
Mentions are ``u/name`` in titles and texts; those with which a comment begins are
``reply_prefix``. Lines that begin with ``>`` quote somebody else:
their mentions and links are inherited. ``&amp;``, ``&lt;`` and ``&gt;`` are read as signs. The text
of a submission is its title and, after a blank line, its text.

``likes`` is the score, votes for less votes against, and unknown while Reddit hides it; ``replies``
and ``shares`` are its comments and crossposts. That a post was edited, deleted or removed is an
event. Reddit has no hashtags and no quotes of posts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.loaders.base import Loader
from workbench.loaders.json_records import JsonRecords, decoder, first_objects
from workbench.loaders.moments import UNKNOWN, moment_of
from workbench.loaders.recorder import AccountFacts, Act, PostFacts, Recorder
from workbench.loaders.reddit_records import KNOWN, Page, Thing
from workbench.loaders.reddit_text import links, mentions, unescaped

if TYPE_CHECKING:
    from typing import Any

    import msgspec

    from workbench.loaders.base import Head, Options, Sink, Source
    from workbench.loaders.json_document import Piece
    from workbench.loaders.moments import Moment
    from workbench.loaders.recorder import Carrier

__all__ = ["LOADER", "read", "sniff"]

PLATFORM = "reddit"
_NOBODY = {"", "[deleted]", "[removed]"}
_GONE = re.compile(r"\[\s*(deleted|removed)(?: by [^\]]*)?\s*\]", re.IGNORECASE)
_PRIVATE = {"private", "employees_only"}
_HASHTAGS = ("account_hashtag", "co_hashtag", "hashtag_network")
_NAMES = (
    "authors without an id are known by their name, and are the account with an id that bore it, "
    "if exactly one did"
)
_ANOTHER = (
    "crossposts that hold another submission than the one that they name, or one that tells "
    "nothing: what they hold is not read"
)
_UNPREFIXED = (
    "comments that do not tell what they answer, or by a number without t1_ or t3_ that is not "
    "that of their submission, answer a post that is not known (unresolved)"
)
_NUMBER = re.compile(r"(?!(?:0|nan|none|null)\Z)[0-9a-z]{1,13}")
_thing, _page = decoder(Thing), decoder(Page)


def sniff(head: Head) -> float:
    """Return how surely the head is that of a dump."""
    found = first_objects(head)
    if found and isinstance(found[0].get("data"), list):
        found = [item for item in found[0]["data"][:20] if isinstance(item, dict)]
    fitting = sum(map(_fits, found))
    return 0.95 if fitting and fitting * 2 >= len(found) else 0.0


def _fits(thing: dict[str, Any]) -> bool:
    known = {"subreddit", "created_utc", "author"} <= thing.keys()
    return known and bool(thing.keys() & {"body", "selftext", "title", "link_id"})


def read(source: Source, sink: Sink, options: Options) -> None:
    """Read a dump: one record a submission or comment."""
    del options
    with Recorder(sink, PLATFORM) as recorder:
        records = JsonRecords(source, recorder, known=KNOWN, pages=[("data",)])
        records.each(_Reader(recorder, records).visit)
    for graph in _HASHTAGS:
        sink.refuse(graph, "Reddit has no hashtags")
    sink.refuse("quote", "Reddit has comments and crossposts, and no quotes of posts")


class _Reader:
    """Turns submissions and comments into rows; remembers the communities it has met."""

    def __init__(self, recorder: Recorder, records: JsonRecords) -> None:
        self._recorder = recorder
        self._records = records
        self._containers: set[str] = set()
        self._met: list[str] = []  # communities of the record that is open

    def visit(self, piece: Piece) -> None:
        """Read a line: a post, or a page of them."""
        page = _page(piece.data).data if b'"data"' in piece.data else None
        if page is None:
            self._records.record(piece, self._take, piece.data)
        elif not page:
            self._records.record(piece, self._empty, piece.data)
        for item in page or ():
            self._records.record(piece, self._take, item)

    def _empty(self, data: bytes) -> None:
        del data
        self._recorder.event("control", "record", None, reason="a page without posts")

    def _take(self, data: bytes | msgspec.Raw) -> None:
        thing = _thing(data)
        key = _fullname(thing)
        if _is_private(thing):
            raise ValueError(f"private: a community of the type {thing.subreddit_type} is not read")
        self._met.clear()
        carrier = self._post(thing, key, seen_as="primary")
        if key.startswith("t1_"):
            self._reply(thing, carrier)
        elif thing.crosspost_parent or thing.crosspost_parent_list:
            self._crosspost(thing, carrier)
        self._mentions(thing, carrier)
        self._fate(thing, carrier)
        self._containers.update(self._met)

    def _container(self, thing: Thing) -> str | None:
        """Return the community of a post, and add it if it is new."""
        name = (thing.subreddit or "").strip()
        if not name:
            return None
        container = self._recorder.id(f"r/{name.casefold()}")
        if container not in self._containers and container not in self._met:
            kind = "profile" if name.casefold().startswith("u_") else "subreddit"
            self._recorder.container(container, kind, name=name)
            self._met.append(container)
        return container

    def _author(self, thing: Thing, seen_as: str) -> str | None:
        """Return who wrote a post, and add it as an account; None if it is deleted or not told."""
        name = (thing.author or "").strip()
        key = (thing.author_fullname or "").strip()
        if thing.author is not None and name in _NOBODY:
            return None
        if key.startswith("t2_"):
            account = self._recorder.id(key)
        elif name:
            account = self._recorder.handle(name)
            self._recorder.sink.note(_NAMES)
        else:
            return None
        self._recorder.account(
            AccountFacts(account_id=account, handle=name or None, seen_as=seen_as)
        )
        return account

    def _post(self, thing: Thing, key: str, *, seen_as: str) -> Carrier:
        """Add a post, and what it links to."""
        author = self._author(thing, "author" if seen_as == "primary" else "included")
        is_comment = key.startswith("t1_")
        text, gone = _text(thing), _gone(thing)
        hidden = bool(thing.score_hidden or thing.hide_score)
        crosspost = bool(thing.crosspost_parent or thing.crosspost_parent_list)
        carrier = self._recorder.post(
            PostFacts(
                post_id=self._recorder.id(key), author_id=author,
                author_handle=None if author is None else thing.author,
                at=_time(thing.created_utc),
                kind="reply" if is_comment else "share" if crosspost else "original",
                text=text, text_status="removed" if gone else None,
                conversation_id=self._conversation(thing, key),
                container_id=self._container(thing),
                url=f"https://www.reddit.com{thing.permalink}" if thing.permalink else None,
                sensitive=thing.over_18,
                availability={"deleted": "deleted", "removed": "withheld"}.get(gone, "full"),
                seen_as=seen_as,
                likes=None if hidden else _count(thing.score, "score"),
                replies=_count(thing.num_comments, "num_comments"),
                shares=_count(thing.num_crossposts, "num_crossposts"),
                retrieved_ms=_retrieved(thing),
            )
        )  # fmt: skip
        self._links(thing, carrier, "inherited_share" if crosspost else "authored")
        return carrier

    def _conversation(self, thing: Thing, key: str) -> str | None:
        """Return the submission to which a post belongs."""
        if key.startswith("t3_"):
            return self._recorder.id(key)
        link = _link(thing)
        return self._recorder.id(link) if link else None

    def _links(self, thing: Thing, carrier: Carrier, origin: str) -> None:
        """Add the link that a submission is, and the links in a text."""
        if thing.url and not _is_self(thing):
            self._recorder.link(carrier._replace(origin=origin), unescaped(thing.url))
        body, offset = _body(thing)
        for found in links(body):
            self._recorder.link(
                _quoting(carrier) if found.quoted else carrier, found.value,
                start=offset + found.start, end=offset + found.end,
            )  # fmt: skip

    def _reply(self, thing: Thing, carrier: Carrier) -> None:
        parent = _parent(thing)
        target = self._recorder.id(parent) if parent else None
        if target is None:
            self._recorder.sink.note(_UNPREFIXED)
        self._recorder.act(
            Act(
                kind="reply", actor_id=carrier.author_id, post_id=carrier.post_id,
                target_post_id=target, at=carrier.at,
            )
        )  # fmt: skip
        if target is not None:
            self._recorder.stub(target)

    def _crosspost(self, thing: Thing, carrier: Carrier) -> None:
        """Add a crosspost as a share, and what is known of the submission in it."""
        listed = [(_listed(item), item) for item in thing.crosspost_parent_list or ()]
        key = thing.crosspost_parent or ""
        if not key.startswith("t3_"):
            key = next((told for told, _ in listed if told), "")
        original = next((item for told, item in listed if told and told == key), None)
        target_post = self._recorder.id(key) if key else None
        if listed and original is None:
            self._recorder.sink.note(_ANOTHER)
        author = None
        if target_post is not None and original is not None and not _is_private(original):
            author = self._post(original, key, seen_as="referenced").author_id
        elif target_post is not None:
            self._recorder.stub(target_post)
        self._recorder.act(
            Act(
                kind="share", subtype="crosspost", actor_id=carrier.author_id,
                post_id=carrier.post_id, target_id=author, target_post_id=target_post,
                at=carrier.at, resolved_by="none" if author is None else "expanded",
            )
        )  # fmt: skip

    def _mentions(self, thing: Thing, carrier: Carrier) -> None:
        """Add who is mentioned, with the origin of the mention (definitions 0)."""
        body, offset = _body(thing)
        expected = -1 if thing.parent_id is None else 0  # where one of a prefix would begin
        for text, start in ((unescaped(thing.title or ""), 0), (body, offset)):
            for found in mentions(text):
                origin = "inherited_quote" if found.quoted and text is body else "authored"
                if start + found.start == expected:
                    origin, expected = "reply_prefix", start + found.end + 1
                self._recorder.act(
                    Act(
                        kind="mention", actor_id=carrier.author_id, post_id=carrier.post_id,
                        target_id=self._recorder.handle(found.value), start=start + found.start,
                        at=carrier.at, origin=origin,
                        resolved_by="text",
                    )
                )  # fmt: skip

    def _fate(self, thing: Thing, carrier: Carrier) -> None:
        """Add that a post was edited, deleted or removed."""
        if thing.edited is not None and thing.edited is not False:
            at = UNKNOWN if thing.edited is True else moment_of(thing.edited)
            if at.us != 0:
                self._recorder.event("edit", "post", carrier.post_id, at=at)
        meta = thing.meta
        reason = (meta.removal_type if meta is not None else None) or thing.removed_by_category
        reason = reason or _gone(thing) or None
        if reason or (meta is not None and meta.was_deleted_later):
            kind = "delete" if reason in {None, "deleted", "author"} else "withhold"
            self._recorder.event(kind, "post", carrier.post_id, reason=reason)


def _fullname(thing: Thing) -> str:
    """Return the id of a post with its kind: ``t1_`` a comment, ``t3_`` a submission."""
    number = "" if thing.id is None else str(thing.id).strip()
    for told in ((thing.name or "").strip(), number):
        if told.startswith(("t1_", "t3_")) and len(told) > 3:
            return told
        if told.startswith("t4_"):
            raise ValueError("private: a direct message is not read")
    if not number:
        raise ValueError("no id")
    if not (thing.body is thing.parent_id is thing.link_id is None):
        return f"t1_{number}"
    if thing.title is thing.selftext is thing.url is thing.num_comments is None:
        raise ValueError("neither a submission nor a comment")
    return f"t3_{number}"


def _listed(thing: Thing) -> str:
    """Return the id of a submission inside of a crosspost; empty if it tells nothing."""
    if thing.author is thing.title is thing.selftext is thing.url is thing.created_utc is None:
        return ""
    try:
        key = _fullname(thing)
    except ValueError:
        return ""
    return key if key.startswith("t3_") else ""


def _link(thing: Thing) -> str:
    """Return the submission of a comment; a text without ``t3_`` is one too, a number is not."""
    link = thing.link_id.strip() if isinstance(thing.link_id, str) else ""
    if link.startswith("t3_"):
        return link
    return f"t3_{link}" if _NUMBER.fullmatch(link) else ""


def _parent(thing: Thing) -> str:
    """Return what a comment answers; without ``t1_`` or ``t3_`` only the submission is known."""
    told, link = thing.parent_id, _link(thing)
    if isinstance(told, str):
        parent = told.strip()
        if parent.startswith(("t1_", "t3_")):
            return parent
        return link if parent and parent == link.removeprefix("t3_") else ""
    digits = _NUMBER.fullmatch(link.removeprefix("t3_"))
    return link if told is not None and digits and int(digits[0], 36) == told else ""


def _time(value: float | str | None) -> Moment:
    """Return a time; 0 stands for none."""
    at = moment_of(value)
    return UNKNOWN if at.us == 0 else at


def _is_private(thing: Thing) -> bool:
    return thing.subreddit_type in _PRIVATE


def _is_self(thing: Thing) -> bool:
    """Return whether a submission is a text: its link then leads to itself."""
    if thing.is_self is not None:
        return thing.is_self
    own = bool(thing.permalink) and (thing.permalink or "") in (thing.url or "")
    return own or (thing.domain or "").startswith("self.")


def _gone(thing: Thing) -> str:
    """Return ``deleted`` or ``removed`` where these words stand for the text of a post."""
    told = thing.selftext if thing.body is None else thing.body
    found = _GONE.fullmatch((told or "").strip())
    return "" if found is None else found[1].casefold()


def _body(thing: Thing) -> tuple[str, int]:
    """Return the text of a post without its title, and where it begins behind the title."""
    told = thing.selftext if thing.body is None else thing.body
    title = unescaped(thing.title or "")
    return "" if _gone(thing) else unescaped(told or ""), len(title) + 2 if title else 0


def _text(thing: Thing) -> str | None:
    """Return title and text of a post; None if neither is told."""
    if thing.title is thing.selftext is thing.body is None:
        return None
    body, _ = _body(thing)
    told = [piece for piece in (unescaped(thing.title or ""), body) if piece]
    return "\n\n".join(told) if told or not _gone(thing) else None


def _quoting(carrier: Carrier) -> Carrier:
    return carrier._replace(origin="inherited_quote")


def _count(value: float | str | None, name: str) -> int | None:
    if value is None or value == "":
        return None
    try:
        number = int(value) if isinstance(value, int | float) else int(float(value))
    except (ValueError, OverflowError):
        raise ValueError(f"{name} is not a number") from None
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"{name} is beyond 64 bits")
    return number


def _retrieved(thing: Thing) -> int | None:
    """Return when a post was last looked at."""
    again = thing.meta.retrieved_2nd_on if thing.meta is not None else None
    moments = map(_time, (again, thing.retrieved_on, thing.retrieved_utc))
    return next((at.ms for at in moments if at.ms is not None), None)


LOADER = Loader(
    name="reddit",
    description="Reddit submissions and comments of Pushshift and Arctic Shift",
    sniff=sniff,
    read=read,
)
