"""Participation, within-module z, gateways and bridges: oracles, closed forms, karate, refusals."""

from __future__ import annotations

import json
from collections import defaultdict

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from tests.reference import reference_data
from workbench import influence
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.influence import (
    MEASURES,
    bridge_share,
    gateway,
    participation,
    within_module_z,
)
from workbench.model import InteractionGraph
from workbench.model.partition import Partition

WITH_SIDES = [name for name, measure in MEASURES.items() if measure.needs == "sides"]
CHOICES = [(d, w) for d in ("in", "out", "both") for w in ("weighted", "unweighted")]


def karate():
    club = nx.karate_club_graph()
    pairs = [(str(a), str(b)) for a, b in club.edges]
    graph = InteractionGraph.from_edges(*zip(*pairs, strict=True))
    return graph, Partition.from_mapping(graph, {str(n): c for n, c in club.nodes(data="club")})


def split(graph, labels=(0, 1, None)):
    """Give the accounts of a graph labels in turn."""
    texts = [labels[i % len(labels)] for i in range(graph.nodes)]
    return Partition.from_labels(
        graph, [None if t is None else str(t) for t in texts], method="given"
    )


def met(graph, sides, direction, weights):
    """Return account → side → acts, from the table of edges, one at a time."""
    side = {a: s for a, s in zip(graph.accounts, sides.labels.tolist(), strict=True) if s >= 0}
    both = defaultdict(float)
    for source, target, weight in graph.to_pandas().itertuples(index=False):
        if source == target or source not in side or target not in side:
            continue
        if direction in {"in", "both"}:
            both[target, source] += weight
        if direction in {"out", "both"}:
            both[source, target] += weight
    found = {account: defaultdict(float) for account in side}
    for (own, other), weight in both.items():
        found[own][side[other]] += weight if weights == "weighted" else 1
    return side, found


def as_dict(scores):
    return dict(zip(scores.ids.to_pylist(), scores.values.tolist(), strict=True))


@pytest.mark.reference
def test_karate_club():
    values = json.loads(reference_data("diffusion/reference_values.json").read_text("utf-8"))
    expected = values["karate"]["participation_by_club_unweighted"]
    zeros = expected.pop("zero_count")
    graph, clubs = karate()
    found = as_dict(participation(graph, clubs, direction="both", weights="unweighted"))
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert sum(value == 0 for value in found.values()) == zeros


@settings(max_examples=40)
@given(graphs(min_edges=1), st.sampled_from(CHOICES), st.sampled_from([(0, 1), (0, 1, None), (0,)]))
def test_shares_equal_a_count_one_edge_at_a_time(graph, choice, labels):
    sides = split(graph, labels)
    direction, weights = choice
    side, found = met(graph, sides, direction, weights)
    spread, across = {}, {}
    for account, acts in found.items():
        total = sum(acts.values())
        if total:
            spread[account] = 1 - sum((one / total) ** 2 for one in acts.values())
            across[account] = 1 - acts[side[account]] / total
    for measure, expected in ((participation, spread), (bridge_share, across)):
        scores = measure(graph, sides, direction=direction, weights=weights)
        assert as_dict(scores) == pytest.approx(expected)
        assert scores.parameters["unsided"] == graph.nodes - len(side)


@settings(max_examples=40)
@given(graphs(min_edges=1), st.sampled_from(CHOICES))
def test_z_has_mean_zero_and_spread_one_in_each_side(graph, choice):
    sides = split(graph)
    side, found = met(graph, sides, *choice)
    expected = {}
    for name in set(side.values()):
        own = {a: found[a][name] for a, s in side.items() if s == name}
        kappa = np.array(list(own.values()))
        if len(set(own.values())) > 1:
            z = (kappa - kappa.mean()) / kappa.std()
            expected |= dict(zip(own, z, strict=True))
    scores = within_module_z(graph, sides, direction=choice[0], weights=choice[1])
    assert as_dict(scores) == pytest.approx(expected)


@settings(max_examples=40)
@given(graphs(min_edges=2), st.sampled_from(CHOICES), st.sampled_from([0, 1, 3]))
def test_gateway_shares_each_pair_of_sides_out(graph, choice, least):
    sides = split(graph, (0, 1, 2, None))
    side, found = met(graph, sides, *choice)
    flow = defaultdict(float)
    for account, acts in found.items():
        for other, weight in acts.items():
            flow[other, side[account]] += weight * (other != side[account])
    flow = {pair: acts for pair, acts in flow.items() if acts and acts >= least}
    options = {"direction": choice[0], "weights": choice[1], "least": least}
    if not flow:
        with pytest.raises(UndefinedError, match="no two sides have enough contact"):
            gateway(graph, sides, **options)
        return
    scores = as_dict(gateway(graph, sides, **options))
    for account, acts in found.items():
        expected = sum(
            weight / flow[other, side[account]]
            for other, weight in acts.items()
            if (other, side[account]) in flow
        )
        assert scores[account] == pytest.approx(expected)
    assert sum(scores.values()) == pytest.approx(len(flow))


