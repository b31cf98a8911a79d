"""``workbench evidence``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import options
from workbench.cli.inputs import listed
from workbench.cli.output import UNSEARCHED, note, say, show, table

if TYPE_CHECKING:
    from workbench.studies.study import Study


def evidence(
    *,
    study: options.StudyDir,
    kind: options.Kind = "retweet",
    edge: Annotated[
        tuple[str, str] | None,
        typer.Option(
            help="From whom, to whom: two account ids, or pseudonyms of a report; or things as "
            "the graph calls them, such as hashtag:NAME."
        ),
    ] = None,
    account: Annotated[
        str | None,
        typer.Option(
            help="Every act by or upon this account: its id, or pseudonym in a report; in co_* "
            "its posts with what others used too."
        ),
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
    lang: options.Lang = None,
    hashtag: options.Hashtag = None,
    text: options.Text = None,
    accounts: options.Accounts = None,
    max_accounts: options.MaxAccounts = None,
    limit: options.Limit = 20,
    json: options.Json = False,
) -> None:
    """Show the posts behind an edge of a graph, or behind the number of an account."""
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
        **options.filters(
            since=since, until=until, origin=origin, lang=lang, hashtag=hashtag, text=text,
            accounts=None if accounts is None else listed(accounts), max_accounts=max_accounts,
        ),
    )  # fmt: skip
    if json:
        _search(opened, found.posts["target"].dropna().tolist())
    if show(found.to_dict(), as_json=json):
        return
    names = [c for c in found.posts.columns if c not in {"source_id", "record", "weight"}]
    table(names, found.posts[names].to_numpy().tolist())
    say(f"{len(found.posts):,} shown of a weight of {found.total:,.0f}.")


def _search(study: Study, targets: list[str]) -> None:
    """Refuse to print links and the like that show somebody of a pseudonymous study."""
    from workbench.studies.leaks import guard

    if not guard(study, targets, where="what the posts carry", each="post"):
        note(UNSEARCHED)
