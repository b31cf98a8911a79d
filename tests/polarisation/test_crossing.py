"""What crosses: loops over the edges, ties, and the posts that a corpus holds of each edge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import few
from tests.corpora import PEOPLE, corpora, crisis
from tests.polarisation.cases import divided, graph_of, sides_of
from workbench.errors import CannotBuildError, InputError, UndefinedError, UsageError
from workbench.graphs import evidence, graph
from workbench.loaders import load
from workbench.model import InteractionGraph, Partition
from workbench.model.filters import iso
from workbench.polarisation import bridges, crossing_edges, crossing_posts

KINDS = ("retweet", "quote", "reply", "mention")


@settings(max_examples=40)
@given(divided(), st.data())
def test_equal_to_walking_over_the_edges(case, data):
    edges, labels = case
    weights = data.draw(st.lists(st.integers(1, 3), min_size=len(edges), max_size=len(edges)))
    made = graph_of(edges, weights)
    unsided = data.draw(st.sampled_from(sorted(labels)))
    labels = {a: s for a, s in labels.items() if a != unsided}
    sides = sides_of(made, labels)
    table = [
        row
        for row in made.to_pandas().itertuples(index=False)
        if row.source != row.target and {row.source, row.target} <= set(labels)
    ]
    if not table:
        with pytest.raises(UndefinedError, match="no act between accounts that have a side"):
            bridges(made, sides)
        return
    across = [row for row in table if labels[row.source] != labels[row.target]]
    found = bridges(made, sides, top=100)
    assert found.total == sum(row.weight for row in table)
    assert found.across == sum(row.weight for row in across)
    assert found.dropped == {"self_loops": made.self_loops, "unsided": 1}
    rows = found.to_pandas()
    assert set(rows["account"]) == {e for row in across for e in (row.source, row.target)}
    assert found.found == len(rows)
    for row in rows.itertuples(index=False):
        out = [e for e in across if e.source == row.account]
        back = [e for e in across if e.target == row.account]
        whole = sum(e.weight for e in table if row.account in {e.source, e.target})
        assert row.side == labels[row.account]
        assert row.made == sum(e.weight for e in out)
        assert row.received == sum(e.weight for e in back)
        assert row.across == row.made + row.received
        assert row.share == row.across / whole
        assert row.others == len({e.target for e in out} | {e.source for e in back})
        assert row.both_ways == bool(out and back)
        assert row.rank == 1 + sum(rows["across"] > row.across)
    order = {a: i for i, a in enumerate(made.accounts)}
    keys = list(zip(-rows["across"], rows["account"].map(order), strict=True))
    assert keys == sorted(keys)
    heaviest = crossing_edges(made, sides, top=100)
    listed = heaviest.to_pandas()
    expected = sorted(across, key=lambda e: (-e.weight, order[e.source], order[e.target]))
    shown = listed[["source", "target", "weight"]].itertuples(index=False)
    assert [tuple(e) for e in shown] == [tuple(e) for e in expected]
    assert (heaviest.found, heaviest.across) == (len(across), found.across)
    assert (listed["source_side"] != listed["target_side"]).all()


def test_ties_at_the_cut_go_to_account_order():
    made = graph_of([("a2", "b1"), ("a1", "b2"), ("a3", "b3"), ("a1", "a2")], [2, 2, 5, 1])
    sides = sides_of(made, {a: a[0] for a in made.accounts})
    found = bridges(made, sides, top=3).to_pandas()
    assert found["account"].tolist() == ["a3", "b3", "a1"]
    assert found["rank"].tolist() == [1, 1, 3]
    assert found["share"].tolist() == [1, 1, 2 / 3]
    edges = crossing_edges(made, sides, top=2)
    assert edges.to_pandas()["source"].tolist() == ["a3", "a1"]
    assert edges.to_dict()["rows"][0] == {
        "rank": 1, "source": "a3", "source_side": "a", "target": "b3", "target_side": "b",
        "weight": 5.0,
    }  # fmt: skip
    assert edges.share == 9 / 10
    assert edges.found == 3
    assert bridges(made, sides, top=0).to_pandas().empty
    assert "<table" in edges._repr_html_()


def test_a_graph_without_direction_counts_each_act_once():
    made = InteractionGraph.from_codes(
        ["a1", "a2", "b1"], [0, 0, 1], [1, 2, 2], weight=[1, 2, 4], both_ways=True,
        kind="co_hashtag",
    )  # fmt: skip
    sides = sides_of(made, {"a1": "a", "a2": "a", "b1": "b"})
    found = bridges(made, sides)
    assert (found.across, found.total) == (6, 7)
    rows = found.to_pandas().set_index("account")
    assert rows["across"].to_dict() == {"b1": 6, "a2": 4, "a1": 2}
    assert rows["share"].to_dict() == {"b1": 1, "a2": 4 / 5, "a1": 2 / 3}
    edges = crossing_edges(made, sides).to_pandas()
    assert edges[["source", "target"]].to_numpy().tolist() == [["a2", "b1"], ["a1", "b1"]]


def test_what_cannot_cross():
    made = graph_of([("a1", "b1"), ("a1", "a2")])
    sides = sides_of(made, {a: a[0] for a in made.accounts})
    one = sides_of(made, dict.fromkeys(made.accounts, "x"))
    for function in (bridges, crossing_edges):
        with pytest.raises(UndefinedError, match="one side only"):
            function(made, one)
        with pytest.raises(UsageError, match="top must not be negative"):
            function(made, sides, top=-1)
        with pytest.raises(InputError, match="another graph"):
            function(made, replace(sides, graph_fingerprint="other"))
    apart = graph_of([("a1", "a2"), ("b1", "b2")])
    nothing = bridges(apart, sides_of(apart, {a: a[0] for a in apart.accounts}))
    assert (nothing.across, nothing.share, len(nothing.to_pandas())) == (0, 0, 0)


def by_parity(made):
    return Partition.from_labels(
        made, ["even" if int(a[-1]) % 2 == 0 else "odd" for a in made.accounts], method="given"
    )


@few(4)
@given(corpora(), st.sampled_from(KINDS))
def test_the_posts_that_cross_are_those_of_the_edges_that_cross(corpus, kind):
    everybody = graph_of([(PEOPLE[0], other) for other in PEOPLE])
    sides = by_parity(everybody)
    made = graph(corpus, kind)
    found = crossing_posts(corpus, sides, kind=kind, limit=None)
    expected = [
        row
        for row in made.to_pandas().itertuples(index=False)
        if int(row.source[-1]) % 2 != int(row.target[-1]) % 2
    ]
    assert found.total == sum(row.weight for row in expected)
    pairs = found.posts.groupby(["account", "target"])["weight"].sum().to_dict()
    assert pairs == {(row.source, row.target): row.weight for row in expected}
    for row in found.posts.itertuples(index=False):
        assert {row.account_side, row.target_side} == {"even", "odd"}
        assert (row.account_side == "even") == (int(row.account[-1]) % 2 == 0)


def test_each_edge_can_be_opened():
    made = graph(crisis(), "retweet")
    sides = by_parity(made)
    edges = crossing_edges(made, sides, top=1)
    for row in edges.to_pandas().itertuples(index=False):
        opened = evidence(crisis(), kind=edges.kind, edge=(row.source, row.target))
        assert opened.total == row.weight
        assert edges.evidence(crisis()).posts.equals(opened.posts)
    some = crossing_posts(crisis(), sides, limit=4)
    assert some.total == edges.across
    assert len(some.posts) == 4
    assert some.posts["created_at"].is_monotonic_increasing
    every = crossing_posts(crisis(), sides, limit=None)
    assert every.posts.head(4).equals(some.posts)
    middle = every.posts["created_at"].iloc[len(every.posts) // 2]
    before = crossing_posts(crisis(), sides, until=middle)
    assert 0 < before.total < some.total
    assert before.total == (every.posts["created_at"] < middle).sum()


def test_evidence_is_chosen_as_the_graph_was():
    whole = graph(crisis(), "mention", origin="all")
    late = graph(
        crisis(), "mention", origin="all", since=iso((whole.first_ms + whole.last_ms) // 2)
    )
    sides = by_parity(late)
    edges, accounts = crossing_edges(late, sides, top=1), bridges(late, sides, top=1)
    assert edges.evidence(crisis(), limit=1).total == edges.to_pandas()["weight"][0]
    row = accounts.to_pandas().iloc[0]
    found = accounts.evidence(crisis(), limit=None)
    acts = late.to_pandas()
    around = (acts["source"] == row["account"]) | (acts["target"] == row["account"])
    assert found.total == acts.loc[around, "weight"].sum() >= row["across"] / row["share"] - 1e-6
    with pytest.raises(UsageError, match="no such row: 1; allowed: 0 to 0"):
        edges.evidence(crisis(), 1)
    few = replace(late, choices={"accounts": 3})
    with pytest.raises(UsageError, match="chosen by what evidence does not know: accounts"):
        crossing_edges(few, sides).evidence(crisis())
    for kind, filters in (("reply", {"lang": "fr"}), ("co_domain", {"max_accounts": 30})):
        made = graph(crisis(), kind, **filters)
        heaviest = crossing_edges(made, by_parity(made), top=1)
        assert heaviest.evidence(crisis()).total == heaviest.to_pandas()["weight"][0]


def test_posts_need_acts_of_the_kind(tmp_path):
    sides = by_parity(graph(crisis(), "retweet"))
    with pytest.raises(UsageError, match=r"posts cross by acts: co_url.*retweet, quote"):
        crossing_posts(crisis(), sides, kind="co_url")
    file = tmp_path / "shares.csv"
    file.write_text("object_id,account_id,content_id,timestamp_share\no,a,c,1930867200\n")
    with pytest.raises(CannotBuildError, match="no reply graph"):
        crossing_posts(load(file), sides, kind="reply")
    one = Partition.from_labels(graph_of([("a", "b")]), ["x", "x"], method="given")
    with pytest.raises(UndefinedError, match="one side only"):
        crossing_posts(crisis(), one)
