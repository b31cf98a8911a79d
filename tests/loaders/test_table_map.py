from __future__ import annotations

import pytest

from tests.loaders.making import load_bytes
from tests.reference import reference_data
from workbench import loaders
from workbench.errors import InputError, UsageError
from workbench.loaders.counts import report_counts
from workbench.loaders.source import Head
from workbench.loaders.table_map import COLUMNS, LOADER, column_map, read_map, sniff

MAP = {
    "platform": "x",
    "list_separator": "|",
    "columns": {
        "post": "id",
        "author": "user",
        "handle": "name",
        "time": "time",
        "text": "text",
        "likes": "likes",
        "share_post": "rt",
        "share_author": "rt_user",
        "reply_post": "re",
        "reply_handle": "re_name",
        "mentions": "at",
        "hashtags": "tags",
        "urls": "links",
    },
}
TABLE = b"""\
id,user,name,time,text,likes,rt,rt_user,re,re_name,at,tags,links,extra
11,1,Ann,2017-04-24 10:00,"Hello,
world",3,,,,,2|3,#Vote|\xc3\x89LECTION,https://www.example.org/a?utm_source=x,?
12,2,Bob,1493028000,,,11,1,,,1|3,Vote,,?
13,3,Cy,2017-04-24T10:00:02Z,hi,0.0,,,12,BOB,,,,?
14,,,,orphan,,,,99,,,,,?
"""


def mapped(columns: dict[str, str], data: bytes, **options):
    return load_bytes(LOADER, data, column_map={"columns": columns, **options})


def test_a_table_of_posts_becomes_posts_acts_and_attachments():
    corpus, sink = load_bytes(LOADER, TABLE, column_map=MAP)
    posts = corpus.table("posts").to_pylist()
    assert [(p["post_id"], p["author_id"], p["kind"], p["likes"]) for p in posts] == [
        ("x:11", "x:1", "original", 3),
        ("x:12", "x:2", "share", None),
        ("x:13", "x:3", "reply", 0),
        ("x:14", None, "reply", None),
    ]
    assert [p["created_precision"] for p in posts] == ["min", "s", "s", None]
    assert posts[0]["text"] == "Hello,\nworld"
    assert [p["text_status"] for p in posts] == ["full", "absent", "full", "full"]
    acts = corpus.table("interactions").to_pylist()
    assert [
        (a["kind"], a["actor_id"], a["target_id"], a["target_post_id"], a["origin"]) for a in acts
    ] == [
        ("mention", "x:1", "x:2", None, "authored"),
        ("mention", "x:1", "x:3", None, "authored"),
        ("share", "x:2", "x:1", "x:11", "authored"),
        ("mention", "x:2", "x:1", None, "share_head"),
        ("mention", "x:2", "x:3", None, "inherited_share"),
        ("reply", "x:3", "handle:x:bob", "x:12", "authored"),
        ("reply", None, None, "x:99", "authored"),
    ]
    assert [a["resolved_by"] for a in acts] == [
        *["entity", "entity", "id_field", "entity", "entity", "entity", "none"]
    ]
    things = corpus.table("attachments").to_pylist()
    assert [(t["kind"], t["value"], t["origin"], t["post_id"]) for t in things] == [
        ("hashtag", "vote", "authored", "x:11"),
        ("hashtag", "élection", "authored", "x:11"),
        ("url", "https://www.example.org/a", "authored", "x:11"),
        ("domain", "example.org", "authored", "x:11"),
        ("hashtag", "vote", "inherited_share", "x:12"),
    ]
    aliases = corpus.table("aliases").to_pylist()
    assert [(a["account_id"], a["handle"]) for a in aliases] == [
        ("x:1", "ann"),
        ("x:2", "bob"),
        ("x:3", "cy"),
    ]
    assert dict(sink.unknown_keys) == {"extra": 4}
    assert set(sink.refused) == {"quote"}


def test_the_views_resolve_what_one_table_left_open():
    corpus, _ = load_bytes(LOADER, TABLE, column_map=MAP)
    counts = report_counts(corpus)
    assert counts["unresolved"] == {"share": 0, "quote": 0, "reply": 1, "mention": 0}
    assert counts["posts"] == 4
    assert counts["authors"] == 3


def test_rows_without_a_post_id_are_named_after_their_place():
    corpus, sink = mapped({"author": "who", "text": "what"}, b"who,what\na,x\na,x\n")
    prefix = sink.source.source_id[:12]
    ids = corpus.table("posts").column("post_id").to_pylist()
    assert ids == [f"row:{prefix}:1", f"row:{prefix}:2"]
    assert sink.duplicates == 0


def test_a_table_of_acts_has_no_posts():
    data = b"who,whom,n,day\na,b,2,2017-04-24\na,b,2,2017-04-24\na,,1,\n"
    columns = {"author": "who", "target": "whom", "weight": "n", "time": "day"}
    corpus, sink = mapped(columns, data, kind="quote")
    assert corpus.rows("posts") == 0
    acts = corpus.table("interactions").to_pylist()
    assert [(a["kind"], a["target_id"], a["weight"], a["post_id"]) for a in acts] == [
        ("quote", "b", 2.0, None),
        ("quote", "b", 2.0, None),
        ("quote", None, 1.0, None),
    ]
    assert (sink.duplicates, sink.stats["unresolved"]) == (0, 1)
    assert "quote" not in sink.refused
    assert "retweet" in sink.refused


