"""The patterns of a query: its MATCH clauses and the relationships in them."""

from __future__ import annotations

from typing import NamedTuple

from workbench.store.schema import NODES, RELATIONSHIPS
from workbench.store.tokens import Token, brackets, is_property

__all__ = [
    "AGGREGATES",
    "CLAUSES",
    "MODES",
    "Link",
    "Match",
    "Projection",
    "aggregates",
    "closing",
    "ends_of_clauses",
    "listed",
    "matches",
    "only_shortest",
    "projections",
    "stray_chains",
    "tables_of",
]

#: Words that begin a clause, or a part of one.
CLAUSES = {
    "MATCH", "OPTIONAL", "WHERE", "WITH", "RETURN", "UNWIND", "ORDER", "SKIP", "LIMIT", "UNION",
    "CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "FOREACH",
}  # fmt: skip
AGGREGATES = {"count", "sum", "avg", "min", "max", "collect"}
_OPEN, _CLOSE = {"(", "[", "{"}, {")", "]", "}"}
#: Words that the embedded store has between the star and the bounds of a path.
MODES = {"ALL", "SHORTEST", "TRAIL", "ACYCLIC", "WSHORTEST"}


class Link(NamedTuple):
    """A relationship of a pattern.

    ``start`` and ``end`` are its first and last piece, ``bracket`` that of its ``[`` (None where it
    has none), ``types`` is empty where it takes any, ``star`` is the piece of a variable length's
    star, ``mode`` how the embedded store is told to walk it.
    """

    start: int
    end: int
    bracket: int | None
    name: str
    types: frozenset[str]
    directed: bool
    star: int | None
    mode: str

    def shares_type(self, other: Link) -> bool:
        """Return whether one relationship could be both."""
        return not self.types or not other.types or bool(self.types & other.types)

    @property
    def loops(self) -> bool:
        """Whether such a relationship can lead from a node to itself."""
        kinds = [RELATIONSHIPS[t] for t in self.types if t in RELATIONSHIPS]
        return not self.types or any(kind.source == kind.target for kind in kinds)


class Match(NamedTuple):
    """A MATCH: its word, the first piece behind its pattern, the end of its WHERE, its parts."""

    start: int
    end: int
    where_end: int
    links: tuple[Link, ...]
    paths: tuple[str, ...]


class Projection(NamedTuple):
    """A WITH or RETURN: its word, the first piece behind its items, and the pieces of each item."""

    start: int
    end: int
    items: tuple[tuple[int, int], ...]

    def grouped(self, pieces: list[Token]) -> bool:
        """Return whether an item has no aggregate, so that rows are grouped by it."""
        return any(not aggregates(pieces, *item) for item in self.items)


def aggregates(pieces: list[Token], start: int, end: int) -> list[int]:
    """Return the pieces of a stretch that name an aggregate which is called there."""
    return [
        i
        for i in range(start, end)
        if pieces[i].kind == "word"
        and pieces[i].text.casefold() in AGGREGATES
        and i + 1 < len(pieces)
        and pieces[i + 1].text == "("
        and not is_property(pieces, i)
    ]


def projections(pieces: list[Token]) -> list[Projection]:
    """Return every WITH and RETURN of a query."""
    found = []
    for i, token in enumerate(pieces):
        if token.kind != "word" or token.text.upper() not in {"WITH", "RETURN"}:
            continue
        if is_property(pieces, i) or (i and pieces[i - 1].text.upper() in {"STARTS", "ENDS", "AS"}):
            continue
        end = ends_of_clauses(pieces, i)
        first = i + 1 + (end > i + 1 and pieces[i + 1].text.upper() == "DISTINCT")
        found.append(Projection(i, end, listed(pieces, first, end)))
    return found


