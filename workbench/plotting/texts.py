"""What figures say, in the language they are asked to speak; the words are in ``texts.toml``."""

from __future__ import annotations

import textwrap
import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from math import floor, log10
from string import Formatter
from typing import TYPE_CHECKING, Any

from workbench.language import LANGUAGES, check_language, decimal, percent, spaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from matplotlib.axis import Axis

__all__ = [
    "catalogue",
    "in_language",
    "named",
    "number_ticks",
    "say",
    "spoken",
    "ticks",
    "wrapped",
    "written",
]

_SPOKEN: ContextVar[str] = ContextVar("language of figures", default="en")


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Draw in English (``en``) or French (``fr``) inside a ``with`` block.

    Axes, legends, captions and alt texts are in that language, numbers as it writes them; columns
    of the data keep their names.

    Raises
    ------
    UsageError
        Reports do not speak it.

    Examples
    --------
    >>> with in_language("fr"):
    ...     say("timeline.axis", period="jour")
    'messages par jour'
    """
    token = _SPOKEN.set(check_language(language))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def spoken() -> str:
    """Return the language that figures speak here."""
    return _SPOKEN.get()


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Return every text of every figure: ``section.name`` → language → template."""
    read = tomllib.loads(files("workbench.plotting").joinpath("texts.toml").read_text("utf-8"))
    return {
        f"{section}.{name}": {
            language: spaced(text.replace("'", "’"), language)
            for language, text in zip(LANGUAGES, texts, strict=True)
        }
        for section, entries in read.items()
        for name, texts in entries.items()
    }


def say(key: str, **values: Any) -> str:
    """Return a text of the catalogue with its places filled.

    Places are those of ``str.format``, with numbers as the language writes them; `{n:,|post|posts}`
    is a number and its noun, singular for 1 in English and below 2 in French.
    """
    return _Places().format(catalogue()[key][spoken()], **values)


def named(section: str, name: str) -> str:
    """Return what a measure, method, kind or filter is called; its identifier in words if unknown.

    `section` is a section of the catalogue, such as ``measure``.
    """
    texts = catalogue().get(f"{section}.{name}")
    return texts[spoken()] if texts else name.replace("_", " ")


def written(number: float, spec: str) -> str:
    """Return a number by a format such as ``,``, ``.2f``, ``.1%`` or ``.3g``.

    By ``,`` a number that is not whole has two decimals: half an act is neither none nor one.
    """
    if spec.endswith("%"):
        return percent(number, spoken(), digits=int(spec.strip(".%") or 0))
    if spec.endswith("g"):
        return _significant(number, int(spec.strip(",.g")))
    whole = 0 if float(number).is_integer() else 2
    return decimal(number, spoken(), digits=int(spec.strip(",.f") or whole))


def _significant(number: float, figures: int) -> str:
    """Return a number with so many significant figures, whole from a thousand on; no exponents."""
    if not number or number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124  NaN
        return decimal(number, spoken(), digits=0)
    digits = max(0, figures - 1 - floor(log10(abs(number))))
    text = decimal(number, spoken(), digits=digits)
    return text.rstrip("0").rstrip(".,") if digits else text


class _Places(Formatter):
    """Fills places with numbers as the language writes them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return one place; texts, and numbers without a format such as seeds, stay as they are."""
        if not format_spec or isinstance(value, str):
            return str(value)
        spec, *nouns = format_spec.split("|")
        number = written(value, spec)
        if not nouns:
            return number
        one = abs(value) < 2 if spoken() == "fr" else value == 1
        return f"{number} {nouns[0] if one else nouns[1]}"


def wrapped(text: str, width: int) -> str:
    """Return a label in lines of at most so many letters."""
    return textwrap.fill(text, width, break_long_words=False, replace_whitespace=False)


def ticks(spec: str) -> Callable[[float, float], str]:
    """Return a formatter of ticks in the language of now, which holds when the figure is drawn."""
    language = spoken()

    def tick(value: float, _position: float) -> str:
        with in_language(language):
            return written(value, spec)

    return tick


def number_ticks(axis: Axis) -> None:
    """Write the numbers of a linear axis in the language of now, all with the same digits."""
    from matplotlib.ticker import FuncFormatter, ScalarFormatter

    plain = ScalarFormatter(useOffset=False, useMathText=False)
    plain.set_scientific(False)
    plain.set_axis(axis)
    language = spoken()

    def tick(value: float, _position: float) -> str:
        plain.set_locs(axis.get_majorticklocs().tolist())
        digits = len(plain(value).partition(".")[2])
        return decimal(value, language, digits=digits)

    axis.set_major_formatter(FuncFormatter(tick))
