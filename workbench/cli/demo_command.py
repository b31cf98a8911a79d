"""``workbench demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import say, show


def demo(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("demo"),
    posts: Annotated[
        int | None, typer.Option(help="Generate a crisis of this size instead of the bundled one.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 1815,
    json: options.Json = False,
) -> None:
    """Walk an invented crisis through everything, offline, to a page that explains itself."""
    import matplotlib as mpl

    mpl.use("Agg")
    from workbench.studies.demo import run

    result = run(out, posts=posts, seed=seed)
    outputs = sorted([*result.manifest["outputs"], "manifest.json"])
    if show(
        {
            "ok": True,
            "out": str(out),
            "outputs": outputs,
            "findings": result.findings,
            "seconds": sum(result.manifest["timings"].values()),
            "peak_mb": result.manifest["peak_mb"],
        },
        as_json=json,
    ):
        return
    for finding in result.findings:
        say(f"• {finding}")
    say()
    say(f"Open {out / 'index.html'}; how it was made is in {out / 'manifest.json'}.")
    say(f"Go on with: workbench graph retweet --study {out / 'study'}")
