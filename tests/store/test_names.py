"""A property is asked of something that can have it, and nothing right is refused."""

from __future__ import annotations

import pytest

from workbench.errors import QueryError
from workbench.store.guard import check, tokens
from workbench.store.library import queries
from workbench.store.names import property_uses
from workbench.store.schema import NODES, RELATIONSHIPS, properties_of

WRONG = [
    ("MATCH (a:Account) RETURN a.weight AS w", "weight"),
    ("MATCH ()-[r:RETWEETED]->() RETURN r.handle AS h", "handle"),
    ("MATCH ()<-[r:RETWEETED]-() WHERE r.community = 1 RETURN r.weight AS h", "community"),
    ("MATCH (p:Post|Account) RETURN p.hashtag AS h", "hashtag"),
    ("MATCH (a:Account {weight: 1}) RETURN a.handle AS h", "weight"),
    ("MATCH (:Account {hanlde: 'x'})-[r:RETWEETED]->() RETURN r.weight AS w", "hanlde"),
    ("MATCH ()-[:RETWEETED {community: 1}]->(b:Account) RETURN b.handle AS h", "community"),
    ("MATCH (a:Account) WITH a MATCH (a)-[:POSTED]->(p:Post) RETURN a.text AS x", "text"),
    ("MATCH (a:Account) WITH * RETURN a.text AS x", "text"),
    ("MATCH (a:Account) WITH a AS a RETURN a.text AS x", "text"),
    ("MATCH (a:Account) WHERE a.name STARTS WITH 'x' RETURN a.text AS x", "text"),
    ("MATCH (`a`:`Account`) RETURN `a`.`text` AS x", "text"),
    ("MATCH (p:Post) RETURN p.text AS x UNION MATCH (p:Account) RETURN p.lang AS x", "lang"),
    ("MATCH (a:Account) RETURN a.name AS n ORDER BY a.likes", "likes"),
]
RIGHT = [
    "MATCH (a) RETURN a.weight AS w",
    "MATCH (a:Account), (p:Post) RETURN a.handle AS h, p.text AS t",
    "MATCH (a:Account|Post) RETURN a.text AS t, a.handle AS h",
    "MATCH ()-[r:RETWEETED|ASSIGNED]->() RETURN r.weight AS w, r.community AS c",
    "MATCH (a:Account) WITH count(*) AS n MATCH (a) RETURN a.text AS t, n",
    "MATCH (a:Account)-[:POSTED]->(p:Post) WITH p AS a RETURN a.text AS t",
    "MATCH (a:Account), (p:Post) RETURN any(a IN [p] WHERE a.text = 'x') AS t",
    "MATCH (p:Post) RETURN p.text AS x UNION MATCH (p) RETURN p.handle AS x",
    "MATCH ()-[r:RETWEETED {study: $study}]->() RETURN r.weight AS w",
    "MATCH (a:Account {handle: 'x', name: toLower('Y')}) RETURN a.handle AS h",
    "MATCH (a:Account) RETURN {weight: 1, text: a.handle} AS m",
    "MATCH (a:Account) WHERE a.posts IN [1, 2] RETURN a.posts AS n",
    "RETURN datetime({epochMillis: 1}) AS x",
]


@pytest.mark.parametrize(("text", "name"), WRONG)
def test_a_property_that_the_thing_cannot_have(text, name):
    with pytest.raises(QueryError, match=f"no such property: {name} "):
        check(text, {})


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_passes(text):
    check(text, {"study": "s"} if "$study" in text else {})


def test_every_property_of_the_schema_may_be_asked():
    for label in NODES:
        for name in properties_of(label):
            check(f"MATCH (n:{label} {{{name}: 1}}) RETURN n.{name} AS x", {})
    for kind in RELATIONSHIPS:
        for name in properties_of(kind):
            check(f"MATCH ()-[r:{kind} {{{name}: 1}}]->() RETURN r.{name} AS x", {})


def test_every_query_of_the_library_is_looked_at_and_passes():
    looked = 0
    for query in queries().values():
        for token, known in property_uses(tokens(query.text)):
            assert token.text in known, f"{query.name}: {token.text}"
            looked += 1
    assert looked > 50


@pytest.mark.parametrize("labels", ["Account&Post", "!Account", "Account&!Pots"])
def test_joined_labels(labels):
    with pytest.raises(QueryError, match="one store only"):
        check(f"MATCH (a:{labels}) RETURN count(*) AS n", {})
