"""Exact spreads of tiny graphs: every live-edge graph with its probability."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import strategies as st

from workbench.model import InteractionGraph


@st.composite
def tiny(draw, most=6):
    """Draw a graph of two to five accounts with few edges, at least one between two of them."""
    names = "abcde"[: draw(st.integers(2, 5))]
    pairs = [(s, t) for s in names for t in names]
    edges = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=most, unique=True))
    edges = [*edges, ("a", "b")] if all(s == t for s, t in edges) else edges
    weights = draw(st.lists(st.integers(1, 5), min_size=len(edges), max_size=len(edges)))
    return InteractionGraph.from_edges(*zip(*edges, strict=True), weights)


def chances(graph, *, factor=None, probability=None):
    """Return (author, amplifier) → chance, by dictionaries."""
    rows = [
        (graph.position(s), graph.position(t), w)
        for s, t, w in graph.to_pandas().itertuples(index=False)
        if s != t
    ]
    made = {}
    for amplifier, author, weight in rows:
        acts = sum(w for a, _, w in rows if a == amplifier)
        share = (1 if factor is None else factor) * weight / acts
        made[author, amplifier] = share if probability is None else probability
    return made


def worlds(graph, model, **chance):
    """Yield the arcs of every live-edge graph and its probability."""
    arcs = chances(graph, **chance)
    if model == "independent_cascade":
        for kept in product([True, False], repeat=len(arcs)):
            probability = 1.0
            for p, live in zip(arcs.values(), kept, strict=True):
                probability *= p if live else 1 - p
            yield [arc for arc, live in zip(arcs, kept, strict=True) if live], probability
        return
    into = [[(arc, p) for arc, p in arcs.items() if arc[1] == v] for v in range(graph.nodes)]
    for picked in product(*([*rows, (None, 1 - sum(p for _, p in rows))] for rows in into)):
        probability = 1.0
        for _, p in picked:
            probability *= max(p, 0.0)
        yield [arc for arc, _ in picked if arc is not None], probability


def exact_spread(graph, seeds, model, **chance):
    """Return the expected number of accounts reached from the positions `seeds`."""
    total = 0.0
    for arcs, probability in worlds(graph, model, **chance):
        reached, last = set(seeds), set(seeds)
        while last:
            last = {t for s, t in arcs if s in last} - reached
            reached |= last
        total += probability * len(reached)
    return total


def best_spread(graph, k, model, **chance):
    """Return the largest exact spread of any k accounts."""
    return max(
        exact_spread(graph, chosen, model, **chance)
        for chosen in combinations(range(graph.nodes), k)
    )
