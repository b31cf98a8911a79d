"""Which observations of accounts and referenced posts are written, of many that are equal.

Of equal observations that follow each other the first is written, and the latest if its time is
later. The views take the newest of all; so who was seen last does not depend on the order of the
records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Observations"]

#: So many things are remembered.
_REMEMBERED = 1 << 17


class _Seen(msgspec.Struct):
    """The last observation of something.

    Attributes
    ----------
    content
        Hash of the row without its time.
    at
        Latest time of the equal observations that follow each other; 0 for none.
    number
        Of the first record that made it.
    row
        The latest of them, if it is not the first and so not written yet.
    """

    content: int
    at: int
    number: int
    row: tuple[Any, ...] | None = None


class Observations:
    """Remembers the last observation of every account and referenced post.

    Parameters
    ----------
    rows
        The buffers of the tables, to which observations that have waited are added.
    """

    def __init__(self, rows: Mapping[str, list[tuple[Any, ...]]]) -> None:
        self._rows = rows
        self._seen: dict[tuple[str, str], _Seen] = {}

    def is_new(self, name: str, row: tuple[Any, ...], number: int) -> bool:
        """Return whether a row is no repetition of the last observation, and remember it.

        The time of observation, which is last in a row, does not make another observation, but a
        later one waits to be written.
        """
        if len(self._seen) > _REMEMBERED:
            self.flush()
        key, at, content = (name, row[1]), row[-1] or 0, _content(row[:-1])
        seen = self._seen.get(key)
        if seen is not None and seen.content == content:
            if at > seen.at:
                seen.at, seen.row = at, row
            return False
        if seen is not None:
            self._write(name, seen)
        self._seen[key] = _Seen(content, at, number)
        return True

    def flush(self) -> None:
        """Write the observations that wait, and forget all."""
        for (name, _), seen in self._seen.items():
            self._write(name, seen)
        self._seen.clear()

    def _write(self, name: str, seen: _Seen) -> None:
        """Write the latest of equal observations, as one of the record that came first.

        What the post carries is that record's.
        """
        if seen.row is not None:
            self._rows[name].append((*seen.row, seen.number))


def _content(row: tuple[Any, ...]) -> int:
    """Return the hash of what is observed, also where a column holds a list."""
    try:
        return hash(row)
    except TypeError:
        return hash(tuple(tuple(value) if isinstance(value, list) else value for value in row))
