"""``workbench privacy`` through the front door."""

from __future__ import annotations

import json
import os
import re
from contextlib import closing
from pathlib import Path

import pytest

from tests.privacy.people import ANN, BOB, EVE, HANDLES, POSTS, TRACES, page, tweet, user, write
from tests.privacy.scanning import leaks
from tests.store.stores import emptied
from workbench.store.bolt import Bolt
from workbench.studies.study import Study


@pytest.fixture
def loaded(run, tmp_path):
    """Return a function that makes a study of the invented people."""
    files = write(tmp_path / "in")

    def make(name, privacy="raw"):
        folder = tmp_path / name
        words = ("load", *files, "--study", folder, "--privacy", privacy, "--json")
        assert run(*words).code == 0
        return folder

    return make


def test_forget_with_a_rehearsal_a_store_and_a_reload(run, loaded, tmp_path):
    study = loaded("s")
    assert run("store", "push", "--study", study).code == 0
    assert run("store", "push", "--study", study, "--to", tmp_path / "other").code == 0
    (study / "results").mkdir()
    (study / "results" / "a.csv").write_text("x")
    words = ("privacy", "forget", "--study", study, "--account", HANDLES[BOB])
    dry = run(*words, "--dry-run", "--json").json
    assert (dry["ok"], dry["dry_run"], dry["accounts"], dry["posts"]) == (True, True, 1, 2)
    assert leaks(study / "corpus", TRACES) != []
    done = run(*words, "--to", tmp_path / "other", "--json").json
    assert done["removed"] == dry["removed"]
    assert [entry["posts"] for entry in done["stores"]] == [2, 2]
    assert done["stale"] == {"files": ["results/a.csv"], "runs": []}
    assert leaks(study / "corpus", TRACES) == []
    again = run(*words, "--json").json
    assert (again["accounts"], again["removed"], again["stale"]["files"]) == (0, {}, [])
    assert run("load", tmp_path / "in", "--study", study).code == 0
    assert leaks(study / "corpus", TRACES) == []
    shown = run("store", "counts", "--study", study, "--json").json["nodes"]
    assert shown["Post"] == 4
    said = run("privacy", "forget", "--study", loaded("t"), "--account", BOB)
    assert "Forgot 1 account id(s) and 2 post(s)." in said.out
    assert BOB not in said.out


def test_what_forget_refuses(run, loaded, tmp_path):
    study = loaded("s")
    unknown = run("privacy", "forget", "--study", study, "--account", "nobody_at_all", "--json")
    assert (unknown.code, unknown.out) == (3, "")
    assert set(unknown.error) == {"what", "value", "where", "allowed", "remedy"}
    assert (
        run("privacy", "forget", "--study", tmp_path / "no", "--account", "a", "--json").code == 3
    )
    assert run("privacy", "forget", "--study", study, "--json").code == 2
    store = run("privacy", "forget", "--study", study, "--account", BOB, "--to", "x://y", "--json")
    assert store.code == 5
    assert leaks(study / "corpus", [BOB]) != []  # nothing is forgotten by halves
    assert not (study / "corpus" / "forgotten.json").exists()


def test_comply(run, loaded, tmp_path):
    study = loaded("s")
    file = tmp_path / "lines.jsonl"
    line = {"id": POSTS["bob1"], "action": "delete", "created_at": "2031-02-27T23:06:40.000Z",
            "reason": "deleted"}  # fmt: skip
    file.write_text(json.dumps(line) + "\n{broken\n")
    words = ("privacy", "comply", file, "--study", study)
    dry = run(*words, "--dry-run", "--json").json
    assert (dry["posts"], dry["events"], dry["rejected"]) == (1, {"post delete": 1}, 1)
    said = run(*words)
    assert said.code == 0
    assert "2 lines read, 1 rejected." in said.out
    assert leaks(study / "corpus", [POSTS["bob1"]]) == []
    assert run("privacy", "comply", tmp_path / "in", "--study", study, "--json").code == 3


@pytest.mark.parametrize("privacy", ["raw", "pseudonymous"])
def test_scan_says_where_and_never_who(run, loaded, tmp_path, privacy):
    study = loaded("s", privacy)
    out = tmp_path / "out"
    out.mkdir()
    (out / "clean.txt").write_text("nothing")
    words = ("privacy", "scan", out, "--study", study)
    clean = run(*words, "--json")
    assert (clean.code, clean.json["ok"], clean.json["files"]) == (0, True, 1)
    (out / "page.html").write_text(f"<p>\n@{HANDLES[BOB]}</p>")
    found = run(*words, "--json")
    assert (found.code, found.json["ok"], found.json["found"]) == (3, False, 1)
    assert found.json["rows"] == [{"file": "page.html", "line": 2, "where": None, "kind": "handle"}]
    assert HANDLES[BOB] not in run(*words).out
    assert HANDLES[BOB] in run(*words, "--show").out
    assert (
        "nothing was found"
        in run("privacy", "scan", out / "clean.txt", "--study", study).out.lower()
    )
    assert run("privacy", "scan", tmp_path / "none", "--study", study, "--json").code == 3


