"""What every influence measure that needs only the graph promises."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest
from hypothesis import given, settings

from tests.graph_strategies import graphs
from workbench import influence
from workbench.errors import UndefinedError
from workbench.influence import MEASURES
from workbench.model import InteractionGraph

#: Hubs and authorities of some graphs are not unique, which is said; their test says when.
pytestmark = pytest.mark.filterwarnings("ignore::workbench.errors.NotUniqueWarning")
#: Measures that take nothing but the graph.
ALONE = [name for name, measure in MEASURES.items() if not measure.needs]
#: Weights are acts: doubled, these double; the other values stay.
COUNTS_ACTS = {"in_strength", "out_strength"}


def graph_of(edges, weights=None, **about):
    return InteractionGraph.from_edges(*zip(*edges, strict=True), weights, **about)


def known(scores):
    return dict(zip(scores.ids.to_pylist(), scores.values.tolist(), strict=True))


def planted():
    """A source with twelve fans, an amplifier of twelve others, and a chain between them."""
    edges = [(f"fan{i}", "source") for i in range(12)]
    edges += [("amplifier", f"author{i}") for i in range(12)]
    edges += [("fan0", "m1"), ("m1", "m2"), ("m2", "author0")]
    return graph_of(edges)


@pytest.mark.parametrize("name", ALONE)
class TestEveryMeasure:
    def test_its_direction(self, name):
        graph = planted()
        measure = MEASURES[name]
        scores = measure.function(graph)
        value = known(scores)
        first = scores.ids[int(scores.order()[0])].as_py()
        assert measure.ranks in {"amplified", "amplifiers", "both"}
        if measure.ranks == "both":
            assert value == pytest.approx(known(measure.function(graph.reversed())))
        else:
            top, bottom = ("source", "amplifier")[:: 1 if measure.ranks == "amplified" else -1]
            assert first == top
            assert value[top] > value[bottom]
            assert value[bottom] == min(value.values())

    def test_the_docstring_says_which_way_and_what_of_weights_and_loops(self, name):
        told = inspect.getdoc(MEASURES[name].function).lower()
        for word in (r"self-loop", r"weight", r"raises", r"references"):
            assert re.search(word, told), word

    def test_weights_of_every_type_are_the_same(self, name):
        edges = [("a", "b"), ("c", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("e", "b")]
        weights = [3, 1, 2, 5, 7, 2]
        found = [
            known(MEASURES[name].function(graph_of(edges, typed)))
            for typed in (
                weights,
                [float(w) for w in weights],
                np.array(weights, np.int32),
                np.array(weights, np.int64),
                np.array(weights, np.uint8),
                np.array(weights, np.float32),
                np.array(weights, np.float64),
            )
        ]
        assert all(each == found[0] for each in found)

    def test_weights_matter_exactly_where_it_is_said(self, name):
        edges = [("a", "b"), ("c", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("e", "d")]
        one, other = (
            known(MEASURES[name].function(graph_of(edges, weights)))
            for weights in ([1] * 6, [1, 9, 4, 1, 2, 3])
        )
        assert (one != pytest.approx(other)) == MEASURES[name].weighted

    def test_scaling_all_weights(self, name):
        edges = [("a", "b"), ("c", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("a", "d")]
        weights = np.array([3, 1, 2, 5, 7, 2.0])
        one = known(MEASURES[name].function(graph_of(edges, weights)))
        other = known(MEASURES[name].function(graph_of(edges, weights * 8)))
        factor = 8 if name in COUNTS_ACTS else 1
        assert other == pytest.approx({a: v * factor for a, v in one.items()})

    def test_renaming_and_the_order_of_edges(self, name):
        edges = [("a", "b"), ("c", "b"), ("b", "d"), ("d", "a"), ("a", "a"), ("e", "b")]
        weights = [1, 2, 3, 4, 5, 6]
        named = {"a": "zz", "b": "y", "c": "xxx", "d": "w", "e": "vvvv"}
        one = MEASURES[name].function(graph_of(edges, weights))
        again = MEASURES[name].function(graph_of(edges[::-1], weights[::-1]))
        other = known(
            MEASURES[name].function(graph_of([(named[s], named[t]) for s, t in edges], weights))
        )
        assert one.values.tobytes() == again.values.tobytes()
        assert {named[a]: v for a, v in known(one).items()} == pytest.approx(other)

    def test_bounds_fingerprint_and_listing(self, name):
        graph = planted()
        scores = MEASURES[name].function(graph)
        low, high = MEASURES[name].bounds
        assert scores.values.min() >= low
        assert high is None or scores.values.max() <= high
        assert scores.graph_fingerprint == graph.fingerprint
        assert scores.name == name
        assert name in influence.__all__

    def test_no_accounts_and_objects_are_refused(self, name):
        with pytest.raises(UndefinedError, match="no accounts"):
            MEASURES[name].function(InteractionGraph.from_edges([], []))
        bipartite = graph_of([("a", "#b")], kind="account_hashtag", parts=np.array([0, 1], np.int8))
        with pytest.raises(UndefinedError, match=r"ranks accounts.*interaction graph"):
            MEASURES[name].function(bipartite)

    @pytest.mark.parametrize("accounts", [["a"], ["a", "b"]])
    def test_only_self_loops(self, name, accounts):
        graph = graph_of([(a, a) for a in accounts])
        if name in {"authority", "hub", "constraint"}:
            with pytest.raises(UndefinedError, match="undefined"):
                MEASURES[name].function(graph)
            return
        values = MEASURES[name].function(graph).values
        alone = {"pagerank": 1 / len(accounts), "katz": 1.0, "leaderrank": 1.0}.get(name, 0.0)
        assert values.tolist() == [alone] * len(accounts)

    def test_a_graph_without_direction(self, name):
        pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")]
        scores = MEASURES[name].function(
            graph_of(pairs + [(t, s) for s, t in pairs], kind="co_url")
        )
        assert len(scores.values) == 4
        best = scores.ids[int(scores.order()[0])].as_py()
        assert best == ("a" if name in {"core_number", "collective_influence"} else "c")


@pytest.mark.parametrize("name", [n for n in ALONE if n != "pagerank"])
@settings(max_examples=15)
@given(graph=graphs(min_edges=1))
def test_self_loops_change_nothing_but_pagerank(name, graph):
    bare = graph.without_self_loops()
    if not bare.arcs_stored:
        return
    scores, without = (MEASURES[name].function(g) for g in (graph, bare))
    assert known(scores) == pytest.approx(known(without))
