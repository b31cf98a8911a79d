"""Tweets in the columns of minet."""

from __future__ import annotations

import csv

import pytest

from tests.corpora import corpus_of, crisis
from tests.graphs.test_corpus_tables import act, carried, post, rows_of
from tests.reference import reference_data
from workbench.errors import CannotBuildError
from workbench.graphs.minet_table import MINET, minet


def tweet(name, **more):
    made = {
        key: value.replace("x:", "twitter:") if isinstance(value, str) else value
        for key, value in post(name).items()
    }
    return made | {"platform": "twitter"} | more


def twitter(row, **more):
    made = {
        key: value.replace("x:", "twitter:", 1) if isinstance(value, str) else value
        for key, value in row.items()
    }
    return made | more


@pytest.mark.reference
def test_the_columns_are_those_of_minet():
    file = reference_data("loaders/twitter_v1/twitwi_tweet-export.csv")
    with file.open(encoding="utf-8", newline="") as handle:
        assert tuple(next(csv.reader(handle))) == MINET


def test_every_tweet_is_a_row_with_bare_ids():
    rows = rows_of(minet(crisis()))
    assert len(rows) == 5600
    assert all(row["id"].isdecimal() and row["user_id"].isdecimal() for row in rows)
    shares = [row for row in rows if row["retweeted_id"]]
    assert len(shares) == 2894
    assert all(row["retweeted_user"] for row in shares)


def test_what_a_tweet_does_and_carries_stands_in_its_columns():
    corpus = corpus_of(
        posts=[
            tweet("1", sensitive=True, likes=3, lang="fr", author_handle="Ann_Z", views=0),
            tweet("9", seen_as="referenced", created_ms=1000),
        ],
        accounts=[
            {"account_id": f"twitter:{i}", "handle": f"Name{i}", "platform": "twitter",
             "seen_as": "mentioned", "source_id": "s", "record": 1, "verified": False}
            for i in (1, 2, 3)
        ],
        interactions=[
            twitter(act("1", "quote", "x:9"), target_id="twitter:2"),
            twitter(act("1", "reply", "x:8"), target_id="handle:twitter:only_name"),
            twitter(act("1", "mention", None), target_id="twitter:3", start=0),
            twitter(act("1", "mention", None), target_id="twitter:2", start=9),
            twitter(act("1", "mention", None), target_id="handle:twitter:a_name", start=19),
            twitter(act("1", "mention", None), target_id="twitter:9", origin="inherited_quote"),
        ],
        attachments=[
            twitter(carried("1", "https://b.example/x")),
            twitter(carried("1", "b.example"), kind="domain"),
            twitter(carried("1", "été"), kind="hashtag"),
            twitter(carried("1", "мир"), kind="hashtag", origin="inherited_quote"),
        ],
    )  # fmt: skip
    (row,) = rows_of(minet(corpus))
    filled = {name: value for name, value in row.items() if value}
    assert filled == {
        "id": "1", "timestamp_utc": "1.500", "local_time": "1970-01-01T00:00:01",
        "user_screen_name": "Ann_Z", "text": "t", "possibly_sensitive": "1", "like_count": "3",
        "impression_count": "0", "lang": "fr", "to_username": "only_name", "to_tweetid": "8",
        "user_id": "1", "user_verified": "0", "match_query": "1", "quoted_id": "9",
        "quoted_user": "Name2", "quoted_user_id": "2", "quoted_timestamp_utc": "1",
        "links": "https://b.example/x", "domains": "b.example",
        "mentioned_names": "a_name|name2|name3", "mentioned_ids": "|2|3", "hashtags": "été",
    }  # fmt: skip


def test_posts_of_other_platforms_are_no_tweets():
    corpus = corpus_of(posts=[post("1", platform="bluesky"), post("2", platform="twitter")])
    with pytest.raises(CannotBuildError, match="posts of bluesky"):
        minet(corpus)
