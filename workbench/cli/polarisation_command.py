"""``workbench polarisation``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.inputs import (
    GraphInput,
    listed,
    read_graph,
    read_partition,
    told,
    write_back,
)
from workbench.cli.output import note, say, show, table, tell_words, write_csv
from workbench.errors import UsageError
from workbench.model.kinds import node_word
from workbench.rng import resolve


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
    into: Annotated[
        int | None, typer.Option(help="Number of sides to find (2 unless it is given).")
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option(help="A measure; repeat for several (default: all).")
    ] = None,
    choice: Annotated[
        list[str] | None,
        typer.Option(help="NAME=VALUE or MEASURE.NAME=VALUE, such as k=10, direction=directed."),
    ] = None,
    null: Annotated[
        str | None,
        typer.Option(
            help="none, fixed, repartitioned or shuffled (default: fits how the sides are known)."
        ),
    ] = None,
    runs: Annotated[int, typer.Option(help="Null graphs; p is given from 199 on.")] = 20,
    interval: Annotated[
        str,
        typer.Option(help="95 % interval: none, jackknife (accounts) or bootstrap (acts)."),
    ] = "none",
    split_half: Annotated[
        bool,
        typer.Option(
            "--split-half",
            help="Find the sides in half of the pairs of accounts, measure the others.",
        ),
    ] = False,
    leave_out: Annotated[
        Path | None, typer.Option(help="Tell each index also without the accounts of this file.")
    ] = None,
    bubbles: Annotated[
        Path | None, typer.Option(help="Write a table of accounts: whom each one deals with (CSV).")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Processes that draw null graphs.")] = 1,
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
    words: options.Words = None,
    json: options.Json = False,
) -> None:
    """Measure how divided a graph is between its sides, beside a null model."""
    _check_sides(
        sides, split, into, halves=split_half, whole=bool(leave_out or bubbles or annotate)
    )
    choices = _choices(choice or [])
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
    asked = _Asked(measure, null, runs, interval, choices, processes, resolve(seed))
    found, report = (
        _by_halves(source, asked, split or "leiden", into=into or 2)
        if split_half
        else _whole(source, asked, sides, split, into=into or 2)
    )
    result = report.to_dict() | options.words(words, report)
    result["graph"] = told(source.graph, result["graph"])
    if leave_out is not None:
        result["without_listed"] = _without(source, found, leave_out, asked)
    if bubbles is not None:
        result["bubbles"] = _write_bubbles(source, found, bubbles, asked)
    if annotate:
        values = [value for value in report.indices if value.value is not None]
        result["run"] = write_back(source, found, *values, to=to, name="polarisation")
    if show(result, as_json=json):
        return
    _tell(result)
    tell_words(result)


def _check_sides(
    sides: Path | None, split: str | None, into: int | None, *, halves: bool, whole: bool
) -> None:
    """Refuse options that do not say where the sides come from, or say it twice.

    `halves` says whether sides of one half are measured on the other, `whole` whether something is
    asked that looks at all acts.
    """
    if (sides is None) == (split is None):
        raise UsageError(
            "say where the sides come from",
            allowed="one of --sides FILE (known from outside) and --split METHOD (found)",
        )
    if into is not None and split is None:
        raise UsageError(
            "--into is of sides that are found", value=into,
            remedy="use it with --split, not with --sides",
        )  # fmt: skip
    if halves and split is None:
        raise UsageError(
            "--split-half finds the sides itself", remedy="use it with --split, not with --sides"
        )
    if halves and whole:
        raise UsageError(
            "--split-half measures other acts than --leave-out, --bubbles and --annotate look at",
            remedy="ask for them without --split-half",
        )


@dataclass(frozen=True)
class _Asked:
    """What is asked of a report, beside the graph and its sides."""

    measures: list[str] | None
    null: str | None
    runs: int
    interval: str
    choices: dict[str, Any]
    processes: int
    seed: int


def _whole(
    source: GraphInput, asked: _Asked, sides: Path | None, split: str | None, *, into: int
) -> tuple[Any, Any]:
    """Return the sides and the report of the whole graph."""
    from workbench import polarisation as package
    from workbench.polarisation.intervals import RESAMPLES
    from workbench.progress import Progress

    found = _sides(source, sides, split, into=into, choices=asked.choices, seed=asked.seed)
    steps = (asked.runs if asked.null != "none" else 0) + RESAMPLES * (asked.interval != "none")
    with Progress(steps, "null model and replicates", "graphs") as shown:
        report = package.report(
            source.graph,
            found,
            measures=asked.measures,
            null=asked.null,
            runs=asked.runs,
            interval=asked.interval,
            choices=asked.choices,
            processes=asked.processes,
            seed=asked.seed,
            advance=shown.update,
        )
    return found, report


def _by_halves(source: GraphInput, asked: _Asked, method: str, *, into: int) -> tuple[Any, Any]:
    """Return the sides of the whole graph, and the report of those of one half on the other."""
    from workbench import polarisation as package

    if asked.null not in {None, "fixed"}:
        raise UsageError(
            "the other half knows the sides from outside", value=asked.null, allowed="--null fixed"
        )
    report = package.split_half(
        source.graph,
        method=method,
        into=into,
        measures=asked.measures,
        runs=asked.runs,
        interval=asked.interval,
        choices=asked.choices,
        processes=asked.processes,
        seed=asked.seed,
    )
    found = _sides(source, None, method, into=into, choices=asked.choices, seed=asked.seed)
    return found, report


def _without(source: GraphInput, found: Any, file: Path, asked: _Asked) -> dict[str, Any]:
    from workbench.polarisation import sensitivity

    names = listed(file)
    return sensitivity(
        source.graph, found, leave_out=names, measures=asked.measures, choices=asked.choices
    )


def _write_bubbles(source: GraphInput, found: Any, file: Path, asked: _Asked) -> dict[str, Any]:
    """Write the table of accounts and return what it holds."""
    from workbench import polarisation as package

    common = {
        name: asked.choices[name]
        for name in ("direction", "weights", "component")
        if name in asked.choices
    }
    table = package.bubbles(source.graph, found, **common).to_pandas()
    write_csv(table, file, study=source.searched_for)
    return {"file": str(file), "accounts": len(table)}


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


def _choices(entries: list[str]) -> dict[str, Any]:
    """Return the choices by name; one that is given twice is refused."""
    chosen: dict[str, Any] = {}
    for entry in entries:
        name, value = _parsed(entry)
        if name in chosen:
            raise UsageError("a choice is given twice", value=f"{name}={chosen[name]}, {entry}")
        chosen[name] = value
    return chosen


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


#: Filters that leave acts out of a graph, as their choices are called.
_FILTERS = (
    "since", "until", "lang", "hashtag", "text", "accounts", "max_accounts", "min_weight",
    "backbone", "largest_component",
)  # fmt: skip


def _filtered(choices: dict[str, Any]) -> str:
    """Return what passed the filters of a graph, in brackets; nothing where there were none."""
    used = {name: choices[name] for name in _FILTERS if choices.get(name) not in {None, False}}
    told = [
        name if value is True else f"{name} {value:g}" if isinstance(value, float)
        else f"{name} {value}" for name, value in used.items()
    ]  # fmt: skip
    return f" (acts that passed the filters: {', '.join(told)})" if told else ""


def _tell(result: dict[str, Any]) -> None:
    about, graph = result["sides"], result["graph"]
    nodes, dropped = node_word(graph["kind"]), graph["dropped"]
    say(f"{graph['nodes']:,} {nodes} and {graph['edges']:,} edges with "
        f"{graph['share_of_weight']:.1%} of the acts of this graph{_filtered(graph['choices'])}; "
        f"dropped: {dropped['self_loops']:,} self-loops, {dropped['unsided']:,} {nodes} without "
        f"a side, {dropped['outside_component']:,} outside the component")  # fmt: skip
    agreement = "" if about["agreement"] is None else f", seeds agree to {about['agreement']:.3f}"
    sizes = [f"{n} {s:,}" for n, s in zip(about["names"], about["sizes"], strict=True)]
    origin = f"found in the {about['found_in']}" if "found_in" in about else about["origin"]
    say(f"Sides {origin} ({about['method']}{agreement}): {', '.join(sizes)}")
    names = ["name", "value", "null_mean", "denoised", "z", "p", "low", "high", "divided_is"]
    without = {row["name"]: row["without"] for row in result["sensitivity"]["indices"]}
    table(
        [*names, "without_top"],
        [[*(index[name] for name in names), without[index["name"]]] for index in result["indices"]],
    )
    for index in result["indices"]:
        if index.get("reason"):
            say(f"{index['name']}: {index['reason']}")
    say(f"without_top: without the {result['sensitivity']['left_out']:,} {nodes} of the highest "
        "degree (1 %); low and high: 95 % interval of the value")  # fmt: skip
    listed_out = result.get("without_listed")
    if listed_out:
        table(["name", "value", "without", "change"],
              [[row[c] for c in ("name", "value", "without", "change")]
               for row in listed_out["indices"]],
              title=f"Without {listed_out['left_out']:,} listed accounts")  # fmt: skip
    columns = ["side", "accounts", "weight_within", "weight_to_others", "share_to_others"]
    table(columns, [[row[c] for c in columns] for row in result["asymmetry"]])
    null = result["null"]
    if null["kind"] != "none":
        drawn = (
            "the same edges, weights dealt anew"
            if null["kind"] == "shuffled"
            else "the same degrees (weights, reciprocity and clustering are not kept), sides "
            + ("kept" if null["kind"] == "fixed" else "found again")
        )
        say(f"Null: {null['runs']} graphs with {drawn}; a low p means {result['tests']}.")
    adjusted = sum("p_unadjusted" in index["choices"] for index in result["indices"])
    if adjusted:
        say(f"p is adjusted for looking at {adjusted} indices (Holm).")
    say(f"Seed {null['seed']}")
    for text in result["notes"]:
        note(text)
