from __future__ import annotations

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench import loaders
from workbench.errors import InputError, NotFoundError
from workbench.loaders.rejects import read_reject

LINES = [b"a,b,1", b"c,,1", b"d,e,1", "é,ü".encode(), b"f,g,NaN"] + [b"h,i,1"] * 30
BAD = [b"c,,1", "é,ü".encode(), b"f,g,NaN"]


def rejects_of(corpus):
    return [read_reject(corpus, row) for row in corpus.table("rejects").to_pylist()]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_every_rejected_line_is_found_again(tmp_path, end, pack, mark):
    file = tmp_path / "wow!edges"
    file.write_bytes(pack(mark + end.join(LINES)))
    corpus = loaders.load(file, into=tmp_path / "corpus")
    assert rejects_of(corpus) == BAD
    assert [row["line"] for row in corpus.table("rejects").to_pylist()] == [2, 4, 5]


def test_a_reject_in_an_archive_is_found_again(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("deep/edges.csv", b"\n".join(LINES))
    assert rejects_of(loaders.load(tmp_path / "a.zip")) == BAD


def test_a_rejected_row_of_a_parquet_table_comes_as_json(tmp_path):
    table = pa.table({"id": ["1", "2"], "user": ["a", "9.06E+17"]})
    pq.write_table(table, tmp_path / "t.parquet")
    columns = {"post": "id", "author": "user"}
    corpus = loaders.load(tmp_path / "t.parquet", column_map={"columns": columns})
    assert [json.loads(data) for data in rejects_of(corpus)] == [{"id": "2", "user": "9.06E+17"}]


def test_a_file_that_changed_or_went_is_one_line_of_error(tmp_path):
    file = tmp_path / "edges.csv"
    file.write_bytes(b"\n".join(LINES))
    corpus = loaders.load(file)
    row = corpus.table("rejects").to_pylist()[0]
    with pytest.raises(NotFoundError, match="no such source"):
        read_reject(corpus, {**row, "source_id": "0" * 64})
    file.write_bytes(b"x" * 1000)
    with pytest.raises(InputError, match="the file has changed since it was loaded"):
        read_reject(corpus, row)
    file.write_bytes(b"")
    with pytest.raises(InputError, match="the file has changed since it was loaded"):
        read_reject(corpus, row)
    file.unlink()
    with pytest.raises(InputError, match="the input file is gone"):
        read_reject(corpus, row)


@pytest.mark.parametrize("good", [0, 300_000])
def test_the_oracle_is_the_file_itself(tmp_path, good):
    data = b"h,i,1\n" * good + b"\n".join(LINES)
    (tmp_path / "e.csv").write_bytes(data)
    corpus = loaders.load(tmp_path / "e.csv")
    for row, bad in zip(corpus.table("rejects").to_pylist(), BAD, strict=True):
        handle = io.BytesIO(data)
        handle.seek(row["byte_offset"])
        assert handle.read(row["byte_length"]) == bad
