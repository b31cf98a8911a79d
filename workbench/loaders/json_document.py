"""JSON documents of any size as a stream of their records: one object after the other.

A document is what does not have its objects one a line: an array, an object over many lines that
holds its records in an array somewhere inside, or objects that follow each other. It is walked
token by token, so that an export of many gigabytes never stands in memory.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from workbench.loaders.source import BLOCK, BOM, MAX_LINE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from workbench.loaders.source import Head, Source

__all__ = ["Piece", "document", "elements", "is_document"]

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+("?)|[\[\]{}]', re.DOTALL)
#: The next bracket that stands in no text.
_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+([\[\]{}])', re.DOTALL)
_VALUE = re.compile(rb'\s*+:\s*+("(?:[^"\\]|\\.)*+"|[^\s"{}\[\],]++)(?=[\s,}\]])', re.DOTALL)
_UNENDED = re.compile(rb'\s*+:\s*+(?:"(?:[^"\\]|\\.)*+[\\"]?|[^\s"{}\[\],]++)\Z', re.DOTALL)
#: What may stand between a key and its value.
_COLON = re.compile(rb"\s*+(?:(:)\s*+)?")
_FILLER = b" \t\r\n,"
_untyped = msgspec.json.Decoder().decode
_BROKEN = "broken JSON: not a complete object"
_UNOPENED = "broken JSON: a bracket that closes nothing"
_OPENS = {b"}": b"{", b"]": b"["}


class Piece(NamedTuple):
    """A piece of a document.

    Attributes
    ----------
    number
        Of the line where it begins, from 1.
    byte_offset
        Where it begins in the decompressed input.
    data
        Its bytes.
    header
        What stood before it, beside its array, as plain values: of a chat, its name and kind.
    reason
        Why it is no record; None for an object.
    """

    number: int
    byte_offset: int
    data: bytes
    header: dict[str, Any]
    reason: str | None


def is_document(head: Head) -> bool:
    """Return whether the input is one JSON document, not objects in lines.

    It is one over several lines, or an array whose only line is longer than the head.
    """
    lines = head.lines()
    if len(lines) < 2:
        return not head.whole and head.data.lstrip()[:1] == b"["
    for line in lines[:20]:
        try:
            if isinstance(_untyped(line), dict):
                return False
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            continue
    return True


def document(source: Source, arrays: Collection[tuple[str, ...]] = ()) -> Iterator[Piece]:
    """Yield the records of a document, and what cannot be one.

    Parameters
    ----------
    arrays
        The keys that lead to the arrays of records: ``("chats", "list", "messages")``; elements
        of arrays on the way have no key. Without them, the outermost objects are the records.
    """
    walker = _Walker(frozenset(arrays))
    with source.open() as handle:
        chunk = handle.read(max(BLOCK, len(BOM)))
        if chunk.startswith(BOM):
            chunk, walker.base = chunk[len(BOM) :] or handle.read(BLOCK), len(BOM)
        while chunk and not walker.lost:
            yield from walker.walk(chunk)
            chunk = handle.read(BLOCK)
    yield from walker.end()


def elements(piece: Piece, arrays: Collection[tuple[str, ...]]) -> list[Piece]:
    """Return the objects in the arrays of a piece, and what else stands there, with their places.

    The piece may be no JSON, as long as its texts end and its brackets fit.
    """
    walker = _Walker(frozenset(arrays), base=piece.byte_offset, number=piece.number)
    return [*walker.walk(piece.data), *walker.end()]


class _Open(NamedTuple):
    """An array or object around the records: its keys from the root, its plain values so far."""

    sign: bytes
    path: tuple[str, ...]
    values: dict[str, Any]


class _Walker:
    """Goes through a document chunk by chunk; holds the record that is not complete yet.

    Attributes
    ----------
    base
        Offset in the input of the first byte that is held.
    lost
        Whether a text does not end, so that nothing behind it can be told apart.
    """

    def __init__(
        self, arrays: frozenset[tuple[str, ...]], *, base: int = 0, number: int = 1
    ) -> None:
        self._arrays = arrays
        self._held = b""
        self._at = 0  # everything before has been looked at
        self._number = number  # of the line at `_counted`
        self._counted = 0
        self._start = 0  # of the record, while `_depth` is not 0
        self._depth = 0
        self._skipped = False  # the record is too long and has been given back already
        self._last = 0  # end of what has been dealt with, where records may stand
        self._open: list[_Open] = []
        self.base = base
        self.lost = False

    def walk(self, chunk: bytes) -> Iterator[Piece]:
        """Yield the pieces that end in `chunk`."""
        self._held += chunk
        place, end = self._at, len(self._held)
        brackets = True  # of the record that is open, there may be some in this chunk
        while True:
            token = _BRACKET.match(self._held, place) if self._depth and brackets else None
            if token is not None:
                self._depth += 1 if token[1] in b"{[" else -1
                if not self._depth:
                    yield from self._complete(token.end())
                place = token.end()
                continue
            brackets = not self._depth
            token = _TOKEN.search(self._held, place)
            if token is None:
                break
            sign = self._held[token.start() : token.start() + 1]
            if sign != b'"':
                yield from self._outside(sign, token)
            elif not token[1] or (not self._depth and not self._note(token)):
                end = token.start()
                break
            place = token.end()
        self._at = end
        if len(self._held) - self._at > MAX_LINE:
            self.lost = True
            return
        if self._depth and not self._skipped and len(self._held) - self._start > MAX_LINE:
            self._skipped = True
            yield self._piece(self._start, self._start + MAX_LINE, _BROKEN)
        self._let_go()

    def end(self) -> Iterator[Piece]:
        """Yield what is left at the end of the input."""
        if self._depth:
            if not self._skipped:
                yield self._piece(self._start, len(self._held), _BROKEN)
        elif self.lost:
            yield self._piece(self._at, self._at + MAX_LINE, "broken JSON: a text does not end")
        else:
            if self._at_records():
                yield from self._leftover(self._last, len(self._held))
            if self._open:
                yield self._piece(len(self._held), len(self._held), "the document is cut off")

    def _complete(self, end: int) -> Iterator[Piece]:
        """Yield the record that ends here."""
        if not self._skipped:
            fits = end - self._start <= MAX_LINE
            last = end if fits else self._start + MAX_LINE
            yield self._piece(self._start, last, None if fits else _BROKEN)
        self._skipped = False
        self._last = end

    def _outside(self, sign: bytes, token: re.Match[bytes]) -> Iterator[Piece]:
        """Follow the brackets around the records, up to the next one."""
        if sign == b"{" and self._at_records():
            yield from self._leftover(self._last, token.start())
            self._start, self._depth = token.start(), 1
        elif sign in b"{[":
            self._open.append(_Open(sign, self._path(), {}))
            self._last = token.end()
        else:
            if self._at_records():
                yield from self._leftover(self._last, token.start())
            if self._open and self._open[-1].sign == _OPENS[sign]:
                self._open.pop()
            else:  # were the wrong one closed, all behind it would be lost
                yield self._piece(token.start(), token.end(), _UNOPENED)
            self._last = token.end()

    def _at_records(self) -> bool:
        """Return whether an object that begins here is a record."""
        if not self._arrays:
            return not self._open or self._open[-1].sign == b"["
        around = self._open[-1] if self._open else None
        return around is not None and around.sign == b"[" and around.path in self._arrays

    def _path(self) -> tuple[str, ...]:
        """Return the keys that lead to a bracket that opens here."""
        if not self._open:
            return ()
        around = self._open[-1]
        key = around.values.get("") if around.sign == b"{" else None
        return around.path if key is None else (*around.path, key)

    def _note(self, token: re.Match[bytes]) -> bool:
        """Note a key and its plain value; return False if more bytes are needed to know."""
        if not self._open or self._open[-1].sign != b"{":
            return True
        colon = _COLON.match(self._held, token.end())
        after = self._held[colon.end() : colon.end() + 1] if colon else b""
        if colon is None or not after or not colon[1]:
            return bool(after)  # without a colon the text is a value
        values = self._open[-1].values
        key = values[""] = _text(token[0])
        if after in {b"{", b"["}:
            return True
        found = _VALUE.match(self._held, token.end())
        if found is not None:
            values[key] = _plain(found[1])
        return found is not None or _UNENDED.match(self._held, token.end()) is None

    def _piece(self, start: int, end: int, reason: str | None) -> Piece:
        self._number += self._held.count(b"\n", self._counted, start)
        self._counted = start
        around = self._open[-2] if len(self._open) > 1 and self._arrays else None
        header = {} if around is None else {k: v for k, v in around.values.items() if k}
        return Piece(self._number, self.base + start, self._held[start:end], header, reason)

    def _leftover(self, start: int, end: int) -> Iterator[Piece]:
        """Yield what stands between records and is none; nothing is skipped silently."""
        piece = self._held[start:end]
        if piece.strip(_FILLER):
            lead = len(piece) - len(piece.lstrip(_FILLER))
            yield self._piece(start + lead, start + len(piece.rstrip(_FILLER)), "no JSON object")

    def _let_go(self) -> None:
        """Forget the bytes that are not needed any more."""
        if self._depth and not self._skipped:
            cut = self._start
        elif not self._depth and self._at_records():
            cut = min(self._last, self._at)
        else:
            cut = self._at
        if cut < BLOCK and cut < len(self._held):
            return
        self._number += self._held.count(b"\n", self._counted, cut)
        self._held = self._held[cut:]
        self.base += cut
        self._at -= cut
        self._start -= cut
        self._last = max(0, self._last - cut)
        self._counted = 0


def _text(token: bytes) -> str:
    try:
        return str(_untyped(token))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return token[1:-1].decode("utf-8", "replace")


def _plain(token: bytes) -> Any:
    """Return a plain value; None for what is no JSON."""
    try:
        return _untyped(token)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
