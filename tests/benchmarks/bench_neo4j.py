"""A Neo4j server: push against the loader everybody writes, bulk import, reading a graph back."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.bench_push import HERE as PUSH
from tests.benchmarks.measure import Row, at_most, run, timed
from tests.neo4j_server import Server

HERE = "tests.benchmarks.bench_neo4j"
BATCH = 10_000


def naive(folder: str, uri: str) -> dict[str, Any]:
    """Load the ready rows as maps with one writer, as the tutorials do."""
    import neo4j
    import pyarrow.parquet as pq

    from workbench.store import projection
    from workbench.store.schema import NODES, RELATIONSHIPS, neo4j_statements

    start = time.process_time()
    with timed() as spent, neo4j.GraphDatabase.driver(uri) as driver, driver.session() as session:
        for statement in neo4j_statements():
            session.run(statement).consume()
        for name in projection.tables():
            rows = pq.read_table(Path(folder) / "ready" / f"{name}.parquet")
            if name in NODES:
                key = NODES[name].key
                text = f"UNWIND $rows AS r MERGE (n:{name} {{{key}: r.{key}}}) SET n += r"
            else:
                kind = RELATIONSHIPS[name]
                text = (
                    "UNWIND $rows AS r "
                    f"MATCH (a:{kind.source} {{{NODES[kind.source].key}: r.source}}) "
                    f"MATCH (b:{kind.target} {{{NODES[kind.target].key}: r.target}}) "
                    f"MERGE (a)-[x:{name}]->(b) SET x += r.properties"
                )
            for at in range(0, rows.num_rows, BATCH):
                maps = rows.slice(at, BATCH).to_pylist()
                if name not in NODES:
                    maps = [
                        {"source": m.pop("source"), "target": m.pop("target"), "properties": m}
                        for m in maps
                    ]
                session.execute_write(
                    lambda transaction, text=text, maps=maps: transaction.run(
                        text, rows=maps
                    ).consume()
                )
    return {"seconds": spent[0], "cpu": time.process_time() - start}


def push(folder: str, uri: str) -> dict[str, Any]:
    """Push the corpus, reading it included."""
    import workbench as wb
    from workbench.model import Corpus

    start = time.process_time()
    with timed() as spent:
        store = wb.connect(uri, study="bench")
        told = store.write(Corpus.open(Path(folder) / "corpus"))
        store.close()
    elements = sum(told["nodes"].values()) + sum(told["relationships"].values())
    return {"seconds": spent[0], "cpu": time.process_time() - start, "elements": elements}


def export(folder: str, _uri: str) -> dict[str, Any]:
    """Write the corpus as files for the importer."""
    from workbench.model import Corpus
    from workbench.store.bulk import export_bulk

    with timed() as spent:
        export_bulk(Corpus.open(Path(folder) / "corpus"), Path(folder) / "bulk", study="bench")
    return {"seconds": spent[0]}


def imported(folder: Path) -> float:
    """Import the files into a new server that has not been started, and return the seconds."""
    server = Server(heap="2g")
    try:
        with timed() as spent:
            subprocess.run(
                ["sh", folder / "bulk" / "import.sh"], check=True, capture_output=True,
                env={**os.environ, "NEO4J_HOME": str(server.home)},
            )  # fmt: skip
    finally:
        server.close()
    return spent[0]


def records(_folder: str, uri: str) -> dict[str, Any]:
    """Read the rows of the retweet graph as the driver's records."""
    import neo4j

    text = (
        "MATCH (a:Account)-[r:RETWEETED]->(b:Account) WHERE r.weight > 0 AND r.study = 'bench' "
        "RETURN a.account_id AS source, b.account_id AS target, r.weight AS weight, "
        "r.first_ms AS first_ms, r.last_ms AS last_ms"
    )
    with neo4j.GraphDatabase.driver(uri) as driver, driver.session() as session:
        list(session.run(text + " LIMIT 1000"))
        with timed() as spent:
            found = list(session.run(text))
    return {"seconds": spent[0], "edges": len(found)}


def graph(_folder: str, uri: str) -> dict[str, Any]:
    """Read the retweet graph."""
    import workbench as wb

    store = wb.connect(uri, study="bench")
    store.graph("retweet", min_weight=1e9)
    with timed() as spent:
        found = store.graph("retweet")
    store.close()
    return {"seconds": spent[0], "edges": found.edges}


def rows(*, scale: float) -> list[Row]:
    """Return the comparisons; `scale` 1 is 1 M posts."""
    posts = int(1_000_000 * scale)
    memory = {"server__memory__pagecache__size": "1g"}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        run(f"{PUSH}:make_corpus", folder, posts)
        run(f"{PUSH}:ready_parquet", folder)
        with Server(heap="2g", **memory) as server:
            peer = run(f"{HERE}:naive", folder, server.uri)
        with Server(heap="2g", **memory) as server:
            first = run(f"{HERE}:push", folder, server.uri)
            again = run(f"{HERE}:push", folder, server.uri)
            whole, mine = (
                run(f"{HERE}:{case}", folder, server.uri) for case in ("records", "graph")
            )
        files = run(f"{HERE}:export", folder, "")
        bare = imported(Path(folder))
    told = f"push of {posts:,} posts ({first.answer['elements']:,} elements)"
    return [
        at_most(
            f"{told}: seconds of ours / rows as maps with one writer",
            first.seconds / peer.seconds, 1 / 1.4,
            ours=f"{first.seconds:.1f} s", peer=f"{peer.seconds:.1f} s",
        ),
        at_most(
            f"{told}: client CPU of ours, corpus included / rows as maps",
            first.answer["cpu"] / peer.answer["cpu"], 0.6,
            ours=f"{first.answer['cpu']:.1f} s", peer=f"{peer.answer['cpu']:.1f} s",
        ),
        at_most(
            f"{told}: client memory in GiB", first.peak_mb / 1024, 1.0,
            ours=f"{first.peak_mb:.0f} MiB", peer=f"{peer.peak_mb:.0f} MiB",
        ),
        at_most(
            "second push of the same corpus / the first",
            again.seconds / first.seconds, 0.6,
            ours=f"{again.seconds:.1f} s", peer=f"{first.seconds:.1f} s",
        ),
        at_most(
            f"export of {posts:,} posts and import / the import alone",
            (files.seconds + bare) / bare, 1.5,
            ours=f"{files.seconds:.1f} s ({files.peak_mb:.0f} MiB) + {bare:.1f} s",
            peer=f"{bare:.1f} s",
        ),
        at_most(
            f"graph of {mine.answer['edges']:,} edges / its rows as the driver's records",
            mine.seconds / whole.seconds, 0.5,
            ours=f"{mine.seconds:.2f} s", peer=f"{whole.seconds:.2f} s",
        ),
    ]  # fmt: skip
