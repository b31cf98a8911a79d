"""A document as a PDF of A4 pages, in the policy look: pandoc writes Typst, Typst sets it."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, cast

from workbench.errors import InputError, MissingDependencyError, MissingGlyphWarning, WorkbenchError
from workbench.provenance import whole_file
from workbench.studies.document_cells import table_cells
from workbench.studies.document_terms import typeset
from workbench.studies.document_tree import raw, tree
from workbench.studies.fonts import dejavu, missing_glyphs
from workbench.studies.pandoc import REMEDY, write
from workbench.studies.references import citation_arguments
from workbench.studies.sizes import fitted_table, picture_share

if TYPE_CHECKING:
    from collections.abc import Iterable

    import typst

    from workbench.studies.document import Code, Document, Picture, Table
    from workbench.studies.pandoc import Node

__all__ = ["write_pdf"]

#: Tables of more rows may break over pages; shorter ones stay whole.
_LONG = 20


def write_pdf(document: Document, path: Path, *, fonts: Path | None = None) -> None:
    """Write a document as a tagged PDF (PDF/UA-1); equal documents give equal bytes.

    Only fonts that come with the report tools are used, so that every machine sets the same pages.

    Parameters
    ----------
    document, path
        What is written, and the file.
    fonts
        Folder of further fonts, for letters that those of the report tools do not have.

    Raises
    ------
    InputError
        A reference or citation leads nowhere, or a picture cannot be read; nothing is written.
    MissingDependencyError
        The report tools are not installed.
    """
    with tempfile.TemporaryDirectory(prefix="workbench-report-") as scratch:
        folder = Path(scratch)
        (folder / "report.typ").write_text(_source(document, folder), "utf-8")
        made = _compiled(document, folder, fonts)
        with whole_file(path) as fresh:
            fresh.write_bytes(made)


def _source(document: Document, folder: Path) -> str:
    """Return the Typst source of a document; its pictures are files of the folder."""
    look = resources.files("workbench.studies") / "policy" / "policy.typ"
    (folder / "policy.typ").write_text(look.read_text("utf-8"), "utf-8")
    reading = tree(document, _Typst(document.language, folder))
    arguments = ["--wrap=none", *citation_arguments(document, folder)]
    body = write(reading, "typst", folder=folder, arguments=arguments)
    front = {
        "title": typeset(document.title, document.language),
        "subtitle": typeset(document.subtitle, document.language),
        "date": document.date,
        "lang": document.language,
        "provenance": document.provenance,
    }
    given = "".join(f"  {name}: {_string(value)},\n" for name, value in front.items())
    return (
        '#import "policy.typ": *\n'
        f"#show: policy.with(\n{given}  authors: {_array(document.authors)},\n)\n\n{body}"
    )


def _compiled(document: Document, folder: Path, fonts: Path | None) -> bytes:
    """Return the pages: as PDF/UA, or tagged only where a glyph or a heading's level is missing."""
    try:
        import typst
    except ImportError as error:
        raise MissingDependencyError("Typst is not installed", remedy=REMEDY) from error
    known = typst.Fonts(include_system_fonts=False, font_paths=_font_folders(folder, fonts))
    compiler = typst.Compiler(folder / "report.typ", root=folder, font_paths=known)
    try:
        return cast("bytes", compiler.compile(format="pdf", pdf_standards=["ua-1"]))
    except typst.TypstError as error:
        if "could not be displayed" in error.message:
            _warn_of_glyphs(document, fonts)
    try:
        return cast("bytes", compiler.compile(format="pdf"))
    except typst.TypstError as error:
        raise _translated(error) from error


def _font_folders(folder: Path, fonts: Path | None) -> list[str]:
    """Return where Typst looks for fonts beyond its own: DejaVu Sans, and the user's folder."""
    own = folder / "fonts"
    own.mkdir()
    for file in dejavu():
        shutil.copy(file, own / file.name)
    return [str(own), *([str(fonts)] if fonts else [])]


