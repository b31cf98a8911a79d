"""The nouns: Corpus, InteractionGraph, Partition, NodeScores, IndexValue."""

from __future__ import annotations

from workbench.model.corpus import Corpus
from workbench.model.graph import InteractionGraph
from workbench.model.index import IndexValue
from workbench.model.partition import Partition
from workbench.model.report import LoadReport
from workbench.model.scores import NodeScores

__all__ = [
    "Corpus",
    "IndexValue",
    "InteractionGraph",
    "LoadReport",
    "NodeScores",
    "Partition",
]
