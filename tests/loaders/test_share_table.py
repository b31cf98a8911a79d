from __future__ import annotations

import pytest

from tests.loaders.making import load_bytes
from tests.reference import reference_data
from workbench import loaders
from workbench.errors import InputError
from workbench.loaders.counts import report_counts
from workbench.loaders.share_table import LOADER, sniff
from workbench.loaders.source import Head

TABLE = b"""\
object_id,account_id,content_id,timestamp_share
o1,a,c1,1588896000
o2,a,c1,1588896000
o1,b,c2,2020-05-08T00:00:05Z
o1,b,c2,2020-05-08T00:00:05Z
"""
QUT = b"""\
\xef\xbb\xbfmessage_id,user_id,username,repost_id,reply_id,message,timestamp,urls
1,10,ann,,,hello,1606451170.518101,['http://example.com/2']
2,20,bob,1,,hello,1606451171,"['http://example.com/2', 'http://example.com/3']"
3,30,cy,99,,hello,1606451172,
4,30,cy,,2,"no, really",1606451173,
"""


def test_a_share_is_an_object_of_a_post():
    corpus, sink = load_bytes(LOADER, TABLE)
    things = corpus.table("attachments").to_pylist()
    assert [
        (t["kind"], t["value"], t["author_id"], t["post_id"], t["created_ms"]) for t in things
    ] == [
        ("object", "o1", "a", "c1", 1588896000000),
        ("object", "o2", "a", "c1", 1588896000000),
        ("object", "o1", "b", "c2", 1588896005000),
        ("object", "o1", "b", "c2", 1588896005000),
    ]
    assert (sink.read, sink.duplicates, sink.stats["duplicate_posts"]) == (4, 1, 2)
    assert {"retweet", "account_url"} <= set(sink.refused)
    assert "co_share" not in sink.refused
    counts = report_counts(corpus)
    assert (counts["posts"], counts["accounts"], counts["authors"]) == (2, 2, 2)


def test_objects_of_a_share_table_make_a_co_share_graph(tmp_path):
    (tmp_path / "shares.csv").write_bytes(TABLE)
    made = loaders.load(tmp_path / "shares.csv").graph("co_share")
    assert made.to_pandas().to_numpy().tolist() == [["a", "b", 1.0]]


def test_the_toolkit_table_gives_reposts_replies_and_links():
    corpus, sink = load_bytes(LOADER, QUT)
    counts = report_counts(corpus)
    assert counts["interactions"] == {"share": 2, "quote": 0, "reply": 1, "mention": 0}
    assert counts["resolved_by"]["in_file_join"] == 2
    assert counts["unresolved"]["share"] == 1
    links = corpus.table("attachments").to_pylist()
    assert [(t["value"], t["origin"]) for t in links if t["kind"] == "url"] == [
        ("http://example.com/2", "authored"),
        ("http://example.com/2", "inherited_share"),
        ("http://example.com/3", "inherited_share"),
    ]
    assert corpus.table("posts").column("text").to_pylist()[-1] == "no, really"
    assert "account_hashtag" in sink.refused
    assert "co_share" not in sink.refused


@pytest.mark.parametrize(
    ("header", "certain"),
    [
        ("object_id,account_id,content_id,timestamp_share", True),
        ("Timestamp_Share;Content_ID;Account_ID;Object_ID;more", True),
        ("message_id,user_id,username,repost_id,reply_id,message,timestamp,urls", True),
        ("object_id,account_id,content_id", False),
        ("a,b,c,d", False),
        ('{"object_id": 1}', False),
    ],
)
def test_the_header_decides(header, certain):
    assert (sniff(Head("n", f"{header}\n".encode())) > 0.9) is certain


def test_another_table_is_no_share_table():
    with pytest.raises(InputError, match=r"not a share table: .* allowed: columns object_id"):
        load_bytes(LOADER, b"a,b\n1,2\n")


@pytest.mark.reference
def test_the_sample_of_coortweet():
    corpus = loaders.load(reference_data("coordination/cooRTweet/russian_coord_tweets.parquet"))
    report = corpus.report
    assert report.formats == {"share_table": 1}
    assert (report.records_read, report.rejected) == (35_125, 0)
    assert report.duplicates == 1  # one row of the sample is there twice, cell by cell
    things = corpus.table("attachments")
    assert things.num_rows == 35_125
    assert len(things.column("value").unique()) == 7_285
    assert len(things.column("author_id").unique()) == 9_509
    counts = report_counts(corpus)
    assert (counts["posts"], counts["accounts"]) == (35_085, 9_509)
    times = corpus.table("posts").column("created_at").to_pylist()
    assert (min(times).date().isoformat(), max(times).date().isoformat()) == (
        "2021-01-17",
        "2021-08-30",
    )


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "rows", "shares", "replies"),
    [("coretweet_test_input.csv", 15, 15, 0), ("sample_data.csv", 100, 27, 15)],
)
def test_the_tables_of_the_qut_toolkit(name, rows, shares, replies):
    corpus = loaders.load(reference_data(f"coordination/qut_toolkit/{name}"))
    assert (corpus.report.records_read, corpus.report.ok) == (rows, rows)
    counts = report_counts(corpus)
    assert counts["interactions"] == {"share": shares, "quote": 0, "reply": replies, "mention": 0}
