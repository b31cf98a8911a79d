"""From a notebook to the files of a report."""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import InputError, MissingDependencyError, MissingGlyphWarning, UsageError
from workbench.provenance import Stopwatch, whole_file
from workbench.studies import pandoc
from workbench.studies.notebook_document import notebook_document, spoken_language
from workbench.studies.notebook_run import execute_notebook, read_notebook
from workbench.studies.pdf import write_pdf
from workbench.studies.running import FORMATS, available_formats
from workbench.studies.web import write_html
from workbench.studies.word import write_docx

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.studies.document import Document

__all__ = ["Report", "notebook_report", "write_report"]


@dataclass(frozen=True)
class Report:
    """What was written.

    Attributes
    ----------
    title, language
        Of the document.
    files
        The files, HTML first, then PDF and DOCX.
    notes
        What a reader should know of them: formats or letters that are missing, with the remedy.
    seconds
        Wall time of each step.
    """

    title: str
    language: str
    files: tuple[Path, ...]
    notes: tuple[str, ...]
    seconds: dict[str, float]


def notebook_report(
    notebook: Path,
    *,
    out: Path,
    formats: Sequence[str] | None = None,
    language: str = "",
    parameters: Mapping[str, Any] | None = None,
    fonts: Path | None = None,
) -> Report:
    """Execute a notebook and write it as a report.

    Parameters
    ----------
    notebook
        The file; it stays as it is.
    out
        Folder to write, made if need be; the files have the notebook's name.
    formats
        Of ``html``, ``pdf`` and ``docx``; None for all that can be made here.
    language
        ``en`` or ``fr``; empty takes the parameter ``lang`` if it is given, else that of the
        notebook.
    parameters
        Values for its cell of parameters; None takes the outputs that are in the file.
    fonts
        Folder of further fonts for the PDF.

    Raises
    ------
    WorkbenchError
        A cell raised, or the document refers to what is not there; nothing is written.
    MissingDependencyError
        A format was asked for whose tools are not installed.
    """
    # What cannot be written is said before minutes of execution.
    language = _asked(notebook, language, parameters or {})
    _chosen(formats)
    watch = Stopwatch()
    with watch.of("execute"):
        if parameters is None:
            book = read_notebook(notebook)
        else:
            book = execute_notebook(notebook, parameters=parameters, offered=language)
    document = notebook_document(book, notebook.resolve().parent, language=language)
    files, notes = write_report(
        document, out / notebook.stem, formats=formats, fonts=fonts, watch=watch
    )
    return Report(document.title, document.language, files, notes, watch.seconds)


def _asked(notebook: Path, language: str, parameters: Mapping[str, Any]) -> str:
    """Return the language that was asked for, empty for the notebook's, once it can be spoken."""
    given = str(parameters.get("lang") or "")
    try:
        spoken_language(read_notebook(notebook), language or given)
    except UsageError as error:
        if given and not language:
            raise UsageError(
                "reports do not speak this language", value=f"lang={given}", allowed="en, fr",
                remedy="give the language of the report as --lang",
            ) from error  # fmt: skip
        raise
    return language or given


def write_report(
    document: Document,
    stem: Path,
    *,
    formats: Sequence[str] | None = None,
    fonts: Path | None = None,
    watch: Stopwatch | None = None,
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write a document in several formats; return the files, and notes on what is missing.

    Parameters
    ----------
    document
        What is written.
    stem
        Folder and name of the files, without suffix; the folder is made if need be.
    formats
        Of ``html``, ``pdf`` and ``docx``; None for all that can be made here.
    fonts
        Folder of further fonts for the PDF.
    watch
        Takes the time of each format.

    Raises
    ------
    InputError
        The folder cannot be written, or the document refers to what is not there.
    MissingDependencyError
        A format was asked for whose tools are not installed.
    """
    chosen, notes = _chosen(formats)
    timed = watch or Stopwatch()
    files = [stem.with_name(f"{stem.name}.{name}") for name in chosen]
    for target in files:
        if target.is_dir():
            raise InputError("cannot write the report", value=str(target), where="it is a folder")
    with tempfile.TemporaryDirectory(prefix="workbench-report-") as scratch:
        # All of them first, so that a failure of one leaves none.
        made = [Path(scratch) / name for name in chosen]
        for name, file in zip(chosen, made, strict=True):
            with timed.of(name), warnings.catch_warnings(record=True) as heard:
                warnings.simplefilter("always", MissingGlyphWarning)
                _write(document, file, name, fonts=fonts)
            for each in heard:
                if each.category is MissingGlyphWarning:
                    notes.append(str(each.message))
                else:
                    warnings.warn(each.message, each.category, stacklevel=2)
        try:
            stem.parent.mkdir(parents=True, exist_ok=True)
            for file, target in zip(made, files, strict=True):
                with whole_file(target) as fresh:
                    fresh.write_bytes(file.read_bytes())
        except OSError as error:
            raise InputError("cannot write the report", value=str(stem.parent),
                             where=error.strerror) from error  # fmt: skip
    return tuple(files), tuple(notes)


def _chosen(formats: Sequence[str] | None) -> tuple[list[str], list[str]]:
    """Return the formats to write, and what is to be said of those that cannot be written."""
    can = available_formats()
    if formats is not None:
        for name in formats:
            if name not in FORMATS:
                raise UsageError("no such format", value=name, allowed=", ".join(FORMATS))
        chosen = [name for name in FORMATS if name in formats]
        if set(chosen) - set(can):
            tool = "Typst" if pandoc.there() else "pandoc"
            raise MissingDependencyError(f"{tool} is not installed", remedy=pandoc.REMEDY)
        plain = "html" in chosen and not pandoc.there()
        return chosen, [f"the HTML was made without pandoc: {pandoc.REMEDY}"] if plain else []
    if can == FORMATS:
        return list(FORMATS), []
    missing = " and ".join(name.upper() for name in FORMATS if name not in can)
    return list(can), [f"no {missing}, for the report tools are not installed: {pandoc.REMEDY}"]


def _write(document: Document, file: Path, name: str, *, fonts: Path | None) -> None:
    if name == "pdf":
        write_pdf(document, file, fonts=fonts)
    elif name == "docx":
        write_docx(document, file)
    else:
        write_html(document, file)
