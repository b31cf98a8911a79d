"""Boundary polarisation: four variants on published graphs, sets of accounts, small graphs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import (
    TOPICS,
    divided,
    graph_of,
    pairs_of,
    reference_row,
    sides_of,
    topic,
)
from workbench.errors import UndefinedError, UsageError
from workbench.polarisation import boundary_polarisation
from workbench.polarisation.boundary import VARIANTS


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_four_variants_on_ten_retweet_graphs(name, variant):
    row = reference_row(name)
    found = boundary_polarisation(*topic(name), variant=variant)
    assert found.value == pytest.approx(float(row[f"BP_{variant}"]), abs=1e-8)
    assert found.choices["boundary"] == int(row[f"nB_{variant}"])


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "smoothed"),
    [("beefban", 0.2598470309), ("indiana", 0.1782997951), ("russia_march", 0.2508997157)],
)
def test_an_implementation_that_adds_a_little_agrees_up_to_that(name, smoothed):
    assert boundary_polarisation(*topic(name)).value == pytest.approx(smoothed, abs=1e-4)


def by_sets(pairs, labels, variant):
    """Return the index and the boundary account by account, or None without a boundary."""
    near = {a: {b for x, b in pairs if x == a} for a in labels}
    cut = {a for a in labels if any(labels[b] != labels[a] for b in near[a])}
    own = {a: {b for b in near[a] if labels[b] == labels[a]} for a in labels}
    boundary = {a for a in cut if own[a] - cut}
    terms = []
    for a in boundary:
        other = near[a] - own[a]
        inward = {
            "guerra": near[a] - boundary,
            "own": own[a] - boundary,
            "salloum": own[a] - cut,
            "garimella": own[a] - cut,
        }[variant]
        outward = other & (cut if variant == "salloum" else boundary)
        d_in, d_out = (sum(pairs[a, b] for b in those) for those in (inward, outward))
        alone = variant == "garimella" and not d_out
        terms.append(0 if alone else d_in / (d_in + d_out) - 0.5)
    return sum(terms) / len(terms) if terms else None, len(boundary)


@settings(max_examples=100)
@given(divided(), st.sampled_from(VARIANTS), st.booleans(), st.booleans(), st.randoms())
def test_equal_to_sets_of_accounts(case, variant, directed, weighted, random):
    edges, labels = case
    weights = [random.randint(1, 9) for _ in edges]
    graph = graph_of(edges, weights)
    sides = sides_of(graph, labels)
    pairs = pairs_of(edges, weights if weighted else None, directed=directed)
    expected, size = by_sets(pairs, labels, variant)
    choices = {
        "direction": "directed" if directed else "undirected",
        "weights": "weighted" if weighted else "unweighted",
    }
    if expected is None:
        with pytest.raises(UndefinedError, match="there is no boundary"):
            boundary_polarisation(graph, sides, variant=variant, **choices)
    else:
        found = boundary_polarisation(graph, sides, variant=variant, **choices)
        assert found.value == pytest.approx(expected)
        assert found.choices["boundary"] == size
        assert found.choices["variant"] == variant


def test_four_variants_of_one_small_graph():
    """Of the four accounts at the cut y2 has no inner neighbour, so B = {x1, x2, y1}."""
    edges = [("x1", "x3"), ("x1", "x4"), ("x1", "x2"), ("x2", "x3"), ("y1", "y3"), ("y1", "y2")]
    edges += [("x1", "y1"), ("x1", "y2"), ("x2", "y2")]
    graph = graph_of(edges)
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    expected = {
        "guerra": (3 / 4 + 1 + 2 / 3) / 3 - 1 / 2,  # y2 is outside B
        "own": (2 / 3 + 1 + 2 / 3) / 3 - 1 / 2,
        "salloum": (2 / 4 + 1 / 2 + 1 / 2) / 3 - 1 / 2,
        "garimella": ((2 / 3 - 1 / 2) + 0 + (1 / 2 - 1 / 2)) / 3,
    }
    for variant, value in expected.items():
        found = boundary_polarisation(graph, sides, variant=variant)
        assert found.value == pytest.approx(value), variant
        assert found.choices["boundary"] == 3
    assert len({round(value, 9) for value in expected.values()}) == 4


def test_directed_boundaries_hold_those_who_address_the_other_side():
    edges = [("x1", "x2"), ("x1", "y1"), ("y1", "y2"), ("x3", "x1")]
    graph = graph_of(edges, [3, 1, 1, 1])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    both = boundary_polarisation(graph, sides)
    assert (both.value, both.choices["boundary"]) == (pytest.approx((2 / 3 + 1 / 2) / 2 - 0.5), 2)
    weighted = boundary_polarisation(graph, sides, weights="weighted")
    assert weighted.value == pytest.approx((4 / 5 + 1 / 2) / 2 - 0.5)
    # y1 addresses nobody across, so it is no boundary account and x1 meets none there.
    one = boundary_polarisation(graph, sides, direction="directed")
    assert (one.value, one.choices["boundary"]) == (0.5, 1)


def test_what_has_no_boundary():
    apart = graph_of([("x1", "x2"), ("y1", "y2")])
    sides = sides_of(apart, {a: a[0] for a in apart.accounts})
    with pytest.raises(UndefinedError, match=r"no boundary.*: 0 accounts meet the other side"):
        boundary_polarisation(apart, sides, component="all")
    mixed = graph_of([("x1", "y1"), ("x2", "y2"), ("x1", "x2")])
    with pytest.raises(UndefinedError, match=r"no boundary.*: 4 accounts meet the other side"):
        boundary_polarisation(mixed, sides_of(mixed, {a: a[0] for a in mixed.accounts}))
    three = sides_of(mixed, {"x1": "x", "x2": "x", "y1": "y", "y2": "z"})
    with pytest.raises(UndefinedError, match="defined for 2 sides: 3"):
        boundary_polarisation(mixed, three)
    with pytest.raises(UsageError, match=r"variant has a value.*: nobody; allowed: guerra, garim"):
        boundary_polarisation(mixed, sides_of(mixed, {"x1": "x", "y1": "y"}), variant="nobody")
