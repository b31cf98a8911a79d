"""Ours is where published numbers are, and the page of docs/ says so."""

from __future__ import annotations

import math

import pytest

from tests.reference import ROOT
from tests.validation import polarisation
from tests.validation.__main__ import main

pytestmark = pytest.mark.reference
PAGE = ROOT / "docs" / "validation" / "polarisation.md"


@pytest.fixture(scope="module")
def found():
    return polarisation.compared()


def test_every_number_is_as_near_as_it_may_be(found):
    far = [row for rows in found.values() for row in rows if abs(row.difference) > row.allowed]
    assert far == []
    counts = {name: len(rows) for name, rows in found.items()}
    assert counts == {"columns": 200, "gold": 6, "peers": 33, "simulated": 9}


def test_the_standard_errors_are_those_of_walks(found):
    first = found["simulated"][0]
    p = (1 + first.ours) / 2
    assert first.allowed / 3 == pytest.approx(2 * math.sqrt(p * (1 - p) / 50_000))


def test_the_page_is_current(tmp_path):
    assert main(tmp_path, (polarisation,)) == 0
    text = (tmp_path / "validation" / "polarisation.md").read_text("utf-8")
    assert PAGE.read_text("utf-8") == text, "run make docs"
    drawn = (tmp_path / "validation" / "calibration.svg").read_text("utf-8")
    assert drawn.count("null: ") == 2
    assert PAGE.with_name("calibration.svg").exists()


def test_without_the_data_the_page_is_left_as_it_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKBENCH_REFERENCE_DATA", str(tmp_path / "nowhere"))
    monkeypatch.delenv("CI", raising=False)
    polarisation._topic.cache_clear()
    assert main(tmp_path, (polarisation,)) == 0
    assert not (tmp_path / "validation").exists()
    assert "reference data not found" in capsys.readouterr().err
