"""Ours is where published numbers are, and the page of docs/ says so."""

from __future__ import annotations

import pytest

from tests.reference import ROOT
from tests.validation import influence
from tests.validation.__main__ import main

pytestmark = pytest.mark.reference
PAGE = ROOT / "docs" / "validation" / "influence.md"


@pytest.fixture(scope="module")
def found():
    return influence.compared()


def test_every_number_is_as_near_as_it_may_be(found):
    assert [row for row in found if not row.agrees] == []
    assert {row.data for row in found} == {"Higgs", "karate"}
    assert len(found) == 57


def test_the_page_is_current(tmp_path, found, monkeypatch):
    monkeypatch.setattr(influence, "compared", lambda: found)
    assert main(tmp_path, (influence,)) == 0
    text = (tmp_path / "validation" / "influence.md").read_text("utf-8")
    assert PAGE.read_text("utf-8") == text, "run make docs"
