"""The letters that a PDF can show: those of the fonts which come with the report tools."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.studies.document import Box, Code, Heading, Picture, Prose, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbench.studies.document import Block, Document

__all__ = ["dejavu", "missing_glyphs"]

#: Characters that have no glyph and need none: controls, formats, spaces, marks of variants.
_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
_FACES = ("", "-Bold", "-Oblique", "-BoldOblique")


def dejavu() -> list[Path]:
    """Return the files of DejaVu Sans, which matplotlib brings along."""
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return [folder / f"DejaVuSans{face}.ttf" for face in _FACES]


def missing_glyphs(document: Document, fonts: Path | None = None) -> list[str]:
    """Return the characters of a document that neither DejaVu Sans nor the user's fonts have.

    Characters of the text are told; those inside of pictures are pictures.
    """
    letters = {letter for said in _texts(document) for letter in said}
    letters -= {each for each in letters if unicodedata.category(each) in _INVISIBLE}
    files = [dejavu()[0], *(_font_files(fonts) if fonts else [])]
    codes = {ord(letter) for letter in letters}
    for file in files:
        codes -= _coverage(file)
    return sorted(map(chr, codes))


def _font_files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.suffix.lower() in {".ttf", ".otf", ".ttc"})


def _coverage(file: Path) -> set[int]:
    from matplotlib.ft2font import FT2Font

    return set(FT2Font(str(file)).get_charmap())


def _texts(document: Document) -> Iterator[str]:
    yield from (document.title, document.subtitle, document.date, document.provenance)
    yield from (*document.authors, *document.findings, document.abstract, document.other_abstract)
    yield document.bibtex
    for block in document.blocks:
        yield from _texts_of(block)


def _texts_of(block: Block) -> Iterable[str]:
    if isinstance(block, Table):
        return (block.caption, *map(str, block.columns), *(str(c) for r in block.rows for c in r))
    if isinstance(block, Picture):
        return (block.caption,)
    if isinstance(block, Box):
        return (block.title, block.text)
    return (block.text,) if isinstance(block, Heading | Prose | Code) else ()
