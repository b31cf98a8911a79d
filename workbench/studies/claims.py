"""Claims: sentences with places for numbers, printed only where the numbers make them true."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, field
from string import Formatter
from typing import TYPE_CHECKING, Any

from workbench.errors import ClaimError, InputError
from workbench.language import (
    LANGUAGES,
    check_language,
    day,
    decimal,
    moment,
    percent,
    spaced,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["NOUNS", "Amount", "Claim", "Condition", "check", "chosen", "escaped"]

_RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "≥": operator.ge,
    ">": operator.gt,
    "≤": operator.le,
    "<": operator.lt,
    "=": operator.eq,
}
#: Units that are counted: singular and plural of each language.
NOUNS = {
    "posts": {"en": ("post", "posts"), "fr": ("message", "messages")},
    "accounts": {"en": ("account", "accounts"), "fr": ("compte", "comptes")},
    "acts": {"en": ("act", "acts"), "fr": ("interaction", "interactions")},
    "retweets": {"en": ("retweet", "retweets"), "fr": ("retweet", "retweets")},
    "edges": {"en": ("edge", "edges"), "fr": ("lien", "liens")},
    "communities": {"en": ("community", "communities"), "fr": ("communauté", "communautés")},
    "files": {"en": ("file", "files"), "fr": ("fichier", "fichiers")},
    "days": {"en": ("day", "days"), "fr": ("jour", "jours")},
    "indices": {"en": ("index", "indices"), "fr": ("indice", "indices")},
    "runs": {"en": ("search", "searches"), "fr": ("recherche", "recherches")},
    "graphs": {"en": ("random graph", "random graphs"),
               "fr": ("graphe aléatoire", "graphes aléatoires")},
    "resamples": {"en": ("resample", "resamples"), "fr": ("rééchantillonnage",
                                                         "rééchantillonnages")},
}  # fmt: skip
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~^$@:])")


def escaped(text: str) -> str:
    """Return text so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", text)


@dataclass(frozen=True)
class Amount:
    """A number of a result, or a word of one, with its unit.

    Attributes
    ----------
    value
        A number, a text, an ISO date, or None for unknown; a word that languages spell differently
        is a mapping of the languages.
    unit
        A key of ``NOUNS``, or ``share`` (in [0, 1], written in per cent), ``day``, ``ms`` (epoch
        milliseconds), ``rank``, ``name`` (``names``: by language), ``word``; any other unit is a
        plain number.
    digits
        After the decimal point, where there is one.
    """

    value: Any
    unit: str
    digits: int = 2

    def written(self, language: str) -> str:
        """Return the number as the language writes it, without its noun."""
        check_language(language)
        if isinstance(self.value, str):
            return day(self.value, language) if self.unit == "day" else self.value
        if self.unit in {"word", "names"}:
            return str(self.value[language])
        if self.value is not None and self.unit in {*NOUNS, "rank"}:
            return whole(self.value, language)
        if self.unit == "share":
            return percent(self.value, language, digits=min(self.digits, 1))
        if self.value is not None and self.unit == "ms":
            return moment(self.value, language)
        return decimal(self.value, language, digits=self.digits)

    def counted(self, language: str) -> str:
        """Return the number with its noun, singular or plural as the language wants it."""
        one, many = NOUNS[self.unit][language]
        single = abs(self.value) < 2 if language == "fr" else self.value == 1
        return f"{self.written(language)} {one if single else many}"

    def to_dict(self) -> dict[str, Any]:
        """Return ``value unit`` for a file of results."""
        return {"value": self.value, "unit": self.unit}


@dataclass(frozen=True)
class _Place:
    """An amount where a sentence has it: ``{posts}``, or ``{posts:counted}`` with its noun."""

    amount: Amount
    language: str
    markdown: bool

    def __format__(self, spec: str) -> str:
        if spec == "counted":
            return self.amount.counted(self.language)
        told = self.amount.written(self.language)
        free = self.markdown and self.amount.unit in {"name", "names"}
        return escaped(told) if free else told


