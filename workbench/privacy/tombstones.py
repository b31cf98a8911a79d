"""What was forgotten, as keyed hashes: a later load knows it again and nobody else can.

``forgotten.json`` lies in the folder of the corpus beside ``corpus.json``, where dropping a source
does not reach it. It is written before anything is erased. Hashes of studies that were merged keep
the key of their own study.
"""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from workbench.errors import InputError, SchemaError
from workbench.privacy.erasure import Subjects, erasure, widened
from workbench.provenance import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from workbench.model.revision import Change, Read, Revise

__all__ = ["FILE", "Tombstones", "read_tombstones", "together", "write_tombstones"]

FILE = "forgotten.json"
VERSION = 1
_KINDS = ("accounts", "handles", "posts")
#: Where ids and handles stand, for finding those that were forgotten.
_PLACES = {
    "accounts": {
        "posts": ("author_id",), "interactions": ("actor_id", "target_id"),
        "accounts": ("account_id",), "aliases": ("account_id",), "events": ("subject",),
        "labels": ("subject",), "containers": ("container_id",),
    },
    "posts": {
        "posts": ("post_id", "version_id", "conversation_id"), "events": ("subject", "detail"),
        "interactions": ("post_id", "target_post_id"), "attachments": ("post_id",),
    },
}  # fmt: skip


@dataclass
class Tombstones:
    """The hashes of one key.

    Attributes
    ----------
    name
        Of the key: the id of a study.
    check
        Tells whether a key is the one that made the hashes.
    marks
        ``accounts``, ``handles``, ``posts`` → hash → why.
    """

    name: str
    check: str
    marks: dict[str, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in _KINDS})

    @classmethod
    def of(cls, name: str, key: bytes) -> Tombstones:
        """Return no tombstones yet, of a key."""
        return cls(name, _hash(key, "check", ""))

    def add(self, subjects: Subjects, key: bytes, *, reason: str) -> None:
        """Enter what was forgotten."""
        for kind in _KINDS:
            for value in getattr(subjects, kind):
                self.marks[kind].setdefault(_hash(key, kind, value), reason)

    def has(self, kind: str, value: str, key: bytes) -> bool:
        """Return whether an account, handle or post was forgotten."""
        return _hash(key, kind, value) in self.marks[kind]

    def erase(self, key: bytes) -> Revise:
        """Return what takes everything forgotten out of rows that it has not seen yet.

        Raises
        ------
        InputError
            The key is another one, so that nothing would be known again.
        """
        if self.check != _hash(key, "check", ""):
            raise InputError(
                "the key is not the one with which accounts were forgotten",
                value=self.name,
                remedy="restore the key of this study; with another one they would come back",
            )

        def plan(read: Read, /) -> Mapping[str, Change]:
            found = self._known(read, key)
            return erasure(widened(read, found))

        return plan

    def _known(self, read: Read, key: bytes) -> Subjects:
        """Return the ids in rows that were forgotten."""
        found = Subjects(is_name=lambda word: self.has("handles", word, key))
        for kind, tables in _PLACES.items():
            seen: set[str] = set()
            for table, columns in tables.items():
                for rows in read(table, columns):
                    for column in columns:
                        seen.update(v for v in pc.unique(rows.column(column)).to_pylist() if v)
            marked = self.marks[kind]
            getattr(found, kind).update(v for v in seen if _hash(key, kind, v) in marked)
        return found


def together(plans: Sequence[Revise]) -> Revise:
    """Return what erases everything that several groups of tombstones know."""

    def plan(read: Read, /) -> Mapping[str, Change]:
        changes: dict[str, list[Change]] = {}
        for each in plans:
            for table, change in each(read).items():
                changes.setdefault(table, []).append(change)
        return {table: partial(_one_by_one, changes=every) for table, every in changes.items()}

    return plan


def _one_by_one(rows: pa.Table, /, *, changes: Sequence[Change]) -> pa.Table:
    for change in changes:
        rows = change(rows)
    return rows


def read_tombstones(folder: Path) -> dict[str, Tombstones]:
    """Return key name → tombstones, of the corpus in a folder.

    Raises
    ------
    SchemaError
        The file is damaged or of another version.
    """
    file = folder / FILE
    if not file.is_file():
        return {}
    try:
        content: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if content["version"] != VERSION:
            raise SchemaError(
                "what was forgotten is written in another version",
                value=content["version"],
                where=str(file),
                allowed=str(VERSION),
            )
        return {
            entry["key"]: Tombstones(
                entry["key"], entry["check"], {kind: dict(entry[kind]) for kind in _KINDS}
            )
            for entry in content["groups"]
        }
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, SchemaError):
            raise
        raise SchemaError(
            "cannot read what was forgotten",
            value=str(file),
            remedy="restore the file: without it the next load brings them back",
        ) from error


def write_tombstones(folder: Path, groups: Mapping[str, Tombstones]) -> None:
    """Replace the file of a corpus atomically."""
    listed = [
        {"key": name, "check": group.check}
        | {kind: dict(sorted(group.marks[kind].items())) for kind in _KINDS}
        for name, group in sorted(groups.items())
    ]
    content = {"version": VERSION, "groups": listed}
    try:
        with whole_file(folder / FILE) as fresh, fresh.open("w", encoding="utf-8") as handle:
            json.dump(content, handle, indent=1)
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise InputError(
            "cannot write what is forgotten", value=str(folder / FILE), where=error.strerror
        ) from error


def _hash(key: bytes, kind: str, value: str) -> str:
    return hmac.digest(key, f"forgotten\0{kind}\0{value}".encode(), "sha256")[:10].hex()
