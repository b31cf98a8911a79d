"""Graphs drawn again: the same accounts, whose amplifiers act more often, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc

from workbench.errors import UndefinedError, UsageError
from workbench.influence.measures import MEASURES
from workbench.model.partition import Partition
from workbench.rng import generator, spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph
    from workbench.model.scores import NodeScores

__all__ = [
    "check_resampling",
    "graph_facts",
    "known_positions",
    "multiplicities",
    "ranks_at",
    "resamples",
    "scored",
]

Sides = Partition | Sequence[Partition]
#: Measures that are sums over amplifiers, so that a resample is one product with the adjacency.
LINEAR = ("in_strength", "unique_amplifiers")


def scored(
    graph: InteractionGraph,
    name: str,
    *,
    sides: Sides | None = None,
    corpus: Corpus | None = None,
    seed: int | None = None,
) -> NodeScores:
    """Return the scores of one measure, given what it needs beside the graph.

    Parameters
    ----------
    sides, corpus
        For measures whose ``needs`` is ``sides`` or ``posts``; the others do without.
    seed
        For stochastic measures.

    Raises
    ------
    UsageError
        There is no such measure, or it needs sides or posts and has none.
    """
    if name not in MEASURES:
        raise UsageError("no such measure", value=name, allowed=", ".join(MEASURES))
    measure = MEASURES[name]
    given: list[Any] = [graph]
    if measure.needs:
        beside = {"sides": sides, "posts": corpus}[measure.needs]
        if beside is None:
            remedy = {
                "sides": "give the sides or communities of this graph (sides=, on the command "
                "line --sides or --split)",
                "posts": "give the corpus (corpus=, on the command line --study): a file of edges "
                "has no posts",
            }
            raise UsageError(f"{name} needs {measure.needs}", remedy=remedy[measure.needs])
        given.append(beside)
    made: NodeScores = measure.function(*given, **({"seed": seed} if measure.stochastic else {}))
    return made


def known_positions(graph: InteractionGraph, scores: NodeScores) -> NDArray[np.int64]:
    """Return the node position of each account that has a score, in the order of the scores."""
    if len(scores.ids) == graph.nodes:
        return np.arange(graph.nodes, dtype=np.int64)
    return np.asarray(pc.index_in(scores.ids, value_set=graph.ids), dtype=np.int64)


def check_resampling(graph: InteractionGraph, name: str) -> None:
    """Raise ``UsageError`` unless the acts of the graph's amplifiers can be drawn again."""
    remedy = "rank without bootstrap"
    if MEASURES[name].needs == "posts":
        raise UsageError(
            f"{name} counts posts, and amplifiers are drawn again from the graph", remedy=remedy
        )
    if MEASURES[name].ranks == "amplifiers":
        raise UsageError(
            f"{name} ranks those who act, and it is they who are drawn again", remedy=remedy
        )
    if not graph.directed:
        raise UsageError(
            "a graph without direction has no amplifiers to draw again",
            value=graph.kind,
            remedy=remedy,
        )
    if not np.array_equal(graph.weight, np.rint(graph.weight)):
        raise UsageError(
            "the weights are fractions, so there are no acts to draw again", remedy=remedy
        )


def resamples(
    graph: InteractionGraph,
    name: str,
    *,
    runs: int,
    seed: int,
    sides: Sides | None = None,
    advance: Callable[[int], None] | None = None,
) -> Iterator[NDArray[np.float64]]:
    """Yield what ranks every account (its score) in each of `runs` resamples, shape (n,).

    Each amplifier (row of the adjacency) acts N times as often, N ~ Poisson(1) drawn for each on
    its own, so that all acts of an account stay or go together. Where nobody is drawn, all scores
    are 0. An account whose score is undefined in a resample has −∞ there: it comes after all
    others, or is tied with all where the measure is undefined for everybody.

    Parameters
    ----------
    seed
        The same seed gives the same resamples, whatever is done with them.
    advance
        Called with 1 after each resample.
    """
    check_resampling(graph, name)
    rng = generator(seed, "bootstrap", name)
    sums = None
    if name in LINEAR:
        proper = graph.without_self_loops()
        counted = proper if name == "in_strength" else replace(
            proper, weight=np.ones(proper.arcs_stored)
        )  # fmt: skip
        sums = counted.to_scipy().T.tocsr()
    for run in range(runs):
        times = multiplicities(rng, graph.nodes)
        if sums is not None:
            yield sums @ times
        else:
            yield _drawn(graph, name, times, sides=sides, seed=spawn(seed, "resample", run))
        if advance is not None:
            advance(1)


def multiplicities(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Return n independent draws from Poisson(1), shape (n,).

    Their sum is Poisson(n), and given the sum they are multinomial with equal chances: exact, and
    several times faster than drawing each.
    """
    total = rng.poisson(n)
    return np.bincount(rng.integers(n, size=total), minlength=n).astype(np.float64)


def _drawn(
    graph: InteractionGraph,
    name: str,
    times: NDArray[np.float64],
    *,
    sides: Sides | None,
    seed: int,
) -> NDArray[np.float64]:
    """Return the scores of the graph whose amplifiers act `times` as often."""
    source, target, weight = graph.arcs()
    drawn = times[source] > 0
    if not drawn.any():
        return np.zeros(graph.nodes)
    resample = graph.with_arcs(source[drawn], target[drawn], (weight * times[source])[drawn])
    if MEASURES[name].needs == "sides" and sides is not None:
        several = [sides] if isinstance(sides, Partition) else sides
        moved = [replace(one, graph_fingerprint=resample.fingerprint) for one in several]
        sides = moved[0] if isinstance(sides, Partition) else moved
    values = np.full(graph.nodes, -np.inf)
    try:
        scores = scored(resample, name, sides=sides, seed=seed)
    except UndefinedError:
        # Of the graph it is defined; who was drawn leaves nothing to tell accounts apart by.
        return values
    values[known_positions(resample, scores)] = scores.ranked_by
    return values


def ranks_at(values: NDArray[np.float64], positions: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 1 + the number of strictly greater values for the values at `positions`."""
    shown = values[positions]
    if not len(shown):
        return np.empty(0, dtype=np.int64)
    greater = np.sort(values[values > shown.min()])
    return 1 + len(greater) - np.searchsorted(greater, shown, side="right")


def graph_facts(graph: InteractionGraph) -> dict[str, Any]:
    """Return what a result says of its graph: ``kind nodes edges weight fingerprint``."""
    return {
        "kind": graph.kind,
        "nodes": graph.nodes,
        "edges": graph.edges,
        "weight": graph.total_weight,
        "fingerprint": graph.fingerprint,
    }
