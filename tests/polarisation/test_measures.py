"""Every index on graphs whose value can be written down, and how a number becomes a result."""

from __future__ import annotations

from itertools import combinations, product
from math import log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import graph_of, sides_of
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.polarisation import INDICES
from workbench.polarisation.measures import ORDER, index_of
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


def spread(n):
    """Return bridged cliques without two of their inner edges, so that every index has a value."""
    return [pair for pair in bridged(n) if pair not in {("x02", "x03"), ("y01", "y02")}]


def across(n):
    """Everybody with everybody of the other side, nobody with the own."""
    return list(product(camp("x", n), camp("y", n)))


def even(values):
    """Return the bimodality coefficient of values that are symmetric about 0."""
    n, powers = len(values), [sum(v**power for v in values) / len(values) for power in (2, 4)]
    return (n - 2) * (n - 3) / (n**2 - 1) * powers[0] ** 2 / powers[1]


#: Indices that have no value where edges have a direction.
UNDIRECTED = {"generalised_euclidean"}
#: Index → its value on two bridged cliques, on contacts across only, on a complete graph; a text
#: where it is undefined, and None where it has no short form.
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
    "adaptive_ei_index": (
        lambda n: (1 - n**2) / (1 + n**2),
        lambda n: 1.0,
        lambda n: 0.0,
    ),
    "assortativity": (
        lambda n: (n * (n - 1) - 1) / (n * (n - 1) + 1),
        lambda n: -1.0,
        lambda n: -1 / (2 * n - 1),
    ),
    "conductance": (
        lambda n: 1 / (n * (n - 1) + 1),
        lambda n: 1.0,
        lambda n: n / (2 * n - 1),
    ),
    "freeman_segregation": (
        lambda n: 1 - (2 * n - 1) / (n * (n * (n - 1) + 1)),
        lambda n: 1 / n - 1,
        lambda n: 0.0,
    ),
    "coleman_homophily": (
        lambda n: 1 - (2 * n - 1) / (n * (n * (n - 1) + 1)),
        lambda n: -1.0,
        lambda n: 0.0,
    ),
    "segregation_matrix_index": (
        lambda n: (n**2 - 1) / (n**2 + 1),
        lambda n: -1.0,
        lambda n: 0.0,
    ),
    "odds_ratio_within": (
        "no pair inside a side is without contact",
        lambda n: 0.0,
        "no pair inside a side is without contact",
    ),
    # At the end of the bridge one contact in n leads across: λ² − λ (n − 2)/(n − 1) = 1/n.
    "spectral_segregation": (
        lambda n: ((n - 2) / (n - 1) + sqrt(((n - 2) / (n - 1)) ** 2 + 4 / n)) / 2,
        lambda n: 0.0,
        lambda n: (n - 1) / (2 * n - 1),
    ),
    "boundary_polarisation": (
        lambda n: 1 / 2 - 1 / n,
        "there is no boundary",
        "there is no boundary",
    ),
    # Only the ends of the bridge see both sides; across, nobody sees any but the other.
    "exposure_diversity": (
        lambda n: (log(n) - (n - 1) / n * log(n - 1) + 1 / (2 * n)) / log(2) / n,
        lambda n: 0.0,
        lambda n: (
            (log(2 * n - 1) - (n * log(n) + (n - 1) * log(n - 1) - 1 / 2) / (2 * n - 1)) / log(2)
        ),
    ),
    # The ends of the bridge are the elite: only from there does a walk cross, once in n.
    "random_walk_controversy": (
        lambda n: 1 - 2 / n**2,
        lambda n: -1 / (2 * n - 1),
        None,
    ),
    "adaptive_random_walk_controversy": (
        lambda n: 1 - 2 / n**2,
        lambda n: -1 / (2 * n - 1),
        None,
    ),
    # Elites let nobody through, so the bridge is never crossed; α = .85, q = (n − 1)/n.
    "random_walk_restart_controversy": (
        lambda n: 1.0,
        lambda n: (n - 0.85 * (n - 1)) / (n + 0.85 * (n - 1)),
        lambda n: 1 / (1 + 2 * 0.85 * (n - 1) / (2 * n - 1 - 0.85 * (2 * n - 3))),
    ),
    # All lean to the elite they are next to; on a complete graph only the elites lean at all.
    "dipole_polarisation": (
        lambda n: 1.0,
        lambda n: (3 * n - 2) / (2 * n - 1) / n,
        lambda n: 1.0,
    ),
    "k_pole_dipole": (
        lambda n: 1.0,
        lambda n: (1 + (n - 1) / (2 * n - 1) ** 2) / n,
        lambda n: 1 / n,
    ),
    # Every account but the end of the bridge sends one unit to it, and n units cross the bridge.
    "generalised_euclidean": (
        lambda n: sqrt(n**2 + 2 * (n - 1)),
        lambda n: 1.0,
        lambda n: 1.0,
    ),
    "friedkin_johnsen": (
        lambda n: 2 * ((n - 1) * (n + 3) ** 2 + (n + 1) ** 2) / (n + 5) ** 2,
        lambda n: 2 * n / (1 + 2 * n) ** 2,
        lambda n: 2 * n / (1 + 2 * n) ** 2,
    ),
    # Leans of the cliques are ±1. With contacts across only, those that are not elite lean a little
    # to the other side; with all contacts they do not lean.
    "bimodality": (
        lambda n: even([-1, 1] * n),
        lambda n: even([-1, 1] + [1 / (2 * n - 1), -1 / (2 * n - 1)] * (n - 1)),
        lambda n: even([-1, 1] + [0] * (2 * n - 2)),
    ),
    "dip": (
        lambda n: 1 / 4,
        lambda n: (n - 1) / (4 * n),
        lambda n: 1 / (4 * n),
    ),
}


