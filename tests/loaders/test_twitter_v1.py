"""The v1.1 loader: invented and real exports, every shape of a post, every defect."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import few
from tests.loaders.making import load_bytes, whole
from tests.reference import reference_data
from workbench.loaders import load, twitter_v2
from workbench.loaders.base import Head
from workbench.loaders.twitter_v1 import LOADER, sniff

FOLDER = "loaders/twitter_v1"
ANN, BEN = 870_000_000_000_000_001, 870_000_000_000_000_002


def user(number, **over):
    return {"id": number, "id_str": str(number), "screen_name": f"name{str(number)[-1:]}"} | over


def status(number, by=ANN, **over):
    """Return a post whose id is too old to carry a time."""
    return {
        "id": number, "id_str": str(number), "text": f"hello {number}", "user": user(by),
        "created_at": "Sat Mar 01 00:00:00 +0000 2031",
    } | over  # fmt: skip


def mention(number, start, end):
    return {"screen_name": f"name{number % 10}", "id_str": str(number), "indices": [start, end]}


def entities(**over):
    return {"hashtags": [], "urls": [], "user_mentions": [], "symbols": []} | over


def told(*lines):
    data = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode()
                      for line in lines)  # fmt: skip
    return load_bytes(LOADER, data)


def counts(sink):
    return sink.read, sink.read - sink.rejected - sink.duplicates, sink.rejected, sink.duplicates


def table(corpus, name, *columns, **where):
    return [
        tuple(row[column] for column in columns)
        for row in corpus.table(name).to_pylist()
        if all(row[key] == value for key, value in where.items())
    ]


def acts(corpus):
    return table(corpus, "interactions", "kind", "target_id", "target_post_id", "origin",
                 "resolved_by")  # fmt: skip


def carried(corpus, seen_as="primary"):
    return table(corpus, "attachments", "kind", "value", "origin", seen_as=seen_as)


def reasons(corpus):
    return [reason for (reason,) in table(corpus, "rejects", "reason")]


class TestPublishedFacts:
    """What the data notes say of files that are not in this repository."""

    def test_the_invented_stream(self):
        source = reference_data("loaders/synthetic/twitter_v1_stream.jsonl")
        expected = json.loads(reference_data("loaders/synthetic/expected.json").read_text())
        expected = expected[source.name]
        corpus, sink = load_bytes(LOADER, source.read_bytes())
        assert counts(sink) == (7, 7, 0, 0)
        assert len(table(corpus, "posts", seen_as="primary")) == expected["posts_primary"]
        kinds = Counter(kind for kind, *_ in acts(corpus))
        for kind in ("share", "quote", "reply"):
            assert kinds[kind] == expected[kind]
        assert kinds["mention"] == expected["mention_raw"]
        unresolved = [act for act in acts(corpus) if act[1] is None]
        assert [act[0] for act in unresolved] == ["quote"] * expected["quote_unresolved"]
        origins = Counter(act[3] for act in acts(corpus) if act[0] == "mention")
        assert origins["share_head"] == expected["mention_rt_head"]
        assert origins["reply_prefix"] == expected["mention_reply_prefix"]
        assert origins["authored"] == expected["mention_authored"]
        tags = [tag for kind, tag, origin in carried(corpus)
                if kind == "hashtag" and origin == "authored"]  # fmt: skip
        assert tags == expected["hashtags_authored"]
        events = table(corpus, "events", "kind", "subject")
        assert len(events) == expected["control_messages"]
        deleted = [subject for kind, subject in events if kind == "delete"]
        assert deleted == [f"twitter:{post}" for post in expected["deleted_post_ids"]]

    @pytest.mark.reference
    def test_the_anonymised_tweets_of_evently(self):
        """Raw: 187 mentions, 27 hashtags, 364 links in the 359 posts themselves.

        A retweet carries its original's tags: 26 are authored, 1 is inherited, as raw. The links
        are encrypted and so no web addresses: none of the 364 becomes an attachment.
        """
        data = reference_data(f"{FOLDER}/evently_tweets_anonymized.jsonl").read_bytes()
        raw = [json.loads(line) for line in data.splitlines()]
        assert all(str(post["id"]) == post["id_str"] for post in raw)
        corpus, sink = load_bytes(LOADER, data)
        assert counts(sink) == (359, 359, 0, 0)
        assert sink.unknown_keys == {}
        found = Counter((act[0], act[3]) for act in acts(corpus))
        assert found == {
            ("share", "authored"): 47, ("reply", "authored"): 8,
            ("mention", "share_head"): 47, ("mention", "inherited_share"): 5,
            ("mention", "reply_prefix"): 7, ("mention", "authored"): 128,
        }  # fmt: skip
        assert sum(n for (kind, _), n in found.items() if kind == "mention") == 187
        pairs = {act[1:3] for act in acts(corpus) if act[0] == "share"}
        assert all(target and post for target, post in pairs)
        tags = Counter(origin for kind, _, origin in carried(corpus) if kind == "hashtag")
        assert tags == {"authored": 26, "inherited_share": 1}
        assert sum(len(post["entities"]["urls"]) for post in raw) == 364
        assert not [kind for kind, *_ in carried(corpus) if kind == "url"]
        # 19 posts answer an account; 8 of them name the post.
        assert "name no post: 11;" in "".join(sink.notes)

    @pytest.mark.reference
    def test_one_post_through_three_endpoints(self):
        """Identical acts and attachments, offsets included, though the stream cuts the link off."""
        seen = []
        for shape in ("show", "search", "stream"):
            name = f"{FOLDER}/twitwi_normalization-payload-{shape}.json"
            corpus, sink = load_bytes(LOADER, reference_data(name).read_bytes())
            assert counts(sink) == (1, 1, 0, 0)
            assert sink.unknown_keys == {}
            seen.append([
                {key: value for key, value in row.items() if key != "source_id"}
                for name in ("interactions", "attachments")
                for row in corpus.table(name).to_pylist()
            ])  # fmt: skip
        assert seen[0] == seen[1] == seen[2]
        assert len(seen[0]) == 7

    @pytest.mark.reference
    def test_users(self):
        data = reference_data(f"{FOLDER}/twitwi_api-users-v1.json").read_bytes()
        normal = json.loads(reference_data(f"{FOLDER}/twitwi_normalized-users.json").read_text())
        corpus, sink = load_bytes(LOADER, data)
        assert counts(sink) == (3, 3, 0, 0)
        for known in normal:
            ((row),) = [
                row for row in corpus.table("accounts").to_pylist()
                if row["account_id"] == f"twitter:{known['id']}"
            ]  # fmt: skip
            assert (row["handle"], row["followers"], row["following"], row["posts"]) == (
                known["screen_name"], known["followers"], known["friends"], known["tweets"],
            )  # fmt: skip
            assert int(row["created_at"].timestamp()) == known["timestamp_utc"]


@pytest.fixture(scope="module")
def pairs():
    """Return for each source our tables, and twitwi's posts by id."""
    text = reference_data(f"{FOLDER}/twitwi_normalization.json").read_text()
    found = []
    for pair in json.loads(text):
        corpus, sink = load_bytes(LOADER, json.dumps(pair["source"]).encode())
        assert counts(sink) == (1, 1, 0, 0)
        normal = pair["normalized"]
        normal = normal if isinstance(normal, list) else [normal]
        found.append((corpus, {f"twitter:{post['id']}": post for post in normal}))
    return found


