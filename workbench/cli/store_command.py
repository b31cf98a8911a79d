"""``workbench store``: the corpus into a graph database, and what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import bulk_commands, options
from workbench.cli.inputs import opened_store
from workbench.cli.output import say, show, table
from workbench.cli.pull_command import pull
from workbench.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.store.neo4j import Neo4jStore
    from workbench.store.protocol import GraphStore

app = typer.Typer(help="The corpus into a graph database, and what is in it.", no_args_is_help=True)


@app.command()
def push(
    *,
    study: options.StudyDir,
    to: Annotated[
        str | None,
        typer.Option("--to", help="Folder or neo4j://… (default: <study>/graph)."),
    ] = None,
    shared: Annotated[
        bool,
        typer.Option("--shared", help="The server's database may hold other data as well."),
    ] = False,
    json: options.Json = False,
) -> None:
    """Make the store hold the study's corpus; pushing it again changes nothing."""
    from workbench.store import connect
    from workbench.store.secret import typed
    from workbench.studies.study import Study

    opened = Study.open(study)
    store = connect(to or opened.graph_folder, study=opened.id, shared=shared, secret=typed)
    try:
        corpus = opened.corpus()
        advice = None if shared else bulk_commands.advise(corpus, store, study)
        result = store.write(corpus) | ({} if advice is None else {"advice": advice})
    finally:
        store.close()
    if not show(result, as_json=json):
        _tell(result)


app.command()(pull)
app.command("export-bulk")(bulk_commands.export_bulk)
app.command("adopt")(bulk_commands.adopt)


@app.command()
def counts(
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    json: options.Json = False,
) -> None:
    """Count nodes by label and relationships by type."""
    import time

    start = time.perf_counter()
    with opened_store(study, store) as opened:
        opened.runs()  # asked first, so that what is no store says so instead of counting nothing
        found = opened.counts()
        result = {"uri": opened.uri, **found, "seconds": time.perf_counter() - start}
    if not show(result, as_json=json):
        _tell(result)


@app.command()
def studies(
    *,
    store: Annotated[str, typer.Option("--store", help="neo4j://… of a server.")],
    json: options.Json = False,
) -> None:
    """List the studies that a server's database holds."""
    with opened_store(None, store) as opened:
        frame = _several(opened).studies()
    _list(frame, as_json=json)


@app.command("drop-study")
def drop_study(
    name: Annotated[str, typer.Argument(help="Name of the study, see: workbench store studies.")],
    *,
    store: Annotated[str, typer.Option("--store", help="neo4j://… of a server.")],
    json: options.Json = False,
) -> None:
    """Remove a study from a server's database, with all that only it brought."""
    with opened_store(None, store) as opened:
        _several(opened).drop_study(name)
    if not show({"ok": True, "study": name}, as_json=json):
        say(f"Study {name} and what only it brought are gone.")


@app.command()
def runs(
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    json: options.Json = False,
) -> None:
    """List the analyses whose results were written back."""
    with opened_store(study, store) as opened:
        frame = opened.runs()
    _list(frame, as_json=json)


@app.command("drop-run")
def drop_run(
    run: Annotated[str, typer.Argument(help="Id of the run.")],
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    json: options.Json = False,
) -> None:
    """Remove a run with everything it wrote."""
    with opened_store(study, store) as opened:
        opened.drop_run(run)
    if not show({"ok": True, "run": run}, as_json=json):
        say(f"Run {run} and what it wrote are gone.")


def _several(store: GraphStore) -> Neo4jStore:
    """Return a store that keeps several studies.

    Raises
    ------
    UsageError
        It is a folder, which holds one.
    """
    from workbench.store.neo4j import Neo4jStore

    if not isinstance(store, Neo4jStore):
        raise UsageError(
            "a folder holds one study", value=store.uri, allowed="neo4j://… of a server"
        )
    return store


def _list(frame: pd.DataFrame, *, as_json: bool) -> None:
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    if not show(rows, as_json=as_json):
        table(list(frame.columns), [list(row.values()) for row in rows])


def _tell(result: dict[str, Any]) -> None:
    say(f"{result['uri']} ({result['seconds']:.1f} s)")
    table(["label", "nodes"], list(result["nodes"].items()))
    table(["type", "relationships"], list(result["relationships"].items()))
