"""The v2 loader against the facts of real exports; a contract of every shape and every defect."""

from __future__ import annotations

import json
import shutil
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference import reference_data
from workbench.engine import session, views
from workbench.loaders import load
from workbench.loaders.base import Head
from workbench.loaders.twitter_v2 import sniff

FOLDER = "loaders/twitter_v2"
SHAPES = (
    "twarc-csv_2sets", "twarc-csv_brexit", "twarc-csv_cashtags", "twarc-csv_cotweet",
    "twarc-csv_edited", "twarc-csv_edited_after", "twarc-csv_edited_before",
    "twarc-csv_entities_test", "twarc-csv_flat", "twarc-csv_geo_tweets", "twarc-csv_many_urls",
    "twarc-csv_media_policy_violation_off", "twarc-csv_media_policy_violation_on",
    "twarc-csv_media_tweet", "twarc-csv_mentions_tweet", "twarc-csv_noflat",
    "twarc-csv_quoted_edit", "twarc-csv_streaming_output_with_error",
    "twarc-csv_tweets_compliance", "twarc-csv_two_tweets", "twarc-csv_users",
    "twarc-csv_users_compliance", "twarc-csv_verified_type", "twarc-network_tweets",
)  # fmt: skip
PAYLOADS = ("", "-geo", "-singletweet", "-tweet-retweet", "-video")


def real(name):
    return load(reference_data(f"{FOLDER}/{name}"))


def rows(corpus, view):
    with session(corpus) as opened:
        return opened.collect(getattr(views, view)(opened)).to_pylist()


def tweet(number, **over):
    return {
        "id": str(2_690_000_000_000_000_000 + (number << 22)),
        "author_id": "7",
        "text": f"hello {number}",
    } | over


def loaded(tmp_path, *lines, name="t.jsonl"):
    file = tmp_path / name
    data = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    file.write_bytes(b"\n".join(data) + b"\n")
    return load(file, format="twitter_v2")


def counts(corpus):
    report = corpus.report
    return report.records_read, report.ok, report.rejected, report.duplicates


@pytest.mark.reference
@pytest.mark.parametrize(
    "name", [f"{n}.jsonl" for n in SHAPES] + [f"twitwi_payload-v2{n}.json" for n in PAYLOADS]
)
def test_every_shape_is_recognised_and_no_record_is_lost(name):
    report = real(name).report
    assert report.formats == {"twitter_v2": 1}
    assert report.ok + report.rejected + report.duplicates == report.records_read > 0
    assert report.ok > 0
    assert report.unknown_keys == {}


@pytest.mark.reference
def test_twarc_network_file_post_by_post():
    corpus = real("twarc-network_tweets.jsonl")
    assert counts(corpus) == (500, 500, 0, 0)
    posts = rows(corpus, "posts")
    primary = [p for p in posts if p["seen_as"] == "primary"]
    assert len(primary) == 500
    assert len({p["author_id"] for p in primary}) == 401
    assert all(p["created_from"] == "snowflake" for p in primary)
    acts = rows(corpus, "interactions")
    kinds = Counter(a["kind"] for a in acts)
    assert kinds == {"share": 367, "mention": 646, "quote": 18, "reply": 35}
    origins = Counter(a["origin"] for a in acts if a["kind"] == "mention")
    assert origins == {
        "share_head": 367, "inherited_share": 119, "reply_prefix": 86, "authored": 74,
    }  # fmt: skip
    assert all(a["target_id"] for a in acts)
    tags = [
        a
        for a in rows(corpus, "attachments")
        if a["kind"] == "hashtag" and a["origin"] == "authored" and a["seen_as"] == "primary"
    ]
    assert len(tags) == 665
    known = {p["post_id"] for p in posts}
    assert {a["target_post_id"] for a in acts if a["target_post_id"]} <= known


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "kinds", "resolved"),
    [
        ("twarc-csv_2sets", (145, 11, 10, 228), (145, 11, 10)),
        ("twarc-csv_brexit", (67, 11, 10, 120), (67, 11, 10)),
        ("twarc-csv_entities_test", (314, 12, 84, 490), (314, 12, 78)),
        ("twarc-csv_flat", (47, 8, 31, 110), (47, 8, 31)),
        ("twarc-csv_media_policy_violation_on", (42, 14, 6, 0), (42, 14, 6)),
        ("twarc-csv_media_policy_violation_off", (42, 14, 6, 61), (42, 14, 6)),
        ("twarc-csv_streaming_output_with_error", (0, 1, 3, 3), (0, 1, 3)),
    ],
)
def test_counts_of_the_data_notes(name, kinds, resolved):
    acts = rows(real(f"{name}.jsonl"), "interactions")
    found = Counter(a["kind"] for a in acts)
    assert tuple(found[k] for k in ("share", "quote", "reply", "mention")) == kinds
    expanded = Counter(a["kind"] for a in acts if a["resolved_by"] == "expanded")
    assert tuple(expanded[k] for k in ("share", "quote", "reply")) == resolved


