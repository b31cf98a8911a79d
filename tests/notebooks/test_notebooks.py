"""Every curated notebook: stripped, within the rules, and executed from top to bottom."""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from tests.corpora import crisis_names
from tests.store.stores import emptied
from workbench.loaders import load
from workbench.loaders.edge_files import read_edges
from workbench.model import InteractionGraph
from workbench.polarisation import exposure_diversity, find_sides
from workbench.resources import datasets_folder
from workbench.studies.study import Study

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
    """Return a function that runs a notebook in an empty folder and returns it with its outputs.

    `here` is another empty folder to run in, such as that of a study; `parameters` take the place
    of those in its cell of parameters; what is left is environment.
    """
    from nbclient import NotebookClient

    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    for name in [name for name in os.environ if name.startswith("NEO4J")]:
        monkeypatch.delenv(name)

    def run(file, parameters=None, *, here=tmp_path / "here", **environment):
        temporary = tmp_path / "temporary"
        for folder in (here, temporary):
            folder.mkdir(exist_ok=True)
        for name, value in {**environment, "TMPDIR": str(temporary)}.items():
            monkeypatch.setenv(name, value)
        book = nbformat.read(file, 4)
        if parameters:
            (cell,) = [c for c in book.cells if "parameters" in c.metadata.get("tags", [])]
            for name, value in parameters.items():
                line, count = re.compile(rf"^{name} = .*$", re.MULTILINE), 1
                assert line.search(cell.source), name
                cell.source = line.sub(lambda _, new=f"{name} = {value!r}": new, cell.source, count)
        NotebookClient(book, timeout=300, resources={"metadata": {"path": str(here)}}).execute()
        assert list(here.iterdir()) == [], "a notebook leaves files where it runs"
        here.rmdir()
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
    assert "EmbeddedStore(" in str(embedded)
    assert f"Neo4jStore({uri}" in str(on_server)
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


@pytest.fixture
def two_camps(tmp_path):
    """Return files of 120 accounts in two camps, of which three in a hundred retweets cross."""
    drawn = np.random.default_rng(3)
    ends = drawn.integers(60, size=(900, 2)) + 60 * drawn.integers(2, size=(900, 1))
    ends[::33, 1] = (ends[::33, 1] + 60) % 120
    rows = [f"somebody{a},somebody{b},{1 + a % 3}\n" for a, b in ends.tolist() if a != b]
    graph, sides = tmp_path / "edges.csv", tmp_path / "sides.csv"
    graph.write_text("source,target,weight\n" + "".join(rows))
    camps = [f"somebody{i},{'east' if i < 60 else 'west'}\n" for i in range(120)]
    sides.write_text("node,side\n" + "".join(camps))
    return {"GRAPH": str(graph), "SIDES": str(sides)}


def test_the_notebook_of_echo_chambers_takes_a_graph_and_sides(execute, two_camps):
    file = FOLDER / "03_echo_chambers.ipynb"
    book, left = execute(file, two_camps)
    assert left == [], "files are left behind"
    told = "".join(shown(book))
    assert "120 accounts" in told
    assert "known from outside: the side of 120 accounts" in told
    assert "accuracy 100%" in told
    assert "trivially about 1" in told, "the guard against circular leans"
    assert told.count("skipped: a graph file has no posts") == 4
    assert "somebody" not in str([cell.get("outputs") for cell in book.cells])
    assert "on pairs that did not find the sides, modularity is" in told
    assert "too few to tell" not in told
    rows = read_edges(two_camps["GRAPH"])
    graph = InteractionGraph.from_edges(*(rows[c] for c in ("source", "target", "weight")))
    mixed = exposure_diversity(graph, find_sides(graph, seed=1815), min_contacts=5)
    assert f"{mixed.choices['accounts']} accounts are known" in told
    assert f"diversity of these {mixed.value:.2f}, in random graphs" in told
    again, _ = execute(file, {**two_camps, "SIDES": None})
    changed = [a for a, b in zip(shown(book), shown(again), strict=True) if a != b]
    assert len(changed) == 2, "only what is known from outside is told otherwise"
    assert "skipped: no side is known from outside" in "".join(shown(again))


