"""Taking rows out of parts: all at once, or nothing."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.corpora import corpus_of
from tests.loaders.making import snapshot
from workbench.errors import InputError
from workbench.model import Corpus, revision
from workbench.model.parts import PartWriter, drop_source, merge_corpora, pieces, sweep
from workbench.model.revision import reader, rehearse, revise, revise_new


def rows(name, source, n):
    made = {
        "posts": [{"post_id": f"x:{source}{i}", "text": "t", "record": i} for i in range(n)],
        "interactions": [
            {"kind": "share", "post_id": None if i % 2 else f"x:{i}",
             "target_id": None if i % 3 else "handle:x:a", "record": i} for i in range(n)
        ],
        "aliases": [{"handle": "a", "record": i} for i in range(n)],
        "events": [{"kind": "edit" if i else "delete", "record": i} for i in range(n)],
    }[name]  # fmt: skip
    made = [row | {"source_id": source} for row in made]
    return corpus_of(**{name: made}).table(name)


STATS = dict.fromkeys(
    ["unresolved", "handle_targets", "acts_without_post", "retracted", "edits", "handles",
     "duplicate_posts"], 7
)  # fmt: skip


def write(corpus, source, n, tables=("posts", "interactions", "aliases", "events")):
    with PartWriter(corpus, source) as writer:
        for name in tables:
            writer.write(name, rows(name, source, n))
        return writer.commit(STATS)


def without(table, /, *, record):
    keep = pc.not_equal(table.column("record"), record)
    return table if pc.all(keep).as_py() else table.filter(keep)


def renamed(table, /, *, record):
    here = pc.equal(table.column("record"), record)
    if not pc.any(here).as_py():
        return table
    place = table.column_names.index("text")
    return table.set_column(place, "text", pc.if_else(here, "other", table.column("text")))


@pytest.fixture
def corpus(tmp_path):
    made = write(Corpus.create(tmp_path / "c"), "aa", 4)
    return write(made, "bb", 2)


def test_rows_go_and_the_statistics_follow(corpus):
    changes = {name: partial(without, record=3) for name in ("posts", "interactions", "events")}
    revised, done = revise(corpus, changes)
    assert done.of("removed") == {"events": 1, "interactions": 1, "posts": 1}
    assert done.of("changed") == {}
    assert revised.rows("posts") == 5
    assert revised.table("posts").column("post_id").to_pylist() == [
        "x:aa0", "x:aa1", "x:aa2", "x:bb0", "x:bb1",
    ]  # fmt: skip
    entry = revised.listing["aa"]
    assert entry["parts"] == {"posts": 1, "interactions": 1, "events": 1}
    assert entry["stats"] == STATS | {
        "unresolved": 2, "handle_targets": 1, "acts_without_post": 1, "retracted": 0, "edits": 2,
    }  # fmt: skip
    assert revised.listing["bb"] == corpus.listing["bb"]
    assert sorted(p.name for p in (corpus.path / "posts").iterdir()) == [
        "aa.1.parquet", "bb.parquet",
    ]  # fmt: skip
    assert revised.fingerprint != corpus.listing


def test_a_second_revision_and_one_that_changes_nothing(corpus):
    first, _ = revise(corpus, {"posts": partial(renamed, record=0)})
    assert first.table("posts").column("text").to_pylist() == ["other", *["t"] * 3, "other", "t"]
    before = snapshot(corpus.path)
    same, done = revise(first, {"posts": partial(without, record=9)})
    assert (done.total(), same.listing) == (0, first.listing)
    assert snapshot(corpus.path) == before
    second, done = revise(first, {"posts": partial(without, record=1)})
    assert done.of("removed") == {"posts": 2}
    assert {p.name for p in second.parts("posts")} == {"aa.2.parquet", "bb.2.parquet"}


def test_all_rows_of_a_part_may_go(corpus):
    revised, done = revise(corpus, {"posts": lambda table: table.slice(0, 0)})
    assert done.of("removed") == {"posts": 6}
    assert revised.rows("posts") == 0
    assert revised.parts("posts") == []
    assert revised.table("posts").num_rows == 0


def test_a_rehearsal_says_the_same_and_writes_nothing(corpus):
    before = snapshot(corpus.path)
    changes = {"posts": partial(without, record=1), "aliases": partial(without, record=0)}
    said = rehearse(corpus, changes)
    assert snapshot(corpus.path) == before
    assert said == revise(corpus, changes)[1]


def test_what_fails_leaves_everything_as_it_was(corpus, monkeypatch):
    before = snapshot(corpus.path)

    def broken(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(revision, "write_listing", broken)
    with pytest.raises(InputError, match="cannot write to the corpus"):
        revise(corpus, {"posts": partial(without, record=1)})
    again = Corpus.open(corpus.path)
    assert again.fingerprint == corpus.fingerprint
    sweep(corpus.path, again.listing)
    assert snapshot(corpus.path) == before


def test_what_others_do_with_revised_parts(corpus, tmp_path):
    revised, _ = revise(corpus, {"posts": partial(without, record=1)})
    merged = merge_corpora([revised], into=tmp_path / "m")
    assert merged.fingerprint == revised.fingerprint
    other = write(Corpus.create(tmp_path / "o"), "aa", 4)
    with pytest.raises(InputError, match="loaded differently"):
        merge_corpora([other], into=tmp_path / "m")
    dropped = drop_source(revised, "aa")
    assert [p.name for p in (corpus.path / "posts").iterdir()] == ["bb.1.parquet"]
    assert write(dropped, "aa", 4).rows("posts") == 5


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_source_is_revised_before_it_is_listed(tmp_path, in_memory):
    start = Corpus.empty() if in_memory else Corpus.create(tmp_path / "c")
    seen = []

    def plan(read):
        seen.extend(n for t in read("posts", ["record"]) for n in t.column("record").to_pylist())
        assert list(read("labels", ["subject"])) == []
        return {"posts": partial(without, record=1), "events": partial(without, record=7),
                "interactions": partial(without, record=0)}  # fmt: skip

    with PartWriter(start, "aa") as writer:
        for name in ("posts", "interactions", "events"):
            writer.write(name, rows(name, "aa", 4))
        stats = revise_new(writer, plan)
        made = writer.commit(STATS | stats)
    assert seen == [0, 1, 2, 3]
    assert stats == {
        "unresolved": 2, "handle_targets": 1, "acts_without_post": 2, "retracted": 0,
    }  # fmt: skip
    assert made.table("posts").column("record").to_pylist() == [0, 2, 3]
    assert made.listing["aa"]["tables"] == {"posts": 3, "interactions": 3, "events": 4}
    assert made.table("events").num_rows == 4


def test_memory_is_read_and_not_revised(tmp_path):
    corpus = corpus_of(posts=[{"post_id": "x:1", "source_id": "s", "record": 1}])
    (table,) = reader(corpus)("posts", ["post_id"])
    assert table.to_pydict() == {"post_id": ["x:1"]}
    with pytest.raises(InputError, match="in memory"):
        revise(corpus, {})
    (whole,) = pieces(write(Corpus.create(tmp_path), "aa", 3).parts("posts")[0])
    assert isinstance(whole, pa.Table)
    assert whole.num_rows == 3
