"""Parts of HTML pages: what is put into them is text, and nothing in them is fetched."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.studies.reports import picture
from workbench.studies.document import Picture
from workbench.studies.document_cells import Cells
from workbench.studies.page import box_html, framed, picture_html, table_html

EVIL = "<script>alert('x')</script>\" onload=\"y\" & ' https://evil.example/a?b=1"
VOID = {"meta", "img", "br", "hr", "link", "input", "col"}


class Read(HTMLParser):
    """What a browser would see: elements with attributes, in order, and the text inside each."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.doctype = [], [], ""
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_decl(self, decl):
        self.doctype = decl

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {attrs}"
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.elements[self.open.pop()][0] == tag

    def handle_data(self, data):
        for i in self.open:
            self.elements[i][2].append(data)

    def of(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]

    def said(self, tag):
        return [" ".join("".join(t).split()) for name, _, t in self.elements if name == tag]


def assert_self_contained(text):
    """Assert that no element runs or fetches anything; sources lead out only if clicked."""
    read = Read(text)
    for tag, attributes, _ in read.elements:
        assert tag not in {"script", "link", "object", "embed", "base", "form"}
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert name not in {"srcset", "action", "data"}
            if name == "src":
                assert value.startswith("data:image/png;base64,")
            if name == "href":
                assert value.startswith(("#", "https://doi.org/")), value
    (style,) = read.said("style")
    assert not re.search(r"url\(|@import|https?:|//", style)


def full(word):
    """Return a page that says a word in every place there is."""
    cells = Cells((word, "n"), ((word, "1"),), (False, True))
    before, after = box_html("box", word, language=word)
    return framed(
        before
        + picture_html(Picture("", word, word, picture()), number=word, caption=word)
        + picture_html(Picture("", word, word, picture(), html=word), number="", caption="")
        + table_html(cells, number=word, caption=word, name=word)
        + after,
        title=word, language=word, lead=word, by=word, footer=word,
    )  # fmt: skip


def test_every_place_is_escaped():
    text = full(EVIL)
    read = Read(text)
    assert_self_contained(text)
    flat = " ".join(EVIL.split())
    for place, times in {"title": 1, "h1": 1, "td": 1, "th": 1, "footer": 1, "p": 3, "strong": 2,
                         "caption": 1, "figcaption": 1}.items():  # fmt: skip
        assert sum(flat in said for said in read.said(place)) == times, place
    assert [image["alt"] for image in read.of("img")] == [EVIL, EVIL]
    assert read.of("iframe")[0]["srcdoc"] == EVIL
    assert read.of("html") == [{"lang": EVIL}]
    assert read.of("section")[0]["aria-label"] == EVIL
    assert "<script" not in text


@settings(max_examples=40, deadline=None)
@given(st.text(st.sampled_from("<>&\"'/=a-!é;#x"), min_size=1, max_size=12))
def test_any_text_comes_back_as_it_was(word):
    read = Read(full(f"[{word}]"))
    assert read.said("td") == [f"[{word}]", "1"]
    assert read.said("h1") == [f"[{word}]"]
    assert read.of("section")[0]["aria-label"] == f"[{word}]"


def test_a_page_says_what_it_is():
    read = Read(framed("<p>body</p>", title="T", language="fr", contents="<ul><li>A</li></ul>"))
    assert read.doctype == "doctype html"
    assert read.of("html") == [{"lang": "fr"}]
    assert read.of("meta")[0] == {"charset": "utf-8"}
    assert read.of("nav") == [{"aria-label": "Sommaire"}]
    assert read.said("main") == ["body"]
    assert read.said("a") == ["Aller au contenu"]


def test_pictures_are_inside_and_have_alternatives():
    text = picture_html(Picture("fig-a", "C.", "A line.", picture()), number="Figure 1.",
                        caption="C.")  # fmt: skip
    read = Read(text)
    (image,) = read.of("img")
    assert image["alt"] == "A line."
    content = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
    assert content == picture()
    assert read.of("figure") == [{"id": "fig-a"}]
    assert read.said("figcaption") == ["Figure 1. C."]
    plain = picture_html(Picture("", "C.", "", picture()), number="", caption="")
    assert Read(plain).of("img")[0]["alt"] == "C."
    assert Read(plain).of("figcaption") == []


@pytest.mark.parametrize(
    ("width", "name"), [(1.0, None), (0.97, None), (0.5, "w5"), (0.84, "w8"), (0.01, "w3")]
)
def test_narrow_pictures_are_narrow(width, name):
    text = picture_html(Picture("", "", "a", picture(), width=width), number="", caption="")
    assert Read(text).of("img")[0].get("class") == name


def test_columns_of_numbers_are_aligned_and_others_are_not():
    cells = Cells(("name", "n"), (("a", "1"), ("b", "–")), (False, True))
    read = Read(table_html(cells, number="Table 1.", caption="C."))
    assert read.of("td") == [{}, {"class": "number"}] * 2
    assert read.of("th") == [{"scope": "col"}, {"scope": "col", "class": "number"}]
    assert read.of("div") == [
        {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "Table 1. C."}
    ]


def test_a_table_without_rows_has_its_head():
    read = Read(table_html(Cells(("a", "b"), (), (False, False)), number="", caption=""))
    assert read.said("th") == ["a", "b"]
    assert read.of("td") == read.of("caption") == []


@pytest.mark.parametrize("kind", ["findings", "abstract", "other", "box"])
def test_a_box_is_a_section_with_a_label(kind):
    read = Read("inside".join(box_html(kind, "Title", language="fr")))
    (section,) = read.of("section")
    assert (section["aria-label"], section["lang"]) == ("Title", "fr")
    assert read.said("section") == ["Titleinside"]
    assert Read("".join(box_html(kind, "Title"))).of("section")[0].get("lang") is None
