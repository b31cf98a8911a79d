"""Words: results told in English and French prose, each hedge drawn from the uncertainty."""

from __future__ import annotations

from workbench.studies.words.changes import of_difference
from workbench.studies.words.contacts import of_mixing, of_significance
from workbench.studies.words.corpora import of_description, of_load_report
from workbench.studies.words.divisions import of_report
from workbench.studies.words.groups import of_consensus, of_partition, of_stability
from workbench.studies.words.indices import of_index
from workbench.studies.words.networks import of_graph
from workbench.studies.words.rankings import of_ranking, of_scores
from workbench.studies.words.summary import summary

__all__ = [
    "of_consensus",
    "of_description",
    "of_difference",
    "of_graph",
    "of_index",
    "of_load_report",
    "of_mixing",
    "of_partition",
    "of_ranking",
    "of_report",
    "of_scores",
    "of_significance",
    "of_stability",
    "summary",
]
