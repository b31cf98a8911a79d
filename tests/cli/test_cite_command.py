"""``workbench cite``: the workbench and the methods used, as BibTeX, text or JSON."""

from __future__ import annotations

from workbench.studies.bibtex import read_bibtex
from workbench.studies.manifest import Manifest


def test_methods_and_the_tool_as_bibtex(run):
    done = run("cite", "leiden", "random_walk_controversy")
    assert done.code == 0
    keys = [one.key for one in read_bibtex(done.out)]
    assert keys == ["workbench", "garimella2018", "traag2019"]
    assert "doi = {10.1145/3140565}" in done.out
    assert [one.key for one in read_bibtex(run("cite").out)] == ["workbench"]


def test_what_a_run_used(run, tmp_path):
    (tmp_path / "results" / "r").mkdir(parents=True)
    Manifest.of("x", methods=["ei_index"]).write(tmp_path / "results" / "r")
    for words in (("--run", tmp_path / "results" / "r"), ("--study", tmp_path)):
        done = run("cite", *words, "--json")
        assert [one["key"] for one in done.json["references"]] == ["workbench", "krackhardt1988"]
    assert done.json["references"][1]["doi"] == "10.2307/2786835"
    text = run("cite", "--run", tmp_path / "results" / "r", "--format", "text").out
    assert text.splitlines()[1].startswith("Krackhardt & Stern (1988) Informal networks")


def test_wrong_words(run, tmp_path):
    wrong = run("cite", "nosuch", "--json")
    assert wrong.code == 2
    assert "leiden" in wrong.error["allowed"]
    assert wrong.error["value"] == "nosuch"
    assert run("cite", "leidn", "--json").error["remedy"] == "did you mean leiden?"
    assert run("cite", "--run", tmp_path, "--json").error["what"] == "no manifest here"
    assert run("cite", "--run", tmp_path).code == 3
    assert run("cite", "--format", "ris", "--json").error["allowed"] == "bibtex, text"
