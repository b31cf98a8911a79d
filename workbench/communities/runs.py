"""One run of a method: the list of methods, and what a run of any of them makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from workbench.errors import UndefinedError, UsageError
from workbench.graphs.splits import check_resolution
from workbench.graphs.symmetrised import Symmetrised
from workbench.model.partition import Partition
from workbench.model.registry import Registry
from workbench.rng import resolve

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = [
    "METHODS",
    "Kernel",
    "as_partition",
    "check_method",
    "find",
    "no_resolution",
    "prepare",
]

METHODS = Registry()

#: Prepared graph, resolution (None = the method's own), seed → labels, and what to record of them.
Kernel = Callable[[Symmetrised, float | None, int], tuple["NDArray[np.int32]", dict[str, Any]]]


def find(
    graph: InteractionGraph,
    method: str,
    kernel: Kernel,
    *,
    resolution: float | None,
    weighted: bool,
    seed: int | None,
) -> Partition:
    """Return the partition that one run of a method finds.

    Raises
    ------
    UndefinedError
        The graph is empty, or no edge joins two different nodes.
    UsageError
        The resolution is not positive and finite, or not the method's to choose.
    """
    used = resolve(seed)
    if resolution is not None:
        check_resolution(resolution)
    prepared = prepare(graph, weighted=weighted)
    labels, told = kernel(prepared, resolution, used)
    return as_partition(
        graph, prepared, labels, method=method, told=told, weighted=weighted, seed=used
    )


def prepare(graph: InteractionGraph, *, weighted: bool) -> Symmetrised:
    """Return the graph with both directions summed.

    Raises
    ------
    UndefinedError
        The graph is empty, or no edge joins two different nodes.
    """
    prepared = Symmetrised.of(graph, weighted=weighted)
    if not prepared.edges:
        raise UndefinedError(
            "no communities: no edge joins two different accounts", value=f"{graph.nodes} nodes"
        )
    return prepared


def as_partition(
    graph: InteractionGraph,
    prepared: Symmetrised,
    labels: NDArray[np.int32],
    *,
    method: str,
    told: Mapping[str, Any],
    weighted: bool,
    seed: int | None,
) -> Partition:
    """Return labels as a partition whose quality is their modularity at resolution 1."""
    return Partition.from_labels(
        graph,
        labels,
        method=method,
        parameters={**told, "weights": "weighted" if weighted else "unweighted"},
        seed=seed,
        quality=prepared.modularity(labels),
    )


def check_method(method: str, *, into: int | None = None) -> Kernel:
    """Return how `method` runs on a prepared graph.

    Raises
    ------
    UsageError
        There is no such method, or a number of communities is asked of one that finds it.
    """
    if method not in METHODS:
        raise UsageError("no such method", value=method, allowed=", ".join(METHODS))
    kernel = cast("Callable[..., Any]", METHODS[method].kernel)
    if into is None:
        return cast("Kernel", kernel)
    if method != "spectral":
        raise UsageError("only spectral makes a given number", value=f"{method}, into={into}")
    if into < 2:
        raise UsageError("spectral makes two communities or more", value=into, allowed=">= 2")
    return cast("Kernel", partial(cast("Any", kernel), into=into))


def no_resolution(resolution: float | None, method: str) -> None:
    """Raise ``UsageError`` when a resolution is asked of a method that has none."""
    if resolution not in {None, 1.0}:
        raise UsageError(
            f"{method} has no resolution",
            value=resolution,
            allowed="1",
            remedy="use leiden, leiden_cpm or louvain to choose the grain",
        )
