"""``workbench communities``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.inputs import read_graph, summary, write_back
from workbench.cli.output import say, show, table, write_csv


def communities(
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    edges: options.EdgesOption = None,
    kind: options.Kind = "retweet",
    method: Annotated[str, typer.Option(help="leiden, louvain or python_louvain.")] = "leiden",
    resolution: Annotated[float, typer.Option(help="Higher gives more communities.")] = 1.0,
    unweighted: Annotated[bool, typer.Option("--unweighted", help="Ignore weights.")] = False,
    runs: Annotated[
        int, typer.Option(help="Runs with different seeds, for their agreement.", min=1)
    ] = 1,
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
    out: Annotated[Path | None, typer.Option(help="Labels as CSV: account,community.")] = None,
    annotate: options.Annotate = False,
    to: options.To = None,
    json: options.Json = False,
) -> None:
    """Find communities by modularity, and say how far they depend on the seed."""
    from workbench.communities import METHODS, stability
    from workbench.errors import UsageError

    if method not in METHODS:
        raise UsageError("no such method", value=method, allowed=", ".join(METHODS))
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
    given: dict[str, Any] = {"resolution": resolution, "weighted": not unweighted, "seed": seed}
    agreement = None
    if runs > 1:
        stable = stability(source.graph, method=method, runs=runs, **given)
        found, agreement = stable.best, stable.to_dict()
    else:
        found = METHODS[method].function(source.graph, **given)
    if out is not None:
        write_csv(found.to_pandas(), out, study=source.study)
    result = {
        "method": found.method,
        "communities": found.k,
        "modularity": found.quality,
        "seed": found.seed if agreement is None else agreement["seed"],
        "sizes": found.sizes,
        "parameters": dict(found.parameters),
        "graph": summary(source.graph),
    }
    if agreement is not None:
        result["stability"] = agreement
    if annotate:
        result["run"] = write_back(source, found, to=to, name=f"communities {method}")
    if show(result, as_json=json):
        return
    say(f"{found.k} communities by {method}, modularity {found.quality:.4f}, "
        f"seed {result['seed']}; directions summed, "
        f"weights {'ignored' if unweighted else 'used'}")  # fmt: skip
    table(["community", "accounts"], list(enumerate(found.sizes[:20])))
    if agreement is not None:
        say(f"{runs} runs agree to {agreement['ami_mean']:.3f} (least {agreement['ami_min']:.3f}; "
            "adjusted mutual information, 1 = always the same), the best has seed "
            f"{found.seed}; {agreement['ambiguous']:,} accounts change their company")  # fmt: skip
