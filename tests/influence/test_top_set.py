"""The set holds the top k, is no larger than it must be, and repeats."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.influence.test_measures import higgs
from tests.influence.test_ranking import audience
from workbench.errors import UndefinedError, UsageError
from workbench.influence import rank, top_k
from workbench.model import InteractionGraph


def test_far_apart_is_sure_and_close_is_not():
    graph = audience(300, 150, 20, 18, 16)
    found = top_k(graph, k=2, seed=1)
    assert found.possible == found.sure == ["star0", "star1"]
    close = top_k(graph, k=3, seed=1)
    assert close.sure == ["star0", "star1"]
    assert close.possible == ["star0", "star1", "star2", "star3", "star4"]
    table = close.to_pandas()
    assert list(table.columns) == ["rank", "account", "in_strength", "sure"]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert table["in_strength"].tolist() == [300, 150, 20, 18, 16]
    assert close.known == graph.nodes
    json.dumps(close.to_dict())
    assert "<table" in close._repr_html_()


def test_sets_hold_each_other_and_widen_with_confidence():
    graph = audience(60, 50, 42, 30, 25, 12, 6)
    for k in (1, 3, 5):
        narrow, wide = (top_k(graph, k=k, seed=3, confidence=c) for c in (0.8, 0.99))
        assert set(narrow.possible) <= set(wide.possible)
        assert set(wide.sure) <= set(narrow.sure) <= set(narrow.possible)
        best = rank(graph, top=k).accounts
        assert set(narrow.sure) <= set(best) <= set(narrow.possible)
        assert len(narrow.sure) <= k <= len(narrow.possible)
    every = top_k(graph, k=graph.nodes, seed=3)
    assert set(every.possible) == set(every.sure) == set(graph.accounts)


def test_one_devoted_amplifier_is_no_top():
    rows = [("devoted", "idol")] * 200 + [(f"f{i}", "star") for i in range(100)]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
    found = top_k(graph, k=1, seed=1)
    assert found.possible == ["idol", "star"]
    assert found.sure == []
    assert top_k(graph, k=1, by="unique_amplifiers", seed=1).sure == ["star"]


@pytest.mark.parametrize("by", ["in_strength", "pagerank", "core_number"])
def test_the_same_seed_gives_the_same_set(by):
    graph = audience(20, 12, 6)
    one = top_k(graph, k=2, by=by, bootstrap=60)
    again = top_k(graph, k=2, by=by, bootstrap=60, seed=one.seed)
    assert again.to_dict() == one.to_dict()
    assert "star0" in again.possible


@pytest.mark.reference
@pytest.mark.slow
def test_higgs():
    found = top_k(higgs(), k=10, seed=1)
    assert 4 <= len(found.sure) <= 8  # nine and ten could be eleven and twelve
    assert 12 <= len(found.possible) <= 20
    assert found.possible[:3] == ["88", "677", "1988"]


def test_bad_requests():
    graph = audience(5, 3)
    for k in (0, -1, graph.nodes + 1, 2.5, True):
        with pytest.raises(UsageError, match="k is out of range"):
            top_k(graph, k=k)
    with pytest.raises(UsageError, match="too few resamples"):
        top_k(graph, k=1, bootstrap=5)
    for confidence in (0, 1, float("nan")):
        with pytest.raises(UsageError, match="confidence"):
            top_k(graph, k=1, confidence=confidence)
    with pytest.raises(UsageError, match="no such measure"):
        top_k(graph, k=1, by="fame")
    with pytest.raises(UndefinedError, match="no accounts to rank"):
        top_k(InteractionGraph.from_edges([], []))
    with pytest.raises(UsageError, match="fractions"):
        top_k(InteractionGraph.from_edges(["a"], ["b"], [0.5]), k=1)
    alone = InteractionGraph.from_edges(["a"], ["a"])
    assert top_k(alone, k=1, seed=1).possible == ["a"]
    assert np.array_equal(top_k(alone, k=1, seed=1).scores, [0.0])