@pytest.mark.reference
def test_flattened_and_paged_are_the_same():
    def keys(name):
        return sorted(
            (a["kind"], a["actor_id"], a["post_id"], a["target_id"], a["start"] or -1, a["origin"])
            for a in rows(real(name), "interactions")
        )

    def carried(name):
        return Counter(
            (a["post_id"], a["kind"], a["value"], a["start"], a["origin"])
            for a in rows(real(name), "attachments")
            if a["seen_as"] == "primary"
        )

    assert keys("twarc-csv_flat.jsonl") == keys("twarc-csv_noflat.jsonl")
    assert carried("twarc-csv_flat.jsonl") == carried("twarc-csv_noflat.jsonl")


@pytest.mark.reference
def test_a_broken_line_of_a_stream_is_one_reject_and_addressable():
    corpus = real("twarc-csv_streaming_output_with_error.jsonl")
    assert counts(corpus) == (8, 7, 1, 0)
    (reject,) = corpus.table("rejects").to_pylist()
    data = reference_data(f"{FOLDER}/twarc-csv_streaming_output_with_error.jsonl").read_bytes()
    piece = data[reject["byte_offset"] : reject["byte_offset"] + reject["byte_length"]]
    assert data.split(b"\n")[reject["line"] - 1].startswith(piece[:200])


@pytest.mark.reference
def test_users_compliance_and_edits():
    users = real("twarc-csv_users.jsonl")
    assert counts(users)[:2] == (96, 96)
    assert not rows(users, "interactions")
    posts = rows(real("twarc-csv_tweets_compliance.jsonl"), "events")
    accounts = rows(real("twarc-csv_users_compliance.jsonl"), "events")
    assert {e["subject_type"] for e in posts} == {"post"}
    assert {e["subject_type"] for e in accounts} == {"account"}
    assert all(e["kind"] == "delete" and e["reason"] for e in posts + accounts)
    corpus = real("twarc-csv_quoted_edit.jsonl")
    quote = next(a for a in rows(corpus, "interactions") if a["kind"] == "quote")
    reply = next(a for a in rows(corpus, "interactions") if a["kind"] == "reply")
    assert quote["target_post_id"] == reply["target_post_id"]


def test_the_invented_pages(tmp_path):
    source = reference_data("loaders/synthetic/twitter_v2_pages.jsonl")
    expected = json.loads(reference_data("loaders/synthetic/expected.json").read_text())[
        source.name
    ]
    shutil.copy(source, tmp_path / "pages.jsonl")
    corpus = load(tmp_path / "pages.jsonl")
    assert counts(corpus) == (7, 5, 1, 1)
    posts, acts = rows(corpus, "posts"), rows(corpus, "interactions")
    assert sum(p["seen_as"] == "primary" for p in posts) == expected["posts_primary"]
    assert sum(p["availability"] == "stub" for p in posts) == expected["posts_stub"]
    kinds = Counter(a["kind"] for a in acts)
    assert (kinds["share"], kinds["quote"], kinds["reply"]) == (2, 1, 1)
    origins = Counter(a["origin"] for a in acts if a["kind"] == "mention")
    assert origins == {"share_head": 2, "reply_prefix": 2, "authored": 1}
    quote = next(a for a in acts if a["kind"] == "quote")
    assert quote["target_id"].endswith(expected["quote_target_handle_from_url"])
    reply = next(a for a in acts if a["kind"] == "reply")
    assert reply["target_id"] == f"twitter:{expected['reply_target_author_id']}"
    carried = rows(corpus, "attachments")
    for origin, name in (("authored", "authored"), ("inherited_share", "inherited_by_share")):
        tags = {
            a["value"]
            for a in carried
            if a["kind"] == "hashtag" and a["origin"] == origin and a["seen_as"] == "primary"
        }
        assert sorted(tags) == sorted(expected[f"hashtags_{name}"])


