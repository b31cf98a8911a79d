"""The typed records: what they tolerate, what they refuse, and which keys count as known."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.loaders import twitter_v2_records as records
from workbench.loaders.twitter_v2_records import KNOWN_KEYS, Includes, Line, Tweet, User

STRUCTS = [
    thing
    for thing in vars(records).values()
    if isinstance(thing, type) and issubclass(thing, msgspec.Struct)
]
scalars = st.none() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


def decode(content, kind=Line):
    return msgspec.json.decode(json.dumps(content).encode(), type=kind)


def test_all_records_are_looked_at():
    assert {Line, Tweet, User, Includes} < set(STRUCTS)
    assert len(STRUCTS) == 14


@pytest.mark.parametrize("kind", STRUCTS)
def test_every_field_may_be_missing_or_null(kind):
    empty = decode({}, kind)
    assert empty == decode(dict.fromkeys(kind.__struct_encode_fields__), kind)
    assert all(getattr(empty, name) is None for name in kind.__struct_fields__)


@pytest.mark.parametrize("kind", STRUCTS)
@settings(max_examples=10)
@given(st.dictionaries(st.text(min_size=1, max_size=6), scalars, max_size=3))
def test_keys_without_a_field_are_skipped(kind, extra):
    extra = {key: value for key, value in extra.items() if key not in kind.__struct_encode_fields__}
    assert decode(extra, kind) == decode({}, kind)


@pytest.mark.parametrize("value", ["17", "00017", 17, 2**63 - 1, "no number"])
def test_an_id_is_kept_as_text_or_whole_number_exactly(value):
    names = ["id", "author_id", "conversation_id", "in_reply_to_user_id"]
    tweet = decode(dict.fromkeys(names, value) | {"edit_history_tweet_ids": [value]}, Tweet)
    assert [getattr(tweet, name) for name in names] == [value] * 4
    assert tweet.edit_history_tweet_ids == [value]


@pytest.mark.parametrize("value", [1.5, 9.06e17, True, ["1"], {"id": "1"}])
def test_an_id_that_lost_digits_or_is_something_else_is_refused(value):
    with pytest.raises(msgspec.ValidationError, match=r"\$\.id"):
        decode({"id": value}, Tweet)
    with pytest.raises(msgspec.ValidationError, match=r"\$\.includes\.users\[0\]\.id"):
        decode({"includes": {"users": [{"id": value}]}})


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"text": 7}, r"\$\.text"),
        ({"entities": {"mentions": [{"start": "3"}]}}, r"\$\.entities\.mentions\[0\]\.start"),
        ({"public_metrics": {"like_count": "4"}}, r"\$\.public_metrics\.like_count"),
        ({"referenced_tweets": [{"id": "1"}, 7]}, r"\$\.referenced_tweets\[1\]"),
        ({"possibly_sensitive": 1}, r"\$\.possibly_sensitive"),
    ],
)
def test_a_wrong_type_is_refused_with_its_place(content, place):
    with pytest.raises(msgspec.ValidationError, match=place):
        decode(content, Tweet)


def test_data_is_a_list_of_tweets_or_one_or_missing():
    tweet = {"id": "1", "text": "x"}
    assert decode({"data": [tweet]}).data == [Tweet(id="1", text="x")]
    assert decode({"data": tweet}).data == Tweet(id="1", text="x")
    assert decode({"data": []}).data == []
    assert decode({"meta": {"result_count": 0}}).data is None


def test_a_line_may_be_a_tweet_of_its_own_a_flattened_one_or_a_control_line():
    flat = decode(
        {
            "id": "1", "author": {"id": "2", "username": "ann"}, "in_reply_to_user": {"id": "3"},
            "referenced_tweets": [{"type": "quoted", "id": "4", "author": {"id": "5"}}],
            "__twarc": {"retrieved_at": "2031-03-01T00:00:00Z", "url": "https://api.test"},
        }
    )  # fmt: skip
    assert (flat.author.username, flat.in_reply_to_user.id) == ("ann", "3")
    assert flat.referenced_tweets[0].author == User(id="5")
    assert flat.referenced_tweets[0].type == "quoted"
    assert flat.collector.retrieved_at == "2031-03-01T00:00:00Z"
    control = decode({"id": "1", "action": "delete", "reason": "deleted"})
    assert (control.action, control.reason) == ("delete", "deleted")


def test_a_mention_has_its_place_and_what_flattening_adds_of_the_user():
    (mention,) = decode(
        {"mentions": [{"start": 0, "end": 4, "username": "ann", "id": 1,
                       "public_metrics": {"followers_count": 2}}]}, records.Entities,
    ).mentions  # fmt: skip
    assert (mention.start, mention.end, mention.username, mention.id) == (0, 4, "ann", 1)
    assert mention.public_metrics.followers_count == 2
    assert isinstance(mention, User)


@pytest.mark.parametrize("kind", STRUCTS)
def test_every_key_that_is_read_is_known_where_the_drift_report_looks(kind):
    opaque = {records.Failure, records.Collector}  # stand below keys that are left out as a whole
    read = set(kind.__struct_encode_fields__) - {"id_str"}  # read to reject posts of API v1.1
    assert kind in opaque or read <= KNOWN_KEYS


def test_known_are_keys_of_the_format_not_names_of_the_code():
    assert "__twarc" in KNOWN_KEYS
    assert not {"collector", "id_str", "full_text", "brand_new_key"} & KNOWN_KEYS
