"""A corpus into the files of other tools: what is read back makes the same graphs."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from tests.conftest import few
from tests.corpora import corpora, corpus_of, crisis, crisis_names
from workbench import loaders
from workbench.engine import session, views
from workbench.errors import CannotBuildError, InputError, UsageError
from workbench.graphs import export_corpus, graph
from workbench.graphs.corpus_export import FORMATS
from workbench.loaders import load
from workbench.privacy import Pseudonymiser

ROOT = Path(__file__).resolve().parent.parent.parent
SUFFIX = {"gexf": ".gexf", "graphml": ".graphml", "parquet": ""}
PROJECTIONS = ("co_share", "co_url", "co_domain", "co_hashtag")


def loaded(file, **options):
    return loaders.load(file, progress=False, **options)


def table(file):
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("kind", PROJECTIONS)
def test_coortweet_makes_the_same_graph(tmp_path, kind):
    done = export_corpus(crisis(), tmp_path / "c.csv", "coortweet", kind=kind)
    back = loaded(tmp_path / "c.csv")
    assert back.report.formats == {"share_table": 1}
    assert (back.report.ok, back.report.rejected) == (done.rows["rows"], 0)
    wanted = graph(crisis(), kind)
    made = graph(back, "co_share")
    assert made.edges > 100
    assert replace(made, kind=kind).fingerprint == wanted.fingerprint
    assert made.first_ms == wanted.first_ms


@given(corpora())
@few(6)
def test_coortweet_of_any_corpus_makes_the_same_graph(tmp_path_factory, corpus):
    folder = tmp_path_factory.mktemp("c")
    for kind in ("co_share", "co_hashtag"):
        try:
            done = export_corpus(corpus, folder / "c.csv", "coortweet", kind=kind)
        except CannotBuildError:
            continue
        wanted = graph(corpus, kind)
        if not done.rows["rows"]:
            assert wanted.nodes == 0
            continue
        back = graph(loaded(folder / "c.csv"), "co_share")
        assert replace(back, kind=kind).fingerprint == wanted.fingerprint


def test_a_share_table_comes_back_as_it_was(tmp_path):
    text = (
        "object_id,account_id,content_id,timestamp_share\n"
        "o1,a,p1,1700000000\no1,b,p2,1700000001.250\no2,b,p2,1700000001.250\n"
    )
    (tmp_path / "a.csv").write_text(text)
    export_corpus(loaded(tmp_path / "a.csv"), tmp_path / "b.csv", "coortweet")
    assert (tmp_path / "b.csv").read_text() == text


def test_acts_without_a_post_are_named_by_their_place(tmp_path):
    acts = [
        {"kind": "share", "actor_id": a, "target_id": "x", "target_post_id": "p", "created_ms": 5,
         "source_id": "f" * 64, "record": n, "weight": 1.0, "origin": "authored"}
        for n, a in enumerate(["a", "b", None])
    ]  # fmt: skip
    corpus = corpus_of(interactions=acts)
    done = export_corpus(corpus, tmp_path / "c.csv", "coortweet")
    assert [row["content_id"] for row in table(tmp_path / "c.csv")] == [
        f"row:{'f' * 12}:0", f"row:{'f' * 12}:1"
    ]  # fmt: skip
    assert done.left_out == {"shares of unknown posts or accounts": 1}


def test_qut_comes_back_as_the_same_posts_and_graphs(tmp_path):
    done = export_corpus(crisis(), tmp_path / "q.csv", "qut")
    back = loaded(tmp_path / "q.csv")
    assert back.report.formats == {"share_table": 1}
    assert (back.report.rejected, back.report.duplicates) == (0, 0)
    assert back.rows("posts") == done.rows["rows"] == 5600
    for kind in ("co_share", "co_url", "co_domain"):
        assert graph(back, kind).fingerprint == graph(crisis(), kind).fingerprint
    facts = [
        {row["post_id"]: (row["author_id"], row["text"], row["created_ms"]) for row in rows}
        for rows in map(_primary, (back, crisis()))
    ]
    assert facts[0] == facts[1]


def _primary(corpus):
    with session(corpus) as engine:
        rows = engine.collect(views.posts(engine)).to_pylist()
    return [row for row in rows if row["seen_as"] == "primary"]


@pytest.mark.parametrize("name", ["gexf", "graphml"])
@pytest.mark.parametrize("kind", ["retweet", "mention"])
def test_graphs_with_times_come_back_as_the_same_graph(tmp_path, name, kind):
    file = tmp_path / f"g.{name}"
    done = export_corpus(crisis(), file, name, kind=kind)
    wanted = graph(crisis(), kind)
    assert done.rows == {"nodes": wanted.nodes, "edges": wanted.edges}
    back = loaded(file, kind={"retweet": "share"}.get(kind, kind))
    made = graph(back, kind)
    assert made.fingerprint == wanted.fingerprint
    assert made.first_ms == wanted.first_ms
    if name == "graphml":  # networkx knows no times of day in GEXF
        assert nx.read_graphml(file).number_of_edges() == wanted.edges


def test_each_edge_has_the_time_of_its_first_and_last_act(tmp_path):
    acts = [
        {"kind": "share", "actor_id": a, "target_id": b, "created_ms": ms, "weight": w,
         "origin": "authored", "source_id": "s", "record": n}
        for n, (a, b, ms, w) in enumerate(
            [("b", "aa", 2000, 1.0), ("b", "aa", 1000, 2.0), ("b", "aa", None, 1.0),
             ("aa", "b", 3500, 1.0), ("aa", "aa", None, 1.0)]
        )
    ]  # fmt: skip
    export_corpus(corpus_of(interactions=acts), tmp_path / "g.graphml", "graphml")
    read = nx.read_graphml(tmp_path / "g.graphml")
    assert dict(read.edges["b", "aa"]) == {
        "weight": 4.0, "start": "1970-01-01T00:00:01.000Z", "end": "1970-01-01T00:00:02.000Z",
    }  # fmt: skip
    assert read.edges["aa", "b"]["start"] == "1970-01-01T00:00:03.500Z"
    assert "start" not in read.edges["aa", "aa"]


def test_a_window_cuts_what_is_written(tmp_path):
    window = {"since": "2031-03-08", "until": "2031-03-09"}
    export_corpus(crisis(), tmp_path / "g.gexf", "gexf", **window)
    wanted = graph(crisis(), "retweet", **window)
    assert 0 < wanted.edges < graph(crisis(), "retweet").edges
    assert graph(loaded(tmp_path / "g.gexf"), "retweet").fingerprint == wanted.fingerprint
    export_corpus(crisis(), tmp_path / "c.csv", "coortweet", **window)
    made = graph(loaded(tmp_path / "c.csv"), "co_share")
    assert made.fingerprint == graph(crisis(), "co_share", **window).fingerprint


def test_parquet_holds_the_facts_and_no_place_of_a_file(tmp_path):
    done = export_corpus(crisis(), tmp_path / "p", "parquet")
    names = {file.stem: pq.read_table(file) for file in (tmp_path / "p").iterdir()}
    assert done.rows == {name: rows.num_rows for name, rows in names.items()}
    assert set(names) == {
        "posts", "interactions", "attachments", "accounts", "aliases", "events", "containers",
        "labels",
    }  # fmt: skip
    primary = pc.equal(names["posts"]["seen_as"], "primary")
    assert pc.sum(primary).as_py() == 5600
    assert not any("path" in rows.column_names for rows in names.values())
    with pytest.raises(InputError, match="not empty"):
        export_corpus(crisis(), tmp_path / "p", "parquet")


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "parquet"])
def test_equal_corpora_give_equal_bytes(tmp_path, name):
    files = [tmp_path / f"{i}{SUFFIX.get(name, '.csv')}" for i in (1, 2)]
    for file in files:
        export_corpus(crisis(), file, name)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.fixture(scope="module")
def hidden():
    pages = sorted((ROOT / "datasets" / "crisis_small" / "posts").glob("*.gz"))
    return load(
        pages[:1],
        privacy="pseudonymous",
        pseudonymise=Pseudonymiser(b"k" * 32).table,
        progress=False,
    )


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_pseudonymous_corpus_gives_no_name_away(tmp_path, hidden, name):
    file = tmp_path / f"e{SUFFIX.get(name, '.csv')}"
    export_corpus(hidden, file, name)
    if name == "parquet":
        rows = [row for part in sorted(file.iterdir()) for row in pq.read_table(part).to_pylist()]
        told = json.dumps([row for row in rows if row.get("kind") != "media"], default=str)
    else:
        told = file.read_text("utf-8")
    assert "p1_" in told
    words = set(re.findall(r"\w+", told.casefold()))
    assert words & crisis_names() == set()


@pytest.mark.parametrize(
    ("name", "file", "options", "message"),
    [
        ("xlsx", "e.xlsx", {}, "no such format: xlsx"),
        ("gexf", "e.csv", {}, "named for another format"),
        ("gexf", "e.gexf", {"kind": "co_hashtag"}, "only acts between accounts"),
        ("coortweet", "e.csv", {"kind": "retweet"}, "those of a projection"),
        ("qut", "e.csv", {"kind": "retweet"}, "takes no kind and no window"),
        ("minet", "e.csv", {"since": "2031-01-01"}, "takes no kind and no window"),
    ],
)
def test_what_cannot_be_said_is_refused(tmp_path, name, file, options, message):
    with pytest.raises(UsageError, match=message):
        export_corpus(crisis(), tmp_path / file, name, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_failed_export_leaves_no_file(tmp_path, name):
    (tmp_path / "gone").write_text("a file where a folder should be")
    with pytest.raises(InputError, match="cannot write"):
        export_corpus(crisis(), tmp_path / "gone" / f"e{SUFFIX.get(name, '.csv')}", name)
    assert [file.name for file in tmp_path.iterdir()] == ["gone"]
