"""The files for the importer: every row and value of the projection, and what is refused."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from tests.conftest import few
from tests.corpora import corpora, corpus_of, crisis
from tests.store.test_contract import act, post
from workbench.engine import session
from workbench.errors import StoreError, UsageError
from workbench.model import Corpus
from workbench.store import bulk
from workbench.store.projection import Projection, tables
from workbench.store.schema import AS_KNOWN, NODES, RELATIONSHIPS, properties_of

SMALL = {
    "posts": [post("x:p1", "x:a", text="", lang="fr"), post("x:p2", "x:b", text=None)],
    "interactions": [act("share", "x:a", "x:b", 1, target_post_id="x:p2")],
}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Export the crisis; returns the folder."""
    folder = tmp_path_factory.mktemp("bulk") / "out"
    bulk.export_bulk(crisis(), folder, study="one", progress=False)
    return folder


def test_headers_are_those_of_the_importer():
    assert list(bulk.header("Account").values()) == [
        "account_id:ID(Account)", "platform:string", "handle:string", "name:string",
        "created_at:datetime", "followers:long", "following:long", "posts:long",
        "verified:boolean", "seen_as:string",
    ]  # fmt: skip
    assert list(bulk.header("POSTED").values()) == [
        ":START_ID(Account)", ":END_ID(Post)", "seen_as:string", "lang:string", "created_ms:long",
        "study:string",
    ]  # fmt: skip
    assert list(bulk.header("RETWEETED").values()) == [
        ":START_ID(Account)", ":END_ID(Account)", "weight:double", "weight_all:double",
        "first_ms:long", "last_ms:long", "study:string",
    ]  # fmt: skip
    for name in tables():
        assert set(properties_of(name)) <= set(bulk.header(name))


def read(folder, name):
    """Return what a file says, with the names of the projection and empty texts as they were."""
    rows = pq.read_table(folder / f"{name}.parquet")
    back = {header: key for key, header in bulk.header(name).items()}
    rows = rows.rename_columns([back.get(c, c) for c in rows.column_names])
    made = rows.to_pydict()
    for mark in [c for c in rows.column_names if c.endswith("_empty:boolean")]:
        key = mark.removesuffix("_empty:boolean")
        assert {v for v, m in zip(made[key], made[mark], strict=True) if m} == {""}
        assert "" not in {v for v, m in zip(made[key], made[mark], strict=True) if not m}
        del made[mark]
    return made


def as_text(time):
    """Return a time as the importer takes it."""
    return None if time is None else time.isoformat(timespec="milliseconds") + "Z"


def check_files(corpus, folder):
    """Compare every value of every file with the rows of the projection."""
    with session(corpus) as opened:
        expected = dict(Projection(opened).rows())
    posts = {row["post_id"]: row for row in expected["Post"].to_pylist()}
    for name, table in expected.items():
        file = folder / f"{name}.parquet"
        assert file.exists() == bool(table.num_rows)
        if not table.num_rows:
            continue
        wanted = table.to_pylist()
        for i, row in enumerate(wanted):
            if name == "POSTED":
                row |= {key: posts[row["target"]][key] for key in AS_KNOWN}
            if name in NODES and "created_at" in row:
                row["created_at"] = as_text(row["created_at"])
            more = {"study": "one"} if name in RELATIONSHIPS else {}
            wanted[i] = row | more
        found = [
            dict(zip(bulk.header(name), values, strict=True))
            for values in zip(*[read(folder, name)[k] for k in bulk.header(name)], strict=True)
        ]
        told = sorted(json.dumps(row, sort_keys=True) for row in found)
        assert told == sorted(json.dumps(row, sort_keys=True) for row in wanted), name


def test_every_value_of_the_crisis_is_in_the_files(out):
    check_files(crisis(), out)


@few(2)
@given(corpora())
def test_every_value_of_random_corpora_is_in_the_files(tmp_path_factory, corpus):
    folder = tmp_path_factory.mktemp("random")
    bulk.export_bulk(corpus, folder, study="one", progress=False)
    check_files(corpus, folder)


