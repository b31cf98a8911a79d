"""Leans of accounts: where they come from, and that they were not made by the edges they meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import InputError, UndefinedError, UsageError
from workbench.model.csr import bare_positions
from workbench.rng import generator, resolve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.scores import NodeScores

__all__ = ["hold_out", "leans_of", "unseen"]

SOURCES = ("graph", "external")
CIRCULAR = (
    "with leans computed from the same edges the correlation is trivially about 1 "
    "(.997 to .9998 on every graph, divided or not)"
)
REMEDY = (
    "compute the leans on other edges: rest, held = hold_out(graph), then "
    'echo_chamber(held, scores_of_rest, made_on=rest); or say source="external" '
    "if they come from outside"
)


def hold_out(
    graph: InteractionGraph, *, share: float = 0.5, seed: int | None = None
) -> tuple[InteractionGraph, InteractionGraph]:
    """Return the graph without a random share of its pairs of accounts, and those pairs.

    Leans are computed on the first and tested on the second, which has no edge of it: all acts
    between two accounts, in both directions, fall on the same side. Accounts left without an edge
    are in neither; self-loops stay in the first.

    Parameters
    ----------
    share
        Of the pairs, in (0, 1), that are set aside; at least one.

    Raises
    ------
    UsageError
        `share` is not inside (0, 1).
    UndefinedError
        There are fewer than two pairs.
    """
    if not 0 < share < 1:
        raise UsageError("share must be inside (0, 1)", value=share)
    source, target, weight = graph.arcs()
    codes = _pairs(source, target, graph.nodes)
    pairs = np.unique(codes[source != target])
    if len(pairs) < 2:
        raise UndefinedError("there are fewer than two pairs to part", value=len(pairs))
    count = min(max(1, round(share * len(pairs))), len(pairs) - 1)
    drawn = generator(resolve(seed), "hold out").choice(len(pairs), size=count, replace=False)
    aside = np.isin(codes, pairs[drawn]) & (source != target)
    every = np.ones(graph.nodes, dtype=bool)
    rest, held = (
        graph.with_arcs(source[k], target[k], weight[k]).subgraph(every, isolates=False)
        for k in (~aside, aside)
    )
    return rest, held


def _pairs(source: NDArray[Any], target: NDArray[Any], nodes: int) -> NDArray[np.int64]:
    """Return one number for each unordered pair of nodes."""
    low, high = np.minimum(source, target), np.maximum(source, target)
    return np.asarray(low.astype(np.int64) * nodes + high)


def unseen(
    graph: InteractionGraph,
    leans: NodeScores | Mapping[str, float],
    *,
    source: str,
    made_on: InteractionGraph | None,
) -> tuple[InteractionGraph, dict[str, Any]]:
    """Return the graph without the pairs that made the leans, and where the leans come from.

    Pairs of accounts that `made_on` has too, in either direction, are left out where both graphs
    are of one kind: leans that had seen half of the pairs of #nationalkissingday correlated at .72
    over all of them, and at −.07 over 30 % that they had not seen.

    Parameters
    ----------
    source
        Of scores: ``graph``, computed on `made_on`; ``external``, known from outside.

    Raises
    ------
    UsageError
        The leans were made on these very edges, or on a graph that is not named.
    InputError
        `made_on` is not the graph of the scores.
    """
    if source not in SOURCES:
        raise UsageError(
            "source has a value that is not allowed", value=source, allowed=", ".join(SOURCES)
        )
    if isinstance(leans, Mapping) or source == "external":
        if made_on is not None:
            raise UsageError("leans from outside were made on no graph", value="made_on")
        return graph, {"source": "external"}
    if leans.graph_fingerprint == graph.fingerprint:
        raise UsageError(CIRCULAR, value=leans.name, remedy=REMEDY)
    if made_on is None:
        raise UsageError(
            "these leans were made on another graph, and only that graph shows whether it has the "
            "same edges",
            value=leans.name,
            remedy='name it: made_on=…, or say source="external" if they come from outside',
        )
    leans.check(made_on)
    seen = _seen(graph, made_on)
    source_end, target_end, weight = graph.arcs()
    pairs = _pairs(source_end, target_end, graph.nodes)
    proper = source_end != target_end
    every = len(np.unique(pairs[proper]))
    shared = len(np.unique(pairs[proper & seen]))
    facts = {"source": "graph", "shared_pairs": shared, "pairs": every}
    if graph.kind != made_on.kind or not shared:
        return graph, facts
    if shared == every:
        raise UsageError(CIRCULAR, value=leans.name, remedy=REMEDY)
    kept = ~seen | ~proper
    return graph.with_arcs(source_end[kept], target_end[kept], weight[kept]), facts


def _seen(graph: InteractionGraph, other: InteractionGraph) -> NDArray[np.bool_]:
    """Return which arcs of `graph` join two accounts that `other` joins too."""
    place = graph.positions(other.ids.to_pylist())
    ends = [place[end] for end in other.arcs()[:2]]
    inside = (ends[0] >= 0) & (ends[1] >= 0)
    theirs = _pairs(ends[0][inside], ends[1][inside], graph.nodes)
    source, target, _ = graph.arcs()
    return np.isin(_pairs(source, target, graph.nodes), theirs)


def leans_of(
    graph: InteractionGraph, leans: NodeScores | Mapping[str, float]
) -> tuple[NDArray[np.float64], int]:
    """Return the lean of each node, NaN without one, and how many leans no node has.

    Bare ids are accepted where they are unambiguous.

    Raises
    ------
    InputError
        A lean is not finite.
    """
    if isinstance(leans, Mapping):
        names = list(leans)
        values = np.array([float(leans[name]) for name in names], dtype=np.float64)
        if not np.isfinite(values).all():
            raise InputError(
                "a lean is not finite",
                value=names[int(np.argmin(np.isfinite(values)))],
                remedy="leave accounts without a lean out",
            )
    else:
        names, values = leans.ids.to_pylist(), leans.values
    place = graph.positions(names)
    if (place < 0).any():
        bare = bare_positions(graph.ids)
        for i in np.flatnonzero(place < 0):
            place[i] = bare.get(names[int(i)], -1)
    made = np.full(graph.nodes, np.nan)
    made[place[place >= 0]] = values[place >= 0]
    return made, int((place < 0).sum())
