"""``workbench polarisation``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.inputs import GraphInput, read_graph, read_partition, told, write_back
from workbench.cli.output import say, show, table
from workbench.errors import UsageError


def polarisation(
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    edges: options.EdgesOption = None,
    kind: options.Kind = "retweet",
    sides: Annotated[
        Path | None, typer.Option(help="Sides known from outside: a file node,side.")
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="Find the sides: leiden, louvain, spectral or metis.")
    ] = None,
    into: Annotated[int, typer.Option(help="Number of sides to find.")] = 2,
    measure: Annotated[
        list[str] | None, typer.Option(help="A measure; repeat for several (default: all).")
    ] = None,
    choice: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VALUE or MEASURE.NAME=VALUE, such as k=10, direction=directed."),
    ] = None,
    null: Annotated[
        str | None,
        typer.Option(help="none, fixed or repartitioned (default: fits how the sides are known)."),
    ] = None,
    runs: Annotated[int, typer.Option(help="Null graphs; p is given from 199 on.")] = 20,
    interval: Annotated[
        str, typer.Option(help="none: intervals are not in this version.")
    ] = "none",
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
    annotate: options.Annotate = False,
    to: options.To = None,
    json: options.Json = False,
) -> None:
    """Measure how divided a graph is between its sides, beside a null model."""
    from workbench.progress import Progress

    if interval != "none":
        raise UsageError(
            "intervals of indices are not in this version", value=interval, allowed="none"
        )
    if (sides is None) == (split is None):
        raise UsageError(
            "say where the sides come from",
            allowed="one of --sides FILE (known from outside) and --split METHOD (found)",
        )
    choices = dict(_parsed(entry) for entry in choice or [])
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
    from workbench import polarisation as package

    found = _sides(source, sides, split, into=into, choices=choices, seed=seed)
    with Progress(runs if null != "none" else 0, "null model", "graphs") as shown:
        report = package.report(
            source.graph,
            found,
            measures=measure,
            null=null,
            runs=runs,
            choices=choices,
            seed=seed,
            advance=shown.update,
        )
    result = report.to_dict()
    result["graph"] = told(source.graph, result["graph"])
    if annotate:
        values = [value for value in report.indices if value.value is not None]
        result["run"] = write_back(source, found, *values, to=to, name="polarisation")
    if show(result, as_json=json):
        return
    _tell(result)


def _sides(
    source: GraphInput,
    sides: Path | None,
    split: str | None,
    *,
    into: int,
    choices: dict[str, Any],
    seed: int | None,
) -> Any:
    from workbench.polarisation import find_sides

    if sides is not None:
        return read_partition(source.graph, sides)
    common = {name: choices[name] for name in ("weights", "component") if name in choices}
    return find_sides(source.graph, method=split or "leiden", into=into, seed=seed, **common)


def _parsed(entry: str) -> tuple[str, Any]:
    """Return NAME and VALUE of a choice; a whole number counts, one with a point is a fraction."""
    name, equals, value = entry.partition("=")
    if not equals or not name or not value:
        raise UsageError("a choice is NAME=VALUE", value=entry, allowed="such as k=10")
    for kind in (int, float):
        try:
            return name.strip(), kind(value)
        except ValueError:
            continue
    return name.strip(), value.strip()


def _tell(result: dict[str, Any]) -> None:
    about, graph = result["sides"], result["graph"]
    say(f"{graph['nodes']:,} accounts and {graph['edges']:,} edges with "
        f"{graph['share_of_weight']:.1%} of all acts; dropped: {graph['dropped']['self_loops']:,} "
        f"self-loops, {graph['dropped']['unsided']:,} accounts without a side, "
        f"{graph['dropped']['outside_component']:,} outside the component")  # fmt: skip
    agreement = "" if about["agreement"] is None else f", seeds agree to {about['agreement']:.3f}"
    sizes = [f"{n} {s:,}" for n, s in zip(about["names"], about["sizes"], strict=True)]
    say(f"Sides {about['origin']} ({about['method']}{agreement}): {', '.join(sizes)}")
    names = ["name", "value", "null_mean", "null_sd", "denoised", "z", "p", "divided_is"]
    table(names, [[index[name] for name in names] for index in result["indices"]])
    for index in result["indices"]:
        if index.get("reason"):
            say(f"{index['name']}: {index['reason']}")
    null = result["null"]
    if null["kind"] != "none":
        say(f"Null: {null['runs']} graphs with the same degrees, sides "
            f"{'kept' if null['kind'] == 'fixed' else 'found again'}, seed {null['seed']}; a low p "
            f"means {result['tests']}.")  # fmt: skip
