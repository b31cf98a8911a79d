"""The acts behind a graph: those that it sums, and nothing when they do not add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import few
from tests.corpora import corpora, crisis
from tests.influence.test_reshares import built_of_crisis
from workbench.errors import InputError
from workbench.graphs import graph
from workbench.influence.acts import acts_of, filters_of, per_pair
from workbench.model import InteractionGraph


@given(corpora(), st.sampled_from(["retweet", "quote", "reply", "mention"]))
@few(4)
def test_the_acts_sum_to_the_weights(corpus, kind):
    built = graph(corpus, kind, **({"origin": "all"} if kind == "mention" else {}))
    if not built.nodes:
        return
    acts = acts_of(built, corpus)
    again = built.with_arcs(acts.actor.astype(np.int32), acts.target.astype(np.int32), acts.weight)
    assert again.fingerprint == built.without_self_loops().fingerprint
    assert (acts.post < len(acts.posts)).all()
    assert acts.unknown == acts.weight[acts.post < 0].sum()


def test_the_filters_are_those_that_the_graph_says():
    chosen = {"since": "2031-03-05", "until": "2031-03-20", "lang": "fr", "hashtag": "#Ysmar"}
    built = graph(crisis(), "mention", origin="authored,reply_prefix", **chosen)
    filters = filters_of(built)
    assert filters.window == built.window
    assert (filters.lang, filters.hashtag) == ("fr", "ysmar")
    assert filters.origins == ("authored", "reply_prefix")
    assert acts_of(built, crisis()).weight.sum() == (built.total_weight - built.self_loop_weight)


def test_a_graph_of_other_acts_is_refused():
    built = built_of_crisis()
    heavier = InteractionGraph(
        built.ids, built.indptr, built.indices, built.weight * 2, kind="retweet"
    )
    with pytest.raises(InputError, match=r"do not make this graph: 2533 of 2533 edges"):
        acts_of(heavier, crisis())
    other = graph(crisis(), "quote")
    renamed = InteractionGraph(other.ids, other.indptr, other.indices, other.weight, kind="reply")
    with pytest.raises(InputError, match="do not make this graph"):
        acts_of(renamed, crisis())


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_pairs_are_numbered(rows):
    first, second = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    place, (one, other) = per_pair(first, second)
    assert one[place].tolist() == first.tolist()
    assert other[place].tolist() == second.tolist()
    assert len(one) == len(set(rows))
