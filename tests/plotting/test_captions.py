"""Captions say n, window, filters and seeds, and never who."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import crisis, crisis_names
from tests.graph_strategies import graphs
from tests.plotting.figures import camps, isolates
from workbench.graphs import graph as build
from workbench.model import InteractionGraph, Partition
from workbench.model.filters import instant_ms
from workbench.model.kinds import GRAPHS
from workbench.plotting import alt_text, in_language, network_caption
from workbench.plotting.captions import window_text
from workbench.plotting.layout import Layout, layout

FIRST, LAST = instant_ms("2031-03-03T13:12"), instant_ms("2031-03-08T09:30")


def drawn_of(graph, ratio=0.5, seed=9):
    return Layout(np.zeros((graph.nodes, 2)), graph.fingerprint, 77, seed, ratio)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((FIRST, LAST), "from 3 March 2031, 13:12 to 8 March 2031, 09:30 (UTC, end excluded)"),
        ((FIRST, None), "from 3 March 2031, 13:12 on (UTC)"),
        ((None, LAST), "before 8 March 2031, 09:30 (UTC)"),
        ((0, None), "from 1 January 1970 on (UTC)"),
        ((None, None), "from 3 March 2031 to 8 March 2031 (UTC)"),
    ],
)
def test_the_window_is_the_chosen_one_else_the_time_covered(window, expected):
    graph = InteractionGraph.from_edges(["a"], ["b"], window=window, first_ms=FIRST, last_ms=LAST)
    assert window_text(graph).replace("\u00a0", " ") == expected


def test_without_times_the_window_is_undated():
    assert window_text(InteractionGraph.from_edges(["a"], ["b"])) == "undated"
    assert window_text(InteractionGraph.from_edges(["a"], ["b"], first_ms=FIRST)) == "undated"


def counted(n, noun):
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


@settings(max_examples=15)
@given(graphs(), st.integers(0, 2**31))
def test_numbers_and_the_seed_of_the_layout(graph, seed):
    caption = network_caption(graph, drawn_of(graph, seed=seed))
    pairs = {(s, t) for s, t, _ in graph.to_pandas().itertuples(index=False)}
    accounts = {account for pair in pairs for account in pair}
    acts = int(sum(graph.to_pandas()["weight"]))
    assert caption.startswith(
        f"{counted(len(accounts), 'account')}, {counted(len(pairs), 'retweet edge')}, "
        f"{counted(acts, 'act')}, undated."
    )
    assert f"77 iterations, seed {seed}; edges" in caption
    assert "Filters: none." in caption
    assert "Positions show tendencies" in caption


def test_filters_window_and_seeds_of_a_filtered_graph():
    graph = build(
        crisis(), "mention", since="2031-03-08", until="2031-03-20", lang="fr", origin="all"
    )
    colour = Partition.from_labels(
        graph, np.arange(graph.nodes) % 3, method="leiden", seed=31, quality=0.4567
    )
    caption = network_caption(graph, drawn_of(graph), colour=colour, size="unique_amplifiers")
    assert "from 8 March 2031 to 20 March 2031 (UTC, end excluded)." in caption.replace(
        "\u00a0", " "
    )
    assert "Filters: lang fr, origin all." in caption
    assert "Colour: Leiden communities, modularity 0.46, seed 31." in caption
    assert "Area: unique amplifiers." in caption
    assert "the account that mentions to the other" in caption
    assert "0.50 times as long" in caption
    folded = caption.casefold()
    assert not [name for name in crisis_names() if name in folded]


def test_filters_are_worded_and_bookkeeping_is_left_out():
    graph = InteractionGraph.from_edges(
        ["a"], ["b"],
        choices={"min_weight": 2, "largest_component": True, "since": "s", "until": "u",
                 "unresolved": 4, "outside_component": 5},
    )  # fmt: skip
    caption = network_caption(graph, drawn_of(graph))
    assert "Filters: min weight 2, largest component." in caption


def test_a_word_that_was_searched_for_is_not_translated():
    graph = InteractionGraph.from_edges(["a"], ["b"], choices={"text": "both", "origin": "all"})
    with in_language("fr"):
        caption = network_caption(graph, drawn_of(graph))
    assert "texte both, origine toutes." in caption


def test_what_is_not_known_is_not_said():
    graph, side = camps(5)
    given_sides = Partition.from_labels(graph, side.astype(int), method="given")
    caption = network_caption(graph, drawn_of(graph), colour=given_sides)
    assert "Colour: given communities." in caption
    assert "Area" not in caption
    assert "Colour" not in network_caption(graph, drawn_of(graph))


def test_sides_that_were_merged_are_no_communities():
    graph, side = camps(5)
    found = Partition.from_labels(graph, side.astype(int), method="leiden", seed=3,
                                  parameters={"splits": 5})  # fmt: skip
    assert "Colour: Leiden sides, seed 3." in network_caption(graph, drawn_of(graph), colour=found)
    assert "in 2 sides, the largest with" in alt_text(graph, colour=found)
    with in_language("fr"):
        assert "Couleur\u202f: camps (méthode\u202f: Leiden" in network_caption(
            graph, drawn_of(graph), colour=found
        )
        assert "en 2 camps\u202f; parts des comptes, par taille\u202f: " in alt_text(
            graph, colour=found
        )


@pytest.mark.parametrize("graph", [isolates(3), InteractionGraph.from_edges(["a"], ["a"])])
def test_a_ratio_without_a_value_is_left_out(graph):
    caption = network_caption(graph, layout(graph, seed=4))
    assert "nan" not in caption
    assert "seed 4" in caption
    assert "Positions show tendencies" in caption


@pytest.mark.parametrize("kind", sorted(GRAPHS))
def test_every_kind_says_what_an_edge_means(kind):
    graph = replace(InteractionGraph.from_edges(["a"], ["b"]), kind=kind)
    caption = network_caption(graph, drawn_of(graph))
    if GRAPHS[kind].family == "interaction":
        assert "An edge points from the account that " in caption
    else:
        thing = {"share": "post"}.get(GRAPHS[kind].base, GRAPHS[kind].base)
        assert thing in caption.casefold()
        assert "joined by the number" in caption or "from an account to a" in caption


def test_a_kind_of_ones_own():
    graph = InteractionGraph.from_edges(["a"], ["b"], kind="trust")
    assert "1 trust edge," in network_caption(graph, drawn_of(graph))
    assert "An edge joins two nodes" in network_caption(graph, drawn_of(graph))


def test_alt_text_counts_accounts_edges_and_communities():
    graph, _ = camps(10)
    assert alt_text(graph) == f"Network drawing of 20 accounts and {graph.edges} retweet edges."
    labels = ["left"] * 5 + ["right"] * 15
    colour = Partition.from_labels(graph, labels, method="given")
    assert alt_text(graph, colour=colour) == (
        f"Network drawing of 20 accounts and {graph.edges} retweet edges "
        "in 2 communities, the largest with 75% and 25% of the accounts."
    )
    many = Partition.from_labels(graph, np.arange(20), method="given")
    assert "in 20 communities, the largest with 5%, 5% and 5% of" in alt_text(graph, colour=many)


@pytest.mark.parametrize(
    ("language", "turned", "area", "both"),
    [
        ("en", "from the one acted upon to the one who acts", "acts of the account", "in both"),
        ("fr", "de qui est visé vers qui agit", "émises par le compte", "dans les deux sens"),
    ],
)
def test_turned_edges_are_said_to_be_turned(language, turned, area, both):
    graph = InteractionGraph.from_edges(["a", "a"], ["b", "c"], [2, 3])
    with in_language(language):
        plain = network_caption(graph, drawn_of(graph), size="in_strength")
        back = network_caption(graph.reversed(), drawn_of(graph), size="in_strength")
        twice = network_caption(graph.symmetrised(), drawn_of(graph), size="in_strength")
    assert turned in back
    assert area in back
    assert both in twice
    assert not [word for word in (turned, area, both) if word in plain]
    assert not [said for said in (plain, back, twice) if "arcs" in said]
    assert network_caption(
        graph.reversed().reversed(), drawn_of(graph), size="in_strength"
    ) == network_caption(graph, drawn_of(graph), size="in_strength")


def test_weights_that_are_no_acts_are_not_called_acts():
    graph = InteractionGraph.from_edges(["a", "b"], ["b", "a"], [3, 3], kind="co_url")
    said = network_caption(graph, drawn_of(graph), size="in_strength")
    assert said.startswith("2 accounts, 1 co-URL edge with weight 3 in all, undated.")
    assert "acts" not in said
    tags = InteractionGraph.from_edges(["a", "b"], ["b", "a"], [3, 3], kind="hashtag_network")
    sides = Partition.from_labels(tags, ["x", "y"], method="given")
    assert alt_text(tags, colour=sides).endswith("the largest with 50% and 50% of the nodes.")


def test_half_an_act_is_not_rounded_away():
    graph = InteractionGraph.from_edges(["a", "a"], ["b", "c"], [0.25, 0.2])
    assert "0.45 acts," in network_caption(graph, drawn_of(graph))
