"""Infomap: communities in which a random walker stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.detection import METHODS
from workbench.communities.runs import find, no_resolution
from workbench.rng import igraph_seeded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.graphs.symmetrised import Symmetrised
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["infomap"]

#: Attempts of one run; the shortest description is taken, as igraph does by default.
TRIALS = 10


def _infomap(
    prepared: Symmetrised, resolution: float | None, seed: int
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    """Return the labels and the length of their description."""
    no_resolution(resolution, "infomap")
    with igraph_seeded(seed):
        found = prepared.igraph.community_infomap(edge_weights="weight", trials=TRIALS)
    labels = np.asarray(found.membership, dtype=np.int32)
    return labels, {"trials": TRIALS, "codelength": float(found.codelength)}


@METHODS(
    reference="Rosvall & Bergstrom (2008) doi:10.1073/pnas.0706851105",
    stochastic=True,
    kernel=_infomap,
)
def infomap(
    graph: InteractionGraph,
    *,
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int | None = None,
) -> Partition:
    """Return the communities that describe a random walk in the fewest bits.

    Minimises the map equation L = q H(Q) + Σ_c p_c H(P_c): bits a step for naming the communities
    that the walker enters, and the accounts (and the exit) inside each. Two levels, igraph's
    implementation, the best of ten attempts.

    As everywhere in communities the graph is symmetrised by summing both directions: the walker
    follows an edge either way, and visits accounts in proportion to their weight. Weights count
    unless `weighted` is False; self-loops play no part; isolates are communities of one and add
    nothing to the length; a disconnected graph is described piece by piece.

    Parameters
    ----------
    resolution
        Infomap has none: 1, so that all methods can be called alike; another value is refused.
    seed
        None draws one; the result records it, and the same seed gives the same bytes.

    Returns
    -------
    Partition
        ``quality`` is the modularity of the symmetrised graph at resolution 1, so that methods can
        be compared; ``parameters["codelength"]`` is what was minimised, in bits a step.

    Raises
    ------
    UndefinedError
        The graph is empty, or no edge joins two different nodes.
    UsageError
        A resolution other than 1.

    References
    ----------
    .. [1] Rosvall & Bergstrom (2008) Maps of random walks on complex networks reveal community
       structure. PNAS 105, 1118–1123. doi:10.1073/pnas.0706851105
    """
    return find(graph, "infomap", _infomap, resolution=resolution, weighted=weighted, seed=seed)
