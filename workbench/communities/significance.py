"""Whether communities are more than the degrees imply: modularity and each community by a null."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.searching import Search, search_by_name, search_of
from workbench.errors import UsageError
from workbench.graphs.chance import RUNS_FOR_P, holm, standing
from workbench.graphs.nulls import check_parts, dealt_weights, rewired
from workbench.graphs.splits import matrix_modularity, symmetric_matrix, was_found
from workbench.model.index import IndexValue
from workbench.model.shown import Tabular
from workbench.rng import resolve, spawn

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Significance", "significance"]

NULLS = ("searched", "fixed")
#: Methods of labels that nobody found in the graph.
GIVEN = ("given",)
#: Null communities of about the size of one tested, for each community that is tested.
BESIDE = 40


@dataclass(frozen=True, eq=False, repr=False)
class Significance(Tabular):
    """Communities beside those of graphs with the same degrees.

    Attributes
    ----------
    partition
        The communities that are judged.
    modularity
        Their modularity without self-loops, with null mean, sd, z and p.
    table
        A row a community: ``community accounts volume inside excess null_mean null_sd compared p
        p_adjusted``; volume is its share of all ends of edges, `inside` the share of its own that
        lead to its own accounts, `compared` the number of null values. What is not tested is NA.
    samples
        Modularity of each null sample, shape (runs,).
    choices
        ``null``, how communities are searched, and the quality of the null samples.
    """

    partition: Partition
    modularity: IndexValue
    table: pd.DataFrame
    samples: NDArray[np.float64]
    choices: dict[str, Any] = field(default_factory=dict)

    def _words(self) -> str:
        return f"{len(self.table)} communities beside {len(self.samples)} random graphs"

    def to_pandas(self) -> pd.DataFrame:
        """Return the table of communities."""
        return self.table

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object; unknown is None."""
        rows = self.table.astype(object).where(self.table.notna(), None).to_dict("records")
        return {
            "modularity": self.modularity.to_dict(),
            "communities": rows,
            "choices": dict(self.choices),
        }


