"""The HTML of a status as plain text, with the anchors in it and where they stand."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

__all__ = ["Anchor", "Content", "content"]

_PARAGRAPHS = {"p", "div", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}
_LINES = {"br", "li"}
_VOID = {"br", "img", "wbr", "hr", "input"}
#: What servers add for programs that cannot show a quote.
_QUOTE = "quote-inline"

#: HTML as servers clean it: tags in lower case, values between quotation marks, no stray signs.
_CLEAN = re.compile(
    r'<(/?)(p|br|a|span|strong|em|b|i|u|del|code|pre|blockquote|ul|ol|li|h[1-6]|div)\b'
    r'((?:\s+[a-z-]+="[^"<>]*")*)\s*(/?)>|([^<]+)'
)  # fmt: skip
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


class Anchor(NamedTuple):
    """An ``<a>`` of a text: where it leads, what it is (link, mention, hashtag), where it stands.

    Offsets count characters of the plain text.
    """

    href: str
    kind: str
    start: int
    end: int


class Content(NamedTuple):
    """Plain text and its anchors."""

    text: str
    anchors: tuple[Anchor, ...]


@lru_cache(maxsize=1 << 12)
def content(html: str) -> Content:
    """Return the text of a status: a break for ``<br>``, two for a paragraph, no blanks around."""
    if "<" not in html and "&" not in html:
        return Content(html.strip(), ())
    return _clean(html) or _any(html)


def _clean(html: str) -> Content | None:
    """Return the content of clean HTML, which most is; None for other HTML."""
    text, at = _Text(), 0
    for token in _CLEAN.finditer(html):
        if token.start() != at:
            return None
        at = token.end()
        closes, tag, attributes, single, words = token.groups()
        if words is not None:
            text.add(unescape(words) if "&" in words else words)
        elif closes:
            text.close(tag)
        else:
            found = dict(_ATTRIBUTE.findall(attributes)) if attributes else {}
            text.open(tag, {name: unescape(value) for name, value in found.items()})
            if single:
                text.close(tag)
    return text.content() if at == len(html) else None


def _any(html: str) -> Content:
    """Return the content of any HTML."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.text.content()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = _Text()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text.open(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self.text.close(tag)

    def handle_data(self, data: str) -> None:
        self.text.add(data)


class _Text:
    """The text so far."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._breaks = 0  # that are due before the next text
        self._hidden = 0  # elements that are open inside the fallback of a quote
        self._open: tuple[str, str, int] | None = None
        self._anchors: list[Anchor] = []

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        """Note that an element begins."""
        if tag == "br":
            self._breaks += 1
            return
        words = attributes["class"].split() if "class" in attributes else ()
        if self._hidden or _QUOTE in words:
            self._hidden += tag not in _VOID
        elif tag in _PARAGRAPHS:
            self._breaks = 2
        elif tag in _LINES:
            self._breaks = max(1, self._breaks)
        elif tag == "a":
            kind = "hashtag" if "hashtag" in words else "mention" if "mention" in words else "link"
            self._end_anchor()
            self._open = (attributes.get("href", ""), kind, -1)

    def close(self, tag: str) -> None:
        """Note that an element ends."""
        if tag in _VOID:
            return
        if self._hidden:
            self._hidden -= 1
        elif tag == "a":
            self._end_anchor()
        elif tag in _PARAGRAPHS:
            self._breaks = 2

    def add(self, data: str) -> None:
        """Add text."""
        if self._hidden:
            return
        if not self._length:
            data = data.lstrip()
        if not data:
            return
        if self._breaks and self._length:
            self._put("\n" * min(2, self._breaks))
        self._breaks = 0
        if self._open is not None and self._open[2] < 0:
            self._open = (*self._open[:2], self._length)
        self._put(data)

    def content(self) -> Content:
        """Return what has been read."""
        self._end_anchor()
        text = "".join(self._parts).rstrip()
        fits = [a._replace(end=min(a.end, len(text))) for a in self._anchors]
        return Content(text, tuple(a for a in fits if a.start < a.end))

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _end_anchor(self) -> None:
        if self._open is not None and self._open[2] >= 0:
            self._anchors.append(Anchor(*self._open, self._length))
        self._open = None
