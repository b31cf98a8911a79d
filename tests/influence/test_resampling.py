"""Resamples are what drawing amplifiers again gives, and measures get what they need."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from workbench.errors import UsageError
from workbench.influence import MEASURES, rank
from workbench.influence.resampling import multiplicities, ranks_at, resamples, scored
from workbench.model import InteractionGraph, NodeScores, Partition
from workbench.model.registry import Measure
from workbench.rng import generator


def crossing(graph, sides):
    """Score accounts with a side by the number of their neighbours; the others have no score."""
    sides.check(graph)
    known = np.flatnonzero(sides.labels >= 0)
    degrees = np.bincount(graph.indices, minlength=graph.nodes)[known]
    return NodeScores.from_known(graph, known, degrees, name="crossing")


def posts(graph, corpus):
    """Score every account with what the corpus says."""
    return NodeScores.from_values(graph, np.full(graph.nodes, float(corpus)), name="posts")


def lots(graph, *, seed):
    """Draw a score for every account."""
    values = generator(seed, "lots").random(graph.nodes)
    return NodeScores.from_values(graph, values, name="lots", seed=seed)


@pytest.fixture
def needy(monkeypatch):
    """Register a measure that needs sides, one that needs posts, and one that draws."""
    reference = "doi:10.1/none"
    for name, function, facts in (
        ("crossing", crossing, {"needs": "sides"}),
        ("posts", posts, {"needs": "posts"}),
        ("lots", lots, {"stochastic": True}),
    ):
        monkeypatch.setitem(MEASURES, name, Measure(name, function, reference, **facts))


def small():
    graph = InteractionGraph.from_edges(["a", "b", "c", "a", "d"], ["b", "c", "b", "c", "b"])
    sides = Partition.from_labels(graph, ["l", "l", "r", None], method="given")
    return graph, sides


@settings(max_examples=30, deadline=None)
@given(graphs(min_edges=1), st.integers(0, 9))
def test_sums_equal_the_measure_of_the_graph_drawn(graph, seed):
    rng = generator(seed, "bootstrap", "in_strength")
    for values in resamples(graph, "in_strength", runs=3, seed=seed):
        times = dict(zip(graph.accounts, multiplicities(rng, graph.nodes), strict=True))
        expected = dict.fromkeys(graph.accounts, 0.0)
        for row in graph.to_pandas().itertuples():
            if row.source != row.target:
                expected[row.target] += row.weight * times[row.source]
        assert values.tolist() == list(expected.values())


def test_other_measures_are_those_of_the_graph_drawn():
    graph, _ = small()
    rng = generator(4, "bootstrap", "core_number")
    for values in resamples(graph, "core_number", runs=20, seed=4):
        times = multiplicities(rng, graph.nodes)
        left = [(s, t) for s, t in zip(*graph.arcs()[:2], strict=True) if times[s]]
        if left:
            names = graph.accounts
            drawn = InteractionGraph.from_edges(*([names[i] for i in e] for e in zip(*left)))  # noqa: B905
            cores = dict(zip(drawn.accounts, scored(drawn, "core_number").values, strict=True))
            assert values.tolist() == [cores.get(a, 0) for a in names]
        else:
            assert not values.any()


def test_multiplicities_are_independent_draws_from_poisson_1():
    rng = generator(3, "multiplicities")
    drawn = np.array([multiplicities(rng, 5) for _ in range(20_000)])
    shares = np.bincount(drawn.ravel().astype(int), minlength=6)[:6] / drawn.size
    expected = np.exp(-1) / np.array([1, 1, 2, 6, 24, 120])
    assert (np.abs(shares - expected) < 5 * np.sqrt(expected / drawn.size)).all()
    together = np.cov(drawn.T)
    assert together == pytest.approx(np.eye(5), abs=0.06)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.data())
def test_ranks_are_counts(values, data):
    shown = data.draw(st.lists(st.integers(0, len(values) - 1), max_size=5))
    found = ranks_at(np.array(values, float), np.array(shown, dtype=np.int64))
    assert found.tolist() == [1 + sum(v > values[i] for v in values) for i in shown]


def test_accounts_without_a_score_have_no_rank_and_come_last_in_resamples(needy):
    graph, sides = small()
    made = rank(graph, by=["crossing", "in_strength"], sides=sides, bootstrap=30, seed=2)
    table = made.to_pandas()
    assert sorted(table["account"]) == ["a", "b", "c"]
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["crossing"].tolist() == [3.0, 2.0, 0.0]
    other = rank(graph, by=["in_strength", "crossing"], sides=sides)
    missing = next(row for row in other.to_dict()["accounts"] if row["account"] == "d")
    assert missing["crossing"] is None
    assert np.isnan(other.to_pandas().set_index("account").loc["d", "crossing"])
    for values in resamples(graph, "crossing", runs=5, seed=2, sides=sides):
        assert np.isneginf(values[graph.position("d")]) or not values.any()
    several = [sides, sides]
    with pytest.raises(AttributeError):  # several partitions arrive as they were given
        scored(graph, "crossing", sides=several)


def test_what_is_missing_is_named(needy):
    graph, sides = small()
    with pytest.raises(UsageError, match=r"crossing needs sides.*sides="):
        rank(graph, by="crossing")
    with pytest.raises(UsageError, match=r"posts needs posts.*corpus=.*no posts"):
        rank(graph, by=["in_strength", "posts"], sides=sides)
    assert rank(graph, by="posts", corpus=7).to_pandas()["posts"].tolist() == [7.0] * 4
    with pytest.raises(UsageError, match=r"posts counts posts.*rank without bootstrap"):
        rank(graph, by="posts", corpus=7, bootstrap=5)


def test_measures_that_draw_take_the_seed_and_tell_it(needy):
    graph, _ = small()
    assert rank(graph, by="in_strength").seed is None
    drawn = rank(graph, by="lots")
    assert rank(graph, by="lots", seed=drawn.seed).to_dict() == drawn.to_dict()
    assert drawn.to_dict()["interval"] is None


def test_acts_that_cannot_be_drawn_again_are_refused():
    pair = InteractionGraph.from_edges(["a", "b"], ["b", "a"], kind="co_hashtag")
    with pytest.raises(UsageError, match=r"no amplifiers to draw again.*co_hashtag"):
        rank(pair, bootstrap=5)
    half = InteractionGraph.from_edges(["a", "b"], ["c", "c"], [0.5, 1])
    with pytest.raises(UsageError, match="weights are fractions"):
        rank(half, bootstrap=5)
