"""Random-walk controversy: published graphs, a dense oracle, simulated walks, closed forms."""

from __future__ import annotations

import csv

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference import reference_data
from workbench.errors import UndefinedError, UsageError
from workbench.loaders.edge_files import read_edges, read_sides
from workbench.model import InteractionGraph, Partition
from workbench.polarisation import random_walk_controversy
from workbench.polarisation.preparation import prepare
from workbench.polarisation.random_walk import absorption, elites

TOPICS = (
    "beefban", "russia_march", "indiana", "gunsense", "nemtsov", "baltimore",
    "nationalkissingday", "ff", "sxsw", "germanwings",
)  # fmt: skip
COLUMNS = {
    "RWC10_all_step": {"start": "any"},
    "RWC10_all_zero": {"start": "any_absorbed"},
    "RWC10_excl": {"start": "non_elite"},
    "RWC10_excl_rowcond": {"start": "non_elite", "condition": "start"},
}


def graph_of(edges, weight=None):
    return InteractionGraph.from_edges([e[0] for e in edges], [e[1] for e in edges], weight)


def sides_of(graph, sides):
    return Partition.from_mapping(graph, sides)


def topic(name):
    folder = "polarisation/retweet_graphs"
    edges = read_edges(reference_data(f"{folder}/{name}.edges.csv"))
    rows = read_sides(reference_data(f"{folder}/{name}.sides.csv"))
    graph = InteractionGraph.from_edges(
        edges.column("source").combine_chunks(),
        edges.column("target").combine_chunks(),
        edges.column("weight").to_numpy(),
    )
    sides = dict(zip(rows.column(0).to_pylist(), rows.column(1).to_pylist(), strict=True))
    return graph, sides_of(graph, sides)


def reference_row(name):
    with reference_data("polarisation/reference_values.csv").open() as handle:
        return next(row for row in csv.DictReader(handle) if row["topic"] == name)


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS)
def test_exact_values_of_ten_retweet_graphs(name):
    graph, sides = topic(name)
    row = reference_row(name)
    for column, choices in COLUMNS.items():
        found = random_walk_controversy(graph, sides, **choices)
        assert found.value == pytest.approx(float(row[column]), abs=1e-6), column
        assert (found.choices["ties"] > 0) == (row["tie_at_k10"] == "1")


@st.composite
def divided(draw):
    """Draw a connected graph over two sides of at least three accounts each."""
    n = draw(st.integers(6, 14))
    names = [f"n{i}" for i in range(n)]
    edges = [(names[draw(st.integers(0, i - 1))], names[i]) for i in range(1, n)]
    edges += draw(
        st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=2 * n)
    )
    labels = [
        "a",
        "a",
        "a",
        "b",
        "b",
        "b",
        *draw(st.lists(st.sampled_from("ab"), min_size=n - 6, max_size=n - 6)),
    ]
    return edges, dict(zip(names, draw(st.permutations(labels)), strict=True))


def dense_oracle(matrix, labels, chosen, start):
    """Absorption chances by the fundamental matrix of the chain, and the index from them."""
    transition = matrix / matrix.sum(axis=1, keepdims=True)
    free = ~chosen
    ends = np.zeros((len(labels), labels.max() + 1))
    ends[chosen, labels[chosen]] = 1
    if free.any():
        fundamental = np.linalg.inv(np.eye(free.sum()) - transition[np.ix_(free, free)])
        ends[free] = fundamental @ transition[np.ix_(free, chosen)] @ ends[chosen]
    arrived = transition @ ends if start == "any" else ends
    arrived = np.where(chosen[:, None], arrived, ends)
    rows = [arrived[(labels == s) & (free if start == "non_elite" else True)] for s in (0, 1)]
    means = np.array([r.mean(axis=0) for r in rows])
    if not means.sum(axis=0).all():
        return None, means[0, 0] - means[1, 0]  # no walk ends in one of the elites
    columns = means / means.sum(axis=0)
    return np.trace(columns) - 1, means[0, 0] - means[1, 0]


@settings(max_examples=40)
@given(divided(), st.sampled_from(["any", "any_absorbed", "non_elite"]))
def test_equal_to_the_fundamental_matrix(case, start):
    edges, labels = case
    graph = graph_of(edges)
    sides = sides_of(graph, labels)
    prepared = prepare(graph, sides)
    chosen, _ = elites(prepared, 2)
    end, difference = dense_oracle(prepared.matrix.toarray(), prepared.labels, chosen, start)
    if end is None:
        with pytest.raises(UndefinedError, match="no walk ends in the elite of a side"):
            random_walk_controversy(graph, sides, k=2, start=start)
    else:
        found = random_walk_controversy(graph, sides, k=2, start=start)
        assert found.value == pytest.approx(end, abs=1e-9)
    by_start = random_walk_controversy(graph, sides, k=2, start=start, condition="start")
    assert by_start.value == pytest.approx(difference, abs=1e-9)  # a − b


@settings(max_examples=25)
@given(divided(), st.randoms())
def test_label_swap_edge_order_and_weight_unit_do_not_matter(case, shuffler):
    edges, labels = case
    graph = graph_of(edges)
    value = random_walk_controversy(graph, sides_of(graph, labels), k=1, weights="weighted").value
    swapped = {account: "ab"[side == "a"] for account, side in labels.items()}
    shuffled = edges[:]
    shuffler.shuffle(shuffled)
    other = graph_of(shuffled, [3.0] * len(edges))
    again = random_walk_controversy(other, sides_of(other, swapped), k=1, weights="weighted")
    assert again.value == pytest.approx(value, abs=1e-9)


