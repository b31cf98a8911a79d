"""Public actors: accounts that may be named, because they speak for an institution."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import InputError
from workbench.model.shown import OneLine

if TYPE_CHECKING:
    import os

__all__ = ["PublicActors", "read_public_actors"]


@dataclass(frozen=True, repr=False)
class PublicActors(OneLine):
    """Accounts on an allow-list.

    Attributes
    ----------
    names
        Account id → the name shown.
    handles
        Their handles, case-folded, without @.
    source
        The file they come from.
    """

    names: dict[str, str] = field(default_factory=dict)
    handles: frozenset[str] = frozenset()
    source: str = ""

    def _words(self) -> str:
        return f"{len(self.names):,} accounts, {len(self.handles):,} handles"

    @property
    def ids(self) -> frozenset[str]:
        """The account ids."""
        return frozenset(self.names)

    def name(self, account: str) -> str:
        """Return the name shown for a public actor."""
        return self.names[account]


def read_public_actors(path: str | os.PathLike[str]) -> PublicActors:
    """Return the list in a CSV file with ``account_id``, and optionally ``handle`` and ``name``.

    Raises
    ------
    InputError
        The file cannot be read, or has no column ``account_id``.
    """
    file = Path(path)
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError("cannot read the list of public actors", value=str(file)) from error
    if not rows or "account_id" not in rows[0]:
        raise InputError(
            "the list of public actors has no such column or no rows",
            value="account_id",
            where=f"{file}:1",
            allowed="account_id, and optionally handle and name",
        )
    names = {
        row["account_id"]: row.get("name") or row.get("handle") or row["account_id"]
        for row in rows
        if row["account_id"]
    }
    handles = frozenset(
        row["handle"].strip().lstrip("@").casefold() for row in rows if row.get("handle")
    )
    return PublicActors(names, handles, str(file))
