"""Every promised name is called something in both languages."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from workbench.communities import METHODS
from workbench.influence import MEASURES
from workbench.model.kinds import ATTACHMENTS, GRAPHS, KINDS, ORIGINS
from workbench.polarisation import INDICES
from workbench.polarisation.sides import FOUND
from workbench.studies.words import names
from workbench.studies.words.grammar import Text

TABLES = {name: getattr(names, name) for name in names.__all__ if name != "ACTS_BY"}
TABLES |= {f"ACTS_BY {name}": table for name, table in names.ACTS_BY.items()}


@pytest.mark.parametrize(
    ("table", "promised"),
    [
        ("INDICES", INDICES),
        ("SCALES", INDICES),
        ("INFLUENCE", MEASURES),
        ("COMMUNITY_METHODS", [*METHODS, *FOUND, "consensus"]),
        ("NETWORKS", GRAPHS),
        ("ATTACHMENTS", ATTACHMENTS),
        ("MEMBER", [k for k, g in GRAPHS.items() if g.node != "accounts"]),
        ("MEMBERS", [k for k, g in GRAPHS.items() if g.node != "accounts"]),
        ("ORIGINS", [*ORIGINS, "all"]),
        ("ACTS", [*KINDS, "retweet"]),
        ("ACTS_BY in_strength", [k for k, g in GRAPHS.items() if g.family == "interaction"]),
        ("ACTS_BY out_strength", [k for k, g in GRAPHS.items() if g.family == "interaction"]),
    ],
)
def test_tables_are_complete_and_hold_nothing_else(table, promised):
    assert set(TABLES[table]) == set(promised)


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_say_something_with_the_same_places(table):
    for key, text in TABLES[table].items():
        assert isinstance(text, Text)
        assert text.en.strip(), key
        assert text.fr.strip(), key
        places = [sorted({p for _, p, _, _ in Formatter().parse(t) if p}) for t in text]
        assert places[0] == places[1], key
        assert not re.search(r"[\u202f\u00a0’]", text.fr), f"{key}: typesetting is done by Voice"


@pytest.mark.parametrize("table", ["INDICES", "INFLUENCE", "NETWORKS", "SCALES"])
def test_names_tell_what_they_name_apart(table):
    for language in ("en", "fr"):
        told = [getattr(text, language) for text in TABLES[table].values()]
        if table != "SCALES":
            assert len(set(told)) == len(told)
        assert not any("_" in name for name in told)
