from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.twitter_v1_records import STRUCTS, Line, Named, Status, Versions, exact


def decode(content, kind=Status):
    return msgspec.json.decode(json.dumps(content).encode(), type=kind)


@pytest.mark.parametrize("kind", STRUCTS)
def test_every_field_may_be_missing_or_null(kind):
    empty = decode({}, kind)
    assert decode(dict.fromkeys(kind.__struct_encode_fields__), kind) == empty
    assert all(getattr(empty, field) is None for field in kind.__struct_fields__)


@given(st.integers(1, 2**64 - 1))
def test_ids_are_exact_as_numbers_and_as_text(number):
    assert decode({"id": number}).key == decode({"id_str": str(number)}).key == str(number)


@given(st.integers(2**53, 2**63 - 1))
def test_the_text_wins_over_a_number_that_a_program_has_rounded(number):
    assert decode({"id": int(float(number)), "id_str": str(number)}).key == str(number)


def test_a_number_with_a_fraction_is_no_id():
    with pytest.raises(msgspec.ValidationError):
        decode({"id": 1.5e18})


@pytest.mark.parametrize(
    ("text", "number", "found"),
    [("5", 6, "5"), (None, 6, "6"), ("", 6, "6"), (None, "7", "7"), (None, None, None)],
)
def test_exact(text, number, found):
    assert exact(text, number) == found


@pytest.mark.parametrize("nobody", [-1, 0, "-1", "0", ""])
def test_accounts_that_are_no_more_have_no_id(nobody):
    named = decode({"id": nobody}, Named)
    assert exact(named.id_str, named.id) is None


@pytest.mark.parametrize(
    "told",
    [
        {"initial_tweet_id": "4", "edit_tweet_ids": ["4", "5"]},
        {"edit_tweet_ids": ["4", "5"]},
        {"edit_control_initial": {"edit_tweet_ids": ["4", 5]}, "initial_tweet_id": 4},
        {"initial": {"edit_tweet_ids": ["4", "5"]}},
        {"edit": {"edit_control_initial": {"edit_tweet_ids": ["5"]}, "initial_tweet_id": "4"}},
    ],
)
def test_versions_in_every_form(told):
    assert {*decode(told, Versions).ids()} == {"4", "5"}


def test_a_line_is_a_post_a_user_or_a_page():
    page = decode({"statuses": [{"id": 1}, 7]}, Line)
    assert [bytes(item) for item in page.statuses] == [b'{"id": 1}', b"7"]
    assert decode({"id": 1, "screen_name": "someone"}, Line).screen_name == "someone"
    assert decode({"id": 1, "retweeted_status": {"id": 2}}, Line).retweeted_status.key == "2"
