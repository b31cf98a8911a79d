"""From a row of the rejects table back to the bytes that could not be read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from workbench.errors import InputError, NotFoundError
from workbench.loaders.inputs import Input
from workbench.loaders.source import BLOCK, Source
from workbench.loaders.tables import open_table, row_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.model.corpus import Corpus

__all__ = ["read_reject"]


def read_reject(corpus: Corpus, reject: Mapping[str, Any]) -> bytes:
    """Return the record that `reject`, a row of the rejects table, was made from.

    The corpus keeps no content that it could not read, only where it stands: the input file is
    opened again. Of a row of a Parquet table the values are returned as JSON.

    Raises
    ------
    NotFoundError
        The corpus has no source of that id.
    InputError
        The file is gone, or has changed since it was loaded.
    """
    sources = corpus.table("sources")
    known = sources.filter(pc.equal(sources.column("source_id"), reject["source_id"]))
    if not known.num_rows:
        raise NotFoundError("no such source", value=reject["source_id"])
    size = int(known.column("bytes")[0].as_py())
    entry = _input(reject["path"])
    source = Source(reject["path"], reject["source_id"], size, entry.open)
    if reject["byte_offset"] is not None:
        data = _bytes_at(source, reject["byte_offset"], reject["byte_length"])
    else:
        data = _row_at(source, reject["line"])
    if hashlib.sha1(data, usedforsecurity=False).hexdigest() != reject["sha1"]:
        raise InputError(
            "the file has changed since it was loaded",
            value=reject["path"],
            where=f"line {reject['line']}",
        )
    return data


def _input(path: str) -> Input:
    """Return the input that a stored path names."""
    file, mark, member = path.partition("!")
    while mark and not Path(file).is_file():  # a folder may have the mark in its name
        more, mark, member = member.partition("!")
        file = f"{file}!{more}"
    if not Path(file).is_file():
        raise InputError("the input file is gone", value=path)
    return Input(Path(file), member or None)


def _bytes_at(source: Source, offset: int, length: int) -> bytes:
    with source.open() as handle:
        left = offset
        while left > 0:
            skipped = len(handle.read(min(left, BLOCK)))
            if not skipped:
                return b""
            left -= skipped
        return handle.read(length)


def _row_at(source: Source, number: int) -> bytes:
    table = open_table(source)
    for row in table.rows:
        if row.number == number:
            return row_bytes(table, row)
    return b""
