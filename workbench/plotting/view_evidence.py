"""The posts behind the edges of a view, as the page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import InputError
from workbench.model.graph_words import ARCS, REVERSED
from workbench.plotting.texts import named

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.graph import InteractionGraph
    from workbench.plotting.view_edges import DrawnEdges

__all__ = ["COLUMNS", "MOST_POSTS", "posts_of_edges"]

#: What a table of evidence must have; ``corpus.evidence(…).posts`` has it.
COLUMNS = ("account", "target", "post_id", "created_at", "kind")
#: Rows beyond which a page takes too long to load.
MOST_POSTS = 100_000


def posts_of_edges(
    graph: InteractionGraph,
    drawn: DrawnEdges,
    table: pd.DataFrame,
    *,
    raw: bool = False,
) -> tuple[dict[str, list[Any]], int]:
    """Return the columns of the page's evidence, and how many rows belong to no drawn edge.

    A post is its number in `table`, counted from 1, its time is cut at the minute, and its text is
    left out: an id leads to its author. `raw` gives ids and texts as they are.

    Raises
    ------
    InputError
        The table lacks a column, or has too many rows.
    """
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise InputError(
            "the table of evidence lacks columns",
            value=", ".join(missing),
            allowed=", ".join(COLUMNS),
            remedy="pass corpus.evidence(…).posts",
        )
    if len(table) > MOST_POSTS:
        raise InputError(
            "the table of evidence is too long for a page",
            value=len(table),
            allowed=f"{MOST_POSTS} rows",
            remedy="pass the first posts of each edge",
        )
    edge = _edges_of(graph, drawn, table)
    rows = np.flatnonzero(edge >= 0)
    kept = table.iloc[rows]
    posts = _ids(kept["post_id"]) if raw else [str(row + 1) for row in rows]
    columns: dict[str, list[Any]] = {
        "edge": edge[rows].tolist(),
        "post": posts,
        "time": _minutes(kept["created_at"]),
        "kind": [named("act", str(kind)) for kind in kept["kind"]],
    }
    if raw and "text" in kept:
        columns["text"] = [text if isinstance(text, str) else "" for text in kept["text"]]
    return columns, len(table) - len(rows)


def _edges_of(graph: InteractionGraph, drawn: DrawnEdges, table: pd.DataFrame) -> Any:
    """Return the place of each row's edge among the drawn ones; −1 where it is none of them."""
    import pandas as pd

    ends = [
        graph.positions("" if pd.isna(end) else str(end) for end in table[name])
        for name in ("account", "target")
    ]
    if graph.choices.get(ARCS) == REVERSED:
        ends.reverse()
    if not graph.directed:
        ends = [np.minimum(*ends), np.maximum(*ends)]
    n = graph.nodes
    keys = drawn.source.astype(np.int64) * n + drawn.target
    if not len(keys):
        return np.full(len(table), -1)
    order = np.argsort(keys, kind="stable")
    wanted = ends[0] * n + ends[1]
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    found = (keys[order][place] == wanted) & (ends[0] >= 0) & (ends[1] >= 0)
    return np.where(found, order[place], -1)


def _ids(posts: pd.Series[Any]) -> list[str]:
    """Return ids as they are; a dash for an act of an input without posts."""
    import pandas as pd

    return ["–" if pd.isna(post) else str(post) for post in posts]


def _minutes(times: pd.Series[Any]) -> list[str]:
    """Return times cut at the minute; a dash where there is none."""
    import pandas as pd

    try:
        stamps = pd.to_datetime(times, utc=True, format="ISO8601")
    except ValueError as error:
        raise InputError(
            "the times of the evidence cannot be read",
            value=str(error).partition("\n")[0],
            allowed="ISO 8601",
        ) from error
    return ["–" if pd.isna(one) else f"{one:%Y-%m-%d %H:%M} UTC" for one in stamps]