def listed(pieces: list[Token], start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return first and last piece of each item between commas."""
    items, depth = [], 0
    for at in range(start, end):
        depth += (pieces[at].text in _OPEN) - (pieces[at].text in _CLOSE)
        if not depth and pieces[at].text == ",":
            items.append((start, at))
            start = at + 1
    return (*items, (start, end))


def closing(pieces: list[Token], start: int) -> int:
    """Return the piece that closes the bracket at `start`; the last one if none does."""
    depth = 0
    for i in range(start, len(pieces)):
        depth += (pieces[i].text in _OPEN) - (pieces[i].text in _CLOSE)
        if not depth:
            return i
    return len(pieces) - 1


def ends_of_clauses(pieces: list[Token], start: int, words: set[str] = CLAUSES) -> int:
    """Return the first piece behind `start` where another clause of the same depth begins.

    That is also where the braces end in which the clause stands, or the query.
    """
    depth = 0
    for i in range(start + 1, len(pieces)):
        text = pieces[i].text
        depth += (text in _OPEN) - (text in _CLOSE)
        if depth < 0 or text == ";":
            return i
        word = pieces[i].kind == "word" and not is_property(pieces, i)
        # STARTS WITH and ENDS WITH are no clauses.
        compares = text.upper() == "WITH" and pieces[i - 1].text.upper() in {"STARTS", "ENDS"}
        if not depth and word and text.upper() in words and not compares:
            return i
    return len(pieces)


def matches(pieces: list[Token]) -> list[Match]:
    """Return the MATCH clauses of a query, those within braces too."""
    found = []
    for i, token in enumerate(pieces):
        if token.kind != "word" or token.text.upper() != "MATCH" or is_property(pieces, i):
            continue
        if i and pieces[i - 1].text in {":", "|"}:
            continue
        end = ends_of_clauses(pieces, i)
        has_where = end < len(pieces) and pieces[end].text.upper() == "WHERE"
        where_end = ends_of_clauses(pieces, end) if has_where else end
        links = tuple(link for at in range(i, end) if (link := _link(pieces, at, end)))
        paths = tuple(
            pieces[at - 1].text
            for at in range(i + 1, end)
            if pieces[at].text == "=" and pieces[at - 1].kind == "word"
            and len(brackets(pieces, at)) == len(brackets(pieces, i))
        )  # fmt: skip
        found.append(Match(i, end, where_end, links, paths))
    return found


def stray_chains(pieces: list[Token]) -> list[int]:
    """Return where a pattern of two or more relationships stands outside every MATCH."""
    within = {at for match in matches(pieces) for at in range(match.start, match.end)}
    found = []
    for at in range(len(pieces)):
        if at in within:
            continue
        link = _link(pieces, at, len(pieces))
        if link is None or link.end + 1 >= len(pieces) or pieces[link.end + 1].text != "(":
            continue
        behind = closing(pieces, link.end + 1) + 1
        if behind < len(pieces) and _link(pieces, behind, len(pieces)) is not None:
            found.append(at)
    return found


def tables_of(pieces: list[Token]) -> dict[str, set[str]]:
    """Return the labels or types that each variable of the patterns may have; all if it says none.

    A variable without a label in one place may have one in another.
    """
    found: dict[str, set[str]] = {}
    links = {link.bracket: link for match in matches(pieces) for link in match.links}
    for link in links.values():
        if link.name and link.name != "_":
            found.setdefault(link.name, set()).update(link.types or RELATIONSHIPS)
    for match in matches(pieces):
        for at in range(match.start, match.end):
            if pieces[at].text != "(" or (pieces[at - 1].kind == "word" and at > match.start + 1):
                continue
            if pieces[at + 1].kind not in {"word", "quoted"}:
                continue
            name, labels = pieces[at + 1].text, set(_names(pieces, at + 2))
            if labels:
                found.setdefault(name, set()).update(labels)
            else:
                found.setdefault(name, set())
    return {name: tables or set(NODES) for name, tables in found.items()}


def only_shortest(pieces: list[Token], match: Match) -> bool:
    """Return whether only the shortest way of a path counts, so that walks may be longer.

    So it is where the next WITH or RETURN takes ``min(length(path))``, or only distinct ends of it;
    a shortest walk uses no relationship twice.
    """
    after = match.where_end
    while after < len(pieces) and pieces[after].text.upper() in {"OPTIONAL", "MATCH"}:
        after = ends_of_clauses(pieces, after)
    if after >= len(pieces) or pieces[after].text.upper() not in {"WITH", "RETURN"}:
        return False
    names = {*match.paths, *(link.name for link in match.links if link.star is not None)} - {""}
    end = ends_of_clauses(pieces, after)
    used = [i for i in range(match.end, len(pieces)) if pieces[i].text in names]
    inside = [i for i in used if after < i < end]
    calls = {pieces[i].text.casefold() for i in aggregates(pieces, after, end)}
    if not inside:
        distinct = pieces[after + 1].text.upper() == "DISTINCT"
        return not used and distinct and not calls
    shortest = [
        [t.text.casefold() for t in pieces[i - 4 : i + 1]][:4] == ["min", "(", "length", "("]
        for i in inside
    ]
    return used == inside and all(shortest) and calls == {"min"}


def _link(pieces: list[Token], at: int, end: int) -> Link | None:
    """Return the relationship that begins at a piece, if one does."""
    if pieces[at].text not in {"-", "<-"} or not at or pieces[at - 1].text != ")":
        return None
    if at + 1 >= end:
        return None
    if pieces[at + 1].text in {"-", "->"}:
        arrow = pieces[at].text == "<-" or pieces[at + 1].text == "->"
        return Link(at, at + 1, None, "", frozenset(), arrow, None, "")
    if pieces[at + 1].text != "[":
        return None
    last = closing(pieces, at + 1)
    if last + 1 >= end or pieces[last + 1].text not in {"-", "->"}:
        return None
    first = pieces[at + 2]
    named = first.kind in {"word", "quoted"}
    star = next((i for i in range(at + 2, last) if pieces[i].text == "*"), None)
    mode = ""
    if star is not None:
        said = [t.text.upper() for t in pieces[star + 1 : star + 3]]
        mode = " ".join(word for word in said if word in MODES)
    return Link(
        at, last + 1, at + 1, first.text if named else "",
        frozenset(_names(pieces, at + 2 + named)),
        pieces[at].text == "<-" or pieces[last + 1].text == "->", star, mode,
    )  # fmt: skip


def _names(pieces: list[Token], at: int) -> list[str]:
    """Return the labels or types that stand behind a colon at a piece."""
    found = []
    while at + 1 < len(pieces) and pieces[at].text in {":", "|"}:
        at += 1 + (pieces[at + 1].text == ":")
        found.append(pieces[at].text.strip("`"))
        at += 1
    return found
