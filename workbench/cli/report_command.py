"""``workbench report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.asking import given_by
from workbench.cli.output import note, say, show
from workbench.errors import InputError, UsageError

_WRITERS = ("html", "pdf", "docx")


def report(  # the options of the command line
    notebook: Annotated[Path, typer.Argument(help="Notebook (.ipynb).", show_default=False)],
    *,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write (default: beside the notebook).")
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(help="en or fr (default: --param lang=…, lang of its front matter, or en)."),
    ] = None,
    format: Annotated[  # noqa: A002  the word users type
        str | None,
        typer.Option(help="Of html, pdf, docx, with commas (default: all that can be made here)."),
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(help="Parameter k=v of its cell tagged parameters; repeat for several."),
    ] = None,
    no_execute: Annotated[
        bool, typer.Option("--no-execute", help="Take the outputs that are in the notebook.")
    ] = False,
    fonts: Annotated[
        Path | None, typer.Option(help="Folder of fonts with letters that the PDF lacks.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Execute a notebook and write it as a policy paper: HTML, PDF and DOCX."""
    from workbench.studies.report import notebook_report

    given = given_by(param or [])
    if no_execute and given:
        raise UsageError("parameters need an execution", value="--no-execute",
                         remedy="leave --no-execute out")  # fmt: skip
    if fonts is not None and not fonts.is_dir():
        raise InputError("no such folder of fonts", value=str(fonts))
    made = notebook_report(
        notebook,
        out=out or notebook.parent,
        formats=_formats(format),
        language=lang or "",
        parameters=None if no_execute else given,
        fonts=fonts,
    )
    for line in made.notes:
        note(line)
    files = [str(file) for file in made.files]
    seconds = {name: round(spent, 3) for name, spent in made.seconds.items()}
    if not show({"ok": True, "title": made.title, "language": made.language, "outputs": files,
                 "notes": list(made.notes), "seconds": seconds}, as_json=json):  # fmt: skip
        for file in files:
            say(file)


def _formats(asked: str | None) -> tuple[str, ...] | None:
    """Return the formats that were asked for; None for all that can be made."""
    if asked is None:
        return None
    names = tuple(dict.fromkeys(name.strip() for name in asked.split(",") if name.strip()))
    if not names or set(names) - set(_WRITERS):
        raise UsageError("no such format", value=asked, allowed=", ".join(_WRITERS))
    return names
