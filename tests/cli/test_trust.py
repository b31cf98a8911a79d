"""What ``communities``, ``influence``, ``maximise`` and ``dismantle`` say beside their result."""

from __future__ import annotations

import csv
import json

import pytest

from tests.cli.test_commands import RING
from tests.cli.test_errors import check
from workbench.cli.output import listing

METHODS = ("leiden", "louvain", "leiden_cpm", "infomap", "label_propagation", "spectral")


@pytest.fixture
def edges(tmp_path):
    file = tmp_path / "edges.csv"
    file.write_text(RING)
    return file


@pytest.fixture
def sides(tmp_path):
    file = tmp_path / "sides.csv"
    file.write_text("node,side\n" + "".join(f"{s}{i},{s}\n" for s in "ab" for i in range(6)))
    return file


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_the_two_rings(run, edges, method):
    extra = ["--resolution", "0.2"] if method == "leiden_cpm" else []
    found = run("communities", "--edges", edges, "--method", method, "--seed", 1, *extra, "--json")
    assert found.json["method"] == method
    assert found.json["sizes"] == [6, 6]
    assert found.json["modularity"] == pytest.approx(0.5, abs=0.03)


def test_a_consensus_is_what_the_runs_agree_on(run, edges):
    words = ("communities", "--edges", edges, "--runs", 5, "--consensus", "--seed", 3)
    found = run(*words, "--json").json
    assert (found["method"], found["sizes"], found["seed"]) == ("consensus", [6, 6], 3)
    assert (found["stability"]["runs"], found["stability"]["ami_min"]) == (5, 1)
    assert "5 runs agree to 1.000" in run(*words).out


def test_trust_in_communities(run, edges, sides):
    words = ("communities", "--edges", edges, "--seed", 7, "--significance", 5, "--scan",
             "--compare", sides, "--mixing")  # fmt: skip
    found = run(*words, "--json").json
    assert found["significance"]["modularity"]["value"] == pytest.approx(found["modularity"])
    assert found["significance"]["modularity"]["p"] is None  # p needs 199 graphs
    assert found["significance"]["modularity"]["z"] > 2
    assert found["scan"]["plateaus"]
    assert found["scan"]["runs"] == 5
    again = run("communities", "--edges", edges, "--seed", 7, "--scan", "--runs", 2, "--json")
    assert again.json["scan"]["runs"] == 2
    assert found["comparison"]["adjusted_mutual_information"] == 1
    assert found["comparison"]["accounts"] == 12
    assert sum(pair["acts"] for pair in found["mixing"]["pairs"]) == 37
    assert found["mixing"]["within"] == pytest.approx(36 / 37)
    told = run(*words).out
    for text in ("Modularity beside", "Plateaus", "12 accounts in both", "97.3% of the acts stay"):
        assert text in told


def test_what_communities_are_about_and_how_they_move(run, study):
    words = ("communities", "--study", study, "--seed", 7, "--describe", "--every", "7d")
    found = run(*words, "--json").json
    described = found["description"]["communities"]
    assert described[0]["accounts"] == found["sizes"][0]
    assert any(row["clear"] for row in found["description"]["terms"])
    assert len(found["over_time"]["windows"]) > 1
    assert {"window", "event", "community"} <= set(found["over_time"]["events"][0])
    told = run(*words).out
    assert "What they are about" in told
    assert "two seeds of one window" in told


def test_beside_a_ranking(run, edges, sides, tmp_path):
    listed = tmp_path / "listed.txt"
    listed.write_text("a0\n")
    words = ("influence", "--edges", edges, "--by", "in_strength,participation", "--sides", sides,
             "--seed", 1, "--top", 3, "--top-set", 2, "--concentration", "--audience",
             "--leave-out", listed)  # fmt: skip
    found = run(*words, "--json").json
    assert found["accounts"][0]["account"] == "b0"
    assert found["accounts"][0]["participation"] == pytest.approx(1 - (3 / 4) ** 2 - (1 / 4) ** 2)
    assert found["agreement"]["by"] == ["in_strength", "participation"]
    assert {row["account"] for row in found["top_set"]["accounts"]} >= {"b0"}
    assert found["concentration"]["accounts"] == {"all": 12, "amplified": 12}
    top = found["audience"]["accounts"][0]
    assert (top["account"], top["from_a"], top["from_b"]) == ("b0", 1, 3)
    assert found["without"]["acts_left_out"] == 4
    assert found["without"]["accounts"][0]["in_strength_without"] == 3
    told = run(*words).out
    for text in ("How far the measures agree", "Concentration", "With and without 1 listed"):
        assert text in told


def test_measures_of_posts_and_turnover(run, study):
    words = ("influence", "--study", study, "--by", "h_index", "--every", "7d", "--top", 5)
    found = run(*words, "--json").json
    assert found["accounts"][0]["h_index"] >= found["accounts"][-1]["h_index"] >= 1
    assert found["turnover"]["k"] == 5
    assert 0 <= found["turnover"]["pairs"][0]["overlap"] <= 1
    assert "Turnover of the first 5" in run(*words).out


