"""Ids in the cells of text files: written so that a spreadsheet spoils none, and read back."""

from __future__ import annotations

import re

__all__ = ["ROUNDED", "plain_cell", "safe_cell"]

#: A number that a spreadsheet or a float made of an id, and "not a number".
ROUNDED = r"^[+-]?\d+([.,]\d*)?[eE]\+?\d+$|^\d{16,}[.,]0*$|^[nN][aA][nN]$"


def safe_cell(text: str) -> str:
    """Return a text that is no formula, no number that would be rounded and begins no comment.

    Such a text, and one that differs from such a text by leading apostrophes only, gets an
    apostrophe in front; all others stay. Different texts stay different: ``plain_cell`` undoes it.
    """
    return f"'{text}" if _spoiled(text.lstrip("'")) else text


def plain_cell(cell: str) -> str:
    """Return the text of which ``safe_cell`` made a cell."""
    return cell[1:] if cell[:1] == "'" and _spoiled(cell.lstrip("'")) else cell


def _spoiled(text: str) -> bool:
    """Return whether a spreadsheet, or the reader of edge lists, takes a text for another thing."""
    sign = text[:1] in {"=", "+", "-", "@", "\t", "\r", "#", "%"}
    return sign or (len(text) > 15 and text.isdigit()) or re.search(ROUNDED, text) is not None