def test_a_handle_alone_stands_in_for_the_author():
    data = b"name,text\n@Ann,x\n"
    for platform, expected in (({"platform": "x"}, "handle:x:ann"), ({}, "Ann")):
        corpus, _ = mapped({"handle": "name", "text": "text"}, data, **platform)
        assert corpus.table("posts").column("author_id").to_pylist() == [expected]
        assert corpus.rows("aliases") == 0


def test_rows_that_cannot_be_read_are_rejected_with_a_reason():
    data = (
        b"id,user,time,likes,n,tags\n"
        b"1,a,2017,0,1,\n"
        b",a,,,1,\n"
        b"2,9.06E+17,,,1,\n"
        b"3,a,,many,1,\n"
        b"4,a,,,-1,\n"
        b"5,a,,,1,[[1]]\n"
        b"6,a,,NaN,1,[]\n"
        b"7,a\n"
        b"8,a,,99999999999999999999999,1,\n"
        b"9,a,,9007199254740993,1,\n"
        b"10,a,,1.5,1,\n"
    )
    columns = {"post": "id", "author": "user", "time": "time", "likes": "likes"}
    columns |= {"weight": "n", "target": "user", "hashtags": "tags"}
    corpus, sink = mapped(columns, data)
    rejects = corpus.table("rejects").to_pylist()
    assert [(r["line"], r["reason"]) for r in rejects] == [
        (3, "no post id"),
        (4, "an id is a rounded number"),
        (5, "likes is not a number"),
        (6, "the weight is not a positive number"),
        (7, "a list that cannot be read"),
        (9, "2 cells where 6 are expected"),
        (10, "likes is beyond 64 bits"),
        (12, "likes is not a number"),
    ]
    assert corpus.table("posts").column("post_id").to_pylist() == ["1", "6", "9"]
    assert (sink.read, sink.rejected) == (11, 8)
    assert corpus.table("posts").column("likes").to_pylist() == [0, None, 2**53 + 1]


def test_repeated_posts_are_duplicates_and_so_are_pairs_of_post_and_object():
    columns = {"post": "id", "author": "user"}
    _, sink = mapped(columns, b"id,user,thing\n1,a,x\n1,a,y\n1,a,x\n")
    assert sink.duplicates == 2
    _, sink = mapped({**columns, "object": "thing"}, b"id,user,thing\n1,a,x\n1,a,y\n1,a,x\n")
    assert sink.duplicates == 1


def test_the_zone_of_the_table_counts_for_times_without_one():
    columns = {"author": "a", "time": "t"}
    corpus, _ = mapped(columns, b"a,t\nx,2017-07-01 12:00\n", zone="Europe/Paris")
    assert corpus.table("posts").column("created_ms").to_pylist() == [1498903200000]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, r"no \[columns\]; allowed: post, author"),
        ({"columns": {}}, r"no \[columns\]"),
        ({"columns": {"autor": "a"}}, "unknown key: autor"),
        ({"columns": {"author": "a"}, "colums": 1}, "unknown key: colums"),
        ({"columns": {"author": 1}}, r"wants a text: 1 \(author\)"),
        ({"columns": {"post": "p"}}, "names no author"),
        ({"columns": {"author": "a"}, "kind": "like"}, "not a kind of act: like"),
        ({"columns": {"author": "a"}, "quote": "no"}, "quote is true or false"),
        ({"columns": {"author": "a"}, "zone": "Mars/Base"}, "no such time zone: Mars/Base"),
    ],
)
def test_a_wrong_map_is_one_line_of_error(content, message):
    with pytest.raises(UsageError, match=message):
        column_map(content)


def test_a_map_is_read_from_toml(tmp_path):
    file = tmp_path / "map.toml"
    file.write_text('platform = "x"\n[columns]\nauthor = "who"\ntext = "what"\n')
    assert read_map(file) == {"platform": "x", "columns": {"author": "who", "text": "what"}}
    (tmp_path / "t.csv").write_text("who,what\na,b\n")
    corpus = loaders.load(tmp_path / "t.csv", column_map=file)
    assert corpus.table("posts").column("author_id").to_pylist() == ["x:a"]
    assert corpus.report.formats == {"table_map": 1}
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert read_map(file)["platform"] == "x"
    file.write_text("not toml")
    with pytest.raises(InputError, match="the column map is not TOML"):
        read_map(file)
    with pytest.raises(InputError, match="cannot read the column map"):
        read_map(tmp_path / "none.toml")


def test_a_table_without_map_or_without_the_column_is_an_error():
    with pytest.raises(UsageError, match="a table needs a column map"):
        load_bytes(LOADER, b"a,b\n1,2\n")
    with pytest.raises(InputError, match="the table has no column: who"):
        mapped({"author": "who"}, b"a,b\n1,2\n")


def test_a_table_is_never_guessed():
    assert sniff(Head("n", b"id,user,text\n1,a,b\n")) == 0.0


def test_every_key_of_the_map_is_documented():
    from workbench.loaders import table_map

    assert all(key in table_map.__doc__ for key in COLUMNS)


@pytest.mark.reference
def test_the_ira_sample_is_read_whole_and_promises_no_retweet_graph():
    file = reference_data("loaders/ira538/ira_english_2016-10_sample.csv.gz")
    columns = {"author": "author", "text": "content", "lang": "language"}
    corpus = loaders.load(file, column_map={"platform": "twitter", "columns": columns})
    assert (corpus.report.records_read, corpus.report.ok) == (88_582, 88_582)
    counts = report_counts(corpus)
    assert (counts["posts"], counts["authors"]) == (88_582, 217)
    assert {"retweet", "quote", "reply"} <= {entry["graph"] for entry in corpus.report.refused}
