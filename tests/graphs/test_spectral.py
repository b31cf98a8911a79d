from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from workbench.errors import UndefinedError
from workbench.graphs.agreement import adjusted_mutual_information
from workbench.graphs.spectral import spectral_clusters, spectral_cut
from workbench.graphs.symmetrised import Symmetrised
from workbench.model import InteractionGraph


def matrix_of(other):
    return Symmetrised.of(InteractionGraph.from_networkx(other)).matrix


@pytest.mark.parametrize("size", [6, 40])
@pytest.mark.parametrize("into", [3, 5])
def test_a_ring_of_cliques_falls_into_its_cliques(into, size):
    """Below 50 accounts all eigenvectors are computed, above some: both find them."""
    graph = InteractionGraph.from_networkx(nx.ring_of_cliques(into, size))
    truth = np.array([int(i) // size for i in graph.ids.to_pylist()])
    labels = spectral_clusters(Symmetrised.of(graph).matrix, into, 1)
    assert adjusted_mutual_information(labels, truth) == pytest.approx(1)
    assert (labels == spectral_clusters(Symmetrised.of(graph).matrix, into, 1)).all()


def test_the_cut_is_the_best_of_all_thresholds_on_the_vector():
    """The two camps of the club, but for what lies between them."""
    graph = nx.karate_club_graph()
    labels = spectral_cut(matrix_of(graph), 1)
    club = np.array(
        [
            graph.nodes[i]["club"] == "Officer"
            for i in sorted(graph, key=lambda i: (len(str(i)), str(i)))
        ]
    )
    wrong = (labels != club).sum()
    assert min(wrong, 34 - wrong) <= 2


def test_more_communities_than_accounts_are_refused():
    with pytest.raises(UndefinedError, match="more communities than accounts"):
        spectral_clusters(matrix_of(nx.path_graph(4)), 5, 1)
    assert sorted(spectral_clusters(matrix_of(nx.path_graph(4)), 4, 1).tolist()) == [0, 1, 2, 3]
