"""One figure function a question; they take results, compute nothing else, and return Axes."""

from __future__ import annotations

from workbench.plotting.alluvial import alluvial
from workbench.plotting.captions import alt_text, network_caption
from workbench.plotting.community_flow import community_flow
from workbench.plotting.dismantling import dismantling
from workbench.plotting.facts import FIGURES, alt_of, caption_of, data_of
from workbench.plotting.files import write
from workbench.plotting.leans import joint_density, k_profile
from workbench.plotting.measure_comparison import measure_comparison
from workbench.plotting.mixing import mixing_matrix
from workbench.plotting.network import network
from workbench.plotting.nulls import null_distribution
from workbench.plotting.rank_intervals import rank_intervals
from workbench.plotting.resolution_scan import resolution_scan
from workbench.plotting.series import over_time
from workbench.plotting.style import PALETTE, house_style, save
from workbench.plotting.texts import in_language
from workbench.plotting.timeline import timeline
from workbench.plotting.view import View, view
from workbench.plotting.weights import weight_distribution

__all__ = [
    "FIGURES",
    "PALETTE",
    "View",
    "alluvial",
    "alt_of",
    "alt_text",
    "caption_of",
    "community_flow",
    "data_of",
    "dismantling",
    "house_style",
    "in_language",
    "joint_density",
    "k_profile",
    "measure_comparison",
    "mixing_matrix",
    "network",
    "network_caption",
    "null_distribution",
    "over_time",
    "rank_intervals",
    "resolution_scan",
    "save",
    "timeline",
    "view",
    "weight_distribution",
    "write",
]
