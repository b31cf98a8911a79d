"""Markdown cells as blocks."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.studies.reports import picture
from workbench.errors import InputError, NotFoundError
from workbench.studies.document import Box, Heading, Picture, Prose
from workbench.studies.markdown_blocks import markdown_blocks


def test_headings_boxes_and_figures_stand_apart(tmp_path):
    (tmp_path / "a b.png").write_bytes(picture())
    text = """\
## 2. Method ##
Text
goes on.

::: {.box title="Data: ethics"}
Inside.

- item
:::
![A *caption*](a%20b.png){#fig-a width=50%}

![A caption](<a b.png>){#fig-b fig-alt="Seen"}

# Appendix {-}
"""
    made = markdown_blocks(text, tmp_path)
    assert made == [
        Heading("Method", 2),
        Prose("Text\ngoes on."),
        Box("Data: ethics", "Inside.\n\n- item"),
        Picture("fig-a", "A *caption*", "A *caption*", picture(), width=0.5),
        Picture("fig-b", "A caption", "Seen", picture()),
        Heading("Appendix", 1, numbered=False),
    ]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("# 1. The graph", "The graph"), ("## 2.1 Sides", "Sides"), ("# 2017 in review", None),
        ("# 2017. A year", None), ("## 3.5 million posts", None), ("## 43.1 % agree", None),
        ("# A {.unnumbered}", "A"), ("# A {#id}", None), ("# 10 accounts", None),
    ],
)  # fmt: skip
def test_numbers_of_the_author_go(tmp_path, line, heading):
    (made,) = markdown_blocks(line, tmp_path)
    assert made.text == (heading or line.lstrip("# "))


def test_what_is_fenced_is_prose(tmp_path):
    text = "~~~\n# no heading\n::: box\n```\n![no](figure.png)\n~~~\n\n```\n# open"
    assert markdown_blocks(text, tmp_path) == [Prose(text)]


def test_what_is_in_a_comment_is_no_heading(tmp_path):
    text = "Before\n\n<!--\n# hidden\n![no](figure.png)\n-->\n<!-- one --> After"
    assert markdown_blocks(text, tmp_path) == [Prose("Before\n\n\n After")]
    assert markdown_blocks("<!-- open", tmp_path) == [Prose("<!-- open")]


def test_the_text_of_a_footnote_goes_where_it_is_named(tmp_path):
    note = "[^a]: The note\n  goes on.\n\n  And on."
    text = f"One.[^a]\n\n## H\n\nTwo.[^b]\n\n{note}\n\n[^b]: Own."
    first, _, second = markdown_blocks(text, tmp_path)
    assert first == Prose(f"One.[^a]\n\n{note}")
    assert second == Prose(f"Two.[^b]\n\n{note}\n\n[^b]: Own.")


def test_a_heading_has_the_text_of_its_footnotes(tmp_path):
    head, other, _ = markdown_blocks("## H[^a]\n\n### I\n\n[^a]: The note.", tmp_path)
    assert head == Heading("H[^a]", 2, notes="[^a]: The note.")
    assert other == Heading("I", 3)


def test_a_heading_in_a_box_is_its_title(tmp_path):
    text = "::: callout-note\n\n## Methods\nLeiden.\n:::"
    assert markdown_blocks(text, tmp_path) == [Box("Methods", "Leiden.")]


def test_a_box_holds_code_and_other_boxes(tmp_path):
    inside = "::: {.note}\na\n:::\n\n```\n:::\n```\nb"
    text = f"::: {{.box title=Data}}\n{inside}\n:::\nafter"
    assert markdown_blocks(text, tmp_path) == [Box("Data", inside), Prose("after")]


def test_an_attachment_is_in_its_cell(tmp_path):
    held = {"a.png": {"image/png": base64.b64encode(picture()).decode()}}
    (made,) = markdown_blocks("![C](attachment:a.png)", tmp_path, attachments=held)
    assert made.png == picture()


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        ("![C](none.png)", NotFoundError, r"no such image: none.png"),
        ("![C](attachment:a.png)", NotFoundError, r"is not in its cell: attachment:a.png"),
        ("![C](https://x.example/a.png)", InputError, r"lies elsewhere: https://x.example/a.png"),
        ("![C](text.png)", InputError, r"a picture is no PNG: text.png"),
        ("::: {.box}\nopen", InputError, r"a box is not closed: ::: {.box}; close it"),
    ],
)
def test_faults_are_named(tmp_path, text, error, match):
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(error, match=match):
        markdown_blocks(text, tmp_path)


@given(st.text(st.sampled_from("ab #`~\n-*"), max_size=60))
def test_no_word_is_lost(text):
    made = markdown_blocks(text, None)
    kept = "".join(block.text for block in made)
    assert sorted(c for c in kept if c in "ab") == sorted(c for c in text if c in "ab")
