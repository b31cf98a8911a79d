"""Notebooks go without outputs; labels tell which cell makes which figure."""

from __future__ import annotations

import json

import pytest

from tests.studies.packing.test_package import DATE, unpacked
from workbench.errors import InputError, NotFoundError
from workbench.studies.manifest import Exhibit
from workbench.studies.packing import pack
from workbench.studies.packing.notebooks import read_notebooks


def notebook(file, *sources, output="secret"):
    cells = [
        {"cell_type": "code", "source": source, "execution_count": 4, "metadata": {},
         "outputs": [{"output_type": "stream", "name": "stdout", "text": output}]}
        for source in sources
    ]  # fmt: skip
    cells.insert(0, {"cell_type": "markdown", "source": "#| label: fig-not", "metadata": {}})
    file.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}))
    return file


def test_labels_lead_to_cells(tmp_path):
    drawn = ["#| label: fig-net\n", '#| fig-cap: "Who, whom"\n', "draw()"]
    file = notebook(tmp_path / "b.ipynb", "x = 1", drawn, "#| label: tbl-top\n#| tbl-cap: Top\n1")
    other = notebook(tmp_path / "a.ipynb", "y = '#| label: fig-text'")
    first, second = read_notebooks([file, other])
    assert (first.place, first.exhibits) == ("programs/a.ipynb", ())
    assert second.exhibits == (
        Exhibit("fig-net", "Who, whom", (), "programs/b.ipynb", 3),
        Exhibit("tbl-top", "Top", (), "programs/b.ipynb", 4),
    )
    kept = json.loads(second.text)["cells"]
    assert [cell["source"] for cell in kept[1:3]] == ["x = 1", drawn]
    assert all(cell["outputs"] == [] for cell in kept[1:])
    assert "secret" not in second.text


def test_a_package_maps_the_figures_of_its_notebooks(made, tmp_path):
    file = notebook(tmp_path / "x.ipynb", "#| label: fig-net\n#| fig-cap: Net\ndraw()")
    pack(made.run, tmp_path / "p.zip", study=made.study, notebooks=[file], date=DATE)
    place = unpacked(tmp_path / "p.zip", tmp_path / "p")
    readme = (place / "README.md").read_text("utf-8")
    assert "| `fig-net` | Net | `programs/x.ipynb` | 2 | in the notebook |" in readme
    assert "--inplace programs/x.ipynb" in readme
    assert "secret" not in (place / "programs" / "x.ipynb").read_text()


def test_what_is_no_notebook(tmp_path):
    (tmp_path / "x.ipynb").write_text("{}")
    with pytest.raises(InputError, match=r"this is no notebook: .*x\.ipynb"):
        read_notebooks([tmp_path / "x.ipynb"])
    with pytest.raises(NotFoundError, match=r"no such notebook: .*y\.ipynb"):
        read_notebooks([tmp_path / "y.ipynb"])
    (tmp_path / "z").mkdir()
    twice = [notebook(tmp_path / "a.ipynb"), notebook(tmp_path / "z" / "a.ipynb")]
    with pytest.raises(InputError, match=r"two notebooks have the same name: a\.ipynb"):
        read_notebooks(twice)
