"""PDFs: what they say when read back, tags, equal bytes, and nothing left when they fail."""

from __future__ import annotations

import io
import re
import shutil
import sys
import warnings

import pytest
from pypdf import PdfReader

from tests.studies.reports import document, picture
from workbench.errors import InputError, MissingDependencyError, MissingGlyphWarning
from workbench.studies.document import Heading, Picture, Prose, Table
from workbench.studies.fonts import dejavu
from workbench.studies.pdf import write_pdf


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a document and reads it back."""

    def made(written, **options):
        file = tmp_path / "report.pdf"
        write_pdf(written, file, **options)
        return PdfReader(io.BytesIO(file.read_bytes()))

    return made


def words(reader):
    """Return the text of all pages with plain spaces."""
    text = "\n".join(page.extract_text() for page in reader.pages)
    return re.sub(r"\s+", " ", text.replace("ﬁ", "fi").replace("ﬂ", "fl"))


def placed(page):
    """Return every piece of text of a page with where it starts, in points from left and foot."""
    found = []

    def keep(text, user, matrix, *_):
        x, y = matrix[4] * user[0] + user[4], matrix[5] * user[3] + user[5]
        found.append((text.strip(), x, y))

    page.extract_text(visitor_text=keep)
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_is_on_the_pages(read, language):
    said = words(read(document(language)))
    wanted = {
        "en": [
            "The study: an essay", "Subtitle", "A. Analyst · B. Chercheuse — 27 November 2026",
            "Key findings", "43.1% of the accounts.", "Abstract", "What is said.", "Résumé",
            "1 Findings", "See Figure 1 and Table 1;", "Figure 1. A line that falls.",
            "Table 1. The camps.", "12,345", "0.250", "<B> & #$*_", "1.1 Method", "Leiden, seed 7.",
            "workbench graph retweet --study s", "References", "Newman, Mark. 2010",
            "workbench 0, seed 7", "A note.", "1 / ",
        ],
        "fr": [
            "L’étude : un essai", "Constats principaux", "43,1 % des comptes.", "Résumé",
            "Abstract", "Voir Figure 1 et Tableau 1 ;", "Figure 1 – Une ligne : elle descend.",
            "Tableau 1 – Les camps.", "12 345", "0,250", "Références", "Vrai ?",
        ],
    }[language]  # fmt: skip
    for part in wanted:
        assert part in said, part


def test_references_and_citations_are_links(read):
    reader = read(document())
    notes = [n.get_object() for page in reader.pages for n in page.get("/Annots", [])]
    inside = [note for note in notes if "/URI" not in note.get("/A", {})]
    assert len(inside) >= 4
    plain = read(document("en", bibtex="", blocks=document().blocks[2:]))
    assert not any("/Annots" in page for page in plain.pages)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pdf_is_tagged_for_those_who_cannot_see(read, language):
    reader = read(document(language))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    spoken = alternatives(root["/StructTreeRoot"])
    assert ("De haut en bas." if language == "fr" else "From top to bottom.") in spoken
    assert r"Q = \frac{1}{2m}" in spoken


def alternatives(node):
    """Return the alternative texts of a tree of tags."""
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*map(alternatives, node))
    if not isinstance(node, dict):
        return set()
    own = {str(node["/Alt"])} if "/Alt" in node else set()
    return own | (alternatives(node["/K"]) if "/K" in node else set())


def test_without_a_heading_of_level_one_it_is_tagged_all_the_same(read):
    root = read(document(blocks=(Heading("Deep", 3),))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" not in root["/Metadata"].get_data()


def test_equal_documents_give_equal_bytes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_pdf(document(), tmp_path / name / "report.pdf")
    one, two = ((tmp_path / name / "report.pdf").read_bytes() for name in ("one", "two"))
    assert one == two
    write_pdf(document(title="Another"), tmp_path / "three.pdf")
    assert (tmp_path / "three.pdf").read_bytes() != one


@pytest.mark.parametrize("columns", [3, 8, 18, 30])
def test_no_cell_of_a_wide_table_is_cut_off(read, columns):
    names = tuple(f"measure_of_{i}" for i in range(columns))
    row = tuple(1000.125 + i for i in range(columns))
    reader = read(document("en", Table("tbl-wide", "Wide.", names, (row,))))
    across = [page.mediabox.width > page.mediabox.height for page in reader.pages]
    for page in reader.pages:
        starts = [x for text, x, _ in placed(page) if text]
        assert 60 < min(starts) < max(starts) < page.mediabox.width - 60
    said = words(reader)
    for value in row:
        assert f"{value:,.3f}" in said.replace(" ", "")
    assert any(across) == (columns >= 18)


def test_a_long_table_goes_over_pages_with_its_head_on_each(read):
    rows = tuple((f"account {i}", i) for i in range(150))
    reader = read(document("en", Table("tbl-long", "Long.", ("who it is", "n"), rows)))
    said = words(reader)
    assert all(f"account {i}" in said for i in range(150))
    assert said.count("who it is") == sum("account" in p.extract_text() and
        "who it is" in p.extract_text() for p in reader.pages) > 2  # fmt: skip


def test_a_tall_picture_stays_on_its_page(read):
    tall = Picture("fig-tall", "Tall.", "Tall.", picture(wide=2.0, high=8.0))
    reader = read(document("en", tall))
    (page,) = [page for page in reader.pages if "Tall." in page.extract_text()]
    assert max(found.image.height for found in page.images) == 800
    assert min(y for text, _, y in placed(page) if "Tall." in text) > 60


def test_the_text_of_a_vector_picture_is_text(read):
    drawn = Picture("fig-svg", "Vector.", "V", picture(), svg=picture("svg"))
    assert "seen in the picture" not in words(read(document()))
    assert "seen in the picture" in words(read(document("en", drawn)))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("See @fig-none.", r"leads to no figure or table: @fig-none; allowed: @fig-line"),
        ("Said by @nobody1999.", r"not among the references: nobody1999; allowed: conover2011, ne"),
        ("[x](javascript:y)", r"a link is of a kind that reports do not have: javascript:y"),
        ("An ![inner](x.png) image.", r"an image stands inside a text: x.png"),
        ("[there](#nowhere)", r"a link leads to no heading, figure or table: #nowhere"),
        ("::: {.x}\nnever closed", r"does not close: ::: {.x}"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_named_and_nothing_is_written(tmp_path, text, match):
    with pytest.raises(InputError, match=match):
        write_pdf(document("en", Prose(text), Prose(":::")), tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_picture_is_named_and_the_file_before_stays(tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(b"before")
    for broken in (b"no picture", picture()[:60]):
        with pytest.raises(InputError, match=r"a picture (is no PNG|cannot be read)"):
            write_pdf(document("en", Picture("", "", "", broken)), file)
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]


def test_letters_that_no_font_has_are_named(read):
    with pytest.warns(MissingGlyphWarning, match=r"these 2 characters.*: 中 国; put fonts that"):
        reader = read(document("en", Prose("Le mot 中国, Привет, Ελλάδα.")))
    assert "Привет" in words(reader)


def test_letters_of_europe_need_no_other_font(read):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        said = words(
            read(document("en", Prose("Łódź, Zürich, Привет, Ελλάδα, œuvre, ≤ 5 €, “x” …")))
        )
    assert "Привет" in said


def test_odd_text_stays_text(read):
    odd = 'a "quote" \\ #let x = 1 $ ] ) @ `'
    said = words(read(document("en", Table("tbl-odd", odd, (odd, "n"), ((odd, 1),)), title=odd)))
    assert said.count('a "quote" \\ #let x = 1 $ ] ) @ `') >= 4


def test_the_remedy_is_said_where_typst_is_not(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'workbench\[report\]'"):
        write_pdf(document(), tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_path_with_spaces_and_letters_of_all_kinds(tmp_path):
    folder = tmp_path / "étude n° 1 — 中"
    folder.mkdir()
    write_pdf(document(), folder / "note d’été.pdf")
    assert (folder / "note d’été.pdf").read_bytes().startswith(b"%PDF")


def test_fonts_of_the_user_show_what_others_cannot(read, tmp_path):
    letter = "\ue291"  # of STIX alone
    with pytest.warns(MissingGlyphWarning, match=letter):
        read(document("en", Prose(f"x{letter}")))
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    shutil.copy(dejavu()[0].with_name("STIXNonUni.ttf"), fonts)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read(document("en", Prose(f"x{letter}")), fonts=fonts)


def test_a_table_without_names_of_columns_has_no_head(read):
    bare = Table("", "Facts.", ("", ""), (("nodes", 5), ("edges", 7)))
    reader = read(document("en", bare))
    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert "Facts. nodes 5 edges 7" in words(reader)
