"""Lazy greedy chooses what plain greedy chooses on the same live-edge graphs."""

from __future__ import annotations

import numpy as np
import pytest

from tests.influence.test_maximisation import tangle
from workbench.errors import UsageError
from workbench.influence import celf
from workbench.influence.celf import lazy_greedy, live_graphs
from workbench.influence.flow import MODELS, flow_of
from workbench.rng import generator


def plain_greedy(flow, k, count, rng):
    """Return seeds and gains by trying every account at every step, with sets."""
    indptr, indices = live_graphs(flow, count, rng=rng)
    n = flow.nodes

    def reached(seeds):
        found, last = set(), {g * n + v for g in range(count) for v in seeds}
        while last:
            found |= last
            last = {int(t) for c in last for t in indices[indptr[c] : indptr[c + 1]]} - found
        return len(found)

    chosen, before, gains = [], 0, []
    for _ in range(k):
        after = {v: reached([*chosen, v]) for v in range(n) if v not in chosen}
        best = max(after, key=lambda v: (after[v], -v))
        gains.append((after[best] - before) / count)
        chosen, before = [*chosen, best], after[best]
    return chosen, gains


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_lazy_equals_plain(model, seed):
    flow = flow_of(tangle(15, 40, seed), model=model, probability=None, factor=0.7)
    chosen, gains = lazy_greedy(flow, 5, count=20, rng=generator(seed, "test"))
    plain, expected = plain_greedy(flow, 5, 20, generator(seed, "test"))
    assert chosen.tolist() == plain
    assert gains == pytest.approx(expected)


def test_live_graphs_keep_arcs_with_their_chance_and_thresholds_at_most_one():
    graph = tangle(15, 40)
    for model in MODELS:
        flow = flow_of(graph, model=model, probability=None, factor=0.7)
        indptr, indices = live_graphs(flow, 2_000, rng=generator(1, "test"))
        row = np.repeat(np.arange(2_000 * flow.nodes), np.diff(indptr))
        assert (row // flow.nodes == indices // flow.nodes).all()
        times = np.bincount(row % flow.nodes * flow.nodes + indices % flow.nodes,
                            minlength=flow.nodes**2)  # fmt: skip
        source = np.repeat(np.arange(flow.nodes), np.diff(flow.along.indptr))
        live = times[source * flow.nodes + flow.along.indices] / 2_000
        assert live == pytest.approx(flow.along.chance, abs=5 * 0.5 / 2_000**0.5)
        assert times.sum() == len(indices)
        if model == "linear_threshold":
            assert len(np.unique(indices)) == len(indices)


def test_too_many_arcs_are_refused(monkeypatch):
    monkeypatch.setattr(celf, "_MOST_ARCS", 10)
    flow = flow_of(tangle(), model=MODELS[0], probability=0.5, factor=None)
    with pytest.raises(UsageError, match="live-edge graphs become too large"):
        live_graphs(flow, 100, rng=generator(1, "test"))
