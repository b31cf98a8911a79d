"""Every index on graphs whose value can be written down, and how a number becomes a result."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.test_random_walk import graph_of, sides_of
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.polarisation import INDICES
from workbench.polarisation.measures import index_of
from workbench.polarisation.preparation import COMMON_CHOICES

COMMON = {name: values[0] for name, values in COMMON_CHOICES.items()}


def camp(side, n):
    return [f"{side}{i:02d}" for i in range(n)]


def sided(edges, weight=None):
    """Return a graph and its sides; the first letter of an account is its side."""
    graph = graph_of(edges, weight)
    return graph, sides_of(graph, {account: account[0] for account in graph.accounts})


def bridged(n, camps="xy"):
    """Cliques of n whose first members form a ring (for two camps: one edge)."""
    edges = [pair for side in camps for pair in combinations(camp(side, n), 2)]
    ring = list(zip(camps, camps[1:] + camps[0], strict=True))[: len(camps) if camps[2:] else 1]
    return edges + [(f"{a}00", f"{b}00") for a, b in ring]


def across(n):
    """Everybody with everybody of the other side, nobody with the own."""
    return list(product(camp("x", n), camp("y", n)))


#: Index → its value on two bridged cliques, on contacts across only, on a complete graph.
CLOSED_FORMS = {
    "ei_index": (
        lambda n: (1 - n * (n - 1)) / (1 + n * (n - 1)),
        lambda n: 1.0,
        lambda n: 1 / (2 * n - 1),
    ),
    "modularity": (
        lambda n: n * (n - 1) / (n * (n - 1) + 1) - 1 / 2,
        lambda n: -1 / 2,
        lambda n: -1 / (4 * n - 2),
    ),
    # The ends of the bridge are the elite: only from there does a walk cross, once in n.
    "random_walk_controversy": (
        lambda n: 1 - 2 / n**2,
        lambda n: -1 / (2 * n - 1),
        None,
    ),
}


def value(name, graph, sides, **choices):
    choices = ({"k": 1} if "k" in INDICES[name].choices else {}) | choices
    return INDICES[name].function(graph, sides, **choices).value


def test_every_index_has_a_closed_form_here():
    assert set(CLOSED_FORMS) == set(INDICES)


@pytest.mark.parametrize("name", INDICES)
@pytest.mark.parametrize("n", [3, 4, 7])
def test_two_cliques_joined_by_one_edge(name, n):
    expected = CLOSED_FORMS[name][0](n)
    assert value(name, *sided(bridged(n))) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", INDICES)
@pytest.mark.parametrize("n", [2, 3, 6])
def test_contacts_across_only(name, n):
    expected = CLOSED_FORMS[name][1](n)
    assert value(name, *sided(across(n))) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", [name for name in INDICES if CLOSED_FORMS[name][2]])
@pytest.mark.parametrize("n", [2, 3, 6])
def test_everybody_with_everybody(name, n):
    graph, sides = sided(list(combinations(camp("x", n) + camp("y", n), 2)))
    assert value(name, graph, sides) == pytest.approx(CLOSED_FORMS[name][2](n))


@pytest.mark.parametrize("name", INDICES)
def test_the_divided_end_is_where_the_registry_says(name):
    """Bridged cliques are the most divided of the three, contacts across the least."""
    graphs = [bridged(5), list(combinations(camp("x", 5) + camp("y", 5), 2)), across(5)]
    values = [value(name, *sided(edges)) for edges in graphs]
    assert values == sorted(values, reverse=INDICES[name].divided_is == "high")
    assert values[0] != values[2]


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("ei_index", -1.0, 1.0),
        ("modularity", 1 / 2, -1 / 2),
        ("random_walk_controversy", 1.0, None),
    ],
)
def test_the_ends_of_the_scale(name, inside, outside):
    """All internal needs two parts of the graph; both count when every component does."""
    apart = sided(bridged(4)[:-1])
    assert value(name, *apart, component="all") == pytest.approx(inside)
    low, high = INDICES[name].bounds
    assert inside in {low, high} or name == "modularity"
    if outside is not None:
        assert value(name, *sided(across(4))) == outside


@pytest.mark.parametrize(("n", "m"), [(3, 6), (5, 4)])
def test_camps_of_different_sizes(n, m):
    edges = [pair for members in (camp("x", n), camp("y", m)) for pair in combinations(members, 2)]
    graph, sides = sided([*edges, ("x00", "y00")])
    inner, total = len(edges), len(edges) + 1
    degrees = n * (n - 1) + 1, m * (m - 1) + 1
    assert value("ei_index", graph, sides) == pytest.approx((1 - inner) / total)
    assert value("modularity", graph, sides) == pytest.approx(
        inner / total - sum((d / 2 / total) ** 2 for d in degrees)
    )
    out_x, out_y = 1 / n**2, 1 / m**2
    assert value("random_walk_controversy", graph, sides) == pytest.approx(
        (1 - out_x) / (1 - out_x + out_y) + (1 - out_y) / (1 - out_y + out_x) - 1
    )
    walk = value("random_walk_controversy", graph, sides, condition="start")
    assert walk == pytest.approx(1 - out_x - out_y)


def test_three_camps_in_a_ring():
    n, inner = 4, 3 * 6
    graph, sides = sided(bridged(n, "xyz"))
    assert value("ei_index", graph, sides) == pytest.approx((3 - inner) / (3 + inner))
    assert value("modularity", graph, sides) == pytest.approx(inner / (inner + 3) - 1 / 3)
    # A walk crosses from an elite account only, 2 times in n + 1, and is absorbed at once.
    crossing = 2 / (n + 1) / n
    assert value("random_walk_controversy", graph, sides) == pytest.approx(
        (3 * (1 - crossing) - 1) / 2
    )


@settings(max_examples=15)
@given(st.integers(3, 6), st.integers(1, 40))
def test_a_heavier_bridge_divides_less(n, weight):
    edges = bridged(n)
    graph, sides = sided(edges, [1] * (len(edges) - 1) + [weight])
    inner = n * (n - 1)
    plain, weighed = ({"weights": w} for w in ("unweighted", "weighted"))
    found = value("ei_index", graph, sides, **weighed)
    assert found == pytest.approx((weight - inner) / (weight + inner))
    assert value("modularity", graph, sides, **weighed) == pytest.approx(
        inner / (inner + weight) - 1 / 2
    )
    stay = (n - 1) / (n - 1 + weight)
    mean = ((n - 1) + stay) / n
    assert value("random_walk_controversy", graph, sides, **weighed) == pytest.approx(2 * mean - 1)
    for name in INDICES:
        assert value(name, graph, sides, **plain) == pytest.approx(CLOSED_FORMS[name][0](n))


@pytest.mark.parametrize("name", INDICES)
def test_contacts_that_are_all_answered_have_no_direction(name):
    graph, sides = sided(bridged(4))
    both, moved = sided(bridged(4) + [(b, a) for a, b in bridged(4)])
    assert value(name, both, moved) == pytest.approx(value(name, graph, sides))
    expected = value(name, graph, sides)
    assert value(name, both, moved, direction="directed") == pytest.approx(expected)


@pytest.mark.parametrize("name", INDICES)
def test_a_result_carries_every_choice_and_its_graph(name):
    graph, sides = sided(bridged(4))
    own = {"k": 2, "start": "non_elite"} if "k" in INDICES[name].choices else {}
    found = INDICES[name].function(graph, sides, weights="weighted", **own)
    assert found.name == name
    assert found.divided_is == INDICES[name].divided_is
    assert found.graph_fingerprint == graph.fingerprint
    expected = COMMON | {"weights": "weighted"} | own
    assert {key: found.choices[key] for key in expected} == expected
    assert set(found.choices) >= set(COMMON) | set(INDICES[name].choices)
    assert (found.null_mean, found.z, found.runs) == (None, None, 0)


@pytest.mark.parametrize("name", INDICES)
def test_an_index_by_name_is_the_function_of_that_name(name):
    graph, sides = sided(bridged(4))
    own = {"k": 1} if "k" in INDICES[name].choices else {}
    assert index_of(name, graph, sides, choices=own, **COMMON).value == pytest.approx(
        CLOSED_FORMS[name][0](4)
    )


def test_what_an_index_rests_on_is_told_beside_the_choices(monkeypatch):
    from dataclasses import replace

    graph, sides = sided(bridged(4))
    seen = {}

    def kernel(prepared, **choices):
        seen.update(choices, nodes=prepared.nodes, directed=prepared.directed)
        return 0.25, {"ties": 3}

    monkeypatch.setitem(INDICES, "ei_index", replace(INDICES["ei_index"], kernel=kernel))
    found = index_of("ei_index", graph, sides, choices={"depth": 2}, **COMMON)
    assert seen == {"depth": 2, "nodes": 8, "directed": False}
    assert found.value == 0.25
    assert found.choices == COMMON | {"depth": 2, "ties": 3}
    monkeypatch.setitem(INDICES, "ei_index", replace(INDICES["ei_index"], kernel=None))
    with pytest.raises(AssertionError, match="ei_index has no kernel"):
        index_of("ei_index", graph, sides, choices={}, **COMMON)
    with pytest.raises(KeyError, match="nothing"):
        index_of("nothing", graph, sides, choices={}, **COMMON)


@pytest.mark.parametrize("name", INDICES)
def test_what_no_index_can_measure(name):
    graph, sides = sided(bridged(3))
    alone = sides_of(graph, dict.fromkeys(graph.accounts, "x"))
    with pytest.raises(UndefinedError, match="there is one side only: 1; allowed: two or more"):
        value(name, graph, alone)
    apart = sided([*bridged(3)[:-1], ("x03", "x00")])
    with pytest.raises(UndefinedError, match=r"a side has no account left in the graph: y"):
        value(name, *apart)
    with pytest.raises(InputError, match="another graph"):
        value(name, sided(bridged(4))[0], sides)
    for choice, values in COMMON_CHOICES.items():
        with pytest.raises(UsageError, match=f"{choice} has a value.*{', '.join(values)}"):
            value(name, graph, sides, **{choice: "neither"})
