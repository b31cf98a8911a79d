"""``workbench sources``."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import say, show, table

app = typer.Typer(help="What was loaded into a study; undo one file.", no_args_is_help=True)
_COLUMNS = (
    "source_id", "path", "format", "bytes", "records_read", "records_ok", "records_rejected",
    "records_duplicate", "privacy", "loaded_at",
)  # fmt: skip


@app.command("list")
def list_(*, study: options.StudyDir, json: options.Json = False) -> None:
    """List the files that were loaded."""
    from workbench.studies.study import Study

    rows = Study.open(study).corpus().table("sources").select(_COLUMNS).to_pylist()
    if show({"ok": True, "rows": rows}, as_json=json):
        return
    shown = [{**row, "source_id": row["source_id"][:12]} for row in rows]
    table(_COLUMNS[:8], [[row[name] for name in _COLUMNS[:8]] for row in shown])


@app.command()
def drop(
    sha: Annotated[str, typer.Argument(help="Beginning of the source id.")],
    *,
    study: options.StudyDir,
    json: options.Json = False,
) -> None:
    """Undo the load of one file; push to the store again afterwards."""
    from workbench.model.parts import corpus_lock, drop_source
    from workbench.studies.study import Study

    opened = Study.open(study)
    with corpus_lock(opened.corpus_folder):
        before = opened.corpus()
        after = drop_source(before, sha)
    dropped = sorted(set(before.sources) - set(after.sources))
    if not show({"ok": True, "dropped": dropped, "sources": len(after.sources)}, as_json=json):
        say(f"Dropped {dropped[0][:12]}; {len(after.sources)} source(s) are left.")
