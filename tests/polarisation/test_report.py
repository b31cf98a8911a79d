"""Reports: the null that fits, what was dropped, and what every index promises."""

from __future__ import annotations

import numpy as np
import pytest

from tests.polarisation.cases import camps, graph_of, planted, sides_of
from workbench import polarisation
from workbench.errors import UndefinedError, UsageError
from workbench.model import Partition
from workbench.polarisation import INDICES, find_sides, report
from workbench.polarisation.measures import ORDER
from workbench.rng import generator


def test_json_has_the_promised_shape():
    graph, sides = planted()
    result = report(graph, sides, runs=3, seed=1).to_dict()
    assert set(result["graph"]) == {
        "kind", "nodes", "edges", "weight", "share_of_weight", "share_of_accounts", "dropped",
        "dropped_weight", "choices",
    }  # fmt: skip
    assert result["graph"]["choices"] == {**graph.choices, "directed": True}
    assert set(result["graph"]["dropped"]) == {"self_loops", "unsided", "outside_component"}
    assert set(result) == {
        "graph", "sides", "indices", "null", "tests", "asymmetry", "sensitivity", "stability",
        "notes",
    }  # fmt: skip
    assert {"origin", "method", "k", "sizes", "agreement"} <= set(result["sides"])
    assert [index["name"] for index in result["indices"]] == list(ORDER)
    assert result["null"]["kind"] == "fixed"
    assert 0 < result["null"]["acceptance"] <= 1


def test_given_camps_are_more_divided_than_their_degrees_imply():
    # Random graphs with these degrees have hardly a boundary: most accounts meet both sides.
    names = [name for name in INDICES if name != "boundary_polarisation"]
    found = report(*planted(), measures=names, runs=199, seed=5)
    for value in found.indices:
        assert value.choices["p_unadjusted"] == pytest.approx(1 / 200)
        assert value.p == pytest.approx(len(names) / 200)
        assert (value.z < -3) if value.divided_is == "low" else (value.z > 3)
        assert value.denoised == pytest.approx(value.value - value.null_mean)


def test_a_report_says_in_one_line_what_it_is():
    graph, sides = planted()
    found = report(graph, sides, measures=["ei_index"], runs=2, seed=5)
    assert repr(found) == (
        "Report(1 indices of 60 accounts in 2 sides (given), 2 null graphs (fixed), seed 5)"
    )
    assert "no null" in repr(report(graph, sides, measures=["ei_index"], null="none"))


def test_no_camps_no_division():
    values = [report(*planted(across=0.5, seed=s), runs=19, seed=1)["ei_index"].z for s in range(8)]
    assert abs(np.mean(values)) < 1.5


def test_p_needs_199_runs_and_is_adjusted_for_several_measures():
    graph, sides = planted()
    assert report(graph, sides, runs=20, seed=1)["ei_index"].p is None
    three = ["ei_index", "modularity", "random_walk_controversy"]
    several = report(graph, sides, measures=three, runs=199, seed=1)
    alone = report(graph, sides, measures=["ei_index"], runs=199, seed=1)
    assert alone["ei_index"].p == pytest.approx(1 / 200)
    with_p = [value for value in several.indices if value.p is not None]
    assert len(with_p) > 2
    assert several["ei_index"].p == pytest.approx(len(with_p) / 200)
    assert several["ei_index"].choices["p_unadjusted"] == pytest.approx(1 / 200)


def test_the_same_seed_gives_the_same_table():
    graph, sides = planted()
    one, two = (report(graph, sides, runs=4, seed=9).to_dict() for _ in range(2))
    assert one == two
    assert report(graph, sides, runs=4, seed=10).to_dict() != one
    assert report(graph, sides, runs=4).to_dict()["null"]["seed"] != 0


def test_found_sides_take_the_repartitioned_null_which_is_much_more_demanding():
    graph, _ = planted(across=0.4)
    sides = find_sides(graph, seed=2)
    assert sides.k == 2
    again = report(graph, sides, runs=10, seed=1)
    fixed = report(graph, sides, null="fixed", runs=10, seed=1)
    assert again.null["kind"] == "repartitioned"
    assert again["modularity"].null_mean > fixed["modularity"].null_mean + 0.1
    assert again.sides["origin"] == "found"
    assert 0 <= again.sides["agreement"] <= 1


