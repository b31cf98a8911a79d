from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tests.graph_strategies import graphs
from workbench.errors import UsageError
from workbench.model import InteractionGraph
from workbench.model.backbone import disparity_backbone, disparity_p


@given(graphs())
def test_p_values_equal_the_formula_edge_by_edge(graph):
    found = disparity_p(graph)
    table = graph.to_pandas()
    proper = table[table["source"] != table["target"]]
    for (source, target, weight), p in zip(table.itertuples(index=False), found, strict=True):
        if source == target:
            assert p == 1.0
            continue
        candidates = []
        for end, column in ((source, "source"), (target, "target")):
            arcs = proper[proper[column] == end]
            k = len(arcs)
            share = weight / arcs["weight"].sum()
            candidates.append((1 - share) ** (k - 1) if k > 1 else 1.0)
        assert p == pytest.approx(min(candidates))


def test_a_dominant_edge_survives_and_a_lonely_one_does_not():
    rows = [("hub", f"leaf{i}", 1) for i in range(9)] + [("hub", "friend", 50), ("p", "q", 99)]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
    kept = disparity_backbone(graph, alpha=0.05)
    assert kept.accounts.tolist() == ["hub", "friend"]
    assert kept.weight.tolist() == [50.0]


@given(graphs())
def test_a_larger_alpha_keeps_more(graph):
    few, many = (disparity_backbone(graph, alpha=a) for a in (0.05, 0.6))
    assert few.edges <= many.edges <= graph.edges
    assert set(few.accounts) <= set(many.accounts)
    assert few.self_loops == 0


@pytest.mark.parametrize("alpha", [0, 1, -0.1, 2, np.nan])
def test_alpha_is_a_level(alpha):
    with pytest.raises(UsageError, match="alpha is out of range"):
        disparity_backbone(InteractionGraph.from_edges(["a"], ["b"]), alpha=alpha)