@pytest.mark.reference
class TestAgainstTwitwi:
    """The saved results of another normaliser, and where we differ on purpose."""

    def test_kinds(self, pairs):
        kinds = Counter(act[0] for corpus, _ in pairs for act in acts(corpus))
        assert len(pairs) == 9
        assert (kinds["share"], kinds["quote"], kinds["reply"]) == (2, 2, 1)

    def test_posts_authors_and_times(self, pairs):
        for corpus, normal in pairs:
            rows = {row["post_id"]: row for row in corpus.table("posts").to_pylist()
                    if row["availability"] != "stub"}  # fmt: skip
            assert rows.keys() == normal.keys()
            for key, post in normal.items():
                row = rows[key]
                assert row["author_id"] == f"twitter:{post['user_id']}"
                assert row["author_handle"] == post["user_screen_name"]
                assert row["created_ms"] // 1000 == post["timestamp_utc"]
                assert row["likes"] == post["like_count"]
                assert row["replies"] == post.get("reply_count")
                assert row["views"] == post.get("impression_count")
                assert row["source_app"] == post["source_name"]
                # The count of shares that stands on a retweet is the original's: left out.
                shares = None if post["retweeted_id"] else post["retweet_count"]
                assert row["shares"] == shares

    def test_acts(self, pairs):
        fields = {"share": "retweeted_id retweeted_user_id", "quote": "quoted_id quoted_user_id",
                  "reply": "to_tweetid to_userid"}  # fmt: skip
        for corpus, normal in pairs:
            ((primary,),) = table(corpus, "posts", "post_id", seen_as="primary")
            for kind, names in fields.items():
                post, account = (normal[primary][name] for name in names.split())
                wanted = [(f"twitter:{account}", f"twitter:{post}")] if post else []
                assert [act[1:3] for act in acts(corpus) if act[0] == kind] == wanted

    def test_mentions(self, pairs):
        """Twitwi gives a quoter the mentions of what is quoted; a retweeter's are the same."""
        for corpus, normal in pairs:
            ((primary,),) = table(corpus, "posts", "post_id", seen_as="primary")
            own = {act[1].partition(":")[2] for act in acts(corpus) if act[0] == "mention"}
            quoted = normal[primary]["quoted_id"]
            lent = normal[f"twitter:{quoted}"]["mentioned_ids"] if quoted else []
            assert own | {*lent} == {*normal[primary]["mentioned_ids"]}

    def test_tags_and_links(self, pairs):
        """Twitwi gives a quoter the tags of what is quoted, and leaves links to that post out.

        Of the cut post, it keeps the platform's link to the post itself. In one post it reads a tag
        from the text that is none of its entities.
        """
        read_from_text = 0
        for corpus, normal in pairs:
            for key, post in normal.items():
                rows = corpus.table("attachments").to_pylist()
                own = {row["value"] for row in rows
                       if row["post_id"] == key and row["kind"] == "hashtag"}  # fmt: skip
                quoted = post["quoted_id"]
                lent = normal[f"twitter:{quoted}"]["hashtags"] if quoted else []
                more = {*post["hashtags"]} - own - {*lent}
                assert own <= {*post["hashtags"]}
                read_from_text += len(more)
                links = {row["value"] for row in rows
                         if row["post_id"] == key and row["kind"] == "url"}  # fmt: skip
                theirs = {link for link in post["links"] if post["id"] not in link}
                assert {link for link in links if not quoted or quoted not in link} == theirs
        assert read_from_text == 1

    def test_the_text_that_is_cut(self, pairs):
        cut = [text_status for corpus, _ in pairs
               for seen_as, text_status in table(corpus, "posts", "seen_as", "text_status")
               if seen_as == "primary" and text_status == "truncated"]  # fmt: skip
        assert len(cut) == 2  # a post without its whole, and a retweet


