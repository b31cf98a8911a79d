"""What is in a file, from its beginning, before anything is loaded."""

from __future__ import annotations

import io
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow.compute as pc

from workbench.errors import InputError
from workbench.loaders.base import Options, Sink, Source
from workbench.loaders.detection import detect
from workbench.loaders.inputs import find_inputs
from workbench.model.corpus import Corpus
from workbench.model.filters import iso
from workbench.model.parts import PartWriter

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping

    from workbench.loaders.base import Head, Loader
    from workbench.loaders.inputs import Input

__all__ = ["inspect_inputs"]


def inspect_inputs(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], formats: Mapping[str, Loader]
) -> list[dict[str, Any]]:
    """Look at every input; ``workbench.loaders.inspect`` is the documented front."""
    rows, failures = [], []
    for entry in find_inputs(paths):
        row = _row(entry)
        try:
            _look(entry, row, formats)
        except InputError as error:
            row["problem"] = str(error)
            failures.append(error)
        rows.append(row)
    if len(failures) == len(rows):
        raise failures[0]
    return rows


def _row(entry: Input) -> dict[str, Any]:
    return {
        "path": entry.path,
        "bytes": entry.disk_bytes,
        "format": None,
        "certainty": None,
        "whole": None,
        "records": None,
        "rejected": None,
        "kinds": None,
        "first": None,
        "last": None,
        "problem": None,
    }


def _look(entry: Input, row: dict[str, Any], formats: Mapping[str, Loader]) -> None:
    """Fill in a row as far as the input can be read."""
    head = entry.head()
    loader = detect(head, formats)
    row.update(format=loader.name, certainty=round(loader.sniff(head), 2))
    row.update(_sample(entry, head, loader))


def _sample(entry: Input, head: Head, loader: Loader) -> dict[str, Any]:
    """Read the complete lines of the head (a Parquet file: all rows) and count what they give.

    A first line that is longer than the head, as a page of posts can be, is read to its end.
    """
    opener: Callable[[], BinaryIO] = entry.open
    if not head.whole and not head.columns:
        lines = head.data[: head.data.rfind(b"\n") + 1]
        if not lines:
            lines = next(Source(entry.path, "", 0, entry.open).lines()).data + b"\n"
        opener = partial(io.BytesIO, lines)
    source = Source(entry.path, "0" * 64, len(head.data), opener)
    with PartWriter(Corpus.empty(), source.source_id) as writer:
        sink = Sink(source, writer)
        loader.read(source, sink, Options(beginning=not head.whole))
        sink.finish()
        corpus = writer.commit()
    acts, posts = corpus.table("interactions"), corpus.table("posts")
    primary = posts.filter(pc.equal(posts.column("seen_as"), "primary"))
    times = [
        ms
        for table in (acts, primary)
        for ms in table.column("created_ms").to_pylist()
        if ms is not None
    ]
    return {
        "whole": head.whole or bool(head.columns),
        "records": sink.read,
        "rejected": sink.rejected,
        "kinds": dict(sorted(Counter(acts.column("kind").to_pylist()).items())),
        "first": iso(min(times)) if times else None,
        "last": iso(max(times)) if times else None,
    }
