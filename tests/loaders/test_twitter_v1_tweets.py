"""Posts of v1.1 as posts of v2: what becomes of each field."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.twitter_v1_records import Media, Person, Status
from workbench.loaders.twitter_v1_tweets import (
    Gaps,
    iso_of_ms,
    iso_time,
    media_key,
    page_of_person,
    page_of_status,
    user_of,
)
from workbench.loaders.twitter_v2_time import milliseconds


def page(content, gaps=None, **over):
    status = msgspec.json.decode(json.dumps({"id_str": "5"} | content).encode(), type=Status)
    return page_of_status(status, gaps or Gaps(), **over)


def tweet(content):
    (found,) = page(content).tweets
    return found


def link(url, indices=None, **over):
    return {"url": "https://t.co/a", "expanded_url": url, "indices": indices} | over


def links(content):
    return [(found.expanded_url, found.start, found.end) for found in tweet(content).entities.urls]


class TestTimes:
    @given(st.integers(1_141_171_200, 1_893_456_000), st.integers(-12, 14))
    def test_the_format_of_v1(self, seconds, hours):
        at = datetime.fromtimestamp(seconds, UTC).astimezone(timezone(timedelta(hours=hours)))
        written = iso_time(at.strftime("%a %b %d %H:%M:%S %z %Y"))
        assert milliseconds(written) == at.timestamp() * 1000

    @pytest.mark.parametrize("text", [None, "", "2021-01-05T12:00:00Z", "Tue Foo 05 12:00:00"])
    def test_others_stay(self, text):
        assert iso_time(text) == text

    @given(st.integers(0, 10**14 - 1))
    def test_milliseconds(self, ms):
        assert milliseconds(iso_of_ms(ms)) == milliseconds(iso_of_ms(str(ms))) == ms

    @pytest.mark.parametrize("other", [None, "", "x", -5, 10**14, "1.5", "٣"])
    def test_no_milliseconds(self, other):
        assert iso_of_ms(other) is None

    def test_a_streams_milliseconds_are_taken_if_they_are_within_the_second(self):
        stated = {"created_at": "Tue Jan 05 12:00:00 +0000 2021"}
        assert tweet(stated | {"timestamp_ms": "1609848000123"}).created_at[:23] == (
            "2021-01-05T12:00:00.123"
        )
        assert tweet(stated | {"timestamp_ms": "1609848001123"}).created_at == (
            "2021-01-05T12:00:00+0000"
        )


class TestTexts:
    def test_the_fullest_text_with_its_entities(self):
        tag = {"hashtags": [{"text": "Ende", "indices": [1, 6]}]}
        whole = {"full_text": "whole", "entities": tag}
        found = tweet({"text": "cut…", "truncated": True, "extended_tweet": whole})
        assert (found.text, found.entities.hashtags[0].tag) == ("whole", "Ende")
        assert tweet({"full_text": "full", "text": "other"}).text == "full"
        assert tweet({"text": "plain"}).text == "plain"
        assert tweet({}).text is None

    def test_which_texts_are_cut(self):
        whole = {"truncated": True, "extended_tweet": {"full_text": "x"}}
        assert page({"truncated": True, "text": "x…"}).truncated == {"5"}
        assert page({"truncated": True, "extended_tweet": {}}).truncated == {"5"}
        assert page(whole).truncated == page({"truncated": False}).truncated == set()

    def test_a_retweet_is_cut_for_a_reader_only_if_its_original_is(self):
        gaps = Gaps()
        page({"truncated": True, "retweeted_status": {"id": 4, "text": "x"}}, gaps)
        assert gaps.cut == 0
        page({"retweeted_status": {"id": 4, "truncated": True}}, gaps)
        assert gaps.cut == 1

    def test_offsets(self):
        found = tweet({"entities": {
            "hashtags": [{"text": "a", "indices": [3, 5]}, {"text": "b"},
                         {"text": "c", "indices": [1]}],
            "symbols": [{"text": "tsla", "indices": [6, 11]}],
        }}).entities  # fmt: skip
        assert [(tag.tag, tag.start, tag.end) for tag in found.hashtags] == [
            ("a", 3, 5), ("b", None, None), ("c", None, None),
        ]  # fmt: skip
        assert [(tag.tag, tag.start, tag.end) for tag in found.cashtags] == [("tsla", 6, 11)]

    def test_mentions_have_an_id_unless_they_name_nobody(self):
        mentions = [{"screen_name": "one", "id": 9, "id_str": "7", "indices": [0, 4]},
                    {"screen_name": "two", "id": -1}, {"screen_name": ""}]  # fmt: skip
        found = tweet({"entities": {"user_mentions": mentions}}).entities.mentions
        assert [(m.id, m.username, m.start, m.end) for m in found] == [
            ("7", "one", 0, 4), (None, "two", None, None), (None, None, None, None),
        ]  # fmt: skip


class TestLinks:
    def test_where_a_link_leads_in_the_end(self):
        (found,) = tweet({"entities": {"urls": [link("u", unwound={"url": "v"})]}}).entities.urls
        assert (found.expanded_url, found.unwound_url) == ("u", "v")

    @pytest.mark.parametrize("own", [
        "https://twitter.com/i/web/status/5", "https://x.com/me/status/5",
        "https://mobile.twitter.com/me/statuses/5/photo/1",
    ])  # fmt: skip
    def test_a_post_does_not_link_to_itself(self, own):
        assert links({"entities": {"urls": [link(own)]}}) == []
        other = own.replace("5", "55")
        assert links({"entities": {"urls": [link(other)]}}) == [(other, None, None)]

    QUOTE = "https://twitter.com/someone/status/4"

    def test_the_link_to_a_quoted_post_is_counted_once(self):
        beside = {"url": "https://t.co/q", "expanded": self.QUOTE}
        quote = {"quoted_status_id": 4, "quoted_status_permalink": beside, "text": "my words"}
        cut = [(self.QUOTE, 9, 23)]
        assert links(quote) == cut
        assert links(quote | {"text": "my words https://t.co/q"}) == cut
        assert links(quote | {"text": "@x my words", "display_text_range": [3, 8]}) == cut
        assert links(quote | {"display_text_range": [0, 2**31 - 1]}) == cut
        there = {"urls": [link(self.QUOTE.replace("someone", "Some1"), [2, 5])]}
        assert links(quote | {"entities": there}) == [(there["urls"][0]["expanded_url"], 2, 5)]

    def test_other_links_beside_the_text_are_left_out(self):
        beside = {"url": "https://t.co/q", "expanded": "https://example.org"}
        assert tweet({"quoted_status_permalink": beside}).entities is None
        nothing = {"quoted_status_id": 4, "quoted_status_permalink": {"url": "https://t.co/q"}}
        assert tweet(nothing).entities is None


class TestMedia:
    @pytest.mark.parametrize(
        ("kind", "place", "key"),
        [
            ("photo", "media", "3_7"),
            ("animated_gif", "tweet_video_thumb", "16_7"),
            ("video", "ext_tw_video_thumb", "7_7"),
            ("video", "amplify_video_thumb", "13_7"),
            ("hologram", "media", "7"),
            (None, "media", "7"),
        ],
    )
    def test_keys_are_those_of_v2(self, kind, place, key):
        media = Media(id=7, type=kind, media_url_https=f"https://pbs.twimg.com/{place}/x.jpg")
        assert media_key(media) == key

    def test_a_key_that_is_told_wins(self):
        assert media_key(Media(id=7, media_key="3_9", type="video")) == "3_9"
        assert media_key(Media()) is None

    def test_the_fullest_list_counts_once_and_its_link_is_no_link(self):
        one = {"id": 1, "type": "photo", "expanded_url": "https://twitter.com/a/status/9/photo/1"}
        two = {"id": 2, "type": "photo"}
        found = tweet(
            {"entities": {"media": [one]}, "extended_entities": {"media": [one, two, one]}}
        )
        assert found.attachments.media_keys == ["3_1", "3_2"]
        assert [entry.media_key for entry in found.entities.urls] == ["3_1"]
        whole = {"full_text": "x", "entities": {"media": [two]}}
        assert tweet({"extended_tweet": whole}).attachments.media_keys == ["3_2"]
        assert tweet({"entities": {"media": []}}).attachments is None


class TestReferences:
    def refers(self, content):
        return [(r.type, r.id, r.text) for r in tweet(content).referenced_tweets]

    def test_an_original_beats_all_else(self):
        shared = {"id": 4, "text": "x"}
        assert self.refers({"retweeted_status": shared, "quoted_status_id": 3,
                            "in_reply_to_status_id": 2}) == [("retweeted", "4", "x")]  # fmt: skip

    def test_a_quote_may_be_an_answer_too(self):
        both = {"quoted_status_id_str": "3", "in_reply_to_status_id_str": "2"}
        assert self.refers(both) == [("quoted", "3", None), ("replied_to", "2", None)]

    @pytest.mark.parametrize("quote", [
        {"quoted_status_id": 3}, {"quoted_status_id_str": "3"}, {"quoted_status": {"id": 3}},
        {"quoted_status_permalink": {"expanded": "https://twitter.com/a/status/3"}},
    ])  # fmt: skip
    def test_what_is_quoted_is_told_in_many_places(self, quote):
        (found,) = self.refers(quote)
        assert found[:2] == ("quoted", "3")

    def test_another_object_than_the_one_named_is_not_taken_for_it(self):
        quote = {"quoted_status_id": 3, "quoted_status": {"id": 4, "text": "other"}}
        assert self.refers(quote) == [("quoted", "3", None)]

    def test_a_newer_version_of_the_post_that_is_named_is_that_post(self):
        newer = {"id": 4, "text": "second", "edit_history": {"edit_tweet_ids": ["3", "4"]}}
        assert self.refers({"quoted_status_id": 3, "quoted_status": newer}) == [
            ("quoted", "4", "second"),
        ]  # fmt: skip

    def test_versions_the_oldest_first(self):
        edited = {"id_str": "10", "edit_history": {"edit_tweet_ids": ["10", "9"]}}
        assert tweet(edited).edit_history_tweet_ids == ["9", "10"]
        assert tweet({}).edit_history_tweet_ids is None

    def test_a_quote_beside_the_original_is_that_of_the_original(self):
        found = page({"retweeted_status": {"id": 4, "text": "x", "quoted_status_id": 3},
                      "quoted_status": {"id": 3, "text": "y"}})  # fmt: skip
        assert {key: post.text for key, post in found.included.items()} == {"4": "x", "3": "y"}

    @pytest.mark.parametrize("nothing", [{"id_str": ""}, {"retweeted_status": {"text": "x"}}])
    def test_what_has_no_id_is_refused(self, nothing):
        with pytest.raises(ValueError, match=r"no id|without id"):
            page(nothing)


class TestFields:
    def test_counts_places_and_sources(self):
        found = tweet({
            "favorite_count": 1, "retweet_count": 2, "reply_count": 3, "quote_count": 4,
            "ext_views": {"count": "5"}, "bookmark_count": 6,
            "lang": "", "possibly_sensitive": False,
            "source": '<a href="https://a.b">An App</a>', "withheld_in_countries": ["DE"],
            "withheld_scope": "status",
        })  # fmt: skip
        counts = found.public_metrics
        assert msgspec.structs.astuple(counts) == (1, 2, 3, 4, 5, 6)
        assert (found.lang, found.source, found.possibly_sensitive) == (None, "An App", False)
        assert (found.withheld.country_codes, found.withheld.scope) == (["DE"], "status")

    def test_missing_is_not_zero(self):
        found = tweet({"withheld_in_countries": []})
        assert (found.public_metrics, found.withheld, found.source) == (None, None, None)
        assert tweet({"ext_views": {"count": "many"}}).public_metrics is None

    def test_the_author(self):
        assert tweet({"user": {"id": 7}, "user_id_str": "8"}).author_id == "7"
        assert tweet({"user_id_str": "8"}).author_id == "8"
        assert tweet({}).author_id is None

    def test_users(self):
        user = user_of(Person(id=7, screen_name="a", location="", friends_count=0, url=""))
        assert (user.id, user.username, user.location, user.url) == ("7", "a", None, None)
        assert user.public_metrics.following_count == 0
        assert user.public_metrics.followers_count is None
        assert user_of(Person(id=7)).public_metrics is None
        assert user_of(None) is None

    def test_a_user_alone(self):
        user, beside = page_of_person(Person(id=7, status=Status(id=5, text="x")))
        assert (user.id, beside.tweets) == ("7", [])
        assert beside.included["5"].author_id == "7"
        with pytest.raises(ValueError, match="no id"):
            page_of_person(Person(screen_name="a"))
