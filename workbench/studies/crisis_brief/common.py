"""What the sections of the brief share: names of kinds, commands, and the posts behind a graph."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from workbench.studies.claims import Amount
from workbench.studies.crisis_brief.acts import posts_behind
from workbench.studies.curated import Behind, Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from workbench.studies.crisis_brief.acts import Acts
    from workbench.studies.crisis_brief.world import World

__all__ = ["KIND_NAMES", "behind_all", "behind_camps", "behind_graph", "behind_kinds", "column",
           "command", "graph_commands", "kind_cell", "records", "share"]  # fmt: skip

#: What the commands call the file of the camps, which they write.
_CAMPS_FILE = "camps.csv"

#: Plural of each kind of act.
KIND_NAMES = {
    "retweet": {"en": "retweets", "fr": "retweets"},
    "quote": {"en": "quotes", "fr": "citations"},
    "reply": {"en": "replies", "fr": "réponses"},
    "mention": {"en": "mentions", "fr": "mentions"},
}


def records(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a table as named tuples."""
    return list(frame.itertuples(index=False))


def share(value: float | None) -> Amount:
    """Return a share, written in per cent with one digit."""
    return Amount(value, "share", 1)


def kind_cell(kind: str) -> dict[str, str]:
    """Return the name of a kind of act as a cell of a table."""
    return KIND_NAMES[kind]


def column(name: str, unit: str, en: str, fr: str, /, *, digits: int = 3) -> Column:
    """Return a column with its headings."""
    return Column(name, unit, {"en": en, "fr": fr}, digits)


def command(world: World, words: str, **options: object) -> str:
    """Return the command that opens what is behind a figure or table of this study."""
    told = [f"workbench {words} --study {shlex.quote(world.subject.folder)}"]
    told += [
        f"--{name.replace('_', '-')} {shlex.quote(str(value))}" for name, value in options.items()
    ]
    return " ".join(told)


def graph_commands(world: World, kinds: Iterable[str]) -> str:
    """Return the commands that build some graphs, a line each."""
    return "\n".join(command(world, f"graph {kind}") for kind in kinds)


def behind_all(world: World, typed: str) -> Behind:
    """Return all posts of the data."""
    found = world.described
    return Behind(found.posts or None, found.first_ms, found.last_ms, typed)


def behind_graph(world: World, kind: str, typed: str) -> Behind:
    """Return the posts that made the acts of a graph."""
    acts = world.acts[kind]
    return Behind(acts.posts or None, acts.first_ms, acts.last_ms, typed)


def behind_camps(world: World, kinds: Iterable[str], typed: str = "") -> Behind:
    """Return the posts that made the acts between accounts of the camps, each once.

    Parameters
    ----------
    typed
        The command; empty for those that find the camps, and hold each kind of act against them.
    """
    kinds = list(kinds)
    acts = [world.between[kind] for kind in kinds]
    posts = (
        acts[0].posts if len(acts) == 1
        else posts_behind(world.subject.corpus, kinds, among=world.sided)
    )  # fmt: skip
    return Behind(posts or None, *_dates(acts), typed or _camps_commands(world, kinds))


def _camps_commands(world: World, kinds: list[str]) -> str:
    """Return the commands that count the acts of each camp upon itself and the other."""
    found = command(world, "polarisation --split leiden --null none", measure="ei_index",
                    seed=world.config.seed)  # fmt: skip
    others = [
        command(world, f"polarisation --sides {_CAMPS_FILE} --null none", kind=kind,
                measure="ei_index", choice="component=all")
        for kind in kinds if kind != "retweet"
    ]  # fmt: skip
    return "\n".join([f"{found} --bubbles {_CAMPS_FILE}" if others else found, *others])


def _dates(acts: Iterable[Acts]) -> tuple[int | None, int | None]:
    """Return the first and the last time of several acts."""
    acts = list(acts)
    firsts = [one.first_ms for one in acts if one.first_ms is not None]
    lasts = [one.last_ms for one in acts if one.last_ms is not None]
    return min(firsts, default=None), max(lasts, default=None)


def behind_kinds(world: World, kinds: Iterable[str]) -> Behind:
    """Return the posts that made the acts of several graphs, each once."""
    kinds = list(kinds)
    return Behind(posts_behind(world.subject.corpus, kinds) or None,
                  *_dates(world.acts[kind] for kind in kinds),
                  graph_commands(world, kinds))  # fmt: skip
