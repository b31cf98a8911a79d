"""From a notebook to files: equal bytes, odd places, nothing half made, the remedy said."""

from __future__ import annotations

import os

import pytest

from tests.studies.notebooks import FRONT, book, code, drawn, saved
from tests.studies.reports import BIBTEX, document
from workbench.errors import InputError, MissingDependencyError, UsageError, WorkbenchError
from workbench.studies import pandoc, report, running
from workbench.studies.document import Heading, Prose
from workbench.studies.report import notebook_report, write_report

CITED = FRONT.replace("title:", "bibliography: refs.bib\ntitle:")


@pytest.fixture
def notebook(tmp_path):
    """Return a notebook in a folder with spaces and letters beyond ASCII."""
    folder = tmp_path / "étude n° 1 — 中"
    folder.mkdir()
    (folder / "refs.bib").write_text(BIBTEX, "utf-8")
    cell = code(
        "#| label: fig-line\n#| fig-cap: A line\nimport matplotlib.pyplot as plt\n"
        "plt.plot([1, 2])\nprint('done');",
        drawn(),
        tags=["remove-input"],
    )
    return saved(
        book(CITED + "# First\n\nSee @fig-line [@newman2010].", cell), folder / "nöte.ipynb"
    )


def test_two_runs_give_equal_bytes_in_every_format(notebook, tmp_path):
    made = [
        notebook_report(notebook, out=tmp_path / name / "deep", parameters={})
        for name in ("one", "two")
    ]
    for one, two in zip(made[0].files, made[1].files, strict=True):
        assert one.read_bytes() == two.read_bytes()
    assert [file.name for file in made[0].files] == ["nöte.html", "nöte.pdf", "nöte.docx"]
    assert made[0].notes == ()
    assert made[0].seconds.keys() == {"execute", "html", "pdf", "docx"}
    assert sorted(f.name for f in notebook.parent.iterdir()) == ["nöte.ipynb", "refs.bib"]


def test_a_notebook_that_raises_leaves_nothing(tmp_path):
    file = saved(book(FRONT, code("raise KeyError('camp')")), tmp_path / "n.ipynb")
    with pytest.raises(WorkbenchError, match=r"the notebook raises: KeyError: 'camp' \(code cell"):
        notebook_report(file, out=tmp_path / "out", parameters={})
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("text", ["@fig-none", "[@nobody1999]"])
def test_what_leads_nowhere_leaves_nothing(tmp_path, text):
    with pytest.raises(InputError, match=r"@fig-none|nobody1999"):
        write_report(document("en", Prose(text)), tmp_path / "out" / "n")
    assert list(tmp_path.iterdir()) == []