WHOLE = entities(hashtags=[{"text": "Ende", "indices": [6, 11]}])
LONG = {"full_text": "hello #Ende", "entities": WHOLE}
CUT = status(5, text="hello…", truncated=True, entities=entities())
FORMS = {
    "text": status(5, text="hello #Ende", entities=WHOLE),
    "full_text": {key: value for key, value in (status(5) | LONG).items() if key != "text"},
    "extended_tweet": CUT | {"extended_tweet": LONG},
}


class TestShapes:
    """One post, however it is written."""

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("around", ["line", "array", "page", "document"])
    def test_forms_and_frames(self, form, around):
        post = FORMS[form]
        content = {
            "line": json.dumps(post),
            "array": json.dumps([post]),
            "page": json.dumps({"statuses": [post], "search_metadata": {"count": 1}}),
            "document": json.dumps({"statuses": [post], "search_metadata": {}}, indent=1),
        }[around]
        corpus, sink = told(content.encode())
        assert counts(sink) == (1, 1, 0, 0)
        assert carried(corpus) == [("hashtag", "ende", "authored")]
        assert table(corpus, "posts", "text", "text_status") == [("hello #Ende", "full")]
        assert (sink.unknown_keys, sink.notes) == ({}, [])

    def test_a_cut_text_is_said_to_be_cut(self):
        own = {"url": "https://t.co/a", "expanded_url": "https://twitter.com/i/web/status/5"}
        corpus, sink = told(status(5, text="hel…", truncated=True, entities=entities(urls=[own])))
        assert table(corpus, "posts", "text_status") == [("truncated",)]
        assert carried(corpus) == []
        assert sink.notes == [
            "records whose text is cut: 1; tags, links and mentions behind the cut are unknown"
        ]

    def test_users_alone_and_with_their_newest_post(self):
        lone = user(ANN, followers_count=3)
        latest = {key: value for key, value in status(9).items() if key != "user"}
        corpus, sink = told(lone, user(BEN, followers_count=4, status=latest),
                            {"users": [lone, 7], "next_cursor": 0})  # fmt: skip
        assert counts(sink) == (4, 3, 1, 0)
        assert table(corpus, "posts", "post_id", "author_id", "seen_as") == [
            ("twitter:9", f"twitter:{BEN}", "referenced"),
        ]  # fmt: skip
        assert {*table(corpus, "accounts", "account_id", "followers")} == {
            (f"twitter:{ANN}", 3), (f"twitter:{BEN}", 4),
        }  # fmt: skip

    def test_a_page_without_posts_is_an_event(self):
        corpus, sink = told({"statuses": [], "search_metadata": {}})
        assert counts(sink) == (1, 1, 0, 0)
        assert table(corpus, "events", "kind", "reason") == [("control", "a page without posts")]


