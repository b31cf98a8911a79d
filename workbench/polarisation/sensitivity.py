"""What a value hangs on: its most connected accounts, its sides one by one, the seed of a split."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.graphs.agreement import adjusted_mutual_information
from workbench.model.csr import bare_positions
from workbench.polarisation.asked import cut_to_largest, grouped, sorted_choices, symmetric
from workbench.polarisation.measures import ORDER
from workbench.polarisation.sides import SPLITS, splits_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.polarisation.asked import Group, Told
    from workbench.polarisation.preparation import Prepared
    from workbench.polarisation.sampling import NullPlan

__all__ = ["asymmetry", "sensitivity", "stability", "without_top"]

#: Share of the accounts whose influence is tested, those of the highest degree.
TOP = 0.01
#: Below this mean agreement of its seeds a split is called unstable.
STABLE = 0.8


def sensitivity(
    graph: InteractionGraph,
    sides: Partition,
    *,
    leave_out: Sequence[str],
    measures: Sequence[str] | None = None,
    choices: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return each index without the accounts of a list: bots, officials, one loud newsroom.

    The accounts go with their edges, the largest component is taken again, and everybody else
    keeps its side. How an index changes says what these accounts do to it, not that it is wrong.

    Parameters
    ----------
    leave_out
        Ids, bare ids where they are unambiguous.
    measures, choices
        As in ``report``.

    Returns
    -------
    dict
        ``left_out`` and ``not_in_graph`` (accounts) and ``indices``: ``name value without
        change sides reason`` a measure, ``sides`` the number that have an account left without
        them; undefined is None with its reason.

    Raises
    ------
    UsageError
        A measure or choice does not exist.
    UndefinedError
        No edge is left between accounts with a side.
    """
    names = list(dict.fromkeys(ORDER if measures is None else measures))
    groups = grouped(graph, sides, sorted_choices(names, dict(choices or {})))
    place = graph.positions(leave_out)
    if (place < 0).any():
        bare = bare_positions(graph.ids)
        for i in np.flatnonzero(place < 0):
            place[i] = bare.get(leave_out[int(i)], -1)
    found = np.unique(place[place >= 0])
    rows = []
    for group in groups:
        keep = ~np.isin(group.prepared.places, found)
        rows += _without(group, keep, group.values())
    order = {name: i for i, name in enumerate(names)}
    return {
        "left_out": len(found),
        "not_in_graph": int((place < 0).sum()),
        "indices": sorted(rows, key=lambda row: order[row["name"]]),
    }


def without_top(groups: list[Group], observed: Mapping[str, Told]) -> dict[str, Any]:
    """Return each index without the 1 % of accounts of the highest degree, at least one.

    Degree is the number of distinct neighbours, strength when weighted, in-degree when directed;
    ties at the cut go to account order.

    Returns
    -------
    dict
        ``share``, ``left_out`` (accounts, of the first group) and ``indices`` as ``sensitivity``.
    """
    rows, counts = [], []
    for group in groups:
        prepared = group.prepared
        count = max(1, int(TOP * prepared.nodes))
        degree = np.asarray(prepared.matrix.sum(axis=0)).ravel()
        keep = np.ones(prepared.nodes, dtype=bool)
        keep[np.argsort(-degree, kind="stable")[:count]] = False
        rows += _without(group, keep, observed)
        counts.append(count)
    order = {name: i for i, name in enumerate(observed)}
    rows.sort(key=lambda row: order[row["name"]])
    return {"share": TOP, "left_out": counts[0], "indices": rows}


def _without(
    group: Group,
    keep: NDArray[np.bool_],
    observed: Mapping[str, Told],
) -> list[dict[str, Any]]:
    """Return the indices of a group without the accounts outside a mask."""
    part = group.prepared.among(keep)
    values: Mapping[str, Told]
    left = 0
    if part.matrix.nnz:
        matrix, inside = cut_to_largest(part.matrix, cut=group.cut)
        part = part.with_matrix(matrix, part.labels[inside], part.places[inside])
        values, left = group.values(part), int(np.count_nonzero(part.sizes))
    else:
        values = dict.fromkeys(group.names, (None, {}, "no edge is left without them"))
    rows = []
    for name in group.names:
        value, (without, _, reason) = observed[name][0], values[name]
        known = value is not None and without is not None
        rows.append(
            {
                "name": name,
                "value": value,
                "without": without,
                "change": without - value if known else None,  # type: ignore[operator]
                "sides": left,
                "reason": reason,
            }
        )
    return rows


def asymmetry(graph: InteractionGraph, prepared: Prepared) -> list[dict[str, Any]]:
    """Return what each side does: one number hides that sides differ.

    Returns
    -------
    list of dict
        ``side, accounts, weight_within, weight_to_others, weight_from_others`` (acts among the
        accounts that take part, self-loops left out) and ``share_to_others``, of the acts of the
        side, None when it makes none. Of undirected graphs both ways are the same acts.
    """
    place = np.full(graph.nodes, -1, dtype=np.int64)
    place[prepared.places] = prepared.labels
    source, target, weight = graph.arcs()
    inside = (place[source] >= 0) & (place[target] >= 0) & (source != target)
    if not graph.directed:
        weight = weight / np.where(place[source] == place[target], 2.0, 1.0)
    cells = place[source[inside]] * prepared.k + place[target[inside]]
    acts = np.bincount(cells, weights=weight[inside], minlength=prepared.k**2)
    acts = acts.reshape(prepared.k, prepared.k)
    rows = []
    for side, name in enumerate(prepared.names):
        within, out = float(acts[side, side]), float(acts[side].sum() - acts[side, side])
        rows.append(
            {
                "side": name,
                "accounts": int(prepared.sizes[side]),
                "weight_within": within,
                "weight_to_others": out,
                "weight_from_others": float(acts[:, side].sum() - acts[side, side]),
                "share_to_others": out / (within + out) if within + out else None,
            }
        )
    return rows


def stability(groups: list[Group], plan: NullPlan, *, seed: int) -> dict[str, Any] | None:
    """Return how far the values hang on the seed of the split; None for sides that are known.

    The graph is split five times by the same method. With the seed of sides from ``find_sides``
    these are the very splits from which it took the best.

    Returns
    -------
    dict
        ``runs``, ``agreement`` and ``ami_mean`` (mean adjusted mutual information of all pairs,
        ≤ 1), ``ami_min`` (the smallest), ``stable``
        (from .8 on) and ``indices``: ``name min max`` over the runs, None where undefined.
    """
    if plan.method is None:
        return None
    first: list[NDArray[np.int32]] = []
    spread = []
    for group in groups:
        prepared = group.prepared
        both = symmetric(prepared.acts, directed=prepared.directed, weighted=plan.weighted)
        splits = splits_of(
            both, method=plan.method, into=plan.into, splits=SPLITS, seed=seed,
            resolution=plan.resolution,
        )  # fmt: skip
        first = first or splits
        found = [
            group.values(prepared.with_sides(prepared.matrix, labels, prepared.places))
            for labels in splits
        ]
        for name in group.names:
            known = [v for v in (each[name][0] for each in found) if v is not None]
            ends = (min(known), max(known)) if len(known) == SPLITS else (None, None)
            spread.append({"name": name, "min": ends[0], "max": ends[1]})
    pairs = [adjusted_mutual_information(a, b) for a, b in combinations(first, 2)]
    agreement = float(np.mean(pairs))
    return {
        "runs": SPLITS, "agreement": agreement, "ami_mean": agreement, "ami_min": min(pairs),
        "stable": agreement >= STABLE, "indices": spread,
    }  # fmt: skip
