"""The h-index of reshares and what a usual post gets: slow oracles, closed forms, refusals."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from functools import cache
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import few
from tests.corpora import corpora, corpus_of, crisis
from tests.influence.test_participation import as_dict
from tests.reference import reference_data
from workbench import influence
from workbench.engine import session, views
from workbench.errors import CannotBuildError, InputError, UndefinedError, UsageError
from workbench.graphs import graph
from workbench.influence import (
    MEASURES,
    h_index,
    in_strength,
    per_post_mean,
    per_post_median,
    post_table,
)
from workbench.influence.reshares import h_index_of
from workbench.model import InteractionGraph

WITH_POSTS = [name for name, measure in MEASURES.items() if measure.needs == "posts"]


@cache
def built_of_crisis(kind="retweet"):
    """Return a graph of the bundled crisis, built once a process."""
    return graph(crisis(), kind)


def rows_of(corpus, view):
    with session(corpus) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pylist()


def largest_h(counts):
    """Return h by trying every number."""
    return max((h for h in range(len(counts) + 1) if sum(c >= h for c in counts) >= h), default=0)


def shares_upon(corpus, kind="share"):
    """Return account → post → who shared it, once an act, of others than the account."""
    found = defaultdict(lambda: defaultdict(list))
    for act in rows_of(corpus, "interactions"):
        known = act["actor_id"] and act["target_id"] and act["retracted_ms"] is None
        if act["kind"] == kind and known and act["actor_id"] != act["target_id"]:
            found[act["target_id"]][act["target_post_id"]].append(act["actor_id"])
    return found


def written(shares, *, author="x:1", plain=0):
    """Return a corpus in which an author's posts were shared so often, each by accounts of its own.

    `plain` posts more were not shared.
    """
    counts = [*shares, *[0] * plain]
    posts = [
        {"platform": "x", "post_id": f"p{i}", "version_id": f"p{i}", "author_id": author,
         "kind": "original", "seen_as": "primary", "availability": "full", "created_ms": i,
         "source_id": "s", "record": i}
        for i in range(len(counts))
    ]  # fmt: skip
    acts = [
        {"platform": "x", "kind": "share", "actor_id": f"f{i}.{j}", "post_id": f"s{i}.{j}",
         "target_id": author, "target_post_id": f"p{i}", "weight": 1.0, "created_ms": 1000 + j,
         "origin": "authored", "resolved_by": "id_field", "source_id": "s", "record": 1000 * i + j}
        for i, count in enumerate(counts) for j in range(count)
    ]  # fmt: skip
    return corpus_of(posts=posts, interactions=acts)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 12)), max_size=60))
def test_h_by_arrays_is_h_by_trying_every_number(posts):
    found = h_index_of(
        np.array([a for a, _ in posts], dtype=np.int64),
        np.array([n for _, n in posts], dtype=np.float64),
        nodes=5,
    )
    assert found.tolist() == [largest_h([n for a, n in posts if a == i]) for i in range(5)]


@pytest.mark.parametrize(
    ("shares", "h"),
    [([1], 1), ([9], 1), ([1, 1, 1], 1), ([2, 2], 2), ([5, 4, 3, 2, 1], 3), ([3] * 9, 3)],
)
def test_closed_forms(shares, h):
    corpus = written(shares, plain=2)
    assert as_dict(h_index(graph(corpus, "retweet"), corpus))["x:1"] == h


@given(corpora(), st.sampled_from(["retweet", "quote", "reply"]))
@few(3)
def test_h_index_and_posts_equal_a_count_one_act_at_a_time(corpus, kind):
    built = graph(corpus, kind)
    if not built.nodes:
        return
    upon = shares_upon(corpus, {"retweet": "share"}.get(kind, kind))
    by = {account: [len(acts) for acts in posts.values()] for account, posts in upon.items()}
    once = {account: [len(set(acts)) for acts in posts.values()] for account, posts in upon.items()}
    for counts, table in (("acts", by), ("accounts", once)):
        expected = {a: largest_h(table.get(a, [])) for a in built.accounts}
        assert as_dict(h_index(built, corpus, counts=counts)) == expected
    each = Counter()
    for posts in upon.values():
        each.update({post: len(acts) for post, acts in posts.items()})
    own = defaultdict(list)
    for post in rows_of(corpus, "posts"):
        if post["author_id"] in set(built.accounts):
            own[post["author_id"]].append(each[post["post_id"]])
    rows = post_table(built, corpus).to_pandas().set_index("account")
    assert rows["posts"].to_dict() == {a: len(n) for a, n in own.items()}
    assert rows["shared"].to_dict() == {a: sum(x > 0 for x in n) for a, n in own.items()}
    assert rows["acts"].to_dict() == {a: sum(n) for a, n in own.items()}
    assert rows["most"].to_dict() == {a: max(n) for a, n in own.items()}
    assert rows["median"].to_dict() == {a: median(n) for a, n in own.items()}
    assert rows["mean"].to_dict() == pytest.approx({a: mean(n) for a, n in own.items()})


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "2031-03-08", "until": "2031-03-12"}, {"hashtag": "ysmar"}, {"min_weight": 2},
        {"accounts": ["twitter:2300546724109746199"]},
    ],
    ids=str,
)  # fmt: skip
def test_posts_are_counted_within_the_filters_of_the_graph(filters):
    """The acts of a filtered graph are counted: their sum is its weight, so h is at most that."""
    built = graph(crisis(), "retweet", **filters)
    scores = h_index(built, crisis())
    assert (scores.values <= in_strength(built).values).all()
    assert ((scores.values > 0) == (in_strength(built).values > 0)).all()
    whole = as_dict(h_index(built_of_crisis(), crisis()))
    assert all(h <= whole[account] for account, h in as_dict(scores).items())
    assert scores.values.sum() < sum(whole.values())


def test_what_the_platform_counts_is_its_largest_number_and_missing_is_not_zero():
    base = {"platform": "x", "author_id": "x:1", "kind": "original", "availability": "full",
            "seen_as": "primary", "created_ms": 0}  # fmt: skip
    seen = [("p1", 7, "a"), ("p1", 9, "b"), ("p2", 2, "a"), ("p3", None, "a")]
    posts = [
        base | {"post_id": p, "version_id": p, "shares": n, "source_id": s, "record": i}
        for i, (p, n, s) in enumerate(seen)
    ]
    posts.append(base | {"post_id": "q", "version_id": "q", "author_id": "x:2", "source_id": "a",
                         "record": 9, "kind": "share", "shares": 500})  # fmt: skip
    act = {"platform": "x", "kind": "share", "actor_id": "x:2", "post_id": "q", "target_id": "x:1",
           "target_post_id": "p1", "weight": 1.0, "created_ms": 5, "origin": "authored",
           "resolved_by": "id_field", "source_id": "a", "record": 9}  # fmt: skip
    corpus = corpus_of(posts=posts, interactions=[act])
    scores = h_index(graph(corpus, "retweet"), corpus, counts="platform")
    # A retweet carries the count of its original, and is none of x:2's own posts.
    assert as_dict(scores) == {"x:1": 2.0}
    assert scores.parameters["unknown_counts"] == 1
    other = corpus_of(posts=posts, interactions=[act, act | {"post_id": "r", "record": 10}])
    with pytest.raises(InputError, match="do not make this graph"):
        h_index(graph(corpus, "retweet"), other, counts="platform")
    unreported = written([1])
    with pytest.raises(CannotBuildError, match="reported no counts"):
        h_index(graph(unreported, "retweet"), unreported, counts="platform")


def test_acts_upon_unknown_posts_are_counted_and_make_nobody_zero():
    corpus = written([2, 2])
    acts = corpus.table("interactions").to_pylist()
    lost = [
        acts[0] | {"post_id": f"l{i}", "record": 900 + i, "target_id": who, "target_post_id": None}
        for i, who in enumerate(["x:1", "x:9", "x:9"])
    ]
    corpus = corpus_of(posts=corpus.table("posts").to_pylist(), interactions=[*acts, *lost])
    scores = h_index(graph(corpus, "retweet"), corpus)
    assert scores.parameters["unknown_posts"] == 3
    assert as_dict(scores)["x:1"] == 2
    assert "x:9" not in as_dict(scores)
    only = corpus_of(posts=corpus.table("posts").to_pylist(), interactions=lost)
    with pytest.raises(CannotBuildError, match="does not say which posts were acted upon"):
        h_index(graph(only, "retweet"), only)


def test_the_measures_a_post_are_the_columns_of_the_table():
    built = built_of_crisis()
    rows = post_table(built, crisis()).to_pandas().set_index("account")
    assert as_dict(per_post_median(built, crisis())) == rows["median"].to_dict()
    assert as_dict(per_post_mean(built, crisis())) == rows["mean"].to_dict()


def test_posts_that_are_there_only_because_they_were_shared_do_not_count_as_usual():
    corpus = written([4], plain=3)
    posts = corpus.table("posts").to_pylist()
    posts[0]["seen_as"] = "referenced"
    corpus = corpus_of(posts=posts, interactions=corpus.table("interactions").to_pylist())
    built = graph(corpus, "retweet")
    told = post_table(built, corpus)
    assert told.rows[["account", "posts", "acts"]].to_numpy().tolist() == [["x:1", 3, 0.0]]
    assert told.summary == {"posts": 3, "referenced_only": 1, "acts_elsewhere": 4.0}
    assert as_dict(per_post_mean(built, corpus, posts="known")) == {"x:1": 1.0}
    assert "<table" in told._repr_html_()


@pytest.mark.reference
def test_superspreaders_at_the_99th_percentile():
    """The published values of h; the posts behind them are not public, so only ranks are shown."""
    values = json.loads(reference_data("diffusion/reference_values.json").read_text("utf-8"))
    expected = values["superspreaders"]
    file = reference_data("diffusion/superspreaders/top-fibers--2021_04_23--thresh-0.csv")
    h = np.array([int(line.rpartition(",")[2]) for line in file.read_text("utf-8").split()])
    assert len(h) == expected["n_users_all"]
    # As many posts as it takes: each account wrote h posts with h shares.
    found = h_index_of(np.repeat(np.arange(len(h)), h), np.repeat(h, h), nodes=len(h))
    assert np.sort(found)[::-1][:10].tolist() == expected["h_index_top10"]
    assert np.percentile(found, 99) == expected["p99_threshold_h"]
    assert (found >= expected["p99_threshold_h"]).sum() == expected["n_p99"]


@pytest.mark.parametrize("name", WITH_POSTS)
class TestContract:
    """What every measure with posts promises."""

    def test_the_source_is_told_and_the_amplifier_is_not(self, name):
        built = built_of_crisis()
        scores = MEASURES[name].function(built, crisis())
        low, high = MEASURES[name].bounds
        assert scores.values.min() >= low
        assert high is None or scores.values.max() <= high
        assert scores.graph_fingerprint == built.fingerprint
        assert name in influence.__all__
        quiet = set(built.accounts[in_strength(built).values == 0])
        assert not sum(value for account, value in as_dict(scores).items() if account in quiet)

    def test_what_is_refused(self, name):
        function = MEASURES[name].function
        built = built_of_crisis()
        with pytest.raises(UsageError, match=r"needs posts.*give the corpus"):
            function(built, None)
        edges = InteractionGraph.from_edges(["a", "b"], ["b", "c"])
        with pytest.raises(InputError, match="these posts do not make this graph"):
            function(edges, crisis())
        with pytest.raises(InputError, match="these posts do not make this graph"):
            function(built.reversed(), crisis())
        bare = corpus_of(interactions=[
            {"platform": "x", "kind": "share", "actor_id": "a", "target_id": "b", "weight": 1.0,
             "source_id": "s", "record": 0}
        ])  # fmt: skip
        with pytest.raises(CannotBuildError, match="needs posts, and this data has none"):
            function(graph(bare, "retweet"), bare)
        with pytest.raises(UndefinedError, match="no accounts"):
            function(InteractionGraph.from_edges([], []), crisis())
        with pytest.raises(UndefinedError, match="no act upon a post"):
            function(graph(crisis(), "co_hashtag"), crisis())


def test_choices_are_checked():
    built = built_of_crisis()
    with pytest.raises(UsageError, match=r"no such count.*acts, accounts, platform"):
        h_index(built, crisis(), counts="likes")
    with pytest.raises(UsageError, match=r"no such posts.*primary, known"):
        per_post_median(built, crisis(), posts="all")
    with pytest.raises(UndefinedError, match="no act upon a post: mention"):
        h_index(graph(crisis(), "mention"), crisis())
