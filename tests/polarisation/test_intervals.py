"""Intervals: coverage on a model that is known, closed forms, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from tests.polarisation.cases import camps, graph_of, planted, sides_of
from workbench.errors import UsageError
from workbench.polarisation import INDICES, find_sides, report
from workbench.polarisation.intervals import RESAMPLES


def two_blocks(n, within, across, seed):
    """Draw a graph of two blocks of n accounts; its E–I index is known in expectation."""
    rng = np.random.default_rng(seed)
    names = [f"x{i}" for i in range(n)] + [f"y{i}" for i in range(n)]
    side = np.repeat([0, 1], n)
    chance = np.where(side[:, None] == side[None, :], within, across)
    drawn = np.triu(rng.random((2 * n, 2 * n)) < chance, 1)
    edges = [(names[i], names[j]) for i, j in zip(*np.nonzero(drawn), strict=True)]
    graph = graph_of(edges)
    return graph, sides_of(graph, {a: a[0] for a in graph.accounts})


@pytest.mark.parametrize(("kind", "wide"), [("jackknife", (4.2, 6.8)), ("bootstrap", (3.2, 4.6))])
def test_intervals_hold_the_truth_about_as_often_as_they_say(kind, wide):
    """Over 40 graphs of one model the E–I interval holds the model's value in 95 %, give or take.

    A normal interval is 3.9 standard deviations wide. Here edges are independent, so that acts
    are the sample, and the jackknife of accounts is wider than needed.
    """
    n, within, across = 40, 0.2, 0.06
    inside, outside = n * (n - 1) * within, n * n * across
    truth = (outside - inside) / (outside + inside)
    held, widths, values = 0, [], []
    for seed in range(40):
        found = report(
            *two_blocks(n, within, across, seed), measures=["ei_index"], null="none",
            interval=kind, seed=seed,
        )["ei_index"]  # fmt: skip
        held += found.low <= truth <= found.high
        widths.append(found.high - found.low)
        values.append(found.value)
    assert held >= 34
    edges = inside + outside
    spread = np.sqrt((1 - truth**2) / edges)
    assert wide[0] < np.mean(widths) / spread < wide[1]
    assert np.std(values, ddof=1) == pytest.approx(spread, rel=0.35)


@pytest.mark.parametrize("name", INDICES)
@pytest.mark.parametrize("kind", ["jackknife", "bootstrap"])
def test_every_index_has_an_interval_around_its_value(name, kind):
    choices = {"k": 2} if "k" in INDICES[name].choices else {}
    found = report(
        *planted(), measures=[name], null="none", interval=kind, choices=choices, seed=1
    )[name]
    assert found.low <= found.value <= found.high
    assert found.low < found.high
    low, high = INDICES[name].bounds
    assert low is None or found.low >= low
    assert high is None or found.high <= high
    assert found.choices["interval"] == kind
    assert found.choices["resamples"] == RESAMPLES


def test_the_same_seed_gives_the_same_interval_and_sides_are_found_again():
    graph, _ = planted()
    sides = find_sides(graph, seed=1)
    chosen = {"measures": ["modularity"], "null": "none", "interval": "jackknife"}
    one, two, other = (report(graph, sides, seed=s, **chosen)["modularity"] for s in (1, 1, 2))
    assert (one.low, one.high) == (two.low, two.high)
    assert (one.low, one.high) != (other.low, other.high)
    given = sides_of(graph, {a: str(v) for a, v in zip(graph.accounts, sides.labels, strict=True)})
    kept = report(graph, given, seed=1, **chosen)["modularity"]
    assert (kept.low, kept.high) != (one.low, one.high)


def test_a_value_that_is_often_undefined_has_no_interval():
    """Both camps meet over one act: most replicates lose one of them."""
    graph, sides = camps(1)
    found = report(graph, sides, measures=["ei_index"], null="none", interval="bootstrap", seed=1)[
        "ei_index"
    ]
    assert found.value is not None
    assert (found.low, found.high) == (None, None)
    assert found.choices["undefined_resamples"] > RESAMPLES * 0.05


def test_acts_need_whole_weights():
    graph = graph_of([("a", "b"), ("b", "c"), ("c", "d")], [1, 2.5, 3])
    sides = sides_of(graph, {"a": "x", "b": "x", "c": "y", "d": "y"})
    with pytest.raises(UsageError, match=r"not a whole number: 2\.5.*--interval jackknife"):
        report(graph, sides, measures=["ei_index"], null="none", interval="bootstrap")
    report(graph, sides, measures=["ei_index"], null="none", interval="jackknife", seed=1)
    with pytest.raises(UsageError, match=r"no such interval: normal.*none, jackknife, bootstrap"):
        report(graph, sides, measures=["ei_index"], null="none", interval="normal")
