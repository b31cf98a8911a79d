"""``workbench cite``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import say, show
from workbench.errors import UsageError


def cite(
    *,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[METHOD]...", help="Measures and methods, such as ei_index."),
    ] = None,
    study: Annotated[
        Path | None, typer.Option("--study", help="Cite what the runs in this study used.")
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option("--run", help="Cite what this run used: a folder with a manifest."),
    ] = None,
    format: Annotated[str, typer.Option(help="bibtex, or text: one line each.")] = "bibtex",  # noqa: A002
    json: options.Json = False,
) -> None:
    """Print how to cite the workbench and the measures and methods that were used, with DOIs."""
    from workbench.studies.citing import references_of, the_workbench
    from workbench.studies.manifest import methods_of

    if format not in {"bibtex", "text"}:
        raise UsageError("no such format", value=format, allowed="bibtex, text")
    wanted = list(names or [])
    for folder in (study, run):
        wanted += methods_of(folder) if folder is not None else []
    found = [the_workbench(), *references_of(wanted)]
    rows = [
        {"key": one.key, "doi": one.doi, "text": one.text(), "bibtex": one.bibtex(),
         "methods": list(one.methods)}
        for one in found
    ]  # fmt: skip
    if show({"references": rows}, as_json=json):
        return
    if format == "text":
        for one in found:
            say(one.text())
        return
    say("\n".join(one.bibtex() for one in found).rstrip())
