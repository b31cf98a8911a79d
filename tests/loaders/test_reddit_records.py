from __future__ import annotations

import msgspec
import pytest

from workbench.loaders.json_records import decoder
from workbench.loaders.reddit_records import KNOWN, Page, Thing


def test_every_key_may_be_missing_and_inner_posts_are_posts():
    read = decoder(Thing)
    assert read(b"{}") == Thing()
    inner = read(b'{"crosspost_parent_list": [{"id": "a", "_meta": {"removal_type": "x"}}]}')
    (original,) = inner.crosspost_parent_list
    assert (original.id, original.meta.removal_type) == ("a", "x")
    assert decoder(Page)(b'{"data": [{"id": 1}]}').data is not None
    with pytest.raises(msgspec.ValidationError):
        read(b'{"title": 5}')


def test_keys_that_nothing_reads_are_told():
    assert KNOWN.unknown(b'{"id": 1, "new": 2, "preview": {"odd": 1}, "_meta": {"far": 1}}') == {
        "new", "far",
    }  # fmt: skip
