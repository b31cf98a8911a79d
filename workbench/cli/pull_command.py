"""``workbench store pull``: what a graph database holds, back into a study."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.output import say, show, table
from workbench.errors import UsageError

#: What could not be restored, in words.
_LOST = {
    "sums": "rows stand for acts without a post of their own",
    "undated_sums": "of them stand for acts of several times, and have none",
    "without_actor": "acts have no actor, because their post is somebody else's",
    "mixed_origins": "mentions have one of two origins that the store does not keep apart",
}


def pull(
    *,
    source: Annotated[
        str, typer.Option("--from", help="Folder of an embedded store, or neo4j://… of a server.")
    ],
    study: Annotated[Path, typer.Option(help="Study to make; it must not have a corpus yet.")],
    name: Annotated[
        str | None,
        typer.Option("--name", help="Which of the studies on a server, see: store studies."),
    ] = None,
    json: options.Json = False,
) -> None:
    """Make a study of what a store holds: accounts, posts, acts, what posts carry.

    Sources, rejects, aliases, offsets and raw values live in the corpus only and do not come back.
    """
    from workbench.model import Corpus
    from workbench.model.parts import corpus_lock
    from workbench.store import connect
    from workbench.store.pulling import pull as pulled
    from workbench.store.secret import typed
    from workbench.studies.study import Study

    start = time.perf_counter()
    if (study / "corpus" / "corpus.json").is_file() and Corpus.open(study / "corpus").sources:
        raise UsageError(
            "this study has a corpus already",
            value=str(study),
            remedy="pull into a new study; what is pulled cannot be told from what was loaded",
        )
    opened = connect(source, study=name, secret=typed)
    try:
        opened.held()  # refused before a folder is made
        counted = opened.counts()
        made = Study.create(study)
        with corpus_lock(made.corpus_folder):
            corpus, lost = pulled(opened, Corpus.create(made.corpus_folder))
    finally:
        opened.close()
    rows = {name: corpus.rows(name) for name in ("accounts", "posts", "interactions",
                                                 "attachments")}  # fmt: skip
    result = {
        "uri": opened.uri, **counted, "tables": rows, "not_restored": lost,
        "seconds": time.perf_counter() - start,
    }  # fmt: skip
    if not show(result, as_json=json):
        _tell(result)


def _tell(result: dict[str, Any]) -> None:
    say(f"{result['uri']} ({result['seconds']:.1f} s)")
    table(["table", "rows"], list(result["tables"].items()))
    for name, count in result["not_restored"].items():
        if count:
            say(f"{count:,} {_LOST[name]}.")