def test_an_empty_text_is_not_a_missing_one(tmp_path):
    bulk.export_bulk(corpus_of(**SMALL), tmp_path, study="one", progress=False)
    rows = pq.read_table(tmp_path / "Post.parquet").to_pylist()
    told = {r["post_id:ID(Post)"]: (r["text:string"], r["text_empty:boolean"]) for r in rows}
    assert told == {"x:p1": ("", True), "x:p2": (None, None)}
    assert json.loads(study_row(tmp_path)["imported:string"])["empty"] == {"Post": ["text"]}


def study_row(folder):
    (row,) = pq.read_table(folder / "Study.parquet").to_pylist()
    return row


def test_the_study_says_what_it_is_and_that_it_is_not_held_yet(out):
    row = study_row(out)
    assert row["study:ID(Study)"] == "one"
    assert row["target:string"] == crisis().content_key
    assert not {"corpus:string", "written_ms:long"} & set(row)
    counts = json.loads(row["counts:string"])
    assert list(counts) == sorted(tables())
    assert counts["Post"] == pq.read_metadata(out / "Post.parquet").num_rows
    known = json.loads(row["imported:string"])["known"]
    texts = pq.read_table(out / "Post.parquet").column("text:string")
    assert known["Post"]["text"] == len(texts) - texts.null_count > 0


def test_the_manifest_lists_the_files_with_rows_and_hashes(out):
    told = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (told["study"], told["corpus"]) == ("one", crisis().content_key)
    assert sorted(told["files"]) == sorted(f.name for f in out.glob("*.parquet"))
    for name, entry in told["files"].items():
        assert entry["sha256"] == hashlib.sha256((out / name).read_bytes()).hexdigest()
        assert entry["rows"] == pq.read_metadata(out / name).num_rows
        assert entry["bytes"] == (out / name).stat().st_size
    assert told["relationships"]["RETWEETED"] == told["files"]["RETWEETED.parquet"]["rows"]


def test_the_script_runs_the_command_of_the_server(out, tmp_path):
    tool = tmp_path / "bin" / "neo4j-admin"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\npwd\nprintf "%s\\n" "$@"\n')
    tool.chmod(0o755)
    done = subprocess.run(
        ["sh", out / "import.sh", "--overwrite-destination"],
        env={**os.environ, "NEO4J_HOME": str(tmp_path), "NEO4J_DATABASE": "two words"},
        capture_output=True, text=True, check=True, cwd="/",
    )  # fmt: skip
    place, *words = done.stdout.splitlines()
    assert place == str(out.resolve())
    assert words[:4] == ["database", "import", "full", "two words"]
    assert words[-1] == "--overwrite-destination"
    named = {word.rpartition("=")[2] for word in words if word.startswith(("--nodes", "--rel"))}
    assert named == {file.name for file in out.glob("*.parquet")}
    assert "--nodes=Account=Account.parquet" in words
    assert "--relationships=POSTED=POSTED.parquet" in words
    assert "--input-type=parquet" in words
    unset = {key: value for key, value in os.environ.items() if key != "NEO4J_HOME"}
    failed = subprocess.run(
        ["sh", out / "import.sh"], env=unset, capture_output=True, text=True, check=False
    )
    assert failed.returncode
    assert "set it to the folder of the Neo4j server" in failed.stderr


def test_what_it_returns(tmp_path):
    made = bulk.export_bulk(corpus_of(**SMALL), tmp_path / "out", study="a; 'b'", progress=False)
    assert made["nodes"]["Post"] == 2
    assert made["relationships"] == made["relationships"] | {"POSTED": 2, "SHARES": 1, "QUOTES": 0}
    assert sorted(made["files"]) == sorted(f.name for f in (tmp_path / "out").iterdir())
    assert made["command"][:5] == ["neo4j-admin", "database", "import", "full", "neo4j"]
    script = (tmp_path / "out" / "import.sh").read_text("utf-8")
    assert set(made["command"][5:]) <= set(shlex.split(script, comments=True))
    assert study_row(tmp_path / "out")["study:ID(Study)"] == "a; 'b'"


