"""Bookkeeping of the truth: what a correct loader must find, and the tables that say so."""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from typing import TYPE_CHECKING, Any, Self, TextIO

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import TracebackType

__all__ = ["EdgeCount", "Ledger"]

_SPILL = 65_536
_BLOCK = 1_000_000
_PASSES = 16

#: The truth tables that are written while the crisis runs, with their columns.
TABLES = {
    "campaign": ("post_id", "account_id", "cell", "tactic", "operation", "object", "at_ms"),
    "pile_on": (
        "post_id", "account_id", "target_account", "target_post", "kind", "stance", "at_ms",
    ),
    "cascades": (
        "cascade", "veracity", "corrects", "post_id", "account_id", "root_post", "parent_post",
        "depth", "at_ms",
    ),
    "missing": ("post_id", "author_id", "reason"),
}  # fmt: skip


class EdgeCount:
    """Count nodes, distinct edges, acts and self-loops of one graph at constant memory.

    Pairs go to a file; at the end they are read in sixteen passes by source, so that only a
    sixteenth of the distinct pairs is in memory at a time.

    Parameters
    ----------
    path
        A file for the pairs; it is removed by ``close``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pairs = array("Q")
        self.weight = 0
        self.unresolved = 0

    def add(self, source: int, target: int) -> None:
        """Count one act from `source` to `target` (indices below 2**32)."""
        self._pairs.append(source << 32 | target)
        self.weight += 1
        if len(self._pairs) >= _SPILL:
            self._spill()

    def _spill(self) -> None:
        with self._path.open("ab") as file:
            self._pairs.tofile(file)
        self._pairs = array("Q")

    def close(self, *, bipartite: bool = False) -> dict[str, int]:
        """Return the counts and remove the file."""
        self._spill()
        edges = loops = loop_weight = 0
        sources = targets = np.empty(0, np.uint64)
        for part in range(_PASSES):
            pairs, times = np.unique(self._part(part), return_counts=True)
            source, target = pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF)
            edges += len(pairs)
            loops += int((source == target).sum())
            loop_weight += int(times[source == target].sum())
            sources = np.union1d(sources, source)
            targets = np.union1d(targets, target)
        self._path.unlink()
        nodes = len(sources) + len(targets) if bipartite else len(np.union1d(sources, targets))
        return {
            "nodes": nodes,
            "sources": len(sources),
            "targets": len(targets),
            "edges": edges,
            "weight": self.weight,
            "self_loops": 0 if bipartite else loops,
            "self_loop_weight": 0 if bipartite else loop_weight,
            "unresolved": self.unresolved,
        }

    def _part(self, part: int) -> npt.NDArray[np.uint64]:
        """Return the pairs of every sixteenth source, read in blocks."""
        found = [np.empty(0, np.uint64)]
        with self._path.open("rb") as file:
            while len(block := np.fromfile(file, np.uint64, _BLOCK)):
                found.append(block[(block >> np.uint64(32)) % np.uint64(_PASSES) == part])
        return np.concatenate(found)


class Ledger:
    """The open truth tables and edge counts of a running crisis; use it as a context manager.

    Parameters
    ----------
    folder
        Where the tables go; it must exist.
    """

    def __init__(self, folder: Path) -> None:
        self.kinds: Counter[str] = Counter()
        self.origins: Counter[str] = Counter()
        self._folder = folder
        names = ("retweet", "quote", "reply", "mention", "mention_all", "account_hashtag")
        self.graphs = {name: EdgeCount(folder / f"{name}.pairs") for name in names}
        self._files: dict[str, TextIO] = {}
        self._writers: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Open the tables."""
        for name, columns in TABLES.items():
            self._files[name] = (self._folder / f"{name}.csv").open(
                "w", newline="", encoding="utf-8"
            )
            self._writers[name] = csv.writer(self._files[name], lineterminator="\n")
            self._writers[name].writerow(columns)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the tables."""
        for file in self._files.values():
            file.close()

    def note(self, table: str, *row: object) -> None:
        """Append a row to a truth table."""
        self._writers[table].writerow(row)

    def mention(self, actor: int, account: int, origin: str) -> None:
        """Count a mention; only a chosen one enters the default mention graph."""
        self.origins[origin] += 1
        self.graphs["mention_all"].add(actor, account)
        if origin == "authored":
            self.graphs["mention"].add(actor, account)

    def write(
        self, name: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
    ) -> None:
        """Write a whole truth table."""
        with (self._folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)

    def finish(self) -> dict[str, dict[str, int]]:
        """Count the graphs, write ``graphs.csv`` and return its rows by graph."""
        counts = {
            name: graph.close(bipartite=name == "account_hashtag")
            for name, graph in self.graphs.items()
        }
        columns = ("kind", *next(iter(counts.values())))
        self.write("graphs", columns, [(name, *row.values()) for name, row in counts.items()])
        return counts
