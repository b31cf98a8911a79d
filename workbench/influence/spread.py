"""How far something spreads from given accounts: independent cascade and linear threshold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from workbench.errors import UsageError
from workbench.influence.flow import Arcs, Flow, cascade, flow_of, out_of, pieces
from workbench.influence.seen import Bitmap
from workbench.model.shown import Tabular
from workbench.rng import generator, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["Spread", "positions_of", "simulate", "spread"]


#: Cells (simulation × account) that are simulated at a time: a byte each, or nine.
_CELLS = 1 << 23


@dataclass(frozen=True, eq=False, repr=False)
class Spread(Tabular):
    """How many accounts simulated cascades reach.

    Attributes
    ----------
    graph
        ``kind nodes edges weight fingerprint`` of the graph.
    seeds
        Accounts that start, as given.
    mean, standard_error
        Accounts reached, the seeds among them, over the simulations.
    runs, seed
        Number of simulations, and the seed they were drawn with.
    model, choices
        The diffusion model; ``direction``, and ``factor`` or ``probability``.
    reached
        Accounts reached by each simulation, int64, shape (runs,).
    """

    graph: dict[str, Any]
    seeds: tuple[str, ...]
    mean: float
    standard_error: float
    runs: int
    seed: int
    model: str
    choices: dict[str, Any] = field(default_factory=dict)
    reached: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @classmethod
    def of(
        cls, flow: Flow, seeds: tuple[str, ...], reached: NDArray[np.int64], *, seed: int
    ) -> Self:
        """Return the spread that simulations on `flow` found."""
        reached.flags.writeable = False
        return cls(
            flow.graph,
            seeds,
            float(reached.mean()),
            float(reached.std(ddof=1) / np.sqrt(len(reached))),
            len(reached),
            seed,
            flow.model,
            dict(flow.choices),
            reached,
        )

    @property
    def share(self) -> float:
        """Mean share of all accounts of the graph that is reached, in [0, 1]."""
        return self.mean / int(self.graph["nodes"])

    def to_pandas(self) -> pd.DataFrame:
        """Return ``run, reached``, one row a simulation."""
        import pandas as pd

        return pd.DataFrame({"run": np.arange(self.runs), "reached": self.reached})

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; `reached` as its 2.5 and 97.5 percentiles."""
        low, high = np.percentile(self.reached, [2.5, 97.5]).tolist()
        shown = ("graph", "mean", "standard_error", "share", "runs", "seed", "model", "choices")
        return {
            "seeds": list(self.seeds),
            **{name: getattr(self, name) for name in shown},
            "reached_low": low,
            "reached_high": high,
        }

    def _words(self) -> str:
        return (
            f"{self.mean:,.1f} ± {self.standard_error:.1f} of {self.graph['nodes']:,} "
            f"accounts from {len(self.seeds)} seeds, {self.runs:,} runs, {self.model}"
        )

    def _shown(self) -> dict[str, str]:
        low, high = np.percentile(self.reached, [2.5, 97.5]).tolist()
        return {
            "accounts reached": f"{self.mean:,.1f} ± {self.standard_error:.1f} (standard error)",
            "share of the graph": f"{self.share:.1%}",
            "95 % of the runs": f"{low:,.0f} to {high:,.0f} accounts",
            "runs": f"{self.runs:,}",
            "seeds": f"{len(self.seeds):,} accounts",
            **{name: str(value) for name, value in self.choices.items()},
        }


