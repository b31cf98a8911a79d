"""Intervals of indices: how much a value would move with other accounts or other acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from workbench.errors import UndefinedError, UsageError
from workbench.polarisation.asked import cut_to_largest, symmetric
from workbench.polarisation.measures import INDICES
from workbench.polarisation.preparation import binary
from workbench.rng import generator, spawn

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.polarisation.asked import Group
    from workbench.polarisation.preparation import Prepared
    from workbench.polarisation.sampling import NullPlan

__all__ = ["INTERVALS", "RESAMPLES", "Interval", "intervals"]

INTERVALS = ("none", "jackknife", "bootstrap")
RESAMPLES = 200
#: Share of the accounts that a replicate of the jackknife leaves out.
LEFT_OUT = 0.1
LEVEL = 0.95
#: An index must be defined in so many of the replicates.
MOST_DEFINED = 0.95


@dataclass(frozen=True)
class Interval:
    """The 95 % interval of one raw value.

    Attributes
    ----------
    low, high
        Its ends; None where the index is undefined in more than 5 % of the replicates.
    facts
        ``interval`` (its kind), ``resamples``, ``resample_mean`` and, if any,
        ``undefined_resamples``.
    """

    low: float | None
    high: float | None
    facts: dict[str, Any]


def intervals(
    groups: list[Group],
    graph: InteractionGraph,
    plan: NullPlan,
    *,
    kind: str,
    observed: dict[str, float | None],
    advance: Callable[[int], None] = lambda _: None,
) -> dict[str, Interval]:
    """Return the 95 % interval of each index that has a value.

    ``jackknife``: accounts are the sample. Each replicate leaves out d = 10 % of the n accounts;
    the deviations from the mean of the replicates are stretched by √((n − d)/d) ≈ 3, as leaving
    out so few moves the value that much less than a new sample would [1]. An account takes its
    edges with it, so in a sparse graph, where acts and not accounts carry the chance, it is up to
    one and a half times as wide as needed. ``bootstrap``: acts are the sample. Each replicate
    keeps half of them, Binomial(w, ½) of an edge of weight w, which moves the value as much as a
    new sample would; drawn with replacement, acts of edges of weight 1 could not be told apart
    from one, and the interval was a quarter too narrow. Replicates have fewer edges, so only their
    spread is used. In both, the interval is the value plus the 2.5 and 97.5 % quantiles of
    the deviations, cut at the bounds of the index; the graph is cut to its largest component
    again, and sides that were found in the graph are found again.

    Raises
    ------
    UsageError
        `kind` does not exist; acts are to be drawn and a weight is no whole number.

    References
    ----------
    .. [1] Shao & Wu (1989) A general theory for jackknife variance estimation. Annals of
       Statistics 17(3), 1176–1197. doi:10.1214/aos/1176347263
    """
    if kind not in INTERVALS[1:]:
        raise UsageError("no such interval", value=kind, allowed=", ".join(INTERVALS))
    acts = [_acts(group, graph) if kind == "bootstrap" else None for group in groups]
    drawn: dict[str, list[float]] = {name: [] for group in groups for name in group.names}
    for run in range(RESAMPLES):
        for group, own in zip(groups, acts, strict=True):
            seed = spawn(plan.seed, kind, run)
            kept, left = _fewer_accounts(group.prepared, seed) if own is None else own.drawn(seed)
            try:
                part = _prepared(group, plan, left, kept, run)
            except UndefinedError:  # counted: the measures of the group have a value less
                continue
            for name, (value, _, _) in group.values(part).items():
                if value is not None:
                    drawn[name].append(value)
        advance(1)
    return {
        name: _interval(
            name, observed[name], drawn[name], kind, stretch=_stretch(group.prepared, kind)
        )
        for group in groups
        for name in group.names
        if observed[name] is not None
    }


def _interval(
    name: str, value: float | None, drawn: list[float], kind: str, *, stretch: float
) -> Interval:
    facts: dict[str, Any] = {"interval": kind, "resamples": RESAMPLES}
    if len(drawn) < RESAMPLES:
        facts["undefined_resamples"] = RESAMPLES - len(drawn)
    if value is None or len(drawn) < MOST_DEFINED * RESAMPLES:
        return Interval(None, None, facts)
    values = np.array(drawn)
    facts["resample_mean"] = float(values.mean())
    tails = (1 - LEVEL) / 2, (1 + LEVEL) / 2
    ends = value + stretch * np.quantile(values - values.mean(), tails)
    low, high = INDICES[name].bounds
    ends = np.clip(ends, -np.inf if low is None else low, np.inf if high is None else high)
    return Interval(float(min(ends[0], value)), float(max(ends[1], value)), facts)


def _stretch(prepared: Prepared, kind: str) -> float:
    """Return how much less a replicate moves a value than a new sample would."""
    left_out = _left_out(prepared.nodes)
    return 1.0 if kind == "bootstrap" else float(np.sqrt(prepared.nodes / left_out - 1))


def _left_out(nodes: int) -> int:
    return max(1, round(LEFT_OUT * nodes))


def _prepared(
    group: Group, plan: NullPlan, acts: csr_array, kept: NDArray[np.int64], run: int
) -> Prepared:
    """Return a replicate with its sides.

    Raises
    ------
    UndefinedError
        There is nothing left, or it cannot be split.
    """
    if not acts.nnz:
        raise UndefinedError("no act is left")
    acts, inside = cut_to_largest(acts, cut=group.cut)
    kept, prepared = kept[inside], group.prepared
    matrix = acts if prepared.weighted else binary(acts)
    places = prepared.places[kept]
    if plan.method is None:
        return prepared.with_matrix(matrix, prepared.labels[kept], places, connected=group.cut)
    both = symmetric(acts, directed=prepared.directed, weighted=plan.weighted)
    labels = plan.sides_of(both, "replicate", run)
    return prepared.with_sides(matrix, labels, places, connected=group.cut)


def _fewer_accounts(prepared: Prepared, seed: int) -> tuple[NDArray[np.int64], csr_array]:
    n = prepared.nodes
    kept = np.sort(generator(seed, "accounts").choice(n, n - _left_out(n), replace=False))
    return kept, csr_array(prepared.acts[kept][:, kept])


@dataclass(frozen=True)
class _Acts:
    """The acts among the accounts of a prepared graph, an edge with its count a row."""

    prepared: Prepared
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    count: NDArray[np.int64]

    def drawn(self, seed: int) -> tuple[NDArray[np.int64], csr_array]:
        """Return all nodes, and the matrix of half of the acts."""
        draws = generator(seed, "acts").binomial(self.count, 0.5)
        some = draws > 0
        n = self.prepared.nodes
        acts = csr_array(
            (draws[some].astype(float), (self.source[some], self.target[some])), shape=(n, n)
        )
        if not self.prepared.directed:
            acts = csr_array(acts + acts.T)
        acts.sort_indices()
        return np.arange(n), acts


def _acts(group: Group, graph: InteractionGraph) -> _Acts:
    """Return the acts behind a prepared graph.

    Raises
    ------
    UsageError
        A weight is no whole number ≥ 1.
    """
    source, target, weight = graph.arcs()
    place = np.full(graph.nodes, -1, dtype=np.int64)
    place[group.prepared.places] = np.arange(group.prepared.nodes)
    inside = (place[source] >= 0) & (place[target] >= 0) & (source != target)
    if not graph.directed:
        inside &= source < target
    count = weight[inside]
    whole = np.rint(count)
    if not np.array_equal(whole, count) or (whole < 1).any():
        raise UsageError(
            "acts cannot be drawn: a weight is not a whole number",
            value=float(count[np.argmax(count != whole)]),
            allowed="weights that count acts",
            remedy="use --interval jackknife",
        )
    ends = place[source[inside]], place[target[inside]]
    return _Acts(group.prepared, *ends, whole.astype(np.int64))
