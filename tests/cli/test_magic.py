"""``%cypher`` in a shell of IPython: variables in, tables and graphs out, one line for an error."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.corpora import crisis
from tests.store.stores import STORES, every_store
from workbench.store import connect

EDGES = (
    "MATCH (a:Account)-[r:RETWEETED]->(b:Account) "
    "RETURN a.account_id AS source, b.account_id AS target, r.weight AS weight"
)


@pytest.fixture(scope="module", params=every_store())
def filled(request, tmp_path_factory):
    """Open a store with the bundled crisis; tests must not change it."""
    opened = STORES[request.param](tmp_path_factory.mktemp("store"), "filled")
    opened.write(crisis(), progress=False)
    yield opened
    opened.close()


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Open a shell with the magic and without a history file."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "displayhook", sys.displayhook)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    config = Config()
    config.HistoryManager.enabled = False
    made = InteractiveShell(config=config)
    made.run_line_magic("load_ext", "workbench")
    yield made
    made.run_line_magic("unload_ext", "workbench")
    InteractiveShell.clear_instance()


@pytest.fixture
def asking(shell, filled):
    """Return a shell that asks the store with the crisis."""
    shell.user_ns["store"] = filled
    shell.run_line_magic("cypher", "--store store")
    return shell


def refused(shell, line, cell=None):
    """Return what the magic says when it refuses."""
    from IPython.core.error import UsageError

    words = (line,) if cell is None else (line, cell)
    with pytest.raises(UsageError) as error:
        shell.find_magic("cypher")(*words)
    assert error.value.__cause__ is None
    assert error.value.__context__ is None
    assert "\n" not in str(error.value)
    return str(error.value)


def test_variables_go_in_as_parameters_and_rows_come_out(asking, filled):
    tags = filled.query("hashtags/most_used_hashtags", limit=3)["hashtag"].tolist()
    text = (
        "MATCH (p:Post)-[:TAGGED]->(h:Hashtag) WHERE h.hashtag IN $tags AND p.created_ms > $after "
        "RETURN h.hashtag AS tag, count(*) AS n ORDER BY tag"
    )
    asking.user_ns.update(tags=tags, after=0)
    frame = asking.run_cell_magic("cypher", "", text)
    assert frame.to_dict("list") == filled.cypher(text, tags=tags, after=0).to_dict("list")
    assert sorted(frame["tag"]) == sorted(tags)
    by_hand = asking.run_cell_magic("cypher", "-p after=9999999999999", text)
    assert by_hand.empty
    asking.user_ns["chosen"] = tags[:1]
    one = asking.run_cell_magic("cypher", "-p tags=$chosen", text)
    assert one["tag"].tolist() == tags[:1]


@pytest.mark.parametrize(
    "value", ["x' OR 1=1 //", "$after {after}", '"; MATCH (n) DETACH DELETE n', "{1+1}", "🕊️ é"]
)
def test_nothing_is_pasted_into_the_text(asking, filled, value):
    asking.user_ns.update(value=value, after=1)
    before = filled.counts()
    columns = "'{after}' AS b, '$after' AS c"
    line = asking.run_line_magic("cypher", f"RETURN $value AS v, {columns}")
    cell = asking.run_cell_magic("cypher", "-p w=$value", f"RETURN $w AS v, {columns}")
    for frame in (line, cell):
        assert frame.to_dict("records") == [{"v": value, "b": "{after}", "c": "$after"}]
    assert filled.counts() == before


def test_values_travel_as_they_are(asking):
    import numpy as np
    import pandas as pd

    for value, expected in (
        (True, True),
        (7, 7),
        (0.5, 0.5),
        (np.int64(7), 7),
        (np.float64(0.5), 0.5),
        ("007", "007"),
        ([1, 2.5], [1.0, 2.5]),
        (("a", "b"), ["a", "b"]),
        (range(3), [0, 1, 2]),
        (np.array([1, 2]), [1, 2]),
        (pd.Series(["a", "b"]), ["a", "b"]),
    ):
        asking.user_ns["value"] = value
        found = asking.run_line_magic("cypher", "RETURN $value AS v")["v"][0]
        assert (list(found) if isinstance(expected, list) else found) == expected
    asking.user_ns["value"] = []
    none = asking.run_line_magic(
        "cypher", "MATCH (a:Account) WHERE a.account_id IN $value RETURN count(*) AS n"
    )
    assert none["n"].tolist() == [0]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, r"this variable cannot travel to the store: $value (NoneType); allowed: a number"),
        ({"a": 1}, "$value (dict)"),
        ([1, "a"], "several types: $value (number, text)"),
        ([[1]], "$value[0] (list)"),
        ([1, None], "$value[1] (NoneType)"),
        (float("nan"), "this number cannot travel to the store: $value (nan); allowed: finite"),
        (2**63, "whole numbers of 64 bits"),
        (object, "$value (type)"),
    ],
)
def test_what_cannot_travel(asking, value, said):
    asking.user_ns["value"] = value
    assert said in refused(asking, "RETURN $value AS v")


def test_a_missing_variable_is_named_with_those_that_are_near(asking):
    asking.user_ns["hashtag"] = "x"
    said = refused(asking, "RETURN $hashtags AS v")
    assert said == (
        "no variable has the name of this parameter: $hashtags; set it, or give -p hashtags=VALUE; "
        "did you mean hashtag?"
    )
    assert "no variable" in refused(asking, "-p v=$nobody RETURN $v AS v")
    assert "is given twice: v" in refused(asking, "-p v=1 -p v=2 RETURN $v AS v")
    assert "cannot have this name: $limit" in refused(asking, "-p limit=3 RETURN $limit AS v")
    assert "no such parameter: w" in refused(asking, "-p w=1 RETURN 1 AS v")


def test_a_table_is_cut_aloud_and_kept_whole(asking, capsys):
    text = "MATCH (p:Post) RETURN p.post_id AS id ORDER BY id"
    frame = asking.run_line_magic("cypher", text)
    assert len(frame) == 1000
    assert capsys.readouterr().out == (
        "cut at 1,000 rows, there are more; --limit N shows more, --into VARIABLE keeps all\n"
    )
    assert asking.run_line_magic("cypher", f"--into posts {text}") is None
    posts = asking.user_ns["posts"]
    assert len(posts) > 5000
    assert posts["id"].tolist()[:1000] == frame["id"].tolist()
    assert capsys.readouterr().out == f"posts: {len(posts):,} rows of id\n"
    asking.run_line_magic("cypher", f"--into few --limit 3 {text}")
    assert len(asking.user_ns["few"]) == 3
    assert "cut at 3 rows, there are more\n" in capsys.readouterr().out
    whole = asking.run_line_magic("cypher", f"--limit 3 {text} LIMIT 3")
    assert len(whole) == 3
    assert capsys.readouterr().out == ""


def test_a_query_of_the_library(asking, filled, capsys):
    name = "influence/most_amplified_accounts"
    frame = asking.run_line_magic("cypher", f"--name {name} -p limit=2")
    assert frame["account"].tolist() == filled.query(name, limit=2)["account"].tolist()
    assert capsys.readouterr().out == ("cut at 2 rows, there are more; --limit N asks for more\n")
    asking.user_ns["limit"] = 1  # a variable is no parameter of the library
    assert len(asking.run_line_magic("cypher", f"--name {name} --limit 30")) == 30
    assert "most_amplified_accounts" in refused(asking, "--name influence/most_amplified")
    assert "no such parameter: who" in refused(asking, f"--name {name} -p who=x")
    assert "give a query" in refused(asking, f"--name {name} RETURN 1 AS x")
    listed = asking.run_line_magic("cypher", "list")
    assert name in listed["name"].tolist()


def test_rows_become_the_graph_that_the_store_gives(asking, filled, capsys):
    assert asking.run_cell_magic("cypher", "--graph made", EDGES) is None
    made = asking.user_ns["made"]
    assert made.fingerprint == filled.graph("retweet").fingerprint
    assert made.choices == {"cypher": EDGES}
    assert capsys.readouterr().out == f"made: {made!r}\n"
    without = EDGES.partition(", r.weight")[0]
    asking.run_cell_magic("cypher", "--graph made --into rows --kind mention", without)
    assert asking.user_ns["made"].total_weight == len(asking.user_ns["rows"]) == made.edges
    assert asking.user_ns["made"].kind == "mention"
    pairs = (
        "MATCH (g:Hashtag)<-[u:TAGGED]-(p:Post)-[v:TAGGED]->(h:Hashtag) "
        "WHERE g.hashtag < h.hashtag AND u.n_authored > 0 AND v.n_authored > 0 "
        "AND p.seen_as = 'primary' "
        "RETURN 'hashtag:' + g.hashtag AS source, 'hashtag:' + h.hashtag AS target, "
        "count(*) AS weight"
    )
    asking.run_cell_magic("cypher", "--graph made --kind hashtag_network", pairs)
    assert asking.user_ns["made"].fingerprint == filled.graph("hashtag_network").fingerprint


@pytest.mark.parametrize(
    ("options", "text", "said"),
    [
        ("", "RETURN 'a' AS source, 'b' AS target, 0 AS weight", "no edge has this weight: 0"),
        ("", "RETURN 'a' AS source, 'b' AS target, 1 / 0.0 AS weight", "no edge has this weight"),
        ("", "RETURN 'a' AS source, 'b' AS target, 'x' AS weight", "no edge has this weight: x"),
        ("", "RETURN 'a' AS source, 'b' AS target, true AS weight", "no edge has this weight"),
        ("", "RETURN 1 AS source, 'b' AS target", "an id is no text: 1 (source)"),
        ("", "RETURN 'a' AS target, 'b' AS source", "a graph needs other columns: target, source"),
        ("", "RETURN 'a' AS source, 'b' AS target, 1 AS n", "other columns: source, target, n"),
        (
            "",
            "UNWIND ['a', 'b'] AS x RETURN x AS source, nullIf(x, 'b') AS target",
            "target is missing: 1 of 2 rows; add WHERE … IS NOT NULL",
        ),
        ("--limit 2", EDGES, "a graph of some of the rows would be another graph"),
        ("--kind follows", EDGES, "no graph of that kind: follows"),
    ],
)
def test_rows_that_are_no_graph(asking, options, text, said):
    asking.user_ns["made"] = "as before"
    assert said in refused(asking, f"--graph made {options}", text)
    assert asking.user_ns["made"] == "as before"


def test_a_graph_without_rows(asking):
    asking.run_cell_magic("cypher", "--graph made", f"{EDGES} LIMIT 0")
    assert asking.user_ns["made"].nodes == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("MATCH (a:Acount) RETURN a", "no such label: Acount"),
        ("MATCH (a:Account) RETURN a.handel AS h", "did you mean handle"),
        ("MATCH (a:Account) SET a.handle = 'x'", "this query writes (SET), and queries read"),
        ("MATCH (a:Account RETURN a", "wrong"),
        ("--colour red RETURN 1 AS x", "unrecognized arguments: --colour red; see: %cypher?"),
        ("--limit many RETURN 1 AS x", "--limit"),
        ("--limit -1 RETURN 1 AS x", "the limit is no number of rows: -1"),
        ("--into 1x RETURN 1 AS x", "this is no name of a variable: 1x"),
        ("--graph class RETURN 1 AS x", "this is no name of a variable: class"),
        ("--into 'x RETURN 1 AS x", "a quotation mark is missing"),
        ("--study s RETURN 1 AS x", "--study names a study of a store"),
        ("-p x RETURN $x AS x", "a parameter is NAME=VALUE: x"),
        ("", "give a query"),
    ],
)
def test_what_is_refused_is_one_line(asking, line, said):
    assert said in refused(asking, line)


def test_the_line_of_a_cell_has_options_only(asking):
    assert "belongs below" in refused(asking, "--limit 3 RETURN 1 AS x", "RETURN 1 AS x")


def test_without_a_store_the_remedy_is_said(shell):
    assert refused(shell, "RETURN 1 AS x") == (
        "no store was chosen; choose one: %cypher --store STORE"
    )


def test_a_store_is_a_variable_or_a_path(shell, tmp_path, capsys):
    folder = tmp_path / "graph"
    made = connect(folder)
    made.write(crisis(), progress=False)
    shell.user_ns.update(made=made, place=folder, number=3)
    text = "MATCH (a:Account) RETURN count(*) AS n"
    expected = made.cypher(text)["n"].tolist()
    for word in ("made", "place", str(folder), f"'{folder}'"):
        shell.run_line_magic("cypher", f"--store {word}")
        assert capsys.readouterr().out.startswith("asking EmbeddedStore(")
        assert shell.run_line_magic("cypher", text)["n"].tolist() == expected
    assert "is no store: number (int)" in refused(shell, "--store number")
    assert "has its study already" in refused(shell, "--store made --study x")
    assert "a folder holds one study" in refused(shell, "--store place --study x")
    assert shell.run_line_magic("cypher", f"--store made {text}")["n"].tolist() == expected
    shell.run_line_magic("unload_ext", "workbench")
    assert made.cypher(text)["n"].tolist() == expected, "a store of the user was closed"
    made.close()


def test_a_write_has_to_be_allowed(shell, tmp_path):
    made = connect(tmp_path / "graph")
    made.write(crisis(), progress=False)
    shell.user_ns["made"] = made
    shell.run_line_magic("cypher", "--store made")
    text = "MATCH (a:Account) SET a.name = 'x' RETURN count(*) AS n"
    assert "--write" in refused(shell, text)
    assert shell.run_line_magic("cypher", f"--write {text}")["n"][0] > 100
    assert set(made.cypher("MATCH (a:Account) RETURN a.name AS n")["n"]) == {"x"}
    made.close()


@pytest.mark.parametrize(
    "uri",
    [
        "neo4j://neo4j:s3cret@127.0.0.1:1",
        "bolt+s://:s3cret@host",
        "neo4j://neo4j:s3/cr@et@host",
        "neo4j://a:b:s3cret@host",
    ],
)
def test_an_address_with_a_password_is_refused_and_not_repeated(shell, uri):
    shell.user_ns["address"] = uri
    for word in (uri, "address"):
        said = refused(shell, f"--store {word}")
        assert "an address with a password is not for a notebook" in said
        assert "s3" not in said
        assert "NEO4J_PASSWORD" in said


def test_a_server_that_does_not_answer(shell):
    assert "no Neo4j server answers" in refused(shell, "--store bolt://127.0.0.1:1")


def test_help_says_what_the_options_are(shell):
    text = shell.find_line_magic("cypher").__doc__
    from workbench.cli.magic import _parser

    for action in _parser()._actions:
        assert action.option_strings[0] in text


def test_a_notebook_notices_an_error_and_shows_one_line(tmp_path, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parent.parent.parent))
    book = nbformat.v4.new_notebook()
    cells = ["%load_ext workbench", "%%cypher\nMATCH (a:Account) RETURN a", "1 + 1"]
    book.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    client = NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}})
    client.allow_errors = True
    client.execute()
    (shown,) = book.cells[1].outputs
    assert shown["text"] == "UsageError: no store was chosen; choose one: %cypher --store STORE\n"
    assert book.cells[2].outputs[0]["data"]["text/plain"] == "2"
    client.allow_errors = False
    with pytest.raises(Exception, match="no store was chosen"):
        client.execute()
