from __future__ import annotations

from itertools import combinations

import networkx as nx
import numpy as np
import pytest

from workbench.communities import leiden, leiden_cpm
from workbench.graphs.symmetrised import Symmetrised
from workbench.model import InteractionGraph

RING = InteractionGraph.from_networkx(nx.ring_of_cliques(30, 5), kind="co_hashtag")
KARATE = InteractionGraph.from_networkx(nx.karate_club_graph(), kind="co_hashtag")


def weight_between(graph, one, other):
    return float(Symmetrised.of(graph).matrix[one][:, other].sum())


@pytest.mark.parametrize("resolution", [0.05, 0.2, 0.5, None])
def test_the_resolution_is_a_threshold_of_density(resolution):
    found = leiden_cpm(KARATE, resolution=resolution, seed=1)
    used = found.parameters["resolution"]
    members = [np.flatnonzero(found.labels == c) for c in range(found.k)]
    for one, other in combinations(members, 2):
        assert weight_between(KARATE, one, other) <= used * len(one) * len(other) + 1e-9
    value = sum(
        weight_between(KARATE, m, m) / 2 - used * len(m) * (len(m) - 1) / 2 for m in members
    )
    assert found.parameters["cpm"] == pytest.approx(value)
    assert value >= 0


def test_the_default_is_the_density_of_the_graph():
    for weighted, total in ((True, 231.0), (False, 78.0)):
        found = leiden_cpm(KARATE, weighted=weighted, seed=1)
        assert found.parameters["resolution"] == pytest.approx(total / (34 * 33 / 2))


def test_no_resolution_limit():
    """Modularity joins neighbours in a long ring of small cliques; the Potts model does not."""
    assert leiden(RING, seed=1).k < 30
    assert leiden_cpm(RING, resolution=0.3, seed=1).sizes == [5] * 30


def test_above_every_weight_everybody_is_alone():
    assert leiden_cpm(RING, resolution=1.5, seed=1).k == RING.nodes


def test_the_unit_of_the_weights_matters_but_for_the_default():
    source, target, weight = KARATE.arcs()
    tenfold = KARATE.with_arcs(source, target, weight * 10)
    same = leiden_cpm(KARATE, seed=1).labels
    assert (leiden_cpm(tenfold, seed=1).labels == same).all()
    assert leiden_cpm(tenfold, resolution=1, seed=1).k < leiden_cpm(KARATE, resolution=1, seed=1).k
