"""Scores that need sides: what they are checked for, the flows between sides, several partitions.

All of them look at one matrix F, F[j, i] = acts between account j and account i as `direction`
counts them, without self-loops: ``in`` the acts of i upon j (who amplifies j: its audience),
``out`` the acts of j upon i (whom j amplifies: its sources), ``both`` their sum.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.influence.measures import MEASURES
from workbench.model.partition import Partition
from workbench.model.scores import NodeScores
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = [
    "DIRECTIONS",
    "Flows",
    "OverPartitions",
    "averaged",
    "checked_partitions",
    "flows_of",
    "of_same_accounts",
    "over_partitions",
    "unknown_as_na",
]

DIRECTIONS = ("in", "out", "both")
WEIGHTS = ("weighted", "unweighted")


@dataclass(frozen=True, eq=False)
class Flows:
    """The acts of one graph between accounts that both have a side.

    Attributes
    ----------
    own, other, acts
        Positions of the account, of who it meets, and the acts between them, one a pair.
    labels
        Side of each node, −1 without one, shape (n,).
    k
        Number of sides.
    facts
        ``direction``, ``weights``, ``unsided`` (accounts without a side) and ``acts_used``, the
        share of the acts between different accounts that are between sides; 1 when there are none.
    """

    own: NDArray[np.int32]
    other: NDArray[np.int32]
    acts: NDArray[np.float64]
    labels: NDArray[np.int32]
    k: int
    facts: dict[str, Any]

    @property
    def nodes(self) -> int:
        """Number of nodes n."""
        return len(self.labels)

    def by_side(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return account, side and the acts between them, once for each pair that has any."""
        key = self.own.astype(np.int64) * max(self.k, 1) + self.labels[self.other]
        met, place = np.unique(key, return_inverse=True)
        acts = np.bincount(place, weights=self.acts, minlength=len(met)).astype(np.float64)
        return met // max(self.k, 1), met % max(self.k, 1), acts

    def total(self) -> NDArray[np.float64]:
        """Return the acts of each account with accounts of any side, shape (n,)."""
        return self._sums(np.ones(len(self.own), dtype=bool))

    def inside(self) -> NDArray[np.float64]:
        """Return the acts of each account with its own side, shape (n,)."""
        return self._sums(self.labels[self.own] == self.labels[self.other])

    def _sums(self, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        sums = np.bincount(self.own[chosen], weights=self.acts[chosen], minlength=self.nodes)
        return sums.astype(np.float64)


def flows_of(
    graph: InteractionGraph, partition: Partition, *, direction: str, weights: str
) -> Flows:
    """Return the acts of a graph between accounts that have a side, as `direction` counts them.

    Parameters
    ----------
    direction
        ``in``, ``out`` or ``both``; the same for a graph without direction.
    weights
        ``weighted``, or ``unweighted``: a pair that has any act counts 1 (with ``both``, a
        reciprocal pair counts once).

    Raises
    ------
    InputError
        The partition belongs to another graph.
    """
    partition.check(graph)
    source, target, weight = graph.without_self_loops().arcs()
    if direction == "both" and graph.directed:
        source, target, weight = graph.symmetrised().arcs()
    own, other = (source, target) if direction == "out" else (target, source)
    acts = weight if weights == "weighted" else np.ones(len(weight))
    labels = partition.labels
    sided = (labels[own] >= 0) & (labels[other] >= 0)
    total = float(acts.sum())
    facts = {
        "direction": direction,
        "weights": weights,
        "unsided": partition.unlabelled,
        "acts_used": float(acts[sided].sum()) / total if total else 1.0,
    }
    return Flows(own[sided], other[sided], acts[sided], labels, partition.k, facts)


def checked_partitions(
    graph: InteractionGraph,
    sides: Partition | Sequence[Partition] | None,
    *,
    name: str,
    direction: str,
    weights: str,
) -> list[Partition]:
    """Return the partitions after all checks that a measure with sides makes.

    Raises
    ------
    UsageError
        There are no sides, or a choice is not allowed.
    UndefinedError
        The graph is empty, or holds more than accounts.
    InputError
        A partition belongs to another graph.
    """
    if sides is None or (not isinstance(sides, Partition) and not len(sides)):
        raise UsageError(
            f"{name} needs sides or a partition",
            remedy="give sides, or find communities: communities.leiden(graph)",
        )
    for value, allowed in ((direction, DIRECTIONS), (weights, WEIGHTS)):
        if value not in allowed:
            raise UsageError("no such choice", value=value, allowed=", ".join(allowed))
    if not graph.nodes:
        raise UndefinedError(f"{name} is undefined: the graph has no accounts")
    if graph.parts is not None:
        raise UndefinedError(
            f"{name} is of accounts, and this graph also holds what they used",
            value=graph.kind,
            remedy="use an interaction graph, such as retweet",
        )
    partitions = [sides] if isinstance(sides, Partition) else list(sides)
    for partition in partitions:
        if not isinstance(partition, Partition):
            raise UsageError(
                f"{name} needs sides or a partition",
                value=type(partition).__name__,
                remedy="make one: Partition.from_mapping(graph, {account: side})",
            )
        partition.check(graph)
    return partitions


def averaged(
    graph: InteractionGraph,
    sides: Partition | Sequence[Partition],
    kernel: Callable[[Flows], NDArray[np.float64]],
    *,
    name: str,
    direction: str,
    weights: str,
    choices: dict[str, Any] | None = None,
) -> NodeScores:
    """Return the mean over the partitions of what `kernel` makes of the flows of each.

    The kernel gives one value a node, NaN where there is none. A node has a mean where every
    partition gives it a value; those that some give one and others not are counted in
    ``parameters["undefined_in_some"]``.
    """
    partitions = checked_partitions(graph, sides, name=name, direction=direction, weights=weights)
    total = np.zeros(graph.nodes)
    known = np.zeros(graph.nodes, dtype=np.int64)
    facts: dict[str, Any] = {}
    for partition in partitions:
        flows = flows_of(graph, partition, direction=direction, weights=weights)
        values = kernel(flows)
        given = ~np.isnan(values)
        total[given] += values[given]
        known += given
        used = min(flows.facts["acts_used"], facts.get("acts_used", 1.0))
        facts = flows.facts | {"acts_used": used}
    every = np.flatnonzero(known == len(partitions))
    if len(partitions) > 1:
        some = int(((known > 0) & (known < len(partitions))).sum())
        facts |= {"partitions": len(partitions), "undefined_in_some": some}
    return NodeScores.from_known(
        graph, every, total[every] / len(partitions), name=name, parameters=facts | (choices or {})
    )


def of_same_accounts(
    graph: InteractionGraph, sides: Partition | Sequence[Partition] | None
) -> Partition | Sequence[Partition] | None:
    """Return the sides for a graph of the same accounts in which some acts are missing."""
    if sides is None or isinstance(sides, Partition):
        return sides and replace(sides, graph_fingerprint=graph.fingerprint)
    return [replace(one, graph_fingerprint=graph.fingerprint) for one in sides]


def unknown_as_na(values: NDArray[np.float64]) -> Any:
    """Return a pandas column of the values, NA in place of NaN."""
    import pandas as pd

    known: list[float | None] = [None if np.isnan(v) else v for v in values.tolist()]
    return pd.array(known, dtype="Float64")


@dataclass(frozen=True, eq=False, repr=False)
class OverPartitions(Tabular):
    """A measure over several partitions of one graph.

    Attributes
    ----------
    mean
        Scores of the accounts that have a value in every partition.
    sd
        Standard deviation over the partitions (dividing by their number less one), one an account
        of `mean`.
    low, high
        Smallest and largest value.
    """

    mean: NodeScores
    sd: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def _words(self) -> str:
        return f"{self.mean.name}: {len(self.mean.values):,} accounts"

    def to_pandas(self) -> pd.DataFrame:
        """Return ``account, mean, sd, low, high`` in account order."""
        import pandas as pd

        return pd.DataFrame(
            {
                "account": self.mean.ids.to_pylist(),
                "mean": self.mean.values,
                "sd": self.sd,
                "low": self.low,
                "high": self.high,
            }
        )


def over_partitions(
    graph: InteractionGraph, partitions: Sequence[Partition], *, by: str, **choices: Any
) -> OverPartitions:
    """Return mean and spread of a measure with sides over several partitions.

    The spread says what the method that found the partitions leaves open (its seeds); it is no
    interval, and says nothing of acts that were not seen.

    Parameters
    ----------
    partitions
        Two or more of this graph, such as Leiden's with several seeds.
    by
        ``participation``, ``within_module_z``, ``gateway`` or ``bridge_share``.
    **choices
        Of that measure.

    Raises
    ------
    UsageError
        The measure takes no sides, or there are fewer than two partitions.
    UndefinedError, InputError
        As the measure.
    """
    able = [name for name, measure in MEASURES.items() if measure.needs == "sides"]
    if by not in able:
        raise UsageError("no such measure with sides", value=by, allowed=", ".join(able))
    if len(partitions) < 2:
        raise UsageError("a spread needs two partitions or more", value=len(partitions))
    function = MEASURES[by].function
    mean = function(graph, partitions, **choices)
    places = graph.positions(mean.ids.to_pylist())
    values = np.empty((len(partitions), len(places)))
    for row, partition in zip(values, partitions, strict=True):
        one = function(graph, partition, **choices)
        full = np.full(graph.nodes, np.nan)
        full[graph.positions(one.ids.to_pylist())] = one.values
        row[:] = full[places]
    return OverPartitions(mean, values.std(axis=0, ddof=1), values.min(axis=0), values.max(axis=0))
