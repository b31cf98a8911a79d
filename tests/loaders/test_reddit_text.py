from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.loaders.reddit_text import links, mentions, unescaped


def values(found):
    return [item.value for item in found]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("see https://a.example/x.", ["https://a.example/x"]),
        ("(https://a.example/x)", ["https://a.example/x"]),
        ("https://a.example/x_(y)", ["https://a.example/x_(y)"]),
        ("[text](https://a.example/x_(y)) z", ["https://a.example/x_(y)"]),
        (r"[text](https://a.example/x_\(y\))", ["https://a.example/x_(y)"]),
        ('[a](https://a.example "title")', ["https://a.example"]),
        ("[https://a.example](https://a.example)", ["https://a.example"]),
        ("[a](https://a.example) https://b.example", ["https://a.example", "https://b.example"]),
        (r"https://a.example/x\_y", ["https://a.example/x_y"]),
        ("<https://a.example/x>", ["https://a.example/x"]),
        ("www.a.example and me@www.a.example", ["www.a.example"]),
        ("**https://a.example/x**", ["https://a.example/x"]),
        ("[no](/r/x) [no]( nothing", []),
        ("no link at all", []),
    ],
)
def test_links(text, wanted):
    assert values(links(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("u/some_one, /u/other-one and U/third", ["some_one", "other-one", "third"]),
        ("(u/someone)", ["someone"]), ("u/someone's", ["someone"]), ("u/ab", []),
        ("u/" + "a" * 21, []), ("r/someone", []), ("menu/someone", []),
        ("https://www.reddit.com/u/someone", []), ("https://x.example/?q=u/someone", []),
        ("[u/someone](https://x.example)", ["someone"]), ("u/someone/comments", []),
    ],
)  # fmt: skip
def test_mentions(text, wanted):
    assert values(mentions(text)) == wanted


def test_lines_that_quote_are_told_and_spoilers_are_none():
    text = "> u/first https://a.example\nu/second\n\n   > u/third\n>!u/fourth!<\nx > u/fifth"
    assert [(item.value, item.quoted) for item in mentions(text)] == [
        ("first", True), ("second", False), ("third", True), ("fourth", False), ("fifth", False),
    ]  # fmt: skip
    assert [item.quoted for item in links(text)] == [True]


def test_three_signs_are_unescaped_once():
    assert unescaped("&amp;lt; &lt;&gt; &quot; &") == "&lt; <> &quot; &"


@given(st.text(alphabet=st.sampled_from("ab/u.:()[]\\<>! \nhtps@"), max_size=80))
def test_places_are_those_of_the_text(text):
    for found in [*links(f"https://a.example {text}"), *mentions(f"u/someone {text}")]:
        assert 0 <= found.start <= found.end <= len(text) + 18
    for found in mentions(text):
        assert text[found.start : found.end].endswith(f"/{found.value}")


@pytest.mark.parametrize(
    "text",
    ["[" * 40_000, "[\\[" * 20_000 + "://", "https://" + ")" * 40_000, "https://a" + "((" * 20_000,
     "[a](https://a" + "(b" * 20_000, "> " * 20_000 + "://u/"],
)  # fmt: skip
def test_no_text_takes_long(text):
    start = time.perf_counter()
    list(links(text))
    list(mentions(f"{text} u/someone"))
    assert time.perf_counter() - start < 3
