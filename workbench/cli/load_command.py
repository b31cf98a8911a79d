"""``workbench load``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.output import say, show, table
from workbench.errors import InputError, WorkbenchError

if TYPE_CHECKING:
    from workbench.loaders.inputs import Input
    from workbench.model import Corpus


def load(
    files: Annotated[list[str], typer.Argument(help="Files, folders, globs or zip archives.")],
    *,
    study: options.StudyDir,
    format: Annotated[str | None, typer.Option(help="Format, when it is not recognised.")] = None,  # noqa: A002
    kind: Annotated[
        str | None,
        typer.Option(help="What the edges of an edge list or graph file are (default: retweet)."),
    ] = None,
    column_map: Annotated[
        Path | None, typer.Option("--map", help="TOML that says what the columns of a table are.")
    ] = None,
    privacy: Annotated[
        str | None, typer.Option(help="raw or pseudonymous (default: the study's, else raw).")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and report, write nothing.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first unreadable record.")
    ] = False,
    json: options.Json = False,
) -> None:
    """Load raw exports into the study's corpus; the same bytes are loaded once."""
    import workbench
    from workbench.loaders.counts import report_counts
    from workbench.studies.study import PRIVACY, Study

    chosen: dict[str, Any] = {
        "format": format,
        "kind": kind,
        "column_map": column_map,
        "strict": strict,
    }
    if dry_run:
        corpus = workbench.load(
            files, into=study / "corpus", dry_run=True, privacy=privacy or PRIVACY[0], **chosen
        )
    else:
        with _taken_back(study):
            made = Study.create(study, privacy=privacy)
            corpus = workbench.load(files, into=made.corpus_folder, privacy=made.privacy, **chosen)
    report, counts = corpus.report, report_counts(corpus)
    if report.ok + report.duplicates:
        if not show({**report.to_dict(), **counts}, as_json=json):
            _tell(report, counts)
        return
    if not json:
        _tell(report, counts)
    raise _nothing_read(corpus, files)


@contextmanager
def _taken_back(study: Path) -> Iterator[None]:
    """Remove what a load that fails has made: folders, ``study.toml``, key; not what it loaded."""
    from workbench.model import Corpus
    from workbench.privacy.keys import key_file
    from workbench.studies.study import FILE, Study

    corpus, file = study / "corpus", study / FILE
    made = [path for path in (corpus, file, study, *study.parents) if not path.exists()]
    try:
        yield
    except WorkbenchError:
        if not (corpus / "corpus.json").is_file() or not Corpus.open(corpus).sources:
            if file in made and file.is_file():
                key_file(Study.open(study).id).unlink(missing_ok=True)
            for path in made:
                with suppress(OSError):  # never made, or not empty: then it is not only ours
                    if path == corpus:
                        shutil.rmtree(path)
                    elif path == file:
                        path.unlink()
                    else:
                        path.rmdir()
        raise


def _nothing_read(corpus: Corpus, files: list[str]) -> InputError:
    """Return the error of a load that gave no record, with the first reject and its place."""
    from workbench.loaders.inputs import find_inputs

    report, inputs = corpus.report, find_inputs(files)
    if not report.records_read:
        return _nothing_there(inputs)
    paths = {entry.path for entry in inputs}
    rejects = [row for row in corpus.table("rejects").to_pylist() if row["path"] in paths]
    first = rejects[0] if rejects else None
    return InputError(
        "no record could be read",
        value=f"{report.rejected:,} of {report.records_read:,} rejected"
        + (f", the first: {first['reason']}" if first else ""),
        where=f"{first['path']}:{first['line']}" if first else ", ".join(sorted(paths)[:3]),
        remedy="name the format (--format) or describe the columns (--map)",
    )


def _nothing_there(inputs: list[Input]) -> InputError:
    """Return the error of a load whose inputs hold no record at all."""
    from workbench.loaders.source import read_head
    from workbench.loaders.tables import header_of

    heads = [read_head(entry.path, entry.open) for entry in inputs]
    tables = all(header_of(head) and not head.data.lstrip().startswith(b"<") for head in heads)
    return InputError(
        "no record could be read",
        value="a header and no rows" if tables else "the input holds none",
        where=", ".join(sorted(head.name for head in heads)[:3]),
        remedy="check whether the export is complete",
    )


def _tell(report: Any, counts: dict[str, Any]) -> None:
    formats = ", ".join(f"{name} ({n} file(s))" for name, n in report.formats.items())
    say(f"{report.records_read:,} records read: {report.ok:,} ok, {report.duplicates:,} duplicate, "
        f"{report.rejected:,} rejected; {formats} in {report.seconds or 0:.1f} s")  # fmt: skip
    table(
        ["what", "how many"],
        [
            ["posts", counts["posts"]],
            ["authors", counts["authors"]],
            ["accounts", counts["accounts"]],
            *[[f"{kind} acts", n] for kind, n in counts["interactions"].items()],
            *[[f"mentions {origin}", n] for origin, n in counts["origins"].items()],
            *[[f"unresolved {kind}", n] for kind, n in counts["unresolved"].items()],
        ],
        title="The corpus now holds",
    )
    for entry in report.refused:
        say(f"No {entry['graph']} graph from this data: {entry['reason']}")
    for text in report.notes:
        say(f"Note: {text}")
    if report.unknown_keys:
        names = ", ".join(list(report.unknown_keys)[:8])
        say(f"Keys that no column keeps: {names}")
