"""The posts behind the heaviest edges are those that ``corpus.evidence`` finds for each."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.corpora import crisis
from workbench.errors import UsageError
from workbench.graphs import evidence
from workbench.graphs import graph as build
from workbench.plotting import view
from workbench.plotting.layout import layout
from workbench.studies.network_evidence import posts_behind_edges

CHOICES = [
    ("retweet", {}),
    ("reply", {"since": "2031-03-05", "until": "2031-03-09"}),
    ("mention", {"origin": "all"}),
]


@pytest.mark.parametrize(("kind", "filters"), CHOICES)
def test_of_each_edge_the_earliest_posts_are_found(kind, filters):
    graph = build(crisis(), kind, **filters)
    heaviest = (
        graph.without_self_loops()
        .to_pandas()
        .sort_values("weight", ascending=False, kind="stable")
        .head(6)
    )
    found = posts_behind_edges(crisis(), graph, edges=6, each=2)
    expected = pd.concat(
        evidence(crisis(), kind=kind, edge=(row.source, row.target), limit=2, **filters).posts
        for row in heaviest.itertuples()
    )
    columns = ["account", "target", "created_at", "post_id"]
    pd.testing.assert_frame_equal(
        found.sort_values(columns)[columns].reset_index(drop=True),
        expected.sort_values(columns)[columns].reset_index(drop=True),
    )


def test_a_view_shows_all_of_them():
    graph = build(crisis(), "retweet", hashtag=None, min_weight=2)
    found = posts_behind_edges(crisis(), graph, edges=graph.arcs_stored, each=1)
    made = view(graph, layout=layout(graph, iterations=1, seed=1), evidence=found)
    rows = made.data["evidence"]
    assert len(rows["edge"]) == len(set(rows["edge"])) == graph.edges - graph.self_loops


def test_behind_turned_edges_are_the_acts_that_made_them():
    graph = build(crisis(), "retweet")
    found, turned = (
        posts_behind_edges(crisis(), g, edges=10**6, each=10**6) for g in (graph, graph.reversed())
    )
    rows = ["account", "target", "created_at", "post_id"]
    pd.testing.assert_frame_equal(
        *(t.sort_values(rows)[rows].reset_index(drop=True) for t in (found, turned))
    )
    made = view(graph.reversed(), layout=layout(graph.reversed(), iterations=1, seed=1),
                evidence=turned)  # fmt: skip
    edges, names = made.data["edges"], made.to_pandas()["account"]
    for row, edge in enumerate(made.data["evidence"]["edge"]):
        ends = (names[edges["target"][edge]], names[edges["source"][edge]])
        assert ends == tuple(turned.loc[row, ["account", "target"]])
    assert len(made.data["evidence"]["edge"]) == len(turned)


def test_filters_of_posts_are_kept():
    every = posts_behind_edges(crisis(), build(crisis(), "reply"), edges=10**6, each=10**6)
    some = build(crisis(), "reply", lang="fr")
    french = posts_behind_edges(crisis(), some, edges=10**6, each=10**6)
    assert len(french) == some.total_weight - some.self_loop_weight
    assert 0 < len(french) < len(every)


def test_what_has_no_acts_behind_it_is_refused():
    with pytest.raises(UsageError, match=r"evidence is about acts: co_hashtag; allowed: retweet"):
        posts_behind_edges(crisis(), build(crisis(), "co_hashtag"))
    with pytest.raises(UsageError, match=r"at least one edge and one post are needed: 0"):
        posts_behind_edges(crisis(), build(crisis(), "retweet"), each=0)
