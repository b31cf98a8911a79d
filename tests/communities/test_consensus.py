from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.communities.blocks import blocks, cliques
from workbench.communities import METHODS, consensus, leiden
from workbench.communities.consensus import PAIRS, _median, _pairs
from workbench.errors import UsageError
from workbench.graphs.agreement import adjusted_mutual_information, overlap
from workbench.graphs.symmetrised import Symmetrised
from workbench.model import InteractionGraph
from workbench.rng import spawn

HARD, TRUTH = blocks(number=6, size=40, degree=12, mixing=0.5)


def run_by_hand(graph, method, runs, seed):
    """Return the partition of each run, each made from nothing."""
    return [METHODS[method].function(graph, seed=spawn(seed, "run", i)) for i in range(runs)]


@pytest.mark.parametrize("method", ["leiden", "infomap", "python_louvain"])
def test_every_number_equals_that_of_the_runs_made_one_by_one(method):
    graph = HARD if method == "leiden" else cliques()
    found = consensus(graph, method=method, runs=6, seed=5)
    runs = run_by_hand(graph, method, 6, 5)
    assert found.modularity.tolist() == pytest.approx([p.quality for p in runs])
    assert found.communities.tolist() == [p.k for p in runs]
    pairs = {frozenset(pair): 0.0 for pair in zip(found.first, found.second, strict=True)}
    arcs = {frozenset(a) for a in zip(*graph.arcs()[:2], strict=True) if len(set(a)) == 2}
    assert set(pairs) == arcs
    mine = found.partition.labels
    agree: dict[int, list[float]] = {i: [] for i in range(graph.nodes)}
    for u, v, share in zip(found.first, found.second, found.co_assignment, strict=True):
        expected = np.mean([p.labels[u] == p.labels[v] for p in runs])
        assert share == pytest.approx(expected)
        for end in (u, v):
            agree[end].append(share if mine[u] == mine[v] else 1 - share)
    assert found.stability.tolist() == pytest.approx([np.mean(agree[i]) for i in agree])
    each = [overlap(mine, p.labels) for p in runs]
    assert found.agreement.tolist() == pytest.approx(np.mean(each, axis=0).tolist())
    ami = [adjusted_mutual_information(a.labels, b.labels) for a, b in combinations(runs, 2)]
    assert (found.ami_mean, found.ami_min) == pytest.approx((np.mean(ami), np.min(ami)))
    assert found.pairs == 15


def test_it_contradicts_the_runs_less_than_any_run_does():
    found = consensus(HARD, runs=12, seed=2)
    share = found.co_assignment
    for partition in run_by_hand(HARD, "leiden", 12, 2):
        inside = partition.labels[found.first] == partition.labels[found.second]
        assert found.contradiction <= np.where(inside, 1 - share, share).mean() + 1e-12
    assert found.contradiction <= 0.5


def test_it_is_nearer_to_the_truth_than_a_run_is():
    found = consensus(HARD, runs=40, seed=1)
    single = [
        adjusted_mutual_information(p.labels, TRUTH) for p in run_by_hand(HARD, "leiden", 40, 1)
    ]
    assert adjusted_mutual_information(found.partition.labels, TRUTH) >= np.mean(single)


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_the_median_of_small_graphs_is_the_best_of_all_partitions_that_were_tried(seed, runs):
    """Within twice the optimum over every partition of six accounts, as the docstring promises."""
    rng = np.random.default_rng(seed)
    graph = InteractionGraph.from_networkx(nx.gnm_random_graph(6, 9, seed=seed))
    prepared = Symmetrised.of(graph)
    found = [rng.integers(0, 3, graph.nodes).astype(np.int32) for _ in range(runs)]
    share = np.mean([prepared.together(f) for f in found], axis=0)

    def contradicts(labels):
        return np.where(prepared.together(labels), 1 - share, share).sum()

    every = (np.array(p) for p in restricted_growth(graph.nodes))
    optimum = min(contradicts(labels) for labels in every)
    mine = contradicts(_median(prepared, found, share, 1))
    assert optimum - 1e-9 <= mine <= 2 * optimum + 1e-9


