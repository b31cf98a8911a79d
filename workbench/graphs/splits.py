"""Finding a split: what communities and re-partitioned null models both need.

All methods look at the symmetrised graph: w(u,v) + w(v,u) when weighted, one edge a pair when not.
Self-loops are kept by ``modularity`` as the definitions want it, and play no part in the search.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import MissingDependencyError, UndefinedError, UsageError
from workbench.graphs.spectral import spectral_clusters, spectral_cut
from workbench.graphs.symmetrised import Symmetrised
from workbench.rng import igraph_seeded, spawn

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = [
    "METHODS",
    "check_resolution",
    "igraph_labels",
    "matrix_modularity",
    "merge",
    "modularity",
    "split",
    "split_matrix",
    "symmetric_matrix",
    "was_found",
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
    """Return one label a node, found by `method`, shape (n,).

    For leiden and louvain isolates are communities of one.

    Parameters
    ----------
    method
        ``leiden`` and ``louvain`` (igraph, modularity), ``spectral`` (the best cut along the
        regularised second eigenvector; for more than two sides k-means on as many) or ``metis``
        (balanced cut; always two sides). The last two put isolates on one of their sides.
    into
        Merge greedily, always the pair with the best modularity gain, until this many remain.
        Spectral makes this many sides, two by default; METIS cuts into two.
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
        return _cut(matrix, method, into=into, seed=seed)
    prepared = Symmetrised.from_matrix(matrix)
    labels = igraph_labels(prepared, method, resolution=resolution, seed=seed)
    if into is None:
        return labels
    return merge(matrix, labels, into=into)


def _cut(matrix: csr_array, method: str, *, into: int | None, seed: int) -> NDArray[np.int32]:
    """Return the sides by the methods that take a number of them, two when none is asked for."""
    if method == "metis":
        if into not in {None, 2}:
            raise UsageError("metis cuts into two", value=into, allowed="2")
        return _metis(matrix, seed)
    if into is not None and into < 2:
        raise UsageError("spectral cuts into two or more", value=into, allowed="2 or more")
    if into in {None, 2}:
        return spectral_cut(matrix, seed)
    return spectral_clusters(matrix, into, seed)


def check_resolution(resolution: float) -> None:
    """Raise ``UsageError`` unless the resolution of modularity is positive and finite."""
    if not 0 < resolution < float("inf"):
        raise UsageError("the resolution must be > 0 and finite", value=resolution)


def symmetric_matrix(graph: InteractionGraph, *, weighted: bool, loops: bool) -> csr_array:
    """Return A + Aᵀ, each 1 when not weighted; a self-loop of weight w stands there as 2w."""
    from scipy.sparse import csr_array, diags_array

    matrix = graph.to_scipy()
    both = (matrix + matrix.T).tocsr() if graph.directed else matrix.copy()
    if graph.directed is False and loops:
        both = both + diags_array(both.diagonal())
    if not loops:
        both = both - diags_array(both.diagonal())
    made = csr_array(both)
    made.eliminate_zeros()
    made.sort_indices()
    if not weighted:
        made.data[:] = 1.0
        if loops:
            made.setdiag(2.0 * (made.diagonal() > 0))
            made.eliminate_zeros()
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
    prepared = Symmetrised.of(graph, weighted=weighted)
    if not loops:
        prepared = replace(prepared, loops=np.zeros(prepared.nodes))
    return prepared.modularity(labels, resolution=resolution)


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


def igraph_labels(
    prepared: Symmetrised, method: str, *, resolution: float, seed: int
) -> NDArray[np.int32]:
    """Return the labels that igraph's ``leiden`` or ``louvain`` finds by modularity, shape (n,)."""
    graph = prepared.igraph
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
    _, labels = pymetis.part_graph(  # k-way, as definitions 2: for two parts it would bisect
        2, adjacency=adjacency, eweights=weights.tolist(), recursive=False, options=options
    )
    return np.asarray(labels, dtype=np.int32)


def was_found(partition: Partition) -> bool:
    """Return whether labels were found in a graph: who finds some records the weights."""
    recorded = set(partition.parameters)
    return partition.method in METHODS or not recorded.isdisjoint({"resolution", "weights"})
