"""``workbench study``: what it lists, what it writes, and how it fails."""

from __future__ import annotations

import json
import shlex

import pytest

from workbench.errors import ClaimError
from workbench.studies.manifest import verify


def test_list_tells_the_questions_in_either_language(run):
    (row,) = run("study", "list", "--json").json["rows"]
    assert row["name"] == "crisis_brief"
    assert "who is amplified" in row["question"]
    (row,) = run("study", "list", "--lang", "fr", "--json").json["rows"]
    assert "qui est amplifié" in row["question"]
    assert "crisis_brief" in run("study", "list").out
    failed = run("study", "list", "--lang", "de", "--json")
    assert failed.code == 2
    assert failed.error["allowed"] == "en, fr"


def _open_what_is_behind(run, behind):
    """Type the commands of the evidence appendix, but for those with intervals, which take long."""
    typed = dict.fromkeys(line for e in behind.values() for line in e["command"].splitlines())
    assert len(typed) >= 8
    assert all(each["posts"] for each in behind.values())
    for line in typed:  # in order: one writes the file that the next reads
        if "jackknife" not in line:
            words = shlex.split(line)
            assert words[0] == "workbench"
            assert run(*words[1:], "--json").code == 0, line


def test_run_writes_the_brief_and_its_numbers_are_those_of_the_other_commands(
    run, study, tmp_path, monkeypatch
):
    monkeypatch.chdir(study.parent)  # where the commands of the brief are typed
    out = tmp_path / "brief – été"
    made = run("study", "run", "crisis_brief", "--study", study, "--out", out, "--lang", "fr,en",
               "--format", "html", "--nulls", 5, "--seed", 7, "--json")  # fmt: skip
    assert made.code == 0, made.err
    told = made.json
    assert told["name"] == "crisis_brief"
    assert {"brief.fr.html", "brief.en.html", "results.json", "manifest.json"} <= set(
        told["outputs"]
    )
    assert all(claim["holds"] for claim in told["claims"])
    assert told["claims"][0]["sentence"].startswith("Les données réunissent")
    assert verify(out) == {}
    claims = {claim["id"]: claim for claim in told["claims"]}
    ranked = run("influence", "--study", study, "--top", 1, "--bootstrap", 500, "--seed", 7,
                 "--json").json["accounts"][0]  # fmt: skip
    first = claims["first"]
    assert (first["value"], first["low"], first["high"]) == (
        ranked["rank"], ranked["rank_low"], ranked["rank_high"],
    )  # fmt: skip
    index = run("polarisation", "--study", study, "--split", "leiden", "--measure",
                "random_walk_controversy", "--runs", 5, "--interval", "jackknife", "--seed", 7,
                "--json").json["indices"][0]  # fmt: skip
    divided = claims["divided"]
    assert (divided["value"], divided["low"], divided["high"]) == pytest.approx(
        (index["value"], index["low"], index["high"])
    )
    numbers = json.loads((out / "results.json").read_text("utf-8"))["claims"]
    _open_what_is_behind(run, json.loads((out / "results.json").read_text("utf-8"))["behind"])
    places = {claim["id"]: claim["numbers"] for claim in numbers}["divided"]
    acts = {claim["id"]: claim["numbers"] for claim in numbers}["first"]["acts"]
    assert acts == {"value": ranked["in_strength"], "unit": "acts"}
    assert places["null"]["value"] == pytest.approx(index["null_mean"])
    assert places["z"]["value"] == pytest.approx(index["z"])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["crisis_breif"], 3, "no such study"),
        (["crisis_brief", "--lang", "de"], 2, "do not speak this language"),
        (["crisis_brief", "--format", "odt"], 2, "no such format"),
    ],
)
def test_what_does_not_exist_is_said_before_anything_is_computed(
    run, study, tmp_path, words, code, said
):
    failed = run("study", "run", *words, "--study", study, "--out", tmp_path / "out", "--json")
    assert failed.code == code
    assert said in failed.error["what"]
    assert not (tmp_path / "out").exists()


def test_no_study_is_said_with_the_remedy(run, tmp_path):
    failed = run("study", "run", "crisis_brief", "--study", tmp_path, "--out", tmp_path / "out",
                 "--json")  # fmt: skip
    assert failed.code == 3
    assert failed.error["what"] == "no study here"


def test_a_claim_that_is_not_true_is_exit_1(run, study, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise ClaimError("the claim “It is 1.50.” is not true", value=1.5, allowed="≥ 2")

    monkeypatch.setattr("workbench.studies.running.run", fail)
    failed = run("study", "run", "crisis_brief", "--study", study, "--out", tmp_path, "--json")
    assert failed.code == 1
    assert failed.error["value"] == "1.5"
    assert failed.error["allowed"] == "≥ 2"
