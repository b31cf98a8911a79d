"""``workbench study``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options
from workbench.cli.output import note, say, show, table

if TYPE_CHECKING:
    from workbench.studies.running import StudyRun

app = typer.Typer(help="Curated studies on your own data.", no_args_is_help=True)


@app.command("list")
def list_(
    *,
    lang: Annotated[str, typer.Option(help="Language of the questions: en or fr.")] = "en",
    json: options.Json = False,
) -> None:
    """List the curated studies with their questions."""
    from workbench.language import check_language
    from workbench.studies.curated import STUDIES, curated_study

    check_language(lang)
    found = [curated_study(name) for name in STUDIES]
    rows = [{"name": s.name, "title": s.title[lang], "question": s.question[lang]} for s in found]
    if not show({"ok": True, "rows": rows}, as_json=json):
        table(["name", "title", "question"], [list(row.values()) for row in rows])


@app.command()
def run(
    name: Annotated[str, typer.Argument(help="Of the study; see: workbench study list.")],
    *,
    study: options.StudyDir,
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    lang: Annotated[
        list[str] | None,
        typer.Option(help="en, fr or en,fr (default: the language of the study)."),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format", help="html, pdf, docx; several with commas (default: all that can be made)."
        ),
    ] = None,
    nulls: Annotated[
        int | None,
        typer.Option(help="Random graphs beside each index; p is given from 199 on.", min=2),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of everything random (default: the study's).")
    ] = None,
    json: options.Json = False,
) -> None:
    """Run a curated study: every sentence is checked before it is printed."""
    import matplotlib as mpl

    mpl.use("Agg")
    from workbench.studies.running import run_study

    done = run_study(
        name,
        study,
        out,
        languages=_parts(lang),
        formats=None if format_ is None else _parts([format_]),
        nulls=nulls,
        seed=seed,
    )
    _tell_what_is_missing(done, asked=format_ is not None)
    if show(done.to_dict(), as_json=json):
        return
    for finding in done.findings():
        say(f"• {finding}")
    say()
    say(f"{len(done.claims)} claims hold. In {out}: {', '.join(done.outputs)}")


def _tell_what_is_missing(done: StudyRun, *, asked: bool) -> None:
    """Say on standard error which formats were left out, and what could not be searched."""
    from workbench.studies import pandoc
    from workbench.studies.running import FORMATS, available_formats

    missing = [kind for kind in FORMATS if kind not in available_formats()]
    if missing and not asked:
        note(f"no {' and no '.join(missing)}: {pandoc.REMEDY}")
    if not done.searched:
        note("not searched for people: the key of the study is not on this machine")


def _parts(given: list[str] | None) -> list[str]:
    """Return the words of options that may be repeated or hold several with commas."""
    return [part.strip() for entry in given or [] for part in entry.split(",") if part.strip()]
