from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from workbench.errors import InputError, UndefinedError, UsageError
from workbench.graphs.nulls import check_parts, dealt_weights, rewired, shuffled_weights
from workbench.model import InteractionGraph


def matrix(n, m, seed, directed=False):
    graph = nx.gnm_random_graph(n, m, seed=seed, directed=directed)
    return csr_array(nx.to_scipy_sparse_array(graph, format="csr", dtype=float))


@settings(max_examples=25)
@given(st.integers(6, 25), st.integers(0, 1000), st.booleans())
def test_degrees_are_kept_exactly_and_the_graph_stays_simple(n, seed, directed):
    before = matrix(n, 2 * n, seed, directed)
    sample = rewired(before, directed=directed, seed=seed)
    for axis in (0, 1):
        assert (sample.matrix.sum(axis=axis) == before.sum(axis=axis)).all()
    dense = sample.matrix.toarray()
    assert set(np.unique(dense)) <= {0.0, 1.0}
    assert not dense.diagonal().any()
    if not directed:
        assert (dense == dense.T).all()
    assert 0 <= sample.moved <= 1
    assert 0 <= sample.acceptance <= 1


def test_it_moves_and_the_same_seed_moves_alike():
    before = matrix(60, 200, 1)
    one, two = (rewired(before, directed=False, seed=5) for _ in range(2))
    assert (one.matrix != two.matrix).nnz == 0
    assert one.moved > 0.5
    assert (rewired(before, directed=False, seed=6).matrix != one.matrix).nnz > 0


def test_acceptance_is_the_share_of_valid_swaps():
    star = csr_array(nx.to_scipy_sparse_array(nx.star_graph(20), format="csr", dtype=float))
    stuck = rewired(star, directed=False, seed=1)
    assert stuck.acceptance == 0.0  # every swap would make an edge that exists, or a loop
    assert stuck.moved == 0.0
    assert rewired(matrix(200, 400, 3), directed=False, seed=1).acceptance > 0.9


def test_shuffled_weights_keep_edges_and_the_multiset_of_weights():
    before = matrix(12, 25, 2)
    upper = np.triu(before.toarray())
    upper[upper > 0] = np.arange(1, 26)
    weighted = csr_array(upper + upper.T)
    after = shuffled_weights(weighted, directed=False, seed=3)
    assert ((after != 0) != (weighted != 0)).nnz == 0
    assert sorted(after.data) == sorted(weighted.data)
    assert (after != weighted).nnz > 0


@pytest.mark.parametrize("directed", [False, True])
def test_dealt_weights_are_the_observed_ones_on_the_edges_of_the_sample(directed):
    acts = matrix(15, 30, 4, directed)
    acts.data = np.arange(1.0, acts.nnz + 1)
    if not directed:
        acts = csr_array(acts + acts.T)
    sample = rewired(acts, directed=directed, seed=1).matrix
    dealt = dealt_weights(sample, acts, directed=directed, seed=2)
    assert ((dealt != 0) != (sample != 0)).nnz == 0
    assert sorted(dealt.data) == sorted(acts.data)
    assert directed or (dealt != dealt.T).nnz == 0
    assert (dealt_weights(sample, acts, directed=directed, seed=3) != dealt).nnz > 0


def test_too_small_or_no_trials():
    with pytest.raises(UndefinedError, match="fewer than two edges"):
        rewired(csr_array(np.array([[0.0, 1.0], [1.0, 0.0]])), directed=False, seed=1)
    with pytest.raises(UsageError, match="trials_per_edge"):
        rewired(matrix(10, 20, 1), directed=False, seed=1, trials_per_edge=0)


def uses(seed=1, accounts=30, objects=8):
    """Return who used what: arcs from accounts to objects, and the parts."""
    rng = np.random.default_rng(seed)
    dense = np.zeros((accounts + objects, accounts + objects))
    dense[:accounts, accounts:] = rng.random((accounts, objects)) < 0.3
    return csr_array(dense), np.repeat(np.array([0, 1], dtype=np.int8), [accounts, objects])


def within(matrix, parts):
    """Return how many edges join two nodes of one part."""
    coo = matrix.tocoo()
    return int((parts[coo.row] == parts[coo.col]).sum())


@settings(max_examples=15)
@given(st.integers(0, 1000), st.sampled_from(["undirected", "directed", "turned", "both ways"]))
def test_a_sample_of_a_bipartite_graph_joins_its_parts_only(seed, form):
    before, parts = uses(seed)
    if form == "turned":
        before = csr_array(before.T)
    elif form != "directed":
        before = csr_array(before + before.T)
    directed = form != "undirected"
    sample = rewired(before, directed=directed, parts=parts, seed=seed)
    assert within(sample.matrix, parts) == 0
    for axis in (0, 1):
        assert (sample.matrix.sum(axis=axis) == before.sum(axis=axis)).all()
    assert set(np.unique(sample.matrix.toarray())) <= {0.0, 1.0}
    if not directed:
        assert (sample.matrix.toarray() == sample.matrix.toarray().T).all()
    assert sample.moved > 0.2
    assert 0.2 < sample.acceptance < 1
    assert within(rewired(before, directed=directed, seed=seed).matrix, parts) > 0 or (
        form in {"directed", "turned"}  # what acts and what is acted upon stay apart anyway
    )


def test_weights_stay_on_the_edges_of_a_bipartite_sample():
    before, parts = uses()
    acts = csr_array(before + before.T)
    made = rewired(acts, directed=False, parts=parts, seed=2).matrix
    dealt = dealt_weights(made, acts * 3, directed=False, seed=2)
    assert (
        within(dealt, parts) == within(shuffled_weights(acts, directed=False, seed=1), parts) == 0
    )
    assert set(dealt.data) == {3.0}


def test_an_edge_within_a_part_is_refused():
    before, parts = uses()
    with pytest.raises(InputError, match="joins two nodes of one part"):
        rewired(before, directed=True, parts=np.zeros_like(parts), seed=1)


def test_a_graph_that_mixes_accounts_and_objects_has_no_null():
    edges = (["a", "b", "x"], ["x", "x", "b"])
    check_parts(InteractionGraph.from_edges(*edges))
    check_parts(InteractionGraph.from_edges(["a", "b"], ["x", "x"], kind="account_url"))
    with pytest.raises(UsageError, match=r"keep accounts apart.*account_url.*ask for no null"):
        check_parts(InteractionGraph.from_edges(*edges, kind="account_url"))
