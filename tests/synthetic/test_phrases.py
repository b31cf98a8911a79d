from __future__ import annotations

import re

import pytest

from workbench.synthetic import phrases


@pytest.mark.parametrize("camp", range(3))
@pytest.mark.parametrize("language", [phrases.FRENCH, phrases.ENGLISH])
def test_every_voice_has_many_different_clauses(camp, language):
    voice = phrases.grammar(camp, language)
    assert len(set(voice.clauses)) == len(voice.clauses) >= 80
    assert all(clause.endswith(".") and "  " not in clause for clause in voice.clauses)
    assert "" in voice.closings
    # The platform escapes ampersands; nothing else may look like markup.
    texts = [*voice.openings, *voice.clauses, *voice.closings]
    assert not any(re.search(r"&(?!amp;)|[<>@#]", text) for text in texts)


def test_languages_differ():
    for camp in range(3):
        french, english = (set(phrases.grammar(camp, language).clauses) for language in (0, 1))
        assert not french & english


def test_hashtags_differ_in_case_accents_and_script_but_not_in_meaning():
    assert phrases.TAG_KEYS["YSMAR"] == phrases.TAG_KEYS["Ysmar"] == "ysmar"
    composed, decomposed = (
        phrases.TAG_KEYS["DétroitDYsmar"],
        phrases.TAG_KEYS["De\u0301troitDYsmar"],
    )
    assert composed == decomposed == "détroitdysmar"
    assert any(not tag.isascii() for tag in phrases.TAG_KEYS)
    assert all(len(tag.split()) == 1 for tag in phrases.TAG_KEYS)


def test_every_site_lies_in_a_reserved_domain():
    hosts = [host for hosts in phrases.DOMAINS for host in hosts]
    for host in [*hosts, *phrases.SHORTENERS, phrases.CAMPAIGN_DOMAIN]:
        assert host.rpartition(".")[2] in {"example", "test"}


def test_every_rumour_has_its_correction_in_both_languages():
    assert len(phrases.RUMOURS) == len(phrases.CORRECTIONS)
    assert all(len(pair) == 2 for pair in (*phrases.RUMOURS, *phrases.CORRECTIONS))
