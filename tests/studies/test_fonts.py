"""Letters that a PDF can show."""

from __future__ import annotations

import shutil

import pytest
from matplotlib.ft2font import FT2Font

from tests.studies.reports import document, picture
from workbench.studies.document import Box, Code, Heading, Picture, Prose, Table
from workbench.studies.fonts import dejavu, missing_glyphs


def test_the_fonts_are_there():
    assert [file.is_file() for file in dejavu()] == [True] * 4


@pytest.mark.parametrize("language", ["en", "fr"])
def test_reports_of_europe_miss_nothing(language):
    assert missing_glyphs(document(language, Prose("Ελλάδα Привет Łódź \u202f\u200b\n"))) == []


@pytest.mark.parametrize(
    "block",
    [
        Prose("中"), Heading("中"), Box("中", ""), Box("", "中"), Code("中"),
        Table("", "中", ("a",), ()), Table("", "", ("中",), ()), Table("", "", ("a",), (("中",),)),
        Picture("", "中", "", picture()),
    ],
)  # fmt: skip
def test_every_text_is_looked_at(block):
    assert missing_glyphs(document("en", block)) == ["中"]


@pytest.mark.parametrize("part", ["title", "subtitle", "date", "provenance", "abstract"])
def test_the_front_as_well(part):
    assert missing_glyphs(document("en", **{part: "x 국 y"})) == ["국"]


def test_fonts_of_the_user_help(tmp_path):
    stix = dejavu()[0].with_name("STIXNonUni.ttf")
    letter = chr(min(set(FT2Font(stix).get_charmap()) - set(FT2Font(dejavu()[0]).get_charmap())))
    folder = tmp_path / "fonts" / "deep"
    folder.mkdir(parents=True)
    (folder / "read.me").write_text("no font")
    assert missing_glyphs(document("en", Prose(letter)), tmp_path) == [letter]
    shutil.copy(stix, folder)
    assert missing_glyphs(document("en", Prose(letter)), tmp_path) == []
