"""What the tweets of a page may refer to."""

from __future__ import annotations

import msgspec
import pytest

from workbench.loaders.twitter_v2_page import page_of, text_id
from workbench.loaders.twitter_v2_records import Line, Tweet, User


def page(content, *tweets):
    return page_of(
        msgspec.convert(content, Line), [msgspec.convert(tweet, Tweet) for tweet in tweets]
    )


@pytest.mark.parametrize("value", [17, "17"])
def test_ids_are_text(value):
    assert text_id(value) == "17"


def test_includes_are_found_by_id_and_handle():
    made = page(
        {
            "includes": {
                "users": [{"id": 1, "username": "One"}, {"id": "2", "username": "two"}],
                "tweets": [{"id": "9", "text": "nine"}],
            },
            "__twarc": {"retrieved_at": "2031-03-08T00:00:00Z"},
        },
        {"id": "5", "text": "five"},
    )
    assert set(made.users) == {"1", "2"}
    assert made.handles == {"one": "1", "two": "2"}
    assert made.included["9"].text == "nine"
    assert made.retrieved_at == "2031-03-08T00:00:00Z"
    assert [tweet.id for tweet in made.tweets] == ["5"]


def test_a_handle_that_two_users_bear_belongs_to_nobody():
    users = [{"id": str(i), "username": name} for i, name in enumerate(["Same", "same", "other"])]
    made = page({"includes": {"users": users}})
    assert made.handles == {"same": None, "other": "2"}


def test_flattened_tweets_are_opened_up():
    inner = {
        "id": "9", "text": "inner", "author": {"id": "3", "username": "three"},
        "type": "retweeted",
    }  # fmt: skip
    outer = {
        "id": "5",
        "text": "outer",
        "author": {"id": "1", "username": "one"},
        "in_reply_to_user": {"id": "2", "username": "two"},
        "entities": {
            "mentions": [
                {"id": "4", "username": "four", "name": "Four"},
                {"id": "6", "username": "six"},  # nothing but what the entity itself says
            ]
        },
        "referenced_tweets": [inner, {"id": "8", "type": "quoted"}],
    }
    made = page({}, outer)
    assert set(made.users) == {"1", "2", "3", "4"}
    assert set(made.included) == {"9"}  # of 8 nothing is known but its id


def test_a_user_with_counts_replaces_one_without_and_never_the_other_way():
    plain, counted = {"id": "1", "username": "a"}, {"id": "1", "public_metrics": {"tweet_count": 3}}
    for users in ([plain, counted], [counted, plain]):
        made = page({"includes": {"users": users}})
        assert made.users["1"].public_metrics.tweet_count == 3
    made = page({})
    made.add_user(None)
    made.add_user(User(username="nobody"))
    assert made.users == {}
