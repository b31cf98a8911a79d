"""Query files and their headers."""

from __future__ import annotations

import pytest

from workbench.cli.app import COMMANDS
from workbench.errors import NotFoundError, QueryError, SchemaError, UsageError
from workbench.model.kinds import graph_kind
from workbench.store.library import NOT_IN_CYPHER, bound, find, queries, read

GOOD = """// title: A title
// question: What?
// reads: (:Account)
// portability: both
// key: id
// param: who text [account id] = "": nothing means all
// param: limit integer [rows] = 20: at most so many
// param: least float [share of posts] = 0.5: at least
// returns: id text, the account
MATCH (a:Account)
// a comment between
RETURN a.account_id AS id
LIMIT $limit
"""


def written(folder, text):
    (folder / "area").mkdir(exist_ok=True)
    file = folder / "area" / "name.cypher"
    file.write_text(text, "utf-8")
    return read(file, folder)


def test_a_file_is_read(tmp_path):
    query = written(tmp_path, GOOD)
    assert query.name == "area/name"
    assert (query.title, query.question) == ("A title", "What?")
    assert query.columns == {"id": "text, the account"}
    assert (query.reads, query.key, query.portability) == ("(:Account)", ("id",), "both")
    assert [p.unit for p in query.parameters] == ["account id", "rows", "share of posts"]
    assert query.body("neo4j") == query.body("ladybug") == query.text
    assert query.text == "MATCH (a:Account)\nRETURN a.account_id AS id\nLIMIT $limit"
    assert bound(query, {}) == {"who": "", "limit": 20, "least": 0.5}
    assert bound(query, {"who": 7, "limit": "3", "least": 1}) == {
        "who": "7",
        "limit": 3,
        "least": 1.0,
    }
    with pytest.raises(UsageError, match=r"\$limit has a value of another type: 2.5"):
        bound(query, {"limit": 2.5})
    with pytest.raises(UsageError, match=r"area/name has no such parameter: limits.*who, limit"):
        bound(query, {"limits": 2})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("// title: A title\n", "", "header is incomplete: title"),
        ("// question: What?\n", "// question:\n", "header is incomplete: question"),
        ("// returns: id text, the account\n", "", "header is incomplete: returns"),
        ("// reads: (:Account)\n", "", "header is incomplete: reads"),
        ("integer [rows]", "whole [rows]", "name type .unit. = default: meaning"),
        ("integer [rows]", "integer", "name type .unit. = default: meaning"),
        ("= 20: at most so many", "= 20", "name type .unit. = default: meaning"),
        ("key: id", "key: ids", "a key is no column: ids"),
        ("portability: both", "portability: two bodies", "not the bodies.*two bodies: both"),
        ("portability: both", "portability: none", "not the bodies that its header says: none"),
        ("MATCH (a:Account)\n", "// @neo4j\nMATCH (a:Account)\n", "not the bodies.*both: neo4j"),
    ],
)
def test_incomplete_headers_are_refused(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(SchemaError, match=message):
        written(tmp_path, GOOD.replace(old, new))


def test_names():
    assert find("influence/most_amplified_accounts").name in queries()
    with pytest.raises(
        NotFoundError, match=r"no such query in the library: amplified.*cypher list"
    ):
        find("amplified")


def test_a_file_with_two_bodies(tmp_path):
    body = GOOD[GOOD.index("MATCH") :]
    other = body.replace("a.account_id", "a.handle")
    head = GOOD[: GOOD.index("MATCH")].replace("portability: both", "portability: two bodies")
    query = written(tmp_path, f"{head}// @ladybug\n{body}\n// @neo4j\n{other}")
    assert query.portability == "two bodies"
    assert "a.account_id" in query.body("ladybug")
    assert "a.handle" in query.body("neo4j")
    assert query.text == query.body("ladybug")
    with pytest.raises(SchemaError, match="not the bodies"):
        written(tmp_path, f"{head}// @ladybug\n{body}\n// @neo4j\n")


@pytest.mark.parametrize("name", sorted(NOT_IN_CYPHER))
def test_what_would_explode_is_refused_with_what_answers_it(name):
    with pytest.raises(QueryError, match=r"not asked in Cypher.*paired.*use: workbench \w+ co_"):
        find(name)
    assert name not in queries()
    _, command, kind, *_ = NOT_IN_CYPHER[name].remedy.split()
    assert command in COMMANDS
    assert graph_kind(kind).name == kind


def test_what_is_not_in_cypher_is_offered_as_a_near_name():
    with pytest.raises(NotFoundError, match="coordination/co_url_within_window"):
        find("co_url_within_window")
