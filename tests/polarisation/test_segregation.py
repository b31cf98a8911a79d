"""Segregation against chance and density: published tables, sums over pairs, invariances."""

from __future__ import annotations

import math
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import (
    TOPICS,
    divided_in_three,
    graph_of,
    pairs_of,
    reference_row,
    segregation_data,
    sides_of,
    topic,
)
from workbench.errors import UndefinedError
from workbench.polarisation import (
    INDICES,
    coleman_homophily,
    freeman_segregation,
    odds_ratio_within,
    segregation_matrix_index,
)

FAMILY = (
    "ei_index", "modularity", "adaptive_ei_index", "assortativity", "conductance",
    "freeman_segregation", "coleman_homophily", "segregation_matrix_index", "odds_ratio_within",
    "spectral_segregation", "boundary_polarisation",
)  # fmt: skip
CHOICES = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(["undirected", "directed"]),
        "weights": st.sampled_from(["unweighted", "weighted"]),
        "component": st.sampled_from(["largest", "all"]),
    }
)


def outcome(name, edges, weight, labels, choices):
    """Return the value of an index, or why it has none."""
    graph = graph_of(edges, weight)
    try:
        return INDICES[name].function(graph, sides_of(graph, labels), **choices).value
    except UndefinedError as error:
        return error.what


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS)
def test_freeman_of_ten_retweet_graphs(name):
    expected = float(reference_row(name)["freeman"])
    assert freeman_segregation(*topic(name)).value == pytest.approx(expected, abs=1e-8)


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "freeman", "log_odds"),
    [
        ("beefban", 0.9555247981, 3.7867),
        ("indiana", 0.8866844771, 2.8138),
        ("russia_march", 0.9728917248, 4.2900),
    ],
)
def test_another_implementation_agrees_on_three_retweet_graphs(name, freeman, log_odds):
    graph, sides = topic(name)
    assert freeman_segregation(graph, sides).value == pytest.approx(freeman, abs=1e-9)
    found = odds_ratio_within(graph, sides)
    assert found.choices["log"] == pytest.approx(log_odds, abs=1e-4)
    assert found.value == pytest.approx(math.exp(found.choices["log"]))


@pytest.mark.reference
def test_kin_and_a_class_room():
    assert freeman_segregation(*segregation_data("WhiteKinship", "gender")).value == pytest.approx(
        0.263636, abs=1e-6
    )
    room, sides = segregation_data("classroom", "gender", key="id")
    directed = {"direction": "directed", "component": "all"}  # One child named nobody.
    assert odds_ratio_within(room, sides, **directed).value == pytest.approx(16.580705, abs=1e-6)
    found = coleman_homophily(room, sides, **directed)
    published = {"Boy": 0.9084249, "Girl": 0.7909699}
    assert found.choices["by_side"] == pytest.approx(published, abs=1e-7)
    sizes = dict(zip(sides.names, sides.sizes, strict=True))
    mean = sum(published[side] * size for side, size in sizes.items()) / room.nodes
    assert found.value == pytest.approx(mean, abs=1e-7)


def counted(edges, weights, labels, *, directed):
    """Return for each pair of sides the weight, and for each the pairs in contact and in all."""
    pairs = pairs_of(edges, weights, directed=directed)
    names = sorted(set(labels.values()))
    weight, touching, possible = ({(i, j): 0 for i in names for j in names} for _ in range(3))
    for a, b in permutations(labels, 2):
        cell = labels[a], labels[b]
        weight[cell] += pairs.get((a, b), 0)
        touching[cell] += (a, b) in pairs
        possible[cell] += 1
    return names, weight, touching, possible


