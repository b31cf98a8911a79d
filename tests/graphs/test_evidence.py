"""The posts behind an edge: their weights sum up to it, and they are the right ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.corpora import corpora, corpus_of, crisis
from tests.reference import reference_data
from workbench.errors import CannotBuildError, NotFoundError, UsageError
from workbench.graphs import evidence, graph
from workbench.loaders import load

KINDS = ("retweet", "quote", "reply", "mention")


@few(3)
@given(corpora(), st.sampled_from(KINDS), st.data())
def test_the_acts_behind_an_edge_weigh_what_the_edge_weighs(corpus, kind, data):
    made = graph(corpus, kind)
    if not made.edges:
        return
    edges = made.to_pandas()
    row = edges.iloc[data.draw(st.integers(0, len(edges) - 1))]
    found = evidence(corpus, kind=kind, edge=(row["source"], row["target"]), limit=None)
    assert found.total == row["weight"] == found.posts["weight"].sum()
    assert set(found.posts["account"]) == {row["source"]}
    assert set(found.posts["target"]) == {row["target"]}
    account = evidence(corpus, kind=kind, account=row["target"], limit=None)
    around = edges[(edges["source"] == row["target"]) | (edges["target"] == row["target"])]
    assert account.total == around["weight"].sum()
    others = around[around["source"] != around["target"]]
    for acts, end in (("upon", "target"), ("by", "source")):
        found = evidence(corpus, kind=kind, account=row["target"], acts=acts, limit=None)
        assert found.total == others.loc[others[end] == row["target"], "weight"].sum()


USED = ("account_hashtag", "co_hashtag", "co_share", "hashtag_network")


@few(3)
@given(corpora(), st.sampled_from(USED), st.data())
def test_the_posts_behind_what_is_used_weigh_what_the_edge_weighs(corpus, kind, data):
    """Edges that join accounts weigh the distinct things both used, which the posts name."""
    most = data.draw(st.sampled_from([None, 2, 3]))
    made = graph(corpus, kind, max_accounts=most)
    if not made.edges:
        return
    edges = made.to_pandas()
    source, target, weight = edges.iloc[data.draw(st.integers(0, len(edges) - 1))]
    chosen = {"kind": kind, "limit": None, "max_accounts": most}
    found = evidence(corpus, edge=(source, target), **chosen)
    assert found.total == weight
    around = edges[(edges["source"] == target) | (edges["target"] == target)]["weight"].sum()
    node = evidence(corpus, account=target, **chosen)
    assert node.total == around
    if kind.startswith("co_"):
        things = found.posts.groupby("account")["target"].agg(set)
        assert set(things.index) == {source, target}
        assert things[source] == things[target]
        assert len(things[source]) == weight
        assert set(node.posts["account"]) == {target}
    else:
        assert len(found.posts) == found.posts["post_id"].nunique() == weight
        assert found.posts["target"].isin([source, target]).all()


def test_edges_of_what_is_used_are_opened_under_the_filters_of_their_graph():
    for kind, filters in (
        ("account_hashtag", {"lang": "fr"}),
        ("account_domain", {}),
        ("account_url", {}),
        ("co_url", {}),
        ("co_domain", {"max_accounts": 40}),
        ("co_share", {"since": "2031-03-05", "until": "2031-03-07"}),
        ("hashtag_network", {"lang": "en"}),
        ("retweet", {"hashtag": "ysmar"}),
        ("reply", {"lang": "fr", "text": "la"}),
    ):
        made = graph(crisis(), kind, **filters)
        source, target, weight = made.to_pandas().sort_values("weight").iloc[-1]
        found = evidence(crisis(), kind=kind, edge=(source, target), limit=None, **filters)
        assert found.total == weight, kind
        other = evidence(crisis(), kind=kind, edge=(target, source), limit=None, **filters)
        assert other.total == (0 if made.directed else weight), kind
        assert found.posts["text"].notna().all(), kind


def test_the_filters_are_those_of_the_graph():
    whole = graph(crisis(), "mention", origin="all")
    middle = (whole.first_ms + whole.last_ms) // 2
    from workbench.model.filters import iso

    for filters in ({"since": iso(middle)}, {"until": iso(middle)}, {"origin": "all"}):
        made = graph(crisis(), "mention", **filters)
        heaviest = made.to_pandas().sort_values("weight").iloc[-1]
        edge = (heaviest["source"], heaviest["target"])
        assert evidence(crisis(), kind="mention", edge=edge, **filters).total == heaviest["weight"]


def test_the_earliest_come_first_and_total_counts_the_rest():
    made = graph(crisis(), "retweet")
    star = made.accounts[int(np.bincount(made.indices).argmax())]
    some = evidence(crisis(), account=star, limit=3)
    every = evidence(crisis(), account=star, limit=None)
    assert len(some.posts) == 3 < len(every.posts)
    assert some.total == every.total == every.posts["weight"].sum()
    assert some.posts.equals(every.posts.head(3))
    assert every.posts["created_at"].is_monotonic_increasing
    bare = star.partition(":")[2]
    assert evidence(crisis(), account=bare, limit=3).posts.equals(some.posts)
    assert some.to_dict()["total"] == int(every.total)
    assert set(some.to_dict()["posts"][0]) == {
        "post_id", "account", "target", "created_at", "kind", "origin", "weight", "text",
        "source_id", "record",
    }  # fmt: skip
    assert "<table" in some._repr_html_()


def test_acts_without_posts_lead_to_their_line(tmp_path):
    file = tmp_path / "edges.csv"
    file.write_text("source,target,weight\na,b,1.5\nb,c,1\na,b,2\n")
    found = evidence(load(file), edge=("a", "b"))
    assert found.total == 3.5
    assert found.posts["record"].tolist() == [1, 3]
    assert found.posts["post_id"].isna().all()
    assert found.to_dict()["posts"][0]["post_id"] is None
    assert "text" not in found.posts


def test_what_has_no_evidence_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"no such acts of an account: .*allowed: both, by, upon"):
        evidence(crisis(), account="x:a", acts="of")
    with pytest.raises(UsageError, match="the acts of an edge are one way"):
        evidence(crisis(), edge=("x:a", "x:b"), acts="by")
    corpus = crisis()
    some = graph(corpus, "retweet").accounts[0]
    with pytest.raises(UsageError, match="name an edge or an account"):
        evidence(corpus)
    with pytest.raises(UsageError, match="name an edge or an account"):
        evidence(corpus, account=some, edge=(some, some))
    with pytest.raises(UsageError, match=r"no direction: co_hashtag, acts=by.*leave out --acts"):
        evidence(corpus, kind="co_hashtag", account=some, acts="by")
    tag = graph(corpus, "hashtag_network").accounts[0]
    with pytest.raises(UsageError, match=f"joined to itself: {tag}"):
        evidence(corpus, kind="hashtag_network", edge=(tag, tag.partition(":")[2]))
    with pytest.raises(NotFoundError, match=f"no act has this account: {some}"):
        evidence(corpus, kind="hashtag_network", account=some)
    with pytest.raises(NotFoundError, match="no act has this account: nobody"):
        evidence(corpus, account="nobody")
    file = tmp_path / "shares.csv"
    file.write_text("object_id,account_id,content_id,timestamp_share\no,a,c,1930867200\n")
    with pytest.raises(CannotBuildError, match="no reply graph"):
        evidence(load(file), kind="reply", account="a")
    act = {"kind": "share", "target_id": "y:9", "weight": 1.0, "origin": "authored"}
    twins = corpus_of(
        interactions=[
            act | {"platform": p, "actor_id": f"{p}:1", "source_id": "s", "record": i}
            for i, p in enumerate("xy")
        ]
    )
    with pytest.raises(NotFoundError, match=r"more than one account.*x:1, y:1.*platform"):
        evidence(twins, account="1")
    assert evidence(twins, account="y:1").total == 1


@pytest.mark.reference
def test_every_edge_of_a_real_export_is_explained():
    corpus = load(reference_data("loaders/twitter_v2/twarc-network_tweets.jsonl"))
    edges = graph(corpus, "retweet").to_pandas().sort_values("weight").tail(12)
    for source, target, weight in edges.itertuples(index=False):
        assert evidence(corpus, edge=(source, target), limit=None).total == weight
