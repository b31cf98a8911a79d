"""The guard against circularity: sides from one half of a graph, indices on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from workbench.errors import UndefinedError, UsageError
from workbench.polarisation.carrying import carried
from workbench.polarisation.leans import hold_out
from workbench.polarisation.report import Report, report
from workbench.polarisation.sides import find_sides
from workbench.rng import generator, resolve, spawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.model.graph import InteractionGraph

__all__ = ["halves", "split_half"]


def halves(
    graph: InteractionGraph, *, seed: int | None = None
) -> tuple[InteractionGraph, InteractionGraph]:
    """Return two graphs that share the acts of `graph`: each act falls to one of them by chance.

    An edge of weight w gives Binomial(w, ½) acts to the first and the rest to the second. Both
    have the nodes of `graph`; their weights add up to its. Self-loops are dealt like all others;
    both arcs of an undirected edge go together. Where pairs of accounts repeat their acts, most
    edges are in both halves, so sides found in one fit the other by their making: ``split_half``
    therefore deals pairs.

    Raises
    ------
    UsageError
        A weight is no whole number, so there are no acts to deal.
    """
    source, target, weight = graph.arcs()
    count = np.rint(weight)
    if not np.array_equal(count, weight):
        raise UsageError(
            "acts cannot be dealt: a weight is not a whole number",
            value=float(weight[np.argmax(count != weight)]),
            allowed="weights that count acts",
            remedy="deal pairs of accounts: hold_out(graph), split_half(graph)",
        )
    used = resolve(seed)
    first = generator(used, "halves").binomial(count.astype(np.int64), 0.5).astype(float)
    if not graph.directed:
        # The draw of the arc u → v, u < v, counts for both.
        low, high = np.minimum(source, target), np.maximum(source, target)
        _, one, which = np.unique(
            low.astype(np.int64) * graph.nodes + high, return_index=True, return_inverse=True
        )
        first = first[one][which]
    parts = []
    for dealt in (first, weight - first):
        some = dealt > 0
        parts.append(graph.with_arcs(source[some], target[some], dealt[some]))
    return parts[0], parts[1]


def split_half(
    graph: InteractionGraph,
    other: InteractionGraph | None = None,
    *,
    method: str = "leiden",
    into: int = 2,
    measures: Sequence[str] | None = None,
    runs: int = 20,
    interval: str = "none",
    choices: Mapping[str, Any] | None = None,
    processes: int = 1,
    seed: int | None = None,
) -> Report:
    """Return indices of edges that did not help to find the sides.

    An index of sides that were optimised in the same graph is circular: any sparse random graph can
    be cut well. Here the sides are found in one half of the pairs of accounts, dealt by chance with
    all their acts (``hold_out``), or in another graph, such as that of the weeks before, and the
    index is that of the other half. To these acts the sides are known from outside, so the null
    keeps them (``fixed``).

    Parameters
    ----------
    graph
        All acts, whose pairs are dealt into two halves; or those that find the sides.
    other
        The acts that are measured, another graph of the same kind; accounts that `graph` does not
        have are without a side there, and counted. Pairs that act in both have helped to find the
        sides: their share is told.
    method, into
        As in ``find_sides``.
    measures, runs, interval, choices, processes
        As in ``report``.

    Returns
    -------
    Report
        ``sides`` has ``found_in`` (``other half`` or ``other graph``), the agreement of the split,
        and ``pairs_in_both``, the share of the measured pairs that are also where the sides were
        found, 0 of halves.

    Raises
    ------
    UsageError
        A choice is not allowed; both graphs are the same.
    UndefinedError
        There are fewer than two pairs; no edge of the measured half joins accounts with a side.
    """
    used = resolve(seed)
    if other is not None and other.fingerprint == graph.fingerprint:
        raise UsageError(
            "both graphs are the same, so the sides would be measured on the acts that made them",
            remedy="give one graph, which is dealt into two halves",
        )
    finding, measured = (graph, other) if other is not None else hold_out(graph, seed=used)
    chosen = dict(choices or {})
    common = {name: chosen[name] for name in ("weights", "component") if name in chosen}
    if not finding.arcs_stored or not measured.arcs_stored:
        raise UndefinedError("a half has no acts", value=f"{graph.edges} edges")
    found = find_sides(finding, method=method, into=into, seed=spawn(used, "split half"), **common)
    made = report(
        measured, carried(measured, found), measures=measures, null="fixed", runs=runs,
        interval=interval, choices=chosen, processes=processes, seed=used,
    )  # fmt: skip
    both = _pairs_in_both(finding, measured)
    told = {
        "method": found.method,
        "agreement": found.parameters["agreement"],
        "found_in": "other half" if other is None else "other graph",
        "modularity": found.quality,
        "pairs_in_both": both,
        "seed": found.seed,
    }
    note = (
        f"{both:.0%} of the pairs that are measured also act where the sides were found, and have "
        "helped to find them: their contacts are inside the sides by their making"
    )
    return made.with_sides(told, *([note] if both else []))


def _pairs_in_both(finding: InteractionGraph, measured: InteractionGraph) -> float:
    """Return the share of the pairs of accounts of one graph that another one has too."""
    source, target, _ = measured.without_self_loops().arcs()
    place = finding.positions(measured.ids.to_pylist())
    ends = np.sort(np.column_stack([source, target]), axis=1)
    pairs = np.unique(ends, axis=0)
    here = place[pairs]
    known = (here >= 0).all(axis=1)
    matrix = csr_array(finding.to_scipy())
    u, v = here[known].T
    seen = np.asarray(matrix[u, v]).ravel() + np.asarray(matrix[v, u]).ravel()
    return float(np.count_nonzero(seen) / len(pairs)) if len(pairs) else 0.0
