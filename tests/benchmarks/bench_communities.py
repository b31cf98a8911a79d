"""Communities: Leiden against python-louvain, both conversions included, and a consensus of runs.

``--scale`` below 1 takes a smaller graph; the consensus keeps its hundred runs. CPU seconds, not
wall: other work on the machine shows less.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.benchmarks.measure import Row, at_least, at_most, measured, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbench.model import InteractionGraph

HERE = "tests.benchmarks.bench_communities"
MIXING = 0.25


def planted(accounts: str, edges: str) -> InteractionGraph:
    """Return the graph, its fingerprint taken, as every command takes it."""
    from tests.benchmarks.planted import planted_communities

    graph, _ = planted_communities(int(accounts), int(edges), mixing=MIXING)
    assert graph.fingerprint
    return graph


def leiden(accounts: str, edges: str) -> dict[str, Any]:
    """Graph → partition, by igraph, two iterations, both conversions included."""
    from workbench import communities

    graph = planted(accounts, edges)
    communities.leiden(small(), seed=1)
    cpu, wall = time.process_time(), time.perf_counter()
    found = communities.leiden(graph, seed=1)
    return spent(cpu, wall) | {"quality": found.quality, "edges": graph.edges}


def python_louvain(accounts: str, edges: str) -> dict[str, Any]:
    """Graph → networkx → the package's labels → list, as its users do it."""
    import networkx as nx
    from community import community_louvain

    from workbench.communities import modularity
    from workbench.model import Partition

    graph = planted(accounts, edges)
    both = graph.symmetrised()
    source, target, weight = both.arcs()
    once = source < target
    rows = list(
        zip(source[once].tolist(), target[once].tolist(), weight[once].tolist(), strict=True)
    )
    cpu, wall = time.process_time(), time.perf_counter()
    other = nx.Graph()
    other.add_nodes_from(range(graph.nodes))
    other.add_weighted_edges_from(rows)
    found = community_louvain.best_partition(other, random_state=1)
    labels = [found[i] for i in range(graph.nodes)]
    told = spent(cpu, wall)
    quality = modularity(graph, Partition.from_labels(graph, labels, method="python_louvain"))
    return told | {"quality": quality, "edges": graph.edges}


def agreed(accounts: str, edges: str, runs: str) -> dict[str, Any]:
    """Graph → consensus of so many runs of Leiden, in one process."""
    from workbench import communities

    graph = planted(accounts, edges)
    communities.consensus(small(), runs=2, seed=1)
    cpu, wall = time.process_time(), time.perf_counter()
    found = communities.consensus(graph, runs=int(runs), seed=1)
    return spent(cpu, wall) | {"ami": found.ami_mean, "edges": graph.edges}


def small() -> InteractionGraph:
    """Return a graph that warms the imports up."""
    from workbench.model import InteractionGraph

    return InteractionGraph.from_edges(["a", "b", "c"], ["b", "c", "a"])


def spent(cpu: float, wall: float) -> dict[str, Any]:
    """Return the CPU and wall seconds since then; ``seconds`` are those of the CPU."""
    return {"seconds": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def rows(*, scale: float) -> Iterator[Row]:
    """Yield the comparisons; `scale` 1 is a million edges."""
    size = (int(200_000 * scale), int(1_000_000 * scale))
    repeat = 3 if scale < 1 else 1
    ours, peer = measured([(f"{HERE}:{name}", size) for name in ("leiden", "python_louvain")],
                          repeat=repeat)  # fmt: skip
    yield at_least(
        f"Leiden against python-louvain, CPU, conversions included, {ours.answer['edges']:,} edges",
        peer.seconds / ours.seconds, 20, ours=_told(ours.answer), peer=_told(peer.answer),
    )  # fmt: skip
    yield at_least(
        "modularity of Leiden − python-louvain", ours.answer["quality"] - peer.answer["quality"],
        0, ours=f"{ours.answer['quality']:.5f}", peer=f"{peer.answer['quality']:.5f}",
    )  # fmt: skip
    found = run(f"{HERE}:agreed", *size, 100)
    yield at_most(
        f"CPU seconds of a consensus of 100 runs, {found.answer['edges']:,} edges",
        found.seconds, 200, peer="goal",
        ours=f"{found.seconds:.0f} s CPU, {found.answer['wall']:.0f} s wall, "
        f"{found.peak_mb:.0f} MiB, AMI of pairs {found.answer['ami']:.3f}",
    )  # fmt: skip


def _told(answer: dict[str, Any]) -> str:
    return f"{answer['seconds']:.2f} s CPU ({answer['wall']:.2f} s wall)"
