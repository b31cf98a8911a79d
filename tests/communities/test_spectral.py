from __future__ import annotations

import networkx as nx
import pytest

from tests.communities.blocks import blocks, cliques
from workbench.communities import consensus, spectral, stability
from workbench.errors import UndefinedError, UsageError
from workbench.graphs.agreement import adjusted_mutual_information
from workbench.graphs.splits import split
from workbench.model import InteractionGraph


def test_two_are_the_split_that_polarisation_uses():
    graph = InteractionGraph.from_networkx(nx.karate_club_graph())
    found = spectral(graph, seed=4)
    labels = split(graph, method="spectral", seed=4)
    assert found.k == 2
    assert adjusted_mutual_information(found.labels, labels) == pytest.approx(1)
    assert found.parameters["into"] == 2


@pytest.mark.parametrize("into", [3, 4, 7])
def test_as_many_as_asked_for(into):
    graph, truth = blocks(number=into, size=40)
    found = spectral(graph, into=into, seed=1)
    assert found.k == into
    assert adjusted_mutual_information(found.labels, truth) > 0.95
    assert split(graph, method="spectral", into=into, seed=1).max() == into - 1


def test_isolates_come_on_top():
    rows = cliques().to_pandas()
    graph = InteractionGraph.from_edges(
        [*rows["source"], "z", "y"], [*rows["target"], "z", "y"], [*rows["weight"], 1, 1]
    )
    assert spectral(graph, into=4, seed=1).sizes == [6, 6, 6, 6, 1, 1]


def test_runs_take_the_number_too():
    graph, truth = blocks(number=3, size=40)
    agreed = consensus(graph, method="spectral", into=3, runs=3, seed=1)
    assert adjusted_mutual_information(agreed.partition.labels, truth) > 0.95
    assert agreed.partition.parameters["into"] == 3
    assert stability(graph, method="spectral", into=3, runs=2, seed=1).best.k == 3
    for function in (consensus, stability):
        with pytest.raises(UsageError, match="only spectral makes a given number"):
            function(graph, method="leiden", into=3, runs=2)
        with pytest.raises(UsageError, match="two communities or more"):
            function(graph, method="spectral", into=1, runs=2)


def test_bad_numbers():
    with pytest.raises(UsageError, match="two communities or more"):
        spectral(cliques(), into=1)
    with pytest.raises(UndefinedError, match="more communities than accounts"):
        spectral(cliques(), into=25, seed=1)
