"""The look of Word files: a reference file that pandoc and readers of XML understand."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest

from workbench.studies.word_look import SIZES, landscape, reference_file


@pytest.fixture(scope="module")
def parts():
    with zipfile.ZipFile(io.BytesIO(reference_file("seed 7 & <more>"))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_every_part_is_well_formed(parts):
    for name, content in parts.items():
        assert ET.fromstring(content) is not None, name


def test_styles_are_there_once(parts):
    names = re.findall(r'w:styleId="([^"]+)"', parts["word/styles.xml"])
    assert len(names) == len(set(names))
    wanted = {"Title", "Heading1", "BoxFindings", "BoxAbstract", "BoxOther", "BoxBox", "Table"}
    assert wanted | {f"Table{size}pt" for size in SIZES} <= set(names)


def test_the_foot_says_provenance_and_pages(parts):
    foot = parts["word/footer-report.xml"]
    assert "seed 7 &amp; &lt;more&gt;" in foot
    assert "NUMPAGES" in foot
    assert "footer-report.xml" in parts["word/_rels/document.xml.rels"]
    assert "/word/footer-report.xml" in parts["[Content_Types].xml"]


def test_pages_are_a4_and_turn():
    before, after = landscape()
    assert 'w:w="11906" w:h="16838"' in before
    assert 'w:w="16838" w:h="11906" w:orient="landscape"' in after


def test_equal_words_give_equal_bytes():
    assert reference_file("x") == reference_file("x") != reference_file("y")
