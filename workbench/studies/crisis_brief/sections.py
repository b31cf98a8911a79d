"""The order of the brief: which sentences, figures and tables stand in which section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.studies.crisis_brief import (
    amplified,
    camps,
    crossing,
    division,
    limits,
    speakers,
)
from workbench.studies.curated import Section
from workbench.studies.document import Prose

if TYPE_CHECKING:
    from workbench.studies.claims import Claim
    from workbench.studies.crisis_brief.world import World
    from workbench.studies.curated import Drawing, Sheet

__all__ = ["claims", "drawings", "methods", "sections", "sheets"]

_PARTS = (speakers, camps, division, crossing, amplified)


def claims(world: World) -> list[Claim]:
    """Return every sentence with a number."""
    return [claim for part in (*_PARTS, limits) for claim in part.claims(world)]


def drawings(world: World) -> list[Drawing]:
    """Return the figures."""
    return [drawing for part in _PARTS for drawing in part.drawings(world)]


def sheets(world: World) -> list[Sheet]:
    """Return the tables."""
    return [sheet for part in _PARTS for sheet in part.sheets(world)]


def sections(world: World) -> list[Section]:  # noqa: ARG001  of every study
    """Return the sections in their order; figures and tables that are not there are left out."""
    return [
        Section({"en": "Who speaks", "fr": "Qui parle"},
                ["claims:speakers", "fig-timeline", "tbl-graphs", "tbl-speakers"]),
        Section({"en": "Which camps", "fr": "Quels camps"},
                ["claims:camps", "list:camps_who", "fig-network", "tbl-communities"]),
        Section({"en": "How divided", "fr": "Quel degré de division"},
                ["claims:division", "list:division_kinds", "fig-null_distribution",
                 "tbl-indices", "tbl-cross_talk"]),
        Section({"en": "What crosses between the camps", "fr": "Ce qui passe d’un camp à l’autre"},
                ["claims:crossing", "fig-mixing_retweet", "fig-mixing_reply", "tbl-between_camps",
                 "tbl-bridges"]),
        Section({"en": "Who is amplified", "fr": "Qui est amplifié"},
                ["claims:amplified", "fig-rank_intervals", "tbl-amplified", "tbl-posts"]),
        Section({"en": "What the data cannot say", "fr": "Ce que les données ne disent pas"},
                ["list:limits"]),
        Section({"en": "What this does not show", "fr": "Ce que cette note ne montre pas"},
                [lambda language: [Prose(limits.DOES_NOT_SHOW[language])]]),
    ]  # fmt: skip


def methods(world: World) -> list[str]:
    """Return the measures and methods used, by the names that ``workbench cite`` knows."""
    used: set[str] = set()
    if world.ranking is not None:
        used |= {*world.ranking.scores, "influence.rank"}
    if world.concentration is not None:
        used |= {"influence.concentration", "jackknife"}
    if world.communities is not None:
        used |= {"leiden", "communities.consensus", "adjusted_mutual_information", "modularity"}
    if world.about is not None:
        used |= {"communities.describe", "log_odds"}
    if world.report is not None:
        used |= {*world.config.indices, "degree_preserving_null", "holm", "jackknife"}
    if world.sides is not None:
        used.add("plotting.layout")
    return sorted(used)
