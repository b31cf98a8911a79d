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
from workbench.plotting import alt_text, network_caption
from workbench.plotting.captions import window_text
from workbench.plotting.layout import Layout, layout

FIRST, LAST = instant_ms("2031-03-03T13:12"), instant_ms("2031-03-08T09:30")


def drawn_of(graph, ratio=0.5, seed=9):
    return Layout(np.zeros((graph.nodes, 2)), graph.fingerprint, 77, seed, ratio)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((FIRST, LAST), "2031-03-03T13:12 to 2031-03-08T09:30 UTC (end excluded)"),
        ((FIRST, None), "2031-03-03T13:12 to the end UTC (end excluded)"),
        ((None, LAST), "the beginning to 2031-03-08T09:30 UTC (end excluded)"),
        ((0, None), "1970-01-01T00:00 to the end UTC (end excluded)"),
        ((None, None), "2031-03-03 to 2031-03-08"),
    ],
)
def test_the_window_is_the_chosen_one_else_the_time_covered(window, expected):
    graph = InteractionGraph.from_edges(["a"], ["b"], window=window, first_ms=FIRST, last_ms=LAST)
    assert window_text(graph) == expected


def test_without_times_the_window_is_undated():
    assert window_text(InteractionGraph.from_edges(["a"], ["b"])) == "undated"
    assert window_text(InteractionGraph.from_edges(["a"], ["b"], first_ms=FIRST)) == "undated"


@settings(max_examples=15)
@given(graphs(), st.integers(0, 2**31))
def test_numbers_and_the_seed_of_the_layout(graph, seed):
    caption = network_caption(graph, drawn_of(graph, seed=seed))
    pairs = {(s, t) for s, t, _ in graph.to_pandas().itertuples(index=False)}
    accounts = {account for pair in pairs for account in pair}
    acts = int(sum(graph.to_pandas()["weight"]))
    assert caption.startswith(
        f"{len(accounts):,} accounts, {len(pairs):,} retweet edges, {acts:,} acts, undated."
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
    assert "2031-03-08T00:00 to 2031-03-20T00:00 UTC (end excluded)." in caption
    assert "Filters: lang fr, origin all." in caption
    assert "Colour: leiden communities, modularity 0.46, seed 31." in caption
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


def test_what_is_not_known_is_not_said():
    graph, side = camps(5)
    given_sides = Partition.from_labels(graph, side.astype(int), method="given")
    caption = network_caption(graph, drawn_of(graph), colour=given_sides)
    assert "Colour: given communities." in caption
    assert "Area" not in caption
    assert "Colour" not in network_caption(graph, drawn_of(graph))


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
        assert GRAPHS[kind].meaning in caption


def test_a_kind_of_ones_own():
    graph = InteractionGraph.from_edges(["a"], ["b"], kind="trust")
    assert "1 trust edges" in network_caption(graph, drawn_of(graph))
    assert "An edge joins two nodes" in network_caption(graph, drawn_of(graph))


def test_alt_text_counts_accounts_edges_and_communities():
    graph, _ = camps(10)
    assert alt_text(graph) == f"Network drawing of 20 accounts and {graph.edges} retweet edges."
    labels = ["left"] * 5 + ["right"] * 15
    colour = Partition.from_labels(graph, labels, method="given")
    assert alt_text(graph, colour=colour) == (
        f"Network drawing of 20 accounts and {graph.edges} retweet edges "
        "in 2 communities, the largest with 75%, 25% of the accounts."
    )
    many = Partition.from_labels(graph, np.arange(20), method="given")
    assert "in 20 communities, the largest with 5%, 5%, 5% of" in alt_text(graph, colour=many)
