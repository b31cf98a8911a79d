"""Whatever a file holds: a counted reject or one line of error, never a traceback or silence."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loaders.making import snapshot, whole
from workbench import loaders
from workbench.errors import InputError, WorkbenchError
from workbench.loaders.rejects import read_reject
from workbench.model import Corpus

TWEET = {
    "id": "1346400000000000001",
    "text": "hello",
    "author_id": "12",
    "created_at": "2021-01-05T10:00:00.000Z",
    "edit_history_tweet_ids": ["1346400000000000001"],
}


def tweet(**changes) -> bytes:
    return json.dumps({"data": {**TWEET, **changes}}).encode()


GOOD = tweet() + b"\n"
DEEP = b"[" * 100_000 + b"]" * 100_000
NESTED = b'{"data": ' + b'{"x": ' * 100_000 + b"1" + b"}" * 100_000 + b"}"

#: Content, then ok, rejected and duplicate records.
COUNTED = {
    "truncated JSON": (GOOD + tweet(id="2")[:-9], 1, 1, 0),
    "byte-order mark": (b"\xef\xbb\xbf" + GOOD, 1, 0, 0),
    "Windows line ends": (GOOD.replace(b"\n", b"\r\n") + tweet(id="2") + b"\r\n", 2, 0, 0),
    "blank lines": (b"\n\n" + GOOD + b"\n \n", 1, 0, 0),
    "Latin-1": (GOOD + '{"data": {"id": "2", "text": "é"}}\n'.encode("latin-1"), 1, 1, 0),
    "ids as numbers beyond 2^53": (GOOD + tweet(id=9007199254740993) + b"\n", 2, 0, 0),
    "a count beyond 64 bits": (
        GOOD + tweet(id="2", public_metrics={"like_count": 10**23}) + b"\n" + tweet(id="3"),
        2,
        1,
        0,
    ),
    "an offset beyond 32 bits": (
        GOOD + tweet(id="2", entities={"mentions": [{"start": 2**40, "id": "7"}]}),
        1,
        1,
        0,
    ),
    "an empty id": (GOOD + tweet(id="") + b"\n", 1, 1, 0),
    "duplicate records": (GOOD + GOOD, 1, 0, 1),
    "two objects on one line": (tweet() + tweet(id="2") + b"\n", 2, 0, 0),
    "an array for a line": (b"[" + json.dumps(TWEET).encode() + b"]\n", 1, 0, 0),
    "100,000 levels of arrays": (GOOD + DEEP + b"\n" + tweet(id="2"), 2, 1, 0),
    "100,000 levels of objects": (GOOD + NESTED + b"\n" + tweet(id="2"), 2, 1, 0),
    "NaN": (GOOD + b'{"data": {"id": NaN}}\n' + tweet(id="2"), 2, 1, 0),
    "no author": (
        json.dumps({"data": {"id": "5", "text": "x", "edit_history_tweet_ids": ["5"]}}).encode(),
        1,
        0,
        0,
    ),
    "binary in the middle": (GOOD + bytes(range(1, 9)) + b"\0\n" + tweet(id="2"), 2, 1, 0),
    "edges: truncated": (b"1 2 1341100972 RT\n3 4 1341100", 1, 1, 0),
    "edges: Latin-1": (b"a,b,1\n" * 20 + b"\xe9,b,1\n", 20, 1, 0),
    "edges: equal rows are acts": (b"a,b,1\n" * 20, 20, 0, 0),
    "edges: NaN": (b"a,b,1\n" * 20 + b"a,b,nan\n", 20, 1, 0),
    "edges: missing account": (b"a,b,1\n" * 20 + b",b,1\n", 20, 1, 0),
    "edges: rounded id": (b"a,b,1\n" * 20 + b"9.06E+17,b,1\n", 20, 1, 0),
}

REFUSED = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n \n", "the file is empty"),
    "empty after unpacking": (gzip.compress(b""), "the file is empty"),
    "binary": (bytes(range(256)) * 9, "the file is binary"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "encoded in UTF-16"),
    "an image": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "the file is binary"),
    "a page": (b"<!doctype html><html><body>login</body></html>", "no format known"),
    "prose": (b"Dear all,\nplease find attached what you asked me for.\n", "no format known"),
    "broken gzip": (b"\x1f\x8b\x08broken", "the compressed data is broken"),
    "broken Parquet": (b"PAR1\0\0\0", "the Parquet file is broken"),
    "broken zip": (b"PK\x03\x04 and nothing", "cannot read the input"),
    "a number": (b"42\n", "no format known"),
    "deep from the first byte": (DEEP, "no format known|no record"),
}


@pytest.mark.parametrize("name", COUNTED)
def test_a_bad_record_is_counted_and_found_again(tmp_path, name):
    data, ok, rejected, duplicates = COUNTED[name]
    (tmp_path / "input").write_bytes(data)
    corpus = loaders.load(tmp_path / "input", into=tmp_path / "corpus")
    report = corpus.report
    assert (report.ok, report.rejected, report.duplicates) == (ok, rejected, duplicates)
    assert whole(report)
    for row in corpus.table("rejects").to_pylist():
        assert row["reason"]
        assert row["line"] == data[: row["byte_offset"]].count(b"\n") + 1
        found = read_reject(corpus, row)
        assert found
        assert data[row["byte_offset"] :].startswith(found)


@pytest.mark.parametrize("name", [name for name in COUNTED if COUNTED[name][2]])
def test_a_strict_load_stops_at_it(tmp_path, name):
    (tmp_path / "input").write_bytes(COUNTED[name][0])
    with pytest.raises(InputError, match=r"\(.*/input:\d+\)") as caught:
        loaders.load(tmp_path / "input", into=tmp_path / "corpus", strict=True)
    assert "\n" not in str(caught.value)
    assert Corpus.open(tmp_path / "corpus").sources == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_one_line_of_error_and_writes_nothing(tmp_path, name):
    data, message = REFUSED[name]
    (tmp_path / "input").write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        loaders.load(tmp_path / "input", into=tmp_path / "corpus")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3
    assert not (tmp_path / "corpus").exists()


def test_ids_beyond_two_to_the_53_keep_every_digit(tmp_path):
    (tmp_path / "input").write_bytes(COUNTED["ids as numbers beyond 2^53"][0])
    posts = loaders.load(tmp_path / "input").table("posts")
    assert posts.column("version_id").to_pylist()[1].endswith("9007199254740993")


def ends_well(file, **options) -> bool:
    """Return whether loading `file` ends in a whole report or in an error of one line."""
    try:
        return whole(loaders.load(file, **options).report)
    except WorkbenchError as error:
        return "\n" not in str(error)


@given(st.binary(max_size=300), st.sampled_from(["", "edge_list", "share_table", "twitter_v2"]))
def test_any_bytes_give_a_report_or_one_line_of_error(tmp_path_factory, data, name):
    file = tmp_path_factory.mktemp("fuzz") / "input"
    file.write_bytes(data)
    assert ends_well(file, format=name or None)


PIECES = [
    b"source,target",
    b"a,b",
    b'"',
    b",",
    b"\n",
    b"\xff",
    b"\0",
    b"1",
    b'{"data":',
    b"}",
    b"id",
    b" ",
]


@given(
    st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join),
    st.sampled_from(["edge_list", "table_map", "twitter_v2"]),
)
def test_almost_readable_bytes_too(tmp_path_factory, data, name):
    file = tmp_path_factory.mktemp("fuzz") / "input"
    file.write_bytes(b"a,id\n" + data)
    columns = {"columns": {"author": "a", "post": "id"}} if name == "table_map" else None
    assert ends_well(file, format=name, column_map=columns)


def test_a_folder_for_a_corpus_that_is_a_file_is_one_line_of_error(tmp_path):
    (tmp_path / "input").write_bytes(GOOD)
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match="cannot"):
        loaders.load(tmp_path / "input", into=tmp_path / "input" / "corpus")
    assert snapshot(tmp_path) == before