def test_repartitioned_null_with_given_sides_is_explained():
    with pytest.raises(UsageError, match=r"known from outside.*--null fixed"):
        report(*planted(), null="repartitioned")


def test_choices_go_to_every_measure_that_has_them_and_unknown_ones_are_refused():
    graph, sides = planted()
    found = report(graph, sides, null="none", choices={"k": 3, "weights": "weighted"})
    assert found["random_walk_controversy"].choices["k"] == 3
    assert all(v.choices["weights"] == "weighted" for v in found.indices)
    one = report(graph, sides, null="none", choices={"random_walk_controversy.k": 4, "k": 3})
    assert one["random_walk_controversy"].choices["k"] == 4
    with pytest.raises(UsageError, match="no measure asked for has this choice"):
        report(graph, sides, null="none", choices={"colour": 1})
    with pytest.raises(UsageError, match="no measure asked for has this choice"):
        report(graph, sides, measures=["ei_index"], null="none", choices={"k": 3})
    with pytest.raises(UsageError, match="no such measure"):
        report(graph, sides, measures=["rwc"])
    with pytest.raises(UsageError, match="no such null"):
        report(graph, sides, null="random")
    with pytest.raises(UsageError, match="at least one run"):
        report(graph, sides, runs=0)


def test_a_measure_can_have_a_graph_of_its_own():
    edges = [("xa", "xb"), ("xb", "xc"), ("xc", "xa"), ("ya", "yb"), ("yb", "yc"), ("yc", "ya")]
    graph = graph_of([*edges, ("xa", "ya"), ("xp", "yp")], [5, 4, 3, 2, 6, 7, 9, 8])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    options = {"runs": 5, "seed": 1}
    mixed = {"k": 1, "ei_index.weights": "weighted", "modularity.component": "all"}
    found, plain = (
        report(graph, sides, choices=mixed, **options),
        report(graph, sides, choices={"k": 1}, **options),
    )
    assert [value.name for value in found.indices] == list(ORDER)
    assert found["random_walk_controversy"] == plain["random_walk_controversy"]
    assert (found.graph, found.sides, found.null) == (plain.graph, plain.sides, plain.null)
    for name, choice, n, m in (("ei_index", "weights", 6, 7), ("modularity", "component", 8, 8)):
        alone = report(graph, sides, choices={choice: mixed[f"{name}.{choice}"]}, **options)
        for key in ("value", "null_mean", "null_sd"):
            assert getattr(found[name], key) == getattr(alone[name], key)
        assert found[name].value != plain[name].value
        size = {name: alone.graph[name] for name in ("nodes", "edges", "share_of_weight")}
        size["smallest_side"] = min(alone.sides["sizes"])
        assert (size["nodes"], size["edges"]) == (n, m)
        assert found[name].choices == {**alone[name].choices, **size}
    only = report(graph, sides, measures=["ei_index"], choices={"ei_index.component": "all"})
    assert only.graph["nodes"] == only.null["nodes"] == 8
    with pytest.raises(UsageError, match="weights has a value that is not allowed"):
        report(graph, sides, choices={"ei_index.weights": "heavy"})
    with pytest.raises(UsageError, match=r"this choice: ei_index\.weights"):
        report(graph, sides, measures=["modularity"], choices={"ei_index.weights": "weighted"})


def test_an_undefined_index_is_none_with_its_reason():
    graph, sides = camps(2)
    found = report(graph, sides, null="none", choices={"k": 50})
    assert found["random_walk_controversy"].value is None
    assert "fewer accounts than k" in found["random_walk_controversy"].reason
    assert found["ei_index"].value is not None
    with_k = {name for name, measure in INDICES.items() if "k" in measure.choices}
    assert {value.name for value in found.indices if value.value is None} == with_k
    table = found.to_pandas()
    assert table["value"].isna().sum() == len(with_k)
    assert (table["reason"].notna() == table["value"].isna()).all()
    assert "<table" in found._repr_html_()
    with pytest.raises(KeyError):
        found["nothing"]


