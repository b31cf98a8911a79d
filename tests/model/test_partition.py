from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph_strategies import graphs
from workbench.errors import InputError, UsageError
from workbench.model import InteractionGraph, Partition


@st.composite
def labelled(draw):
    graph = draw(graphs(min_edges=1))
    labels = draw(st.lists(st.integers(-1, 4), min_size=graph.nodes, max_size=graph.nodes))
    return graph, labels


@given(labelled(), st.permutations(range(5)))
def test_renaming_labels_changes_nothing(case, renaming):
    graph, labels = case
    renamed = [renaming[label] if label >= 0 else -1 for label in labels]
    one = Partition.from_labels(graph, labels, method="given")
    two = Partition.from_labels(graph, renamed, method="given")
    assert (one.labels == two.labels).all()


@given(labelled())
def test_canonical_largest_first_and_every_node_kept(case):
    graph, labels = case
    partition = Partition.from_labels(graph, labels, method="given")
    assert partition.sizes == sorted(partition.sizes, reverse=True)
    assert sum(partition.sizes) + partition.unlabelled == graph.nodes
    same = np.equal.outer(labels, labels) & (np.array(labels) >= 0)
    again = np.equal.outer(partition.labels, partition.labels) & (partition.labels >= 0)
    assert (same == again).all()
    members = [a for c in range(partition.k) for a in partition.members(c)]
    assert len(members) == len(set(members)) == sum(partition.sizes)
    firsts = [np.flatnonzero(partition.labels == c)[0] for c in range(partition.k)]
    ties = [
        a < b
        for a, b, s, t in zip(
            firsts, firsts[1:], partition.sizes, partition.sizes[1:], strict=False
        )
        if s == t
    ]
    assert all(ties)


def star():
    return InteractionGraph.from_edges(["t:1", "t:2", "t:3"], ["t:4", "t:4", "u:1"])


def test_names_follow_their_communities():
    graph = star()
    partition = Partition.from_mapping(
        graph, {"t:2": "left", "t:3": "right", "t:4": "right", "ghost": "left"}
    )
    assert partition.names == ("right", "left")
    assert partition.members(0) == ["t:3", "t:4"]
    assert partition.unlabelled == 2
    assert partition.parameters == {"not_in_graph": 1}
    assert partition.to_pandas().values.tolist() == [["t:2", 1], ["t:3", 0], ["t:4", 0]]


def test_bare_ids_are_accepted_when_unambiguous():
    partition = Partition.from_mapping(star(), {"2": "a", "1": "b"})
    assert partition.members(0) == ["t:2"]  # "1" is both t:1 and u:1
    assert partition.parameters == {"not_in_graph": 1}


def test_restricted_keeps_names_and_belongs_to_the_smaller_graph():
    graph = star()
    partition = Partition.from_labels(graph, ["a", "b", "b", "b", "a"], method="given")
    small = graph.largest_component()
    inside = partition.restricted(small)
    inside.check(small)
    by_name = {m: inside.names[c] for c in range(inside.k) for m in inside.members(c)}
    assert by_name == {"t:1": "a", "t:2": "b", "t:4": "b"}


def test_another_graph_is_refused():
    graph = star()
    partition = Partition.from_labels(graph, [0, 0, 1, 1, 1], method="given")
    partition.check(graph)
    with pytest.raises(InputError, match="belongs to another graph"):
        partition.check(graph.reversed())


def test_wrong_length_and_unknown_community():
    graph = star()
    with pytest.raises(InputError, match="one label a node"):
        Partition.from_labels(graph, [0], method="given")
    partition = Partition.from_labels(graph, [0] * 5, method="given", quality=0.25, seed=3)
    with pytest.raises(UsageError, match="no such community"):
        partition.members(1)
    assert repr(partition) == "Partition(given: 1 community (5), modularity 0.2500, seed 3)"
