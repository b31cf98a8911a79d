"""The guard: words are words, people are people, and nothing that shows them stays."""

from __future__ import annotations

import zipfile

import pytest

from tests.corpora import ROOT, corpus_of, crisis, crisis_names
from workbench.errors import InputError
from workbench.model.revision import reader
from workbench.privacy import PublicActors, read_public_actors
from workbench.privacy.known import KnownWords
from workbench.studies.document import Document, Prose
from workbench.studies.guarding import Guard, own_words

PUBLIC = PublicActors({"x:9001": "Ministry of Harbours"}, frozenset({"harbour_ministry"}))


@pytest.fixture(scope="module")
def corpus():
    """A corpus of somebody whose handle is a word, and of somebody whose handle is none."""
    people = [
        ("x:70001", "division", "Jane Roe Smithson"),
        ("x:70002", "jane_r77", "Somebody"),
        ("x:70003", "harbour", None),
        ("x:70004", "anchor", None),
        ("x:9001", "harbour_ministry", "Ministry of Harbours"),
    ]
    base = {"platform": "x", "source_id": "s", "record": 0, "seen_as": "author"}
    return corpus_of(
        accounts=[
            base | {"account_id": one, "handle": handle, "name": name}
            for one, handle, name in people
        ]
    )


@pytest.fixture
def guard(corpus):
    return Guard(KnownWords(reader(corpus), public=PUBLIC), PUBLIC)


def test_own_words_are_those_of_reports_and_nobody_of_the_crisis():
    assert {"retweets", "division", "chance"} <= own_words()
    assert not own_words() & crisis_names()


@pytest.mark.parametrize("content", ["by jane_r77.", "id 70002", "x:70002", "Jane Roe Smithson"])
def test_a_file_that_shows_somebody_is_refused(guard, tmp_path, content):
    (tmp_path / "page.html").write_text(f"<p>{content}</p>", "utf-8")
    with pytest.raises(InputError, match=r"the report would show the .*page\.html:1") as caught:
        guard.check(tmp_path)
    assert "jane" not in str(caught.value).casefold()


def test_words_of_reports_are_nobodys_although_somebody_bears_them(guard, tmp_path):
    (tmp_path / "page.html").write_text("The division of retweets.", "utf-8")
    assert guard.check(tmp_path)


def test_the_language_of_drawings_is_nobody_but_what_they_say_and_carry_is(guard, tmp_path):
    drawn = '<text id="{}" style="text-anchor: middle" anchor="1">{}</text><anchor/>'
    (tmp_path / "figure.svg").write_text(drawn.format("text_1", "acts"), "utf-8")
    assert guard.check(tmp_path)
    for words in (("text_1", "anchor"), ("anchor", "acts")):
        (tmp_path / "figure.svg").write_text(drawn.format(*words), "utf-8")
        with pytest.raises(InputError, match=r"the report would show the handle.*figure\.svg:1"):
            guard.check(tmp_path)


def test_words_of_the_public_actors_names_are_allowed(guard, tmp_path):
    (tmp_path / "table.csv").write_text("Ministry of Harbours,harbour_ministry,9001\n", "utf-8")
    assert guard.check(tmp_path)


def test_inside_archives_and_in_file_names_people_are_found_too(guard, tmp_path):
    with zipfile.ZipFile(tmp_path / "brief.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w:t>jane_r77</w:t>")
    with pytest.raises(InputError, match=r"brief\.docx"):
        guard.check(tmp_path)
    (tmp_path / "brief.docx").rename(tmp_path / "old.bin")
    (tmp_path / "old.bin").write_text("nothing")
    (tmp_path / "jane_r77.csv").write_text("1")
    with pytest.raises(InputError, match=r"the name of the file"):
        guard.check(tmp_path)


def test_text_that_a_pdf_draws_by_glyph_is_searched_in_its_document(guard, tmp_path):
    (tmp_path / "brief.pdf").write_bytes(b"%PDF-1.7 \x00\x01glyphs")
    told = Document("Brief", blocks=(Prose("Amplified by jane_r77."),))
    assert guard.check(tmp_path)
    with pytest.raises(InputError, match=r"the text of the report, en"):
        guard.check(tmp_path, [told])


def test_terms_are_held_to_more_than_texts(guard):
    assert guard.shows_nobody("strait")
    assert not guard.shows_nobody("division")
    assert not guard.shows_nobody("jane_r77")
    assert guard.quotable("The division about the harbour goes on.")
    assert not guard.quotable("Thanks to jane_r77!")
    assert not guard.quotable("Thanks to Jane Roe Smithson!")
    assert not guard.quotable("See 70002.")


def test_plain_words_of_a_quoted_text_may_stand_in_the_report(guard, tmp_path):
    (tmp_path / "posts.csv").write_text("Our harbour is open.\n", "utf-8")
    with pytest.raises(InputError, match=r"the handle of somebody"):
        guard.check(tmp_path)
    assert guard.quotable("Our harbour is open.")
    assert guard.check(tmp_path)


def test_pictures_in_a_page_are_no_words(guard, tmp_path):
    page = '<img src="data:image/png;base64,AAAA/jane_r77/AAAA">'.replace("_", "")
    (tmp_path / "page.html").write_text(page, "utf-8")
    assert guard.check(tmp_path)


def test_without_the_key_nothing_is_told(tmp_path):
    (tmp_path / "page.html").write_text("jane_r77", "utf-8")
    assert Guard(None, PUBLIC).check(tmp_path) is False


def test_every_person_of_the_crisis_is_found(tmp_path):
    public = read_public_actors(ROOT / "datasets/crisis_small/truth/public_actors.csv")
    known = KnownWords(reader(crisis()), public=public)
    guard = Guard(known, public)
    named = sorted(crisis_names())
    people = [name for name, kind in zip(named, known.kinds(named), strict=True) if kind]
    assert len(people) > 5000
    for name in people[::97]:
        (tmp_path / "page.html").write_text(f"<p>{name}</p>", "utf-8")
        with pytest.raises(InputError, match=r"the report would show"):
            guard.check(tmp_path)
