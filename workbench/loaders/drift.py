"""Keys of JSON records that nothing reads: the sign that a platform has changed its format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Known", "known_keys", "sampled"]

#: The first records are all compared with the known keys, then every fiftieth.
_FIRST, _EVERY = 20, 50
_untyped = msgspec.json.Decoder().decode


class Known(NamedTuple):
    """The keys of a format.

    Attributes
    ----------
    keys
        Those that are read, or left out on purpose, at any depth.
    opaque
        Those of them below which nothing is looked at.
    """

    keys: frozenset[str]
    opaque: frozenset[str] = frozenset()

    def unknown(self, data: bytes) -> set[str]:
        """Return the keys in a record that are neither read nor left out on purpose."""
        found: set[str] = set()
        try:
            stack: list[Any] = [_untyped(data)]
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return found
        while stack:
            item = stack.pop()
            if isinstance(item, dict):
                found |= item.keys() - self.keys
                stack += [item[key] for key in item.keys() & self.keys - self.opaque]
            elif isinstance(item, list):
                stack += item
        return found


def known_keys(kinds: Iterable[type[Any]], also: str = "", opaque: str = "") -> Known:
    """Return the keys that structs read, those named in `also`, and the `opaque` ones.

    `also` and `opaque` are names with blanks between them.
    """
    read = {key for kind in kinds for key in kind.__struct_encode_fields__}
    return Known(frozenset(read | {*also.split(), *opaque.split()}), frozenset(opaque.split()))


def sampled(number: int) -> bool:
    """Return whether the record with this number, from 1, is compared with the known keys."""
    return number <= _FIRST or number % _EVERY == 1
