from __future__ import annotations

import json

import pyarrow as pa
import pytest

from workbench.errors import NotFoundError, SchemaError
from workbench.model import Corpus
from workbench.model.parts import PartWriter
from workbench.model.schema import TABLES, columns


def posts(source, *numbers):
    rows = [
        {"platform": "x", "post_id": f"x:{n}", "created_ms": n, "source_id": source, "record": n}
        for n in numbers
    ]
    return pa.Table.from_pylist(rows)


def write(corpus, source, *numbers):
    with PartWriter(corpus, source) as writer:
        writer.write("posts", posts(source, *numbers))
        return writer.commit({"duplicate_posts": 0})


def test_memory_and_folder_hold_the_same(tmp_path):
    folder = write(write(Corpus.create(tmp_path / "c"), "aa", 1, 2), "bb", 3)
    memory = write(write(Corpus.empty(), "bb", 3), "aa", 1, 2)
    assert folder.fingerprint == memory.fingerprint
    assert folder.rows("posts") == memory.rows("posts") == 3
    assert folder.sources == ["aa", "bb"]
    assert folder.stat("duplicate_posts") == 0
    assert folder.stat("edits") is None
    assert "3 posts" in repr(folder)
    assert [part.parent.name for part in folder.parts("posts")] == ["posts", "posts"]
    assert folder.parts("accounts") == []


def test_fingerprint_knows_content(tmp_path):
    one = write(Corpus.empty(), "aa", 1)
    assert write(Corpus.empty(), "aa", 2).fingerprint != one.fingerprint
    assert Corpus.from_tables({"posts": posts("aa", 1)}).fingerprint == one.fingerprint


def test_every_table_has_its_schema():
    corpus = Corpus.empty()
    for name, schema in TABLES.items():
        assert corpus.table(name).schema.names == columns(name) == schema.names
        if name != "sources":
            assert schema.names[-2:] == ["source_id", "record"]


def test_what_is_not_a_corpus_is_refused(tmp_path):
    with pytest.raises(NotFoundError, match="no corpus here"):
        Corpus.open(tmp_path)
    (tmp_path / "corpus.json").write_text("{}")
    with pytest.raises(SchemaError, match="not a corpus listing"):
        Corpus.open(tmp_path)
    (tmp_path / "corpus.json").write_text(json.dumps({"schema": 99, "sources": {}}))
    with pytest.raises(SchemaError, match=r"another schema version: 99.*load the sources again"):
        Corpus.open(tmp_path)


def test_unknown_tables_and_columns_are_refused():
    with pytest.raises(SchemaError, match="no such table"):
        Corpus.from_tables({"tweets": posts("aa", 1)})
    with pytest.raises(SchemaError, match="posts table has no such column: colour"):
        Corpus.from_tables({"posts": pa.table({"colour": ["red"]})})
    with pytest.raises(SchemaError, match="created_ms of posts does not fit"):
        Corpus.from_tables({"posts": pa.table({"created_ms": ["soon"]})})
    with pytest.raises(NotFoundError, match="no such table"):
        Corpus.empty().rows("tweets")


def test_the_key_of_the_content_knows_the_parts(tmp_path):
    one = write(Corpus.create(tmp_path / "c"), "aa", 1)
    assert Corpus.open(tmp_path / "c").content_key == one.content_key
    assert write(one, "bb", 2).content_key != one.content_key
    memory = write(Corpus.empty(), "aa", 1)
    assert memory.content_key == memory.fingerprint
