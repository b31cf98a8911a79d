"""The query library: one question a file, with a header that says what it needs and gives."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import NotFoundError, SchemaError, UsageError
from workbench.resources import cypher_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["Parameter", "Query", "bound", "find", "queries", "read"]

_HEADER = re.compile(r"^//\s*(title|question|param|returns|reads|reference)\s*:\s*(.*)$")
_TYPES = {"integer": int, "float": float, "text": str}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a query: type, default, unit or meaning."""

    name: str
    type: str
    default: Any
    meaning: str

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
    title, question
        What it shows, and the question it answers.
    parameters, columns
        What it takes, and the columns it returns with their meaning.
    text
        The Cypher.
    """

    name: str
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: dict[str, str]
    text: str


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
    """
    known = queries()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=3, cutoff=0.3)
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
    missing = [key for key in ("title", "question") if not header.get(key)]
    if missing or not columns:
        raise SchemaError(
            "a query's header is incomplete",
            value=", ".join(missing) or "returns",
            where=str(file.relative_to(folder)),
        )
    body = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
    name = f"{file.parent.name}/{file.stem}"
    return Query(
        name, header["title"], header["question"], tuple(parameters), columns, body.strip()
    )


def _parameter(value: str, file: Path) -> Parameter:
    """Return ``name type = default: meaning`` as a parameter."""
    match = re.fullmatch(r"(\w+)\s+(integer|float|text)\s*=\s*(\"[^\"]*\"|\S+?)\s*:\s*(.+)", value)
    if match is None:
        raise SchemaError(
            "a parameter is not 'name type = default: meaning'", value=value, where=file.name
        )
    default = match[3].strip('"')
    return Parameter(match[1], match[2], _TYPES[match[2]](default), match[4])
