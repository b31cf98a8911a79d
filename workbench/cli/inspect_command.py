"""``workbench inspect``."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import show, table


def inspect(
    files: Annotated[list[str], typer.Argument(help="Files, folders, globs or zip archives.")],
    *,
    json: options.Json = False,
) -> None:
    """Say what files are, from their beginning; nothing is loaded."""
    from workbench.loaders import inspect as look

    rows = look(files)
    if show({"ok": all(row["problem"] is None for row in rows), "rows": rows}, as_json=json):
        return
    names = ["path", "format", "certainty", "records", "rejected", "first", "last", "problem"]
    table(names, [[row.get(name) for name in names] for row in rows])
