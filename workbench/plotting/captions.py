"""What a graph is, in words: window, filters, and the caption and alt text of its drawing."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

from workbench.language import listed, moment
from workbench.model.graph_words import ARCS, BOTH, REVERSED
from workbench.model.kinds import GRAPHS
from workbench.plotting.texts import catalogue, named, say, spoken, written

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph
    from workbench.model.partition import Partition
    from workbench.plotting.layout import Layout

__all__ = [
    "about",
    "alt_text",
    "filters_text",
    "in_strength_text",
    "joined",
    "network_caption",
    "nouns",
    "seed_text",
    "window_text",
]

_DAY_MS = 86_400_000
#: Of a graph's choices, what is told elsewhere or is only a count.
_NO_FILTERS = {"since", "until", "unresolved", "outside_component", ARCS}
#: Where arcs no longer point from who acts: what is said of them.
_TURNED = {REVERSED: "reversed", BOTH: "both"}


def joined(*parts: str) -> str:
    """Return sentences with a space between those that there are."""
    return " ".join(part for part in parts if part)


def seed_text(seed: int | None) -> str:
    """Return the sentence that names a seed; empty without one."""
    return "" if seed is None else say("graph.seed", seed=seed)


def window_text(graph: InteractionGraph) -> str:
    """Return the time a graph covers: its window, else the days of its first and last act."""
    since, until = (None if ms is None else _instant(ms) for ms in graph.window)
    if since and until:
        return say("window.between", since=since, until=until)
    if since:
        return say("window.since", since=since)
    if until:
        return say("window.until", until=until)
    if graph.first_ms is None or graph.last_ms is None:
        return say("window.undated")
    first, last = (_instant(ms // _DAY_MS * _DAY_MS) for ms in (graph.first_ms, graph.last_ms))
    return say("window.covered", first=first, last=last)


def _instant(milliseconds: int) -> str:
    """Return a moment, or only its day when it is the first moment of one."""
    told = moment(milliseconds, spoken()).removesuffix(" UTC")
    return told if milliseconds % _DAY_MS else told.rpartition(",")[0]


def filters_text(graph: InteractionGraph) -> str:
    """Return the sentence that names the filters of a graph; its window is said elsewhere."""
    filters = ", ".join(
        named("filter", name) if value is True else f"{named('filter', name)} {_value(name, value)}"
        for name, value in graph.choices.items()
        if name not in _NO_FILTERS
    )
    return say("graph.filters", filters=filters or say("graph.none"))


def _value(name: str, value: Any) -> str:
    """Return a chosen value: origins in words, what was searched for as it is."""
    if isinstance(value, int | float):
        return written(value, ".3g")
    if name != "origin":
        return str(value)
    words = (f"value.{word}" for word in str(value).split(","))
    known = [catalogue()[word][spoken()] for word in words if word in catalogue()]
    return listed(known, spoken()) if known else str(value)


def about(graph: InteractionGraph | None) -> str:
    """Return the sentences on the graph behind a figure: n, window, filters; empty without one."""
    if graph is None:
        return ""
    return say("graph.about", size=_size(graph), filters=filters_text(graph))


def _size(graph: InteractionGraph) -> str:
    acts = graph.kind not in GRAPHS or GRAPHS[graph.kind].unit == "acts"
    return say(
        "graph.size" if acts else "graph.size_weight",
        nodes=graph.nodes, edges=graph.edges, acts=graph.total_weight,
        kind=named("kind", graph.kind), window=window_text(graph), **nouns(graph),
    )  # fmt: skip


def nouns(graph: InteractionGraph) -> dict[str, str]:
    """Return what the nodes of a graph are called, ``one`` and ``many``."""
    kind = GRAPHS.get(graph.kind)
    others = kind is not None and kind.family in {"bipartite", "cooccurrence"}
    one = "node" if others else "account"
    return {"one": say(f"graph.{one}"), "many": say(f"graph.{one}s")}


def in_strength_text(graph: InteractionGraph) -> str:
    """Return what in-strength is in this graph, whichever way its edges point."""
    turned = "linked" if not graph.directed else _TURNED.get(graph.choices.get(ARCS, ""))
    return say(f"network.in_strength_{turned}" if turned else "network.in_strength", **nouns(graph))


def _meaning(graph: InteractionGraph) -> str:
    """Return which way the edges point."""
    known = graph.kind if graph.kind in GRAPHS else "any"
    return say(f"meaning.{_TURNED.get(graph.choices.get(ARCS, ''), known)}")


def network_caption(
    graph: InteractionGraph,
    drawn: Layout,
    *,
    colour: Partition | None = None,
    size: str | None = None,
) -> str:
    """Return the caption of a network figure: n, window, filters, seeds, how far to trust it.

    `size` is the measure that the area of a dot means.
    """
    parts = [_size(graph), say("network.arrows", meaning=_meaning(graph)), filters_text(graph)]
    if colour is not None:
        seed = "" if colour.seed is None else say("network.seed", seed=colour.seed)
        quality = colour.quality
        told = "" if quality is None else say("network.quality", modularity=quality)
        method = named("method", colour.method)
        parts.append(
            say("network.colour", method=method, quality=told, seed=seed, **_groups(colour))
        )
    if size == "in_strength":
        parts.append(say("network.area", measure=in_strength_text(graph)))
    elif size is not None:
        parts.append(say("network.area", measure=named("measure", size)))
    length = drawn.length_ratio
    ratio = "" if isnan(length) else say("network.ratio", ratio=length, **nouns(graph))
    if drawn.iterations:
        made = say("network.layout", iterations=drawn.iterations, seed=drawn.seed, ratio=ratio)
    else:
        made = say("network.given_layout", ratio=ratio)
    parts.append(made)
    return joined(*parts)


def _groups(colour: Partition) -> dict[str, str]:
    """Return what the parts are called, ``group`` and ``groups``: sides where they were merged."""
    sides = "splits" in colour.parameters
    one, many = ("side", "sides") if sides else ("community", "communities")
    return {"group": named("thing", one), "groups": named("thing", many)}


def alt_text(graph: InteractionGraph, *, colour: Partition | None = None) -> str:
    """Return one sentence for a reader who cannot see the network."""
    groups = ""
    if colour is not None and colour.k:
        shares = [written(size / graph.nodes, ".0%") for size in colour.sizes[:3]]
        groups = say(
            "network.alt_groups_one" if len(shares) == 1 else "network.alt_groups",
            k=colour.k, shares=listed(shares, spoken()), **_groups(colour), **nouns(graph),
        )  # fmt: skip
    return say(
        "network.alt", nodes=graph.nodes, edges=graph.edges, kind=named("kind", graph.kind),
        groups=groups, **nouns(graph),
    )  # fmt: skip
