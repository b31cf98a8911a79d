"""The graph an index is computed on: what was dropped, and why, is part of the result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from workbench.errors import UndefinedError, UsageError
from workbench.graphs.mixing import mixed
from workbench.polarisation.ordering import by_degree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["COMMON_CHOICES", "Prepared", "binary", "is_directed", "prepare", "prepared_matrix"]

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
        Names of the sides that have an account in the matrix; with fewer than two of them, of all
        sides, so that ``check_sides`` says which one is empty.
    given
        Names of all sides that were given or found, in their order.
    directed, weighted
        The choices behind the matrix.
    summary
        ``kind nodes edges weight share_of_weight share_of_accounts dropped dropped_weight`` for
        the report; weights are of acts, undirected or not.
    places
        Position of each node among the nodes of the graph, ascending, shape (n,).
    acts
        The matrix with the weight of every edge, whatever the indices look at: a split may.
    connected
        Whether every node is known to be (weakly) connected with every other one.
    outside
        Accounts of each of the sides ``given`` that are outside the component to which the graph
        was cut; empty for a null sample or a replicate.
    graph_parts
        The ``parts`` of the graph, where it is bipartite: 0 or 1 for each of its nodes.
    solved
        Solutions that several indices of this matrix share, by what was asked.
    """

    matrix: csr_array
    labels: NDArray[np.int32]
    names: tuple[str, ...]
    given: tuple[str, ...]
    directed: bool
    weighted: bool
    summary: dict[str, Any]
    places: NDArray[np.int64]
    acts: csr_array
    connected: bool = False
    outside: dict[str, int] = field(default_factory=dict)
    graph_parts: NDArray[np.int8] | None = None
    solved: dict[Any, NDArray[np.float64]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def nodes(self) -> int:
        """Number of nodes n."""
        return int(self.matrix.shape[0])

    @property
    def edges(self) -> int:
        """Number of edges m; a pair counts once when undirected."""
        return int(self.matrix.nnz) // (1 if self.directed else 2)

    @property
    def parts(self) -> NDArray[np.int8] | None:
        """Of a bipartite graph 0 (account) or 1 (object) a node, shape (n,); else None."""
        return None if self.graph_parts is None else self.graph_parts[self.places]

    @property
    def k(self) -> int:
        """Number of sides."""
        return len(self.names)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Nodes on each side, shape (K,)."""
        return np.bincount(self.labels, minlength=self.k)

    @property
    def held(self) -> tuple[str, ...]:
        """Names of the sides that have an account in the matrix."""
        return tuple(self.names[i] for i in np.flatnonzero(self.sizes))

    @property
    def size(self) -> dict[str, Any]:
        """What enters: ``nodes edges share_of_weight``, and accounts of the ``smallest_side``."""
        told = {name: self.summary[name] for name in ("nodes", "edges", "share_of_weight")}
        return {**told, "smallest_side": int(self.sizes[self.sizes > 0].min())}

    @property
    def sides_dropped(self) -> list[str]:
        """Names of the sides no account of which is left."""
        held = set(self.held)
        return [name for name in self.given if name not in held]

    @property
    def lost(self) -> list[tuple[str, int, int]]:
        """Sides of which the larger part is outside the component, most accounts first.

        Name, accounts outside, and accounts with a side in the graph, of each.
        """
        inside = dict(zip(self.names, self.sizes.tolist(), strict=True))
        told = [(name, n, n + inside.get(name, 0)) for name, n in self.outside.items()]
        return sorted((row for row in told if 2 * row[1] > row[2]), key=lambda row: -row[1])

    @property
    def facts(self) -> dict[str, int]:
        """What a value on this matrix must say about its sides: ``sides_dropped``, if any."""
        dropped = len(self.sides_dropped)
        return {"sides_dropped": dropped} if dropped else {}

    @cached_property
    def by_degree(self) -> tuple[NDArray[np.intp], csr_array]:
        """The nodes by degree and the matrix in that order, made once for all walks on it."""
        return by_degree(self.matrix)

    def of_sides(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return of a table between all sides the rows and columns of those that are left."""
        kept = [self.given.index(name) for name in self.names]
        return table[np.ix_(kept, kept)]

    def mixing(self) -> NDArray[np.float64]:
        """Return the weight from side to side, shape (K, K); undirected edges count both ways."""
        return mixed(self.matrix, self.labels, self.k)

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

    def with_matrix(
        self,
        matrix: csr_array,
        labels: NDArray[np.int32],
        places: NDArray[np.int64],
        *,
        connected: bool = False,
    ) -> Prepared:
        """Return the same choices over another matrix, as null samples and replicates have it.

        A side may be without an account there: what is undefined then has no value, as an index
        over fewer sides is another one.
        """
        return replace(
            self, matrix=matrix, labels=labels, places=places, acts=matrix, connected=connected,
            outside={}, solved={},
        )  # fmt: skip

    def with_sides(
        self,
        matrix: csr_array,
        labels: NDArray[np.int32],
        places: NDArray[np.int64],
        *,
        connected: bool = False,
    ) -> Prepared:
        """Return ``with_matrix`` for sides found anew, of which there may be more or fewer."""
        sides = int(labels.max()) + 1
        names = self.names if sides == self.k else tuple(map(str, range(sides)))
        held = replace(self, names=names, given=names)
        return held.with_matrix(matrix, labels, places, connected=connected)

    def among(self, keep: NDArray[np.bool_]) -> Prepared:
        """Return the part of the graph between the nodes of a mask, shape (n,)."""
        chosen = np.flatnonzero(keep)
        matrix = csr_array(self.matrix[chosen][:, chosen])
        return self.with_matrix(matrix, self.labels[chosen], self.places[chosen])


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
    weakly connected component of what is left (unless ``component="all"``), and with them the
    sides that have no account in it, where two or more have. Undirected: both directions of a pair
    are one edge of weight w(u,v) + w(v,u), or of 1 when unweighted.

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
    places = np.flatnonzero(sided)
    sided_weight = kept.total_weight
    before = np.bincount(labels, minlength=len(sides.names))
    if component == "largest" and kept.nodes:
        inside = kept.components() == 0
        kept, labels, places = kept.subgraph(inside), labels[inside], places[inside]
    if not kept.arcs_stored:
        raise UndefinedError(
            "no edge between accounts that have a side",
            value=f"{graph.edges} edges, {int(sided.sum())} of {graph.nodes} accounts with a side",
        )
    outside = before - np.bincount(labels, minlength=len(sides.names))
    directed = is_directed(graph, direction)
    acts = prepared_matrix(kept, directed=directed, weighted=True)
    matrix = acts if weights == "weighted" else binary(acts)
    total = graph.total_weight
    summary: dict[str, Any] = {
        "kind": graph.kind,
        "nodes": kept.nodes,
        "edges": int(matrix.nnz) // (1 if directed else 2),
        "weight": kept.total_weight,
        "share_of_weight": kept.total_weight / total,
        "share_of_accounts": kept.nodes / graph.nodes,
        "dropped": {
            "self_loops": graph.self_loops,
            "unsided": int((~sided).sum()),
            "outside_component": int(outside.sum()),
        },
        "dropped_weight": {
            "self_loops": graph.self_loop_weight,
            "unsided": total - graph.self_loop_weight - sided_weight,
            "outside_component": sided_weight - kept.total_weight,
        },
    }
    weighted = weights == "weighted"
    labels, names = _with_accounts(labels, sides.names)
    given = tuple(sides.parameters.get("given", sides.names))
    return Prepared(
        matrix, labels, names, given, directed, weighted, summary, places, acts,
        connected=component == "largest", graph_parts=graph.parts,
        outside=dict(zip(sides.names, outside.tolist(), strict=True)),
    )  # fmt: skip


def before_cut(
    graph: InteractionGraph, sides: Partition, prepared: Prepared, *, again: bool
) -> Prepared:
    """Return the graph that a prepared one was cut out of, for null samples to be drawn from.

    A sample of the largest component alone falls apart, and once more cut to its largest component
    it is smaller than what it stands beside; a sample of the whole graph is cut as the graph was.

    Parameters
    ----------
    again
        Whether sides are found again in each sample: accounts without a side then belong to the
        graph too. Sides that are kept leave out accounts of none, or of a side that was dropped.
    """
    place = {name: i for i, name in enumerate(prepared.names)}
    known = np.array([place.get(name, -1) for name in sides.names] + [-1], dtype=np.int32)
    labels = np.zeros(graph.nodes, dtype=np.int32) if again else known[sides.labels]
    inside = labels >= 0
    kept = graph.without_self_loops().subgraph(inside)
    acts = prepared_matrix(kept, directed=prepared.directed, weighted=True)
    matrix = acts if prepared.weighted else binary(acts)
    basis = prepared.with_matrix(matrix, labels[inside], np.flatnonzero(inside))
    return replace(basis, acts=acts)


def _with_accounts(
    labels: NDArray[np.int32], names: tuple[str, ...]
) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """Return labels and names of the sides that have an account, where two or more have one."""
    held = np.bincount(labels, minlength=len(names)) > 0
    if held.all() or held.sum() < 2:
        return labels, names
    place = np.cumsum(held, dtype=np.int32) - 1
    return place[labels], tuple(
        name for name, any_left in zip(names, held, strict=True) if any_left
    )


def prepared_matrix(graph: InteractionGraph, *, directed: bool, weighted: bool) -> csr_array:
    """Return the adjacency of a graph without self-loops under the choices."""
    made = graph if directed else graph.symmetrised()
    matrix = csr_array(made.to_scipy(), copy=True)
    return matrix if weighted else binary(matrix)


def binary(matrix: csr_array) -> csr_array:
    """Return the same edges with weight 1; the places of the edges are shared, not copied."""
    return csr_array((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)


def largest_part(matrix: csr_array) -> NDArray[np.bool_]:
    """Return the mask of the largest weakly connected component (the first one on a tie)."""
    _, labels = connected_components(matrix, directed=True, connection="weak")
    sizes = np.bincount(labels)
    return np.asarray(labels == int(np.argmax(sizes)))


def is_directed(graph: InteractionGraph, direction: str) -> bool:
    """Return whether edges keep their direction.

    Raises
    ------
    UsageError
        They are to, and the graph has none.
    """
    if direction == "directed" and not graph.directed:
        raise UsageError(
            "this graph has no direction",
            value=f"{graph.kind}, direction=directed",
            remedy="use direction=undirected",
        )
    return direction == "directed"


def check_choices(chosen: dict[str, str]) -> None:
    """Raise ``UsageError`` when a common choice has a value that is not allowed."""
    for name, value in chosen.items():
        if value not in COMMON_CHOICES[name]:
            raise UsageError(
                f"{name} has a value that is not allowed",
                value=value,
                allowed=", ".join(COMMON_CHOICES[name]),
            )
