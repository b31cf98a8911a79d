"""Word files: what they hold, equal bytes."""

from __future__ import annotations

import re
import sys
import zipfile

import pytest

from tests.studies.reports import document, picture
from workbench.errors import InputError, MissingDependencyError
from workbench.studies import pandoc
from workbench.studies.document import Prose, Table
from workbench.studies.word import write_docx


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a document and returns the parts of the file."""

    def made(given):
        write_docx(given, tmp_path / "report.docx")
        with zipfile.ZipFile(tmp_path / "report.docx") as parts:
            return {name: parts.read(name) for name in parts.namelist()}

    return made


def words(parts, name="word/document.xml"):
    paragraphs = re.findall(rb"<w:p[ >].*?</w:p>", parts[name], re.DOTALL)
    lines = (b"".join(re.findall(rb"<[wm]:t[^>]*>(.*?)</[wm]:t>", p)) for p in paragraphs)
    return "\n".join(line.decode() for line in lines)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_is_in_the_file(written, language):
    parts = written(document(language))
    said = words(parts)
    wanted = {
        "en": ["The study: an essay", "Key findings", "43.1%",
               "See Figure\u00a01 and Table\u00a01;", "Figure\u00a01. A line that falls.",
               "Table\u00a01. The camps.", "12,345", "0.250", "&lt;B&gt; &amp; #$*_",
               "Newman, Mark. 2010", "workbench graph"],
        "fr": ["Constats principaux", "43,1\u00a0%", "Figure\u00a01\u00a0– Une ligne",
               "Tableau\u00a01\u00a0– Les camps.", "12\u202f345", "Références"],
    }[language]  # fmt: skip
    for part in wanted:
        assert part in said, part
    assert {"en": "A note.", "fr": "Une note."}[language] in words(parts, "word/footnotes.xml")
    assert b"m:oMath" in parts["word/document.xml"]
    alt = {"en": b"From top to bottom.", "fr": b"De haut en bas."}[language]
    assert alt in parts["word/document.xml"]
    assert picture() in [content for name, content in parts.items() if name.endswith(".png")]


def test_references_lead_to_bookmarks(written):
    content = written(document())["word/document.xml"].decode()
    anchors = set(re.findall(r'w:anchor="([^"]+)"', content))
    named = set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', content))
    assert {"fig-line", "tbl-camps"} <= anchors <= named


def test_the_foot_and_the_boxes_have_their_look(written):
    parts = written(document())
    feet = [content for name, content in parts.items() if "foot" in name and b"NUMPAGES" in content]
    assert len(feet) == 1
    assert b"workbench 0, seed 7" in feet[0]
    for style in (b"BoxFindings", b"BoxAbstract", b"BoxOther", b"BoxBox", b"Table9pt"):
        assert b'"' + style + b'"' in parts["word/document.xml"]


@pytest.mark.parametrize(
    ("columns", "size", "turned"), [(3, 9, False), (8, 7, False), (20, 5, True)]
)
def test_wide_tables_are_small_or_lie_across(written, columns, size, turned):
    names = tuple(f"measure_of_{i}" for i in range(columns))
    row = tuple(1000.125 + i for i in range(columns))
    content = written(document("en", Table("tbl-wide", "Wide.", names, (row,))))
    said = content["word/document.xml"].decode()
    assert ('w:orient="landscape"' in said) == turned
    assert said.count("<w:sectPr") == (3 if turned else 1)
    assert f"Table{size}pt" in said


def test_equal_documents_give_equal_bytes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_docx(document(), tmp_path / name / "report.docx")
    one, two = ((tmp_path / name / "report.docx").read_bytes() for name in ("one", "two"))
    assert one == two


def test_a_failure_leaves_nothing(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"leads to no figure or table: @fig-none"):
        write_docx(document("en", Prose("@fig-none")), tmp_path / "report.docx")
    pandoc._program.cache_clear()
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'workbench\[report\]'"):
        write_docx(document(), tmp_path / "report.docx")
    assert list(tmp_path.iterdir()) == []
