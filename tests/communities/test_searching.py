from __future__ import annotations

import networkx as nx
import pytest

from tests.communities.test_detection import cliques
from workbench.communities import METHODS, consensus, leiden, levels, louvain, stability
from workbench.communities.searching import search_by_name, search_of
from workbench.errors import UsageError
from workbench.graphs.splits import matrix_modularity, symmetric_matrix, was_found
from workbench.model import InteractionGraph, Partition

GRAPH = InteractionGraph.from_networkx(nx.gnm_random_graph(80, 240, seed=3))


def test_a_search_is_what_the_communities_record():
    search = search_of(leiden(GRAPH, resolution=2.0, weighted=False, seed=4))
    assert search.method == "leiden"
    assert search.arguments == {"resolution": 2.0, "weighted": False}
    assert (search.searches, search.weighted, search.gamma) == (1, False, 2.0)
    assert search_of(stability(GRAPH, method="louvain", runs=4, seed=1).best).searches == 4
    again = search_of(louvain(GRAPH, seed=4)).runs(GRAPH, 7)
    assert [run.method for run in again] == ["louvain"]


def test_the_best_run_has_the_highest_modularity_at_its_resolution():
    search = search_by_name("louvain", resolution=1.5, searches=6)
    matrix = symmetric_matrix(GRAPH, weighted=True, loops=False)
    found = search.runs(GRAPH, 5)
    assert len({run.seed for run in found}) == 6
    best, quality = search.best_of(matrix, found)
    assert quality == max(matrix_modularity(matrix, run.labels, 1.5) for run in found)
    assert quality == matrix_modularity(matrix, best.labels, 1.5)
    assert best.parameters["splits"] == 6


def test_what_cannot_be_searched():
    given = Partition.from_labels(cliques(), [0] * 24, method="given")
    with pytest.raises(UsageError, match=r"cannot be searched again.*given.*null=fixed"):
        search_of(given)
    with pytest.raises(UsageError, match="no such method: magic"):
        search_by_name("magic")
    with pytest.raises(UsageError, match="at least one search: 0"):
        search_by_name("leiden", searches=0)


@pytest.mark.parametrize("name", list(METHODS))
def test_every_method_is_searched_again_with_what_it_records(name):
    found = METHODS[name].function(cliques(), seed=2)
    search = search_of(found)
    again = search.runs(cliques(), 3)[0]
    for choice in set(search.arguments) - {"weighted"}:
        assert again.parameters[choice] == found.parameters[choice]
    assert search.weighted


def test_what_a_method_does_not_return_is_not_searched_by_it():
    found = levels(GRAPH, seed=1).partitions
    assert len(found) > 1
    for below in found[:-1]:
        with pytest.raises(UsageError, match=r"level below the last.*level \d.*last level"):
            search_of(below)
    assert search_of(found[-1]).arguments == {"resolution": 1.0, "weighted": True}
    merged = {"into": 2, "weights": "unweighted", "splits": 5}
    sides = Partition.from_labels(GRAPH, [0, 1] * 40, method="leiden", parameters=merged)
    with pytest.raises(UsageError, match=r"merged into a number of sides.*into=2.*repartitioned"):
        search_of(sides)
    cut = Partition.from_labels(GRAPH, [0, 1] * 40, method="spectral", parameters=merged)
    assert search_of(cut).arguments == {"into": 2, "weighted": False}


@pytest.mark.parametrize("method", METHODS)
def test_what_a_method_returns_was_found(method):
    assert was_found(METHODS[method].function(GRAPH))


def test_a_consensus_and_a_split_were_found_and_labels_by_hand_were_not():
    merged = Partition.from_labels(GRAPH, [0, 1] * 40, method="metis", parameters={"into": 2})
    assert was_found(consensus(GRAPH, runs=2, seed=1).partition)
    assert was_found(merged)
    assert not was_found(Partition.from_labels(GRAPH, [0, 1] * 40, method="by hand"))
