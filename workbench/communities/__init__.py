"""Which groups are there, and how far the answer depends on the seed."""

from __future__ import annotations

from workbench.communities.detection import METHODS, leiden, louvain, modularity, python_louvain
from workbench.communities.stability import Stability, stability

__all__ = [
    "METHODS",
    "Stability",
    "leiden",
    "louvain",
    "modularity",
    "python_louvain",
    "stability",
]
