"""Finding a split: what communities and re-partitioned null models both need.

All methods look at the symmetrised graph: w(u,v) + w(v,u) when weighted, one edge a pair when not.
Self-loops are kept by ``modularity`` as the definitions want it, and play no part in the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import MissingDependencyError, UndefinedError, UsageError
from workbench.rng import igraph_seeded, spawn

if TYPE_CHECKING:
    import igraph
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph

__all__ = [
    "METHODS",
    "check_resolution",
    "matrix_modularity",
    "merge",
    "modularity",
    "split",
    "split_matrix",
    "symmetric_matrix",
]

METHODS = ("leiden", "louvain", "spectral", "metis")
#: Imbalance METIS may leave, in thousandths; 400 as in the reference table.
METIS_IMBALANCE = 400


def split(
    graph: InteractionGraph,
    *,
    method: str = "leiden",
    into: int | None = None,
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int,
) -> NDArray[np.int32]:
    """Return one label a node, found by `method`, shape (n,); isolates are communities of one.

    Parameters
    ----------
    method
        ``leiden`` and ``louvain`` (igraph, modularity), ``spectral`` (the best cut along the
        regularised second eigenvector) or ``metis`` (balanced cut; always two sides).
    into
        Merge greedily, always the pair with the best modularity gain, until this many remain.
        Spectral and METIS cut into two, and accept no other number.
    resolution
        Of leiden and louvain.

    Raises
    ------
    UsageError
        The method does not exist, or does not make that many sides.
    UndefinedError
        The graph has no edge between different nodes, or falls into fewer parts than `into`.
    MissingDependencyError
        ``metis`` without pymetis.
    """
    matrix = symmetric_matrix(graph, weighted=weighted, loops=False)
    return split_matrix(matrix, method=method, into=into, resolution=resolution, seed=seed)


def split_matrix(
    matrix: csr_array,
    *,
    method: str,
    into: int | None = None,
    resolution: float = 1.0,
    seed: int,
) -> NDArray[np.int32]:
    """Return ``split`` of a symmetric matrix without diagonal, as null models have it."""
    if method not in METHODS:
        raise UsageError("no such split", value=method, allowed=", ".join(METHODS))
    check_resolution(resolution)
    if not matrix.nnz:
        raise UndefinedError(
            "there is nothing to split: no edge joins two different accounts",
            value=f"{matrix.shape[0]} nodes",
        )
    if method in {"spectral", "metis"}:
        if into not in {None, 2}:
            raise UsageError(f"{method} cuts into two", value=into, allowed="2")
        return _spectral(matrix, seed) if method == "spectral" else _metis(matrix, seed)
    labels = _igraph_labels(matrix, method, resolution, seed)
    if into is None:
        return labels
    return merge(matrix, labels, into=into)


def check_resolution(resolution: float) -> None:
    """Raise ``UsageError`` unless the resolution of modularity is positive and finite."""
    if not 0 < resolution < float("inf"):
        raise UsageError("the resolution must be > 0 and finite", value=resolution)


def symmetric_matrix(graph: InteractionGraph, *, weighted: bool, loops: bool) -> csr_array:
    """Return A + Aᵀ, binary when not weighted; a self-loop of weight w stands there as 2w."""
    from scipy.sparse import csr_array, diags_array

    matrix = graph.to_scipy()
    both = (matrix + matrix.T).tocsr() if graph.directed else matrix.copy()
    if graph.directed is False and loops:
        both = both + diags_array(both.diagonal())
    if not loops:
        both = both - diags_array(both.diagonal())
    made = csr_array(both)
    made.eliminate_zeros()
    if not weighted:
        made.data[:] = 1.0
    made.sort_indices()
    return made


def modularity(
    graph: InteractionGraph,
    labels: NDArray[Any],
    *,
    weighted: bool = True,
    resolution: float = 1.0,
    loops: bool = True,
) -> float:
    """Return the modularity of a labelling of the symmetrised graph.

    Q = Σ_c [ L_c / m − γ (d_c / 2m)² ], L_c the weight inside community c, d_c its total degree, m
    the total weight, a self-loop counting once in L and twice in d. Directed graphs are symmetrised
    by summing.

    Raises
    ------
    UndefinedError
        The graph has no weight.

    References
    ----------
    .. [1] Newman & Girvan (2004) Finding and evaluating community structure in networks.
       Physical Review E 69, 026113. doi:10.1103/PhysRevE.69.026113
    """
    matrix = symmetric_matrix(graph, weighted=weighted, loops=loops)
    return matrix_modularity(matrix, labels, resolution)


def matrix_modularity(matrix: csr_array, labels: NDArray[Any], resolution: float = 1.0) -> float:
    """Return ``modularity`` of a symmetric matrix."""
    total = float(matrix.data.sum())
    if not total:
        raise UndefinedError("modularity is undefined: the graph has no edges")
    groups = np.unique(labels, return_inverse=True)[1]
    degree = np.bincount(groups, weights=np.asarray(matrix.sum(axis=1)).ravel())
    rows = np.repeat(groups, np.diff(matrix.indptr))
    inside = float(matrix.data[rows == groups[matrix.indices]].sum())
    return inside / total - resolution * float(((degree / total) ** 2).sum())


def to_igraph(matrix: csr_array) -> igraph.Graph:
    """Return the undirected igraph graph of a symmetric matrix; weights are Python floats."""
    import igraph
    from scipy.sparse import triu

    upper = triu(matrix, k=0).tocoo()
    made = igraph.Graph(
        n=matrix.shape[0],
        edges=zip(upper.row.tolist(), upper.col.tolist(), strict=True),
        directed=False,
    )
    made.es["weight"] = upper.data.astype(float).tolist()
    return made


def _igraph_labels(
    matrix: csr_array, method: str, resolution: float, seed: int
) -> NDArray[np.int32]:
    graph = to_igraph(matrix)
    with igraph_seeded(seed):
        if method == "leiden":
            # igraph's default objective is CPM, and any spelling but this one silently means CPM.
            found = graph.community_leiden(
                objective_function="modularity",
                weights="weight",
                resolution=resolution,
                n_iterations=2,
            )
        else:
            found = graph.community_multilevel(weights="weight", resolution=resolution)
    return np.asarray(found.membership, dtype=np.int32)


def merge(matrix: csr_array, labels: NDArray[Any], *, into: int) -> NDArray[np.int32]:
    """Merge communities pairwise, best modularity gain first, until `into` remain.

    Joining c and d changes modularity by 2 [ e_cd − a_c a_d ], e_cd the share of weight between
    them (one direction), a the share of degree. Ties go to the pair with the smallest labels.

    Raises
    ------
    UndefinedError
        There are fewer communities than `into`.
    """
    groups = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    k = int(groups.max()) + 1
    if k < into:
        raise UndefinedError(
            "the graph falls into fewer communities than asked for",
            value=k,
            allowed=f"at least {into}",
            remedy="raise the resolution, or give the sides yourself (--sides)",
        )
    total = float(matrix.data.sum())
    between = np.zeros((k, k))
    rows = np.repeat(groups, np.diff(matrix.indptr))
    np.add.at(between, (rows, groups[matrix.indices]), matrix.data / total)
    share = between.sum(axis=1)
    alive = np.ones(k, dtype=bool)
    into_label = np.arange(k)
    gain = between - np.outer(share, share)
    gain[np.tril_indices(k)] = -np.inf
    for _ in range(k - into):
        c, d = np.unravel_index(int(np.argmax(gain)), gain.shape)
        between[c] += between[d]
        between[:, c] += between[:, d]
        share[c] += share[d]
        alive[d] = False
        into_label[into_label == d] = c
        gain[d, :] = gain[:, d] = -np.inf
        fresh = between[c] - share[c] * share
        gain[c, c + 1 :] = np.where(alive[c + 1 :], fresh[c + 1 :], -np.inf)
        gain[:c, c] = np.where(alive[:c], fresh[:c], -np.inf)
    return np.unique(into_label[groups], return_inverse=True)[1].astype(np.int32)


def _spectral(matrix: csr_array, seed: int) -> NDArray[np.int32]:
    """Cut along the second eigenvector of the regularised normalised adjacency.

    The regularisation adds the mean degree to every degree, so that hanging trees do not make the
    cut. The start vector comes from the seed, so the same seed gives the same bytes.
    """
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

    from workbench.errors import ConvergenceError
    from workbench.rng import generator

    n = matrix.shape[0]
    degree = np.asarray(matrix.sum(axis=1)).ravel()
    tau = float(degree.mean())
    scale = 1 / np.sqrt(degree + tau)
    scaled = diags_array(scale) @ matrix @ diags_array(scale)

    def times(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(scaled @ x + scale * (tau / n) * float(scale @ x))

    if n < 4:
        dense = np.column_stack([times(column) for column in np.eye(n)])
        vector = np.linalg.eigh((dense + dense.T) / 2)[1][:, -2]
    else:
        operator = LinearOperator((n, n), matvec=times, dtype=np.float64)
        start = generator(seed, "spectral").standard_normal(n)
        try:
            values, vectors = eigsh(operator, k=2, which="LA", v0=start, tol=1e-8)
        except ArpackNoConvergence as error:
            raise ConvergenceError(
                "the spectral split did not converge", remedy="use --split leiden"
            ) from error
        vector = vectors[:, int(np.argmin(values))]
    return _best_cut(matrix, vector * scale)


def _best_cut(matrix: csr_array, score: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the two sides of the threshold on `score` that has the highest modularity."""
    n = matrix.shape[0]
    order = np.argsort(score, kind="stable")
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    rows = np.repeat(place, np.diff(matrix.indptr))
    cols = place[matrix.indices]
    crossing = np.zeros(n + 1)
    np.add.at(crossing, np.minimum(rows, cols) + 1, matrix.data)
    np.add.at(crossing, np.maximum(rows, cols) + 1, -matrix.data)
    total = float(matrix.data.sum())
    cut = np.cumsum(crossing)[1:n] / total  # before position 1, 2, …, n − 1
    left = np.cumsum(np.asarray(matrix.sum(axis=1)).ravel()[order])[: n - 1] / total
    best = int(np.argmax(1 - cut - left**2 - (1 - left) ** 2)) + 1
    side = (place >= best).astype(np.int32)
    return side if side[0] == 0 else 1 - side


def _metis(matrix: csr_array, seed: int) -> NDArray[np.int32]:
    try:
        import pymetis
    except ImportError as error:
        raise MissingDependencyError(
            "METIS is not installed", remedy="pip install pymetis, or use --split leiden"
        ) from error
    options = pymetis.Options(ufactor=METIS_IMBALANCE, seed=spawn(seed, "metis") % 2**31)
    adjacency = pymetis.CSRAdjacency(matrix.indptr.tolist(), matrix.indices.tolist())
    weights = np.rint(matrix.data).astype(np.int64)
    if not np.array_equal(weights, matrix.data):
        raise UsageError("METIS needs whole weights", remedy="use weights=unweighted")
    _, labels = pymetis.part_graph(
        2, adjacency=adjacency, eweights=weights.tolist(), options=options
    )
    return np.asarray(labels, dtype=np.int32)
