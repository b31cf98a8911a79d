"""Every curated notebook: stripped, within the rules, and executed from top to bottom."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parent.parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def code_cells(file):
    return [cell for cell in nbformat.read(file, 4).cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda f: f.stem)
def test_rules(file):
    book = nbformat.read(file, 4)
    assert re.fullmatch(r"\d\d_[a-z0-9_]+", file.stem)
    first = book.cells[0]
    assert first.cell_type == "markdown"
    for word in ("# ", "**Question.**", "**Data.**", "**Cite.**"):
        assert word in first.source
    cells = code_cells(file)
    assert len(cells) <= 25
    for cell in cells:
        assert cell.outputs == []
        assert cell.execution_count is None
        assert len(cell.source.splitlines()) <= 10
        tree = ast.parse(cell.source)
        assert not any(isinstance(n, ast.FunctionDef | ast.ClassDef) for n in ast.walk(tree))
        assert "pip install" not in cell.source
        assert not re.search(r"[\"'](?:/|[A-Z]:\\)", cell.source), "an absolute path"
    assert "versions()" in cells[-1].source
    assert "seed" in cells[-1].source


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda f: f.stem)
def test_runs_from_top_to_bottom(file, tmp_path, monkeypatch):
    from nbclient import NotebookClient

    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    book = nbformat.read(file, 4)
    NotebookClient(book, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    streams = [o for cell in cells for o in cell.outputs if o.get("name") == "stderr"]
    assert streams == [], "a notebook writes to standard error"
    shown = "".join(str(o) for cell in cells for o in cell.outputs)
    assert "_sim" not in shown, "a handle in an output"
    assert "image/png" in shown