def test_what_was_dropped_is_told():
    graph = graph_of([("a", "b"), ("b", "b"), ("c", "a"), ("p", "q"), ("z", "a")], [1, 5, 2, 1, 1])
    sides = sides_of(graph, {"a": "x", "b": "y", "c": "x", "p": "x", "q": "y"})
    about = report(graph, sides, measures=["ei_index"], null="none").graph
    assert about["nodes"] == 3
    assert about["edges"] == 2
    assert about["weight"] == 3
    assert about["share_of_weight"] == pytest.approx(0.3)
    assert about["dropped"] == {"self_loops": 1, "unsided": 1, "outside_component": 2}
    assert about["dropped_weight"] == {"self_loops": 5, "unsided": 1, "outside_component": 1}
    assert about["share_of_accounts"] == pytest.approx(3 / 6)


def test_a_side_most_of_which_is_outside_the_component_is_told():
    inside = [("a0", "a1"), ("a1", "a2"), ("a2", "b0"), ("b0", "a0"), ("a2", "a3")]
    graph = graph_of([*inside, ("b1", "b2"), ("b2", "b3"), ("c0", "c1"), ("a8", "a9")])
    sides = sides_of(graph, {account: account[0] for account in graph.accounts})
    found = report(graph, sides, measures=["ei_index"], null="none")
    told = dict(zip(found.sides["names"], found.sides["outside"], strict=True))
    assert told == {"a": 2, "b": 3}
    assert (found.sides["dropped"], found.sides["dropped_outside"]) == (["c"], [2])
    assert found.to_dict()["sides"]["outside"] == found.sides["outside"]
    assert found.notes[1].startswith("3 of 4 accounts of side b are outside the largest component")
    assert found.notes[2].startswith("2 of 2 accounts of side c")
    assert not [note for note in found.notes if "side a" in note]
    whole = report(graph, sides, measures=["ei_index"], null="none", choices={"component": "all"})
    assert whole.sides["outside"] == [0, 0, 0]
    assert not [note for note in whole.notes if "outside" in note]


def test_an_index_with_a_component_of_its_own_says_what_enters_there():
    graph = graph_of([("a0", "a1"), ("a1", "b0"), ("b1", "b2"), ("b2", "b1")], [1, 2, 3, 4])
    sides = sides_of(graph, {account: account[0] for account in graph.accounts})
    names = ["ei_index", "assortativity"]
    own = {"assortativity.component": "all"}
    found = report(graph, sides, measures=names, null="none", choices=own)
    size = {"nodes": 5, "edges": 3, "share_of_weight": 1.0, "smallest_side": 2}
    whole = found["assortativity"].choices
    assert {name: whole[name] for name in size} == size
    assert not size.keys() & found["ei_index"].choices.keys()
    assert found.graph["share_of_weight"] == pytest.approx(0.3)


def test_sides_that_have_no_account_in_the_graph_are_named_and_do_not_enter():
    edges = [("x0", "x1"), ("x1", "y0"), ("y0", "y1"), ("y1", "z0"), ("z0", "z1"), ("w0", "w1")]
    graph = graph_of(edges)
    sides = sides_of(graph, {account: account[0] for account in graph.accounts})
    names = ["ei_index", "modularity", "dipole_polarisation"]
    found = report(graph, sides, measures=names, null="fixed", runs=3, seed=1)
    about = found.sides
    assert (about["k"], about["sizes"], about["dropped"]) == (3, [2, 2, 2], ["w"])
    assert about["names"] == [name for name in sides.names if name != "w"]
    assert [row["side"] for row in found.asymmetry] == about["names"]
    assert found["ei_index"].value == pytest.approx(-1 / 5)
    assert found["ei_index"].choices["sides_dropped"] == 1
    assert found["dipole_polarisation"].reason.startswith("this measure is defined for 2 sides: 3")
    assert any(note.startswith("1 of 4 sides have no account in the graph") for note in found.notes)
    assert 2 <= found.null["sides"] <= 3
    every = report(graph, sides, measures=names, null="none", choices={"component": "all"})
    assert (every.sides["k"], every.sides["dropped"]) == (4, [])
    assert "sides_dropped" not in every["ei_index"].choices
    assert not any("no account in the graph" in note for note in every.notes)


