"""What a query may be: read-only unless asked otherwise, and free of forms that lie.

Every query passes here, ours and a user's. Refused are writes in a read call, forms that the
embedded store answers wrongly, forms that Neo4j and the embedded store answer differently without
an error, names that the schema does not have, and parameters that are missing or left over.
"""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.errors import QueryError
from workbench.store.dialect import spelled
from workbench.store.names import property_uses
from workbench.store.patterns import AGGREGATES, CLAUSES, MODES, matches, stray_chains
from workbench.store.schema import NODES, RELATIONSHIPS, properties_of
from workbench.store.tokens import (
    Token,
    brackets,
    in_map,
    inside_relationship,
    is_property,
    parameters_of,
    place,
    tokens,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Token", "check", "check_unicode", "parameters_of", "spelled", "tokens"]

MAX_HOPS = 30
_WRITES = {"CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "FOREACH"}
#: Never for a user's query, with `write` or without: they reach files, other databases or schema.
_NEVER = {
    "ALTER", "ATTACH", "BEGIN", "CALL", "CHECKPOINT", "COMMENT", "COMMIT", "COPY", "DROP", "EXPORT",
    "EXTENSION", "IMPORT", "INSTALL", "LOAD", "MACRO", "ROLLBACK", "UNINSTALL", "USE",
}  # fmt: skip
#: Functions that the stores answer differently without an error, and what to do instead.
_DIFFERENT = {
    "log": "it is natural in one store and base 10 in the other: compute it in Python",
    "labels": "it is a list in one store and a text in the other: name the label in the pattern",
    "id": "it differs between stores: use the key property",
    "elementid": "it differs between stores: use the key property",
    "substring": "it counts from 0 in one store and from 1 in the other: cut texts in Python",
    "percentilecont": "only one store has it: compute it in Python",
    "stdev": "only one store has it: compute it in Python",
    "stdevp": "only one store has it: compute it in Python",
}
#: Words behind which a bracket opens a list.
_BEFORE_LIST = {
    "AND", "AS", "ELSE", "IN", "NOT", "OR", "RETURN", "THEN", "UNWIND", "WHEN", "WHERE", "WITH",
}  # fmt: skip
#: Words behind which a round bracket opens a node; behind others it is a function's.
_BEFORE_PATTERN = {"MATCH", "CREATE", "MERGE", "WHERE", "AND", "OR", "XOR", "NOT", "EXISTS"}


def check(text: str, parameters: Mapping[str, object], *, write: bool = False) -> None:
    """Refuse a query that must not run, or whose answer could not be trusted.

    Raises
    ------
    QueryError
        With the place, what is allowed and how to write it instead.
    """
    check_unicode([text, parameters])
    if "\0" in text:
        raise QueryError("a null character in the query", remedy="pass it as a parameter")
    pieces = tokens(text)
    if not any(token.kind == "word" for token in pieces):
        raise QueryError("the query is empty")
    _check_clauses(text, pieces, write=write)
    _check_parameters(text, pieces, parameters)
    _check_functions(text, pieces)
    _check_lists(text, pieces)
    _check_paths(text, pieces)
    _check_links(text, pieces)
    _check_aggregates(text, pieces)
    for token, known in property_uses(pieces):
        _require(token.text.strip("`"), known, text, token, what="property")
    _check_names(text, pieces)


def check_unicode(value: object) -> None:
    """Refuse texts, and texts in lists and maps, that no store can keep as they are.

    Raises
    ------
    QueryError
        A text has half a character (a lone surrogate), or the name of an entry a null character.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise QueryError(
                "a text has half a character, which is no Unicode",
                value=ascii(value[max(0, error.start - 20) : error.end + 20]),
                remedy="take it out, or give the whole character",
            ) from error
    elif isinstance(value, Mapping):
        if any(isinstance(key, str) and "\0" in key for key in value):
            raise QueryError("a null character in the name of an entry")
        check_unicode([*value, *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for entry in value:
            check_unicode(entry)


def _check_clauses(text: str, pieces: list[Token], *, write: bool) -> None:
    for i, token in enumerate(pieces):
        if token.kind != "word" or is_property(pieces, i):
            continue
        word = token.text.upper()
        if word in _NEVER and _starts_clause(pieces, i):
            raise QueryError(
                f"{word} is not for queries", where=place(text, token.start),
                allowed="MATCH … RETURN …, and with write CREATE, MERGE, SET, DELETE, REMOVE",
            )  # fmt: skip
        if word in _WRITES and not write and _starts_clause(pieces, i):
            raise QueryError(
                f"this query writes ({word}), and queries read",
                where=place(text, token.start),
                remedy="allow it with --write (write=True)",
            )
    if sum(token.text == ";" for token in pieces[:-1]):
        raise QueryError("one query at a time", value=";", remedy="split it at the semicolon")


def _starts_clause(pieces: list[Token], i: int) -> bool:
    """Return whether the word can be a keyword here: it names no variable, label or alias."""
    before = pieces[i - 1].text if i else ""
    after = pieces[i + 1].text if i + 1 < len(pieces) else ""
    if before in {":", "|", "."} or before.upper() == "AS":
        return False
    return not (before in {"(", "[", ","} and after in {":", ")", "]", ",", "."})


def _check_parameters(text: str, pieces: list[Token], given: Mapping[str, object]) -> None:
    used = {token.text[1:]: token.start for token in pieces if token.kind == "parameter"}
    missing = sorted(set(used) - set(given))
    if missing:
        raise QueryError(
            "a parameter has no value",
            value=f"${missing[0]}",
            where=place(text, used[missing[0]]),
            remedy=f"--param {missing[0]}=…{_nearest(missing[0], given)}",
        )
    surplus = sorted(set(given) - set(used))
    if surplus:
        raise QueryError(
            "the query has no such parameter",
            value=surplus[0],
            allowed=", ".join(sorted(used)) or "none",
        )


def _check_functions(text: str, pieces: list[Token]) -> None:
    for i, token in enumerate(pieces[:-1]):
        name = token.text.casefold()
        if (
            token.kind == "word"
            and pieces[i + 1].text == "("
            and name in _DIFFERENT
            and not is_property(pieces, i)
        ):
            raise QueryError(
                f"{name}() is refused: {_DIFFERENT[name]}", where=place(text, token.start)
            )


def _check_lists(text: str, pieces: list[Token]) -> None:
    """Refuse indexing and slicing, where stores count from 0 or from 1, and unknown members."""
    for i, token in enumerate(pieces):
        if token.text.upper() == "NULL" and token.kind == "word" and _is_member(pieces, i):
            raise QueryError(
                "null in a list is refused: one store calls what is not in it unknown, the other "
                "false",
                where=place(text, token.start),
                remedy="ask IS NULL",
            )
        if token.text != "[" or not i:
            continue
        before = pieces[i - 1]
        keyword = before.kind == "word" and before.text.upper() in _BEFORE_LIST
        value = before.kind in {"word", "parameter", "quoted"} and not keyword
        if value or before.text in {")", "]"}:
            raise QueryError(
                "list positions are refused: one store counts from 0, the other from 1",
                where=place(text, token.start),
                remedy="use head(), last(), or UNWIND",
            )


def _is_member(pieces: list[Token], i: int) -> bool:
    stack = brackets(pieces, i)
    return bool(stack) and pieces[stack[-1]].text == "[" and pieces[i - 1].text in {"[", ","}


def _check_paths(text: str, pieces: list[Token]) -> None:
    """Refuse paths without a bound, or with one beyond what every store walks."""
    for i, token in enumerate(pieces):
        if token.text != "*" or not inside_relationship(pieces, i):
            continue
        first = i + 1
        while first < len(pieces) and pieces[first].text.upper() in MODES:
            first += 1
        bounds = [t.text for t in pieces[first : first + 3]]
        upper = None
        if bounds[:1] and bounds[0].isdigit():
            upper = bounds[2] if bounds[1:2] == [".."] and bounds[2:3] else bounds[0]
        elif bounds[:1] == [".."] and bounds[1:2]:
            upper = bounds[1]
        if bounds[:2] == ["0", ".."]:
            raise QueryError(
                "a path of no step is refused: the embedded store counts such paths wrongly",
                value="*" + "".join(bounds),
                where=place(text, token.start),
                allowed=f"*1..{MAX_HOPS} at most",
            )
        if upper is None or not upper.isdigit() or int(upper) > MAX_HOPS:
            raise QueryError(
                "a path needs an upper bound",
                value="*" + "".join(bounds[:3]),
                where=place(text, token.start),
                allowed=f"*1..{MAX_HOPS} at most",
            )


def _check_links(text: str, pieces: list[Token]) -> None:
    """Refuse patterns that the stores match differently and that cannot be spelled alike."""
    said = "name what is returned"
    for match in matches(pieces):
        for i, link in enumerate(match.links):
            where = place(text, pieces[link.start].start)
            if not link.directed and link.loops:
                raise QueryError(
                    "a relationship without a direction is refused: one store counts loops twice",
                    where=where,
                    remedy="give it one: -[…]-> or <-[…]-",
                )
            for other in match.links[:i]:
                alike = link.shares_type(other)
                if alike and (link.star is not None or other.star is not None):
                    raise QueryError(
                        "a path beside another relationship of its type is refused: the stores "
                        "differ in whether both may use one relationship",
                        where=where,
                        remedy="put it in a MATCH of its own",
                    )
                if alike and not (link.name and other.name) and _returns_all(pieces):
                    raise QueryError("* is refused beside this pattern", where=where, remedy=said)
    for at in stray_chains(pieces):
        raise QueryError(
            "a pattern of several relationships belongs in a MATCH",
            where=place(text, pieces[at].start),
            remedy="EXISTS { MATCH … }",
        )


def _returns_all(pieces: list[Token]) -> bool:
    pairs = itertools.pairwise(pieces)
    return any(a.text.upper() in {"WITH", "RETURN", "DISTINCT"} and b.text == "*" for a, b in pairs)


def _check_aggregates(text: str, pieces: list[Token]) -> None:
    """Refuse a DISTINCT aggregate before a plain one in one RETURN or WITH.

    The embedded store then answers null or 0 for the second one.
    """
    distinct: Token | None = None
    for i, token in enumerate(pieces):
        word = token.text.upper()
        if token.kind == "word" and word in CLAUSES and not is_property(pieces, i):
            distinct = None
        name = token.text.casefold()
        if token.kind != "word" or name not in AGGREGATES or is_property(pieces, i):
            continue
        if [t.text for t in pieces[i + 1 : i + 2]] != ["("]:
            continue
        if pieces[i + 2].text.upper() == "DISTINCT":
            distinct = distinct or token
        elif distinct is not None:
            raise QueryError(
                "a plain aggregate after a DISTINCT one is answered wrongly by the embedded store",
                where=place(text, token.start),
                remedy=f"write {name}(…) before {distinct.text}(DISTINCT …)",
            )


def _check_names(text: str, pieces: list[Token]) -> None:
    """Refuse labels, relationship types and properties that the schema does not have."""
    tables = [*NODES, *RELATIONSHIPS]
    properties = {name for table in tables for name in properties_of(table)}
    for i, token in enumerate(pieces):
        if token.kind not in {"word", "quoted"} or not i:
            continue
        name, before = token.text.strip("`"), pieces[i - 1].text
        if before == ":" or (before == "|" and _is_alternative(pieces, i)):
            if in_map(pieces, i):
                continue
            inside = inside_relationship(pieces, i)
            _require(name, RELATIONSHIPS if inside else NODES, text, token,
                     what="relationship type" if inside else "label")  # fmt: skip
        elif before == "." and (
            pieces[i - 2].kind in {"word", "quoted"} or pieces[i - 2].text in {"{", ","}
        ):
            _require(name, properties, text, token, what="property")
        elif [t.text for t in pieces[i + 1 : i + 2]] == [":"] and _is_key(pieces, i):
            # Many studies in one database: each relationship says whose it is.
            _require(name, properties | {"study"}, text, token, what="property")


def _require(name: str, known: Iterable[str], text: str, token: Token, *, what: str) -> None:
    if name not in set(known):
        raise QueryError(
            f"no such {what}",
            value=name,
            where=place(text, token.start),
            remedy=f"see docs/schema.md{_nearest(name, known)}",
        )


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"; did you mean {', '.join(close)}?" if close else ""


def _is_alternative(pieces: list[Token], i: int) -> bool:
    """Return whether piece `i` is one of several names: ``:A|B``, and not ``[x IN xs | x.y]``."""
    while i > 1 and pieces[i - 1].text == "|":
        i -= 2
    return pieces[i - 1].text == ":"


def _is_key(pieces: list[Token], i: int) -> bool:
    """Return whether piece `i` names a property in the map of a pattern, or in one that is set."""
    stack = brackets(pieces, i)
    if not stack or pieces[stack[-1]].text != "{":
        return False
    if pieces[stack[-1] - 1].text == "=":
        return True
    around = stack[-2] if len(stack) > 1 else 0
    before = pieces[around - 1]
    if pieces[around].text == "[":
        return before.text in {"-", "<-"}
    called = before.kind in {"word", "quoted"} and before.text.upper() not in _BEFORE_PATTERN
    return pieces[around].text == "(" and not called
