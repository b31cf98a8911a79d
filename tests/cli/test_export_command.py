"""``workbench export``: a study into the files of other tools."""

from __future__ import annotations

import pytest

from tests.cli.conftest import CRISIS


@pytest.mark.parametrize(
    ("form", "name", "rows"),
    [
        ("coortweet", "e.csv", {"rows": 2894}),
        ("qut", "e.csv", {"rows": 5600}),
        ("minet", "e.csv", {"rows": 5600}),
        ("gexf", "e.gexf", {"nodes": 1279, "edges": 2533}),
        ("graphml", "e.graphml", {"nodes": 1279, "edges": 2533}),
    ],
)
def test_every_format(run, study, tmp_path, form, name, rows):
    done = run("export", form, "--study", study, "--out", tmp_path / name, "--json")
    assert done.code == 0
    assert done.json["rows"] == rows
    assert (done.json["format"], done.json["privacy"]) == (form, "raw")
    assert "the study is raw" in done.err
    assert (tmp_path / name).stat().st_size > 1000


def test_nodes_are_labelled_with_pseudonyms_as_graph_does(run, study, tmp_path):
    run("export", "gexf", "--study", study, "--out", tmp_path / "a.gexf")
    run("graph", "retweet", "--study", study, "--out", tmp_path / "b.gexf")
    nodes = [
        [line for line in (tmp_path / name).read_text("utf-8").splitlines() if "<node " in line]
        for name in ("a.gexf", "b.gexf")
    ]
    assert nodes[0] == nodes[1]
    assert 'label="p1_' in nodes[0][0]


def test_a_pseudonymous_study_needs_no_warning(run, tmp_path):
    page = min((CRISIS / "posts").glob("*.gz"))
    run("load", page, "--study", tmp_path / "s", "--privacy", "pseudonymous")
    done = run("export", "parquet", "--study", tmp_path / "s", "--out", tmp_path / "p")
    assert done.code == 0
    assert "raw" not in done.err
    assert "posts" in done.out


def test_wrong_words_are_usage_errors(run, study, tmp_path):
    wrong = run("export", "xlsx", "--study", study, "--out", tmp_path / "e", "--json")
    assert wrong.code == 2
    assert "coortweet" in wrong.error["allowed"]
    assert run("export", "qut", "--study", tmp_path, "--out", tmp_path / "e").code == 3
