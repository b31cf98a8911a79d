"""Posts with what they do and carry, merged from two streams."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from tests.conftest import few
from tests.corpora import corpora, corpus_of
from workbench.engine import session, views
from workbench.errors import CannotBuildError
from workbench.graphs import post_rows
from workbench.graphs.post_rows import begun, cell, first, posts, seconds, values


@given(corpora())
@few(5)
def test_every_primary_post_comes_once_with_all_its_acts(corpus):
    found = list(posts(corpus))
    ids = [post["post_id"] for post, _ in found]
    assert ids == sorted(set(ids))
    with session(corpus) as engine:
        acts = engine.collect(views.interactions(engine)).to_pylist()
        carried = engine.collect(views.attachments(engine)).to_pylist()
    wanted = Counter(
        (row["post_id"], row["kind"]) for row in [*acts, *carried] if row["post_id"] in set(ids)
    )
    made = Counter(
        (post["post_id"], kind)
        for post, entries in found
        for kind, rows in entries.items()
        for _ in rows
    )
    assert made == wanted


def test_pieces_of_any_size_give_the_same(monkeypatch):
    rows = [
        {"post_id": f"x:{i}", "version_id": f"x:{i}", "seen_as": "primary", "source_id": "s",
         "record": i, "availability": "full"}
        for i in range(9)
    ]  # fmt: skip
    acts = [
        {"post_id": f"x:{i % 12}", "kind": "share", "actor_id": "x:a", "target_post_id": f"x:{i}",
         "source_id": "s", "record": i, "origin": "authored"}
        for i in range(30)
    ]  # fmt: skip
    corpus = corpus_of(posts=rows, interactions=acts)
    whole = list(posts(corpus))
    monkeypatch.setattr(post_rows, "PIECE", 2)
    assert list(posts(corpus)) == whole
    assert sum(len(entries["share"]) for _, entries in whole) == 24


def test_without_posts_there_is_nothing():
    with pytest.raises(CannotBuildError, match="no posts"):
        posts(corpus_of(interactions=[{"kind": "share", "actor_id": "a", "target_id": "b"}]))


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (None, ""),
        (0, "0"),
        (1000, "1"),
        (1250, "1.250"),
        (-1250, "-1.250"),
        (1700000000000, "1700000000"),
    ],
)
def test_seconds(ms, text):
    assert seconds(ms) == text


def test_cells_and_choices():
    assert [cell(value) for value in (None, True, False, 0, "a")] == ["", "1", "0", "0", "a"]
    assert first({}, "share") == {}
    entries = {
        "url": [{"target_id": v, "origin": o} for v, o in (("b", "x"), ("a", "x"), ("a", "y"))]
    }
    assert values(entries, "url", "x") == ["a", "b"]


def test_a_refusal_comes_with_the_first_row():
    def rows():
        raise CannotBuildError("no")
        yield []

    with pytest.raises(CannotBuildError):
        begun(rows())
    assert list(begun(iter([]))) == []
    assert list(begun(iter([["a"], ["b"]]))) == [["a"], ["b"]]
