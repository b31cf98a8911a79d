"""``workbench influence``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.inputs import read_graph, told, write_back
from workbench.cli.output import say, show, table, write_csv


def influence(
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    edges: options.EdgesOption = None,
    kind: options.Kind = "retweet",
    by: Annotated[
        str,
        typer.Option(help="in_strength, unique_amplifiers, pagerank, core_number; or a list a,b."),
    ] = "in_strength",
    top: Annotated[int, typer.Option(help="Accounts shown.", min=0)] = 20,
    bootstrap: Annotated[
        int, typer.Option(help="Resamples for rank intervals; 500 is usual.", min=0)
    ] = 0,
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
    annotate: options.Annotate = False,
    to: options.To = None,
    json: options.Json = False,
) -> None:
    """Rank accounts by how they are amplified, with rank intervals."""
    from workbench.influence import rank
    from workbench.progress import Progress

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
    names = [name.strip() for name in by.split(",") if name.strip()]
    with Progress(bootstrap, "bootstrap", "resamples") as shown:
        ranking = rank(
            source.graph, by=names, top=top, bootstrap=bootstrap, seed=seed, advance=shown.update
        )
    frame = ranking.to_pandas()
    if out is not None:
        write_csv(frame, out, study=source.study)
    result = ranking.to_dict()
    result["graph"] = told(source.graph, result["graph"])
    if annotate:
        scores = ranking.scores.values()
        result["run"] = write_back(source, *scores, to=to, name=f"influence {by}")
    if show(result, as_json=json):
        return
    table(list(frame.columns), frame.to_numpy().tolist())
    if bootstrap:
        drawn = f"{bootstrap} resamples of the amplifiers, seed {ranking.seed}"
        say(f"rank_low to rank_high hold 95 % of {drawn}; less between nearly equal scores.")
