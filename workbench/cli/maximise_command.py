"""``workbench maximise``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.inputs import read_graph, told
from workbench.cli.output import listing, say, show, write_csv


def maximise(
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    edges: options.EdgesOption = None,
    kind: options.Kind = "retweet",
    k: Annotated[int, typer.Option("--k", help="Accounts from which the cascade starts.")] = 10,
    method: Annotated[
        str, typer.Option(help="ris (any size) or celf (up to 2,000 accounts).")
    ] = "ris",
    model: Annotated[
        str, typer.Option(help="independent_cascade or linear_threshold.")
    ] = "independent_cascade",
    probability: Annotated[
        float | None, typer.Option(help="Chance of every arc, instead of shares of acts.")
    ] = None,
    factor: Annotated[
        float | None,
        typer.Option(help="Chance of an arc = factor · share of the amplifier's acts (default 1)."),
    ] = None,
    runs: Annotated[
        int, typer.Option(help="Simulated cascades of the independent sample.", min=2)
    ] = 1000,
    seed: options.Seed = None,
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
    out: Annotated[Path | None, typer.Option(help="The table as CSV.")] = None,
    json: options.Json = False,
) -> None:
    """Choose the accounts from which a simulated cascade reaches most, and say how far."""
    from workbench import influence

    source = read_graph(
        kind,
        study=study,
        store=store,
        edges=edges,
        **options.filters(
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
        ),
    )
    found = influence.maximise(
        source.graph, k=k, method=method, model=model, probability=probability, factor=factor,
        runs=runs, seed=seed,
    )  # fmt: skip
    if out is not None:
        write_csv(found.to_pandas(), out, study=source.study)
    result = found.to_dict()
    result["graph"] = told(source.graph, result["graph"])
    if show(result, as_json=json):
        return
    listing("Accounts in the order of choice; gain: accounts that each adds", result["seeds"])
    spread = result["spread"]
    say(f"Together they reach {spread['mean']:,.1f} ± {spread['standard_error']:,.1f} accounts "
        f"({spread['share']:.1%}) in {spread['runs']:,} simulated cascades of their own "
        f"({model.replace('_', ' ')}, seed {found.seed}); the sample that chose them says "
        f"{result['estimate']:,.1f}, which is too high on average.")  # fmt: skip
    if result["guarantee"] is not None:
        say(f"With probability {result['confidence']:.4f} that is at least "
            f"{result['guarantee']:.1%} of what any {k:,} accounts reach.")  # fmt: skip
    say("A model of cascades, not a forecast: nobody was asked, and acts are all it knows.")