def value(name, graph, sides, **choices):
    choices = ({"k": 1} if "k" in INDICES[name].choices else {}) | choices
    return INDICES[name].function(graph, sides, **choices).value


def test_every_index_has_a_closed_form_here_and_its_place_in_the_order():
    assert set(CLOSED_FORMS) == set(INDICES)
    assert sorted(ORDER) == sorted(INDICES)


def check(name, closed, n, edges):
    """Hold an index to its closed form, or to the reason why it has no value."""
    if isinstance(closed, str):
        with pytest.raises(UndefinedError, match=closed):
            value(name, *sided(edges))
    else:
        assert value(name, *sided(edges)) == pytest.approx(closed(n), abs=1e-9)


@pytest.mark.parametrize("name", INDICES)
@pytest.mark.parametrize("n", [3, 4, 7])
def test_two_cliques_joined_by_one_edge(name, n):
    check(name, CLOSED_FORMS[name][0], n, bridged(n))


@pytest.mark.parametrize("name", INDICES)
@pytest.mark.parametrize("n", [2, 3, 6])
def test_contacts_across_only(name, n):
    check(name, CLOSED_FORMS[name][1], n, across(n))


@pytest.mark.parametrize("name", [name for name in INDICES if CLOSED_FORMS[name][2]])
@pytest.mark.parametrize("n", [2, 3, 6])
def test_everybody_with_everybody(name, n):
    everybody = list(combinations(camp("x", n) + camp("y", n), 2))
    check(name, CLOSED_FORMS[name][2], n, everybody)


@pytest.mark.parametrize("name", INDICES)
def test_the_divided_end_is_where_the_registry_says(name):
    """Three accounts of each ring have one, two, three contacts across: ever less divided."""
    rings = [(camp(s, 9)[i], camp(s, 9)[i - j]) for s in "xy" for i in range(9) for j in (1, 2)]
    bridges = [
        [(f"x0{i}", f"y0{(i + j) % 3}") for i in range(3) for j in range(w)] for w in (1, 2, 3)
    ]
    values = [value(name, *sided(rings + bridge)) for bridge in bridges]
    assert values == sorted(values, reverse=INDICES[name].divided_is == "high")
    assert len(set(values)) == 3


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("ei_index", -1.0, 1.0),
        ("modularity", 1 / 2, -1 / 2),
        ("adaptive_ei_index", -1.0, 1.0),
        ("assortativity", 1.0, -1.0),
        ("conductance", 0.0, 1.0),
        ("freeman_segregation", 1.0, None),
        ("coleman_homophily", 1.0, -1.0),
        ("segregation_matrix_index", 1.0, -1.0),
        ("spectral_segregation", 1.0, 0.0),
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
    for name, forms in CLOSED_FORMS.items():
        if callable(forms[0]):
            assert value(name, graph, sides, **plain) == pytest.approx(forms[0](n))


@pytest.mark.parametrize("name", INDICES)
def test_contacts_that_are_all_answered_have_no_direction(name):
    edges = spread(4)
    graph, sides = sided(edges)
    both, moved = sided(edges + [(b, a) for a, b in edges])
    assert value(name, both, moved) == pytest.approx(value(name, graph, sides))
    expected = value(name, graph, sides)
    if name in UNDIRECTED:
        with pytest.raises(UndefinedError, match=r"without direction.*use direction=undirected"):
            value(name, both, moved, direction="directed")
    else:
        assert value(name, both, moved, direction="directed") == pytest.approx(expected)


@pytest.mark.parametrize("name", INDICES)
def test_a_result_carries_every_choice_and_its_graph(name):
    graph, sides = sided(spread(4))
    chosen = {"k": 2, "start": "non_elite"}
    own = {choice: v for choice, v in chosen.items() if choice in INDICES[name].choices}
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
    graph, sides = sided(spread(4))
    own = {"k": 1} if "k" in INDICES[name].choices else {}
    found = index_of(name, graph, sides, choices=own, **COMMON)
    assert found.value == value(name, graph, sides)


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


@pytest.mark.parametrize("name", INDICES)
def test_a_side_outside_the_component_changes_nothing_but_what_is_told(name):
    """Oracle: the same graph where the accounts of that side were never given one."""
    edges = [*bridged(5)[:-1], ("x00", "y00"), ("x01", "y03"), ("w00", "w01")]
    edges.remove(("x02", "x03"))
    graph = graph_of(edges)
    known = {account: account[0] for account in graph.accounts}
    sides = sides_of(graph, known)
    rest = sides_of(graph, {account: side for account, side in known.items() if side != "w"})
    own = {"k": 2} if "k" in INDICES[name].choices else {}
    found = index_of(name, graph, sides, choices=own, **COMMON)
    assert found.value == index_of(name, graph, rest, choices=own, **COMMON).value
    assert found.choices["sides_dropped"] == 1
