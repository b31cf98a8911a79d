"""Bad input through the front door: one line, the exit code, the error object, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT
from workbench.cli.app import main

FULL = Path("/dev/full")
GOOD = b'{"data": [{"id": "1", "author_id": "2", "text": "x"}]}\n'


def check(ran, code, what):
    assert ran.code == code
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert set(ran.error) == {"what", "value", "where", "allowed", "remedy"}
    assert what in json.dumps(ran.error, ensure_ascii=False)


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (["graph", "follows", "--study", "x"], 2, "no graph of that kind"),
        (["graph", "retweet"], 2, "name one source of the graph"),
        (["graph", "retweet", "--study", "a", "--edges", "b"], 2, "--study and --edges"),
        (["graph"], 2, "kind"),
        (["nonsense"], 2, "nonsense"),
        (["graph", "retweet", "--colour", "red"], 2, "--colour"),
        (["graph", "retweet", "--study", "nowhere"], 3, "no study here"),
        (["load", "nowhere.jsonl", "--study", "s"], 3, "nowhere.jsonl"),
        (["describe", "--study", "nowhere"], 3, "no study here"),
        (["cypher", "MATCH (a) RETURN a", "--name", "x/y", "--study", "s"], 2, "give a query"),
        (["store", "counts"], 2, "name one store"),
        (["store", "push", "--study", "nowhere", "--to", "neo4j://host"], 3, "no study here"),
        (["graph", "retweet", "--store", "bolt://127.0.0.1:1"], 5, "no Neo4j server answers"),
        (["graph", "retweet", "--store", "http://host:7687"], 5, "nothing here speaks this scheme"),
        (["store", "counts", "--store", "nowhere"], 5, "the store is empty"),
        (["influence", "--edges", "nowhere.csv"], 3, "nowhere.csv"),
    ],
)
def test_wrong_words(run, tmp_path, monkeypatch, words, code, what):
    monkeypatch.chdir(tmp_path)
    check(run(*words, "--json"), code, what)


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        (["--null", "repartitioned"], "known from outside"),
        (["--choice", "colour=red"], "no measure asked for has this choice"),
        (["--choice", "k"], "a choice is NAME=VALUE"),
        (["--choice", "direction=up"], "direction has a value that is not allowed"),
        (["--measure", "rwc"], "no such measure"),
        (["--interval", "normal"], "no such interval"),
        (["--null", "shuffled"], "shuffled weights change nothing"),
        (["--split-half"], "--split-half finds the sides itself"),
        (["--split", "leiden"], "say where the sides come from"),
        (["--seed", "-1"], "the seed is out of range"),
        (["--lang", "fr"], "an edge file has no posts"),
        (["--since", "soon"], "since is not a time"),
        (["--runs", "0"], "at least one run"),
        (["--into", "3"], "--into is of sides that are found"),
        (["--choice", "k=1", "--choice", "k=2"], "a choice is given twice"),
        (["--processes", "0"], "--processes"),
    ],
)
def test_wrong_options_of_polarisation(run, tmp_path, extra, what):
    (tmp_path / "e.csv").write_text("a,b\nb,c\nc,d\n")
    (tmp_path / "s.csv").write_text("node,side\na,x\nb,x\nc,y\nd,y\n")
    words = ["polarisation", "--edges", tmp_path / "e.csv", "--sides", tmp_path / "s.csv", "--json"]
    check(run(*words, *extra), 2, what)


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        (["--min-weight", "0"], "min_weight must be > 0"),
        (["--backbone", "0"], "alpha is out of range"),
        (["--max-accounts", "0"], "--max-accounts"),
    ],
)
def test_a_filter_of_zero_is_refused_and_not_left_out(run, tmp_path, extra, what):
    (tmp_path / "e.csv").write_text("a,b\nb,c\n")
    check(run("graph", "retweet", "--edges", tmp_path / "e.csv", "--json", *extra), 2, what)


def test_weights_whose_sum_is_infinite(run, tmp_path):
    (tmp_path / "e.csv").write_text("a,b,1e308\na,b,1e308\n")
    words = ("--edges", tmp_path / "e.csv", "--json")
    check(run("graph", "retweet", *words), 3, "the sum of the weights is infinite")
    run("load", tmp_path / "e.csv", "--study", tmp_path / "s")
    words = ("--study", tmp_path / "s", "--json")
    check(run("graph", "retweet", *words), 3, "the sum of the weights is infinite")


@pytest.mark.parametrize(
    "words",
    [
        ["evidence", "--account", "a", "--limit", "-1", "--study", "s"],
        ["cypher", "MATCH (a) RETURN a", "--limit", "-1", "--study", "s"],
        ["describe", "--top", "-1", "--study", "s"],
        ["influence", "--top", "-1", "--edges", "e.csv"],
        ["influence", "--bootstrap", "-1", "--edges", "e.csv"],
        ["communities", "--runs", "0", "--edges", "e.csv"],
        ["graph", "co_url", "--max-accounts", "-1", "--study", "s"],
    ],
)
def test_a_number_below_its_least_value_is_wrong_usage(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.jsonl").write_bytes(GOOD)
    run("load", "x.jsonl", "--study", "s")
    check(run(*words, "--json"), 2, "")


def test_an_undefined_index_is_null_with_its_reason(run, tmp_path):
    (tmp_path / "e.csv").write_text("a,b\nb,c\nc,d\n")
    (tmp_path / "s.csv").write_text("node,side\na,x\nb,x\nc,y\nd,y\n")
    words = ["polarisation", "--edges", tmp_path / "e.csv", "--sides", tmp_path / "s.csv", "--json"]
    found = {index["name"]: index for index in run(*words).json["indices"]}
    assert found["random_walk_controversy"]["value"] is None
    assert "fewer accounts than k" in found["random_walk_controversy"]["reason"]
    assert found["ei_index"]["value"] == pytest.approx(-1 / 3)


@pytest.mark.parametrize(
    ("content", "name", "what"),
    [
        (b"", "x.jsonl", "the file is empty"),
        (b"\x00\x01\x02\x03" * 50, "x.jsonl", "binary"),
        ("{}".encode("utf-16"), "x.jsonl", "UTF-16"),
        (b"just words without any structure\n" * 3, "x.txt", "no format known here"),
    ],
)
def test_files_that_cannot_be_loaded(run, tmp_path, content, name, what):
    (tmp_path / name).write_bytes(content)
    check(run("load", tmp_path / name, "--study", tmp_path / "s", "--json"), 3, what)
    check(run("inspect", tmp_path / name, "--json"), 3, what)
    plain = run("inspect", tmp_path / name)
    assert (plain.code, plain.out, plain.err.count("\n")) == (3, "", 1)
    corpus = tmp_path / "s" / "corpus"
    assert not list(corpus.rglob("*.parquet")) if corpus.exists() else True


@pytest.mark.parametrize(
    ("content", "ok", "rejected"),
    [
        (b"\xef\xbb\xbf" + GOOD, 1, 0),
        (GOOD.replace(b"\n", b"\r\n"), 1, 0),
        (GOOD + GOOD[:30], 1, 1),
        (b"[" + GOOD.strip() + b"]", 1, 0),
        (GOOD.strip() + GOOD, 1, 0),
        (GOOD + b'{"a":' * 100_000 + b"\n", 1, 1),
        (GOOD + b'{"data": [{"id": 9007199254740993, "author_id": "2", "text": "y"}]}\n', 2, 0),
        (GOOD + b'{"data": [{"id": "2", "text": "no author"}]}\n', 2, 0),
    ],
)
def test_files_with_defects_are_loaded_as_far_as_they_go(run, tmp_path, content, ok, rejected):
    (tmp_path / "x.jsonl").write_bytes(content)
    found = run("load", tmp_path / "x.jsonl", "--study", tmp_path / "s", "--json")
    assert found.code == 0
    assert (found.json["ok"], found.json["rejected"]) == (ok, rejected)
    read = found.json["records_read"]
    assert read == ok + rejected + found.json["duplicates"]


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_nothing_readable_is_an_error_that_names_the_first_reject(run, tmp_path, more):
    file = tmp_path / "x.jsonl"
    file.write_bytes(b'\n{"data": [{"text": "no id"}]}\n')
    words = ["load", file, "--study", tmp_path / "s", *more]
    found = run(*words, "--json")
    check(found, 3, "no record could be read")
    assert found.error["value"] == "1 of 1 rejected, the first: no id"
    assert found.error["where"] == f"{file}:2"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("x.csv", "source,target\n", "a header and no rows"),
        ("x.csv", "object_id,account_id,content_id,timestamp_share\n", "a header and no rows"),
        ("x.graphml", "<graphml><graph/></graphml>", "the input holds none"),
    ],
)
def test_an_input_without_records_is_an_error_after_the_report(run, tmp_path, name, text, told):
    (tmp_path / name).write_text(text)
    words = ["load", tmp_path / name, "--study", tmp_path / "s"]
    found = run(*words, "--json")
    check(found, 3, told)
    assert (found.error["value"], found.error["where"]) == (told, str(tmp_path / name))
    plain = run(*words)
    assert plain.code == 3
    assert "0 records read" in plain.out
    assert plain.err.startswith(f"error: no record could be read: {told}")


def test_another_schema_version(run, tmp_path):
    (tmp_path / "x.jsonl").write_bytes(GOOD)
    run("load", tmp_path / "x.jsonl", "--study", tmp_path / "s")
    listing = tmp_path / "s" / "corpus" / "corpus.json"
    listing.write_text(listing.read_text().replace('"schema": 1', '"schema": 99'))
    check(run("describe", "--study", tmp_path / "s", "--json"), 3, "another schema version")
    check(
        run("load", tmp_path / "x.jsonl", "--study", tmp_path / "s", "--json"), 3, "schema version"
    )
    toml = tmp_path / "s" / "study.toml"
    toml.write_text(toml.read_text().replace("version = 1", "version = 9"))
    check(run("describe", "--study", tmp_path / "s", "--json"), 3, "another schema version")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_an_unreadable_file(run, tmp_path):
    (tmp_path / "x.jsonl").write_bytes(GOOD)
    (tmp_path / "x.jsonl").chmod(0)
    check(run("load", tmp_path / "x.jsonl", "--study", tmp_path / "s", "--json"), 3, "cannot read")


def test_a_study_that_cannot_be_made(run, tmp_path):
    (tmp_path / "x.jsonl").write_bytes(GOOD)
    (tmp_path / "file").write_text("")
    check(
        run("load", tmp_path / "x.jsonl", "--study", tmp_path / "file" / "s", "--json"),
        3,
        "cannot make a study here",
    )


@pytest.mark.parametrize("command", ["communities", "influence"])
@pytest.mark.parametrize("out", ["nowhere/t.csv", "."])
def test_a_table_that_cannot_be_written(run, tmp_path, monkeypatch, command, out):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.csv").write_text("a,b\nb,c\n")
    check(run(command, "--edges", "e.csv", "--out", out, "--json"), 3, "cannot write the table")


@pytest.mark.parametrize("command", ["communities", "influence"])
def test_a_table_for_which_the_disk_is_too_full(run, tmp_path, full_disk, command):
    (tmp_path / "e.csv").write_text("".join(f"a{i},a{i + 1}\n" for i in range(300)))
    words = (command, "--edges", tmp_path / "e.csv", "--out", tmp_path / "t.csv", "--json")
    words += ("--top", 300) if command == "influence" else ()
    (tmp_path / "t.csv").write_text("of yesterday")
    with full_disk(after=1024):
        check(run(*words), 3, "cannot write the table")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["e.csv", "t.csv"]
    assert (tmp_path / "t.csv").read_text() == "of yesterday"


@pytest.mark.skipif(not FULL.exists(), reason="no full device here")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_under_standard_output_is_one_line(tmp_path, unbuffered):
    (tmp_path / "e.csv").write_text("a,b\nb,c\n")
    words = [sys.executable, "-m", "workbench", "graph", "retweet", "--edges", "e.csv", "--json"]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered, "PYTHONPATH": str(ROOT)}
    with FULL.open("wb") as full:
        done = subprocess.run(
            words, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path,
            env=environment,
        )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "No space left" in json.loads(done.stderr)["error"]["where"]


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_had_enough_hears_nothing(tmp_path, unbuffered):
    (tmp_path / "e.csv").write_text("a,b\nb,c\n")
    words = [sys.executable, "-m", "workbench", "graph", "retweet", "--edges", "e.csv", "--json"]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered, "PYTHONPATH": str(ROOT)}
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        words, stdout=write, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path,
        env=environment,
    )  # fmt: skip
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


def test_without_json_the_error_is_one_plain_line(run):
    ran = run("graph", "follows", "--study", "x")
    assert ran.code == 2
    assert ran.err.startswith("error: no graph of that kind: follows; allowed: retweet")
    assert ran.err.count("\n") == 1


def test_our_own_bugs_end_in_the_error_object_and_exit_1():
    code = (
        "import sys, workbench.cli.app as app\n"
        "import workbench.cli.doctor_command as doctor\n"
        "def broken(*, json: bool = False) -> None:\n    '''Break.'''\n    1 / 0\n"
        "doctor.doctor = broken\n"
        "app.main(['doctor', '--json'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "ZeroDivisionError" in json.loads(done.stderr.strip().splitlines()[-1])["error"]["what"]


def test_interrupting_is_130(run, monkeypatch):
    import workbench.graphs

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(workbench.graphs, "describe", interrupt)
    monkeypatch.setattr("workbench.studies.study.Study.open", interrupt)
    assert run("describe", "--study", "x", "--json").code == 130


def test_help_is_fine_and_lists_the_commands(run):
    helped = run("--help")
    assert helped.code == 0
    for name in ("demo", "load", "polarisation", "cypher"):
        assert name in helped.out
    assert main is not None
