"""What the interactive view says, in the language that figures are asked to speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.model.graph_words import ARCS, BOTH, REVERSED
from workbench.plotting.captions import nouns
from workbench.plotting.texts import catalogue, named, say

if TYPE_CHECKING:
    from workbench.model.graph import InteractionGraph
    from workbench.plotting.view_edges import DrawnEdges

__all__ = ["left_out", "page_words", "posts_outside", "title"]


def page_words(graph: InteractionGraph) -> dict[str, str]:
    """Return the texts of the page's script, by name; who acts is told also of turned edges."""
    names = [key.removeprefix("page.") for key in catalogue() if key.startswith("page.")]
    told = {name: say(f"page.{name}", **nouns(graph)) for name in names}
    turned = graph.choices.get(ARCS)
    for form in ("one", "other"):
        acts, acted_upon = f"acts_{form}", f"acted_upon_{form}"
        if turned == REVERSED:
            told[acts], told[acted_upon] = told[acted_upon], told[acts]
        elif turned == BOTH:
            told[acts] = say(f"both.to_{form}", **nouns(graph))
            told[acted_upon] = say(f"both.from_{form}", **nouns(graph))
    return told


def title(graph: InteractionGraph) -> str:
    """Return the heading of the page: what the network is, and its size."""
    said = say(
        "view.title",
        kind=named("kind", graph.kind).removesuffix(" network"),
        nodes=graph.nodes,
        edges=graph.edges,
        **nouns(graph),
    )
    return said[:1].upper() + said[1:]


def left_out(graph: InteractionGraph, drawn: DrawnEdges) -> list[str]:
    """Return what the page leaves out, a sentence each; none when it leaves out nothing."""
    told = []
    if graph.self_loops:
        told.append(say("view.loops", nodes=graph.self_loops, **nouns(graph)))
    if drawn.rule != "all":
        proper = graph.edges - graph.self_loops
        heaviest = drawn.alpha is None
        rule = say("view.heaviest" if heaviest else "view.backbone", alpha=drawn.alpha)
        told.append(
            say(
                "view.left_out",
                rule=rule,
                edges=len(drawn),
                of_edges=proper,
                rest_edges=proper - len(drawn),
                nodes=len(drawn.nodes),
                of_nodes=graph.nodes,
                rest_nodes=graph.nodes - len(drawn.nodes),
                **nouns(graph),
            )
        )
    return told


def posts_outside(posts: int) -> list[str]:
    """Return how much of the evidence belongs to no drawn edge; nothing when all of it does."""
    return [say("view.outside", posts=posts)] if posts else []
