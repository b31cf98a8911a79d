from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.model.test_corpus import write
from workbench.engine import session
from workbench.errors import InputError, MissingDependencyError, UsageError
from workbench.model import Corpus


@pytest.mark.parametrize("in_memory", [True, False])
def test_a_table_is_the_same_from_folder_and_memory(tmp_path, in_memory):
    corpus = write(Corpus.empty() if in_memory else Corpus.create(tmp_path), "aa", 3, 1)
    with session(corpus) as engine:
        rows = engine.collect(engine.table("posts").select("post_id").sort("post_id"))
        assert engine.collect(engine.table("labels")).num_rows == 0
    assert rows.column("post_id").to_pylist() == ["x:1", "x:3"]


def test_times_stay_utc_microseconds(tmp_path):
    at = pa.array([1_925_000_000_123_456], pa.timestamp("us", "UTC"))
    with session(Corpus.empty()) as engine:
        out = engine.collect(engine.frame(pa.table({"at": at})))
    assert out.column("at").type == pa.timestamp("us", "UTC")
    assert out.column("at").cast(pa.int64()).to_pylist() == [1_925_000_000_123_456]


@pytest.mark.parametrize("rows", [1, 1000, 2048, 10**6])
def test_pieces_are_the_rows_once_each(rows):
    table = pa.table({"a": list(range(5000))})
    with session(Corpus.empty(), threads=1) as engine:
        pieces = list(engine.pieces(engine.frame(table).filter(nw.col("a") >= 10), rows))
        assert engine.collect(engine.frame(table)).num_rows == 5000  # it can be asked again
        assert not any(
            piece.num_rows
            for piece in engine.pieces(engine.frame(table).filter(nw.col("a") < 0), rows)
        )
    assert sorted(a for piece in pieces for a in piece["a"].to_pylist()) == list(range(10, 5000))
    assert len(pieces) > 1 or rows > 2048


def test_out_of_core_write_and_read_back(tmp_path):
    file = tmp_path / "rows.parquet"
    table = pa.table({"a": list(range(1000)), "b": [str(i) for i in range(1000)]})
    with session(Corpus.empty(), memory_mb=64, threads=1) as engine:
        engine.write(engine.frame(table).filter(nw.col("a") < 10), file)
        assert engine.collect(engine.parquet([file])).num_rows == 10
    assert sorted(pq.read_table(file).column("a").to_pylist()) == list(range(10))


def test_a_sort_larger_than_memory_spills_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    numbers = pa.table({"a": pa.array([(i * 7919) % 400_000 for i in range(400_000)])})
    with session(Corpus.empty(), memory_mb=32, threads=1) as engine:
        frame = engine.frame(numbers)
        wide = frame.with_columns(text=nw.concat_str(*[nw.col("a").cast(nw.String)] * 8))
        out = engine.collect(wide.group_by("text").agg(nw.len()).select(nw.col("len").sum()))
    assert out.column("len").to_pylist() == [400_000]
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_part_is_one_line(tmp_path):
    corpus = write(Corpus.create(tmp_path), "aa", 1)
    Path(corpus.parts("posts")[0]).write_bytes(b"not parquet")
    with session(corpus) as engine, pytest.raises(InputError, match="cannot read a part"):
        engine.table("posts")


def test_unknown_engine_and_missing_spark():
    with (
        pytest.raises(UsageError, match="no such engine"),
        session(Corpus.empty(), engine="pandas"),
    ):
        pass
    try:
        import pyspark  # noqa: F401
    except ImportError:
        with (
            pytest.raises(MissingDependencyError, match=r"workbench\[spark\]"),
            session(Corpus.empty(), engine="spark"),
        ):
            pass


def test_no_progress_bar_gets_into_the_output_of_an_interactive_python():
    code = (
        "from workbench.engine import session\n"
        "from workbench.model import Corpus\n"
        "with session(Corpus.empty()) as engine:\n"
        "    setting = engine._connection.sql(\"SELECT current_setting('enable_progress_bar')\")\n"
        "    print(setting.fetchall())\n"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout == "[(False,)]\n"
