from __future__ import annotations

import csv

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import (
    TOPICS,
    divided,
    divided_in_three,
    graph_of,
    pairs_of,
    reference_row,
    segregation_data,
    sides_of,
    topic,
)
from tests.reference import reference_data
from workbench.errors import UndefinedError
from workbench.polarisation import (
    adaptive_ei_index,
    assortativity,
    conductance,
    ei_index,
    modularity,
)


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS)
def test_values_of_ten_retweet_graphs_mind_the_sign(name):
    graph, sides = topic(name)
    row = reference_row(name)
    assert ei_index(graph, sides).value == pytest.approx(-float(row["EI"]), abs=1e-8)
    assert adaptive_ei_index(graph, sides).value == pytest.approx(-float(row["AEI"]), abs=1e-8)
    assert modularity(graph, sides).value == pytest.approx(float(row["Q"]), abs=1e-8)
    assert assortativity(graph, sides).value == pytest.approx(float(row["assort"]), abs=1e-8)
    assert conductance(graph, sides).value == pytest.approx(float(row["conductance"]), abs=1e-8)


@pytest.mark.reference
def test_assortativity_of_kin_and_of_couples():
    assert assortativity(*segregation_data("WhiteKinship", "gender")).value == pytest.approx(
        0.180124, abs=1e-6
    )
    with reference_data("polarisation/segregation/Catania.csv").open() as handle:
        table = list(csv.DictReader(handle))
    couples = [(f"m {row['male']}", f"f {row['female']}") for row in table]
    graph = graph_of(couples, [int(row["n"]) for row in table])
    sides = sides_of(graph, {account: account[2:] for account in graph.accounts})
    found = assortativity(graph, sides, direction="directed", weights="weighted")
    assert found.value == pytest.approx(0.621446, abs=1e-6)


@settings(max_examples=60)
@given(divided_in_three(), st.booleans(), st.booleans())
def test_equal_to_sums_over_pairs_of_accounts(case, directed, weighted):
    edges, weights, labels = case
    pairs = pairs_of(edges, weights if weighted else None, directed=directed)
    graph = graph_of(edges, weights)
    choices = {
        "direction": "directed" if directed else "undirected",
        "weights": "weighted" if weighted else "unweighted",
    }
    found = [f(graph, sides_of(graph, labels), **choices) for f in (assortativity, conductance)]
    total = sum(pairs.values())
    inside = sum(w for (a, b), w in pairs.items() if labels[a] == labels[b])
    met = [
        (labels[a], labels[d], w * v) for (a, _), w in pairs.items() for (_, d), v in pairs.items()
    ]
    chance = sum(product for one, two, product in met if one == two) / total**2
    assert found[0].value == pytest.approx((inside / total - chance) / (1 - chance))
    open_ = {}
    for side in set(labels.values()):
        ends = [[labels[a] == side, labels[b] == side, w] for (a, b), w in pairs.items()]
        cut = sum(w for a, b, w in ends if a != b)
        volume = sum((a + b) * w for a, b, w in ends)
        open_[side] = cut / min(volume, 2 * total - volume)
    assert found[1].choices["by_side"] == pytest.approx(open_)
    assert found[1].value == pytest.approx(max(open_.values()))


@settings(max_examples=40)
@given(divided())
def test_equal_to_another_library(case):
    edges, labels = case
    graph = graph_of(edges)
    for directed, kind in ((False, nx.Graph), (True, nx.DiGraph)):
        other = kind([edge for edge in edges if edge[0] != edge[1]])
        nx.set_node_attributes(other, labels, "side")
        found = assortativity(
            graph, sides_of(graph, labels), direction="directed" if directed else "undirected"
        )
        expected = nx.attribute_assortativity_coefficient(other, "side")
        assert found.value == pytest.approx(expected)
    undirected = nx.Graph(other)
    side = {account for account in undirected if labels[account] == "a"}
    found = conductance(graph, sides_of(graph, labels))
    assert found.value == pytest.approx(nx.conductance(undirected, side))
    assert len({*found.choices["by_side"].values()}) == 1  # Of two sides each has the same.


@settings(max_examples=40)
@given(divided(), st.booleans())
def test_adaptive_ei_compares_densities(case, directed):
    edges, labels = case
    graph = graph_of(edges)
    pairs = pairs_of(edges, directed=directed)
    density = {}
    for one in "ab":
        for two in "ab":
            possible = [
                (x, y) in pairs
                for x in labels for y in labels
                if x != y and (labels[x], labels[y]) == (one, two)
            ]  # fmt: skip
            density[one + two] = sum(possible) / len(possible)
    across = density["ab"] + density["ba"]
    inside = density["aa"] + density["bb"]
    found = adaptive_ei_index(
        graph, sides_of(graph, labels), direction="directed" if directed else "undirected"
    )
    assert found.value == pytest.approx((across - inside) / (across + inside))


