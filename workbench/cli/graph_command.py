"""``workbench graph``."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import inputs, options
from workbench.cli.inputs import read_graph, summary
from workbench.cli.output import UNSEARCHED, note, say, show, table, tell_words


def graph(
    kind: Annotated[str, typer.Argument(help="retweet, quote, reply, mention, account_hashtag, …")],
    *,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    edges: options.EdgesOption = None,
    all_studies: Annotated[
        bool,
        typer.Option("--all-studies", help="Of a server: every act of all its studies, once."),
    ] = False,
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
    out: Annotated[
        Path | None, typer.Option(help="Export: .csv, .parquet, .graphml or .gexf.")
    ] = None,
    words: options.Words = None,
    json: options.Json = False,
) -> None:
    """Build a graph and say what it is; export it with --out."""
    source = read_graph(
        kind,
        study=study,
        store=store,
        edges=edges,
        all_studies=all_studies,
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
    made = source.graph
    if out is not None:
        _export(source, out)
    result = summary(made) | options.words(words, made)
    if show(result, as_json=json):
        return
    from workbench.model.kinds import graph_kind

    say(f"{made.kind}: {graph_kind(made.kind).meaning}.")
    table(["what", "value"], [[name, str(value)] for name, value in summary(made).items()])
    tell_words(result)


def _export(source: inputs.GraphInput, out: Path) -> None:
    """Write the graph; labels are pseudonyms unless the account is a public actor."""
    import numpy as np

    from workbench.graphs import export
    from workbench.studies.leaks import guard

    attributes = {}
    made = source.graph
    if source.study is not None and made.parts is None and made.kind != "hashtag_network":
        label = source.study.label()
        attributes["label"] = np.array([label(a) for a in made.accounts.tolist()], dtype=str)
    meant = source.searched_for
    if meant is not None:
        shown = [made.accounts.tolist(), *(column.tolist() for column in attributes.values())]
        # Tags are kept by pseudonymous studies too, also where somebody is called like one.
        names = (name for name in chain.from_iterable(shown) if not name.startswith("hashtag:"))
        if not guard(meant, names, where=str(out)):
            note(UNSEARCHED)
    export(made, out, attributes=attributes)
