"""Pandoc as a program: several texts in one run, errors translated."""

from __future__ import annotations

import re

import pytest

from workbench.errors import InputError, WorkbenchError
from workbench.studies.pandoc import read, write


def said(text):
    return [block["t"] for block in text]


def test_texts_are_read_in_one_run_and_stay_apart():
    texts = ["# A\n\nb", "", "- c\n- d", "```\n# no heading"]
    found = [said(text) for text in read(texts).texts]
    assert found[:3] == [["Header", "Para"], [], ["BulletList"]]
    assert len(found) == 4
    assert read([]).texts == []


def test_a_list_needs_no_empty_line_before_it():
    assert said(read(["Text:\n- one\n- two"]).texts[0]) == ["Para", "BulletList"]


@pytest.mark.parametrize(
    "text",
    ["---\ntitle: x\n---", "% not a title", "B. Analyste wrote it", "~5k to~6k and 2^10 to 2^20"],
)
def test_prose_is_read_as_notebooks_show_it(tmp_path, text):
    kept = write(read([text]), "plain", folder=tmp_path)
    for word in re.findall(r"\w+", text):
        assert word in kept
    assert "OrderedList" not in said(read([text]).texts[0])


def test_notes_belong_to_their_text(tmp_path):
    found = write(read(["a[^1]\n\n[^1]: one", "b[^1]\n\n[^1]: two"]), "plain", folder=tmp_path)
    assert "one" in found
    assert "two" in found


def test_a_box_that_another_text_closes_is_named():
    with pytest.raises(InputError, match=r"does not close: ::: \{\.x\} open; close it in"):
        read(["::: {.x}\nopen", ":::"])


def test_what_pandoc_refuses_is_told(tmp_path):
    with pytest.raises(WorkbenchError, match=r"pandoc failed: Unknown output format odd"):
        write(read(["a"]), "odd", folder=tmp_path)
