"""The HTML of a status as plain text, with the anchors in it and where they stand."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

__all__ = ["Anchor", "Content", "content"]

_PARAGRAPHS = {"p", "div", "blockquote", "pre", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6"}
_LINES = {"br", "li"}
_VOID = {"br", "img", "wbr", "hr", "input"}
#: What servers add for programs that cannot show a quote.
_QUOTE = "quote-inline"


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
    anchors: list[Anchor]


def content(html: str) -> Content:
    """Return the text of a status: a break for ``<br>``, two for a paragraph, no blanks around."""
    if "<" not in html and "&" not in html:
        return Content(html.strip(), [])
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.content()


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._length = 0
        self._breaks = 0  # that are due before the next text
        self._hidden = 0  # elements that are open inside the fallback of a quote
        self._open: tuple[str, str, int] | None = None
        self._anchors: list[Anchor] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = (dict(attrs).get("class") or "").split()
        if tag == "br":
            self._breaks += 1
            return
        if self._hidden or _QUOTE in words:
            self._hidden += tag not in _VOID
        elif tag in _PARAGRAPHS:
            self._breaks = 2
        elif tag in _LINES:
            self._breaks = max(1, self._breaks)
        elif tag == "a":
            kind = "hashtag" if "hashtag" in words else "mention" if "mention" in words else "link"
            self._end_anchor()
            self._open = (dict(attrs).get("href") or "", kind, -1)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._hidden:
            self._hidden -= 1
        elif tag == "a":
            self._end_anchor()
        elif tag in _PARAGRAPHS:
            self._breaks = 2

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if not self._length:
            data = data.lstrip()
        if not data:
            return
        if self._breaks and self._length:
            self._add("\n" * min(2, self._breaks))
        self._breaks = 0
        if self._open is not None and self._open[2] < 0:
            self._open = (*self._open[:2], self._length)
        self._add(data)

    def content(self) -> Content:
        """Return what has been read."""
        self._end_anchor()
        text = "".join(self._parts).rstrip()
        fits = [a._replace(end=min(a.end, len(text))) for a in self._anchors]
        return Content(text, [a for a in fits if a.start < a.end])

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _end_anchor(self) -> None:
        if self._open is not None and self._open[2] >= 0:
            self._anchors.append(Anchor(*self._open, self._length))
        self._open = None