@dataclass(frozen=True)
class Condition:
    """What must hold of a number for a sentence to be true: ``value relation threshold``.

    Attributes
    ----------
    what
        What the number is, for the error and the file of results.
    value, threshold
        Numbers; a value of None holds never.
    relation
        ``≥ > ≤ < =``.
    """

    what: str
    value: float | None
    relation: str
    threshold: float

    def __post_init__(self) -> None:
        """Refuse a relation that nobody can decide."""
        if self.relation not in _RELATIONS:
            raise InputError("no such relation", value=self.relation,
                             allowed=" ".join(_RELATIONS))  # fmt: skip

    @property
    def holds(self) -> bool:
        """Whether the number is on the right side of the threshold."""
        return self.value is not None and bool(
            _RELATIONS[self.relation](self.value, self.threshold)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return ``what value relation threshold holds``."""
        return {"what": self.what, "value": self.value, "relation": self.relation,
                "threshold": self.threshold, "holds": self.holds}  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """A sentence of a study, in every language, with the numbers that it says and rests on.

    Attributes
    ----------
    id
        Unique in the study.
    section
        Where it is told.
    sentence
        Language → the sentence, with a named place for each number: ``{posts}``, or
        ``{posts:counted}`` for the number with its noun.
    places
        The amounts of the places.
    conditions
        What must hold of the numbers; at least one.
    value, low, high
        The number that the sentence is about, and its 95 % interval; None where there is none.
    finding
        Whether it belongs into the box of key findings.
    """

    id: str
    section: str
    sentence: Mapping[str, str]
    places: Mapping[str, Amount]
    conditions: Sequence[Condition]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    finding: bool = False
    unit: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """Hold every language to the same numbers, and the claim to a condition.

        Raises
        ------
        InputError
            A language is missing, a place has no amount, an amount no place, or no condition is
            there that could be false.
        """
        if set(self.sentence) != set(LANGUAGES):
            raise InputError("a claim is told in every language", where=self.id,
                             value=", ".join(self.sentence),
                             allowed=", ".join(LANGUAGES))  # fmt: skip
        if not self.conditions:
            raise InputError("a claim that nothing could make false is none", where=self.id)
        for language, text in self.sentence.items():
            named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            if named != set(self.places):
                raise InputError(
                    "the places of a sentence are not the amounts of its claim",
                    value=", ".join(sorted(named ^ set(self.places))),
                    where=f"{self.id}, {language}",
                )

    @property
    def holds(self) -> bool:
        """Whether every condition holds."""
        return all(condition.holds for condition in self.conditions)

    def told(self, language: str, *, markdown: bool = False) -> str:
        """Return the sentence with its numbers.

        Parameters
        ----------
        markdown
            Whether names are written so that Markdown shows them as they are.
        """
        check_language(language)
        places = {name: _Place(a, language, markdown) for name, a in self.places.items()}
        return spaced(self.sentence[language], language).format_map(places)

    def to_dict(self, language: str) -> dict[str, Any]:
        """Return ``id sentence value low high holds``, and what decided."""
        return {
            "id": self.id,
            "section": self.section,
            "sentence": self.told(language),
            "value": self.value,
            "unit": self.unit,
            "low": self.low,
            "high": self.high,
            "holds": self.holds,
            "finding": self.finding,
            "conditions": [condition.to_dict() for condition in self.conditions],
        }


def chosen(*alternatives: Claim) -> Claim:
    """Return the first of several claims that holds, or the last, which then fails its check."""
    return next((claim for claim in alternatives if claim.holds), alternatives[-1])


def check(claims: Sequence[Claim], *, language: str = "en") -> None:
    """Refuse claims of which one is not true.

    Raises
    ------
    ClaimError
        Names the sentence, the value and the threshold that it misses.
    InputError
        Two claims have the same id.
    """
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise InputError("two claims have one id", value=claim.id)
        seen.add(claim.id)
        for condition in claim.conditions:
            if not condition.holds:
                raise ClaimError(
                    f"the claim “{claim.told(language)}” is not true",
                    value=condition.value,
                    where=f"{claim.id}: {condition.what}",
                    allowed=f"{condition.relation} {condition.threshold:g}",
                    remedy="nothing was written",
                )
