"""Finding communities: Leiden and Louvain by igraph, and python-louvain as the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError
from workbench.graphs import splits
from workbench.model.partition import Partition
from workbench.model.registry import Registry
from workbench.rng import resolve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["METHODS", "leiden", "louvain", "modularity", "python_louvain"]

METHODS = Registry()


@METHODS(
    reference="Traag, Waltman & van Eck (2019) doi:10.1038/s41598-019-41695-z", stochastic=True
)
def leiden(
    graph: InteractionGraph,
    *,
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int | None = None,
) -> Partition:
    """Return the communities that Leiden finds by modularity.

    The graph is symmetrised by summing both directions; weights count unless `weighted` is False;
    self-loops play no part in the search and stay in the quality; nodes without an edge to another
    node are communities of one. igraph's implementation, two iterations.

    Parameters
    ----------
    resolution
        γ of the modularity, > 0 and finite; higher gives more and smaller communities.
    seed
        None draws one; the result records it, and the same seed gives the same bytes.

    Returns
    -------
    Partition
        ``quality`` is the modularity of the symmetrised graph at resolution 1.

    Raises
    ------
    UndefinedError
        The graph is empty, or no edge joins two different nodes.
    UsageError
        The resolution is not positive and finite.

    References
    ----------
    .. [1] Traag, Waltman & van Eck (2019) From Louvain to Leiden: guaranteeing well-connected
       communities. Scientific Reports 9, 5233. doi:10.1038/s41598-019-41695-z
    """
    return _by_igraph(graph, "leiden", resolution=resolution, weighted=weighted, seed=seed)


@METHODS(reference="Blondel et al. (2008) doi:10.1088/1742-5468/2008/10/P10008", stochastic=True)
def louvain(
    graph: InteractionGraph,
    *,
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int | None = None,
) -> Partition:
    """Return the communities that Louvain finds by modularity.

    As ``leiden``, by igraph's multilevel algorithm; communities may be badly connected inside.

    Parameters
    ----------
    resolution
        γ of the modularity, > 0.
    seed
        None draws one; the result records it.

    Returns
    -------
    Partition
        ``quality`` is the modularity of the symmetrised graph at resolution 1.

    Raises
    ------
    UndefinedError
        The graph is empty, or no edge joins two different nodes.
    UsageError
        The resolution is not positive and finite.

    References
    ----------
    .. [1] Blondel, Guillaume, Lambiotte & Lefebvre (2008) Fast unfolding of communities in large
       networks. J. Stat. Mech. P10008. doi:10.1088/1742-5468/2008/10/P10008
    """
    return _by_igraph(graph, "louvain", resolution=resolution, weighted=weighted, seed=seed)


@METHODS(reference="Blondel et al. (2008) doi:10.1088/1742-5468/2008/10/P10008", stochastic=True)
def python_louvain(
    graph: InteractionGraph,
    *,
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int | None = None,
) -> Partition:
    """Return the communities of the package python-louvain, the reference of the field.

    The same preparation as ``leiden``; about forty times slower. Its ``resolution`` is a time
    scale, the inverse of γ, and is converted here.

    Parameters
    ----------
    resolution
        γ of the modularity, > 0.
    seed
        None draws one; the result records it.

    Returns
    -------
    Partition
        ``quality`` is the modularity of the symmetrised graph at resolution 1.

    Raises
    ------
    UndefinedError
        The graph is empty, or no edge joins two different nodes.
    UsageError
        The resolution is not positive and finite.

    References
    ----------
    .. [1] Blondel, Guillaume, Lambiotte & Lefebvre (2008) Fast unfolding of communities in large
       networks. J. Stat. Mech. P10008. doi:10.1088/1742-5468/2008/10/P10008
    """
    import networkx as nx
    from community import community_louvain  # python-louvain's module has this name

    splits.check_resolution(resolution)
    used = resolve(seed)
    matrix = splits.symmetric_matrix(graph, weighted=weighted, loops=False)
    if not matrix.nnz:
        raise _nothing(graph)
    other = nx.Graph()
    other.add_nodes_from(range(graph.nodes))
    coo = matrix.tocoo()
    upper = coo.row < coo.col
    other.add_weighted_edges_from(
        zip(coo.row[upper].tolist(), coo.col[upper].tolist(), coo.data[upper].tolist(), strict=True)
    )
    found = community_louvain.best_partition(other, resolution=1 / resolution, random_state=used)
    labels = np.array([found[i] for i in range(graph.nodes)], dtype=np.int32)
    return _partition(
        graph, labels, "python_louvain", resolution=resolution, weighted=weighted, seed=used
    )


def modularity(
    graph: InteractionGraph, partition: Partition, *, weighted: bool = True, resolution: float = 1.0
) -> float:
    """Return how much more weight lies inside communities than degrees alone would put there.

    Q = Σ_c [ L_c / m − γ (d_c / 2m)² ] on the graph symmetrised by summing, self-loops kept
    (counted once in L_c, twice in d_c). Nodes without a community are left out with their edges.

    Returns
    -------
    float
        In [−0.5, 1) at γ = 1.

    Raises
    ------
    UndefinedError
        The graph has no edges.
    InputError
        The partition belongs to another graph.

    References
    ----------
    .. [1] Newman & Girvan (2004) Finding and evaluating community structure in networks.
       Physical Review E 69, 026113. doi:10.1103/PhysRevE.69.026113
    """
    partition.check(graph)
    labels = partition.labels
    if (labels < 0).any():
        graph, labels = graph.subgraph(labels >= 0), labels[labels >= 0]
    return splits.modularity(graph, labels, weighted=weighted, resolution=resolution)


def _by_igraph(
    graph: InteractionGraph, method: str, *, resolution: float, weighted: bool, seed: int | None
) -> Partition:
    used = resolve(seed)
    if not graph.nodes:
        raise _nothing(graph)
    labels = splits.split(graph, method=method, resolution=resolution, weighted=weighted, seed=used)
    return _partition(graph, labels, method, resolution=resolution, weighted=weighted, seed=used)


def _partition(
    graph: InteractionGraph,
    labels: NDArray[np.int32],
    method: str,
    *,
    resolution: float,
    weighted: bool,
    seed: int,
) -> Partition:
    return Partition.from_labels(
        graph,
        labels,
        method=method,
        parameters={"resolution": resolution, "weights": "weighted" if weighted else "unweighted"},
        seed=seed,
        quality=splits.modularity(graph, labels, weighted=weighted),
    )


def _nothing(graph: InteractionGraph) -> UndefinedError:
    return UndefinedError(
        "no communities: no edge joins two different accounts", value=f"{graph.nodes} nodes"
    )
