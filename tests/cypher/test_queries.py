"""Every query of the library: its header, its form, and its rows against pandas."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest

from tests.corpora import crisis
from workbench.communities import leiden
from workbench.engine import session, views
from workbench.graphs import graph
from workbench.influence import in_strength
from workbench.resources import cypher_folder
from workbench.store import EmbeddedStore
from workbench.store.guard import check, parameters_of
from workbench.store.library import queries

LIBRARY = queries()
TYPES = {"text", "integer", "float", "boolean"}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = EmbeddedStore(tmp_path_factory.mktemp("library") / "graph")
    opened.write(crisis(), progress=False)
    retweets = graph(crisis(), "retweet", largest_component=True)
    opened.annotate(leiden(retweets, seed=1), name="older")
    opened.annotate(leiden(retweets, seed=5), in_strength(retweets), name="camps")
    yield opened
    opened.close()


def frame(view):
    with session(crisis()) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pandas()


def edges(kind, **filters):
    found = graph(crisis(), kind, **filters).to_pandas()
    return found[found["source"] != found["target"]]


# -- form ----------------------------------------------------------------------------------------


def test_there_are_ten_files_and_more():
    assert len(LIBRARY) >= 10
    assert {name.partition("/")[0] for name in LIBRARY} >= {
        "accounts", "cascades", "communities", "evidence", "hashtags", "influence", "posts",
        "runs", "timelines", "urls",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_the_header_says_what_the_query_needs_and_gives(name):
    query = LIBRARY[name]
    assert query.question.endswith("?")
    assert {p.name for p in query.parameters} == parameters_of(query.text)
    assert "limit" in {p.name for p in query.parameters}
    for meaning in query.columns.values():
        kind, _, rest = meaning.partition(",")
        assert kind in TYPES
        assert len(rest) > 3
    text = (cypher_folder() / f"{name}.cypher").read_text("utf-8")
    assert "// reads: (:" in text


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_the_order_of_rows_is_total_before_they_are_cut(name):
    query = LIBRARY[name]
    last = query.text[query.text.rindex("RETURN") :]
    match = re.search(r"ORDER BY (.+)\s+LIMIT \$limit\s*$", last, re.DOTALL)
    assert match, "ORDER BY … LIMIT $limit at the end"
    keys = [key.strip() for key in match[1].split(",")]
    assert all(re.search(r" (ASC|DESC)$", key) for key in keys)
    returned = re.match(r"RETURN (.+?)\s+ORDER BY", last, re.DOTALL)[1]
    names = [re.split(r"\s+AS\s+", part.strip())[-1] for part in returned.split(",")]
    assert names == list(query.columns)


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_queries_pass_the_guard_and_return_their_columns(store, name):
    query = LIBRARY[name]
    check(query.text, {p.name: p.default for p in query.parameters})
    rows = store.query(name)
    assert list(rows.columns) == list(query.columns)
    assert len(rows) > 0
    assert not rows.duplicated().any()
    for column, meaning in query.columns.items():
        kind = meaning.partition(",")[0]
        values = rows[column].dropna()
        expected = {"text": str, "integer": (int, np.integer), "float": float, "boolean": bool}
        assert isinstance(values.iloc[0], expected[kind]), column
    assert store.query(name, limit=1).equals(rows.head(1).reset_index(drop=True))


# -- rows ----------------------------------------------------------------------------------------


def same(store, name, expected, **parameters):
    found = store.query(name, limit=100_000, **parameters)
    assert len(expected) > 1
    assert list(found.itertuples(index=False, name=None)) == expected


def shortlex(text):
    return (len(text), text)


def amplified(kind):
    """Return account, weight and number of other accounts that act upon it."""
    grouped = edges(kind).groupby("target")["weight"].agg(["sum", "count"])
    rows = [(a, w, n) for a, w, n in grouped.itertuples(name=None)]
    return sorted(rows, key=lambda r: (-r[1], shortlex(r[0])))


def test_most_amplified_and_most_mentioned_accounts(store):
    same(store, "influence/most_amplified_accounts", amplified("retweet"))
    same(store, "influence/most_mentioned_accounts", amplified("mention"))


def test_amplifiers_of_an_account(store):
    acts = frame("interactions")
    acts = acts[(acts["kind"] == "share") & (acts["actor_id"] != acts["target_id"])]
    for place in (0, 5):
        star = amplified("retweet")[place][0]
        given = {"account": star} if place else {}
        times = acts[acts["target_id"] == star].groupby("actor_id")["created_ms"]
        rows = [(a, star, float(len(t)), t.min(), t.max()) for a, t in times]
        rows.sort(key=lambda r: (-r[2], shortlex(r[0])))
        same(store, "accounts/amplifiers_of_account", rows, **given)


def test_posts_of_an_edge(store):
    heaviest = sorted(
        edges("retweet").itertuples(index=False, name=None),
        key=lambda e: (-e[2], shortlex(e[0]), shortlex(e[1])),
    )
    acts = frame("interactions")
    for (source, target, weight), given in ((heaviest[0], False), (heaviest[3], True)):
        behind = acts[
            (acts["kind"] == "share") & (acts["actor_id"] == source) & (acts["target_id"] == target)
        ]
        rows = [
            (source, target, p, q, ms)
            for p, q, ms in behind[["post_id", "target_post_id", "created_ms"]].itertuples(
                index=False, name=None
            )
        ]
        assert len(rows) == weight
        rows.sort(key=lambda r: (r[4], r[2]))
        named = {"source": source, "target": target} if given else {}
        same(store, "evidence/posts_of_edge", rows, **named)


def test_most_shared_posts(store):
    acts = frame("interactions")
    shares = acts[(acts["kind"] == "share") & acts["target_post_id"].notna()]
    grouped = shares.groupby("target_post_id")["created_ms"].agg(["count", "min", "max"])
    rows = sorted(grouped.itertuples(name=None), key=lambda r: (-r[1], shortlex(r[0])))
    same(store, "posts/most_shared_posts", rows)


def authored(kind):
    """Return what authors put into their own primary posts: author, post, value."""
    carried = frame("attachments")
    own = carried[
        (carried["kind"] == kind)
        & (carried["origin"] == "authored")
        & (carried["seen_as"] == "primary")
    ]
    return own[["author_id", "post_id", "value"]].drop_duplicates()


def test_most_used_hashtags_and_most_linked_domains(store):
    for kind, name in (
        ("hashtag", "hashtags/most_used_hashtags"),
        ("domain", "urls/most_linked_domains"),
    ):
        grouped = (
            authored(kind).groupby("value").agg({"post_id": "nunique", "author_id": "nunique"})
        )
        rows = sorted(grouped.itertuples(name=None), key=lambda r: (-r[1], shortlex(r[0])))
        same(store, name, rows)


def test_hashtags_used_together(store):
    together = Counter()
    for _, tags in authored("hashtag").groupby("post_id")["value"]:
        together.update((a, b) for a in tags for b in tags if a < b)
    rows = sorted(((a, b, n) for (a, b), n in together.items()), key=lambda r: (-r[2], r[0], r[1]))
    same(store, "hashtags/hashtag_pairs", rows)


def test_posts_per_day(store):
    posts = frame("posts")
    posts = posts[(posts["seen_as"] == "primary") & posts["created_ms"].notna()]
    day = posts["created_ms"].astype("int64") // 86_400_000 * 86_400_000
    rows = [(int(d), k, n) for (d, k), n in posts.groupby([day, "kind"]).size().items()]
    same(store, "timelines/posts_per_day", sorted(rows))


def test_replies_by_depth(store):
    acts = frame("interactions")
    known = set(frame("posts")["post_id"])
    replies = acts[(acts["kind"] == "reply") & acts["target_post_id"].isin(known)]
    above = dict(zip(replies["post_id"], replies["target_post_id"], strict=True))
    depths, roots = Counter(), defaultdict(set)
    for post in above:
        depth, place = 0, post
        while place in above:
            depth, place = depth + 1, above[place]
        if depth <= 10:
            depths[depth] += 1
            roots[depth].add(place)
    same(
        store, "cascades/replies_by_depth", [(d, depths[d], len(roots[d])) for d in sorted(depths)]
    )


def test_flow_between_communities_of_the_newest_run_or_of_one(store):
    retweets = graph(crisis(), "retweet", largest_component=True)
    runs = store.runs().set_index("name")["run_id"]
    for seed, given in ((5, {}), (1, {"run": runs["older"]})):
        labels = dict(zip(retweets.accounts, leiden(retweets, seed=seed).labels, strict=True))
        within = edges("retweet")
        within = within[within["source"].isin(labels) & within["target"].isin(labels)]
        sides = [within["source"].map(labels), within["target"].map(labels)]
        grouped = within["weight"].groupby(sides).agg(["sum", "count"])
        rows = [(int(a), int(b), w, n) for (a, b), w, n in grouped.itertuples(name=None)]
        same(store, "communities/cross_community_flow", sorted(rows), **given)


def test_runs_and_what_they_wrote(store):
    retweets = graph(crisis(), "retweet", largest_component=True)
    rows = store.query("runs/results_of_runs")
    assert rows["name"].tolist() == ["older", "camps"]
    assert rows["results"].tolist() == [retweets.nodes, 2 * retweets.nodes]
    assert rows["seed"].tolist() == [1, 5]
    assert set(rows["input"]) == {retweets.fingerprint}
    assert pd.Series(rows["written_ms"]).is_monotonic_increasing
