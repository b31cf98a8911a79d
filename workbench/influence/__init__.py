"""Who matters, and how sure that is."""

from __future__ import annotations

from workbench.influence.measures import (
    MEASURES,
    core_number,
    in_strength,
    pagerank,
    unique_amplifiers,
)
from workbench.influence.ranking import Ranking, rank

__all__ = [
    "MEASURES",
    "Ranking",
    "core_number",
    "in_strength",
    "pagerank",
    "rank",
    "unique_amplifiers",
]
