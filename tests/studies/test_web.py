"""HTML pages of documents: one file, nothing fetched, what a reader without sight is told."""

from __future__ import annotations

import base64
import re
from itertools import pairwise

import pytest

from tests.studies.reports import document, picture
from tests.studies.test_page import Read, assert_self_contained
from workbench.errors import InputError
from workbench.studies import pandoc
from workbench.studies.document import Heading, Picture, Prose, Table
from workbench.studies.web import page, write_html


@pytest.fixture(params=["pandoc", "plain"])
def way(request, monkeypatch):
    """Make pages with pandoc, and without."""
    if request.param == "plain":
        monkeypatch.setattr(pandoc, "there", lambda: False)
    return request.param


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_is_on_the_page(way, language):
    read = Read(page(document(language)))
    (body,) = read.said("body")
    wanted = {
        "en": ["The study: an essay", "Key findings", "43.1%", "Abstract", "Résumé", "1 Findings",
               "See Figure 1 and Table 1;", "Figure 1. A line that falls.", "Table 1. The camps.",
               "12,345", "0.250", "<B> & #$*_", "1.1 Method", "References", "A note.",
               "workbench graph retweet --study s", "workbench 0, seed 7", "27 November 2026"],
        "fr": ["L’étude", "Constats principaux", "43,1 %", "Voir Figure 1 et Tableau 1 ;",
               "Figure 1 – Une ligne", "Tableau 1 – Les camps.", "12 345", "0,250", "Références"],
    }[language]  # fmt: skip
    for part in wanted:
        assert " ".join(part.split()) in body, part
    assert ("<math" in page(document(language))) == (way == "pandoc")
    assert ("pip install" in body) == (way == "plain")


def test_nothing_is_fetched(way):
    assert_self_contained(page(document("fr")))


def test_who_cannot_see_is_told_everything(way):
    read = Read(page(document("fr")))
    assert read.of("html") == [{"lang": "fr"}]
    assert [section.get("lang") for section in read.of("section")][:3] == [None, None, "en"]
    assert read.of("img")[0]["alt"] == "De haut en bas."
    assert all(head["scope"] == "col" for head in read.of("th"))
    assert len(read.said("h1")) == len(read.of("main")) == len(read.of("header")) == 1
    levels = [int(tag[1]) for tag, _, _ in read.elements if re.fullmatch(r"h\d", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    first = next(attributes for tag, attributes, _ in read.elements if tag == "a")
    assert first == {"class": "skip", "href": "#content"}


def test_every_link_inside_leads_somewhere(way):
    read = Read(page(document()))
    named = {attributes["id"] for _, attributes, _ in read.elements if "id" in attributes}
    inside = [a["href"][1:] for a in read.of("a") if a["href"].startswith("#")]
    assert {"fig-line", "tbl-camps"} <= set(inside) <= named


def test_the_view_takes_the_pictures_place_and_the_picture_stays_for_those_without_scripts(way):
    view = "<!doctype html><p title='\"'>view</p><script>1 < 2</script>"
    drawn = Picture("fig-view", "V.", "A view.", picture(), html=view)
    text = page(document("en", drawn))
    (frame,) = Read(text).of("iframe")
    assert frame["srcdoc"] == view
    assert frame["title"] == "A view."
    assert frame["sandbox"] == "allow-scripts"
    (still,) = re.findall(r"<noscript>(.*?)</noscript>", text)
    assert base64.b64decode(re.search(r"base64,([^\"]+)", still)[1]) == picture()
    assert_self_contained(text)


def test_html_of_a_text_is_not_html_of_the_page(way):
    evil = "<script>alert(1)</script> <b onclick=y>x</b> <a href='javascript:z'>w</a>"
    text = page(document("en", Prose(evil), Heading(evil), Table("", evil, (evil,), ((evil,),))))
    assert_self_contained(text)


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ("See @fig-none.", r"leads to no figure or table: @fig-none; allowed: @fig-line"),
        ("Said by @nobody1999.", r"citation key is not among .*nobody1999; allowed: conover2011"),
        ("[see @nobody1999, p. 3]", r"citation key is not among .*nobody1999"),
        ("An ![inner](x.png) image.", r"an image stands inside a text"),
    ],
)
def test_what_leads_nowhere_is_named_and_nothing_is_written(tmp_path, way, said, match):
    with pytest.raises(InputError, match=match):
        write_html(document("en", Prose(said)), tmp_path / "index.html")
    assert list(tmp_path.iterdir()) == []


def test_code_and_addresses_are_no_citations(way):
    text = page(document("en", Prose("`@fig-none` and me@example.org\n\n    @nobody1999")))
    assert "@fig-none" in text
    assert "@nobody1999" in text


def test_equal_documents_give_equal_bytes(tmp_path, way):
    for name in ("one.html", "two.html"):
        write_html(document(), tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert page(document("fr")) != page(document())


def test_notes_belong_to_their_text(way):
    first, second = Prose("One.[^1]\n\n[^1]: Of one."), Prose("Two.[^1]\n\n[^1]: Of two.")
    (body,) = Read(page(document("en", first, second))).said("body")
    assert "Of one." in body
    assert "Of two." in body


def test_long_pages_list_their_contents():
    many = [Heading(f"Part {i}") for i in range(4)]
    read = Read(page(document("en", *many)))
    assert read.of("nav") == [{"aria-label": "Contents"}]
    assert "Part 3" in read.said("nav")[0]
    assert Read(page(document())).of("nav") == []


def test_a_citation_may_follow_a_reference(way):
    (body,) = Read(page(document("en", Prose("By @tbl-camps [@newman2010].")))).said("body")
    assert "By Table 1 (Newman 2010)." in body


def test_a_table_without_names_of_columns_has_no_head(way):
    bare = Table("", "Facts.", ("", ""), (("nodes", 5), ("edges", 7)))
    text = page(document("en", bare))
    assert text.count("<thead>") == 1
    assert "<caption>Facts.</caption><tbody><tr><td>nodes</td>" in text


def test_the_other_summary_is_set_in_its_own_language(way):
    english = page(document("en", other_abstract="Vrai ?", abstract="True ?"))
    assert "Vrai\u202f?" in english
    assert "True ?" in english
    assert "True ?" in page(document("fr", other_abstract="True ?"))


def test_only_what_is_cited_is_listed(way):
    (body,) = Read(page(document(blocks=()))).said("body")
    assert "References" not in body
    only = document(blocks=(Prose("By @newman2010."),))
    (body,) = Read(page(only)).said("body")
    assert "Newman" in body.partition("References")[2]
    assert "Conover" not in body
