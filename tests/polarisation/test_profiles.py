"""Profiles: indices by size of elite, chances by account, steps to the other side."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import camps, divided, graph_of, reference_row, sides_of, topic
from workbench.errors import UndefinedError, UsageError
from workbench.polarisation import (
    account_leans,
    bubble_radius,
    dipole_polarisation,
    k_profile,
    random_walk_controversy,
)
from workbench.polarisation.preparation import prepare


def test_a_profile_is_the_index_at_each_k():
    graph, sides = camps(3)
    table = k_profile(graph, sides, ks=(1, 2, 0.5, 99))
    assert table["k"].tolist() == [1, 2, 0.5, 99]
    assert table["kind"].tolist() == ["count", "count", "share", "count"]
    for row, k in zip(table.itertuples(), (1, 2, 0.5), strict=False):
        assert row.value == random_walk_controversy(graph, sides, k=k).value
    assert table["value"].isna().tolist() == [False, False, False, True]
    assert "fewer accounts than k" in table["reason"][3]
    dipole = k_profile(graph, sides, ks=(1,), measure="dipole_polarisation")
    assert dipole["value"][0] == dipole_polarisation(graph, sides, k=1).value
    with pytest.raises(UsageError, match=r"no such measure with elites: ei_index; allowed: .*dip"):
        k_profile(graph, sides, measure="ei_index")


@pytest.mark.reference
def test_the_profile_of_a_published_graph():
    table = k_profile(*topic("indiana"), ks=(10, 0.01)).set_index("k")["value"]
    row = reference_row("indiana")
    assert table[10] == pytest.approx(float(row["RWC10_all_step"]), abs=1e-6)
    assert table[0.01] == pytest.approx(float(row["ARWC01_all_step"]), abs=1e-6)


def test_leans_are_the_chances_behind_the_dipole():
    edges = [("x1", "x0"), ("xm", "x0"), ("xm", "y0"), ("y1", "y0"), ("y2", "y0"), ("z0", "z1")]
    graph = graph_of(edges)
    sides = sides_of(graph, {a: a[0] for a in graph.accounts if a[0] != "z"})
    table = account_leans(graph, sides, k=1)
    rows = table.to_pandas().set_index("account")
    assert list(rows.index) == ["x0", "x1", "xm", "y0", "y1", "y2"]
    assert rows.columns.tolist() == ["side", "elite", "to_own", "lean", "chance_x", "chance_y"]
    assert rows["lean"].tolist() == pytest.approx([1, 1, 0, -1, -1, -1])
    assert rows["to_own"].tolist() == pytest.approx([1, 1, 0.5, 1, 1, 1])
    assert rows.index[rows["elite"]].tolist() == ["x0", "y0"]
    assert table.summary["dropped"]["unsided"] == 2
    assert table.choices["k"] == 1
    assert "x0" in table._repr_html_()


def test_whoever_leads_to_no_elite_has_no_lean():
    graph = graph_of([("x1", "x0"), ("y1", "y0"), ("x1", "y1"), ("x0", "x2"), ("y0", "y2")])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    found = account_leans(graph, sides, k=1, direction="directed").to_pandas()
    unknown = found.set_index("account")["lean"].isna()
    # Elites x0 and y0 are ends; x2 and y2 have no way out.
    assert unknown[unknown].index.tolist() == ["x2", "y2"]


def dense_steps(matrix, labels):
    """Hitting times of the other sides by the fundamental matrix; NaN where a walk may stay."""
    n = len(labels)
    degree = matrix.sum(axis=1)
    steps = np.full(n, np.nan)
    for side in np.unique(labels):
        own = np.flatnonzero(labels == side)
        chain = np.divide(
            matrix[np.ix_(own, own)], degree[own, None],
            out=np.zeros((len(own), len(own))), where=degree[own, None] > 0,
        )  # fmt: skip
        out = np.where(degree[own] > 0, 1 - chain.sum(axis=1), 0)
        out[out < 1e-12] = 0
        # The chance to leave after very many steps tells who leaves for certain.
        power = np.linalg.matrix_power(
            np.block([[chain, out[:, None]], [np.zeros((1, len(own))), np.ones((1, 1))]]), 1 << 20
        )
        sure = power[:-1, -1] > 1 - 1e-9
        if sure.any():
            inner = np.eye(sure.sum()) - chain[np.ix_(sure, sure)]
            steps[own[sure]] = np.linalg.solve(inner, np.ones(sure.sum()))
    return steps


@settings(max_examples=60)
@given(divided(), st.sampled_from(["undirected", "directed"]))
def test_steps_out_equal_the_fundamental_matrix(case, direction):
    edges, labels = case
    graph = graph_of(edges)
    sides = sides_of(graph, labels)
    prepared = prepare(graph, sides, direction=direction)
    expected = dense_steps(prepared.matrix.toarray(), prepared.labels)
    found = bubble_radius(graph, sides, direction=direction).to_pandas()["steps"]
    assert found.isna().tolist() == np.isnan(expected).tolist()
    known = ~np.isnan(expected)
    assert found[known].to_numpy(float) == pytest.approx(expected[known], rel=1e-6)


def test_the_reach_of_a_bubble():
    """A row x3 – x2 – x1 – y1: 1 + 2·… steps of a walk on a line with a wall at its end."""
    graph = graph_of([("x3", "x2"), ("x2", "x1"), ("x1", "y1")])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    table = bubble_radius(graph, sides)
    steps = table.to_pandas().set_index("account")["steps"]
    assert steps.to_dict() == pytest.approx({"x1": 5, "x2": 8, "x3": 9, "y1": 1})
    first = table.summary["by_side"][0]
    assert first == {
        "side": "x", "accounts": 3, "enclosed": 0,
        "mean_steps": pytest.approx(22 / 3), "median_steps": pytest.approx(8.0),
    }  # fmt: skip


def test_the_enclosed_are_counted_and_have_no_radius():
    graph = graph_of([("x1", "x0"), ("y1", "y0"), ("x2", "y0")])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    table = bubble_radius(graph, sides, component="all")
    by_side = {entry["side"]: entry for entry in table.summary["by_side"]}
    assert by_side["x"]["enclosed"] == 2
    assert by_side["y"]["enclosed"] == 0
    assert table.to_pandas().set_index("account")["steps"].isna()["x1"]
    with pytest.raises(UndefinedError, match="one side only"):
        bubble_radius(graph, sides_of(graph, dict.fromkeys(graph.accounts, "x")))
