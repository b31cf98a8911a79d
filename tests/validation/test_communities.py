"""Ours is where published numbers are, and the page of docs/ says so."""

from __future__ import annotations

import numpy as np
import pytest

from tests.communities import recovery
from tests.reference import ROOT
from tests.validation import communities
from tests.validation.__main__ import PAGES, main

pytestmark = pytest.mark.reference
PAGE = ROOT / "docs" / "validation" / "communities.md"


def test_every_published_number_is_ours():
    found = communities.compared()
    assert [row for row in found if not row.agrees] == []
    assert {row.data for row in found} == {"karate", "Congress"}
    assert len(found) == 12


def test_the_page_is_current(tmp_path):
    assert main(tmp_path, (communities,)) == 0
    text = (tmp_path / "validation" / "communities.md").read_text("utf-8")
    assert PAGE.read_text("utf-8") == text, "run make docs"
    drawn = (tmp_path / "validation" / "communities.svg").read_text("utf-8")
    assert "share of contacts that lead out" in drawn
    assert PAGE.with_name("communities.svg").exists()


def test_every_page_is_rendered_by_the_command():
    names = {module.__name__.rpartition(".")[2] for module in PAGES}
    assert names == {file.stem for file in PAGE.parent.glob("*.md")}


def test_without_the_data_the_page_is_left_as_it_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORKBENCH_REFERENCE_DATA", str(tmp_path / "nowhere"))
    monkeypatch.delenv("CI", raising=False)
    assert main(tmp_path, (communities,)) == 0
    assert not (tmp_path / "validation").exists()
    assert "communities.md left as it is: reference data not found" in capsys.readouterr().err


def test_the_modularity_of_igraph_is_within_the_spread_of_python_louvain():
    for methods in communities.spreads().values():
        reference = methods["python_louvain"]
        for method in ("louvain", "leiden"):
            assert min(reference) <= np.mean(methods[method])
            assert max(methods[method]) >= min(reference)
        assert np.mean(methods["louvain"]) == pytest.approx(np.mean(reference), abs=0.01)


def test_planted_communities_are_recovered_up_to_the_limit():
    for values in communities.recovered().values():
        mean = {mixing: float(np.mean(ami)) for mixing, ami in values.items()}
        assert all(ami > 0.9 for mixing, ami in mean.items() if mixing <= 0.35)
        assert all(ami < 0.05 for mixing, ami in mean.items() if mixing > recovery.LIMIT)