def test_the_notebook_of_echo_chambers_concludes_nothing_from_a_few_edges(execute, tmp_path):
    near = [(i, (i + step) % 12) for i in range(12) for step in (1, 2, 3)]
    camps = [f"{camp}{i},{camp}{j},1\n" for camp in ("east", "west") for i, j in near]
    bridges = [f"east{i},west{i},1\n" for i in range(3)]
    graph = tmp_path / "small.csv"
    graph.write_text("source,target,weight\n" + "".join([*camps, *bridges]))
    book, _ = execute(FOLDER / "03_echo_chambers.ipynb", {"GRAPH": str(graph)})
    told = "".join(shown(book))
    assert "are known; " in told
    assert "too few to tell how mixed their contacts are" in told
    assert "accounts and their contacts lean to a side: too few to tell" in told
    assert "too few to tell how divided the graph is without circularity" in told
    assert "on pairs that did not find the sides, modularity" not in told
    assert "lean to the side of their contacts" not in told
    assert "38 edges are measured" in told


@pytest.fixture
def small_study(tmp_path, monkeypatch):
    """Return a raw study of the first pages of the crisis, with the keys of the test apart."""
    monkeypatch.setenv("WORKBENCH_KEYS", str(tmp_path / "keys"))
    study = Study.create(tmp_path / "study")
    load(datasets_folder() / "crisis_small" / "posts" / "0001.jsonl.gz", into=study.corpus_folder)
    return study.folder


def in_study(study):
    """Return where ``workbench lab`` puts the notebooks of a study."""
    return study / "notebooks"


def test_the_first_walk_is_about_the_study_it_lies_in(execute, small_study):
    study = Study.open(small_study)
    book, _ = execute(FOLDER / "01_first_walk.ipynb", here=in_study(small_study))
    told = "".join(shown(book))
    assert repr(study.corpus().report) in told
    assert repr(study.corpus().graph("retweet")) in told
    assert "The store gives the graph of the corpus: True" in told
    assert not [name for name in crisis_names() if name in told.casefold()]
    assert not study.graph_folder.exists(), "the store of the study is not touched"


def test_the_notebook_of_cypher_is_about_the_study_it_lies_in(execute, small_study):
    book, left = execute(FOLDER / "02_cypher_for_data_scientists.ipynb", here=in_study(small_study))
    assert left == [], "files are left behind"
    told = "".join(shown(book))
    assert "Cypher gives the graph of the corpus: True" in told
    assert not [name for name in crisis_names() if name in told.casefold()]


def test_the_notebook_of_echo_chambers_takes_a_study(execute, small_study):
    book, left = execute(FOLDER / "03_echo_chambers.ipynb", here=in_study(small_study))
    assert left == [], "files are left behind"
    told = "".join(shown(book))
    assert "posts behind the heaviest" in told
    assert "skipped: no side is known from outside" in told
    assert not [name for name in crisis_names() if name in told.casefold()]


def test_the_notebook_of_communities_takes_a_study(execute, small_study):
    asked = {"EVERY": "2d", "RESOLUTIONS": {"many": 1.0, "few": 0.3}}
    file = FOLDER / "05_communities_over_time.ipynb"
    book, left = execute(file, asked, here=in_study(small_study))
    assert left == [], "files are left behind"
    told = "".join(shown(book))
    assert "of what moved, dealt acts up to" in told
    tested = [int(n) for n in re.findall(r"\d+ of (\d+) communities stand out", told)]
    assert len(tested) == 2
    assert min(tested) > 0, "with fewer than 199 samples there is no p"
    assert "accounts are in both of the last windows" in told
    assert not [name for name in crisis_names() if name in told.casefold()]


def test_the_notebook_of_influence_takes_a_study(execute, small_study):
    file = FOLDER / "04_who_is_influential.ipynb"
    book, left = execute(file, {"STUDY": str(small_study), "K": 3, "TOP": 8})
    assert left == [], "files are left behind"
    told = "".join(shown(book))
    assert "top 3: " in told
    assert "skipped: no account is listed" in told
    assert "possible places" in told
    assert not [name for name in crisis_names() if name in told.casefold()]
