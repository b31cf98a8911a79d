"""A graph in words: what its nodes and edges are, how many, of which time, chosen how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.language import whole
from workbench.model.filters import iso
from workbench.model.kinds import GRAPHS, node_word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from workbench.model.graph import InteractionGraph

__all__ = [
    "ARCS",
    "BOTH",
    "REVERSED",
    "graph_facts",
    "graph_meaning",
    "graph_words",
    "quantity",
    "span",
    "with_turned",
]

#: The choice of a graph that says where its arcs point when not from who acts to upon whom.
ARCS, REVERSED, BOTH = "arcs", "reversed", "both ways"


def with_turned(choices: Mapping[str, Any]) -> dict[str, Any]:
    """Return the choices of a graph after all its arcs were turned."""
    rest = {name: value for name, value in choices.items() if name != ARCS}
    before = choices.get(ARCS)
    return rest if before == REVERSED else {**rest, ARCS: before or REVERSED}


def graph_words(graph: InteractionGraph) -> str:
    """Return kind, size, time and what an edge is, in one line."""
    return (
        f"{graph.kind}: {_nodes(graph)}, {_counted(graph.edges, 'edges')}, "
        f"{_counted(graph.total_weight, _unit(graph))}, {_time(graph)}; edge = {_edge(graph)}"
    )


def graph_meaning(graph: InteractionGraph) -> str:
    """Return the sentence that says what nodes and edges are, and which way information flows."""
    turned = graph.choices.get(ARCS)
    if turned == REVERSED:
        return "Every edge is turned: it points from the one acted upon to the one who acts."
    if turned == BOTH:
        return "Every edge stands in both directions, from and to the one who acts."
    if graph.kind not in GRAPHS:
        return "An edge points from the one who acts to the one acted upon."
    meaning = GRAPHS[graph.kind].meaning
    meaning = f"{meaning[0].upper()}{meaning[1:]}"
    flow = GRAPHS[graph.kind].family == "interaction" and graph.kind in {"retweet", "quote"}
    return f"{meaning}; information flows the other way." if flow else f"{meaning}."


def graph_facts(graph: InteractionGraph) -> dict[str, str]:
    """Return the facts of a graph by name, without any id."""
    choices = [
        f"{name.replace('_', ' ')} {value}"
        for name, value in graph.choices.items()
        if name not in {"since", "until"}
    ]
    acts = _counted(graph.self_loop_weight, _unit(graph))
    loops = f"{whole(graph.self_loops, 'en')} ({acts})"
    return {
        "kind": graph.kind,
        "nodes": _nodes(graph),
        "edges": f"{whole(graph.edges, 'en')} ({_edge(graph)})",
        "weight": _counted(graph.total_weight, _unit(graph)),
        "self-loops": loops,
        "first to last act": _time(graph),
        "window": _window(graph),
        "filters": ", ".join(choices) or "none",
    }


def span(first_ms: int | None, last_ms: int | None) -> str:
    """Return the days of a first and a last moment; ``undated`` where one is unknown."""
    if first_ms is None or last_ms is None:
        return "undated"
    return f"{iso(first_ms)[:10]} to {iso(last_ms)[:10]}"


def quantity(number: float) -> str:
    """Return a number with its thousands set apart, and two decimals unless it is whole."""
    return f"{number:,.0f}" if number == round(number) else f"{number:,.2f}"


def _counted(number: float, many: str) -> str:
    """Return a number with its noun, singular for one."""
    return f"{quantity(number)} {many.removesuffix('s') if number == 1 else many}"


def _nodes(graph: InteractionGraph) -> str:
    if graph.parts is not None:
        objects = int(graph.parts.sum())
        used = GRAPHS[graph.kind].node.rpartition(" ")[2] if graph.kind in GRAPHS else "objects"
        return f"{_counted(graph.nodes - objects, 'accounts')} and {_counted(objects, used)}"
    return _counted(graph.nodes, node_word(graph.kind))


def _edge(graph: InteractionGraph) -> str:
    edge = GRAPHS[graph.kind].edge if graph.kind in GRAPHS else "who acts → who is acted upon"
    actor, arrow, target = edge.partition(" → ")
    if not arrow:
        return edge
    turned = {REVERSED: f"{target} → {actor}", BOTH: f"{actor} ↔ {target}"}
    return turned.get(graph.choices.get(ARCS, ""), edge)


def _unit(graph: InteractionGraph) -> str:
    return GRAPHS[graph.kind].unit if graph.kind in GRAPHS else "weight"


def _time(graph: InteractionGraph) -> str:
    return span(graph.first_ms, graph.last_ms)


def _window(graph: InteractionGraph) -> str:
    since, until = graph.window
    if since is None and until is None:
        return "all"
    start = "the beginning" if since is None else f"{iso(since)[:16]} UTC"
    end = "the end" if until is None else f"before {iso(until)[:16]} UTC"
    return f"{start} to {end}"
