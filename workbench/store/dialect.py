"""A query as the embedded store must be given it, so that it answers as Neo4j does.

The two stores differ without an error in four things. What a query means is what Neo4j makes of it;
for the embedded store it is spelled so that it means the same there.
"""

from __future__ import annotations

from itertools import combinations

from workbench.store.patterns import (
    Match,
    aggregates,
    closing,
    matches,
    only_shortest,
    projections,
)
from workbench.store.tokens import Token, tokens

__all__ = ["spelled"]


def spelled(text: str) -> str:
    """Return the query with the meaning that Neo4j gives it, for the embedded store.

    - A relationship type that is a keyword there (``ON``) is quoted.
    - ``sum`` of no value is 0, ``collect`` of none an empty list, not null.
    - A path of variable length uses no relationship twice (``TRAIL``); where only the shortest
      counts, it is left alone, which is much faster.
    - Two relationships of one MATCH are never the same one.
    """
    pieces = tokens(text)
    edits: list[tuple[int, str]] = []
    drops: dict[int, int] = {}
    for i, token in enumerate(pieces):
        if token.text == "ON" and i and pieces[i - 1].text in {":", "|"}:
            drops[token.start] = token.start + 2
            edits.append((token.start, "`ON`"))
    edits += _of_nothing(pieces)
    for number, match in enumerate(matches(pieces)):
        edits += _trails(pieces, match, drops)
        edits += _different(pieces, match, f"_link{number}_")
    return _applied(text, edits, drops)


def _of_nothing(pieces: list[Token]) -> list[tuple[int, str]]:
    """Return what makes ``sum`` and ``collect`` of no value 0 and an empty list.

    A sum is only wrapped where nothing is grouped: the store aggregates a wrapped one no further.
    """
    alone = [p for p in projections(pieces) if not p.grouped(pieces)]
    made = []
    for i in aggregates(pieces, 0, len(pieces)):
        name, last = pieces[i].text.casefold(), pieces[closing(pieces, i + 1)]
        if name == "collect":
            made += [(pieces[i].start, "coalesce("), (last.start + 1, ", [])")]
        elif name == "sum":
            distinct = pieces[i + 2].text.upper() == "DISTINCT"
            made += [(pieces[i + 2 + distinct].start, "coalesce("), (last.start, ", 0)")]
            if any(p.start < i < p.end for p in alone):
                made += [(pieces[i].start, "coalesce("), (last.start + 1, ", 0)")]
    return made


def _trails(pieces: list[Token], match: Match, drops: dict[int, int]) -> list[tuple[int, str]]:
    """Return what makes paths of variable length use no relationship twice."""
    made = []
    for link in match.links:
        if link.star is None or link.mode or only_shortest(pieces, match):
            continue
        bounds = pieces[link.star + 1 : link.star + 4]
        texts = [t.text for t in bounds]
        if texts[:1] == [".."]:
            low, high, used = "1", texts[1], bounds[:2]
        elif texts[1:2] == [".."]:
            low, high, used = texts[0], texts[2], bounds[:3]
        else:
            low, high, used = texts[0], texts[0], bounds[:1]
        first = used[0].start
        drops[first] = used[-1].start + len(used[-1].text)
        made.append((first, f" TRAIL {low}..{high}"))
    return made


def _different(pieces: list[Token], match: Match, prefix: str) -> list[tuple[int, str]]:
    """Return what keeps two relationships of a pattern from being the same one."""
    names: dict[int, str] = {}
    made: list[tuple[int, str]] = []
    conditions = []
    for (i, one), (j, other) in combinations(enumerate(match.links), 2):
        if not one.shares_type(other) or one.star is not None or other.star is not None:
            continue
        for at, link in ((i, one), (j, other)):
            if at in names:
                continue
            names[at] = link.name or f"{prefix}{at}"
            if not link.name:
                bracket = pieces[link.start if link.bracket is None else link.bracket]
                inside = names[at] if link.bracket is not None else f"[{names[at]}]"
                made.append((bracket.start + len(bracket.text), inside))
        conditions.append(f"{names[i]} <> {names[j]}")
    if not conditions:
        return []
    told = " AND ".join(conditions)
    if match.where_end > match.end:
        where = pieces[match.end]
        made.append((where.start + len(where.text), f" {told} AND ("))
        last = pieces[match.where_end - 1]
        made.append((last.start + len(last.text), ")"))
    else:
        last = pieces[match.end - 1]
        made.append((last.start + len(last.text), f" WHERE {told}"))
    return made


def _applied(text: str, edits: list[tuple[int, str]], drops: dict[int, int]) -> str:
    made, last = [], 0
    for place, inserted in sorted(edits, key=lambda edit: edit[0]):
        made += [text[last:place], inserted]
        last = drops.get(place, place)
    return "".join([*made, text[last:]])
