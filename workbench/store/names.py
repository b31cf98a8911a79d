"""Which property a variable of a query can have: that of the labels or types it is bound to.

A server answers null for a property that a node cannot have, as if it were merely unknown; the
embedded store refuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import QueryError
from workbench.store.schema import NODES, RELATIONSHIPS, properties_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbench.store.tokens import Token

__all__ = ["property_uses"]

_NAMES = {"word", "quoted"}
#: On a server, relationships of several studies are told apart by it.
_OF_STUDIES = frozenset({"study"})
_AFTER_WITH = {"MATCH", "OPTIONAL", "WHERE", "UNWIND", "RETURN", "ORDER", "SKIP", "LIMIT", "SET",
               "CREATE", "MERGE", "DELETE", "DETACH", "REMOVE"}  # fmt: skip


def property_uses(pieces: Sequence[Token]) -> Iterator[tuple[Token, frozenset[str]]]:
    """Yield each property that is asked of a labelled thing, with those that it can have.

    A variable that gets another meaning (``AS``, ``IN``) is left alone from there on, and so is one
    without a label.

    Raises
    ------
    QueryError
        Labels are joined by ``&`` or ``!``, which one store does not know.
    """
    bound: dict[str, frozenset[str]] = {}
    for start, end in _parts(pieces):
        bound = _carried(pieces, bound, start, end)
        for i in range(start, end):
            found = _labelled(pieces, i)
            if found is not None:
                labels, after = found
                known = frozenset().union(*(properties_of(label) for label in labels))
                yield from _keys(pieces, after, known)
                name = _name(pieces[i - 1])
                if pieces[i - 1].kind in _NAMES:
                    bound[name] = bound.get(name, frozenset()) | known
        for name in _renamed(pieces, start, end):
            bound.pop(name, None)
        for i in range(start, end - 2):
            if i and pieces[i - 1].text == ".":
                continue
            held = bound.get(_name(pieces[i])) if pieces[i].kind in _NAMES else None
            if held and pieces[i + 1].text == "." and pieces[i + 2].kind in _NAMES:
                yield pieces[i + 2], held


def _name(token: Token) -> str:
    return token.text.strip("`")


def _parts(pieces: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a query between which variables change: at WITH and UNION."""
    marks = [0]
    for i, token in enumerate(pieces):
        word = token.text.upper() if token.kind == "word" else ""
        before = pieces[i - 1].text.upper() if i else ""
        if (word == "WITH" and before not in {"STARTS", "ENDS", "."}) or word == "UNION":
            marks.append(i)
    yield from zip(marks, [*marks[1:], len(pieces)], strict=True)


def _carried(
    pieces: Sequence[Token], bound: dict[str, frozenset[str]], start: int, end: int
) -> dict[str, frozenset[str]]:
    """Return the variables that a part takes over: those that its WITH names, or all by ``*``."""
    if pieces[start].text.upper() != "WITH":
        return {}
    if pieces[start + 1 : end] and pieces[start + 1].text == "*":
        return dict(bound)
    named = set()
    for token in pieces[start + 1 : end]:
        if token.kind == "word" and token.text.upper() in _AFTER_WITH:
            break
        named.add(_name(token))
    return {name: known for name, known in bound.items() if name in named}


def _labelled(pieces: Sequence[Token], i: int) -> tuple[list[str], int] | None:
    """Return the labels or types behind the colon at `i`, and the place behind them."""
    if pieces[i].text != ":" or i < 1:
        return None
    opens = i - 2 if pieces[i - 1].kind in _NAMES else i - 1
    if opens < 0 or pieces[opens].text not in {"(", "["}:
        return None
    edge = pieces[opens].text == "["
    if edge and (opens < 1 or pieces[opens - 1].text not in {"-", "<-"}):
        return None
    known = RELATIONSHIPS if edge else NODES
    labels, place = [], i + 1
    while place < len(pieces):
        token = pieces[place]
        if token.text in {"&", "!"}:
            raise QueryError(
                "labels joined by & or ! are for one store only", value=token.text,
                remedy="name one label, or several with |",
            )  # fmt: skip
        if token.kind in _NAMES and _name(token) in known:
            labels.append(_name(token))
        elif token.text not in {"|", ":"}:
            break
        place += 1
    return (labels, place) if labels else None


def _keys(
    pieces: Sequence[Token], start: int, known: frozenset[str]
) -> Iterator[tuple[Token, frozenset[str]]]:
    """Yield the keys of the map that stands at `start`, if one does."""
    if start >= len(pieces) or pieces[start].text != "{":
        return
    depth = 0
    for i in range(start, len(pieces) - 1):
        text = pieces[i].text
        depth += (text in {"{", "(", "["}) - (text in {"}", ")", "]"})
        if not depth:
            return
        key = pieces[i].kind in _NAMES and pieces[i + 1].text == ":"
        if depth == 1 and key and pieces[i - 1].text in {"{", ","}:
            yield pieces[i], known | _OF_STUDIES


def _renamed(pieces: Sequence[Token], start: int, end: int) -> Iterator[str]:
    """Yield the variables that mean something else: behind AS, and before IN in a list."""
    for i in range(max(start, 1), end):
        token = pieces[i]
        if token.kind not in _NAMES:
            continue
        before = pieces[i - 1].text
        same = i > 1 and _name(pieces[i - 2]) == _name(token)
        if (before.upper() == "AS" and not same) or (
            before in {"(", "[", ","} and i + 1 < end and pieces[i + 1].text.upper() == "IN"
        ):
            yield _name(token)
