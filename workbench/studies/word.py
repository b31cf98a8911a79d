"""A document as a Word file, for editors."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.provenance import whole_file
from workbench.studies.document_cells import table_cells
from workbench.studies.document_terms import typeset
from workbench.studies.document_tree import raw, text, tree
from workbench.studies.pandoc import write
from workbench.studies.references import citation_arguments
from workbench.studies.sizes import fitted_table, picture_share
from workbench.studies.word_look import SIZES, landscape, reference_file

if TYPE_CHECKING:
    from workbench.studies.document import Code, Document, Picture, Table
    from workbench.studies.pandoc import Node

__all__ = ["write_docx"]

_FILE, _LOOK = "report.docx", "look.docx"

#: The fonts of the reader's machine may be wider than those by which tables are fitted.
_WIDER = 0.8

#: A line between two boxes, which would touch.
_GAP = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="160"/></w:pPr></w:p>'


def write_docx(document: Document, path: Path) -> None:
    """Write a document as ``.docx``; equal documents give equal bytes.

    Raises
    ------
    InputError
        A reference or citation leads nowhere; nothing is written.
    MissingDependencyError
        Pandoc is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="workbench-report-") as scratch:
        folder = Path(scratch)
        (folder / _LOOK).write_bytes(reference_file(document.provenance))
        reading = tree(document, _Word(document.language, folder))
        write(reading, "docx", folder=folder, output=_FILE,
              arguments=["--number-sections", f"--reference-doc={_LOOK}", *_metadata(document),
                         *citation_arguments(document, folder)])  # fmt: skip
        with whole_file(path) as fresh:
            fresh.write_bytes((folder / _FILE).read_bytes())


def _metadata(document: Document) -> list[str]:
    title, subtitle = (
        typeset(words, document.language) for words in (document.title, document.subtitle)
    )
    given = [("title", title), ("subtitle", subtitle), ("date", document.date),
             *(("author", author) for author in document.authors)]  # fmt: skip
    return [f"--metadata={name}:{value}" for name, value in given if value]


class _Word:
    """How Word files hold figures, tables and boxes: as pandoc's own nodes, styled by name."""

    def __init__(self, language: str, folder: Path) -> None:
        self._language, self._folder = language, folder
        self._pictures = 0

    def picture(self, picture: Picture, number: str, caption: str) -> list[Node]:
        """Return a figure whose picture is a file of the scratch folder."""
        self._pictures += 1
        name = f"picture-{self._pictures}.png"
        (self._folder / name).write_bytes(picture.png)
        size = [["width", f"{picture_share(picture):.0%}"]]
        image = {"t": "Image", "c": [["", [], size], text(picture.alt), [name, ""]]}
        return [
            {
                "t": "Figure",
                "c": [_named(picture.label), _caption(number, caption), [_plain([image])]],
            }
        ]

    def table(self, table: Table, number: str, caption: str) -> list[Node]:
        """Return a table of pandoc, smaller or on a page across where it is too wide."""
        cells = table_cells(table, self._language)
        fit = fitted_table(cells)
        whole = sum(fit.widths)
        size = fit.size * (_WIDER if whole > _WIDER else 1)
        style = f"Table {next((each for each in SIZES if each <= size), SIZES[-1])}pt"
        columns = [
            [{"t": "AlignRight" if numeric else "AlignLeft"}, _column(width / whole, whole)]
            for numeric, width in zip(cells.numeric, fit.widths, strict=True)
        ]
        head = [_NONE, [_row(fit.columns, style, strong=True)] if any(fit.columns) else []]
        body = [_NONE, 0, [], [_row(row, style) for row in fit.rows]]
        said = _caption(number, caption)
        content = [_named(table.label), said, columns, head, [body], [_NONE, []]]
        made = {"t": "Table", "c": content}
        if not fit.flipped:
            return [made]
        before, after = landscape()
        return [raw("openxml", before), made, raw("openxml", after)]

    def box(self, kind: str, title: str, inside: list[Node], *, language: str) -> list[Node]:
        """Return a part as a table of one cell, which can have an edge and a ground."""
        head = {"t": "Para", "c": [{"t": "Strong", "c": text(title)}]}
        spoken = {"t": "Div", "c": [["", [], [["lang", language]]], [head, *inside]]}
        cell = [_NONE, {"t": "AlignDefault"}, 1, 1, [spoken]]
        body = [_NONE, 0, [], [[_NONE, [cell]]]]
        column = [{"t": "AlignLeft"}, {"t": "ColWidth", "c": 1.0}]
        style = ["", [], [["custom-style", f"Box{kind.title()}"]]]
        content = [style, [None, []], [column], [_NONE, []], [body], [_NONE, []]]
        return [{"t": "Table", "c": content}, raw("openxml", _GAP)]

    def code(self, code: Code) -> list[Node]:
        """Return code as it is typed."""
        return [{"t": "CodeBlock", "c": [_NONE, code.text]}]

    def maths(self, node: Node) -> list[Node]:
        """Return a formula; Word reads it aloud itself."""
        return [node]


_NONE: list[Any] = ["", [], []]


def _named(label: str) -> list[Any]:
    return [label, [], []]


def _plain(inlines: list[Node]) -> Node:
    return {"t": "Plain", "c": inlines}


def _caption(number: str, caption: str) -> list[Any]:
    strong = [{"t": "Strong", "c": text(number)}, *text(" ")] if number else []
    inlines = [*strong, *text(caption)]
    return [None, [_plain(inlines)] if number or caption else []]


def _column(width: float, whole: float) -> Node:
    """Return the width of a column; a table that fills little of the page sets its own."""
    return {"t": "ColWidth", "c": width} if whole > _WIDER else {"t": "ColWidthDefault"}


def _row(cells: tuple[str, ...], style: str, *, strong: bool = False) -> list[Any]:
    return [_NONE, [_cell(cell, style, strong=strong) for cell in cells]]


def _cell(cell: str, style: str, *, strong: bool) -> list[Any]:
    said = [{"t": "Strong", "c": text(cell)}] if strong else text(cell)
    styled = {"t": "Span", "c": [["", [], [["custom-style", style]]], said]}
    return [_NONE, {"t": "AlignDefault"}, 1, 1, [_plain([styled])]]
