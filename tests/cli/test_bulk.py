"""The commands of the bulk route: what they print, write and refuse."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_errors import check
from tests.store.stores import emptied
from workbench.store import bulk


def test_an_export_says_what_to_do_next(run, study, tmp_path):
    out = tmp_path / "a folder"
    made = run("store", "export-bulk", "--study", study, "--out", out)
    assert made.code == 0, made.err
    assert f"cd '{out}' && neo4j-admin" in made.out
    for words in (
        "--nodes=Account=Account.parquet", "--relationships=POSTED=POSTED.parquet", "import.sh",
        "--overwrite-destination", "workbench store adopt --study", "Stop the server",
    ):  # fmt: skip
        assert words in made.out
    again = run("store", "export-bulk", "--study", study, "--out", out, "--json")
    check(again, 2, "output folder is not empty")


def test_an_export_as_json(run, study, tmp_path):
    made = run("store", "export-bulk", "--study", study, "--out", tmp_path / "out", "--json").json
    counted = run("store", "counts", "--study", study, "--json").json
    for what in ("nodes", "relationships"):
        assert made[what] == {k: n for k, n in counted[what].items() if k in made[what]}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["corpus"] == made["corpus"]
    assert made["files"] == sorted(file.name for file in (tmp_path / "out").iterdir())
    assert made["bytes"] == sum(
        file.stat().st_size for file in (tmp_path / "out").glob("*.parquet")
    )
    assert made["seconds"] > 0


def test_only_a_server_imports(run, study, tmp_path):
    check(
        run("store", "adopt", "--study", study, "--store", tmp_path, "--json"), 2, "only a server"
    )
    nowhere = run("store", "adopt", "--study", study, "--store", "bolt://127.0.0.1:1", "--json")
    check(nowhere, 5, "no Neo4j server answers")
    check(run("store", "export-bulk", "--study", tmp_path, "--out", tmp_path / "o", "--json"), 3,
          "no study here")  # fmt: skip


@pytest.fixture
def small(run, tmp_path, monkeypatch):
    """A study of three accounts, an empty server, and a corpus of which the bulk route pays."""
    monkeypatch.setattr(bulk, "PAYS_FROM", 3)
    edges = tmp_path / "edges.csv"
    edges.write_text("source,target\na,b\nb,c\n")
    assert run("load", edges, "--study", tmp_path / "one", "--json").code == 0
    return emptied(), tmp_path / "one"


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_a_push_says_when_the_bulk_route_pays(run, small):
    uri, study = small
    assert "advice" not in run("store", "push", "--study", study, "--json").json
    guest = run("store", "push", "--study", study, "--to", uri, "--shared", "--json")
    assert "advice" not in guest.json
    again = run("store", "push", "--study", study, "--to", uri, "--json")
    assert "advice" not in again.json  # the database is not empty
    uri = emptied()
    first = run("store", "push", "--study", study, "--to", uri, "--json")
    line = f"faster by workbench store export-bulk --study {study} --out DIR"
    assert first.json["advice"].endswith(line)
    assert first.err.count(line) == 1
    assert first.json["nodes"]["Account"] == 3


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_adopting_what_is_not_there_and_what_was_pushed(run, small):
    uri, study = small
    missing = run("store", "adopt", "--study", study, "--store", uri, "--json")
    check(missing, 5, "the database does not hold an import of this study")
    run("store", "push", "--study", study, "--to", uri, "--json")
    held = run("store", "adopt", "--study", study, "--store", uri, "--json").json
    assert held["already"]
    assert held["nodes"]["Account"] == 3
    here = run("graph", "retweet", "--study", study, "--json").json
    assert held["fingerprints"]["retweet"] == here["fingerprint"]
    # Of mentions without posts the store keeps sums only, of which it refuses to choose some.
    assert set(held["fingerprints"]) == {"retweet", "quote", "reply"}
    told = run("store", "adopt", "--study", study, "--store", uri)
    assert "was held already, and is unchanged" in told.out
    assert here["fingerprint"] in told.out
