from __future__ import annotations

import networkx as nx
import pytest

from tests.communities.test_detection import cliques
from workbench.communities import stability
from workbench.errors import UsageError
from workbench.model import InteractionGraph


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
