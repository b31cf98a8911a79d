"""Collective influence: whom to remove so that the graph falls apart."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UsageError
from workbench.influence.registry import MEASURES, check
from workbench.model.scores import NodeScores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["collective_influence"]

LARGEST = 5
#: Paths of two steps looked at at a time.
_PATHS = 1 << 22
#: Removals between two looks for accounts that no longer matter.
_SHRINK = 256


@MEASURES(
    reference="Morone & Makse (2015) doi:10.1038/nature14604",
    bounds=(0.0, None),
    weighted=False,
    ranks="both",
)
def collective_influence(graph: InteractionGraph, *, depth: int = 2) -> NodeScores:
    """Return how much of the graph hangs together through each account and its surroundings.

    CI(i) = (kᵢ − 1) Σⱼ (kⱼ − 1) over the accounts j at distance exactly `depth` from i, k the
    number of contacts; without direction, unweighted, self-loops left out, components no matter.

    The values are those of the whole graph, but **the rank is the order of removal**, as
    published: the account with the largest CI is removed, the CI of the others are those of what
    is left, and so on until all are 0. Two contacts of one hub have high values, and the second
    ranks low once the first is gone. Equal CI go by account order; accounts that are never
    removed share the last rank. ``ordering`` has n for the first removed, n − 1 for the second, …
    and 0 for those never removed.

    Parameters
    ----------
    depth
        1 to 5. Up to 2 a removal can only lower the CI of others, so that few need to be counted
        again; from 3 on all within `depth` + 1 steps are, which suits small graphs only.

    Returns
    -------
    NodeScores
        Whole numbers ≥ 0.

    Raises
    ------
    UndefinedError
        The graph is empty.
    UsageError
        `depth` is not a whole number from 1 to 5.

    References
    ----------
    .. [1] Morone & Makse (2015) Influence maximization in complex networks through optimal
       percolation. Nature 524, 65–68. doi:10.1038/nature14604
    .. [2] Morone, Min, Bo, Mari & Makse (2016) Collective influence algorithm to find influencers
       via optimal percolation in massively large social media. Scientific Reports 6, 30062.
       doi:10.1038/srep30062
    """
    check(graph, "collective_influence")
    whole = isinstance(depth, int | np.integer) and not isinstance(depth, bool)
    if not whole or not 1 <= depth <= LARGEST:
        raise UsageError("no such depth", value=depth, allowed=f"1 to {LARGEST}")
    left = _Left(graph, int(depth))
    values = left.influences()
    return NodeScores.from_values(
        graph,
        values,
        name="collective_influence",
        parameters={"depth": int(depth)},
        ordering=left.removed(values),
    )


class _Left:
    """What is left of a graph from which accounts are removed."""

    def __init__(self, graph: InteractionGraph, depth: int) -> None:
        self.ties = graph.symmetrised(weighted=False)
        self.depth = depth
        self.nodes = graph.nodes
        self.degree = np.diff(self.ties.indptr)
        self.there = np.ones(self.nodes, dtype=bool)
        self._met = np.zeros(self.nodes, dtype=np.int64)  # the search that met a node last
        self._slot = np.zeros(self.nodes, dtype=np.int64)
        self._searches = 0
        self.indptr, self.indices = self.ties.indptr, self.ties.indices
        self._shrink()

    def _shrink(self) -> None:
        """Drop those who are gone, and those with one contact: no path goes on through them.

        Their k − 1 is 0, so they are no candidates and add nothing.
        """
        keep = self.there & (self.degree > 1)
        source = np.repeat(np.arange(self.nodes), np.diff(self.indptr))
        inside = keep[source] & keep[self.indices]
        self.indices = self.indices[inside]
        self.indptr = np.zeros(self.nodes + 1, dtype=np.int64)
        np.cumsum(np.bincount(source[inside], minlength=self.nodes), out=self.indptr[1:])

    def influences(self) -> NDArray[np.float64]:
        """Return the collective influence of every account, shape (n,)."""
        values = np.zeros(self.nodes)
        if self.depth != 2:
            for i in np.flatnonzero(np.diff(self.indptr)).tolist():
                values[i] = self._influence(i)
            return values
        for rows, boundary in _second_ring(self.indptr, self.indices, self.degree - 1.0):
            values[rows] = (self.degree[rows] - 1) * boundary
        return values

    def _rings(self, i: int, depth: int) -> list[NDArray[np.int32]]:
        """Return who is at distance 0, 1, … `depth` of `i` in what is left."""
        self._searches += 1
        rings = [np.array([i], dtype=np.int32)]
        self._met[i] = self._searches
        for _ in range(depth):
            found = self._around(rings[-1])
            found = found[(self._met[found] != self._searches) & self.there[found]]
            turn = np.arange(len(found))
            self._slot[found] = turn
            found = found[self._slot[found] == turn]  # each once
            self._met[found] = self._searches
            rings.append(found)
        return rings

    def _around(self, front: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the contacts of all accounts in `front`, with repetitions."""
        if len(front) == 1:
            i = int(front[0])
            return self.indices[self.indptr[i] : self.indptr[i + 1]]
        starts = self.indptr[front]
        counts = self.indptr[front + 1] - starts
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        return self.indices[np.repeat(starts - ends + counts, counts) + np.arange(total)]

    def _influence(self, i: int) -> int:
        boundary = self._rings(i, self.depth)[-1]
        return int((self.degree[i] - 1) * (self.degree[boundary] - 1).sum())

    def removed(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Remove all in order; return n, n − 1, … by removal, 0 for those never removed."""
        current = values.astype(np.int64)
        heap = [(-int(current[i]), int(i)) for i in np.flatnonzero(current)]
        heapq.heapify(heap)
        order = np.zeros(self.nodes)
        gone = 0
        while heap:
            bound, i = heapq.heappop(heap)
            if not self.there[i] or -bound != current[i]:
                continue  # removed, or counted again since
            if self.depth <= 2 and (counted := self._influence(i)) < current[i]:
                # What was counted earlier is an upper bound, so only the top is counted again.
                _counted(i, counted, current, heap)
                continue
            order[i] = self.nodes - gone
            gone += 1
            near = np.concatenate(self._rings(i, self.depth + 1)[1:]) if self.depth > 2 else ()
            self._remove(i)
            for j in near:
                _counted(int(j), self._influence(int(j)), current, heap)
            if gone % _SHRINK == 0:
                self._shrink()
        return order

    def _remove(self, i: int) -> None:
        self.there[i] = False
        self.degree[self.ties.indices[self.ties.indptr[i] : self.ties.indptr[i + 1]]] -= 1


def _counted(i: int, value: int, current: NDArray[np.int64], heap: list[tuple[int, int]]) -> None:
    if value != current[i]:
        current[i] = value
        if value:
            heapq.heappush(heap, (-value, i))


def _second_ring(
    indptr: NDArray[np.int64], indices: NDArray[np.int32], worth: NDArray[np.float64]
) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Yield rows and what those at distance exactly 2 of each are worth together, in pieces."""
    from scipy.sparse import csr_array

    n = len(indptr) - 1
    steps = csr_array((np.ones(len(indices)), indices, indptr), shape=(n, n))
    cost = np.cumsum(steps @ np.diff(indptr))
    start = 0
    while start < n:
        done = cost[start - 1] if start else 0.0
        stop = max(start + 1, int(np.searchsorted(cost, done + _PATHS, side="right")))
        once = steps[start:stop]
        twice = once @ steps
        twice.data[:] = 1.0
        itself = np.where(np.diff(indptr[start : stop + 1]) > 0, worth[start:stop], 0.0)
        yield slice(start, stop), twice @ worth - twice.multiply(once) @ worth - itself
        start = stop