def _warn_of_glyphs(document: Document, fonts: Path | None) -> None:
    missing = missing_glyphs(document, fonts)
    named = " ".join(missing[:20]) + (" …" if len(missing) > 20 else "")
    warnings.warn(
        f"no font here has these {len(missing)} characters, which the PDF shows as empty boxes: "
        f"{named}; put fonts that have them, such as Noto Sans CJK, into a folder and name it "
        "with --fonts (fonts= in Python); HTML and DOCX use the fonts of the reader's machine",
        MissingGlyphWarning,
        stacklevel=4,
    )


def _translated(error: typst.TypstError) -> WorkbenchError:
    """Return an error of Typst as one of ours."""
    if "failed to decode image" in error.message or "image format" in error.message:
        return InputError("a picture cannot be read", value=error.message)
    return WorkbenchError("the PDF cannot be set", value=error.message,
                          where="; ".join(error.hints) or None)  # fmt: skip


class _Typst:
    """How Typst writes figures, tables, boxes and maths: calls of ``policy.typ``."""

    def __init__(self, language: str, folder: Path) -> None:
        self._language, self._folder = language, folder
        self._pictures = 0

    def picture(self, picture: Picture, number: str, caption: str) -> list[Node]:
        """Return a figure whose picture is a file of the scratch folder."""
        self._pictures += 1
        kind, content = ("svg", picture.svg) if picture.svg else ("png", picture.png)
        name = f"picture-{self._pictures}.{kind}"
        (self._folder / name).write_bytes(content)
        return _call(
            "policy-picture", _string(name), alt=_string(picture.alt or caption),
            number=_string(number), caption=_string(caption), name=_string(picture.label),
            width=f"{100 * picture_share(picture):.4g}%",
        )  # fmt: skip

    def table(self, table: Table, number: str, caption: str) -> list[Node]:
        """Return a table, smaller or on a page across where it is too wide."""
        cells = table_cells(table, self._language)
        fit = fitted_table(cells)
        rows = "(" + "".join(f"{_array(row)}," for row in fit.rows) + ")"
        sides = _words("right" if number else "left" for number in cells.numeric)
        return _call(
            "policy-table", _array(fit.columns), rows, align=sides,
            columns=_words("auto" for _ in cells.columns), size=f"{fit.size:g}pt",
            flipped=_boolean(fit.flipped), long=_boolean(len(cells.rows) > _LONG),
            number=_string(number), caption=_string(caption), name=_string(table.label),
        )  # fmt: skip

    def box(self, kind: str, title: str, inside: list[Node], *, language: str) -> list[Node]:
        """Return a framed part around its blocks."""
        head = ", ".join(map(_string, (kind, title, language)))
        return [raw("typst", f"#policy-box({head})["), *inside, raw("typst", "]")]

    def code(self, code: Code) -> list[Node]:
        """Return code as it is typed."""
        return [{"t": "CodeBlock", "c": [["", [code.language] if code.language else [], []],
                                         code.text]}]  # fmt: skip

    def maths(self, node: Node) -> list[Node]:
        """Return a formula that is read aloud as its TeX."""
        said = f"#[#set math.equation(alt: {_string(node['c'][1].strip())}); "
        return [_inline(said), node, _inline("]")]


def _call(function: str, *given: str, **named: str) -> list[Node]:
    arguments = [*given, *(f"{name}: {value}" for name, value in named.items())]
    return [raw("typst", f"#{function}({', '.join(arguments)})")]


def _inline(content: str) -> Node:
    return {"t": "RawInline", "c": ["typst", content]}


def _string(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _boolean(holds: bool) -> str:  # noqa: FBT001  a word of Typst
    return "true" if holds else "false"


def _array(items: Iterable[str]) -> str:
    return _words(map(_string, items))


def _words(items: Iterable[str]) -> str:
    """Return an array of Typst; the comma at the end makes one of a single item, too."""
    return "(" + "".join(f"{item}, " for item in items) + ")"
