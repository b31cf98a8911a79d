"""``workbench dismantle``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.inputs import read_graph
from workbench.cli.output import listing, say, show, write_csv
from workbench.errors import UsageError


def dismantle(
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    edges: options.EdgesOption = None,
    kind: options.Kind = "retweet",
    by: Annotated[
        str, typer.Option(help="Order of removal: a measure that needs only the graph, or a list.")
    ] = "in_strength",
    split_at: Annotated[
        str | None,
        typer.Option(help="Rank by acts before this instant, judge by those from it on."),
    ] = None,
    removes: Annotated[
        str,
        typer.Option(help="posts: acts upon a removed account go; account: those it makes too."),
    ] = "posts",
    most: Annotated[int | None, typer.Option(help="Removals at most (default: all).")] = None,
    since: options.Since = None,
    until: options.Until = None,
    min_weight: options.MinWeight = None,
    origin: options.Origin = None,
    lang: options.Lang = None,
    hashtag: options.Hashtag = None,
    text: options.Text = None,
    accounts: options.Accounts = None,
    max_accounts: options.MaxAccounts = None,
    largest_component: options.LargestComponent = False,
    backbone: options.Backbone = None,
    out: Annotated[Path | None, typer.Option(help="The curves as CSV.")] = None,
    json: options.Json = False,
) -> None:
    """Say which share of the acts remains as accounts are removed in rank order."""
    from workbench import influence

    filters = options.filters(
        since=since,
        until=until,
        min_weight=min_weight,
        origin=origin,
        lang=lang,
        hashtag=hashtag,
        text=text,
        accounts=accounts,
        max_accounts=max_accounts,
        largest_component=largest_component,
        backbone=backbone,
    )
    names = [name.strip() for name in by.split(",") if name.strip()]
    before, after = _periods(filters, split_at)
    source = read_graph(kind, study=study, store=store, edges=edges, **before)
    future = None
    if after is not None:
        future = read_graph(kind, study=study, store=store, edges=edges, **after).graph
    told = influence.dismantle(source.graph, future, by=names, removes=removes, accounts=most)
    if out is not None:
        write_csv(told.to_pandas().fillna({"account": ""}), out, study=source.study)
    result = told.to_dict()
    if show(result, as_json=json):
        return
    listing("Orders of removal, the smallest area first: area is the mean share that remains, "
            "halving the removals that leave half", result["orders"])  # fmt: skip
    if told.split:
        say(f"Ranked before {split_at}, judged from it on; {told.unknown:,} of the accounts that "
            f"are acted upon were not there before, so {told.residual:.1%} of the acts would "
            "remain in any case.")  # fmt: skip
    else:
        say("Ranked and judged by the same acts: an upper bound. --split-at judges by later ones.")
    say("Nobody replaces those who go, and nobody acts upon somebody else instead.")


def _periods(
    filters: dict[str, Any], split_at: str | None
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return the filters of the acts that rank, and of those that judge."""
    if split_at is None:
        return filters, None
    from workbench.model.filters import Filters

    whole, cut = Filters.parse(**_window(filters)), Filters.parse(since=split_at)
    at = cut.since_ms or 0
    if (whole.since_ms is not None and at <= whole.since_ms) or (
        whole.until_ms is not None and at >= whole.until_ms
    ):
        raise UsageError(
            "the split is not inside the window",
            value=split_at,
            allowed="after --since, before --until",
        )
    return {**filters, "until": split_at}, {**filters, "since": split_at}


def _window(filters: dict[str, Any]) -> dict[str, Any]:
    return {name: filters[name] for name in ("since", "until") if name in filters}
