"""Unknown keys: the quick look never misses one that the search would find."""

from __future__ import annotations

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders import twitter_v2_drift as drift
from workbench.loaders.twitter_v2_records import KNOWN_KEYS

KEYS = st.sampled_from(
    ["data", "includes", "id", "text", "entities", "urls", "hashtags", "tag", "users", "new", "geo"]
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
)


def shapes(kind, found):
    for field in msgspec.structs.fields(kind):
        yield field.encode_name, field.type is msgspec.Raw
        text = [field.type]
        while text:
            part = text.pop()
            text += getattr(part, "__args__", ())
            if isinstance(part, type) and issubclass(part, msgspec.Struct) and part not in found:
                found.add(part)
                yield from shapes(part, found)


def test_the_quick_look_knows_no_more_than_the_search():
    for key, skipped in shapes(drift._Known, set()):
        assert key in KNOWN_KEYS
        assert not skipped or key in drift._OPAQUE, key


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_both_find_the_same(content):
    data = json.dumps(content).encode()
    assert drift.unknown_keys(data) == drift._searched.unknown(data)


def test_what_is_found():
    page = {"data": [{"id": "1", "brand_new": 1, "geo": {"deep": 1}}], "also": {"id": 1}}
    assert drift.unknown_keys(json.dumps(page).encode()) == {"brand_new", "also"}
    assert drift.unknown_keys(b"no JSON") == set()
    assert drift.unknown_keys(b'{"data": [{"id": "1", "text": "x", "entities": {}}]}') == set()
