"""Dipoles: published graphs with every rule for neutrals, an iterated oracle, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings

from tests.polarisation.cases import (
    TOPICS,
    camps,
    divided,
    graph_of,
    reference_row,
    sides_of,
    topic,
)
from workbench.errors import UndefinedError, UsageError
from workbench.polarisation import dipole_polarisation, k_pole_dipole
from workbench.polarisation.absorption import elites
from workbench.polarisation.dipole import positions
from workbench.polarisation.preparation import prepare

#: Rule for neutrals → reference column; there, side X is the one with label 1.
COLUMNS = {"neither": "DP05", "first": "DP05_neutral_as_Y", "second": "DP05_neutral_as_X"}


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS)
def test_exact_values_of_ten_retweet_graphs(name):
    graph, sides = topic(name)
    row = reference_row(name)
    for rule, column in COLUMNS.items():
        found = dipole_polarisation(graph, sides, neutral=rule)
        assert found.value == pytest.approx(float(row[column]), abs=1e-6), column
        assert found.choices["neutral_accounts"] == int(row["n_neutral"])


def iterated(matrix, labels, chosen):
    """Opinions by letting every account take the mean of its neighbours, over and over."""
    held = np.where(labels == 0, 1.0, -1.0)
    lean = np.where(chosen, held, 0.0)
    degree = matrix.sum(axis=1)
    for _ in range(20_000):
        fresh = np.where(chosen, held, matrix @ lean / degree)
        if np.abs(fresh - lean).max() < 1e-14:
            break
        lean = fresh
    return lean


@settings(max_examples=40)
@given(divided())
def test_equal_to_opinions_that_spread_step_by_step(case):
    edges, labels = case
    graph = graph_of(edges)
    sides = sides_of(graph, labels)
    prepared = prepare(graph, sides)
    chosen, _ = elites(prepared, 1)
    lean = iterated(prepared.matrix.toarray(), prepared.labels, chosen)
    assume(not ((np.abs(lean) > 1e-12) & (np.abs(lean) < 1e-7)).any())
    lean[np.abs(lean) <= 1e-12] = 0
    up, down = lean > 0, lean < 0
    gap = (lean[up].mean() - lean[down].mean()) / 2
    expected = (1 - abs(int(up.sum()) - int(down.sum())) / len(lean)) * gap
    found = dipole_polarisation(graph, sides, k=1)
    assert found.value == pytest.approx(expected, abs=1e-8)
    assert found.choices["neutral_accounts"] == int((lean == 0).sum())
    assert k_pole_dipole(graph, sides, k=1).value == pytest.approx(lean.var(), abs=1e-8)


@settings(max_examples=25)
@given(divided())
def test_swapping_the_labels_swaps_the_rules_for_neutrals_and_nothing_else(case):
    edges, labels = case
    graph = graph_of(edges)
    swapped = {account: "ab"[side == "a"] for account, side in labels.items()}
    here, there = sides_of(graph, labels), sides_of(graph, swapped)
    for rule, other in (("neither", "neither"), ("first", "second"), ("second", "first")):
        value = dipole_polarisation(graph, here, k=1, neutral=rule).value
        again = dipole_polarisation(graph, there, k=1, neutral=other).value
        assert again == pytest.approx(value, abs=1e-9)
    assert k_pole_dipole(graph, there, k=1).value == pytest.approx(
        k_pole_dipole(graph, here, k=1).value, abs=1e-9
    )


def chain():
    """x0 and its leaf, a bridge of one account of side x, y0 and its two leaves."""
    edges = [("x1", "x0"), ("xm", "x0"), ("xm", "y0"), ("y1", "y0"), ("y2", "y0")]
    graph = graph_of(edges)
    return graph, sides_of(graph, {a: a[0] for a in graph.accounts})


def test_neutral_accounts_are_counted_as_asked():
    """Leans +1 +1 0 −1 −1 −1: the bridge is in the middle, and x sorts before y."""
    graph, sides = chain()
    values = {rule: dipole_polarisation(graph, sides, k=1, neutral=rule).value for rule in COLUMNS}
    assert values == pytest.approx({"neither": 5 / 6, "first": 1.0, "second": 4 / 6})
    lean = np.array([1, 1, 0, -1, -1, -1])
    assert k_pole_dipole(graph, sides, k=1).value == pytest.approx(lean.var())


def test_k_camps_that_never_meet_are_at_one_and_one_meeting_point_at_zero():
    edges = [(f"{s}{i}", f"{s}0") for s in "xyz" for i in range(1, 5)]
    graph = graph_of(edges)
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    apart = k_pole_dipole(graph, sides, k=1, component="all")
    assert apart.value == pytest.approx(1.0)
    # Every leaf follows all three hubs: it stands in the middle; the hubs hold the corners.
    met = [(f"{s}{i}", f"{hub}0") for s in "xyz" for i in range(1, 5) for hub in "xyz"]
    graph = graph_of(met)
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    assert k_pole_dipole(graph, sides, k=1).value == pytest.approx(3 / 15)


def test_large_graphs_tell_both_ways_to_count_neutrals(monkeypatch):
    from workbench.polarisation import dipole

    graph, sides = chain()
    prepared = prepare(graph, sides)
    chosen, _ = elites(prepared, 1)
    assert positions(prepared, chosen).sum(axis=1) == pytest.approx(np.ones(6))
    assert "neutral_first" not in dipole_polarisation(graph, sides, k=1).choices
    monkeypatch.setattr(dipole, "CLOSE_NODES", 3)
    told = dipole_polarisation(graph, sides, k=1).choices
    assert (told["neutral_first"], told["neutral_second"]) == pytest.approx((1.0, 4 / 6))


def test_bad_input():
    graph, sides = camps(2)
    with pytest.raises(UsageError, match=r"neutral has a value.*neither, first, second"):
        dipole_polarisation(graph, sides, neutral="both")
    three = sides_of(graph, {a: a[0] if a[0] != "h" else "z" for a in graph.accounts})
    with pytest.raises(UndefinedError, match=r"defined for 2 sides: 3.*--into 2"):
        dipole_polarisation(graph, three)
    assert 0 < k_pole_dipole(graph, three, k=1).value < 1
    # Directed: x1 and x2 endorse their own elite only, and nobody leans to y but its elite.
    one_way = graph_of([("x1", "x0"), ("x2", "x0"), ("y0", "x1")])
    sides = sides_of(one_way, {a: a[0] for a in one_way.accounts})
    found = dipole_polarisation(one_way, sides, k=1, direction="directed")
    assert found.value == pytest.approx((1 - 2 / 4) * 1)