def test_evenly_spread_over_k_sides():
    for k in (2, 3, 5):
        rows = [(f"s{c}f{i}", "hub") for c in range(k) for i in range(4)]
        graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
        sides = Partition.from_labels(
            graph, ["s0" if a == "hub" else a[:2] for a in graph.accounts], method="given"
        )
        assert as_dict(participation(graph, sides)) == {"hub": pytest.approx(1 - 1 / k)}
        assert as_dict(bridge_share(graph, sides)) == {"hub": pytest.approx(1 - 1 / k)}
        assert as_dict(gateway(graph, sides))["hub"] == k - 1


def test_a_source_is_told_by_its_audience_and_an_amplifier_by_its_sources():
    rows = [(f"f{i}", "source") for i in range(6)] + [("amplifier", f"f{i}") for i in range(6)]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
    labels = ["a" if name in {"f0", "f1", "f2", "source"} else "b" for name in graph.accounts]
    sides = Partition.from_labels(graph, labels, method="given")
    audience = as_dict(participation(graph, sides))
    sources = as_dict(participation(graph, sides, direction="out"))
    assert audience["source"] == sources["amplifier"] == pytest.approx(0.5)
    assert "amplifier" not in audience
    assert "source" not in sources
    assert as_dict(gateway(graph, sides))["source"] > as_dict(gateway(graph, sides))["amplifier"]
    assert as_dict(within_module_z(graph, sides))["source"] > 1
    outward = as_dict(gateway(graph, sides, direction="out"))
    assert outward["amplifier"] == max(outward.values())


def test_a_graph_without_direction_is_the_same_whichever_way():
    graph = InteractionGraph.from_edges(["a", "b", "b", "c"], ["b", "a", "c", "b"], kind="co_share")
    sides = Partition.from_labels(graph, ["x", "x", "y"], method="given")
    for name in WITH_SIDES:
        tables = [
            as_dict(MEASURES[name].function(graph, sides, direction=d))
            for d in ("in", "out", "both")
        ]
        assert tables[0] == tables[1] == tables[2]


@pytest.mark.parametrize("name", WITH_SIDES)
class TestContract:
    """What every measure with sides promises."""

    def test_weights_of_every_type_are_the_same(self, name):
        edges = [("a", "b"), ("c", "b"), ("b", "c"), ("c", "d"), ("d", "a")]
        found = []
        for weights in ([3, 1, 2, 5, 1], np.array([3, 1, 2, 5, 1]), np.array([3, 1, 2, 5, 1.0])):
            graph = InteractionGraph.from_edges(*zip(*edges, strict=True), weights)
            scores = MEASURES[name].function(graph, split(graph, (0, 1)))
            found.append(scores.values.tolist())
        assert found[0] == found[1] == found[2]

    @settings(max_examples=15)
    @given(graph=graphs(min_edges=3))
    def test_bounds_and_names_of_sides(self, name, graph):
        sides = split(graph, (0, 1))
        renamed = split(graph, ("right", "left"))
        try:
            scores = MEASURES[name].function(graph, sides)
        except UndefinedError:
            return
        low, high = MEASURES[name].bounds
        assert low is None or (scores.values >= low).all()
        assert high is None or (scores.values <= high).all()
        assert scores.graph_fingerprint == graph.fingerprint
        assert as_dict(scores) == pytest.approx(as_dict(MEASURES[name].function(graph, renamed)))
        assert name in influence.__all__

    def test_what_is_refused(self, name):
        function = MEASURES[name].function
        graph = InteractionGraph.from_edges(["a", "b"], ["b", "c"])
        sides = split(graph, (0, 1))
        other = InteractionGraph.from_edges(["a", "b"], ["b", "d"])
        with pytest.raises(InputError, match="belongs to another graph"):
            function(other, sides)
        for missing in (None, [], "left", {"a": "left"}):
            with pytest.raises(UsageError, match=f"{name} needs sides or a partition"):
                function(graph, missing)
        with pytest.raises(UsageError, match=r"no such choice.*allowed: in, out, both"):
            function(graph, sides, direction="sideways")
        with pytest.raises(UsageError, match="allowed: weighted, unweighted"):
            function(graph, sides, weights="acts")
        empty = InteractionGraph.from_edges([], [])
        with pytest.raises(UndefinedError, match="no accounts"):
            function(empty, Partition.from_labels(empty, [], method="given"))


def test_only_self_loops_leave_nobody_with_a_value():
    graph = InteractionGraph.from_edges(["a", "b"], ["a", "b"])
    sides = split(graph, (0, 1))
    for measure in (participation, bridge_share, within_module_z):
        assert not len(measure(graph, sides).values)
    with pytest.raises(UndefinedError, match="no two sides"):
        gateway(graph, sides)
    with pytest.raises(UsageError, match="least must be a number of acts"):
        gateway(graph, sides, least=-1)
    with pytest.raises(UsageError, match="least must be a number of acts"):
        gateway(graph, sides, least=float("nan"))


def test_equal_sums_of_fractions_are_no_spread():
    parts = [0.1, 0.2, 0.3]
    graph = InteractionGraph.from_edges(
        ["b"] * 3 + ["a"] * 3, ["a"] * 3 + ["b"] * 3, [*parts, *reversed(parts)]
    )
    one, other = influence.in_strength(graph).values
    assert one != other == pytest.approx(one)
    sides = Partition.from_mapping(graph, {"a": "one", "b": "one"})
    assert as_dict(within_module_z(graph, sides)) == {}
