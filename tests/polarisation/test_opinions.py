"""Opinions on a graph: published graphs, dense oracles, an identity, and what is missing."""

from __future__ import annotations

from itertools import pairwise

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
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.model import NodeScores
from workbench.polarisation import (
    expressed_opinions,
    friedkin_johnsen,
    generalised_euclidean,
    opinion_distance,
)
from workbench.polarisation.preparation import prepare


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS)
def test_distances_of_ten_retweet_graphs(name):
    found = generalised_euclidean(*topic(name)).value
    assert found == pytest.approx(float(reference_row(name)["GE_pm1"]), rel=1e-6)


def dense(graph, sides, **choices):
    """Return the Laplacian of the prepared graph, weights divided by their mean, and ±1."""
    prepared = prepare(graph, sides, **choices)
    matrix = prepared.matrix.toarray()
    matrix /= matrix[matrix > 0].mean()
    opinions = np.where(prepared.labels == 0, 1.0, -1.0)
    return matrix, np.diag(matrix.sum(axis=1)) - matrix, opinions - opinions.mean()


@settings(max_examples=40)
@given(divided(), st.sampled_from(["unweighted", "weighted"]), st.data())
def test_equal_to_dense_inverses(case, weights, data):
    edges, labels = case
    graph = graph_of(edges, [data.draw(st.integers(1, 9)) for _ in edges])
    sides = sides_of(graph, labels)
    matrix, laplacian, opinions = dense(graph, sides, weights=weights)
    distance = np.sqrt(opinions @ np.linalg.pinv(laplacian) @ opinions)
    found = generalised_euclidean(graph, sides, weights=weights).value
    assert found == pytest.approx(distance, abs=1e-7)

    expressed = np.linalg.solve(np.eye(len(matrix)) + laplacian, opinions)
    found = friedkin_johnsen(graph, sides, weights=weights)
    assert found.value == pytest.approx(((expressed - expressed.mean()) ** 2).sum(), abs=1e-7)
    pairs = [(i, j) for i in range(len(matrix)) for j in range(i)]
    disagreement = sum(matrix[i, j] * (expressed[i] - expressed[j]) ** 2 for i, j in pairs)
    assert found.choices["disagreement"] == pytest.approx(disagreement, abs=1e-7)
    assert found.choices["polarisation_per_account"] == pytest.approx(found.value / len(matrix))
    assert found.value + disagreement == pytest.approx(opinions @ expressed, abs=1e-7)  # P + D


@settings(max_examples=25)
@given(divided(), st.randoms())
def test_names_of_sides_and_order_of_edges_do_not_matter(case, shuffler):
    edges, labels = case
    graph = graph_of(edges)
    shuffled = edges[:]
    shuffler.shuffle(shuffled)
    other = graph_of(shuffled)
    swapped = {account: "ab"[side == "a"] for account, side in labels.items()}
    for index in (generalised_euclidean, friedkin_johnsen):
        value = index(graph, sides_of(graph, labels)).value
        assert index(other, sides_of(other, swapped)).value == pytest.approx(value, abs=1e-8)


def test_accounts_heed_those_they_act_upon():
    graph = graph_of([("a", "b"), ("c", "b"), ("c", "d")])
    sides = sides_of(graph, {"a": "x", "b": "y", "c": "x", "d": "y"})
    found = friedkin_johnsen(graph, sides, direction="directed")
    # b and d heed nobody: −1; a = (1 − 1)/2, c = (1 − 1 − 1)/3.
    expressed = np.array([0, -1, -1 / 3, -1])
    assert found.value == pytest.approx(((expressed - expressed.mean()) ** 2).sum())
    assert found.choices["disagreement"] == pytest.approx((1 + 4 / 9 + 4 / 9) / 2)
    assert friedkin_johnsen(graph, sides).value != pytest.approx(found.value)


