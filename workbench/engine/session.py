"""The table engine: Narwhals expressions over DuckDB (default) or Spark (cluster).

Nothing else in the package opens an engine, and outside this folder there is no SQL: the rest
sees ``narwhals.LazyFrame``. Row order is never promised; whoever needs an order sorts.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from workbench.errors import InputError, MissingDependencyError, UsageError
from workbench.model.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import narwhals as nw
    import pyarrow as pa

    from workbench.model.corpus import Corpus

__all__ = ["Session", "session"]

DEFAULT_MEMORY_MB = 1024


class Session(Protocol):
    """An open engine over one corpus."""

    corpus: Corpus

    def table(self, name: str) -> nw.LazyFrame[Any]:
        """Return the observations of the corpus table `name`."""
        ...

    def frame(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """Return an Arrow table as a frame of this engine."""
        ...

    def parquet(self, files: list[Path]) -> nw.LazyFrame[Any]:
        """Return the rows of Parquet files as a frame of this engine."""
        ...

    def collect(self, frame: nw.LazyFrame[Any]) -> pa.Table:
        """Return the rows of `frame` as an Arrow table, in no particular order."""
        ...

    def pieces(self, frame: nw.LazyFrame[Any], rows: int) -> Iterator[pa.Table]:
        """Yield the rows of `frame` in Arrow tables of about `rows` rows, in no particular order.

        Until the last one has come, nothing else may be asked of the session.
        """
        ...

    def kept(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return the same rows, computed now and kept until the session ends, out of core.

        For what is used more than once: a lazy frame would be computed at each use.
        """
        ...

    def write(self, frame: nw.LazyFrame[Any], file: Path) -> None:
        """Write the rows of `frame` to one Parquet file, out of core."""
        ...


