from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.written import (
    HASHTAG,
    HEAD,
    LINK,
    MENTION,
    SHORT_LINK,
    STATUS,
    TAG_IN_PROSE,
    addressed,
)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("@Ann_a @bob_b hello @cyd", ["ann_a", "bob_b"]),
        ("@ann_a: no", ["ann_a"]),
        ("@ann_aさん、はい", ["ann_a"]),
        (".@ann_a all see this", []),
        (" @ann_a", []),
        ("@ann_a  @bob_b", ["ann_a"]),
        ("", []),
        ("@", []),
        ("hello", []),
    ],
)
def test_who_is_addressed_first(text, first):
    assert addressed(text) == first


@given(st.lists(st.text("abc_1", min_size=1, max_size=9), max_size=5), st.sampled_from(["", "hey"]))
def test_all_handles_at_the_beginning_are_addressed(handles, rest):
    assert addressed(" ".join([f"@{name}" for name in handles] + [rest])) == handles


def test_tags_in_any_script():
    text = "#Война a#b #1 &#39; ＃全角 #été_2"
    assert HASHTAG.findall(text) == ["Война", "b", "1", "39", "été_2"]
    assert TAG_IN_PROSE.findall(text) == ["Война", "全角", "été_2"]


def test_mentions_links_and_heads():
    assert MENTION.findall("@ann_a, x@mail.org (@bob_b) @" + "c" * 16) == [
        "ann_a",
        "bob_b",
        "c" * 15,
    ]
    assert MENTION.findall("@ann_aさん と @bob_b、@дима") == ["ann_a", "bob_b"]
    assert SHORT_LINK.findall("https://t.co/Ab1… http://t.co/x https://t.com/y t.co/z") == [
        "https://t.co/Ab1",
        "http://t.co/x",
    ]
    assert LINK.findall("see «https://example.org/a?b=1» and http://x.org") == [
        "https://example.org/a?b=1",
        "http://x.org",
    ]
    assert [HEAD.match(text)[1] for text in ("RT @ann_a: x", "RT @ann_a x")] == ["ann_a"] * 2
    assert HEAD.match("rt @ann_a") is None
    assert STATUS.search("https://mobile.twitter.com/ann_a/statuses/12?s=1").groups() == (
        "ann_a",
        "12",
    )
    assert STATUS.search("https://example.org/x.com/ann_a/status/1") is None
