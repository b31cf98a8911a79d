"""``workbench demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import note, say, show


def demo(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("demo"),
    posts: Annotated[
        int | None, typer.Option(help="Generate a crisis of this size instead of the bundled one.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 1815,
    json: options.Json = False,
) -> None:
    """Walk an invented crisis through everything, offline, to a brief in English and French."""
    import matplotlib as mpl

    mpl.use("Agg")
    from workbench.studies import pandoc
    from workbench.studies.demo import run
    from workbench.studies.running import available_formats

    result = run(out, posts=posts, seed=seed)
    manifest = result.manifest
    if "pdf" not in available_formats():
        note(f"no PDF: {pandoc.REMEDY}")
    if show(
        {
            "ok": True,
            "rows": [{"finding": finding} for finding in result.findings],
            "out": str(out),
            "outputs": list(result.brief.outputs),
            "findings": result.findings,
            "counts": result.counts,
            "seconds": sum(manifest["timings"].values()),
            "peak_mb": manifest["peak_mb"],
        },
        as_json=json,
    ):
        return
    for finding in result.findings:
        say(f"• {finding}")
    say()
    papers = [name for name in result.brief.outputs if name.startswith(("index.fr", "paper"))]
    say(f"Open {out / 'index.html'}; in {out} are also {', '.join(papers)}, figures and "
        f"tables; how they were made is in {out / 'manifest.json'}.")  # fmt: skip
    say(f"Go on with: workbench graph retweet --study {out / 'study'}")
    say(f"Ask the graph: workbench cypher --study {out / 'study'} "
        "--name influence/most_amplified_accounts")  # fmt: skip
