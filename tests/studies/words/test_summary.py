"""One door: every noun that has words, and a refusal that names them."""

from __future__ import annotations

import pytest

import workbench as wb
from tests.corpora import crisis, crisis_names
from workbench.communities import consensus, leiden, mixing, significance, stability
from workbench.errors import UsageError
from workbench.influence import rank
from workbench.model import InteractionGraph
from workbench.polarisation import difference, find_sides, report
from workbench.studies import words


def graph():
    rows = [(f"x:{i}", f"x:{j}") for i in range(12) for j in range(12)
            if i != j and ((i < 6) == (j < 6) or i + j == 11)]  # fmt: skip
    return InteractionGraph.from_edges(*zip(*rows, strict=True), kind="retweet")


def results():
    made = graph()
    sides = find_sides(made, seed=1)
    table = report(made, sides, measures=["ei_index"], runs=12, seed=1)
    ranking = rank(made, seed=1)
    return {
        "of_graph": made,
        "of_partition": leiden(made, seed=1),
        "of_report": table,
        "of_index": table["ei_index"],
        "of_ranking": ranking,
        "of_scores": ranking.scores["in_strength"],
        "of_consensus": consensus(made, runs=3, seed=1),
        "of_stability": stability(made, runs=3, seed=1),
        "of_mixing": mixing(made, sides),
        "of_significance": significance(made, runs=12, seed=1),
        "of_description": crisis().describe(),
        "of_load_report": crisis().report,
        "of_difference": difference(made, made, sides, measure="ei_index", runs=0, seed=1),
    }


def test_the_door_leads_to_the_words_of_each_noun():
    made = results()
    for name, result in made.items():
        for language in ("en", "fr"):
            told = wb.studies.summary(result, language)
            assert told == getattr(words, name)(result, language), name
            assert told.endswith(".")
            assert "  " not in told
            assert "{" not in told
            assert "None" not in told.replace("None of", "")
    assert set(words.__all__) == {*made, "summary"}


def test_labels_reach_the_ranking():
    ranking = rank(graph(), top=3)
    told = wb.studies.summary(ranking, labels=lambda account: f"Account {account[-1]}")
    assert "Among them: Account " in told


def test_what_has_no_words_is_refused_with_what_has():
    with pytest.raises(UsageError, match=r"no words.*dict.*Consensus.*InteractionGraph.*Report"):
        wb.studies.summary({"value": 1})
    with pytest.raises(UsageError, match=r"do not speak.*de"):
        wb.studies.summary(graph(), "de")


def test_a_corpus_is_described_and_nobody_in_it_is_named():
    told = wb.studies.summary(crisis(), "fr")
    assert told == words.of_description(crisis().describe(), "fr")
    assert not {word.strip("().,;:") for word in told.casefold().split()} & crisis_names()


def test_an_agreement_is_that_of_a_partition():
    runs = stability(graph(), runs=3, seed=1)
    told = wb.studies.summary(runs.best, agreement=runs)
    assert told == words.of_partition(runs.best, agreement=runs)
    for other in (graph(), runs, rank(graph())):
        with pytest.raises(UsageError, match=r"only a partition comes with an agreement"):
            wb.studies.summary(other, agreement=runs)
