"""The graph an index is computed on: what was dropped, and why, is part of the result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from workbench.errors import UndefinedError, UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["COMMON_CHOICES", "Prepared", "prepare", "prepared_matrix"]

COMMON_CHOICES: dict[str, tuple[str, ...]] = {
    "direction": ("undirected", "directed"),
    "weights": ("unweighted", "weighted"),
    "component": ("largest", "all"),
}


@dataclass(frozen=True)
class Prepared:
    """A matrix without self-loops whose every node has a side.

    Attributes
    ----------
    matrix
        Adjacency, shape (n, n): symmetric when undirected, binary when unweighted. Node order is
        account order, which breaks ties.
    labels
        Side of each node, 0 … K−1, shape (n,).
    names
        Names of the sides; after dropping, a side may be empty.
    directed, weighted
        The choices behind the matrix.
    summary
        ``nodes edges weight share_of_weight dropped`` for the report.
    """

    matrix: csr_array
    labels: NDArray[np.int32]
    names: tuple[str, ...]
    directed: bool
    weighted: bool
    summary: dict[str, Any]

    @property
    def nodes(self) -> int:
        """Number of nodes n."""
        return int(self.matrix.shape[0])

    @property
    def edges(self) -> int:
        """Number of edges m; a pair counts once when undirected."""
        return int(self.matrix.nnz) // (1 if self.directed else 2)

    @property
    def k(self) -> int:
        """Number of sides."""
        return len(self.names)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Nodes on each side, shape (K,)."""
        return np.bincount(self.labels, minlength=self.k)

    def mixing(self) -> NDArray[np.float64]:
        """Return the weight from side to side, shape (K, K); undirected edges count both ways."""
        rows = np.repeat(self.labels, np.diff(self.matrix.indptr))
        cells = rows.astype(np.int64) * self.k + self.labels[self.matrix.indices]
        sums = np.bincount(cells, weights=self.matrix.data, minlength=self.k**2)
        return sums.reshape(self.k, self.k).astype(np.float64)

    def check_sides(self, *, exactly: int | None = None) -> None:
        """Raise ``UndefinedError`` unless there are enough sides and none is empty."""
        if self.k < 2:
            raise UndefinedError(
                "there is one side only", value=self.k, allowed="two or more sides"
            )
        if exactly is not None and self.k != exactly:
            raise UndefinedError(
                f"this measure is defined for {exactly} sides",
                value=self.k,
                remedy="merge sides (--into 2)",
            )
        empty = [self.names[i] for i in np.flatnonzero(self.sizes == 0)]
        if empty:
            raise UndefinedError("a side has no account left in the graph", value=", ".join(empty))

    def with_matrix(self, matrix: csr_array, labels: NDArray[np.int32]) -> Prepared:
        """Return the same choices over another matrix and labels, as null samples have them."""
        return replace(self, matrix=matrix, labels=labels)


def prepare(
    graph: InteractionGraph,
    sides: Partition,
    *,
    direction: str = "undirected",
    weights: str = "unweighted",
    component: str = "largest",
) -> Prepared:
    """Return what the indices are computed on (definitions 2).

    Self-loops are dropped, then accounts without a side, then everything outside the largest
    weakly connected component of what is left (unless ``component="all"``). Undirected: both
    directions of a pair are one edge of weight w(u,v) + w(v,u), or of 1 when unweighted.

    Raises
    ------
    UsageError
        A choice has a value that is not allowed.
    InputError
        The sides belong to another graph.
    UndefinedError
        Nothing is left.
    """
    check_choices({"direction": direction, "weights": weights, "component": component})
    sides.check(graph)
    sided = sides.labels >= 0
    kept = graph.without_self_loops().subgraph(sided)
    labels = sides.labels[sided]
    outside = 0
    if component == "largest" and kept.nodes:
        inside = kept.components() == 0
        outside = int((~inside).sum())
        kept, labels = kept.subgraph(inside), labels[inside]
    if not kept.arcs_stored:
        raise UndefinedError(
            "no edge between accounts that have a side",
            value=f"{graph.edges} edges, {int(sided.sum())} of {graph.nodes} accounts with a side",
        )
    directed = direction == "directed" and graph.directed
    matrix = prepared_matrix(kept, directed=directed, weighted=weights == "weighted")
    total = graph.total_weight
    summary = {
        "nodes": kept.nodes,
        "edges": int(matrix.nnz) // (1 if directed else 2),
        "weight": kept.total_weight,
        "share_of_weight": kept.total_weight / total,
        "dropped": {
            "self_loops": graph.self_loops,
            "unsided": int((~sided).sum()),
            "outside_component": outside,
        },
    }
    return Prepared(matrix, labels, sides.names, directed, weights == "weighted", summary)


def prepared_matrix(graph: InteractionGraph, *, directed: bool, weighted: bool) -> csr_array:
    """Return the adjacency of a graph without self-loops under the choices."""
    made = graph if directed else graph.symmetrised()
    matrix = csr_array(made.to_scipy(), copy=True)
    if not weighted:
        matrix.data = np.ones(len(matrix.data))
    return matrix


def largest_part(matrix: csr_array) -> NDArray[np.bool_]:
    """Return the mask of the largest weakly connected component (the first one on a tie)."""
    _, labels = connected_components(matrix, directed=True, connection="weak")
    sizes = np.bincount(labels)
    return np.asarray(labels == int(np.argmax(sizes)))


def check_choices(chosen: dict[str, str]) -> None:
    """Raise ``UsageError`` when a common choice has a value that is not allowed."""
    for name, value in chosen.items():
        if value not in COMMON_CHOICES[name]:
            raise UsageError(
                f"{name} has a value that is not allowed",
                value=value,
                allowed=", ".join(COMMON_CHOICES[name]),
            )