def restricted_growth(n, before=()):
    if len(before) == n:
        yield before
        return
    for label in range(max(before, default=-1) + 2):
        yield from restricted_growth(n, (*before, label))


def test_one_account_between_two_communities_is_told():
    """Two cliques and an account with two edges into each: only its edges are open."""
    other = nx.disjoint_union(nx.complete_graph(8), nx.complete_graph(8))
    other.add_edges_from([(16, i) for i in (0, 1, 2, 8, 9, 10)])
    graph = InteractionGraph.from_networkx(other)
    found = consensus(graph, runs=60, seed=3)
    between = graph.position("16")
    assert found.stability[between] < 0.8
    others = np.delete(found.stability, between)
    assert others.min() > found.stability[between]
    open_ones = (found.co_assignment > 0) & (found.co_assignment < 1)
    touches = (found.first == between) | (found.second == between)
    assert open_ones.any()
    assert (open_ones <= touches).all()


def test_clear_communities_are_certain():
    found = consensus(cliques(), runs=8, seed=1)
    assert found.contradiction == 0
    assert found.ambiguous == []
    assert (found.stability == 1).all()
    assert (found.agreement == 1).all()
    assert (found.ami_mean, found.ami_min) == (1, 1)
    assert found.partition.labels.tolist() == leiden(cliques(), seed=1).labels.tolist()
    assert found.partition.method == "consensus"
    assert dict(found.partition.parameters) == {
        "of": "leiden", "runs": 8, "resolution": 1.0, "weights": "weighted"
    }  # fmt: skip


def test_isolates_and_loops_are_alone_and_certain():
    graph = InteractionGraph.from_edges(["a", "b", "z"], ["b", "c", "z"])
    found = consensus(graph, runs=3, seed=1)
    assert found.stability[graph.position("z")] == 1
    assert found.partition.members(int(found.partition.labels[graph.position("z")])) == ["z"]
    assert len(found.co_assignment) == 2


def test_same_seed_same_bytes_in_one_process_or_two():
    steps: list[int] = []
    one = consensus(HARD, runs=4, seed=9, advance=steps.append)
    two = consensus(HARD, runs=4, seed=9, processes=2, advance=steps.append)
    for name in ("co_assignment", "stability", "agreement", "modularity", "communities"):
        assert getattr(one, name).tobytes() == getattr(two, name).tobytes()
    assert one.partition.labels.tobytes() == two.partition.labels.tobytes()
    assert one.to_dict() == two.to_dict()
    assert steps == [1] * 8
    drawn = consensus(HARD, runs=2)
    assert consensus(HARD, runs=2, seed=drawn.seed).to_dict() == drawn.to_dict()


def test_tables():
    found = consensus(HARD, runs=5, seed=1)
    accounts = found.to_pandas()
    assert list(accounts) == ["account", "community", "stability", "agreement", "ambiguous"]
    assert accounts[accounts["ambiguous"]]["account"].tolist() == found.ambiguous
    assert found.to_dict()["ambiguous"] == len(found.ambiguous)
    edges = found.edges()
    assert list(edges) == ["source", "target", "together"]
    assert len(edges) == len(found.co_assignment)
    assert edges["source"][0] == HARD.ids[int(found.first[0])].as_py()


def test_pairs_are_all_or_a_sample_without_repetition():
    assert _pairs(14, 1) == list(combinations(range(14), 2))
    drawn = _pairs(60, 1)
    assert len(set(drawn)) == len(drawn) == PAIRS
    assert drawn == _pairs(60, 1) != _pairs(60, 2)


def test_bad_requests():
    with pytest.raises(UsageError, match="at least two runs"):
        consensus(cliques(), runs=1)
    with pytest.raises(UsageError, match="no such method"):
        consensus(cliques(), method="magic")
    with pytest.raises(UsageError, match="resolution must be > 0"):
        consensus(cliques(), resolution=0, runs=2)
    with pytest.raises(UsageError, match="has no resolution"):
        consensus(cliques(), resolution=2, runs=2, method="infomap")