@settings(max_examples=60)
@given(divided_in_three(), st.booleans(), st.booleans())
def test_equal_to_counting_pairs_of_accounts(case, directed, weighted):
    edges, weights, labels = case
    names, weight, touching, possible = counted(
        edges, weights if weighted else None, labels, directed=directed
    )
    graph = graph_of(edges, weights)
    sides = sides_of(graph, labels)
    choices = {
        "direction": "directed" if directed else "undirected",
        "weights": "weighted" if weighted else "unweighted",
    }
    diagonal = [(i, i) for i in names]
    cross = [cell for cell in weight if cell not in diagonal]

    def over(table, cells):
        return sum(table[cell] for cell in cells)

    observed = over(weight, cross) / over(weight, weight)
    expected = over(possible, cross) / over(possible, possible)
    assert freeman_segregation(graph, sides, **choices).value == pytest.approx(
        1 - observed / expected
    )
    odds = [
        (over(touching, cells), over(possible, cells) - over(touching, cells))
        for cells in (diagonal, cross)
    ]
    if odds[0][1] and odds[1][0]:
        value = odds_ratio_within(graph, sides, **choices).value
        (in_contact, not_in), (across, not_across) = odds
        assert value == pytest.approx(in_contact * not_across / (not_in * across))
    coleman, smi = {}, {}
    for side in names:
        rows = [cell for cell in weight if cell[0] == side]
        columns = [cell for cell in weight if cell[1] == side and cell[0] != side]
        rest = [cell for cell in rows + columns if cell != (side, side)]
        if not possible[side, side] or not over(weight, rows) or not over(weight, rest + rows):
            continue
        share = weight[side, side] / over(weight, rows)
        chance = possible[side, side] / over(possible, rows)
        coleman[side] = (share - chance) / (1 - chance if share > chance else chance)
        inside = weight[side, side] / possible[side, side]
        outside = over(weight, rest) / over(possible, rest)
        smi[side] = (inside - outside) / (inside + outside)
    for function, by_side in ((coleman_homophily, coleman), (segregation_matrix_index, smi)):
        if set(by_side) == set(names):
            found = function(graph, sides, **choices)
            assert found.choices["by_side"] == pytest.approx(by_side)
            mean = sum(by_side[side] for side in labels.values()) / len(labels)
            assert found.value == pytest.approx(mean)


@pytest.mark.parametrize("name", FAMILY)
@settings(max_examples=25)
@given(divided_in_three(), CHOICES, st.randoms())
def test_names_of_sides_and_accounts_order_and_unit_do_not_matter(name, case, choices, shuffler):
    edges, weights, labels = case
    first = outcome(name, edges, weights, labels, choices)
    new = [f"m{i}" for i in range(len(labels))]
    shuffler.shuffle(new)
    renamed = dict(zip(labels, new, strict=True))
    swapped = {"a": "c", "b": "a", "c": "b"}
    rows = list(zip(edges, weights, strict=True))
    shuffler.shuffle(rows)
    again = outcome(
        name,
        [(renamed[a], renamed[b]) for (a, b), _ in rows],
        [2.5 * weight for _, weight in rows],
        {renamed[a]: swapped[side] for a, side in labels.items()},
        choices,
    )
    if isinstance(first, str):
        assert again == first
    else:
        assert again == pytest.approx(first, abs=1e-8)


@pytest.mark.parametrize("name", FAMILY)
@settings(max_examples=25)
@given(divided_in_three(), CHOICES)
def test_within_its_bounds(name, case, choices):
    edges, weights, labels = case
    found = outcome(name, edges, weights, labels, choices)
    low, high = INDICES[name].bounds
    if not isinstance(found, str):
        assert low is None or found >= low - 1e-12
        assert high is None or found <= high + 1e-12


@pytest.mark.parametrize("name", FAMILY)
@settings(max_examples=25)
@given(divided_in_three(), CHOICES)
def test_self_loops_and_other_parts_do_not_matter_to_the_largest(name, case, choices):
    edges, weights, labels = case
    choices = choices | {"component": "largest"}
    first = outcome(name, edges, weights, labels, choices)
    more = [*edges, ("n0", "n0"), ("p", "q"), ("r", "r")]
    one, two = sorted(set(labels.values()))[:2]
    wider = labels | {"p": one, "q": two, "r": one}
    again = outcome(name, more, [*weights, 5, 9, 2], wider, choices)
    assert again == (first if isinstance(first, str) else pytest.approx(first, abs=1e-9))


