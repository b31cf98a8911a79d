"""One door to all words: a summary of whatever result it is given."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from workbench.errors import UsageError
from workbench.language import check_language
from workbench.studies.words.changes import of_difference
from workbench.studies.words.contacts import of_mixing, of_significance
from workbench.studies.words.corpora import of_description, of_load_report
from workbench.studies.words.divisions import of_report
from workbench.studies.words.groups import of_consensus, of_partition, of_stability
from workbench.studies.words.indices import of_index
from workbench.studies.words.networks import of_graph
from workbench.studies.words.rankings import of_ranking, of_scores

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench.model import Corpus

__all__ = ["summary"]


def summary(
    result: Any,
    language: str = "en",
    *,
    labels: Callable[[str], str | None] | None = None,
    agreement: Any = None,
) -> str:
    """Return what a result says and how sure that is, as one paragraph of plain text.

    Every number comes from the result; what may be claimed follows from its null model, its
    intervals and its agreement (``workbench.studies.words.hedges``).

    Parameters
    ----------
    result
        A corpus, graph, partition, score, index, or a result of an analysis that has words.
    language
        ``en`` or ``fr``.
    labels
        Account id → the name to print, or None for nobody; for corpora, rankings and scores.
        Without it nobody is named.
    agreement
        For a partition, the ``Stability`` or ``Consensus`` of the runs that it comes from.

    Raises
    ------
    UsageError
        There are no words for such a result, or reports do not speak the language.
    """
    from workbench.model import Partition

    check_language(language)
    told = _tellers()
    if type(result) not in told:
        raise UsageError(
            "there are no words for this kind of result",
            value=type(result).__name__,
            allowed=", ".join(sorted(kind.__name__ for kind in told)),
        )
    if agreement is not None and not isinstance(result, Partition):
        raise UsageError("only a partition comes with an agreement of runs",
                         value=type(result).__name__)  # fmt: skip
    if isinstance(result, Partition):
        return of_partition(result, language, agreement=agreement)
    beside = {"labels": labels} if type(result) in _naming() else {}
    return str(told[type(result)](result, language, **beside))


@cache
def _tellers() -> dict[type, Callable[..., str]]:
    """Return who tells each kind of result."""
    from workbench.communities import Consensus, Mixing, Significance, Stability
    from workbench.model import IndexValue, InteractionGraph, LoadReport, Partition
    from workbench.polarisation import Difference, Report

    return {
        InteractionGraph: of_graph,
        Partition: of_partition,
        IndexValue: of_index,
        Report: of_report,
        Difference: of_difference,
        Consensus: of_consensus,
        Stability: of_stability,
        Mixing: of_mixing,
        Significance: of_significance,
        LoadReport: of_load_report,
        **_naming(),
    }


@cache
def _naming() -> dict[type, Callable[..., str]]:
    """Return who tells results in which accounts may be named."""
    from workbench.graphs import Description
    from workbench.influence import Ranking
    from workbench.model import Corpus, NodeScores

    return {
        Corpus: _of_corpus,
        Description: of_description,
        Ranking: of_ranking,
        NodeScores: of_scores,
    }


def _of_corpus(corpus: Corpus, language: str, *, labels: Callable[[str], str | None] | None) -> str:
    return of_description(corpus.describe(), language, labels=labels)
