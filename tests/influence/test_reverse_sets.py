"""Reverse-reachable sets estimate spreads, the cover is greedy, and its bound bounds the best."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.influence.cascades import exact_spread, tiny
from workbench.errors import UsageError
from workbench.influence import reverse_sets
from workbench.influence.flow import MODELS, flow_of
from workbench.influence.reverse_sets import ReverseSets, certify, cover, draw, most_sets
from workbench.rng import generator

SETS = st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=1, max_size=12)


def of(sets, nodes=6):
    sizes = [len(one) for one in sets]
    members = np.array([v for one in sets for v in sorted(one)], dtype=np.int32)
    return ReverseSets(nodes, np.cumsum([0, *sizes]), members)


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_the_share_that_is_hit_is_the_spread(model, data):
    graph = data.draw(tiny())
    factor = data.draw(st.sampled_from([0.0, 0.5, 1.0]))
    accounts = data.draw(st.lists(st.integers(0, graph.nodes - 1), min_size=1, unique=True))
    flow = flow_of(graph, model=model, probability=None, factor=factor)
    sets = draw(flow, 4_000, rng=generator(1, "test"))
    found = sets.hit_by(np.array(accounts)) / sets.count
    exact = exact_spread(graph, accounts, model, factor=factor) / graph.nodes
    assert abs(found - exact) <= 5 * np.sqrt(max(0.0, exact * (1 - exact)) / 4_000) + 1e-3
    assert sets.count == 4_000
    for i in range(50):
        members = sets.members[sets.indptr[i] : sets.indptr[i + 1]].tolist()
        assert members == sorted(set(members))


@settings(max_examples=80, deadline=None)
@given(sets=SETS, k=st.integers(1, 6))
def test_the_cover_is_greedy_and_no_other_beats_its_bound(sets, k):
    found = cover(of(sets), k)
    hit = set()
    for account, gain in zip(found.chosen, found.gains, strict=True):
        left = [i for i in range(len(sets)) if i not in hit]
        gains = [sum(v in sets[i] for i in left) for v in range(6)]
        earlier = found.chosen[: found.chosen.tolist().index(account)]
        best = max(g for v, g in enumerate(gains) if v not in earlier)
        assert gain == gains[account] == best
        assert account == min(v for v in range(6) if gains[v] == best and v not in earlier)
        hit |= {i for i in left if account in sets[i]}
    assert of(sets).hit_by(found.chosen) == len(hit) == found.gains.sum()
    best = max(of(sets).hit_by(np.array(some)) for some in combinations(range(6), k))
    assert len(hit) <= best <= found.most <= len(sets)
    assert found.most * (1 - np.exp(-1)) <= len(hit) + 1e-9 or best < found.most


@settings(max_examples=60, deadline=None)
@given(sets=SETS, seeds=st.permutations(range(6)))
def test_what_is_hit_is_monotone_and_submodular(sets, seeds):
    def f(*accounts):
        return of(sets).hit_by(np.array(accounts, dtype=np.int64))

    u, v, *more = seeds
    assert f(u) <= f(u, v) <= f(u, v, *more)
    assert f(u, v, *more) - f(v, *more) <= f(u, v) - f(v) <= f(u) - f()


def test_joined_sets_are_all_of_both():
    both = of([{0}, {1, 2}]).joined(of([{3, 4, 5}]))
    assert (both.count, both.indptr.tolist()) == (3, [0, 1, 3, 6])
    assert both.hit_by(np.array([2, 5])) == 2


def test_bounds_enclose_and_tighten():
    wide, narrow = (certify(1_000, hit=s // 5, most=s // 4, sets=s, failure=0.01)
                    for s in (100, 100_000))  # fmt: skip
    assert wide[0] < narrow[0] < 200
    assert 250 < narrow[1] < wide[1]
    assert certify(1_000, hit=0, most=10, sets=10, failure=0.01) == pytest.approx((0, 1_000))
    # θ_max and the bounds as computed by hand from the paper's formulas.
    assert most_sets(1_000, 1, epsilon=0.1, failure=0.001) == pytest.approx(
        200_000 * (0.6321206 * 8.699515**0.5 + (0.6321206 * (6.907755 + 8.699515)) ** 0.5) ** 2,
        rel=1e-5,
    )
    assert narrow[0] == pytest.approx(195.7387, abs=1e-3)


def test_sets_that_would_not_fit_are_refused(monkeypatch):
    monkeypatch.setattr(reverse_sets, "_MOST_MEMBERS", 100)
    from tests.influence.test_maximisation import tangle

    flow = flow_of(tangle(), model=MODELS[0], probability=1.0, factor=None)
    with pytest.raises(UsageError, match=r"too large: .* accounts a set.*fewer sets"):
        draw(flow, 50, rng=generator(1, "test"))
