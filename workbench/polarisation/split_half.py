"""The guard against circularity: sides from one half of the acts, indices on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.polarisation.carrying import carried
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
    both arcs of an undirected edge go together.

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
            remedy="give two graphs: split_half(before, after)",
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
    """Return indices of acts that did not help to find the sides.

    An index of sides that were optimised in the same graph is circular: any sparse random graph can
    be cut well. Here the sides are found in one half of the acts, dealt by chance, or in another
    graph, such as that of the weeks before, and the index is that of the other half. To these acts
    the sides are known from outside, so the null keeps them (``fixed``).

    Parameters
    ----------
    graph
        All acts, to be dealt into two halves; or those that find the sides.
    other
        The acts that are measured, another graph of the same kind; accounts that `graph` does not
        have are without a side there, and counted.
    method, into
        As in ``find_sides``.
    measures, runs, interval, choices, processes
        As in ``report``.

    Returns
    -------
    Report
        ``sides`` has ``found_in`` (``other half`` or ``other graph``), and the agreement of the
        split.

    Raises
    ------
    UsageError
        A weight is no whole number, so there are no acts to deal; a choice is not allowed; both
        graphs are the same.
    UndefinedError
        No edge of the measured half joins accounts with a side.
    """
    used = resolve(seed)
    if other is not None and other.fingerprint == graph.fingerprint:
        raise UsageError(
            "both graphs are the same, so the sides would be measured on the acts that made them",
            remedy="give one graph, which is dealt into two halves",
        )
    finding, measured = (graph, other) if other is not None else halves(graph, seed=used)
    chosen = dict(choices or {})
    common = {name: chosen[name] for name in ("weights", "component") if name in chosen}
    if not finding.arcs_stored or not measured.arcs_stored:
        raise UndefinedError("a half has no acts", value=f"{graph.edges} edges")
    found = find_sides(finding, method=method, into=into, seed=spawn(used, "split half"), **common)
    made = report(
        measured, carried(measured, found), measures=measures, null="fixed", runs=runs,
        interval=interval, choices=chosen, processes=processes, seed=used,
    )  # fmt: skip
    where = "other half" if other is None else "other graph"
    told = {
        "method": found.method,
        "agreement": found.parameters["agreement"],
        "found_in": where,
        "modularity": found.quality,
        "seed": found.seed,
    }
    return made.with_sides(told)
