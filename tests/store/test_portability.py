"""The portable subset: each rule with a form that it refuses and one that it lets pass."""

from __future__ import annotations

import dataclasses

import pytest

from workbench.errors import QueryError
from workbench.store.library import Parameter, Query, queries
from workbench.store.portability import RULES, check, faults, lint

POSTS = "MATCH (a:Account)-[:POSTED]->(p:Post)"
EDGES = "MATCH (a:Account)-[r:RETWEETED]->(b:Account)"
PATH = "MATCH way = (p:Post)-[:REPLIES_TO*1..4]->(q:Post)"
END = "ORDER BY n DESC, id ASC LIMIT $limit"
ONE = f"RETURN p.post_id AS id, 1 AS n {END}"
COUNT = f"{EDGES} WITH b.account_id AS id, count(*) AS n RETURN id, n {END}"


def rules(text, dialect="both"):
    return [fault.rule for fault in faults(text, dialect=dialect)]


#: Rule, a query that breaks it and no other, what is said, a query that keeps it.
CASES = [
    ("guard", f"{PATH.replace('1..4', '')} {ONE}", "upper bound", COUNT),
    (
        "guard",
        f"{PATH.replace('1..4', '1..31')} {ONE}",
        "upper bound",
        PATH.replace("1..4", "1..30")
        + f" WITH p.post_id AS id, min(length(way)) AS n RETURN id, n {END}",
    ),
    (
        "guard",
        f"{PATH.replace('1..4', '1..$limit')} {ONE}",
        "upper bound",
        COUNT,
    ),
    (
        "guard",
        f"{POSTS} RETURN a.account_id AS id, count(DISTINCT p.lang) AS m, count(*) AS n {END}",
        "answered wrongly",
        f"{POSTS} RETURN a.account_id AS id, count(*) AS n, count(DISTINCT p.lang) AS m {END}",
    ),
    ("guard", f"{POSTS} RETURN a.name[0] AS id, 1 AS n {END}", "list positions", COUNT),
    ("guard", f"{POSTS} RETURN substring(a.name, 1) AS id, 1 AS n {END}", "substring", COUNT),
    ("guard", f"{POSTS} RETURN a.name AS id, log(p.likes) AS n {END}", "log", COUNT),
    ("guard", f"{POSTS} RETURN labels(a) AS id, 1 AS n {END}", "labels", COUNT),
    ("guard", f"{POSTS} RETURN id(a) AS id, 1 AS n {END}", "key property", COUNT),
    ("guard", f"CALL dbms.info() YIELD id RETURN id, 1 AS n {END}", "not for queries", COUNT),
    ("guard", f"LOAD FROM 'x' RETURN id, 1 AS n {END}", "not for queries", COUNT),
    ("guard", "COPY Account TO 'x'", "not for queries", COUNT),
    ("guard", f"MATCH (a:Acount) RETURN a.name AS id, 1 AS n {END}", "no such label", COUNT),
    (
        "functions",
        f"{POSTS} RETURN a.account_id AS id, rand() AS n {END}",
        r"rand\(\) is not portable",
        f"{POSTS} RETURN a.account_id AS id, size(p.text) AS n {END}",
    ),
    (
        "functions",
        f"{POSTS} RETURN a.account_id AS id, avg(p.likes) AS n {END}",
        "different orders",
        f"{POSTS} RETURN a.account_id AS id, sum(coalesce(p.likes, 0)) / count(*) AS n {END}",
    ),
    ("functions", f"{POSTS} RETURN a.account_id AS id, collect(p.lang) AS n {END}", "own", COUNT),
    (
        "functions",
        f"{POSTS} WHERE p.text =~ 'x.*' RETURN a.account_id AS id, 1 AS n {END}",
        "regular expressions",
        f"{POSTS} WHERE p.text STARTS WITH 'x' RETURN a.account_id AS id, 1 AS n {END}",
    ),
    (
        "aliases",
        f"{POSTS} RETURN a.account_id AS id, 1 AS n, p.lang AS group {END}",
        "group is a reserved word",
        f"{POSTS} RETURN a.account_id AS id, 1 AS n, p.lang AS language {END}",
    ),
    (
        "aliases",
        f"MATCH (end:Account) RETURN end.account_id AS id, 1 AS n {END}",
        "end is a reserved word",
        f"MATCH (last:Account) RETURN last.account_id AS id, 1 AS n {END}",
    ),
    ("aliases", f"{POSTS} RETURN a.account_id AS id, 1 AS n, p.lang AS p {END}", "variable", COUNT),
    (
        "cuts",
        (f"{EDGES} WITH b.account_id AS id, r.weight AS w ORDER BY w DESC, id ASC LIMIT 2 "
        f"RETURN count(*) AS n, min(id) AS id {END}"),
        "behind a cut",
        (f"{EDGES} WITH b.account_id AS id, r.weight AS w ORDER BY w DESC, id ASC LIMIT 2 "
        f"RETURN id, count(*) AS n {END}"),
    ),
    (
        "cuts",
        (f"{EDGES} WITH b.account_id AS id, r.weight AS w ORDER BY w DESC LIMIT 1 "
        f"RETURN id, w AS n {END}"),
        "without an order by id",
        (f"{EDGES} WITH b.account_id AS id, r.weight AS w ORDER BY w DESC, id ASC LIMIT 1 "
        f"RETURN id, w AS n {END}"),
    ),
    ("cuts", f"{EDGES} WITH b.account_id AS id LIMIT 1 RETURN id, 1 AS n {END}", "before", COUNT),
    (
        "sums",
        f"{EDGES} RETURN sum(r.weight) AS n, max(b.account_id) AS id {END}",
        "no rows differs",
        f"{EDGES} RETURN coalesce(sum(r.weight), 0) AS n, max(b.account_id) AS id {END}",
    ),
    (
        "sums",
        f"{POSTS} RETURN a.account_id AS id, sum(p.likes) AS n {END}",
        "nulls differs",
        f"{POSTS} RETURN a.account_id AS id, sum(coalesce(p.likes, 0)) AS n {END}",
    ),
    (
        "sums",
        (f"MATCH (b:Account) OPTIONAL MATCH (a:Account)-[r:RETWEETED]->(b) "
        f"RETURN b.account_id AS id, sum(r.weight) AS n {END}"),
        "nulls differs",
        f"{EDGES} RETURN b.account_id AS id, sum(r.weight) AS n {END}",
    ),
    (
        "paths",
        f"{PATH} RETURN p.post_id AS id, count(*) AS n {END}",
        "paths are counted",
        f"{PATH} WITH p, q, min(length(way)) AS n RETURN p.post_id AS id, n {END}",
    ),
    ("order", f"{POSTS} RETURN a.account_id AS id, 1 AS n LIMIT $limit", "no order", COUNT),
    ("order", COUNT.replace("LIMIT $limit", "LIMIT 5"), "ends with LIMIT", COUNT),
    ("order", COUNT.replace("id ASC", "id"), "direction", COUNT),
    (
        "order",
        f"{POSTS} RETURN a.account_id AS id, count(*) ORDER BY id ASC LIMIT $limit",
        "needs a name",
        COUNT,
    ),
    (
        "order",
        f"{POSTS} RETURN a.account_id AS id, 1 AS n ORDER BY a.name ASC, id ASC LIMIT $limit",
        "what is not returned",
        COUNT,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "wrong", "said", "right"), CASES)
