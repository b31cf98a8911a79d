"""10 M interactions → graph: from encoded arrays, and from Parquet end to end."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from tests.benchmarks.measure import Row, at_least, at_most, best_of, measured, run, timed

ACCOUNTS_PER_ACT = 0.15


def _acts(number: int) -> tuple[np.ndarray, np.ndarray, pa.Array]:
    """Return encoded acts of a heavy-tailed audience and the ids in account order."""
    rng = np.random.default_rng(1)
    accounts = max(10, int(number * ACCOUNTS_PER_ACT))
    audience = np.minimum((rng.pareto(1.1, number) * 100).astype(np.int64), accounts - 1)
    target = rng.permutation(accounts).astype(np.int32)[audience]
    source = rng.integers(0, accounts, number).astype(np.int32)
    used = np.zeros(accounts, dtype=bool)
    used[source] = True
    used[target] = True
    new = (np.cumsum(used) - 1).astype(np.int32)
    ids = pa.array([f"x:{10**9 + i}" for i in range(int(used.sum()))])
    return new[source], new[target], ids


def ours(number: str) -> dict[str, Any]:
    """Encoded arrays → InteractionGraph."""
    from workbench.model import InteractionGraph

    source, target, ids = _acts(int(number))

    def build() -> InteractionGraph:
        return InteractionGraph.from_codes(ids, source, target, all_used=True)

    graph = build()
    size = graph.indptr.nbytes + graph.indices.nbytes + graph.weight.nbytes + graph.ids.nbytes
    return {"seconds": best_of(build, 5), "edges": graph.edges, "bytes": size / graph.edges}


def scipy_coo(number: str) -> dict[str, Any]:
    """Encoded arrays → SciPy CSR with duplicates summed."""
    from scipy.sparse import coo_array

    source, target, ids = _acts(int(number))
    shape = (len(ids), len(ids))

    def build() -> Any:
        return coo_array((np.ones(len(source)), (source, target)), shape=shape).tocsr()

    return {"edges": build().nnz, "seconds": best_of(build, 5)}


def networkx(number: str) -> dict[str, Any]:
    """Encoded arrays → networkx DiGraph of the same accounts with summed weights."""
    import networkx as nx

    source, target, ids = _acts(int(number))
    names = ids.to_pylist()
    with timed() as spent:
        graph = nx.DiGraph()
        actors, targets = (map(names.__getitem__, end.tolist()) for end in (source, target))
        for u, v in zip(actors, targets, strict=True):
            if graph.has_edge(u, v):
                graph[u][v]["weight"] += 1
            else:
                graph.add_edge(u, v, weight=1)
    return {"seconds": spent[0], "edges": graph.number_of_edges()}


def write_corpus(number: str, folder: str) -> dict[str, Any]:
    """Write a corpus of `number` shares without posts."""
    from workbench.model import Corpus
    from workbench.model.parts import PartWriter

    source, target, ids = _acts(int(number))
    texts = ids.to_numpy(zero_copy_only=False)
    with timed() as spent, PartWriter(Corpus.create(folder), "b" * 64) as writer:
        for start in range(0, len(source), 500_000):
            part = slice(start, start + 500_000)
            rows = len(source[part])
            writer.write(
                "interactions", _rows(texts[source[part]], texts[target[part]], rows, start)
            )
        writer.commit({"duplicate_posts": 0, "unresolved": 0, "handle_targets": 0, "edits": 0,
                       "handle_authors": 0, "acts_without_post": len(source),
                       "acts_by_target": 0})  # fmt: skip
    return {"seconds": spent[0]}


def _rows(actors: Any, targets: Any, rows: int, start: int) -> pa.Table:
    ms = np.arange(start, start + rows, dtype=np.int64) * 100 + 1_900_000_000_000
    return pa.table(
        {
            "kind": pa.repeat(pa.scalar("share"), rows),
            "actor_id": pa.array(actors, pa.string()),
            "target_id": pa.array(targets, pa.string()),
            "created_ms": ms,
            "origin": pa.repeat(pa.scalar("authored"), rows),
            "resolved_by": pa.repeat(pa.scalar("id_field"), rows),
            "weight": np.ones(rows),
            "source_id": pa.repeat(pa.scalar("b" * 64), rows),
            "record": np.arange(start, start + rows),
        }
    )


def from_parquet(folder: str) -> dict[str, Any]:
    """Corpus folder → graph, end to end."""
    import workbench  # noqa: F401  binds corpus.graph
    from workbench.model import Corpus

    corpus = Corpus.open(folder)
    with timed() as spent:
        graph = corpus.graph("retweet")
    return {"seconds": spent[0], "edges": graph.edges}


def networkx_from_parquet(folder: str) -> dict[str, Any]:
    """Corpus folder → networkx, by pandas groupby as researchers do."""
    import networkx as nx
    import pandas as pd

    with timed() as spent:
        file = next(Path(folder, "interactions").glob("*.parquet"))
        acts = pd.read_parquet(file, columns=["kind", "actor_id", "target_id", "weight"])
        graph = nx.DiGraph()
        shares = acts[acts["kind"] == "share"]
        for u, v, w in zip(shares["actor_id"], shares["target_id"], shares["weight"], strict=True):
            if graph.has_edge(u, v):
                graph[u][v]["weight"] += w
            else:
                graph.add_edge(u, v, weight=w)
    return {"seconds": spent[0], "edges": graph.number_of_edges()}


def rows(*, scale: float) -> list[Row]:
    """Return the comparisons; `scale` 1 is 10 M interactions."""
    number = int(10_000_000 * scale)
    here = "tests.benchmarks.bench_graph"
    mine, coo = measured([(f"{here}:ours", (number,)), (f"{here}:scipy_coo", (number,))], repeat=3)
    peer = run(f"{here}:networkx", number)
    if not mine.answer["edges"] == coo.answer["edges"] == peer.answer["edges"]:
        raise AssertionError("the three builds disagree")
    size = f"{number / 1e6:g} M acts"
    arrays, held = f"graph from arrays, {size}", mine.answer["bytes"]
    our_time = f"{mine.seconds:.3f} s"
    report = [
        at_least(
            f"{arrays}: networkx / ours",
            peer.seconds / mine.seconds,
            200,
            ours=our_time,
            peer=f"{peer.seconds:.1f} s",
        ),
        at_least(
            f"{arrays}: SciPy COO→CSR / ours",
            coo.seconds / mine.seconds,
            0.9,
            ours=our_time,
            peer=f"{coo.seconds:.3f} s",
        ),
        at_most("bytes an edge, ids included", held, 20, ours=f"{held:.1f} B", peer="20 B"),
    ]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        run(f"{here}:write_corpus", number, folder)
        end = run(f"{here}:from_parquet", folder)
        other = run(f"{here}:networkx_from_parquet", folder)
    if end.answer["edges"] != other.answer["edges"]:
        raise AssertionError("the two builds from Parquet disagree")
    report.append(
        at_least(
            f"graph from Parquet, {size}: networkx / ours",
            other.seconds / end.seconds,
            15,
            ours=f"{end.seconds:.2f} s ({end.peak_mb:.0f} MiB)",
            peer=f"{other.seconds:.1f} s ({other.peak_mb:.0f} MiB)",
        )
    )
    return report
