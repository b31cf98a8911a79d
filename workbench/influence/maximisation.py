"""Whom to start with so that a cascade reaches as many as possible: RIS, and CELF as its oracle."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, exp, log2
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UsageError
from workbench.influence.celf import lazy_greedy
from workbench.influence.flow import Flow, flow_of
from workbench.influence.reverse_sets import Cover, certify, cover, draw, most_sets
from workbench.influence.spread import Spread, simulate
from workbench.model.shown import Tabular
from workbench.rng import generator, resolve

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["Maximised", "maximise"]

#: CELF is an oracle: above this many accounts it would take hours.
CELF_NODES = 2_000
EPSILON = 0.1
SETS = {"ris": 20_000, "celf": 1_000}
GREEDY = 1 - exp(-1)


@dataclass(frozen=True, eq=False, repr=False)
class Maximised(Tabular):
    """Accounts that together start the largest cascades, in the order in which they were chosen.

    Attributes
    ----------
    seeds
        Accounts in the order of choice.
    gains
        Accounts that each adds to what those before it reach, on the sample that chose it,
        shape (k,).
    estimate
        Sum of the gains. Too high on average: the seeds were chosen for doing well on this very
        sample.
    spread
        The spread of the seeds on an independent sample of simulated cascades, with its standard
        error: the number to report.
    method, model, choices
        ``ris`` or ``celf``; the diffusion model; ``direction``, ``factor`` or ``probability``,
        and ``epsilon`` of ``ris``.
    sets
        Reverse-reachable sets of each of the two samples (``ris``), live-edge graphs (``celf``).
    guarantee
        The seeds reach at least this share of what the best k accounts reach, with probability
        `confidence`; None for ``celf``.
    confidence
        Probability that the guarantee and the bounds hold, ≥ 1 − 1/n; None for ``celf``.
    lower, upper
        Accounts: the spread of the seeds is at least `lower`, that of any k accounts at most
        `upper`; None for ``celf``.
    seed
        Seed of all samples.
    """

    seeds: tuple[str, ...]
    gains: NDArray[np.float64]
    estimate: float
    spread: Spread
    method: str
    model: str
    choices: dict[str, Any] = field(default_factory=dict)
    sets: int = 0
    guarantee: float | None = None
    confidence: float | None = None
    lower: float | None = None
    upper: float | None = None
    seed: int = 0

    @property
    def graph(self) -> dict[str, Any]:
        """``kind nodes edges weight fingerprint`` of the graph."""
        return self.spread.graph

    def _words(self) -> str:
        return (
            f"{len(self.seeds)} accounts that reach {self.estimate:,.1f} of "
            f"{self.graph['nodes']:,}, {self.method}, {self.model}, seed {self.seed}"
        )

    def to_pandas(self) -> pd.DataFrame:
        """Return ``order, account, gain, share, cumulative``: accounts, and shares of all n."""
        import pandas as pd

        n = int(self.graph["nodes"])
        return pd.DataFrame(
            {
                "order": np.arange(1, len(self.seeds) + 1),
                "account": list(self.seeds),
                "gain": self.gains,
                "share": self.gains / n,
                "cumulative": np.cumsum(self.gains) / n,
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object."""
        shown = (
            "method", "model", "choices", "sets", "estimate", "guarantee", "confidence", "lower",
            "upper", "seed", "graph",
        )  # fmt: skip
        spread = self.spread.to_dict()
        kept = ("mean", "standard_error", "share", "runs", "reached_low", "reached_high")
        return {
            **{name: getattr(self, name) for name in shown},
            "spread": {name: spread[name] for name in kept},
            "seeds": self.to_pandas().to_dict("records"),
        }


