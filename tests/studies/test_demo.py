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
from tests.studies.test_page import Read
from workbench.engine import session, views
from workbench.errors import ClaimError, InputError
from workbench.privacy import read_public_actors
from workbench.provenance import canonical_json
from workbench.studies import demo
from workbench.studies.manifest import Manifest, verify

CRISIS = ROOT / "datasets" / "crisis_small"
PUBLIC = read_public_actors(CRISIS / "truth" / "public_actors.csv")
#: One process runs the demo for all of them.
pytestmark = pytest.mark.xdist_group("demo")
REPORTS = ("index.html", "index.fr.html", "paper.pdf", "paper.fr.pdf")


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Run the demo into two folders, the second of which held an earlier, other demo."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "two" / "study").mkdir(parents=True)
    (folder / "two" / "study" / "left.txt").write_text("of an earlier demo")
    (folder / "two" / "index.html").write_text("of an earlier demo")
    earlier = Manifest.of(demo.MADE_BY).write(folder / "two", outputs=["index.html"])
    assert earlier.outputs
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(demo, "NULLS", 5)  # the demo has as many as p needs, which take longer
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
    assert {*REPORTS, "results.json", "figures/network.svg", "tables/indices.csv"} < one.keys()
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
    one, two = (Manifest.read(made.out) for made in twice)
    assert one.lasting() == two.lasting()
    assert one.timings.keys() >= {"load", "push", "compute", "figures", "pdf", "scan"}
    assert json.loads((twice[0].out / "manifest.json").read_text("utf-8")) == twice[0].manifest
    assert verify(twice[0].out) == {}
    assert one.commands == ("workbench demo --out $OUT --seed 1815",)
    assert one.fingerprints["corpus"] == crisis().fingerprint
    assert one.fingerprints.keys() == {"corpus", "retweet", "quote", "reply", "mention"}
    assert str(twice[0].out) not in (twice[0].out / "manifest.json").read_text("utf-8")


def test_an_earlier_demo_is_replaced(twice):
    out = twice[1].out
    assert not (out / "study" / "left.txt").exists()
    assert "earlier" not in (out / "index.html").read_text("utf-8")


def test_no_output_names_anybody_who_is_not_public(twice):
    names = crisis_names()
    assert len(names) > 5000, "the crisis has thousands of ids and handles"
    public = {one.rpartition(":")[2] for one in PUBLIC.ids} | PUBLIC.handles
    for name, file in files(twice[0].out).items():
        if name.startswith("study/") or file.suffix in {".pdf", ".png"}:
            continue
        told = file.read_text("utf-8").casefold()
        words = set(re.findall(r"\w+", told)) | set(re.findall(r"\d{19}", told))
        assert names & words <= public, name


def test_no_paper_names_anybody_who_is_not_public(twice):
    from pypdf import PdfReader

    public = {one.rpartition(":")[2] for one in PUBLIC.ids} | PUBLIC.handles
    for name in ("paper.pdf", "paper.fr.pdf"):
        pages = [page.extract_text() for page in PdfReader(twice[0].out / name).pages]
        assert len(pages) > 4
        told = "".join(pages).casefold()
        assert "velmora" in told
        assert {known for known in crisis_names() if known in told} <= public


def test_texts_are_of_public_actors_only(twice):
    with session(crisis()) as opened:
        posts = opened.collect(views.posts(opened)).to_pylist()
    private = {p["text"] for p in posts if p["author_id"] not in PUBLIC.ids and p["text"]}
    public = {p["text"] for p in posts if p["author_id"] in PUBLIC.ids and p["text"]}
    long = {text for text in private - public if len(text) > 40}
    assert len(long) > 100
    for name in ("index.html", "index.fr.html", "tables/posts.csv", "results.json"):
        told = (twice[0].out / name).read_text("utf-8")
        assert [text for text in long if text in told] == [], name
    assert len(rows(twice[0].out / "tables" / "posts.csv")) == 5


def test_public_actors_are_named_and_others_have_pseudonyms(twice):
    ranked = rows(twice[0].out / "tables" / "amplified.csv")
    assert len(ranked) == 10
    for row in ranked:
        named = row["account"] in PUBLIC.names.values()
        assert named == (row["public_actor"] == "True")
        assert named or re.fullmatch(r"p1_[a-z2-7]{6}", row["account"])
    assert {row["public_actor"] for row in ranked} == {"True", "False"}


def test_the_page_speaks_its_language_and_asks_for_nothing_outside(twice, page):
    read = Read(page)
    assert read.of("html") == [{"lang": "en"}]
    assert all(len(picture["alt"]) > 20 for picture in read.of("img"))
    assert len(read.of("img")) >= 5
    assert len(read.of("iframe")) == 1, "the network to explore"
    for element, attribute in (("link", "href"), ("script", "src"), ("img", "src")):
        asked = [found.get(attribute, "") for found in read.of(element)]
        assert [address for address in asked if re.match(r"(?:https?:)?//", address)] == []
    french = (twice[0].out / "index.fr.html").read_text("utf-8")
    assert Read(french).of("html") == [{"lang": "fr"}]
    assert "Constats principaux" in french
    assert "un lien va du compte" in french.casefold(), "what an edge is"
    assert "an edge points from the account" in page.casefold()


def test_the_ranking_equals_the_loop_over_the_shares(twice):
    expected = Counter()
    for (source, target), weight in retweets().items():
        if source != target:
            expected[target] += weight
    ranking = rows(twice[0].out / "tables" / "amplified.csv")
    assert [int(row["received"]) for row in ranking] == [n for _, n in expected.most_common(10)]
    first = expected.most_common(1)[0][0]
    assert ranking[0]["account"] == PUBLIC.names[first]


def test_findings_equal_the_count(twice, page):
    findings = twice[0].findings
    told = " ".join(Read(page).said("li"))
    assert all(re.sub(r"\s+", " ", f) in re.sub(r"\s+", " ", told) for f in findings)
    with session(crisis()) as opened:
        posts = opened.collect(views.posts(opened)).to_pylist()
    primary = [post for post in posts if post["seen_as"] == "primary"]
    authors = {post["author_id"] for post in primary}
    assert f"{len(primary):,} posts by {len(authors):,} accounts" in findings[0]
    assert all(claim.holds for claim in twice[0].brief.claims)


def test_acts_are_counted_one_by_one(twice):
    counted = retweets()
    (first, *_) = rows(twice[0].out / "tables" / "graphs.csv")
    loops = sum(weight for (source, target), weight in counted.items() if source == target)
    accounts = {account for pair in counted for account in pair}
    assert [first[name] for name in ("kind", "accounts", "edges", "acts", "self_acts")] == [
        "retweets", str(len(accounts)), str(len(counted)), str(sum(counted.values())), str(loops),
    ]  # fmt: skip


def test_the_graph_database_holds_the_result(twice):
    counts = twice[0].counts
    assert counts["nodes"]["Account"] > 1000
    assert counts["relationships"]["RETWEETED"] == len(retweets())
    assert counts["relationships"]["ASSIGNED"] == twice[0].brief.world.graphs["retweet"].nodes


# -- where it is written ---------------------------------------------------------------------


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(InputError, match="this folder holds something else"):
        demo.run(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "manifest",
    [(CRISIS / "manifest.json").read_bytes(), b"[]", b"{", b"\xff\xfe",
     canonical_json({"made_by": "workbench report"}).encode()],
)  # fmt: skip
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


def test_a_demo_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise ClaimError("the claim is not true")

    monkeypatch.setattr("workbench.studies.running.run", fail)
    with pytest.raises(ClaimError):
        demo.run(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