@settings(max_examples=40)
@given(divided())
def test_equal_to_counting_edges_one_by_one(case):
    edges, labels = case
    graph = graph_of(edges)
    sides = sides_of(graph, labels)
    pairs = {frozenset(e) for e in edges if e[0] != e[1]}
    across = sum(len({labels[a] for a in pair}) == 2 for pair in pairs)
    expected = (across - (len(pairs) - across)) / len(pairs)
    assert ei_index(graph, sides).value == pytest.approx(expected)
    other = nx.Graph([tuple(pair) for pair in pairs])
    groups = [{a for a in other if labels[a] == side} for side in "ab"]
    assert modularity(graph, sides).value == pytest.approx(nx.community.modularity(other, groups))


def test_direction_weights_and_what_is_dropped():
    graph = graph_of(
        [("a", "b"), ("b", "a"), ("a", "c"), ("c", "c"), ("z", "a"), ("p", "q")],
        [1, 1, 4, 9, 1, 1],
    )
    sides = sides_of(graph, {"a": "x", "b": "x", "c": "y", "p": "x", "q": "y"})
    plain = ei_index(graph, sides)
    assert plain.value == 0.0  # one pair inside, one across
    assert plain.choices == {
        "direction": "undirected", "weights": "unweighted", "component": "largest",
    }  # fmt: skip
    assert ei_index(graph, sides, weights="weighted").value == pytest.approx((4 - 2) / 6)
    assert ei_index(graph, sides, direction="directed").value == pytest.approx((1 - 2) / 3)
    assert ei_index(graph, sides, component="all").value == pytest.approx((2 - 1) / 3)


def test_extremes_and_refusals():
    across = graph_of([("a", "b"), ("c", "b"), ("c", "d"), ("a", "d")])
    sides = sides_of(across, {"a": "x", "c": "x", "b": "y", "d": "y"})
    assert ei_index(across, sides).value == 1.0
    assert modularity(across, sides).value == -0.5
    with pytest.raises(UndefinedError, match="no edge between accounts that have a side"):
        ei_index(graph_of([("a", "a")]), sides_of(graph_of([("a", "a")]), {"a": "x"}))


def test_adaptive_ei_does_not_move_with_the_sizes_of_the_sides():
    """A star across has the density that a pair has, while E–I counts its rays."""
    edges = [("a", "b"), ("c", "d"), ("d", "e"), ("c", "e"), ("a", "c")]
    graph = graph_of(edges, [3, 1, 1, 1, 2])
    sides = sides_of(graph, {a: "x" if a in "ab" else "y" for a in graph.accounts})
    found = adaptive_ei_index(graph, sides)
    assert found.value == pytest.approx((2 / 6 - 2) / (2 / 6 + 2))
    weighted = adaptive_ei_index(graph, sides, weights="weighted")
    assert weighted.value == pytest.approx((2 * 2 / 6 - 3 - 1) / (2 * 2 / 6 + 3 + 1))
    # Two more accounts, in contact with each other only, count as pairs that never met.
    wider = graph_of([*edges, ("p", "q")])
    sides = sides_of(wider, {a: "x" if a in "ab" else "y" for a in wider.accounts})
    assert adaptive_ei_index(wider, sides).value == found.value
    everyone = adaptive_ei_index(wider, sides, component="all").value
    assert everyone == pytest.approx((2 / 10 - 1 - 4 / 10) / (2 / 10 + 1 + 4 / 10))


def test_what_these_indices_refuse():
    star = graph_of([("a", "b"), ("a", "c"), ("c", "b")])
    alone = sides_of(star, {"a": "x", "b": "y", "c": "y"})
    with pytest.raises(UndefinedError, match="a side of one account has no pairs inside: x"):
        adaptive_ei_index(star, alone)
    three = sides_of(star, {"a": "x", "b": "y", "c": "z"})
    with pytest.raises(UndefinedError, match="defined for 2 sides: 3; merge sides"):
        adaptive_ei_index(star, three)
    assert conductance(star, three).value == 1.0
    # The contact of p with itself is dropped, and p is left without any.
    apart = graph_of([("a", "b"), ("p", "p")])
    sides = sides_of(apart, {"a": "x", "b": "x", "p": "y"})
    with pytest.raises(UndefinedError, match=r"all contacts are inside one side.*: x"):
        assortativity(apart, sides, component="all")
    with pytest.raises(UndefinedError, match="a side has no contact at all: y"):
        conductance(apart, sides, component="all")
