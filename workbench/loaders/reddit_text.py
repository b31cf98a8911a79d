"""Reddit's Markdown: links, mentions, and which lines quote somebody else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Found", "links", "mentions", "unescaped"]

_ESCAPED = re.compile(r"&(amp|lt|gt);")
_SIGNS = {"amp": "&", "lt": "<", "gt": ">"}
#: ``[text](link "title")``, else a bare link; Markdown escapes signs with a backslash.
_LINK = re.compile(
    r"\[(?:[^\[\]\\]|\\.){0,1000}+\]\(\s*+<?((?:https?://|www\.)(?:[^\s()<>\\]|\\.|\([^\s()]*+\))++)"
    r"|(?<![\w@/.])((?:https?://|www\.)[^\s<>\[\]`|]++)",
    re.IGNORECASE,
)
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")
_MENTION = re.compile(r"(?<![\w/.&?=#-])/?[uU]/([A-Za-z0-9_-]{3,20})(?![\w-]|/\w)", re.ASCII)
_QUOTE = re.compile(r"^ {0,3}>(?!!).*$", re.MULTILINE)
_TRAILING = ".,:;!?'\"*~_"


class Found(NamedTuple):
    """Something in a text: where, what, and whether its line quotes somebody else."""

    start: int
    end: int
    value: str
    quoted: bool


def unescaped(text: str) -> str:
    """Return a text in which Reddit's ``&amp;``, ``&lt;`` and ``&gt;`` are signs again."""
    return _ESCAPED.sub(lambda found: _SIGNS[found[1]], text) if "&" in text else text


def links(text: str) -> Iterator[Found]:
    """Yield the links of a Markdown text, each once: a bare link may be the text of a link."""
    if "://" not in text and "www." not in text.casefold():
        return
    quotes = _quotes(text)
    for found in _LINK.finditer(text):
        group = 1 if found[1] is not None else 2
        written = found[group] if group == 1 else _trimmed(found[group])
        start = found.start(group)
        value = _BACKSLASH.sub(r"\1", written)
        yield Found(start, start + len(written), value, _within(start, quotes))


def mentions(text: str) -> Iterator[Found]:
    """Yield who is mentioned: ``u/name`` or ``/u/name``, but not inside of a link."""
    if "u/" not in text and "U/" not in text:
        return
    quotes = _quotes(text)
    taken = [(found.start(), found.end()) for found in _LINK.finditer(text) if found[2]]
    for found in _MENTION.finditer(text):
        if not _within(found.start(), taken):
            yield Found(found.start(), found.end(), found[1], _within(found.start(), quotes))


def _quotes(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _QUOTE.finditer(text)] if ">" in text else []


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _trimmed(link: str) -> str:
    """Return a bare link without the punctuation of the sentence around it."""
    surplus, end = link.count(")") - link.count("("), len(link)
    while end and (link[end - 1] in _TRAILING or (link[end - 1] == ")" and surplus > 0)):
        end -= 1
        surplus -= link[end] == ")"
    return link[:end]