def maximise(
    graph: InteractionGraph,
    *,
    k: int,
    method: str = "ris",
    model: str = "independent_cascade",
    probability: float | None = None,
    factor: float | None = None,
    epsilon: float | None = None,
    sets: int | None = None,
    runs: int = 100,
    seed: int | None = None,
) -> Maximised:
    """Return the k accounts from which a simulated cascade reaches most, and how far it gets.

    Information flows from author to amplifier; the graph is turned here. Diffusion models, chances
    of arcs, self-loops and components are those of ``spread``. The best k accounts cannot be found
    efficiently; greedy choice reaches at least 1 − 1/e of what they reach.

    ``ris`` is OPIM-C [1]_: greedy cover of reverse-reachable sets. A second, independent sample
    bounds the spread of the seeds from below and that of any k accounts from above; both samples
    double until the ratio of the bounds is 1 − 1/e − ε, or they are so large that the seeds reach
    that share on any graph. The ratio is the ``guarantee``, usually well above what was asked. Its
    bounds hold for all sizes of the sample together, so stopping early costs no confidence (the
    flaw of IMM that [2]_ found and mended does not arise). ``celf`` [3]_ is plain greedy on
    live-edge graphs, for small graphs and as a check.

    Either way the spread is simulated again with fresh random numbers, for the estimate of the
    sample that chose the seeds is too high. Ties, and accounts that add nothing, are chosen in
    account order.

    Parameters
    ----------
    k
        Accounts to choose, 1 to n.
    method
        ``ris`` or ``celf`` (at most 2,000 accounts).
    model, probability, factor
        As in ``spread``.
    epsilon
        Of ``ris``, in (0, 1 − 1/e); None is 0.1.
    sets
        Smallest number of reverse-reachable sets of each sample; None is 20,000. For ``celf`` the
        number of live-edge graphs; None is 1,000. More make the choice among close accounts surer.
    runs
        Simulations of the independent spread, at least 2.

    Raises
    ------
    UndefinedError
        The graph has no accounts, has other nodes than accounts, or only self-loops.
    UsageError
        `k` is not 1 to n, `runs` below 2, an unknown method or model, a chance that is out of
        range, more than 2,000 accounts for ``celf``, or sets that become too large.

    References
    ----------
    .. [1] Tang, Tang, Xiao & Yuan (2018) Online processing algorithms for influence maximization.
       SIGMOD, 991–1005. doi:10.1145/3183713.3183749
    .. [2] Chen (2018) An issue in the martingale analysis of the influence maximization algorithm
       IMM. CSoNet, 286–297. doi:10.1007/978-3-030-04648-4_24
    .. [3] Leskovec et al. (2007) Cost-effective outbreak detection in networks. KDD, 420–429.
       doi:10.1145/1281192.1281239
    """
    _check(method, epsilon=epsilon, sets=sets, runs=runs)
    flow = flow_of(graph, model=model, probability=probability, factor=factor)
    if isinstance(k, bool) or not 1 <= k <= flow.nodes or int(k) != k:
        raise UsageError("k accounts cannot be chosen", value=k, allowed=f"1 to {flow.nodes:,}")
    used, count, k = resolve(seed), int(sets or SETS[method]), int(k)
    bounds: dict[str, Any] = {}
    if method == "celf":
        if flow.nodes > CELF_NODES:
            raise UsageError(
                "celf is for small graphs",
                value=f"{flow.nodes:,} accounts",
                allowed=f"{CELF_NODES:,}",
                remedy="use method ris",
            )
        rng = generator(used, "maximise", method, model)
        chosen, gains = lazy_greedy(flow, k, count=count, rng=rng)
    else:
        share = EPSILON if epsilon is None else float(epsilon)
        found, count, bounds = _opim_c(flow, k, epsilon=share, least=count, seed=used)
        chosen, gains = found.chosen, found.gains.astype(np.float64) * (flow.nodes / count)
        flow.choices["epsilon"] = share
    seeds = tuple(graph.ids.take(chosen).to_pylist())
    rng = generator(used, "maximise", "independent spread", model)
    reached = simulate(flow, chosen, runs=int(runs), rng=rng)
    again = Spread.of(flow, seeds, reached, seed=used)
    return Maximised(
        seeds=seeds,
        gains=gains,
        estimate=float(gains.sum()),
        spread=again,
        method=method,
        model=model,
        choices=flow.choices,
        sets=count,
        seed=used,
        **bounds,
    )


def _opim_c(
    flow: Flow, k: int, *, epsilon: float, least: int, seed: int
) -> tuple[Cover, int, dict[str, float]]:
    """Return the cover, the sets of each sample, and what is certain of it."""
    n = flow.nodes
    failure = min(1 / n, 0.01)
    enough = most_sets(n, k, epsilon=epsilon, failure=failure)
    count = max(least, ceil(enough * epsilon**2 * k / n))
    # One more than doublings, so that the samples of the last round are large enough.
    rounds = 1 + max(0, ceil(log2(enough / count)))
    choosing, judging = (generator(seed, "maximise", "ris", part) for part in ("choose", "judge"))
    first, second = draw(flow, count, rng=choosing), draw(flow, count, rng=judging)
    for step in range(1, rounds + 1):
        found = cover(first, k)
        lower, upper = certify(
            n,
            hit=second.hit_by(found.chosen),
            most=found.most,
            sets=first.count,
            failure=failure / (3 * rounds),
        )
        if lower / upper >= GREEDY - epsilon or step == rounds:
            break
        more = first.count
        first = first.joined(draw(flow, more, rng=choosing))
        second = second.joined(draw(flow, more, rng=judging))
    return (
        found,
        first.count,
        {
            "guarantee": max(lower / upper, GREEDY - epsilon),
            "confidence": 1 - failure,
            "lower": lower,
            "upper": upper,
        },
    )


def _check(method: str, *, epsilon: float | None, sets: int | None, runs: int) -> None:
    if method not in SETS:
        raise UsageError("no such method", value=method, allowed=", ".join(SETS))
    if epsilon is not None and method == "celf":
        raise UsageError("celf has no epsilon", value=epsilon, remedy="leave it out, or use ris")
    if epsilon is not None and not 0 < epsilon < GREEDY:
        raise UsageError("epsilon is out of range", value=epsilon, allowed="(0, 1 − 1/e)")
    if sets is not None and sets < 1:
        raise UsageError("a sample needs sets", value=sets, allowed="1 or more")
    if isinstance(runs, bool) or runs < 2:
        raise UsageError("a standard error needs runs", value=runs, allowed="2 or more")
