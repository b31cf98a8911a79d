"""JSON objects in bytes that are not one object a line: arrays, documents, two on a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Span", "mend_surrogates", "objects"]

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_HIGH = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])")
_LOW = re.compile(rb"(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_FILLER = b" \t\r\n,[]"


class Span(NamedTuple):
    """A piece of bytes: where it starts and ends, and whether it is a balanced object."""

    start: int
    end: int
    whole: bool


def objects(data: bytes) -> Iterator[Span]:
    """Yield the outermost objects of `data`, whatever stands around them.

    Objects may follow each other or stand in an array. What is left over between or behind them
    (other than commas, blanks and brackets) is yielded as a span that is not whole, so that
    nothing is skipped silently.
    """
    depth, start, last = 0, 0, 0
    for token in _TOKEN.finditer(data):
        sign = data[token.start() : token.start() + 1]
        if sign == b"{":
            if depth == 0:
                start = token.start()
                yield from _leftover(data, last, start)
            depth += 1
        elif sign == b"}" and depth:
            depth -= 1
            if depth == 0:
                last = token.end()
                yield Span(start, last, whole=True)
    yield from _leftover(data, start if depth else last, len(data))


def _leftover(data: bytes, start: int, end: int) -> Iterator[Span]:
    piece = data[start:end]
    if piece.strip(_FILLER):
        lead = len(piece) - len(piece.lstrip(_FILLER))
        yield Span(start + lead, start + len(piece.rstrip(b" \t\r\n,")), whole=False)


def mend_surrogates(data: bytes) -> bytes:
    """Return JSON with lone surrogate escapes, which no text can hold, replaced by U+FFFD."""
    return _LOW.sub(rb"\\ufffd", _HIGH.sub(rb"\\ufffd", data))
