"""Both paths through v2 pages write the same: by columns what is usual, by rows everything.

Rows of the path by rows are the oracle of every module of the path by columns:
workbench.loaders.columnar, workbench.loaders.twitter_v2_acts, workbench.loaders.twitter_v2_batch,
workbench.loaders.twitter_v2_carried, workbench.loaders.twitter_v2_columns,
workbench.loaders.twitter_v2_drift, workbench.loaders.twitter_v2_parse,
workbench.loaders.twitter_v2_people, workbench.loaders.twitter_v2_posts and
workbench.loaders.twitter_v2_targets.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loaders.making import load_bytes, source_of
from tests.loaders.test_twitter_v2 import FOLDER, PAYLOADS, SHAPES
from tests.reference import reference_data
from workbench import synthetic
from workbench.engine import session, views
from workbench.loaders import (
    load,
    twitter_v2,
    twitter_v2_columns,
    twitter_v2_parse,
    twitter_v2_rows,
)
from workbench.loaders.base import STATISTICS
from workbench.model.schema import TABLES

#: Where a row was seen: of equal events, the view keeps any.
UNORDERED = {"source_id", "record"}
VIEWS = ("posts", "interactions", "attachments", "accounts", "aliases", "events")
AT = "2031-03-01T00:00:00.000Z"
#: An id of that time.
ID = 2_690_000_000_000_000_000


@pytest.fixture
def both(monkeypatch):
    """Return what loads bytes by columns and by rows, and how many lines went by columns."""

    def loads(data):
        results, lines = [], Counter()
        plain = twitter_v2_columns.Columns.write

        def counted(self, pages):
            written = plain(self, pages)
            lines[written] += len(pages.batch.page_record)
            return written

        for by_columns in (True, False):
            with monkeypatch.context() as patched:
                patched.setattr(twitter_v2, "_BY_COLUMNS", by_columns)
                patched.setattr(twitter_v2_columns.Columns, "write", counted)
                results.append(load_bytes(twitter_v2.LOADER, data))
        return results, lines[True]

    return loads


def observed(corpus, name):
    """Return the rows of a table, without their order."""
    table = corpus.table(name).drop_columns(["source_id"] if name != "sources" else ["loaded_at"])
    return Counter(repr(row) for row in table.to_pylist())


def viewed(corpus):
    with session(corpus) as opened:
        frames = {name: opened.collect(getattr(views, name)(opened)) for name in VIEWS}
    return {
        name: Counter(
            repr({key: value for key, value in sorted(row.items()) if key not in UNORDERED})
            for row in frame.to_pylist()
        )
        for name, frame in frames.items()
    }


def assert_same(results):
    (columns, fast), (rows, slow) = results
    for name in TABLES:
        assert observed(columns, name) == observed(rows, name), name
    assert viewed(columns) == viewed(rows)
    for number in ("read", "rejected", "duplicates", "unknown_keys", "notes"):
        assert getattr(fast, number) == getattr(slow, number), number
    assert {name: columns.stat(name) for name in STATISTICS} == {
        name: rows.stat(name) for name in STATISTICS
    }


def lines(*pages):
    made = [page if isinstance(page, bytes) else json.dumps(page).encode() for page in pages]
    return b"\n".join(made) + b"\n"


def tweet(number, **over):
    return {"id": str(ID + (number << 22)), "author_id": "7", "text": f"hello {number}"} | over


def user(number, handle, **over):
    return {"id": str(number), "username": handle, "name": handle.title()} | over


def page(*tweets, users=(), beside=(), **around):
    includes = {"tweets": list(beside), "users": list(users)}
    return {"data": list(tweets), "includes": includes, "__twarc": {"retrieved_at": AT}, **around}


@pytest.mark.reference
@pytest.mark.parametrize(
    "name", [f"{n}.jsonl" for n in SHAPES] + [f"twitwi_payload-v2{n}.json" for n in PAYLOADS]
)
def test_real_exports(name, both):
    results, _ = both(reference_data(f"{FOLDER}/{name}").read_bytes())
    assert_same(results)


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "count"),
    [("twarc-network_tweets", 5), ("twarc-csv_entities_test", 1), ("twarc-csv_edited", 1)],
)
def test_real_pages_go_by_columns(name, count, both):
    assert both(reference_data(f"{FOLDER}/{name}.jsonl").read_bytes())[1] == count


def test_synthetic_pages(tmp_path, both):
    synthetic.make(tmp_path, posts=20_000, seed=1)
    for file in sorted(tmp_path.glob("posts/*.jsonl.gz")):
        data = gzip.decompress(file.read_bytes())
        results, count = both(data)
        assert_same(results)
        assert count == data.count(b"\n")


USUAL = page(
    tweet(1, referenced_tweets=[{"type": "retweeted", "id": "5"}], text="RT @bob: hi …"),
    tweet(2, author_id="8", edit_history_tweet_ids=[str(ID), str(ID + (2 << 22))]),
    tweet(3, withheld={"country_codes": ["DE", "FR"], "scope": "tweet"}),
    tweet(4, withheld={}, public_metrics={"like_count": 3, "retweet_count": 4}),
    users=[user(7, "ann", verified=True, public_metrics={"followers_count": 3}), user(9, "Bob")],
    beside=[{"id": "5", "author_id": "9", "text": "hi #A", "entities": {"hashtags": [
        {"tag": "A", "start": 3, "end": 5}]}}],
    errors=[{"title": "Gone", "resource_type": "tweet", "resource_id": "77", "parameter": "id"}],
)  # fmt: skip


def test_usual_pages_go_by_columns(both):
    results, count = both(lines(USUAL, USUAL))
    assert count == 2
    assert_same(results)


PAGE_OF_MEDIA = "https://x.com/Dee/status/7/photo/1"
#: Media as exports of 2021 have them, and last a link to the page of someone's picture.
MEDIA = [
    {
        "expanded_url": "https://twitter.com/Ann/status/6/photo/1",
        "display_url": "pic.twitter.com/a",
    },
    {"expanded_url": "https://x.com/Ann/status/6/video/1", "display_url": "pic.x.com/b"},
    {"expanded_url": "https://mobile.twitter.com/Ann/status/6/photo/2"},
    {"url": "https://t.co/c", "display_url": "pic.twitter.com/c"},
    {"expanded_url": PAGE_OF_MEDIA, "display_url": "x.com/Dee/status/7/p…"},
]
HARD = {
    "users page": {"data": [user(1, "ann"), user(2, "bob")]},
    "one tweet": {"data": tweet(1)},
    "bare tweet": tweet(1),
    "author inside": page(tweet(1, author=user(7, "ann"))),
    "mention with a name": page(tweet(1, entities={"mentions": [user(3, "cy", start=0, end=3)]})),
    "reference with text": page(tweet(1, referenced_tweets=[tweet(0, type="quoted")])),
    "reference with versions": page(
        tweet(1, referenced_tweets=[{"type": "quoted", "id": "6", "edit_history_tweet_ids": ["5"]}])
    ),
    "ids as numbers": page({"id": ID, "author_id": 7, "text": "x"}),
    "no id": page({"author_id": "7", "text": "x"}, tweet(2)),
    "id that is no number": page(tweet(1, id="abc")),
    "null in data": {"data": [None, tweet(1)]},
    "null tag": page(tweet(1, entities={"hashtags": [None]})),
    "no data": {"meta": {"result_count": 0}},
    "empty data": {"data": [], "meta": {"result_count": 0}},
    "only errors": {"errors": [{"title": "Not Found", "resource_id": "9"}]},
    "compliance": {"id": "9", "action": "delete", "created_at": AT, "reason": "deleted"},
    "stream event": {"data": {"delete": {"tweet": {"id": "9"}, "event_at": AT}}},
    "a handle borne twice": page(
        tweet(1, entities={"mentions": [{"username": "ann", "start": 0, "end": 4}]}),
        users=[user(1, "ann"), user(2, "ANN")],
    ),
    "a user twice": page(tweet(1), users=[user(7, "ann"), user(7, "ann2", public_metrics={})]),
    "an included tweet twice": page(tweet(1), beside=[tweet(0), tweet(0, text="other")]),
    "broken": b'{"data": [{"id": "1"',
    "not JSON": b"hello",
    "two objects": b'{"data": [{"id": "1"}]} {"data": [{"id": "2"}]}',
    "null": b"null",
    "object, null": b'{"data": [{"id": "1"}]} null',
    "NaN aside": b'{"data": [{"id": "1"}], "meta": {"n": NaN}}',
    "nested deeply aside": b'{"data": [{"id": "1"}], "x": ' + b"[" * 9000 + b"]" * 9000 + b"}",
    "not UTF-8": b'{"data": [{"id": "1", "text": "\xff"}]}',
    "not UTF-8 aside": b'{"data": [{"id": "1", "x": "\xff"}]}',
    "half a surrogate": b'{"data": [{"id": "1", "text": "\\ud800"}]}',
    "NUL": b'{"data": [{"id": "1", "text": "a\\u0000b"}]}',
    "a key twice": b'{"data": [{"id": "1", "id": "2", "text": "x"}]}',
    "another type": page(tweet(1, lang=5)),
    "number in a text": page(tweet(1, public_metrics={"like_count": "5"})),
    "a float count": page(tweet(1, public_metrics={"like_count": 5.0})),
    "nulls": page(tweet(1, entities=None, author_id=None, referenced_tweets=None, text=None)),
    "carriage return": lines(page(tweet(1)))[:-1] + b"\r",
    "indented": b"  " + lines(page(tweet(1)))[:-1],
    "unknown key": page(tweet(1, brand_new={"deep": 1}, geo={"deep": 1})),
    "old ids": page(tweet(1, id="21", created_at="2006-03-21T20:51:43.000Z")),
    "odd times": page(
        tweet(1, created_at="2031-03-01"), tweet(2, created_at="soon", id="22"), tweet(3, id="23",
        created_at="2031-03-01T10:00:00.123456+02:00"), tweet(4, created_at="", id="24"),
    ),
    "time before the epoch": page(tweet(1, id="21", created_at="0000-01-01T00:00:00.000Z")),
    "an odd reference": page(tweet(1, referenced_tweets=[{"type": "liked", "id": "6"}, {
        "type": None, "id": "8"}])),
    "two references of a kind": page(tweet(1, referenced_tweets=[
        {"type": "quoted", "id": "6"}, {"type": "quoted", "id": "8"},
        {"type": "retweeted", "id": "6"}])),
    "head in the text only": page(
        tweet(1, text="RT @Bob: hi", referenced_tweets=[{"type": "retweeted", "id": "6"}]),
        tweet(2, text="RT @Żółw: hi", referenced_tweets=[{"type": "retweeted", "id": "8"}]),
        tweet(3, text="RT hi", referenced_tweets=[{"type": "retweeted", "id": "8"}]),
        users=[user(9, "bob")],
    ),
    "quoted by link": page(
        tweet(1, referenced_tweets=[{"type": "quoted", "id": "6"}], entities={"urls": [
            {"expanded_url": "https://twitter.com/i/status/6"},
            {"url": "https://t.co/a", "expanded_url": "https://x.com/Cy/status/6", "start": 0},
            {"expanded_url": "https://x.com/Dee/status/6", "unwound_url": ""}]}),
        tweet(2, referenced_tweets=[{"type": "quoted", "id": "8"}], entities={"urls": [
            {"expanded_url": "https://x.com/Ann/status/8", "media_key": "3_1"}]}),
        users=[user(9, "ann")],
    ),
    "media without keys": page(
        tweet(1, entities={"urls": [link | {"start": start} for start, link in enumerate(MEDIA)]},
              attachments={"media_keys": ["3_1"]}),
        tweet(2, referenced_tweets=[{"type": "quoted", "id": "6"}], entities={"urls": MEDIA[:1]}),
        tweet(3, referenced_tweets=[{"type": "retweeted", "id": "6"}]),
        beside=[tweet(6, id="6", entities={"urls": MEDIA})],
    ),
    "prefixes": page(
        tweet(1, in_reply_to_user_id="9", referenced_tweets=[{"type": "replied_to", "id": "6"}],
              entities={"mentions": [
                  {"username": "c", "start": 5, "end": 7}, {"username": "a", "start": 0, "end": 2},
                  {"username": "b", "id": "3", "start": 3, "end": 4}, {"username": "z"},
                  {"id": "4", "start": 3, "end": 9}, {"start": 9}, {"username": "", "start": 12}]}),
    ),
    "offset too large": page(tweet(1, entities={"hashtags": [{"tag": "a", "start": 1, "end": 2}]})),
    "included without content": page(tweet(1, referenced_tweets=[{"type": "quoted", "id": "6"}]),
        beside=[{"id": "6", "referenced_tweets": [{"type": "quoted", "id": "66"}]}]),
    "no author": page(tweet(1, author_id="")),
    "empty ids": page(
        tweet(1, conversation_id="", in_reply_to_user_id="", referenced_tweets=[
            {"type": "replied_to", "id": "6"}, {"type": "quoted", "id": ""}],
            entities={"mentions": [{"id": "", "username": "ann", "start": 0, "end": 4}]}),
        beside=[{"id": "", "text": "x"}, {"id": "8", "author_id": "", "text": "y"}],
        users=[user("", "bob")], errors=[{"resource_type": "user", "resource_id": ""}],
    ),
    "included and primary": page(tweet(1), tweet(2), beside=[tweet(2, text="other")]),
}  # fmt: skip


@pytest.mark.parametrize("name", HARD, ids=str)
def test_every_other_line_is_read_as_by_rows(name, both):
    results, _ = both(lines(USUAL, HARD[name], USUAL))
    assert_same(results)


def test_what_a_post_lists_twice_at_one_place_it_carries_once(both):
    def link(start, path, **over):
        return {"start": start, "end": 9, "expanded_url": f"https://a.test/{path}"} | over

    urls = [link(0, "a"), link(0, "b"), link(0, "a"), link(5, "a"), link(None, "a")]
    tags = [{"tag": "Ab", "start": 0, "end": 2}, {"tag": "aB", "start": 0, "end": 2}]
    carrying = tweet(
        1,
        entities={"urls": [*urls, *urls[1:]], "hashtags": [*tags, {"tag": "ab", "start": 4}]},
        attachments={"media_keys": ["3_1", "3_2", "3_1"]},
    )
    shared = tweet(2, referenced_tweets=[{"type": "retweeted", "id": "5"}])
    results, count = both(lines(page(carrying, shared, beside=[{**carrying, "id": "5"}])))
    assert count == 1
    assert_same(results)
    corpus = results[0][0]
    table = Counter(row["kind"] for row in corpus.table("attachments").to_pylist())
    assert table == {"url": 3 * 4, "domain": 3 * 3, "hashtag": 3 * 2, "media": 3 * 2}
    assert viewed(corpus)["attachments"].total() == table.total()


@pytest.mark.parametrize("by_columns", [True, False])
def test_media_without_a_key_are_no_links(both, by_columns):
    results, count = both(lines(HARD["media without keys"]))
    assert count == 1
    corpus = results[0 if by_columns else 1][0]
    rows = corpus.table("attachments").to_pylist()
    told = [(r["kind"], r["value"], r["origin"]) for r in rows if r["seen_as"] == "primary"]
    shared = [("url", PAGE_OF_MEDIA, "inherited_share"), ("domain", "x.com", "inherited_share")]
    assert sorted(told) == sorted(
        [("media", "3_1", "authored"), ("url", PAGE_OF_MEDIA, "authored"),
         ("domain", "x.com", "authored"), *shared]
    )  # fmt: skip


@pytest.mark.parametrize("name", ["no author", "empty ids"])
def test_an_empty_id_is_a_missing_one(name, both):
    nothing = json.loads(json.dumps(HARD[name]).replace('""', "null"))
    ((columns, _), (rows, _)), ((without, _), _) = (
        both(lines(HARD[name]))[0],
        both(lines(nothing))[0],
    )
    for table in set(TABLES) - {"sources"}:
        assert observed(columns, table) == observed(rows, table) == observed(without, table)
        assert '"twitter:"' not in json.dumps(columns.table(table).to_pylist(), default=str)


def test_what_stays_the_same_is_written_once(both):
    later = {**USUAL, "__twarc": {"retrieved_at": "2031-03-02T00:00:00.000Z"}}
    changed = json.loads(json.dumps(later))
    changed["includes"]["users"][0]["name"] = "Anna"
    results, count = both(lines(USUAL, later, changed, HARD["users page"], USUAL, changed, later))
    assert count == 6
    assert_same(results)


def test_handles_are_seen_until_the_last_page_and_equal_observations_have_the_first_time(both):
    days = [f"2031-03-0{day}T00:00:00.000Z" for day in (1, 2, 3)]
    quoting = tweet(1, referenced_tweets=[{"type": "quoted", "id": str(ID)}])
    pages = [
        {
            **page(quoting, users=[user(7, "ann")], beside=[tweet(0)]),
            "__twarc": {"retrieved_at": at},
        }
        for at in days
    ]
    results, count = both(lines(*pages))
    assert count == 3
    assert_same(results)
    first, last = (twitter_v2.milliseconds(at) for at in (days[0], days[-1]))
    corpus = results[0][0]
    (alias,) = corpus.table("aliases").to_pylist()
    assert (alias["first_seen_ms"], alias["last_seen_ms"]) == (first, last)
    assert corpus.table("accounts").column("observed_ms").to_pylist() == [first]
    (beside,) = (p for p in corpus.table("posts").to_pylist() if p["seen_as"] == "referenced")
    assert beside["retrieved_ms"] == first


def test_memory_is_emptied_at_the_same_place(both, monkeypatch):
    monkeypatch.setattr(twitter_v2_rows, "_REMEMBERED", 40)
    pages = [page(tweet(n), tweet(n + 1), users=[user(n % 50, f"u{n % 50}")]) for n in range(140)]
    results, count = both(lines(*pages))
    assert count == 140
    (columns, _), (rows, _) = results
    for name in ("posts", "accounts"):
        assert observed(columns, name) == observed(rows, name), name
    assert viewed(columns) == viewed(rows)


def test_blocks_do_not_show(both, monkeypatch):
    monkeypatch.setattr(twitter_v2_parse, "_BLOCK", 700)
    monkeypatch.setattr(twitter_v2_columns, "_TOGETHER", 5)
    monkeypatch.setattr(twitter_v2_columns, "_QUEUED", 0)
    hard = [*HARD.values()]
    results, _ = both(b"\xef\xbb\xbf" + lines(*hard[:9], b"", USUAL, *hard[9:], USUAL, USUAL))
    assert_same(results)


def test_too_long_a_line_is_read_as_by_rows(both, monkeypatch):
    for module in (twitter_v2_columns, twitter_v2_parse):
        monkeypatch.setattr(module, "MAX_LINE", 5000)
    monkeypatch.setattr("workbench.loaders.source.MAX_LINE", 5000)
    monkeypatch.setattr("workbench.loaders.base.MAX_LINE", 5000)
    monkeypatch.setattr(twitter_v2_parse, "_BLOCK", 1000)
    monkeypatch.setattr("workbench.loaders.source.BLOCK", 1000)
    long = page(tweet(5, text="x" * 9000))
    results, count = both(lines(USUAL, long, USUAL, page(tweet(6))))
    assert count == 1
    assert_same(results)


def test_a_failure_to_write_is_not_lost():
    from workbench.errors import InputError
    from workbench.loaders.base import Options, Sink
    from workbench.model import Corpus
    from workbench.model.parts import PartWriter

    class Broken(PartWriter):
        def write(self, name, table):
            raise InputError("disk full")

    source = source_of(lines(USUAL))
    sink = Sink(source, Broken(Corpus.empty(), source.source_id))
    with pytest.raises(InputError, match="disk full"):
        twitter_v2.LOADER.read(source, sink, Options())


def test_the_same_bytes_give_the_same_corpus(tmp_path):
    file = tmp_path / "t.jsonl"
    file.write_bytes(lines(*[USUAL, page(tweet(9)), HARD["users page"]] * 40))
    prints = {load(file, into=tmp_path / str(n)).fingerprint for n in range(3)}
    assert len(prints) == 1


NUMBERS = st.integers(0, 12)
IDS = NUMBERS.map(lambda n: str(ID + (n << 22)) if n % 3 else str(n + 1))
PEOPLE = st.integers(1, 6).map(str)
HANDLES = st.sampled_from(["ann", "Bob", "CY", "dée", ""])
TEXTS = st.sampled_from(["hi", "RT @Bob: hi …", "RT @dée: hi", "", "@ann @bob hi", "ℌ #ſ …"])
TIMES = st.sampled_from([AT, "2031-03-01T00:00:01Z", "2010-01-01T00:00:00.000Z", "x", None])
URLS = st.sampled_from([
    "https://x.com/Ann/status/2", "http://www.bbc.co.uk/a?utm_source=x#y", "mailto:a", "", None,
    "https://twitter.com/i/status/4", "https://x.com/Ann/status/2/photo/1",
    "https://twitter.com/Żółw/status/4/video/1",
])  # fmt: skip
OFFSETS = st.one_of(st.none(), st.integers(0, 9), st.just(3))


def some(**fields):
    """Return objects with any of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


