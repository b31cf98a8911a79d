"""Windows with planted communities: accounts and labels, without edges that would matter."""

from __future__ import annotations

import numpy as np

from workbench.model import InteractionGraph, Partition


def window(communities, *, name="w"):
    """Return the partition of one window: community → its accounts (numbers or ids)."""
    labels = {
        (f"x:{a}" if isinstance(a, int) else a): str(label)
        for label, accounts in communities.items()
        for a in accounts
    }
    people = sorted(labels) or ["x:0"]
    graph = InteractionGraph.from_edges(people, people[1:] + people[:1])
    return Partition.from_mapping(graph, labels, method=f"planted {name}")


def cliques(groups, *, seed=0, across=2):
    """Return a graph in which each group is a clique, with a few edges across."""
    rng = np.random.default_rng(seed)
    rows = [(a, b) for group in groups for a in group for b in group if a != b]
    for _ in range(across if len(groups) > 1 else 0):
        one, other = rng.choice(len(groups), 2, replace=False)
        rows.append((groups[one][0], groups[other][0]))
    return InteractionGraph.from_edges([f"x:{a}" for a, _ in rows], [f"x:{b}" for _, b in rows])
