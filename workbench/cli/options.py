"""Options that several commands share, so that each is spelled and explained once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.language import check_language


def _spoken(language: str | None) -> str | None:
    """Refuse a language before anything is computed."""
    return None if language is None else check_language(language)


_WHERE = "Where the acts come from"
_WHICH = "Which acts enter the graph"

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]
StudyDir = Annotated[Path, typer.Option("--study", help="Folder of the study.", show_default=False)]
StudyOption = Annotated[
    Path | None, typer.Option("--study", help="Folder of the study.", rich_help_panel=_WHERE)
]
StoreOption = Annotated[
    str | None, typer.Option("--store", help="Path of a graph store.", rich_help_panel=_WHERE)
]
EdgesOption = Annotated[
    str | None,
    typer.Option(
        "--edges",
        help="Edge file source,target[,weight[,time]] (csv, tsv, txt, parquet), GraphML or GEXF; "
        "gz, zst and zip too; - reads standard input.",
        rich_help_panel=_WHERE,
    ),
]
Kind = Annotated[
    str, typer.Option("--kind", help="Graph: retweet, quote, reply, mention, co_hashtag, …")
]
Since = Annotated[
    str | None,
    typer.Option(help="First instant, included (ISO 8601, UTC).", rich_help_panel=_WHICH),
]
Until = Annotated[
    str | None, typer.Option(help="Last instant, excluded (ISO 8601, UTC).", rich_help_panel=_WHICH)
]
MinWeight = Annotated[
    float | None, typer.Option(help="Leave out edges of less weight.", rich_help_panel=_WHICH)
]
Origin = Annotated[
    str | None,
    typer.Option(
        help="Origins of mentions that count: authored (default), a comma-separated list, or all.",
        rich_help_panel=_WHICH,
    ),
]
Lang = Annotated[
    str | None, typer.Option(help="Language tag of the acting post.", rich_help_panel=_WHICH)
]
Hashtag = Annotated[
    str | None, typer.Option(help="Hashtag of the acting post.", rich_help_panel=_WHICH)
]
Text = Annotated[
    str | None,
    typer.Option(help="Text in the acting (or shared) post, any case.", rich_help_panel=_WHICH),
]
Accounts = Annotated[
    Path | None,
    typer.Option(
        help="File of account ids, one a line; one end must be listed.", rich_help_panel=_WHICH
    ),
]
MaxAccounts = Annotated[
    int | None,
    typer.Option(help="Leave objects used by more accounts out of co_*.", rich_help_panel=_WHICH),
]
LargestComponent = Annotated[
    bool,
    typer.Option(
        "--largest-component", help="Keep the largest component only.", rich_help_panel=_WHICH
    ),
]
Backbone = Annotated[
    float | None,
    typer.Option(
        help="Significance level of the disparity filter, in (0, 1).", rich_help_panel=_WHICH
    ),
]
Seed = Annotated[
    int | None, typer.Option(help="Seed; without one a fresh one is drawn and printed.")
]
Annotate = Annotated[
    bool, typer.Option("--annotate", help="Write the result back to the store, under a new run.")
]
To = Annotated[
    str | None,
    typer.Option("--to", help="Store to write back to (default: the study's, or --store)."),
]
Words = Annotated[
    str | None,
    typer.Option(
        "--words",
        help="Say the result in prose too, with what makes it uncertain: en or fr.",
        callback=_spoken,
    ),
]
Limit = Annotated[int | None, typer.Option(help="Rows at most.", min=0)]


def words(language: str | None, result: Any, **beside: Any) -> dict[str, str]:
    """Return ``words`` of the JSON object, what a result says in prose; nothing if not asked."""
    if language is None:
        return {}
    from workbench.studies import summary

    return {"words": summary(result, language, **beside)}


def filters(**given: Any) -> dict[str, Any]:
    """Return the filters that were given, by name."""
    return {name: v for name, v in given.items() if v is not None and v is not False}
