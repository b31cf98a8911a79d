"""A document as a single HTML page, which needs no network."""

from __future__ import annotations

import html
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.provenance import whole_file
from workbench.studies import pandoc
from workbench.studies.document import Heading
from workbench.studies.document_cells import table_cells
from workbench.studies.document_terms import typeset
from workbench.studies.document_tree import raw, tree
from workbench.studies.page import box_html, framed, picture_html, table_html
from workbench.studies.plain_body import plain_body
from workbench.studies.references import citation_arguments

if TYPE_CHECKING:
    from workbench.studies.document import Code, Document, Picture, Table
    from workbench.studies.pandoc import Node

__all__ = ["page", "write_html"]

#: Sections from which on a page has a list of its contents.
_MANY = 4
#: What pandoc writes of a page: its contents, and behind the mark its body.
_TEMPLATE, _BODY = "body.html", "\n<!-- body -->\n"


def write_html(document: Document, path: Path) -> None:
    """Write a document as one HTML file; equal documents give equal bytes.

    Without pandoc the page comes out nevertheless; its formulas are TeX and citations have no list
    of references that is set in a style.

    Raises
    ------
    InputError
        A reference or citation leads nowhere; nothing is written.
    """
    made = page(document)
    with whole_file(path) as fresh:
        fresh.write_text(made, "utf-8", newline="")


def page(document: Document) -> str:
    """Return a document as an HTML page.

    Raises
    ------
    InputError
        A reference or citation leads nowhere.
    """
    contents, body = _body(document) if pandoc.there() else ("", plain_body(document))
    language = document.language
    by = " — ".join(filter(None, (" · ".join(document.authors), document.date)))
    return framed(
        body,
        title=typeset(document.title, language),
        language=language,
        lead=typeset(document.subtitle, language),
        by=by,
        contents=contents,
        footer=document.provenance,
    )


def _body(document: Document) -> tuple[str, str]:
    """Return the list of contents, empty for short documents, and the body, by pandoc."""
    with tempfile.TemporaryDirectory(prefix="workbench-report-") as scratch:
        folder = Path(scratch)
        (folder / _TEMPLATE).write_text(f"$toc${_BODY}$body$\n", "utf-8")
        made = pandoc.write(
            tree(document, _Web(document.language)),
            "html5",
            folder=folder,
            arguments=[
                "--mathml", "--wrap=none", "--shift-heading-level-by=1", "--number-sections",
                "--syntax-highlighting=none", "--standalone", "--toc", "--toc-depth=2",
                f"--template={_TEMPLATE}", "--metadata=title:x",
                *citation_arguments(document, folder),
            ],
        )  # fmt: skip
    contents, _, body = made.partition(_BODY)
    # A long formula scrolls by itself, so it must be reachable by keyboard.
    body = body.replace('<math display="block"', '<math display="block" tabindex="0"')
    sections = sum(isinstance(b, Heading) and b.level == 1 for b in document.blocks)
    return (contents if sections >= _MANY else ""), body.strip()


class _Web:
    """How HTML writes figures, tables and boxes."""

    def __init__(self, language: str) -> None:
        self._language = language

    def picture(self, picture: Picture, number: str, caption: str) -> list[Node]:
        """Return a figure with the picture inside."""
        return [raw("html", picture_html(picture, number=number, caption=caption))]

    def table(self, table: Table, number: str, caption: str) -> list[Node]:
        """Return a table with its headings as such."""
        cells = table_cells(table, self._language)
        made = table_html(cells, number=number, caption=caption, name=table.label)
        return [raw("html", made)]

    def box(self, kind: str, title: str, inside: list[Node], *, language: str) -> list[Node]:
        """Return a section with a label."""
        foreign = language if language != self._language else ""
        before, after = box_html(kind, title, language=foreign)
        return [raw("html", before), *inside, raw("html", after)]

    def code(self, code: Code) -> list[Node]:
        """Return code as it is typed."""
        return [raw("html", f"<pre><code>{html.escape(code.text)}</code></pre>")]

    def maths(self, node: Node) -> list[Node]:
        """Return a formula; pandoc writes it as MathML."""
        return [node]
