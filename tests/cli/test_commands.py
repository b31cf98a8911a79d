"""Every command through the front door, with the JSON that is promised."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import CRISIS
from tests.cli.test_errors import GOOD
from tests.loaders.making import snapshot
from workbench.loaders.source import BOM

RING = "source,target,weight\n" + "\n".join(
    [f"a{i},a{(i + 1) % 6},2" for i in range(6)]
    + [f"a{i},a{(i + 2) % 6},1" for i in range(6)]
    + [f"b{i},b{(i + 1) % 6},2" for i in range(6)]
    + [f"b{i},b{(i + 2) % 6},1" for i in range(6)]
    + ["a0,b0,1"]
)


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


def table(file):
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


def truth(name):
    return table(CRISIS / "truth" / f"{name}.csv")


def test_load_reports_and_a_second_load_changes_no_byte(run, tmp_path):
    words = ("load", CRISIS / "posts", "--study", tmp_path / "s", "--json")
    first = run(*words)
    assert first.code == 0
    keys = {
        "records_read", "ok", "rejected", "duplicates", "posts", "accounts", "authors",
        "interactions", "origins", "resolved_by", "unresolved", "formats", "refused", "seconds",
        "peak_mb",
    }  # fmt: skip
    assert keys <= set(first.json)
    assert first.json["posts"] == 5600
    assert set(first.json["interactions"]) == {"share", "quote", "reply", "mention"}
    corpus = tmp_path / "s" / "corpus"
    before = {f: f.read_bytes() for f in corpus.rglob("*") if f.is_file()}
    second = run(*words)
    assert second.code == 0
    assert second.json["duplicates"] == second.json["records_read"] == first.json["records_read"]
    assert second.json["ok"] == 0
    assert {f: f.read_bytes() for f in corpus.rglob("*") if f.is_file()} == before
    assert "records read" in run(*words[:-1]).out


def test_dry_run_writes_nothing_and_strict_stops(run, tmp_path):
    file = tmp_path / "x.jsonl"
    file.write_text('{"data": [{"id": "1", "author_id": "2", "text": "x"}]}\n{"broken\n')
    dry = run("load", file, "--study", tmp_path / "s", "--dry-run", "--json")
    assert (dry.code, dry.json["ok"], dry.json["rejected"]) == (0, 1, 1)
    assert not (tmp_path / "s").exists()
    strict = run("load", file, "--study", tmp_path / "s", "--strict", "--json")
    assert strict.code == 3
    assert strict.out == ""
    assert ":2" in strict.error["where"]


@pytest.mark.parametrize("more", [["--strict"], ["--strict", "--privacy", "pseudonymous"], []])
def test_a_load_that_fails_leaves_nothing_behind(run, tmp_path, more):
    (tmp_path / "x.jsonl").write_bytes(GOOD + b'{"broken\n' if more else b"no format\n" * 3)
    folder, keys = tmp_path / "new" / "s", Path(os.environ["WORKBENCH_KEYS"])
    words = ("load", tmp_path / "x.jsonl", "--study", folder, *more)
    assert run(*words).code == 3
    assert not (tmp_path / "new").exists()
    assert not list(keys.iterdir())
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("mine")
    assert run(*words).code == 3
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]
    (tmp_path / "good.jsonl").write_bytes(GOOD)
    assert run("load", tmp_path / "good.jsonl", "--study", folder, *more).code == 0
    before = snapshot(folder)
    assert run(*words).code == 3
    assert snapshot(folder) == before


def test_a_load_that_fails_keeps_the_files_that_it_has_loaded(run, tmp_path):
    (tmp_path / "a.csv").write_text(RING)
    (tmp_path / "b.jsonl").write_bytes(GOOD)
    words = ("load", tmp_path / "a.csv", tmp_path / "b.jsonl", "--format", "edge_list")
    assert run(*words, "--study", tmp_path / "s").code == 3
    assert run("graph", "retweet", "--study", tmp_path / "s", "--json").json["edges"] == 25


def test_graphs_equal_the_planted_truth_from_corpus_and_store(run, study):
    expected = {row["kind"]: row for row in truth("graphs")}
    for kind in ("retweet", "quote", "reply", "mention"):
        found = run("graph", kind, "--study", study, "--json").json
        stored = run("graph", kind, "--store", study / "graph", "--json").json
        assert found["fingerprint"] == stored["fingerprint"]
        for key in ("nodes", "edges", "weight", "self_loops", "self_loop_weight"):
            assert found[key] == float(expected[kind][key]), (kind, key)
        assert set(found) == {
            "kind", "nodes", "edges", "weight", "self_loops", "self_loop_weight", "first", "last",
            "fingerprint", "choices",
        }  # fmt: skip
    assert run("graph", "share", "--study", study, "--json").json["kind"] == "retweet"
    every = run("graph", "mention", "--study", study, "--origin", "all", "--json").json
    assert every["edges"] == int(expected["mention_all"]["edges"])


def test_graph_filters_and_exports(run, study, tmp_path):
    words = ["--since", "2031-03-08", "--until", "2031-03-10", "--lang", "fr", "--min-weight", 1]
    found = run("graph", "retweet", "--study", study, *words, "--largest-component", "--json").json
    assert found["first"] >= "2031-03-08T00:00:00.000Z"
    assert found["last"] < "2031-03-10T00:00:00.000Z"
    assert found["choices"]["lang"] == "fr"
    for suffix in ("csv", "parquet", "graphml", "gexf"):
        out = tmp_path / f"g.{suffix}"
        assert run("graph", "retweet", "--study", study, "--out", out).code == 0
        assert out.stat().st_size > 1000
    labels = [row["label"] for row in table(tmp_path / "g.nodes.csv")]
    assert any(label.startswith("p1_") for label in labels)
    assert not any(label.endswith("_sim") for label in labels)


def test_an_edge_file_of_a_graph_without_direction_names_each_pair_once(run, study, tmp_path):
    out = tmp_path / "pairs.csv"
    built = run("graph", "co_share", "--study", study, "--out", out, "--json").json
    found = run("graph", "co_share", "--edges", out, "--json").json
    for key in ("nodes", "edges", "weight", "fingerprint"):
        assert found[key] == built[key], key
    out.write_text("a,b,2\nb,a,1\nb,c,1\nc,c,4\n")
    found = run("graph", "co_url", "--edges", out, "--json").json
    assert (found["edges"], found["weight"], found["self_loop_weight"]) == (3, 8, 4)


def test_times_are_of_the_edges_that_are_left(run, tmp_path):
    file = tmp_path / "e.csv"
    file.write_text("a,b,2,2020-01-02\nb,c,1,2020-01-03\nx,y,5,2019-01-01\nc,a,1,2021-01-01\n")
    words = ("graph", "retweet", "--edges", file, "--json")
    component = run(*words, "--largest-component").json
    assert component["first"] == "2020-01-02T00:00:00.000Z"
    assert component["last"] == "2021-01-01T00:00:00.000Z"
    assert run(*words, "--min-weight", 2).json["last"] == "2020-01-02T00:00:00.000Z"


def test_describe_and_evidence(run, study):
    about = run("describe", "--study", study, "--json").json
    assert {"posts", "authors", "first", "last", "kinds", "languages", "per_day", "top"} <= set(
        about
    )
    assert sum(day["posts"] for day in about["per_day"]) == about["posts"] == 5600
    assert sum(about["kinds"].values()) == 5600
    assert set(about["top"]) == {"accounts", "hashtags", "domains"}
    row = run("cypher", "--name", "evidence/posts_of_edge", "--study", study, "--json").json[0]
    pair = (row["source"].partition(":")[2], row["target"])
    found = run("evidence", "--study", study, "--edge", *pair, "--limit", 2, "--json").json
    assert len(found["posts"]) == 2
    assert found["total"] > 2
    assert {"post_id", "account", "created_at", "kind", "origin", "text"} <= set(found["posts"][0])
    star = run("evidence", "--study", study, "--account", row["target"], "--json").json
    assert star["total"] >= found["total"]
    assert "Most active accounts" in run("describe", "--study", study).out


def test_evidence_opens_every_kind_of_edge_under_its_filters(run, study, tmp_path):
    for kind, more in (
        ("co_hashtag", ("--lang", "fr", "--max-accounts", 30)),
        ("account_domain", ()),
        ("hashtag_network", ("--since", "2031-03-05")),
        ("retweet", ("--hashtag", "ysmar")),
    ):
        out = tmp_path / f"{kind}.csv"
        run("graph", kind, "--study", study, *more, "--out", out, "--json")
        heaviest = max(table(out), key=lambda row: float(row["weight"]))
        words = ("evidence", "--study", study, "--kind", kind, *more)
        ends = ("--edge", heaviest["source"], heaviest["target"])
        found = run(*words, *ends, "--limit", 3, "--json").json
        assert found["total"] == float(heaviest["weight"])
        assert found["posts"][0]["target"]
        assert "shown of a weight of" in run(*words, *ends, "--limit", 3).out
    listed = tmp_path / "accounts.txt"
    listed.write_text(heaviest["source"] + "\n")
    star = (*words, "--account", heaviest["target"], "--acts", "upon", "--json")
    assert run(*star, "--accounts", listed).json["total"] < run(*star).json["total"]


def test_communities(run, edges, tmp_path):
    words = ("communities", "--edges", edges, "--seed", 7, "--runs", 3)
    found = run(*words, "--out", tmp_path / "c.csv", "--json").json
    assert (found["method"], found["communities"], found["sizes"]) == ("leiden", 2, [6, 6])
    best = found["stability"].pop("best_seed")
    assert found["stability"] == {
        "runs": 3, "ami_mean": 1, "ami_min": 1, "ambiguous": 0, "seed": 7,
    }  # fmt: skip
    assert found["seed"] == 7
    assert best != 7
    again = run("communities", "--edges", edges, "--seed", best, "--json").json
    assert (again["seed"], again["modularity"]) == (best, found["modularity"])
    rows = table(tmp_path / "c.csv")
    assert set(rows[0]) == {"account", "community"}
    assert len(rows) == 12
    assert "agree to 1.000" in run(*words).out


def test_files_of_odd_ids_are_read_back(run, tmp_path):
    (tmp_path / "e.csv").write_text("'=b,'c\n''=b,'1e5\n'1234567890123456789,'=b\n")
    words = ("--edges", tmp_path / "e.csv", "--json")
    found = run("graph", "retweet", *words, "--out", tmp_path / "g.csv").json
    again = run("graph", "retweet", "--edges", tmp_path / "g.csv", "--json").json
    assert again["fingerprint"] == found["fingerprint"]
    run("communities", *words, "--out", tmp_path / "s.csv")
    words += ("--sides", tmp_path / "s.csv", "--null", "none", "--choice", "component=all")
    assert run("polarisation", *words).json["graph"]["dropped"]["unsided"] == 0
    run("load", tmp_path / "g.csv", "--study", tmp_path / "s")
    loaded = run("graph", "retweet", "--study", tmp_path / "s", "--json").json
    assert loaded["fingerprint"] == found["fingerprint"]


def test_polarisation_with_given_and_found_sides(run, edges, sides):
    words = ("polarisation", "--edges", edges, "--seed", 1, "--choice", "k=1")
    given = run(*words, "--sides", sides, "--json").json
    assert given["sides"]["origin"] == "given"
    assert given["null"]["kind"] == "fixed"
    by_name = {index["name"]: index for index in given["indices"]}
    assert by_name["ei_index"]["value"] == pytest.approx((1 - 24) / 25)
    assert by_name["random_walk_controversy"]["choices"]["k"] == 1
    assert set(by_name["ei_index"]) >= {
        "name", "value", "null_mean", "null_sd", "denoised", "z", "p", "low", "high", "choices",
    }  # fmt: skip
    found = run(*words[:-2], "--split", "leiden", "--measure", "modularity", "--json").json
    assert found["null"]["kind"] == "repartitioned"
    assert [index["name"] for index in found["indices"]] == ["modularity"]
    fraction = run(*words[:-2], "--sides", sides, "--choice", "k=0.5", "--null", "none", "--json")
    walk = next(i for i in fraction.json["indices"] if i["name"] == "random_walk_controversy")
    assert walk["choices"]["k"] == 0.5
    own = ("--choice", "ei_index.weights=weighted", "--null", "none")
    for how in (("--sides", sides), ("--split", "leiden")):
        values = {v["name"]: v for v in run(*words, *how, *own, "--json").json["indices"]}
        assert values["ei_index"]["value"] == pytest.approx((1 - 36) / 37)
        assert values["modularity"]["choices"]["weights"] == "unweighted"
    assert "same degrees" in run(*words, "--sides", sides).out


def test_a_run_of_another_graph_is_not_asked_of_all_retweets(run, study, tmp_path):
    store = tmp_path / "graph"
    assert run("store", "push", "--study", study, "--to", store).code == 0
    asked = ("polarisation", "--study", study, "--split", "leiden", "--measure", "modularity")
    asked += ("--seed", 3, "--null", "none", "--annotate", "--to", store, "--json")
    twin = ("cypher", "--name", "polarisation/mixing_family_of_sides", "--store", store, "--json")
    whole = run(*asked).json
    [row] = run(*twin).json
    assert row["run"] == whole["run"]
    # Sides that were found are of the largest component, and so are all edges between them.
    assert row["modularity"] == pytest.approx(whole["indices"][0]["value"], abs=1e-9)
    for part in (("--kind", "reply"), ("--since", "2031-03-10"), ("--min-weight", 2)):
        other = run(*asked, *part).json
        assert run(*twin, "--param", f"run={other['run']}").json == []
        assert run(*twin).json == [row]


SPLIT_HALF = ("--split", "leiden", "--split-half")


def test_polarisation_tells_what_its_values_hang_on(run, edges, sides, tmp_path):
    words = ("polarisation", "--edges", edges, "--seed", 1, "--runs", 2, "--measure", "ei_index")
    (tmp_path / "out.txt").write_text("a0\nnobody\n")
    chosen = ("--sides", sides, "--choice", "component=all")
    more = ("--interval", "bootstrap", "--leave-out", tmp_path / "out.txt")
    found = run(*words, *chosen, *more, "--bubbles", tmp_path / "b.csv", "--json").json
    index = found["indices"][0]
    assert index["low"] < index["value"] < index["high"]
    assert index["choices"]["interval"] == "bootstrap"
    left = found["without_listed"]
    assert (left["left_out"], left["not_in_graph"]) == (1, 1)
    assert left["indices"][0]["without"] != index["value"]
    assert found["sensitivity"]["left_out"] == 1
    assert len(found["asymmetry"]) == 2
    header, *rows = (tmp_path / "b.csv").read_text().splitlines()
    assert header.startswith("account,side,")
    assert len(rows) == found["bubbles"]["accounts"]
    again = run(*words, *chosen, "--processes", 2, "--json").json
    assert again["indices"][0]["null_mean"] == index["null_mean"]
    half = run(*words, *SPLIT_HALF, "--json").json
    assert half["sides"]["found_in"] == "other half"
    assert half["null"]["kind"] == "fixed"
    assert half["sides"]["pairs_in_both"] == 0
    assert "Sides found in the other half (leiden" in run(*words, *SPLIT_HALF).out
    told = run(*words, "--split", "leiden")
    assert "without_top" in told.out
    assert "found in this graph" in told.err


def test_a_drawn_seed_is_the_only_one_and_makes_the_run_again(run, edges, sides):
    words = ("polarisation", "--edges", edges, "--measure", "ei_index", "--runs", 3)
    for more in (("--split", "leiden"), ("--split", "louvain", "--split-half")):
        first = run(*words, *more, "--json").json
        seed = first["null"]["seed"]
        again = run(*words, *more, "--seed", seed, "--json").json
        assert {**again, "seconds": 0} == {**first, "seconds": 0}
    assert run(*words, "--split", "leiden", "--json").json["sides"]["seed"] != seed
    found = run(*words, "--split", "leiden", "--seed", seed, "--json").json
    assert found["sides"]["seed"] == found["null"]["seed"] == seed
    for null in ("none", "fixed"):
        assert "Seed 5\n" in run(*words, "--sides", sides, "--null", null, "--seed", 5).out


def test_p_is_said_to_be_adjusted(run, edges, sides):
    words = ("polarisation", "--edges", edges, "--sides", sides, "--runs", 199, "--seed", 1)
    several = ("--measure", "ei_index", "--measure", "modularity")
    assert "p is adjusted for looking at 2 indices (Holm)." in run(*words, *several).out
    assert "adjusted" not in run(*words, "--measure", "ei_index").out
    every = run(*words, "--choice", "k=2")
    assert "null graphs cannot show less than" in every.err


def test_polarisation_says_of_which_acts_its_share_is(run, edges, sides):
    words = ("polarisation", "--edges", edges, "--sides", sides, "--measure", "ei_index",
             "--null", "none", "--words", "en")  # fmt: skip
    whole = run(*words).out
    assert "100.0% of the acts of this graph; dropped" in whole
    assert "passed the filters" not in whole
    heavy = run(*words, "--min-weight", 2, "--largest-component")
    assert (
        "100.0% of the acts of this graph (acts that passed the filters: min_weight 2, "
        "largest_component); dropped"
    ) in " ".join(heavy.out.split())
    assert "(edges of weight 2 or more and the largest connected part)" in heavy.out


def test_the_split_of_a_ranking_is_told_with_its_seed(run, edges):
    words = ("influence", "--edges", edges, "--by", "participation", "--split", "leiden", "--json")
    first = run(*words).json
    assert first["sides"]["origin"] == "found"
    assert first["sides"]["method"] == "leiden"
    assert len(first["sides"]["sizes"]) == first["sides"]["k"]
    again = run(*words, "--seed", first["sides"]["seed"]).json
    assert {**again, "seconds": 0} == {**first, "seconds": 0}


def test_influence(run, edges, study):
    found = run("influence", "--edges", edges, "--by", "in_strength,pagerank", "--top", 2, "--json")
    assert next(row["account"] for row in found.json["accounts"]) == "b0"
    ranked = run(
        "influence", "--study", study, "--bootstrap", 20, "--seed", 1, "--top", 3, "--json"
    )
    assert all(r["rank_low"] <= r["rank_high"] for r in ranked.json["accounts"])


def test_windows_have_the_filters_of_the_ranking(run, study, tmp_path):
    words = ("influence", "--study", study, "--top", 1, "--json")
    star = run(*words).json["accounts"][0]["account"]
    only = tmp_path / "only.txt"
    only.write_text(star)
    told = run(*words, "--accounts", only, "--every", "7d").json
    assert {row["account"] for row in told["turnover"]["moves"]} == {star}


def test_every_result_names_the_filters_of_its_graph(run, edges, sides):
    words = ("--edges", edges, "--min-weight", 2, "--seed", 1, "--json")
    results = [
        run("graph", "retweet", *words[:4], "--json").json,
        run("communities", *words).json["graph"],
        run("polarisation", "--sides", sides, "--choice", "component=all", *words).json["graph"],
        run("influence", *words).json["graph"],
    ]
    assert [result["choices"] for result in results] == [{"min_weight": 2, "directed": True}] * 4
    assert len({result["fingerprint"] for result in results}) == 1


def test_results_are_written_back_and_removed(run, tmp_path):
    folder = tmp_path / "s"
    run("load", CRISIS / "posts" / "0001.jsonl.gz", "--study", folder)
    run("store", "push", "--study", folder)
    words = ("communities", "--study", folder, "--seed", 1, "--annotate", "--json")
    first = run(*words).json["run"]
    second = run("influence", "--study", folder, "--annotate", "--json").json["run"]
    listed = run("store", "runs", "--study", folder, "--json").json
    assert [row["run_id"] for row in listed] == [first, second]
    assert run("store", "drop-run", first, "--study", folder, "--json").json["run"] == first
    counts = run("store", "counts", "--study", folder, "--json").json
    assert counts["nodes"]["Run"] == 1
    assert counts["relationships"]["ASSIGNED"] == 0
    pushed = run("store", "push", "--study", folder, "--json").json
    assert pushed["nodes"]["Run"] == 1
    assert {"uri", "nodes", "relationships", "seconds"} <= set(pushed)


def test_cypher(run, study, tmp_path):
    text = "MATCH (a:Account) RETURN a.account_id AS id ORDER BY id LIMIT 2"
    rows = run("cypher", text, "--study", study, "--json").json
    assert len(rows) == 2
    file = tmp_path / "q.cypher"
    file.write_text("MATCH (p:Post) WHERE p.lang = $lang RETURN count(*) AS n")
    words = ("cypher", file, "--param", "lang=fr", "--study", study, "--format", "csv")
    found = run(*words)
    assert found.out.splitlines()[0] == "n"
    file.write_bytes(BOM + file.read_bytes())
    assert run(*words).out == found.out
    file.write_bytes(BOM + b"CALL x")
    assert "(line 1, column 1)" in run(*words).err
    listed = run("cypher", "list", "--json").json
    assert listed["ok"]
    rows = {row["name"]: row for row in listed["rows"]}
    assert len(rows) >= 27
    edge = rows["evidence/posts_of_edge"]
    assert edge["parameters"] == {"source": "", "target": "", "limit": 50}
    assert edge["units"]["source"] == "account id"
    assert edge["portability"] == "both"
    shown = run("cypher", "list").out
    assert all(name in shown for name in rows)
    assert "limit=50" in shown
    (other, *_) = [row for row in listed["not_in_cypher"] if "co_url" in row["name"]]
    assert f"{other['name']}: " in shown
    refused = run("cypher", "--name", other["name"], "--study", study, "--json")
    assert (refused.code, refused.error["remedy"]) == (2, f"use: {other['instead']}")
    cut = run("cypher", "MATCH (p:Post) RETURN p.post_id AS id", "--study", study)
    assert "cut at 1,000 rows" in cut.err
    whole = run("cypher", "MATCH (p:Post) RETURN p.post_id AS id", "--study", study, "--json")
    assert len(whole.json) > 5000


def test_sources_and_merge(run, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    run("load", CRISIS / "posts" / "0001.jsonl.gz", "--study", one)
    run("load", CRISIS / "posts", "--study", two)
    into = tmp_path / "both"
    merged = run("merge", "--study", one, "--study", two, "--into", into, "--json").json
    assert merged["sources"] == 4
    assert merged["posts"] == 5600
    whole = run("graph", "retweet", "--study", two, "--json").json["fingerprint"]
    assert run("graph", "retweet", "--study", into, "--json").json["fingerprint"] == whole
    listed = run("sources", "list", "--study", two, "--json").json["rows"]
    name = next(row["source_id"] for row in listed if row["path"].endswith("0001.jsonl.gz"))
    assert run("sources", "drop", name[:10], "--study", two, "--json").json["sources"] == 3
    run("load", CRISIS / "posts", "--study", two)
    assert run("graph", "retweet", "--study", two, "--json").json["fingerprint"] == whole


def test_synthetic_datasets_inspect_doctor_version(run, tmp_path):
    made = run("synthetic", "make", "--posts", 1000, "--seed", 5, "--out", tmp_path / "c", "--json")
    assert made.json["ok"]
    assert (tmp_path / "c" / "manifest.json").exists()
    looked = run("inspect", tmp_path / "c" / "posts", "--json").json
    assert looked["rows"][0]["format"] == "twitter_v2"
    assert run("datasets", "list", "--json").json["rows"][0]["name"] == "crisis_small"
    assert run("datasets", "verify", "--json").json["ok"]
    doctor = run("doctor", "--json")
    assert doctor.code == 0
    assert {"check", "found", "ok", "remedy"} <= set(doctor.json["rows"][0])
    assert run("--version").out.strip() == "0.1.0"


def test_pseudonymous_load_names_public_actors_only(run, tmp_path):
    folder = tmp_path / "s"
    words = ("load", CRISIS / "posts" / "0001.jsonl.gz", "--study", folder, "--json")
    raw = run("load", CRISIS / "posts" / "0001.jsonl.gz", "--study", tmp_path / "raw", "--json")
    found = run(*words, "--privacy", "pseudonymous")
    assert found.json["interactions"] == raw.json["interactions"]
    accounts = [row["account_id"] for row in truth("accounts")]
    run("store", "push", "--study", folder)
    query = "MATCH (a:Account) RETURN a.account_id AS id"
    stored = run("cypher", query, "--study", folder, "--json").out
    assert not any(account in stored for account in accounts)
    other = run(*words, "--privacy", "raw")
    assert other.code == 2
    assert "another privacy mode" in other.error["what"]


def test_json_numbers_are_numbers():
    from workbench.cli.output import plain

    content = plain({"a": float("nan"), "b": 3.0, "c": [0.5, None], "d": "1"})
    assert json.dumps(content) == '{"a": null, "b": 3, "c": [0.5, null], "d": "1"}'


def test_what_a_store_holds_comes_back_as_a_study(run, study, tmp_path):
    back = tmp_path / "back"
    told = run("store", "pull", "--from", study / "graph", "--study", back, "--json").json
    pushed = run("store", "counts", "--study", study, "--json").json
    assert told["nodes"] == pushed["nodes"]
    assert set(told["not_restored"].values()) == {0}
    assert told["tables"]["posts"] == pushed["nodes"]["Post"] > 0
    for kind in ("retweet", "mention", "co_hashtag", "co_url"):
        graphs = [run("graph", kind, "--study", s, "--json").json for s in (study, back)]
        assert graphs[0]["fingerprint"] == graphs[1]["fingerprint"]
    again = run("store", "pull", "--from", study / "graph", "--study", back, "--json")
    assert again.code == 2
    assert "has a corpus already" in again.error["what"]
    shown = run("store", "pull", "--from", study / "graph", "--study", tmp_path / "table").out
    assert "attachments" in shown


def test_polarisation_calls_nodes_that_are_no_accounts_by_their_name(run, tmp_path):
    file = tmp_path / "uses.csv"
    rows = [("a", "x"), ("b", "x"), ("c", "y"), ("d", "y"), ("b", "y"), ("c", "x"), ("e", "y")]
    file.write_text("source,target\n" + "".join(f"{a},{h}\n" for a, h in rows))
    words = ("polarisation", "--edges", file, "--kind", "account_hashtag", "--split", "leiden",
             "--measure", "ei_index", "--runs", 5, "--seed", 1)  # fmt: skip
    text = run(*words).out
    assert "7 accounts and hashtags and 7 edges" in " ".join(text.split())
    assert "0 accounts and hashtags without a side" in " ".join(text.split())
    file.write_text("source,target\n" + "".join(f"{a},{h}\n" for a, h in [*rows, ("x", "a")]))
    failed = run(*words, "--json")
    assert failed.code == 2
    assert "keep accounts apart from what they used" in failed.error["what"]
