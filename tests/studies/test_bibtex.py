"""BibTeX: what is written is read, and what is damaged is said with its line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import SchemaError
from workbench.studies.bibtex import Reference, read_bibtex

WORDS = st.text("abcé {}0-", max_size=12).map(lambda text: " ".join(text.split()))


def balanced(text):
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


references = st.builds(
    Reference,
    st.text("abc:-19", min_size=1, max_size=8),
    st.sampled_from(["article", "inproceedings", "software"]),
    st.dictionaries(st.sampled_from(["author", "title", "year"]), WORDS.filter(balanced)),
)


@settings(max_examples=60)
@given(st.lists(references, max_size=4), st.sampled_from(["", "\n", "% a note\n\n"]))
def test_what_is_written_is_read(written, between):
    text = between.join(one.bibtex() for one in written)
    assert read_bibtex(text) == written


def test_methods_are_ours_and_not_written_out():
    text = "@article{a,\n  title = {A},\n  methods = {x.y, z},\n}"
    (read,) = read_bibtex(text)
    assert read.methods == ("x.y", "z")
    assert read.bibtex() == "@article{a,\n  title = {A},\n}\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@article{a,\n  title = {A", "refs.bib:2"),
        ("@article{a,\n  title = A,\n}", "refs.bib:2"),
        ("@article{a,\n  title = {A},\n\n@book{b,\n}", "refs.bib:4"),
    ],
)
def test_damage_is_said_with_its_line(text, line):
    with pytest.raises(SchemaError, match=rf"no BibTeX that can be read.*\({line}\)"):
        read_bibtex(text, where="refs.bib")


def entry(kind="article", **fields):
    return Reference("k", kind, fields).text()


def test_one_line_of_text():
    article = {"author": "Garimella and {De Francisci Morales} and Gionis, Aristides",
               "title": "On {Twitter}", "journal": r"Methods \& Research", "volume": "6",
               "number": "3--4", "pages": "1--9", "year": "2018", "doi": "10.1/x"}  # fmt: skip
    assert entry(**article) == (
        "Garimella, De Francisci Morales & Gionis (2018) On Twitter. "
        "Methods & Research 6(3–4), 1–9. doi:10.1/x"
    )
    asked = {"author": "Lü and others", "title": "Is it?", "booktitle": "KDD", "pages": "1",
             "year": "2007", "url": "https://example.org"}  # fmt: skip
    assert entry("inproceedings", **asked) == (
        "Lü et al. (2007) Is it? KDD, 1. https://example.org"
    )
    assert entry("incollection", author="A", title="T", booktitle="B", year="1955") == (
        "A (1955) T. In B."
    )
    assert entry("software", author="{The founders}", title="W: a tool", version="1") == (
        "The founders (n.d.) W: a tool. Version 1."
    )
