"""Random-walk controversy: published graphs, a dense oracle, simulated walks, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from workbench.polarisation import random_walk_controversy
from workbench.polarisation.absorption import absorption, elites
from workbench.polarisation.preparation import prepare

COLUMNS = {
    "RWC10_all_step": {"start": "any"},
    "RWC10_all_zero": {"start": "any_absorbed"},
    "RWC10_excl": {"start": "non_elite"},
    "RWC10_excl_rowcond": {"start": "non_elite", "condition": "start"},
}


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS)
def test_exact_values_of_ten_retweet_graphs(name):
    graph, sides = topic(name)
    row = reference_row(name)
    for column, choices in COLUMNS.items():
        found = random_walk_controversy(graph, sides, **choices)
        assert found.value == pytest.approx(float(row[column]), abs=1e-6), column
        assert (found.choices["ties"] > 0) == (row["tie_at_k10"] == "1")


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


def test_more_contact_between_leaves_means_less_controversy():
    values = [random_walk_controversy(*camps(n), k=1).value for n in (1, 3, 6)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.7


def test_camps_that_never_meet_are_at_one():
    graph, sides = camps(0)
    found = random_walk_controversy(graph, sides, k=1, component="all")
    assert found.value == pytest.approx(1.0)
    assert found.choices["absorbed_share"] == pytest.approx(1.0)


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