def test_scan_with_the_raw_study_finds_names(run, loaded, tmp_path):
    raw, hidden = loaded("raw"), loaded("hidden", "pseudonymous")
    file = tmp_path / "a.txt"
    file.write_text("by Robert of the Tide")
    assert run("privacy", "scan", file, "--study", hidden, "--json").code == 0
    found = run("privacy", "scan", file, "--study", hidden, "--raw", raw, "--json")
    assert (found.code, found.json["kinds"]) == (3, {"name": 1})
    wrong = run("privacy", "scan", file, "--study", raw, "--raw", hidden, "--json")
    assert wrong.code == 2


def test_pseudonymise(run, loaded, tmp_path):
    raw = loaded("raw")
    done = run("privacy", "pseudonymise", "--study", raw, "--into", tmp_path / "hidden", "--json")
    assert (done.code, done.json["added"], done.json["notes"]) == (0, 2, [])
    assert leaks(tmp_path / "hidden", TRACES[:-1]) == []
    again = run("privacy", "pseudonymise", "--study", raw, "--into", tmp_path / "hidden")
    assert "0 source(s) added" in again.out
    twice = run("privacy", "pseudonymise", "--study", tmp_path / "hidden", "--into", tmp_path / "x",
                "--json")  # fmt: skip
    assert twice.code == 2
    assert run("privacy", "forget", "--study", raw, "--account", BOB).code == 0
    noted = run(
        "privacy", "pseudonymise", "--study", raw, "--into", tmp_path / "two", "--json"
    ).json
    assert len(noted["notes"]) == 1


@pytest.mark.parametrize("suffix", ["csv", "parquet", "graphml", "gexf"])
def test_exports_of_a_pseudonymous_study_are_searched_before_they_are_written(
    run, loaded, tmp_path, monkeypatch, suffix
):
    study = loaded("s", "pseudonymous")
    out = tmp_path / "out" / f"g.{suffix}"
    out.parent.mkdir()
    words = ("graph", "mention", "--origin", "all", "--study", study, "--out", out, "--json")
    assert run(*words).code == 0
    assert run("privacy", "scan", out.parent, "--study", study, "--json").code == 0
    out.unlink()
    from workbench.studies.study import Study

    monkeypatch.setattr(Study, "label", lambda _: lambda _: HANDLES[BOB])
    refused = run(*words)
    assert (refused.code, refused.out) == (3, "")
    assert "not on the list of public actors" in refused.error["what"]
    assert HANDLES[BOB] not in refused.err
    assert not out.exists()


def test_studies_that_are_merged_keep_forgetting(run, loaded, tmp_path):
    first, second = tmp_path / "in" / "first.jsonl", tmp_path / "in" / "second.jsonl"
    loaded("unused")
    for name, file in (("a", first), ("b", second)):
        assert run("load", file, "--study", tmp_path / name).code == 0
    assert run("privacy", "forget", "--study", tmp_path / "a", "--account", BOB).code == 0
    merged = run("merge", "--study", tmp_path / "a", "--study", tmp_path / "b", "--into",
                 tmp_path / "c", "--json")  # fmt: skip
    assert merged.code == 0
    assert leaks(tmp_path / "c" / "corpus", TRACES) == []


def test_the_help_names_every_command(run):
    out = run("privacy", "--help").out
    for name in ("pseudonymise", "forget", "comply", "scan"):
        assert re.search(rf"\b{name}\b", out)


@pytest.fixture
def hidden(run, tmp_path):
    """Return a pseudonymous study, pushed, with a tag and a link that hold somebody's handle."""
    files = write(tmp_path / "marked")
    told = json.loads(files[0].read_text("utf-8").replace("harbour", HANDLES[EVE]))
    link = {"start": 0, "end": 4, "url": "https://t.co/abc",
            "expanded_url": f"https://a.example/{HANDLES[EVE]}"}  # fmt: skip
    told["data"][0]["entities"]["urls"] = [link]
    files[0].write_text(json.dumps(told), "utf-8")
    folder = tmp_path / "hidden"
    words = ("load", *files, "--study", folder, "--privacy", "pseudonymous", "--json")
    assert run(*words).code == 0
    assert run("store", "push", "--study", folder).code == 0
    return folder


