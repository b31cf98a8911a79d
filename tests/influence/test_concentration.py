"""Gini and shares of the top: closed forms, Higgs, and how often the intervals hold the truth."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import crisis
from tests.influence.test_measures import higgs
from tests.influence.test_reshares import built_of_crisis
from tests.reference import reference_data
from workbench.communities import leiden
from workbench.errors import UndefinedError, UsageError
from workbench.influence import concentration, gini, in_strength, top_share
from workbench.model import InteractionGraph
from workbench.model.partition import Partition

values = st.lists(st.integers(0, 50), min_size=1, max_size=40).filter(any)


@settings(max_examples=100)
@given(values)
def test_gini_is_half_the_mean_difference_over_the_mean(numbers):
    array = np.array(numbers, dtype=float)
    differences = np.abs(array[:, None] - array[None, :]).mean()
    assert gini(numbers) == pytest.approx(differences / (2 * array.mean()), abs=1e-12)


def test_closed_forms():
    assert gini([3, 3, 3]) == pytest.approx(0.0)
    assert gini([0, 0, 0, 7]) == pytest.approx(3 / 4)
    assert gini(np.arange(1, 101)) == pytest.approx((100**2 - 1) / (3 * 100 * 101))
    assert top_share([5, 3, 2], 1) == 0.5
    assert top_share([5, 3, 2], 99) == 1.0
    assert top_share(list(range(1, 101)), 0.1) == pytest.approx(sum(range(91, 101)) / 5050)
    assert top_share([5, 3, 2], 0.01) == 0.5  # never fewer than one


@settings(max_examples=50)
@given(values, st.integers(1, 50))
def test_scale_does_not_matter_and_more_accounts_have_more(numbers, k):
    assert gini([7 * n for n in numbers]) == pytest.approx(gini(numbers))
    assert top_share(numbers, k) <= top_share(numbers, k + 1) + 1e-12
    assert gini([*numbers, 0]) >= gini(numbers) - 1e-12


def rows_of(told):
    rows = told.to_pandas()
    return {(q, o): row for (q, o), row in rows.set_index(["quantity", "over"]).iterrows()}


@pytest.mark.reference
def test_higgs():
    reference = json.loads(reference_data("diffusion/reference_values.json").read_text("utf-8"))
    expected = reference["higgs"]["share_of_RTs_top1_10_100_1pct"]
    told = concentration(higgs(), runs=20, seed=1)
    rows = rows_of(told)
    names = ("top_1", "top_10", "top_100", "top_1pct")
    assert [rows[name, "all"]["value"] for name in names] == pytest.approx(expected, abs=5e-7)
    assert told.accounts == {
        "all": reference["higgs"]["retweet"]["nodes"],
        "amplified": reference["higgs"]["n_accounts_retweeted"],
    }
    assert rows["top_1pct", "all"]["k"] == 2564
    assert rows["gini", "all"]["value"] == pytest.approx(0.97166, abs=1e-5)
    assert rows["gini", "amplified"]["value"] == pytest.approx(0.82450, abs=1e-5)
    assert (told.rows["low"] < told.rows["value"]).all()
    assert (told.rows["value"] < told.rows["high"]).all()


def test_rows_equal_the_functions_and_the_seed_repeats():
    built = built_of_crisis()
    scores = in_strength(built).values
    told, again = (concentration(built, runs=30, seed=2) for _ in range(2))
    assert told.to_dict() == again.to_dict()
    rows = rows_of(told)
    assert rows["gini", "all"]["value"] == pytest.approx(gini(scores))
    assert rows["gini", "amplified"]["value"] == pytest.approx(gini(scores[scores > 0]))
    assert rows["top_1pct", "amplified"]["value"] == pytest.approx(
        top_share(scores[scores > 0], 0.01)
    )
    drawn = concentration(built, runs=5)
    assert concentration(built, runs=5, seed=drawn.seed).to_dict() == drawn.to_dict()
    bare = concentration(built)
    assert (bare.seed, bare.rows["low"].isna().all()) == (None, True)
    assert bare.to_dict()["concentration"][0]["low"] is None
    assert "<table" in told._repr_html_()


@pytest.mark.parametrize("by", ["unique_amplifiers", "pagerank", "gateway", "h_index"])
def test_every_measure_that_is_not_negative(by):
    built = built_of_crisis()
    told = concentration(
        built, by=by, runs=3, seed=1, sides=leiden(built, seed=1), corpus=crisis(), tops=(5,)
    )
    assert told.rows["value"].between(0, 1).all()
    assert told.rows["low"].notna().all()


def test_what_is_refused():
    built = built_of_crisis()
    for k in (0, -1, 1.5, 0.0, True, "all"):
        with pytest.raises(UsageError, match="a number of accounts or a share"):
            concentration(built, tops=(k,))
    with pytest.raises(UsageError, match="two replicates or more"):
        concentration(built, runs=1)
    with pytest.raises(UndefinedError, match="negative"):
        concentration(built, by="within_module_z", sides=leiden(built, seed=1))
    with pytest.raises(UsageError, match="participation needs sides"):
        concentration(built, by="participation")
    few = InteractionGraph.from_edges(["a", "b"], ["c", "c"])
    with pytest.raises(UndefinedError, match="too few accounts act: 2"):
        concentration(few, runs=5)
    loops = InteractionGraph.from_edges(["a"], ["a"])
    with pytest.raises(UndefinedError, match="nothing is above 0"):
        concentration(loops)
    for bad in ([], [0, 0]):
        with pytest.raises(UndefinedError, match="nothing is above 0"):
            gini(bad)
    for bad in ([1, -1], [1, float("nan")], [1, float("inf")]):
        with pytest.raises(UndefinedError, match="negative or not finite"):
            top_share(bad, 1)


def drawn_graph(rng, chances, amplifiers):
    acts = rng.geometric(0.3, amplifiers)
    source = np.repeat(np.arange(amplifiers), acts)
    target = rng.choice(len(chances), len(source), p=chances)
    return InteractionGraph.from_edges([f"f{i}" for i in source], [f"t{i}" for i in target])


@pytest.mark.slow
def test_intervals_hold_what_as_many_amplifiers_give_on_average():
    """For the Gini over the amplified and the top; graphs have no accounts that never occur."""
    chances = 1 / np.arange(1, 401)
    chances /= chances.sum()
    rng = np.random.default_rng(1)
    tops = (10, 100)
    names = [("gini", "amplified"), ("top_10", "all"), ("top_100", "all")]
    truth = np.mean(
        [
            [
                rows_of(concentration(drawn_graph(rng, chances, 600), tops=tops))[n]["value"]
                for n in names
            ]
            for _ in range(200)
        ],
        axis=0,
    )
    held = np.zeros(3)
    for run in range(100):
        rows = rows_of(concentration(drawn_graph(rng, chances, 600), tops=tops, runs=150, seed=run))
        held += [rows[n]["low"] <= t <= rows[n]["high"] for n, t in zip(names, truth, strict=True)]
    assert (held >= 88).all(), held


def test_a_share_of_the_top_counts_as_it_is_written():
    for share, size in ((0.29, 29), (0.57, 57), (0.58, 58), (0.07, 7)):
        assert top_share([1] * 100, share) == pytest.approx(size / 100)


def test_who_is_left_out_is_no_account_without_acts():
    source = [f"a{i}" for i in range(40) for _ in range(1 + i % 7)]
    target = [f"a{(i * 3 + 1) % 40}" for i in range(len(source))]
    graph = InteractionGraph.from_edges(source, target)
    for by in ("out_strength", "unique_amplified"):
        rows = rows_of(concentration(graph, by=by, runs=30, seed=1))
        everyone, amplified = rows["gini", "all"], rows["gini", "amplified"]
        assert everyone["value"] == amplified["value"]  # all of them act
        assert everyone["low"] == pytest.approx(amplified["low"])
        assert everyone["high"] == pytest.approx(amplified["high"])


def test_without_direction_there_is_no_interval():
    ring = [f"a{i}" for i in range(30)]
    turned = ring[1:] + ring[:1]
    graph = InteractionGraph.from_edges(ring + turned, turned + ring, kind="co_hashtag")
    assert concentration(graph, by="core_number").to_dict()["concentration"][0]["value"] == 0
    with pytest.raises(UsageError, match=r"without direction nobody acts.*co_hashtag"):
        concentration(graph, by="core_number", runs=20)


def test_an_interval_of_what_becomes_undefined_is_refused():
    source = ["u0", *(f"u{i}" for i in range(30))]
    graph = InteractionGraph.from_edges(source, ["b", *["a"] * 30])
    sides = Partition.from_mapping(graph, dict.fromkeys(graph.accounts, "left") | {"b": "right"})
    assert concentration(graph, by="gateway", sides=sides).rows["value"][0] > 0
    with pytest.raises(UndefinedError, match=r"no interval.*those who act.*gateway"):
        concentration(graph, by="gateway", sides=sides, runs=40, seed=1)