class TestActs:
    """What is an act of the author, and what is not."""

    def test_a_retweet_by_hand_is_none(self):
        by_hand = status(
            5, text="RT @name2: hi", entities=entities(user_mentions=[mention(BEN, 3, 9)])
        )
        corpus, _ = told(by_hand)
        assert acts(corpus) == [("mention", f"twitter:{BEN}", None, "authored", "entity")]

    def test_a_post_that_shares_itself_shares_nothing(self):
        corpus, sink = told(status(5) | {"retweeted_status": status(5)})
        assert (acts(corpus), sink.rejected) == ([], 0)

    def test_a_retweet_of_a_quote_is_one_act_and_brings_both_posts(self):
        quoted = status(3, BEN)
        quote = status(4, BEN, is_quote_status=True, quoted_status_id_str="3")
        shared = status(5, retweeted_status=quote, is_quote_status=True, quoted_status_id_str="3",
                        quoted_status=quoted)  # fmt: skip
        corpus, sink = told(shared)
        assert acts(corpus) == [("share", f"twitter:{BEN}", "twitter:4", "authored", "expanded")]
        assert table(corpus, "posts", "post_id", "kind", "availability") == [
            ("twitter:5", "share", "full"), ("twitter:4", "quote", "full"),
            ("twitter:3", "original", "full"),
        ]  # fmt: skip
        assert sink.notes == []

    def test_a_retweet_carries_its_originals_tags_and_its_own_head(self):
        tags = entities(hashtags=[{"text": "Élan", "indices": [0, 5]}])
        head = entities(user_mentions=[mention(BEN, 3, 9)])
        original = status(4, BEN, entities=tags)
        shared = status(5, text="RT @name2: …", entities=head, retweet_count=8)
        shared["retweeted_status"] = original
        corpus, _ = told(shared)
        assert carried(corpus) == [("hashtag", "élan", "inherited_share")]
        assert [act[3] for act in acts(corpus)] == ["authored", "share_head"]
        assert table(corpus, "posts", "shares", post_id="twitter:5") == [(None,)]

    def test_an_answer_needs_a_post(self):
        head = entities(user_mentions=[mention(BEN, 0, 6)])
        to_post = status(
            5, in_reply_to_status_id=4, in_reply_to_user_id_str=str(BEN), entities=head
        )
        so = "they count as mentions, not as replies"
        to_account = status(6, in_reply_to_user_id_str=str(BEN), entities=head)
        corpus, sink = told(to_post, to_account)
        assert acts(corpus) == [
            ("reply", f"twitter:{BEN}", "twitter:4", "authored", "id_field"),
            ("mention", f"twitter:{BEN}", None, "reply_prefix", "entity"),
            ("mention", f"twitter:{BEN}", None, "authored", "entity"),
        ]  # fmt: skip
        assert sink.notes == [f"records that answer an account and name no post: 1; {so}"]

    def test_a_quote_of_what_is_gone(self):
        link = {"url": "https://t.co/q", "expanded": "https://twitter.com/Gone_1/status/4"}
        told_whom = status(5, quoted_status_id=4, quoted_status_permalink=link)
        corpus, _ = told(told_whom, status(6, quoted_status_id=4))
        assert acts(corpus) == [
            ("quote", "handle:twitter:gone_1", "twitter:4", "authored", "url"),
            ("quote", None, "twitter:4", "authored", "none"),
        ]  # fmt: skip
        assert [kind for kind, *_ in carried(corpus)] == ["url", "domain"]

    def test_a_quote_that_names_nothing_is_said(self):
        corpus, sink = told(status(5, is_quote_status=True))
        assert acts(corpus) == []
        assert sink.notes == ["records that quote and do not name what: 1; no quote is counted"]


