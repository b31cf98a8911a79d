"""Notebooks run in a kernel of their own: parameters, figures, what is said when a cell raises."""

from __future__ import annotations

import json

import pytest
from nbformat.v4 import new_output

from tests.studies.notebooks import book, code, printed, saved
from workbench.errors import InputError, NotFoundError, UsageError, WorkbenchError
from workbench.studies.notebook_run import cell_name, execute_notebook, read_notebook

PARAMETERS = code("seed = 1\nlang: str = 'en'\nlimit == 3 if 0 else None", tags=["parameters"])


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return a notebook before and after its run, and the folder."""
    folder = tmp_path_factory.mktemp("é b")
    file = saved(
        book(
            "# Title",
            code("from __future__ import annotations"),
            code("seed = 1\nlang = 'en'", tags=["parameters"]),
            code("from pathlib import Path\nprint(seed, lang, Path('beside.txt').read_text())"),
            code("import matplotlib.pyplot as plt\nplt.plot([1, 2]);"),
        ),
        folder / "nöte book.ipynb",
    )
    (folder / "beside.txt").write_text("beside")
    before = file.read_bytes()
    made = execute_notebook(file, parameters={"seed": "it's 007"}, offered="fr")
    return before, file, made


def test_values_take_the_place_of_parameters(ran):
    *_, made = ran
    (said,) = [cell.outputs[0].text for cell in made.cells if "print" in cell.source]
    assert said == "it's 007 fr beside\n"


def test_figures_are_outputs_whatever_the_backend_outside(ran):
    *_, made = ran
    assert "image/png" in made.cells[-1].outputs[0].data


def test_the_file_stays_as_it_is_and_nothing_else_is_left(ran):
    before, file, made = ran
    assert file.read_bytes() == before
    assert sorted(f.name for f in file.parent.iterdir()) == ["beside.txt", file.name]
    assert all("InlineBackend" not in cell.source for cell in made.cells)
    assert "execution" not in json.dumps(made.cells[-1].metadata)


def test_cells_are_counted_as_in_the_file(ran):
    *_, made = ran
    assert cell_name(made, made.cells[-1]) == "code cell 4"


def test_a_cell_that_raises_is_named_with_its_label_and_message(tmp_path):
    bad = code("#| label: fig-bad\nraise ValueError('no such camp')")
    file = saved(book("# T", code("print(1)"), bad), tmp_path / "n.ipynb")
    match = r"the notebook raises: ValueError: no such camp \(code cell 2, fig-bad\)"
    with pytest.raises(WorkbenchError, match=match) as raised:
        execute_notebook(file)
    assert raised.value.exit_code == 1
    assert list(tmp_path.iterdir()) == [file]


def test_the_cell_that_stopped_the_run_is_named_not_one_that_may_raise(tmp_path):
    meant = code("raise KeyError('meant')", tags=["raises-exception"])
    stale = code("1", new_output("error", ename="E", evalue="old", traceback=[]))
    file = saved(book(meant, code("1 / 0"), stale), tmp_path / "n.ipynb")
    with pytest.raises(WorkbenchError, match=r"ZeroDivisionError.*\(code cell 2\)"):
        execute_notebook(file)


def test_an_interrupted_run_is_an_interruption(tmp_path):
    wait = "import os, signal, time\nos.kill(os.getppid(), signal.SIGINT)\ntime.sleep(60)"
    file = saved(book("# T", code(wait)), tmp_path / "n.ipynb")
    with pytest.raises(KeyboardInterrupt):
        execute_notebook(file)
    assert list(tmp_path.iterdir()) == [file]


def test_no_output_of_an_earlier_run_stays(tmp_path):
    old = [code("", printed("old")), code("2", printed("old"), tags=["skip-execution"])]
    made = execute_notebook(saved(book(*old), tmp_path / "n.ipynb"))
    assert [cell.outputs for cell in made.cells] == [[], []]


def test_unknown_parameters_are_refused_before_anything_runs(tmp_path):
    file = saved(book(PARAMETERS, code("raise SystemExit")), tmp_path / "n.ipynb")
    with pytest.raises(UsageError, match=r"no such parameter: sead; allowed: seed, lang$"):
        execute_notebook(file, parameters={"sead": 2})
    file = saved(book(code("seed = 1")), tmp_path / "m.ipynb")
    with pytest.raises(UsageError, match=r"allowed: none: no cell has the tag parameters"):
        execute_notebook(file, parameters={"seed": 2})


def test_what_is_no_notebook(tmp_path):
    with pytest.raises(NotFoundError, match=r"no such notebook: .*none.ipynb"):
        read_notebook(tmp_path / "none.ipynb")
    for content in ("", "no JSON", "[]", '{"cells": 3}', "{}"):
        (tmp_path / "odd.ipynb").write_text(content)
        with pytest.raises(InputError, match=r"this file is no notebook: .*odd.ipynb"):
            read_notebook(tmp_path / "odd.ipynb")


@pytest.mark.parametrize(
    "cell",
    [
        {"cell_type": "code", "metadata": {}, "outputs": []},
        {"cell_type": "markdown", "metadata": {}, "source": 3},
        {"cell_type": "markdown", "metadata": {"tags": None}, "source": ""},
        {"cell_type": "code", "metadata": {}, "source": ""},
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_cell_that_is_not_whole(tmp_path, cell):
    whole = {"cell_type": "markdown", "metadata": {}, "source": "# T"}
    told = {"cells": [whole, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "n.ipynb").write_text(json.dumps(told))
    with pytest.raises(InputError, match=r"lacks its source, metadata or outputs.*\(cell 2\)"):
        read_notebook(tmp_path / "n.ipynb")


def test_a_kernel_that_is_not_there(tmp_path):
    made = book(code("1"))
    made.metadata.kernelspec["name"] = "cobol"
    with pytest.raises(NotFoundError, match=r"no such kernel: cobol"):
        execute_notebook(saved(made, tmp_path / "n.ipynb"))
