from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from tests.model.test_corpus import posts, write
from workbench.errors import InputError, NotFoundError
from workbench.model import Corpus
from workbench.model.parts import PartWriter, corpus_lock, drop_source

if TYPE_CHECKING:
    import pathlib


def snapshot(folder: pathlib.Path) -> dict[str, bytes]:
    return {
        str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()
    }


def _write_good_then_bad(writer):
    writer.write("posts", posts("bb", 2))
    writer.write("posts", pa.table({"created_ms": ["x"]}))


def test_a_failing_load_leaves_nothing(tmp_path):
    corpus = write(Corpus.create(tmp_path), "aa", 1)
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match="fit"), PartWriter(corpus, "bb") as writer:
        _write_good_then_bad(writer)
    assert snapshot(tmp_path) == before
    assert Corpus.open(tmp_path).fingerprint == corpus.fingerprint


def test_parts_of_a_killed_writer_are_swept_and_were_never_visible(tmp_path):
    corpus = write(Corpus.create(tmp_path), "aa", 1)
    stale = tmp_path / ".part-bb-999999999"
    stale.mkdir()
    (stale / "posts.parquet").write_bytes(b"half")
    (tmp_path / "posts" / "bb.parquet").write_bytes(b"renamed but not listed")
    assert Corpus.open(tmp_path).fingerprint == corpus.fingerprint
    again = write(Corpus.open(tmp_path), "bb", 2)
    assert not stale.exists()
    assert again.table("posts").column("post_id").to_pylist() == ["x:1", "x:2"]


def test_nothing_is_visible_before_commit(tmp_path):
    with PartWriter(Corpus.create(tmp_path), "aa") as writer:
        writer.write("posts", posts("aa", 1))
        assert Corpus.open(tmp_path).rows("posts") == 0
        writer.commit()
    assert Corpus.open(tmp_path).rows("posts") == 1


@pytest.mark.parametrize("in_memory", [True, False])
def test_dropping_a_source_undoes_its_load(tmp_path, in_memory):
    start = Corpus.empty() if in_memory else Corpus.create(tmp_path)
    one = write(start, "aa", 1)
    expected = one.fingerprint
    both = write(one, "bb", 2)
    assert drop_source(both, "bb").fingerprint == expected
    with pytest.raises(NotFoundError, match="not exactly one source"):
        drop_source(both, "zz")
    with pytest.raises(NotFoundError, match="not exactly one source"):
        drop_source(both, "")


def test_two_writers_at_once_are_refused(tmp_path):
    with (
        corpus_lock(tmp_path),
        pytest.raises(InputError, match="another process is writing"),
        corpus_lock(tmp_path),
    ):
        pass
    with corpus_lock(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot make a corpus here"):
        Corpus.create(tmp_path / "file" / "corpus")
