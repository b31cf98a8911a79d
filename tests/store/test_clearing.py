"""What goes from a server and what stays: by study, by person, by run."""

from __future__ import annotations

import pytest

from tests.store.stores import emptied
from workbench.errors import NotFoundError
from workbench.store.bolt import Bolt
from workbench.store.clearing import clear, drop_run, forget, leave, sweep

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


def test_a_run_goes_with_its_values_only(bolt):
    drop_run(bolt, "r")
    assert told(bolt, "MATCH (i:IndexValue) RETURN i.index_id AS i") == [["s:q"]]
    assert told(bolt, "MATCH ()-[r:SCORED]->() RETURN count(*) AS n") == [[0]]
    assert told(bolt, "MATCH (a:Account) RETURN count(*) AS n") == [[2]]
