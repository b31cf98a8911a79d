"""``workbench cypher`` on both stores: what it refuses, and that it says when it cuts."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.conftest import CRISIS
from tests.cli.test_errors import check
from tests.store.stores import emptied, every_store
from workbench.cli.app import main
from workbench.errors import WorkbenchError
from workbench.store import connect

POSTS = "MATCH (p:Post) RETURN p.post_id AS id ORDER BY id"
LIBRARY = "influence/most_amplified_accounts"


@pytest.fixture(scope="module", params=every_store())
def place(request, tmp_path_factory):
    """Push a part of the crisis to a store of each kind; returns the path or address."""
    folder = tmp_path_factory.mktemp("study") / "s"
    to = emptied("filled") if request.param == "neo4j" else str(folder / "graph")
    for words in (
        ["load", CRISIS / "posts" / "0001.jsonl.gz", "--study", folder],
        ["store", "push", "--study", folder, "--to", to],
    ):
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        assert not left.value.code
    return to


#: What is wrong, as Python gives it: query, arguments of it, exit code, what is said.
WRONG = [
    ("MATCH (a:Acount) RETURN a.handle AS h", {}, 2, "no such label: Acount.*mean Account"),
    ("MATCH ()-[r:RETWEETS]->() RETURN r.weight AS w", {}, 2,
     "no such relationship type: RETWEETS.*mean RETWEETED"),
    ("MATCH (a:Account) RETURN a.handel AS h", {}, 2, "no such property: handel.*mean handle"),
    ("MATCH (a:Account) RETURN a.hashtag AS h", {}, 2, "no such property: hashtag"),
    ("MATCH (a:Account {hanlde: 'x'}) RETURN a.handle AS h", {}, 2,
     "no such property.*: hanlde.*mean handle"),
    ("MATCH (a:Account) WHERE a.handle = $handle RETURN a.handle AS h", {"handel": "x"}, 2,
     r"a parameter has no value: \$handle.*mean handel"),
    ("MATCH (a:Account) WHERE a.handle = $handle RETURN a.handle AS h",
     {"handle": "x", "more": "y"}, 2, "no such parameter: more; allowed: handle"),
    ("MATCH (a:Account) SET a.handle = 'x'", {}, 2, "this query writes.*--write"),
    ("CREATE (:Account {account_id: 'x'})", {}, 2, "this query writes.*--write"),
    ("MATCH (a:Account) RETURN nobody AS x", {}, 2, "the query is wrong|the query failed"),
    ("MATCH (a:Account RETURN a", {}, 2, "the query is wrong"),
    ("", {}, 2, "empty|give a query"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "given", "code", "said"), WRONG)
def test_a_wrong_query_is_exit_2_and_one_line(run, place, text, given, code, said):
    words = [part for name, value in given.items() for part in ("--param", f"{name}={value}")]
    ran = run("cypher", text, *words, "--store", place, "--json")
    check(ran, code, "")
    line = run("cypher", text, *words, "--store", place).err
    assert re.fullmatch(f"error: .*({said}).*\n", line), line
    store = connect(place)
    with pytest.raises(WorkbenchError, match=said):
        store.cypher(text, **given)
    store.close()


def test_a_wrong_name_of_the_library(run, place):
    ran = run("cypher", "--name", "influence/most_amplified_account", "--store", place, "--json")
    check(ran, 3, LIBRARY)
    words = ("cypher", "--name", LIBRARY, "--store", place, "--json")
    check(run(*words, "--param", "limits=3"), 2, "no such parameter")
    check(run(*words, "--param", "name=x"), 2, "no such parameter")
    check(run(*words, "--param", "limit=many"), 2, "a value of another type")
    check(run(*words, "--param", "limit=1", "--param", "limit=2"), 2, "given twice")


@pytest.mark.parametrize("name", ["limit", "write", "text", "self"])
def test_names_of_parameters_that_are_taken(run, place, name):
    words = ("--store", place, "--json", "--param", f"{name}=3")
    check(run("cypher", f"RETURN ${name} AS x", *words), 2, f"${name}")


def test_a_limit_that_cuts_is_told_on_standard_error_only(run, place):
    whole = run("cypher", POSTS, "--store", place, "--json")
    assert whole.err == ""
    n = len(whole.json)
    assert n > 1000
    table = run("cypher", POSTS, "--store", place)
    assert table.err == (
        "cut at 1,000 rows, there are more; --limit N shows more, --format csv or json shows all\n"
    )
    for limit, said in ((n - 1, f"cut at {n - 1:,} rows, there are more\n"), (n, ""), (n + 1, "")):
        for format_ in ("json", "csv", "table"):
            ran = run(
                "cypher", POSTS, "--store", place, "--limit", limit, "--format", format_
            )  # fmt: skip
            assert (ran.code, ran.err) == (0, said)
        ran = run("cypher", POSTS, "--store", place, "--limit", limit, "--json")
        assert ran.err == said
        assert ran.json == whole.json[:limit]
    csv = run("cypher", POSTS, "--store", place, "--format", "csv")
    assert (len(csv.out.splitlines()), csv.err) == (n + 1, "")


def test_the_limit_of_a_query_of_the_library(run, place):
    words = ("cypher", "--name", LIBRARY, "--store", place)
    whole = run(*words, "--limit", 10**6, "--json")
    assert whole.err == ""
    assert len(whole.json) > 30
    for given in (("--limit", 30), ("--param", "limit=30")):
        ran = run(*words, *given, "--json")
        assert ran.json == whole.json[:30]
        assert ran.err == "cut at 30 rows, there are more; --limit N shows more\n"
    default = run(*words)
    assert default.err == "cut at 20 rows, there are more; --limit N shows more\n"
    both = run(*words, "--limit", 3, "--param", "limit=9", "--json")
    assert both.json == whole.json[:3]
    assert "cut at 3 rows" in both.err
    exact = run(*words, "--limit", len(whole.json), "--json")
    assert (exact.json, exact.err) == (whole.json, "")


def test_errors_with_json_are_the_last_line(run, place):
    ran = run("cypher", "MATCH (a:Acount) RETURN a", "--store", place, "--json")
    assert json.loads(ran.err.splitlines()[-1])["error"]["value"] == "Acount"
