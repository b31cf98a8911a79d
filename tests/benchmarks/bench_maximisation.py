"""Seeds of cascades: fifty of them on a million edges, and what one simulated cascade costs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.benchmarks.measure import Row, at_least, at_most, run, timed

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["rows", "seeds"]

HERE = "tests.benchmarks.bench_maximisation"


def seeds(accounts: str, edges: str, k: str) -> dict[str, Any]:
    """Graph → k seeds on independent cascade with their independent spread; strength's beside."""
    from tests.benchmarks.planted import planted_camps
    from workbench.influence import in_strength, maximise, spread

    graph, _ = planted_camps(int(accounts), int(edges))
    maximise(planted_camps(100, 300)[0], k=2, sets=100, runs=2, seed=1)
    start = time.process_time()
    with timed() as spent:
        found = maximise(graph, k=int(k), seed=1)
    processor = time.process_time() - start
    strongest = in_strength(graph).top(int(k))["account"].tolist()
    with timed() as simulated:
        beside = spread(graph, strongest, runs=100, seed=2)
    return {
        "seconds": spent[0],
        "processor": processor,
        "simulation": simulated[0] / 100,
        "nodes": graph.nodes,
        "edges": graph.edges,
        "sets": found.sets,
        "guarantee": found.guarantee,
        "estimate": found.estimate,
        "mean": found.spread.mean,
        "error": found.spread.standard_error,
        "strongest": beside.mean,
    }


def rows(*, scale: float) -> Iterator[Row]:
    """Yield the comparisons; `scale` 1 is a million edges."""
    made = run(f"{HERE}:seeds", int(330_000 * scale), int(1_000_000 * scale), 50)
    told = made.answer
    size = f"{told['nodes']:,} accounts, {told['edges']:,} edges"
    yield at_most(
        f"seconds of RIS, 50 seeds, and 100 simulations of them, {size}",
        made.seconds, 5,
        ours=f"{made.seconds:.2f} s ({told['processor']:.2f} CPU-s, {made.peak_mb:.0f} MiB; "
        f"2 × {told['sets']:,} sets, certified {told['guarantee']:.3f} of the best; "
        f"{told['simulation'] * 1000:.0f} ms a simulation)",
        peer="goal",
    )  # fmt: skip
    yield at_least(
        f"independent spread of the RIS seeds / of the 50 strongest accounts, {size}",
        told["mean"] / told["strongest"], 1,
        ours=f"{told['mean']:,.0f} ± {told['error']:.0f} (own estimate {told['estimate']:,.0f})",
        peer=f"{told['strongest']:,.0f}",
    )  # fmt: skip
