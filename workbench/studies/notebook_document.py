"""An executed notebook as a document: front matter, prose, figures, tables, code."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, NotFoundError, WorkbenchError, shorten
from workbench.language import check_language
from workbench.studies.claims import escaped
from workbench.studies.document import Code, Document, Heading, Picture, Prose, Table
from workbench.studies.front_matter import FrontMatter, front_matter
from workbench.studies.html_tables import frame_source, html_tables, html_text
from workbench.studies.markdown_blocks import markdown_blocks
from workbench.studies.notebook_run import cell_name
from workbench.studies.sizes import png_width

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.studies.document import Block

__all__ = ["notebook_document", "spoken_language"]

_OPTION = re.compile(r"^#\|\s*([\w-]+):\s*(.*)$")
_HIDDEN_CODE = {"remove-input", "hide-input", "parameters", "injected-parameters"}
#: Pictures that not every format of a report can show.
_OTHER_PICTURES = {
    "image/svg+xml", "image/jpeg", "image/gif", "image/webp", "application/pdf",
    "application/vnd.plotly.v1+json", "application/vnd.vegalite.v5+json",
}  # fmt: skip
#: What colours the text of a terminal.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_HIDDEN_CELL, _HIDDEN_OUTPUT = "remove-cell", "remove-output"
#: Width of the text of a page, in inches: figures keep their size up to it.
_TEXT_WIDTH = 6.5
_ALT = {"en": "Figure of {cell}", "fr": "Figure de {cell}"}


def notebook_document(book: Any, folder: Path, *, language: str = "") -> Document:
    """Return an executed notebook as a document.

    Markdown cells are prose; ``::: {.box title="…"}`` to ``:::`` is a box, and an image in a
    paragraph of its own a figure. Code is shown unless its cell has the tag ``remove-input``,
    ``hide-input`` or ``parameters``, or the option ``#| echo: false``. Its figures and tables are
    numbered when it has the options ``#| label:`` (``fig-x``, ``tbl-x``) and ``#| fig-cap:`` or
    ``#| tbl-cap:``; ``#| fig-alt:`` is read to those who cannot see.

    Parameters
    ----------
    book
        The notebook, with outputs.
    folder
        Where the files are that it names: images, references.
    language
        ``en`` or ``fr``; empty takes ``lang`` of the front matter, or English.

    Raises
    ------
    InputError
        The front matter is no YAML, an option has no use, or a cell holds an error.
    NotFoundError
        An image or the references are not there.
    UsageError
        Reports do not speak the language.
    """
    front, cells = front_matter(book)
    spoken = spoken_language(book, language)
    blocks: list[Block] = []
    for cell in cells:
        if _HIDDEN_CELL in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            blocks += markdown_blocks(cell.source, folder, attachments=cell.get("attachments", {}))
        elif cell.cell_type == "code":
            blocks += _Cell(book, cell, spoken, echo=front.echo).blocks()
    title, blocks = _titled(front, blocks)
    return Document(
        title,
        spoken,
        tuple(blocks),
        subtitle=front.subtitle,
        authors=front.authors,
        date=front.day(spoken),
        findings=front.findings,
        abstract=front.abstract if spoken == "en" else front.resume,
        other_abstract=front.resume if spoken == "en" else front.abstract,
        bibtex=_references(front, folder),
        provenance=front.provenance,
    )


def spoken_language(book: Any, language: str = "") -> str:
    """Return the language of a notebook's document: `language`, else its front matter's, else en.

    Raises
    ------
    InputError
        The front matter is no YAML.
    UsageError
        Reports do not speak the language.
    """
    return check_language(language or front_matter(book)[0].language or "en")


def _titled(front: FrontMatter, blocks: list[Block]) -> tuple[str, list[Block]]:
    """Return the title and the blocks; without one in front, the first heading is it."""
    if front.title:
        return front.title, _lifted(blocks)
    first = next((b for b in blocks if isinstance(b, Heading) and b.level == 1), None)
    if first is not None and first.notes:
        raise InputError("the title has a footnote", value=first.text,
                         remedy="put the note into the text")  # fmt: skip
    if first is None:
        raise InputError("the notebook has no title",
                         remedy="begin it with a Markdown cell: # Title")  # fmt: skip
    rest = [block for block in blocks if block is not first]
    return _unmarked(first.text), _lifted(
        [
            replace(block, level=max(block.level - 1, 1)) if isinstance(block, Heading) else block
            for block in rest
        ]
    )


def _lifted(blocks: list[Block]) -> list[Block]:
    """Return blocks whose largest headings are of level 1: no section has the number 0.1."""
    over = min((b.level for b in blocks if isinstance(b, Heading)), default=1) - 1
    return [replace(b, level=b.level - over) if isinstance(b, Heading) else b for b in blocks]


def _unmarked(text: str) -> str:
    """Return a heading as a title, which is plain text: without links, stress, code and escapes."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?<!\\)(\*{1,3}|`)(\S|\S.*?\S)(?<!\\)\1", r"\2", text)
    return re.sub(r"\\([^\w\s])", r"\1", text)


