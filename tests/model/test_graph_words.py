from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from workbench.model import InteractionGraph
from workbench.model.graph_words import (
    ARCS,
    graph_facts,
    graph_meaning,
    quantity,
    span,
    with_turned,
)
from workbench.model.kinds import GRAPHS


def pair(kind="retweet", **about):
    return InteractionGraph.from_edges(["fan", "fan"], ["star", "fan"], [3, 2], kind=kind, **about)


def test_the_line_of_a_graph():
    dated = pair(first_ms=1_493_000_000_000, last_ms=1_494_200_000_000)
    assert repr(dated) == (
        "InteractionGraph(retweet: 2 accounts, 2 edges, 5 acts, 2017-04-24 to 2017-05-07; "
        "edge = retweeter → author)"
    )
    assert repr(pair("own")) == (
        "InteractionGraph(own: 2 nodes, 2 edges, 5 weight, undated; "
        "edge = who acts → who is acted upon)"
    )


def test_one_of_anything_is_singular():
    alone = InteractionGraph.from_edges(["fan"], ["fan"], kind="retweet")
    assert "retweet: 1 account, 1 edge, 1 act, undated" in repr(alone)
    assert graph_facts(alone)["self-loops"] == "1 (1 act)"
    used = InteractionGraph.from_edges(["a"], ["#x"], kind="account_hashtag")
    used = replace(used, parts=np.array([0, 1], dtype=np.int8))
    assert "1 account and 1 hashtag," in repr(used)


def test_the_facts_of_a_graph():
    chosen = {"since": "2017-04-24T00:00:00.000Z", "min_weight": 2, "accounts": 3}
    assert graph_facts(pair(window=(1_492_992_000_000, None), choices=chosen)) == {
        "kind": "retweet",
        "nodes": "2 accounts",
        "edges": "2 (retweeter → author)",
        "weight": "5 acts",
        "self-loops": "1 (2 acts)",
        "first to last act": "undated",
        "window": "2017-04-24T00:00 UTC to the end",
        "filters": "min weight 2, accounts 3",
    }


def test_the_two_parts_of_a_bipartite_graph_are_counted_apart():
    used = InteractionGraph.from_edges(["a", "b"], ["#x", "#x"], kind="account_hashtag")
    used = replace(used, parts=np.array([0, 0, 1], dtype=np.int8))
    assert "2 accounts and 1 hashtag," in repr(used)


@pytest.mark.parametrize("kind", GRAPHS)
def test_every_kind_says_what_nodes_and_edges_are(kind):
    graph = pair(kind)
    meaning = graph_meaning(graph)
    assert meaning[0].isupper()
    assert meaning.endswith(".")
    assert GRAPHS[kind].meaning[1:] in meaning
    assert GRAPHS[kind].edge in repr(graph)
    assert ("→" in repr(graph)) == graph.directed
    assert ("other way" in meaning) == (kind in {"retweet", "quote"})
    assert GRAPHS[kind].node.split()[-1].endswith("s")


def test_a_turned_graph_does_not_claim_to_point_from_who_acts():
    turned = pair().reversed()
    assert "edge = author → retweeter" in repr(turned)
    assert "from the one acted upon" in turned._repr_html_()
    assert repr(turned.reversed()) == repr(pair())
    both = pair().symmetrised()
    assert "edge = retweeter ↔ author" in repr(both)
    assert repr(both.reversed()) == repr(both)
    shared = pair("co_url")
    assert shared.reversed().choices == shared.symmetrised().choices == {}


@given(graphs())
def test_turning_twice_changes_no_choice(graph):
    assert graph.reversed().reversed().choices == graph.choices
    assert with_turned(with_turned({"lang": "fr"})) == {"lang": "fr"}
    assert ARCS in graph.reversed().choices or not graph.directed


@given(st.floats(min_value=0, max_value=1e12))
def test_quantities_are_read_back(number):
    assert float(quantity(number).replace(",", "")) == pytest.approx(number, abs=0.00501)


def test_spans():
    assert span(None, 3) == span(3, None) == "undated"
    assert span(0, 86_400_000) == "1970-01-01 to 1970-01-02"
