"""Pseudonyms by a keyed hash: the same for the same key, meaningless without it.

Pseudonymised data stay personal data (EDPB Guidelines 01/2025): the key belongs apart from them,
and a graph's shape can give people away.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections import Counter
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError
from workbench.privacy.texts import unquoted, without_names, without_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workbench.privacy.public_actors import PublicActors

__all__ = ["Pseudonymiser", "is_pseudonym"]

PREFIX = "p1_"
_PSEUDONYM = re.compile(r"p1_[a-z2-7]{16}")
_PERSONAL = re.compile(r"(?:r/)?(?:u_|u/|user/)(.+)", re.IGNORECASE)
_KIND_OF_MEDIA = re.compile(r"[a-z]{1,12}")
_NUMBER = re.compile(r"\d{5}")
#: Columns of any corpus table that identify somebody → what they hold.
_COLUMNS = {
    "author_id": "account", "actor_id": "account", "target_id": "account",
    "account_id": "account", "post_id": "post", "version_id": "post", "target_post_id": "post",
    "conversation_id": "post", "author_handle": "handle", "handle": "handle", "edit_ids": "posts",
    "container_id": "container", "parent_id": "container",
}  # fmt: skip
#: Columns of one table.
_TABLE_COLUMNS = {
    ("posts", "text"): "text",
    ("posts", "url"): "dropped",  # the address of the post, on any platform
    ("posts", "source_app"): "text",
    ("attachments", "value"): "value",
    ("attachments", "value_raw"): "raw",
    ("containers", "name"): "name",
    ("events", "subject"): "subject",
    ("events", "reason"): "text",
    ("events", "detail"): "detail",
    ("labels", "subject"): "subject",
    ("accounts", "name"): "dropped",
    ("accounts", "description"): "dropped",
    ("accounts", "location"): "dropped",
    ("accounts", "url"): "dropped",
    ("sources", "unknown_keys_json"): "keys",
    ("rejects", "reason"): "reason",
    ("rejects", "keys_seen"): "dropped",
    ("rejects", "sha1"): "dropped",
}
#: What a column holds → the columns of its row that say how to read it.
_READ_BY = {
    "text": ("platform",),
    "container": ("platform",),
    "name": ("platform",),
    "value": ("kind",),
    "raw": ("kind",),
    "subject": ("subject_type",),
    "detail": ("subject_type", "kind"),
}
#: Subjects of labels that are nobody.
_PUBLIC = {"hashtag", "domain", "host", "url", "claim", "outlet", "platform"}
#: Events whose subject and detail are of different kinds, or whose detail is a name.
_DETAILS = {
    ("post", "like"): "account", ("post", "react"): "account", ("account", "like"): "post",
    ("account", "react"): "post", ("account", "scrub_geo"): "post",
    ("account", "handle"): "handle", ("account", "alias"): "handle",
    ("account", "rename"): "handle", ("account", "profile"): "handle",
}  # fmt: skip


class Pseudonymiser:
    """Replaces ids, handles and what carries them.

    A pseudonym is ``p1_`` and 16 characters of base 32: the first 80 bits of an HMAC-SHA256 over
    platform, kind (account, post, handle) and the value. Accounts and posts so never share one.

    Parameters
    ----------
    key
        At least 16 bytes.
    public_actors
        Accounts that stay as they are: ministries, media, members of parliament.
    """

    def __init__(self, key: bytes, *, public_actors: PublicActors | None = None) -> None:
        if len(key) < 16:
            raise InputError(
                "the key is too short", value=f"{len(key)} bytes", allowed="16 or more"
            )
        self._key = key
        self._public = public_actors
        self._known: dict[tuple[str, str], str] = {}

    @property
    def public(self) -> PublicActors | None:
        """The accounts that stay as they are."""
        return self._public

    @cached_property
    def _public_ids(self) -> frozenset[str]:
        return self._public.ids if self._public is not None else frozenset()

    @cached_property
    def _public_handles(self) -> frozenset[str]:
        return self._public.handles if self._public is not None else frozenset()

    def account(self, account: str) -> str:
        """Return the pseudonym of an account id, with its platform; public actors keep theirs."""
        if account in self._public_ids:
            return account
        if account.startswith("handle:"):
            platform, _, handle = account.removeprefix("handle:").partition(":")
            return f"handle:{platform}:{self.handle(handle)}"
        return self._prefixed("account", account)

    def post(self, post: str) -> str:
        """Return the pseudonym of a post id, with its platform: ids carry the exact time."""
        return self._prefixed("post", post)

    def handle(self, handle: str) -> str:
        """Return the pseudonym of a handle, without regard to case; public actors keep theirs."""
        folded = handle.casefold().lstrip("@＠")
        return folded if folded in self._public_handles else self._hash("handle", folded)

    def label(self, account: str) -> str:
        """Return what a figure may show for an account: a public actor's name, else a pseudonym."""
        if self._public is not None and account in self._public_ids:
            return self._public.name(account)
        bare = account.rpartition(":")[2]
        shown = bare if is_pseudonym(bare) else self.account(account).rpartition(":")[2]
        return shown[:9] if shown.startswith(PREFIX) else shown

    def container(self, container: str) -> str:
        """Return what stands for a channel, group, page or forum.

        A channel that posts is an account, with one pseudonym in both roles. Forums of Reddit are
        public places and keep their names, but for those of one person (``u_name``).
        """
        platform, _, name = container.partition(":")
        if platform == "reddit":
            return f"reddit:u_{self.handle(_owner(name))}" if _owner(name) else container
        return self.account(container)

    def text(self, text: str, platform: str | None = None) -> str:
        """Return a text with mentions, and links that carry handles or post ids, replaced.

        How mentions are spelled depends on the platform; None takes the widest spelling.
        """
        return without_names(text, self, platform)

    def link(self, value: str) -> str:
        """Return a link without the handle and post id that it may carry."""
        return without_places(value, self)

    def table(self, name: str, rows: pa.Table) -> pa.Table:
        """Return rows of a corpus table without direct identifiers, as ``load`` writes them.

        Ids, handles, mentions and links are replaced, display names, biographies, places,
        links to profiles and to the posts themselves are dropped, and so is the raw form of what a
        post carries.
        """
        for place, column in enumerate(rows.column_names):
            holds = _TABLE_COLUMNS.get((name, column)) or _COLUMNS.get(column)
            values = rows.column(column)
            if holds is None:
                continue
            if holds == "dropped":
                made = pa.nulls(len(values), values.type)
            elif holds == "posts":
                made = self._edits(values)
            else:
                made = self._column(rows, values, holds)
            rows = rows.set_column(place, column, made)
        return rows

    def _column(self, rows: pa.Table, values: pa.ChunkedArray, holds: str) -> pa.Array:
        """Return a text column with each distinct value changed once in each kind of row."""
        present = [key for key in _READ_BY.get(holds, ()) if key in rows.column_names]
        change = getattr(self, f"_of_{holds}")
        if not present:
            return _mapped(values, change)
        groups = rows.select(present).group_by(present).aggregate([]).to_pylist()
        if len(groups) == 1:
            return _mapped(values, partial(change, **groups[0]))
        made = pa.nulls(len(values), values.type)
        for group in groups:
            mask = _where(rows, group)
            mine = _mapped(values.filter(mask), partial(change, **group))
            made = pc.replace_with_mask(made, mask.combine_chunks(), mine)
        return made

    # What a value becomes, by what its column holds and by the columns of its row that tell.

    def _of_account(self, value: str) -> str:
        return self.account(value)

    def _of_post(self, value: str) -> str:
        return self.post(value)

    def _of_handle(self, value: str) -> str:
        return self.handle(value)

    def _of_text(self, value: str, platform: str | None = None) -> str:
        return self.text(value, platform)

    def _of_reason(self, value: str) -> str:
        return unquoted(value, self.text)

    def _of_keys(self, value: str) -> str:
        """Return unknown keys and their counts; some exports have ids and handles as keys."""
        found: Counter[str] = Counter()
        for key, count in json.loads(value).items():
            found[unquoted(key, self.text)] += count
        return json.dumps(dict(found.most_common()))

    def _of_container(self, value: str, platform: str | None = None) -> str:
        """Return what stands for a place; ids that name no platform are of the row's."""
        named = ":" in value or platform is None
        made = self.container(value if named else f"{platform}:{value}")
        return made if named else made.partition(":")[2]

    def _of_name(self, value: str, platform: str | None = None) -> str | None:
        """Return the name of a place: only those of public forums are kept."""
        return value if platform == "reddit" and not _owner(value) else None

    def _of_value(self, value: str, kind: str | None = None) -> str:
        """Return what a post carries: tags stay, links lose names, pictures get pseudonyms."""
        if kind in {"hashtag", "cashtag"}:
            return value
        if kind == "media":
            return value if _KIND_OF_MEDIA.fullmatch(value) else self._hash("media", value)
        if kind == "object" and "/" not in value and _NUMBER.search(value):
            return self._hash("object", value)  # of share tables, often the id of a post
        return self.text(value) if kind in {"text", "object"} else self.link(value)

    def _of_raw(self, value: str, kind: str | None = None) -> str | None:
        """Return the link that a domain is of; how anything else was written is dropped."""
        return self.link(value) if kind == "domain" else None

    def _of_subject(self, value: str, subject_type: str | None = None) -> str:
        """Return the pseudonym of a subject, of the kind that its row names."""
        if subject_type in _PUBLIC:
            return self.link(value)
        if subject_type == "handle":
            return self.handle(value)
        if subject_type == "container":
            return self.container(value)
        return self.account(value) if subject_type == "account" else self.post(value)

    def _of_detail(
        self, value: str, subject_type: str | None = None, kind: str | None = None
    ) -> str:
        """Return the pseudonym of what an event names, or another detail as it is."""
        given = _DETAILS.get((subject_type or "", kind or ""))
        if value.partition(":")[2] and " " not in value:
            of_account = given == "account" or subject_type in {"account", "record"}
            return self.account(value) if of_account and given != "post" else self.post(value)
        return self.handle(value) if given == "handle" else self.text(value)

    def _edits(self, values: pa.ChunkedArray) -> pa.Array:
        rows: list[Any] = [
            None if ids is None else [self.post(i) for i in ids] for ids in values.to_pylist()
        ]
        return pa.array(rows, values.type)

    def _prefixed(self, kind: str, value: str) -> str:
        platform, colon, bare = value.partition(":")
        return (
            f"{platform}:{self._hash(kind, value)}" if colon and bare else self._hash(kind, value)
        )

    def _hash(self, kind: str, value: str) -> str:
        known = self._known.get((kind, value))
        if known is None:
            digest = hmac.digest(self._key, f"{kind}\0{value}".encode(), "sha256")
            known = PREFIX + base64.b32encode(digest[:10]).decode().lower()
            if len(self._known) < 1_000_000:
                self._known[kind, value] = known
        return known


def is_pseudonym(text: str) -> bool:
    """Return whether a text looks like a pseudonym, without the platform before it."""
    return _PSEUDONYM.fullmatch(text) is not None


def _owner(forum: str) -> str:
    """Return whose page a forum of Reddit is; empty for a public place."""
    found = _PERSONAL.fullmatch(forum)
    return found[1] if found else ""


def _where(rows: pa.Table, group: Mapping[str, str | None]) -> pa.ChunkedArray:
    """Return which rows have these values."""
    mask = pa.chunked_array([pa.repeat(pa.scalar(value=True), rows.num_rows)])
    for key, value in group.items():
        column = rows.column(key)
        here = pc.is_null(column) if value is None else pc.equal(column, value)
        mask = pc.and_(mask, pc.fill_null(here, fill_value=False))
    return mask


def _mapped(values: pa.ChunkedArray, change: Callable[[str], str | None]) -> pa.Array:
    """Return a text column with each distinct value changed once."""
    distinct: Iterable[str] = [v for v in pc.unique(values).to_pylist() if v is not None]
    known = pa.array(list(distinct), pa.string())
    fresh = pa.array([change(value) for value in distinct], pa.string())
    return fresh.take(pc.index_in(values, value_set=known).combine_chunks())
