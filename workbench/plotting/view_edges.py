"""Which edges an interactive view holds: all, or of too many the most telling ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.model.backbone import disparity_p
from workbench.model.shown import Tabular

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["ALPHAS", "MOST_EDGES", "MOST_NODES", "DrawnEdges", "drawn_edges"]

#: Edges and nodes beyond which a page takes too long to load.
MOST_EDGES = 100_000
MOST_NODES = 100_000
#: Levels of the disparity filter that are tried, the most lenient first.
ALPHAS = (0.05, 0.01, 0.001)


@dataclass(frozen=True, repr=False)
class DrawnEdges(Tabular):
    """The edges of a view, the heaviest first; a pair of a graph without direction once.

    Attributes
    ----------
    source, target, weight
        Positions of the ends in the graph, and the acts between them; self-loops are left out.
    nodes
        Positions of the nodes that are drawn, ascending.
    rule
        ``all``, ``backbone`` (the disparity filter at `alpha`) or ``heaviest``.
    """

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    weight: NDArray[np.float64]
    nodes: NDArray[np.int64]
    rule: str
    alpha: float | None = None

    def _words(self) -> str:
        return f"{len(self):,} edges of {len(self.nodes):,} nodes, rule {self.rule}"

    def __len__(self) -> int:
        """Return the number of edges."""
        return len(self.source)

    def to_pandas(self) -> pd.DataFrame:
        """Return ``source, target, weight`` by position in the graph."""
        import pandas as pd

        return pd.DataFrame({"source": self.source, "target": self.target, "weight": self.weight})


def drawn_edges(
    graph: InteractionGraph, *, most_edges: int = MOST_EDGES, most_nodes: int = MOST_NODES
) -> DrawnEdges:
    """Return the edges to draw: all of them where a page can hold them.

    Otherwise the disparity backbone at the most lenient level of ``ALPHAS`` that fits; where that
    keeps less than a tenth of what the page can hold, as where nearly all weights are equal, the
    heaviest edges, of equally heavy ones the more surprising. Nodes without one of these edges are
    left out with the rest; where no node has any, the first ones stay.
    """
    source, target, weight = graph.arcs()
    proper = source != target if graph.directed else source < target
    rule, alpha, chosen = "all", None, np.flatnonzero(proper)
    whole = len(chosen) <= most_edges and graph.nodes <= most_nodes
    if not whole:
        rule, alpha, chosen = _telling(graph, proper, min(most_edges, most_nodes // 2))
    chosen = chosen[np.argsort(-weight[chosen], kind="stable")]
    source, target = source[chosen], target[chosen]
    ends = np.union1d(source, target)
    nodes = ends if len(ends) and not whole else np.arange(min(graph.nodes, most_nodes))
    return DrawnEdges(source, target, weight[chosen], nodes.astype(np.int64), rule, alpha)


def _telling(
    graph: InteractionGraph, proper: NDArray[np.bool_], most: int
) -> tuple[str, float | None, NDArray[np.int64]]:
    """Return the rule, its level and the arcs it keeps, at most so many."""
    surprise = disparity_p(graph)
    for alpha in ALPHAS:
        kept = np.flatnonzero(proper & (surprise < alpha))
        if most // 10 < len(kept) <= most:
            return "backbone", alpha, kept
    arcs = np.flatnonzero(proper)
    order = np.lexsort((surprise[arcs], -graph.weight[arcs]))
    return "heaviest", None, np.sort(arcs[order[:most]])
