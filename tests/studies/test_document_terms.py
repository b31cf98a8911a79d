"""Words around a report."""

from __future__ import annotations

from workbench.language import LANGUAGES
from workbench.studies.document_terms import TERMS, other_language, typeset


def test_every_term_is_in_every_language():
    assert all(set(wording) == set(LANGUAGES) for wording in TERMS.values())
    assert [other_language(language) for language in LANGUAGES] == ["fr", "en"]


def test_titles_have_real_apostrophes():
    assert typeset("l'étude : d'un 'mot'", "fr") == "l’étude\u202f: d’un 'mot'"
    assert typeset("it's 5 ?", "en") == "it’s 5 ?"