def test_isolates_are_accounts_that_nobody_met_when_every_part_counts():
    edges = [("x1", "x2"), ("x2", "x3"), ("y1", "y2"), ("y2", "y3"), ("x1", "y1")]
    graph = graph_of([*edges, ("x4", "x4")])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    small, whole = {}, {"component": "all"}
    assert freeman_segregation(graph, sides, **small).value == pytest.approx(1 - 1 / 5 * 30 / 18)
    assert freeman_segregation(graph, sides, **whole).value == pytest.approx(1 - 1 / 5 * 42 / 24)
    # Inside 4 of 6 pairs have met, then 4 of 9; across 1 of 9, then 1 of 12.
    assert odds_ratio_within(graph, sides, **small).value == pytest.approx((4 / 2) / (1 / 8))
    assert odds_ratio_within(graph, sides, **whole).value == pytest.approx((4 / 5) / (1 / 11))
    by_side = segregation_matrix_index(graph, sides, **whole).choices["by_side"]
    x, y, across = 2 / 6, 2 / 3, 1 / 12
    assert by_side["x"] == pytest.approx((x - across) / (x + across))
    assert by_side["y"] == pytest.approx((y - across) / (y + across))
    by_side = coleman_homophily(graph, sides, **whole).choices["by_side"]
    assert by_side["x"] == pytest.approx((4 / 5 - 3 / 6) / (1 - 3 / 6))
    assert by_side["y"] == pytest.approx((4 / 5 - 2 / 6) / (1 - 2 / 6))


def test_no_side_comes_first_when_contacts_have_a_direction():
    """Side x addresses y twice and is never addressed: both sides see the same density across."""
    edges = [("x1", "x2"), ("y1", "y2"), ("x1", "y1"), ("x2", "y2")]
    graph = graph_of(edges)
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    found = segregation_matrix_index(graph, sides, direction="directed")
    assert found.choices["by_side"] == pytest.approx(dict.fromkeys("xy", (1 / 2 - 2 / 8) / (6 / 8)))
    homophily = coleman_homophily(graph, sides, direction="directed").choices["by_side"]
    assert homophily["x"] == pytest.approx(0.0)  # One of three, as by chance: one of three others.
    assert homophily["y"] == 1.0


def test_freeman_of_very_unequal_sides_is_below_minus_one():
    graph = graph_of([("a", name) for name in "bcdef"])
    sides = sides_of(graph, {name: "x" if name == "a" else "y" for name in "abcdef"})
    assert freeman_segregation(graph, sides).value == pytest.approx(1 - 6 * 5 / (36 - 26))


def test_what_these_indices_refuse():
    graph = graph_of([("a", "b"), ("b", "c"), ("c", "a")])
    alone = sides_of(graph, {"a": "x", "b": "y", "c": "y"})
    for function in (coleman_homophily, segregation_matrix_index):
        with pytest.raises(UndefinedError, match="a side of one account has no pairs inside: x"):
            function(graph, alone)
    with pytest.raises(UndefinedError, match="no pair inside a side is without contact"):
        odds_ratio_within(graph, alone)
    apart = graph_of([("a", "b"), ("b", "c"), ("p", "p"), ("q", "q")])
    sides = sides_of(apart, {"a": "x", "b": "x", "c": "x", "p": "y", "q": "y"})
    with pytest.raises(UndefinedError, match="no contact across, so the odds ratio has no bound"):
        odds_ratio_within(apart, sides, component="all")
    with pytest.raises(UndefinedError, match="a side makes no contact: y"):
        coleman_homophily(apart, sides, component="all")
    with pytest.raises(UndefinedError, match="a side has no contact at all: y"):
        segregation_matrix_index(apart, sides, component="all")