def test_an_empty_corpus_is_a_study_alone(tmp_path):
    made = bulk.export_bulk(Corpus.empty(), tmp_path, study="one", progress=False)
    assert [word for word in made["command"] if "parquet" in word.rpartition("=")[2]][1:] == [
        "--nodes=Study=Study.parquet"
    ]
    assert json.loads(study_row(tmp_path)["counts:string"])["Post"] == 0


def test_row_groups_are_small_enough_for_several_threads(out, tmp_path, monkeypatch):
    monkeypatch.setattr(bulk, "ROWS", 1000)
    bulk.export_bulk(crisis(), tmp_path, study="one", progress=False)
    found = pq.read_metadata(tmp_path / "Post.parquet")
    assert found.num_row_groups == -(-found.num_rows // 1000) > 1
    for name in ("Post", "POSTED"):
        whole, cut = (pq.read_table(folder / f"{name}.parquet") for folder in (out, tmp_path))
        order = [(column, "ascending") for column in whole.column_names[:2]]
        assert cut.sort_by(order).equals(whole.sort_by(order))


LONG = "x:" + "é" * 4000
REFUSED = {
    "too long": ({"posts": [post("x:p1", LONG)]}, r"account_id is too long.*8,002 bytes.*8,000"),
    "empty": (
        {"posts": [post("x:p1", "x:a"), post("", "x:a")]},
        r"post_id is empty, which the importer cannot take.*store push",
    ),
    "year": (
        {"posts": [post("x:p1", "x:a", created_at=253_402_300_800_000_000)]},
        r"created_at is of a year.*10000-01-01.*allowed: 0001-01-01T00:00:00 to 9999",
    ),
    "before": (
        {"posts": [post("x:p1", "x:a", created_at=-62_135_596_800_000_001)]},
        r"created_at is of a year",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_server_cannot_take_is_refused_and_nothing_is_left(tmp_path, case):
    rows, match = REFUSED[case]
    for row in rows["posts"]:
        if "created_at" in row:
            row["created_at"] = pa.scalar(row["created_at"], pa.timestamp("us", "UTC"))
    with pytest.raises(StoreError, match=match):
        bulk.export_bulk(corpus_of(**rows), tmp_path / "out", study="one", progress=False)
    assert list(tmp_path.iterdir()) == []


def test_the_longest_key_is_taken(tmp_path):
    corpus = corpus_of(posts=[post("x:p1", LONG[:-1])])
    assert bulk.export_bulk(corpus, tmp_path, study="one", progress=False)["nodes"]["Account"] == 1


def test_the_folder_must_be_empty_or_made(tmp_path):
    corpus = corpus_of(**SMALL)
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(UsageError, match="must be a folder"):
        bulk.export_bulk(corpus, file, study="one", progress=False)
    with pytest.raises(UsageError, match=r"is not empty: .*choose an empty one"):
        bulk.export_bulk(corpus, tmp_path, study="one", progress=False)
    assert file.read_text() == "mine"
    with pytest.raises(UsageError, match="a study needs a name"):
        bulk.export_bulk(corpus, tmp_path / "new", study=" ", progress=False)
    with pytest.raises(StoreError, match=r"cannot write the export: .*file/new"):
        bulk.export_bulk(corpus, file / "new", study="one", progress=False)
    bulk.export_bulk(corpus, tmp_path / "a" / "b", study="one", progress=False)
    assert (tmp_path / "a" / "b" / "import.sh").stat().st_mode & 0o100


def test_the_estimate_is_near_the_truth():
    made = projected(crisis())
    assert abs(bulk.elements(crisis()) / made - 1) < 0.1
    assert bulk.elements(Corpus.empty()) == 0


def projected(corpus):
    with session(corpus) as opened:
        return sum(table.num_rows for _, table in Projection(opened).rows())
