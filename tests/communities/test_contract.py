"""What every method promises; a method that is added is held to it without a new test."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from tests.communities.blocks import blocks, cliques
from tests.graph_strategies import graphs
from workbench import communities
from workbench.communities import METHODS, consensus, modularity, stability
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.graphs.agreement import adjusted_mutual_information
from workbench.graphs.symmetrised import Symmetrised
from workbench.model import InteractionGraph

pytestmark = pytest.mark.parametrize("name", list(METHODS))
RANDOM = InteractionGraph.from_networkx(nx.gnm_random_graph(80, 200, seed=1))


def run(name, graph, *, into=2, seed=1, **options):
    """Run a method; the one that wants a number of communities gets it."""
    if name == "spectral":
        options["into"] = into
    return METHODS[name].function(graph, seed=seed, **options)


def groups(partition):
    return {frozenset(partition.members(c)) for c in range(partition.k)}


def test_planted_cliques_are_found(name):
    found = run(name, cliques(), into=4)
    assert found.sizes == [6, 6, 6, 6]
    assert all(len({member[:2] for member in group}) == 1 for group in groups(found))


def test_planted_blocks_are_found(name):
    graph, truth = blocks()
    if name == "label_propagation":  # one label may flood a block more: the best of some runs
        found = max((run(name, graph, seed=s) for s in range(5)), key=lambda p: p.quality)
    else:
        found = run(name, graph, into=4)
    assert adjusted_mutual_information(found.labels, truth) > 0.95


def test_same_seed_same_bytes_and_the_seed_is_recorded(name):
    one, two = (run(name, RANDOM, seed=7) for _ in range(2))
    assert one.labels.tobytes() == two.labels.tobytes()
    assert dict(one.parameters) == dict(two.parameters)
    assert one.quality == two.quality
    assert one.seed == 7
    drawn = run(name, RANDOM, seed=None)
    assert run(name, RANDOM, seed=drawn.seed).labels.tobytes() == drawn.labels.tobytes()


def test_weights_of_every_type_decide(name):
    edges = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")]
    heavy = [10, 1, 10, 1]
    for weights in (
        heavy,
        [float(w) for w in heavy],
        np.array(heavy, np.int32),
        np.array(heavy, np.int64),
        np.array(heavy, "f4"),
        [np.float64(w) for w in heavy],
    ):
        graph = InteractionGraph.from_edges(*zip(*edges, strict=True), weights)
        assert groups(run(name, graph)) == {frozenset("ab"), frozenset("cd")}


def test_without_weights_each_pair_counts_once(name):
    graph, _ = blocks()
    source, target, weight = graph.arcs()
    louder = graph.with_arcs(source, target, weight * (1 + source % 5))
    ones = [run(name, g, weighted=False) for g in (graph, louder)]
    assert ones[0].labels.tobytes() == ones[1].labels.tobytes()
    assert ones[0].parameters["weights"] == "unweighted"
    assert run(name, graph).parameters["weights"] == "weighted"


def test_direction_does_not_matter(name):
    graph = cliques()
    one, two = (run(name, g, into=4, seed=3) for g in (graph, graph.reversed()))
    assert one.labels.tolist() == two.labels.tolist()


def test_names_do_not_matter(name):
    """The same order gives the same bytes; another order of clear communities the same groups."""
    table = RANDOM.to_pandas()
    longer = InteractionGraph.from_edges(
        [f"x:{i}" for i in table["source"]], [f"x:{i}" for i in table["target"]]
    )
    assert run(name, longer).labels.tobytes() == run(name, RANDOM).labels.tobytes()
    table = cliques().to_pandas()
    turned = InteractionGraph.from_edges(
        [i[::-1] for i in table["source"]], [i[::-1] for i in table["target"]], table["weight"]
    )
    assert {frozenset(i[::-1] for i in group) for group in groups(run(name, turned, into=4))} == (
        groups(run(name, cliques(), into=4))
    )


def test_isolates_are_communities_of_one(name):
    graph = InteractionGraph.from_edges(["a", "b", "z", "y"], ["b", "c", "z", "y"])
    found = run(name, graph)
    for alone in "zy":
        assert found.members(int(found.labels[graph.position(alone)])) == [alone]


def test_components_are_not_mixed(name):
    other = nx.disjoint_union(nx.complete_graph(7), nx.complete_graph(6))
    found = run(name, InteractionGraph.from_networkx(other))
    assert found.sizes == [7, 6]


def test_self_loops_play_no_part_in_the_search(name):
    graph, _ = blocks(number=2, size=30)
    source, target, weight = graph.arcs()
    at = np.arange(graph.nodes, dtype=np.int32)
    looped = graph.with_arcs(
        np.concatenate([source, at]),
        np.concatenate([target, at]),
        np.concatenate([weight, np.full(graph.nodes, 50.0)]),
    )
    one, two = run(name, graph), run(name, looped)
    assert one.labels.tobytes() == two.labels.tobytes()
    assert two.quality == pytest.approx(modularity(looped, two))
    assert two.quality != pytest.approx(one.quality)


@pytest.mark.parametrize("weighted", [True, False])
def test_quality_is_the_modularity(name, weighted):
    found = run(name, RANDOM, weighted=weighted)
    assert found.quality == pytest.approx(modularity(RANDOM, found, weighted=weighted))


@pytest.mark.parametrize("edges", [[], [("a", "a")], [("a", "a"), ("b", "b")]])
def test_nothing_to_find_is_refused(name, edges):
    graph = InteractionGraph.from_edges([e[0] for e in edges], [e[1] for e in edges])
    for function in (
        METHODS[name].function,
        lambda g, seed: consensus(g, method=name, runs=2, seed=seed),
        lambda g, seed: stability(g, method=name, runs=2, seed=seed),
    ):
        with pytest.raises(UndefinedError, match="no communities: no edge joins two different"):
            function(graph, seed=1)


@pytest.mark.parametrize("weight", [-1.0, float("nan"), 0.0, float("inf")])
def test_weights_that_are_none_make_no_graph(name, weight):
    with pytest.raises(InputError, match="weight"):
        run(name, InteractionGraph.from_edges(["a", "b"], ["b", "c"], [1.0, weight]))


@pytest.mark.parametrize("resolution", [0.0, -1.0, float("inf"), float("nan")])
def test_resolution_must_be_positive_and_finite(name, resolution):
    with pytest.raises(UsageError, match="resolution must be > 0"):
        run(name, cliques(), resolution=resolution)


def test_resolution_is_used_or_refused(name):
    graph = cliques()
    if name in {"infomap", "label_propagation", "spectral", "python_louvain"}:
        with pytest.raises(
            UsageError, match=f"{name} (has no resolution|is right at resolution 1)"
        ):
            run(name, graph, resolution=2.0)
        assert run(name, graph, resolution=1.0).k == run(name, graph).k
    else:
        assert run(name, graph, resolution=0.01).k < run(name, graph, resolution=20.0).k
        assert run(name, graph, resolution=0.5).parameters["resolution"] == 0.5


def test_seeds_must_be_integers(name):
    with pytest.raises(UsageError, match="seed"):
        METHODS[name].function(cliques(), seed="7")


def test_is_listed_with_its_source(name):
    assert name in communities.__all__
    assert "doi" in METHODS[name].reference
    assert METHODS[name].kernel is not None


@settings(max_examples=25)
@given(graph=graphs(min_edges=1))
def test_any_graph_gets_a_label_for_everyone(name, graph):
    if not Symmetrised.of(graph).edges:
        return
    found = run(name, graph, seed=3)
    assert found.unlabelled == 0
    assert sum(found.sizes) == graph.nodes
    assert found.graph_fingerprint == graph.fingerprint
    assert found.labels.tobytes() == run(name, graph, seed=3).labels.tobytes()
