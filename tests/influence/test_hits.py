from __future__ import annotations

import json

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings

from tests.graph_strategies import graphs
from tests.influence.cases import graph_of, karate, known
from tests.influence.test_measures import higgs
from tests.reference import reference_data
from workbench.errors import NotUniqueWarning
from workbench.influence import authority, hub, in_strength

TIES = pytest.mark.filterwarnings("ignore::workbench.errors.NotUniqueWarning")


@TIES
@settings(max_examples=30)
@given(graphs(min_edges=2))
def test_they_are_singular_vectors_to_the_largest_value(graph):
    bare = graph.without_self_loops()
    assume(bare.arcs_stored)
    dense = bare.to_scipy().toarray()
    left, right = hub(graph).values, authority(graph).values
    largest = np.linalg.svd(dense, compute_uv=False)[0]
    assert dense @ right == pytest.approx(largest * left, abs=1e-7)
    assert dense.T @ left == pytest.approx(largest * right, abs=1e-7)
    assert np.linalg.norm(left) == pytest.approx(1.0)
    assert np.linalg.norm(right) == pytest.approx(1.0)


@TIES
@settings(max_examples=30)
@given(graphs(min_edges=2))
def test_unique_or_the_limit_from_equal_values_and_said_so(graph):
    bare = graph.without_self_loops()
    assume(bare.arcs_stored)
    dense = bare.to_scipy().toarray()
    singular = np.linalg.svd(dense, compute_uv=False)
    scores = authority(graph)
    equal = int((singular > singular[0] * (1 - 1e-9)).sum())
    assert scores.parameters["dominant_components"] == equal
    assume(singular[singular < singular[0] * (1 - 1e-9)].max(initial=0) < singular[0] * 0.98)
    vector = np.ones(graph.nodes)
    for _ in range(800):
        vector = dense.T @ (dense @ vector)
        vector /= np.linalg.norm(vector)
    assert scores.values == pytest.approx(vector, abs=1e-6)


def test_against_networkx():
    graph = nx.gnp_random_graph(40, 0.1, seed=3, directed=True)
    ours = graph_of([(str(s), str(t)) for s, t in graph.edges()])
    hubs, authorities = nx.hits(graph)
    for scores, expected in ((hub(ours), hubs), (authority(ours), authorities)):
        found = known(scores)
        total = sum(found.values())
        for account, value in found.items():
            assert value / total == pytest.approx(expected[int(account)], abs=1e-9)


def test_tied_components_warn_and_unequal_ones_do_not():
    with pytest.warns(NotUniqueWarning, match="authority is not unique: 2 components tie"):
        scores = authority(graph_of([("a", "b"), ("c", "d")]))
    assert known(scores) == pytest.approx({"a": 0, "b": 0.5**0.5, "c": 0, "d": 0.5**0.5})
    assert scores.parameters == {"dominant_components": 2, "scored": 2}
    alone = authority(graph_of([("a", "b"), ("c", "d")], [2, 1]))
    assert known(alone) == {"a": 0, "b": 1, "c": 0, "d": 0}
    assert alone.parameters == {"dominant_components": 1, "scored": 1}


def test_without_direction_both_are_the_eigenvector():
    graph = karate()
    expected = nx.eigenvector_centrality_numpy(nx.karate_club_graph(), weight=None)
    for scores in (hub(graph), authority(graph)):
        assert {int(a): v for a, v in known(scores).items()} == pytest.approx(expected, abs=1e-7)


@pytest.mark.reference
def test_higgs_overlap_with_in_strength():
    values = json.loads(reference_data("diffusion/reference_values.json").read_text())["higgs"]
    graph = higgs()
    scores, strength = authority(graph), in_strength(graph)
    assert scores.parameters["dominant_components"] == 1
    for k, expected in values["topk_overlap_instrength_authority"].items():
        both = set(scores.order()[: int(k)]) & set(strength.order()[: int(k)])
        assert len(both) / int(k) == pytest.approx(expected, abs=0.005 if k == "1000" else 1e-9)