def test_a_longer_bridge_is_a_longer_way():
    values = []
    for length in (1, 3, 6):
        chain = ["x0", *(f"x_{i}" for i in range(length)), "y0"]
        graph = graph_of([("x0", "x1"), ("y0", "y1"), *pairwise(chain)])
        sides = sides_of(graph, {account: account[0] for account in graph.accounts})
        values.append(generalised_euclidean(graph, sides).value)
    assert values == sorted(values)
    assert values[0] < values[2]


def test_opinions_of_ones_own_are_the_sides_when_they_say_the_same():
    graph, sides = camps(2)
    opinions = NodeScores.from_values(graph, 3.0 + 2.0 * (sides.labels == 0), name="leaning")
    distance = opinion_distance(graph, opinions)
    # A constant changes nothing; sides are two apart as well.
    assert distance.value == pytest.approx(generalised_euclidean(graph, sides).value)
    assert distance.name == "opinion_distance"
    assert distance.graph_fingerprint == graph.fingerprint
    found = expressed_opinions(graph, opinions)
    johnsen = friedkin_johnsen(graph, sides)
    assert found.polarisation == pytest.approx(johnsen.value)
    assert found.disagreement == pytest.approx(johnsen.choices["disagreement"])
    assert found.scores.values.mean() == pytest.approx(opinions.values.mean())
    assert 3 < found.scores.values.min() < found.scores.values.max() < 5


def test_a_missing_opinion_is_not_zero():
    graph = graph_of(
        [("a", "b"), ("b", "c"), ("c", "d"), ("p", "q"), ("b", "u"), ("d", "d")],
        [1, 3, 1, 1, 1, 1],
    )
    given = {"a": 1.0, "b": 0.5, "c": -1.0, "d": None, "p": 1.0, "q": -1.0, "u": float("nan")}
    opinions = NodeScores.from_mapping(graph, given, name="leaning")
    found = opinion_distance(graph, opinions)
    laplacian = np.array([[1, -1, 0], [-1, 2, -1], [0, -1, 1]])
    values = np.array([1, 0.5, -1])
    assert found.value == pytest.approx(np.sqrt(values @ np.linalg.pinv(laplacian) @ values))
    assert found.choices == {
        "weights": "unweighted", "component": "largest",
        "nodes": 3, "edges": 2, "without_opinion": 2, "outside_component": 2,
    }  # fmt: skip
    heavy = opinion_distance(graph, opinions, weights="weighted").value
    scaled = np.array([[0.5, -0.5, 0], [-0.5, 2, -1.5], [0, -1.5, 1.5]])
    assert heavy == pytest.approx(np.sqrt(values @ np.linalg.pinv(scaled) @ values))
    expressed = expressed_opinions(graph, opinions, component="all", direction="directed")
    assert expressed.scores.ids.to_pylist() == ["a", "b", "c", "p", "q"]
    assert expressed.scores.values == pytest.approx([0.375, -0.25, -1, 0, -1])
    assert expressed.choices["without_opinion"] == 2
    assert expressed.choices["direction"] == "directed"


def test_what_cannot_be_measured_is_refused():
    graph, sides = camps(0)
    with pytest.raises(UndefinedError, match=r"infinitely far apart: 2 components; use component"):
        generalised_euclidean(graph, sides, component="all")
    assert friedkin_johnsen(graph, sides, component="all").value > 0
    three = sides_of(graph, {a: a if "hub" in a else a[0] for a in graph.accounts})
    for index in (generalised_euclidean, friedkin_johnsen):
        with pytest.raises(UndefinedError, match="defined for 2 sides: 4"):
            index(graph, three, component="all")
    few = NodeScores.from_mapping(graph, {"x0": 1.0, "y0": -1.0}, name="leaning")
    for function in (opinion_distance, expressed_opinions):
        with pytest.raises(
            UndefinedError, match="no edge between accounts that have an opinion: 2"
        ):
            function(graph, few)
        with pytest.raises(InputError, match="another graph"):
            function(camps(1)[0], few)
        with pytest.raises(UsageError, match="weights has a value"):
            function(graph, few, weights="heavy")
    with pytest.raises(UsageError, match="direction has a value"):
        expressed_opinions(graph, few, direction="up")