CASES = {
    b"no JSON": "broken JSON",
    b'{"id": 5, "text": "cut': "broken JSON",
    b'{"direct_message": {"id": 5}}': "private: a direct message",
    b'{"delete": {"direct_message": {"id": 5}}}': "private: a direct message",
    b'{"id": 5, "text": "x", "recipient_id": 7}': "private: a direct message",
    b'{"id": 5, "text": "x", "recipient": {"id": 7}}': "private: a direct message",
    b'{"delete": {"status": {}}}': "no id",
    b'{"something": 1}': "no post, user, page or control line",
    json.dumps(status(5) | {"id": 1.5e18}).encode(): "Expected `int | str | null`",
    json.dumps(status("", id_str="")).encode(): "no id",
    json.dumps(user("", followers_count=1)).encode(): "no id",
    json.dumps(status(5, retweeted_status={"text": "x"})).encode(): "a retweet of a post",
    json.dumps(status(5, entities=[])).encode(): "Expected `object | null`, got `array`",
    json.dumps(status(5, favorite_count=2**64)).encode(): "$.favorite_count",
}  # fmt: skip


class TestDefects:
    """Every defect is counted with its reason; nothing of a record is half kept."""

    @pytest.mark.parametrize("line", CASES, ids=lambda line: line[:30].decode())
    def test_a_line_that_cannot_be_read(self, line):
        corpus, sink = told(status(1), line, status(2))
        assert counts(sink) == (3, 2, 1, 0)
        (reason,) = reasons(corpus)
        assert CASES[line] in reason
        assert len(corpus.table("posts")) == 2

    def test_one_bad_post_of_a_page_loses_only_itself(self):
        corpus, sink = told({"statuses": [status(1), 7, status(2), {"id": []}]})
        assert counts(sink) == (4, 2, 2, 0)
        assert [row[0] for row in table(corpus, "posts", "post_id")] == ["twitter:1", "twitter:2"]

    def test_two_objects_on_a_line_and_a_lone_surrogate(self):
        line = json.dumps(status(3)).encode().replace(b"hello", rb"\ud83d")
        corpus, sink = told(json.dumps(status(1)).encode() + json.dumps(status(2)).encode(), line)
        assert counts(sink) == (3, 3, 0, 0)
        assert table(corpus, "posts", "text")[2] == ("\ufffd 3",)

    def test_the_same_post_again_is_a_duplicate(self):
        _, sink = told(status(1), status(2), status(1))
        assert counts(sink) == (3, 2, 0, 1)

    @pytest.mark.parametrize("own", [{"author_id": "7"}, {"referenced_tweets": []}])
    def test_a_post_of_the_other_version_is_not_read_without_its_acts(self, own):
        corpus, sink = told(status(1), {"id": "2", "text": "RT @x: y"} | own)
        assert counts(sink) == (2, 1, 1, 0)
        assert reasons(corpus) == ["a post of API v2 among posts of API v1.1"]

    def test_new_keys_are_told(self):
        _, sink = told(status(1, brand_new=1, place={"any": 1}))
        assert sink.unknown_keys == {"brand_new": 1}


@pytest.mark.parametrize(
    ("content", "least", "most"),
    [
        (status(1), 0.95, 1),
        (status(1, full_text="x"), 0.95, 1),
        ([status(1)], 0.95, 1),
        ({"statuses": [status(1)]}, 0.95, 1),
        ({"statuses": [], "search_metadata": {}}, 0.9, 0.9),
        ({"users": [user(1, followers_count=1)]}, 0.95, 1),
        (user(1, followers_count=1), 0.95, 1),
        ({"delete": {"status": {"id": 1}}}, 0.9, 0.9),
        ({"data": [{"id": "1", "author_id": "2", "text": "x"}]}, 0, 0),
        ({"id": "1", "author_id": "2", "text": "x"}, 0, 0),
        (status(1) | {"__typename": "Tweet"}, 0, 0),
        ({"id_str": "1", "rest_id": "1", "user": {"screen_name": "x"}, "text": ""}, 0, 0),
        ({"id": 1, "text": "x", "user": {"name": "x"}}, 0, 0),
        (status(1, user={"id": 7, "id_str": "7"}), 0.95, 1),
        ({"users": [{"id": 1}]}, 0, 0),
        ({}, 0, 0),
        ("a,b", 0, 0),
    ],
)
def test_recognised_by_keys(content, least, most):
    assert least <= sniff(Head("x", json.dumps(content).encode())) <= most


