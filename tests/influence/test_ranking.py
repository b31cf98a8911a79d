from __future__ import annotations

import json

import numpy as np
import pytest

from tests.influence.test_measures import higgs
from tests.reference import reference_data
from workbench.errors import UndefinedError, UsageError
from workbench.influence import MEASURES, rank
from workbench.influence.resampling import known_positions, ranks_at, resamples
from workbench.model import InteractionGraph
from workbench.model.partition import Partition


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


def test_simultaneous_intervals_are_wider_and_hold_the_rank():
    graph = audience(60, 55, 50, 20, 5, 1)
    each, joint = (
        rank(graph, top=5, bootstrap=200, interval=interval, seed=2).to_pandas()
        for interval in ("resampling", "simultaneous")
    )
    assert (joint["rank_low"] <= joint["rank"]).all()
    assert (joint["rank"] <= joint["rank_high"]).all()
    assert (joint["rank_high"][:3] - joint["rank_low"][:3]).tolist() == [2, 2, 2]
    width = [(t["rank_high"] - t["rank_low"]).sum() for t in (each, joint)]
    assert width[0] <= width[1]
    assert joint.iloc[3][["rank_low", "rank_high"]].tolist()[0] == 4
    nobody = rank(graph, top=0, bootstrap=20, interval="simultaneous", seed=2)
    assert nobody.to_pandas().empty


def test_more_confident_bounds_hold_the_less_confident():
    graph = audience(30, 25, 20, 15, 10)
    drawn = np.array(
        [ranks_at(v, np.arange(3)) for v in resamples(graph, "in_strength", runs=99, seed=5)]
    )
    wide, narrow = (
        np.percentile(drawn, bounds, axis=0, method="nearest") for bounds in ([2.5, 97.5], [25, 75])
    )
    assert (wide[0] <= narrow[0]).all()
    assert (narrow[1] <= wide[1]).all()


def test_the_rank_follows_the_order_where_the_scores_do_not():
    rows = [(f"f{s}_{i}", f"star{s}") for s, n in enumerate((6, 5, 4)) for i in range(n)]
    rows += [("star0", "star1"), ("f0_0", "star1"), ("star2", "f2_0"), ("f2_1", "f2_2")]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
    for name in ("collective_influence", "constraint"):
        scores = MEASURES[name].function(graph)
        assert scores.ordering is not None
        ranking = rank(graph, by=[name, "in_strength"], top=4)
        assert (
            ranking.positions.tolist()
            == known_positions(graph, scores)[scores.order()][:4].tolist()
        )
        table = ranking.to_pandas()
        assert table["rank"].tolist() == sorted(table["rank"])
        ids = scores.ids.to_pylist()
        assert table[name].tolist() == [scores.values[ids.index(a)] for a in ranking.accounts]
    assert (
        rank(graph, by="constraint", top=1, bootstrap=20, seed=1).to_dict()
        == rank(graph, by="constraint", top=1, bootstrap=20, seed=1).to_dict()
    )


def test_those_who_are_drawn_cannot_be_ranked_by_drawing():
    graph = audience(3, 2)
    for name in ("out_strength", "hub"):
        with pytest.raises(UsageError, match=rf"{name} ranks those who act.*without bootstrap"):
            rank(graph, by=name, bootstrap=5)
        assert len(rank(graph, by=name).accounts) == graph.nodes


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
    with pytest.raises(UsageError, match=r"no such interval.*resampling, simultaneous"):
        rank(graph, interval="exact")
    with pytest.raises(UndefinedError, match="no accounts to rank"):
        rank(InteractionGraph.from_edges([], []))
    fractions = InteractionGraph.from_edges(["a", "b"], ["c", "c"], [0.5, 1.5])
    with pytest.raises(UsageError, match=r"fractions.*rank without bootstrap"):
        rank(fractions, bootstrap=5)
    assert np.isfinite(rank(fractions).to_pandas()["in_strength"]).all()


def test_without_a_draw_there_is_no_seed():
    graph = audience(5, 3)
    assert rank(graph, by="betweenness").to_dict() == rank(graph, by="betweenness").to_dict()
    assert rank(graph, by=["in_strength", "closeness"], seed=3).seed is None
    assert rank(graph, by="betweenness", bootstrap=2, seed=3).seed == 3


@pytest.mark.parametrize("interval", ["resampling", "simultaneous"])
def test_resamples_without_a_value_are_ties(interval):
    rows = [("u1", "a"), ("u2", "a"), ("u3", "a"), ("u3", "b"), ("u4", "b"), ("u5", "b")]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
    left = dict.fromkeys(["u1", "u2", "u3", "a"], "left")
    sides = Partition.from_mapping(graph, left | dict.fromkeys(["u4", "u5", "b"], "right"))
    # Without the one act from side to side, in a third of the resamples, nobody is a gateway.
    found = rank(graph, by="gateway", sides=sides, bootstrap=60, interval=interval, seed=1)
    first = found.to_pandas().iloc[0]
    assert first[["account", "gateway", "rank", "rank_low"]].tolist() == ["b", 1, 1, 1]
    if interval == "resampling":
        assert (found.rank_low == 1).all()
