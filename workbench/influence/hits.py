"""Hubs and authorities (HITS)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import NotUniqueWarning, UndefinedError
from workbench.influence.registry import MEASURES, check
from workbench.influence.spectra import TIED, block_bounds, gram_block_vector
from workbench.model.scores import NodeScores

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph

__all__ = ["authority", "hub"]

#: Relative gap of the bounds below which a block needs no solver.
_SETTLED = 1e-12


@MEASURES(
    reference="Kleinberg (1999) doi:10.1145/324133.324140", bounds=(0.0, 1.0), ranks="amplified"
)
def authority(graph: InteractionGraph) -> NodeScores:
    """Return how far each account is amplified by accounts that amplify many authorities.

    The eigenvector of AᵀA to its largest eigenvalue, A the weighted adjacency (amplifier →
    author) without self-loops, scaled to Euclidean length 1. AᵀA falls into blocks (accounts
    joined by common amplifiers, and by theirs); only the block with the largest eigenvalue has
    scores above 0, usually the largest. Where several blocks tie (relative difference ≤ 1e-9) the
    graph does not settle the scores: the limit from equal starting values is returned, with a
    ``NotUniqueWarning``. ``parameters`` says how many ``dominant_components`` there are, and how
    many accounts have a score (``scored``).

    Returns
    -------
    NodeScores
        In [0, 1], squares sum to 1.

    Raises
    ------
    UndefinedError
        The graph is empty, or nobody acts upon anybody else.
    ConvergenceError
        The Lanczos iteration did not reach machine precision.

    References
    ----------
    .. [1] Kleinberg (1999) Authoritative sources in a hyperlinked environment. Journal of the ACM
       46(5), 604–632. doi:10.1145/324133.324140
    """
    check(graph, "authority")
    found = _hits(graph, "authority")
    return NodeScores.from_values(
        graph, found.authority, name="authority", parameters=found.told(found.authority)
    )


@MEASURES(
    reference="Kleinberg (1999) doi:10.1145/324133.324140", bounds=(0.0, 1.0), ranks="amplifiers"
)
def hub(graph: InteractionGraph) -> NodeScores:
    """Return how far each account amplifies those whom many hubs amplify.

    A·authority, scaled to Euclidean length 1: the eigenvector of AAᵀ to its largest eigenvalue,
    with the weighted A of ``authority``, and its rules for self-loops, components and ties.

    Returns
    -------
    NodeScores
        In [0, 1], squares sum to 1.

    Raises
    ------
    UndefinedError
        The graph is empty, or nobody acts upon anybody else.
    ConvergenceError
        The Lanczos iteration did not reach machine precision.

    References
    ----------
    .. [1] Kleinberg (1999) Authoritative sources in a hyperlinked environment. Journal of the ACM
       46(5), 604–632. doi:10.1145/324133.324140
    """
    check(graph, "hub")
    found = _hits(graph, "hub")
    return NodeScores.from_values(graph, found.hub, name="hub", parameters=found.told(found.hub))


@dataclass(frozen=True, eq=False)
class _Hits:
    authority: NDArray[np.float64]
    hub: NDArray[np.float64]
    components: int

    def told(self, scores: NDArray[np.float64]) -> dict[str, int]:
        return {"dominant_components": self.components, "scored": int((scores > 0).sum())}


def _hits(graph: InteractionGraph, name: str) -> _Hits:
    proper = graph.without_self_loops()
    if not proper.arcs_stored:
        raise UndefinedError(
            f"{name} is undefined: nobody acts upon anybody else",
            value=f"{graph.self_loops} self-loops",
            remedy="choose a graph with edges between accounts",
        )
    matrix = proper.to_scipy()
    block, blocks = _blocks(matrix)
    turned = matrix.T.tocsr()
    low, high, vector = block_bounds(lambda x: turned @ (matrix @ x), block, blocks)
    near = high >= low.max() * (1 - TIED)
    value = np.where(near, high, 0.0)
    for each in np.flatnonzero(near & (high - low > _SETTLED * high)):
        columns = np.flatnonzero(block == each)
        part = matrix[:, columns]
        value[each], vector[columns] = gram_block_vector(part[np.diff(part.indptr) > 0])
    tied = value >= value.max() * (1 - TIED)
    vector /= np.sqrt(np.bincount(block, weights=vector**2))[block]
    authority = np.where(tied[block], vector * np.bincount(block, weights=vector)[block], 0.0)
    authority /= np.linalg.norm(authority)
    hub = matrix @ authority
    ties = int(tied.sum())
    if ties > 1:
        warnings.warn(
            f"{name} is not unique: {ties} components tie", NotUniqueWarning, stacklevel=3
        )
    return _Hits(authority, hub / np.linalg.norm(hub), ties)


def _blocks(matrix: csr_array) -> tuple[NDArray[np.int32], int]:
    """Return the block of AᵀA of each account, shape (n,): joined by chains of common amplifiers.

    They are the components of the bipartite graph that has every account once as amplifier and
    once as amplified.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = matrix.shape[0]
    amplifier = np.repeat(np.arange(n, dtype=np.int32), np.diff(matrix.indptr))
    twice = coo_array((matrix.data, (amplifier, matrix.indices + n)), shape=(2 * n, 2 * n))
    _, component = connected_components(twice.tocsr(), directed=False)
    names, block = np.unique(component[n:], return_inverse=True)
    return block.astype(np.int32), len(names)
