"""Sentences with places for numbers: filled, counted and typeset as English and French do."""

from __future__ import annotations

from math import floor, isfinite, log10
from numbers import Integral, Real
from string import Formatter
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.language import check_language, decimal, listed, percent, spaced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Text", "Voice", "digits_for", "paragraph"]

_MOST_DIGITS, _MOST_SMALL = 4, 15


class Text(NamedTuple):
    """One sentence in both languages, with ``{name}`` where a value goes.

    ``{n:# account|# accounts}`` takes the form that the number asks for, # being the number;
    ``{n:is|are}`` only agrees with it; ``{share:%}`` is a share in per cent, with ``%0`` without a
    digit; ``{x:3}`` a number with three digits after the point. Without a form a whole number is
    written whole, another one with two digits, a text as it is and a sequence as a list.
    """

    en: str
    fr: str


class Voice(Formatter):
    """Who says the sentences, in one language.

    Raises
    ------
    UsageError
        Reports do not speak the language.
    """

    def __init__(self, language: str) -> None:
        self.language = check_language(language)

    def say(self, text: Text, /, **values: Any) -> str:
        """Return the sentence in this language, its places filled; values are not typeset."""
        template = typeset(getattr(text, self.language), self.language)
        return self.format(template, **values)

    def name(self, names: Mapping[str, Text], key: str) -> str:
        """Return what something is called; what has no name here, by its own as it is."""
        return self.say(names[key]) if key in names else key

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return one value as its place asks for it."""
        if isinstance(value, str):
            return value
        if value is None:
            return decimal(None, self.language)
        if isinstance(value, Real):
            return self._numeral(value, format_spec)
        return listed([self.format_field(item, format_spec) for item in value], self.language)

    def figure(self, value: float | None, *beside: float | None) -> str:
        """Return a number with the digits that tell it apart from those it stands beside."""
        return decimal(value, self.language, digits=digits_for([value, *beside]))

    def _numeral(self, value: Real, spec: str) -> str:
        if spec.startswith("%"):
            return self._share(float(value), spec[1:])
        if "|" in spec:
            return self._counted(value, spec)
        if spec:
            return decimal(float(value), self.language, digits=int(spec))
        return self._number(value)

    def _counted(self, value: Real, forms: str) -> str:
        one, _, many = forms.partition("|")
        single = value == 1 if self.language == "en" else abs(float(value)) < 2
        return (one if single else many).replace("#", self._number(value))

    def _number(self, value: Real) -> str:
        whole = isinstance(value, Integral) or float(value).is_integer()
        return decimal(float(value), self.language, digits=0 if whole else 2)

    def _share(self, value: float, digits: str) -> str:
        """Return a share; what is not nothing or all does not read 0 % or 100 %."""
        shown = int(digits) if digits else 1
        while (
            shown < _MOST_DIGITS and value not in {0, 1} and round(100 * value, shown) in {0, 100}
        ):
            shown += 1
        return percent(value, self.language, digits=shown)


def typeset(text: str, language: str) -> str:
    """Return a sentence with the apostrophes, and in French the spaces, that printers set."""
    return spaced(text.replace("'", "’"), language)


def paragraph(sentences: Iterable[str]) -> str:
    """Return the sentences one after the other, each with a capital; empty ones are left out."""
    return " ".join(said[0].upper() + said[1:] for said in sentences if said)


def digits_for(numbers: Sequence[float | None]) -> int:
    """Return how many digits tell numbers apart: two, fewer from 10 on, at most four.

    Numbers that a sentence compares must not read alike when they differ; where all are smaller
    than four digits show, there are as many as show two of the largest.
    """
    known = sorted({abs(n) for n in numbers if n is not None and isfinite(n)})
    signed = sorted({n for n in numbers if n is not None and isfinite(n)})
    if not known:
        return 2
    digits = 0 if known[-1] >= 100 else 1 if known[-1] >= 10 else 2
    small = next((n for n in known if n > 0), 1.0)
    if 0 < known[-1] < 0.1:
        digits = min(_MOST_DIGITS, 1 - floor(log10(small)))
        digits = max(digits, min(_MOST_SMALL, 1 - floor(log10(known[-1]))))
    while digits < _MOST_DIGITS and len({round(n, digits) for n in signed}) < len(signed):
        digits += 1
    return digits
