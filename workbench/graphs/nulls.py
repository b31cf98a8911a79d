"""Null models: graphs that share a graph's degrees, and nothing else on purpose.

They preserve degrees exactly; they do not preserve weights, reciprocity, clustering or the times
of acts, so a result "more than the null" is *more than the degrees imply*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from workbench.errors import UndefinedError, UsageError
from workbench.model.shown import OneLine
from workbench.rng import generator, igraph_seeded, spawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["NullSample", "dealt_weights", "rewired", "shuffled_weights"]

TRIALS_PER_EDGE = 10
_PROBES = 20_000


@dataclass(frozen=True, repr=False)
class NullSample(OneLine):
    """One graph of the null model.

    Attributes
    ----------
    matrix
        Adjacency, shape (n, n); symmetric for undirected graphs.
    acceptance
        Share of swap proposals that are valid on it, in [0, 1], estimated on random pairs of edges:
        near 0 the chain hardly moves and the sample is no null.
    moved
        Share of edges that the original does not have.
    """

    matrix: csr_array
    acceptance: float
    moved: float


def rewired(
    matrix: csr_array,
    *,
    directed: bool,
    seed: int,
    trials_per_edge: float = TRIALS_PER_EDGE,
) -> NullSample:
    """Return a random simple graph with the degrees of `matrix`, by swapping ends of edges.

    A proposal takes two edges (a, b), (c, d) and makes (a, d), (c, b), unless that gives a loop or
    an edge that exists; ``10 m`` proposals by default. Directed graphs keep in- and out-degrees.
    Weights are dropped (all 1). Self-loops must have been removed.

    Raises
    ------
    UndefinedError
        The graph has fewer than two edges.
    UsageError
        `trials_per_edge` is not positive.
    """
    import igraph

    if trials_per_edge <= 0:
        raise UsageError("trials_per_edge must be > 0", value=trials_per_edge)
    n = matrix.shape[0]
    source, target = _edges(matrix, directed=directed)
    if len(source) < 2:
        raise UndefinedError("no null model: the graph has fewer than two edges")
    graph = igraph.Graph(
        n=n, edges=zip(source.tolist(), target.tolist(), strict=True), directed=directed
    )
    with igraph_seeded(spawn(seed, "rewire")):
        graph.rewire(n=int(trials_per_edge * len(source)))
    ends = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
    made = _matrix(ends[:, 0], ends[:, 1], n, directed=directed)
    original = csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    kept = float(made.multiply(original).sum()) / float(made.sum())
    return NullSample(made, _acceptance(ends, made, directed=directed, seed=seed), 1.0 - kept)


def shuffled_weights(matrix: csr_array, *, directed: bool, seed: int) -> csr_array:
    """Return the same edges with their weights permuted at random over the edges."""
    source, target = _edges(matrix, directed=directed)
    weight = np.asarray(matrix[source, target]).ravel()
    weight = generator(seed, "shuffle weights").permutation(weight)
    return _matrix(source, target, matrix.shape[0], directed=directed, weight=weight)


def dealt_weights(matrix: csr_array, acts: csr_array, *, directed: bool, seed: int) -> csr_array:
    """Return the edges of `matrix` with the weights of `acts` dealt out over them at random.

    Both have as many edges, as a graph and its rewired sample do. What each node gives and gets in
    weight is then not preserved, only its number of edges.
    """
    coo = acts.tocoo()
    weights = coo.data if directed else coo.data[coo.row < coo.col]
    target = matrix.tocoo()
    chosen = np.ones(target.nnz, bool) if directed else target.row < target.col
    dealt = csr_array((weights, (target.row[chosen], target.col[chosen])), shape=matrix.shape)
    if not directed:
        dealt = (dealt + dealt.T).tocsr()
    return shuffled_weights(dealt, directed=directed, seed=seed)


def _edges(matrix: csr_array, *, directed: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    coo = matrix.tocoo()
    keep = coo.row != coo.col if directed else coo.row < coo.col
    return coo.row[keep], coo.col[keep]


def _matrix(
    source: NDArray[Any],
    target: NDArray[Any],
    n: int,
    *,
    directed: bool,
    weight: NDArray[np.float64] | None = None,
) -> csr_array:
    values = np.ones(len(source)) if weight is None else weight
    if not directed:
        source, target = np.concatenate([source, target]), np.concatenate([target, source])
        values = np.concatenate([values, values])
    made = csr_array((values, (source, target)), shape=(n, n))
    made.sort_indices()
    return made


def _acceptance(ends: NDArray[Any], made: csr_array, *, directed: bool, seed: int) -> float:
    """Estimate the share of valid swaps on random pairs of edges."""
    rng = generator(seed, "acceptance")
    first, second = (ends[rng.integers(0, len(ends), _PROBES)] for _ in range(2))
    a, b, c, d = first[:, 0], first[:, 1], second[:, 0], second[:, 1]
    if not directed:
        turn = rng.random(_PROBES) < 0.5
        c, d = np.where(turn, d, c), np.where(turn, c, d)
    loops = (a == d) | (c == b)
    exists = (np.asarray(made[a, d]).ravel() != 0) | (np.asarray(made[c, b]).ravel() != 0)
    return float((~loops & ~exists).mean())
