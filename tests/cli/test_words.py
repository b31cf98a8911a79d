"""``--words``: the result in prose, in the language asked for, after the table and in the JSON."""

from __future__ import annotations

import pytest

from tests.cli.test_commands import RING

COMMANDS = {
    "communities": ("--seed", 1, "--runs", 3),
    "influence": ("--seed", 1),
    "polarisation": ("--seed", 1, "--split", "leiden", "--measure", "ei_index", "--runs", 12),
}


@pytest.fixture
def edges(tmp_path):
    file = tmp_path / "edges.csv"
    file.write_text(RING)
    return file


@pytest.mark.parametrize("command", COMMANDS)
def test_a_result_is_said_in_prose_after_its_table_and_in_the_document(run, edges, command):
    words = (command, "--edges", edges, *COMMANDS[command])
    said = run(*words, "--words", "fr", "--json").json["words"]
    assert said.endswith(".")
    assert " compte" in said
    assert run(*words, "--words", "fr").out.endswith(f"\n\n{said}\n")
    assert "words" not in run(*words, "--json").json


def test_communities_of_several_runs_say_how_far_these_agree(run, edges):
    told = run("communities", "--edges", edges, *COMMANDS["communities"], "--words", "en")
    assert "3 runs of the Leiden algorithm" in told.out
    assert "one run with one random seed" not in told.out


def test_a_corpus_is_said_in_prose(run, study):
    assert "The corpus holds 5,600 posts by 1,597 accounts" in (
        run("describe", "--study", study, "--words", "en").out
    )


def test_a_graph_is_said_in_prose(run, edges):
    words = ("graph", "retweet", "--edges", edges, "--words", "en")
    asked = run(*words, "--json").json
    assert f"network holds 12 accounts and {asked['edges']} edges, which" in asked["words"]
    assert asked["words"] in run(*words).out


def test_an_unknown_language_is_refused_before_anything_is_read(run):
    failed = run("influence", "--edges", "nowhere.csv", "--words", "de", "--json")
    assert failed.code == 2
    assert failed.error["what"] == "reports do not speak this language"
    assert failed.error["allowed"] == "en, fr"
