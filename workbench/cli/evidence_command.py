"""``workbench evidence``."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import say, show, table


def evidence(
    *,
    study: options.StudyDir,
    kind: Annotated[str, typer.Option(help="retweet, quote, reply or mention.")] = "retweet",
    edge: Annotated[
        tuple[str, str] | None,
        typer.Option(help="From whom, to whom: two account ids, or pseudonyms of a report."),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(help="Every act by or upon this account: its id, or pseudonym in a report."),
    ] = None,
    acts: Annotated[
        str,
        typer.Option(
            help="Which acts of the account: upon it by others (its in-strength), by it upon "
            "others, or both."
        ),
    ] = "both",
    since: options.Since = None,
    until: options.Until = None,
    origin: options.Origin = None,
    limit: options.Limit = 20,
    json: options.Json = False,
) -> None:
    """Show the posts behind an edge, or behind an account's number."""
    from workbench.graphs import evidence as look
    from workbench.studies.naming import unmasked
    from workbench.studies.study import Study

    opened = Study.open(study)
    found = look(
        opened.corpus(),
        kind=kind,
        edge=None if edge is None else (unmasked(opened, edge[0]), unmasked(opened, edge[1])),
        account=None if account is None else unmasked(opened, account),
        acts=acts,
        limit=limit,
        since=since,
        until=until,
        origin=origin,
    )
    if show(found.to_dict(), as_json=json):
        return
    names = [c for c in found.posts.columns if c not in {"source_id", "record", "weight"}]
    table(names, found.posts[names].to_numpy().tolist())
    say(f"{len(found.posts):,} shown of a weight of {found.total:,.0f}.")
