"""The query library: one question a file, with a header that says what it needs and gives.

A file holds one body for every store, or two, below ``// @ladybug`` and ``// @neo4j``, where
the stores have no form in common. Questions that would explode as Cypher are listed here as well,
with the reason and what answers them.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import NotFoundError, QueryError, SchemaError, UsageError
from workbench.resources import cypher_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "DIALECTS",
    "NOT_IN_CYPHER",
    "Elsewhere",
    "Parameter",
    "Query",
    "bound",
    "find",
    "queries",
    "read",
]

#: The stores that a body can be written for.
DIALECTS = ("ladybug", "neo4j")
_HEADER = re.compile(r"^//\s*(title|question|reads|portability|key|param|returns)\s*:\s*(.*)$")
_NEEDED = ("title", "question", "reads", "portability", "key")
_PORTABILITY = {"both": ("both",), "two bodies": DIALECTS}
_TYPES = {"integer": int, "float": float, "text": str}


@dataclass(frozen=True)
class Elsewhere:
    """A question that is not asked in Cypher: why, and what answers it."""

    title: str
    reason: str
    remedy: str


def _windowed(what: str, graph: str) -> Elsewhere:
    return Elsewhere(
        f"{what} within a minute",
        "every use would be paired with every other one of the same thing before times are "
        "compared: a minute or two for 1 million posts, against half a second as a table",
        f"workbench graph {graph} --study DIR --since T --until T",
    )


NOT_IN_CYPHER = {
    "coordination/co_hashtag_within_window": _windowed("Same hashtags", "co_hashtag"),
    "coordination/co_share_within_window": _windowed("Same retweets", "co_share"),
    "coordination/co_url_within_window": _windowed("Same links", "co_url"),
}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query: type, unit, default, meaning."""

    name: str
    type: str
    default: Any
    meaning: str
    unit: str = ""

    def value(self, given: object) -> Any:
        """Return a given value in the parameter's type.

        Raises
        ------
        UsageError
            The value does not fit.
        """
        try:
            return _TYPES[self.type](str(given)) if self.type != "text" else str(given)
        except ValueError as error:
            raise UsageError(
                f"${self.name} has a value of another type", value=given, allowed=self.type
            ) from error


@dataclass(frozen=True)
class Query:
    """A query of the library.

    Attributes
    ----------
    name
        ``area/name``, as in ``store.query``.
    title, question, reads
        What it shows, the question it answers, the part of the graph it reads.
    parameters, columns
        What it takes, and the columns it returns with their type and meaning.
    key
        The columns that no two rows share.
    bodies
        The Cypher: of ``both`` stores, or of ``ladybug`` and of ``neo4j``.
    """

    name: str
    title: str
    question: str
    reads: str
    parameters: tuple[Parameter, ...]
    columns: dict[str, str]
    key: tuple[str, ...]
    bodies: dict[str, str]

    @property
    def portability(self) -> str:
        """``both``, or ``two bodies`` where the stores have no form in common."""
        return "both" if "both" in self.bodies else "two bodies"

    @property
    def text(self) -> str:
        """The Cypher for the embedded store."""
        return self.body("ladybug")

    def body(self, dialect: str) -> str:
        """Return the Cypher for one of the ``DIALECTS``."""
        return self.bodies.get("both") or self.bodies[dialect]


def queries() -> dict[str, Query]:
    """Return every query of the library by name."""
    folder = cypher_folder()
    found = (read(file, folder) for file in sorted(folder.glob("*/*.cypher")))
    return {query.name: query for query in found}


def find(name: str) -> Query:
    """Return the query called `name`.

    Raises
    ------
    NotFoundError
        The library has no such query; the nearest names are offered.
    QueryError
        The question is not asked in Cypher; what answers it is named.
    """
    if name in NOT_IN_CYPHER:
        elsewhere = NOT_IN_CYPHER[name]
        raise QueryError(
            "this question is not asked in Cypher",
            value=name,
            where=elsewhere.reason,
            remedy=f"use: {elsewhere.remedy}",
        )
    known = queries()
    if name not in known:
        close = difflib.get_close_matches(name, [*known, *NOT_IN_CYPHER], n=3, cutoff=0.3)
        raise NotFoundError(
            "no such query in the library",
            value=name,
            allowed=", ".join(close or known),
            remedy="see: workbench cypher list",
        )
    return known[name]


def bound(query: Query, given: Mapping[str, object]) -> dict[str, Any]:
    """Return a value for every parameter: the given one in its type, else the default.

    Raises
    ------
    UsageError
        A name is no parameter of the query, or a value does not fit.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    surplus = sorted(set(given) - set(known))
    if surplus:
        raise UsageError(
            f"{query.name} has no such parameter",
            value=surplus[0],
            allowed=", ".join(known) or "none",
        )
    return {
        name: parameter.value(given[name]) if name in given else parameter.default
        for name, parameter in known.items()
    }


def read(file: Path, folder: Path) -> Query:
    """Return the query in a file.

    Raises
    ------
    SchemaError
        The header is incomplete.
    """
    header: dict[str, str] = {}
    parameters: list[Parameter] = []
    columns: dict[str, str] = {}
    text = file.read_text("utf-8")
    for line in text.splitlines():
        match = _HEADER.match(line)
        if match is None:
            continue
        key, value = match[1], match[2].strip()
        if key == "param":
            parameters.append(_parameter(value, file))
        elif key == "returns":
            name, _, meaning = value.partition(" ")
            columns[name] = meaning.strip()
        else:
            header[key] = value
    missing = [key for key in _NEEDED if not header.get(key)]
    where = str(file.relative_to(folder))
    if missing or not columns:
        raise SchemaError(
            "a query's header is incomplete", value=", ".join(missing) or "returns", where=where
        )
    bodies = _bodies(text)
    if tuple(bodies) != _PORTABILITY.get(header["portability"]) or not all(bodies.values()):
        raise SchemaError(
            "a query has not the bodies that its header says",
            value=f"{header['portability']}: {', '.join(bodies)}",
            where=where,
            allowed="both: one body; two bodies: // @ladybug, then // @neo4j",
        )
    key = tuple(name.strip() for name in header["key"].split(","))
    if not set(key) <= set(columns):
        raise SchemaError("a key is no column", value=header["key"], where=where)
    return Query(
        f"{file.parent.name}/{file.stem}", header["title"], header["question"], header["reads"],
        tuple(parameters), columns, key, bodies,
    )  # fmt: skip


def _bodies(text: str) -> dict[str, str]:
    """Return the Cypher of a file by store; what stands before a mark is for both."""
    bodies: dict[str, list[str]] = {}
    dialect = "both"
    for line in text.splitlines():
        mark = re.fullmatch(r"//\s*@(\w+)\s*", line)
        if mark:
            dialect = mark[1]
        elif not line.startswith("//") and (line.strip() or dialect in bodies):
            bodies.setdefault(dialect, []).append(line)
    return {name: "\n".join(lines).strip() for name, lines in bodies.items()}


def _parameter(value: str, file: Path) -> Parameter:
    """Return ``name type [unit] = default: meaning`` as a parameter."""
    match = re.fullmatch(
        r"(\w+)\s+(integer|float|text)\s*\[([^\]]+)\]\s*=\s*(\"[^\"]*\"|\S+?)\s*:\s*(.+)", value
    )
    if match is None:
        raise SchemaError(
            "a parameter is not 'name type [unit] = default: meaning'", value=value, where=file.name
        )
    default = _TYPES[match[2]](match[4].strip('"'))
    return Parameter(match[1], match[2], default, match[5], match[3].strip())
