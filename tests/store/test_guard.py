"""What a query may be: every refusal, and that it never refuses what is fine."""

from __future__ import annotations

import pytest

from workbench.errors import QueryError
from workbench.store.guard import check, parameters_of

FINE = [
    "MATCH (a:Account) RETURN a.account_id AS id",
    "MATCH (n:Account) WHERE n.handle IN ['a', 'b'] RETURN n.handle AS h",
    "MATCH (a:Account)-[r:RETWEETED|QUOTED]->(b:Account) RETURN sum(r.weight) AS w",
    "MATCH p = (a:Post)-[:REPLIES_TO*1..5]->(b:Post) RETURN length(p) AS n",
    "MATCH (a:Post)-[:REPLIES_TO*..30]->(b:Post) RETURN count(*) AS n",
    "MATCH (a:Account) RETURN 2 * 3 AS six, a.account_id AS set",
    "MATCH (a:Account) RETURN 'DELETE a; CREATE (b:Nothing)' AS text // SET a.x = 1",
    "MATCH (a:Account) /* MERGE */ RETURN count(*) AS n, count(DISTINCT a.handle) AS m;",
    "MATCH (p:Post) WITH count(DISTINCT p.lang) AS n MATCH (q:Post) RETURN n, count(*) AS m",
    "MATCH (a:Account {handle: 'x'}) RETURN a.name AS name",
    "UNWIND [1, 2] AS x RETURN x",
    "MATCH (log:Post) RETURN log.likes AS id",
    "MATCH (u:Url)-[:ON]->(d:Domain) RETURN d.domain AS domain",
    "MATCH p = (a:Post)-[:SHARES* ALL SHORTEST 1..6]->(b:Post) RETURN length(p) AS n",
    "MATCH p = shortestPath((a:Post)-[:SHARES*1..6]->(b:Post)) RETURN length(p) AS n",
    "MATCH (a:Account) RETURN [x IN ['a'] | x] AS l, reduce(t = '', n IN ['b'] | t + n) AS t",
    "MATCH (a:Account)-[:POSTED]-(p:Post) RETURN count(*) AS n",
    "MATCH (a:Account)-[:QUOTED]->(b:Account)-[:QUOTED]->(c:Account) RETURN count(*) AS n",
    "MATCH (a:Account)-[:QUOTED*1..2]->(b:Account)-[:POSTED]->(p:Post) RETURN count(*) AS n",
    "MATCH (a:Account) WHERE (a)-[:QUOTED]->(:Account) AND a.name IS NOT NULL RETURN a.name AS n",
]


@pytest.mark.parametrize("text", FINE)
def test_what_is_fine_passes(text):
    check(text, {})


WRITES = [
    "CREATE (a:Account {account_id: 'x'})",
    "MATCH (a:Account) SET a.name = 'x'",
    "match (a:Account) set a.name = 'x'",
    "MATCH (a:Account) REMOVE a.name",
    "MATCH (a:Account) DELETE a",
    "MATCH (a:Account)\nDETACH\nDELETE a",
    "MERGE (a:Account {account_id: 'x'}) RETURN a.account_id AS id",
    "MATCH (a:Account) WITH a /* now */ SET a.name = 'x' RETURN count(*) AS n",
]


@pytest.mark.parametrize("text", WRITES)
def test_writes_need_to_be_allowed(text):
    with pytest.raises(QueryError, match=r"this query writes.*--write"):
        check(text, {})
    check(text, {}, write=True)


