"""The page: whatever is put into it is text, and nothing in it points outside."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.plotting.style import house_style
from workbench.studies.page import Page

EVIL = "<script>alert('x')</script>\" onload=\"y\" & ' https://evil.example/a?b=1"
VOID = {"meta", "img", "br", "hr", "link", "input"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "h1", "h2", "p", "section",
    "strong", "ul", "li", "figure", "img", "figcaption", "div", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "code", "footer",
}  # fmt: skip


class Read(HTMLParser):
    """What a browser would see: elements with attributes, and the text in each."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.open, self.doctype = [], [], [], ""
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_decl(self, decl):
        self.doctype = decl

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and data.strip():
            self.texts.append((self.open[-1], data))

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def said(self, tag):
        return [text for name, text in self.texts if name == tag]


def axes(caption=None):
    with house_style():
        _, ax = plt.subplots(figsize=(2, 1.5))
        ax.plot([1, 2], [2, 1])
    ax.set_gid(caption)
    return ax


def full(word, *, language="en"):
    """Return a page that says a word in every place there is."""
    page = Page(word, word, language)
    page.heading(word)
    page.paragraph(word)
    page.key_findings(word, [word, word])
    page.figure(axes(word), word)
    page.table([word, "n"], [[word, 1]], word)
    page.code(word, word)
    return page.render(word)


def assert_self_contained(text):
    """Assert that no element runs, fetches or leads anywhere."""
    read = Read(text)
    for tag, attributes in read.elements:
        assert tag in TAGS
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert name not in {"href", "srcset", "action", "style"}
            if name == "src":
                assert value.startswith("data:image/png;base64,")
    (style,) = read.said("style")
    assert not re.search(r"url\(|@import|https?:|//", style)


def test_every_place_is_escaped():
    text = full(EVIL)
    read = Read(text)
    assert_self_contained(text)
    for place, times in {"title": 1, "h1": 1, "h2": 1, "li": 2, "td": 1, "th": 1, "code": 1,
                         "footer": 1, "p": 3, "caption": 1, "figcaption": 1}.items():  # fmt: skip
        assert sum(EVIL in said for said in read.said(place)) == times, place
    assert sum(EVIL in said for said in read.said("strong")) == 1
    assert read.of("section")[0]["aria-label"] == EVIL
    assert read.of("img")[0]["alt"] == EVIL
    assert read.of("img")[0].keys() <= {"alt", "class", "src"}
    assert "<script" not in text


@settings(max_examples=40)
@given(st.text(st.sampled_from("<>&\"'/= a-!é\n;#x"), min_size=1, max_size=12))
def test_any_text_comes_back_as_it_was(word):
    page = Page("t", "l")
    page.paragraph(f"[{word}]")
    page.key_findings(f"[{word}]", [f"[{word}]"])
    page.table(["c"], [[f"[{word}]"]], f"[{word}]")
    read = Read(page.render("f"))
    assert f"[{word}]" in read.said("p")
    assert read.said("li") == [f"[{word}]"]
    assert read.said("td") == [f"[{word}]"]
    assert read.of("section")[0]["aria-label"] == f"[{word}]"
    assert {tag for tag, _ in read.elements} <= TAGS


@pytest.mark.parametrize("language", ["fr", "ar", '"><script>alert(1)</script>'])
def test_the_language_is_an_attribute_of_the_document(language):
    text = Page("t", "l", language).render("f")
    read = Read(text)
    assert read.of("html") == [{"lang": language}]
    assert read.doctype == "doctype html"
    assert read.of("meta")[0] == {"charset": "utf-8"}
    assert "<script" not in text


def test_the_language_is_english_unless_told():
    assert Read(Page("t", "l").render("f")).of("html") == [{"lang": "en"}]


def test_figures_are_inside_numbered_and_have_alternatives():
    page = Page("t", "l")
    page.figure(axes("What is seen."), "A line that falls.")
    page.figure(axes(), "Another one.")
    text = page.render("f")
    assert_self_contained(text)
    pictures = Read(text).of("img")
    assert [picture["alt"] for picture in pictures] == ["A line that falls.", "Another one."]
    for picture in pictures:
        content = base64.b64decode(picture["src"].removeprefix("data:image/png;base64,"))
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert Read(text).said("strong") == ["Figure 1.", "Figure 2."]
    assert Read(text).said("figcaption") == [" What is seen."]


def test_figures_and_tables_are_counted_apart_and_in_order():
    page = Page("t", "l")
    page.table(["a"], [[1]], "one")
    page.figure(axes(), "x")
    page.table(["a"], [[1]], "two")
    text = page.render("f")
    assert re.findall(r"(?:Figure|Table) \d", text) == ["Table 1", "Figure 1", "Table 2"]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"), (True, "yes"), (False, "no"), (0, "0"), (1234567, "1,234,567"), (-5, "-5"),
        (0.5, "0.500"), (1234.0, "1,234"), (-10.0, "-10"), (0.12345, "0.123"), ("a", "a"),
        (float("nan"), "nan"), (("a", 1), "('a', 1)"),
    ],
)  # fmt: skip
def test_how_values_are_shown(value, shown):
    page = Page("t", "l")
    page.table(["c"], [[value]], "k")
    assert Read(page.render("f")).said("td") == [shown]


def test_columns_of_numbers_are_aligned_and_others_are_not():
    page = Page("t", "l")
    page.table(["name", "n", "mixed"], [["a", 1, 2], ["b", None, "x"]], "k")
    read = Read(page.render("f"))
    number, plain = {"class": "number"}, {}
    assert read.of("td") == [plain, number, plain] * 2
    assert read.of("th") == [{"scope": "col"} | each for each in (plain, number, plain)]


def test_a_table_without_rows_has_its_head():
    page = Page("t", "l")
    page.table(["a", "b"], [], "nothing")
    read = Read(page.render("f"))
    assert read.said("th") == ["a", "b"]
    assert read.of("td") == []


def test_equal_pages_have_equal_bytes():
    first = full("word")
    plt.close("all")
    assert full("word") == first
    assert full("other") != first


def test_blocks_keep_their_order():
    page = Page("t", "l")
    for i in np.random.default_rng(1).permutation(9).tolist():
        page.heading(f"h{i}")
        page.paragraph(f"p{i}")
    order = re.findall(r"<(?:h2|p)>([hp])(\d)<", page.render("f"))
    assert [kind for kind, _ in order] == ["h", "p"] * 9
    assert [n for kind, n in order if kind == "h"] == [n for kind, n in order if kind == "p"]
