"""Front matter: YAML in the first cell."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_raw_cell

from tests.studies.notebooks import book, code
from workbench.errors import InputError
from workbench.studies.front_matter import FrontMatter, front_matter


def test_what_stands_behind_it_stays_a_cell():
    front, cells = front_matter(book("---\ntitle: T\nlang: fr\n---\n# H", "next"))
    assert (front.title, front.language) == ("T", "fr")
    assert [cell.source for cell in cells] == ["# H", "next"]


def test_a_raw_cell_holds_it_as_well():
    front, _ = front_matter(book(new_raw_cell("---\ntitle: T\nauthor: A. B.\n---")))
    assert front.authors == ("A. B.",)


@pytest.mark.parametrize("first", ["# Title", "---\nno end", "text\n---\na: b\n---"])
def test_without_it_everything_stays(first):
    front, cells = front_matter(book(first))
    assert front == FrontMatter()
    assert cells[0].source == first


def test_a_date_is_written_and_other_text_stays():
    front, _ = front_matter(book("---\ndate: 2026-05-01\n---"))
    assert front.day("fr") == "1er\u00a0mai 2026"
    front, _ = front_matter(book("---\ndate: May 2026\n---"))
    assert front.day("fr") == "May 2026"
    front, _ = front_matter(book("---\ntitle: T\ndate:\n---"))
    assert front.day("fr") == ""


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("---\ntitle: [a\n---", r"no YAML.*line \d+ of the first cell"),
        ("---\ntitle: a: b\n---", r"no YAML: mapping values are not allowed here \(line 2"),
        ("---\njust text\n---", r"has no entries: just text; allowed: lines such as title"),
        ("---\ntitle: {a: b}\n---", r"is no text: \{'a': 'b'\} \(title\)"),
        ("---\nfindings:\n- Share : 5 %\n---", r"'Share': '5 %'\} \(findings\); put it in quotes"),
        ("---\nauthor: {given: A}\n---", r"is no text: \{'given': 'A'\} \(author\)"),
        ("---\ndate: 2017-13-45\n---", r"a date that is none: month must be in 1\.\.12"),
    ],
)
def test_faults_are_named(text, match):
    with pytest.raises(InputError, match=match):
        front_matter(book(text))


def test_a_notebook_without_prose():
    assert front_matter(book(code("1")))[0] == FrontMatter()
    assert front_matter(book()) == (FrontMatter(), [])
