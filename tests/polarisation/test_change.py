"""The samples against a slow loop; the test keeps its level, and the interval its coverage."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings

from tests.polarisation.cases import divided, graph_of, sides_of
from tests.polarisation.test_report import planted
from workbench.errors import UsageError
from workbench.model import InteractionGraph, Partition
from workbench.polarisation import INDICES, Difference, difference
from workbench.polarisation.change import _Pool
from workbench.rng import generator

EI = {"measure": "ei_index", "choices": {"weights": "weighted", "component": "all"}}


def talk(crossing, *, actors, seed, acts=3):
    """Return acts of numbered accounts upon four per side; `crossing` share of them crosses."""
    rng = generator(seed, "talk")
    edges = []
    for i in actors:
        for _ in range(acts):
            own = "xy"[i % 2]
            across = rng.random() < crossing
            side = {"x": "y", "y": "x"}[own] if across else own
            edges.append((f"{own}{i:03d}", f"{side}star{rng.integers(4)}"))
    return graph_of(edges)


def by_first_letter(*graphs):
    """Return the sides of the accounts of all graphs, which their names tell."""
    accounts = [a for graph in graphs for a in graph.accounts]
    whole = graph_of(list(zip(accounts, accounts, strict=True)))
    return sides_of(whole, {a: a[0] for a in whole.accounts})


def arcs_of(graph):
    return {(s, t): w for s, t, w in graph.to_pandas().itertuples(index=False)}


@settings(max_examples=25, deadline=None)
@given(divided(), divided())
def test_samples_move_all_acts_of_an_account_together(one, two):
    (edges, labels), (others, _) = one, two
    graphs = graph_of(edges), graph_of(others)
    pool = _Pool.of(*graphs, sides_of(graphs[0], labels))
    acts = [
        {a for a, b in list_ if a != b and a in labels and b in labels} for list_ in (edges, others)
    ]
    assert pool.counts() == {
        "first": len(acts[0] - acts[1]),
        "second": len(acts[1] - acts[0]),
        "both": len(acts[0] & acts[1]),
    }
    names = pool.empty.accounts
    for seed in range(3):
        moved = pool.exchanged(generator(seed))
        swapped = {}
        for source, late, now in zip(pool.source.tolist(), pool.late, moved, strict=True):
            assert swapped.setdefault(names[source], late ^ now) == (late ^ now)
        # As many of those who act in one window only are in each as there were.
        late = {a: (a in acts[1]) ^ swapped[a] for a in acts[0] ^ acts[1]}
        assert sum(late.values()) == len(acts[1] - acts[0])
        assert not any(swapped[a] for a in swapped if a not in acts[0] | acts[1])
        left = pool.without_some(generator(seed))
        gone = {names[s] for s, keep in zip(pool.source.tolist(), left, strict=True) if not keep}
        kept = {names[s] for s, keep in zip(pool.source.tolist(), left, strict=True) if keep}
        assert not gone & kept
        assert len(gone) == round(0.2 * len(acts[0] | acts[1]))


@settings(max_examples=15, deadline=None)
@given(divided(), divided())
def test_without_moving_anything_both_windows_have_their_value(one, two):
    (edges, labels), (others, _) = one, two
    first, second = graph_of(edges), graph_of(others)
    sides = sides_of(first, labels)
    found = difference(first, second, sides, measure="ei_index", runs=0, seed=1)
    pool = _Pool.of(first, second, sides)
    values = pool.values(np.ones(len(pool.source), dtype=bool), pool.late, found)
    if found.difference is None:
        assert values is None
        assert "second window: " in found.reason
    else:
        assert values == (found.first.value, found.second.value)
        assert found.difference == found.second.value - found.first.value
        alone = [labels.get(a) for a in second.accounts]
        told = Partition.from_labels(second, alone, method="given")
        assert found.second.value == INDICES["ei_index"].function(second, told).value


def test_a_change_is_found_and_its_interval_holds_it():
    first = talk(0.1, actors=range(60), seed=1)
    second = talk(0.4, actors=range(20, 90), seed=2)
    found = difference(first, second, by_first_letter(first, second), seed=3, **EI)
    assert found.p == pytest.approx(1 / 200)
    assert 0 < found.low < found.difference < found.high
    assert found.low < 2 * (0.4 - 0.1) < found.high
    assert found.first.low < found.first.value < found.first.high < found.second.low
    assert found.actors == {"first": 20, "second": 30, "both": 40}
    assert found.windows["second"]["share"] == 1
    assert found.reason is None


def test_without_a_change_p_keeps_its_level_and_the_interval_covers_zero():
    small, covered, rounds = 0, 0, 10
    for seed in range(rounds):
        first = talk(0.25, actors=range(40), seed=2 * seed)
        second = talk(0.25, actors=range(15, 75), seed=2 * seed + 1)
        found = difference(first, second, by_first_letter(first, second), seed=seed, **EI)
        small += found.p <= 0.05
        covered += found.low <= 0 <= found.high
    # 10 rounds at 5 %: more than 3 of one kind happen once in 1,000 times.
    assert small <= 3
    assert rounds - covered <= 3


def test_accounts_of_many_acts_count_once():
    # One account with half the acts turns around: no evidence about the others.
    calm = [(f"x{i:02d}", f"x{i + 1:02d}") for i in range(30)]
    calm += [(f"y{i:02d}", f"y{i + 1:02d}") for i in range(30)]
    loud = [("x_loud", f"{s}{i:02d}") for s in "xy" for i in range(31)]
    first, second = graph_of([*calm, *loud[:31]]), graph_of([*calm, *loud[31:]])
    found = difference(first, second, by_first_letter(first, second), seed=1, **EI)
    assert found.difference > 0.5
    assert found.p > 0.4


def test_few_runs_and_few_accounts_give_no_p_or_no_interval():
    first, second = talk(0.1, actors=range(60), seed=1), talk(0.4, actors=range(60), seed=2)
    sides = by_first_letter(first, second)
    found = difference(first, second, sides, runs=198, seed=3, **EI)
    assert found.difference is not None
    assert (found.p, found.low, found.high, found.first.low) == (None,) * 4
    few = [talk(q, actors=range(12), seed=s) for q, s in ((0.3, 1), (0.4, 2))]
    found = difference(*few, by_first_letter(*few), seed=3, **EI)
    assert found.p is not None
    assert found.low is None
    assert "no interval: fewer than 20 accounts act" in found.reason


def test_undefined_samples_are_told_and_give_no_p():
    # All contact is between accounts of one window: in many samples there is none in the other.
    first = graph_of([("x1", "x2"), ("y1", "x2")])
    second = graph_of([("x3", "y4"), ("x4", "x5")])
    choices = {"component": "all"}
    found = difference(
        first, second, by_first_letter(first, second), measure="adaptive_ei_index",
        choices=choices, seed=1,
    )  # fmt: skip
    assert found.p is None
    assert found.reason


def test_an_undefined_window_gives_no_difference():
    first = talk(0.1, actors=range(30), seed=1)
    silent = graph_of([("p", "q")])
    found = difference(first, silent, by_first_letter(first), measure="ei_index", seed=1)
    assert found.first.value is not None
    assert found.difference is None
    assert found.reason.startswith("second window: no edge between accounts")
    assert found.to_pandas()["value"].isna().tolist() == [False, True, True]
    json.dumps(found.to_dict(), allow_nan=False)


def test_as_json_and_table_and_the_seed_repeats():
    first, second = talk(0.1, actors=range(40), seed=1), talk(0.3, actors=range(40), seed=2)
    sides, steps = by_first_letter(first, second), []
    found = difference(first, second, sides, seed=3, advance=steps.append, **EI)
    assert sum(steps) == 2 * 199
    assert found.to_dict() == difference(first, second, sides, seed=3, **EI).to_dict()
    assert found.low != difference(first, second, sides, seed=4, **EI).low
    table = found.to_pandas()
    assert table["what"].tolist() == ["first", "second", "difference"]
    assert table["p"].isna().tolist() == [True, True, False]
    assert table["low"].notna().all()
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["difference"] == pytest.approx(told["second"]["value"] - told["first"]["value"])
    assert "which window" in told["tests"]
    assert "<table" in found._repr_html_()
    assert isinstance(found, Difference)


def test_wrong_use_is_explained():
    graph, sides = planted()
    with pytest.raises(UsageError, match="no such measure"):
        difference(graph, graph, sides, measure="rwc")
    with pytest.raises(UsageError, match="ei_index has no such choice: k"):
        difference(graph, graph, sides, measure="ei_index", choices={"k": 3})
    with pytest.raises(UsageError, match="runs must be 0 or more"):
        difference(graph, graph, sides, measure="ei_index", runs=-1)
    reply = InteractionGraph.from_edges(["a"], ["b"], kind="reply")
    with pytest.raises(UsageError, match="two kinds of act"):
        difference(graph, reply, sides, measure="ei_index")
    pair = InteractionGraph.from_edges(["a", "b"], ["b", "a"], kind="co_hashtag")
    with pytest.raises(UsageError, match="neither acts"):
        difference(pair, pair, sides_of(pair, {"a": "x", "b": "y"}), measure="ei_index")