def _references(front: FrontMatter, folder: Path) -> str:
    texts = []
    for name in front.bibliography:
        file = folder / name
        if not file.is_file():
            raise NotFoundError("no such file of references", value=name, where="front matter")
        try:
            texts.append(file.read_text("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise InputError("the references are not UTF-8", value=name,
                             where="front matter") from error  # fmt: skip
    return "\n".join(texts)


@dataclass
class _Cell:
    """Turns one code cell into blocks."""

    book: Any
    cell: Any
    language: str
    echo: bool

    def blocks(self) -> list[Block]:
        """Return the code, if it is shown, and its outputs."""
        options, code = self._options()
        tags = set(self.cell.metadata.get("tags", []))
        shown = (
            self.echo
            and options.get("echo", "").lower() not in {"false", "no"}
            and not tags & _HIDDEN_CODE
        )
        made: list[Block] = [Code(code, "python")] if shown and code else []
        if _HIDDEN_OUTPUT in tags:
            return made
        numbered = 0
        for output in self.cell.outputs:
            for block in self._output(output, options):
                if isinstance(block, Picture | Table) and options.get("label"):
                    numbered += 1
                    name = options["label"] + (f"-{numbered}" if numbered > 1 else "")
                    made.append(replace(block, label=name))
                else:
                    made.append(block)
        if options.get("label", "").startswith(("fig-", "tbl-")) and not numbered:
            raise InputError("a cell with a label shows no figure or table",
                             value=options["label"], where=self._name())  # fmt: skip
        return made

    def _options(self) -> tuple[dict[str, str], str]:
        """Return the ``#|`` options of the cell, and its code without them."""
        options: dict[str, str] = {}
        lines: list[str] = []
        name = ""
        for line in self.cell.source.splitlines():
            found = _OPTION.match(line)
            if found:
                name = found[1]
                options[name] = found[2].strip()
            elif line.startswith("#|") and name:  # a text that goes on
                options[name] = f"{options[name].strip('|>')} {line[2:].strip()}".strip()
            else:
                lines.append(line)
        return {name: _unquoted(said) for name, said in options.items()}, "\n".join(lines).strip()

    def _output(self, output: Any, options: dict[str, str]) -> list[Block]:
        if output.output_type == "error":
            raise WorkbenchError("the notebook raises", where=self._name(),
                                 value=shorten(f"{output.ename}: {output.evalue}"))  # fmt: skip
        if output.output_type == "stream":
            return _printed(output.text) if output.name == "stdout" else []
        data = output.get("data", {})
        page = "".join(data.get("text/html", ""))
        if "image/png" in data:
            return [self._picture(data, options, page)]
        caption = options.get("tbl-cap", "")
        tables = html_tables(page, caption=caption, language=self.language)
        return list(tables) or self._text(data, page)

    def _text(self, data: Any, page: str) -> list[Block]:
        """Return an output that is neither picture nor table."""
        if "text/markdown" in data:
            return [Prose("".join(data["text/markdown"]))]
        formula = "".join(data.get("text/latex", "")).strip()
        if formula.startswith("$"):  # what else TeX can be, only TeX can show
            return [Prose(formula)]
        lost = sorted(set(data) & _OTHER_PICTURES)
        if page and not lost and "<pre" not in page:
            paragraphs = html_text(page)
            if paragraphs is not None:
                return [Prose(escaped(paragraph)) for paragraph in paragraphs]
            lost = ["text/html"]
        if lost:
            raise InputError("an output is a picture of a kind that reports do not show",
                             value=", ".join(lost), where=self._name(), allowed="image/png",
                             remedy="or give its cell the tag remove-output")  # fmt: skip
        return _printed("".join(data.get("text/plain", "")))

    def _picture(self, data: Any, options: dict[str, str], page: str) -> Picture:
        try:
            png = base64.b64decode(data["image/png"])
            wide = png_width(png)
        except (binascii.Error, InputError) as error:
            raise InputError("an output is no PNG, though it says so",
                             where=self._name()) from error  # fmt: skip
        caption = options.get("fig-cap", "")
        alt = options.get("fig-alt") or caption or _ALT[self.language].format(cell=self._name())
        svg = "".join(data.get("image/svg+xml", ""))
        return Picture(
            "",
            caption,
            alt,
            png,
            svg=svg.encode() if svg else None,
            html=frame_source(page),
            width=min(1.0, wide / _TEXT_WIDTH),
        )

    def _name(self) -> str:
        return cell_name(self.book, self.cell)


def _printed(text: str) -> list[Block]:
    """Return what was printed, without colours; nothing if that is all."""
    plain = _COLOURS.sub("", text).rstrip()
    return [Code(plain)] if plain else []


def _unquoted(value: str) -> str:
    mark = value[:1]
    if len(value) < 2 or mark not in {"'", '"'} or value[-1] != mark:
        return value
    return value[1:-1].replace("''" if mark == "'" else '\\"', mark)
