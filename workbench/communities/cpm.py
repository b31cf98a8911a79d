"""Leiden by the constant Potts model: communities denser inside than a threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.detection import METHODS
from workbench.communities.runs import find
from workbench.rng import igraph_seeded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.graphs.symmetrised import Symmetrised
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["leiden_cpm"]


def _leiden_cpm(
    prepared: Symmetrised, resolution: float | None, seed: int
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    """Return the labels, the threshold that was used, and the quality at it."""
    if resolution is None:
        pairs = prepared.nodes * (prepared.nodes - 1) / 2
        resolution = float(prepared.weight.sum()) / pairs
    with igraph_seeded(seed):
        found = prepared.igraph.community_leiden(
            objective_function="CPM", weights="weight", resolution=resolution, n_iterations=2
        )
    labels = np.asarray(found.membership, dtype=np.int32)
    sizes = np.bincount(labels).astype(np.float64)
    inside = float(prepared.weight[prepared.together(labels)].sum())
    value = inside - resolution * float((sizes * (sizes - 1) / 2).sum())
    return labels, {"resolution": resolution, "cpm": value}


@METHODS(
    reference="Traag, Van Dooren & Nesterov (2011) doi:10.1103/PhysRevE.84.016114",
    stochastic=True,
    kernel=_leiden_cpm,
)
def leiden_cpm(
    graph: InteractionGraph,
    *,
    resolution: float | None = None,
    weighted: bool = True,
    seed: int | None = None,
) -> Partition:
    """Return the communities that Leiden finds by the constant Potts model.

    Maximises Σ_c [ L_c − γ n_c (n_c − 1) / 2 ], L_c the weight inside community c and n_c its
    accounts. γ is a density, in weight a pair: a community has more than γ inside, and two
    communities have less than γ between them. So it has no resolution limit, and unlike that of
    modularity it depends on the unit of the weights and on the size of the graph.

    The graph is symmetrised by summing both directions; weights count unless `weighted` is False;
    self-loops play no part in the search; isolates are communities of one. igraph's implementation,
    two iterations.

    Parameters
    ----------
    resolution
        γ, > 0 and finite: weight a pair of accounts. At 1 on an unweighted graph only cliques hold
        together. None takes the density of the graph, its weight over n (n − 1) / 2; it is
        recorded.
    seed
        None draws one; the result records it, and the same seed gives the same bytes.

    Returns
    -------
    Partition
        ``quality`` is the modularity of the symmetrised graph at resolution 1, so that methods can
        be compared; ``parameters["cpm"]`` is what was maximised, ``parameters["resolution"]`` is γ.

    Raises
    ------
    UndefinedError
        The graph is empty, or no edge joins two different nodes.
    UsageError
        The resolution is not positive and finite.

    References
    ----------
    .. [1] Traag, Van Dooren & Nesterov (2011) Narrow scope for resolution-limit-free community
       detection. Physical Review E 84, 016114. doi:10.1103/PhysRevE.84.016114
    .. [2] Traag, Waltman & van Eck (2019) From Louvain to Leiden: guaranteeing well-connected
       communities. Scientific Reports 9, 5233. doi:10.1038/s41598-019-41695-z
    """
    return find(
        graph, "leiden_cpm", _leiden_cpm, resolution=resolution, weighted=weighted, seed=seed
    )
