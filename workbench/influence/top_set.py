"""The top k as a set: who could be among them, and who surely is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from workbench.errors import UndefinedError, UsageError
from workbench.influence.comparisons import pool, told_apart
from workbench.influence.resampling import (
    graph_facts,
    known_positions,
    ranks_at,
    scored,
)
from workbench.model.shown import Tabular
from workbench.rng import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.influence.comparisons import Compared, Pool
    from workbench.influence.resampling import Sides
    from workbench.model.graph import InteractionGraph

__all__ = ["TopSet", "top_k"]


@dataclass(frozen=True, eq=False, repr=False)
class TopSet(Tabular):
    """Accounts that together contain the true top k, and those that surely belong to it.

    Attributes
    ----------
    k, by, confidence
        What was asked.
    graph
        ``kind nodes edges weight fingerprint`` of the graph.
    possible
        Ids that hold all of the true top k with chance ≥ `confidence`; best first.
    sure
        Ids of which all belong to the true top k with chance ≥ `confidence`; best first.
    scores, ranks
        Of the possible, as observed.
    known
        Accounts that have a score.
    bootstrap, seed
        Number of resamples, and the seed.
    """

    k: int
    by: str
    confidence: float
    graph: dict[str, Any]
    possible: list[str]
    sure: list[str]
    scores: NDArray[np.float64]
    ranks: NDArray[np.int64]
    known: int
    bootstrap: int
    seed: int

    def _words(self) -> str:
        return (
            f"top {self.k} by {self.by}: {len(self.sure)} sure, {len(self.possible)} possible at "
            f"{self.confidence:.0%}, {self.bootstrap:,} resamples, seed {self.seed}"
        )

    def to_pandas(self) -> pd.DataFrame:
        """Return ``rank, account, <measure>, sure`` of the possible accounts, best first."""
        import pandas as pd

        sure = set(self.sure)
        return pd.DataFrame(
            {
                "rank": self.ranks,
                "account": self.possible,
                self.by: self.scores,
                "sure": [account in sure for account in self.possible],
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object."""
        return {
            "k": self.k,
            "by": self.by,
            "confidence": self.confidence,
            "graph": self.graph,
            "known": self.known,
            "bootstrap": self.bootstrap,
            "seed": self.seed,
            "accounts": self.to_pandas().to_dict("records"),
        }


def top_k(
    graph: InteractionGraph,
    *,
    k: int = 10,
    by: str = "in_strength",
    bootstrap: int = 500,
    confidence: float = 0.95,
    sides: Sides | None = None,
    seed: int | None = None,
    advance: Callable[[int], None] | None = None,
) -> TopSet:
    """Return the accounts that could be among the true top k, and those that surely are.

    True is what the same kinds of amplifiers would give in the long run: amplifiers (rows of the
    adjacency, with all their acts) are drawn again with Poisson(1) multiplicities. An account is
    left out of ``possible`` when at least k accounts are told to be greater; it is ``sure`` when
    all but k − 1 others are told to be lower. All pairs are judged at once, each by its own
    standard error, by step-down resampling (the projection sets for the τ-best of Mogstad et al.),
    so that each of the two statements holds for all its accounts together, cautiously: both did in
    all of 900 simulated graphs (``docs/validation/influence.md``). They hold in large samples: a
    score that rests on one amplifier can be told apart by chance. Where few accounts have
    more than some acts, everybody who was ever amplified could be among the top. Of measures that
    are no sums over amplifiers only the spread is judged: what drawing again shifts is not.

    Parameters
    ----------
    k
        From 1 to the number of accounts with a score. Accounts with equal true scores share a rank.
    by
        A measure whose acts can be drawn again.
    bootstrap
        Resamples, at least 20.
    confidence
        In (0, 1).
    sides
        For measures that need sides.
    advance
        Called with 1 after each resample, for a progress bar.

    Raises
    ------
    UsageError
        A number is out of range; the measure does not exist, lacks sides, or counts posts; the
        weights are fractions; the k-th account does not stand out from thousands of others.
    UndefinedError
        The graph is empty.

    References
    ----------
    .. [1] Mogstad, Romano, Shaikh & Wilhelm (2024) Inference for ranks with applications to
       mobility across neighbourhoods and academic achievement across countries. Review of Economic
       Studies 91(1), 476–518. doi:10.1093/restud/rdad006
    """
    if not graph.nodes:
        raise UndefinedError("there are no accounts to rank")
    if bootstrap < 20:
        raise UsageError("too few resamples for a set", value=bootstrap, allowed="at least 20")
    if not 0 < confidence < 1:
        raise UsageError("the confidence is out of range", value=confidence, allowed="(0, 1)")
    used = resolve(seed)
    found = scored(graph, by, sides=sides, seed=used)
    values = np.full(graph.nodes, -np.inf)
    place = known_positions(graph, found)
    values[place] = found.ranked_by
    known = len(found.values)
    whole = isinstance(k, int | np.integer) and not isinstance(k, bool)
    if not whole or not 1 <= k <= known:
        raise UsageError("k is out of range", value=k, allowed=f"1 to {known:,}")
    first = np.argsort(-values, kind="stable")[:k]
    made = pool(
        graph, by, values, first=first, runs=bootstrap, seed=used, sides=sides, advance=advance
    )
    possible = _possible(made, k, confidence)
    sure = _sure(made, k, confidence)
    kept = made.positions[possible[made.member]]
    certain = made.positions[(sure & possible)[made.member]]
    return TopSet(
        k=k,
        by=by,
        confidence=confidence,
        graph=graph_facts(graph),
        possible=graph.ids.take(pa.array(kept)).to_pylist(),
        sure=graph.ids.take(pa.array(certain)).to_pylist(),
        scores=found.values[np.searchsorted(place, kept)],
        ranks=ranks_at(values, kept),
        known=known,
        bootstrap=bootstrap,
        seed=used,
    )


def _possible(made: Pool, k: int, confidence: float) -> NDArray[np.bool_]:
    """Return which of the accounts that differ are not told to be below k others."""

    def below(told: Compared) -> NDArray[np.bool_]:
        return told.greater @ made.times >= k

    rows = np.arange(len(made.scores))
    told = told_apart(
        made.scores, made.draws, rows, confidence=confidence, sides="greater", enough=below
    )
    return ~below(told)


def _sure(made: Pool, k: int, confidence: float) -> NDArray[np.bool_]:
    """Return which of the accounts that differ are told to be above all but k − 1 others."""
    needed = len(made.positions) - k

    def above(told: Compared) -> NDArray[np.bool_]:
        return told.lower @ made.times >= needed

    rows = np.arange(len(made.scores))
    told = told_apart(
        made.scores, made.draws, rows, confidence=confidence, sides="lower", enough=above
    )
    return above(told) & made.clear
