"""Numbers read back from prose, so that a sentence can be held to its result."""

from __future__ import annotations

import re
from collections import Counter

_EN = re.compile(r"−?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_FR = re.compile(r"−?(?:\d{1,3}(?:\u202f\d{3})+|\d+)(?:,\d+)?")
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
)
_DATE = re.compile(rf"\d+(?:er)?\u00a0(?:{_MONTHS}) \d{{4}}(?:, \d\d:\d\d UTC)?")


def numbers(text: str, language: str) -> list[tuple[float, int]]:
    """Return each number of a text, dates left out, with its digits after the point."""
    found = []
    for written in (_EN if language == "en" else _FR).findall(_DATE.sub("", text)):
        plain = written.replace("−", "-")
        if language == "en":
            plain = plain.replace(",", "")
        else:
            plain = plain.replace("\u202f", "").replace(",", ".")
        found.append((float(plain), len(plain.partition(".")[2])))
    return found


def strangers(text: str, language: str, facts: set[float]) -> list[float]:
    """Return the numbers of a text that no fact gives when it is rounded as they are."""
    return [
        number
        for number, digits in numbers(text, language)
        if not any(abs(number - fact) <= 0.5001 * 10**-digits for fact in facts)
    ]


def alike(english: str, french: str) -> bool:
    """Return whether both languages carry the same numbers, each as often."""
    told = [Counter(numbers(t, lang)) for t, lang in ((english, "en"), (french, "fr"))]
    return told[0] == told[1]
