"""``workbench report``."""

from __future__ import annotations

import json

import pytest

from tests.studies.notebooks import FRONT, book, code, saved
from workbench.cli.app import main
from workbench.studies.running import FORMATS


def run(capsys, *arguments):
    """Return exit code, standard output and the last line of standard error."""
    with pytest.raises(SystemExit) as left:
        main(["report", *map(str, arguments)])
    said = capsys.readouterr()
    return left.value.code, said.out, said.err.strip()


@pytest.fixture
def notebook(tmp_path):
    parameters = code("seed = 1\nlang = 'en'", tags=["parameters"])
    told = code("print(seed + 1, lang)", tags=["remove-input"])
    return saved(book(FRONT, parameters, told), tmp_path / "note.ipynb")


def test_it_runs_with_parameters_and_tells_what_it_wrote(capsys, notebook, tmp_path):
    out = tmp_path / "öut x"
    code, said, _ = run(capsys, notebook, "--out", out, "--param", "seed=41", "--lang", "fr",
                        "--format", "html,docx", "--json")  # fmt: skip
    assert code == 0
    told = json.loads(said)
    assert told["outputs"] == [str(out / "note.html"), str(out / "note.docx")]
    assert (told["ok"], told["title"], told["language"]) == (True, "A small notebook", "fr")
    assert told["seconds"].keys() == {"execute", "html", "docx"}
    assert "42 fr" in (out / "note.html").read_text("utf-8")


def test_without_execution_it_stands_beside_the_notebook(capsys, notebook):
    code, said, _ = run(capsys, notebook, "--no-execute")
    assert code == 0
    assert said.split() == [str(notebook.with_suffix(f".{name}")) for name in FORMATS]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "match"),
    [
        (["--lang", "de"], 2, "error: reports do not speak this language: de; allowed: en, fr"),
        (["--format", "odt"], 2, "error: no such format: odt; allowed: html, pdf, docx"),
        (["--param", "sead=1"], 2, "the notebook has no such parameter: sead; allowed: seed, lang"),
        (["--param", "seed"], 2, "a parameter is NAME=VALUE: seed"),
        (["--param", "seed=1", "--no-execute"], 2, "parameters need an execution: --no-execute"),
        (["--fonts", "no folder"], 3, "no such folder of fonts: no folder"),
    ],
)
def test_what_is_asked_wrongly(capsys, notebook, arguments, exit_code, match):
    code, said, wrong = run(capsys, notebook, *arguments)
    assert (code, said) == (exit_code, "")
    assert match in wrong
    assert list(notebook.parent.iterdir()) == [notebook]


def test_a_notebook_that_is_not_there(capsys, tmp_path):
    code, _, wrong = run(capsys, tmp_path / "none.ipynb", "--json")
    assert code == 3
    assert json.loads(wrong)["error"]["what"] == "no such notebook"


def test_a_notebook_that_raises(capsys, tmp_path):
    file = saved(book(FRONT, code("1 / 0")), tmp_path / "n.ipynb")
    exit_code, _, wrong = run(capsys, file, "--out", tmp_path / "out")
    assert exit_code == 1
    assert "the notebook raises: ZeroDivisionError: division by zero (code cell 1)" in wrong
    assert list(tmp_path.iterdir()) == [file]