def test_simultaneous_intervals_are_no_narrower(run, edges):
    words = ("influence", "--edges", edges, "--bootstrap", 100, "--seed", 1, "--json")
    alone = run(*words).json["accounts"]
    together = run(*words, "--interval", "simultaneous").json["accounts"]
    for one, all_of_them in zip(alone, together, strict=True):
        assert all_of_them["rank_low"] <= one["rank_low"]
        assert all_of_them["rank_high"] >= one["rank_high"]


def test_communities_found_for_a_measure(run, edges):
    words = ("influence", "--edges", edges, "--by", "bridge_share", "--seed", 1, "--json")
    whole = run(*words, "--split", "leiden").json["accounts"]
    two = run(*words, "--split", "leiden", "--into", 2).json["accounts"]
    assert whole == two
    assert whole[0]["bridge_share"] == pytest.approx(1 / 4)


def test_maximise(run, edges, tmp_path):
    words = ("maximise", "--edges", edges, "--k", 2, "--seed", 5, "--runs", 200)
    found = run(*words, "--out", tmp_path / "seeds.csv", "--json").json
    assert len(found["seeds"]) == 2
    assert {row["account"][0] for row in found["seeds"]} == {"a", "b"}
    assert found["spread"]["runs"] == 200
    assert found["graph"]["choices"]["directed"] is True
    with (tmp_path / "seeds.csv").open() as file:
        assert [row["account"] for row in csv.DictReader(file)] == [
            row["account"] for row in found["seeds"]
        ]
    told = run(*words).out
    assert "in 200 simulated cascades" in told
    assert "not a forecast" in told


def test_dismantle(run, tmp_path):
    file = tmp_path / "timed.csv"
    early = ["x,star,2020-01-01", "y,star,2020-01-01", "x,other,2020-01-01"]
    late = ["x,other,2020-02-01", "z,other,2020-02-01", "z,star,2020-02-01", "z,new,2020-02-01"]
    file.write_text("source,target,time\n" + "\n".join(early + late) + "\n")
    words = ("dismantle", "--edges", file, "--split-at", "2020-01-15")
    found = run(*words, "--out", tmp_path / "curves.csv", "--json").json
    assert found["split"] is True
    assert (found["unknown"], found["residual"]) == (1, 0.25)
    orders = {row["order"]: row for row in found["orders"]}
    assert set(orders) == {"in_strength", "hindsight", "random"}
    assert orders["in_strength"]["halving"] == 2
    assert orders["hindsight"]["halving"] == 1
    assert "Ranked before 2020-01-15" in run(*words).out
    whole = run("dismantle", "--edges", file).out
    assert "an upper bound" in whole
    with (tmp_path / "curves.csv").open() as rows:
        first = [row for row in csv.DictReader(rows) if row["order"] == "in_strength"]
    assert [float(row["remaining"]) for row in first][:3] == [1, 0.75, 0.25]


@pytest.mark.parametrize(
    ("words", "code", "what"),
    [
        (["communities", "--method", "metis"], 2, "no such method"),
        (["communities", "--resolution", "0"], 2, "resolution must be > 0"),
        (["communities", "--into", "3"], 2, "only spectral makes a given number"),
        (["communities", "--consensus"], 2, "a consensus needs at least two runs"),
        (["communities", "--runs", "3", "--consensus", "--significance", "9"], 2, "no signif"),
        (["communities", "--scan", "--method", "infomap"], 2, "resolutions are scanned of methods"),
        (["communities", "--describe"], 2, "need the posts"),
        (["communities", "--every", "7d"], 2, "need the posts"),
        (["communities", "--significance", "0"], 2, "at least one"),
        (["influence", "--by", "participation"], 2, "participation needs sides"),
        (["influence", "--by", "h_index"], 2, "needs posts"),
        (["influence", "--by", "fame"], 2, "no such measure"),
        (["influence", "--audience"], 2, "an audience needs sides"),
        (["influence", "--every", "7d"], 2, "--every 7d"),
        (["influence", "--actors", "public_actor"], 2, "--actors public_actor"),
        (["influence", "--top-set", "0"], 2, "k"),
        (["influence", "--split", "fame"], 2, "no such method"),
        (["maximise", "--k", "0"], 2, "k"),
        (["maximise", "--k", "13"], 2, "13"),
        (["maximise", "--probability", "2"], 2, "probability"),
        (["maximise", "--model", "gossip"], 2, "no such"),
        (["dismantle", "--by", "h_index"], 2, "needs more than the graph"),
        (["dismantle", "--split-at", "soon"], 2, "is not a time"),
        (["dismantle", "--until", "2020-01-02", "--split-at", "2020-02-01"], 2, "inside the wi"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(run, edges, words, code, what):
    check(run(*words, "--edges", edges, "--json"), code, what)


def test_an_empty_graph_is_refused_by_each(run, tmp_path):
    file = tmp_path / "empty.csv"
    file.write_text("source,target\na,a\n")
    for words in (["communities"], ["maximise", "--k", 1], ["dismantle"]):
        ran = run(*words, "--edges", file, "--json")
        assert ran.code == 1, words
        assert json.loads(ran.err.strip().splitlines()[-1])["error"]["what"]


def test_listings_say_how_many_more_there_are(capsys):
    listing("Numbers", [{"n": i} for i in range(25)])
    assert "and 5 more, which --json lists" in capsys.readouterr().out
    listing("Numbers", [])
    assert capsys.readouterr().out == "Numbers: none\n"
