"""The brief on a crisis: who speaks, which camps, how divided, who is amplified, what crosses."""

from __future__ import annotations

from workbench.studies.crisis_brief import boxes, sections
from workbench.studies.crisis_brief.world import Config, World, compute
from workbench.studies.curated import CuratedStudy

__all__ = ["STUDY", "Config", "World"]

STUDY = CuratedStudy(
    name="crisis_brief",
    title={
        "en": "Who speaks, who is heard, how divided",
        "fr": "Qui parle, qui est entendu, quel degré de division",
    },
    question={
        "en": "Who speaks, which camps are there, how divided are they, who is amplified, and "
        "what crosses between them?",
        "fr": "Qui parle, quels camps y a-t-il, à quel point sont-ils divisés, qui est amplifié, "
        "et qu’est-ce qui passe de l’un à l’autre ?",
    },
    config=Config,
    compute=compute,
    claims=sections.claims,
    drawings=sections.drawings,
    sheets=sections.sheets,
    sections=sections.sections,
    boxes=boxes.boxes,
    methods=sections.methods,
    graphs=lambda world: world.graphs,
)
