"""Sides that are found in the graph: a split, and how far it depends on the seed."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.graphs.agreement import adjusted_mutual_information
from workbench.graphs.splits import matrix_modularity, split_matrix
from workbench.model.partition import Partition
from workbench.polarisation.preparation import check_choices, prepared_matrix
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph

__all__ = ["FOUND", "best_of", "find_sides", "found_by_weights", "splits_of"]

#: Methods of sides that were found in the graph itself; others are known from outside.
FOUND = ("leiden", "louvain", "spectral", "metis")
#: Sides are the best of so many splits; whatever is compared with them is found in the same way.
SPLITS = 5


def find_sides(
    graph: InteractionGraph,
    *,
    method: str = "leiden",
    into: int = 2,
    weights: str = "unweighted",
    component: str = "largest",
    seed: int | None = None,
) -> Partition:
    """Return sides found in the graph by a community method, merged until `into` remain.

    The split is made on the graph the indices are computed on: without self-loops, undirected, its
    largest component unless ``component="all"``; accounts outside it have no side. The best of
    five seeds by modularity is kept.

    Parameters
    ----------
    method
        ``leiden``, ``louvain``, ``spectral`` or ``metis``.
    into
        Number of sides.

    Returns
    -------
    Partition
        ``parameters["splits"]`` is five; ``parameters["agreement"]`` is the mean adjusted mutual
        information over all pairs of them, ≤ 1: far below 1 the sides, and all that rests on
        them, hang on the seed.

    Raises
    ------
    UndefinedError
        No edge joins two different accounts, or the graph falls into fewer parts than `into`.
    UsageError
        The method does not exist, or cannot make that many sides, or a choice has a value that is
        not allowed.
    MissingDependencyError
        ``metis`` without pymetis.
    """
    check_choices({"weights": weights, "component": component})
    if into < 2:
        raise UsageError("sides are at least two", value=into, allowed="2, 3, …")
    used = resolve(seed)
    proper = graph.without_self_loops()
    if not proper.arcs_stored:
        raise UndefinedError("there are no sides to find: no edge joins two different accounts")
    inside = np.ones(graph.nodes, dtype=bool)
    if component == "largest":
        inside = proper.components() == 0
    matrix = prepared_matrix(
        proper.subgraph(inside), directed=False, weighted=weights == "weighted"
    )
    found = splits_of(matrix, method=method, into=into, splits=SPLITS, seed=used)
    best, quality = best_of(matrix, found)
    pairs = [adjusted_mutual_information(a, b) for a, b in combinations(found, 2)]
    labels = np.full(graph.nodes, -1, dtype=np.int32)
    labels[inside] = best
    chosen = {"into": into, "weights": weights, "component": component, "splits": SPLITS}
    return Partition.from_labels(
        graph,
        labels,
        method=method,
        parameters={**chosen, "agreement": float(np.mean(pairs))},
        seed=used,
        quality=quality,
    )


def splits_of(
    matrix: csr_array,
    *,
    method: str,
    into: int | None,
    splits: int,
    seed: int,
    resolution: float = 1.0,
) -> list[NDArray[np.int32]]:
    """Return the sides of a symmetric matrix by each of so many seeds below `seed`."""
    return [
        _canonical(
            split_matrix(
                matrix, method=method, into=into, resolution=resolution, seed=spawn(seed, "side", i)
            )
        )
        for i in range(splits)
    ]


def _canonical(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return labels by descending size, ties by first node, as those of a partition are."""
    _, first, inverse, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(sizes), dtype=np.int32)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes), dtype=np.int32)
    return rank[inverse]


def found_by_weights(sides: Partition) -> bool:
    """Return whether whoever found the sides looked at weights."""
    return bool(sides.parameters.get("weights") == "weighted")


def best_of(matrix: csr_array, found: list[NDArray[np.int32]]) -> tuple[NDArray[np.int32], float]:
    """Return the split of the highest modularity, the first of equal ones, and its modularity."""
    quality = [matrix_modularity(matrix, labels) for labels in found]
    best = int(np.argmax(quality))
    return found[best], quality[best]