def test_a_page_longer_than_what_is_looked_at_is_recognised():
    page = json.dumps({"statuses": [status(1, text="x" * 300, entities=entities())]}).encode()
    assert sniff(Head("x", page[:-20], whole=False)) == 0.9
    other = page.replace(b'"id"', b'"rest_id"')
    assert sniff(Head("x", other[:-20], whole=False)) == 0


LINES = [
    status(1, entities=entities(user_mentions=[mention(BEN, 0, 5)], urls=[{"expanded_url": "http://a.b"}])),
    status(3, retweeted_status=status(2, BEN, quoted_status=status(1), quoted_status_id=1)),
    status(4, truncated=True, extended_tweet={"full_text": "x", "entities": entities()}),
    {"delete": {"status": {"id": 1}}, "timestamp_ms": "5"}, {"limit": {"track": 1}},
    {"statuses": [status(5), status(6)]}, user(BEN, status={"id": 9, "text": "x"}),
]  # fmt: skip


@few(60)
@given(st.data())
def test_mutated_bytes_never_raise_and_the_sum_holds(data):
    raw = bytearray(b"\n".join(json.dumps(line).encode() for line in LINES))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    _, sink = load_bytes(LOADER, bytes(raw))
    assert 0 <= sink.rejected + sink.duplicates <= sink.read


ODD = st.sampled_from([None, "", "x", 0, -1, 2**63, 2**70, 1.5, True, [], {}, [None], {"id": None},
                       "1346400000000000001", [3, 1], [[]], {"urls": [None]}])  # fmt: skip


