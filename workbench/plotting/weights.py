"""How unequal the edges and the audiences are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError
from workbench.model.graph_words import ARCS, BOTH
from workbench.plotting.captions import filters_text, nouns, window_text
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import PALETTE, WIDTHS, house_style
from workbench.plotting.texts import named, say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["weight_distribution"]


@figure
def weight_distribution(graph: InteractionGraph, *, ax: Axes | None = None) -> Axes:
    """Draw the share of edges, and of accounts, with at least x acts (both axes logarithmic).

    A straight falling line means that a few edges or accounts carry most acts. Edges are by their
    weight, accounts by in-strength without self-loops; accounts that nobody acts upon are not
    drawn, and their share is in the caption. Where edges have no direction, or both, nobody is
    acted upon: nodes are by strength, the weight of their edges.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    UndefinedError
        The graph has no edges.
    """
    import matplotlib.pyplot as plt

    if not graph.arcs_stored:
        raise UndefinedError("there is nothing to draw: the graph has no edges")
    strength = graph.without_self_loops().in_strength()
    heard = strength[strength > 0]
    one_way = graph.directed and graph.choices.get(ARCS) != BOTH
    end = "acts" if one_way else "linked"
    with house_style():
        if ax is None:
            size = (WIDTHS["single"], WIDTHS["single"] * 0.8)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        for values, colour, label, marker in (
            (graph.weight, PALETTE[0], say("weights.edges"), "o"),
            (heard, PALETTE[1], say(f"weights.accounts_{end}", **nouns(graph)), "s"),
        ):
            if len(values):
                x, share = _survival(values)
                ax.plot(x, share, marker, ms=2.5, color=colour, label=label, ls="-", lw=0.6)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xlabel(say(f"weights.x_{end}"))
        ax.set_ylabel(say(f"weights.y_{end}"))
        ax.grid(visible=True, which="major", lw=0.3, color="#E3E6EA")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    facts = {
        "edges": graph.edges, "heard": len(heard), "edge": float(graph.weight.max()),
        "strength": float(strength.max()), **nouns(graph),
    }  # fmt: skip
    return attach(
        ax,
        caption=say(
            f"weights.caption_{end}",
            kind=named("kind", graph.kind),
            window=window_text(graph),
            silent=1 - len(heard) / graph.nodes,
            nodes=graph.nodes,
            filters=filters_text(graph),
            **facts,
        ),
        alt=say(f"weights.alt_{end}", **facts),
        data=_data({"edges": graph.weight, "accounts": heard}),
    )


def _data(drawn: dict[str, NDArray[np.float64]]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (of, *row)
        for of, values in drawn.items()
        if len(values)
        for row in zip(*_survival(values), strict=True)
    ]
    return pd.DataFrame(rows, columns=["of", "acts", "at_least_share"])


def _survival(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return distinct values and the share of values at least as large."""
    distinct, counts = np.unique(values, return_counts=True)
    return distinct, np.cumsum(counts[::-1])[::-1] / len(values)
