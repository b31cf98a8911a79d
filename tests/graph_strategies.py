"""Hypothesis strategies for small interaction graphs."""

from __future__ import annotations

from hypothesis import strategies as st

from workbench.model import InteractionGraph

ids = st.text("ab19:é", min_size=1, max_size=3)
rows = st.lists(st.tuples(ids, ids, st.integers(1, 5)), max_size=30)


@st.composite
def graphs(draw, min_edges: int = 0, kind: str = "retweet"):
    """Draw a directed weighted graph with parallel acts and self-loops."""
    edges = draw(st.lists(st.tuples(ids, ids, st.integers(1, 5)), min_size=min_edges, max_size=30))
    return InteractionGraph.from_edges(
        [e[0] for e in edges], [e[1] for e in edges], [e[2] for e in edges], kind=kind
    )
