"""Evidence is posts that exist: counted by accounts, never by acts, and told with what is known."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.communities.test_description import CAMP, OTHER, camps, post, share, world
from tests.corpora import corpus_of
from workbench.communities.evidence import acted_upon, carrying, listed, own_posts
from workbench.engine import session as open_session
from workbench.graphs import graph
from workbench.graphs.terms import Written
from workbench.model.filters import Filters

ALL = Filters.parse()


@pytest.fixture(scope="module")
def corpus():
    return world()


def test_posts_acted_upon_are_counted_by_accounts():
    # One account shares a post nine times, three share another once.
    acts = [share("x:a1", "x:a0", n) for n in range(9)]
    acts += [share(a, "x:b0", 1) for a in ("x:a1", "x:a2", "x:a3")]
    unknown = share("x:a2", "x:zz", 1) | {"target_post_id": None}
    corpus = corpus_of(posts=[post("x:a0", 1, "one")], interactions=[*acts, unknown])
    made = graph(corpus)
    with open_session(corpus) as session:
        rows = acted_upon(session, made, camps(made), filters=ALL, k=2, top=5)
        assert rows[["community", "post_id", "accounts"]].to_numpy().tolist() == [
            [0, "p:b0/1", 3], [0, "p:a0/1", 1],
        ]  # fmt: skip
        told = listed(session, [rows], camps(made)).set_index("post_id")
    assert told.loc["p:a0/1", "author"] == "x:a0"
    assert told.loc["p:b0/1", ["author", "created_at"]].isna().all(), "nobody collected it"
    assert not told.loc["p:b0/1", "account_inside"]


def test_acts_that_are_upon_no_post_say_so():
    acts = [share("x:a1", "x:a0", 1) | {"target_post_id": None}]
    corpus = corpus_of(posts=[post("x:a0", 1, "one")], interactions=acts)
    made = graph(corpus)
    with open_session(corpus) as session:
        why = acted_upon(session, made, camps(made), filters=ALL, k=1, top=5)
    assert why == "no act of these accounts says which post it is upon"
    mentions = [share("x:a1", "x:a0", 1) | {"kind": "mention", "start": 0, "target_post_id": None}]
    corpus = corpus_of(posts=[post("x:a0", 1, "one")], interactions=mentions)
    made = graph(corpus, "mention")
    with open_session(corpus) as session:
        why = acted_upon(session, made, camps(made), filters=ALL, k=1, top=5)
    assert why == "a mention is upon an account, not upon a post"


def test_posts_that_carry_most_clear_terms_come_first(corpus):
    made = graph(corpus)
    terms = pd.DataFrame(
        [
            {"community": 0, "kind": "hashtag", "term": "open", "clear": True},
            {"community": 0, "kind": "word", "term": "harbour", "clear": True},
            {"community": 0, "kind": "word", "term": "mountain", "clear": True},
            {"community": 1, "kind": "hashtag", "term": "closed", "clear": False},
        ]
    )
    with open_session(corpus) as session:
        written = Written.of(session, kinds=("hashtag", "word"))
        rows = carrying(session, camps(made), written, terms=terms, top=3)
        none = carrying(session, camps(made), written, terms=terms.iloc[3:], top=3)
        own = own_posts(session, camps(made), written, k=1)
    assert rows["community"].unique().tolist() == [0], "only of terms that are clear"
    assert rows["term"].unique().tolist() == ["harbour, open"], "mountain is of the others' posts"
    assert set(rows["post_id"]) <= {f"p:{a[2:]}/1" for a in CAMP}
    assert none.empty
    assert own[["posts", "authors"]].to_numpy().tolist() == [[21, 20]]
    assert len(OTHER) == 16
