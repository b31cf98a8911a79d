"""The methods box cites what was used, in both languages alike."""

from __future__ import annotations

import re
from dataclasses import replace

from workbench.language import LANGUAGES
from workbench.privacy import PublicActors
from workbench.studies.citing import bibliography
from workbench.studies.crisis_brief import boxes, sections
from workbench.studies.guarding import Guard


def test_boxes_cite_only_what_the_run_used(world):
    keys = set(re.findall(r"^@\w+\{([^,]+),", bibliography(sections.methods(world)), re.MULTILINE))
    cited = {}
    for language in LANGUAGES:
        told = " ".join(box.text for box in boxes.boxes(world, language))
        cited[language] = set(re.findall(r"@([a-z]+\d{4}\w*)", told))
        assert "{" not in told
    assert cited["en"] == cited["fr"]
    assert len(cited["en"]) >= 6
    assert cited["en"] <= keys


def test_a_search_that_takes_the_key_is_not_said_to_be_done(world):
    blind = replace(world.subject, guard=Guard(None, PublicActors()), invented=False)
    for subject, said in ((world.subject, "file of this folder was searched"),
                          (blind, "Where the key of the study is, every file")):  # fmt: skip
        _, ethics = boxes.boxes(replace(world, subject=subject), "en")
        assert said in ethics.text
    assert "4 files" in ethics.text
