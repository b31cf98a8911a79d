"""One figure function a question; they take results, compute nothing else, and return Axes."""

from __future__ import annotations

from workbench.plotting.captions import alt_text, network_caption
from workbench.plotting.network import network
from workbench.plotting.style import PALETTE, house_style, save
from workbench.plotting.timeline import timeline
from workbench.plotting.weights import weight_distribution

__all__ = [
    "PALETTE",
    "alt_text",
    "house_style",
    "network",
    "network_caption",
    "save",
    "timeline",
    "weight_distribution",
]
