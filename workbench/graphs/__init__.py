"""Corpus → graph: selection, projections, backbones, null models, splits, exports, evidence."""

from __future__ import annotations

from workbench.graphs.backbone import disparity_backbone
from workbench.graphs.build import graph

__all__ = ["disparity_backbone", "graph"]
