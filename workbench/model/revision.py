"""Taking rows out of parts: new revisions beside the old, listed at once, the old removed.

Whoever reads sees the corpus as it was or as it will be. A revision that is killed leaves files
that no list names, and the next one, or the next load, sweeps them.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from workbench.errors import InputError
from workbench.model.corpus import Corpus, part_name, write_listing
from workbench.model.parts import disk, part_file, pieces, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from workbench.model.parts import PartWriter

__all__ = ["Change", "Read", "Revise", "Revised", "reader", "rehearse", "revise", "revise_new"]


class Read(Protocol):
    """Gives the rows of a table in pieces, with all columns or those that are named."""

    def __call__(self, table: str, columns: Sequence[str] | None = None, /) -> Iterator[pa.Table]:
        """Yield the rows of `table`."""


class Change(Protocol):
    """Makes other rows of rows of one table; what it leaves alone it returns as it is."""

    def __call__(self, rows: pa.Table, /) -> pa.Table:
        """Return the rows that stay."""


class Revise(Protocol):
    """Looks at all rows and says how those of each table change."""

    def __call__(self, read: Read, /) -> Mapping[str, Change]:
        """Return table → change."""


class Revised(Counter[tuple[str, str]]):
    """How many rows were ``removed`` from and ``changed`` in each table: ``(table, what)`` → n."""

    def of(self, what: str) -> dict[str, int]:
        """Return table → rows that were removed, or changed."""
        return {table: n for (table, done), n in sorted(self.items()) if done == what and n}


def reader(corpus: Corpus) -> Read:
    """Return what reads the observations of a corpus."""

    def read(table: str, columns: Sequence[str] | None = None, /) -> Iterator[pa.Table]:
        if corpus.path is None:
            rows = corpus.memory[table]
            yield rows if columns is None else rows.select(list(columns))
        for part in corpus.parts(table):
            yield from pieces(part, columns)

    return read


def _rewrite(
    origin: Path, target: Path, table: str, *, change: Change
) -> tuple[Revised, Counter[str]]:
    """Write the changed rows of a part; return what was done, and the statistics of the rows.

    Where nothing changes, `target` is not left behind.
    """
    done, stats = Revised(), Counter[str]()
    with part_file(target, table) as writer:
        for rows in pieces(origin):
            made = change(rows)
            done[table, "removed"] += rows.num_rows - made.num_rows
            if made is not rows:
                done[table, "changed"] += _differing(rows, made)
            stats.update(_recounted(table, made))
            if made.num_rows:
                writer.write_table(made)
    if not done.total():
        target.unlink()
    return done, stats


def revise(corpus: Corpus, changes: Mapping[str, Change]) -> tuple[Corpus, Revised]:
    """Return the corpus with other rows, and what was done; parts without a change stay.

    Hold the lock of the corpus (``parts.corpus_lock``) meanwhile.

    Raises
    ------
    InputError
        The corpus is in memory, or the disk fails: then nothing has changed.
    """
    path = corpus.path
    if path is None:
        raise InputError("a corpus in memory is not revised", remedy="load it into a folder")
    sweep(path, corpus.listing)
    total, listing = Revised(), {}
    with disk(path):
        for source in corpus.sources:
            entry: dict[str, dict[str, int]] = {
                k: dict(v) for k, v in corpus.listing[source].items()
            }
            for table in changes:
                if entry["tables"].get(table):
                    total.update(
                        _revised_part(path, source, table, entry=entry, change=changes[table])
                    )
            listing[source] = {k: v for k, v in entry.items() if v or k != "parts"}
        if total.total():
            write_listing(path, listing)
            sweep(path, listing)
    return Corpus.open(path), total


def rehearse(corpus: Corpus, changes: Mapping[str, Change]) -> Revised:
    """Return what ``revise`` would do, and do nothing."""
    done, read = Revised(), reader(corpus)
    for table, change in changes.items():
        for rows in read(table):
            made = change(rows)
            done[table, "removed"] += rows.num_rows - made.num_rows
            if made is not rows:
                done[table, "changed"] += _differing(rows, made)
    return done


def revise_new(writer: PartWriter, plan: Revise) -> dict[str, int]:
    """Change the rows of a source that is not listed yet; return its statistics that changed."""
    stats: Counter[str] = Counter()
    for table, change in plan(writer.read).items():
        found: Counter[str] = Counter()

        def changed(
            table: str = table, change: Change = change, found: Counter[str] = found
        ) -> Iterator[pa.Table]:
            for rows in writer.read(table):
                made = change(rows)
                found.update(_recounted(table, made))
                yield made

        if any(change(rows) is not rows for rows in writer.read(table)):
            writer.replace(table, changed())
            stats.update(found)
    return dict(stats)


def _revised_part(
    path: Path, source: str, table: str, *, entry: dict[str, dict[str, int]], change: Change
) -> Revised:
    """Write the new revision of a part, if it has one, and enter it in the entry of its source."""
    origin = path / table / part_name(entry, table, source)
    revision = entry.get("parts", {}).get(table, 0) + 1
    named = {"parts": {table: revision}}
    target = path / table / part_name(named, table, source)
    done, stats = _rewrite(origin, target, table, change=change)
    if done.total():
        with target.open("rb") as written:
            os.fsync(written.fileno())
        entry.setdefault("parts", {})[table] = revision
        entry["tables"][table] -= done[table, "removed"]
        entry.setdefault("stats", {}).update(
            {k: v for k, v in stats.items() if k in entry["stats"]}
        )
    return done


def _recounted(table: str, rows: pa.Table) -> dict[str, int]:
    """Return the statistics of a source that rows of a table decide (see ``loaders.base``)."""
    if table == "interactions":
        target = rows.column("target_id")
        return {
            "unresolved": target.null_count,
            "handle_targets": _true(pc.starts_with(target, "handle:")),
            "acts_without_post": rows.column("post_id").null_count,
            "retracted": rows.num_rows - rows.column("retracted_ms").null_count,
        }
    if table == "events":
        return {"edits": _true(pc.equal(rows.column("kind"), "edit"))}
    return {"handles": rows.num_rows} if table == "aliases" else {}


def _true(mask: Any) -> int:
    return int(pc.sum(mask).as_py() or 0)


def _differing(rows: pa.Table, made: pa.Table) -> int:
    """Return how many of the rows that stay are not as they were; only texts change."""
    texts = [f.name for f in rows.schema if pa.types.is_string(f.type)]
    if rows.num_rows == made.num_rows:
        texts = [name for name in texts if not made.column(name).equals(rows.column(name))]
    before, after = (
        Counter(zip(*(table.column(name).to_pylist() for name in texts), strict=True))
        for table in (rows, made)
    )
    return (after - before).total()
