"""``workbench describe``."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import options
from workbench.cli.output import say, show, table, tell_words


def describe(
    *,
    study: options.StudyDir,
    top: Annotated[int, typer.Option(help="Accounts, hashtags and domains listed.", min=0)] = 10,
    words: options.Words = None,
    json: options.Json = False,
) -> None:
    """Say what is in the study: posts a day, kinds, languages, the most active, the gaps."""
    from workbench.graphs import describe as look
    from workbench.studies.study import Study

    found = look(Study.open(study).corpus(), top=top)
    content = found.to_dict() | options.words(words, found)
    if show(content, as_json=json):
        return
    span = f"{content['first']} to {content['last']}"
    say(f"{found.posts:,} posts by {found.authors:,} authors, {span}")
    total = max(found.posts, 1)
    table(["kind", "posts", "share"], [[k, n, n / total] for k, n in found.kinds.items()])
    table(["act", "how many"], list(found.acts.items()))
    table(["language", "posts", "share"], [[k, n, n / total] for k, n in found.languages.items()])
    for name, frame in (
        ("Most active accounts", found.accounts),
        ("Most used hashtags (authored)", found.hashtags),
        ("Most linked domains (authored)", found.domains),
        ("Days without a post", found.gaps),
    ):
        if len(frame):
            table(list(frame.columns), frame.to_numpy().tolist(), title=name)
    tell_words(content)
