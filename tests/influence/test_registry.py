from __future__ import annotations

import numpy as np
import pytest

from tests.influence.cases import graph_of
from workbench.errors import UndefinedError
from workbench.influence import measures
from workbench.influence.registry import MEASURES, check
from workbench.model import InteractionGraph

#: The names that are promised, of measures that need only the graph.
PROMISED = {
    "in_strength", "unique_amplifiers", "pagerank", "authority", "core_number", "betweenness",
    "collective_influence", "leaderrank", "voterank", "hub", "katz", "closeness", "constraint",
}  # fmt: skip


def test_one_list_with_the_promised_names():
    assert measures.MEASURES is MEASURES
    assert set(MEASURES) >= PROMISED
    assert all(measure.ranks for measure in MEASURES.values() if not measure.needs)


def test_what_cannot_be_ranked():
    check(graph_of([("a", "b")]), "fame")
    with pytest.raises(UndefinedError, match="fame is undefined: the graph has no accounts"):
        check(InteractionGraph.from_edges([], []), "fame")
    bipartite = graph_of([("a", "#b")], kind="account_hashtag", parts=np.array([0, 1], np.int8))
    with pytest.raises(UndefinedError, match="also holds what they used: account_hashtag"):
        check(bipartite, "fame")
    tags = graph_of([("#a", "#b")], kind="hashtag_network")
    with pytest.raises(UndefinedError, match="the nodes of this graph are hashtags"):
        check(tags, "fame")
    check(graph_of([("a", "b"), ("b", "a")], kind="co_hashtag"), "fame")
