"""The body of a page without pandoc; what both ways have in common is in ``test_web.py``."""

from __future__ import annotations

import pytest

from tests.studies.reports import document
from workbench.studies.document import Heading, Prose
from workbench.studies.plain_body import plain_body


def body(text, language="en"):
    return plain_body(document(language, Prose(text), bibtex=document().bibtex))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("$a < b$ costs $5 and $6", "<code>a &lt; b</code> costs $5 and $6"),
        ("$$\n\\sum x\n$$", r"<code>\sum x</code>"),
        ("[see @newman2010, p. 3]", '(see <a href="#ref-newman2010">Newman 2010</a>, p. 3)'),
        ("@conover2011 say", '<a href="#ref-conover2011">Conover et al. (2011)</a> say'),
        ("[@fig-line]", '<p><a href="#fig-line">Figure\u00a01</a></p>'),
        ("me@fig-line", "<p>me@fig-line</p>"),
        ("`$x$ @fig-none`", "<code>$x$ @fig-none</code>"),
        ("[a](https://x.example)", '<a href="https://x.example">a</a>'),
        ("[a](javascript:b)", "<p>[a](javascript:b)</p>"),
        ("a <!-- hidden -->b", "<p>a b</p>"),
        ("| a |\n|---|\n| 1 |", "<td>1</td>"),
    ],
)
def test_prose(text, shown):
    assert shown in body(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Vrai ? `a : b` ; *mot* : 5 %",
            "Vrai\u202f? <code>a : b</code>\u202f; <em>mot</em>\u202f: 5\u00a0%",
        ),
        ("« *mot* »", "«\u202f<em>mot</em>\u202f»"),
        ("```\nx : int ; y\n```", "<code>x : int ; y\n</code>"),
        ("| a |\n| :-- |\n| un : 1 |", '<td style="text-align:left">un\u202f: 1</td>'),
    ],
)
def test_french_spaces_are_in_prose_and_not_in_code(text, shown):
    assert shown in body(text, "fr")


def test_a_footnote_may_be_named_twice_and_not_in_itself():
    made = body("One[^a], two[^a].\n\n[^a]: Note[^a].")
    assert made.count("Note[^a].") == 2
    assert "One<sup>" in made
    assert "two<sup>" in made


def test_sections_are_counted():
    made = plain_body(document("en", Heading("Next"), Heading("Deep", 2), Heading("Last", 2)))
    for number, title in (("2", "Next"), ("2.1", "Deep"), ("2.2", "Last")):
        assert f'<span class="header-section-number">{number}</span> {title}' in made
    assert "<h2>Appendix</h2>" in made


def test_it_says_what_is_missing_in_its_language():
    assert "sans pandoc" in plain_body(document("fr"))
    assert "without pandoc" in plain_body(document())