def spread(
    graph: InteractionGraph,
    seeds: Sequence[str],
    *,
    model: str = "independent_cascade",
    probability: float | None = None,
    factor: float | None = None,
    runs: int = 1_000,
    seed: int | None = None,
) -> Spread:
    """Return how many accounts a cascade reaches that starts at `seeds`: mean and error.

    Information flows from author to amplifier, against the edges of the graph; the graph is
    turned here. The chance of the arc author v → amplifier u is factor · w_uv / Σ_v w_uv, the
    share of v among the acts of u (*weighted cascade*; w_uv acts of u upon v), or `probability`
    on every arc whatever its weight.

    ``independent_cascade``: who is reached tries each amplifier once, with the chance of the arc.
    ``linear_threshold``: an account has a threshold, uniform in (0, 1], and is reached as soon
    as the chances of those who are reached and whom it amplifies add up to it.

    Self-loops are left out before anything is divided. Accounts that nobody acts upon reach
    nobody else; components without a seed are not reached. Edges without direction carry
    information both ways, with a try of its own each way. How long it takes is not modelled.

    Parameters
    ----------
    seeds
        Accounts that start, at least one; bare ids where they are unambiguous.
    model
        ``independent_cascade`` or ``linear_threshold``.
    probability
        Constant chance, in [0, 1]; under linear threshold it times the accounts somebody
        amplifies is at most 1.
    factor
        In [0, 1]; None is 1 (unless `probability` is given).
    runs
        Simulations, at least 2.

    Returns
    -------
    Spread
        Mean in [number of seeds, number of accounts]; its standard error is sd / √runs.

    Raises
    ------
    UndefinedError
        The graph has no accounts, has other nodes than accounts, or only self-loops.
    NotFoundError
        A seed is not in the graph.
    UsageError
        No seed or one twice, fewer than two runs, no such model, a chance that is out of range.

    References
    ----------
    .. [1] Kempe, Kleinberg & Tardos (2003) Maximizing the spread of influence through a social
       network. KDD, 137–146. doi:10.1145/956750.956769
    """
    if isinstance(runs, bool) or runs < 2:
        raise UsageError("a standard error needs runs", value=runs, allowed="2 or more")
    flow = flow_of(graph, model=model, probability=probability, factor=factor)
    start = positions_of(graph, seeds)
    used = resolve(seed)
    reached = simulate(flow, start, runs=int(runs), rng=generator(used, "spread", model))
    return Spread.of(flow, tuple(graph.ids.take(start).to_pylist()), reached, seed=used)


def positions_of(graph: InteractionGraph, seeds: Sequence[str]) -> NDArray[np.int64]:
    """Return the positions of accounts that start; none, or one twice, is a ``UsageError``."""
    if isinstance(seeds, str) or not len(seeds):
        raise UsageError("seeds must be a list of accounts", value=seeds, allowed="one or more")
    found = np.array([graph.position(str(account)) for account in seeds], dtype=np.int64)
    places, times = np.unique(found, return_counts=True)
    if times.max() > 1:
        raise UsageError("a seed is named twice", value=str(graph.ids[int(places[times > 1][0])]))
    return found


def simulate(
    flow: Flow, start: NDArray[np.int64], *, runs: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return how many accounts each of `runs` simulations from `start` reaches, shape (runs,)."""
    n = flow.nodes
    at_once = max(1, min(runs, _CELLS // n))
    seen = Bitmap(at_once * n)
    left = np.full(at_once * n if flow.model == "linear_threshold" else 0, np.inf)
    counts = []
    for first in range(0, runs, at_once):
        samples = min(at_once, runs - first)
        sample, node = np.repeat(np.arange(samples), len(start)), np.tile(start, samples)
        if len(left):
            reached = _thresholds(flow.along, sample, node, seen=seen, left=left, rng=rng)
        else:
            reached = cascade(flow.along, sample, node, seen=seen, rng=rng)
        seen.forget(reached)
        counts.append(np.bincount(reached // n, minlength=samples))
    return np.concatenate(counts)


def _thresholds(
    arcs: Arcs,
    sample: NDArray[np.int64],
    node: NDArray[np.int64],
    *,
    seen: Bitmap,
    left: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Return the cells that are reached; `left` is what the threshold of each still lacks.

    A threshold is drawn when the first push arrives: untouched cells are infinite, and are again
    afterwards.
    """
    n = len(arcs.indptr) - 1
    cells = seen.fresh(sample * n + node)
    reached, touched = [cells], [cells[:0]]
    while len(cells):
        nodes = cells % n
        offset = cells - nodes
        pushed, push = [], []
        for piece in pieces(arcs.indptr, nodes):
            owner, places = out_of(arcs.indptr, nodes[piece])
            onto = offset[piece][owner] + arcs.indices[places]
            open_ = ~seen.cells[onto]
            pushed.append(onto[open_])
            push.append(arcs.chance[places[open_]])
        onto, place = np.unique(np.concatenate(pushed), return_inverse=True)
        total = np.bincount(place, weights=np.concatenate(push), minlength=len(onto))
        new = onto[np.isinf(left[onto])]
        left[new] = 1 - rng.random(len(new))
        touched.append(new)
        left[onto] -= total
        cells = seen.fresh(onto[left[onto] <= 0])
        reached.append(cells)
    left[np.concatenate(touched)] = np.inf
    return np.concatenate(reached)
