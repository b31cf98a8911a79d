"""Null samples: the same for any number of processes, degrees kept, weights dealt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.polarisation.cases import graph_of, of_uses, planted, sides_of
from workbench.errors import UsageError
from workbench.polarisation import find_sides, report
from workbench.polarisation.asked import grouped, sorted_choices
from workbench.polarisation.sampling import NullPlan, null_samples

FIXED = NullPlan(
    shuffle=False, method=None, into=2, splits=1, resolution=1.0, weighted=True, seed=4
)


def groups_of(graph, sides, names, **choices):
    return grouped(graph, sides, sorted_choices(list(names), dict(choices)))


def weighed():
    graph, _ = planted()
    rows = graph.to_pandas()
    weight = [1 + 8 * (a[0] == b[0]) for a, b in zip(rows["source"], rows["target"], strict=True)]
    graph = graph_of(list(zip(rows["source"], rows["target"], strict=True)), weight)
    return graph, sides_of(graph, {a: a[0] for a in graph.accounts})


def test_processes_do_not_change_a_value():
    graph, _ = planted()
    sides = find_sides(graph, seed=2)
    plan = replace(FIXED, method="leiden")
    names = ("ei_index", "random_walk_controversy", "dip")
    groups = groups_of(graph, sides, names, k=2, **{"ei_index.weights": "weighted"})
    told = []
    one = null_samples(groups, plan, runs=4, advance=told.append)
    two = null_samples(groups, plan, runs=4, processes=2)
    assert one == two
    assert told == [1] * 4
    assert {name: len(values) for name, values in one[0].items()} == dict.fromkeys(names, 4)
    assert len(set(one[0]["ei_index"])) > 1


def test_a_sample_keeps_degrees_and_deals_the_weights():
    from workbench.polarisation.sampling import _sample

    graph, sides = weighed()
    group = groups_of(graph, sides, ["ei_index"], weights="weighted", component="all")[0]
    before = group.prepared.matrix
    sample, quality = _sample(group, FIXED, 0)
    after = sample.matrix
    assert (np.diff(after.indptr) == np.diff(before.indptr)).all()
    assert sorted(after.data) == sorted(before.data)
    assert (after != before).nnz > 0
    assert set(quality) == {"acceptance", "moved", "nodes", "sides", "modularity"}


def test_the_quality_of_known_sides_looks_at_weights_as_the_indices_do():
    from workbench.graphs.splits import matrix_modularity
    from workbench.polarisation.sampling import _sample

    graph, sides = weighed()
    for weights in ("weighted", "unweighted"):
        group = groups_of(graph, sides, ["ei_index"], weights=weights)[0]
        sample, quality = _sample(group, replace(FIXED, weighted=False), 0)
        assert quality["modularity"] == matrix_modularity(sample.matrix, sample.labels)


def test_shuffled_keeps_the_edges_and_moves_weights_only():
    from workbench.polarisation.sampling import _sample

    graph, sides = weighed()
    group = groups_of(graph, sides, ["ei_index"], weights="weighted", component="all")[0]
    sample, quality = _sample(group, replace(FIXED, shuffle=True), 0)
    before, after = group.prepared.matrix, sample.matrix
    assert (after.indices == before.indices).all()
    assert sorted(after.data) == sorted(before.data)
    assert (after.data != before.data).any()
    assert set(quality) == {"nodes", "sides", "modularity"}


def test_heavy_contact_inside_is_more_than_dealt_weights_give():
    """The edges are those of the camps either way; only the weights say who is close."""
    graph, sides = weighed()
    chosen = {"measures": ["ei_index"], "choices": {"weights": "weighted"}, "seed": 3}
    found = report(graph, sides, null="shuffled", runs=199, **chosen)
    assert found["ei_index"].p == pytest.approx(1 / 200)
    assert found.null["kind"] == "shuffled"
    assert found.null["acceptance"] is None
    degrees = report(graph, sides, null="fixed", runs=20, **chosen)
    # Dealing weights keeps the camps, so it asks for less than new edges do.
    assert found["ei_index"].null_mean < degrees["ei_index"].null_mean - 0.3
    with pytest.raises(UsageError, match=r"shuffled weights change nothing.*weights=weighted"):
        report(graph, sides, null="shuffled")


def test_a_sample_that_loses_a_side_has_no_value_and_the_number_of_sides_is_told():
    """Both accounts of one side have one contact each; rewiring may join them to a part apart."""
    edges = [(f"{c}{i}", f"{c}{j}") for c in "xy" for i in range(4) for j in range(i)]
    edges += [("x0", "y0"), ("x1", "y1"), ("z0", "x2"), ("z1", "y2")]
    graph = graph_of(edges)
    sides = sides_of(graph, {account: account[0] for account in graph.accounts})
    groups = groups_of(graph, sides, ["ei_index", "modularity"])
    samples, quality = null_samples(groups, FIXED, runs=40)
    assert 2 < quality["sides"] < 3
    lost = round((3 - quality["sides"]) * 40)
    assert {name: len(values) for name, values in samples.items()} == dict.fromkeys(
        samples, 40 - lost
    )


def test_samples_are_as_large_as_the_graph_where_it_is_a_draw_of_the_null_itself():
    """A graph of the null is cut as its samples are; cut out of the component they are smaller."""
    from workbench.graphs.nulls import rewired

    rng = np.random.default_rng(5)
    tree = [(f"a{i}", f"a{int(rng.integers(0, i) * rng.random())}") for i in range(1, 300)]
    start = graph_of(tree)
    matrix = rewired(start.symmetrised().to_scipy(), directed=False, seed=3).matrix.tocoo()
    ends = zip(matrix.row.tolist(), matrix.col.tolist(), strict=True)
    graph = graph_of([(f"a{u}", f"a{v}") for u, v in ends if u < v])
    found = report(graph, find_sides(graph, seed=1), measures=["modularity"], runs=20, seed=1)
    assert graph.nodes - found.graph["nodes"] > 20
    assert found.null["nodes"] == pytest.approx(found.graph["nodes"], rel=0.1)
    assert abs(found["modularity"].z) < 3
    assert not any("fall apart" in note for note in found.notes)
    component = graph.subgraph(graph.components() == 0)
    alone = report(
        component, find_sides(component, seed=1), measures=["modularity"], runs=5, seed=1
    )
    assert alone.null["nodes"] < 0.9 * alone.graph["nodes"]
    assert any("the null graphs fall apart" in note for note in alone.notes)


def test_samples_of_accounts_and_hashtags_join_the_two_only():
    from workbench.polarisation.sampling import _sample

    graph = of_uses(1)
    sides = sides_of(graph, {node: str(i % 2) for i, node in enumerate(graph.accounts)})
    plans = (FIXED, replace(FIXED, method="leiden"), replace(FIXED, shuffle=True))
    for direction in ("undirected", "directed"):
        for weights in ("weighted", "unweighted"):
            chosen = {"direction": direction, "weights": weights}
            group = groups_of(graph, sides, ["ei_index"], **chosen)[0]
            for plan in plans:
                sample, _ = _sample(group, plan, 0)
                coo = sample.matrix.tocoo()
                parts = graph.parts[sample.places]
                assert (sample.parts == parts).all()
                assert (parts[coo.row] != parts[coo.col]).all()


def test_accounts_against_hashtags_are_as_apart_as_their_kind_makes_them():
    """All edges lead from one to the other, in every sample too."""
    graph = of_uses(2)
    sides = sides_of(graph, {node: node[0] for node in graph.accounts})
    found = report(graph, sides, measures=["ei_index"], runs=10, seed=1)
    assert found.samples["ei_index"] == [1.0] * 10


def z_of_random_uses(number, runs):
    """Return z of E-I of found sides on graphs of accounts and hashtags with nothing to find."""
    found = []
    for seed in range(number):
        graph = of_uses(seed)
        sides = find_sides(graph, seed=seed)
        found.append(report(graph, sides, measures=["ei_index"], runs=runs, seed=seed)["ei_index"])
    return np.array([index.z for index in found]), np.array([index.p or 1 for index in found])


def test_sides_of_random_uses_are_no_more_divided_than_their_null():
    """Samples that joined accounts to accounts would put z at -1.3 here."""
    z, _ = z_of_random_uses(12, 20)
    assert abs(z.mean()) < 0.6


@pytest.mark.slow
def test_p_of_random_uses_is_calibrated():
    z, p = z_of_random_uses(100, 199)
    assert abs(z.mean()) < 0.3
    assert 0.8 < z.std(ddof=1) < 1.3
    assert (p <= 0.05).mean() <= 0.11
    assert 0.15 <= (p <= 0.25).mean() <= 0.37
    assert 0.38 <= (p <= 0.5).mean() <= 0.62


def test_a_null_of_uses_needs_to_know_what_is_an_account():
    edges = [("a", "x"), ("b", "x"), ("c", "y"), ("x", "a"), ("b", "y"), ("c", "x")]
    graph = replace(graph_of(edges), kind="account_url")
    sides = sides_of(graph, {node: str(node in "abx") for node in graph.accounts})
    with pytest.raises(UsageError, match="keep accounts apart"):
        report(graph, sides, measures=["ei_index"])
    told = report(graph, sides, measures=["ei_index"], null="none",
                  choices={"weights": "weighted"})["ei_index"]  # fmt: skip
    shuffled = report(graph, sides, measures=["ei_index"], null="shuffled",
                      choices={"weights": "weighted"})["ei_index"]  # fmt: skip
    assert told.value == shuffled.value