def test_when_one_format_fails_none_is_written(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise WorkbenchError("the PDF cannot be set")

    monkeypatch.setattr(report, "write_pdf", fail)
    with pytest.raises(WorkbenchError, match=r"the PDF cannot be set"):
        write_report(document(), tmp_path / "n")
    assert list(tmp_path.iterdir()) == []


def test_the_language_that_is_asked_for(notebook, tmp_path):
    made = notebook_report(notebook, out=tmp_path, formats=["html"], language="fr")
    assert made.language == "fr"
    assert made.files == (tmp_path / "nöte.html",)
    assert "Résumé" in made.files[0].read_text("utf-8")
    with pytest.raises(UsageError, match=r"do not speak this language: de"):
        notebook_report(notebook, out=tmp_path, language="de")


def test_without_the_tools_html_comes_out_and_the_remedy_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(pandoc, "there", lambda: False)
    files, notes = write_report(document(), tmp_path / "n")
    assert [file.name for file in files] == ["n.html"]
    assert notes == (
        "no PDF and DOCX, for the report tools are not installed: pip install 'workbench[report]'",
    )
    _, notes = write_report(document(), tmp_path / "n", formats=["html"])
    assert notes == ("the HTML was made without pandoc: pip install 'workbench[report]'",)
    monkeypatch.setattr(running, "find_spec", lambda _: None)
    monkeypatch.setattr(pandoc, "there", lambda: True)
    files, notes = write_report(document(), tmp_path / "m")
    assert [file.name for file in files] == ["m.html", "m.docx"]
    assert notes[0].startswith("no PDF, for")


def test_a_format_that_was_asked_for_and_cannot_be_made(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(MissingDependencyError, match=r"Typst is not installed; pip install"):
        write_report(document(), tmp_path / "n", formats=["pdf"])
    with pytest.raises(UsageError, match=r"no such format: odt; allowed: html, pdf, docx"):
        write_report(document(), tmp_path / "n", formats=["odt"])
    assert list(tmp_path.iterdir()) == []


def test_letters_that_no_font_has_are_a_note(tmp_path):
    _, notes = write_report(document("en", Prose("中")), tmp_path / "n", formats=["pdf"])
    assert len(notes) == 1
    assert "中" in notes[0]
    assert "--fonts" in notes[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(InputError, match=r"cannot write the report: .*locked"):
        write_report(document(), locked / "n", formats=["html"])


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"cannot write the report: .*file"):
        write_report(document(), tmp_path / "file" / "n", formats=["html"])


def test_a_folder_where_a_file_should_be_leaves_the_others_alone(tmp_path):
    (tmp_path / "n.pdf").mkdir()
    with pytest.raises(InputError, match=r"cannot write the report: .*n\.pdf \(it is a folder\)"):
        write_report(document(), tmp_path / "n", formats=["html", "pdf"])
    assert [file.name for file in tmp_path.iterdir()] == ["n.pdf"]


@pytest.mark.parametrize(
    ("asked", "lacking", "error", "match"),
    [
        ("odt", "", UsageError, r"no such format: odt"),
        ("docx", "pypandoc", MissingDependencyError, r"pandoc is not installed; pip install"),
        ("pdf", "typst", MissingDependencyError, r"Typst is not installed; pip install"),
    ],
)
def test_what_cannot_be_written_is_said_before_anything_runs(
    tmp_path, monkeypatch, asked, lacking, error, match
):
    for module in (running, pandoc):
        monkeypatch.setattr(module, "find_spec", lambda name: None if name == lacking else name)
    mark = tmp_path / "ran"
    file = saved(book("# T", code(f"open({str(mark)!r}, 'w')")), tmp_path / "n.ipynb")
    with pytest.raises(error, match=match):
        notebook_report(file, out=tmp_path, formats=[asked], parameters={})
    assert not mark.exists()


@pytest.mark.parametrize("with_pandoc", [True, False])
def test_a_footnote_of_a_heading_is_a_footnote(tmp_path, monkeypatch, with_pandoc):
    monkeypatch.setattr(pandoc, "there", lambda: with_pandoc)
    head = Heading("Method[^h]", notes="[^h]: A note on the method.")
    files, _ = write_report(document("en", head), tmp_path / "n", formats=["html"])
    page = files[0].read_text("utf-8")
    assert "A note on the method." in page
    assert "[^h]" not in page
    assert "Method[" not in page


def test_a_language_of_the_front_matter_is_refused_before_anything_runs(tmp_path):
    file = saved(book(FRONT.replace("title:", "lang: de\ntitle:"), code("open('ran', 'w')")),
                 tmp_path / "n.ipynb")  # fmt: skip
    with pytest.raises(UsageError, match=r"do not speak this language: de"):
        notebook_report(file, out=tmp_path / "out", parameters={})
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("asked", "spoken"), [("", "fr"), ("en", "en")])
def test_the_parameter_lang_is_the_language_unless_another_is_asked_for(tmp_path, asked, spoken):
    cell = code("lang = 'en'", tags=["parameters"])
    file = saved(book(FRONT, cell, code("print(lang)")), tmp_path / "n.ipynb")
    made = notebook_report(file, out=tmp_path / "out", formats=["html"], language=asked,
                           parameters={"lang": "fr"})  # fmt: skip
    assert made.language == spoken
    assert f'lang="{spoken}"' in made.files[0].read_text("utf-8")
    with pytest.raises(
        UsageError, match=r"language: lang=de \(.*--lang|language: lang=de; .*--lang"
    ):
        notebook_report(file, out=tmp_path / "out", parameters={"lang": "de"})
