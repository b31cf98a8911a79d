"""How the cells of a table are written, and which columns stand to the right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.language import decimal, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.studies.document import Table

__all__ = ["Cells", "table_cells"]

_DIGITS = 3
_YES_NO = {"en": ("yes", "no"), "fr": ("oui", "non")}
#: A number as text: sign, digits in groups or not, a fraction, an exponent, per cent.
_NUMBER = re.compile(
    r"[-+\u2212]?(?:\d+|\d{1,3}(?:[, \u202f\u00a0]\d{3})+)(?:[.,]\d+)?(?:e[-+]?\d+)?"
    r"[\u202f\u00a0 ]?%?"
)
_UNKNOWN = "–"


@dataclass(frozen=True)
class Cells:
    """A table as it is read: every cell is text.

    Attributes
    ----------
    columns, rows
        Headings, and the rows under them.
    numeric
        For each column, whether it holds numbers, which stand to the right.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


def table_cells(table: Table, language: str) -> Cells:
    """Return the cells of a table as a language writes them.

    A column of fractions has equally many digits in every row; unknown is a dash.
    """
    digits = [_digits(table, i) for i in range(len(table.columns))]
    rows = tuple(
        tuple(_shown(value, language, digits=digits[i]) for i, value in enumerate(row))
        for row in table.rows
    )
    numeric = tuple(_is_numeric([row[i] for row in rows]) for i in range(len(table.columns)))
    return Cells(tuple(map(str, table.columns)), rows, numeric)


def _digits(table: Table, column: int) -> int:
    """Return the digits after the point in a column: none where every number is a whole one."""
    given = table.digits.get(table.columns[column])
    if given is not None:
        return given
    fractions = (row[column] for row in table.rows if _is_fraction(row[column]))
    return _DIGITS if any(not value.is_integer() for value in fractions) else 0


def _is_fraction(value: Any) -> bool:
    return isinstance(value, float) and value - value == 0  # neither infinite nor NaN


def _shown(value: Any, language: str, *, digits: int) -> str:
    if value is None:
        return _UNKNOWN
    if hasattr(value, "item"):  # a number of NumPy
        value = value.item()
    if isinstance(value, bool):
        return _YES_NO[language][0 if value else 1]
    if isinstance(value, int):
        return whole(value, language)
    if isinstance(value, float):
        return decimal(value, language, digits=digits)
    return str(value)


def _is_numeric(texts: Sequence[str]) -> bool:
    known = [text for text in texts if text not in {_UNKNOWN, ""}]
    return bool(known) and all(_NUMBER.fullmatch(text.lower()) for text in known)
