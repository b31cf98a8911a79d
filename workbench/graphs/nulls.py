"""Null models: graphs that share a graph's degrees, and nothing else on purpose.

They preserve degrees exactly; they do not preserve weights, reciprocity, clustering or the times
of acts, so a result "more than the null" is *more than the degrees imply*. Graphs of accounts and
what they used stay such graphs: no edge of a sample joins two accounts or two things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from workbench.errors import InputError, UndefinedError, UsageError
from workbench.model.kinds import is_bipartite
from workbench.model.shown import OneLine
from workbench.rng import generator, igraph_seeded, spawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["NullSample", "check_parts", "dealt_weights", "rewired", "shuffled_weights"]

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


def check_parts(graph: InteractionGraph) -> None:
    """Raise unless graphs with the degrees of this one can be drawn.

    Raises
    ------
    UsageError
        It is one of accounts and what they used, and does not tell which node is which.
    """
    if is_bipartite(graph.kind) and graph.parts is None:
        raise UsageError(
            "a null model must keep accounts apart from what they used, and in this graph a node "
            "has edges both from it and to it",
            value=graph.kind,
            allowed="edges that lead from accounts to what they used",
            remedy="give what is used ids that no account has (hashtag:…), or ask for no null",
        )


def rewired(
    matrix: csr_array,
    *,
    directed: bool,
    seed: int,
    parts: NDArray[np.int8] | None = None,
    trials_per_edge: float = TRIALS_PER_EDGE,
) -> NullSample:
    """Return a random simple graph with the degrees of `matrix`, by swapping ends of edges.

    A proposal takes two edges (a, b), (c, d) and makes (a, d), (c, b), unless that gives a loop or
    an edge that exists; ``10 m`` proposals by default. Directed graphs keep in- and out-degrees.
    Weights are dropped (all 1). Self-loops must have been removed.

    Parameters
    ----------
    parts
        Of a bipartite graph 0 or 1 a node, shape (n,): edges then join the parts in the sample too,
        a and c being of one part. Where arcs lead both ways, each way is swapped among its own.

    Raises
    ------
    UndefinedError
        The graph has fewer than two edges.
    InputError
        An edge joins two nodes of one part.
    UsageError
        `trials_per_edge` is not positive.
    """
    if trials_per_edge <= 0:
        raise UsageError("trials_per_edge must be > 0", value=trials_per_edge)
    n = matrix.shape[0]
    source, target = _edges(matrix, directed=directed)
    if len(source) < 2:
        raise UndefinedError("no null model: the graph has fewer than two edges")
    ways = [np.ones(len(source), dtype=bool)]
    if parts is not None:
        if (parts[source] == parts[target]).any():
            raise InputError("an edge joins two nodes of one part of a bipartite graph")
        if not directed:
            turn = parts[source] == 1
            source, target = np.where(turn, target, source), np.where(turn, source, target)
        ways = [way for way in (parts[source] == 0, parts[source] == 1) if way.any()]
    arcs = directed or parts is not None
    swapped = [
        _swapped(source[way], target[way], n, directed=arcs, trials=trials_per_edge,
                 seed=spawn(seed, "rewire", *([place] if place else [])))
        for place, way in enumerate(ways)
    ]  # fmt: skip
    ends = np.concatenate(swapped)
    made = _matrix(ends[:, 0], ends[:, 1], n, directed=directed)
    original = csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    kept = float(made.multiply(original).sum()) / float(made.sum())
    acceptance = [_acceptance(some, made, directed=arcs, seed=seed) for some in swapped]
    share = float(np.average(acceptance, weights=[len(some) for some in swapped]))
    return NullSample(made, share, 1.0 - kept)


def _swapped(
    source: NDArray[Any],
    target: NDArray[Any],
    n: int,
    *,
    directed: bool,
    trials: float,
    seed: int,
) -> NDArray[np.int64]:
    """Return the ends of the edges after swaps, shape (m, 2)."""
    import igraph

    graph = igraph.Graph(
        n=n, edges=zip(source.tolist(), target.tolist(), strict=True), directed=directed
    )
    if len(source) > 1:
        with igraph_seeded(seed):
            graph.rewire(n=int(trials * len(source)))
    return np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)


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
