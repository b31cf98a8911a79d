"""``workbench merge``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import say, show
from workbench.errors import UsageError


def merge(
    *,
    study: Annotated[list[Path], typer.Option("--study", help="A study; repeat for several.")],
    into: Annotated[Path, typer.Option("--into", help="Study to make or to extend.")],
    json: options.Json = False,
) -> None:
    """Join the corpora of studies; a file that several have loaded counts once."""
    from workbench.loaders.counts import report_counts
    from workbench.model.parts import corpus_lock, merge_corpora
    from workbench.studies.erasing import carry_over
    from workbench.studies.study import Study

    opened = [Study.open(folder) for folder in study]
    modes = sorted({one.privacy for one in opened})
    if len(modes) > 1:
        raise UsageError(
            "these studies treat their data differently",
            value=" and ".join(modes),
            remedy="load the sources anew into one study",
        )
    if modes == ["pseudonymous"] and len({one.id for one in opened}) > 1:
        raise UsageError(
            "pseudonyms of different studies have different keys, so nobody would be the same",
            remedy="load the sources anew into one study",
        )
    target = Study.create(into, privacy=modes[0])
    with corpus_lock(target.corpus_folder):
        merge_corpora([one.corpus() for one in opened], into=target.corpus_folder)
        carry_over([one.corpus_folder for one in opened], target.corpus_folder)
        merged = target.corpus()
    result = {"ok": True, "into": str(into), "sources": len(merged.sources)}
    if not show({**result, "posts": report_counts(merged)["posts"]}, as_json=json):
        say(f"{len(merged.sources)} source(s) in {into}.")
