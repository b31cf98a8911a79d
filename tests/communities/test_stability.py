from __future__ import annotations

import networkx as nx
import pytest

from tests.communities.blocks import cliques
from workbench.communities import louvain, modularity, stability
from workbench.communities.searching import search_of
from workbench.errors import UsageError
from workbench.model import InteractionGraph
from workbench.rng import spawn


def test_clear_communities_are_always_the_same():
    found = stability(cliques(), runs=4, seed=1)
    seeds = {"seed": 1, "best_seed": found.best.seed}
    assert found.to_dict() == {
        "runs": 4, "ami_mean": 1.0, "ami_min": 1.0, "ambiguous": 0, **seeds
    }  # fmt: skip
    assert (found.agreement == 1).all()
    assert found.best.k == 4


def test_a_random_graph_has_no_stable_ones():
    graph = InteractionGraph.from_networkx(nx.gnm_random_graph(150, 450, seed=2))
    found = stability(graph, runs=5, seed=1)
    assert found.ami_min <= found.ami_mean < 0.8
    assert found.ambiguous > 50
    assert found.best.quality == max(
        stability(graph, runs=5, seed=1).best.quality, found.best.quality
    )


def test_bad_requests():
    with pytest.raises(UsageError, match="at least two runs"):
        stability(cliques(), runs=1)
    with pytest.raises(UsageError, match="no such method"):
        stability(cliques(), method="magic")


@pytest.mark.parametrize("resolution", [0.4, 4.0])
def test_the_best_run_is_best_at_its_resolution_as_a_null_takes_it(resolution):
    graph = InteractionGraph.from_networkx(nx.gnm_random_graph(80, 240, seed=3))
    for seed in range(8):
        best = stability(graph, method="louvain", runs=6, resolution=resolution, seed=seed).best
        runs = [louvain(graph, resolution=resolution, seed=spawn(seed, "run", i)) for i in range(6)]
        reached = [modularity(graph, run, resolution=resolution) for run in runs]
        assert modularity(graph, best, resolution=resolution) == max(reached)
        assert search_of(best).searches == 6
