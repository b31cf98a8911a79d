"""Graphs against plain loops over the rows, and against the numbers of real exports."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.corpora import TAGS, corpora, corpus_of, crisis
from tests.reference import reference_data
from workbench.engine import session, views
from workbench.errors import CannotBuildError, UsageError
from workbench.graphs import graph
from workbench.loaders import load
from workbench.model.kinds import GRAPHS


def as_dict(made):
    return {(s, t): w for s, t, w in made.to_pandas().itertuples(index=False)}


def rows(corpus, view):
    with session(corpus) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pylist()


def obvious(corpus, kind, *, since=None, until=None, origins=("authored",), lang=None):
    """Build a graph with dictionaries."""
    what = GRAPHS[kind]
    spoken = {p["post_id"]: p["lang"] for p in rows(corpus, "posts")}

    def passes(row):
        return (
            (since is None or row["created_ms"] >= since)
            and (until is None or row["created_ms"] < until)
            and (lang is None or spoken.get(row["post_id"]) == lang)
        )

    acts = [a for a in rows(corpus, "interactions") if passes(a)]
    if what.family == "interaction":
        return Counter(
            (a["actor_id"], a["target_id"])
            for a in acts
            if a["kind"] == what.base
            and a["target_id"]
            and (a["kind"] != "mention" or origins is None or a["origin"] in origins)
        )
    if what.base == "share":
        uses = {(a["actor_id"], a["target_post_id"]) for a in acts if a["kind"] == "share"}
    else:
        carried = [
            a
            for a in rows(corpus, "attachments")
            if passes(a) and a["kind"] == what.base and a["origin"] == "authored"
        ]
        uses = {(a["author_id"], a["value"]) for a in carried}
        if what.family == "bipartite":
            posts = {(a["author_id"], a["value"], a["post_id"]) for a in carried}
            return Counter((account, f"{what.base}:{value}") for account, value, _ in posts)
        if what.family == "cooccurrence":
            uses = {(f"{what.base}:{a['value']}", a["post_id"]) for a in carried}
    users = Counter()
    for _, members in _by_object(uses).items():
        for pair in combinations(sorted(members, key=lambda a: (len(a), a)), 2):
            users[pair] += 1
    return users


def _by_object(uses):
    grouped = {}
    for member, thing in uses:
        grouped.setdefault(thing, set()).add(member)
    return grouped


@few(4)
@given(corpora(), st.sampled_from(sorted(GRAPHS)))
def test_every_kind_equals_the_obvious_loop(corpus, kind):
    assert as_dict(graph(corpus, kind)) == obvious(corpus, kind)


@few(4)
@given(corpora(), st.sampled_from(sorted(GRAPHS)), st.integers(1, 8), st.sampled_from(["fr", None]))
def test_windows_and_languages(corpus, kind, cut, lang):
    for since, until in ((None, cut * 1000), (cut * 1000, None)):
        from workbench.model.filters import iso

        bounds = {"since": iso(since) if since else None, "until": iso(until) if until else None}
        found = graph(corpus, kind, **bounds, lang=lang)
        assert as_dict(found) == obvious(corpus, kind, since=since, until=until, lang=lang)


@few(3)
@given(corpora(), st.integers(1, 8))
def test_two_windows_add_up(corpus, cut):
    middle = f"1970-01-01T00:00:0{cut}Z"
    for kind in ("retweet", "mention"):
        whole = Counter(as_dict(graph(corpus, kind)))
        parts = Counter(as_dict(graph(corpus, kind, until=middle)))
        parts.update(as_dict(graph(corpus, kind, since=middle)))
        assert parts == whole


@few(3)
@given(corpora())
def test_origins_of_mentions(corpus):
    assert as_dict(graph(corpus, "mention", origin="all")) == obvious(
        corpus, "mention", origins=None
    )
    chosen = graph(corpus, "mention", origin=["share_head", "authored"])
    assert as_dict(chosen) == obvious(corpus, "mention", origins={"share_head", "authored"})
    assert chosen.choices["origin"] == "authored,share_head"


def test_text_also_looks_into_the_shared_post():
    post = {"platform": "x", "seen_as": "primary", "availability": "full", "source_id": "s"}
    act = {"platform": "x", "kind": "share", "weight": 1.0, "origin": "authored", "source_id": "s"}
    corpus = corpus_of(
        posts=[
            post | {"post_id": "x:1", "author_id": "x:a", "text": "the Treaty", "record": 1},
            post | {"post_id": "x:2", "author_id": "x:b", "text": "RT @a: the Tr…", "record": 2},
            post | {"post_id": "x:3", "author_id": "x:c", "text": "RT @d: other", "record": 3},
        ],
        interactions=[
            act | {"post_id": "x:2", "actor_id": "x:b", "target_id": "x:a",
                   "target_post_id": "x:1", "record": 2},
            act | {"post_id": "x:3", "actor_id": "x:c", "target_id": "x:d",
                   "target_post_id": "x:9", "record": 3},
        ],
    )  # fmt: skip
    assert as_dict(graph(corpus, text="TREATY")) == {("x:b", "x:a"): 1}


def test_hashtag_and_account_filters():
    corpus = crisis()
    tagged = graph(corpus, "retweet", hashtag="#Ysmar")
    assert 0 < tagged.edges < graph(corpus, "retweet").edges
    star = graph(corpus).to_pandas().groupby("target")["weight"].sum().idxmax()
    of_star = graph(corpus, accounts=[star])
    assert all(star in pair for pair in as_dict(of_star))
    whole = graph(corpus)
    expected = {pair: w for pair, w in as_dict(whole).items() if star in pair}
    assert as_dict(of_star) == expected


def test_whole_graph_filters_and_what_they_record():
    heavy = graph(crisis(), min_weight=3, largest_component=True)
    assert heavy.weight.min() >= 3
    assert heavy.components().max() == 0
    assert heavy.choices["min_weight"] == 3
    assert graph(crisis(), largest_component=True).choices["outside_component"] > 0
    thin = graph(crisis(), backbone=0.05)
    assert 0 < thin.edges < graph(crisis()).edges


@pytest.mark.parametrize(
    "filters", [{"largest_component": True}, {"min_weight": 3}, {"backbone": 0.05}]
)
def test_first_and_last_are_of_the_acts_that_are_left(filters):
    acts = [a for a in rows(crisis(), "interactions") if a["kind"] == "reply"]
    made = graph(crisis(), "reply", **filters)
    kept = as_dict(made)
    times = [a["created_ms"] for a in acts if (a["actor_id"], a["target_id"]) in kept]
    assert (made.first_ms, made.last_ms) == (min(times), max(times))
    nothing = graph(crisis(), "reply", min_weight=1e6)
    assert (nothing.nodes, nothing.first_ms, nothing.last_ms) == (0, None, None)


def test_bipartite_parts_and_times():
    made = graph(crisis(), "account_hashtag")
    objects = made.accounts[made.parts == 1]
    assert all(name.startswith("hashtag:") for name in objects)
    assert not any(name.startswith("hashtag:") for name in made.accounts[made.parts == 0])
    assert made.first_ms < made.last_ms
    assert (np.diff(made.indptr)[made.parts == 1] == 0).all()


def test_unresolved_acts_are_counted_not_drawn():
    act = {"platform": "x", "kind": "reply", "actor_id": "x:a", "post_id": "x:1", "source_id": "s"}
    act |= {"origin": "authored", "weight": 1.0, "record": 1, "target_post_id": "x:9"}
    corpus = corpus_of(interactions=[act])
    made = graph(corpus, "reply")
    assert (made.nodes, made.choices) == (0, {"unresolved": 1})


def test_objects_that_nearly_everybody_used_can_be_left_out():
    base = {"platform": "x", "kind": "hashtag", "origin": "authored", "seen_as": "primary"}
    carried = [
        base | {"author_id": f"x:{i}", "post_id": f"x:p{i}{tag}", "value": tag, "source_id": "s",
                "record": i, "start": 0}
        for i in range(4)
        for tag in (TAGS[:2] if i < 2 else TAGS[:1])
    ]  # fmt: skip
    corpus = corpus_of(attachments=carried)
    assert graph(corpus, "co_hashtag").edges == 6
    few = graph(corpus, "co_hashtag", max_accounts=3)
    assert as_dict(few) == {("x:0", "x:1"): 1}
    assert few.choices["objects_left_out"] == 1


def test_what_cannot_be_built_is_refused_with_the_reason(tmp_path):
    file = tmp_path / "edges.csv"
    file.write_text("source,target\na,b\nb,c\n")
    corpus = load(file)
    with pytest.raises(CannotBuildError, match=r"no co_hashtag graph.*an edge list names accounts"):
        graph(corpus, "co_hashtag")
    with pytest.raises(CannotBuildError, match="no posts"):
        graph(corpus, lang="fr")
    with pytest.raises(CannotBuildError, match="no times"):
        graph(corpus, since="2031-01-01")
    with pytest.raises(UsageError, match="no such origin"):
        graph(corpus, "mention", origin="invented")
    with pytest.raises(UsageError, match=r"the window is empty.*since < until"):
        graph(corpus, since="2031-01-02", until="2031-01-01")
    with pytest.raises(UsageError, match="since is not a time"):
        graph(corpus, since="yesterday")


@pytest.mark.reference
@pytest.mark.parametrize(
    ("kind", "origin", "counts"),
    [
        ("retweet", None, (420, 345, 367, 10, 21)),
        ("quote", None, (30, 17, 18, 4, 5)),
        ("reply", None, (51, 31, 35, 7, 9)),
        ("mention", None, (85, 68, 74, 1, 1)),
        ("mention", "authored,reply_prefix,inherited_share", (279, 252, 279, 3, 3)),
        ("mention", "all", (636, 595, 646, 12, 24)),
    ],
)
def test_twarc_network_file(kind, origin, counts):
    corpus = load(reference_data("loaders/twitter_v2/twarc-network_tweets.jsonl"))
    made = graph(corpus, kind, origin=origin)
    found = (made.nodes, made.edges, made.total_weight, made.self_loops, made.self_loop_weight)
    assert found == counts


@pytest.mark.reference
def test_higgs_activity_gives_the_published_edge_lists():
    corpus = load(reference_data("diffusion/higgs/higgs-activity_time.txt.gz"))
    expected = {
        "retweet": (256_491, 328_132, 354_930),
        "mention": (116_408, 150_818, 171_237),
        "reply": (38_918, 32_523, 36_902),
    }
    for kind, counts in expected.items():
        made = graph(corpus, kind)
        assert (made.nodes, made.edges, made.total_weight) == counts
