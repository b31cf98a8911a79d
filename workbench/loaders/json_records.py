"""The JSON records of a source: one object a line, or one after the other in a document.

A loader says what becomes of one object; what is no object, or none that it can read, is rejected
with its place, and nothing of it is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from workbench.loaders.drift import sampled
from workbench.loaders.json_document import Piece, document, elements, is_document
from workbench.loaders.json_objects import mend_surrogates, objects

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from workbench.loaders.drift import Known
    from workbench.loaders.recorder import Recorder
    from workbench.loaders.source import Head, Source

__all__ = ["JsonRecords", "decoder", "first_objects"]

S = TypeVar("S")
T = TypeVar("T")

_untyped = msgspec.json.Decoder().decode
#: So many bytes lie between two looks at the buffers.
_STEP = 1 << 16
_BETWEEN = {b"", b"[", b",", b"]"}
#: What reading a record may raise: its reason to be rejected.
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)


def decoder(kind: type[T]) -> Callable[[bytes | msgspec.Raw], T]:
    """Return a function that decodes bytes into `kind`; lone surrogates become U+FFFD.

    It raises ``msgspec.ValidationError`` for other types, ``msgspec.DecodeError`` for no JSON.
    """
    decode = msgspec.json.Decoder(kind).decode

    def mending(data: bytes | msgspec.Raw) -> T:
        try:
            return decode(data)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            mended = mend_surrogates(bytes(data))
            if mended == bytes(data):
                raise
            return decode(mended)

    return mending


def first_objects(head: Head, most: int = 20) -> list[dict[str, Any]]:
    """Return the first whole outermost objects of a head, to recognise its format by their keys.

    Of a document that is one object, longer than the head, there is none.
    """
    if head.data.lstrip()[:1] not in {b"{", b"["}:
        return []
    found: list[dict[str, Any]] = []
    for span in objects(head.data):
        if not span.whole:
            continue
        try:
            content = _untyped(mend_surrogates(head.data[span.start : span.end]))
        except _UNREADABLE:
            continue
        found.append(content)
        if len(found) == most:
            break
    return found


class JsonRecords:
    """Walks through the objects of a source and hands them to a loader.

    Parameters
    ----------
    recorder
        Takes the rows of the records.
    known
        The keys of the format; the others are counted in the drift report.
    arrays
        The keys that lead to the arrays of records in a document (see ``json_document``).
    pages
        The keys that lead to the items of a page: one that is no JSON is rejected alone.
    """

    def __init__(
        self,
        source: Source,
        recorder: Recorder,
        *,
        known: Known,
        arrays: Collection[tuple[str, ...]] = (),
        pages: Collection[tuple[str, ...]] = (),
    ) -> None:
        self._source = source
        self._recorder = recorder
        self._sink = recorder.sink
        self._known = known
        self._arrays = arrays
        self._pages = pages

    def each(self, visit: Callable[[Piece], None]) -> None:
        """Call `visit` with every object of the source.

        It decodes ``piece.data`` and calls ``record`` for each record in it: once for an object
        that is one, once an item for a page. What it raises rejects the piece.
        """
        told = 0
        for number, piece in enumerate(self._pieces(), 1):
            if piece.reason is None:
                try:
                    visit(piece)
                except _UNREADABLE as error:
                    self._apart(piece, visit, error)
                if sampled(number):
                    self._sink.unknown(self._known.unknown(piece.data))
            else:
                self._reject(piece, piece.reason)
            done = piece.byte_offset + len(piece.data)
            if done - told >= _STEP:
                told = done
                self._sink.checkpoint(done)

    def record(self, piece: Piece, take: Callable[[T], None], item: T) -> None:
        """Make one record of `item`: all rows that `take` adds for it, or a reject.

        Raises
        ------
        msgspec.DecodeError
            The bytes that `take` has decoded are no JSON; ``each`` looks at them in pieces.
        """
        try:
            with self._recorder.record():
                take(item)
        except _UNREADABLE as error:
            if isinstance(error, msgspec.DecodeError) and not _is_invalid(error):
                raise
            self._reject(piece, _reason(error), item)

    def made(self, piece: Piece, make: Callable[[S], T], item: S) -> T | None:
        """Return what `make` makes of `item`, for a loader that writes it itself.

        None if it cannot be made: then `item` has become a reject, as in ``record``.
        """
        try:
            return make(item)
        except _UNREADABLE as error:
            if isinstance(error, msgspec.DecodeError) and not _is_invalid(error):
                raise
            self._reject(piece, _reason(error), item)
            return None

    def _pieces(self) -> Iterator[Piece]:
        """Yield the lines that hold something, or the pieces of a document.

        An array may have its brackets, and commas, in lines of their own.
        """
        if self._arrays or is_document(self._source.head()):
            yield from document(self._source, self._arrays)
            return
        for line in self._source.lines():
            if line.data.strip() not in _BETWEEN:
                yield Piece(*line, header={}, reason=None)

    def _apart(self, piece: Piece, visit: Callable[[Piece], None], error: Exception) -> None:
        """Visit the objects of a line that cannot be read as one; reject what is none."""
        spans = list(objects(piece.data))
        if not spans:
            self._reject(piece, "no JSON object")
        for span in spans:
            data = piece.data[span.start : span.end]
            part = piece._replace(byte_offset=piece.byte_offset + span.start, data=data)
            if not span.whole:
                self._reject(part, "broken JSON: not a complete object")
            elif len(spans) == 1 and len(data) == len(piece.data.strip()):
                self._page(part, visit, error)
            else:
                try:
                    visit(part)
                except _UNREADABLE as reason:
                    self._reject(part, _reason(reason), data)

    def _page(self, page: Piece, visit: Callable[[Piece], None], error: Exception) -> None:
        """Visit a page without those of its items that are no JSON; reject these, or all of it."""
        items: list[Piece] = []
        if isinstance(error, msgspec.DecodeError) and not _is_invalid(error):
            items = elements(page, self._pages) if self._pages else []
        broken = [(item, reason) for item in items if (reason := item.reason or _defect(item.data))]
        rest = _without(page, [item for item, _ in broken])
        if not broken or _defect(rest) is not None:
            self._reject(page, _reason(error), page.data)
            return
        for item, reason in broken:
            self._reject(item, reason)
        if len(broken) < len(items):
            try:
                visit(page._replace(data=rest))
            except _UNREADABLE as other:
                self._reject(page, _reason(other), page.data)

    def _reject(self, piece: Piece, reason: str, item: object = None) -> None:
        self._sink.reject(
            line=piece.number,
            byte_offset=piece.byte_offset,
            data=piece.data,
            reason=reason,
            keys=_keys(item),
        )


def _defect(data: bytes) -> str | None:
    """Return why `data` is no JSON; None if it is, or its texts are only no UTF-8."""
    try:
        _untyped(mend_surrogates(data))
    except UnicodeDecodeError:
        return None
    except (msgspec.DecodeError, RecursionError) as error:
        return _reason(error)
    return None


def _without(page: Piece, items: list[Piece]) -> bytes:
    """Return a page with blanks in the place of some items, each with a comma beside it."""
    data = bytearray(page.data)
    for item in items:
        start = item.byte_offset - page.byte_offset
        end = start + len(item.data)
        data[start:end] = b" " * (end - start)
        comma = end + len(data[end:]) - len(data[end:].lstrip())
        if data[comma : comma + 1] != b",":
            comma = len(data[:start].rstrip()) - 1
        if data[comma : comma + 1] == b",":
            data[comma] = ord(" ")
    return bytes(data)


def _is_invalid(error: Exception) -> bool:
    return isinstance(error, msgspec.ValidationError)


def _reason(error: Exception) -> str:
    if _is_invalid(error):
        return f"unexpected content: {error}"
    if isinstance(error, msgspec.DecodeError):
        return f"broken JSON: {error}"
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)


def _keys(item: object) -> list[str]:
    """Return the keys of what was rejected, as far as it is an object."""
    if isinstance(item, bytes | msgspec.Raw):
        try:
            item = _untyped(item)
        except _UNREADABLE:
            return []
    return list(item) if isinstance(item, dict) else []
