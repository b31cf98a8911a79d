"""Overlaps equal slow counts over all orders of the tied, and published numbers."""

from __future__ import annotations

import json
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.influence.test_measures import higgs
from tests.reference import reference_data
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.influence import (
    agreement,
    authority,
    in_strength,
    pagerank,
    rank_biased_overlap,
    top_overlap,
)
from workbench.model import InteractionGraph, NodeScores

N = 5


def ring(n=N):
    names = [f"a{i}" for i in range(n)]
    return InteractionGraph.from_edges(names, names[1:] + names[:1])


def of(values, name="one", graph=None):
    graph = graph or ring(len(values))
    return NodeScores.from_values(graph, np.array(values, float), name=name)


def orders(values):
    """Return every list from the highest score down."""
    return [o for o in permutations(range(len(values)))
            if all(values[a] >= values[b] for a, b in pairwise(o))]  # fmt: skip


few = st.lists(st.integers(0, 2), min_size=N, max_size=N)


@settings(max_examples=40, deadline=None)
@given(few, few, st.integers(1, N))
def test_overlap_is_the_mean_over_all_orders_between_the_extremes(first, second, k):
    found = top_overlap(of(first), of(second, "two"), k=k)
    shares = [
        len(set(one[:k]) & set(other[:k])) / k for one in orders(first) for other in orders(second)
    ]
    assert found.value == pytest.approx(np.mean(shares))
    assert found.low == pytest.approx(min(shares))
    assert found.high == pytest.approx(max(shares))
    assert found.accounts == N


def plain_rbo(one, other, p):
    """Webber et al., equation 23, for two lists of the same accounts without ties."""
    n = len(one)
    agreed = [len(set(one[:d]) & set(other[:d])) / d for d in range(1, n + 1)]
    return (1 - p) / p * sum(a * p**d for d, a in enumerate(agreed, 1)) + agreed[-1] * p**n


@settings(max_examples=40, deadline=None)
@given(few, few, st.sampled_from([0.5, 0.9]))
def test_unknown_ties_are_the_mean_over_all_orders(first, second, p):
    found = rank_biased_overlap(of(first), of(second, "two"), p=p, ties="unknown")
    every = [plain_rbo(a, b, p) for a in orders(first) for b in orders(second)]
    assert found == pytest.approx(np.mean(every))


@settings(max_examples=40, deadline=None)
@given(few, few, st.sampled_from([0.5, 0.9]))
def test_equal_ties_share_their_rank(first, second, p):
    def held(values, d):
        return {i for i, v in enumerate(values) if sum(w > v for w in values) < d}

    agreed = []
    for d in range(1, N + 1):
        one, other = held(first, d), held(second, d)
        agreed.append(2 * len(one & other) / (len(one) + len(other)))
    expected = (1 - p) / p * sum(a * p**d for d, a in enumerate(agreed, 1)) + agreed[-1] * p**N
    found = rank_biased_overlap(of(first), of(second, "two"), p=p)
    assert found == pytest.approx(expected)
    assert found == pytest.approx(rank_biased_overlap(of(second, "two"), of(first), p=p))
    assert rank_biased_overlap(of(first), of(first, "two"), p=p) == pytest.approx(1.0)


def test_the_weight_of_the_top_is_the_one_stated():
    rest = np.arange(2_000, 0, -1.0)
    other = rest.copy()
    other[:10] = other[:10][::-1]  # the first ten the other way round
    same = rank_biased_overlap(of(rest), of(other, "two"), p=0.9)
    assert 0.3 < same < 0.75
    weight = 0.1 / 0.9 * sum(0.9**d / d * min(d, 10) for d in range(1, 400))
    beyond = 1 - rank_biased_overlap(
        of(rest), of(np.r_[np.zeros(10), rest[10:]], "two"), p=0.9
    )  # fmt: skip
    assert weight == pytest.approx(0.86, abs=0.005)
    assert beyond == pytest.approx(0.86, abs=0.1)


