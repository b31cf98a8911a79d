"""What a record says, by name, as rows of the corpus: all of them or none.

A loader of rows fills the structs of this module and calls the recorder; the recorder makes ids,
normal forms and times of them, remembers what it has written already, and keeps a record that
turns out to be unreadable from leaving half of itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

import msgspec

from workbench.loaders.moments import UNKNOWN, Moment
from workbench.loaders.objects import canonical_url, domain_of, hashtag
from workbench.loaders.observations import Observations

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from workbench.loaders.base import Sink

__all__ = ["AccountFacts", "Act", "Carrier", "Label", "PostFacts", "Recorder"]

#: Aliases and identities that wait to be written.
_REMEMBERED = 1 << 17


class PostFacts(msgspec.Struct, kw_only=True, gc=False):
    """An observation of a post; ids with their platform, as ``Recorder.id`` makes them.

    The columns are those of the table ``posts``. ``text_status`` is ``full`` or, without a text,
    ``absent`` where it is not given; ``version_id`` is ``post_id``.
    """

    post_id: str
    version_id: str | None = None
    author_id: str | None = None
    author_handle: str | None = None
    at: Moment = UNKNOWN
    kind: str | None = "original"
    text: str | None = None
    text_status: str | None = None
    lang: str | None = None
    conversation_id: str | None = None
    container_id: str | None = None
    source_app: str | None = None
    url: str | None = None
    sensitive: bool | None = None
    withheld: list[str] | None = None
    availability: str = "full"
    seen_as: str = "primary"
    likes: int | None = None
    shares: int | None = None
    replies: int | None = None
    quotes: int | None = None
    views: int | None = None
    bookmarks: int | None = None
    retrieved_ms: int | None = None


class AccountFacts(msgspec.Struct, kw_only=True, gc=False):
    """An observation of an account; the columns are those of the table ``accounts``."""

    account_id: str
    handle: str | None = None
    name: str | None = None
    created_at: Moment = UNKNOWN
    description: str | None = None
    location: str | None = None
    url: str | None = None
    verified: bool | None = None
    verified_type: str | None = None
    bot: bool | None = None
    protected: bool | None = None
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    listed: int | None = None
    state: str | None = None
    seen_as: str = "author"
    observed_ms: int | None = None


class Act(msgspec.Struct, kw_only=True, gc=False):
    """An act: who did what, by which post, to whom; columns of the table ``interactions``."""

    kind: str
    actor_id: str | None
    post_id: str | None
    target_id: str | None = None
    target_post_id: str | None = None
    start: int | None = None
    at: Moment = UNKNOWN
    origin: str = "authored"
    resolved_by: str = "none"
    subtype: str | None = None
    weight: float = 1.0
    retracted_ms: int | None = None


class Label(NamedTuple):
    """What a scheme says about a subject; the columns are those of the table ``labels``."""

    subject_type: str
    subject: str
    scheme: str
    value: str | None = None
    score: float | None = None
    since: Moment = UNKNOWN
    until: Moment = UNKNOWN
    licence: str | None = None


class Carrier(NamedTuple):
    """A post that carries something: a tag, a link, a picture."""

    post_id: str | None
    author_id: str | None
    at: Moment
    seen_as: str = "primary"
    origin: str = "authored"


class _Record:
    """The block of a record; there is one a record, so no generator stands behind it."""

    def __init__(self, close: Callable[[], None], drop: Callable[[], None]) -> None:
        self._close = close
        self._drop = drop

    def __enter__(self) -> None:
        """Begin a record."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Write the record, or drop it after an error."""
        if kind is None:
            self._close()
        else:
            self._drop()


