"""What passes between a notebook and a query: values of variables in, rows as a graph out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from workbench.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model import InteractionGraph

__all__ = ["graph_of", "travelling"]

#: What numpy and pandas call their lists.
_LISTS = ("Index", "Series", "ndarray")
_CARRIED = "a number, a text, or a list of numbers or of texts"


def graph_of(
    frame: pd.DataFrame, *, kind: str = "retweet", text: str | None = None
) -> InteractionGraph:
    """Return the graph of rows ``source, target[, weight]``; equal rows are summed.

    Parameters
    ----------
    kind
        What an edge is. In a graph without direction each row is an edge, whichever end is first.
    text
        The query, to be told by the graph.

    Raises
    ------
    UsageError
        The columns are others, rows are missing, or a cell is empty, no text or no number > 0.
    """
    import pyarrow as pa

    from workbench.cli.inputs import both_ways
    from workbench.model import InteractionGraph
    from workbench.model.kinds import graph_kind

    found = graph_kind(kind)
    columns = list(frame.columns)
    if columns not in (["source", "target"], ["source", "target", "weight"]):
        raise UsageError(
            "a graph needs other columns",
            value=", ".join(map(str, columns)),
            allowed="RETURN … AS source, … AS target, and perhaps … AS weight",
        )
    if frame.attrs.get("cut", False) is not False:
        raise UsageError(
            "a graph of some of the rows would be another graph",
            value=f"cut at {len(frame):,} rows",
            remedy="take --limit away or raise it",
        )
    for name in columns:
        _check_column(frame[name], name)
    weight = frame["weight"] if "weight" in frame else [1.0] * len(frame)
    rows = pa.table(
        {
            "source": pa.array(frame["source"].tolist(), pa.string()),
            "target": pa.array(frame["target"].tolist(), pa.string()),
            "weight": pa.array([float(w) for w in weight], pa.float64()),
        }
    )
    if not found.directed:
        rows = both_ways(rows)
    return InteractionGraph.from_edges(
        rows.column("source").combine_chunks(),
        rows.column("target").combine_chunks(),
        rows.column("weight").to_numpy(),
        kind=found.name,
        choices={"cypher": " ".join((text or "").split())} if text else {},
    )


def _check_column(column: pd.Series[Any], name: str) -> None:
    """Refuse an empty cell, an id that is no text and a weight that no edge can have."""
    missing = column.isna()
    if missing.any():
        raise UsageError(
            f"{name} is missing",
            value=f"{int(missing.sum())} of {len(column)} rows",
            remedy=f"add WHERE … IS NOT NULL, so that every edge has a {name}",
        )
    for value in column:
        if name != "weight" and not isinstance(value, str):
            raise UsageError("an id is no text", value=value, where=name)
        if name == "weight":
            number = isinstance(value, int | float) or hasattr(value, "item")
            if not number or isinstance(value, bool) or not 0 < float(value) < math.inf:
                raise UsageError("no edge has this weight", value=value, allowed="a number > 0")


def travelling(value: Any, name: str) -> Any:
    """Return a value as it travels to a store: a number, a text, or a list of them.

    Raises
    ------
    UsageError
        It is of another type, has no value, is no finite number, or its entries differ in type.
    """
    if type(value).__name__ in _LISTS and hasattr(value, "tolist"):
        value = value.tolist()
    if not isinstance(value, list | tuple | range):
        return _single(value, name)
    entries = [_single(entry, f"{name}[{i}]") for i, entry in enumerate(value)]
    kinds = {_kind(entry) for entry in entries}
    if len(kinds) > 1:
        raise UsageError(
            "a list has entries of several types", value=f"${name}", where=", ".join(sorted(kinds)),
            allowed=_CARRIED,
        )  # fmt: skip
    return [float(e) for e in entries] if any(isinstance(e, float) for e in entries) else entries


def _single(value: Any, name: str) -> Any:
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int) and -(2**63) <= value < 2**63:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    number = isinstance(value, int | float)
    raise UsageError(
        f"this {'number' if number else 'variable'} cannot travel to the store",
        value=f"${name}",
        where=str(value) if number else type(value).__name__,
        allowed="finite, and whole numbers of 64 bits" if number else _CARRIED,
    )


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "number"