def test_the_ladder_step_by_step(tmp_path):
    original, gone = tweet(1, author_id="1"), tweet(2)["id"]
    share = {"referenced_tweets": [{"type": "retweeted", "id": original["id"]}]}
    lost = {"referenced_tweets": [{"type": "retweeted", "id": gone}]}
    head = {"mentions": [{"start": 3, "end": 7, "username": "Bob"}]}
    url = f"https://x.com/Eve/status/{gone}"
    page = {
        "data": [
            tweet(10, text="RT @ann: hello", **share),
            tweet(11, text="RT @Bob: hello", entities=head, **lost),
            tweet(12, text="RT @carol: hello", **lost),
            tweet(13, text="broken head", **lost),
            tweet(
                14,
                referenced_tweets=[{"type": "quoted", "id": gone}],
                entities={"urls": [{"expanded_url": url}]},
            ),
            tweet(
                15,
                referenced_tweets=[{"type": "replied_to", "id": gone}],
                in_reply_to_user_id="5",
            ),
        ],
        "includes": {"tweets": [original], "users": [{"id": "9", "username": "bob"}]},
    }
    acts = loaded(tmp_path, page).table("interactions").to_pylist()
    found = [(a["target_id"], a["resolved_by"]) for a in acts if a["kind"] != "mention"]
    assert found == [
        ("twitter:1", "expanded"),
        ("twitter:9", "entity"),
        ("handle:twitter:carol", "text"),
        (None, "none"),
        ("handle:twitter:eve", "url"),
        ("twitter:5", "id_field"),
    ]


def test_mentions_by_origin_and_a_retweet_carries_its_originals_tags(tmp_path):
    original = tweet(
        1, author_id="1", entities={"hashtags": [{"start": 0, "end": 6, "tag": "Été"}]}
    )
    reply = {"referenced_tweets": [{"type": "replied_to", "id": original["id"]}]}
    mentions = [
        {"start": 0, "end": 4, "username": "ann", "id": "1"},
        {"start": 5, "end": 9, "username": "bob", "id": "2"},
        {"start": 20, "end": 24, "username": "eve", "id": "3"},
    ]
    page = {
        "data": [
            tweet(10, text="@ann @bob no thanks, @eve", entities={"mentions": mentions}, **reply),
            tweet(11, text="@ann @bob a post", entities={"mentions": mentions[:2]}),
            tweet(
                12,
                text="RT @ann: cut…",
                referenced_tweets=[{"type": "retweeted", "id": original["id"]}],
                entities={"mentions": [{"start": 3, "end": 7, "username": "ann", "id": "1"}]},
            ),
        ],
        "includes": {"tweets": [original]},
    }
    corpus = loaded(tmp_path, page)
    acts = [a for a in corpus.table("interactions").to_pylist() if a["kind"] == "mention"]
    assert [a["origin"] for a in acts] == [
        "reply_prefix", "reply_prefix", "authored", "authored", "authored", "share_head",
    ]  # fmt: skip
    tags = {
        (a["value"], a["origin"], a["seen_as"]) for a in corpus.table("attachments").to_pylist()
    }
    assert tags == {("été", "inherited_share", "primary"), ("été", "authored", "referenced")}


def test_ids_are_text_even_as_numbers_and_rounded_ones_are_refused(tmp_path):
    exact = 2_690_000_000_000_000_001
    corpus = loaded(
        tmp_path,
        {"data": [tweet(1, id=exact, author_id=9_007_199_254_740_993)]},
        b'{"data": [{"id": 9.06e+17, "author_id": "1", "text": "x"}]}',
    )
    assert counts(corpus) == (2, 1, 1, 0)
    (post,) = corpus.table("posts").to_pylist()
    assert post["post_id"] == f"twitter:{exact}"
    assert post["author_id"] == "twitter:9007199254740993"


@pytest.mark.parametrize(
    ("line", "expected", "reason"),
    [
        (b'{"data": [{"id": "1"', (1, 0, 1, 0), "broken JSON"),
        (b"[" * 100_000, (1, 0, 1, 0), "no JSON object"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, (1, 0, 1, 0), "nested too deeply"),
        (b'{"data": [{"id": "1", "author_id": "2", "text": NaN}]}', (1, 0, 1, 0), "broken JSON"),
        (b'{"data": [{"author_id": "2", "text": "x"}]}', (1, 0, 1, 0), "no id"),
        (b'{"hello": "world"}', (1, 0, 1, 0), "no tweet, user, page or compliance line"),
        (b"\x80\x81 not text", (1, 0, 1, 0), "broken JSON"),
        (b'{"data": [{"id": "1", "text": "\xff"}]}', (1, 0, 1, 0), "not UTF-8|broken JSON"),
        (b'[{"id": "1", "author_id": "2", "text": "x"}]', (1, 1, 0, 0), None),
        (b'{"id":"1","author_id":"2","text":"x"}{"id":"3","author_id":"2","text":"y"}',
         (2, 2, 0, 0), None),
        (b'{"data": {"id": "1", "author_id": "2", "text": "\\ud83d"}}', (1, 1, 0, 0), None),
        (b'{"data": [], "meta": {"result_count": 0}}', (1, 1, 0, 0), None),
        (b'{"data": [{"id": "1", "author_id": "2", "text": "a", "entities": null}]}',
         (1, 1, 0, 0), None),
    ],
)  # fmt: skip
def test_every_defect_is_counted_with_its_reason(tmp_path, line, expected, reason):
    good = {"data": [tweet(1)]}
    corpus = loaded(tmp_path, line, good)
    read, ok, rejected, duplicates = counts(corpus)
    assert (read - 1, ok - 1, rejected, duplicates) == expected
    if reason:
        (entry,) = corpus.table("rejects").to_pylist()
        import re

        assert re.search(reason, entry["reason"])
        assert (entry["line"], entry["byte_offset"]) == (1, 0)


