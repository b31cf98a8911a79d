"""A ranking in words: its numbers, its doubts, and who may be named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from tests.studies.words.reading import alike, strangers
from workbench.errors import UsageError
from workbench.influence import rank
from workbench.model import InteractionGraph, NodeScores
from workbench.studies.words import of_ranking, of_scores


@st.composite
def rankings(draw):
    """Draw a ranking, some with intervals that hold its ranks."""
    graph = draw(graphs(min_edges=1))
    by = draw(st.sampled_from(["in_strength", "pagerank", "unique_amplifiers"]))
    made = rank(graph, by=[by, "core_number"], top=draw(st.integers(0, 6)))
    if draw(st.booleans()):
        n = len(made.ranks)
        down = np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), dtype=np.int64)
        low = np.maximum(1, made.ranks - down)
        made = replace(made, rank_low=low, rank_high=made.ranks + down, bootstrap=50,
                       interval=draw(st.sampled_from(["resampling", "simultaneous"])))  # fmt: skip
    return made


def facts_of(ranking):
    scores, n = ranking.scores[ranking.by], len(ranking.accounts)
    counts = set(range(len(scores.values) + 1))  # how many: checked one by one below
    values = {float(v) for v in scores.values}
    held = scores.values[scores.order()[:n]].sum() / max(scores.values.sum(), 1e-9)
    ends = set() if ranking.rank_high is None else {int(r) for r in ranking.rank_high}
    return counts | values | ends | {100 * float(held), 95}


@given(rankings(), st.sampled_from(["en", "fr"]))
def test_every_number_is_one_of_the_ranking(ranking, language):
    assert strangers(of_ranking(ranking, language), language, facts_of(ranking)) == []
    assert alike(of_ranking(ranking, "en"), of_ranking(ranking, "fr"))


@given(rankings())
def test_first_place_is_claimed_only_where_no_other_interval_reaches_it(ranking):
    sure = "has rank 1 throughout its 95% interval" in of_ranking(ranking, "en")
    if ranking.rank_low is None or not len(ranking.accounts):
        assert not sure
    else:
        alone = int((ranking.rank_low == 1).sum()) == 1 and ranking.rank_low[0] == 1
        assert sure == (alone and int(ranking.rank_high[0]) == 1)


def star():
    """Return a graph in which x:1 is retweeted 9 times by 3, x:2 and x:3 twice each."""
    rows = [("x:4", "x:1", 4), ("x:5", "x:1", 4), ("x:6", "x:1", 1), ("x:4", "x:2", 2),
            ("x:5", "x:3", 2), ("x:1", "x:1", 50)]  # fmt: skip
    return InteractionGraph.from_edges(*zip(*rows, strict=True), kind="retweet")


def ranked(low=None, high=None, top=3, **about):
    made = rank(star(), by=["in_strength", "unique_amplifiers"], top=top)
    if low is None:
        return made
    ends = {"rank_low": np.array(low), "rank_high": np.array(high)}
    return replace(made, **ends, bootstrap=500, **{"interval": "resampling", **about})


def test_a_ranking_as_it_is_printed():
    told = ranked([1, 1, 2], [2, 3, 4], interval="simultaneous")
    assert of_ranking(told, "en") == (
        "In the retweet network, 6 accounts are ranked by retweets received; 3 are shown. The "
        "first has 9 retweets. Those shown account for 100.0% of all acts counted here. 2 of the "
        "accounts shown have rank 1 within their 95% intervals: the data do not say which of these "
        "is first. 2 of the 3 shown stay among the first 3 throughout the interval; one reaches "
        "down to rank 4. The intervals hold for all accounts shown together. By the number of "
        "different accounts that acted upon them, 3 of the 3 shown are also among the first 3. To "
        "be amplified in these data is not to have persuaded anybody."
    )
    assert of_ranking(told, "fr") == (
        "Dans le réseau de retweets, 6 comptes sont classés selon le nombre de retweets "
        "reçus\u202f; 3 sont présentés. Le premier atteint 9 retweets. Les comptes présentés "
        "totalisent 100,0\u00a0% des interactions prises en compte. 2 des comptes présentés ont le "
        "rang 1 dans leur intervalle à 95\u00a0%\u202f: les données ne disent pas lequel est "
        "premier. Sur les 3 présentés, 2 restent parmi les 3 premiers sur tout l’intervalle\u202f; "
        "l’un d’eux descend jusqu’au rang 4. Les intervalles valent pour tous les comptes "
        "présentés à la fois. Selon le nombre de comptes distincts dont ils reçoivent des "
        "interactions, 3 des 3 présentés figurent aussi parmi les 3 premiers. Être relayé dans ces "
        "données n’est pas avoir convaincu."
    )


@pytest.mark.parametrize(
    ("low", "high", "english"),
    [
        ([1, 2, 2], [1, 3, 3], "and no other account shown has rank 1 within its own."),
        ([1, 2, 2], [2, 3, 3], "95% interval, which reaches down to rank 2."),
        ([2, 2, 2], [3, 3, 3], "No account shown has rank 1 within its 95% interval"),
        ([1, 2, 2], [1, 3, 3], "All of the 3 shown stay among the first 3"),
        ([1, 2, 2], [4, 5, 6], "None of the 3 shown stays among the first 3 throughout"),
        ([1, 2, 2], [4, 5, 6], "one reaches down to rank 6."),
    ],
)  # fmt: skip
def test_each_doubt_is_said(low, high, english):
    assert english in of_ranking(ranked(low, high), "en")
    assert alike(of_ranking(ranked(low, high), "en"), of_ranking(ranked(low, high), "fr"))


def test_where_every_account_is_shown_none_is_praised_for_it():
    told = of_ranking(ranked([1] * 6, [6] * 6, top=6), "en")
    for vacuous in ("Those shown account for", "among the first 6", "By the number of"):
        assert vacuous not in told
    assert "6 of the accounts shown have rank 1" in told


def test_small_values_do_not_read_as_nothing():
    graph = star()
    values = np.array([0.00003, 0.00002, 0, 0, 0, 0])
    told = of_scores(NodeScores.from_values(graph, values, name="pagerank"), "en")
    assert "The first has a value of 0.000030." in told


def test_without_intervals_small_differences_say_nothing():
    assert "No rank intervals were computed" in of_ranking(ranked(), "en")
    assert "Aucun intervalle de rang" in of_ranking(ranked(), "fr")


def test_ties_at_the_top_and_at_the_cut():
    cut = of_ranking(ranked(top=2), "en")
    assert "1 account not shown has the same value as the last one shown." in cut
    values = np.array([5.0, 5.0, 1.0, 1.0, 1.0, 1.0])
    tied = NodeScores.from_values(star(), values, name="in_strength")
    assert "2 accounts share the first rank, with 5 acts received each." in of_scores(tied, "en")
    assert "2 comptes se partagent la première place, avec 5 interactions reçues chacun." in (
        of_scores(tied, "fr")
    )


def test_nobody_is_named_without_labels_and_only_whom_labels_name():
    silent = of_ranking(ranked(), "en")
    assert "x:" not in silent
    assert "Among them" not in silent
    names = {"x:1": "The Ministry"}
    assert "Among them: The Ministry (rank 1, 9 retweets)." in of_ranking(
        ranked(), "en", labels=names.get
    )
    assert "Parmi eux\u202f: The Ministry (rang 1, 9 retweets)." in of_ranking(
        ranked(), "fr", labels=names.get
    )
    assert "x:2" not in of_ranking(ranked(), "en", labels=names.get)
    assert of_ranking(ranked(), "en", labels=lambda _: None) == silent


def test_a_ranking_of_nobody_says_so():
    none = of_ranking(ranked(top=0), "en")
    assert none == "6 accounts have a value of retweets received; none is shown."
    empty = NodeScores.from_known(star(), np.array([], dtype=int), np.array([]), name="pagerank")
    assert of_scores(empty, "en") == "No account has a value of PageRank, so there is no ranking."
    assert of_scores(empty, "fr").startswith("Aucun compte n’a de valeur pour ce critère")


def test_an_unknown_language_is_refused():
    with pytest.raises(UsageError, match=r"do not speak.*it"):
        of_ranking(ranked(), "it")
