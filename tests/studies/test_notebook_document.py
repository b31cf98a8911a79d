"""Executed notebooks as documents."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_output

from tests.studies.notebooks import FRONT, book, code, drawn, printed, shown
from tests.studies.reports import picture
from workbench.errors import InputError, NotFoundError, UsageError, WorkbenchError
from workbench.studies.document import Code, Heading, Picture, Prose, Table
from workbench.studies.notebook_document import notebook_document

TABLE = "<table><tr><th>camp</th><th>n</th></tr><tr><td>A</td><td>1.5</td></tr></table>"


def blocks(tmp_path, *cells, **options):
    return notebook_document(book(FRONT, *cells), tmp_path, **options).blocks


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_front_matter_is_the_front_of_the_document(tmp_path, language):
    made = notebook_document(book(FRONT + "Prose."), tmp_path, language=language)
    assert made.title == "A small notebook"
    assert made.authors == ("A. Analyst", "B. Chercheuse")
    assert made.date == {"en": "27\u00a0November 2026", "fr": "27\u00a0novembre 2026"}[language]
    both = {"en": "In English.", "fr": "En français."}
    other = both["fr" if language == "en" else "en"]
    assert (made.abstract, made.other_abstract) == (both[language], other)
    assert made.findings == ("**43.1%** of the accounts.",)
    assert made.provenance == "seed 7"
    assert made.blocks == (Prose("Prose."),)


def test_without_front_matter_the_first_heading_is_the_title(tmp_path):
    made = notebook_document(book("# Title\n\nProse.\n\n## 1. First\n\n### Second"), tmp_path)
    assert made.title == "Title"
    assert made.language == "en"
    assert made.blocks == (Prose("Prose."), Heading("First", 1), Heading("Second", 2))
    with pytest.raises(InputError, match=r"the notebook has no title; begin it with"):
        notebook_document(book("Prose."), tmp_path)


@pytest.mark.parametrize("title", [FRONT, "# Title\n\n"])
def test_the_largest_headings_are_sections(tmp_path, title):
    made = notebook_document(book(f"{title}### A\n\n#### B\n\n### C"), tmp_path)
    assert made.blocks == (Heading("A", 1), Heading("B", 2), Heading("C", 1))


def test_a_title_is_plain_text(tmp_path):
    made = notebook_document(
        book(r"# The **big** `co_url` [map](m.html) of 2 * 3 \@x \*"), tmp_path
    )
    assert made.title == "The big co_url map of 2 * 3 @x *"


def test_figures_and_tables_take_the_options_of_their_cell(tmp_path):
    figure = code(
        "#| label: fig-a\n#| fig-cap: \"A: falls\"\n#| fig-alt: 'Down'\nplot()",
        drawn(),
        tags=["remove-input"],
    )
    table = code("#| label: tbl-b\n#| tbl-cap: Camps\nframe", shown({"text/html": TABLE}))
    made = blocks(tmp_path, figure, table)
    assert made == (
        Picture("fig-a", "A: falls", "Down", picture(), width=made[0].width),
        Code("frame", "python"),
        Table("tbl-b", "Camps", ("camp", "n"), (("A", "1.5"),)),
    )
    assert 0.5 < made[0].width < 0.7  # four inches, of six and a half
    french = blocks(tmp_path, table, language="fr")
    assert french[1].rows == (("A", "1,5"),)


def test_several_figures_of_a_cell_have_labels_of_their_own(tmp_path):
    made = blocks(tmp_path, code("#| label: fig-a\n#| echo: false", drawn(), drawn()))
    assert [block.label for block in made] == ["fig-a", "fig-a-2"]


def test_a_figure_without_a_caption_is_told_by_its_cell(tmp_path):
    (shown_code, figure) = blocks(tmp_path, code("1"), code("plot()", drawn()))[1:]
    assert isinstance(shown_code, Code)
    assert (figure.label, figure.alt) == ("", "Figure of code cell 2")


@pytest.mark.parametrize("tag", ["remove-input", "hide-input", "parameters", "injected-parameters"])
def test_code_is_hidden_by_tags(tmp_path, tag):
    assert blocks(tmp_path, code("x = 1", printed("1\n"), tags=[tag])) == (Code("1"),)


def test_what_else_is_hidden(tmp_path):
    cell = ("x = 1", printed("1\n"))
    assert blocks(tmp_path, code(*cell, tags=["remove-output"])) == (Code("x = 1", "python"),)
    assert blocks(tmp_path, code(*cell, tags=["remove-cell"])) == ()
    assert blocks(tmp_path, code("#| echo: false\nx = 1", printed("1"))) == (Code("1"),)
    assert blocks(tmp_path, code("1", printed("noise", "stderr"))) == (Code("1", "python"),)
    quiet = FRONT.replace("title:", "echo: false\ntitle:")
    assert notebook_document(book(quiet, code("1")), tmp_path).blocks == ()


def test_other_outputs(tmp_path):
    cell = code(
        "#| echo: false",
        shown({"text/markdown": "**43%**", "text/plain": "x"}),
        shown({"text/plain": "'plain'"}),
        shown({"text/html": "<p>odd</p>", "text/plain": "fallback"}),
        shown({"application/vnd.jupyter.widget-view+json": {}}),
    )
    assert blocks(tmp_path, cell) == (Prose("**43%**"), Code("'plain'"), Prose("odd"))


def test_what_is_printed_has_no_colours_and_nothing_is_nothing(tmp_path):
    cell = code("#| echo: No", printed("\x1b[1;31mred\x1b[0m\n"), printed("\n"),
                shown({"text/plain": "\x1b[1mbold\x1b[0m"}))  # fmt: skip
    assert blocks(tmp_path, cell) == (Code("red"), Code("bold"))


def test_a_formula_is_prose_and_other_tex_is_told_by_its_text(tmp_path):
    tabular = {"text/latex": r"\begin{tabular}{l}a\end{tabular}", "text/plain": "a"}
    cell = code("#| echo: false", shown({"text/latex": "$x^2$"}), shown(tabular))
    assert blocks(tmp_path, cell) == (Prose("$x^2$"), Code("a"))


@pytest.mark.parametrize("kind", ["image/svg+xml", "image/jpeg", "application/vnd.plotly.v1+json"])
def test_a_picture_that_cannot_be_shown_is_not_lost(tmp_path, kind):
    cell = ("plot()", shown({kind: "…", "text/plain": "<Figure>"}))
    with pytest.raises(
        InputError, match=rf"do not show: .{{0,9}}{kind[:9]}.*\(code cell 1\); allowed"
    ):
        blocks(tmp_path, code(*cell))
    assert blocks(tmp_path, code(*cell, tags=["remove-output"])) == (Code("plot()", "python"),)


def test_captions_are_read_as_yaml(tmp_path):
    quoted = code("#| fig-cap: \"He said \\\"hi\\\"\"\n#| fig-alt: 'it''s'", drawn())
    long = code("#| fig-cap: >\n#|   It falls\n#|   slowly.\nplot()", drawn())
    _, figure, shown_code, other = blocks(tmp_path, code("1"), quoted, long)[-4:]
    assert (figure.caption, figure.alt) == ('He said "hi"', "it's")
    assert (shown_code, other.caption) == (Code("plot()", "python"), "It falls slowly.")


def test_a_framed_view_is_beside_its_picture(tmp_path):
    view = {"text/html": '<iframe srcdoc="&lt;b&gt;view&lt;/b&gt;"></iframe>'}
    (made,) = blocks(tmp_path, code("#| label: fig-v\n#| echo: false", drawn(**view)))
    assert made.html == "<b>view</b>"


def test_faults_are_named(tmp_path):
    with pytest.raises(InputError, match=r"shows no figure or table: fig-x \(code cell 2, fig-x\)"):
        blocks(tmp_path, code("1"), code("#| label: fig-x\n1"))
    error = new_output("error", ename="KeyError", evalue="'camp'", traceback=[])
    with pytest.raises(WorkbenchError, match=r"raises: KeyError: 'camp' \(code cell 1\)"):
        blocks(tmp_path, code("1", error))
    with pytest.raises(WorkbenchError, match=r"raises: KeyError: 'camp' \(the parameters given\)"):
        blocks(tmp_path, code("1", error, tags=["injected-parameters"]))
    for png in ("abcde", "aGVsbG8="):
        with pytest.raises(InputError, match=r"is no PNG, though it says so \(code cell 1\)"):
            blocks(tmp_path, code("1", shown({"image/png": png})))
    with pytest.raises(UsageError, match=r"do not speak this language: de; allowed: en, fr"):
        blocks(tmp_path, language="de")
    twice = [code("#| label: fig-x", drawn()) for _ in range(2)]
    with pytest.raises(InputError, match=r"a label stands twice: fig-x"):
        blocks(tmp_path, *twice)
    cited = FRONT.replace("title:", "bibliography: none.bib\ntitle:")
    with pytest.raises(NotFoundError, match=r"no such file of references: none.bib"):
        notebook_document(book(cited), tmp_path)
    (tmp_path / "latin.bib").write_bytes("@book{é,}".encode("latin-1"))
    with pytest.raises(InputError, match=r"the references are not UTF-8: latin.bib"):
        notebook_document(book(cited.replace("none", "latin")), tmp_path)
    with pytest.raises(NotFoundError, match=r"no such image: absent.png"):
        blocks(tmp_path, "![Absent](absent.png)")


def test_references_are_read_beside_the_notebook(tmp_path):
    (tmp_path / "a b.bib").write_text("@book{a,}")
    cited = FRONT.replace("title:", "bibliography: [a b.bib]\ntitle:")
    assert notebook_document(book(cited), tmp_path).bibtex == "@book{a,}"


def test_html_without_a_table_is_its_text_and_no_repr(tmp_path):
    plain = "<IPython.core.display.HTML object>"
    said = shown({"text/html": "<p>5 * 3 <b>posts</b></p><p>Two</p>", "text/plain": plain})
    made = blocks(tmp_path, code("x", said, tags=["remove-input"]))
    assert made == (Prose("5 \\* 3 posts"), Prose("Two"))
    rich = shown({"text/html": "<pre>a  b</pre>", "text/plain": "a  b"})
    assert blocks(tmp_path, code("x", rich, tags=["remove-input"])) == (Code("a  b"),)


@pytest.mark.parametrize(
    "page",
    ["<svg></svg>", "<div id='a'></div><script>draw()</script>", "<iframe srcdoc='<table>'>"],
)
def test_html_that_draws_is_refused_by_name(tmp_path, page):
    drawn_only = shown({"text/html": page, "text/plain": "<chart>"})
    with pytest.raises(
        InputError, match=r"of a kind that reports do not show: text/html \(code cell"
    ):
        blocks(tmp_path, code("x", drawn_only))


def test_each_table_of_an_output_is_shown_and_numbered(tmp_path):
    cell = code("#| label: tbl-b\n#| tbl-cap: C\nx", shown({"text/html": TABLE + TABLE}),
                tags=["remove-input"])  # fmt: skip
    assert [table.label for table in blocks(tmp_path, cell)] == ["tbl-b", "tbl-b-2"]


def test_a_footnote_of_the_title_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"the title has a footnote: T\[\^a\]"):
        notebook_document(book("# T[^a]\n\n[^a]: Note."), tmp_path)
