"""The posts behind the edges of a graph, a few an edge, for the view that shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from workbench.engine import session as open_session
from workbench.errors import UsageError
from workbench.graphs.evidence import listed
from workbench.graphs.selection import chosen_acts
from workbench.model.filters import Filters
from workbench.model.graph_words import ARCS, REVERSED
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    import pandas as pd

    from workbench.model.corpus import Corpus
    from workbench.model.graph import InteractionGraph

__all__ = ["posts_behind_edges"]


def posts_behind_edges(
    corpus: Corpus, graph: InteractionGraph, *, edges: int = 2_000, each: int = 3
) -> pd.DataFrame:
    """Return the earliest posts behind the heaviest edges, as ``corpus.evidence`` gives them.

    The window and the filters are those of the graph; self-loops are left out. Of a graph whose
    edges are turned, the acts are those of the ones who acted.
    Pass the table to ``workbench.view``.

    Parameters
    ----------
    edges
        So many edges, the heaviest, ties in account order.
    each
        Posts an edge, the earliest.

    Raises
    ------
    UsageError
        The graph is none of acts; or a number is not positive.
    """
    import pyarrow as pa

    kind = GRAPHS.get(graph.kind)
    if kind is None or kind.family != "interaction":
        raise UsageError("evidence is about acts", value=graph.kind,
                         allowed="retweet, quote, reply, mention")  # fmt: skip
    if min(edges, each) < 1:
        raise UsageError("at least one edge and one post are needed", value=min(edges, each))
    if graph.choices.get(ARCS) == REVERSED:
        graph = graph.reversed()
    source, target, weight = graph.without_self_loops().arcs()  # no view draws them
    chosen = np.argsort(-weight, kind="stable")[:edges]
    ends = pa.table(
        {
            "actor_id": graph.ids.take(pa.array(source[chosen])),
            "target_id": graph.ids.take(pa.array(target[chosen])),
        }
    )
    with open_session(corpus) as session:
        acts = chosen_acts(session, kind.base, _filters(graph))
        acts = acts.join(session.frame(ends), on=["actor_id", "target_id"], how="semi")
        found = listed(session, acts, None).posts
    return found.groupby(["account", "target"], sort=False).head(each).reset_index(drop=True)


def _filters(graph: InteractionGraph) -> Filters:
    """Return the filters of a graph's acts; those that look at whole edges are in its edges."""
    names = ("origin", "lang", "hashtag", "text")
    filters = Filters.parse(**{name: graph.choices.get(name) for name in names})
    return replace(filters, since_ms=graph.window[0], until_ms=graph.window[1])
