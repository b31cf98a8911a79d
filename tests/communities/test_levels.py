from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from tests.communities.blocks import cliques
from workbench.communities import METHODS, levels, modularity
from workbench.errors import UndefinedError, UsageError
from workbench.model import InteractionGraph

RING = InteractionGraph.from_networkx(nx.ring_of_cliques(30, 4))


@pytest.mark.parametrize("method", ["louvain", "python_louvain"])
class TestLevels:
    def test_each_is_made_of_whole_communities_of_the_one_before(self, method):
        found = levels(RING, method=method, seed=2)
        assert len(found) > 1
        for i in range(len(found) - 1):
            fine, coarse = found.partitions[i : i + 2]
            assert coarse.k < fine.k
            parents = found.parents(i)
            assert parents.shape == (fine.k,)
            assert (parents[fine.labels] == coarse.labels).all()

    def test_the_last_is_what_the_method_returns(self, method):
        found = levels(RING, method=method, seed=2)
        single = METHODS[method].function(RING, seed=2)
        assert found.partitions[-1].labels.tobytes() == single.labels.tobytes()
        assert found.seed == single.seed == 2

    def test_modularity_rises_and_the_table_has_it(self, method):
        found = levels(RING, method=method, seed=2)
        table = found.table()
        assert list(table) == ["level", "communities", "largest", "modularity"]
        assert table["modularity"].is_monotonic_increasing
        assert table["modularity"].tolist() == pytest.approx(
            [modularity(RING, p) for p in found.partitions]
        )
        accounts = found.to_pandas()
        assert list(accounts)[:3] == ["account", "level_0", "level_1"]
        assert len(accounts) == RING.nodes

    def test_same_seed_same_bytes(self, method):
        one, two = (levels(RING, method=method, seed=4) for _ in range(2))
        assert one.to_pandas().equals(two.to_pandas())

    def test_isolates_are_alone_at_every_level(self, method):
        graph = InteractionGraph.from_edges(["a", "b", "z"], ["b", "c", "z"])
        for partition in levels(graph, method=method, seed=1).partitions:
            assert partition.members(int(partition.labels[graph.position("z")])) == ["z"]


def test_the_grain_follows_the_resolution():
    one, two = (levels(RING, resolution=r, seed=1).partitions[-1].k for r in (0.2, 5.0))
    assert one < two


def test_bad_requests():
    with pytest.raises(UsageError, match="no levels of this method"):
        levels(cliques(), method="leiden")
    with pytest.raises(UsageError, match="resolution must be > 0"):
        levels(cliques(), resolution=0)
    with pytest.raises(UsageError, match="right at resolution 1 only"):
        levels(cliques(), resolution=2, method="python_louvain")
    with pytest.raises(UndefinedError, match="no communities"):
        levels(InteractionGraph.from_edges(["a"], ["a"]))
    found = levels(cliques(), seed=1)
    with pytest.raises(UsageError, match="no level above"):
        found.parents(len(found) - 1)
    assert np.unique(found.partitions[0].labels).size == found.table()["communities"][0]
