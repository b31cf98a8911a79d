"""``workbench cypher``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import options
from workbench.cli.asking import TABLE_ROWS, ask, ask_library, cut_note, given_by
from workbench.cli.inputs import opened_store, study_meant
from workbench.cli.output import UNSEARCHED, note, plain, say, show, table
from workbench.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbench.studies.study import Study

_MORE = "--limit N shows more, --format csv or json shows all"


def cypher(
    query: Annotated[
        str | None, typer.Argument(help="Cypher text, a .cypher file, or: list.")
    ] = None,
    *,
    name: Annotated[str | None, typer.Option(help="Query of the library: AREA/NAME.")] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            help="Parameter k=v, a number or text ('…' for text of digits); repeat for several."
        ),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Allow the query to write.")] = False,
    limit: options.Limit = None,
    study: options.StudyOption = None,
    store: options.StoreOption = None,
    format: Annotated[str, typer.Option(help="table, csv or json.")] = "table",  # noqa: A002
    json: options.Json = False,
) -> None:
    """Ask the graph in Cypher: a query, a file, or one of the library (cypher list).

    Of a pseudonymous study, rows as csv and json are searched for people before they are printed.
    """
    if query == "list" and name is None:
        _list(as_json=json or format == "json")
        return
    shape = "json" if json else format
    if shape not in {"table", "csv", "json"}:
        raise UsageError("no such format", value=format, allowed="table, csv, json")
    if (query is None) == (name is None):
        raise UsageError("give a query", allowed="Cypher text, a file, or --name AREA/NAME")
    given: dict[str, Any] = given_by(param or [])
    most = limit if limit is not None or shape != "table" else TABLE_ROWS
    with opened_store(study, store) as opened:
        if name is not None:
            frame = ask_library(opened, name, given, limit=limit)
            more = "--limit N shows more"
        else:
            frame = ask(opened, _text(query or ""), given, write=write, limit=most)
            more = "" if limit is not None else _MORE
    if most is not None and len(frame) > most:
        frame = frame.head(most)
        frame.attrs["cut"], more = True, _MORE
    told = cut_note(frame, more=more)
    if told:
        note(told)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    if shape != "table":
        _search(study_meant(study, store), rows)
    if shape == "json":
        show(rows, as_json=True)
    elif shape == "csv":
        say(frame.to_csv(index=False, lineterminator="\n").rstrip("\n"))
    else:
        table(list(frame.columns), [[plain(v) for v in row.values()] for row in rows])


def _search(study: Study | None, rows: Iterable[dict[Any, Any]]) -> None:
    """Refuse to print rows that show somebody of a pseudonymous study.

    The values are searched; names of columns are the query's own words.

    Raises
    ------
    InputError
        They do; nothing was printed.
    """
    from workbench.studies.leaks import guard

    texts = (" ".join(_values(plain(row))) for row in rows)
    if study is not None and not guard(study, texts, where="the rows of the query", each="row"):
        note(UNSEARCHED)


def _values(value: Any) -> Iterator[str]:
    """Yield the values in a row as texts, also those inside lists and nodes."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _values(each)
    elif value is not None:
        yield str(value)


def _list(*, as_json: bool) -> None:
    from workbench.store.library import NOT_IN_CYPHER, queries

    rows: list[dict[str, Any]] = [
        {
            "name": found.name,
            "title": found.title,
            "question": found.question,
            "parameters": {p.name: p.default for p in found.parameters},
            "units": {p.name: p.unit for p in found.parameters},
            "columns": list(found.columns),
            "portability": found.portability,
        }
        for found in queries().values()
    ]
    elsewhere = [
        {"name": name, "title": entry.title, "reason": entry.reason, "instead": entry.remedy}
        for name, entry in NOT_IN_CYPHER.items()
    ]
    if show({"ok": True, "rows": rows, "not_in_cypher": elsewhere}, as_json=as_json):
        return
    listed = [
        [row["name"], f"{row['title']}: {row['question']}", _given(row["parameters"])]
        for row in rows
    ]
    table(["name", "question", "parameters"], listed)
    say("Not in Cypher:")
    for entry in elsewhere:
        say(f"  {entry['name']}: {entry['reason']}; use: {entry['instead']}")


def _given(parameters: dict[str, Any]) -> str:
    return " ".join(f"{k}={v if v != '' else chr(34) * 2}" for k, v in parameters.items())


def _text(query: str) -> str:
    """Return the query, read from a file when it names one."""
    if not query.endswith(".cypher"):
        return query
    try:
        return Path(query).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot read the query", value=query) from error
