"""Sides that are found in the graph: a split, and how far it depends on the seed."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError
from workbench.graphs.agreement import adjusted_mutual_information
from workbench.graphs.splits import matrix_modularity, split_matrix
from workbench.model.partition import Partition
from workbench.polarisation.preparation import check_choices, prepared_matrix
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph

__all__ = ["FOUND", "find_sides"]

#: Methods of sides that were found in the graph itself; others are known from outside.
FOUND = ("leiden", "louvain", "spectral", "metis")
AGREEMENT_RUNS = 5


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
        ``parameters["agreement"]`` is the mean adjusted mutual information over all pairs of the
        five runs, ≤ 1: far below 1 the sides, and all that rests on them, hang on the seed.

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
    found = [
        split_matrix(matrix, method=method, into=into, seed=spawn(used, "side", i))
        for i in range(AGREEMENT_RUNS)
    ]
    quality = [matrix_modularity(matrix, labels) for labels in found]
    best = int(np.argmax(quality))
    pairs = [adjusted_mutual_information(a, b) for a, b in combinations(found, 2)]
    labels = np.full(graph.nodes, -1, dtype=np.int32)
    labels[inside] = found[best]
    chosen = {"into": into, "weights": weights, "component": component}
    return Partition.from_labels(
        graph,
        labels,
        method=method,
        parameters={**chosen, "agreement": float(np.mean(pairs))},
        seed=used,
        quality=quality[best],
    )
