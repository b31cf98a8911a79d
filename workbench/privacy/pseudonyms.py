"""Pseudonyms by a keyed hash: the same for the same key, meaningless without it.

Pseudonymised data stay personal data (EDPB Guidelines 01/2025): the key belongs apart from them,
and a graph's shape can give people away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from workbench.privacy.public_actors import PublicActors

__all__ = ["Pseudonymiser"]

PREFIX = "p1_"
#: As Twitter sees them: after any letter that no address of a mailbox has, and both signs.
_MENTION = re.compile(r"(?<![A-Za-z0-9_])[@＠](\w{1,50})")
#: Whatever stands behind the host may carry a handle or a post id: /i/web/status/…, ?screen_name=…
_TWITTER = re.compile(
    r"(?<![\w.-])((?:[\w-]+\.)*(?:twitter|x)\.com/)[\w/@%#!=&:.~+-]*(?:\?[^\s<>\"«»]*)?",
    re.IGNORECASE,
)
#: Columns of any corpus table that identify somebody → what they hold.
_COLUMNS = {
    "author_id": "account", "actor_id": "account", "target_id": "account",
    "account_id": "account", "post_id": "post", "version_id": "post", "target_post_id": "post",
    "conversation_id": "post", "author_handle": "handle", "handle": "handle", "edit_ids": "posts",
}  # fmt: skip
#: Columns of one table.
_TABLE_COLUMNS = {
    ("posts", "text"): "text",
    ("posts", "url"): "dropped",  # the address of the post, on any platform
    ("attachments", "value"): "link",
    ("attachments", "value_raw"): "dropped",
    ("events", "subject"): "subject",
    ("events", "detail"): "detail",
    ("labels", "subject"): "subject",
    ("accounts", "name"): "dropped",
    ("accounts", "description"): "dropped",
    ("accounts", "location"): "dropped",
    ("accounts", "url"): "dropped",
    ("rejects", "keys_seen"): "dropped",
    ("rejects", "sha1"): "dropped",
}


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
        folded = handle.casefold().lstrip("@")
        return folded if folded in self._public_handles else self._hash("handle", folded)

    def label(self, account: str) -> str:
        """Return what a figure may show for an account: a public actor's name, else a pseudonym."""
        if self._public is not None and account in self._public_ids:
            return self._public.name(account)
        shown = self.account(account).rpartition(":")[2]
        return shown[:9] if shown.startswith(PREFIX) else shown

    def text(self, text: str) -> str:
        """Return a text with mentions, and links that carry handles or post ids, replaced."""
        text = _TWITTER.sub(r"\1", text)
        return _MENTION.sub(lambda found: f"@{self.handle(found[1])}", text)

    def link(self, value: str) -> str:
        """Return a link without the handle and post id that it may carry."""
        return _TWITTER.sub(r"\1", value)

    def table(self, name: str, rows: pa.Table) -> pa.Table:
        """Return rows of a corpus table without direct identifiers, as ``load`` writes them.

        Ids, handles, mentions and links are replaced, display names, biographies, places,
        links to profiles and to the posts themselves are dropped, and so is the raw form of what a
        post carries.
        """
        change = {
            "account": self.account,
            "post": self.post,
            "handle": self.handle,
            "text": self.text,
            "link": self.link,
            "detail": self._detail,
        }
        for place, column in enumerate(rows.column_names):
            holds = _TABLE_COLUMNS.get((name, column)) or _COLUMNS.get(column)
            values = rows.column(column)
            if holds in change:
                rows = rows.set_column(place, column, _mapped(values, change[holds]))
            elif holds == "posts":
                rows = rows.set_column(place, column, self._edits(values))
            elif holds == "subject":
                rows = rows.set_column(place, column, self._subjects(rows, values))
            elif holds == "dropped":
                rows = rows.set_column(place, column, pa.nulls(len(values), values.type))
        return rows

    def _subjects(self, rows: pa.Table, values: pa.ChunkedArray) -> pa.Array:
        """Return the pseudonyms of subjects, each of the kind that its row names."""
        known = "subject_type" in rows.column_names
        kinds = rows.column("subject_type").to_pylist() if known else [None] * len(values)
        change = {"account": self.account, "post": self.post}
        made = [
            None if value is None else change.get(kind, self.post)(value)
            for kind, value in zip(kinds, values.to_pylist(), strict=True)
        ]
        return pa.array(made, values.type)

    def _detail(self, value: str) -> str:
        """Return the pseudonym of the post that an event names, or another detail as it is."""
        return self.post(value) if value.partition(":")[2] else value

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
            digest = hmac.new(self._key, f"{kind}\0{value}".encode(), hashlib.sha256).digest()
            known = PREFIX + base64.b32encode(digest[:10]).decode().lower()
            if len(self._known) < 1_000_000:
                self._known[kind, value] = known
        return known


def _mapped(values: pa.ChunkedArray, change: Callable[[str], str]) -> pa.Array:
    """Return a text column with each distinct value changed once."""
    distinct: Iterable[str] = [v for v in pc.unique(values).to_pylist() if v is not None]
    known = pa.array(list(distinct), pa.string())
    fresh = pa.array([change(value) for value in distinct], pa.string())
    return fresh.take(pc.index_in(values, value_set=known).combine_chunks())