def test_each_rule_refuses_one_form_and_lets_the_other_pass(rule, wrong, said, right):
    found = faults(wrong)
    assert [fault.rule for fault in found] == [rule]
    with pytest.raises(QueryError, match=said):
        raise QueryError(found[0].what)
    assert found[0].where.startswith("line ")
    assert rules(right) == []


def test_every_rule_has_its_cases():
    assert {rule for rule, *_ in CASES} == {"guard", *RULES}


def test_a_body_for_one_store_may_use_what_only_that_store_has():
    chain = (
        "MATCH way = (a:Account)-[:QUOTED* SHORTEST 1..4]->(b:Account) "
        f"RETURN length(way) AS n, a.name AS id {END}"
    )
    assert rules(chain, "ladybug") == []
    names = chain.replace(
        "a.name AS id", "list_to_string(',', properties(nodes(way), 'name')) AS id"
    )
    assert rules(names, "ladybug") == []
    assert rules(names) == ["functions"] * 3
    other = chain.replace("(a:Account)-[:QUOTED* SHORTEST 1..4]->(b:Account)",
                          "shortestPath((a:Account)-[:QUOTED*1..4]->(b:Account))")  # fmt: skip
    assert rules(other, "neo4j") == []
    assert rules(other) == ["functions", "paths"]
    assert rules(chain.replace("SHORTEST ", ""), "neo4j") == ["paths"]


QUERY = Query(
    "area/name", "A title", "What?", "(:Account)",
    (Parameter("limit", "integer", 5, "at most so many", "rows"),),
    {"id": "text, the account", "n": "integer, its edges"}, ("id",), {"both": COUNT},
)  # fmt: skip


def test_body_and_header_must_agree():
    assert lint(QUERY) == []
    check(QUERY)
    other = Parameter("least", "integer", 1, "at least", "posts")
    for change, said in (
        ({"parameters": (*QUERY.parameters, other)}, "parameters differ: least"),
        ({"parameters": ()}, "parameters differ: limit"),
        ({"columns": {"n": "integer", "id": "text"}}, "columns differ: id, n"),
        (
            {"bodies": {"both": COUNT.replace("id ASC", "size(id) ASC")}},
            "rows are not ordered by their key: id",
        ),
        ({"bodies": {"both": COUNT.replace("id ASC", "id")}}, "direction"),
    ):
        with pytest.raises(QueryError, match=f"area/name: .*{said}"):
            check(dataclasses.replace(QUERY, **change))


@pytest.mark.parametrize("name", sorted(queries()))
def test_the_library_is_portable(name):
    assert lint(queries()[name]) == []
