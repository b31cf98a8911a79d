"""Which groups are there, and how far the answer depends on the seed."""

from __future__ import annotations

from workbench.communities.comparison import Comparison, compare
from workbench.communities.consensus import Consensus, consensus
from workbench.communities.cpm import leiden_cpm
from workbench.communities.description import CommunityDescription, describe
from workbench.communities.detection import METHODS, leiden, louvain, modularity, python_louvain
from workbench.communities.infomap import infomap
from workbench.communities.label_propagation import label_propagation
from workbench.communities.levels import Levels, levels
from workbench.communities.matching import RULES, Matching, match
from workbench.communities.mixing import Mixing, mixing
from workbench.communities.over_time import over_time
from workbench.communities.resolution import Scan, scan
from workbench.communities.significance import Significance, significance
from workbench.communities.spectral import spectral
from workbench.communities.stability import Stability, stability

__all__ = [
    "METHODS",
    "RULES",
    "CommunityDescription",
    "Comparison",
    "Consensus",
    "Levels",
    "Matching",
    "Mixing",
    "Scan",
    "Significance",
    "Stability",
    "compare",
    "consensus",
    "describe",
    "infomap",
    "label_propagation",
    "leiden",
    "leiden_cpm",
    "levels",
    "louvain",
    "match",
    "mixing",
    "modularity",
    "over_time",
    "python_louvain",
    "scan",
    "significance",
    "spectral",
    "stability",
]
