"""Inputs and sinks that the tests of the loaders share."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from workbench.loaders.base import Options, Sink, Source
from workbench.model import Corpus
from workbench.model.parts import PartWriter

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable


def source_of(data: bytes, path: str = "input") -> Source:
    """Return `data` as an input that cannot seek, like a decompressed one."""
    digest = hashlib.sha256(data).hexdigest()
    return Source(path, digest, len(data), lambda: io.BufferedReader(_Stream(data)))


class _Stream(io.RawIOBase):
    def __init__(self, data: bytes) -> None:
        self._inner = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        return self._inner.readinto(buffer)


def fill(source: Source, read: Callable[[Sink], None], **options) -> tuple[Corpus, Sink]:
    """Return the corpus in memory that `read` makes through a sink, and the sink."""
    with PartWriter(Corpus.empty(), source.source_id) as writer:
        sink = Sink(source, writer, **options)
        read(sink)
        sink.finish()
        return writer.commit(dict(sink.stats)), sink


def load_bytes(loader, data: bytes, **options) -> tuple[Corpus, Sink]:
    """Return what `loader` makes of `data`."""
    source = source_of(data)
    return fill(source, lambda sink: loader.read(source, sink, Options(**options)))


def snapshot(folder: pathlib.Path) -> dict[str, bytes]:
    """Return every file of `folder` with its bytes."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def whole(report) -> bool:
    """Return whether a report loses no record."""
    return report.ok + report.rejected + report.duplicates == report.records_read
