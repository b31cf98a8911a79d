"""Finding communities by modularity: Leiden, Louvain, and python-louvain as the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.runs import METHODS, find
from workbench.errors import UsageError
from workbench.graphs import splits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.graphs.symmetrised import Symmetrised
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = [
    "METHODS",
    "leiden",
    "louvain",
    "modularity",
    "python_louvain",
    "python_louvain_levels",
]


def _leiden(
    prepared: Symmetrised, resolution: float | None, seed: int
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    used = 1.0 if resolution is None else resolution
    labels = splits.igraph_labels(prepared, "leiden", resolution=used, seed=seed)
    return labels, {"resolution": used}


def _louvain(
    prepared: Symmetrised, resolution: float | None, seed: int
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    used = 1.0 if resolution is None else resolution
    labels = splits.igraph_labels(prepared, "louvain", resolution=used, seed=seed)
    return labels, {"resolution": used}


def _python_louvain(
    prepared: Symmetrised, resolution: float | None, seed: int
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    if resolution not in {None, 1.0}:
        raise UsageError(
            "python_louvain is right at resolution 1 only",
            value=resolution,
            allowed="1",
            remedy="use louvain, the same algorithm by igraph",
        )
    return python_louvain_levels(prepared, seed=seed)[-1], {"resolution": 1.0}


@METHODS(
    reference="Traag, Waltman & van Eck (2019) doi:10.1038/s41598-019-41695-z",
    stochastic=True,
    kernel=_leiden,
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
    return find(graph, "leiden", _leiden, resolution=resolution, weighted=weighted, seed=seed)


@METHODS(
    reference="Blondel et al. (2008) doi:10.1088/1742-5468/2008/10/P10008",
    stochastic=True,
    kernel=_louvain,
)
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
    return find(graph, "louvain", _louvain, resolution=resolution, weighted=weighted, seed=seed)


@METHODS(
    reference="Blondel et al. (2008) doi:10.1088/1742-5468/2008/10/P10008",
    stochastic=True,
    kernel=_python_louvain,
)
def python_louvain(
    graph: InteractionGraph,
    *,
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int | None = None,
) -> Partition:
    """Return the communities of the package python-louvain, the reference of the field.

    The same preparation as ``leiden``; tens of times slower. Resolution 1 only: version 0.16 moves
    accounts by γ, and stops by a quality in which the same number is 1 / γ, so that at 0.01 it
    gives more communities than at 1.

    Parameters
    ----------
    resolution
        1, so that all methods can be called alike; another value is refused.
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
        The resolution is not 1.

    References
    ----------
    .. [1] Blondel, Guillaume, Lambiotte & Lefebvre (2008) Fast unfolding of communities in large
       networks. J. Stat. Mech. P10008. doi:10.1088/1742-5468/2008/10/P10008
    """
    return find(
        graph,
        "python_louvain",
        _python_louvain,
        resolution=resolution,
        weighted=weighted,
        seed=seed,
    )


def python_louvain_levels(prepared: Symmetrised, *, seed: int) -> list[NDArray[np.int32]]:
    """Return python-louvain's labels at each level, finest first, each shape (n,), at γ = 1."""
    import networkx as nx
    from community import community_louvain  # python-louvain's module has this name

    other = nx.Graph()
    other.add_nodes_from(range(prepared.nodes))
    columns = (prepared.first, prepared.second, prepared.weight)
    other.add_weighted_edges_from(zip(*(column.tolist() for column in columns), strict=True))
    dendrogram = community_louvain.generate_dendrogram(other, random_state=seed)
    levels = []
    for level in range(len(dendrogram)):
        found = community_louvain.partition_at_level(dendrogram, level)
        levels.append(np.array([found[i] for i in range(prepared.nodes)], dtype=np.int32))
    return levels


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
