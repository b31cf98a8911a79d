"""``workbench pack``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import note, say, show
from workbench.errors import UsageError


def pack(
    *,
    out: Annotated[Path, typer.Option(help="Zip to write.", show_default=False)],
    run: Annotated[Path | None, typer.Option(help="Folder of a run: it holds a manifest.")] = None,
    study: Annotated[
        Path | None,
        typer.Option(help="Study that was read; without --run, every run in it is packed."),
    ] = None,
    with_data: Annotated[
        bool, typer.Option("--with-data", help="The corpus too, of a pseudonymous study.")
    ] = False,
    notebook: Annotated[
        list[Path] | None, typer.Option(help="Notebook to add, without its outputs; repeatable.")
    ] = None,
    author: Annotated[
        list[str] | None, typer.Option(help="Author of the package; repeatable.")
    ] = None,
    licence: Annotated[
        str | None, typer.Option(help="Licence of data and outputs, as CC-BY-4.0, or a sentence.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Date of the package, ISO 8601 (default: today).")
    ] = None,
    json: options.Json = False,
) -> None:
    """Pack outputs with how they were made and what makes them again, as a zip for replicators."""
    from datetime import UTC, datetime

    from workbench.studies.packing import pack as write
    from workbench.studies.packing.contents import UNSTATED
    from workbench.studies.study import Study

    folder = run or study
    if folder is None:
        raise UsageError("what shall be packed?", allowed="--run DIR, --study DIR, or both")
    made = write(
        folder, out, study=None if study is None else Study.open(study), with_data=with_data,
        notebooks=notebook or [], authors=author or [], licence=licence or UNSTATED,
        date=date or datetime.now(UTC).date().isoformat(),
    )  # fmt: skip
    told = made.to_dict()
    for one in told["unread"]:
        note(f"not searched for people: {one['file']}: {one['reason']}")
    if show(told, as_json=json):
        return
    say(f"{out}: {len(made.files)} files, data {told['data']}.")
    say("Unpacked, its README.md says what is in it, and run.sh makes the outputs again.")
    if licence is None:
        say("No licence is stated; --licence states one.")
