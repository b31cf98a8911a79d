"""One tweet into rows: who is meant, where a mention comes from, what is carried, what repeats."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loaders.making import fill, source_of
from workbench.loaders import twitter_v2_rows
from workbench.loaders.twitter_v2_page import page_of
from workbench.loaders.twitter_v2_records import Line, Tweet
from workbench.loaders.twitter_v2_rows import Rows

AT = "2031-03-01T00:00:00Z"
LATER = "2031-03-02T00:00:00Z"
AT_MS, LATER_MS = 1_930_089_600_000, 1_930_176_000_000
ANN = {"id": "1", "username": "Ann", "public_metrics": {"followers_count": 5}}
HISTORY = {"edit_history_tweet_ids": ["40", 45, "50"]}
COUNTS = {
    "like_count": 1, "retweet_count": 2, "reply_count": 3, "quote_count": 4,
    "impression_count": 5, "bookmark_count": 6,
}  # fmt: skip


def tweet(number, **over):
    """Return a tweet whose id is too old to carry a time."""
    return {"id": str(number), "author_id": "7", "text": f"hello {number}"} | over


def refers(kind, number):
    return {"referenced_tweets": [{"type": kind, "id": str(number)}]}


def mention(start, handle, *, number=None, **over):
    found = {"start": start, "end": start + len(handle) + 1, "username": handle}
    return found | ({} if number is None else {"id": number}) | over


def page(*tweets, users=(), tweets_beside=(), **around):
    return {
        "data": list(tweets),
        "includes": {"users": list(users), "tweets": list(tweets_beside)},
        **around,
    }


def written(*pages):
    """Return the corpus that the pages become."""

    def read(sink):
        rows = Rows(sink)
        for content in pages:
            line = msgspec.json.decode(json.dumps(content).encode(), type=Line)
            rows.page(page_of(line, line.data))
        rows.flush_aliases(sink.read)

    return fill(source_of(json.dumps(pages).encode()), read)[0]


def table(corpus, name, *columns, **where):
    """Return rows with the given values as tuples of columns (one column: bare values)."""
    rows = [
        row
        for row in corpus.table(name).to_pylist()
        if all(row[key] == value for key, value in where.items())
    ]
    if not columns:
        return rows
    return [
        row[columns[0]] if len(columns) == 1 else tuple(row[c] for c in columns) for row in rows
    ]


def acts(*pages, kind):
    return table(written(*pages), "interactions", "target_id", "resolved_by", kind=kind)


class TestLadder:
    """Each step is reached only when the ones above it cannot tell."""

    SHARE = tweet(
        50,
        text="RT @carol: hello",
        entities={"mentions": [mention(3, "Bob", number="2"), mention(20, "eve", number="3")]},
        **refers("retweeted", 9),
    )

    def test_a_shared_post_of_the_page_comes_first(self):
        found = acts(page(self.SHARE, tweets_beside=[tweet(9, author_id=1)]), kind="share")
        assert found == [("twitter:1", "expanded")]

    def test_a_shared_post_without_author_is_passed_over(self):
        beside = {"id": "9", "text": "hello"}
        found = acts(page(self.SHARE, tweets_beside=[beside]), kind="share")
        assert found == [("twitter:2", "entity")]

    def test_then_the_mention_in_the_head_by_id_and_by_handle(self):
        assert acts(page(self.SHARE), kind="share") == [("twitter:2", "entity")]
        head = self.SHARE | {"entities": {"mentions": [mention(3, "Bob")]}}
        assert acts(page(head), kind="share") == [("handle:twitter:bob", "entity")]
        known = [{"id": "22", "username": "BOB"}]
        assert acts(page(head, users=known), kind="share") == [("twitter:22", "entity")]
        nameless = self.SHARE | {"entities": {"mentions": [{"start": 3, "end": 7}]}}
        assert acts(page(nameless), kind="share") == [(None, "none")]

    def test_then_the_text_of_the_head(self):
        bare = {key: value for key, value in self.SHARE.items() if key != "entities"}
        known = [{"id": "4", "username": "Carol"}]
        assert acts(page(bare), kind="share") == [("handle:twitter:carol", "text")]
        assert acts(page(bare, users=known), kind="share") == [("twitter:4", "text")]
        twice = [*known, {"id": "5", "username": "carol"}]
        assert acts(page(bare, users=twice), kind="share") == [("handle:twitter:carol", "text")]

    @pytest.mark.parametrize("text", ["", "rt @carol: x", " RT @carol: x", "RT @carol x", None])
    def test_a_text_without_head_tells_nobody(self, text):
        bare = tweet(50, text=text, **refers("retweeted", 9))
        assert acts(page(bare), kind="share") == [(None, "none")]

    def test_the_field_of_a_reply_says_nothing_about_a_share(self):
        both = tweet(50, text="RT @carol: x", in_reply_to_user_id="5", **refers("retweeted", 9))
        assert acts(page(both), kind="share") == [("handle:twitter:carol", "text")]

    def test_a_reply_takes_the_post_then_the_field_and_no_text(self):
        reply = tweet(50, text="@bob no", **refers("replied_to", 9))
        answered = reply | {"in_reply_to_user_id": 5}
        beside = [tweet(9, author_id="1")]
        assert acts(page(answered, tweets_beside=beside), kind="reply") == [
            ("twitter:1", "expanded")
        ]
        assert acts(page(answered), kind="reply") == [("twitter:5", "id_field")]
        assert acts(page(reply), kind="reply") == [(None, "none")]

    @pytest.mark.parametrize(
        ("link", "target"),
        [
            ({"expanded_url": "https://twitter.com/Eve/status/9"}, "handle:twitter:eve"),
            ({"expanded_url": "https://mobile.x.com/eve/statuses/9?s=20"}, "handle:twitter:eve"),
            ({"unwound_url": "https://x.com/eve/status/9", "expanded_url": "https://a.test"},
             "handle:twitter:eve"),
            ({"expanded_url": "https://x.com/ann/status/9"}, "twitter:1"),
            ({"expanded_url": "https://x.com/eve/status/99"}, None),
            ({"expanded_url": "https://x.com/i/status/9"}, None),
            ({"expanded_url": "https://netflix.com/eve/status/9"}, None),
            ({"url": "https://x.com/eve/status/9"}, None),
        ],
    )  # fmt: skip
    def test_a_quote_takes_the_post_then_the_link_to_it(self, link, target):
        quote = tweet(
            50, entities={"urls": [{"url": "https://t.test"}, link]}, **refers("quoted", 9)
        )
        users = [{"id": "1", "username": "Ann"}]
        expected = [(target, "none" if target is None else "url")]
        assert acts(page(quote, users=users), kind="quote") == expected
        beside = [tweet(9, author_id="8")]
        assert acts(page(quote, users=users, tweets_beside=beside), kind="quote") == [
            ("twitter:8", "expanded")
        ]


class TestReferences:
    """A tweet acts once by each kind; what it refers to is the first version of a post."""

    def test_a_reply_that_quotes_acts_twice_but_never_twice_by_one_kind(self):
        both = tweet(50, referenced_tweets=[
            {"type": "replied_to", "id": "8"}, {"type": "quoted", "id": 9},
            {"type": "quoted", "id": "10"}, {"type": "liked", "id": "11"}, {"type": "quoted"},
            {"id": "12"},
        ])  # fmt: skip
        found = table(written(page(both)), "interactions", "kind", "target_post_id", "post_id")
        assert found == [
            ("reply", "twitter:8", "twitter:50"), ("quote", "twitter:9", "twitter:50"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("kinds", "kind"),
        [
            ([], "original"), (["liked"], "original"), (["replied_to"], "reply"),
            (["replied_to", "quoted"], "quote"), (["quoted", "retweeted"], "share"),
        ],
    )  # fmt: skip
    def test_the_kind_of_a_post_is_the_strongest_of_its_references(self, kinds, kind):
        made = tweet(50, referenced_tweets=[{"type": k, "id": str(i)} for i, k in enumerate(kinds)])
        assert table(written(page(made)), "posts", "kind", seen_as="primary") == [kind]

    def test_a_post_that_the_page_does_not_bring_is_a_stub_with_what_is_known(self):
        made = page(
            tweet(50, in_reply_to_user_id="5", **refers("replied_to", 8)),
            tweet(51, text="RT @carol: x", **refers("retweeted", 9)),
        )
        columns = ("post_id", "author_id", "availability", "text", "text_status", "seen_as", "kind")
        found = table(written(made), "posts", *columns, availability="stub")
        assert found == [
            ("twitter:8", "twitter:5", "stub", None, "absent", "referenced", None),
            ("twitter:9", None, "stub", None, "absent", "referenced", None),
        ]

    def test_what_included_posts_refer_to_is_a_stub_too_but_no_act(self):
        beside = tweet(9, author_id="1", **refers("quoted", 4))
        corpus = written(page(tweet(50, **refers("replied_to", 9)), tweets_beside=[beside]))
        assert table(corpus, "posts", "post_id", "availability") == [
            ("twitter:50", "full"), ("twitter:9", "full"), ("twitter:4", "stub"),
        ]  # fmt: skip
        assert table(corpus, "interactions", "kind") == ["reply"]

    def test_a_handle_that_was_given_up_since_is_an_alias_of_the_author(self):
        share = tweet(50, text="RT @Old_Name: x", **refers("retweeted", 9))
        corpus = written(page(share, tweets_beside=[tweet(9, author_id="1")]))
        assert table(corpus, "aliases", "account_id", "handle", "resolved_by") == [
            ("twitter:1", "old_name", "text")
        ]


class TestEdits:
    """Every version is an event, and all acts name the first."""

    def test_versions_of_a_post(self):
        corpus = written(page(tweet(50, **HISTORY)))
        assert table(corpus, "posts", "post_id", "version_id", "edit_ids") == [
            ("twitter:40", "twitter:50", ["twitter:40", "twitter:45", "twitter:50"])
        ]
        events = table(corpus, "events", "kind", "subject_type", "subject", "detail")
        assert events == [
            ("edit", "post", f"twitter:{number}", "twitter:40") for number in (40, 45, 50)
        ]

    @pytest.mark.parametrize("history", [None, [], ["50"], [50]])
    def test_a_post_that_was_never_edited(self, history):
        corpus = written(page(tweet(50, edit_history_tweet_ids=history)))
        assert table(corpus, "posts", "post_id", "edit_ids") == [("twitter:50", None)]
        assert table(corpus, "events") == []

    def test_acts_attachments_and_targets_name_the_first_version(self):
        quote = tweet(
            70,
            entities={"hashtags": [{"tag": "a"}], "mentions": [mention(0, "ann", number="1")]},
            edit_history_tweet_ids=["60", "70"],
            **refers("quoted", 50),
        )
        corpus = written(page(quote, tweets_beside=[tweet(50, author_id="8", **HISTORY)]))
        assert table(corpus, "interactions", "kind", "post_id", "target_post_id") == [
            ("quote", "twitter:60", "twitter:40"), ("mention", "twitter:60", None),
        ]  # fmt: skip
        assert table(corpus, "attachments", "post_id") == ["twitter:60"]


class TestMentions:
    """The origin of a mention is its position; the page tells whose handle it is."""

    @staticmethod
    def origins(mentions, text="x", **over):
        made = page(tweet(50, text=text, entities={"mentions": mentions}, **over))
        found = table(written(made), "interactions", "start", "origin", kind="mention")
        return dict(found)

    def test_a_reply_begins_with_whom_it_answers_until_the_first_gap(self):
        mentions = [mention(0, "ann"), mention(5, "bob"), mention(10, "eve"), mention(15, "dan")]
        reply = refers("replied_to", 9)
        assert set(self.origins(mentions, **reply).values()) == {"reply_prefix"}
        mentions[2] = mention(11, "eve")
        assert self.origins(mentions, **reply) == {
            0: "reply_prefix", 5: "reply_prefix", 11: "authored", 15: "authored",
        }  # fmt: skip

    def test_a_reply_that_begins_with_a_word_has_no_prefix(self):
        assert self.origins([mention(3, "ann")], **refers("replied_to", 9)) == {3: "authored"}

    def test_the_order_of_the_list_does_not_matter(self):
        mentions = [mention(5, "bob"), mention(30, "eve"), mention(0, "ann")]
        assert self.origins(mentions, **refers("replied_to", 9)) == {
            0: "reply_prefix", 5: "reply_prefix", 30: "authored",
        }  # fmt: skip

    def test_a_share_has_a_head_and_what_it_inherits(self):
        mentions = [mention(3, "ann"), mention(9, "bob"), mention(0, "eve")]
        assert self.origins(mentions, **refers("retweeted", 9)) == {
            0: "inherited_share", 3: "share_head", 9: "inherited_share",
        }  # fmt: skip

    @pytest.mark.parametrize("over", [{}, refers("quoted", 9), refers("liked", 9)])
    def test_anybody_else_chose_to_write_them(self, over):
        mentions = [mention(0, "ann"), mention(3, "bob")]
        assert self.origins(mentions, **over) == {0: "authored", 3: "authored"}

    def test_a_mention_without_position_is_nobodys_prefix(self):
        places = [{"username": "ann"}, {"username": "bob", "start": 0}]
        assert self.origins(places, **refers("replied_to", 9)) == {None: "authored", 0: "authored"}

    @settings(max_examples=25)
    @given(st.lists(st.integers(1, 3), min_size=1, max_size=6))
    def test_a_prefix_is_a_prefix(self, gaps):
        """Mentions one space apart belong to it; after a wider gap none does."""
        mentions, place, expected, inside = [], 0, {}, True
        for number, gap in enumerate(gaps):
            place += 0 if not number and gap == 1 else gap
            inside = inside and gap == 1
            mentions.append(mention(place, f"u{number}"))
            expected[place] = "reply_prefix" if inside else "authored"
            place = mentions[-1]["end"]
        assert self.origins(mentions, **refers("replied_to", 9)) == expected

    def test_whose_handle_it_is(self):
        mentions = [
            mention(0, "Ann", number=1), mention(10, "Bob"), mention(20, "Eve"), {"start": 30},
        ]  # fmt: skip
        made = page(
            tweet(50, entities={"mentions": mentions}), users=[{"id": "2", "username": "bOB"}]
        )
        corpus = written(made)
        assert table(corpus, "interactions", "target_id", "resolved_by", kind="mention") == [
            ("twitter:1", "entity"), ("twitter:2", "entity"), ("handle:twitter:eve", "entity"),
            (None, "none"),
        ]  # fmt: skip
        seen = table(corpus, "accounts", "account_id", "handle", "seen_as")
        assert ("twitter:1", "Ann", "mentioned") in seen
        assert {account for account, _, _ in seen} == {"twitter:1", "twitter:2", "twitter:7"}
        assert ("twitter:1", "ann", "entity") in table(
            corpus, "aliases", "account_id", "handle", "resolved_by"
        )

    def test_who_is_known_otherwise_is_not_observed_as_mentioned(self):
        flattened = mention(0, "Bob", number="2", name="Bob of the Tide")
        mentions = [flattened, mention(9, "Ann", number="1")]
        made = page(tweet(50, entities={"mentions": mentions}), users=[ANN])
        seen = table(written(made), "accounts", "account_id", "seen_as")
        assert sorted(seen) == [
            ("twitter:1", "included"), ("twitter:2", "included"), ("twitter:7", "author"),
        ]  # fmt: skip

    def test_referenced_posts_mention_nobody(self):
        beside = tweet(9, author_id="1", entities={"mentions": [mention(0, "ann")]})
        made = page(tweet(50, **refers("quoted", 9)), tweets_beside=[beside])
        assert table(written(made), "interactions", kind="mention") == []


class TestObservations:
    """What says the same as the last time is written once; what has changed is written again."""

    def test_an_account_that_stays_the_same(self):
        same = [page(tweet(n), users=[ANN]) for n in (50, 51, 52)]
        assert len(table(written(*same), "accounts", account_id="twitter:1")) == 1

    def test_an_account_that_changes_and_changes_back(self):
        more = ANN | {"public_metrics": {"followers_count": 6}}
        pages = [page(tweet(50 + i), users=[user])
                 for i, user in enumerate([ANN, more, more, ANN])]  # fmt: skip
        found = table(written(*pages), "accounts", "followers", "record", account_id="twitter:1")
        assert found == [(5, 1), (6, 2), (5, 4)]

    def test_being_an_author_is_another_observation(self):
        pages = [page(tweet(50), users=[ANN]), page(tweet(51, author_id=1), users=[ANN])]
        found = table(written(*pages), "accounts", "seen_as", account_id="twitter:1")
        assert found == ["included", "author"]

    def test_an_author_of_whom_nothing_is_known_is_an_account_once(self):
        found = table(written(page(tweet(50)), page(tweet(51))), "accounts")
        assert [(row["account_id"], row["handle"], row["seen_as"]) for row in found] == [
            ("twitter:7", None, "author")
        ]

    def test_someone_mentioned_again_and_again(self):
        pages = [page(tweet(50 + i, entities={"mentions": [mention(0, "ann", number="1")]}))
                 for i in range(3)]  # fmt: skip
        assert len(table(written(*pages), "accounts", seen_as="mentioned")) == 1
        assert len(table(written(*pages), "interactions", kind="mention")) == 3

    def test_a_referenced_post_again_and_with_other_counts(self):
        def around(number, likes):
            beside = tweet(9, author_id="1", public_metrics={"like_count": likes},
                           entities={"hashtags": [{"tag": "a"}]})  # fmt: skip
            return page(tweet(number, **refers("quoted", 9)), tweets_beside=[beside])

        corpus = written(around(50, 3), around(51, 3), around(52, 4))
        assert table(corpus, "posts", "likes", post_id="twitter:9") == [3, 4]
        assert len(table(corpus, "attachments", post_id="twitter:9")) == 2
        assert len(table(corpus, "interactions", kind="quote")) == 3

    def test_a_stub_again_and_with_an_author(self):
        lost = tweet(50, **refers("replied_to", 9))
        found = [lost, lost | {"id": "51"}, lost | {"id": "52", "in_reply_to_user_id": "5"}]
        corpus = written(*(page(one) for one in found))
        assert table(corpus, "posts", "author_id", availability="stub") == [None, "twitter:5"]

    def test_a_primary_post_is_written_as_often_as_it_is_there(self):
        corpus = written(page(tweet(50)), page(tweet(50)))
        assert len(table(corpus, "posts", post_id="twitter:50")) == 2

    def test_a_primary_post_of_the_page_is_not_referenced_as_well(self):
        reply = tweet(51, **refers("replied_to", 50))
        corpus = written(page(tweet(50), reply, tweets_beside=[tweet(50)]))
        assert table(corpus, "posts", "post_id", "seen_as") == [
            ("twitter:50", "primary"), ("twitter:51", "primary"),
        ]  # fmt: skip

    def test_handles_span_the_time_in_which_they_were_seen(self):
        pages = [page(tweet(50 + i), users=[ANN | {"name": str(i)}],
                      __twarc={"retrieved_at": at})
                 for i, at in enumerate([LATER, AT, None, "2031-03-01T12:00:00Z"])]  # fmt: skip
        columns = ("account_id", "handle", "first_seen_ms", "last_seen_ms", "resolved_by")
        assert table(written(*pages), "aliases", *columns) == [
            ("twitter:1", "ann", AT_MS, LATER_MS, "id_field")
        ]

    def test_memory_is_bounded_and_loses_nothing(self, monkeypatch):
        pages = [page(tweet(50 + i), users=[ANN], __twarc={"retrieved_at": AT})
                 for i in range(3)]  # fmt: skip
        kept = written(*pages)
        monkeypatch.setattr(twitter_v2_rows, "_REMEMBERED", 0)
        forgotten = written(*pages)
        assert len(table(kept, "aliases")) == 1
        assert len(table(forgotten, "aliases")) == 3
        assert len(table(forgotten, "accounts", account_id="twitter:1")) == 3
        for name in ("accounts", "aliases"):
            columns = [c for c in kept.table(name).column_names if c != "record"]
            once = {repr(row) for row in table(kept, name, *columns)}
            assert {repr(row) for row in table(forgotten, name, *columns)} == once


class TestAttachments:
    """What a post carries; a share carries what the original does, not its own cut text."""

    @staticmethod
    def carried(*pages, **where):
        return table(written(*pages), "attachments", "kind", "value", "origin", **where)

    def test_a_share_carries_what_the_original_does(self):
        original = tweet(
            9,
            author_id="1",
            entities={"hashtags": [{"tag": "Whole", "start": 0, "end": 6}]},
            attachments={"media_keys": ["3_1"]},
        )
        share = tweet(50, entities={"hashtags": [{"tag": "Who"}]}, **refers("retweeted", 9))
        made = page(share, tweets_beside=[original])
        assert self.carried(made, post_id="twitter:50") == [
            ("hashtag", "whole", "inherited_share"), ("media", "3_1", "inherited_share"),
        ]  # fmt: skip
        assert self.carried(made, post_id="twitter:9") == [
            ("hashtag", "whole", "authored"), ("media", "3_1", "authored"),
        ]  # fmt: skip
        shares = table(written(made), "attachments", "author_id", "seen_as", post_id="twitter:50")
        assert set(shares) == {("twitter:7", "primary")}

    def test_a_share_whose_original_is_missing_carries_its_own_as_inherited(self):
        share = tweet(50, entities={"hashtags": [{"tag": "Who"}]}, **refers("retweeted", 9))
        assert self.carried(page(share)) == [("hashtag", "who", "inherited_share")]

    def test_a_quote_carries_its_own(self):
        quote = tweet(50, entities={"hashtags": [{"tag": "Own"}]}, **refers("quoted", 9))
        original = tweet(9, entities={"hashtags": [{"tag": "Theirs"}]})
        made = page(quote, tweets_beside=[original])
        assert self.carried(made, post_id="twitter:50") == [("hashtag", "own", "authored")]

    def test_tags_links_domains_and_media(self):
        entities = {
            "hashtags": [{"tag": "ÉTÉ", "start": 1, "end": 5}, {"tag": ""}, {"start": 3}],
            "cashtags": [{"tag": "abc", "start": 6, "end": 10}],
            "urls": [
                {"url": "https://t.test/1", "expanded_url": "https://sub.example.org/a?utm_source=b",
                 "start": 11, "end": 20},
                {"url": "https://t.test/2", "expanded_url": "https://short.test/x",
                 "unwound_url": "https://long.example.org/y"},
                {"url": "https://t.test/3", "media_key": "3_9"},
                {"url": "mailto:a@example.org"}, {},
            ],
        }  # fmt: skip
        made = tweet(50, entities=entities, attachments={"media_keys": ["3_9"]})
        columns = ("kind", "value", "value_raw", "start", "end")
        first, second = "https://sub.example.org/a?utm_source=b", "https://long.example.org/y"
        assert table(written(page(made)), "attachments", *columns) == [
            ("hashtag", "été", "ÉTÉ", 1, 5),
            ("cashtag", "ABC", "abc", 6, 10),
            ("url", "https://sub.example.org/a", first, 11, 20),
            ("domain", "example.org", "https://sub.example.org/a", 11, 20),
            ("url", second, second, None, None),
            ("domain", "example.org", second, None, None),
            ("media", "3_9", "3_9", None, None),
        ]


class TestPosts:
    """Counts, states and failures."""

    COLUMNS = ("likes", "shares", "replies", "quotes", "views", "bookmarks")

    @pytest.mark.parametrize(
        ("over", "expected"),
        [
            ({}, (1, 2, 3, 4, 5, 6)),
            (refers("quoted", 9), (1, 2, 3, 4, 5, 6)),
            (refers("retweeted", 9), (1, None, 3, 4, 5, 6)),
        ],
    )
    def test_the_shares_printed_on_a_share_are_the_originals(self, over, expected):
        made = page(tweet(50, public_metrics=COUNTS, **over))
        assert table(written(made), "posts", *self.COLUMNS, seen_as="primary") == [expected]

    def test_no_counts_are_unknown_not_zero(self):
        made = page(tweet(50), tweet(51, public_metrics={"like_count": 0}))
        assert table(written(made), "posts", *self.COLUMNS[:2]) == [(None, None), (0, None)]

    @pytest.mark.parametrize(
        ("over", "status"),
        [
            ({"text": "all of it"}, "full"),
            ({"text": "an original may end so…"}, "full"),
            ({"text": None}, "absent"),
            ({"text": "RT @a: cut…", **refers("retweeted", 9)}, "truncated"),
            ({"text": "RT @a: short", **refers("retweeted", 9)}, "full"),
            ({"text": "gone", "withheld": {"scope": "tweet"}}, "withheld"),
        ],
    )
    def test_how_much_of_the_text_is_there(self, over, status):
        found = table(written(page(tweet(50, **over))), "posts", "text_status", seen_as="primary")
        assert found == [status]

    def test_what_is_withheld_says_where(self):
        made = tweet(50, withheld={"country_codes": ["DE", "FR"], "scope": "user"})
        corpus = written(page(made))
        assert table(corpus, "posts", "withheld", "availability") == [(["DE", "FR"], "withheld")]
        assert table(corpus, "events", "kind", "subject", "reason", "detail") == [
            ("withhold", "twitter:50", "user", "DE,FR")
        ]

    def test_the_author_is_named_as_the_page_knows_him(self):
        made = page(
            tweet(50, author_id=1, created_at=AT, conversation_id=40, lang="fr", source="App"),
            users=[ANN],
            __twarc={"retrieved_at": LATER},
        )
        columns = ("author_id", "author_handle", "created_ms", "conversation_id", "lang",
                   "source_app", "retrieved_ms", "record")  # fmt: skip
        assert table(written(made), "posts", *columns) == [
            ("twitter:1", "Ann", AT_MS, "twitter:40", "fr", "App", LATER_MS, 1)
        ]

    @pytest.mark.parametrize(
        ("resource", "subject"),
        [("tweet", "post"), ("user", "account"), ("media", "record"), (None, "record")],
    )
    def test_what_could_not_be_had(self, resource, subject):
        failure = {"resource_type": resource, "resource_id": 77, "title": "Not Found Error",
                   "parameter": "author_id"}  # fmt: skip
        corpus = written(page(tweet(50), errors=[failure, {}]))
        assert table(corpus, "events", "kind", "subject_type", "subject", "reason", "detail") == [
            ("unavailable", subject, "twitter:77", "Not Found Error", "author_id"),
            ("unavailable", "record", None, None, None),
        ]

    def test_every_row_names_the_record_it_comes_from(self):
        corpus = written(page(tweet(50), tweet(51)), page(tweet(52, **refers("quoted", 9))))
        found = table(corpus, "posts", "post_id", "record")
        assert found == [
            ("twitter:50", 1), ("twitter:51", 2), ("twitter:52", 3), ("twitter:9", 3),
        ]  # fmt: skip
        assert table(corpus, "interactions", "record") == [3]


def test_a_text_that_the_page_knows_to_be_cut():
    def read(sink):
        line = Line(data=[Tweet(id="5", text="whole"), Tweet(id="6", text="c…")])
        content = page_of(line, line.data)
        content.truncated.add("6")
        Rows(sink).page(content)

    corpus, _ = fill(source_of(b"x"), read)
    assert table(corpus, "posts", "text_status") == ["full", "truncated"]


def test_an_author_without_user_object_hides_no_observation():
    corpus = written(
        page(tweet(50), users=[{"id": "7", "username": "seven"}], __twarc={"retrieved_at": AT}),
        page(tweet(51), __twarc={"retrieved_at": LATER}),
    )
    assert table(corpus, "accounts", "handle", "observed_ms") == [("seven", AT_MS), (None, None)]


def test_an_alias_is_known_from_its_first_to_its_last_day():
    def read(sink):
        rows = Rows(sink)
        for at in (None, 5, 3, 9):
            rows.alias("twitter:7", "Seven", how="url", at=at)
        rows.flush_aliases(1)

    corpus, _ = fill(source_of(b"x"), read)
    names = ("account_id", "handle", "first_seen_ms", "last_seen_ms", "resolved_by")
    assert table(corpus, "aliases", *names) == [("twitter:7", "seven", 3, 9, "url")]
