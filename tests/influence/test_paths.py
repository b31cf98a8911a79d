from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from tests.influence.cases import graph_of, karate, known, networkx_of
from workbench.errors import UsageError
from workbench.influence import betweenness, closeness

BOTH = pytest.mark.parametrize("measure", [betweenness, closeness])


def random_graph(nodes=300, edges=1500, seed=1):
    graph = nx.gnm_random_graph(nodes, edges, seed=seed, directed=True)
    return graph_of([(str(s), str(t)) for s, t in graph.edges()])


@settings(max_examples=40)
@given(graphs(min_edges=1))
def test_exact_values_equal_networkx(graph):
    plain = networkx_of(graph)
    found = betweenness(graph)
    assert known(found) == pytest.approx(nx.betweenness_centrality(plain, normalized=False))
    assert known(closeness(graph)) == pytest.approx(nx.harmonic_centrality(plain))
    assert found.parameters["exact"]
    assert (found.seed, found.standard_error) == (None, None)


def test_without_direction_a_pair_counts_once():
    plain = nx.karate_club_graph()
    graph = graph_of([(str(s), str(t)) for s, t in plain.to_directed().edges()], kind="co_url")
    found = {int(a): v for a, v in known(betweenness(graph)).items()}
    assert found == pytest.approx(nx.betweenness_centrality(plain, normalized=False))
    both = {int(a): v for a, v in known(betweenness(karate())).items()}
    assert both == pytest.approx({a: 2 * v for a, v in found.items()})
    near = {int(a): v for a, v in known(closeness(graph)).items()}
    assert near == pytest.approx(nx.harmonic_centrality(plain))


def test_paths_and_stars_in_closed_form():
    path = graph_of([("a", "b"), ("b", "c"), ("c", "d")])
    assert known(betweenness(path)) == {"a": 0, "b": 2, "c": 2, "d": 0}
    assert known(closeness(path)) == pytest.approx({"a": 0, "b": 1, "c": 1.5, "d": 11 / 6})
    star = graph_of([(f"f{i}", "star") for i in range(5)])
    assert known(closeness(star))["star"] == 5


@BOTH
def test_a_sample_has_its_error_and_the_seed_that_was_used(measure):
    graph = random_graph()
    exact = measure(graph).values
    found = measure(graph, pivots=96, seed=3)
    starts = found.parameters["starts"]
    assert found.parameters == {"exact": False, "pivots": 96, "starts": starts}
    assert 290 < starts <= graph.nodes
    assert found.seed == 3
    top = np.argsort(-exact)[:60]
    off = (found.values - exact)[top] / found.standard_error[top]
    assert 0.7 < np.sqrt((off**2).mean()) < 2
    assert (np.abs(off) < 2).mean() > 0.8
    again = measure(graph, pivots=96, seed=3)
    assert again.values.tobytes() == found.values.tobytes()
    drawn = measure(graph, pivots=96)
    assert measure(graph, pivots=96, seed=drawn.seed).values.tobytes() == drawn.values.tobytes()
    assert list(found.top(2).columns) == ["rank", "account", found.name, "standard_error"]
    assert list(found.to_pandas().columns) == ["account", found.name, "standard_error"]


@BOTH
def test_the_mean_of_many_samples_is_the_exact_value(measure):
    graph = random_graph(80, 400)
    exact = measure(graph).values
    found = np.array([measure(graph, pivots=32, seed=seed).values for seed in range(60)])
    error = found.std(axis=0, ddof=1) / np.sqrt(60)
    off = (found.mean(axis=0) - exact)[error > 0] / error[error > 0]
    assert np.abs(off).max() < 5
    assert np.sqrt((off**2).mean()) < 1.6


@BOTH
def test_as_many_pivots_as_can_start_are_exact(measure):
    graph = random_graph(60, 200)
    found = measure(graph, pivots=10_000)
    assert found.parameters["exact"]
    assert found.values == pytest.approx(measure(graph).values)


@BOTH
def test_large_graphs_are_sampled(measure, monkeypatch):
    monkeypatch.setattr("workbench.influence.pivots.EXACT_NODES", 100)
    monkeypatch.setattr("workbench.influence.pivots.PIVOTS", 64)
    assert measure(random_graph(90, 300)).parameters["exact"]
    large = measure(random_graph(300, 1500), seed=2)
    assert (large.parameters["exact"], large.parameters["pivots"]) == (False, 64)


@BOTH
def test_who_can_start_no_path_is_no_pivot(measure):
    graph = graph_of([(f"f{i}", "star") for i in range(50)] + [("star", "idol")])
    assert measure(graph).parameters["starts"] <= 51


@BOTH
def test_too_few_pivots(measure):
    with pytest.raises(UsageError, match="too few pivots for a standard error: 5"):
        measure(random_graph(60, 200), pivots=5)