@pytest.mark.parametrize(
    "text",
    [
        "COPY Account FROM 'a.csv'",
        "LOAD FROM 'passwords.csv' RETURN 1 AS x",
        "EXPORT DATABASE 'somewhere'",
        "ATTACH 'other.db' AS o",
        "CALL show_tables() RETURN 1 AS x",
        "DROP TABLE Account",
        "INSTALL httpfs",
        "MATCH (a:Account) CALL apoc.cypher.run('x', {}) YIELD value RETURN value",
    ],
)
@pytest.mark.parametrize("write", [True, False])
def test_files_schema_and_procedures_are_never_for_queries(text, write):
    with pytest.raises(QueryError, match="is not for queries"):
        check(text, {}, write=write)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("MATCH (a:Account) RETURN log(a.followers) AS x", r"log\(\) is refused.*natural"),
        ("MATCH (a:Account) RETURN LABELS(a) AS x", r"labels\(\) is refused"),
        ("MATCH (a:Account) RETURN id(a) AS x", "use the key property"),
        ("MATCH (a:Account) RETURN substring(a.name, 1, 2) AS x", "counts from 0"),
        ("MATCH (a:Account) WITH collect(a.name) AS c RETURN c[0] AS x", "list positions"),
        ("MATCH (a:Account) RETURN collect(a.name)[1..2] AS x", "list positions"),
        ("RETURN [1, 2][0] AS x", "list positions"),
        ("MATCH (a:Post)-[:REPLIES_TO*]->(b:Post) RETURN 1 AS x", r"upper bound.*\*1\.\.30"),
        ("MATCH (a:Post)-[:REPLIES_TO*2..]->(b:Post) RETURN 1 AS x", "upper bound"),
        ("MATCH (a:Post)-[:REPLIES_TO*1..31]->(b:Post) RETURN 1 AS x", "upper bound"),
        ("MATCH (a:Post)-[:REPLIES_TO* TRAIL 1..31]->(b:Post) RETURN 1 AS x", "upper bound"),
        ("MATCH (a:Post)-[:REPLIES_TO* SHORTEST]->(b:Post) RETURN 1 AS x", "upper bound"),
        ("MATCH (a:Post)-[:REPLIES_TO*$n]->(b:Post) RETURN 1 AS x", "no value|upper bound"),
        ("MATCH (a:Post)-[:REPLIES_TO*0..3]->(b:Post) RETURN 1 AS x", "no step.*counts"),
        ("MATCH (a)-[:QUOTED]-(b) RETURN 1 AS x", r"without a direction.*give it one"),
        ("MATCH (a)--(b) RETURN 1 AS x", "without a direction"),
        ("MATCH (a)-[:QUOTED]->(b)-[:QUOTED*1..2]->(c) RETURN 1 AS x", "MATCH of its own"),
        ("MATCH (a)-[:QUOTED]->(b)-[:QUOTED]->(c) RETURN *", "name what is returned"),
        ("MATCH (a) WHERE (a)-[:QUOTED]->()-[:QUOTED]->() RETURN 1 AS x", "EXISTS { MATCH"),
        ("MATCH (a:Account) WHERE a.name IN ['x', null] RETURN 1 AS x", "null in a list.*IS NULL"),
        ("MATCH (a:Account) RETURN count(DISTINCT a.name) AS n, count(*) AS m", "before count"),
        ("MATCH (a:Account) RETURN count(DISTINCT a.name) AS n, sum(a.posts) AS m", "before count"),
        ("MATCH (a:Acount) RETURN 1 AS x", r"no such label: Acount.*did you mean Account"),
        ("MATCH (a)-[:RETWEETS]->(b) RETURN 1 AS x", r"relationship type: RETWEETS.*RETWEETED"),
        ("MATCH (a)-[:QUOTED|RETWEETS]->(b) RETURN 1 AS x", "relationship type: RETWEETS"),
        ("MATCH (a:Account) RETURN a.handel AS x", r"no such property: handel.*handle"),
        ("MATCH (a:Account) RETURN a.`fol lowers` AS x", "no such property: fol lowers"),
        ("MATCH (a:Account) RETURN 'open AS x", r"does not end.*line 1, column 26"),
        ("MATCH (a:Account)\n/* open RETURN 1 AS x", r"does not end.*line 2, column 1"),
        ("RETURN 1 AS x; RETURN 2 AS x", "one query at a time"),
        ("// nothing", "the query is empty"),
    ],
)
def test_forms_that_lie_are_refused_with_the_place_and_the_remedy(text, message):
    with pytest.raises(QueryError, match=message):
        check(text, {})


def test_parameters_must_match():
    text = "MATCH (a:Account) WHERE a.handle = $who AND a.name <> '$not' RETURN a.name AS name"
    check(text, {"who": 1})
    assert parameters_of(text) == {"who"}
    with pytest.raises(QueryError, match=r"no value: \$who.*line 1, column 36.*--param who"):
        check(text, {"hwo": 1})
    with pytest.raises(QueryError, match=r"no such parameter: other.*who"):
        check(text, {"who": 1, "other": 2})
