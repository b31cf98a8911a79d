"""What goes from a server and what stays: by study, by person, by run."""

from __future__ import annotations

import pytest

from tests.store.stores import emptied
from workbench.errors import NotFoundError
from workbench.store.bolt import Bolt
from workbench.store.clearing import clear, drop_run, forget, holding, leave, sweep

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


@pytest.fixture
def bolt():
    """Open a database in which two studies share an account and a hashtag."""
    opened = Bolt(emptied())
    opened.run(
        "CREATE (a:Account {account_id: 'x:a', handle: 'a', studies: ['one', 'two']}) "
        "CREATE (b:Account {account_id: 'x:b', handle: 'b', studies: ['one']}) "
        "CREATE (p:Post {post_id: 'x:p', text: 'war', studies: ['one']}) "
        "CREATE (h:Hashtag {hashtag: 'peace', studies: ['one', 'two']}) "
        "CREATE (a)-[:RETWEETED {study: 'one'}]->(b), (b)-[:RETWEETED {study: 'two'}]->(a), "
        "(b)-[:POSTED {study: 'one'}]->(p)-[:TAGGED {study: 'one'}]->(h) "
        "CREATE (r:Run {run_id: 'r', study: 'two'})-[:SCORED {study: 'two'}]->(b) "
        "CREATE (:Run {run_id: 's', study: 'two'})-[:MEASURED]->(:IndexValue {index_id: 's:q'}) "
        "CREATE (r)-[:MEASURED]->(:IndexValue {index_id: 'r:q'})"
    )
    yield opened
    opened.close()


def told(bolt, text):
    return [list(row.values()) for row in bolt.rows(text).to_pylist()]


def test_relationships_of_one_study_and_type_go(bolt):
    clear(bolt, "RETWEETED", "one")
    assert told(bolt, "MATCH ()-[r:RETWEETED]->() RETURN r.study AS s") == [["two"]]
    assert told(bolt, "MATCH ()-[r:POSTED]->() RETURN count(*) AS n") == [[1]]


@pytest.mark.parametrize("blank", [False, True])
def test_a_study_leaves_nodes_and_those_of_nobody_are_swept(bolt, blank):
    leave(bolt, "one", blank=blank)
    accounts = told(bolt, "MATCH (a:Account) RETURN a.account_id AS i, a.handle AS h ORDER BY i")
    assert accounts == [["x:a", None if blank else "a"], ["x:b", None]]
    sweep(bolt, "one")
    # A result of the other study keeps the account that it scored.
    assert told(bolt, "MATCH (a:Account) RETURN a.account_id AS i ORDER BY i") == [["x:a"], ["x:b"]]
    assert told(bolt, "MATCH (p:Post) RETURN count(*) AS n") == [[0]]
    assert told(bolt, "MATCH (h:Hashtag) RETURN h.studies AS s") == [[["two"]]]


def test_a_person_goes_with_posts_and_what_only_they_carried(bolt):
    with pytest.raises(NotFoundError, match="no such account in the store: x:nobody"):
        forget(bolt, "x:nobody")
    assert forget(bolt, "x:b") == 1
    left = told(bolt, "MATCH (n) WHERE n.studies IS NOT NULL RETURN labels(n) AS l")
    assert left == [[["Account"]]]
    assert told(bolt, "MATCH ()-[r:RETWEETED]->() RETURN count(*) AS n") == [[0]]


def test_only_studies_that_lose_something_no_longer_hold_their_corpus(bolt):
    bolt.run("UNWIND ['one', 'two', 'three'] AS s CREATE (:Study {study: s, corpus: 'c'})")
    # Of another study's, an act is enough.
    assert holding(bolt, "x:b") == ["one", "two"]
    assert holding(bolt, "x:nobody") == []
    forget(bolt, "x:b")
    rows = told(bolt, "MATCH (s:Study) RETURN s.study AS s, s.corpus AS c, s.forgotten AS f, "
                "s.stale AS t ORDER BY s")  # fmt: skip
    assert rows == [["one", None, True, None], ["three", "c", None, None],
                    ["two", None, True, None]]  # fmt: skip


@pytest.mark.parametrize(
    "deals",
    ["(o)-[:MENTIONS {study: 'two'}]->(a)", "(o)-[:ADDRESSES {study: 'two'}]->(a)",
     "(o)-[:SHARES {study: 'two'}]->(p)", "(o)-[:QUOTES {study: 'two'}]->(p)",
     "(o)-[:REPLIES_TO {study: 'two'}]->(p)", "(:Tag)"],
)  # fmt: skip
def test_posts_of_others_that_deal_with_a_person_lose_their_text_where_studies_share_them(
    bolt, deals
):
    told_of = "x:p" if deals == "(:Tag)" else "x:other"
    bolt.run("UNWIND ['one', 'two', 'three'] AS s CREATE (:Study {study: s, corpus: 'c'})")
    bolt.run(
        "MATCH (a:Account {account_id: 'x:b'}), (p:Post {post_id: 'x:p'}) "
        "CREATE (o:Post {post_id: 'x:o', text: 'of b', conversation_id: $conversation, "
        "studies: ['two', 'three']}), (:Post {post_id: 'x:q', text: 'of nobody', "
        f"conversation_id: 'x:q', studies: ['two', 'three']}}) CREATE {deals}",
        {"conversation": told_of},
    )
    forget(bolt, "x:b")
    posts = told(bolt, "MATCH (p:Post) RETURN p.post_id AS i, p.text AS t, p.conversation_id AS c "
                 "ORDER BY i")  # fmt: skip
    assert posts == [["x:o", None, None], ["x:q", "of nobody", "x:q"]]
    stale = told(bolt, "MATCH (s:Study) WHERE s.stale RETURN s.study AS s ORDER BY s")
    assert stale == [["three"], ["two"]]


def test_a_run_goes_with_its_values_only(bolt):
    drop_run(bolt, "r")
    assert told(bolt, "MATCH (i:IndexValue) RETURN i.index_id AS i") == [["s:q"]]
    assert told(bolt, "MATCH ()-[r:SCORED]->() RETURN count(*) AS n") == [[0]]
    assert told(bolt, "MATCH (a:Account) RETURN count(*) AS n") == [[2]]
