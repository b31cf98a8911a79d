"""What the filters let through, and what is refused before anything is counted."""

from __future__ import annotations

import pytest

from tests.corpora import corpus_of, crisis
from workbench.engine import session
from workbench.errors import CannotBuildError
from workbench.graphs.selection import chosen_acts, chosen_attachments, count_rows, require
from workbench.model.filters import Filters
from workbench.model.kinds import graph_kind


def number(corpus, base, **filters):
    with session(corpus) as opened:
        return count_rows(opened, chosen_acts(opened, base, Filters.parse(**filters)))


def test_filters_of_one_kind_are_joined_by_and():
    every = number(crisis(), "share")
    french = number(crisis(), "share", lang="fr")
    english = number(crisis(), "share", lang="en")
    assert 0 < french < every
    assert french + english <= every
    tagged = number(crisis(), "share", hashtag="ysmar")
    both = number(crisis(), "share", lang="fr", hashtag="ysmar")
    assert 0 < both < min(french, tagged)
    assert number(crisis(), "share", lang="fr", until="2000-01-01") == 0


@pytest.mark.parametrize("spelling", ["été", "#ÉTÉ", "e\u0301te\u0301", "＃Été"])
def test_hashtags_are_asked_for_in_any_spelling(spelling):
    tag = {"platform": "x", "kind": "hashtag", "value": "été", "origin": "authored", "start": 0}
    tag |= {"author_id": "x:a", "post_id": "x:1", "seen_as": "primary", "source_id": "s"}
    post = {"platform": "x", "post_id": "x:1", "author_id": "x:a", "seen_as": "primary"}
    act = {"platform": "x", "kind": "reply", "actor_id": "x:a", "target_id": "x:b", "weight": 1.0}
    act |= {"post_id": "x:1", "origin": "authored", "source_id": "s", "record": 1}
    corpus = corpus_of(
        attachments=[tag | {"record": 1}],
        posts=[post | {"source_id": "s", "record": 1, "kind": "reply"}],
        interactions=[act],
    )
    assert number(corpus, "reply", hashtag=spelling) == 1
    assert number(corpus, "reply", hashtag="étés") == 0


def test_only_what_authors_put_into_their_own_posts_counts():
    base = {"platform": "x", "kind": "hashtag", "value": "a", "post_id": "x:1", "source_id": "s"}
    base |= {"author_id": "x:a", "start": 0, "record": 1, "origin": "authored"}
    kept = base | {"seen_as": "primary"}
    left_out = [
        {"origin": "inherited_share", "seen_as": "primary"},
        {"seen_as": "referenced"},
        {"seen_as": "primary", "author_id": None},
        {"seen_as": "primary", "value": None},
        {"seen_as": "primary", "kind": "url"},
    ]
    others = [base | other | {"post_id": f"x:{i}"} for i, other in enumerate(left_out, 2)]
    with session(corpus_of(attachments=[kept, *others])) as opened:
        rows = opened.collect(chosen_attachments(opened, "hashtag", Filters.parse()))
    assert rows.column("post_id").to_pylist() == ["x:1"]


def test_acts_taken_back_are_out():
    act = {"platform": "x", "kind": "share", "actor_id": "x:a", "target_id": "x:b", "weight": 1.0}
    act |= {"origin": "authored", "source_id": "s"}
    rows = [act | {"post_id": f"x:{i}", "record": i} for i in range(3)]
    rows[1]["retracted_ms"] = 7
    assert number(corpus_of(interactions=rows), "share") == 2


def test_filters_on_posts_need_posts():
    act = {"platform": "x", "kind": "share", "actor_id": "x:a", "target_id": "x:b", "weight": 1.0}
    corpus = corpus_of(interactions=[act | {"origin": "authored", "source_id": "s", "record": 1}])
    with session(corpus) as opened:
        require(opened, graph_kind("retweet"), Filters.parse())
        for name in ("lang", "hashtag", "text"):
            with pytest.raises(CannotBuildError, match=r"no posts.*leave these filters out"):
                require(opened, graph_kind("retweet"), Filters.parse(**{name: "x"}))
