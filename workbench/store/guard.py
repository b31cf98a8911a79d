"""What a query may be: read-only unless asked otherwise, and free of forms that lie.

Every query passes here, ours and a user's. Refused are writes in a read call, forms that the
embedded store answers wrongly, forms that Neo4j and the embedded store answer differently without
an error, names that the schema does not have, and parameters that are missing or left over.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import QueryError
from workbench.store.schema import NODES, RELATIONSHIPS, properties_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Token", "check", "parameters_of", "spelled", "tokens"]

MAX_HOPS = 30
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<quoted>`(?:[^`]|``)*`)
      | (?P<parameter>\$[A-Za-z_]\w*)
      | (?P<number>\d+(?:\.(?!\.)\d+)?(?:[eE][+-]?\d+)?)
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><>|<=|>=|=~|\.\.|->|<-|.)""",
    re.VERBOSE | re.DOTALL,
)
_WRITES = {"CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "FOREACH"}
#: Never for a user's query, with `write` or without: they reach files, other databases or schema.
_NEVER = {
    "ALTER", "ATTACH", "BEGIN", "CALL", "CHECKPOINT", "COMMENT", "COMMIT", "COPY", "DROP", "EXPORT",
    "EXTENSION", "IMPORT", "INSTALL", "LOAD", "MACRO", "ROLLBACK", "UNINSTALL", "USE",
}  # fmt: skip
_AGGREGATES = {"count", "sum", "avg", "min", "max", "collect"}
#: Functions that the stores answer differently without an error, and what to do instead.
_DIFFERENT = {
    "log": "it is natural in one store and base 10 in the other: compute it in Python",
    "labels": "it is a list in one store and a text in the other: name the label in the pattern",
    "id": "it differs between stores: use the key property",
    "elementid": "it differs between stores: use the key property",
    "substring": "it counts from 0 in one store and from 1 in the other: cut texts in Python",
    "percentilecont": "only one store has it: compute it in Python",
    "stdev": "only one store has it: compute it in Python",
}
#: Words behind which a bracket opens a list.
_BEFORE_LIST = {
    "AND", "AS", "ELSE", "IN", "NOT", "OR", "RETURN", "THEN", "UNWIND", "WHEN", "WHERE", "WITH",
}  # fmt: skip
_CLAUSES = {
    "MATCH", "OPTIONAL", "WHERE", "WITH", "RETURN", "UNWIND", "ORDER", "SKIP", "LIMIT", "UNION",
    *_WRITES,
}  # fmt: skip


class Token(NamedTuple):
    """A piece of a query: its kind, its text, where it starts."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> list[Token]:
    """Return the pieces of a query without blanks and comments.

    Raises
    ------
    QueryError
        A string or comment does not end.
    """
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        piece = match[0]
        if kind == "comment" or piece.isspace():
            continue
        if piece in {"'", '"', "`"} or (piece == "/" and text[match.end() :].startswith("*")):
            raise QueryError(
                "a text or comment in the query does not end", where=_place(text, match.start())
            )
        found.append(Token(kind, piece, match.start()))
    return found


def parameters_of(text: str) -> set[str]:
    """Return the names of the parameters a query uses."""
    return {token.text[1:] for token in tokens(text) if token.kind == "parameter"}


def spelled(text: str) -> str:
    """Return the query with relationship types quoted that the embedded store takes for keywords.

    ``-[:ON]->`` is fine in Neo4j and a syntax error in the embedded store.
    """
    pieces = tokens(text)
    made, last = [], 0
    for i, token in enumerate(pieces):
        if token.text == "ON" and i and pieces[i - 1].text in {":", "|"}:
            made.append(text[last : token.start] + "`ON`")
            last = token.start + 2
    return "".join([*made, text[last:]])


def check(text: str, parameters: Mapping[str, object], *, write: bool = False) -> None:
    """Refuse a query that must not run, or whose answer could not be trusted.

    Raises
    ------
    QueryError
        With the place, what is allowed and how to write it instead.
    """
    pieces = tokens(text)
    if not any(token.kind == "word" for token in pieces):
        raise QueryError("the query is empty")
    _check_clauses(text, pieces, write=write)
    _check_parameters(text, pieces, parameters)
    _check_functions(text, pieces)
    _check_lists(text, pieces)
    _check_paths(text, pieces)
    _check_aggregates(text, pieces)
    _check_names(text, pieces)


def _check_clauses(text: str, pieces: list[Token], *, write: bool) -> None:
    for i, token in enumerate(pieces):
        if token.kind != "word" or _is_property(pieces, i):
            continue
        word = token.text.upper()
        if word in _NEVER and _starts_clause(pieces, i):
            raise QueryError(
                f"{word} is not for queries", where=_place(text, token.start),
                allowed="MATCH … RETURN …, and with write CREATE, MERGE, SET, DELETE, REMOVE",
            )  # fmt: skip
        if word in _WRITES and not write and _starts_clause(pieces, i):
            raise QueryError(
                f"this query writes ({word}), and queries read",
                where=_place(text, token.start),
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
            where=_place(text, used[missing[0]]),
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
            and not _is_property(pieces, i)
        ):
            raise QueryError(
                f"{name}() is refused: {_DIFFERENT[name]}", where=_place(text, token.start)
            )


def _check_lists(text: str, pieces: list[Token]) -> None:
    """Refuse indexing and slicing: stores count from 0 or from 1."""
    for i, token in enumerate(pieces):
        if token.text != "[" or not i:
            continue
        before = pieces[i - 1]
        keyword = before.kind == "word" and before.text.upper() in _BEFORE_LIST
        value = before.kind in {"word", "parameter", "quoted"} and not keyword
        if value or before.text in {")", "]"}:
            raise QueryError(
                "list positions are refused: one store counts from 0, the other from 1",
                where=_place(text, token.start),
                remedy="use head(), last(), or UNWIND",
            )


def _check_paths(text: str, pieces: list[Token]) -> None:
    """Refuse paths without a bound, or with one beyond what every store walks."""
    for i, token in enumerate(pieces):
        if token.text != "*" or not _inside_relationship(pieces, i):
            continue
        bounds = [t.text for t in pieces[i + 1 : i + 4]]
        upper = None
        if bounds[:1] and bounds[0].isdigit():
            upper = bounds[2] if bounds[1:2] == [".."] and bounds[2:3] else bounds[0]
        elif bounds[:1] == [".."] and bounds[1:2]:
            upper = bounds[1]
        if upper is None or not upper.isdigit() or int(upper) > MAX_HOPS:
            raise QueryError(
                "a path needs an upper bound",
                value="*" + "".join(bounds[:3]),
                where=_place(text, token.start),
                allowed=f"*1..{MAX_HOPS} at most",
            )


def _check_aggregates(text: str, pieces: list[Token]) -> None:
    """Refuse a DISTINCT aggregate before a plain one in one RETURN or WITH.

    The embedded store then answers null or 0 for the second one.
    """
    distinct: Token | None = None
    for i, token in enumerate(pieces):
        word = token.text.upper()
        if token.kind == "word" and word in _CLAUSES and not _is_property(pieces, i):
            distinct = None
        name = token.text.casefold()
        if token.kind != "word" or name not in _AGGREGATES or _is_property(pieces, i):
            continue
        if [t.text for t in pieces[i + 1 : i + 2]] != ["("]:
            continue
        if pieces[i + 2].text.upper() == "DISTINCT":
            distinct = distinct or token
        elif distinct is not None:
            raise QueryError(
                "a plain aggregate after a DISTINCT one is answered wrongly by the embedded store",
                where=_place(text, token.start),
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
        if before == ":" or (before == "|" and _inside_pattern(pieces, i)):
            if _in_map(pieces, i):
                continue
            inside = _inside_relationship(pieces, i)
            _require(name, RELATIONSHIPS if inside else NODES, text, token,
                     what="relationship type" if inside else "label")  # fmt: skip
        elif before == "." and pieces[i - 2].kind in {"word", "quoted"}:
            _require(name, properties, text, token, what="property")


def _require(name: str, known: Iterable[str], text: str, token: Token, *, what: str) -> None:
    if name not in set(known):
        raise QueryError(
            f"no such {what}",
            value=name,
            where=_place(text, token.start),
            remedy=f"see docs/schema.md{_nearest(name, known)}",
        )


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"; did you mean {', '.join(close)}?" if close else ""


def _is_property(pieces: list[Token], i: int) -> bool:
    return i > 0 and pieces[i - 1].text == "."


def _brackets(pieces: list[Token], i: int) -> list[int]:
    """Return the positions of the brackets that are open at piece `i`."""
    stack: list[int] = []
    for place, token in enumerate(pieces[:i]):
        if token.text in {"(", "[", "{"}:
            stack.append(place)
        elif token.text in {")", "]", "}"} and stack:
            stack.pop()
    return stack


def _inside_relationship(pieces: list[Token], i: int) -> bool:
    """Return whether piece `i` stands between the brackets of ``-[…]-``."""
    stack = _brackets(pieces, i)
    if not stack or pieces[stack[-1]].text != "[":
        return False
    return stack[-1] > 0 and pieces[stack[-1] - 1].text in {"-", "<-"}


def _inside_pattern(pieces: list[Token], i: int) -> bool:
    stack = _brackets(pieces, i)
    return bool(stack) and pieces[stack[-1]].text in {"(", "["}


def _in_map(pieces: list[Token], i: int) -> bool:
    stack = _brackets(pieces, i)
    return bool(stack) and pieces[stack[-1]].text == "{"


def _place(text: str, start: int) -> str:
    line = text.count("\n", 0, start) + 1
    return f"line {line}, column {start - text.rfind(chr(10), 0, start)}"
