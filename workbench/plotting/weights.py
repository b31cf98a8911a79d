"""How unequal the edges and the audiences are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import UndefinedError
from workbench.plotting.captions import filters_text, window_text
from workbench.plotting.style import PALETTE, WIDTHS, house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["weight_distribution"]


def weight_distribution(graph: InteractionGraph, *, ax: Axes | None = None) -> Axes:
    """Draw the share of edges, and of accounts, with at least x acts (both axes logarithmic).

    A straight falling line means that a few edges or accounts carry most acts. Edges are by their
    weight, accounts by in-strength without self-loops; accounts that nobody acts upon are not
    drawn, and their share is in the caption.

    Returns
    -------
    Axes
        With the caption as its ``get_gid()`` text.

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
    with house_style():
        if ax is None:
            _, ax = plt.subplots(figsize=(WIDTHS["single"], WIDTHS["single"] * 0.8))
        for values, colour, label, marker in (
            (graph.weight, PALETTE[0], "edges, by weight", "o"),
            (heard, PALETTE[1], "accounts, by in-strength", "s"),
        ):
            if len(values):
                x, share = _survival(values)
                ax.plot(x, share, marker, ms=2.5, color=colour, label=label, ls="-", lw=0.6)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xlabel("acts x")
        ax.set_ylabel("share with at least x acts")
        ax.grid(visible=True, which="major", lw=0.3, color="#E3E6EA")
        ax.legend(loc="upper right")
    silent = 1 - len(heard) / graph.nodes
    ax.set_gid(
        f"{graph.edges:,} {graph.kind} edges and {len(heard):,} accounts acted upon, "
        f"{window_text(graph)}; {silent:.0%} of the {graph.nodes:,} accounts are acted upon by "
        f"nobody else. Largest edge {graph.weight.max():,.0f}, largest in-strength "
        f"{strength.max():,.0f} acts. {filters_text(graph)}"
    )
    return ax


def _survival(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return distinct values and the share of values at least as large."""
    distinct, counts = np.unique(values, return_counts=True)
    return distinct, np.cumsum(counts[::-1])[::-1] / len(values)
