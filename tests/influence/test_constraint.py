from __future__ import annotations

import json
import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings

from tests.graph_strategies import graphs
from tests.influence.cases import graph_of, karate, known, networkx_of
from tests.reference import reference_data
from workbench.influence import constraint


@settings(max_examples=60)
@given(graphs(min_edges=1))
def test_it_equals_networkx_and_igraph(graph):
    bare = graph.without_self_loops()
    assume(bare.arcs_stored)
    scores = known(constraint(graph))
    theirs = nx.constraint(networkx_of(graph), weight="weight")
    assert scores == pytest.approx({a: v for a, v in theirs.items() if not np.isnan(v)})
    engine = bare.to_igraph()
    found = dict(zip(bare.accounts, engine.constraint(weights=engine.es["weight"]), strict=True))
    assert scores == pytest.approx({a: v for a, v in found.items() if not np.isnan(v)})


def test_many_pieces_are_one(monkeypatch):
    graph = karate()
    whole = constraint(graph).values
    monkeypatch.setattr(sys.modules["workbench.influence.constraint"], "_PAIRS", 3)
    assert constraint(graph).values == pytest.approx(whole)


def test_small_groups_and_who_is_absent():
    assert known(constraint(graph_of([("a", "b")]))) == {"a": 1.0, "b": 1.0}
    triad = graph_of([("a", "b"), ("b", "c"), ("c", "a"), ("d", "d")])
    assert known(constraint(triad)) == pytest.approx({"a": 1.125, "b": 1.125, "c": 1.125})


def test_the_broker_ranks_first():
    edges = [("x", "y"), ("y", "z"), ("z", "x"), ("u", "v"), ("v", "w"), ("w", "u")]
    scores = constraint(graph_of([*edges, ("broker", "x"), ("broker", "u")]))
    top = scores.top(1)
    assert top["account"].tolist() == ["broker"]
    assert top["rank"].tolist() == [1]
    assert scores.values.min() == top["constraint"].tolist()[0] == pytest.approx(0.5)


@pytest.mark.reference
def test_karate():
    expected = json.loads(reference_data("diffusion/reference_values.json").read_text())["karate"]
    scores = constraint(karate())
    assert scores.top(3)["account"].tolist() == list(expected["constraint_unweighted"])
    assert scores.top(3)["constraint"].tolist() == pytest.approx(
        list(expected["constraint_unweighted"].values()), abs=1e-8
    )
