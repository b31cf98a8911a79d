"""A report before it has a format: what stands in front, and blocks in the order they are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError
from workbench.language import check_language

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Block", "Box", "Code", "Document", "Heading", "Picture", "Prose", "Table"]

#: What pandoc and the plain page both read as the name behind an @.
_LABEL = re.compile(r"\w+(?:[-:.]+\w+)*")


@dataclass(frozen=True)
class Heading:
    """The title of a section.

    Attributes
    ----------
    text
        Markdown, in a line.
    level
        1 is the largest.
    numbered
        False for appendices' sake.
    notes
        Markdown of its footnotes' texts.
    """

    text: str
    level: int = 1
    numbered: bool = True
    notes: str = ""


@dataclass(frozen=True)
class Prose:
    """Markdown: paragraphs, lists, footnotes, maths ``$…$``, citations ``[@key]``.

    ``@fig-x`` and ``@tbl-x`` refer to the picture or table of that label.
    """

    text: str


@dataclass(frozen=True)
class Picture:
    """A figure.

    Attributes
    ----------
    label
        ``fig-`` and a name, unique in the document; empty for a picture without a number.
    caption, alt
        What it shows; and the same for who cannot see it. Plain text.
    png
        The picture.
    svg
        The same with text that stays text; None where there is only the raster.
    html
        An interactive view that takes the picture's place on a page; empty for none.
    width
        Share of the text's width, in (0, 1].
    """

    label: str
    caption: str
    alt: str
    png: bytes
    svg: bytes | None = None
    html: str = ""
    width: float = 1.0


@dataclass(frozen=True)
class Table:
    """A table; cells are numbers, texts, booleans, or None for unknown, which is shown as a dash.

    Attributes
    ----------
    label
        ``tbl-`` and a name, unique in the document; empty for a table without a number.
    columns, rows
        Headings, with units, and the rows under them.
    caption
        What it shows. Plain text.
    digits
        Digits after the point of each column that holds fractions; others have three.
    """

    label: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    digits: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Box:
    """A framed part, such as methods or data and ethics; `text` is Markdown."""

    title: str
    text: str


@dataclass(frozen=True)
class Code:
    """Commands or code as they are typed."""

    text: str
    language: str = ""


Block = Heading | Prose | Picture | Table | Box | Code


@dataclass(frozen=True)
class Document:
    """What a report says, in one language, without a format.

    Attributes
    ----------
    title, subtitle, authors, date
        Of the title band; `date` is text, and empty for none: no report asks the clock.
    language
        ``en`` or ``fr``.
    findings
        The box on page one: sentences with their numbers and uncertainty, Markdown.
    abstract, other_abstract
        Summary in the language of the document, and in the other one; Markdown.
    blocks
        The body.
    bibtex
        The references that ``[@key]`` cites, as BibTeX.
    provenance
        One line for the foot of each page: version, seed, hash of the data.
    """

    title: str
    language: str = "en"
    blocks: tuple[Block, ...] = ()
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    findings: tuple[str, ...] = ()
    abstract: str = ""
    other_abstract: str = ""
    bibtex: str = ""
    provenance: str = ""

    def __post_init__(self) -> None:
        """Check the language and that every label is there once.

        Raises
        ------
        UsageError
            Reports do not speak the language.
        InputError
            A label stands twice, is of another kind, or holds what no reference can name.
        """
        check_language(self.language)
        seen: set[str] = set()
        for block in self.labelled():
            wanted = "fig-" if isinstance(block, Picture) else "tbl-"
            if not block.label.startswith(wanted):
                raise InputError("a label is of another kind", value=block.label,
                                 allowed=f"{wanted}…")  # fmt: skip
            if not _LABEL.fullmatch(block.label):
                raise InputError("a label holds what no reference can name", value=block.label,
                                 allowed="letters, digits, - and _")  # fmt: skip
            if block.label in seen:
                raise InputError("a label stands twice", value=block.label,
                                 remedy="give each figure and table its own")  # fmt: skip
            seen.add(block.label)

    def labelled(self) -> Iterator[Picture | Table]:
        """Yield the figures and tables that have a label, in order."""
        for block in self.blocks:
            if isinstance(block, Picture | Table) and block.label:
                yield block
