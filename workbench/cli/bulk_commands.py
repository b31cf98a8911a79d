"""``workbench store export-bulk`` and ``adopt``: the bulk route into a Neo4j server."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options
from workbench.cli.output import UNSEARCHED, note, say, show, table
from workbench.errors import CannotBuildError, UsageError

if TYPE_CHECKING:
    from workbench.model import Corpus
    from workbench.store.protocol import GraphStore

__all__ = ["adopt", "advise", "export_bulk"]


def export_bulk(
    *,
    study: options.StudyDir,
    out: Annotated[
        Path, typer.Option("--out", help="Folder for the files, empty or new.", show_default=False)
    ],
    json: options.Json = False,
) -> None:
    """Write the study's corpus as files for neo4j-admin, and the command that imports them.

    The database that is imported is the one that a push would have made, once it is adopted:
    workbench store adopt. Of a pseudonymous study the files are searched for people.
    """
    from workbench.store.bulk import export_bulk as export
    from workbench.studies.leaks import guard_files
    from workbench.studies.study import Study

    opened = Study.open(study)
    result = export(opened.corpus(), out, study=opened.id)
    if not guard_files(opened, out):
        note(UNSEARCHED)
    if show(result, as_json=json):
        return
    rows = [*result["nodes"].items(), *result["relationships"].items()]
    table(["file", "rows"], [[f"{name}.parquet", n] for name, n in rows if n])
    say(f"{result['out']}: {result['bytes'] / 1e6:,.1f} MB ({result['seconds']:.1f} s)")
    where, folder = shlex.quote(str(out.resolve())), shlex.quote(str(study))
    say("\n1. Stop the server. As the user who runs it, import into an empty database:")
    say(f"   cd {where} && " + " \\\n     ".join(shlex.quote(word) for word in result["command"]))
    say("   The same, also for a server without neo4j-admin:")
    say(f"   NEO4J_HOME=/path/to/neo4j sh {where}/import.sh")
    say("   To replace what is in the database, add: --overwrite-destination")
    say("2. Start the server, and let the workbench check the import and hold it:")
    say(f"   workbench store adopt --study {folder} --store neo4j://localhost:7687")


def adopt(
    *,
    study: options.StudyDir,
    store: Annotated[
        str, typer.Option("--store", help="neo4j://… of the server.", show_default=False)
    ],
    json: options.Json = False,
) -> None:
    """Check an import of the study against its corpus, finish it, and hold it; again only checks.

    Constraints, indexes, counts of nodes, relationships and values, and the fingerprints of the
    interaction graphs. What differs is said, and the study is then not held.
    """
    from workbench.store.adoption import adopt as take
    from workbench.studies.study import Study

    if "://" not in store:
        raise UsageError("only a server imports", value=store, allowed="neo4j://… of a server")
    opened = Study.open(study)
    corpus = opened.corpus()
    result = take(store, corpus, study=opened.id, fingerprints=_fingerprints(corpus))
    if show(result, as_json=json):
        return
    was = "was held already, and is unchanged" if result["already"] else "is held"
    say(f"{result['uri']}: {result['study']} {was} ({result['seconds']:.1f} s)")
    table(["label", "nodes"], list(result["nodes"].items()))
    table(["type", "relationships"], list(result["relationships"].items()))
    table(["graph", "fingerprint, as of the corpus"], list(result["fingerprints"].items()))


def advise(corpus: Corpus, store: GraphStore, folder: Path) -> str | None:
    """Say in one line on standard error when the bulk route is the faster one, and return it."""
    from workbench.store.bulk import PAYS_FROM, elements
    from workbench.store.neo4j import Neo4jStore

    many = elements(corpus)
    if many < PAYS_FROM or not isinstance(store, Neo4jStore) or len(store.studies()):
        return None
    advice = (
        f"about {many / 1e6:,.0f} million nodes and relationships into an empty database: faster "
        f"by workbench store export-bulk --study {shlex.quote(str(folder))} --out DIR"
    )
    note(advice)
    return advice


def _fingerprints(corpus: Corpus) -> dict[str, str]:
    """Return the fingerprint of each interaction graph that the corpus can give."""
    from workbench.graphs import graph
    from workbench.model.kinds import GRAPHS

    found = {}
    for kind in GRAPHS.values():
        if kind.family == "interaction":
            try:
                found[kind.name] = graph(corpus, kind.name).fingerprint
            except CannotBuildError:
                continue
    return found
