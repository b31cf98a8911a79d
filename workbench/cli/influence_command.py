"""``workbench influence``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.influence_tables import Beside, beside, tell_beside
from workbench.cli.inputs import (
    GraphInput,
    listed,
    read_graph,
    read_partition,
    told,
    write_back,
)
from workbench.cli.output import say, show, table, tell_words, write_csv
from workbench.errors import UsageError

_BESIDE = "What else to say of the ranking"


def influence(
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    edges: options.EdgesOption = None,
    kind: options.Kind = "retweet",
    by: Annotated[
        str,
        typer.Option(
            help="in_strength, unique_amplifiers, pagerank, authority, betweenness, h_index, "
            "participation, …, or a list a,b; the ranking follows the first."
        ),
    ] = "in_strength",
    top: Annotated[int, typer.Option(help="Accounts shown.", min=0)] = 20,
    bootstrap: Annotated[
        int, typer.Option(help="Resamples for intervals; 500 is usual.", min=0)
    ] = 0,
    interval: Annotated[
        str,
        typer.Option(
            help="Of ranks: resampling (each by itself), or simultaneous (all hold together)."
        ),
    ] = "resampling",
    sides: Annotated[
        Path | None, typer.Option(help="Sides or communities: a file node,side.")
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="Find them: a method of communities, such as leiden.")
    ] = None,
    into: Annotated[
        int | None, typer.Option(help="Number of sides to find (default: all communities).")
    ] = None,
    seed: options.Seed = None,
    top_set: Annotated[
        int | None,
        typer.Option(
            help="Who may be, and who surely is, among so many first (95 % together).",
            rich_help_panel=_BESIDE,
        ),
    ] = None,
    concentration: Annotated[
        bool,
        typer.Option(
            "--concentration", help="Gini and shares of the top.", rich_help_panel=_BESIDE
        ),
    ] = False,
    audience: Annotated[
        bool,
        typer.Option(
            "--audience",
            help="The measure by the side of those who amplify; with --sides or --split.",
            rich_help_panel=_BESIDE,
        ),
    ] = False,
    actors: Annotated[
        str | None,
        typer.Option(
            help="The measure by the kind of those who amplify: labels of this scheme in the "
            "study, such as public_actor.",
            rich_help_panel=_BESIDE,
        ),
    ] = None,
    leave_out: Annotated[
        Path | None,
        typer.Option(
            help="The ranking also without what the accounts of this file do.",
            rich_help_panel=_BESIDE,
        ),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(
            help="Turnover from window to window, such as 12h, 1d, 7d or 2w.",
            rich_help_panel=_BESIDE,
        ),
    ] = None,
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
    words: options.Words = None,
    json: options.Json = False,
) -> None:
    """Rank accounts by how they are amplified, with rank intervals."""
    names = [name.strip() for name in by.split(",") if name.strip()]
    asked = Beside(
        names, top, bootstrap, top_set, concentration, audience, actors, leave_out, every, seed
    )
    _check(asked, study=study, grouped=sides is not None or split is not None)
    if sides is not None and split is not None:
        raise UsageError(
            "sides are given or found, not both", value="--sides and --split", allowed="one of them"
        )
    filters = options.filters(
        since=since,
        until=until,
        min_weight=min_weight,
        origin=origin,
        lang=lang,
        hashtag=hashtag,
        text=text,
        accounts=None if accounts is None else listed(accounts),
        max_accounts=max_accounts,
        largest_component=largest_component,
        backbone=backbone,
    )
    source = read_graph(kind, study=study, store=store, edges=edges, **filters)
    groups = _groups(source, sides, split, into=into, seed=seed)
    ranking = _ranking(source, asked, groups, interval=interval)
    if out is not None:
        write_csv(ranking.to_pandas(), out, study=source.searched_for)
    result = ranking.to_dict()
    result["graph"] = told(source.graph, result["graph"])
    if groups is not None:
        result["sides"] = _about(groups)
    result |= options.words(words, ranking)
    result |= beside(source, ranking, groups, asked, kind=kind, filters=filters)
    if annotate:
        scores = ranking.scores.values()
        result["run"] = write_back(source, *scores, to=to, name=f"influence {by}")
    if show(result, as_json=json):
        return
    frame = ranking.to_pandas()
    table(list(frame.columns), frame.to_numpy().tolist())
    if bootstrap:
        drawn = f"{bootstrap} resamples of the amplifiers, seed {ranking.seed}"
        if interval == "resampling":
            say(f"rank_low to rank_high hold 95 % of {drawn}; less between nearly equal scores.")
        else:
            say(f"All intervals of rank_low to rank_high hold together with 95 %; {drawn}.")
    tell_beside(result)
    tell_words(result)


def _check(asked: Beside, *, study: Path | None, grouped: bool) -> None:
    """Refuse what cannot be asked together."""
    if asked.audience and not grouped:
        raise UsageError("an audience needs sides", allowed="--sides FILE or --split METHOD")
    needs_posts = [f"--actors {asked.actors}"] * (asked.actors is not None)
    needs_posts += [f"--every {asked.every}"] * (asked.every is not None)
    if needs_posts and study is None:
        raise UsageError(
            "labels and windows are in a study", value=needs_posts[0], allowed="with --study DIR"
        )


def _groups(
    source: GraphInput, sides: Path | None, split: str | None, *, into: int | None, seed: int | None
) -> Any:
    """Return the sides or communities that measures and audiences look at; None without."""
    if sides is not None:
        return read_partition(source.graph, sides)
    if split is None:
        return None
    if into is not None:
        from workbench.polarisation import find_sides

        return find_sides(source.graph, method=split, into=into, seed=seed, component="all")
    from workbench.communities import METHODS

    if split not in METHODS:
        raise UsageError("no such method", value=split, allowed=", ".join(METHODS))
    return METHODS[split].function(source.graph, seed=seed)


def _about(groups: Any) -> dict[str, Any]:
    """Return what tells the sides again."""
    from workbench.graphs.splits import was_found

    return {
        "origin": "found" if was_found(groups) else "given",
        "method": groups.method,
        "k": groups.k,
        "sizes": groups.sizes,
        "seed": groups.seed,
    }


def _ranking(source: GraphInput, asked: Beside, groups: Any, *, interval: str) -> Any:
    from workbench.influence import MEASURES, rank
    from workbench.progress import Progress

    posts = any(MEASURES[name].needs == "posts" for name in asked.by if name in MEASURES)
    corpus = source.study.corpus() if posts and source.study is not None else None
    with Progress(asked.bootstrap, "bootstrap", "resamples") as shown:
        return rank(
            source.graph, by=asked.by, top=asked.top, bootstrap=asked.bootstrap, interval=interval,
            sides=groups, corpus=corpus, seed=asked.seed, advance=shown.update,
        )  # fmt: skip
