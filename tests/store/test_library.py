"""Query files and their headers."""

from __future__ import annotations

import pytest

from workbench.errors import NotFoundError, SchemaError, UsageError
from workbench.store.library import bound, find, queries, read

GOOD = """// title: A title
// question: What?
// reads: (:Account)
// param: who text = "": account id
// param: limit integer = 20: rows to return
// param: least float = 0.5: share
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
        ("integer = 20: rows", "whole = 20: rows", "name type = default: meaning"),
        ("integer = 20: rows to return", "integer = 20", "name type = default: meaning"),
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