@few(60)
@given(st.data())
def test_mutated_types_never_raise_and_the_sum_holds(data):
    line = json.loads(json.dumps(data.draw(st.sampled_from(LINES))))
    place = line
    while True:
        key = data.draw(st.sampled_from(sorted(place)) if isinstance(place, dict) else st.just(0))
        inner = place[key]
        if not inner or not isinstance(inner, dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(ODD)
            break
        place = inner
    corpus, sink = told(status(7), line, status(8))
    assert sink.read - sink.rejected >= 2
    assert len(table(corpus, "posts", post_id="twitter:8")) == 1


def test_loading_goes_the_whole_way(tmp_path):
    file = tmp_path / "x.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in [*LINES, "broken"]))
    report = load(file, progress=False).report
    assert report.formats == {"twitter_v1": 1}
    assert whole(report)
    assert (report.records_read, report.rejected) == (9, 1)


NAMES = {1: "anna_1", 2: "Боб", 3: "carl", 4: "dora"}
PIECES = st.lists(
    st.tuples(st.just("word"), st.sampled_from(["and", "née", "так"]))
    | st.tuples(st.just("mention"), st.sampled_from([*NAMES]))
    | st.tuples(st.just("tag"), st.sampled_from(["Été", "вибори", "x"]))
    | st.tuples(st.just("cash"), st.sampled_from(["tsla", "X"]))
    | st.tuples(st.just("link"), st.sampled_from(["https://a.org/x", "http://B.co.uk/?utm_source=x"])),
    max_size=4,
)  # fmt: skip
POST = st.fixed_dictionaries({"by": st.sampled_from([*NAMES]), "pieces": PIECES,
                              "likes": st.none() | st.integers(0, 9)})  # fmt: skip
KINDS = ["share", "quote", "reply", "quote and reply", None]


@st.composite
def posts(draw, depth=2, number=None):
    """Return a post: what it says, what it does, and the posts that it shares or quotes."""
    number = number or draw(st.integers(10, 19))
    post = draw(POST) | {"id": number, "kind": draw(st.sampled_from(KINDS)), "inner": None}
    if post["kind"] in {None, "reply"} or not depth:
        post["kind"] = "reply" if post["kind"] else None
    else:
        post["inner"] = draw(posts(depth - 1, number + 10))
        post["brought"] = post["kind"] == "share" or draw(st.booleans())
    return post


def text_of(post):
    """Return the text of a post and where what it carries stands in it."""
    text, found = "RT @x: " if post["kind"] == "share" else "", []
    for what, value in post["pieces"]:
        name = NAMES[value] if what == "mention" else value
        sign = {"mention": "@", "tag": "#", "cash": "$"}.get(what, "")
        found.append((what, value, len(text), len(text) + len(sign + name)))
        text += f"{sign}{name} "
    return text, found


def as_v1(post):
    text, found = text_of(post)
    named = {what: [entry for entry in found if entry[0] == what]
             for what in ("mention", "tag", "cash", "link")}  # fmt: skip
    made = {
        "id": post["id"], "id_str": str(post["id"]), "full_text": text, "lang": "uk",
        "created_at": "Sat Mar 01 00:00:00 +0000 2031", "favorite_count": post["likes"],
        "user": {"id": post["by"], "screen_name": NAMES[post["by"]], "followers_count": 3},
        "entities": {
            "user_mentions": [{"screen_name": NAMES[v], "name": "N", "id": v, "indices": [s, e]}
                              for _, v, s, e in named["mention"]],
            "hashtags": [{"text": v, "indices": [s, e]} for _, v, s, e in named["tag"]],
            "symbols": [{"text": v, "indices": [s, e]} for _, v, s, e in named["cash"]],
            "urls": [{"url": "t", "expanded_url": v, "indices": [s, e]}
                     for _, v, s, e in named["link"]],
        },
    }  # fmt: skip
    if post["kind"] and "reply" in post["kind"]:
        made |= {"in_reply_to_status_id": 5, "in_reply_to_user_id_str": "4"}
    if post["kind"] == "share":
        made["retweeted_status"] = as_v1(post["inner"])
    elif post["inner"]:
        made["quoted_status_id_str"] = str(post["inner"]["id"])
        made["is_quote_status"] = True
        if post["brought"]:
            made["quoted_status"] = as_v1(post["inner"])
    return made


def as_v2(post):
    """Return the page of a post as API v2 would bring it."""
    text, found = text_of(post)
    entities = {"mentions": [], "hashtags": [], "cashtags": [], "urls": []}
    for what, value, start, end in found:
        place = {"start": start, "end": end}
        if what == "mention":
            entities["mentions"].append(place | {"username": NAMES[value], "id": str(value)})
        elif what == "link":
            entities["urls"].append(place | {"url": "t", "expanded_url": value})
        elif what != "word":
            entities["hashtags" if what == "tag" else "cashtags"].append(place | {"tag": value})
    made = {"id": str(post["id"]), "author_id": str(post["by"]), "text": text, "lang": "uk",
            "created_at": "2031-03-01T00:00:00.000Z", "entities": entities,
            "referenced_tweets": []}  # fmt: skip
    if post["likes"] is not None:
        made["public_metrics"] = {"like_count": post["likes"]}
    user = {"id": str(post["by"]), "username": NAMES[post["by"]],
            "public_metrics": {"followers_count": 3}}  # fmt: skip
    page = {"data": [made], "includes": {"tweets": [], "users": [user]}}
    if post["inner"]:
        kind = "retweeted" if post["kind"] == "share" else "quoted"
        made["referenced_tweets"].append({"type": kind, "id": str(post["inner"]["id"])})
        if post["brought"]:
            beside = as_v2(post["inner"])
            page["includes"]["tweets"] += beside["data"] + beside["includes"]["tweets"]
            page["includes"]["users"] += beside["includes"]["users"]
    if post["kind"] and "reply" in post["kind"]:
        made["referenced_tweets"].append({"type": "replied_to", "id": "5"})
        made["in_reply_to_user_id"] = "4"
    return page


@few(60)
@given(st.lists(posts(), min_size=1, max_size=3))
def test_both_versions_of_the_api_tell_the_same(found):
    first = load_bytes(LOADER, b"\n".join(json.dumps(as_v1(post)).encode() for post in found))
    second = load_bytes(twitter_v2.LOADER,
                        b"\n".join(json.dumps(as_v2(post)).encode() for post in found))  # fmt: skip
    assert counts(first[1]) == counts(second[1])
    for name in ("posts", "interactions", "attachments", "accounts", "aliases"):
        old, new = (
            sorted(json.dumps({k: v for k, v in row.items() if k != "source_id"}, default=str)
                   for row in corpus.table(name).to_pylist())
            for corpus, _ in (first, second)
        )  # fmt: skip
        assert old == new, name
