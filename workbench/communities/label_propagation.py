"""Label propagation: every account takes the label that most of its neighbours have."""

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

__all__ = ["label_propagation"]


def _label_propagation(
    prepared: Symmetrised, resolution: float | None, seed: int
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    no_resolution(resolution, "label_propagation")
    with igraph_seeded(seed):
        found = prepared.igraph.community_label_propagation(weights="weight")
    return np.asarray(found.membership, dtype=np.int32), {}


@METHODS(
    reference="Raghavan, Albert & Kumara (2007) doi:10.1103/PhysRevE.76.036106",
    stochastic=True,
    kernel=_label_propagation,
)
def label_propagation(
    graph: InteractionGraph,
    *,
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int | None = None,
) -> Partition:
    """Return the communities that are left when labels spread from neighbour to neighbour.

    All accounts begin with labels of their own; in random order each takes the label with the most
    weight among its neighbours, ties at random, until everyone has such a label. Nothing is
    maximised, and runs differ more than those of other methods: look at several
    (``consensus``, ``stability``).

    The graph is symmetrised by summing both directions; weights count unless `weighted` is False;
    self-loops play no part; isolates are communities of one. igraph's implementation.

    Parameters
    ----------
    resolution
        It has none: 1, so that all methods can be called alike; another value is refused.
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
        A resolution other than 1.

    References
    ----------
    .. [1] Raghavan, Albert & Kumara (2007) Near linear time algorithm to detect community
       structures in large-scale networks. Physical Review E 76, 036106.
       doi:10.1103/PhysRevE.76.036106
    """
    return find(
        graph,
        "label_propagation",
        _label_propagation,
        resolution=resolution,
        weighted=weighted,
        seed=seed,
    )
