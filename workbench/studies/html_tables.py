"""Outputs of a notebook that are HTML: tables as they are shown, and framed views."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from workbench.studies.document import Table

__all__ = ["frame_source", "html_table"]

_POINT = re.compile(r"^([-−+]?\d+)\.(\d+(?:e[-+]?\d+)?%?)$")
#: A number whose thousands are set apart by commas; surely so with a point or with two commas.
_GROUPED = re.compile(r"^[-−+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?%?$")
_SURELY = re.compile(r"\..|,.*,")


def html_table(page: str, *, caption: str, language: str) -> Table:
    """Return the first table of an output, with the digits that it shows.

    French has a comma where the output has a point; several rows of headings become one; rows that
    are only counted, as pandas counts them, have no column for it.
    """
    read = _Tables()
    read.feed(page)
    read.close()
    width = max((len(row) for row in [*read.head, *read.body]), default=0)
    head = [row + [""] * (width - len(row)) for row in read.head]
    columns = tuple(" ".join(filter(None, names)) for names in zip(*head, strict=True))
    rows = _shown([row + [""] * (width - len(row)) for row in read.body], language)
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
    """Reads the cells of the first table; a cell over several columns stands in each."""

    def __init__(self) -> None:
        super().__init__()
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
        self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start a row or a cell; a table inside of a cell is text of it."""
        self._depth += tag == "table"
        if self._text is not None and (tag == "br" or self._depth > 1):
            self._text.append(" ")
        if self._done or self._depth != 1:
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
            self._done = self._done or self._depth == 0
        if self._depth > 1:
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
        if tag == "tr" and not self._done and self._row:
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


class _Frames(HTMLParser):
    """Reads the source of the first frame."""

    def __init__(self) -> None:
        super().__init__()
        self.source = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the source of a frame."""
        if tag == "iframe" and not self.source:
            self.source = dict(attrs).get("srcdoc") or ""
