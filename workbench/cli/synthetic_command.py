"""``workbench synthetic``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import say, show

app = typer.Typer(help="Invented corpora with planted truth.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Invented corpora with planted truth."""


@app.command()
def make(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write.")],
    posts: Annotated[int, typer.Option(help="Number of distinct posts.")] = 5_000,
    seed: options.Seed = None,
    json: options.Json = False,
) -> None:
    """Make a diplomatic crisis as Twitter v2 pages, with the truth beside it."""
    from workbench import synthetic
    from workbench.progress import Progress

    with Progress(posts, "generate", "posts") as shown:
        manifest = synthetic.make(out, posts=posts, seed=seed, progress=shown.update)
    if show({"ok": True, "out": str(out), **manifest.to_dict()}, as_json=json):
        return
    say(f"{posts:,} posts in {out}; load them with: workbench load {out / 'posts'} --study DIR")
