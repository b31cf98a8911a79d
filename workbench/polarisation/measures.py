"""The list of polarisation indices, and how one of them becomes an ``IndexValue``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.model.index import IndexValue
from workbench.model.registry import Registry
from workbench.polarisation.preparation import prepare

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["INDICES", "ORDER", "index_of"]

INDICES = Registry()
#: The order in which they are computed and told: walks, contact, opinions, exposure.
ORDER = (
    "random_walk_controversy",
    "adaptive_random_walk_controversy",
    "random_walk_restart_controversy",
    "dipole_polarisation",
    "k_pole_dipole",
    "ei_index",
    "adaptive_ei_index",
    "modularity",
    "assortativity",
    "conductance",
    "freeman_segregation",
    "coleman_homophily",
    "segregation_matrix_index",
    "odds_ratio_within",
    "spectral_segregation",
    "boundary_polarisation",
    "generalised_euclidean",
    "friedkin_johnsen",
    "bimodality",
    "dip",
    "exposure_diversity",
)


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
        choices={**common, **choices, **prepared.facts, **facts},
        graph_fingerprint=graph.fingerprint,
    )
