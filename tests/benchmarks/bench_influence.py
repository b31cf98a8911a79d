"""Influence: PageRank against networkx, sampled betweenness against igraph's exact one, resamples.

Conversions are outside on both sides: networkx and igraph get their own graph ready-made, ours
starts from the package's graph (and turns it into SciPy's or igraph's itself, which counts).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.benchmarks.measure import Row, absent, at_least, at_most, best_of, run, timed
from tests.reference import reference_data

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = "tests.benchmarks.bench_influence"


def ranks(accounts: str, edges: str) -> dict[str, Any]:
    """Both PageRanks of one planted graph, and how far they are apart."""
    import networkx as nx

    from tests.benchmarks.planted import planted_camps
    from workbench.influence import pagerank

    graph, _ = planted_camps(int(accounts), int(edges))
    theirs = graph.to_networkx()
    graph.fingerprint  # noqa: B018  a digest of the graph that every result of it shares
    values = pagerank(graph).values
    ours = best_of(lambda: pagerank(graph), 5)
    start = time.perf_counter()
    found = nx.pagerank(theirs, tol=1e-10, max_iter=1000)
    spent = time.perf_counter() - start
    other = np.array([found[account] for account in graph.accounts])
    return {"seconds": ours, "peer": spent, "edges": graph.edges, "nodes": graph.nodes,
            "apart": float(np.abs(values - other).sum())}  # fmt: skip


def between(accounts: str, edges: str) -> dict[str, Any]:
    """Sampled and exact betweenness of one planted graph, in processor time, and the error."""
    from tests.benchmarks.planted import planted_camps
    from workbench.influence import betweenness
    from workbench.influence.pivots import PIVOTS

    graph, _ = planted_camps(int(accounts), int(edges))
    engine = graph.without_self_loops().to_igraph()
    start = time.process_time()
    exact = np.array(engine.betweenness())
    peer = time.process_time() - start
    start = time.process_time()
    found = betweenness(graph, pivots=PIVOTS, seed=1)
    ours = time.process_time() - start
    top = np.argsort(-exact, kind="stable")[:100]
    assert found.standard_error is not None
    off = np.abs(found.values - exact)[top]
    return {
        "seconds": ours, "peer": peer, "edges": graph.edges, "nodes": graph.nodes,
        "pivots": found.parameters["pivots"],
        "correlation": float(np.corrcoef(exact, found.values)[0, 1]),
        "overlap": len(set(top.tolist()) & set(found.order()[:100].tolist())),
        "relative": float((off / exact[top]).mean()),
        "inside": float((off <= 2 * found.standard_error[top]).mean()),
    }  # fmt: skip


def resampled(runs: str) -> dict[str, Any]:
    """Ranking of the Higgs retweets with intervals from so many resamples."""
    from tests.influence.test_measures import higgs
    from workbench.influence import rank

    graph = higgs()
    rank(graph, top=20, bootstrap=2, seed=1)
    with timed() as spent:
        rank(graph, top=20, bootstrap=int(runs), seed=1)
    return {"seconds": spent[0], "nodes": graph.nodes}


def rows(*, scale: float) -> Iterator[Row]:
    """Yield the comparisons; `scale` 1 is a million edges for PageRank, 100,000 for paths."""
    yield _pagerank(scale)
    yield _betweenness(scale)
    yield _bootstrap(scale)


def _pagerank(scale: float) -> Row:
    found = run(f"{HERE}:ranks", int(330_000 * scale), int(1_000_000 * scale)).answer
    return at_least(
        f"PageRank, {found['edges']:,} edges: networkx at 1e-10 / ours at 1e-9, conversions "
        f"outside (L1 apart {found['apart']:.1e})",
        found["peer"] / found["seconds"], 15,
        ours=f"{found['seconds']:.3f} s", peer=f"{found['peer']:.2f} s",
    )  # fmt: skip


def _betweenness(scale: float) -> Row:
    found = run(f"{HERE}:between", int(20_000 * scale), int(100_000 * scale)).answer
    return at_least(
        f"betweenness, {found['edges']:,} edges, CPU: igraph exact / ours from {found['pivots']} "
        f"pivots (correlation {found['correlation']:.3f}, {found['overlap']} of the top 100, their "
        f"mean error {found['relative']:.1%}, {found['inside']:.0%} within two standard errors)",
        found["peer"] / found["seconds"], 15,
        ours=f"{found['seconds']:.2f} s", peer=f"{found['peer']:.1f} s",
    )  # fmt: skip


def _bootstrap(scale: float) -> Row:
    runs = max(10, int(500 * scale))
    what = f"seconds of {runs} resamples of in-strength, Higgs"
    try:
        reference_data("diffusion/higgs")
    except pytest.skip.Exception as missing:
        return absent(what, 25, ours="not measured", peer=str(missing))
    found = run(f"{HERE}:resampled", runs).answer
    return at_most(what, found["seconds"], 25, ours=f"{found['seconds']:.1f} s", peer="goal")
