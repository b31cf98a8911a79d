"""Positions that come from elsewhere: a dictionary as networkx makes them, or a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.errors import InputError
from workbench.model.partition import check_fingerprint
from workbench.plotting.layout import Layout, layout, length_ratio

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

    Positions = Layout | Mapping[str, Any] | pd.DataFrame

__all__ = ["placed"]

FARTHEST = 1e100


def placed(
    graph: InteractionGraph, positions: Positions | None, *, seed: int | None = None
) -> Layout:
    """Return the layout of a graph: computed, or as it is given.

    Parameters
    ----------
    positions
        None computes them with `seed`. A ``Layout`` stays as it is; a mapping account → (x, y), as
        the layouts of networkx return it, or a table with the columns ``account x y``, as
        ``View.to_pandas`` returns it, becomes one of no iterations. Accounts that the graph does
        not have are ignored.

    Raises
    ------
    InputError
        A layout of another graph, an account without a position, or one that is not two finite
        numbers below 1e100.
    """
    if positions is None:
        return layout(graph, seed=seed)
    if isinstance(positions, Layout):
        check_fingerprint(positions.graph_fingerprint, graph, what="layout")
        _check(positions.positions, graph)
        return positions
    places = _places(graph, positions)
    matrix = graph.symmetrised(weighted=False).to_scipy()
    ratio = length_ratio(matrix, places, seed=0) if graph.nodes > 1 else float("nan")
    return Layout(places, graph.fingerprint, 0, 0, ratio)


def _places(graph: InteractionGraph, positions: Any) -> Any:
    """Return the given positions in the order of the graph, shape (n, 2)."""
    if hasattr(positions, "columns"):
        missing = [name for name in ("account", "x", "y") if name not in positions.columns]
        if missing:
            raise InputError("the table of positions lacks columns", value=", ".join(missing),
                             allowed="account, x, y")  # fmt: skip
        positions = dict(
            zip(positions["account"], positions[["x", "y"]].to_numpy().tolist(), strict=True)
        )
    accounts = graph.accounts.tolist()
    absent = [account for account in accounts if account not in positions]
    if absent:
        raise InputError(
            "some accounts have no position",
            value=f"{len(absent)} of {len(accounts)}",
            remedy="give one for every account, or draw the subgraph of those that have one",
        )
    try:
        places = np.array([positions[account] for account in accounts], dtype=np.float64)
    except (TypeError, ValueError):  # ragged, or no numbers
        places = np.empty(0)
    _check(places, graph)
    return places


def _check(places: NDArray[np.float64], graph: InteractionGraph) -> None:
    """Refuse what is not a place a node; the square of a distance must be finite too."""
    if places.shape != (graph.nodes, 2) or not (np.abs(places) < FARTHEST).all():
        raise InputError("a position is not two finite numbers", allowed="account → (x, y)")
