"""``workbench privacy``: forget, comply, scan, pseudonymise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.output import say, show, table
from workbench.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from workbench.studies.erasing import Erased

app = typer.Typer(help="Data protection: pseudonyms, erasure, leaks.", no_args_is_help=True)
Stores = Annotated[
    list[str] | None,
    typer.Option("--to", help="Store beside the study's own: folder or neo4j://…; repeatable."),
]
_FORGET_AGAIN = (
    "accounts were forgotten in the raw study and so are not in this one; before raw files are "
    "loaded into it, forget them here as well"
)
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count, and change nothing.")]


@app.command()
def pseudonymise(
    *,
    study: options.StudyDir,
    into: Annotated[Path, typer.Option(help="Pseudonymous study to make or to extend.")],
    json: options.Json = False,
) -> None:
    """Make a pseudonymous study of a raw one; its key lies outside both."""
    from workbench.model.schema import TABLES
    from workbench.privacy.keys import key_file
    from workbench.privacy.tombstones import read_tombstones
    from workbench.progress import Progress
    from workbench.studies.pseudonymising import pseudonymise as make
    from workbench.studies.study import Study

    opened = Study.open(study)
    corpus = opened.corpus()
    with Progress(sum(corpus.rows(name) for name in TABLES), "pseudonyms", "rows") as bar:
        made, added = make(opened, into, advance=bar.update)
    kept = made.corpus()
    forgotten = bool(read_tombstones(opened.corpus_folder))
    result = {
        "ok": True, "into": str(into), "key": str(key_file(made.id)), "sources": len(kept.sources),
        "added": added,
        "rows": [{"table": t, "rows": kept.rows(t)} for t in TABLES if kept.rows(t)],
        "notes": [_FORGET_AGAIN] if forgotten else [],
    }  # fmt: skip
    if show(result, as_json=json):
        return
    say(f"{added} source(s) added to {into}, which now has {len(kept.sources)}.")
    say(f"The key is {result['key']}: keep it apart from the study, and do not lose it.")
    say("Pseudonymised data stay personal data. Look for leaks with: workbench privacy scan")
    if forgotten:
        say(f"Note: {_FORGET_AGAIN}")


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


@app.command()
def scan(
    out: Annotated[Path, typer.Argument(help="Folder or file that is to leave the machine.")],
    *,
    study: options.StudyDir,
    raw: Annotated[
        Path | None,
        typer.Option(help="Raw study of the same data, for names as well as ids and handles."),
    ] = None,
    show_words: Annotated[
        bool, typer.Option("--show", help="Show the words found, which are personal data.")
    ] = False,
    limit: Annotated[int, typer.Option(help="Findings shown at most.", min=0)] = 1000,
    json: options.Json = False,
) -> None:
    """Look in outputs for ids, handles and names of the study's people; exit 3 when there are."""
    from workbench.studies.leaks import search_files
    from workbench.studies.study import Study

    if not out.exists():
        raise NotFoundError("no such file or folder", value=str(out))
    other = None if raw is None else Study.open(raw)
    if other is not None and other.privacy != "raw":
        raise UsageError("this study is not raw", value=str(raw), allowed="--raw DIR of a raw one")
    found = search_files(Study.open(study), out, raw=other)
    told = found.to_dict(words=show_words, limit=limit)
    if not show(told, as_json=json):
        _list(told)
    if not told["ok"]:
        raise typer.Exit(3)


def _list(told: dict[str, Any]) -> None:
    """Print what a search found, and what it could not look into."""
    searched = told["searched"]
    counted = ", ".join(f"{searched[kind]:,} {kind}s" for kind in ("account", "post", "handle"))
    say(
        f"Searched {told['files']:,} file(s) for {counted} and {searched['name']:,} names; "
        f"{searched['left_out']:,} are too short or too common."
    )
    if told["by_key"]:
        say("The study keeps pseudonyms: words were found by the pseudonyms they would have; "
            "names of people can be looked for with --raw only.")  # fmt: skip
    for entry in told["unread"]:
        say(f"Not read as a whole: {entry['file']} ({entry['reason']})")
    if told["ok"]:
        say("Nothing was found.")
        return
    names = [*told["rows"][0]] if told["rows"] else []
    table(names, [list(row.values()) for row in told["rows"]])
    say(f"{told['found']:,} found. This must not leave the machine as it is.")


def _tell(done: Erased) -> None:
    """Print what was forgotten, and what to do about what was made of it."""
    verb = "Would forget" if done.dry_run else "Forgot"
    say(f"{verb} {done.accounts:,} account id(s) and {done.posts:,} post(s).")
    rows = [list(row.values()) for row in done.to_dict()["rows"]]
    if rows:
        table(["table", "rows removed", "rows changed"], rows)
    for store in done.stores:
        if store["also_in"]:
            names = ", ".join(store["also_in"])
            say(f"Store {store['uri']}: also taken out of {names}, whose next push would bring it "
                "back: forget it in these studies as well.")  # fmt: skip
        if done.dry_run:
            continue
        pushed = (
            "the corpus pushed again"
            if store["pushed"]
            else ("but it holds another state of the study, push it: workbench store push")
        )
        say(f"Store {store['uri']}: {store['posts']:,} post(s) of the account removed, {pushed}.")
    if done.stale_files:
        say(f"Made from what is no longer there, make it again: {', '.join(done.stale_files)}")
    for run in done.stale_runs:
        say(f"Computed before: run {run['run']} ({run['method']}) in {run['store']}; "
            f"remove it with: workbench store drop-run {run['run']}")  # fmt: skip
