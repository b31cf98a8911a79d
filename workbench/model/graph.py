"""The interaction graph: who acted upon whom, how often; immutable CSR arrays.

**An edge points from the one who acts to the one acted upon** (retweeter → author: endorsement).
Information flows the other way; a measure that follows information takes ``graph.reversed()``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError, NotFoundError
from workbench.model.csr import (
    as_ids,
    as_weights,
    bare_positions,
    compress,
    in_shortlex_order,
    shortlex,
    two_parts,
    weak_components,
)
from workbench.model.graph_words import (
    ARCS,
    BOTH,
    graph_facts,
    graph_meaning,
    graph_words,
    with_turned,
)
from workbench.model.kinds import GRAPHS, is_bipartite
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import igraph
    import networkx as nx
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

__all__ = ["InteractionGraph"]

FORMAT = b"workbench graph 1\n"


@dataclass(frozen=True, eq=False, repr=False)
class InteractionGraph(Tabular):
    """A directed, weighted graph of accounts (and, in bipartite graphs, of what they used).

    Parallel acts are summed into one edge. Self-loops are kept; every measure says what it does
    with them. Only endpoints of acts are nodes, so there are no isolates unless a subgraph made
    them. Graphs without direction (``co_*``, ``hashtag_network``) store each edge as two arcs and
    count it once.

    Attributes
    ----------
    ids
        Node ids in shortlex order (by length, then by text), n of them.
    indptr, indices, weight
        CSR arrays: the arcs of node i are ``indptr[i]:indptr[i+1]``, targets ascending.
        Weights are acts (float64, > 0).
    kind
        Canonical graph name (``retweet``, ``mention``, ``account_hashtag``, …).
    window
        ``(since, until)`` in epoch milliseconds, half-open; None where unbounded.
    choices
        The filters that made the graph, by name; ``arcs`` where they no longer point from who
        acts: ``reversed`` or ``both ways``.
    first_ms, last_ms
        Times of the first and last act in it, epoch milliseconds; None for undated input.
    parts
        For bipartite graphs 0 (account) or 1 (object) a node; None where arcs lead from and to it.
    """

    ids: pa.StringArray
    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    weight: NDArray[np.float64]
    kind: str = "retweet"
    window: tuple[int | None, int | None] = (None, None)
    choices: Mapping[str, Any] = field(default_factory=dict)
    first_ms: int | None = None
    last_ms: int | None = None
    parts: NDArray[np.int8] | None = None

    def __post_init__(self) -> None:
        """Freeze the arrays; tell accounts from objects where the graph has both."""
        if self.parts is None and is_bipartite(self.kind):
            object.__setattr__(self, "parts", two_parts(self.indptr, self.indices))
        for array in (self.indptr, self.indices, self.weight):
            array.flags.writeable = False

    @classmethod
    def from_edges(
        cls,
        source: Sequence[str] | pa.Array,
        target: Sequence[str] | pa.Array,
        weight: Sequence[float] | NDArray[Any] | None = None,
        **about: Any,
    ) -> Self:
        """Return the graph of the rows ``source[i] → target[i]``; equal rows are summed.

        Parameters
        ----------
        source, target
            Ids as text, one a row.
        weight
            Acts a row (> 0, finite); a missing weight is 1.
        **about
            ``kind``, ``window``, ``choices``, ``first_ms``, ``last_ms``.

        Raises
        ------
        InputError
            The columns differ in length, an id is missing, or a weight or the sum of the weights
            is not finite and > 0.
        """
        ends = [as_ids(source, "source"), as_ids(target, "target")]
        if len(ends[0]) != len(ends[1]):
            raise InputError(
                "source and target differ in length", value=f"{len(ends[0])} and {len(ends[1])}"
            )
        rows = len(ends[0])
        coded = pa.chunked_array([ends[0], ends[1]]).dictionary_encode().combine_chunks()
        if isinstance(coded, pa.ChunkedArray):
            coded = coded.unify_dictionaries().combine_chunks()
        codes = np.asarray(coded.indices)
        return cls.from_codes(
            coded.dictionary,
            codes[:rows],
            codes[rows:],
            weight=as_weights(weight, rows),
            all_used=True,
            **about,
        )

    @classmethod
    def from_codes(
        cls,
        ids: pa.Array,
        source: NDArray[Any],
        target: NDArray[Any],
        *,
        weight: NDArray[np.float64] | None = None,
        both_ways: bool = False,
        all_used: bool = False,
        **about: Any,
    ) -> Self:
        """Return the graph of integer-coded rows; ids without an act are dropped.

        Parameters
        ----------
        ids
            Distinct ids; ``source`` and ``target`` are positions in it. Ids that are already in
            shortlex order cost nothing to rank.
        weight
            Acts a row (float64, > 0, not checked here); None counts each row as 1.
        both_ways
            Store each row in both directions (graphs without direction; rows name a pair once).
        all_used
            Promise that every id occurs in a row, so that nothing needs to be dropped.
        """
        ids = ids if isinstance(ids, pa.Array) else pa.array(ids, pa.string())
        rows, cols = np.asarray(source, dtype=np.int32), np.asarray(target, dtype=np.int32)
        if not in_shortlex_order(ids):
            order, ids = shortlex(ids)
            rank = np.empty(len(order), dtype=np.int32)
            rank[order] = np.arange(len(order), dtype=np.int32)
            rows, cols = rank[rows], rank[cols]
        values = None if weight is None else np.asarray(weight, dtype=np.float64)
        if both_ways:
            rows, cols = np.concatenate([rows, cols]), np.concatenate([cols, rows])
            values = None if values is None else np.concatenate([values, values])
        made = cls(ids, *compress(rows, cols, values, n=len(ids)), **about)
        if all_used:
            return made
        used = np.diff(made.indptr) > 0
        used[made.indices] = True
        return made if used.all() else made.subgraph(used)

    @classmethod
    def from_networkx(
        cls, graph: nx.Graph[Any], *, weight: str = "weight", kind: str = "retweet"
    ) -> Self:
        """Return the graph of a networkx (di)graph; an undirected edge becomes two arcs.

        Node labels become text; the edge attribute `weight` is read, 1 where it is missing.
        """
        from workbench.model.interchange import networkx_rows

        return cls.from_edges(*networkx_rows(graph, weight), kind=kind)

    @classmethod
    def from_igraph(
        cls, graph: igraph.Graph, *, weight: str = "weight", kind: str = "retweet"
    ) -> Self:
        """Return the graph of an igraph graph; nodes are its ``name`` attribute or their index."""
        from workbench.model.interchange import igraph_rows

        return cls.from_edges(*igraph_rows(graph, weight), kind=kind)

    # -- what it is ------------------------------------------------------------------------------

    @property
    def directed(self) -> bool:
        """Whether edges have a direction; graphs of unknown kinds have one."""
        return self.kind not in GRAPHS or GRAPHS[self.kind].directed

    @cached_property
    def accounts(self) -> NDArray[np.object_]:
        """Node ids as Python strings, in shortlex order, shape (n,)."""
        array: NDArray[np.object_] = self.ids.to_numpy(zero_copy_only=False)
        array.flags.writeable = False
        return array

    @property
    def nodes(self) -> int:
        """Number of nodes n."""
        return len(self.ids)

    @property
    def arcs_stored(self) -> int:
        """Number of stored arcs: each edge once, each undirected pair twice."""
        return len(self.indices)

    @property
    def edges(self) -> int:
        """Number of distinct edges m, self-loops included; undirected pairs count once."""
        loops = self.self_loops
        return self.arcs_stored if self.directed else (self.arcs_stored - loops) // 2 + loops

    @property
    def total_weight(self) -> float:
        """Sum of edge weights: acts."""
        total, loops = float(self.weight.sum()), self.self_loop_weight
        return total if self.directed else (total - loops) / 2 + loops

    @cached_property
    def _loops(self) -> NDArray[np.bool_]:
        return np.asarray(self.arcs()[0] == self.indices)

    @property
    def self_loops(self) -> int:
        """Number of nodes with an edge to themselves."""
        return int(self._loops.sum())

    @property
    def self_loop_weight(self) -> float:
        """Acts upon oneself."""
        return float(self.weight[self._loops].sum())

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of format, kind, ids and CSR arrays; equal on every machine, for every store."""
        digest = hashlib.sha256(FORMAT)
        digest.update(self.kind.encode() + b"\n")
        for start in range(0, self.nodes, 1 << 16):
            chunk = self.ids.slice(start, 1 << 16).to_pylist()
            digest.update("\0".join(chunk).encode() + b"\0")
        digest.update(np.ascontiguousarray(self.indptr, dtype="<i8").data)
        digest.update(np.ascontiguousarray(self.indices, dtype="<i4").data)
        digest.update(np.ascontiguousarray(self.weight, dtype="<f8").data)
        return digest.hexdigest()

    def arcs(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
        """Return source positions, target positions and weights of all stored arcs."""
        sources = np.repeat(np.arange(self.nodes, dtype=np.int32), np.diff(self.indptr))
        return sources, self.indices, self.weight

    def positions(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Return the position of each id; −1 where the graph has no such node."""
        wanted = pa.array(list(ids), pa.string())
        found = pc.fill_null(pc.index_in(wanted, value_set=self.ids), -1)
        return np.asarray(found, dtype=np.int64)

    def position(self, account: str) -> int:
        """Return the position of one account; the bare id is accepted when it is unambiguous.

        Raises
        ------
        NotFoundError
            No node, or more than one, has that id.
        """
        found = int(self.positions([account])[0])
        if found < 0:
            found = bare_positions(self.ids).get(account, -2)
        if found >= 0:
            return found
        raise NotFoundError(
            "more than one account has this id" if found == -1 else "no such account in this graph",
            value=account,
            remedy=f"ids here look like {self.ids[0]}" if self.nodes else "the graph is empty",
        )

    def out_strength(self) -> NDArray[np.float64]:
        """Return the acts of each node, self-loops included, shape (n,)."""
        sums = np.bincount(self.arcs()[0], weights=self.weight, minlength=self.nodes)
        return sums.astype(np.float64)

    def in_strength(self) -> NDArray[np.float64]:
        """Return the acts upon each node, self-loops included, shape (n,)."""
        return np.bincount(self.indices, self.weight, minlength=self.nodes).astype(np.float64)

    # -- other graphs ----------------------------------------------------------------------------

    def reversed(self) -> Self:
        """Return the graph with every arc turned: the direction in which information flows."""
        source, target, weight = self.arcs()
        made = self.with_arcs(target, source, weight)
        return replace(made, choices=with_turned(self.choices)) if self.directed else made

    def without_self_loops(self) -> Self:
        """Return the graph without self-loops; nodes stay, also those that become isolated."""
        source, target, weight = self.arcs()
        keep = ~self._loops
        return self.with_arcs(source[keep], target[keep], weight[keep])

    def symmetrised(self, *, weighted: bool = True) -> Self:
        """Return the graph with each arc in both directions and without self-loops.

        Weighted: w(u,v) + w(v,u) on both arcs. Unweighted: 1, a reciprocal pair counts once.
        A graph without direction keeps its weights.
        """
        source, target, weight = self.arcs()
        keep = ~self._loops
        source, target, weight = source[keep], target[keep], weight[keep]
        if self.directed:
            source, target = np.concatenate([source, target]), np.concatenate([target, source])
            weight = np.concatenate([weight, weight])
        made = self.with_arcs(source, target, weight)
        if self.directed:
            made = replace(made, choices={**self.choices, ARCS: BOTH})
        return made if weighted else replace(made, weight=np.ones(made.arcs_stored))

    def subgraph(self, keep: NDArray[np.bool_], *, isolates: bool = True) -> Self:
        """Return the graph induced by the nodes in the mask `keep`, shape (n,).

        Parameters
        ----------
        isolates
            Keep nodes that lose all their arcs.
        """
        source, target, weight = self.arcs()
        inside = keep[source] & keep[target]
        source, target, weight = source[inside], target[inside], weight[inside]
        if not isolates:
            keep = np.zeros(self.nodes, dtype=bool)
            keep[source] = True
            keep[target] = True
        new = np.cumsum(keep, dtype=np.int64) - 1
        indptr, indices, values = compress(
            new[source].astype(np.int32), new[target].astype(np.int32), weight, n=int(keep.sum())
        )
        return replace(
            self,
            ids=self.ids.filter(pa.array(keep)),
            indptr=indptr,
            indices=indices,
            weight=values,
            parts=None if self.parts is None else self.parts[keep],
        )

    def components(self) -> NDArray[np.int32]:
        """Return the weakly connected component of each node, 0 the largest, shape (n,)."""
        return weak_components(self.to_scipy())

    def largest_component(self) -> Self:
        """Return the largest weakly connected component (the one with the first node on a tie)."""
        return self.subgraph(self.components() == 0)

    def with_arcs(
        self, source: NDArray[np.int32], target: NDArray[np.int32], weight: NDArray[np.float64]
    ) -> Self:
        """Return a graph of the same nodes with other arcs; equal arcs are summed."""
        indptr, indices, values = compress(source, target, weight, n=self.nodes)
        return replace(self, indptr=indptr, indices=indices, weight=values)

    # -- other libraries -------------------------------------------------------------------------

    def to_scipy(self) -> csr_array:
        """Return the weighted adjacency as a SciPy CSR array, shape (n, n)."""
        from scipy.sparse import csr_array

        return csr_array(
            (self.weight, self.indices, self.indptr), shape=(self.nodes, self.nodes), copy=False
        )

    def to_pandas(self) -> pd.DataFrame:
        """Return the edges as ``source, target, weight``, by account order; a pair once."""
        import pandas as pd

        source, target, weight = self.arcs()
        if not self.directed:
            once = source <= target
            source, target, weight = source[once], target[once], weight[once]
        return pd.DataFrame(
            {"source": self.accounts[source], "target": self.accounts[target], "weight": weight}
        )

    def to_networkx(self) -> nx.Graph[str]:
        """Return a networkx DiGraph (Graph for kinds without direction), weights as floats."""
        from workbench.model.interchange import to_networkx

        return to_networkx(self)

    def to_igraph(self) -> igraph.Graph:
        """Return an igraph graph with vertex ``name`` and edge ``weight``.

        Weights go in as Python floats: igraph ignores some NumPy-typed weights without a word.
        """
        from workbench.model.interchange import to_igraph

        return to_igraph(self)

    def _words(self) -> str:
        return graph_words(self)

    def _caption(self) -> str:
        return graph_meaning(self)

    def _shown(self) -> dict[str, str]:
        return graph_facts(self)
