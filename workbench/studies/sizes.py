"""What fits on a page: the width of pictures, the size and the side of tables."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.studies.document import Picture
    from workbench.studies.document_cells import Cells

__all__ = ["FittedTable", "fitted_table", "picture_share", "png_size", "png_width"]

#: The text of an A4 page of the policy look, in points: width, across, and height of a picture.
WIDTH, ACROSS, HEIGHT = 470.0, 717.0, 610.0
_SIZE, _SMALLEST = 9.0, 6.5
#: Width of a letter, a heading's letter and the space around a cell, in sizes of the font.
_LETTER, _STRONG, _AROUND = 0.52, 0.58, 1.1
#: Longer words may break behind a sign, the longest anywhere; in cells pseudonyms stay whole, to be
#: copied, and a heading's words may break earlier.
_LONG_WORD, _LONG_IN_HEADING, _LONGEST_WORD = 16, 8, 22
_BREAK = "\u200b"
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class FittedTable:
    """A table that fits its page.

    Attributes
    ----------
    columns, rows
        Cells whose long words may break.
    size
        Of the font, in points.
    flipped
        Whether its page lies across.
    widths
        Share of the text's width that each column takes; together at most 1.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    size: float
    flipped: bool
    widths: tuple[float, ...]


def fitted_table(cells: Cells) -> FittedTable:
    """Return a table set smaller, or on a page across, where its longest words do not fit."""
    columns = tuple(_breakable(name, long=_LONG_IN_HEADING) for name in cells.columns)
    rows = tuple(tuple(map(_breakable, row)) for row in cells.rows)
    texts = [[row[i] for row in rows] for i in range(len(columns))]
    least = [_width(_longest([name]), _longest(t)) for name, t in zip(columns, texts, strict=True)]
    liked = [
        _width(len(name), max(map(len, t), default=0))
        for name, t in zip(columns, texts, strict=True)
    ]
    flipped = sum(least) * _SMALLEST > WIDTH
    room = ACROSS if flipped else WIDTH
    size = min(_SIZE, _down(room / max(sum(least), 1)))
    return FittedTable(columns, rows, size, flipped, _shares(least, liked, room / size))


def picture_share(picture: Picture) -> float:
    """Return the share of the text's width at which a picture fits on its page."""
    width, height = png_size(picture.png, name=picture.label)
    return min(picture.width, HEIGHT * width / (height * WIDTH))


def png_size(png: bytes, *, name: str = "") -> tuple[int, int]:
    """Return width and height of a PNG, in pixels.

    Raises
    ------
    InputError
        It is no PNG.
    """
    if not png.startswith(_PNG) or len(png) < 24:
        raise InputError("a picture is no PNG", value=name or None)
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def png_width(png: bytes) -> float:
    """Return the width of a PNG in inches; one that does not say its density has 200 a inch.

    Raises
    ------
    InputError
        It is no PNG.
    """
    width, _ = png_size(png)
    place = png.find(b"pHYs", 0, 4096)
    density = struct.unpack(">I", png[place + 4 : place + 8])[0] * 0.0254 if place > 0 else 200.0
    return width / density if density > 0 else width / 200.0


def _breakable(cell: str, *, long: int = _LONG_WORD) -> str:
    """Return a cell whose long words may break behind a sign, or where they must; no numbers."""
    if not any(map(str.isalpha, cell)):
        return cell
    return re.sub(rf"\S{{{long + 1},}}", lambda found: _broken(found[0]), cell)


def _broken(word: str) -> str:
    pieces = re.findall(rf"[^\W_]{{1,{_LONGEST_WORD}}}|.", word)
    return "".join(p if p[-1].isalnum() and len(p) < _LONGEST_WORD else p + _BREAK for p in pieces)


def _width(heading: int, cell: int) -> float:
    """Return the width of a column whose heading and cells have so many letters."""
    return _AROUND + max(_LETTER * cell, _STRONG * heading)


def _shares(least: Sequence[float], liked: Sequence[float], room: float) -> tuple[float, ...]:
    """Share the room: what each column must have, and the rest by what each would like."""
    if sum(liked) <= room:
        return tuple(width / room for width in liked)
    wanted = [max(like - must, 0) for like, must in zip(liked, least, strict=True)]
    rest = max(room - sum(least), 0) / max(sum(wanted), 1e-9)
    total = max(room, sum(least))
    return tuple((must + rest * want) / total for must, want in zip(least, wanted, strict=True))


def _longest(cells: Sequence[str]) -> int:
    words = (word for cell in cells for word in re.split(rf"[ \n\t{_BREAK}-]", cell))
    return max(map(len, words), default=0)


def _down(size: float) -> float:
    """Return a size rounded down to tenths of a point."""
    return int(10 * size) / 10
