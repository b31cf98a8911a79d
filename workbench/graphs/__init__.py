"""Corpus → graph: selection, projections, backbones, null models, splits, exports, evidence."""

from __future__ import annotations

from workbench.graphs.build import graph
from workbench.graphs.corpus_export import Exported, export_corpus
from workbench.graphs.description import Description, describe
from workbench.graphs.evidence import Evidence, evidence
from workbench.graphs.export import export
from workbench.graphs.windows import windows
from workbench.model.backbone import disparity_backbone

__all__ = [
    "Description",
    "Evidence",
    "Exported",
    "describe",
    "disparity_backbone",
    "evidence",
    "export",
    "export_corpus",
    "graph",
    "windows",
]
