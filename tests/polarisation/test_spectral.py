"""Spectral segregation: values of the paper's figure, dense eigenvalues, larger graphs."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import (
    divided_in_three,
    graph_of,
    pairs_of,
    segregation_data,
    sides_of,
    topic,
)
from workbench.errors import ConvergenceError
from workbench.model import InteractionGraph
from workbench.polarisation import spectral, spectral_segregation
from workbench.polarisation.preparation import prepare
from workbench.polarisation.spectral import spectral_values
from workbench.rng import generator


@pytest.mark.reference
def test_values_of_accounts_in_the_figure_of_the_paper():
    graph, sides = segregation_data("EF3", "race")
    values = dict(zip(graph.accounts, spectral_values(prepare(graph, sides)), strict=True))
    published = {
        "B1": 0.87, "B2": 0.62, "C1": 1.26, "C2": 0.92, "D1": 0.93, "D3": 0.29, "D4": 0.10,
        "C5": 0.25, "B5": 0.25,
    }  # fmt: skip
    assert {name: round(values[name], 2) for name in published} == published
    assert spectral_segregation(graph, sides).value == pytest.approx(np.mean([*values.values()]))


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "expected"), [("beefban", 0.99127), ("indiana", 0.97459), ("russia_march", 0.99140)]
)
def test_another_implementation_agrees_on_three_retweet_graphs(name, expected):
    assert spectral_segregation(*topic(name)).value == pytest.approx(expected, abs=1e-5)


def dense(edges, weights, labels, *, directed):
    """Return the value of each account by eigenvalues of whole matrices, part by part."""
    pairs = pairs_of(edges, weights, directed=directed)
    sums = {a: sum(w for (x, _), w in pairs.items() if x == a) for a in labels}
    own = nx.DiGraph([pair for pair in pairs if len({labels[a] for a in pair}) == 1])
    own.add_nodes_from(labels)
    values = {}
    for part in map(sorted, nx.strongly_connected_components(own)):
        matrix = np.array([[pairs.get((a, b), 0) / max(sums[a], 1) for b in part] for a in part])
        roots, vectors = np.linalg.eig(matrix)
        best = roots.real.argmax()
        vector = np.abs(vectors[:, best])
        values |= zip(part, roots.real[best] * vector / vector.mean(), strict=True)
    return values


@settings(max_examples=80)
@given(divided_in_three(), st.booleans(), st.booleans(), st.sampled_from([1, 32]))
def test_equal_to_eigenvalues_of_dense_matrices(case, directed, weighted, dense_up_to):
    edges, weights, labels = case
    graph = graph_of(edges, weights)
    expected = dense(edges, weights if weighted else None, labels, directed=directed)
    # The sparse solver needs three accounts a part at least.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spectral, "DENSE", 3 * dense_up_to)
        prepared = prepare(
            graph,
            sides_of(graph, labels),
            direction="directed" if directed else "undirected",
            weights="weighted" if weighted else "unweighted",
        )
        found = spectral_values(prepared)
    assert dict(zip(graph.accounts, found, strict=True)) == pytest.approx(expected, abs=1e-6)


def camps_of(n, seed=2):
    """Return two scale-free camps with some contacts across."""
    rng = generator(seed, "camps")
    own = nx.barabasi_albert_graph(n, 2, seed=seed)
    edges = [(f"{side}{a}", f"{side}{b}") for side in "xy" for a, b in own.edges]
    edges += [(f"x{a}", f"y{b}") for a, b in rng.integers(0, n, (n // 3, 2)).tolist()]
    graph = InteractionGraph.from_edges([a for a, _ in edges], [b for _, b in edges])
    return graph, sides_of(graph, {a: a[0] for a in graph.accounts})


@pytest.mark.parametrize("direction", ["undirected", "directed"])
def test_large_parts_by_iteration_agree_with_dense_matrices(direction, monkeypatch):
    graph, sides = camps_of(150)
    if direction == "directed":
        graph = graph_of([(a, b) for a, b in zip(*_ends(graph), strict=True)] + [
            (b, a) for i, (a, b) in enumerate(zip(*_ends(graph), strict=True)) if i % 3
        ])  # fmt: skip
        sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    by_iteration = spectral_segregation(graph, sides, direction=direction)
    assert 0.5 < by_iteration.value < 1
    assert spectral_segregation(graph, sides, direction=direction) == by_iteration
    monkeypatch.setattr(spectral, "DENSE", 1000)
    again = spectral_segregation(graph, sides, direction=direction)
    assert again.value == pytest.approx(by_iteration.value, abs=1e-9)


def _ends(graph):
    table = graph.to_pandas()
    return table["source"].tolist(), table["target"].tolist()


def test_small_parts_are_solved_a_few_at_a_time(monkeypatch):
    """Stars of three leaves, of which the centre has one contact across."""
    edges = [(f"x{i}c", f"x{i}{leaf}") for i in range(50) for leaf in "pqr"]
    edges += [(f"x{i}c", "y") for i in range(50)]
    graph = graph_of(edges)
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    expected = np.sqrt(3 / 4)  # λ² = 3 · ¼ · 1
    for cells in (4_000_000, 100, 1):
        monkeypatch.setattr(spectral, "CELLS", cells)
        found = spectral_segregation(graph, sides)
        assert found.choices["by_side"] == pytest.approx({"x": expected, "y": 0.0})
        assert found.value == pytest.approx(expected * 200 / 201)


def test_parts_without_contact_across_and_accounts_without_contact():
    edges = [("x1", "x2"), ("x2", "x3"), ("y1", "y2"), ("x4", "y1")]
    graph = graph_of([*edges, ("x5", "x5")])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    values = spectral_values(prepare(graph, sides, component="all"))
    pair = np.sqrt(1 / 2)  # y1 has one contact of two across, y2 none
    ratio = np.array([pair, 1.0])  # v(y1) / v(y2) = λ
    expected = [1, 1, 1, 0, 0, *(pair * ratio / ratio.mean())]
    assert values == pytest.approx(expected)
    assert spectral_segregation(graph, sides, component="all").value == pytest.approx(
        (3 + 2 * pair) / 7
    )


def test_directed_contacts_count_where_they_are_answered():
    cycle = [("x1", "x2"), ("x2", "x3"), ("x3", "x1")]
    edges = [*cycle, ("x1", "y1"), ("x4", "x1"), ("y1", "y2")]
    graph = graph_of(edges)
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    found = spectral_segregation(graph, sides, direction="directed")
    stay = (1 / 2) ** (1 / 3)  # once around the circle half of a walk is lost
    assert found.choices["by_side"] == pytest.approx({"x": 3 * stay / 4, "y": 0.0})


def test_no_convergence_is_said(monkeypatch):
    monkeypatch.setattr(spectral, "MOST", 1)
    with pytest.raises(ConvergenceError, match="150 accounts, 1 restarts; allowed: relative"):
        spectral_segregation(*camps_of(150))