def test_agreement_holds_every_pair_at_every_k():
    graph = ring(4)
    scores = [of([4, 3, 2, 1], "a", graph), of([3, 4, 1, 2], "b", graph),
              of([1, 2, 3, 4], "c", graph)]  # fmt: skip
    found = agreement(scores, at=(1, 2))
    assert found.ks == (1, 2)
    assert found.matrix(1).to_numpy().tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert found.matrix(2).to_numpy().tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert found.matrix().loc["a", "c"] == rank_biased_overlap(scores[0], scores[2])
    assert (np.diag(found.matrix()) == pytest.approx(1.0)) is True
    table = found.to_pandas()
    assert table[["one", "other", "k"]].to_numpy().tolist() == [
        ["a", "b", 1], ["a", "b", 2], ["a", "c", 1], ["a", "c", 2], ["b", "c", 1], ["b", "c", 2]
    ]  # fmt: skip
    json.dumps(found.to_dict())
    assert "<table" in found._repr_html_()
    with pytest.raises(UsageError, match="not looked at"):
        found.matrix(3)


def test_only_accounts_with_both_scores_are_compared():
    graph = ring(4)
    one = NodeScores.from_known(graph, np.array([0, 1, 2]), np.array([3.0, 2, 1]), name="one")
    other = NodeScores.from_known(graph, np.array([1, 2, 3]), np.array([1.0, 2, 9]), name="two")
    found = top_overlap(one, other, k=1)
    assert (found.accounts, found.value) == (2, 0.0)
    assert top_overlap(one, other, k=2).value == 1.0
    with pytest.raises(UsageError, match=r"k is out of range.*1 to 2"):
        top_overlap(one, other, k=3)


@pytest.mark.reference
def test_higgs_in_strength_pagerank_and_authority():
    values = json.loads(reference_data("diffusion/reference_values.json").read_text())["higgs"]
    graph = higgs()
    scores = [in_strength(graph), pagerank(graph), authority(graph)]
    found = agreement(scores, at=(10, 100, 1000))
    for name in ("pagerank", "authority"):
        for k, share in values[f"topk_overlap_instrength_{name}"].items():
            at = found.overlaps["in_strength", name, int(k)]
            assert at.value == pytest.approx(share, abs=0.005 if k == "1000" else 1e-12)
            assert at.low - 1e-9 <= share <= at.high + 1e-9
    ranks = [np.argsort(np.argsort(s.values, kind="stable")) for s in scores[:2]]
    assert np.corrcoef(ranks[0], ranks[1])[0, 1] > 0.9  # however little the tops have in common
    assert (scores[0].values == 0).mean() == pytest.approx(0.84, abs=0.005)


def test_bad_requests():
    one, other = of([1, 2, 3]), of([3, 2, 1], "two")
    for k in (0, 4, -1, 2.5, True):
        with pytest.raises(UsageError, match="k is out of range"):
            top_overlap(one, other, k=k)
    for p in (0, 1, -0.5, float("nan")):
        with pytest.raises(UsageError, match="persistence"):
            rank_biased_overlap(one, other, p=p)
    with pytest.raises(UsageError, match=r"no such treatment of ties.*equal, unknown"):
        rank_biased_overlap(one, other, ties="b")
    with pytest.raises(InputError, match="different graphs"):
        top_overlap(one, of([1, 2, 3, 4], "two"), k=1)
    graph = ring(4)
    apart = [NodeScores.from_known(graph, np.array([i]), np.array([1.0]), name=str(i))
             for i in (0, 1)]  # fmt: skip
    with pytest.raises(UndefinedError, match="no account has both"):
        top_overlap(*apart, k=1)
    for scores, at in (([one], (1,)), ([one, one], (1,)), ([one, other], ())):
        with pytest.raises(UsageError, match="two or more measures"):
            agreement(scores, at=at)
