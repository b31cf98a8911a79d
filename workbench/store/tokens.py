"""A query cut into pieces, and where in it a piece stands."""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.errors import QueryError

__all__ = [
    "Token",
    "brackets",
    "in_map",
    "inside_pattern",
    "inside_relationship",
    "is_property",
    "parameters_of",
    "place",
    "tokens",
]

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
                "a text or comment in the query does not end", where=place(text, match.start())
            )
        found.append(Token(kind, piece, match.start()))
    return found


def parameters_of(text: str) -> set[str]:
    """Return the names of the parameters a query uses."""
    return {token.text[1:] for token in tokens(text) if token.kind == "parameter"}


def is_property(pieces: list[Token], i: int) -> bool:
    """Return whether piece `i` is the name of a property."""
    return i > 0 and pieces[i - 1].text == "."


def brackets(pieces: list[Token], i: int) -> list[int]:
    """Return the positions of the brackets that are open at piece `i`."""
    stack: list[int] = []
    for place, token in enumerate(pieces[:i]):
        if token.text in {"(", "[", "{"}:
            stack.append(place)
        elif token.text in {")", "]", "}"} and stack:
            stack.pop()
    return stack


def inside_relationship(pieces: list[Token], i: int) -> bool:
    """Return whether piece `i` stands between the brackets of ``-[…]-``."""
    stack = brackets(pieces, i)
    if not stack or pieces[stack[-1]].text != "[":
        return False
    return stack[-1] > 0 and pieces[stack[-1] - 1].text in {"-", "<-"}


def inside_pattern(pieces: list[Token], i: int) -> bool:
    """Return whether piece `i` stands in a bracket of a pattern."""
    stack = brackets(pieces, i)
    return bool(stack) and pieces[stack[-1]].text in {"(", "["}


def in_map(pieces: list[Token], i: int) -> bool:
    """Return whether piece `i` stands in ``{…}``."""
    stack = brackets(pieces, i)
    return bool(stack) and pieces[stack[-1]].text == "{"


def place(text: str, start: int) -> str:
    """Return where a piece starts, for a person."""
    line = text.count("\n", 0, start) + 1
    return f"line {line}, column {start - text.rfind(chr(10), 0, start)}"
