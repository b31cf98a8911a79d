"""Communities found in one window after another, matched, beside what chance alone would move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from workbench.communities.detection import METHODS, modularity
from workbench.communities.matching import Matching, checked, matched, records
from workbench.communities.searching import Search
from workbench.communities.steps import Step, Window
from workbench.errors import UndefinedError, UsageError
from workbench.graphs.windows import windows as cut
from workbench.model.csr import shortlex
from workbench.model.graph import InteractionGraph
from workbench.rng import generator, resolve, spawn

if TYPE_CHECKING:
    from workbench.communities.steps import Rule
    from workbench.model.corpus import Corpus
    from workbench.model.partition import Partition

__all__ = ["over_time"]


def over_time(
    source: Corpus | Mapping[str, InteractionGraph],
    *,
    method: str = "leiden",
    parameters: Mapping[str, Any] | None = None,
    runs: int = 5,
    noise: int = 4,
    rule: str = "inclusion",
    threshold: float | None = None,
    among: str = "both",
    least: int = 5,
    seed: int | None = None,
    **windows: Any,
) -> Matching:
    """Return the communities of each window, matched as by ``match``, beside two floors of noise.

    The communities of a window are the best of `runs` seeds: highest modularity, at the resolution
    of methods that maximise it there and else at 1; the first on a tie.

    **Seeds** (``noise_…``). The communities of each window are found `noise` times more in the same
    way with other seeds, and matched with the first over the same accounts and under the same rule
    as the two windows are; means over the comparisons of both. It is what would seem to move if the
    graph were the same. A method without a seed has none.

    **Acts** (``dealt_…``). `noise` times, the acts of both windows are put together and dealt to
    two windows at random, as many to each as it had; communities are found and matched in the same
    way, and the accounts compared are those of the dealt windows. It is what two samples of one
    time would show: in sparse graphs by far the larger floor. Acts upon one post come together, and
    dealing spreads them, so beyond this floor may also stand that other posts were shared. NA for
    graphs in which nobody acts (``co_*``) and for weights that are no whole numbers.

    ``noise_share`` and ``dealt_share`` say how much of what moved each comes to; near 1, nothing is
    shown to have changed. Edges, weights, self-loops and isolates are those of the method. Windows
    in which it finds nothing (no edge between two accounts) are ``silent``, and the windows around
    them are compared.

    Parameters
    ----------
    source
        Window → graph, in order, as ``graphs.windows`` returns; or a corpus, to be cut so.
    method
        A name from ``METHODS``.
    parameters
        Of the method, such as ``{"resolution": 2.0}``.
    runs, noise
        Seeds of one partition, ≥ 1; comparisons of each kind a window or step, ≥ 0. Cost: about
        runs · (1 + 3 · noise) searches a window.
    rule, threshold, among, least
        As for ``match``.
    **windows
        Of ``graphs.windows``, for a corpus: ``kind every since until`` and the filters.

    Raises
    ------
    UsageError
        A choice has a value that is not allowed.
    InputError
        Fewer than two windows have a community that is followed.
    """
    chosen = checked(rule, threshold, among=among, least=least)
    if method not in METHODS:
        raise UsageError("no such method", value=method, allowed=", ".join(METHODS))
    if runs < 1 or noise < 0:
        raise UsageError(
            "the numbers of runs are too small",
            value=f"runs {runs}, noise {noise}",
            allowed="runs ≥ 1, noise ≥ 0",
        )
    graphs = _graphs(source, windows)
    used = resolve(seed)
    search = _Search(method, dict(parameters or {}), runs, used)
    found = {name: search.best(graph, name) for name, graph in graphs.items()}
    made = matched(
        {name: Window.of(each, least) for name, each in found.items() if each is not None},
        chosen,
        least=least,
    )
    asked = {"method": method, "parameters": search.parameters, "runs": runs, "noise": noise}
    made = replace(
        made,
        silent=tuple(name for name in graphs if name not in made.partitions),
        choices={**asked, **made.choices},
        seed=used,
    )
    return _with_floors(made, _Floors(graphs, search, chosen, least, noise))


def _graphs(
    source: Corpus | Mapping[str, InteractionGraph], windows: dict[str, Any]
) -> dict[str, InteractionGraph]:
    if not isinstance(source, Mapping):
        return cut(source, **windows)
    if windows:
        raise UsageError(
            "these graphs are cut already", value=sorted(windows), remedy="give the corpus"
        )
    return dict(source)


@dataclass(frozen=True)
class _Search:
    """One way to find the communities of a graph."""

    method: str
    parameters: dict[str, Any]
    runs: int
    seed: int

    @property
    def stochastic(self) -> bool:
        """Whether another seed may find others."""
        return METHODS[self.method].stochastic

    def best(self, graph: InteractionGraph, *stream: str | int) -> Partition | None:
        """Return the best of the runs; None where there is nothing to find."""
        function = METHODS[self.method].function
        found: list[Partition] = []
        try:
            for run in range(self.runs if self.stochastic else 1):
                seeds = {"seed": spawn(self.seed, *stream, run)} if self.stochastic else {}
                found.append(function(graph, **self.parameters, **seeds))
        except UndefinedError:
            return None
        weighted = bool(self.parameters.get("weighted", True))
        search = Search(self.method, self.parameters, self.runs, weighted)
        quality = [
            modularity(graph, each, weighted=weighted, resolution=search.gamma) for each in found
        ]
        return found[int(np.argmax(quality))]


@dataclass(frozen=True)
class _Floors:
    """What seeds and the dealing of acts show where nothing has changed."""

    graphs: dict[str, InteractionGraph]
    search: _Search
    rule: Rule
    least: int
    runs: int

    def repeats(self, name: str) -> list[Window]:
        """Return the communities of a window under other seeds."""
        runs = self.runs if self.search.stochastic else 0
        again = [self.search.best(self.graphs[name], name, "again", i) for i in range(runs)]
        return [Window.of(each, self.least) for each in again if each is not None]

    def dealt(self, before: str, window: str) -> list[Step]:
        """Return steps between windows between which the acts of both were dealt."""
        first, second = self.graphs[before], self.graphs[window]
        if not self.runs or not first.directed or not second.directed:
            return []
        if not all(np.array_equal(each.weight, np.rint(each.weight)) for each in (first, second)):
            return []
        pool, drawn = _pooled(first, second), []
        for i in range(self.runs):
            rng = generator(self.search.seed, before, window, "dealt", i)
            found = [
                self.search.best(graph, before, window, "dealt", i, place)
                for place, graph in enumerate(_dealt(pool, int(first.weight.sum()), rng))
            ]
            ends = [Window.of(each, self.least) for each in found if each is not None]
            if len(ends) == 2:
                drawn.append(Step.of(ends[0], ends[1], self.rule))
        return drawn


def _pooled(first: InteractionGraph, second: InteractionGraph) -> InteractionGraph:
    """Return the graph of the acts of both windows."""
    _, ids = shortlex(pa.chunked_array([first.ids, second.ids]).unique())
    n = len(ids)
    empty = InteractionGraph(
        ids, np.zeros(n + 1, dtype=np.int64), np.empty(0, np.int32), np.empty(0), kind=first.kind
    )
    ends: list[list[Any]] = []
    for graph in (first, second):
        place = empty.positions(graph.ids.to_pylist()).astype(np.int32)
        source, target, weight = graph.arcs()
        ends.append([place[source], place[target], weight])
    source, target, weight = (np.concatenate(pair) for pair in zip(*ends, strict=True))
    return empty.with_arcs(source, target, weight)


def _dealt(
    pool: InteractionGraph, acts: int, rng: np.random.Generator
) -> tuple[InteractionGraph, InteractionGraph]:
    """Return the acts of `pool` dealt at random, `acts` of them to the first of two windows."""
    whole = np.rint(pool.weight).astype(np.int64)
    share = rng.multivariate_hypergeometric(whole, acts, method="marginals")
    source, target, _ = pool.arcs()
    made = []
    for weight in (share, whole - share):
        kept = weight > 0
        used = np.zeros(pool.nodes, dtype=bool)
        used[source[kept]] = True
        used[target[kept]] = True
        graph = pool.with_arcs(source[kept], target[kept], weight[kept].astype(np.float64))
        made.append(graph.subgraph(used))
    return made[0], made[1]


def _with_floors(made: Matching, floors: _Floors) -> Matching:
    """Return the matching with both floors beside each step."""
    followed = {name: Window.of(each, floors.least) for name, each in made.partitions.items()}
    repeats = {name: floors.repeats(name) for name in made.windows}
    rows = records(made.steps)
    for row, (before, window) in zip(rows, pairwise(made.windows), strict=True):
        pools = Step.of(followed[before], followed[window], floors.rule).pool
        again = [
            Step.of(followed[name], other, floors.rule, pool=(pool, pool))
            for name, pool in zip((before, window), pools, strict=True)
            for other in repeats[name]
        ]
        for prefix, steps in (("noise", again), ("dealt", floors.dealt(before, window))):
            moved = _mean([step.moved() for step in steps])
            known = moved is not None and row["moved"] is not None and row["moved"] > 0
            row |= {
                f"{prefix}_moved": moved,
                f"{prefix}_ami": _mean([step.agreement() for step in steps]),
                f"{prefix}_changes": _mean([float(step.changes()) for step in steps]),
                f"{prefix}_runs": len(steps),
                f"{prefix}_share": min(1.0, (moved or 0.0) / row["moved"]) if known else None,
            }
    return made.with_steps(rows)


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
