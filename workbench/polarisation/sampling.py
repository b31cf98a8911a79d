"""Null samples of a report: graphs drawn from a null model, each with its sides and its values."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError
from workbench.graphs.nulls import dealt_weights, rewired, shuffled_weights
from workbench.graphs.splits import matrix_modularity
from workbench.polarisation.asked import cut_to_largest, symmetric
from workbench.polarisation.preparation import binary
from workbench.polarisation.sides import best_of, splits_of
from workbench.rng import spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.polarisation.asked import Group
    from workbench.polarisation.preparation import Prepared

__all__ = ["NullPlan", "null_samples"]

Drawn = tuple[dict[str, float], dict[str, float]]


@dataclass(frozen=True)
class NullPlan:
    """How null samples are drawn.

    Attributes
    ----------
    shuffle
        Keep the edges and deal their weights anew, instead of swapping ends of edges.
    method
        The split that finds the sides again; None keeps every account's side.
    into
        Number of sides to find; None as many as the method gives.
    splits
        The best of so many splits is taken, as many as where the sides were found: one split of
        each sample beside the best of several of the graph rejects three times too often.
    resolution
        Of the split.
    weighted
        Whether the split looks at weights, which the indices need not do.
    seed
        Each sample has streams of its own below it, so the order of drawing does not matter.
    """

    shuffle: bool
    method: str | None
    into: int | None
    splits: int
    resolution: float
    weighted: bool
    seed: int

    def sides_of(self, matrix: csr_array, *names: str | int) -> NDArray[np.int32]:
        """Return the sides of a symmetric matrix, found as those of the graph were.

        `names` name the stream of random numbers below the seed.
        """
        method = self.method or ""
        found = splits_of(
            matrix, method=method, into=self.into, splits=self.splits, resolution=self.resolution,
            seed=spawn(self.seed, *names),
        )  # fmt: skip
        return best_of(matrix, found)[0]


def null_samples(
    groups: list[Group],
    plan: NullPlan,
    *,
    runs: int,
    processes: int = 1,
    advance: Callable[[int], None] = lambda _: None,
) -> tuple[dict[str, list[float]], dict[str, float | None]]:
    """Return the null values of each measure, and the mean quality of the first group's samples.

    A sample in which a measure is undefined, or that cannot be drawn or split, adds no value. The
    values are the same for any number of processes.

    Parameters
    ----------
    processes
        Processes that draw samples; more than one are started anew, so a script needs the usual
        ``if __name__ == "__main__"``.
    advance
        Called with 1 after each sample.
    """
    samples: dict[str, list[float]] = {name: [] for group in groups for name in group.names}
    qualities = []
    for values, quality in _drawn(groups, plan, runs, processes):
        for name, value in values.items():
            samples[name].append(value)
        qualities.append(quality)
        advance(1)
    names = ("acceptance", "moved", "nodes", "sides", "modularity")
    told = {name: [each[name] for each in qualities if name in each] for name in names}
    return samples, {name: float(np.mean(v)) if v else None for name, v in told.items()}


def _drawn(groups: list[Group], plan: NullPlan, runs: int, processes: int) -> Iterator[Drawn]:
    """Yield the samples in their order."""
    if processes <= 1 or runs < 2:
        yield from (_one(groups, plan, run) for run in range(runs))
        return
    with ProcessPoolExecutor(
        min(processes, runs), get_context("spawn"), _remember, (groups, plan)
    ) as pool:
        yield from pool.map(_remembered, range(runs))


_HELD: list[tuple[list[Group], NullPlan]] = []


def _remember(groups: list[Group], plan: NullPlan) -> None:
    """Keep in a new process what all its samples need, and list the measures there."""
    import workbench.polarisation  # noqa: F401

    _HELD[:] = [(groups, plan)]


def _remembered(run: int) -> Drawn:
    groups, plan = _HELD[0]
    return _one(groups, plan, run)


def _one(groups: list[Group], plan: NullPlan, run: int) -> Drawn:
    """Return the values of one sample of each group, and the quality of the first group's."""
    values: dict[str, float] = {}
    first: dict[str, float] = {}
    for group in groups:
        try:
            sample, quality = _sample(group, plan, run)
        except UndefinedError:  # counted: the measures of the group have a value less
            continue
        if group is groups[0]:
            first = quality
        for name, (value, _, _) in group.values(sample).items():
            if value is not None:
                values[name] = value
    return values, first


def _sample(group: Group, plan: NullPlan, run: int) -> tuple[Prepared, dict[str, float]]:
    """Return one null sample, cut to its largest component where the graph is, and its quality."""
    prepared, quality = group.prepared if plan.shuffle else group.basis or group.prepared, {}
    directed, seed = prepared.directed, spawn(plan.seed, "weights", run)
    if plan.shuffle:
        acts = shuffled_weights(prepared.acts, directed=directed, seed=seed)
    else:
        one = rewired(
            prepared.matrix, directed=directed, parts=prepared.parts,
            seed=spawn(plan.seed, "null", run),
        )  # fmt: skip
        quality = {"acceptance": one.acceptance, "moved": one.moved}
        acts = one.matrix
        if prepared.weighted or plan.weighted:
            acts = dealt_weights(acts, prepared.acts, directed=directed, seed=seed)
    acts, keep = cut_to_largest(acts, cut=group.cut)
    matrix = acts if prepared.weighted else binary(acts)
    weighted = prepared.weighted if plan.method is None else plan.weighted
    both = symmetric(acts, directed=directed, weighted=weighted)
    made: Prepared
    places = prepared.places[keep]
    if plan.method is None:
        made = prepared.with_matrix(matrix, prepared.labels[keep], places, connected=group.cut)
    else:
        labels = plan.sides_of(both, "split", run)
        made = prepared.with_sides(matrix, labels, places, connected=group.cut)
    held = int(np.count_nonzero(made.sizes))
    quality |= {"nodes": len(keep), "sides": held}
    quality["modularity"] = matrix_modularity(both, made.labels)
    return made, quality
