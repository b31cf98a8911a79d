"""The commands that speak to a Neo4j server."""

from __future__ import annotations

import pytest

from tests.cli.test_errors import check
from tests.store.stores import emptied

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


@pytest.fixture
def pair(run, tmp_path):
    """Two studies with an edge in common, on one server; returns its URI and the folders."""
    uri = emptied()
    folders = []
    for name, lines in (("one", "a,b\nb,c\n"), ("two", "a,b\na,d\nd,a\n")):
        edges = tmp_path / f"{name}.csv"
        edges.write_text(f"source,target\n{lines}")
        folder = tmp_path / name
        assert run("load", edges, "--study", folder, "--json").code == 0
        assert run("store", "push", "--study", folder, "--to", uri, "--json").code == 0
        folders.append(folder)
    return uri, *folders


def test_each_study_on_a_server_has_its_own_graph(run, pair):
    uri, one, two = pair
    for folder, edges in ((one, 2), (two, 3)):
        here = run("graph", "retweet", "--study", folder, "--json").json
        there = run("graph", "retweet", "--study", folder, "--store", uri, "--json").json
        assert there["edges"] == here["edges"] == edges
        assert there["fingerprint"] == here["fingerprint"]
    check(run("graph", "retweet", "--store", uri, "--json"), 5, "holds several studies")
    rows = run("store", "studies", "--store", uri, "--json").json
    assert len(rows) == 2
    counted = run("store", "counts", "--study", two, "--store", uri, "--json").json
    assert (counted["nodes"]["Account"], counted["relationships"]["RETWEETED"]) == (3, 3)
    check(run("store", "drop-study", "nobody", "--store", uri, "--json"), 3, "no such study")
    mine = next(row["study"] for row in rows if row["study"] == study_id(one))
    assert run("store", "drop-study", mine, "--store", uri, "--json").json["study"] == mine
    left = run("graph", "retweet", "--store", uri, "--json").json
    assert left["edges"] == 3
    check(run("store", "studies", "--store", one, "--json"), 2, "a folder holds one study")


def test_all_studies_of_a_server(run, pair):
    uri, one, _ = pair
    every = ("graph", "retweet", "--all-studies", "--json", "--store")
    check(run(*every, uri), 3, "acts without posts may be the same in several studies")
    quotes = run("graph", "quote", "--all-studies", "--store", uri, "--json")
    check(quotes, 3, "acts without posts")
    check(run(*every, one / "graph"), 2, "only a server has several studies")


def study_id(folder):
    from workbench.studies.study import Study

    return Study.open(folder).id


def test_results_are_written_back_and_asked_for(run, pair):
    uri, one, two = pair
    run("store", "drop-study", study_id(one), "--store", uri)
    ask = (
        "cypher", ("MATCH (a:Account)-[r:RETWEETED]->(b:Account) RETURN a.account_id AS who, "
        "r.weight AS w ORDER BY who, b.account_id"), "--store", uri, "--json",
    )  # fmt: skip
    check(run(*ask), 5, "went with a study that shared them")
    assert run("store", "push", "--study", two, "--to", uri, "--json").code == 0
    rows = run(*ask).json
    assert [row["w"] for row in rows] == [1.0, 1.0, 1.0]
    check(
        run("cypher", "CREATE (:Account {account_id: 'x'})", "--store", uri, "--json"), 2, "writes"
    )


def test_doctor_looks_at_the_server(run, pair, monkeypatch):
    monkeypatch.setenv("NEO4J_URI", pair[0])
    rows = {row["check"]: row for row in run("doctor", "--json").json["rows"]}
    assert rows["neo4j"]["ok"]
    assert rows["neo4j constraints"]["found"] == "9 of 9"
    assert not rows["neo4j"]["needed"]


def test_a_study_comes_back_from_the_server(run, pair, tmp_path):
    uri, one, two = pair
    check(run("store", "pull", "--from", uri, "--study", tmp_path / "back", "--json"), 5, "several")
    assert not (tmp_path / "back").exists()
    pull = ("store", "pull", "--from", uri, "--name", study_id(two), "--study", tmp_path / "back")
    check(run(*pull, "--json"), 5, "other studies share accounts or posts of this one")
    run("store", "drop-study", study_id(one), "--store", uri)
    assert run("store", "push", "--study", two, "--to", uri, "--json").code == 0
    told = run(*pull, "--json").json
    assert told["tables"]["interactions"] == told["not_restored"]["sums"] == 3
    assert told["relationships"]["RETWEETED"] == 3
    graphs = [
        run("graph", "retweet", "--study", s, "--json").json for s in (two, tmp_path / "back")
    ]
    assert graphs[0]["fingerprint"] == graphs[1]["fingerprint"]