def test_one_bad_tweet_of_a_page_loses_only_itself(tmp_path):
    page = {"data": [tweet(1), tweet(2, text=7), "nonsense", tweet(3)]}
    assert counts(loaded(tmp_path, page)) == (4, 2, 2, 0)


@pytest.mark.parametrize("wrong", [{}, {"lang": 5}])
def test_a_post_of_the_other_version_is_not_read_without_its_acts(tmp_path, wrong):
    other = {"id": 5, "id_str": "5", "text": "x", "user": {"id_str": "7"}} | wrong
    corpus = loaded(tmp_path, tweet(1), other, {"data": [tweet(2)]})
    assert counts(corpus) == (3, 2, 1, 0)
    (reject,) = corpus.table("rejects").to_pylist()
    assert reject["reason"] == "an object of API v1.1 among those of API v2"


def test_the_same_tweet_on_two_pages_is_a_duplicate_and_counts_once(tmp_path):
    reference = {"referenced_tweets": [{"type": "retweeted", "id": tweet(1)["id"]}]}
    page = {"data": [tweet(5, text="RT @x: y", **reference)]}
    corpus = loaded(tmp_path, page, page)
    assert counts(corpus) == (2, 1, 0, 1)
    assert len(rows(corpus, "interactions")) == 1


def test_stream_compliance_lines_are_events(tmp_path):
    at = "2031-03-01T00:00:00Z"
    lines = [
        {
            "data": {
                "delete": {
                    "tweet": {"id": "5", "author_id": "1"},
                    "event_at": at,
                }
            }
        },
        {"data": {"user_suspend": {"user": {"id": "9"}, "event_at": at}}},
    ]
    corpus = loaded(tmp_path, *lines)
    assert counts(corpus) == (2, 2, 0, 0)
    events = {(e["kind"], e["subject_type"], e["subject"]) for e in rows(corpus, "events")}
    assert events == {("delete", "post", "twitter:5"), ("suspend", "account", "twitter:9")}


def test_a_compliance_line_without_an_id_is_a_reject(tmp_path):
    at = "2031-03-01T00:00:00Z"
    about = {"action": "delete", "created_at": at, "reason": "deleted"}
    corpus = loaded(tmp_path, {"id": "5", **about}, {"id": "", **about})
    assert counts(corpus) == (2, 1, 1, 0)
    assert [e["subject"] for e in rows(corpus, "events")] == ["twitter:5"]
    assert corpus.table("rejects").column("reason").to_pylist() == ["no id"]


def test_what_could_not_be_had_is_kept_and_new_keys_are_told(tmp_path):
    page = {
        "data": [tweet(1, brand_new_key=1)],
        "errors": [{"title": "Not Found Error", "resource_type": "tweet", "resource_id": "77"}],
    }
    corpus = loaded(tmp_path, page)
    assert corpus.report.unknown_keys == {"brand_new_key": 1}
    (event,) = rows(corpus, "events")
    assert (event["kind"], event["subject"], event["reason"]) == (
        "unavailable", "twitter:77", "Not Found Error",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "sure"),
    [
        (b'{"data": [{"author_id": "1"}]}', True),
        (b'{"id": "1", "action": "delete"}', True),
        (b"a,b\n1,2\n", False),
        (b'{"id_str": "1", "user": {"screen_name": "x"}}', False),
        (b"", False),
    ],
)
def test_recognised_by_content(data, sure):
    assert (sniff(Head("x", data)) >= 0.5) == sure


@settings(max_examples=60)
@given(st.data())
def test_mutated_pages_never_raise_and_the_sum_holds(tmp_path_factory, data):
    page = {
        "data": [
            tweet(1),
            tweet(2, entities={"mentions": [{"start": 0, "end": 2, "username": "a"}]}),
        ],
        "includes": {"users": [{"id": "7", "username": "ann"}]},
    }
    raw = bytearray(json.dumps(page).encode() + b"\n" + json.dumps({"data": tweet(3)}).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path_factory.mktemp("fuzz") / "x.jsonl"
    file.write_bytes(bytes(raw))
    report = load(file, format="twitter_v2").report
    assert report.ok + report.rejected + report.duplicates == report.records_read
