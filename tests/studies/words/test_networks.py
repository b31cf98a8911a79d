"""A graph in words, held to the graph."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from tests.studies.words.reading import alike, numbers, strangers
from workbench.model import InteractionGraph
from workbench.model.kinds import GRAPHS
from workbench.studies.words import of_graph

DAY = 86_400_000


def facts_of(graph):
    known = {graph.nodes, graph.edges, graph.total_weight, graph.self_loops, graph.self_loop_weight}
    if graph.nodes:
        known.add(100 * float(np.mean(graph.components() == 0)))
    return known | {v for v in graph.choices.values() if isinstance(v, int | float)}


@given(graphs(), st.sampled_from([*GRAPHS, "edges"]), st.sampled_from(["en", "fr"]))
def test_every_number_is_one_of_the_graph(graph, kind, language):
    made = replace(graph, kind=kind, choices={"unresolved": 7, "min_weight": 2.5})
    assert strangers(of_graph(made, language), language, facts_of(made)) == []
    assert alike(of_graph(made, "en"), of_graph(made, "fr"))


def small(**about):
    ends = [["x:1", "x:2", "x:1", "x:3", "x:5"], ["x:2", "x:2", "x:3", "x:1", "x:6"]]
    return InteractionGraph.from_edges(*ends, [1200, 3, 1, 1, 1], **about)


def test_a_graph_as_it_is_printed():
    graph = small(
        kind="retweet",
        window=(17_280 * DAY, 17_290 * DAY + 60_000),
        choices={"lang": "fr", "accounts": 2, "unresolved": 1, "min_weight": 2.0},
    )
    assert of_graph(graph, "en") == (
        "The retweet network holds 5 accounts and 5 edges, which stand for 1,206 retweets from "
        "24\u00a0April 2017 until 4\u00a0May 2017, 00:01 UTC (end excluded). An edge leads from "
        "the account that retweets to the account retweeted (reposts, boosts and forwards count as "
        "retweets). 1 account acts upon itself (3 retweets). The largest connected part of the "
        "network holds 60.0% of its accounts. The network was limited to: posts in French, acts "
        "with one of 2 listed accounts and edges of weight 2 or more. 1 act is left out because "
        "the data do not say whom it was upon or by. Edges are public acts in the data collected: "
        "they do not show who read a post, or who agreed with it."
    )
    assert of_graph(graph, "fr") == (
        "Le réseau de retweets compte 5 comptes et 5 liens, soit 1\u202f206 retweets du "
        "24\u00a0avril 2017 au 4\u00a0mai 2017, 00:01 UTC (exclu). Un lien va du compte qui "
        "retweete vers le compte retweeté (republications, boosts et transferts comptent comme "
        "retweets). 1 compte interagit avec lui-même (3 retweets). La plus grande partie connexe "
        "du réseau réunit 60,0\u00a0% de ses comptes. Le réseau a été restreint à\u202f: messages "
        "en langue «\u202ffrançais\u202f», interactions avec l’un des 2 comptes d’une liste et "
        "liens de poids 2 ou plus. 1 interaction est écartée, faute de savoir de qui elle vient "
        "ou vers qui elle va. Les liens sont des interactions publiques, présentes dans les "
        "données recueillies\u202f: ils ne disent ni qui a lu un message, ni qui l’approuve."
    )


@pytest.mark.parametrize(
    ("window", "english", "french"),
    [
        ((17_280 * DAY, None), "from 24\u00a0April 2017 on", "à partir du 24\u00a0avril 2017"),
        ((None, 17_287 * DAY), "until 1\u00a0May 2017 (", "jusqu’au 1er\u00a0mai 2017 (exclu)"),
        ((None, None), "The data do not date it.", "ne permettent pas de le dater"),
    ],
)
def test_when(window, english, french):
    assert english in of_graph(small(window=window), "en")
    assert french in of_graph(small(window=window), "fr")


def test_the_days_of_the_acts_where_there_is_no_window():
    one = small(first_ms=17_280 * DAY, last_ms=17_280 * DAY + 5)
    assert "retweets on 24\u00a0April 2017." in of_graph(one, "en")
    two = small(first_ms=17_280 * DAY, last_ms=17_282 * DAY)
    assert "entre le 24\u00a0avril 2017 et le 26\u00a0avril 2017" in of_graph(two, "fr")


def test_an_empty_graph_says_why_nothing_is_said():
    empty = InteractionGraph.from_edges([], [], kind="reply")
    assert of_graph(empty, "en") == (
        "The reply network is empty: no act in the data meets the choices made, so nothing can be "
        "said about it."
    )
    assert of_graph(empty, "fr").startswith("Le réseau de réponses est vide\u202f: aucune")


def test_other_kinds_name_what_their_nodes_are():
    parts = np.array([0, 0, 1, 1, 1], dtype=np.int8)
    both = replace(small(kind="account_hashtag"), parts=parts)
    assert "holds 2 accounts, 3 hashtags and 5 edges" in of_graph(both, "en")
    assert "not by itself a sign of agreement" in of_graph(small(kind="co_url"), "en")
    assert "5 hashtags" in of_graph(small(kind="hashtag_network"), "fr")
    assert "of its nodes" in of_graph(small(kind="hashtag_network"), "en")


def test_nobody_is_named():
    assert all(account not in of_graph(small(), "en") for account in small().ids.to_pylist())
    assert numbers("x 1,234.5 y −0.2", "en") == [(1234.5, 1), (-0.2, 1)]


def test_the_origins_of_mentions_are_told():
    some = small(kind="mention", choices={"origin": "authored,reply_prefix"})
    assert "count that are written by their author and in the prefixes of" in of_graph(some, "en")
    every = small(kind="mention", choices={"origin": "all"})
    assert "Sont comptées les mentions de toute origine." in of_graph(every, "fr")
