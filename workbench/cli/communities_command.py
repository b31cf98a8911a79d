"""``workbench communities``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.community_tables import Trust, tell_trust, trusted
from workbench.cli.inputs import GraphInput, read_graph, summary, write_back
from workbench.cli.output import say, show, table, tell_words, write_csv
from workbench.errors import UsageError

#: Methods that ``--scan`` knows; resolutions of others are on another scale, or not there.
SCANNED = ("leiden", "louvain")
_TRUST = "How far to trust them, and what they are"


def communities(
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    edges: options.EdgesOption = None,
    kind: options.Kind = "retweet",
    method: Annotated[
        str,
        typer.Option(
            help="leiden, louvain, leiden_cpm, infomap, label_propagation, spectral or "
            "python_louvain."
        ),
    ] = "leiden",
    resolution: Annotated[
        float | None,
        typer.Option(
            help="Higher gives more communities; 1 by default, for leiden_cpm the density "
            "of the graph."
        ),
    ] = None,
    into: Annotated[
        int | None, typer.Option(help="Number of communities, for spectral (default: 2).")
    ] = None,
    unweighted: Annotated[bool, typer.Option("--unweighted", help="Ignore weights.")] = False,
    runs: Annotated[
        int, typer.Option(help="Runs with different seeds, for their agreement.", min=1)
    ] = 1,
    consensus: Annotated[
        bool,
        typer.Option("--consensus", help="Return what the runs agree on, instead of the best run."),
    ] = False,
    seed: options.Seed = None,
    significance: Annotated[
        int | None,
        typer.Option(
            help="Compare with so many graphs of the same degrees, searched in the same way; p is "
            "given from 199 on.",
            rich_help_panel=_TRUST,
        ),
    ] = None,
    scan: Annotated[
        bool,
        typer.Option(
            "--scan", help="Over which resolutions the answer stays.", rich_help_panel=_TRUST
        ),
    ] = False,
    compare: Annotated[
        Path | None,
        typer.Option(
            help="Compare with the communities or labels of a file node,community.",
            rich_help_panel=_TRUST,
        ),
    ] = None,
    mixing: Annotated[
        bool,
        typer.Option(
            "--mixing",
            help="Who acts upon whom, by community, beside what degrees imply.",
            rich_help_panel=_TRUST,
        ),
    ] = False,
    describe: Annotated[
        bool,
        typer.Option(
            "--describe",
            help="What each is about: accounts, hashtags, domains, languages, words, posts.",
            rich_help_panel=_TRUST,
        ),
    ] = False,
    every: Annotated[
        str | None,
        typer.Option(
            help="Match communities from window to window, such as 12h, 1d, 7d or 2w.",
            rich_help_panel=_TRUST,
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
    out: Annotated[Path | None, typer.Option(help="Labels as CSV: account,community.")] = None,
    annotate: options.Annotate = False,
    to: options.To = None,
    words: options.Words = None,
    json: options.Json = False,
) -> None:
    """Find communities, and say how far they can be trusted and what they are."""
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
    given = options.filters(resolution=resolution, into=into, seed=seed)
    given["weighted"] = not unweighted
    asked = Trust(significance, scan, compare, mixing, describe, every, runs, seed)
    _check(method, given, asked, consensus=consensus, study=study)
    source = read_graph(kind, study=study, store=store, edges=edges, **filters)
    found, agreed = _found(source, method, given, runs=runs, consensus=consensus)
    agreement = None if agreed is None else agreed.to_dict()
    if out is not None:
        write_csv(found.to_pandas(), out, study=source.searched_for)
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
    result |= options.words(words, found, agreement=agreed)
    result |= trusted(source, found, asked, method=method, given=given, kind=kind, filters=filters)
    if annotate:
        result["run"] = write_back(source, found, to=to, name=f"communities {method}")
    if show(result, as_json=json):
        return
    _tell(result, runs=runs, weighted=not unweighted)
    tell_trust(result)
    tell_words(result)


def _check(
    method: str, given: dict[str, Any], asked: Trust, *, consensus: bool, study: Path | None
) -> None:
    """Refuse what cannot be asked together."""
    from workbench.communities import METHODS

    if method not in METHODS:
        raise UsageError("no such method", value=method, allowed=", ".join(METHODS))
    if "into" in given and method != "spectral":
        raise UsageError("only spectral makes a given number", value=f"{method}, --into")
    if consensus and asked.runs < 2:
        raise UsageError("a consensus needs at least two runs", remedy="add --runs 100")
    if consensus and asked.significance is not None:
        raise UsageError(
            "a consensus is not searched again in random graphs, so it has no significance",
            value="--consensus, --significance",
            remedy="leave --consensus out: the best of --runs is compared",
        )
    if asked.scan and method not in SCANNED:
        raise UsageError(
            "resolutions are scanned of methods that maximise modularity",
            value=f"--method {method} --scan",
            allowed=", ".join(SCANNED),
        )
    if (asked.describe or asked.every) and study is None:
        raise UsageError(
            "a description and windows need the posts",
            value="--describe" if asked.describe else f"--every {asked.every}",
            allowed="with --study DIR",
        )


def _found(
    source: GraphInput, method: str, given: dict[str, Any], *, runs: int, consensus: bool
) -> tuple[Any, Any]:
    """Return the communities, and the runs with other seeds; None where there is one run."""
    from workbench import communities as package
    from workbench.progress import Progress

    if runs == 1:
        return package.METHODS[method].function(source.graph, **given), None
    if consensus:
        with Progress(runs, "consensus", "runs") as shown:
            agreed = package.consensus(
                source.graph, method=method, runs=runs, advance=shown.update, **given
            )
        return agreed.partition, agreed
    stable = package.stability(source.graph, method=method, runs=runs, **given)
    return stable.best, stable


def _tell(result: dict[str, Any], *, runs: int, weighted: bool) -> None:
    quality = result["modularity"]
    say(f"{result['communities']} communities by {result['method']}, "
        f"modularity {'unknown' if quality is None else f'{quality:.4f}'}, "
        f"seed {result['seed']}; directions summed, "
        f"weights {'used' if weighted else 'ignored'}")  # fmt: skip
    sizes = result["sizes"]
    table(["community", "accounts"], list(enumerate(sizes[:20])))
    if len(sizes) > 20:
        say(f"and {len(sizes) - 20:,} smaller ones with {sum(sizes[20:]):,} accounts")
    agreement = result.get("stability")
    if agreement is not None:
        best = agreement.get("best_seed")
        say(f"{runs} runs agree to {agreement['ami_mean']:.3f} (least {agreement['ami_min']:.3f}; "
            "adjusted mutual information, 1 = always the same)"
            f"{'' if best is None else f', the best has seed {best}'}; "
            f"{agreement['ambiguous']:,} accounts change their company")  # fmt: skip