def refused(ran, where):
    """Assert that a command refuses to show somebody, and does not show whom."""
    assert ran.code == 3
    assert ran.out == ""
    assert "who is not on the list of public actors" in ran.err
    assert where in ran.err
    assert HANDLES[EVE] not in ran.err


TAGS = "MATCH (t:Hashtag) RETURN t.hashtag AS tag ORDER BY tag DESC"
TAGGED = "MATCH (:Post)-[:TAGGED]->(t:Hashtag) WITH collect(DISTINCT t.hashtag) AS tags RETURN tags"


@pytest.mark.parametrize("shape", ["csv", "json"])
def test_rows_that_leave_a_pseudonymous_study_are_searched(run, hidden, shape):
    for place in (("--study", hidden), ("--store", hidden / "graph")):
        told = (*place, "--format", shape)
        refused(run("cypher", TAGS, *told), "the rows of the query, row 2")
        refused(run("cypher", TAGGED, *told), "the rows of the query, row 1")
        peace = run("cypher", TAGS, *told, "--limit", 1)
        assert "peace" in peace.out
        assert not peace.code
        accounts = run("cypher", "MATCH (a:Account) RETURN a.account_id AS account_tidewave", *told)
        assert accounts.out.count("p1_") == 3
    assert run("cypher", TAGS, "--study", hidden, "--format", "table").code == 0
    for file in Path(os.environ["WORKBENCH_KEYS"]).iterdir():
        file.unlink()
    unsearched = run("cypher", TAGS, "--study", hidden, "--format", shape)
    assert HANDLES[EVE] in unsearched.out
    assert unsearched.err == (
        "not searched for people: the key of the study is not on this machine\n"
    )


def test_what_posts_carry_is_searched_in_evidence_too(run, hidden):
    from workbench.studies.study import Study

    edges = Study.open(hidden).corpus().graph("account_url").to_pandas()
    words = ("evidence", "--study", hidden, "--kind", "account_url", "--edge")
    ends = edges.iloc[0][["source", "target"]].tolist()
    refused(run(*words, *ends, "--json"), "what the posts carry, post 1")
    assert not run(*words, *ends).code
    tagged = ("evidence", "--study", hidden, "--kind", "account_hashtag")
    peace = run(*tagged, "--account", "peace", "--json")
    assert peace.json["total"] == len(peace.json["posts"]) >= 1
    for file in Path(os.environ["WORKBENCH_KEYS"]).iterdir():
        file.unlink()
    unsearched = run(*words, *ends, "--json")
    assert not unsearched.code
    assert "not searched for people" in unsearched.err


def test_rows_of_a_raw_study_are_as_they_are(run, loaded):
    study = loaded("s")
    assert run("store", "push", "--study", study).code == 0
    ask = "MATCH (a:Account) RETURN a.handle AS handle"
    assert HANDLES[BOB] in run("cypher", ask, "--study", study, "--format", "csv").out
    assert HANDLES[BOB] in run("cypher", ask, "--study", study, "--json").out


def test_a_bulk_export_of_a_pseudonymous_study_is_searched(run, loaded, hidden, tmp_path):
    out = tmp_path / "bulk"
    refused(run("store", "export-bulk", "--study", hidden, "--out", out), "Hashtag.parquet:")
    assert not out.exists()
    for privacy in ("raw", "pseudonymous"):
        study = loaded(privacy, privacy)
        done = run("store", "export-bulk", "--study", study, "--out", tmp_path / f"of_{privacy}")
        assert (done.code, done.err) == (0, "")
    for file in Path(os.environ["WORKBENCH_KEYS"]).iterdir():
        file.unlink()
    unsearched = run("store", "export-bulk", "--study", hidden, "--out", out)
    assert (unsearched.code, unsearched.err) == (
        0, "not searched for people: the key of the study is not on this machine\n",
    )  # fmt: skip


def test_a_store_in_the_folder_of_a_study_is_known_as_its_own(run, hidden, tmp_path):
    for kind in ("account_url", "account_hashtag"):  # a tag is kept, whoever is called like one
        out = tmp_path / f"{kind}.csv"
        for place in (("--study", hidden), ("--store", hidden / "graph")):
            ran = run("graph", kind, *place, "--out", out)
            if kind == "account_url":
                refused(ran, "account_url.csv, name")
            assert out.exists() is (kind == "account_hashtag")


def held(uri):
    """Return every property of every node of a server as text."""
    with closing(Bolt(uri)) as bolt:
        rows = bolt.rows(
            "MATCH (n) UNWIND keys(n) AS k RETURN coalesce(toStringOrNull(n[k]), '') AS v"
        )
        return "\n".join(rows.column("v").to_pylist())