class Recorder:
    """Writes the rows of one platform's records; use it in a ``with`` block.

    Of identical observations of an account or a referenced post that follow each other the first
    and the latest are written (see ``observations``), with what the post carries.

    Attributes
    ----------
    sink
        Where the rows go.
    platform
        Begins every id that this recorder makes.
    """

    def __init__(self, sink: Sink, platform: str) -> None:
        self.sink = sink
        self.platform = platform
        self._staged: list[tuple[str, tuple[Any, ...]]] = []
        self._keys: list[object] = []
        self._identities: list[int] = []
        self._aliases: dict[tuple[str, str, str], list[int | None]] = {}
        self._observations = Observations(sink.rows)
        self._record = _Record(self._close, self._drop)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Write the aliases that wait; after an error nothing more is written."""
        if kind is None:
            self._observations.flush()
            self._flush()

    def record(self) -> _Record:
        """Make everything that the block adds one record; if it raises, nothing of it is kept."""
        return self._record

    def _close(self) -> None:
        """Write what the block has added."""
        self._keep(self.sink.record())
        self._identities.extend(map(hash, self._keys))
        self._drop()
        if len(self._identities) > _REMEMBERED or len(self._aliases) > _REMEMBERED:
            self._flush()

    def _drop(self) -> None:
        """Forget what the block has added."""
        self._staged.clear()
        self._keys.clear()

    # -- names -----------------------------------------------------------------------------------

    def id(self, value: str | int) -> str:
        """Return an id of this platform."""
        return f"{self.platform}:{value}"

    def handle(self, name: str) -> str:
        """Return what stands for an account of which only the handle is known."""
        return f"handle:{self.platform}:{name.removeprefix('@').casefold()}"

    # -- rows of the record that is open ---------------------------------------------------------

    def same(self, key: object) -> None:
        """Say what makes this record the same as another one of the source.

        Where one record of a source says so, all must. Otherwise the version ids of primary posts
        tell.
        """
        self._keys.append(key)

    def post(self, facts: PostFacts) -> Carrier:
        """Add an observation of a post; return it as what may carry tags and links."""
        at = facts.at
        status = facts.text_status or ("absent" if facts.text is None else "full")
        row = (
            self.platform, facts.post_id, facts.version_id or facts.post_id, facts.author_id,
            facts.author_handle, at.us, at.ms, at.precision, at.source, facts.kind, facts.text,
            status, facts.lang, facts.conversation_id, facts.container_id, None, facts.source_app,
            facts.url, facts.sensitive, facts.withheld, facts.availability, facts.seen_as,
            facts.likes, facts.shares, facts.replies, facts.quotes, facts.views, facts.bookmarks,
            facts.retrieved_ms,
        )  # fmt: skip
        self._staged.append(("posts", row))
        return Carrier(facts.post_id, facts.author_id, at, facts.seen_as)

    def stub(self, post_id: str, author_id: str | None = None, *, at: Moment = UNKNOWN) -> None:
        """Add a post that is known only because something refers to it."""
        self.post(
            PostFacts(
                post_id=post_id, author_id=author_id, at=at, kind=None, availability="stub",
                seen_as="referenced",
            )
        )  # fmt: skip

    def account(self, facts: AccountFacts) -> None:
        """Add an observation of an account, and its handle as alias."""
        row = (
            self.platform, facts.account_id, facts.handle, facts.name, facts.created_at.us,
            facts.description, facts.location, facts.url, facts.verified, facts.verified_type,
            facts.bot, facts.protected, facts.followers, facts.following, facts.posts,
            facts.listed, facts.state, facts.seen_as, facts.observed_ms,
        )  # fmt: skip
        self._staged.append(("accounts", row))
        if facts.handle:
            self.alias(facts.account_id, facts.handle, facts.observed_ms)

    def alias(
        self, account_id: str, handle: str, at_ms: int | None, *, resolved_by: str = "id_field"
    ) -> None:
        """Add that an account bore a handle at a time; what is a handle itself has none."""
        if not account_id.startswith("handle:"):
            name = handle.removeprefix("@").casefold()
            self._staged.append(("aliases", (account_id, name, resolved_by, at_ms)))

    def act(self, act: Act) -> None:
        """Add an act."""
        at = act.at
        row = (
            self.platform, act.kind, act.subtype, act.actor_id, act.post_id, act.target_id,
            act.target_post_id, act.start, at.us, at.ms, at.precision, act.origin, act.resolved_by,
            act.weight, act.retracted_ms,
        )  # fmt: skip
        self._staged.append(("interactions", row))

    def attach(
        self,
        carrier: Carrier,
        kind: str,
        value: str,
        *,
        raw: str | None = None,
        start: int | None = None,
        end: int | None = None,
    ) -> None:
        """Add something that a post carries; `value` is its normal form."""
        row = (
            self.platform, carrier.post_id, carrier.author_id, carrier.at.us, carrier.at.ms, kind,
            value, value if raw is None else raw, start, end, carrier.origin, carrier.seen_as,
        )  # fmt: skip
        self._staged.append(("attachments", row))

    def tag(
        self, carrier: Carrier, name: str, *, start: int | None = None, end: int | None = None
    ) -> None:
        """Add a hashtag, with or without its sign; signs alone are none."""
        raw = name.strip().removeprefix("#").removeprefix("＃")
        value = hashtag(raw)
        if value:
            self.attach(carrier, "hashtag", value, raw=raw, start=start, end=end)

    def link(
        self, carrier: Carrier, url: str, *, start: int | None = None, end: int | None = None
    ) -> None:
        """Add a link and its domain; what is no web address is left out."""
        value = canonical_url(url)
        if value is None:
            return
        self.attach(carrier, "url", value, raw=url, start=start, end=end)
        domain = domain_of(value)
        if domain:
            self.attach(carrier, "domain", domain, raw=value, start=start, end=end)

    def event(
        self,
        kind: str,
        subject_type: str,
        subject: str | None,
        *,
        at: Moment = UNKNOWN,
        reason: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Add what became of a post or account, or a record that is neither."""
        row = (self.platform, kind, subject_type, subject, at.us, at.ms, reason, detail)
        self._staged.append(("events", row))

    def container(
        self, container_id: str, kind: str, *, name: str | None = None, parent: str | None = None
    ) -> None:
        """Add a channel, group, subreddit or instance."""
        self._staged.append(("containers", (self.platform, container_id, kind, name, parent)))

    def label(self, label: Label) -> None:
        """Add what somebody says about an account, a domain, a page."""
        row = (
            label.subject_type, label.subject, label.scheme, label.value, label.score,
            label.since.us, label.until.us, label.licence,
        )  # fmt: skip
        self._staged.append(("labels", row))

    # -- inside ----------------------------------------------------------------------------------

    def _keep(self, number: int) -> None:
        """Write the rows of a record: what a post does or carries twice at one place once.

        Of a referenced post that is known already neither it nor what it carries is written.
        """
        rows = self.sink.rows
        known: set[str] = set()
        met: set[tuple[Any, ...]] = set()
        for name, row in self._staged:
            if name == "aliases":
                self._meet(*row)
                continue
            if name in {"posts", "accounts"}:
                primary = name == "posts" and row[21] == "primary"  # always new
                if not primary and not self._observations.is_new(name, row, number):
                    known.add(row[1])
                    continue
                known.discard(row[1])
            elif name == "attachments" or (name == "interactions" and _is_placed(row)):
                key = _place(name, row)
                if key in met or (known and row[1] in known and row[11] != "primary"):
                    continue
                met.add(key)
            rows[name].append((*row, number))

    def _meet(self, account: str, handle: str, how: str, at: int | None) -> None:
        span = self._aliases.setdefault((account, handle, how), [at, at])
        if at is not None:
            span[0] = at if span[0] is None else min(span[0], at)
            span[1] = at if span[1] is None else max(span[1], at)

    def _flush(self) -> None:
        """Write the aliases and identities that wait."""
        for (account, handle, how), (first, last) in self._aliases.items():
            self.sink.rows["aliases"].append(
                (self.platform, account, handle, first, last, how, max(1, self.sink.read))
            )
        self._aliases.clear()
        if self._identities:
            self.sink.identify(self._identities)
            self._identities = []


def _is_placed(row: tuple[Any, ...]) -> bool:
    """Return whether an act is a mention in a post."""
    return row[1] == "mention" and row[4] is not None


def _place(name: str, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what makes a mention, or what a post carries, one and the same for the views."""
    if name == "attachments":  # post, kind, value, start, origin, seen_as; of a domain, its link
        return (row[1], row[5], row[6], row[8], row[10], row[11], row[5] == "domain" and row[7])
    return (row[4], row[7]) if row[7] is not None else (row[4], None, row[5])
