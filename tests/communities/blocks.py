"""Graphs whose communities are known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from workbench.model import InteractionGraph
from workbench.rng import generator


def cliques(number=4, size=6, weight=3):
    """A ring of cliques, joined by single edges."""
    rows = []
    for c in range(number):
        names = [f"c{c}n{i}" for i in range(size)]
        rows += [(a, b, weight) for a in names for b in names if a < b]
        rows.append((names[0], f"c{(c + 1) % number}n1", 1))
    return InteractionGraph.from_edges(
        [r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows]
    )


def blocks(number=4, size=60, degree=16, mixing=0.1, seed=1):
    """Return communities of one size with so many acts an account, and the community of each."""
    rng = generator(seed, "blocks", number, size, degree)
    n = number * size
    source = np.repeat(np.arange(n), degree // 2)
    own = source // size * size + rng.integers(0, size, len(source))
    target = np.where(rng.random(len(source)) < mixing, rng.integers(0, n, len(source)), own)
    proper = source != target
    ids = pa.array([f"{10**6 + i}" for i in range(n)])
    graph = InteractionGraph.from_codes(ids, source[proper], target[proper])
    return graph, np.array([int(i) - 10**6 for i in graph.ids.to_pylist()]) // size
