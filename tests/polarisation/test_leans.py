"""Where leans come from: held-out edges share nothing, and circular leans are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from tests.polarisation.cases import camps, graph_of
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.model import NodeScores
from workbench.polarisation import hold_out
from workbench.polarisation.leans import leans_of, unseen


def pairs(graph):
    table = graph.to_pandas()
    return {
        frozenset(p) for p in zip(table["source"], table["target"], strict=True) if len(set(p)) > 1
    }


def scores(graph, name="lean"):
    return NodeScores.from_values(graph, np.arange(graph.nodes) / 10, name=name)


@settings(max_examples=40)
@given(graphs(min_edges=1), st.floats(0.05, 0.95), st.integers(0, 5))
def test_held_out_edges_and_the_rest_share_no_pair(graph, share, seed):
    every = pairs(graph)
    if len(every) < 2:
        with pytest.raises(UndefinedError, match="fewer than two pairs"):
            hold_out(graph, share=share, seed=seed)
        return
    rest, held = hold_out(graph, share=share, seed=seed)
    assert pairs(rest) | pairs(held) == every
    assert not pairs(rest) & pairs(held)
    assert len(pairs(held)) == min(max(1, round(share * len(every))), len(every) - 1)
    assert rest.total_weight + held.total_weight == graph.total_weight
    assert held.self_loops == 0
    assert rest.self_loops == graph.self_loops
    for part in (rest, held):
        table = part.to_pandas()
        assert set(part.accounts) == set(table["source"]) | set(table["target"])
        assert part.kind == graph.kind


def test_holding_out_is_drawn_from_the_seed():
    graph, _ = camps(4)
    one, two = (hold_out(graph, seed=3)[1].fingerprint for _ in range(2))
    assert one == two
    assert hold_out(graph, seed=4)[1].fingerprint != one
    assert hold_out(graph)[1].edges == 8
    for share in (0, 1, -0.2):
        with pytest.raises(UsageError, match="share must be inside"):
            hold_out(graph, share=share)


def test_leans_of_the_same_edges_are_refused():
    graph, _ = camps(4)
    with pytest.raises(UsageError, match=r"trivially about 1.*: harmonic; .*hold_out\(graph\)"):
        unseen(graph, scores(graph, "harmonic"), source="graph", made_on=None)
    with pytest.raises(UsageError, match="trivially about 1"):
        unseen(graph, scores(graph), source="graph", made_on=graph)
    # The same edges under another fingerprint: what a symmetrised or a larger graph would be.
    more = graph_of([*graph.to_pandas()[["source", "target"]].to_numpy(), ("p", "q")])
    for other in (graph.symmetrised(), graph.reversed(), more):
        with pytest.raises(UsageError, match="trivially about 1"):
            unseen(graph, scores(other), source="graph", made_on=other)
    with pytest.raises(UsageError, match=r"only that graph shows.*made_on=…"):
        unseen(graph, scores(graph.symmetrised()), source="graph", made_on=None)


def test_leans_of_other_edges_and_from_outside_are_welcome():
    graph, _ = camps(4)
    rest, held = hold_out(graph, seed=1)
    left, made = unseen(held, scores(rest), source="graph", made_on=rest)
    assert left is held
    assert made == {"source": "graph", "shared_pairs": 0, "pairs": held.edges}
    replies = replace(graph, kind="reply")
    left, made = unseen(replies, scores(graph), source="graph", made_on=graph)
    assert left is replies
    assert made == {"source": "graph", "shared_pairs": 16, "pairs": 16}
    outside = {"source": "external"}
    assert unseen(graph, {"x0": 1.0}, source="graph", made_on=None) == (graph, outside)
    assert unseen(graph, scores(graph), source="external", made_on=None) == (graph, outside)
    with pytest.raises(UsageError, match="made on no graph"):
        unseen(graph, scores(graph), source="external", made_on=graph)
    with pytest.raises(InputError, match="another graph"):
        unseen(held, scores(rest), source="graph", made_on=graph)
    with pytest.raises(UsageError, match=r"source has a value.*graph, external"):
        unseen(graph, scores(graph), source="somewhere", made_on=None)


def test_pairs_that_made_the_leans_are_left_out():
    first = graph_of([("a", "b"), ("b", "c"), ("z", "a")])
    later = graph_of([("b", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("a", "a")])
    left, made = unseen(later, scores(first), source="graph", made_on=first)
    assert pairs(left) == {frozenset("cd"), frozenset("ad")}
    assert left.self_loops == 1
    assert left.nodes == later.nodes
    assert made == {"source": "graph", "shared_pairs": 2, "pairs": 4}


def test_leans_are_mapped_by_account():
    graph = graph_of([("x:1", "x:2"), ("x:3", "x:1")])
    lean, outside = leans_of(graph, {"x:2": 0.5, "3": -1, "x:9": 1})
    assert lean.tolist()[1:] == [0.5, -1]
    assert np.isnan(lean[0])
    assert outside == 1
    other = graph_of([("x:2", "x:4"), ("x:2", "x:0")])
    lean, outside = leans_of(graph, scores(other))
    assert np.isnan(lean[[0, 2]]).all()
    assert lean[1] == 0.1
    assert outside == 2
    with pytest.raises(InputError, match=r"not finite: x:3.*leave accounts"):
        leans_of(graph, {"x:2": 0.5, "x:3": float("nan")})
