"""The words of a report that stand around its content, in English and French; and its spaces."""

from __future__ import annotations

import re

from workbench.language import spaced

__all__ = ["TERMS", "other_language", "typeset"]

#: Term → language → wording.
TERMS = {
    "figure": {"en": "Figure", "fr": "Figure"},
    "table": {"en": "Table", "fr": "Tableau"},
    "stop": {"en": ".", "fr": "\u00a0–"},
    "findings": {"en": "Key findings", "fr": "Constats principaux"},
    "abstract": {"en": "Abstract", "fr": "Résumé"},
    "references": {"en": "References", "fr": "Références"},
    "notes": {"en": "Notes", "fr": "Notes"},
    "contents": {"en": "Contents", "fr": "Sommaire"},
    "skip": {"en": "Skip to the content", "fr": "Aller au contenu"},
    "back": {"en": "Back to the text", "fr": "Retour au texte"},
    "undated": {"en": "n.d.", "fr": "s.d."},
}


def other_language(language: str) -> str:
    """Return the other of the two languages of reports."""
    return "fr" if language == "en" else "en"


def typeset(text: str, language: str) -> str:
    """Return a title or caption as it is set: spaces that do not break, a real apostrophe."""
    return re.sub(r"(?<=\w)'(?=\w)", "’", spaced(text, language))
