from __future__ import annotations

import json

import numpy as np
import pytest

from tests.influence.test_measures import higgs
from tests.reference import reference_data
from workbench.errors import UndefinedError, UsageError
from workbench.influence import rank
from workbench.model import InteractionGraph


def audience(*sizes):
    """Stars with audiences of the given sizes, and a fan who acts many times."""
    rows = [(f"f{s}_{i}", f"star{s}") for s, n in enumerate(sizes) for i in range(n)]
    return InteractionGraph.from_edges(*zip(*rows, strict=True))


def test_the_first_measure_orders_and_ties_share_a_rank():
    graph = audience(3, 3, 1)
    table = rank(graph, by=["in_strength", "pagerank"], top=3).to_pandas()
    assert table["account"].tolist() == ["star0", "star1", "star2"]
    assert table["rank"].tolist() == [1, 1, 3]
    assert list(table.columns) == ["rank", "account", "in_strength", "pagerank"]


def test_json_shape():
    result = rank(audience(4, 2), by="unique_amplifiers", top=1, bootstrap=20, seed=1).to_dict()
    assert set(result["graph"]) >= {"nodes", "edges", "weight"}
    (row,) = result["accounts"]
    assert set(row) == {"rank", "account", "unique_amplifiers", "rank_low", "rank_high"}
    assert result["seed"] == 1
    assert rank(audience(4)).to_dict()["accounts"][0]["rank_low"] is None


def test_far_apart_is_certain_and_close_is_not():
    far = rank(audience(200, 20), top=2, bootstrap=200, seed=3).to_pandas()
    assert far[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [2, 2]]
    close = rank(audience(30, 29), top=2, bootstrap=200, seed=3).to_pandas()
    assert close["rank_low"].tolist() == [1, 1]
    assert close["rank_high"].tolist() == [2, 2]


def test_one_devoted_amplifier_makes_a_rank_uncertain():
    rows = [("devoted", "idol")] * 40 + [(f"f{i}", "star") for i in range(30)]
    rows += [(f"g{i}", f"small{i % 3}") for i in range(9)]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
    table = rank(graph, top=2, bootstrap=300, seed=1).to_pandas().set_index("account")
    assert table.loc["idol", "rank"] == 1
    assert table.loc["idol", "rank_high"] > 2  # gone when its amplifier is not drawn


@pytest.mark.parametrize("by", ["in_strength", "unique_amplifiers", "pagerank", "core_number"])
def test_every_measure_resamples_and_repeats(by):
    graph = audience(6, 3)
    one, two = (rank(graph, by=by, top=2, bootstrap=10, seed=4).to_dict() for _ in range(2))
    assert one == two
    drawn = rank(graph, by=by, top=2, bootstrap=10)
    assert rank(graph, by=by, top=2, bootstrap=10, seed=drawn.seed).to_dict() == drawn.to_dict()


@pytest.mark.reference
def test_higgs_intervals_to_one_rank():
    values = json.loads(reference_data("diffusion/reference_values.json").read_text())
    expected = values["higgs"]["bootstrap_rank_CI95_cluster_by_retweeter_top10"]
    table = rank(higgs(), top=10, bootstrap=200, seed=1).to_pandas()
    for account, low, high in table[["account", "rank_low", "rank_high"]].to_numpy():
        assert abs(low - expected[account][0]) <= 1
        assert abs(high - expected[account][1]) <= 1


def test_bad_requests():
    graph = audience(2)
    with pytest.raises(UsageError, match="no such measure"):
        rank(graph, by="fame")
    with pytest.raises(UsageError, match="negative"):
        rank(graph, top=-1)
    with pytest.raises(UndefinedError, match="no accounts to rank"):
        rank(InteractionGraph.from_edges([], []))
    fractions = InteractionGraph.from_edges(["a", "b"], ["c", "c"], [0.5, 1.5])
    with pytest.raises(UsageError, match=r"fractions.*rank without bootstrap"):
        rank(fractions, bootstrap=5)
    assert np.isfinite(rank(fractions).to_pandas()["in_strength"]).all()
