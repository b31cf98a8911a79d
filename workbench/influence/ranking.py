"""Rankings with their uncertainty: how far down an account could be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from workbench.errors import UndefinedError, UsageError
from workbench.influence.measures import MEASURES
from workbench.rng import generator, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph
    from workbench.model.scores import NodeScores

__all__ = ["Ranking", "rank"]


@dataclass(frozen=True)
class Ranking:
    """Accounts by one or more measures, the first of which orders them.

    Attributes
    ----------
    graph
        ``kind nodes edges weight fingerprint`` of the graph.
    scores
        Measure → scores of all accounts.
    positions
        Node positions of the accounts shown, best first; ties in account order.
    rank_low, rank_high
        95 % resampling interval of the rank of each account shown; None without bootstrap.
    bootstrap, seed
        Number of resamples, and the seed; None without.
    """

    graph: dict[str, Any]
    scores: Mapping[str, NodeScores]
    positions: NDArray[np.int64]
    rank_low: NDArray[np.int64] | None = None
    rank_high: NDArray[np.int64] | None = None
    bootstrap: int = 0
    seed: int | None = None

    @property
    def by(self) -> str:
        """The measure that orders the accounts."""
        return next(iter(self.scores))

    def to_pandas(self) -> pd.DataFrame:
        """Return ``rank, account, <measure>…[, rank_low, rank_high]``, best first."""
        import pandas as pd

        first = self.scores[self.by]
        columns: dict[str, Any] = {
            "rank": first.ranks()[self.positions],
            "account": first.ids.take(pa.array(self.positions)).to_pylist(),
        }
        columns |= {name: s.values[self.positions] for name, s in self.scores.items()}
        if self.rank_low is not None:
            columns |= {"rank_low": self.rank_low, "rank_high": self.rank_high}
        return pd.DataFrame(columns)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``workbench influence``."""
        accounts = self.to_pandas().to_dict("records")
        for row in accounts:
            row.setdefault("rank_low", None)
            row.setdefault("rank_high", None)
        return {
            "graph": self.graph,
            "by": list(self.scores),
            "bootstrap": self.bootstrap,
            "seed": self.seed,
            "accounts": accounts,
        }

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        return str(self.to_pandas().to_html(index=False))


def rank(
    graph: InteractionGraph,
    *,
    by: str | Sequence[str] = "in_strength",
    top: int = 20,
    bootstrap: int = 0,
    seed: int | None = None,
    advance: Callable[[int], None] | None = None,
) -> Ranking:
    """Return the accounts with the highest scores, with rank intervals.

    rank = 1 + number of accounts with a strictly greater score. The bootstrap draws amplifiers
    (rows of the adjacency, with all their acts) with Poisson(1) multiplicities, scores every
    resample by the first measure, and gives the 2.5 and 97.5 percentiles of the rank. These are
    resampling intervals: between accounts whose scores are nearly tied they cover less than 95 %.

    Parameters
    ----------
    by
        A measure or several; the ranking follows the first.
    top
        Accounts shown.
    bootstrap
        Resamples; 0 gives no intervals, 500 is usual.
    advance
        Called with 1 after each resample, for a progress bar.

    Raises
    ------
    UsageError
        A measure does not exist; the weights are fractions, so they are no acts to draw from.
    UndefinedError
        The graph is empty.

    References
    ----------
    .. [1] Goldstein & Spiegelhalter (1996) League tables and their limitations. JRSS A 159(3),
       385–443. doi:10.2307/2983325
    """
    names = [by] if isinstance(by, str) else list(by)
    for name in names:
        if name not in MEASURES:
            raise UsageError("no such measure", value=name, allowed=", ".join(MEASURES))
    if not names or top < 0 or bootstrap < 0:
        raise UsageError("nothing to rank by, or a negative number", value=(names, top, bootstrap))
    if not graph.nodes:
        raise UndefinedError("there are no accounts to rank")
    scores = {name: MEASURES[name].function(graph) for name in names}
    positions = scores[names[0]].order()[:top]
    made = Ranking(
        {
            "kind": graph.kind,
            "nodes": graph.nodes,
            "edges": graph.edges,
            "weight": graph.total_weight,
            "fingerprint": graph.fingerprint,
        },
        scores,
        positions,
    )
    if not bootstrap:
        return made
    used = resolve(seed)
    ranks = _resampled_ranks(
        graph, names[0], positions, runs=bootstrap, seed=used, advance=advance or (lambda _: None)
    )
    low, high = np.percentile(ranks, [2.5, 97.5], axis=0, method="nearest")
    return replace(
        made,
        rank_low=low.astype(np.int64),
        rank_high=high.astype(np.int64),
        bootstrap=bootstrap,
        seed=used,
    )


def _resampled_ranks(
    graph: InteractionGraph,
    name: str,
    positions: NDArray[np.int64],
    *,
    runs: int,
    seed: int,
    advance: Callable[[int], None],
) -> NDArray[np.int64]:
    """Return the rank of the accounts at `positions` in each resample, shape (runs, accounts)."""
    if not np.array_equal(graph.weight, np.rint(graph.weight)):
        raise UsageError(
            "the weights are fractions, so there are no acts to draw again",
            remedy="rank without bootstrap",
        )
    rng = generator(seed, "bootstrap", name)
    ranks = np.empty((runs, len(positions)), dtype=np.int64)
    proper = graph.without_self_loops()
    linear = {"in_strength": proper.weight, "unique_amplifiers": np.ones(proper.arcs_stored)}
    amplifier = proper.arcs()[0]
    for run in range(runs):
        times = rng.poisson(1.0, graph.nodes).astype(np.float64)
        if name in linear:
            # Both are sums over amplifiers, so a resample is one weighted count.
            drawn = linear[name] * times[amplifier]
            values = np.bincount(proper.indices, weights=drawn, minlength=graph.nodes) * 1.0
        else:
            values = _resampled_scores(graph, name, times)
        ascending = np.sort(values)
        ranks[run] = 1 + len(values) - np.searchsorted(ascending, values[positions], side="right")
        advance(1)
    return ranks


def _resampled_scores(
    graph: InteractionGraph, name: str, times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the scores of the graph whose amplifiers act `times` as often."""
    source, target, weight = graph.arcs()
    drawn = times[source] > 0
    resample = graph.with_arcs(source[drawn], target[drawn], (weight * times[source])[drawn])
    scores: NodeScores = MEASURES[name].function(resample)
    return scores.values
