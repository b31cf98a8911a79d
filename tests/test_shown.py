"""What every noun and every result shows of itself, whichever package makes it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import fields, is_dataclass, replace
from time import perf_counter

import pandas as pd
import pytest

import workbench
from tests import results
from tests.corpora import crisis_names
from tests.model.test_shown import NASTY, Reader
from workbench.model.shown import OneLine, Tabular
from workbench.studies.html_tables import html_tables

#: Results that list accounts by name, as their frames do.
NAMING = {
    "AccountTable", "Audience", "CommunityDescription", "Crossing", "Evidence", "Maximised",
    "NewAmplifiers", "OverPartitions", "PostTable", "Ranking", "Roles", "TopSet", "Without",
}  # fmt: skip
#: Shown elsewhere: a view is a page, a server answers in tests/store, protocols are no things.
ELSEWHERE = {"GraphStore", "Neo4jStore", "Ranked", "View"}


def public():
    """Yield the classes that modules of the package list."""
    for _, dotted, _ in pkgutil.walk_packages(workbench.__path__, "workbench."):
        if dotted.startswith("workbench.cli") or dotted.endswith("__main__"):
            continue
        module = importlib.import_module(dotted)
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if inspect.isclass(thing) and thing.__module__ == dotted and name not in ELSEWHERE:
                yield thing


def holds_data(thing):
    """Return whether a dataclass has a table or an array, whose own repr takes many lines."""
    return is_dataclass(thing) and any(
        word in str(field.type) for field in fields(thing) for word in ("DataFrame", "NDArray")
    )


PUBLIC = sorted(set(public()), key=lambda thing: thing.__name__)
BASES = (OneLine, Tabular)
SHOWN = [thing for thing in PUBLIC if issubclass(thing, OneLine) and thing not in BASES]
TABULAR = [thing for thing in SHOWN if issubclass(thing, Tabular)]
OFFERED = {
    name
    for package in workbench._PACKAGES
    for name in getattr(importlib.import_module(f"workbench.{package}"), "__all__", ())
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return results.made(tmp_path_factory.mktemp("results"))


@pytest.mark.parametrize("thing", PUBLIC, ids=lambda t: t.__name__)
def test_tables_are_shown_as_tables_and_data_in_one_line(thing):
    if hasattr(thing, "to_pandas") or hasattr(thing, "_repr_html_"):
        assert issubclass(thing, Tabular)
    if thing.__name__ in OFFERED and holds_data(thing):
        assert issubclass(thing, OneLine)
    if issubclass(thing, OneLine):
        assert thing.__repr__ is OneLine.__repr__, "the dataclass wants repr=False"


def test_the_walk_meets_every_class(made):
    assert len(TABULAR) > 40
    assert sorted(thing.__name__ for thing in SHOWN if thing not in made) == []


@pytest.mark.parametrize("thing", SHOWN, ids=lambda t: t.__name__)
def test_one_line_without_ids(thing, made):
    line = repr(made[thing])
    assert line.startswith(f"{thing.__name__}(")
    assert line.endswith(")")
    assert line.isprintable()
    assert 10 < len(line) < 300
    assert line == repr(made[thing])
    assert not [name for name in crisis_names() if name in line.casefold()]


@pytest.mark.parametrize("thing", TABULAR, ids=lambda t: t.__name__)
def test_a_small_accessible_table(thing, made):
    start = perf_counter()
    text = made[thing]._repr_html_()
    assert perf_counter() - start < 1.0
    read = Reader(text)
    assert text == made[thing]._repr_html_()
    assert len(text.encode()) < 50_000
    assert read.caption.startswith(f"{thing.__name__}: ")
    assert "``" not in read.caption
    assert set(read.heads) <= {"col", "row"}
    assert read.heads.count("row") >= 1
    assert "style=" not in text, "a colour or size of its own"
    if thing.__name__ not in NAMING:
        told = text.casefold()
        assert not [name for name in crisis_names() if name in told]


def nasty(frame):
    """Return a frame with another text in every cell that holds one."""
    return frame.map(lambda cell: NASTY if isinstance(cell, str) else cell)


@pytest.mark.parametrize("thing", TABULAR, ids=lambda t: t.__name__)
def test_texts_are_escaped(thing, made):
    one = made[thing]
    if not is_dataclass(one):
        return
    changed = {
        field.name: nasty(getattr(one, field.name))
        for field in fields(one)
        if isinstance(getattr(one, field.name), pd.DataFrame)
    } | {
        field.name: NASTY
        for field in fields(one)
        if field.name in {"by", "kind", "method", "name", "reason"}
    }
    if thing.__name__ in {"Evidence", "Without"}:
        assert changed
    assert "<script" not in replace(one, **changed)._repr_html_()


@pytest.mark.parametrize("thing", TABULAR, ids=lambda t: t.__name__)
def test_a_report_takes_the_table_over(thing, made):
    text = made[thing]._repr_html_()
    (read,) = html_tables(text, caption="", language="en")
    cells = [cell for row in read.rows for cell in row]
    assert {len(row) for row in read.rows} == {len(read.columns)}
    assert len([cell for cell in cells if cell.startswith("… ")]) == text.count("<tfoot>")
    assert len(read.rows) == Reader(text).heads.count("row") + text.count("<tfoot>")
