"""Outputs of a notebook that are HTML: tables as they are shown, framed views, and text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from workbench.studies.document import Table

__all__ = ["frame_source", "html_tables", "html_text"]

_POINT = re.compile(r"^([-−+]?\d+)\.(\d+(?:e[-+]?\d+)?%?)$")
#: A number whose thousands are set apart by commas; surely so with a point or with two commas.
_GROUPED = re.compile(r"^[-−+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?$")
_SURELY = re.compile(r"\..|,.*,")


#: Elements of which a report could show nothing: what they draw would be lost.
_DRAWN = {"audio", "canvas", "embed", "iframe", "img", "object", "svg", "video"}
_UNSEEN = {"script", "style", "title"}
#: Elements that go on in the line.
_IN_LINE = {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "s",
            "samp", "small", "span", "strong", "sub", "sup", "u", "var", "wbr"}  # fmt: skip


def html_tables(page: str, *, caption: str, language: str) -> list[Table]:
    """Return the tables of an output that have cells, with the digits that they show.

    French has a comma where the output has a point; several rows of headings become one; rows that
    are only counted, as pandas counts them, have no column for it. A table inside of a cell is
    text of it.
    """
    read = _Tables()
    read.feed(page)
    read.close()
    tables = [*read.tables, (read.head, read.body)]
    made = [_table(head, body, caption, language=language) for head, body in tables]
    return [table for table in made if table.columns]


def html_text(page: str) -> list[str] | None:
    """Return the paragraphs of an output that is HTML; None where it draws what is no text."""
    read = _Text()
    read.feed(page)
    read.close()
    told = [" ".join(paragraph.split()) for paragraph in "".join(read.text).split("\0")]
    told = [paragraph for paragraph in told if paragraph]
    return None if read.draws or (read.scripted and not told) else told


def _table(head: list[list[str]], body: list[list[str]], caption: str, *, language: str) -> Table:
    width = max((len(row) for row in [*head, *body]), default=0)
    head = [row + [""] * (width - len(row)) for row in head]
    columns = tuple(" ".join(filter(None, names)) for names in zip(*head, strict=True))
    rows = _shown([row + [""] * (width - len(row)) for row in body], language)
    if columns[:1] == ("",) and [row[0] for row in rows] == list(map(str, range(len(rows)))):
        columns, rows = columns[1:], tuple(row[1:] for row in rows)
    return Table("", caption, columns or ("",) * width, rows)


def frame_source(page: str) -> str:
    """Return the page inside of a frame, if an output is one; else nothing."""
    read = _Frames()
    read.feed(page)
    return read.source


def _shown(rows: list[list[str]], language: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows with the numbers of each column as the language writes them."""
    if language != "fr":
        return tuple(map(tuple, rows))
    columns = [_french(list(column)) for column in zip(*rows, strict=True)]
    return tuple(zip(*columns, strict=True)) if columns else ((),) * len(rows)


def _regrouped(number: str) -> str:
    return number.replace(",", "\u202f").replace(".", ",")


def _french(column: list[str]) -> list[str]:
    """Return a column in French; a comma in front of three digits may be French already."""
    if any(_GROUPED.match(cell) and _SURELY.search(cell) for cell in column):
        column = [_regrouped(cell) if _GROUPED.match(cell) else cell for cell in column]
    return [_POINT.sub(r"\1,\2", cell) for cell in column]


def _span(given: str | None) -> int:
    """Return over how many places a cell reaches, as browsers read it."""
    found = re.match(r"\s*(\d{1,4})", given or "")
    return min(max(int(found[1]), 1), 1000) if found else 1


class _Tables(HTMLParser):
    """Reads the cells of tables; a cell over several columns stands in each."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[list[list[str]], list[list[str]]]] = []
        self._begin()

    def _begin(self) -> None:
        """Begin a table."""
        self.head: list[list[str]] = []
        self.body: list[list[str]] = []
        self._text: list[str] | None = None
        self._span = 1
        self._heads_only = True
        self._foot = False
        self._row: list[str] = []
        self._down: dict[int, int] = {}
        self._rowspan = 1
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start a row or a cell; a table inside of a cell is text of it."""
        self._depth += tag == "table"
        if self._text is not None and (tag == "br" or self._depth > 1):
            self._text.append(" ")
        if self._depth != 1:
            return
        self._foot = self._foot or tag == "tfoot"
        if tag == "tr":
            self._row, self._heads_only = [], True
            self._skip()
        if tag in {"td", "th"}:
            given = dict(attrs)
            self._span, self._rowspan = (_span(given.get(f"{way}span")) for way in ("col", "row"))
            self._heads_only = self._heads_only and tag == "th"
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        """End a row or a cell."""
        if tag == "table":
            self._depth -= 1
            if self._depth <= 0:
                self.tables.append((self.head, self.body))
                self._begin()
        if self._depth != 1:
            return
        if tag in {"td", "th"} and self._text is not None:
            text = " ".join("".join(self._text).split())
            for place in range(self._span):
                if self._rowspan > 1:
                    self._down[len(self._row)] = self._rowspan - 1
                # What a foot says of all columns is said once.
                self._row.append("" if self._foot and place else text)
            self._text = None
            self._skip()
        if tag == "tr" and self._row:
            (self.head if self._heads_only and not self.body else self.body).append(self._row)
            self._row = []

    def handle_data(self, data: str) -> None:
        """Keep the text of a cell."""
        if self._text is not None:
            self._text.append(data)

    def _skip(self) -> None:
        """Leave the place of a cell that comes down from a row above empty."""
        while self._down.get(len(self._row), 0):
            self._down[len(self._row)] -= 1
            self._row.append("")


class _Text(HTMLParser):
    """Reads text, a NUL between paragraphs, and whether there is more than text."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.draws = False
        self.scripted = False
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Note what draws, and what is not seen; begin a paragraph where the page begins one."""
        self.draws = self.draws or tag in _DRAWN
        self.scripted = self.scripted or tag == "script"
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag not in _IN_LINE:
            self.text.append("\0")

    def handle_endtag(self, tag: str) -> None:
        """End what is not seen, or a paragraph."""
        if tag == self._unseen:
            self._unseen = ""
        elif tag not in _IN_LINE:
            self.text.append("\0")

    def handle_data(self, data: str) -> None:
        """Keep the text that is seen."""
        if not self._unseen:
            self.text.append(data)


class _Frames(HTMLParser):
    """Reads the source of the first frame."""

    def __init__(self) -> None:
        super().__init__()
        self.source = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the source of a frame."""
        if tag == "iframe" and not self.source:
            self.source = dict(attrs).get("srcdoc") or ""
