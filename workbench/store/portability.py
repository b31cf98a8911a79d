"""Whether a query gives every store's users the same rows in the same order.

A query of the library passes here, and so can yours: ``faults(text)`` lists what stands against it.
The guard refuses what is wrong in any query; a library's query must also be spelled so that no
store answers it otherwise, and so that its rows have one order.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import QueryError
from workbench.store import guard
from workbench.store.patterns import (
    aggregates,
    closing,
    ends_of_clauses,
    listed,
    matches,
    only_shortest,
    projections,
    tables_of,
)
from workbench.store.schema import SUMS
from workbench.store.tokens import Token, brackets, is_property, parameters_of, place, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbench.store.library import Query

__all__ = ["RULES", "Fault", "check", "faults", "lint"]


@dataclass(frozen=True)
class Fault:
    """What stands against a query: the rule, what is wrong, line and column."""

    rule: str
    what: str
    where: str


_Found = tuple[int, str]

#: Functions with the same value in every store.
_PORTABLE = {
    "abs", "ceil", "coalesce", "count", "floor", "left", "length", "max", "min", "replace", "right",
    "size", "sqrt", "sum", "tolower", "toupper", "trim",
}  # fmt: skip
#: What a body for one store may use besides.
_OWN = {
    "ladybug": {"list_to_string", "nodes", "properties"},
    "neo4j": {"allshortestpaths", "nodes", "reduce", "shortestpath", "tail"},
}
_WHY = {
    "avg": "stores add in different orders: divide sum() by count()",
    "collect": "its order is the store's own",
}
_KEYWORDS = {
    "AND", "AS", "BY", "CASE", "DISTINCT", "ELSE", "EXISTS", "IN", "LIMIT", "MATCH", "NOT", "ON",
    "OR", "RETURN", "SKIP", "THEN", "UNWIND", "WHEN", "WHERE", "WITH", "XOR",
}  # fmt: skip
#: Words that a store does not take as a name.
_RESERVED = {
    "acyclic", "all", "and", "any", "asc", "case", "cast", "column", "create", "default", "desc",
    "distinct", "else", "end", "ends", "exists", "false", "glob", "group", "headers", "hint", "in",
    "index", "install", "macro", "none", "not", "null", "on", "optional", "options", "or", "order",
    "primary", "profile", "shortest", "single", "starts", "table", "then", "trail", "true", "union",
    "unwind", "when", "where", "with", "xor",
}  # fmt: skip


def faults(text: str, *, dialect: str = "both") -> list[Fault]:
    """Return what keeps a query from giving the same rows in the same order in every store.

    Parameters
    ----------
    text
        The Cypher.
    dialect
        ``both``, or the one store for which it is written: ``ladybug`` or ``neo4j``.
    """
    try:
        guard.check(text, dict.fromkeys(parameters_of(text), ""))
    except QueryError as error:
        return [Fault("guard", error.what, error.where or "")]
    pieces = tokens(text)
    return [
        Fault(name, what, place(text, pieces[min(at, len(pieces) - 1)].start))
        for name, rule in RULES.items()
        for at, what in rule(pieces, dialect)
    ]


def lint(query: Query) -> list[Fault]:
    """Return what stands against a query of the library: its bodies, and what its header says."""
    found = []
    for dialect, text in query.bodies.items():
        found += faults(text, dialect=dialect)
        if not found:
            found += _against_header(query, text)
    return found


def check(query: Query) -> None:
    """Refuse a query of the library that is not portable.

    Raises
    ------
    QueryError
        With the first fault.
    """
    for fault in lint(query):
        raise QueryError(f"{query.name}: {fault.what}", where=fault.where, value=fault.rule)


def _against_header(query: Query, text: str) -> Iterator[Fault]:
    """Yield where a body and the header of its file disagree."""
    pieces = tokens(text)
    last = projections(pieces)[-1]
    where = place(text, pieces[last.start].start)
    declared, used = {p.name for p in query.parameters}, parameters_of(text)
    if declared != used:
        names = ", ".join(sorted(declared ^ used))
        yield Fault("header", f"declared and used parameters differ: {names}", where)
    returned = [_name(pieces, item) for item in last.items]
    if returned != list(query.columns):
        yield Fault("header", f"columns differ: {', '.join(map(str, returned))}", where)
    ordered = {_plain_key(pieces, key) for key in _keys(pieces, last.end)}
    missing = [name for name in query.key if name not in ordered]
    if missing:
        yield Fault("header", f"rows are not ordered by their key: {', '.join(missing)}", where)


# -- rules ---------------------------------------------------------------------------------------


def _functions(pieces: list[Token], dialect: str) -> Iterator[_Found]:
    """Only functions that both stores have with the same meaning."""
    allowed = _PORTABLE | _OWN.get(dialect, set())
    for i, token in enumerate(pieces[:-1]):
        name = token.text.casefold()
        called = token.kind == "word" and pieces[i + 1].text == "(" and not is_property(pieces, i)
        if called and token.text.upper() not in _KEYWORDS and name not in allowed:
            yield i, f"{name}() is not portable{': ' + _WHY[name] if name in _WHY else ''}"
        if token.text == "=~":
            yield i, "=~ is not portable: the stores read regular expressions differently"


def _aliases(pieces: list[Token], _dialect: str) -> Iterator[_Found]:
    """No alias that a store reserves, or that is a variable of a pattern as well."""
    variables = set(tables_of(pieces))
    for i, token in enumerate(pieces[:-1]):
        if token.text.upper() != "AS" or is_property(pieces, i):
            continue
        alias = pieces[i + 1].text
        if alias.casefold() in _RESERVED:
            yield i + 1, f"{alias} is a reserved word in one store"
        if alias in variables:
            yield i + 1, f"{alias} is a variable of a pattern already"
    for name in variables:
        if name.casefold() in _RESERVED:
            yield 0, f"{name} is a reserved word in one store"


def _cuts(pieces: list[Token], _dialect: str) -> Iterator[_Found]:
    """No aggregate over all rows of a WITH that was cut, and no cut without a total order."""
    found = projections(pieces)
    for one, following in itertools.pairwise(found):
        if one.end >= len(pieces):
            continue
        word = pieces[one.end].text.upper()
        if word in {"LIMIT", "SKIP"}:
            yield one.end, "rows are cut before they have an order"
        if word == "ORDER":
            named = {t.text for key in _keys(pieces, one.end) for t in pieces[slice(*key)]}
            for item in one.items:
                name = _name(pieces, item)
                if name not in named:
                    yield one.end, f"rows are cut without an order by {name}"
        some = aggregates(pieces, following.start, following.end)
        if word in {"ORDER", "LIMIT", "SKIP"} and some and not following.grouped(pieces):
            yield some[0], "an aggregate over all rows behind a cut: add a grouping column"


def _sums(pieces: list[Token], _dialect: str) -> Iterator[_Found]:
    """No sum that may have no value: one store says null, the other 0."""
    found = projections(pieces)
    certain = _certain(pieces)
    for i in aggregates(pieces, 0, len(pieces)):
        if pieces[i].text.casefold() != "sum":
            continue
        inside = next((p for p in found if p.start < i < p.end), None)
        wrapped = i > 1 and [t.text.casefold() for t in pieces[i - 2 : i]] == ["coalesce", "("]
        if inside is not None and not inside.grouped(pieces) and not wrapped:
            yield i, "sum() of no rows differs: coalesce(sum(…), 0)"
        first = i + 2 + (pieces[i + 2].text.upper() == "DISTINCT")
        argument = [t.text for t in pieces[first : closing(pieces, i + 1)]]
        whole = argument[0].casefold() == "coalesce"
        chosen = argument[0].upper() == "CASE" and "ELSE" in [t.upper() for t in argument]
        if not (whole or chosen or wrapped or "".join(argument) in certain):
            yield i, "sum() of nulls differs: sum(coalesce(…, 0))"


def _certain(pieces: list[Token]) -> set[str]:
    """Return expressions that are never null: weights of sums, and aggregates that have a name."""
    made = {
        f"{link.name}.{weight}"
        for match in matches(pieces)
        if pieces[match.start - 1].text.upper() != "OPTIONAL" or not match.start
        for link in match.links
        if link.types and link.types <= set(SUMS.values())
        for weight in ("weight", "weight_all")
    }
    for projection in projections(pieces):
        for item in projection.items:
            first = pieces[item[0]].text.casefold()
            if first in {"count", "sum"} and aggregates(pieces, item[0], item[0] + 1):
                made.add(str(_name(pieces, item)))
    return made


def _paths(pieces: list[Token], dialect: str) -> Iterator[_Found]:
    """Of a path of variable length only the shortest counts: a cycle makes one store count more."""
    for match in matches(pieces):
        for link in match.links:
            if link.star is None or "SHORTEST" in link.mode:
                continue
            outer = brackets(pieces, link.start)
            named = pieces[outer[-1] - 1].text.casefold() if outer else ""
            if dialect == "neo4j" and named in {"shortestpath", "allshortestpaths"}:
                continue
            if not only_shortest(pieces, match):
                yield link.start, "paths are counted: WITH ends, min(length(path)) AS steps"


def _order(pieces: list[Token], _dialect: str) -> Iterator[_Found]:
    """Rows in an order by returned columns, each with its direction, and a limit."""
    last = projections(pieces)[-1]
    if pieces[last.start].text.upper() != "RETURN":
        yield last.start, "a query ends with RETURN"
        return
    names = [_name(pieces, item) for item in last.items]
    if None in names:
        yield last.start, "every column needs a name: … AS name"
    tail = [t.text for t in pieces[-2:]]
    if [tail[0].upper(), tail[1]] != ["LIMIT", "$limit"]:
        yield len(pieces) - 1, "a query ends with LIMIT $limit"
    keys = _keys(pieces, last.end)
    if not keys:
        yield last.start, "rows have no order: ORDER BY"
    for key in keys:
        if pieces[key[1] - 1].text.upper() not in {"ASC", "DESC"}:
            yield key[0], "an order needs its direction: ASC or DESC"
        words = [t.text for t in pieces[slice(*key)]]
        named = words[2] if words[0].casefold() == "size" else words[0]
        if named not in names:
            yield key[0], f"rows are ordered by what is not returned: {named}"


#: Name → rule; each yields the piece where it finds something, and what.
RULES: dict[str, Callable[[list[Token], str], Iterator[_Found]]] = {
    "functions": _functions,
    "aliases": _aliases,
    "cuts": _cuts,
    "sums": _sums,
    "paths": _paths,
    "order": _order,
}


def _name(pieces: list[Token], item: tuple[int, int]) -> str | None:
    """Return the name that an item of a projection gets; None if it has none."""
    start, end = item
    if end - start == 1 and pieces[start].kind in {"word", "quoted"}:
        return pieces[start].text
    named = end - start > 2 and pieces[end - 2].text.upper() == "AS"
    return pieces[end - 1].text if named else None


def _keys(pieces: list[Token], at: int) -> list[tuple[int, int]]:
    """Return the pieces of each key of an ORDER BY that begins at a piece; none if none does."""
    if at >= len(pieces) or pieces[at].text.upper() != "ORDER":
        return []
    end = ends_of_clauses(pieces, at)
    return list(listed(pieces, at + 2, end))


def _plain_key(pieces: list[Token], key: tuple[int, int]) -> str:
    """Return the column that is a key by itself; nothing for an expression."""
    return pieces[key[0]].text if key[1] - key[0] == 2 else ""
