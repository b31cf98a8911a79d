"""Turnover between windows: who moves, the floor of noise, and windows without a top."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.corpora import crisis
from workbench.errors import UsageError
from workbench.graphs import windows
from workbench.influence import pivots, turnover
from workbench.model import InteractionGraph


def stars(**sizes):
    """Return a graph in which each star has so many fans."""
    rows = [(f"fan{i}.{star}", star) for star, size in sizes.items() for i in range(size)]
    return InteractionGraph.from_edges(*zip(*rows, strict=True))


def test_who_comes_stays_and_goes():
    told = turnover({"one": stars(a=9, b=8, c=7), "two": stars(a=5, d=6, e=1)}, k=2)
    (row,) = told.to_dict()["pairs"]
    assert (row["overlap"], row["newcomers"], row["leavers"]) == (0.5, 1, 1)
    assert (row["amplified_first"], row["amplified_second"]) == (3, 3)
    assert row["rbo"] is row["floor"] is row["reason"] is None
    moves = told.moves.drop(columns=["first", "second"])
    assert moves.astype(object).where(moves.notna(), None).to_numpy().tolist() == [
        ["a", 1, 2, "stayed"], ["b", 2, None, "leaver"], ["d", None, 1, "newcomer"],
    ]  # fmt: skip
    assert "<table" in told._repr_html_()


def test_the_same_window_has_no_turnover_and_another_has_nothing_in_common():
    many = {f"s{i:02}": 60 - i for i in range(50)}
    others = {f"t{i:02}": 60 - i for i in range(50)}
    told = turnover({"a": stars(**many), "b": stars(**many), "c": stars(**others)}, pairs="all")
    rows = told.rows.set_index(["first", "second"])
    assert rows.loc[("a", "b"), ["overlap", "rbo"]].tolist() == [1.0, pytest.approx(1.0)]
    assert rows.loc[("a", "c"), "overlap"] == 0
    assert rows.loc[("a", "c"), "rbo"] < 0.01
    assert len(rows) == 3
    assert len(turnover({"a": stars(**many), "b": stars(**many), "c": stars(**others)}).rows) == 2


def test_ties_at_the_cut_are_told():
    told = turnover({"one": stars(a=5, b=3, c=3), "two": stars(a=5, b=3, c=2)}, k=2)
    (row,) = told.to_dict()["pairs"]
    assert (row["overlap_low"], row["overlap"], row["overlap_high"]) == (0.5, 0.75, 1.0)
    assert row["newcomers"] == 0


def test_a_window_without_a_top_says_so():
    empty = InteractionGraph.from_edges([], [])
    told = turnover({"one": stars(a=3, b=2), "two": empty, "three": stars(a=3, b=1)}, k=2)
    assert told.rows["reason"].tolist() == [
        "only 0 accounts are amplified in the second window",
        "only 0 accounts are amplified in the first window",
    ]
    assert told.rows["overlap"].isna().all()
    assert not len(told.moves)


def test_a_measure_without_zero_at_the_bottom():
    told = turnover({"one": stars(a=9, b=2), "two": stars(b=2, a=9)}, by="pagerank", k=1)
    assert told.rows["overlap"].tolist() == [1.0]


def test_windows_of_the_crisis_and_the_seed():
    cut = windows(crisis(), "retweet", every="7d")
    one, two = (turnover(cut, k=5, bootstrap=10, seed=3).to_dict() for _ in range(2))
    assert one == two
    rows = pd.DataFrame(one["pairs"])
    assert len(rows) == len(cut) - 1
    assert rows["floor"].between(0.5, 1).all()
    assert (rows["floor_low"] <= rows["floor"]).all()
    assert (rows["floor_rbo_low"] <= rows["floor_rbo"]).all()
    drawn = turnover(cut, k=5, bootstrap=2)
    assert turnover(cut, k=5, bootstrap=2, seed=drawn.seed).to_dict() == drawn.to_dict()
    posts = turnover(cut, by="h_index", corpus=crisis(), k=1)
    assert posts.rows["overlap"].notna().all()


def test_without_change_the_overlap_is_that_of_the_floor():
    """Windows of one and the same attention: the mean overlap is within .05 of the mean floor."""
    rng = np.random.default_rng(4)
    chances = 1 / np.arange(1, 201)
    chances /= chances.sum()

    def window():
        source = np.repeat(np.arange(400), rng.geometric(0.4, 400))
        target = rng.choice(200, len(source), p=chances)
        return InteractionGraph.from_edges([f"f{i}" for i in source], [f"t{i}" for i in target])

    found = [
        turnover({"a": window(), "b": window()}, bootstrap=8, seed=run).rows.iloc[0]
        for run in range(40)
    ]
    overlap, floor = (np.mean([row[name] for row in found]) for name in ("overlap", "floor"))
    assert overlap == pytest.approx(floor, abs=0.05)


def test_what_is_refused():
    pair = {"one": stars(a=3, b=2), "two": stars(a=3, b=1)}
    with pytest.raises(UsageError, match="two windows or more"):
        turnover({"one": stars(a=1)})
    with pytest.raises(UsageError, match="no such measure"):
        turnover(pair, by="fame")
    with pytest.raises(UsageError, match="each window would need its own"):
        turnover(pair, by="participation")
    with pytest.raises(UsageError, match="h_index needs posts"):
        turnover(pair, by="h_index")
    with pytest.raises(UsageError, match="no such pairs"):
        turnover(pair, pairs="some")
    with pytest.raises(UsageError, match="k must be at least 1"):
        turnover(pair, k=0)
    with pytest.raises(UsageError, match="persistence"):
        turnover(pair, p=1.0)
    with pytest.raises(UsageError, match="0 or more"):
        turnover(pair, bootstrap=-1)
    fractions = InteractionGraph.from_edges(["a", "b"], ["c", "c"], [0.5, 1.5])
    with pytest.raises(UsageError, match="fractions"):
        turnover({"one": fractions, "two": fractions}, bootstrap=2, k=1)


def test_a_measure_that_draws_leaves_its_seed(monkeypatch):
    graph = InteractionGraph.from_edges(
        [f"a{i}" for i in range(90)], [f"a{i * 7 % 90}" for i in range(1, 91)]
    )
    cut = {"one": graph, "two": graph.reversed()}
    assert turnover(cut, by="closeness", seed=4).seed is None
    monkeypatch.setattr(pivots, "EXACT_NODES", 10)
    monkeypatch.setattr(pivots, "PIVOTS", 32)
    drawn = turnover(cut, by="closeness")
    assert drawn.seed is not None
    assert drawn.to_dict() == turnover(cut, by="closeness", seed=drawn.seed).to_dict()
