"""Typed records: tolerant of what is missing or null, strict about what has another type."""

from __future__ import annotations

import msgspec
import pytest

from workbench.loaders.twitter_v2_records import KNOWN_KEYS, Tweet, User


def test_every_field_may_be_missing_or_null():
    for struct in (Tweet, User):
        names = [field.encode_name for field in msgspec.structs.fields(struct)]
        empty = msgspec.convert({}, struct)
        nulls = msgspec.convert(dict.fromkeys(names), struct)
        assert empty == nulls
        assert all(getattr(empty, field.name) is None for field in msgspec.structs.fields(struct))


def test_ids_are_text_or_whole_numbers_and_nothing_else():
    assert msgspec.json.decode(b'{"id": 1234567890123456789}', type=Tweet).id == 1234567890123456789
    for bad in (b'{"id": 1.5e18}', b'{"id": true}', b'{"id": [1]}', b'{"text": 7}'):
        with pytest.raises(msgspec.ValidationError, match="Expected"):
            msgspec.json.decode(bad, type=Tweet)


def test_unknown_keys_are_skipped_and_known_ones_listed():
    found = msgspec.json.decode(b'{"id": "1", "brand_new": {"x": [1]}}', type=Tweet)
    assert found.id == "1"
    assert {"id", "text", "author_id", "referenced_tweets", "entities"} <= KNOWN_KEYS
    assert {"edit_controls", "note_tweet"} <= KNOWN_KEYS  # left out on purpose, so no drift
    assert "brand_new" not in KNOWN_KEYS