def test_communities_of_the_whole_graph_have_values_though_small_ones_are_outside():
    """The promised line of Python: sides from `communities`, the report at once."""
    from workbench.communities import leiden

    graph, _ = planted()
    rows = graph.to_pandas()
    edges = [*zip(rows["source"], rows["target"], strict=True), ("p", "q"), ("r", "s")]
    graph = graph_of(edges)
    found = report(graph, leiden(graph, seed=7), null="repartitioned", runs=5, seed=7)
    assert len(found.sides["dropped"]) == 2
    table = found.to_pandas().set_index("name")
    assert table.loc["ei_index", "value"] < table.loc["ei_index", "null_mean"]
    assert table.loc[["modularity", "assortativity", "k_pole_dipole"], "z"].notna().all()


def test_what_is_tested_follows_the_null_and_strangers_are_told():
    graph, _ = planted()
    known = {account: account[0] for account in graph.accounts} | {"stranger": "x", "other": "y"}
    sides = sides_of(graph, known)
    weighted = {"choices": {"weights": "weighted"}, "measures": ["ei_index"], "runs": 2, "seed": 1}
    fixed = report(graph, sides, null="fixed", **weighted)
    assert fixed.tests == fixed.to_dict()["tests"] == "more divided than its degrees imply"
    dealt = report(graph, sides, null="shuffled", **weighted)
    assert dealt.tests == "more divided than the same edges with their weights dealt at random"
    assert "2 accounts with a side are not in this graph" in fixed.notes
    with pytest.raises(UsageError, match="no measure is asked for"):
        report(graph, sides, measures=[])


def test_weighted_null_keeps_the_weights():
    graph, sides = planted()
    found = report(graph, sides, runs=5, seed=1, choices={"weights": "weighted"})
    assert found["ei_index"].null_sd > 0


def test_null_samples_of_all_components_are_whole():
    graph = graph_of([(f"{side}{i}", f"{side}{i + 1}") for side in "xy" for i in range(0, 12, 2)])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    found = report(graph, sides, runs=5, choices={"component": "all"}, seed=1)
    assert found.graph["nodes"] == found.null["nodes"] == 24


def test_null_samples_of_unweighted_directed_graphs_are_split_unweighted(monkeypatch):
    from workbench.polarisation import sampling

    split, seen = sampling.splits_of, []

    def watched(matrix, **options):
        assert options["splits"] == 5  # as many as find_sides chooses from
        seen.append(set(matrix.data.tolist()))
        return split(matrix, **options)

    monkeypatch.setattr(sampling, "splits_of", watched)
    edges = [(f"{s}{i}", f"{s}{j}") for s in "xy" for i in range(9) for j in range(9) if i != j]
    graph = graph_of([*edges, ("x0", "y0")])
    sides = find_sides(graph, seed=1)
    report(graph, sides, runs=2, choices={"direction": "directed"}, seed=1)
    assert seen == [{1.0}] * 2
    seen.clear()
    chosen = {"direction": "directed", "weights": "weighted"}
    report(graph, find_sides(graph, weights="weighted", seed=1), runs=1, choices=chosen, seed=1)
    assert 2.0 in seen[0]
    seen.clear()
    report(graph, sides, runs=1, choices=chosen, seed=1)  # split as the observed graph was
    assert seen == [{1.0}]


def test_communities_are_found_again_as_they_were_found():
    """As many as there are, at their resolution, once or as the best of the runs."""
    from workbench import communities
    from workbench.polarisation import sampling

    graph, _ = planted(n=90)
    alone = communities.leiden(graph, resolution=1.5, seed=1)
    best = communities.stability(graph, runs=3, seed=1).best
    plans = []
    whole = sampling.NullPlan.sides_of

    def seen(plan, matrix, *names):
        plans.append((plan.into, plan.splits, plan.resolution))
        return whole(plan, matrix, *names)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling.NullPlan, "sides_of", seen)
        for sides in (alone, best):
            found = report(graph, sides, measures=["modularity", "ei_index"], runs=2, seed=1)
            assert found["modularity"].null_sd > 0
            assert "undefined_null_samples" not in found["modularity"].choices
    assert plans == [(None, 1, 1.5)] * 2 + [(None, 3, 1.0)] * 2


