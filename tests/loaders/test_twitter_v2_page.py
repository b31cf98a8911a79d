"""The page around a tweet: who can be looked up by id or handle, and which tweets it brings."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.loaders.twitter_v2_page import Page, page_of, text_id
from workbench.loaders.twitter_v2_records import Line, Tweet, User, UserMetrics


def page(tweets=(), **around):
    """Return the page of a line given as JSON values."""
    line = msgspec.convert({"data": list(tweets), **around}, Line)
    return page_of(line, line.data)


@given(st.integers(0, 2**63))
def test_an_id_is_text_however_it_is_written(number):
    assert text_id(number) == text_id(str(number)) == str(number)


def test_leading_zeros_are_part_of_an_id():
    assert text_id("007") == "007"


def test_users_are_found_by_id_and_by_handle_without_regard_to_case():
    found = page(includes={"users": [{"id": 7, "username": "Ann_Tide"}, {"id": "8"}]})
    assert found.users["7"].username == "Ann_Tide"
    assert found.users.keys() == {"7", "8"}
    assert found.handles == {"ann_tide": "7"}


def test_a_handle_that_two_users_bear_leads_to_nobody():
    users = [{"id": number, "username": name} for number, name in
             (("1", "Ann"), ("2", "ANN"), ("1", "ann"), ("3", "bob"), ("3", "Bob"))]  # fmt: skip
    assert page(includes={"users": users}).handles == {"ann": None, "bob": "3"}


def test_a_user_with_counts_replaces_one_without_but_not_the_reverse():
    short, full = User(id="1", username="a"), User(id=1, public_metrics=UserMetrics())
    for order in ((short, full), (full, short)):
        made = Page([])
        for user in order:
            made.add_user(user)
        assert made.users == {"1": full}
        assert made.handles == {"a": "1"}


@pytest.mark.parametrize("user", [None, User(), User(username="ghost")])
def test_a_user_without_id_is_no_user(user):
    made = Page([])
    made.add_user(user)
    assert (made.users, made.handles) == ({}, {})


def test_included_tweets_need_an_id_and_content_and_the_first_is_kept():
    tweets = [
        {"id": "1", "text": "first"}, {"id": 1, "text": "second"}, {"id": "2", "author_id": "9"},
        {"id": "3"}, {"text": "nobody's"}, {"id": "4", "text": ""},
    ]  # fmt: skip
    found = page(includes={"tweets": tweets}).included
    assert {key: tweet.text for key, tweet in found.items()} == {"1": "first", "2": None, "4": ""}


def test_primary_tweets_are_not_included_ones():
    found = page([{"id": "1", "text": "x"}, {"id": "2", "text": "y"}])
    assert [tweet.id for tweet in found.tweets] == ["1", "2"]
    assert found.included == {}


def test_a_flattened_tweet_is_opened_up_at_every_depth():
    def flat(number, **over):
        return {
            "id": str(number), "text": "x", "author_id": str(number * 10),
            "author": {"id": str(number * 10), "username": f"u{number}"},
        } | over  # fmt: skip

    quoted = flat(3, in_reply_to_user={"id": "77", "username": "Gone"})
    reply = flat(2, type="replied_to", referenced_tweets=[quoted | {"type": "quoted"}])
    found = page([flat(1, referenced_tweets=[reply])])
    assert list(found.included) == ["2", "3"]
    assert list(found.users) == ["10", "20", "30", "77"]
    assert found.handles == {"u1": "10", "u2": "20", "u3": "30", "gone": "77"}
    assert found.included["3"].type == "quoted"


def test_mentions_are_users_only_when_flattening_made_them_so():
    mentions = [
        {"start": 0, "end": 4, "username": "ann", "id": "1"},
        {"start": 5, "end": 9, "username": "Bob", "id": "2", "name": "Bob of the Tide"},
    ]
    found = page([{"id": "9", "entities": {"mentions": mentions}}])
    assert found.users.keys() == {"2"}
    assert found.handles == {"bob": "2"}


def test_what_the_line_says_about_itself_is_kept():
    found = page(
        [{"id": "1"}],
        errors=[{"resource_id": "5", "title": "Not Found Error"}],
        __twarc={"retrieved_at": "2031-03-01T00:00:00Z", "version": "2"},
    )
    assert [failure.resource_id for failure in found.failures] == ["5"]
    assert found.retrieved_at == "2031-03-01T00:00:00Z"
    bare = page([{"id": "1"}])
    assert (bare.failures, bare.retrieved_at) == ([], None)


def test_pages_share_nothing():
    first, second = page(), page()
    first.add_user(User(id="1", username="a"))
    first.failures.append("x")
    assert (second.users, second.handles, second.failures) == ({}, {}, [])


def test_references_inside_references_may_go_deeper_than_the_interpreter_stacks():
    """A line that the decoder still takes must not end the load (its limit is not ours)."""
    tweet = Tweet(id="0", text="x", author=User(id="0"))
    for number in range(1, 3000):
        tweet = Tweet(
            id=str(number), text="x", author=User(id=str(number)), referenced_tweets=[tweet]
        )
    found = page_of(Line(), [tweet])
    assert list(found.included) == [str(number) for number in range(2998, -1, -1)]
    assert len(found.users) == 3000


@settings(max_examples=40)
@given(st.recursive(st.just([]), lambda inner: st.lists(inner, max_size=3), max_leaves=12))
def test_tweets_come_in_the_order_of_the_text(shape):
    """Each tweet before what it refers to, references from left to right."""
    numbers, expected = iter(range(1000)), []

    def build(children):
        number = str(next(numbers))
        expected.append(number)
        return {"id": number, "text": "x", "author": {"id": number},
                "referenced_tweets": [build(child) for child in children]}  # fmt: skip

    found = page(includes={"tweets": [build(child) for child in shape]})
    assert list(found.included) == expected
    assert list(found.users) == expected
