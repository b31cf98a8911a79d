"""Every result knows the graph it is of."""

from __future__ import annotations

from tests.communities.blocks import cliques
from workbench import communities, influence


def test_results_of_communities_know_their_graph():
    graph = cliques()
    found = communities.leiden(graph, seed=1)
    own = graph.fingerprint
    assert communities.mixing(graph, found).choices["graph_fingerprint"] == own
    assert communities.compare(found, found).graphs == (own, own)
    assert communities.stability(graph, runs=2, seed=1).best.graph_fingerprint == own
    assert communities.consensus(graph, runs=2, seed=1).partition.graph_fingerprint == own
    assert (
        communities.significance(graph, found, runs=2, seed=1).modularity.graph_fingerprint == own
    )
    assert all(p.graph_fingerprint == own for p in communities.levels(graph, seed=1).partitions)
    scan = communities.scan(graph, resolutions=[0.5, 1.0], runs=2, seed=1)
    assert {p.graph_fingerprint for p in scan.partitions} == {own}


def test_results_of_influence_know_their_graph():
    graph = cliques()
    found = communities.leiden(graph, seed=1)
    own = graph.fingerprint
    assert influence.audience(graph, found).graph_fingerprint == own
    assert influence.without(graph, [graph.accounts[0]]).graph_fingerprint == own
    assert influence.roles(graph, found).choices["graph_fingerprint"] == own
    for made in (
        influence.rank(graph),
        influence.concentration(graph),
        influence.top_k(graph, k=2, bootstrap=20, seed=1),
        influence.maximise(graph, k=1, runs=5, seed=1),
    ):
        assert made.graph["fingerprint"] == own
    assert influence.dismantle(graph).ranked["fingerprint"] == own
