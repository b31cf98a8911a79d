"""Numbers, dates and lists as English and French write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from math import isfinite
from typing import TYPE_CHECKING

from workbench.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "LANGUAGES",
    "between",
    "check_language",
    "day",
    "decimal",
    "listed",
    "moment",
    "percent",
    "spaced",
    "whole",
]

#: The languages of reports.
LANGUAGES = ("en", "fr")
#: French sets groups of three digits and ; : ! ? « » apart with a narrow no-break space, and %
#: with a wide one.
_NARROW, _WIDE = "\u202f", "\u00a0"
_MINUS = "\u2212"
_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
        "octobre", "novembre", "décembre",
    ),
}  # fmt: skip


def check_language(language: str) -> str:
    """Return the language, one of ``en`` and ``fr``.

    Raises
    ------
    UsageError
        Reports do not speak it.
    """
    if language not in LANGUAGES:
        raise UsageError("reports do not speak this language", value=language,
                         allowed=", ".join(LANGUAGES))  # fmt: skip
    return language


def whole(number: float, language: str) -> str:
    """Return a number rounded to a whole one, its thousands set apart: 12,345 or 12 345."""
    return decimal(number, language, digits=0)


def decimal(number: float | None, language: str, *, digits: int = 2) -> str:
    """Return a number with so many digits after the point: 1,234.50 or 1 234,50.

    None and NaN are a dash, because missing is never zero; what rounds to zero has no sign.
    """
    check_language(language)
    if number is None or number != number:  # noqa: PLR0124  NaN
        return "–"
    if not isfinite(number):
        return "∞" if number > 0 else f"{_MINUS}∞"
    written = f"{abs(number):,.{digits}f}"
    if number < 0 and any(digit in written for digit in "123456789"):
        written = _MINUS + written
    if language == "fr":
        written = written.replace(",", _NARROW).replace(".", ",")
    return written


def percent(share: float | None, language: str, *, digits: int = 1) -> str:
    """Return a share in [0, 1] in per cent: 43.1% or 43,1 %; None and NaN are a dash."""
    if share is None or share != share:  # noqa: PLR0124  NaN
        return decimal(share, language)
    written = decimal(100 * share, language, digits=digits)
    return f"{written}%" if language == "en" else f"{written}{_WIDE}%"


def between(low: float | None, high: float | None, language: str, *, digits: int = 2) -> str:
    """Return an interval in words: 0.41 to 0.52, or 0,41 à 0,52; one number when both are equal."""
    ends = [decimal(end, language, digits=digits) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f" {_TO[language]} ".join(ends)


def day(when: date | str, language: str) -> str:
    """Return a day, given as a date or ISO text: 24 April 2017 or 24 avril 2017."""
    check_language(language)
    found = date.fromisoformat(when[:10]) if isinstance(when, str) else when
    first = "1er" if language == "fr" and found.day == 1 else str(found.day)
    return f"{first}{_WIDE}{_MONTHS[language][found.month - 1]} {found.year}"


def moment(milliseconds: int, language: str) -> str:
    """Return a moment, epoch milliseconds, cut at the minute: 24 April 2017, 13:05 UTC."""
    found = datetime.fromtimestamp(milliseconds // 1000, tz=UTC)
    return f"{day(found.date(), language)}, {found:%H:%M} UTC"


def listed(items: Sequence[str], language: str) -> str:
    """Return items as a sentence lists them: a, b and c, or a, b et c."""
    check_language(language)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {_AND[language]} {items[-1]}"


def spaced(text: str, language: str) -> str:
    """Return a text whose spaces do not break where French does not: before ``; : ! ? » %``."""
    if check_language(language) != "fr":
        return text
    text = re.sub(r" (?=[;!?]|[:»](?:\W|$))", _NARROW, text)
    text = re.sub(r" (?=%(?:\W|$))", _WIDE, text)
    return text.replace("« ", f"«{_NARROW}")


_TO = {"en": "to", "fr": "à"}
_AND = {"en": "and", "fr": "et"}
