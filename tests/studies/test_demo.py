"""The demo: the same bytes twice, nobody named, and numbers that a plain count confirms."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter

import matplotlib.pyplot as plt
import pyarrow.parquet as pq
import pytest

from tests.corpora import ROOT, crisis, crisis_names
from tests.studies.test_page import Read, assert_self_contained
from workbench.engine import session, views
from workbench.errors import InputError
from workbench.privacy import read_public_actors
from workbench.provenance import canonical_json, sha256_file, versions
from workbench.studies import demo

CRISIS = ROOT / "datasets" / "crisis_small"
PUBLIC = read_public_actors(CRISIS / "truth" / "public_actors.csv")
TABLES = ("edges.csv", "edges.nodes.csv", "influence.csv", "polarisation.csv")


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Run the demo into two folders, the second of which held an earlier, other demo."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "two" / "study").mkdir(parents=True)
    (folder / "two" / "study" / "left.txt").write_text("of an earlier demo")
    (folder / "two" / "index.html").write_text("of an earlier demo")
    (folder / "two" / "manifest.json").write_text(canonical_json({"made_by": "workbench demo"}))
    made = demo.run(folder / "one"), demo.run(folder / "two")
    plt.close("all")
    return made


@pytest.fixture(scope="module")
def page(twice):
    """Return the text of the page."""
    return (twice[0].out / "index.html").read_text("utf-8")


def files(folder):
    """Return the files of a demo but for the manifest, the database and the times of loading."""
    found = {str(f.relative_to(folder)): f for f in sorted(folder.rglob("*")) if f.is_file()}
    return {
        name: file
        for name, file in found.items()
        if name != "manifest.json"
        and not name.startswith(("study/graph/", "study/corpus/sources/"))
    }


def rows(file):
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def retweets():
    """Return (retweeter, author) → acts, counted post by post."""
    with session(crisis()) as opened:
        acts = opened.collect(views.interactions(opened)).to_pylist()
    return Counter(
        (act["actor_id"], act["target_id"])
        for act in acts
        if act["kind"] == "share" and act["target_id"]
    )


def test_two_runs_give_the_same_bytes(twice):
    one, two = (files(made.out) for made in twice)
    assert one.keys() == two.keys()
    assert {"index.html", *TABLES} < one.keys()
    assert [name for name in one if one[name].read_bytes() != two[name].read_bytes()] == []
    assert twice[0].findings == twice[1].findings


def test_the_record_of_the_sources_differs_in_the_time_of_loading_only(twice):
    def records(made):
        return [
            {name: value for name, value in row.items() if name != "loaded_at"}
            for file in sorted((made.out / "study" / "corpus" / "sources").glob("*.parquet"))
            for row in pq.read_table(file).to_pylist()
        ]

    assert records(twice[0])
    assert records(twice[0]) == records(twice[1])


def test_manifests_differ_in_time_and_memory_only(twice):
    one, two = (json.loads((made.out / "manifest.json").read_text("utf-8")) for made in twice)
    for manifest, made in zip((one, two), twice, strict=True):
        assert manifest == made.manifest
        assert manifest.pop("timings").keys() >= {"load", "push", "communities", "page"}
        manifest.pop("peak_mb")
    assert one == two


def test_the_manifest_lists_inputs_parameters_seed_and_outputs(twice):
    made = twice[0]
    manifest = made.manifest
    posts = sorted((CRISIS / "posts").glob("*.gz"))
    assert manifest["inputs"] == {file.name: sha256_file(file) for file in posts}
    assert manifest["parameters"] == {"posts": None, "seed": 1815, "runs": 20, "bootstrap": 200}
    assert manifest["outputs"] == {
        name: sha256_file(made.out / name) for name in (*TABLES, "index.html")
    }
    assert manifest["dataset"] == "crisis_small"
    assert manifest["fingerprints"]["corpus"] == crisis().fingerprint
    assert manifest["fingerprints"].keys() == {"corpus", "retweet", "quote", "reply", "mention"}
    assert manifest["versions"] == versions()
    text = (made.out / "manifest.json").read_text("utf-8")
    assert text == canonical_json(manifest)
    assert str(made.out) not in text


def test_an_earlier_demo_is_replaced(twice):
    out = twice[1].out
    assert not (out / "study" / "left.txt").exists()
    assert "earlier" not in (out / "index.html").read_text("utf-8")


def test_the_page_names_nobody(page):
    names = crisis_names()
    assert len(names) > 5000, "the crisis has thousands of ids and handles"
    told = page.casefold()
    assert [name for name in names if name in told] == []


def test_tables_name_public_actors_only(twice):
    public = {account.rpartition(":")[2] for account in PUBLIC.ids}
    for name in TABLES:
        text = (twice[0].out / name).read_text("utf-8").casefold()
        assert {known for known in crisis_names() if known in text} <= public, name
    accounts = {row["account"] for row in rows(twice[0].out / "edges.nodes.csv")}
    assert accounts & PUBLIC.ids
    assert all(a in PUBLIC.ids or a.startswith("twitter:p1_") for a in accounts)


def test_public_actors_are_named_on_the_page_and_others_have_pseudonyms(twice, page):
    ranked = [row["account"] for row in rows(twice[0].out / "influence.csv")]
    cells = Read(page).said("td")
    for account in ranked:
        shown = PUBLIC.names.get(account) or account.rpartition(":")[2][:9]
        assert shown in cells, account
    assert any(account in PUBLIC.ids for account in ranked)


def test_the_page_is_self_contained(page):
    assert_self_contained(page)
    read = Read(page)
    assert read.of("html") == [{"lang": "en"}]
    assert read.of("link") == read.of("script") == []
    assert not re.search(r"https?://", page)
    pictures = read.of("img")
    assert len(pictures) == 3
    assert all(len(picture["alt"]) > 20 for picture in pictures)
    assert len({picture["src"] for picture in pictures}) == 3
    captions = [said for said in read.said("figcaption") if said.strip()]
    assert len(captions) == 3
    assert "seed 1815" in captions[1]
    assert "seed 1815" in read.said("footer")[0]
    assert crisis().fingerprint[:16] in read.said("footer")[0]


def test_edges_equal_the_loop_over_the_shares(twice):
    written = rows(twice[0].out / "edges.csv")
    counted = retweets()
    assert sorted(int(row["weight"]) for row in written) == sorted(counted.values())
    upon = Counter()
    for row in written:
        if row["source"] != row["target"]:
            upon[row["target"]] += int(row["weight"])
    expected = Counter()
    for (source, target), weight in counted.items():
        if source != target:
            expected[target] += weight
    assert {a: n for a, n in upon.items() if a in PUBLIC.ids} == {
        a: n for a, n in expected.items() if a in PUBLIC.ids
    }
    ranking = rows(twice[0].out / "influence.csv")
    assert len(ranking) == 10
    assert [float(row["in_strength"]) for row in ranking] == [
        n for _, n in expected.most_common(10)
    ]


def test_findings_are_on_the_page_and_equal_the_count(twice, page):
    findings = twice[0].findings
    read = Read(page)
    assert read.said("li") == findings
    with session(crisis()) as opened:
        posts = opened.collect(views.posts(opened)).to_pylist()
    primary = [post for post in posts if post["seen_as"] == "primary"]
    authors = {post["author_id"] for post in primary}
    assert findings[0].startswith(f"{len(primary):,} posts by {len(authors):,} accounts,")
    most = rows(twice[0].out / "influence.csv")[0]
    assert f"{float(most['in_strength']):,.0f} acts" in findings[3]


def test_acts_are_whole_numbers_on_the_page(page):
    counted = retweets()
    loops = sum(weight for (source, target), weight in counted.items() if source == target)
    cells = Read(page).said("td")
    first = cells[: cells.index("quote")]
    accounts = {account for pair in counted for account in pair}
    assert first == [
        "retweet", f"{len(accounts):,}", f"{len(counted):,}", f"{sum(counted.values()):,}",
        f"{loops:,}",
    ]  # fmt: skip


# -- where it is written ---------------------------------------------------------------------


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(InputError, match="this folder holds something else"):
        demo.run(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "manifest", [(CRISIS / "manifest.json").read_bytes(), b"[]", b"{", b"\xff\xfe"]
)
def test_a_manifest_of_something_else_makes_no_demo(tmp_path, manifest):
    (tmp_path / "manifest.json").write_bytes(manifest)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "study.toml").write_text("precious")
    with pytest.raises(InputError, match="this folder holds something else"):
        demo.run(tmp_path)
    assert (tmp_path / "manifest.json").read_bytes() == manifest
    assert (tmp_path / "study" / "study.toml").read_text() == "precious"


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("precious")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="cannot write here"):
            demo.run(out)
    assert (tmp_path / "file").read_text() == "precious"
