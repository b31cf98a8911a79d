"""A question in Cypher, as commands and notebooks ask it: parameters, rows, what was cut."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from workbench.errors import CutWarning, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.store.protocol import GraphStore

__all__ = ["TABLE_ROWS", "ask", "ask_library", "count", "cut_note", "given_by"]

#: Rows that are shown where nobody asked for another number.
TABLE_ROWS = 1_000
#: What ``store.cypher`` calls its own arguments.
_TAKEN = ("limit", "self", "text", "write")


def ask(
    store: GraphStore,
    text: str,
    parameters: Mapping[str, Any],
    *,
    write: bool = False,
    limit: int | None = None,
) -> pd.DataFrame:
    """Return the rows of a query; ``attrs["cut"]`` says whether there are more than `limit`.

    Raises
    ------
    UsageError
        A parameter has a name that is taken.
    """
    for name in _TAKEN:
        if name in parameters:
            raise UsageError(
                "a parameter of your own cannot have this name", value=f"${name}",
                remedy="rename it"
                + (", or leave LIMIT out and give --limit N" if name == "limit" else ""),
            )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CutWarning)
        return store.cypher(text, write=write, limit=limit, **parameters)


def ask_library(
    store: GraphStore, name: str, parameters: Mapping[str, Any], *, limit: int | None = None
) -> pd.DataFrame:
    """Return the rows of a query of the library; `limit` is its parameter of that name.

    Raises
    ------
    NotFoundError
        The library has no such query.
    UsageError
        A parameter does not exist or does not fit.
    """
    from workbench.store import library

    found = library.find(name)
    own = {parameter.name for parameter in found.parameters}
    given = dict(parameters)
    if limit is not None and "limit" in own:
        given.setdefault("limit", limit)
    library.bound(found, given)
    frame = store.query(name, **given)
    if limit is not None and len(frame) > limit:
        frame = frame.head(limit)
        frame.attrs["cut"] = True
    return frame


def cut_note(frame: pd.DataFrame, *, more: str = "") -> str | None:
    """Return the line that says that rows were left out, with how to see them, or None.

    Parameters
    ----------
    more
        What to give to see more of them.
    """
    cut = frame.attrs.get("cut", False)
    if cut is False:
        return None
    there = "there are more" if cut else "the query's own limit, so there may be more"
    return f"cut at {count(len(frame))}, {there}" + (f"; {more}" if more else "")


def count(rows: int) -> str:
    """Return a number of rows in words."""
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def given_by(entries: Iterable[str]) -> dict[str, Any]:
    """Return the parameters in ``NAME=VALUE`` entries: numbers, and text such as the id 007.

    Raises
    ------
    UsageError
        An entry has no name or no sign, or two give the same parameter.
    """
    given: dict[str, Any] = {}
    for entry in entries:
        name, value = _parsed(entry)
        if name in given:
            raise UsageError("a parameter is given twice", value=name)
        given[name] = value
    return given


def _parsed(entry: str) -> tuple[str, Any]:
    name, equals, value = entry.partition("=")
    if not equals or not name:
        raise UsageError("a parameter is NAME=VALUE", value=entry, allowed="such as limit=20")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return name, value[1:-1]
    # Ids are text: 007 and 1e5 stay as they are.
    if re.fullmatch(r"-?(0|[1-9]\d{0,17})", value):
        return name, int(value)
    if re.fullmatch(r"-?\d+\.\d+", value):
        return name, float(value)
    return name, value
