"""What a corpus holds, against plain loops over its rows."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from tests.conftest import few
from tests.corpora import corpora, corpus_of, crisis
from workbench.engine import session, views
from workbench.graphs import describe
from workbench.loaders import load
from workbench.model import Corpus
from workbench.model.filters import iso


def rows(corpus, view):
    with session(corpus) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pylist()


def check(corpus, top=10):
    found = describe(corpus, top=top)
    posts = [p for p in rows(corpus, "posts") if p["seen_as"] == "primary"]
    acts = rows(corpus, "interactions")
    assert found.posts == len(posts) == found.per_day["posts"].sum() + found.undated
    assert found.authors == len({p["author_id"] for p in posts})
    assert found.kinds == Counter(p["kind"] for p in posts)
    assert found.languages == Counter(p["lang"] for p in posts if p["lang"])
    assert found.acts == Counter(a["kind"] for a in acts)
    days = Counter(iso(p["created_ms"])[:10] for p in posts)
    assert {d: n for d, n in found.per_day[["day", "posts"]].itertuples(index=False) if n} == days
    ranked = sorted(
        Counter(p["author_id"] for p in posts).items(), key=lambda a: (-a[1], len(a[0]), a[0])
    )
    assert list(found.accounts.itertuples(index=False, name=None)) == ranked[:top]
    tags = {
        (a["value"], a["post_id"])
        for a in rows(corpus, "attachments")
        if a["kind"] == "hashtag" and a["origin"] == "authored" and a["seen_as"] == "primary"
    }
    used = sorted(Counter(tag for tag, _ in tags).items(), key=lambda a: (-a[1], len(a[0]), a[0]))
    assert list(found.hashtags.itertuples(index=False, name=None)) == used[:top]
    return found


@few(3)
@given(corpora())
def test_counts_equal_a_plain_loop(corpus):
    check(corpus, top=2)


def test_the_crisis():
    found = check(crisis())
    assert found.posts == 5600
    assert found.first_ms < found.last_ms
    assert len(found.hashtags) == len(found.domains) == 10
    told = found.to_dict()
    assert told["first"] == iso(found.first_ms)
    assert set(told["top"]["domains"][0]) == {"domain", "posts"}
    assert len(told["per_day"]) == len(found.per_day)


def test_days_without_posts_are_rows_and_gaps():
    day = 86_400_000
    post = {"platform": "x", "seen_as": "primary", "kind": "original", "source_id": "s"}
    corpus = corpus_of(
        posts=[
            post | {"post_id": f"x:{i}", "author_id": "x:a", "created_ms": ms, "record": i}
            for i, ms in enumerate([5, 3 * day, 3 * day + 7, 6 * day - 1, 6 * day])
        ]
        + [post | {"post_id": "x:9", "author_id": "x:b", "record": 9}]
    )
    found = describe(corpus)
    assert found.per_day["posts"].tolist() == [1, 0, 0, 2, 0, 1, 1]
    assert found.per_day["day"].iloc[0] == "1970-01-01"
    assert found.gaps.to_dict("records") == [
        {"since": "1970-01-02", "until": "1970-01-03", "days": 2},
        {"since": "1970-01-05", "until": "1970-01-05", "days": 1},
    ]
    assert (found.posts, found.undated) == (6, 1)
    assert found.languages == {}


def test_empty_and_postless_data(tmp_path):
    nothing = describe(Corpus.empty())
    assert (nothing.posts, nothing.first_ms, nothing.kinds, nothing.acts) == (0, None, {}, {})
    assert nothing.to_dict()["per_day"] == []
    file = tmp_path / "activity.txt"
    file.write_text("1 2 1930867200 RT\n2 3 1930867260 MT\n1 2 1930867261 RT\n")
    found = describe(load(file))
    assert (found.posts, found.acts) == (0, {"mention": 1, "share": 2})
    assert found.first_ms == pytest.approx(1930867200000)
    assert found.last_ms == 1930867261000
