"""Consensus: what many runs of a method agree on, edge by edge and account by account."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.communities.runs import as_partition, check_method, prepare
from workbench.errors import UsageError
from workbench.graphs.agreement import adjusted_mutual_information, overlap
from workbench.graphs.splits import check_resolution
from workbench.model.shown import Tabular
from workbench.rng import generator, igraph_seeded, resolve, spawn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.graphs.symmetrised import Symmetrised
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition

__all__ = ["Consensus", "consensus"]

#: An account whose communities agree less than this with the consensus is ambiguous.
AMBIGUOUS_BELOW = 0.9
#: Pairs of runs that are compared; of more runs than make so many, so many are drawn.
PAIRS = 100


@dataclass(frozen=True, eq=False, repr=False)
class Consensus(Tabular):
    """What many runs of one method on one graph agree on.

    Attributes
    ----------
    partition
        The median of the runs (see ``consensus``); its method is ``consensus``.
    method, runs, seed
        What was run how often, and the seed from which the seeds of the runs come.
    first, second
        Ends of each edge of the symmetrised graph, as positions in account order, shape (edges,).
    co_assignment
        Share of the runs in which both ends of each edge share a community, in [0, 1], shape
        (edges,).
    stability
        For each account the mean over its edges of the share of runs that treat the edge as the
        consensus does (together, or apart), in [0, 1], shape (n,); 1 for an isolate, which is
        alone in every run.
    agreement
        For each account the mean over the runs of the Jaccard overlap between its community in the
        consensus and in the run, in (0, 1], shape (n,).
    modularity, communities
        Of each run, shape (runs,).
    ami_mean, ami_min, pairs
        Adjusted mutual information over so many pairs of runs, ≤ 1; 1 = always the same. With more
        than 14 runs the pairs are a sample of 100, and the least is the least of the sample.
    """

    partition: Partition
    method: str
    runs: int
    seed: int
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    co_assignment: NDArray[np.float64]
    stability: NDArray[np.float64]
    agreement: NDArray[np.float64]
    modularity: NDArray[np.float64]
    communities: NDArray[np.int64]
    ami_mean: float
    ami_min: float
    pairs: int

    @property
    def contradiction(self) -> float:
        """Share of all edges in all runs that a run treats otherwise than the consensus, ≤ 0.5."""
        labels = self.partition.labels
        inside = labels[self.first] == labels[self.second]
        return float(np.where(inside, 1 - self.co_assignment, self.co_assignment).mean())

    @property
    def ambiguous(self) -> list[str]:
        """The accounts whose agreement is below 0.9, in account order."""
        import pyarrow as pa

        below = pa.array(self.agreement < AMBIGUOUS_BELOW)
        return [str(i) for i in self.partition.ids.filter(below).to_pylist()]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object: that of ``communities --runs``, and what the consensus adds."""
        return {
            "runs": self.runs,
            "ami_mean": self.ami_mean,
            "ami_min": self.ami_min,
            "ambiguous": int((self.agreement < AMBIGUOUS_BELOW).sum()),
            "seed": self.seed,
            "pairs": self.pairs,
            "contradiction": self.contradiction,
            "communities_low": int(self.communities.min()),
            "communities_high": int(self.communities.max()),
        }

    def _words(self) -> str:
        return (
            f"{self.method}: {self.partition.k} communities, agreement {self.ami_mean:.2f} "
            f"({self.runs} runs, seed {self.seed})"
        )

    def _shown(self) -> dict[str, str]:
        told = self.to_dict()
        unsure = told["ambiguous"] / max(1, len(self.agreement))
        return {
            "communities": f"{self.partition.k:,} (in single runs {told['communities_low']:,} "
            f"to {told['communities_high']:,})",
            "modularity": "–"
            if self.partition.quality is None
            else f"{self.partition.quality:.4f}",
            "agreement of the runs": f"{self.ami_mean:.3f} (adjusted mutual information, least "
            f"{self.ami_min:.3f})",
            "contradiction": f"{self.contradiction:.3f} (share of edges, from 0 to 0.5)",
            "ambiguous accounts": f"{told['ambiguous']:,} ({unsure:.1%})",
            "runs": f"{self.runs:,}",
            "seed": str(self.seed),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return ``account, community, stability, agreement, ambiguous`` in account order."""
        import pandas as pd

        return pd.DataFrame(
            {
                "account": self.partition.ids.to_pylist(),
                "community": self.partition.labels,
                "stability": self.stability,
                "agreement": self.agreement,
                "ambiguous": self.agreement < AMBIGUOUS_BELOW,
            }
        )

    def edges(self) -> pd.DataFrame:
        """Return ``source, target, together``: each pair once, the smaller account first."""
        import pandas as pd
        import pyarrow as pa

        ends = [self.partition.ids.take(pa.array(end)) for end in (self.first, self.second)]
        return pd.DataFrame(
            {
                "source": ends[0].to_pylist(),
                "target": ends[1].to_pylist(),
                "together": self.co_assignment,
            }
        )


def consensus(
    graph: InteractionGraph,
    *,
    method: str = "leiden",
    runs: int = 100,
    resolution: float | None = None,
    into: int | None = None,
    weighted: bool = True,
    processes: int = 1,
    advance: Callable[[int], None] = lambda _: None,
    seed: int | None = None,
) -> Consensus:
    """Return what many runs of a method with different seeds agree on.

    The graph is prepared once, as for the method: directions summed, isolates communities of one.
    Co-assignment is counted on edges only, so memory grows with edges and runs, never with pairs of
    accounts: 4 bytes an account and run, 8 an edge.

    The consensus partition is the median of the runs on the edges: it contradicts them least, that
    is, it minimises Σ_e [ together_e (1 − p_e) + apart_e p_e ] over the edges e of the symmetrised
    graph, each counted once whatever its weight, p_e their co-assignment. The sum is a metric
    between partitions seen through the edges, so the run that contradicts the others least is
    within twice the optimum ([1]_, best of k). That run is compared with the solution of the sum by
    Leiden on weights 2 p_e − 1 (correlation clustering, [2]_) until it changes no more, and the
    better of the two is returned: no threshold, and no null model beside the method's own. Unlike
    re-clustering a thresholded matrix ([3]_) it needs no second round of runs. A community of the
    consensus need not be one of any run.

    Parameters
    ----------
    method
        A name of ``METHODS``.
    runs
        ≥ 2.
    resolution
        None is the method's own: 1, for ``leiden_cpm`` the density of the graph.
    into
        Number of communities, for ``spectral`` only (two when None).
    processes
        Processes that run the method; more than one are started anew, so a script needs the usual
        ``if __name__ == "__main__"``. The result is the same for any number.
    advance
        Called with 1 after each run.
    seed
        None draws one; the result records it, and the same seed gives the same bytes.

    Raises
    ------
    UsageError
        The method does not exist, refuses the resolution or the number of communities, or there
        are fewer than two runs.
    UndefinedError
        The graph is empty, or no edge joins two different nodes.

    References
    ----------
    .. [1] Filkov & Skiena (2004) Integrating microarray data by consensus clustering. Int. J. on
       Artificial Intelligence Tools 13, 863–880. doi:10.1142/S0218213004001867
    .. [2] Bansal, Blum & Chawla (2004) Correlation clustering. Machine Learning 56, 89–113.
       doi:10.1023/B:MACH.0000033116.57574.95
    .. [3] Lancichinetti & Fortunato (2012) Consensus clustering in complex networks. Scientific
       Reports 2, 336. doi:10.1038/srep00336
    """
    check_method(method, into=into)
    if runs < 2:
        raise UsageError("a consensus needs at least two runs", value=runs)
    if resolution is not None:
        check_resolution(resolution)
    used = resolve(seed)
    prepared = prepare(graph, weighted=weighted)
    plan = _Plan(method, resolution, into, used)
    found: list[NDArray[np.int32]] = []
    told: dict[str, Any] = {}
    for labels, its in _runs(prepared, plan, runs, processes):
        found.append(labels)
        told = told or its
        advance(1)
    share = np.zeros(prepared.edges)
    for labels in found:
        share += prepared.together(labels)
    share /= runs
    labels = _median(prepared, found, share, spawn(used, "median"))
    about: dict[str, Any] = {"of": method, "runs": runs}
    about |= {key: told[key] for key in ("resolution", "into") if key in told}
    partition = as_partition(
        graph, prepared, labels, method="consensus", weighted=weighted, seed=used,
        told=about,
    )  # fmt: skip
    ami = [
        adjusted_mutual_information(found[i], found[j])
        for i, j in _pairs(runs, spawn(used, "pairs"))
    ]
    return Consensus(
        partition, method, runs, used, prepared.first, prepared.second, share,
        stability=_stability(prepared, partition.labels, share),
        agreement=np.mean([overlap(partition.labels, each) for each in found], axis=0),
        modularity=np.array([prepared.modularity(each) for each in found]),
        communities=np.array([len(np.unique(each)) for each in found]),
        ami_mean=float(np.mean(ami)), ami_min=float(np.min(ami)), pairs=len(ami),
    )  # fmt: skip


@dataclass(frozen=True)
class _Plan:
    method: str
    resolution: float | None
    into: int | None
    seed: int


def _run(
    prepared: Symmetrised, plan: _Plan, number: int
) -> tuple[NDArray[np.int32], dict[str, Any]]:
    kernel = check_method(plan.method, into=plan.into)
    return kernel(prepared, plan.resolution, spawn(plan.seed, "run", number))


def _runs(
    prepared: Symmetrised, plan: _Plan, runs: int, processes: int
) -> Iterator[tuple[NDArray[np.int32], dict[str, Any]]]:
    """Yield the labels of the runs in their order."""
    if processes <= 1:
        yield from (_run(prepared, plan, number) for number in range(runs))
        return
    with ProcessPoolExecutor(
        min(processes, runs), get_context("spawn"), _remember, (replace(prepared), plan)
    ) as pool:
        yield from pool.map(_remembered, range(runs))


_HELD: list[tuple[Symmetrised, _Plan]] = []


def _remember(prepared: Symmetrised, plan: _Plan) -> None:
    """Keep in a new process what all its runs need, and list the methods there."""
    import workbench.communities  # noqa: F401

    _HELD[:] = [(prepared, plan)]


def _remembered(number: int) -> tuple[NDArray[np.int32], dict[str, Any]]:
    return _run(*_HELD[0], number)


def _median(
    prepared: Symmetrised,
    found: list[NDArray[np.int32]],
    share: NDArray[np.float64],
    seed: int,
) -> NDArray[np.int32]:
    """Return the labels that contradict the runs least, the first run of equal ones."""
    pull = 2 * share - 1  # what an edge adds when its ends are together
    graph = prepared.igraph
    with igraph_seeded(seed):
        solved = graph.community_leiden(
            objective_function="CPM", weights=pull.tolist(), resolution=0.0, n_iterations=-1
        )
    candidates = [*found, np.asarray(solved.membership, dtype=np.int32)]
    gain = [float(pull[prepared.together(labels)].sum()) for labels in candidates]
    best = max(gain)
    place = next(i for i, value in enumerate(gain) if value >= best - 1e-9 * max(1.0, abs(best)))
    return candidates[place]


def _stability(
    prepared: Symmetrised, labels: NDArray[np.int32], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for each account the mean over its edges of the share of runs that agree on them."""
    agree = np.where(prepared.together(labels), share, 1 - share)
    total, edges = np.zeros(prepared.nodes), np.zeros(prepared.nodes)
    for end in (prepared.first, prepared.second):
        total += np.bincount(end, weights=agree, minlength=prepared.nodes)
        edges += np.bincount(end, minlength=prepared.nodes)
    return np.where(edges > 0, total / np.maximum(edges, 1), 1.0)


def _pairs(runs: int, seed: int) -> list[tuple[int, int]]:
    """Return all pairs of runs, or as many as are compared, drawn without repetition."""
    every = list(combinations(range(runs), 2))
    if len(every) <= PAIRS:
        return every
    drawn = generator(seed, "pairs").choice(len(every), PAIRS, replace=False)
    return [every[i] for i in sorted(drawn.tolist())]