def significance(
    graph: InteractionGraph,
    found: Partition | str = "leiden",
    *,
    runs: int = RUNS_FOR_P,
    resolution: float | None = None,
    weighted: bool | None = None,
    searches: int | None = None,
    null: str | None = None,
    min_accounts: int = 3,
    seed: int | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Significance:
    """Return how far communities stand out from those of random graphs with the same degrees.

    **Null.** Each of `runs` samples swaps ends of edges of the symmetrised graph without
    self-loops (10 m trials) and deals the weights out anew; number of edges a node is kept,
    strengths, reciprocity, clustering and the largest component are not; where accounts are joined
    to what they used, they are in every sample too. In each sample
    communities are **searched again in the same way** (``null="searched"``): same method,
    resolution, weights and number of searches, of which the best by modularity is taken. Random
    graphs have communities of high modularity too; only labels known from outside may stay as they
    are (``null="fixed"``).

    **Modularity** of the communities at their resolution (at 1 for methods that do not maximise
    it), against that of the samples: z, and p = (1 + #{null ≥ observed})/(runs + 1) from 199 runs
    on. A small p says *more than the degrees imply*, which nearly every real network shows.

    **Each community**: its excess (f − a)/(1 − a), f the share of the ends of its edges that stay
    inside, a its share of all ends (weighted where weights count): 0 as degrees alone would have
    it, 1 no contact outside. By the (q, s)-test [1] it is compared with the null communities of
    about its size: the nearest in log a among those of all samples, 40 for each community tested
    and no fewer than `runs`; p = (1 + #{their excess ≥ its own})/(number + 1). (The test of [1]
    smooths by a Gaussian kernel instead.) With fixed labels it is compared with itself in each
    sample. Communities of fewer than `min_accounts`, or that hold all edges, are not tested.
    ``p_adjusted`` is Holm's over those tested.

    Parameters
    ----------
    found
        Name of a method, or communities of this graph; those of a method are searched again with
        the choices they record, labels given from outside stay.
    runs
        Null samples; p from 199 on.
    resolution, weighted, searches
        Of a search by name: default 1, True and 1. With communities they are recorded there.
    null
        ``searched`` or ``fixed``; None chooses as said. ``fixed`` for communities that were found
        in the graph is far too lenient and refused where they record so.
    advance
        Called with 1 after each sample.

    Raises
    ------
    UsageError
        A choice is not allowed, or contradicts what the communities record.
    InputError
        The communities belong to another graph.
    UndefinedError
        There are fewer than two edges between different accounts.

    References
    ----------
    .. [1] Kojaku & Masuda (2018) A generalised significance test for individual communities in
       networks. Scientific Reports 8, 7351. doi:10.1038/s41598-018-25560-z
    .. [2] Guimerà, Sales-Pardo & Amaral (2004) Modularity from fluctuations in random graphs and
       complex networks. Physical Review E 70, 025101. doi:10.1103/PhysRevE.70.025101
    """
    _check(runs, min_accounts)
    check_parts(graph)
    used = resolve(seed)
    chosen = {"resolution": resolution, "weighted": weighted, "searches": searches}
    search = _search(found, null, chosen)
    if isinstance(found, str):
        search = search or search_by_name(found)
        whole = symmetric_matrix(graph, weighted=search.weighted, loops=False)
        found = search.best_of(whole, search.runs(graph, spawn(used, "search")))[0]
    found.check(graph)
    kept = found.labels >= 0
    inner, labels = (graph if kept.all() else graph.subgraph(kept)), found.labels[kept]
    counted = weighted is not False if search is None else search.weighted
    gamma = 1.0 if search is None else search.gamma
    matrix = symmetric_matrix(inner, weighted=counted, loops=False)
    value = matrix_modularity(matrix, labels, gamma)
    drawn = []
    for run in range(runs):
        drawn.append(_one(inner, matrix, search, labels=labels, seed=spawn(used, "null", run)))
        advance(1)
    samples = np.array([sample.modularity for sample in drawn])
    told = {
        "null": "fixed" if search is None else "searched",
        "method": found.method,
        "searches": 0 if search is None else search.searches,
        "resolution": gamma,
        "weights": "weighted" if counted else "unweighted",
        "acceptance": float(np.mean([sample.acceptance for sample in drawn])),
        "moved": float(np.mean([sample.moved for sample in drawn])),
        "min_accounts": min_accounts,
        "without_community": int((~kept).sum()),
        "self_loop_weight": graph.self_loop_weight,
    }
    at = standing(value, samples)
    index = IndexValue(
        "modularity", value, null_mean=at.mean, null_sd=at.sd, z=at.z, p=at.p, runs=runs,
        seed=used, choices=told, graph_fingerprint=graph.fingerprint,
    )  # fmt: skip
    table = _table(
        found, _Groups.of(matrix, labels), drawn, fixed=search is None, min_accounts=min_accounts
    )
    return Significance(found, index, table, samples, told)


@dataclass(frozen=True, eq=False)
class _Groups:
    """What each community of a graph is: accounts, share of all ends of edges, share inside."""

    accounts: NDArray[np.int64]
    volume: NDArray[np.float64]
    inside: NDArray[np.float64]

    @classmethod
    def of(cls, matrix: csr_array, labels: NDArray[np.int32]) -> _Groups:
        """Return the communities of a symmetric matrix; `inside` is 0 where there is no edge."""
        k = int(labels.max(initial=-1)) + 1
        ends = np.bincount(labels, np.asarray(matrix.sum(axis=1)).ravel(), minlength=k)
        rows = np.repeat(labels, np.diff(matrix.indptr))
        same = rows == labels[matrix.indices]
        within = np.bincount(rows[same], matrix.data[same], minlength=k)
        inside = np.divide(within, ends, out=np.zeros(k), where=ends > 0)
        return cls(np.bincount(labels, minlength=k), ends / ends.sum(), inside)

    @property
    def excess(self) -> NDArray[np.float64]:
        """(f − a)/(1 − a) of each; NaN where it holds all edges or none."""
        some = (self.volume > 0) & (self.volume < 1 - 1e-12)
        made = np.full(len(self.volume), np.nan)
        made[some] = (self.inside[some] - self.volume[some]) / (1 - self.volume[some])
        return made

    def tested(self, min_accounts: int) -> NDArray[np.bool_]:
        """Return which communities are large enough to be tested and have an excess."""
        return np.asarray((self.accounts >= min_accounts) & ~np.isnan(self.excess))


@dataclass(frozen=True, eq=False)
class _Sample:
    """One null sample."""

    modularity: float
    groups: _Groups
    acceptance: float
    moved: float


def _check(runs: int, min_accounts: int) -> None:
    if runs < 1:
        raise UsageError("a null model needs at least one run", value=runs)
    if min_accounts < 2:
        raise UsageError("min_accounts must be ≥ 2: one account has no edge inside",
                         value=min_accounts)  # fmt: skip


def _search(found: Partition | str, null: str | None, chosen: dict[str, Any]) -> Search | None:
    """Return how communities are searched in the samples; None where labels stay as they are."""
    if isinstance(found, str):
        if null not in {None, "searched"}:
            raise UsageError("communities found by a method are searched in each sample",
                             value=f"null={null}", allowed="searched")  # fmt: skip
        return search_by_name(found, **chosen)
    kind = null or ("fixed" if found.method in GIVEN else "searched")
    if kind not in NULLS:
        raise UsageError("no such null model", value=kind, allowed=", ".join(NULLS))
    if kind == "fixed" and was_found(found):
        raise UsageError(
            "communities that were found in the graph must be searched in each sample too",
            value=f"null=fixed, method {found.method}",
            allowed="searched",
        )
    names = ("resolution", "weighted", "searches") if kind == "searched" else (
        "resolution", "searches")  # fmt: skip
    if refused := [name for name in names if chosen[name] is not None]:
        raise UsageError(
            "how these communities are found is settled, so it cannot be chosen",
            value=", ".join(refused),
            remedy="give the name of a method instead",
        )
    return search_of(found) if kind == "searched" else None


def _one(
    graph: InteractionGraph,
    matrix: csr_array,
    search: Search | None,
    *,
    labels: NDArray[np.int32],
    seed: int,
) -> _Sample:
    """Return one null sample with its communities."""
    sample = rewired(matrix, directed=False, parts=graph.parts, seed=spawn(seed, "rewire"))
    made = sample.matrix
    if (matrix.data != 1).any():
        made = dealt_weights(made, matrix, directed=False, seed=spawn(seed, "weights"))
    if search is None:
        quality = matrix_modularity(made, labels)
    else:
        other = _graph_of(graph, made)
        best, quality = search.best_of(made, search.runs(other, spawn(seed, "search")))
        labels = best.labels
    return _Sample(quality, _Groups.of(made, labels), sample.acceptance, sample.moved)


def _graph_of(graph: InteractionGraph, matrix: csr_array) -> InteractionGraph:
    """Return the null sample as a graph of the same accounts; a pair has one arc where directed.

    It leads from accounts to objects where the graph has both.
    """
    coo = matrix.tocoo()
    if graph.parts is not None:
        keep = graph.parts[coo.row] == 0
    else:
        keep = coo.row < coo.col if graph.directed else np.ones(coo.nnz, dtype=bool)
    source, target = coo.row[keep].astype(np.int32), coo.col[keep].astype(np.int32)
    return graph.with_arcs(source, target, coo.data[keep].astype(np.float64))


def _table(
    partition: Partition,
    groups: _Groups,
    drawn: list[_Sample],
    *,
    fixed: bool,
    min_accounts: int,
) -> pd.DataFrame:
    """Return a row a community, with nullable types."""
    import pandas as pd

    excess, tested = groups.excess, groups.tested(min_accounts)
    null = _same(drawn) if fixed else _alike(groups, drawn, tested, min_accounts)
    rows = []
    for c in range(partition.k):
        row: dict[str, Any] = {
            "community": partition.names[c],
            "accounts": int(groups.accounts[c]),
            "volume": float(groups.volume[c]),
            "inside": float(groups.inside[c]) if groups.volume[c] else None,
            "excess": None if np.isnan(excess[c]) else float(excess[c]),
        }
        beside = null(c) if tested[c] else np.empty(0)
        stands = standing(float(excess[c]), beside) if len(beside) else None
        enough = stands is not None and len(drawn) >= RUNS_FOR_P
        row |= {
            "null_mean": stands.mean if stands else None,
            "null_sd": stands.sd if stands else None,
            "compared": len(beside) if tested[c] else None,
            "p": stands.p if stands and enough else None,
        }
        rows.append(row)
    for row, p in zip(rows, holm([row["p"] for row in rows]), strict=True):
        row["p_adjusted"] = p
    table = pd.DataFrame(rows)
    whole = dict.fromkeys(("accounts", "compared"), "Int64")
    numbers = ("volume", "inside", "excess", "null_mean", "null_sd", "p", "p_adjusted")
    return table.astype({**whole, **dict.fromkeys(numbers, "Float64")})


def _same(drawn: list[_Sample]) -> Callable[[int], NDArray[np.float64]]:
    """Return what gives the excess of one community in each sample."""
    every = np.array([sample.groups.excess for sample in drawn])
    return lambda c: every[:, c]


def _alike(
    groups: _Groups, drawn: list[_Sample], tested: NDArray[np.bool_], min_accounts: int
) -> Callable[[int], NDArray[np.float64]]:
    """Return what gives the excess of the null communities nearest in size to one community."""
    masks = [sample.groups.tested(min_accounts) for sample in drawn]
    volume = np.concatenate([s.groups.volume[m] for s, m in zip(drawn, masks, strict=True)])
    excess = np.concatenate([s.groups.excess[m] for s, m in zip(drawn, masks, strict=True)])
    order = np.argsort(volume, kind="stable")
    size, excess = np.log(volume[order]), excess[order]
    wanted = min(len(size), max(len(drawn), BESIDE * int(tested.sum())))

    def nearest(c: int) -> NDArray[np.float64]:
        own = np.log(groups.volume[c])
        place = int(np.searchsorted(size, own))
        low, high = max(0, place - wanted), min(len(size), place + wanted)
        near = np.argsort(np.abs(size[low:high] - own), kind="stable")[:wanted]
        return np.asarray(excess[low:high][near])

    return nearest
