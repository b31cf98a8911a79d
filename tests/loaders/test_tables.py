from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loaders.making import source_of
from workbench.errors import InputError
from workbench.loaders.source import Head, read_head
from workbench.loaders.tables import header_of, open_table, row_bytes, sniff_separator


def rows_of(data: bytes, **options):
    return list(open_table(source_of(data), **options).rows)


def parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file)
    return file.getvalue()


TEXT = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=12), st.sampled_from([",", ";", "\t"]))
def test_what_the_csv_module_writes_comes_back(rows, separator):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *rows])
    data = file.getvalue().encode()
    found = rows_of(data, separator=separator)
    assert [tuple(row.cells) for row in found] == rows
    assert [row.reason for row in found] == [None] * len(rows)
    for row in found:
        assert data[row.byte_offset :].startswith(row.data)
        assert data[: row.byte_offset].count(b"\n") == row.number - 1


def test_bad_rows_are_told_apart_from_good_ones():
    data = b'id,text\n1,fine\n2\n3,"open\n4,fine\n5,\xe9\n\n7,"two\nlines"\n8,a,b\n9,"x"y\n'
    assert [(row.number, row.reason or row.cells) for row in rows_of(data)] == [
        (2, ["1", "fine"]),
        (3, "1 cells where 2 are expected"),
        (4, "a quote is not closed"),
        (5, ["4", "fine"]),
        (6, "not UTF-8"),
        (8, ["7", "two\nlines"]),
        (10, "3 cells where 2 are expected"),
        (11, "broken quotes"),
    ]


def test_a_quote_that_is_never_closed_costs_one_line():
    data = b"id,text\n" + b"".join(
        b'%d,"open\n' % i if i == 5 else b"%d,x\n" % i for i in range(3000)
    )
    found = rows_of(data)
    assert [row.number for row in found if row.reason] == [7]
    assert len(found) == 3000


def test_binary_data_deep_in_a_table_is_a_reject():
    data = b"id,text\n" + b"1,x\n" * 100_000 + b"2,\0\n"
    assert rows_of(data)[-1].reason == "binary data"


def test_a_row_with_a_nul_is_a_reject_also_near_the_beginning():
    found = rows_of(b"id,text\n1,\0\n2,fine\n")
    assert [row.reason for row in found] == ["binary data", None]
    assert header_of(Head("n", b"id,text\n1,\0\n")) == ["id", "text"]
    assert header_of(Head("n", b"id,\0\n1,x\n")) == []


def test_quotes_can_be_just_characters():
    found = rows_of(b'id;text\n1;5" wide\n2;"a\n', quote=False)
    assert [row.cells for row in found] == [["1", '5" wide'], ["2", '"a']]


def test_the_mark_and_the_line_ends_of_windows_are_no_part_of_the_cells():
    table = open_table(source_of(b"\xef\xbb\xbfid,text\r\n1,x\r\n"))
    assert table.header == ["id", "text"]
    assert [row.cells for row in table.rows] == [["1", "x"]]


def test_parquet_values_read_as_a_csv_would_write_them():
    moment = dt.datetime(2017, 4, 24, 12, tzinfo=dt.UTC)
    table = pa.table(
        {
            "id": [2**53 + 1, None],
            "float": [1.5, float("nan")],
            "flag": [True, False],
            "when": [moment, None],
            "tags": [["a", None], None],
        }
    )
    opened = open_table(source_of(parquet(table)))
    first, second = opened.rows
    assert first.cells == [
        "9007199254740993",
        "1.5",
        "true",
        "2017-04-24T12:00:00+00:00",
        ["a", ""],
    ]
    assert second.cells == ["", "", "false", "", ""]
    assert (first.number, first.byte_offset, second.number) == (1, None, 2)
    assert json.loads(row_bytes(opened, first))["id"] == "9007199254740993"


def test_csv_rows_stand_for_themselves():
    table = open_table(source_of(b'id,text\n7,"two\nlines"\n'))
    assert row_bytes(table, next(table.rows)) == b'7,"two\nlines"'


@pytest.mark.parametrize("data", [b"", b"\0\0", b'"open\n'])
def test_what_has_no_header_is_no_table(data):
    with pytest.raises(InputError, match=r"not a table|no readable header"):
        open_table(source_of(data))


def test_a_column_is_found_once_or_not_at_all():
    table = open_table(source_of(b"id,text,id\n1,x,2\n"))
    assert table.position("text", "f.csv") == 1
    with pytest.raises(InputError, match=r"two columns of this name: id \(f.csv\)"):
        table.position("id", "f.csv")
    with pytest.raises(
        InputError, match=r"the table has no column: nothing.*allowed: id, text, id"
    ):
        table.position("nothing", "f.csv")


def test_headers_are_seen_in_the_head():
    assert header_of(Head("n", b"a;b\n1;2\n")) == ["a", "b"]
    assert header_of(Head("n", b'{"a": 1}\n')) == []
    assert header_of(Head("n", b"")) == []
    data = parquet(pa.table({"x": [1], "y": [2]}))
    assert header_of(read_head("n", source_of(data).opener)) == ["x", "y"]
    assert sniff_separator([b"a,b\tc", b"d\te"]) == "\t"
    assert sniff_separator([b"alone"]) == ","


def test_semicolons_in_cells_of_many_lines_do_not_cut_the_table():
    """As in messages with an ``&amp;``; line by line no comma cuts two of them alike."""
    data = b"id,text,more\n" + b"".join(
        b'%d,"A &amp; B%s\nand%s",x\n' % (n, b"," * n, b"," * (9 - n)) for n in range(1, 6)
    )
    assert header_of(Head("n", data)) == ["id", "text", "more"]
    assert [row.cells[0] for row in rows_of(data)] == ["1", "2", "3", "4", "5"]


def test_a_stray_quote_makes_no_row_of_the_whole_table():
    lines = [b"a\tb", b'"x, y\tz', b"1, 2\t3", b"4\t5", b"6"]
    assert sniff_separator(lines) == "\t"


def test_a_broken_parquet_file_is_one_line_of_error():
    data = parquet(pa.table({"x": pa.array(range(100_000))}))
    broken = bytearray(data)
    broken[1000:3000] = bytes(2000)
    with pytest.raises(InputError, match="the Parquet file is broken"):
        rows_of(bytes(broken))
