from __future__ import annotations

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.loaders.making import snapshot
from workbench import loaders
from workbench.errors import InputError


def test_files_are_looked_at_and_nothing_is_loaded(tmp_path):
    activity = b"".join(b"%d %d %d RT\n" % (i, i + 1, 1341100972 + i) for i in range(40_000))
    (tmp_path / "a.gz").write_bytes(gzip.compress(activity))
    (tmp_path / "b.csv").write_text("source,target\na,b\nc\n")
    (tmp_path / "c.txt").write_text("just a text\nof two lines that fit nothing at all\n")
    (tmp_path / "d").write_bytes(b"")
    table = {"object_id": ["o"], "account_id": ["a"], "content_id": ["c"], "timestamp_share": [5]}
    pq.write_table(pa.table(table), tmp_path / "e.parquet")
    before = snapshot(tmp_path)
    long, short, text, empty, parquet = loaders.inspect(tmp_path)
    assert snapshot(tmp_path) == before
    assert (long["format"], long["whole"], long["certainty"]) == ("edge_list", False, 0.95)
    assert 1000 < long["records"] < 40_000
    assert long["kinds"] == {"share": long["records"]}
    assert long["first"] == "2012-07-01T00:02:52.000Z"
    assert long["last"] > long["first"]
    assert (short["whole"], short["records"], short["rejected"]) == (True, 2, 1)
    assert (short["first"], short["last"], short["problem"]) == (None, None, None)
    assert text["format"] is None
    assert text["problem"].startswith("the file is of no format known here")
    assert empty["problem"].startswith("the file is empty")
    assert (parquet["format"], parquet["records"], parquet["whole"]) == ("share_table", 1, True)
    assert parquet["last"] == "1970-01-01T00:00:05.000Z"


def test_a_first_line_longer_than_the_head_is_read_to_its_end(tmp_path):
    tweets = [{"id": str(i), "author_id": "2", "text": "x" * 200} for i in range(1, 2001)]
    tweets[0] |= {"id": "1346400000000000001"}
    old = {"id": "507185938620219395", "author_id": "3", "text": "quoted by nobody"}
    page = json.dumps({"data": tweets, "includes": {"tweets": [old]}})
    (tmp_path / "pages.jsonl").write_text(f"{page}\n{page}\n")
    (found,) = loaders.inspect(tmp_path / "pages.jsonl")
    assert (found["records"], found["rejected"], found["whole"]) == (2000, 0, False)
    assert found["first"] == found["last"] == "2021-01-05T10:15:49.559Z"


def test_files_none_of_which_can_be_read_are_the_error_of_the_first(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "b").write_text("just a text\nof two lines that fit nothing at all\n")
    with pytest.raises(InputError, match=r"the file is empty: .*a$"):
        loaders.inspect(tmp_path)
    (tmp_path / "c").write_text("source,target\na,b\n")
    assert [row["problem"] is None for row in loaders.inspect(tmp_path)] == [False, False, True]


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        loaders.inspect(tmp_path / "none")
