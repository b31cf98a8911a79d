"""Heavy-tailed graphs with planted camps or communities, of any size, made with NumPy alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from workbench.model import InteractionGraph, Partition
from workbench.rng import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["planted_camps", "planted_communities"]

#: Share of edges that cross, and exponent of the attention accounts get.
ACROSS = 0.1
TAIL = 1.3


def planted_camps(
    accounts: int, edges: int, *, seed: int = 1, across: float = ACROSS
) -> tuple[InteractionGraph, Partition]:
    """Return a directed graph of about so many accounts and edges, and its planted camps.

    Every account acts at least once. Whom it acts upon is drawn by attention, Pareto distributed
    with exponent 1.3, from its own camp (every second account), or with probability `across` from
    the other one. Repeated pairs are summed, loops left out, so there are a few edges less.
    """
    rng = generator(seed, "planted camps")
    attention = np.minimum(rng.pareto(TAIL, accounts) + 1, accounts**0.6)
    source = np.concatenate([np.arange(accounts), rng.integers(0, accounts, edges - accounts)])
    other = (rng.random(edges) < across).astype(np.int64)
    target = _drawn(rng, attention, (source + other) % 2)
    proper = source != target
    ids = pa.array([f"{10**9 + i}" for i in range(accounts)])
    graph = InteractionGraph.from_codes(ids, source[proper], target[proper])
    camp = np.array([int(account) % 2 for account in graph.ids.to_pylist()], dtype=np.int32)
    return graph, Partition.from_labels(graph, camp, method="planted")


def planted_communities(
    accounts: int, edges: int, *, mixing: float = 0.25, seed: int = 1
) -> tuple[InteractionGraph, Partition]:
    """Return a directed graph of about so many accounts and edges, and its planted communities.

    Sizes are Pareto distributed with exponent 1 between a thousandth and a twentieth of the
    accounts. Every account acts at least once; activity and attention are Pareto distributed with
    exponent 1.5. An act goes to anyone with probability `mixing`, else into the own community,
    both by attention. Repeated pairs are summed, loops left out.
    """
    rng = generator(seed, "planted communities")
    sizes: list[int] = []
    while sum(sizes) < accounts:
        sizes.append(max(2, int(min(accounts / 1000 * (rng.pareto(1.0) + 1), accounts / 20))))
    community = np.repeat(np.arange(len(sizes)), sizes)[:accounts]
    attention, activity = (
        np.minimum(rng.pareto(1.5, accounts) + 1, accounts**0.6) for _ in range(2)
    )
    more = rng.choice(accounts, edges - accounts, p=activity / activity.sum())
    source = np.concatenate([np.arange(accounts), more])
    mass = np.concatenate([[0.0], np.cumsum(attention)])
    bounds = np.minimum(np.concatenate([[0], np.cumsum(sizes)]), accounts)
    anyone = rng.random(edges) < mixing
    low = np.where(anyone, 0.0, mass[bounds[community[source]]])
    high = np.where(anyone, mass[-1], mass[bounds[community[source] + 1]])
    drawn = np.searchsorted(mass[1:], low + rng.random(edges) * (high - low), side="right")
    target = np.minimum(drawn, accounts - 1)
    proper = source != target
    ids = pa.array([f"{10**9 + i}" for i in range(accounts)])
    graph = InteractionGraph.from_codes(ids, source[proper], target[proper])
    place = np.array([int(account) - 10**9 for account in graph.ids.to_pylist()])
    return graph, Partition.from_labels(graph, community[place], method="planted")


def _drawn(
    rng: np.random.Generator, attention: NDArray[np.float64], camp: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Draw an account of each camp in `camp`, by attention."""
    drawn = np.empty(len(camp), dtype=np.int64)
    for side in (0, 1):
        members = np.arange(side, len(attention), 2)
        mass = np.cumsum(attention[members])
        places = np.flatnonzero(camp == side)
        found = np.searchsorted(mass, rng.random(len(places)) * mass[-1], side="right")
        drawn[places] = members[np.minimum(found, len(members) - 1)]
    return drawn
