"""How communities were found, so that they can be searched in the same way in other graphs."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.detection import METHODS
from workbench.errors import UsageError
from workbench.graphs.splits import matrix_modularity, was_found
from workbench.rng import spawn

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Search", "search_by_name", "search_of"]

#: Methods that maximise modularity at their resolution; of others it is told at resolution 1.
BY_MODULARITY = ("leiden", "louvain", "python_louvain")


@dataclass(frozen=True)
class Search:
    """A method with its choices, and how many runs the best is taken of.

    Attributes
    ----------
    method, arguments
        Its name and keyword arguments, without the seed.
    searches
        Runs; the best by modularity is taken, the first of equal ones.
    weighted
        Whether weights count.
    """

    method: str
    arguments: dict[str, Any]
    searches: int
    weighted: bool

    @property
    def gamma(self) -> float:
        """Resolution of the modularity by which runs are judged."""
        objective = self.arguments.get("objective", "modularity")
        if self.method in BY_MODULARITY and objective == "modularity":
            return float(self.arguments.get("resolution", 1.0))
        return 1.0

    def runs(self, graph: InteractionGraph, seed: int) -> list[Partition]:
        """Return the communities of every run; a method without chance has one."""
        measure = METHODS[self.method]
        return [
            measure.function(
                graph,
                **self.arguments,
                **({"seed": spawn(seed, "run", i)} if measure.stochastic else {}),
            )
            for i in range(self.searches if measure.stochastic else 1)
        ]

    def best_of(self, matrix: csr_array, found: list[Partition]) -> tuple[Partition, float]:
        """Return the run of the highest modularity on a symmetric matrix, and that modularity."""
        quality = [matrix_modularity(matrix, run.labels, self.gamma) for run in found]
        place = int(np.argmax(quality))
        best = found[place]
        return replace(best, parameters={**best.parameters, "splits": len(found)}), quality[place]


def search_by_name(
    method: str,
    *,
    resolution: float | None = None,
    weighted: bool | None = None,
    searches: int | None = None,
) -> Search:
    """Return the search by a method of the registry; None leaves a choice at its default.

    Raises
    ------
    UsageError
        The method does not exist or lacks a choice, or there is no run.
    """
    if method not in METHODS:
        raise UsageError("no such method", value=method, allowed=", ".join(METHODS))
    chosen = {"resolution": resolution, "weighted": weighted}
    arguments = {name: value for name, value in chosen.items() if value is not None}
    known = inspect.signature(METHODS[method].function).parameters
    if unknown := [name for name in arguments if name not in known]:
        raise UsageError(f"{method} has no such choice", value=", ".join(unknown))
    times = 1 if searches is None else searches
    if times < 1:
        raise UsageError("there must be at least one search", value=times)
    return Search(method, arguments, times, weighted is not False)


def search_of(partition: Partition) -> Search:
    """Return how communities were found, from what they record.

    Raises
    ------
    UsageError
        Their method is none of the registry, or they are not what it returns: merged into a number
        of sides, or a level below the last.
    """
    method, recorded = partition.method, dict(partition.parameters)
    if method not in METHODS:
        raise UsageError(
            "communities of this method cannot be searched again in a null sample",
            value=method,
            allowed=", ".join(METHODS),
            remedy="give what a method returns"
            if was_found(partition)
            else "say null=fixed if they are known from outside this graph",
        )
    known = inspect.signature(METHODS[method].function).parameters
    if "into" in recorded and "into" not in known:
        raise UsageError(
            f"{method} merged into a number of sides cannot be searched again here",
            value=f"into={recorded['into']}",
            remedy="compare sides by polarisation.report with null=repartitioned",
        )
    if recorded.get("level", 0) != recorded.get("levels", 1) - 1:
        raise UsageError(
            "a level below the last cannot be searched again",
            value=f"level {recorded['level']}",
            remedy=f"give the last level, or what {method} returns",
        )
    recorded["weighted"] = recorded.get("weights", "weighted") == "weighted"
    arguments = {k: v for k, v in recorded.items() if k in known and k not in {"graph", "seed"}}
    searches = int(recorded.get("splits", 1))
    return Search(method, arguments, searches, bool(recorded["weighted"]))
