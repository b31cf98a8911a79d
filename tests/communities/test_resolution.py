"""A scan over resolutions, and where communities stay the same."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from tests.communities.test_detection import cliques
from workbench.communities import compare, modularity, scan
from workbench.communities.resolution import RESOLUTIONS, _runs_of_equals
from workbench.errors import UndefinedError, UsageError
from workbench.model import InteractionGraph, Partition


def hierarchy():
    """Sixteen cliques of five in four groups of four."""
    rng = np.random.default_rng(3)
    clique, group = np.arange(80) // 5, np.arange(80) // 20
    chance = np.where(group[:, None] == group, 0.25, 0.01)
    chance = np.where(clique[:, None] == clique, 1.0, chance)
    source, target = np.nonzero(np.triu(rng.random((80, 80)) < chance, k=1))
    ids = [f"g{group[i]}c{clique[i]:02}n{i:02}" for i in range(80)]
    return InteractionGraph.from_edges([ids[i] for i in source], [ids[i] for i in target])


def test_a_hierarchy_has_a_plateau_a_level():
    graph = hierarchy()
    found = scan(graph, resolutions=[2.0 ** (i / 2) for i in range(-4, 9)], runs=3, seed=1)
    for number, letters in ((4, 2), (16, 5)):
        row = found.plateaus[found.plateaus["communities"] == number].iloc[0]
        partition = found.at(row["low"])
        planted = Partition.from_labels(
            graph, [a[:letters] for a in graph.accounts], method="given"
        )
        assert compare(partition, planted).adjusted_mutual_information > 0.95
        assert row["doublings"] == pytest.approx(np.log2(row["high"] / row["low"]))
    assert found.longest.k in {4, 16}


def test_each_number_is_what_it_says():
    graph = InteractionGraph.from_networkx(nx.planted_partition_graph(3, 12, 0.5, 0.1, seed=1))
    found = scan(graph, resolutions=[2.0, 0.5, 1, 1.0], runs=4, seed=8)
    table = found.table
    assert table["resolution"].tolist() == [0.5, 1.0, 2.0]
    assert table["communities"].tolist() == [p.k for p in found.partitions]
    assert table["modularity"].tolist() == [
        pytest.approx(modularity(graph, p)) for p in found.partitions
    ]
    assert (table["fewest"] <= table["communities"]).all()
    assert (table["communities"] <= table["most"]).all()
    assert (table["ami_min"] <= table["ami_mean"]).all()
    for i in range(2):
        beside = compare(found.partitions[i], found.partitions[i + 1])
        assert table["variation_next"][i] == pytest.approx(beside.variation_of_information)
        expected = beside.variation_normalised
        assert table["variation_next_normalised"][i] == pytest.approx(expected)
        assert table["ami_next"][i] == pytest.approx(beside.adjusted_mutual_information)
    assert table.iloc[2][["variation_next", "ami_next"]].isna().all()
    assert table["largest"][0] == found.partitions[0].sizes[0] / 36
    assert found.at(2.0) is found.partitions[2]
    assert found.to_dict()["resolutions"][2]["ami_next"] is None


def test_plateaus_need_equal_numbers_and_agreement_of_all_pairs():
    graph = cliques()
    base = np.arange(24) // 6
    moved, more = base.copy(), base.copy()
    moved[0], more[0] = 1, 4
    one, other, five = (
        Partition.from_labels(graph, labels, method="given") for labels in (base, moved, more)
    )
    assert _runs_of_equals([one, one, five, one], 0.5) == [(0, 2)]
    assert _runs_of_equals([one, other, other], 0.5) == [(0, 3)]
    assert _runs_of_equals([one, other, other], 0.99) == [(1, 3)]
    assert _runs_of_equals([one, five, other], 0.1) == []


def test_same_seed_same_numbers_and_no_agreement_of_one_run():
    graph = cliques()
    one, two = (scan(graph, resolutions=(0.5, 1, 2), runs=1, seed=6) for _ in range(2))
    assert one.to_dict() == two.to_dict()
    assert one.table["ami_mean"].isna().all()
    drawn = scan(graph, resolutions=(0.5, 1), runs=2)
    again = scan(graph, resolutions=(0.5, 1), runs=2, seed=drawn.seed)
    assert again.to_dict() == drawn.to_dict()
    wider = scan(graph, resolutions=(0.5, 1, 2, 4), runs=1, seed=6)
    assert [p.seed for p in wider.partitions[:3]] == [p.seed for p in one.partitions]


def test_nothing_stands_out_where_only_trivial_grains_stay():
    found = scan(cliques(), resolutions=(1e-6, 1e-5), runs=2, seed=1)
    assert found.plateaus["communities"].tolist() == [1]
    with pytest.raises(UndefinedError, match="no resolution stands out"):
        _ = found.longest
    with pytest.raises(UsageError, match="was not scanned"):
        found.at(1.0)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"resolutions": [0.0, 1.0]}, "resolution must be > 0"),
        ({"resolutions": [-1.0, 1.0]}, "resolution must be > 0"),
        ({"resolutions": [1.0, float("nan")]}, "resolution must be > 0"),
        ({"resolutions": [1.0, 1.0]}, "two resolutions or more"),
        ({"runs": 0}, "at least one run"),
        ({"alike": 0.0}, r"alike must be in \(0, 1\]"),
        ({"method": "magic"}, "no such method"),
    ],
)
def test_bad_requests(what, words):
    with pytest.raises(UsageError, match=words):
        scan(cliques(), **what)


@pytest.mark.parametrize("edges", [[], [("a", "a")]])
def test_nothing_to_scan_is_refused(edges):
    graph = InteractionGraph.from_edges([e[0] for e in edges], [e[1] for e in edges])
    with pytest.raises(UndefinedError, match=r"no communities|nothing to split"):
        scan(graph, seed=1)


def test_the_usual_resolutions():
    assert (len(RESOLUTIONS), RESOLUTIONS[0], RESOLUTIONS[8], RESOLUTIONS[-1]) == (17, 0.25, 1, 4)
