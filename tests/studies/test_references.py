"""References: entries of BibTeX, keys and labels that are there."""

from __future__ import annotations

import pytest

from tests.studies.reports import BIBTEX, document
from workbench.errors import InputError
from workbench.studies.references import check_key, check_label, citation_arguments, entries


def test_entries_are_read_with_their_authors_and_year():
    found = entries(BIBTEX)
    assert list(found) == ["conover2011", "newman2010"]
    assert found["conover2011"].cited("en") == ("Conover et al.", "2011")
    assert found["conover2011"].title == "Political polarization on Twitter"
    assert found["newman2010"].cited("en") == ("Newman", "2010")
    assert found["newman2010"].where == "Oxford University Press"


@pytest.mark.parametrize(
    ("entry", "language", "cited"),
    [
        ("@book{k, author={A B and Dupont, C.}, date={2020-05-01}}", "fr", ("B et Dupont", "2020")),
        ("@misc{k, title={x}}", "fr", ("k", "s.d.")),
        ("@misc{k, title={x}}", "en", ("k", "n.d.")),
        ("@misc(k, editor = {{The Group}}, year=1999)", "en", ("Group", "1999")),
        ("@misc{k, coauthor={Not}, author={unclosed", "en", ("k", "n.d.")),
    ],
)
def test_how_an_entry_is_cited(entry, language, cited):
    assert entries(entry)["k"].cited(language) == cited


def test_what_is_no_entry():
    assert entries("") == {}
    assert entries("@comment{k, x} @string{a = 1} @preamble{x}") == {}


def test_unknown_keys_and_labels_are_named_with_those_there_are():
    check_key("a", ["a"])
    check_label("fig-a", ["fig-a"])
    with pytest.raises(InputError, match=r"not among the references: x; allowed: a, b"):
        check_key("x", ["b", "a"])
    with pytest.raises(InputError, match=r"allowed: none, for there are no references"):
        check_key("x", [])
    with pytest.raises(InputError, match=r"no figure or table: @fig-x; allowed: @fig-a"):
        check_label("fig-x", ["fig-a"])


def test_pandoc_gets_the_references_only_where_there_are_some(tmp_path):
    assert citation_arguments(document("fr", bibtex=" "), tmp_path) == ["--metadata=lang:fr"]
    assert list(tmp_path.iterdir()) == []
    assert "--citeproc" in citation_arguments(document(), tmp_path)
    (file,) = tmp_path.iterdir()
    assert file.read_text("utf-8") == BIBTEX