def structureless(seed, n=150, draws=500):
    """Draw a graph without camps whose edges have weights of their own."""
    rng = generator(seed, "structureless")
    ends = [pair for pair in rng.integers(0, n, (draws, 2)).tolist() if pair[0] != pair[1]]
    weight = rng.integers(1, 20, len(ends)).tolist()
    return graph_of([(f"a{u}", f"a{v}") for u, v in ends], weight)


def test_communities_by_weight_are_found_again_by_weight():
    """An unweighted index of them is no less divided than chance: z was about −10."""
    from workbench import communities

    scores = []
    for seed in range(4):
        graph = structureless(seed)
        sides = communities.leiden(graph, seed=1)
        assert sides.parameters["weights"] == "weighted"
        found = report(graph, sides, measures=["modularity"], runs=20, seed=1)
        scores.append(found["modularity"].z)
        spread = found.stability["indices"][0]
        assert spread["min"] - 0.05 <= found["modularity"].value <= spread["max"] + 0.05
    assert abs(np.mean(scores)) < 2


def test_sides_that_cannot_be_found_again_are_not_taken_for_known():
    from workbench import communities

    graph, _ = planted()
    for method in ("infomap", "label_propagation", "leiden_cpm", "python_louvain"):
        sides = communities.METHODS[method].function(graph, seed=1)
        with pytest.raises(UsageError, match=rf"cannot be found again.*{method}.*by louvain"):
            report(graph, sides, measures=["modularity"])
    agreed = communities.consensus(graph, runs=2, seed=1).partition
    with pytest.raises(UsageError, match=r"cannot be found again.*consensus"):
        report(graph, agreed, measures=["modularity"])
    found = report(graph, sides, measures=["modularity"], null="fixed", runs=2, seed=1)
    assert found.sides["origin"] == "found"
    assert any("too lenient" in note for note in found.notes)


def test_samples_that_cannot_be_split_are_counted():
    """Of a ring of cliques each is a side; a graph of its degrees falls into fewer."""
    edges = [(f"{s}{i:02d}", f"{s}{j:02d}") for s in "abcdef" for i in range(12) for j in range(i)]
    edges += [(f"{a}00", f"{b}01") for a, b in zip("abcdef", "bcdefa", strict=True)]
    graph = graph_of(edges)
    sides = find_sides(graph, into=6, seed=1)
    found = report(graph, sides, measures=["modularity"], interval="jackknife", runs=8, seed=1)
    value = found["modularity"]
    assert value.value > 0.8
    assert value.choices["undefined_null_samples"] > 0
    alone = graph_of([("a", "b")])
    one = report(alone, sides_of(alone, {"a": "x", "b": "y"}), measures=["ei_index"], runs=3)
    assert (one["ei_index"].value, one["ei_index"].null_mean) == (1.0, None)
    assert one["ei_index"].choices["undefined_null_samples"] == 3


def test_nulls_that_differ_by_rounding_only_have_no_z():
    """No swap is possible in a star."""
    graph = graph_of([(f"{'xy'[i % 3 == 0]}{i}", "xhub") for i in range(32)])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    for value in report(graph, sides, runs=199, seed=1, choices={"k": 1}).indices:
        if value.value is not None and value.null_mean is not None:
            assert (value.z, value.choices.get("p_unadjusted")) == (None, 1.0), value.name


def test_a_measure_asked_for_twice_is_one():
    graph, sides = planted()
    found = report(graph, sides, measures=["ei_index", "ei_index"], runs=199, seed=1)
    assert len(found.indices) == 1
    assert found["ei_index"].p == pytest.approx(1 / 200)


