"""Push of a corpus into the embedded store, against bare COPY of ready Parquet."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Row, at_most, run, timed

HERE = "tests.benchmarks.bench_push"


def make_corpus(folder: str, posts: str) -> dict[str, Any]:
    """Load a synthetic crisis of `posts` posts into ``folder/corpus``."""
    import workbench as wb
    from workbench import synthetic

    with timed() as spent:
        synthetic.make(Path(folder) / "raw", posts=int(posts), seed=1)
        wb.load(Path(folder) / "raw" / "posts", into=Path(folder) / "corpus")
    return {"seconds": spent[0]}


def push(folder: str) -> dict[str, Any]:
    """Push the corpus into a fresh store."""
    import workbench as wb
    from workbench.model import Corpus

    corpus = Corpus.open(Path(folder) / "corpus")
    with timed() as spent:
        store = wb.connect(Path(folder) / "graph")
        store.write(corpus)
        store.close()
    store = wb.connect(Path(folder) / "graph")
    counts = store.counts()
    store.close()
    return {"seconds": spent[0], "counts": counts}


def ready_parquet(folder: str) -> dict[str, Any]:
    """Write what the store holds as Parquet files, one a table."""
    from workbench.engine import session
    from workbench.model import Corpus
    from workbench.store import projection

    corpus = Corpus.open(Path(folder) / "corpus")
    ready = Path(folder) / "ready"
    ready.mkdir()
    with timed() as spent, session(corpus) as engine:
        projection.write_parquet(engine, ready)
    return {"seconds": spent[0]}


def bare_copy(folder: str) -> dict[str, Any]:
    """COPY the ready Parquet files into a fresh ladybug database, nothing else."""
    import ladybug

    from workbench.store import schema

    with timed() as spent:
        database = ladybug.Database(str(Path(folder) / "bare"), buffer_pool_size=1 << 30)
        connection = ladybug.Connection(database)
        for statement in schema.ladybug_statements():
            connection.execute(statement)
        for name in schema.table_order():
            file = Path(folder) / "ready" / f"{name}.parquet"
            if file.exists():
                connection.execute(f"COPY `{name}` FROM '{file}'")
        connection.close()
        database.close()
    return {"seconds": spent[0]}


def rows(*, scale: float) -> list[Row]:
    """Return the comparison; `scale` 1 is 1 M posts."""
    posts = int(1_000_000 * scale)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        run(f"{HERE}:make_corpus", folder, posts)
        run(f"{HERE}:ready_parquet", folder)
        floor, mine = run(f"{HERE}:bare_copy", folder), run(f"{HERE}:push", folder)
    return [
        at_most(
            f"push of {posts:,} posts: ours / bare COPY of ready Parquet",
            mine.seconds / floor.seconds,
            1.5,
            ours=f"{mine.seconds:.1f} s ({mine.peak_mb:.0f} MiB)",
            peer=f"{floor.seconds:.1f} s",
        )
    ]
