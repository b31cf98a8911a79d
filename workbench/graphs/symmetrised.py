"""The graph that communities are looked for in: directions summed, prepared once for many runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from workbench.errors import UndefinedError
from workbench.model.csr import compress

if TYPE_CHECKING:
    import igraph
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph

__all__ = ["Symmetrised"]


@dataclass(frozen=True, eq=False)
class Symmetrised:
    """An undirected graph as pairs of accounts, w(u,v) + w(v,u) each, with its self-loops apart.

    What runs of a method share, igraph's graph among it, is made once and kept.

    Attributes
    ----------
    nodes
        Number of accounts, isolates among them.
    first, second
        The two ends of each edge as positions in account order, first < second, int32, shape
        (edges,); sorted by `first`, then by `second`.
    weight
        Acts of each pair, float64, > 0, shape (edges,); 1 in an unweighted graph.
    loops
        Acts of each account upon itself, float64, shape (n,); 0 where there are none.
    """

    nodes: int
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    weight: NDArray[np.float64]
    loops: NDArray[np.float64]

    @classmethod
    def of(cls, graph: InteractionGraph, *, weighted: bool = True) -> Self:
        """Return a graph with both directions summed; not weighted, a pair counts once as 1."""
        source, target, weight = graph.arcs()
        loop = source == target
        loops = np.bincount(source[loop], weights=weight[loop], minlength=graph.nodes)
        keep = ~loop if graph.directed else source < target
        low = np.minimum(source[keep], target[keep])
        high = np.maximum(source[keep], target[keep])
        indptr, second, summed = compress(low, high, weight[keep], n=graph.nodes)
        if not weighted:
            summed, loops = np.ones(len(second)), (loops > 0).astype(np.float64)
        first = np.repeat(np.arange(graph.nodes, dtype=np.int32), np.diff(indptr))
        return cls(graph.nodes, first, second, summed, loops.astype(np.float64))

    @classmethod
    def from_matrix(cls, matrix: csr_array) -> Self:
        """Return the graph of a symmetric matrix, on whose diagonal a loop of weight w is 2w."""
        from scipy.sparse import triu

        upper = triu(matrix, k=1).tocoo()
        ends = (upper.row.astype(np.int32), upper.col.astype(np.int32))
        loops = np.asarray(matrix.diagonal(), dtype=np.float64) / 2
        return cls(matrix.shape[0], *ends, upper.data.astype(np.float64), loops)

    @property
    def edges(self) -> int:
        """Number of pairs of different accounts that an edge joins."""
        return len(self.first)

    @cached_property
    def igraph(self) -> igraph.Graph:
        """The undirected igraph graph without self-loops; weights are Python floats."""
        import igraph

        made = igraph.Graph(
            n=self.nodes,
            edges=zip(self.first.tolist(), self.second.tolist(), strict=True),
            directed=False,
        )
        made.es["weight"] = self.weight.tolist()
        return made

    @cached_property
    def matrix(self) -> csr_array:
        """The symmetric matrix without diagonal, shape (n, n)."""
        from scipy.sparse import csr_array

        ends = (
            np.concatenate([self.first, self.second]),
            np.concatenate([self.second, self.first]),
        )
        values = np.concatenate([self.weight, self.weight])
        made = csr_array((values, ends), shape=(self.nodes, self.nodes))
        made.sort_indices()
        return made

    @cached_property
    def degree(self) -> NDArray[np.float64]:
        """Weight at each account, a self-loop counting twice, shape (n,)."""
        ends = [np.bincount(e, self.weight, self.nodes) for e in (self.first, self.second)]
        return np.asarray(ends[0] + ends[1] + 2 * self.loops, dtype=np.float64)

    def together(self, labels: NDArray[Any]) -> NDArray[np.bool_]:
        """Return for each edge whether a labelling gives both ends one label, shape (edges,)."""
        return np.asarray(labels[self.first] == labels[self.second], dtype=bool)

    def modularity(self, labels: NDArray[Any], *, resolution: float = 1.0) -> float:
        """Return the modularity of a labelling, self-loops kept.

        Q = Σ_c [ L_c / m − γ (d_c / 2m)² ], L_c the weight inside community c, d_c its total
        degree, m the total weight, a self-loop counting once in L and twice in d.

        Parameters
        ----------
        labels
            One integer a node, shape (n,).

        Raises
        ------
        UndefinedError
            The graph has no weight.

        References
        ----------
        .. [1] Newman & Girvan (2004) Finding and evaluating community structure in networks.
           Physical Review E 69, 026113. doi:10.1103/PhysRevE.69.026113
        """
        total = float(self.weight.sum() + self.loops.sum())
        if not total:
            raise UndefinedError("modularity is undefined: the graph has no edges")
        groups = np.unique(labels, return_inverse=True)[1]
        share = np.bincount(groups, weights=self.degree) / (2 * total)
        inside = float(self.weight[self.together(groups)].sum() + self.loops.sum())
        return inside / total - resolution * float((share**2).sum())
