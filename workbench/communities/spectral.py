"""Spectral communities: a given number of them, from the eigenvectors of the graph."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.detection import METHODS
from workbench.communities.runs import find, no_resolution
from workbench.errors import UsageError
from workbench.graphs.spectral import spectral_clusters, spectral_cut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.graphs.symmetrised import Symmetrised
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["spectral"]


def _spectral(
    prepared: Symmetrised, resolution: float | None, seed: int, *, into: int = 2
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    """Return the labels of the accounts with edges, and labels of their own for isolates."""
    no_resolution(resolution, "spectral")
    linked = np.zeros(prepared.nodes, dtype=bool)
    linked[prepared.first] = linked[prepared.second] = True
    matrix = prepared.matrix[linked][:, linked]
    labels = np.zeros(prepared.nodes, dtype=np.int32)
    labels[linked] = (
        spectral_cut(matrix, seed) if into == 2 else spectral_clusters(matrix, into, seed)
    )
    labels[~linked] = into + np.arange(int((~linked).sum()))
    return labels, {"into": into}


@METHODS(
    reference="von Luxburg (2007) doi:10.1007/s11222-007-9033-z",
    stochastic=True,
    kernel=_spectral,
)
def spectral(
    graph: InteractionGraph,
    *,
    into: int = 2,
    resolution: float = 1.0,
    weighted: bool = True,
    seed: int | None = None,
) -> Partition:
    """Return a given number of communities along the leading eigenvectors of the graph.

    Two are the cut of the highest modularity along the second eigenvector of the regularised
    normalised adjacency D_τ^−½ (A + τ J / n) D_τ^−½, D_τ the degrees plus their mean τ; more are
    clusters of the first `into` eigenvectors, rows scaled to length 1, by k-means (best of ten
    starts). These are the eigenvectors of the smallest values of the normalised Laplacian.

    The graph is symmetrised by summing both directions; weights count unless `weighted` is False;
    self-loops play no part. Isolates are communities of one, beside those asked for. Components are
    not kept apart: with more components than `into` some share a community.

    Parameters
    ----------
    into
        Communities of the accounts with an edge, ≥ 2.
    resolution
        It has none: 1, so that all methods can be called alike; another value is refused.
    seed
        For the start of the eigensolver and of k-means; None draws one; the result records it.

    Returns
    -------
    Partition
        ``quality`` is the modularity of the symmetrised graph at resolution 1.

    Raises
    ------
    UndefinedError
        The graph is empty, no edge joins two different nodes, or fewer accounts have an edge than
        communities are asked for.
    UsageError
        Fewer than two communities, or a resolution other than 1.
    ConvergenceError
        The eigenvectors were not found, or k-means left a community empty at every start.

    References
    ----------
    .. [1] von Luxburg (2007) A tutorial on spectral clustering. Statistics and Computing 17,
       395–416. doi:10.1007/s11222-007-9033-z
    .. [2] Amini, Chen, Bickel & Levina (2013) Pseudo-likelihood methods for community detection
       in large sparse networks. Annals of Statistics 41, 2097–2122. doi:10.1214/13-AOS1138
    """
    if into < 2:
        raise UsageError("spectral makes two communities or more", value=into, allowed=">= 2")
    return find(
        graph,
        "spectral",
        partial(_spectral, into=into),
        resolution=resolution,
        weighted=weighted,
        seed=seed,
    )