def camps(across):
    """Two stars with their own leaves, and `across` edges between the leaves."""
    edges = [(f"x{i}", "hub_x") for i in range(6)] + [(f"y{i}", "hub_y") for i in range(6)]
    edges += [(f"x{i}", f"y{i}") for i in range(across)]
    graph = graph_of(edges)
    sides = {a: "x" if "x" in a else "y" for a in graph.accounts}
    return graph, sides_of(graph, sides)


def test_more_contact_between_leaves_means_less_controversy():
    values = [random_walk_controversy(*camps(n), k=1).value for n in (1, 3, 6)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.7


def test_camps_that_never_meet_are_at_one():
    graph, sides = camps(0)
    found = random_walk_controversy(graph, sides, k=1, component="all")
    assert found.value == pytest.approx(1.0)
    assert found.choices["absorbed_share"] == pytest.approx(1.0)


def test_walks_simulated_one_by_one_agree():
    graph, sides = camps(4)
    prepared = prepare(graph, sides)
    chosen, _ = elites(prepared, 1)
    ends = absorption(prepared, chosen)
    rng = np.random.default_rng(4)
    matrix = prepared.matrix.toarray()
    walker = int(np.flatnonzero((prepared.labels == 0) & ~chosen)[0])
    arrived = 0
    for _ in range(4000):
        place = walker
        while not chosen[place]:
            place = rng.choice(len(matrix), p=matrix[place] / matrix[place].sum())
        arrived += prepared.labels[place] == 0
    assert arrived / 4000 == pytest.approx(ends[walker, 0], abs=0.03)


def test_three_sides_use_the_trace_and_two_are_the_same_formula():
    edges = [(f"{s}{i}", f"hub_{s}") for s in "xyz" for i in range(5)]
    edges += [("x0", "y0"), ("y1", "z1"), ("z2", "x2")]
    graph = graph_of(edges)
    three = sides_of(graph, {a: a[-1] if "hub" in a else a[0] for a in graph.accounts})
    prepared = prepare(graph, three)
    chosen, _ = elites(prepared, 1)
    ends = absorption(prepared, chosen)
    assert ends.sum(axis=1) == pytest.approx(np.ones(graph.nodes))
    value = random_walk_controversy(graph, three, k=1).value
    assert 0.5 < value < 1


def test_directed_walks_follow_endorsements_and_say_what_is_lost():
    graph = graph_of([("a1", "a0"), ("a2", "a0"), ("b1", "b0"), ("b2", "b0"), ("a1", "b1")])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    forward = random_walk_controversy(graph, sides, k=1, direction="directed", start="non_elite")
    assert forward.value == pytest.approx(0.75 / 0.75 + 1 / 1.25 - 1)
    assert forward.choices["absorbed_share"] == pytest.approx(1.0)
    turned = graph.reversed()
    sides = sides_of(turned, {a: a[0] for a in turned.accounts})
    back = random_walk_controversy(turned, sides, k=1, direction="directed", start="non_elite")
    assert back.choices["absorbed_share"] == pytest.approx(0.25)  # the rest runs into dead ends
    assert back.value == pytest.approx(1.0)
    # Both accounts of side b lead to side a only, and its elite account starts nowhere else.
    one_way = graph_of([("b1", "b0"), ("b2", "b0"), ("b0", "a0"), ("a1", "a0"), ("b3", "a1")])
    sides = sides_of(one_way, {"b1": "b", "b2": "b", "b0": "a", "a0": "a", "a1": "a", "b3": "b"})
    with pytest.raises(UndefinedError, match="no walk ends in the elite of a side: b"):
        random_walk_controversy(one_way, sides, k=1, direction="directed")


def test_large_graphs_by_conjugate_gradients_agree_with_lu(monkeypatch):
    other = nx.barabasi_albert_graph(400, 3, seed=2)
    graph = InteractionGraph.from_networkx(other)
    sides = sides_of(graph, {a: "ab"[int(a) % 3 == 0] for a in graph.accounts})
    from workbench.polarisation import random_walk

    by_cg = random_walk_controversy(graph, sides).value
    monkeypatch.setattr(random_walk, "_solve_cg", random_walk._solve_lu)
    assert random_walk_controversy(graph, sides).value == pytest.approx(by_cg, abs=1e-8)


def test_ties_at_the_cut_are_counted():
    graph = graph_of([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])
    sides = sides_of(graph, {"a": "x", "b": "x", "c": "y", "d": "y"})
    assert random_walk_controversy(graph, sides, k=1).choices["ties"] == 4


def test_k_counts_or_is_a_fraction():
    graph, sides = camps(3)
    whole = random_walk_controversy(graph, sides, k=1)
    fraction = random_walk_controversy(graph, sides, k=0.2)
    assert whole.value == fraction.value
    assert fraction.choices["k"] == 0.2
    for bad in (0, -1, 1.5, 0.0):
        with pytest.raises(UsageError, match="whole number or a fraction"):
            random_walk_controversy(graph, sides, k=bad)
    with pytest.raises(UndefinedError, match="fewer accounts than k"):
        random_walk_controversy(graph, sides, k=8)


def test_what_cannot_be_measured_is_refused():
    graph, sides = camps(2)
    one = sides_of(graph, dict.fromkeys(graph.accounts, "x"))
    with pytest.raises(UndefinedError, match="one side only"):
        random_walk_controversy(graph, one)
    with pytest.raises(UsageError, match="value that is not allowed"):
        random_walk_controversy(graph, sides, start="nowhere", k=1)
    everyone = sides_of(graph, {"x0": "x", "hub_x": "x", "y0": "y", "hub_y": "y"})
    with pytest.raises(UndefinedError, match="consists of its elite only"):
        random_walk_controversy(graph, everyone, k=2, start="non_elite")
