"""Agreement of partitions, and that different graphs are compared only when asked."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.communities.test_detection import cliques
from workbench.communities import compare, leiden
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.graphs.agreement import adjusted_mutual_information, adjusted_rand
from workbench.model import InteractionGraph, Partition

#: Six accounts; the example whose values clusim computed by hand (VI .7925 bits).
GRAPH = InteractionGraph.from_edges(list("abcde"), list("bcdef"))
FIRST = Partition.from_labels(GRAPH, [0, 1, 1, 0, 2, 1], method="given")
SECOND = Partition.from_labels(GRAPH, [0, 1, 1, 0, 2, 2], method="given")
labels = st.lists(st.integers(-1, 3), min_size=6, max_size=6)


def test_values_of_a_published_example():
    found = compare(FIRST, SECOND)
    assert found.variation_of_information == pytest.approx(0.792481250360578 * math.log(2))
    assert found.variation_normalised == pytest.approx(found.variation_of_information / math.log(6))
    assert found.adjusted_rand == pytest.approx((2 - 4 * 3 / 15) / (3.5 - 4 * 3 / 15))
    # {a, d} and {b, c} of {b, c, f}; e alone beside {e, f}; f of three beside two
    expected = [1, 2 / 3, 2 / 3, 1, 1 / 2, 1 / 3]
    assert found.per_account["element_centric"].tolist() == pytest.approx(expected)
    assert found.element_centric == pytest.approx(np.mean(expected))
    assert (found.accounts, found.communities) == (6, (3, 3))
    table = found.to_pandas().set_index("measure")
    assert table.loc["variation_of_information", "unit"] == "nats"
    assert table["value"].to_dict().items() <= found.to_dict().items()
    assert "nats" in found._repr_html_()


@settings(max_examples=60)
@given(labels, labels)
def test_only_accounts_with_a_community_in_both_count_and_order_does_not_matter(a, b):
    one, two = (Partition.from_labels(GRAPH, x, method="given") for x in (a, b))
    both = [i for i in range(6) if a[i] >= 0 and b[i] >= 0]
    if len(both) < 2:
        with pytest.raises(UndefinedError, match="fewer than two accounts"):
            compare(one, two)
        return
    found, turned = compare(one, two), compare(two, one)
    ours, theirs = np.array(a)[both], np.array(b)[both]
    assert found.accounts == len(both)
    assert found.only_first == sum(x >= 0 for x in a) - len(both)
    assert found.only_second == sum(x >= 0 for x in b) - len(both)
    expected = adjusted_mutual_information(ours, theirs)
    assert found.adjusted_mutual_information == pytest.approx(expected)
    assert found.adjusted_rand == pytest.approx(adjusted_rand(ours, theirs))
    assert 0 <= found.variation_normalised <= 1 + 1e-12
    for name, value in found.to_dict().items():
        if name not in {"only_first", "only_second", "communities"}:
            assert turned.to_dict()[name] == pytest.approx(value)
    same = compare(one, one)
    assert same.element_centric == same.adjusted_rand == 1
    assert same.variation_of_information == pytest.approx(0)


def test_different_graphs_are_compared_on_shared_accounts_when_asked():
    graph = cliques()
    later = InteractionGraph.from_edges(
        [*graph.to_pandas()["source"][3:], "new"], [*graph.to_pandas()["target"][3:], "c0n1"]
    )
    before, after = leiden(graph, seed=1), leiden(later, seed=1)
    with pytest.raises(InputError, match=r"different graphs.*accounts=shared"):
        compare(before, after)
    found = compare(before, after, accounts="shared")
    assert (found.accounts, found.only_first, found.only_second) == (24, 0, 1)
    assert found.adjusted_mutual_information == pytest.approx(1)
    assert found.per_account["account"].tolist() == graph.accounts.tolist()


def test_what_cannot_be_compared():
    with pytest.raises(UsageError, match="same, shared"):
        compare(FIRST, SECOND, accounts="all")
    other = InteractionGraph.from_edges(["x"], ["y"])
    with pytest.raises(UndefinedError, match=r"fewer than two accounts.*: 0"):
        compare(FIRST, leiden(other, seed=1), accounts="shared")
    empty = InteractionGraph.from_edges([], [])
    nothing = Partition.from_labels(empty, [], method="given")
    for pair in ((nothing, nothing), (nothing, FIRST), (FIRST, nothing)):
        with pytest.raises(UndefinedError, match="fewer than two accounts"):
            compare(*pair, accounts="shared")


def test_karate_club_by_two_resolutions():
    graph = InteractionGraph.from_networkx(nx.karate_club_graph())
    coarse, fine = leiden(graph, resolution=0.5, seed=1), leiden(graph, resolution=2, seed=1)
    found = compare(coarse, fine)
    assert found.communities == (coarse.k, fine.k)
    assert 0 < found.adjusted_rand < 1
    assert found.variation_of_information > 0.3
