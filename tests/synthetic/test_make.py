"""The whole output: reproducible, complete, and true to its own account of itself."""

from __future__ import annotations

import errno
import gc
import gzip
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synthetic.raw import edges, mentions, read, reference, summary
from workbench.errors import InputError, UsageError
from workbench.synthetic import Config, make
from workbench.synthetic.pages import PageWriter
from workbench.synthetic.snowflake import stamp, time_ms


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_same_seed_same_bytes_and_another_seed_others(tmp_path):
    first = make(tmp_path / "a", posts=1_000, seed=3)
    second = make(tmp_path / "b", posts=1_000, seed=3)
    third = make(tmp_path / "c", posts=1_000, seed=4)
    assert first == second
    assert bytes_of(tmp_path / "a") == bytes_of(tmp_path / "b")
    assert first.files[0].content_sha256 != third.files[0].content_sha256


def test_hash_seed_of_the_interpreter_does_not_matter(tmp_path):
    program = (
        "import sys; from workbench.synthetic import make; "
        "print(make(sys.argv[1], posts=1000, seed=3).files[0].sha256)"
    )
    found = set()
    for value in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": value}
        command = [sys.executable, "-c", program, str(tmp_path / value)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        found.add(done.stdout)
    assert len(found) == 1


@pytest.mark.parametrize("posts", [1_000, 1_001, 5_000])
def test_number_of_posts_is_exact(tmp_path, posts):
    manifest = make(tmp_path / "out", posts=posts, seed=11)
    raw = read(tmp_path / "out")
    assert len(raw.posts) == manifest.posts == posts
    assert manifest.records == posts + manifest.duplicates + manifest.edits == len(raw.records)


@pytest.mark.parametrize("seed", [0, 7, 2**32 - 1])
def test_graphs_are_what_a_recount_of_the_pages_finds(tmp_path, seed):
    make(tmp_path / "out", posts=3_000, seed=seed)
    raw = read(tmp_path / "out")
    counted = edges(raw)
    for row in raw.truth["graphs"]:
        kind = row.pop("kind")
        expected = summary(counted[kind], bipartite=kind == "account_hashtag")
        assert {key: int(value) for key, value in row.items()} == expected, kind


def test_manifest_counts_what_the_pages_hold(manifest, raw):
    kinds = {"share": 0, "quote": 0, "reply": 0, "original": 0}
    origins: dict[str, int] = {}
    for record in raw.posts.values():
        names = {"share": "retweeted", "quote": "quoted", "reply": "replied_to"}
        kind = next((k for k, name in names.items() if reference(record, name)), "original")
        kinds[kind] += 1
        for _, origin in mentions(raw, record):
            origins[origin] = origins.get(origin, 0) + 1
    assert kinds == manifest.kinds
    assert origins == manifest.origins
    assert manifest.authors == len({record["author_id"] for record in raw.posts.values()})
    assert manifest.graphs["reply"]["unresolved"] > 0
    assert manifest.graphs["retweet"]["self_loops"] > 0
    assert json.loads((raw.folder / "manifest.json").read_text()) == json.loads(
        json.dumps(manifest.to_dict())
    )


def test_manifest_hashes_are_those_of_the_files(manifest, raw):
    for file in manifest.files:
        packed = (raw.folder / file.path).read_bytes()
        content = gzip.decompress(packed)
        assert (len(packed), hashlib.sha256(packed).hexdigest()) == (file.bytes, file.sha256)
        assert hashlib.sha256(content).hexdigest() == file.content_sha256
        assert content.count(b"\n") == file.pages


def test_every_reference_exists_or_is_declared_missing(raw):
    missing = {row["post_id"].removeprefix("twitter:") for row in raw.truth["missing"]}
    referred = {r["id"] for post in raw.records for r in post.get("referenced_tweets", [])}
    assert missing
    assert missing <= referred
    assert referred - set(raw.author) == missing
    told = {error["value"] for page in raw.pages for error in page.get("errors", [])}
    assert told == missing


def test_ids_carry_the_time_and_no_real_one(raw):
    for record in [*raw.records, *raw.included]:
        ms = time_ms(int(record["id"]))
        assert record["created_at"] == stamp(ms)
        assert record["created_at"].startswith("2031-03")
        assert len(record["id"]) == 19
    for user in raw.users:
        assert user["created_at"] == stamp(time_ms(int(user["id"])))
        assert user["created_at"] >= "2028"
    ids = [int(i) for i in raw.posts]
    assert len(set(ids)) == len(ids)


def test_reactions_come_after_what_they_react_to(raw):
    for record in raw.records:
        for other in record.get("referenced_tweets", []):
            assert int(other["id"]) < int(record["id"])


def test_entities_point_at_what_they_name(raw):
    for record in raw.records + raw.included:
        text, entities = record["text"], record.get("entities", {})
        for tag in entities.get("hashtags", []):
            assert text[tag["start"] : tag["end"]] == "#" + tag["tag"]
        for mention in entities.get("mentions", []):
            assert text[mention["start"] : mention["end"]] == "@" + mention["username"]
        for url in entities.get("urls", []):
            assert text[url["start"] : url["end"]] == url["url"]


def test_pages_include_the_users_they_need(raw):
    for page in raw.pages:
        users = {user["id"] for user in page["includes"]["users"]}
        for record in page["data"] + page["includes"]["tweets"]:
            assert record["author_id"] in users
        handles = {user["username"] for user in page["includes"]["users"]}
        for record in page["data"]:
            assert record.get("in_reply_to_user_id", record["author_id"]) in users
            for mention in record.get("entities", {}).get("mentions", []):
                assert mention.get("id") in users or mention["username"] in handles


def test_seed_is_drawn_and_recorded(tmp_path):
    drawn = make(tmp_path / "a", posts=1_000)
    again = make(tmp_path / "b", posts=1_000, seed=drawn.seed)
    assert drawn == again


def test_progress_adds_up(tmp_path):
    steps: list[int] = []
    make(tmp_path / "out", posts=1_000, seed=1, progress=steps.append)
    assert sum(steps) == 1_000
    assert len(steps) == 21 * 24


def test_an_earlier_output_is_replaced_and_nothing_else_touched(tmp_path):
    out = tmp_path / "out"
    make(out, posts=3_000, seed=1, config=Config(file_posts=1_000, page_posts=100))
    (out / "notes.txt").write_text("mine")
    make(out, posts=1_000, seed=1)
    assert [p.name for p in (out / "posts").iterdir()] == ["0001.jsonl.gz"]
    assert (out / "notes.txt").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out"]


def test_refuses_a_folder_with_other_files(tmp_path):
    (tmp_path / "thesis.txt").write_text("do not touch")
    (tmp_path / "manifest.json").write_text('{"made_by": "somebody else"}')
    with pytest.raises(UsageError, match="holds other files"):
        make(tmp_path, posts=1_000, seed=1)
    with pytest.raises(UsageError, match="must be a folder"):
        make(tmp_path / "thesis.txt", posts=1_000, seed=1)


def test_a_disk_that_cannot_be_written_is_said_in_one_line(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(PageWriter, "_flush", full)
    with pytest.raises(InputError, match=r"cannot write .*No space left"):
        make(tmp_path / "out", posts=1_000, seed=1)
    assert list(tmp_path.iterdir()) == []


def test_the_present_folder_can_be_the_output(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    make(".", posts=1_000, seed=1)
    assert sorted(p.name for p in Path().iterdir()) == ["manifest.json", "posts", "truth"]


@pytest.mark.parametrize("posts", [0, 999, 10_000_001])
def test_refuses_sizes_out_of_range(tmp_path, posts):
    with pytest.raises(UsageError, match="number of posts is out of range"):
        make(tmp_path / "out", posts=posts, seed=1)


def test_a_failure_leaves_nothing_behind(tmp_path):
    def fail(_: int) -> None:
        raise RuntimeError("stopped by hand")

    with pytest.raises(RuntimeError, match="stopped by hand"):
        make(tmp_path / "out", posts=1_000, seed=1, progress=fail)
    assert list(tmp_path.iterdir()) == []
    assert gc.isenabled()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_posts(tmp_path):
    program = (
        "import sys; from workbench.provenance import peak_mb; "
        "from workbench.synthetic import make; "
        "make(sys.argv[1], posts=int(sys.argv[2]), seed=7); print(peak_mb())"
    )
    peak = {}
    for posts in (20_000, 200_000):
        command = [sys.executable, "-c", program, str(tmp_path / "out"), str(posts)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peak[posts] = float(done.stdout)
    assert peak[200_000] < 200
    assert peak[200_000] - peak[20_000] < 100
    assert len(read(tmp_path / "out").posts) == 200_000
