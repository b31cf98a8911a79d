"""Loading: every input is hashed, read into parts of its own and listed when it is complete."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
import weakref
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from workbench.errors import InputError, UsageError
from workbench.loaders.base import Sink, Source
from workbench.loaders.detection import check_readable, detect, named
from workbench.loaders.inputs import find_inputs
from workbench.model.corpus import Corpus, part_name
from workbench.model.kinds import GRAPHS, graph_kind
from workbench.model.parts import PartWriter, corpus_lock, drop_source, sweep
from workbench.model.report import LoadReport, refused_by_all
from workbench.model.revision import revise_new
from workbench.model.schema import TABLES
from workbench.progress import Progress
from workbench.provenance import peak_mb

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from workbench.loaders.base import Loader, Options, Pseudonymise
    from workbench.loaders.inputs import Input
    from workbench.model.revision import Revise

__all__ = ["Hooks", "load_inputs"]


@dataclass(frozen=True)
class Hooks:
    """What privacy does to rows, of which loaders know nothing.

    Attributes
    ----------
    pseudonymise
        Replaces identifiers before rows are written.
    revise
        Looks at the rows of a source before they are listed, and says which must not be kept.
    """

    pseudonymise: Pseudonymise | None = None
    revise: Revise | None = None


@dataclass(frozen=True)
class _Job:
    """How the inputs of one call are loaded, and what is counted on the way.

    `known` is the corpus whose sources count as loaded already.
    """

    options: Options
    privacy: str
    hooks: Hooks
    strict: bool
    progress: bool | None
    known: Corpus
    totals: _Totals


@dataclass(frozen=True)
class _Recognised:
    """An input and the loader that will read it."""

    input: Input
    loader: Loader
    detected_by: str


@dataclass
class _Totals:
    """The report of a call while it grows."""

    counts: Counter[str] = field(default_factory=Counter)
    formats: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    refused: list[dict[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, sink: Sink) -> None:
        """Add what one source gave."""
        self.counts.update(read=sink.read, rejected=sink.rejected, duplicates=sink.duplicates)
        self.unknown.update(sink.unknown_keys)
        self.refused.append(sink.refused)
        self.notes.extend(note for note in sink.notes if note not in self.notes)

    def add_known(self, stored: Mapping[str, Any]) -> None:
        """Add a source that is in the corpus already: every record is a duplicate."""
        self.counts.update(read=stored["records_read"], duplicates=stored["records_read"])
        refused = json.loads(stored["refused_json"] or "[]")
        self.refused.append({entry["graph"]: entry["reason"] for entry in refused})

    def report(self, seconds: float) -> LoadReport:
        """Return the finished report."""
        read, rejected = self.counts["read"], self.counts["rejected"]
        return LoadReport(
            records_read=read,
            ok=read - rejected - self.counts["duplicates"],
            rejected=rejected,
            duplicates=self.counts["duplicates"],
            formats=dict(sorted(self.formats.items())),
            unknown_keys=dict(self.unknown.most_common()),
            refused=refused_by_all(self.refused),
            notes=list(self.notes),
            seconds=round(seconds, 3),
            peak_mb=None if (peak := peak_mb()) is None else round(peak, 1),
        )


def load_inputs(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    formats: Mapping[str, Loader],
    *,
    into: str | os.PathLike[str] | None,
    format_name: str | None,
    options: Options,
    privacy: str,
    strict: bool,
    dry_run: bool,
    progress: bool | None,
    hooks: Hooks,
) -> Corpus:
    """Load inputs into a corpus; ``workbench.loaders.load`` is its documented front."""
    started = time.perf_counter()
    if privacy not in {"raw", "pseudonymous"}:
        raise UsageError("no such privacy mode", value=privacy, allowed="raw, pseudonymous")
    if privacy == "pseudonymous" and hooks.pseudonymise is None:
        raise UsageError("pseudonymous loading needs the function that makes pseudonyms")
    hidden = hooks.pseudonymise if privacy == "pseudonymous" else None
    hooks = replace(hooks, pseudonymise=hidden)
    totals = _Totals()
    options = replace(options, kind=_act(options.kind))
    recognised = _recognise(find_inputs(paths), formats, format_name=format_name, totals=totals)

    def load(target: Corpus, known: Corpus) -> Corpus:
        job = _Job(options, privacy, hooks, strict, progress, known, totals)
        with _memory_given_back():
            loaded = _load_all(recognised, target, job)
        return replace(loaded, loaded=totals.report(time.perf_counter() - started))

    if dry_run:
        return _rehearse(load, into)
    if into is None:
        return load(Corpus.empty(), Corpus.empty())
    folder = Path(into)
    with corpus_lock(folder):
        corpus = Corpus.create(folder)
        sweep(folder, corpus.listing)
        return load(corpus, corpus)


@contextmanager
def _memory_given_back() -> Iterator[None]:
    """Let Arrow give back at once what it no longer needs: a long load peaks a fifth lower."""
    before = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(before)


def _rehearse(load: Callable[[Corpus, Corpus], Corpus], into: Any) -> Corpus:
    """Load into a temporary folder that lives as long as the corpus that is returned."""
    known = Corpus.empty()
    if into is not None and (Path(into) / "corpus.json").exists():
        known = Corpus.open(into)
    folder = Path(tempfile.mkdtemp(prefix="workbench-dry-run-"))
    try:
        corpus = load(Corpus.create(folder), known)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(corpus, shutil.rmtree, folder, ignore_errors=True)
    return corpus


def _recognise(
    inputs: list[Input],
    formats: Mapping[str, Loader],
    *,
    format_name: str | None,
    totals: _Totals,
) -> list[_Recognised]:
    """Return every input with its loader, before anything is written.

    What was found in a folder or archive and is of no known format is noted and left out; what was
    named must be readable.
    """
    recognised, failure = [], None
    for entry in inputs:
        try:
            head = entry.head()
            if format_name is None:
                recognised.append(_Recognised(entry, detect(head, formats), "content"))
            else:
                check_readable(head)
                recognised.append(_Recognised(entry, named(format_name, formats), "option"))
        except InputError as error:
            if not entry.found:
                raise
            failure = failure or error
            totals.notes.append(f"left out {entry.path}: {error.what}")
    if failure is not None and not recognised:
        raise failure
    return recognised


def _load_all(recognised: list[_Recognised], corpus: Corpus, job: _Job) -> Corpus:
    """Load one input after the other; a strict load that fails takes all of them back."""
    sizes = [entry.input.disk_bytes for entry in recognised]
    before = set(corpus.sources)
    # Each byte is passed twice: once to name the source, once to read it.
    with Progress(2 * sum(sizes), "loading", "bytes", show=job.progress) as bar:
        for entry, size in zip(recognised, sizes, strict=True):
            bar.describe(f"loading {Path(entry.input.path).name}")
            try:
                corpus = _load_one(entry, corpus, job=job, steps=_Steps(bar, size))
            except InputError:
                if job.strict:
                    for source_id in set(corpus.sources) - before:
                        corpus = drop_source(corpus, source_id)
                raise
    return corpus


class _Steps:
    """Turns positions in the decompressed bytes of one input into steps of the progress bar."""

    def __init__(self, bar: Progress, disk_bytes: int) -> None:
        self._bar = bar
        self._disk_bytes = disk_bytes
        self._start = bar.done
        self.size = 0

    def hashed(self, disk_position: int) -> None:
        """Say how many bytes on disk have been hashed."""
        self._move(min(disk_position, self._disk_bytes))

    def read(self, byte_offset: int) -> None:
        """Say how many decompressed bytes have been read."""
        share = min(1.0, byte_offset / self.size) if self.size else 1.0
        self._move(self._disk_bytes * (1 + share))

    def finish(self) -> None:
        """Say that the input is done."""
        self._move(2 * self._disk_bytes)

    def _move(self, position: float) -> None:
        self._bar.update(self._start + position - self._bar.done)


def _load_one(entry: _Recognised, corpus: Corpus, *, job: _Job, steps: _Steps) -> Corpus:
    """Load one input, or count its records as duplicates if the same bytes are there already."""
    try:
        source_id, size = entry.input.digest(steps.hashed)
        steps.size = size
        job.totals.formats[entry.loader.name] += 1
        for listed in (job.known, corpus):
            if source_id in listed.listing:
                stored = _stored_source(listed, source_id)
                _check_privacy(stored, job, entry)
                job.totals.add_known(stored)
                return corpus
        source = Source(entry.input.path, source_id, size, entry.input.open)
        return _read(entry, source, corpus, job=job, steps=steps)
    except OSError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            "cannot read the input", value=entry.input.path, where=error.strerror or str(error)
        ) from error
    finally:
        steps.finish()


def _read(
    entry: _Recognised,
    source: Source,
    corpus: Corpus,
    *,
    job: _Job,
    steps: _Steps,
) -> Corpus:
    with PartWriter(corpus, source.source_id) as writer:
        sink = Sink(
            source,
            writer,
            pseudonymise=job.hooks.pseudonymise,
            strict=job.strict,
            advance=steps.read,
        )
        entry.loader.read(source, sink, job.options)
        if entry.input.damage:
            sink.reject(line=None, byte_offset=source.size, data=b"", reason=entry.input.damage)
        sink.finish()
        sink.write("sources", _source_row(entry, sink, job))
        stats = dict(sink.stats)
        if job.hooks.revise is not None:
            stats.update(revise_new(writer, job.hooks.revise))
        corpus = writer.commit(stats)
    job.totals.add(sink)
    return corpus


def _source_row(entry: _Recognised, sink: Sink, job: _Job) -> pa.Table:
    source = sink.source
    options = {"kind": job.options.kind, "column_map": job.options.column_map}
    row = {
        "source_id": source.source_id,
        "path": source.path,
        "bytes": source.size,
        "format": entry.loader.name,
        "format_version": None,
        "detected_by": entry.detected_by,
        "loaded_at": datetime.now(UTC),
        "loader_version": metadata.version("workbench"),
        "options_json": json.dumps({k: v for k, v in options.items() if v}, sort_keys=True),
        "privacy": job.privacy,
        "records_read": sink.read,
        "records_ok": sink.read - sink.rejected - sink.duplicates,
        "records_rejected": sink.rejected,
        "records_duplicate": sink.duplicates,
        "unknown_keys_json": json.dumps(dict(sink.unknown_keys.most_common())),
        "refused_json": json.dumps(
            [{"graph": g, "reason": r} for g, r in sorted(sink.refused.items())]
        ),
    }
    return pa.Table.from_pylist([row], schema=TABLES["sources"])


def _stored_source(corpus: Corpus, source_id: str) -> dict[str, Any]:
    if corpus.path is None:
        sources = corpus.memory["sources"]
        sources = sources.filter(pc.equal(sources.column("source_id"), source_id))
    else:
        part = part_name(corpus.listing[source_id], "sources", source_id)
        sources = pq.read_table(corpus.path / "sources" / part)
    row: dict[str, Any] = sources.to_pylist()[0]
    return row


def _check_privacy(stored: Mapping[str, Any], job: _Job, entry: _Recognised) -> None:
    """Refuse to pass over in silence that identifiers are kept in another way than asked for."""
    if stored["privacy"] != job.privacy:
        raise InputError(
            f"this file is in the corpus already, loaded as {stored['privacy']}",
            value=entry.input.path,
            allowed="one privacy mode a file",
            remedy="drop it first: workbench sources drop SHA",
        )


def _act(kind: str | None) -> str | None:
    """Return the interaction kind that a name of a graph or an act stands for."""
    if kind is None:
        return None
    graph = graph_kind(kind)
    if graph.family != "interaction":
        allowed = ", ".join(name for name, g in GRAPHS.items() if g.family == "interaction")
        raise UsageError("not a kind of act", value=kind, allowed=allowed)
    return graph.base
