"""What a figure shows, in words: the caption under it and the text for those who cannot see it."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from workbench.model.filters import iso
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.plotting.layout import Layout

__all__ = ["alt_text", "filters_text", "network_caption", "window_text"]

_VERBS = {
    "retweet": "retweets",
    "quote": "quotes",
    "reply": "replies to",
    "mention": "mentions",
}


def window_text(graph: InteractionGraph) -> str:
    """Return the time a graph covers: its window, else its first and last act."""
    since, until = graph.window
    if since is not None or until is not None:
        start = "the beginning" if since is None else iso(since)[:16]
        end = "the end" if until is None else iso(until)[:16]
        return f"{start} to {end} UTC (end excluded)"
    if graph.first_ms is None or graph.last_ms is None:
        return "undated"
    return f"{iso(graph.first_ms)[:10]} to {iso(graph.last_ms)[:10]}"


def filters_text(graph: InteractionGraph) -> str:
    """Return the sentence that names the filters of a graph; its window is said elsewhere."""
    filters = ", ".join(
        name.replace("_", " ") if value is True else f"{name.replace('_', ' ')} {value}"
        for name, value in graph.choices.items()
        if name not in {"since", "until", "unresolved", "outside_component"}
    )
    return f"Filters: {filters or 'none'}."


def network_caption(
    graph: InteractionGraph,
    drawn: Layout,
    *,
    colour: Partition | None = None,
    size: str | None = None,
    every: int = 1,
) -> str:
    """Return the caption of a network figure: n, window, filters, seeds, how far to trust it.

    With `every` above 1 only one edge in so many is drawn.
    """
    verb = _VERBS.get(graph.kind)
    meaning = (
        f"An edge points from the account that {verb} to the other"
        if verb
        else (GRAPHS[graph.kind].meaning if graph.kind in GRAPHS else "An edge joins two nodes")
    )
    parts = [
        (
            f"{graph.nodes:,} accounts, {graph.edges:,} {graph.kind} edges, "
            f"{graph.total_weight:,.0f} acts, {window_text(graph)}."
        ),
        f"{meaning}; lines are drawn without arrows"
        + (f", one edge in {every}." if every > 1 else "."),
        filters_text(graph),
    ]
    if colour is not None:
        seed = "" if colour.seed is None else f", seed {colour.seed}"
        quality = "" if colour.quality is None else f", modularity {colour.quality:.2f}"
        parts.append(f"Colour: {colour.method} communities{quality}{seed}.")
    if size is not None:
        parts.append(f"Area: {size.replace('_', ' ')}.")
    ratio = (
        ""
        if isnan(drawn.length_ratio)
        else f"; edges are {drawn.length_ratio:.2f} times as long as the distance of random pairs"
    )
    parts.append(
        f"Layout: ForceAtlas2, {drawn.iterations} iterations, seed {drawn.seed}{ratio}. "
        "Positions show tendencies, not measurements."
    )
    return " ".join(parts)


def alt_text(graph: InteractionGraph, *, colour: Partition | None = None) -> str:
    """Return one sentence for a reader who cannot see the network."""
    groups = ""
    if colour is not None:
        shares = [f"{size / graph.nodes:.0%}" for size in colour.sizes[:3]]
        groups = f" in {colour.k} communities, the largest with {', '.join(shares)} of the accounts"
    size = f"{graph.nodes:,} accounts and {graph.edges:,} {graph.kind} edges"
    return f"Network drawing of {size}{groups}."
