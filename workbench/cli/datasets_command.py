"""``workbench datasets``."""

from __future__ import annotations

from typing import Any

import typer

from workbench.cli import options
from workbench.cli.output import show, table

app = typer.Typer(help="The datasets that come with the workbench.", no_args_is_help=True)


@app.command("list")
def list_(*, json: options.Json = False) -> None:
    """List the datasets with their size and licence."""
    from workbench.resources import dataset_cards

    rows = [
        {
            "name": name,
            "title": card["title"],
            "licence": card["license"],
            "files": len(card["files"]),
        }
        for name, card in dataset_cards().items()
    ]
    if not show({"ok": True, "rows": rows}, as_json=json):
        table(["name", "title", "licence", "files"], [list(row.values()) for row in rows])


@app.command()
def verify(*, json: options.Json = False) -> None:
    """Compare every file with the checksum on its card."""
    from workbench.resources import verify_datasets

    rows: list[dict[str, Any]] = verify_datasets()
    good = all(row["ok"] for row in rows)
    if not show({"ok": good, "rows": rows}, as_json=json):
        table(["dataset", "file", "ok"], [[r["dataset"], r["file"], r["ok"]] for r in rows])
    if not good:
        raise typer.Exit(3)
