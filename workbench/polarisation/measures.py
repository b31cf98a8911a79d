"""The list of polarisation indices, and how one of them becomes an ``IndexValue``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.model.index import IndexValue
from workbench.model.registry import Registry
from workbench.polarisation.preparation import prepare

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["INDICES", "index_of"]

INDICES = Registry()


def index_of(
    name: str,
    graph: InteractionGraph,
    sides: Partition,
    *,
    choices: dict[str, Any],
    direction: str,
    weights: str,
    component: str,
) -> IndexValue:
    """Return one registered index of a graph, with every choice that changed the number."""
    common = {"direction": direction, "weights": weights, "component": component}
    prepared = prepare(graph, sides, **common)
    measure = INDICES[name]
    if measure.kernel is None:  # every index registers one; the contract test holds it to that
        message = f"{name} has no kernel"
        raise AssertionError(message)
    value, facts = measure.kernel(prepared, **choices)
    return IndexValue(
        name,
        value,
        divided_is=measure.divided_is,
        choices={**common, **choices, **facts},
        graph_fingerprint=graph.fingerprint,
    )