class _DuckDBSession:
    """DuckDB in this process, limited in memory, spilling to `spill`."""

    def __init__(self, corpus: Corpus, *, memory_mb: int, threads: int | None, spill: Path) -> None:
        import duckdb

        self.corpus = corpus
        config: dict[str, Any] = {
            "memory_limit": f"{memory_mb}MB",
            "temp_directory": str(spill),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
        }
        if threads is not None:
            config["threads"] = threads
        self._connection = duckdb.connect(":memory:", config=config)
        self._tables = 0
        self._connection.execute("SET TimeZone = 'UTC'")
        # In an interactive Python a slow query would draw its bar on standard output. A notebook
        # without ipywidgets has no bar, and refuses to turn it off.
        with suppress(duckdb.Error):
            self._connection.execute("SET enable_progress_bar = false")

    def table(self, name: str) -> nw.LazyFrame[Any]:
        parts = self.corpus.parts(name)
        if parts:
            return self.parquet(parts)
        in_memory = self.corpus.path is None and self.corpus.memory
        return self.frame(self.corpus.table(name) if in_memory else TABLES[name].empty_table())

    def frame(self, table: pa.Table) -> nw.LazyFrame[Any]:
        import narwhals as nw

        return nw.from_native(self._connection.from_arrow(table)).lazy()

    def parquet(self, files: list[Path]) -> nw.LazyFrame[Any]:
        import duckdb
        import narwhals as nw

        try:
            relation = self._connection.read_parquet([str(file) for file in files])
        except duckdb.Error as error:
            raise InputError(
                "cannot read a part of the corpus",
                value=str(error),
                remedy="load the sources again into a new study",
            ) from error
        return nw.from_native(relation).lazy()

    def collect(self, frame: nw.LazyFrame[Any]) -> pa.Table:
        return frame.collect(backend="pyarrow").to_native()

    def pieces(self, frame: nw.LazyFrame[Any], rows: int) -> Iterator[pa.Table]:
        import pyarrow as pa

        for batch in frame.to_native().to_arrow_reader(rows):
            yield pa.Table.from_batches([batch])

    def kept(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        import narwhals as nw

        self._tables += 1
        name = f"kept_{self._tables}"
        frame.to_native().create(name)
        return nw.from_native(self._connection.table(name)).lazy()

    def write(self, frame: nw.LazyFrame[Any], file: Path) -> None:
        frame.sink_parquet(file)

    def close(self) -> None:
        self._connection.close()


class _SparkSession:
    """The user's Spark session, or a local one; needs the extra ``spark`` and Java 17."""

    def __init__(self, corpus: Corpus, *, memory_mb: int, threads: int | None) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise MissingDependencyError(
                "the Spark engine is not installed",
                remedy="pip install 'workbench[spark]' (needs Java 17)",
            ) from error
        self.corpus = corpus
        running = SparkSession.getActiveSession()
        self._owned = running is None
        builder = (
            SparkSession.builder.master(f"local[{threads or 2}]")
            .appName("workbench")
            .config("spark.driver.memory", f"{memory_mb}m")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.execution.arrow.pyspark.enabled", "true")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
        )
        self._spark = running or builder.getOrCreate()
        if running is not None:
            running.conf.set("spark.sql.session.timeZone", "UTC")

    def table(self, name: str) -> nw.LazyFrame[Any]:
        parts = self.corpus.parts(name)
        return self.parquet(parts) if parts else self.frame(self.corpus.table(name))

    def frame(self, table: pa.Table) -> nw.LazyFrame[Any]:
        import narwhals as nw

        made: nw.LazyFrame[Any] = nw.from_native(self._spark.createDataFrame(table)).lazy()
        return made

    def parquet(self, files: list[Path]) -> nw.LazyFrame[Any]:
        import narwhals as nw

        native = self._spark.read.parquet(*[str(file.resolve()) for file in files])
        made: nw.LazyFrame[Any] = nw.from_native(native).lazy()
        return made

    def collect(self, frame: nw.LazyFrame[Any]) -> pa.Table:
        return frame.collect(backend="pyarrow").to_native()

    def pieces(self, frame: nw.LazyFrame[Any], rows: int) -> Iterator[pa.Table]:
        whole = self.collect(frame)
        for at in range(0, whole.num_rows, rows):
            yield whole.slice(at, rows)

    def kept(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        import narwhals as nw

        made: nw.LazyFrame[Any] = nw.from_native(frame.to_native().cache()).lazy()
        return made

    def write(self, frame: nw.LazyFrame[Any], file: Path) -> None:
        import pyarrow.parquet as pq

        pq.write_table(self.collect(frame), file)

    def close(self) -> None:
        if self._owned:
            self._spark.stop()


@contextmanager
def session(
    corpus: Corpus,
    *,
    engine: str = "duckdb",
    memory_mb: int = DEFAULT_MEMORY_MB,
    threads: int | None = None,
) -> Iterator[Session]:
    """Open the table engine over `corpus` for the length of a ``with`` block.

    Parameters
    ----------
    engine
        ``duckdb``, or ``spark`` for a cluster (the active Spark session, else a local one).
    memory_mb
        Memory limit in MiB; what does not fit is spilled to a folder that is removed at the end.
    threads
        Worker threads; None lets the engine decide.

    Raises
    ------
    UsageError
        `engine` is not one of the two.
    MissingDependencyError
        ``spark`` without the extra.
    """
    if engine not in {"duckdb", "spark"}:
        raise UsageError("no such engine", value=engine, allowed="duckdb, spark")
    spill = Path(tempfile.mkdtemp(prefix="workbench-spill-"))
    opened: _DuckDBSession | _SparkSession | None = None
    try:
        if engine == "spark":
            opened = _SparkSession(corpus, memory_mb=memory_mb, threads=threads)
        else:
            opened = _DuckDBSession(corpus, memory_mb=memory_mb, threads=threads, spill=spill)
        yield opened
    finally:
        if opened is not None:
            opened.close()
        shutil.rmtree(spill, ignore_errors=True)
