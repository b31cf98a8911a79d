"""Sides of one graph on another, by account id; an index of it, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.errors import UndefinedError, UsageError
from workbench.model.index import IndexValue
from workbench.model.partition import Partition
from workbench.polarisation.measures import INDICES
from workbench.polarisation.preparation import COMMON_CHOICES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.model.graph import InteractionGraph

__all__ = ["carried", "checked_choices", "coverage", "index_or_reason"]


def carried(graph: InteractionGraph, sides: Partition) -> Partition:
    """Return the sides of the accounts of `graph`, as known from outside unless found in it.

    Accounts that `sides` does not know have none; ``parameters["not_in_graph"]`` counts the sides
    of accounts that `graph` does not have. A side without an account there is no side there, and
    ``parameters["given"]`` has the names of all in their order.
    """
    if sides.graph_fingerprint == graph.fingerprint:
        return sides
    place = graph.positions(sides.ids.to_pylist())
    labels: list[str | None] = [None] * graph.nodes
    outside = 0
    for position, label in zip(place.tolist(), sides.labels.tolist(), strict=True):
        if label < 0:
            continue
        if position < 0:
            outside += 1
        else:
            labels[position] = sides.names[label]
    given = list(sides.parameters.get("given", sides.names))
    told = {"not_in_graph": outside, "from": sides.method, "given": given}
    return Partition.from_labels(graph, labels, method="given", parameters=told)


def coverage(graph: InteractionGraph, sides: Partition) -> dict[str, float | None]:
    """Return how much of `graph` the sides reach.

    Returns
    -------
    dict
        ``accounts``; ``sided``, those with a side; ``share`` of them; ``weight_share`` of the acts
        (self-loops included) between two accounts with a side. A share of nothing is None.
    """
    sided = sides.labels >= 0
    source, target, weight = graph.arcs()
    total = float(weight.sum())
    both = float(weight[sided[source] & sided[target]].sum())
    return {
        "accounts": graph.nodes,
        "sided": int(sided.sum()),
        "share": float(sided.mean()) if graph.nodes else None,
        "weight_share": both / total if total else None,
    }


def checked_choices(
    first: InteractionGraph,
    second: InteractionGraph,
    *,
    measure: str,
    choices: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the choices of the measure, checked."""
    if measure not in INDICES:
        raise UsageError("no such measure", value=measure, allowed=", ".join(INDICES))
    if first.kind != second.kind:
        raise UsageError("two kinds of act are not two dates", value=f"{first.kind}, {second.kind}")
    allowed = (*COMMON_CHOICES, *INDICES[measure].choices)
    unknown = sorted(set(choices or {}) - set(allowed))
    if unknown:
        raise UsageError(
            f"{measure} has no such choice", value=", ".join(unknown), allowed=", ".join(allowed)
        )
    return dict(choices or {})


def index_or_reason(
    graph: InteractionGraph, sides: Partition, *, measure: str, choices: dict[str, Any]
) -> IndexValue:
    """Return an index; an undefined one is None with its reason."""
    entry = INDICES[measure]
    try:
        found: IndexValue = entry.function(graph, sides, **choices)
    except UndefinedError as error:
        return IndexValue(
            measure,
            None,
            divided_is=entry.divided_is,
            reason=str(error),
            graph_fingerprint=graph.fingerprint,
        )
    return found
