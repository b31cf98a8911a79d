"""Filters that look at the whole graph: weight, disparity backbone, largest component."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.model.filters import Filters
    from workbench.model.graph import InteractionGraph

__all__ = ["disparity_backbone", "disparity_p", "whole_graph_filters"]


def disparity_p(graph: InteractionGraph) -> NDArray[np.float64]:
    """Return how surprising each stored arc is to the more surprised of its ends, shape (arcs,).

    A node that spreads its strength s over k arcs uniformly at random gives one of them a share of
    at least p = w/s with probability (1 − p)^(k − 1). The p-value of an arc is the smaller of the
    value at its source (among outgoing arcs) and at its target (among incoming ones). Self-loops
    count neither in k nor in s and get p = 1. An end with k = 1 cannot be surprised (p = 1).

    References
    ----------
    .. [1] Serrano, Boguñá & Vespignani (2009) Extracting the multiscale backbone of complex
       weighted networks. PNAS 106(16), 6483–6488. doi:10.1073/pnas.0808904106
    """
    source, target, weight = graph.arcs()
    proper = source != target
    n = graph.nodes
    p_value = np.ones(len(weight))
    for end in (source, target):
        degree = np.bincount(end[proper], minlength=n)
        strength = np.bincount(end[proper], weights=weight[proper], minlength=n)
        share = weight[proper] / strength[end[proper]]
        k = degree[end[proper]]
        surprise = np.where(k > 1, (1 - share) ** np.maximum(k - 1, 1), 1.0)
        p_value[proper] = np.minimum(p_value[proper], surprise)
    return p_value


def disparity_backbone(graph: InteractionGraph, *, alpha: float) -> InteractionGraph:
    """Return the graph with the arcs whose disparity p-value is below `alpha`.

    Nodes that lose all their arcs are left out, and so are self-loops. An arc between two nodes
    that have no other arc never passes: nothing makes it surprising. In graphs without direction
    both arcs of a pair have the same value, so a pair stays or goes as a whole.

    Parameters
    ----------
    alpha
        Significance level, in (0, 1); the literature uses 0.01 to 0.5.

    Raises
    ------
    UsageError
        `alpha` is not in (0, 1).
    """
    if not 0 < alpha < 1:
        raise UsageError("the backbone's alpha is out of range", value=alpha, allowed="(0, 1)")
    return keep_edges(graph, disparity_p(graph) < alpha)


def whole_graph_filters(
    built: InteractionGraph,
    filters: Filters,
    *,
    acts: pa.Table,
    backbone: float | None = None,
    largest_component: bool = False,
) -> InteractionGraph:
    """Apply the filters that look at the whole graph: weight, then backbone, then component.

    Parameters
    ----------
    acts
        What the graph was built from, for the times of what is left: ``source``, ``target`` (in
        projections none), ``first_ms``, ``last_ms``.
    """
    choices, before = dict(built.choices), built.arcs_stored
    if filters.min_weight is not None:
        built = keep_edges(built, built.weight >= filters.min_weight)
    if backbone is not None:
        built = disparity_backbone(built, alpha=backbone)
        choices["backbone"] = backbone
    if largest_component:
        choices["largest_component"] = True
        choices["outside_component"] = built.nodes
        built = built.largest_component()
        choices["outside_component"] -= built.nodes
    if built.arcs_stored < before:
        first, last = _span(built, acts)
        built = replace(built, first_ms=first, last_ms=last)
    return replace(built, choices=choices)


def _span(graph: InteractionGraph, acts: pa.Table) -> tuple[int | None, int | None]:
    """Return the first and last time of the acts on the graph's edges (in projections: accounts).

    An act without a time, and an edge whose acts have none, count for neither.
    """
    places = [
        np.asarray(pc.fill_null(pc.index_in(acts.column(end), value_set=graph.ids), -1), np.int64)
        for end in ("source", "target")
        if end in acts.column_names
    ]
    inside = np.all([place >= 0 for place in places], axis=0)
    if len(places) > 1:
        sources, targets, _ = graph.arcs()
        arcs = sources.astype(np.int64) * graph.nodes + targets  # ascending, as CSR arrays are
        inside &= np.isin(places[0] * graph.nodes + places[1], arcs)
    kept = acts.filter(pa.array(inside))
    return pc.min(kept.column("first_ms")).as_py(), pc.max(kept.column("last_ms")).as_py()


def keep_edges(graph: InteractionGraph, keep: NDArray[np.bool_]) -> InteractionGraph:
    """Return the graph with the stored arcs in the mask, without nodes that lose all of theirs."""
    source, target, weight = graph.arcs()
    thinned = graph.with_arcs(source[keep], target[keep], weight[keep])
    return thinned.subgraph(np.ones(graph.nodes, dtype=bool), isolates=False)
