"""``workbench privacy``: forget, comply, scan, pseudonymise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.output import say, show, table

if TYPE_CHECKING:
    from workbench.studies.erasing import Erased

app = typer.Typer(help="Data protection: pseudonyms, erasure, leaks.", no_args_is_help=True)
Stores = Annotated[
    list[str] | None,
    typer.Option("--to", help="Store beside the study's own: folder or neo4j://…; repeatable."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count, and change nothing.")]


@app.command()
def forget(
    *,
    study: options.StudyDir,
    account: Annotated[
        str,
        typer.Option(help="Id or handle; of a pseudonymous study the original or the pseudonym."),
    ],
    to: Stores = None,
    dry_run: DryRun = False,
    json: options.Json = False,
) -> None:
    """Take an account out of the study and its stores; later loads do not bring it back."""
    from workbench.store.secret import typed
    from workbench.studies.erasing import forget as erase
    from workbench.studies.study import Study

    done = erase(Study.open(study), account, stores=to or (), dry_run=dry_run, secret=typed)
    if not show(done.to_dict(), as_json=json):
        _tell(done)


@app.command()
def comply(
    file: Annotated[list[str], typer.Argument(help="Lines of a platform on what is gone.")],
    *,
    study: options.StudyDir,
    format: Annotated[str | None, typer.Option(help="Format, when it is not recognised.")] = None,  # noqa: A002
    to: Stores = None,
    dry_run: DryRun = False,
    json: options.Json = False,
) -> None:
    """Apply a platform's deletions, suspensions and protections to the study and its stores."""
    from workbench.loaders import load
    from workbench.store.secret import typed
    from workbench.studies.erasing import comply as apply
    from workbench.studies.study import Study

    opened = Study.open(study)
    opened.corpus()
    events = load(file, format=format)
    done = apply(opened, events, stores=to or (), dry_run=dry_run, secret=typed)
    report = events.report
    read = {"records_read": report.records_read, "rejected": report.rejected}
    if show(done.to_dict() | read, as_json=json):
        return
    say(f"{report.records_read:,} lines read, {report.rejected:,} rejected.")
    table(["what the platform says", "lines"], list(done.events.items()))
    _tell(done)


def _tell(done: Erased) -> None:
    """Print what was forgotten, and what to do about what was made of it."""
    verb = "Would forget" if done.dry_run else "Forgot"
    say(f"{verb} {done.accounts:,} account id(s) and {done.posts:,} post(s).")
    names = sorted({*done.removed, *done.changed})
    rows: list[list[Any]] = [
        [name, done.removed.get(name, 0), done.changed.get(name, 0)] for name in names
    ]
    if rows:
        table(["table", "rows removed", "rows changed"], rows)
    for store in done.stores:
        if store["pushed"]:
            say(f"Store {store['uri']}: {store['posts']:,} post(s) removed, corpus pushed again.")
    if done.stale_files:
        say(f"Made from what is no longer there, make it again: {', '.join(done.stale_files)}")
    for run in done.stale_runs:
        say(f"Computed before: run {run['run']} ({run['method']}) in {run['store']}; "
            f"remove it with: workbench store drop-run {run['run']}")  # fmt: skip
