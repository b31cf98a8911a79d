"""``workbench export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import UNSEARCHED, note, say, show, table


def export(
    format: Annotated[  # noqa: A002  the word users know
        str, typer.Argument(help="coortweet, qut, minet, gexf, graphml or parquet.")
    ],
    *,
    study: options.StudyDir,
    out: Annotated[
        Path,
        typer.Option("--out", help="File to write; for parquet a folder.", show_default=False),
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            help="Of coortweet: co_share (default), co_url, co_domain, co_hashtag; of gexf and "
            "graphml: retweet (default), quote, reply, mention."
        ),
    ] = None,
    since: options.Since = None,
    until: options.Until = None,
    json: options.Json = False,
) -> None:
    """Write the study's corpus for another tool: CooRTweet, QUT, minet, Gephi, Parquet.

    A pseudonymous study gives pseudonyms; a raw one ids, handles and texts as they are.
    """
    from workbench.graphs.corpus_export import export_corpus
    from workbench.studies.leaks import guard_files
    from workbench.studies.study import Study

    opened = Study.open(study)
    label = opened.pseudonymiser().label if format in {"gexf", "graphml"} else None
    done = export_corpus(
        opened.corpus(), out, format, kind=kind, since=since, until=until, label=label
    )
    if not guard_files(opened, out):
        note(UNSEARCHED)
    if opened.privacy == "raw":
        note("the study is raw: the file names accounts as they are, so keep it as you keep them")
    if show({**done.to_dict(), "privacy": opened.privacy}, as_json=json):
        return
    table(["written", "how many"], list(done.rows.items()))
    for what, count in done.left_out.items():
        say(f"left out: {count:,} {what}")
    say(done.path)
