"""How divided: indices with their null models, every choice on record."""

from __future__ import annotations

from workbench.polarisation.measures import INDICES
from workbench.polarisation.mixing import ei_index, modularity
from workbench.polarisation.random_walk import random_walk_controversy
from workbench.polarisation.report import Report, report
from workbench.polarisation.sides import find_sides

__all__ = [
    "INDICES",
    "Report",
    "ei_index",
    "find_sides",
    "modularity",
    "random_walk_controversy",
    "report",
]