def test_a_graph_without_direction_has_no_directed_index():
    import networkx as nx

    from workbench.model import InteractionGraph

    graph = InteractionGraph.from_networkx(nx.path_graph(4), kind="co_hashtag")
    sides = sides_of(graph, dict(zip(graph.accounts, "xxyy", strict=True)))
    with pytest.raises(UsageError, match=r"no direction: co_hashtag.*direction=undirected"):
        report(graph, sides, null="none", choices={"direction": "directed"})


def test_distances_need_sides_that_stay():
    graph, _ = planted()
    chosen = {"distances": ((0.0, 1.0), (1.0, 0.0)), "by": "rao_stirling"}
    with pytest.raises(UsageError, match="distances between sides need sides that stay the same"):
        report(graph, find_sides(graph, seed=1), measures=["exposure_diversity"], choices=chosen)


@pytest.mark.parametrize("method", ["leiden", "louvain", "spectral", "metis"])
def test_every_split_finds_two_clear_camps(method):
    graph, truth = planted(across=0.03)
    found = find_sides(graph, method=method, seed=1)
    share = np.mean(found.labels == truth.labels)
    assert max(share, 1 - share) > 0.95
    assert find_sides(graph, method=method, seed=1).labels.tolist() == found.labels.tolist()
    assert found.parameters["agreement"] > 0.8


def test_there_must_be_something_to_split():
    with pytest.raises(UndefinedError, match="no sides to find"):
        find_sides(graph_of([("a", "a")]))
    with pytest.raises(UsageError, match="no such split"):
        find_sides(graph_of([("a", "b"), ("b", "c")]), method="kmeans")


@pytest.mark.parametrize("name", list(INDICES))
class TestContract:
    """What every index promises; a new one is held to it by being registered."""

    def test_within_bounds_and_divided_at_the_declared_end(self, name):
        measure = INDICES[name]
        choices = {"k": 1} if "k" in measure.choices else {}
        apart = measure.function(*planted(across=0.02), **choices)
        # The boundary falls apart where most accounts meet both sides, and those left look closed.
        much = 0.1 if name == "boundary_polarisation" else 0.5
        mixed = measure.function(*planted(across=much), **choices)
        low, high = measure.bounds
        for value in (apart.value, mixed.value):
            assert low is None or value >= low
            assert high is None or value <= high + 1e-12
        assert (apart.value < mixed.value) == (measure.divided_is == "low")

    def test_weights_have_no_unit_and_no_type(self, name):
        graph, sides = planted()
        choices = {"k": 2} if "k" in INDICES[name].choices else {}
        value = INDICES[name].function(graph, sides, weights="weighted", **choices).value
        table = graph.to_pandas()
        for weight in (
            table["weight"] * 7,
            table["weight"].astype("int32"),
            table["weight"].tolist(),
        ):
            other = graph_of(list(zip(table["source"], table["target"], strict=True)), list(weight))
            moved = sides_of(other, {a: a[0] for a in other.accounts})
            again = INDICES[name].function(other, moved, weights="weighted", **choices)
            assert again.value == pytest.approx(value, abs=1e-7)

    def test_is_listed_and_knows_its_graph(self, name):
        graph, sides = planted()
        choices = {"k": 2} if "k" in INDICES[name].choices else {}
        found = INDICES[name].function(graph, sides, **choices)
        assert found.graph_fingerprint == graph.fingerprint
        assert name in polarisation.__all__
        assert "doi" in INDICES[name].reference
        assert INDICES[name].meaning.endswith(".")
        with pytest.raises(ValueError, match="another graph"):
            INDICES[name].function(graph.reversed(), sides, **choices)

    def test_isolates_and_unknown_accounts_do_not_matter(self, name):
        graph, sides = planted()
        choices = {"k": 2} if "k" in INDICES[name].choices else {}
        labels = {a: a[0] for a in graph.accounts} | {"ghost": "x"}
        ghostly = Partition.from_mapping(graph, labels)
        assert ghostly.parameters["not_in_graph"] == 1
        same = INDICES[name].function(graph, ghostly, **choices).value
        assert same == INDICES[name].function(graph, sides, **choices).value
