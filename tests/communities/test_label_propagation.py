from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from workbench.communities import label_propagation
from workbench.model import InteractionGraph

KARATE = InteractionGraph.from_networkx(nx.karate_club_graph())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("weighted", [True, False])
def test_everyone_ends_with_a_label_of_most_weight_around(seed, weighted):
    found = label_propagation(KARATE, weighted=weighted, seed=seed)
    matrix = KARATE.symmetrised(weighted=weighted).to_scipy().toarray()
    around = matrix @ np.eye(found.k)[found.labels]
    mine = around[np.arange(KARATE.nodes), found.labels]
    assert (mine == around.max(axis=1)).all()


def test_runs_differ():
    assert len({label_propagation(KARATE, seed=s).labels.tobytes() for s in range(20)}) > 1
