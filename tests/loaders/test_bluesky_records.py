from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.bluesky_records import (
    KNOWN,
    camel,
    created,
    indexed,
    is_snake,
    node,
    page,
    place,
    present,
)
from workbench.loaders.moments import UNKNOWN

SEEN = indexed("2031-03-01T10:00:00.000Z")


@pytest.mark.parametrize(
    ("uri", "parts"),
    [
        ("at://did:plc:abc/app.bsky.feed.post/3k", ("did:plc:abc", "app.bsky.feed.post", "3k")),
        ("at://name.example/app.bsky.feed.post/3k", ("name.example", "app.bsky.feed.post", "3k")),
        ("at://did:plc:abc/app.bsky.feed.post", None),
        ("https://did:plc:abc/app.bsky.feed.post/3k", None),
        ("at://did:plc:abc/app.bsky.feed.post/3k extra", None),
        (7, None),
        (None, None),
    ],
)
def test_an_address_has_an_owner_a_collection_and_a_key(uri, parts):
    found = place(uri)
    assert (found and (found.owner, found.collection, found.rkey)) == parts


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("2031-03-01T10:00:00.000Z", "record"),
        ("2031-03-01T10:05:00.000Z", "record"),  # clocks differ
        ("2031-03-01T10:05:00.001Z", "indexed"),
        ("2006-03-01T10:00:00Z", "record"),  # brought along from elsewhere
        ("yesterday", "indexed"),
        ("0000-01-01T00:00:00Z", "indexed"),
        ("", "indexed"),
        (None, "indexed"),
        (1930000000, "indexed"),
    ],
)
def test_a_time_of_the_users_program_must_not_be_later_than_the_index(text, source):
    assert created({"createdAt": text}, SEEN).source == source


def test_without_an_index_any_time_that_can_be_read_holds():
    assert created({"createdAt": "2999-01-01T00:00:00Z"}, UNKNOWN).source == "record"
    assert created({}, indexed("never")) == UNKNOWN


def snake(value):
    if isinstance(value, dict):
        return {
            "py_type" if key == "$type" else "".join(
                f"_{c.lower()}" if c.isupper() else c for c in key
            ): snake(item)
            for key, item in value.items()
        }  # fmt: skip
    return [snake(item) for item in value] if isinstance(value, list) else value


NAMES = st.sampled_from(["$type", "uri", "indexedAt", "displayName", "byteStart", "likeCount", "a"])
VALUES = st.recursive(
    st.none() | st.text() | st.integers(0, 2**60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)


@given(VALUES.filter(lambda value: isinstance(value, dict)))
def test_the_names_of_the_python_sdk_are_those_of_the_api(value):
    assert json.loads(camel(json.dumps(snake(value)).encode())) == value


def test_snake_case_is_seen_by_its_marks():
    assert is_snake(b'{"uri": "u", "indexed_at": null}')
    assert not is_snake(b'{"uri": "u", "indexedAt": null, "text": "\\"indexed_at\\""}')


def test_parts_that_are_null_are_not_there():
    assert not present(node(b'{"post": null}').post)
    assert not present(node(b"{}").parent)
    assert present(page(b'{"thread": {}}').thread)


def test_both_spellings_are_known():
    assert KNOWN.unknown(b'{"indexedAt": 1, "indexed_at": 1, "py_type": "x"}') == set()
    assert KNOWN.unknown(b'{"record": {"somethingNew": 1}}') == {"somethingNew"}
