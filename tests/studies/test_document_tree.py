"""The tree: references, citations, spaces, what is left out."""

from __future__ import annotations

import pytest

from tests.studies.reports import document
from workbench.errors import InputError
from workbench.studies.document import Heading, Prose
from workbench.studies.document_tree import caption, front_parts, numbers, tree
from workbench.studies.pandoc import write
from workbench.studies.web import _Web


@pytest.fixture
def plain(tmp_path):
    """Return a function that says a text as pandoc would write it without any format."""

    def made(text, language="en"):
        written = tree(document(language, Prose(text)), _Web(language))
        last = [part for part in written.texts if part][-2]
        alone = type(written)([last], written.version)
        return write(alone, "plain", folder=tmp_path, arguments=["--wrap=none"]).strip()

    return made


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("@fig-line shows", "Figure\u00a01 shows"),
        ("(see [-@fig-line])", "(see 1)"),
        ("[see @fig-line; @tbl-camps below]", "see Figure\u00a01, Table\u00a01 below"),
        ("a <b>bold</b> word<!-- hidden -->", "a bold word"),
        (r"\LaTeX{} x", "x"),
        ("10<sup>6</sup> of H<SUB>2</SUB>O", "10⁶ of H₂O"),
        ("not <del>5</del> <s>*6* posts</s>", "not ~~5~~ ~~6 posts~~"),
        ("one<br>two", "one\ntwo"),
        ("an <sup>open one", "an open one"),
    ],
)
def test_what_references_say(plain, text, said):
    assert plain(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Vrai ? Oui !", "Vrai\u202f? Oui\u202f!"),
        ("*mot* : suite", "mot\u202f: suite"),
        ('dit "mot"', "dit «\u202fmot\u202f»"),
        ("« *mot* »", "«\u202fmot\u202f»"),
        ("`a ? b`", "a ? b"),
    ],
)
def test_french_spaces_are_in_prose_and_not_in_code(plain, text, said):
    assert plain(text, "fr") == said


def test_numbers_count_what_has_a_label():
    assert numbers(document("fr")) == {
        "fig-line": "Figure\u00a01",
        "tbl-camps": "Tableau\u00a01",
    }
    figure = next(document().labelled())
    assert caption(figure, numbers(document()), "en") == ("Figure\u00a01.", figure.caption)


def test_the_front_has_only_what_is_said():
    assert [part[0] for part in front_parts(document())] == ["findings", "abstract", "other"]
    assert [part[3] for part in front_parts(document("fr"))] == ["fr", "fr", "en"]
    assert front_parts(document(findings=(), abstract=" ", other_abstract="")) == []


def test_an_image_of_html_is_not_lost(plain):
    with pytest.raises(InputError, match=r"an image stands inside.*<img src=.*; write it as !\["):
        plain('The map: <img src="map.png" width="300">')


def test_a_link_to_a_heading_may_have_its_capitals_as_in_jupyter():
    def target(link):
        blocks = (Heading("My Part"), Prose(f"[here](#{link})"))
        made = tree(document("en", *blocks), _Web("en")).texts[-2]
        return made[0]["c"][0]["c"][2][0]

    assert target("My-Part") == target("my-part") == "#my-part"
    with pytest.raises(InputError, match=r"a link leads to no heading"):
        target("Other-Part")