def of_others(tmp_path):
    """Write a page of posts that have nothing to do with Bob, and return the file."""
    file = tmp_path / "others.jsonl"
    said = [
        tweet("ann2", who, f"@{HANDLES[EVE]} #harbour")
        | {"id": new, "conversation_id": new, "edit_history_tweet_ids": [new]}
        for who, new in ((ANN, POSTS["ann2"][:-1] + "0"), (EVE, POSTS["ann2"][:-1] + "1"))
    ]
    told = json.loads(page(*said))
    told["includes"]["users"] = [user(ANN), user(EVE)]
    file.write_text(json.dumps(told), "utf-8")
    return file


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
@pytest.mark.parametrize("privacy", ["raw", "pseudonymous"])
def test_forgetting_on_a_server(run, loaded, tmp_path, privacy):
    uri, mine, theirs = emptied(), loaded("mine", privacy), tmp_path / "theirs"
    words = ("load", of_others(tmp_path), "--study", theirs, "--privacy", privacy, "--json")
    assert run(*words).code == 0
    for study in (mine, theirs):
        assert run("store", "push", "--study", study, "--to", uri).code == 0
    asked = ("influence", "--study", mine, "--store", uri, "--kind", "mention", "--annotate")
    run_id = run(*asked, "--json").json["run"]
    (mine / "report").mkdir()
    (mine / "report" / "index.html").write_text("x")
    before = [
        run(*ask, "--study", theirs, "--store", uri, "--json").json
        for ask in (("graph", "mention"), ("store", "counts"))
    ]
    traces = TRACES
    if privacy == "pseudonymous":
        names = Study.open(mine).pseudonymiser()
        traces = [names.account(f"twitter:{BOB}"), names.post(f"twitter:{POSTS['bob1']}"),
                  names.handle(HANDLES[BOB])]  # fmt: skip
    assert all(trace in held(uri) for trace in traces)
    forget = ("privacy", "forget", "--study", mine, "--account", BOB, "--to", uri, "--json")
    dry = run(*forget, "--dry-run").json
    assert all(trace in held(uri) for trace in traces)
    done = run(*forget).json
    assert done["removed"] == dry["removed"]
    assert done["stores"] == [
        {"uri": uri, "accounts": 1, "posts": 2, "pushed": True, "also_in": []}
    ]
    assert done["stale"]["files"] == ["report/index.html"]
    assert [entry["run"] for entry in done["stale"]["runs"]] == [run_id]
    assert [trace for trace in traces if trace in held(uri)] == []
    # What others brought is theirs, and they need not push it again.
    rows = {row["study"]: row["corpus"] for row in run("store", "studies", "--store", uri,
            "--json").json}  # fmt: skip
    assert rows == {s.id: s.corpus().content_key for s in map(Study.open, (mine, theirs))}
    after = [
        run(*ask, "--study", theirs, "--store", uri, "--json").json
        for ask in (("graph", "mention"), ("store", "counts"))
    ]
    assert after[0] == before[0]
    assert after[1] | {"seconds": 0} == before[1] | {"seconds": 0}
    # A later load does not bring it back, nor does a push.
    assert run("load", tmp_path / "in", "--study", mine).code == 0
    assert run("store", "push", "--study", mine, "--to", uri).code == 0
    assert [trace for trace in traces if trace in held(uri)] == []
    here = run("graph", "mention", "--study", mine, "--json").json
    there = run("graph", "mention", "--study", mine, "--store", uri, "--json").json
    assert there == here


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_forgetting_says_which_other_studies_of_a_server_lose_it(run, loaded):
    uri, mine, theirs = emptied(), loaded("mine"), loaded("theirs")
    for study in (mine, theirs):
        assert run("store", "push", "--study", study, "--to", uri).code == 0
    other = Study.open(theirs).id
    forget = ("privacy", "forget", "--account", BOB, "--to", uri, "--study")
    dry = run(*forget, mine, "--dry-run", "--json").json
    assert [entry["also_in"] for entry in dry["stores"]] == [[other]]
    said = run(*forget, mine)
    assert f"also taken out of {other}, whose next push would bring it back" in said.out
    asked = ("graph", "mention", "--study", theirs, "--store", uri, "--json")
    lost = run(*asked).json
    assert (lost["nodes"], lost["choices"]["forgotten"]) == (2, True)
    whole = run("graph", "mention", "--study", mine, "--store", uri, "--json").json
    assert "forgotten" not in whole["choices"]
    assert run("store", "push", "--study", theirs, "--to", uri).code == 0
    back = run(*asked).json
    assert (back["nodes"], "forgotten" in back["choices"]) == (3, False)
    gone = run(*forget, theirs, "--json").json
    assert [entry["also_in"] for entry in gone["stores"]] == [[]]
    assert [trace for trace in TRACES if trace in held(uri)] == []
