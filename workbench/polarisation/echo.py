"""Echo chambers: the lean of an account beside the mean lean of those it deals with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.graphs.nulls import check_parts, rewired
from workbench.model.index import IndexValue
from workbench.model.shown import Tabular
from workbench.polarisation.leans import leans_of, unseen
from workbench.polarisation.preparation import check_choices, is_directed, prepared_matrix
from workbench.rng import generator, resolve, spawn

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph
    from workbench.model.scores import NodeScores

__all__ = ["EchoChamber", "echo_chamber"]

STATISTICS = ("pearson", "spearman", "like_minded")
NULLS = ("permuted", "rewired")
RUNS_FOR_P = 199


@dataclass(frozen=True, eq=False, repr=False)
class EchoChamber(Tabular):
    """Own lean beside the mean lean of contacts, and whether that is more than chance.

    Attributes
    ----------
    indices
        ``pearson``, ``spearman`` and ``like_minded``, each against the nulls ``permuted`` and
        ``rewired`` (``choices["null"]``): high = divided.
    accounts
        ``account lean neighbours contacts`` in account order: own lean, mean lean of the
        contacts, and how many contacts have a lean.
    density
        Share of accounts in each cell, (own, neighbours), sums to 1; its edges are ``grid``.
    grid
        Cell edges, the same on both axes.
    neutral
        Accounts whose own or neighbours' lean is the centre itself: in no quadrant.
    dropped
        ``self_loops no_lean no_contact``: accounts without a lean, and without a contact that
        has one; and ``not_in_graph``, leans of accounts that the graph does not have.
    choices, seed
        Every choice that changed the numbers, and the seed of the nulls.
    """

    indices: tuple[IndexValue, ...]
    accounts: pd.DataFrame
    density: NDArray[np.float64]
    grid: NDArray[np.float64]
    neutral: int
    dropped: dict[str, int]
    choices: dict[str, Any] = field(default_factory=dict)
    seed: int = 0

    def __getitem__(self, key: str | tuple[str, str]) -> IndexValue:
        """Return a statistic against a null: ``found["pearson", "rewired"]``."""
        name, null = (key, NULLS[0]) if isinstance(key, str) else key
        for index in self.indices:
            if (index.name, index.choices["null"]) == (name, null):
                return index
        raise UsageError(
            "no such statistic", value=key, allowed=f"{', '.join(STATISTICS)} × {', '.join(NULLS)}"
        )

    def _words(self) -> str:
        return f"{len(self.accounts):,} accounts with a lean, seed {self.seed}"

    def to_pandas(self) -> pd.DataFrame:
        """Return the accounts: what a plot of own against neighbours' lean shows."""
        return self.accounts

    def table(self) -> pd.DataFrame:
        """Return one row a statistic and null: value, null mean and sd, z, p."""
        import pandas as pd

        shown = ("value", "null_mean", "null_sd", "denoised", "z", "p", "runs")
        rows = [
            {"statistic": i.name, "null": i.choices["null"]}
            | {name: getattr(i, name) for name in shown}
            for i in self.indices
        ]
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; it names no account."""
        return {
            "accounts": len(self.accounts),
            "neutral": self.neutral,
            "dropped": dict(self.dropped),
            "choices": dict(self.choices),
            "seed": self.seed,
            "indices": [index.to_dict() for index in self.indices],
            "grid": self.grid.tolist(),
            "density": self.density.tolist(),
        }

    def _shown(self) -> pd.DataFrame:
        return self.table()


def echo_chamber(
    graph: InteractionGraph,
    leans: NodeScores | Mapping[str, float],
    *,
    source: str = "graph",
    made_on: InteractionGraph | None = None,
    centre: float = 0.0,
    bins: int = 40,
    direction: str = "undirected",
    weights: str = "unweighted",
    runs: int = 20,
    seed: int | None = None,
) -> EchoChamber:
    """Return how far accounts lean like those they deal with, beside what chance gives.

    x_NN(i) = Σ_j w_ij x_j / Σ_j w_ij over the contacts j of i that have a lean [1, 2]: whom it acts
    upon when directed, also who acts upon it when undirected; weighted by acts or not. Then the
    Pearson and Spearman correlation of x and x_NN over accounts, and ``like_minded``, the share
    of accounts with x and x_NN on the same side of `centre` (of those that are on a side).
    Two nulls, and both are worth a look: ``permuted`` deals the leans anew over the accounts (the
    graph stays, so do the hubs); ``rewired`` swaps edge ends (every account keeps its lean and
    its degree, weights are dealt anew over the edges). Where accounts are joined to what they
    used, leans stay with accounts or with things, and samples join accounts to things only.
    Self-loops are dropped and counted.
    Accounts without a lean, and without a contact that has one, are left out and counted.

    **Leans made from the same edges are refused.** A lean computed from whom an account retweets
    *is* close to the mean of those it retweets: on 19 retweet graphs, divided or not, such a
    correlation is .997 to .9998 and says nothing (with leans of 70 % of the edges, those of a
    controversial topic correlate at .66 with the other 30 %, those of #nationalkissingday at −.07,
    and both at .99 with all). Take leans from outside (ratings of shared
    domains, surveys), or from other edges: ``hold_out`` sets edges aside, another kind of act or
    another time will do; name that graph in `made_on`.

    Parameters
    ----------
    leans
        A lean for each account: a mapping comes from outside. Scores of another graph are taken
        by account id.
    source
        Of scores: ``graph``, made from the edges of `made_on`; ``external``, known from outside
        any graph, for which the caller stands in.
    made_on
        The graph the scores were computed on. Pairs of accounts that it shares with `graph` are
        counted (``shared_pairs`` of ``pairs``), and left out where both graphs are of one kind. Of
        other kinds they stay: whom one retweets *and* answers is a finding, and near by making.
    centre
        The neutral lean, between the quadrants.
    bins
        Cells of each axis of ``density``, from −1 to 1 if all leans are inside, else over their
        range.
    direction, weights
        ``undirected|directed``, ``unweighted|weighted`` (definitions 2).
    runs
        Samples of each null; from 199 on, p = (1 + #{null ≥ observed}) / (runs + 1) is given.

    Returns
    -------
    EchoChamber
        Correlations in [−1, 1], shares in [0, 1]; high = divided.

    Raises
    ------
    UsageError
        The leans come from these very edges, or from a graph that is not named; a choice has a
        value that is not allowed.
    UndefinedError
        Fewer than three accounts are left, or all have the same lean, or their contacts do.
    InputError
        A lean is not finite, or `made_on` is not the graph of the scores.

    References
    ----------
    .. [1] Cota, Ferreira, Pastor-Satorras & Starnini (2019) Quantifying echo chamber effects in
       information spreading over political communication networks. EPJ Data Science 8, 35.
       doi:10.1140/epjds/s13688-019-0213-9
    .. [2] Cinelli et al. (2021) The echo chamber effect on social media. PNAS 118(9), e2023301118.
       doi:10.1073/pnas.2023301118
    """
    check_choices({"direction": direction, "weights": weights})
    if runs < 0 or bins < 2:
        raise UsageError("runs must be 0 or more, and bins 2 or more", value=f"{runs}, {bins}")
    kept, made = unseen(graph, leans, source=source, made_on=made_on)
    used = resolve(seed)
    lean, outside = leans_of(graph, leans)
    has = np.isfinite(lean)
    directed = is_directed(graph, direction)
    inner = kept.without_self_loops().subgraph(has)
    matrix = prepared_matrix(inner, directed=directed, weighted=weights == "weighted")
    # Leans of accounts that meet nobody with a lean are no part of either null.
    meets = np.asarray(matrix.sum(axis=1) + matrix.sum(axis=0)).ravel() > 0
    matrix, x, names = matrix[meets][:, meets], lean[has][meets], graph.accounts[has][meets]
    observed = _statistics(matrix, x, centre)
    if runs:
        check_parts(graph)
    parts = None if inner.parts is None else inner.parts[meets]
    samples = _samples(matrix, x, centre, parts=parts, directed=directed, runs=runs, seed=used)
    choices = {
        **made, "leans": _name(leans), "centre": centre, "direction": direction,
        "weights": weights,
    }  # fmt: skip
    paired = _paired(matrix, x)
    density, grid = _density(x, paired, bins)
    return EchoChamber(
        tuple(
            _index(
                IndexValue(
                    name,
                    observed[name],
                    runs=runs,
                    seed=used,
                    choices=choices,
                    graph_fingerprint=graph.fingerprint,
                ),
                null,
                [sample[name] for sample in samples[null]],
            )
            for null in NULLS
            for name in STATISTICS
        ),
        _accounts(names, matrix, paired),
        density,
        grid,
        int((_halves(*paired[1:], centre) == 0).sum()),
        {
            "self_loops": graph.self_loops,
            "no_lean": int((~has).sum()),
            "no_contact": int(has.sum()) - len(paired[0]),
            "not_in_graph": outside,
        },
        choices,
        used,
    )


def _name(leans: NodeScores | Mapping[str, float]) -> str:
    return "given" if isinstance(leans, Mapping) else leans.name


def _paired(
    matrix: csr_array, x: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the accounts with contacts, their lean, and the mean lean of their contacts."""
    weight = np.asarray(matrix.sum(axis=1)).ravel()
    kept = np.flatnonzero(weight > 0)
    return kept, x[kept], np.asarray(matrix @ x).ravel()[kept] / weight[kept]


def _statistics(matrix: csr_array, x: NDArray[np.float64], centre: float) -> dict[str, float]:
    """Return the three statistics of leans on a graph."""
    from scipy.stats import rankdata

    _, own, near = _paired(matrix, x)
    if len(own) < 3:
        raise UndefinedError(
            "too few accounts have a lean and a contact with one", value=len(own), allowed="3"
        )
    sides = _halves(own, near, centre)
    if not sides.any():
        raise UndefinedError("no account is on a side of the centre", value=centre)
    return {
        "pearson": _correlation(own, near),
        "spearman": _correlation(rankdata(own), rankdata(near)),
        "like_minded": float((sides > 0).sum() / (sides != 0).sum()),
    }


def _halves(
    own: NDArray[np.float64], near: NDArray[np.float64], centre: float
) -> NDArray[np.float64]:
    """Return 1 where own and neighbours' lean are on one side of the centre, −1 on two, 0 on none.

    A mean that should be the centre misses it by rounding: what is as near as that is on no side.
    """
    least = 1e-12 * max(float(np.abs(own).max(initial=0.0)), abs(centre))
    signs = [np.where(np.abs(x - centre) <= least, 0.0, np.sign(x - centre)) for x in (own, near)]
    return signs[0] * signs[1]


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return Pearson's correlation."""
    first, second = a - a.mean(), b - b.mean()
    # Means of equal leans differ by rounding: what is flat to twelve digits is flat.
    scale = [np.sqrt(d @ d) for d in (first, second)]
    flat = [
        s <= 1e-12 * np.sqrt(len(a)) * max(1.0, np.abs(v).max())
        for s, v in zip(scale, (a, b), strict=True)
    ]
    if any(flat):
        raise UndefinedError(
            "all accounts have the same lean"
            if flat[0]
            else "all accounts have contacts of the same mean lean"
        )
    return float(np.clip(first @ second / (scale[0] * scale[1]), -1.0, 1.0))


def _samples(
    matrix: csr_array,
    x: NDArray[np.float64],
    centre: float,
    *,
    parts: NDArray[np.int8] | None,
    directed: bool,
    runs: int,
    seed: int,
) -> dict[str, list[dict[str, float]]]:
    """Return the statistics of the samples of each null; undefined ones are left out."""

    def permuted(run: int) -> tuple[csr_array, NDArray[np.float64]]:
        rng = generator(seed, "permuted", run)
        if parts is None:
            return matrix, rng.permutation(x)
        dealt = x.copy()
        for part in (0, 1):
            dealt[parts == part] = rng.permutation(x[parts == part])
        return matrix, dealt

    def other_edges(run: int) -> tuple[csr_array, NDArray[np.float64]]:
        made = rewired(
            matrix, directed=directed, parts=parts, seed=spawn(seed, "rewired", run)
        ).matrix
        return _dealt(made, matrix, directed=directed, seed=spawn(seed, "weights", run)), x

    drawn: dict[str, list[dict[str, float]]] = {}
    makers: dict[str, Callable[[int], Any]] = {"permuted": permuted, "rewired": other_edges}
    for null, maker in makers.items():
        drawn[null] = []
        for run in range(runs):
            try:
                graph, values = maker(run)
                drawn[null].append(_statistics(graph, values, centre))
            except UndefinedError:
                continue
    return drawn


def _dealt(made: csr_array, matrix: csr_array, *, directed: bool, seed: int) -> csr_array:
    """Return the rewired edges with the observed weights dealt out at random."""
    from scipy.sparse import csr_array, triu

    if (matrix.data == 1).all():
        return made
    old, new = (m.tocoo() if directed else triu(m, k=1).tocoo() for m in (matrix, made))
    weight = generator(seed, "dealt").permutation(old.data)
    dealt = csr_array((weight, (new.row, new.col)), shape=made.shape)
    return dealt if directed else csr_array(dealt + dealt.T)


def _index(observed: IndexValue, null: str, drawn: list[float]) -> IndexValue:
    """Return a statistic with null mean and sd, z and (from 199 runs) p."""
    value, values, runs = observed.value or 0.0, np.array(drawn), observed.runs
    mean = float(values.mean()) if len(values) else None
    sd = float(values.std(ddof=1)) if len(values) > 1 else None
    z = p = None
    if sd and mean is not None and sd > 1e-12:
        z = (value - mean) / sd
    if runs >= RUNS_FOR_P and len(values) == runs:
        # Rounding must not make a sample that equals the observed one less extreme.
        p = float((1 + (values >= value - 1e-12).sum()) / (runs + 1))
    facts: dict[str, Any] = {"null": null}
    if len(values) < runs:
        facts["undefined_null_samples"] = runs - len(values)
    choices = {**observed.choices, **facts}
    return replace(observed, null_mean=mean, null_sd=sd, z=z, p=p, choices=choices)


def _density(
    x: NDArray[np.float64],
    paired: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]],
    bins: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the share of accounts in each cell of a square grid, and its edges."""
    low, high = float(x.min()), float(x.max())
    if low >= -1 and high <= 1:
        low, high = -1.0, 1.0
    grid = np.linspace(low, high, bins + 1)
    _, own, near = paired
    # A mean of leans is among them but for rounding.
    counts, _, _ = np.histogram2d(own, np.clip(near, low, high), bins=[grid, grid])
    return counts / counts.sum(), grid


def _accounts(
    names: NDArray[np.object_],
    matrix: csr_array,
    paired: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]],
) -> pd.DataFrame:
    import pandas as pd

    kept, own, near = paired
    contacts = np.diff(matrix.indptr).astype(np.int64)[kept]
    return pd.DataFrame(
        {"account": names[kept], "lean": own, "neighbours": near, "contacts": contacts}
    )
