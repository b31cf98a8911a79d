"""Every curated notebook: stripped, within the rules, and executed from top to bottom."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import nbformat
import pytest

from tests.store.stores import emptied

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
        assert "pip install" not in cell.source
        assert not re.search(r"[\"'](?:/|[A-Z]:\\)", cell.source), "an absolute path"
        if cell.source.startswith("%%cypher"):
            continue
        tree = ast.parse(re.sub(r"^%.*$", "pass", cell.source, flags=re.MULTILINE))
        assert not any(isinstance(n, ast.FunctionDef | ast.ClassDef) for n in ast.walk(tree))
    assert "versions()" in cells[-1].source
    assert "seed" in cells[-1].source


@pytest.fixture
def execute(tmp_path, monkeypatch):
    """Return a function that runs a notebook in an empty folder and returns it with its outputs."""
    from nbclient import NotebookClient

    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    for name in [name for name in os.environ if name.startswith("NEO4J")]:
        monkeypatch.delenv(name)

    def run(file, **environment):
        here, temporary = tmp_path / "here", tmp_path / "temporary"
        for folder in (here, temporary):
            folder.mkdir(exist_ok=True)
        for name, value in {**environment, "TMPDIR": str(temporary)}.items():
            monkeypatch.setenv(name, value)
        book = nbformat.read(file, 4)
        NotebookClient(book, timeout=300, resources={"metadata": {"path": str(here)}}).execute()
        assert list(here.iterdir()) == [], "a notebook leaves files where it runs"
        return book, list(temporary.iterdir())

    return run


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda f: f.stem)
def test_runs_from_top_to_bottom(file, execute):
    book, _ = execute(file)
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    streams = [o for cell in cells for o in cell.outputs if o.get("name") == "stderr"]
    assert streams == [], "a notebook writes to standard error"
    shown = "".join(str(o) for cell in cells for o in cell.outputs)
    assert "_sim" not in shown, "a handle in an output"
    drawn = sum("wb.plotting." in cell.source for cell in cells)
    assert shown.count("'image/png'") == drawn >= 1, "a figure is not shown"


def shown(book):
    """Return what each code cell shows, as text; the name of the store apart."""
    return [
        "".join(
            output.get("text") or output.get("data", {}).get("text/plain", "")
            for output in cell.outputs
            if not output.get("text", "").startswith("asking ")
        )
        for cell in book.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.neo4j
@pytest.mark.xdist_group("neo4j")
def test_the_notebook_of_cypher_shows_the_same_on_both_stores(execute):
    file = FOLDER / "02_cypher_for_data_scientists.ipynb"
    embedded, left = execute(file)
    assert left == [], "files are left behind"
    uri = emptied()
    on_server, left = execute(file, NEO4J_URI=uri)
    assert left == []
    assert "<EmbeddedStore" in str(embedded)
    assert f"<Neo4jStore {uri}" in str(on_server)
    tables = shown(embedded)
    assert shown(on_server) == tables
    assert sum("\n0 " in text for text in tables) >= 6, "tables are shown"
    pictures = [
        [output.data["image/png"] for cell in book.cells for output in cell.get("outputs", [])
         if "image/png" in output.get("data", {})]
        for book in (embedded, on_server)
    ]  # fmt: skip
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == 2
