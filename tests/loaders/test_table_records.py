from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders import golden
from tests.loaders.making import fill, source_of
from tests.loaders.sheets import check_survives, spoilt
from workbench.loaders import FORMATS
from workbench.loaders.recorder import PostFacts, Recorder
from workbench.loaders.source import Head
from workbench.loaders.table_records import (
    TableRecords,
    column_names,
    count_in,
    flag_in,
    has_columns,
    id_in,
    text_in,
)

OWN = ("x_io_archive", "ira_538", "fourcat", "minet", "crowdtangle")


def rows_of(data, known=frozenset({"id", "words"})):
    """Return the rows that a table of posts gives, and the sink."""
    met = []

    def take(recorder, cells):
        met.append(cells)
        recorder.post(PostFacts(post_id=recorder.id(cells["id"])))
        if cells["words"] == "bad":
            raise ValueError("it is bad")

    def read(sink):
        with Recorder(sink, "p") as recorder:
            TableRecords(source_of(data), recorder, known=known).each(
                lambda cells: take(recorder, cells)
            )

    corpus, sink = fill(source_of(data), read)
    return met, corpus, sink


def test_a_row_is_kept_whole_or_rejected_with_its_place():
    data = b'id,words,more\n1,a,x\n2,bad,x\n3,"two\nlines",x\n4,short\n1,a,y\n'
    met, corpus, sink = rows_of(data)
    assert met[2] == {"id": "3", "words": "two\nlines"}
    assert (sink.read, sink.rejected, sink.duplicates) == (5, 2, 1)
    assert corpus.table("posts")["post_id"].to_pylist() == ["p:1", "p:3", "p:1"]
    refused = corpus.table("rejects").to_pylist()
    assert [(r["line"], r["byte_offset"], r["reason"]) for r in refused] == [
        (3, 20, "it is bad"),
        (6, 44, "2 cells where 3 are expected"),
    ]
    assert refused[0]["keys_seen"] == ["id", "more", "words"]
    assert dict(sink.unknown_keys) == {"more": 5}


def test_of_two_columns_of_one_name_the_last_counts_if_they_agree():
    met, corpus, _ = rows_of(b"id,query,id,words\n1,q,1,a\n7,q,2,b\n")
    assert met == [{"id": "1", "words": "a"}]
    assert corpus.table("rejects")["reason"].to_pylist() == [
        "two columns are called id and differ: rename the added one"
    ]


def test_a_parquet_table_has_lists():
    table = io.BytesIO()
    pq.write_table(pa.table({"id": ["1", "2"], "words": [["a", "b"], None]}), table)
    met, *_ = rows_of(table.getvalue())
    assert met == [{"id": "1", "words": ["a", "b"]}, {"id": "2", "words": ""}]


@pytest.mark.parametrize(
    ("text", "count", "flag"),
    [
        ("", None, None),
        (" nan ", None, None),
        ("0.0", 0, False),
        ("1", 1, True),
        ("1,234", 1234, None),
        ("-5", -5, None),
        ("12.0", 12, None),
    ],
)
def test_numbers_and_answers(text, count, flag):
    assert count_in({"n": text}, "n") == count
    assert flag_in({"n": text}, "n") is flag
    assert count_in({}, "n") is None


@pytest.mark.parametrize(
    "text", ["many", "9" * 30, "inf", "1e400", "1.2.3", "1.5", "1,5", "1,23,4"]
)
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match="n is"):
        count_in({"n": text}, "n")


@pytest.mark.parametrize("text", ["True", "yes", "T", "1.0"])
def test_yes_in_many_words(text):
    assert flag_in({"n": text}, "n") is True
    assert flag_in({"n": f"{text}?"}, "n") is None


def test_texts_and_ids():
    assert text_in({"n": " a "}, "n") == "a"
    assert text_in({"n": " "}, "n") is None
    assert id_in({"n": "1234567890123456789"}, "n") == "1234567890123456789"
    assert id_in({}, "n") is None
    assert {id_in({"n": text}, "n") for text in ("NA", "None", "null", "<NA>", "nan")} == {None}
    with pytest.raises(ValueError, match="rounded"):
        id_in({"n": "9.06E+17"}, "n")


def test_columns_of_a_head():
    assert column_names(" a b\n c ") == {"a", "b", "c"}
    assert has_columns(Head("n", b"\xef\xbb\xbfa;b;c\n"[3:]), {"a", "c"})
    assert not has_columns(Head("n", b"a,b\n"), {"c"})
    assert not has_columns(Head("n", b'{"a": 1}\n'), {"a"})


SHEETS = [(name, file) for name in OWN for file in golden.inputs(name)]


@pytest.mark.parametrize(("name", "file"), SHEETS, ids=[f"{n}-{f.name}" for n, f in SHEETS])
@few(15)
@given(data=st.data())
def test_a_spoilt_table_is_read_to_its_end(name, file, data):
    check_survives(FORMATS[name], data.draw(spoilt(file.read_bytes())))
