"""What changed between two dates: the difference of an index, with an interval and a test."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from workbench.errors import UsageError
from workbench.model.csr import shortlex
from workbench.model.graph import InteractionGraph
from workbench.model.partition import Partition
from workbench.model.shown import Tabular
from workbench.polarisation.carrying import (
    carried,
    checked_choices,
    coverage,
    index_or_reason,
)
from workbench.polarisation.measures import INDICES
from workbench.rng import generator, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.index import IndexValue

__all__ = ["Difference", "difference"]

#: Below this many samples neither p nor interval is shown.
RUNS_FOR_P = 199
#: Share of the acting accounts that each replicate of the jackknife leaves out.
LEFT_OUT = 0.2
FEWEST_ACTORS = 20


@dataclass(frozen=True, repr=False)
class Difference(Tabular):
    """An index in two windows, and what it differs by.

    Attributes
    ----------
    first, second
        The index in each window, ``low`` and ``high`` from the same replicates.
    difference
        second − first; None when either is undefined, and then ``reason`` says why.
    low, high
        95 % interval of the difference; None below 199 runs.
    p
        Two-sided; None below 199 runs.
    windows
        ``first`` and ``second`` → ``accounts sided share weight_share`` as in ``by_kind``.
    actors
        Accounts with an act that the index may see: ``first`` only, ``second`` only, ``both``.
    """

    measure: str
    first: IndexValue
    second: IndexValue
    difference: float | None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    runs: int = 0
    seed: int = 0
    windows: dict[str, dict[str, float | None]] = field(default_factory=dict)
    actors: dict[str, int] = field(default_factory=dict)
    choices: dict[str, Any] = field(default_factory=dict)
    reason: str | None = None

    tests = "which window an account's acts are in has to do with how divided they are"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None with its reason."""
        shown = ("measure", "difference", "low", "high", "p", "runs", "seed", "reason", "tests")
        return {
            **{name: getattr(self, name) for name in shown},
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "windows": {name: dict(facts) for name, facts in self.windows.items()},
            "actors": dict(self.actors),
            "choices": dict(self.choices),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return three rows: first, second, and the difference with its p."""
        import pandas as pd

        rows = [
            {"what": what, "value": index.value, "low": index.low, "high": index.high, "p": None}
            for what, index in (("first", self.first), ("second", self.second))
        ]
        last = {"value": self.difference, "low": self.low, "high": self.high, "p": self.p}
        table = pd.DataFrame([*rows, {"what": "difference", **last}])
        return table.astype(dict.fromkeys(("value", "low", "high", "p"), "Float64"))


def difference(
    first: InteractionGraph,
    second: InteractionGraph,
    sides: Partition,
    *,
    measure: str,
    choices: Mapping[str, Any] | None = None,
    runs: int = 199,
    seed: int | None = None,
    advance: Callable[[int], None] | None = None,
) -> Difference:
    """Return what an index differs by between two windows, with an interval and a test.

    The unit is the account that acts: all its acts of one window are kept, moved or left out
    together, for they are not independent of each other.

    **p.** Hypothesis: which of the two windows an account's acts are in has nothing to do with how
    divided they are. In each sample, accounts that act in both windows exchange all their acts of
    one for all of the other with probability ½, and accounts that act in one window only draw a
    window anew, as many for each as there were; p = (1 + #{|difference| ≥ observed})/(runs + 1).
    It is small when accounts act otherwise, when other accounts act (``decompose`` tells which),
    and, for an index that follows the density of the graph, when accounts act more or less often:
    the nulls of ``over_time`` show how much of a difference that is.

    **Interval.** Delete-d jackknife: each replicate leaves out a fifth of the acting accounts with
    all their acts, in both windows; deviations from the mean replicate are scaled by
    √((n − d)/d) = 2 and their 2.5 and 97.5 % points put around the observed value. Accounts are
    taken as drawn at random; who is acted upon is not. Sides stay.

    Self-loops and accounts without a side are dropped, and accounts without an act. Sides found
    in one of the two windows fit that one better by their making, and so does the difference.

    Parameters
    ----------
    first, second
        Graphs of one kind, of two windows that do not overlap.
    sides
        Of the accounts of one graph, which may be another one; carried by account id.
    measure
        A name from the registry.
    choices
        ``direction weights component`` and the measure's own.
    runs
        Samples of the test, and as many replicates; p and interval from 199 on.
    advance
        Called with 1 after each sample and replicate, for a progress bar.

    Returns
    -------
    Difference
        In units of the index; an undefined one is None with its reason.

    Raises
    ------
    UsageError
        The measure or a choice does not exist, the graphs are of two kinds or of one whose acts
        have no acting account (``co_*``).
    """
    chosen = checked_choices(first, second, measure=measure, choices=choices)
    if not first.directed:
        raise UsageError(
            "an edge of this graph joins two accounts of which neither acts, so no account's "
            "acts can be moved",
            value=first.kind,
            remedy="compare interactions, or use decompose",
        )
    if runs < 0:
        raise UsageError("runs must be 0 or more", value=runs)
    used = resolve(seed)
    first, second = (_without_isolates(graph) for graph in (first, second))
    here = [carried(graph, sides) for graph in (first, second)]
    before, after = (
        replace(index_or_reason(g, s, measure=measure, choices=chosen), seed=used)
        for g, s in zip((first, second), here, strict=True)
    )
    pool = _Pool.of(first, second, sides)
    told = Difference(
        measure, before, after, None, runs=runs, seed=used, actors=pool.counts(), choices=chosen,
        windows={
            name: coverage(graph, side)
            for name, graph, side in zip(("first", "second"), (first, second), here, strict=True)
        },
    )  # fmt: skip
    if before.value is None or after.value is None:
        undefined = [w for w, i in (("first", before), ("second", after)) if i.value is None]
        reasons = [str(i.reason) for i in (before, after) if i.value is None]
        why = "; ".join(f"{w} window: {r}" for w, r in zip(undefined, reasons, strict=True))
        return replace(told, reason=why)
    return _tested(told, pool, advance or (lambda _: None))


def _without_isolates(graph: InteractionGraph) -> InteractionGraph:
    return graph.subgraph(np.ones(graph.nodes, dtype=bool), isolates=False)


@dataclass(frozen=True)
class _Pool:
    """The acts of both windows over the accounts of either.

    `late` says of each arc whether it is of the second window; `acts` of each account, shape
    (2, n), whether it acts upon another account with a side in a window, having one itself.
    """

    empty: InteractionGraph
    names: NDArray[np.object_]
    given: Sequence[str]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    weight: NDArray[np.float64]
    late: NDArray[np.bool_]
    acts: NDArray[np.bool_]

    @classmethod
    def of(cls, first: InteractionGraph, second: InteractionGraph, sides: Partition) -> _Pool:
        """Return the pool of two windows."""
        every = pa.chunked_array([first.ids, second.ids]).unique()
        _, ids = shortlex(every)
        n = len(ids)
        nothing = np.zeros(n + 1, dtype=np.int64)
        empty = InteractionGraph(
            ids, nothing, np.empty(0, dtype=np.int32), np.empty(0), kind=first.kind
        )
        ends: list[list[NDArray[Any]]] = []
        for graph in (first, second):
            place = empty.positions(graph.ids.to_pylist()).astype(np.int32)
            source, target, weight = graph.arcs()
            ends.append([place[source], place[target], weight])
        source, target, weight = (np.concatenate(pair) for pair in zip(*ends, strict=True))
        late = np.repeat([False, True], [len(ends[0][0]), len(ends[1][0])])
        here = carried(empty, sides)
        names = np.array([None, *here.names], dtype=object)[here.labels + 1]
        sided = here.labels >= 0
        seen = (source != target) & sided[source] & sided[target]
        acts = np.zeros((2, n), dtype=bool)
        acts[late[seen].astype(int), source[seen]] = True
        given = here.parameters.get("given", here.names)
        return cls(empty, names, given, source, target, weight, late, acts)

    def counts(self) -> dict[str, int]:
        """Return how many accounts act in one window only and in both."""
        kinds = Counter(zip(*self.acts.tolist(), strict=True))
        return {
            "first": kinds[True, False], "second": kinds[False, True], "both": kinds[True, True],
        }  # fmt: skip

    def values(
        self, keep: NDArray[np.bool_], late: NDArray[np.bool_], told: Difference
    ) -> tuple[float, float] | None:
        """Return the index of both windows over the kept arcs; None when either is undefined."""
        found = []
        for chosen in (keep & ~late, keep & late):
            source, target = self.source[chosen], self.target[chosen]
            used = np.zeros(self.empty.nodes, dtype=bool)
            used[source] = True
            used[target] = True
            graph = self.empty.with_arcs(source, target, self.weight[chosen]).subgraph(used)
            sides = Partition.from_labels(
                graph, self.names[used].tolist(), method="given", parameters={"given": self.given}
            )
            value = index_or_reason(graph, sides, measure=told.measure, choices=told.choices).value
            if value is None:
                return None
            found.append(value)
        return found[0], found[1]

    def exchanged(self, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Return the windows of the arcs after accounts have exchanged theirs."""
        swap = self.acts.all(axis=0) & (rng.random(self.empty.nodes) < 0.5)
        once = np.flatnonzero(self.acts[0] ^ self.acts[1])
        own = self.acts[1][once]
        swap[once] = rng.permutation(own) != own
        return np.asarray(self.late ^ swap[self.source])

    def without_some(self, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Return the arcs that are left when a fifth of the accounts that act are left out."""
        actors = np.flatnonzero(self.acts.any(axis=0))
        out = np.zeros(self.empty.nodes, dtype=bool)
        out[rng.choice(actors, round(LEFT_OUT * len(actors)), replace=False)] = True
        return np.asarray(~out[self.source])


def _tested(told: Difference, pool: _Pool, advance: Callable[[int], None]) -> Difference:
    """Return the difference with p and intervals, as far as the samples allow."""
    before, after = told.first.value, told.second.value
    if before is None or after is None:  # the caller has seen to that
        message = "no difference of an undefined index"
        raise AssertionError(message)
    observed = after - before
    told = replace(told, difference=observed)
    if told.runs < RUNS_FOR_P:
        return told
    every = np.ones(len(pool.source), dtype=bool)
    few = sum(told.actors.values()) < FEWEST_ACTORS
    moved, left = [], []
    for run in range(told.runs):
        late = pool.exchanged(generator(told.seed, "exchanged", run))
        moved.append(pool.values(every, late, told))
        advance(1)
        if not few:
            keep = pool.without_some(generator(told.seed, "left out", run))
            left.append(pool.values(keep, pool.late, told))
        advance(1)
    reasons = []
    drawn = np.array([pair for pair in moved if pair is not None])
    if len(drawn) == told.runs:
        extreme = np.abs(drawn[:, 1] - drawn[:, 0]) >= abs(observed) - 1e-12
        told = replace(told, p=float((1 + extreme.sum()) / (told.runs + 1)))
    else:
        reasons.append(f"no p: undefined in {told.runs - len(drawn)} of {told.runs} samples")
    drawn = np.array([pair for pair in left if pair is not None])
    if few:
        reasons.append(f"no interval: fewer than {FEWEST_ACTORS} accounts act")
    elif len(drawn) == told.runs:
        told = _with_intervals(told, drawn, before, after)
    else:
        reasons.append(f"no interval: undefined in {told.runs - len(drawn)} of {told.runs} samples")
    return replace(told, reason="; ".join(reasons) or None)


def _with_intervals(
    told: Difference, drawn: NDArray[np.float64], before: float, after: float
) -> Difference:
    """Return the difference and both indices with the intervals of the jackknife."""
    n = sum(told.actors.values())
    d = round(LEFT_OUT * n)

    def around(value: float, replicates: NDArray[np.float64]) -> dict[str, Any]:
        spread = np.sqrt((n - d) / d) * (replicates - replicates.mean())
        low, high = value + np.quantile(spread, [0.025, 0.975])
        return {"low": float(low), "high": float(high)}

    def within(value: float, replicates: NDArray[np.float64]) -> dict[str, Any]:
        ends = around(value, replicates)
        least, most = INDICES[told.first.name].bounds
        return {
            "low": ends["low"] if least is None else max(ends["low"], least),
            "high": ends["high"] if most is None else min(ends["high"], most),
        }

    return replace(
        told,
        first=replace(told.first, **within(before, drawn[:, 0])),
        second=replace(told.second, **within(after, drawn[:, 1])),
        **around(after - before, drawn[:, 1] - drawn[:, 0]),
    )
