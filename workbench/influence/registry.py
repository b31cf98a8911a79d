"""The list of influence measures, and what every one of them asks of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import UndefinedError
from workbench.model.kinds import GRAPHS
from workbench.model.registry import Registry

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph

__all__ = ["MEASURES", "check"]

MEASURES = Registry()


def check(graph: InteractionGraph, name: str) -> None:
    """Refuse a graph whose accounts the measure `name` cannot rank.

    Raises
    ------
    UndefinedError
        The graph is empty, or has objects (hashtags, links, …) beside accounts or in their place.
    """
    if not graph.nodes:
        raise UndefinedError(f"{name} is undefined: the graph has no accounts")
    if graph.parts is not None:
        raise UndefinedError(
            f"{name} ranks accounts, and this graph also holds what they used",
            value=graph.kind,
            remedy="use an interaction graph, such as retweet",
        )
    if graph.kind in GRAPHS and GRAPHS[graph.kind].family == "cooccurrence":
        raise UndefinedError(
            f"{name} ranks accounts, and the nodes of this graph are {GRAPHS[graph.kind].base}s",
            value=graph.kind,
            remedy="use an interaction graph, such as retweet",
        )
