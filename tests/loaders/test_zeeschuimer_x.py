"""The Zeeschuimer loader: envelopes, what can be seen and what cannot, every defect."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders.making import load_bytes, whole
from tests.reference import reference_data
from workbench.engine import session, views
from workbench.loaders import load
from workbench.loaders.base import Head
from workbench.loaders.zeeschuimer_x import LOADER, sniff

AT = 1_709_288_000_000


def result(number, author=7, *, legacy=(), **over):
    """Return a post whose id is too old to carry a time."""
    user = {"rest_id": str(author), "core": {"screen_name": f"name{author}"}, "legacy": {}}
    return {
        "rest_id": str(number),
        "core": {"user_results": {"result": user}},
        "legacy": {"id_str": str(number), "user_id_str": str(author), "full_text": f"t {number}",
                   "created_at": "Sat Mar 01 00:00:00 +0000 2031"} | dict(legacy),
    } | over  # fmt: skip


def envelope(data, **over):
    return {
        "nav_index": "1:0", "item_id": "5", "timestamp_collected": AT, "source_platform": "x.com",
        "data": data,
    } | over  # fmt: skip


def told(*lines):
    data = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode()
                      for line in lines)  # fmt: skip
    return load_bytes(LOADER, data)


def table(corpus, name, *columns, **where):
    return [
        tuple(row[column] for column in columns)
        for row in corpus.table(name).to_pylist()
        if all(row[key] == value for key, value in where.items())
    ]


def acts(corpus):
    return table(corpus, "interactions", "kind", "target_id", "target_post_id", "resolved_by")


def counts(sink):
    return sink.read, sink.read - sink.rejected - sink.duplicates, sink.rejected, sink.duplicates


TOMBSTONE = {"__typename": "TweetTombstone", "tombstone": {"text": {"text": "gone"}}}
QUOTES = {"is_quote_status": True, "quoted_status_id_str": "4"}


def test_the_invented_capture():
    source = reference_data("loaders/synthetic/zeeschuimer_x.ndjson")
    expected = json.loads(reference_data("loaders/synthetic/expected.json").read_text())
    expected = expected[source.name]
    corpus, sink = load_bytes(LOADER, source.read_bytes())
    assert counts(sink) == (5, 4, 0, 1)
    assert sink.duplicates == expected["duplicates"]
    primary = table(corpus, "posts", "post_id", "author_id", "author_handle", seen_as="primary")
    assert len({post for post, *_ in primary}) == expected["posts_primary"]
    kinds = Counter(kind for kind, *_ in acts(corpus))
    assert (kinds["share"], kinds["quote"]) == (expected["share"], expected["quote"])
    gone = table(corpus, "events", "kind", reason="tombstone")
    assert len(gone) == expected["quote_tombstone"]
    nameless = [author for _, author, handle in primary if author and handle is None]
    assert len(nameless) == expected["authors_without_inline_user"]
    with session(corpus) as opened:
        carried = opened.collect(views.attachments(opened)).to_pylist()
        accounts = opened.collect(views.accounts(opened)).to_pylist()
    tags = {row["value"] for row in carried if row["origin"] == "authored"}
    assert sorted(tags) == expected["hashtags_authored"]
    # The author without a user object keeps the handle that another post tells.
    assert {row["handle"] for row in accounts} == {"alice", "bob", "carl"}


class TestPosts:
    @pytest.mark.parametrize("depth", [0, 1, 2])
    def test_a_post_may_stand_deeper(self, depth):
        data = result(5, legacy={"retweeted_status_result": {"result": result(4, 8)}})
        for _ in range(depth):
            data = {"__typename": "TweetWithVisibilityResults", "tweet": data}
        corpus, sink = told(envelope(data))
        assert (counts(sink), sink.unknown_keys) == ((1, 1, 0, 0), {})
        assert acts(corpus) == [("share", "twitter:8", "twitter:4", "expanded")]

    def test_what_is_shared_and_quoted_may_stand_deeper(self):
        deeper = {"result": {"tweet": result(4, 8)}}
        corpus, _ = told(
            envelope(result(5, legacy={"retweeted_status_result": deeper})),
            envelope(result(6, legacy=QUOTES, quoted_status_result=deeper)),
        )
        assert acts(corpus) == [
            ("share", "twitter:8", "twitter:4", "expanded"),
            ("quote", "twitter:8", "twitter:4", "expanded"),
        ]  # fmt: skip

    def test_times_counts_and_places(self):
        data = result(5, views={"count": "12", "state": "EnabledWithCount"},
                      source='<a href="x">An App</a>', legacy={
            "favorite_count": 1, "retweet_count": 2, "reply_count": 3, "quote_count": 4,
            "bookmark_count": 6, "conversation_id_str": "3"})  # fmt: skip
        corpus, _ = told(envelope(data))
        names = ("likes", "shares", "replies", "quotes", "views", "bookmarks", "retrieved_ms",
                 "conversation_id", "source_app", "author_handle")  # fmt: skip
        assert table(corpus, "posts", *names) == [
            (1, 2, 3, 4, 12, 6, AT, "twitter:3", "An App", "name7")
        ]

    def test_a_long_text_is_read_whole(self):
        tag = {"hashtags": [{"text": "Ende", "indices": [0, 5]}]}
        note = {"note_tweet_results": {"result": {"text": "the whole", "entity_set": tag}}}
        corpus, _ = told(envelope(result(5, note_tweet=note)))
        assert table(corpus, "posts", "text", "text_status") == [("the whole", "full")]
        assert table(corpus, "attachments", "value") == [("ende",)]

    def test_an_edited_post_and_a_quote_of_its_first_version(self):
        edited = result(9, 8, edit_control={"initial_tweet_id": "4", "edit_control_initial": {
            "edit_tweet_ids": ["4", "9"]}})  # fmt: skip
        corpus, _ = told(
            envelope(result(10, legacy=QUOTES, quoted_status_result={"result": edited}))
        )
        assert acts(corpus) == [("quote", "twitter:8", "twitter:4", "expanded")]
        assert table(corpus, "posts", "version_id", post_id="twitter:4") == [("twitter:9",)]

    def test_without_author_object_the_id_stays_and_the_media_tell_the_handle(self):
        media = {"id_str": "1", "type": "photo",
                 "expanded_url": "https://x.com/Someone_7/status/5/photo/1"}  # fmt: skip
        corpus, _ = told(envelope(result(5, core={"user_results": {}}, legacy={
            "entities": {"media": [media]}})))  # fmt: skip
        assert table(corpus, "posts", "author_id") == [("twitter:7",)]
        assert table(corpus, "aliases", "account_id", "handle", "resolved_by") == [
            ("twitter:7", "someone_7", "url"),
        ]  # fmt: skip

    def test_unpacked_by_4cat(self):
        about = {"timestamp_collected": AT, "source_platform": "twitter.com"}
        corpus, sink = told(result(5) | {"__import_meta": about}, result(6))
        assert (counts(sink), sink.unknown_keys) == ((2, 2, 0, 0), {})
        assert table(corpus, "posts", "post_id", "retrieved_ms") == [
            ("twitter:5", AT), ("twitter:6", None),
        ]  # fmt: skip


class TestUnseen:
    def test_a_quoted_tombstone_is_an_event_and_the_link_tells_whom(self):
        link = {"url": "https://t.co/q", "expanded": "https://twitter.com/Gone_1/status/4"}
        quote = {"legacy": QUOTES | {"quoted_status_permalink": link}}
        corpus, sink = told(
            envelope(result(5, quoted_status_result={"result": TOMBSTONE}, **quote))
        )
        assert counts(sink) == (1, 1, 0, 0)
        assert acts(corpus) == [("quote", "handle:twitter:gone_1", "twitter:4", "url")]
        assert table(corpus, "events", "kind", "subject", "reason") == [
            ("unavailable", "twitter:4", "tombstone"),
        ]  # fmt: skip

    def test_a_tombstone_alone_is_an_event(self):
        corpus, sink = told(
            envelope(TOMBSTONE), envelope({"__typename": "TweetUnavailable"}, item_id="row-1")
        )
        assert counts(sink) == (2, 2, 0, 0)
        assert table(corpus, "events", "subject") == [("twitter:5",), (None,)]
        assert sink.notes == ["records of posts that could not be seen: 2; they are events"]

    def test_an_empty_place_for_a_quoted_post_is_nothing(self):
        corpus, _ = told(envelope(result(5, legacy=QUOTES, quoted_status_result={})))
        assert acts(corpus) == [("quote", None, "twitter:4", "none")]
        assert table(corpus, "events") == []

    @pytest.mark.parametrize(
        ("hidden", "post", "gone"),
        [
            ({}, None, []),
            ({"result": TOMBSTONE}, None, [(None, "tombstone")]),
            ({"result": TOMBSTONE | {"rest_id": "4"}}, "twitter:4", [("twitter:4", "tombstone")]),
        ],
    )
    def test_a_retweet_of_what_cannot_be_seen_is_a_share_of_whom_the_head_names(
        self, hidden, post, gone
    ):
        legacy = {"full_text": "RT @someone: hi", "retweeted_status_result": hidden}
        corpus, sink = told(envelope(result(5, legacy=legacy)))
        assert counts(sink) == (1, 1, 0, 0)
        assert acts(corpus) == [("share", "handle:twitter:someone", post, "text")]
        assert table(corpus, "posts", "kind", post_id="twitter:5") == [("share",)]
        assert table(corpus, "events", "subject", "reason") == gone

    def test_a_retweet_of_what_cannot_be_seen_without_a_head_is_unresolved(self):
        legacy = {"full_text": "hi", "retweeted_status_result": {"result": TOMBSTONE}}
        corpus, sink = told(envelope(result(5, legacy=legacy)))
        assert counts(sink) == (1, 1, 0, 0)
        assert acts(corpus) == [("share", None, None, "none")]

    def test_the_head_of_a_retweet_of_what_cannot_be_seen_has_the_id(self):
        named = {"id_str": "8", "screen_name": "someone", "indices": [3, 11]}
        legacy = {"full_text": "RT @someone: hi", "entities": {"user_mentions": [named]},
                  "retweeted_status_result": {"result": TOMBSTONE}}  # fmt: skip
        corpus, _ = told(envelope(result(5, legacy=legacy)))
        assert ("share", "twitter:8", None, "entity") in acts(corpus)
        assert table(corpus, "interactions", "origin", kind="mention") == [("share_head",)]

    def test_an_empty_place_beside_another_text_is_no_retweet(self):
        _, sink = told(envelope(result(5, legacy={"retweeted_status_result": {}})))
        assert counts(sink) == (1, 1, 0, 0)


CASES = {
    b"no JSON": "broken JSON",
    json.dumps(envelope({"id": "5"}, source_platform="tiktok.com")).encode(): "tiktok.com",
    json.dumps(envelope({"id": "5"}, source_platform="a <b>")).encode(): "another platform",
    json.dumps(envelope(None)).encode(): "no post",
    json.dumps(envelope({})).encode(): "no post",
    json.dumps({"item_id": "5"}).encode(): "no post",
    json.dumps(envelope([])).encode(): "Expected `object`, got `array`",
    json.dumps(envelope({"legacy": {"full_text": "x"}})).encode(): "no id",
    json.dumps(envelope(result(5, legacy={"entities": 5}))).encode(): "$.legacy.entities",
}  # fmt: skip


@pytest.mark.parametrize("line", CASES, ids=lambda line: line[-40:].decode())
def test_a_line_that_cannot_be_read(line):
    corpus, sink = told(envelope(result(1)), line, envelope(result(2)))
    assert counts(sink) == (3, 2, 1, 0)
    ((reason,),) = table(corpus, "rejects", "reason")
    assert CASES[line] in reason
    assert len(table(corpus, "posts")) == 2


def test_new_keys_are_told():
    _, sink = told(envelope(result(1, brand_new=1, card={"any": 1})))
    assert sink.unknown_keys == {"brand_new": 1}


@pytest.mark.parametrize(
    ("content", "sure"),
    [
        (envelope(result(1)), 0.97),
        (envelope(result(1), source_platform="twitter.com"), 0.97),
        (envelope({"id": 1}, source_platform="tiktok.com"), 0.6),
        (result(1), 0.9),
        ({"source_platform": "x.com"}, 0),
        ({"rest_id": "1"}, 0),
        ({"id": 1, "text": "x", "user": {"screen_name": "x"}}, 0),
        ("a,b", 0),
    ],
)
def test_recognised_by_keys(content, sure):
    assert sniff(Head("x", json.dumps(content).encode())) == sure


LINES = [
    envelope(result(1, legacy={"retweeted_status_result": {"result": {"tweet": result(2, 8)}}})),
    envelope(result(3, legacy=QUOTES, quoted_status_result={"result": TOMBSTONE})),
    envelope(result(4, core=None, views={"count": "5"}, note_tweet={"note_tweet_results": {}})),
    result(5), envelope(TOMBSTONE),
]  # fmt: skip


@few(60)
@given(st.data())
def test_mutated_bytes_never_raise_and_the_sum_holds(data):
    raw = bytearray(b"\n".join(json.dumps(line).encode() for line in LINES))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    _, sink = load_bytes(LOADER, bytes(raw))
    assert 0 <= sink.rejected + sink.duplicates <= sink.read


ODD = st.sampled_from([None, "", "x", 0, -1, 2**63, 2**70, 1.5, True, [], {}, [None], [[]],
                       {"result": None}, {"tweet": {}}])  # fmt: skip


@few(60)
@given(st.data())
def test_mutated_types_never_raise_and_the_sum_holds(data):
    line = json.loads(json.dumps(data.draw(st.sampled_from(LINES))))
    place = line
    while True:
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(ODD)
            break
        place = place[key]
    corpus, sink = told(envelope(result(7)), line, envelope(result(8)))
    assert sink.read == 3
    assert len(table(corpus, "posts", post_id="twitter:8")) == 1


def test_loading_goes_the_whole_way(tmp_path):
    file = tmp_path / "x.ndjson"
    file.write_text("\n".join(json.dumps(line) for line in [*LINES, "broken"]))
    report = load(file, progress=False).report
    assert report.formats == {"zeeschuimer_x": 1}
    assert whole(report)
    assert (report.records_read, report.rejected) == (6, 1)