SPAN = {"start": OFFSETS, "end": OFFSETS}
TAGS = st.lists(some(tag=st.sampled_from(["A", "ﬁ", "", None]), **SPAN), max_size=2)
MENTIONS = st.lists(some(id=PEOPLE, username=HANDLES, **SPAN), max_size=4)
LINKS = st.lists(
    some(
        url=URLS, expanded_url=URLS, unwound_url=URLS, media_key=st.just("3_1"), **SPAN,
        display_url=st.sampled_from(["pic.twitter.com/a", "x.com/Ann/status/2", "", None]),
    ),
    max_size=3,
)  # fmt: skip
TYPES = st.sampled_from(["retweeted", "quoted", "replied_to", "replied_to", "liked"])
REFERENCES = st.lists(st.fixed_dictionaries({"type": TYPES, "id": IDS}), max_size=3)
COUNTS = st.one_of(st.none(), st.integers(0, 3))
TWEETS = st.builds(
    lambda number, rest: {"id": number} | rest,
    IDS,
    some(
        author_id=PEOPLE, text=TEXTS, created_at=TIMES, in_reply_to_user_id=PEOPLE,
        conversation_id=IDS, referenced_tweets=REFERENCES, lang=st.just("en"),
        entities=some(mentions=MENTIONS, hashtags=TAGS, cashtags=TAGS, urls=LINKS),
        attachments=some(media_keys=st.lists(st.just("3_1"), max_size=2)),
        public_metrics=some(like_count=COUNTS, retweet_count=COUNTS, bookmark_count=COUNTS),
        edit_history_tweet_ids=st.lists(IDS, max_size=3),
        withheld=some(country_codes=st.lists(st.just("DE"), max_size=2), scope=st.just("tweet")),
        possibly_sensitive=st.booleans(),
    ),
)  # fmt: skip
USERS = st.builds(
    lambda number, rest: {"id": number} | rest,
    PEOPLE,
    some(
        username=HANDLES, name=TEXTS, created_at=TIMES, url=URLS, verified=st.booleans(),
        public_metrics=some(followers_count=COUNTS, listed_count=COUNTS),
    ),
)  # fmt: skip
FAILURES = st.lists(
    some(resource_type=st.sampled_from(["tweet", "user", "poll"]), resource_id=IDS, title=TEXTS),
    max_size=2,
)
UNIQUE = {"unique_by": lambda item: item["id"]}
PAGES = st.builds(
    lambda data, users, beside, errors, at: {
        "data": data,
        "includes": {"users": users, "tweets": beside},
        "errors": errors,
        "__twarc": {"retrieved_at": at},
    },
    st.lists(TWEETS, min_size=1, max_size=4),
    st.one_of(st.lists(USERS, max_size=4, **UNIQUE), st.lists(USERS, max_size=4)),
    st.one_of(st.lists(TWEETS, max_size=3, **UNIQUE), st.lists(TWEETS, max_size=3)),
    FAILURES,
    TIMES,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PAGES, PAGES, PAGES, st.sampled_from([*HARD.values()])), max_size=5))
def test_any_pages(pages):
    with pytest.MonkeyPatch.context() as patched:
        results = []
        for by_columns in (True, False):
            patched.setattr(twitter_v2, "_BY_COLUMNS", by_columns)
            results.append(load_bytes(twitter_v2.LOADER, lines(*pages)))
    (columns, fast), (rows, slow) = results
    for name in TABLES:
        assert observed(columns, name) == observed(rows, name), name
    assert fast.unknown_keys == slow.unknown_keys
    assert dict(fast.stats) == dict(slow.stats)
