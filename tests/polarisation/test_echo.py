"""Own against neighbours' lean: loops, SciPy, nulls that mean what they say, the circular trap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr, spearmanr

from tests.polarisation.cases import TOPICS, divided, graph_of, of_uses, reference_row, topic
from tests.reference import reference_data
from workbench.errors import UndefinedError, UsageError
from workbench.model import InteractionGraph, NodeScores
from workbench.polarisation import echo_chamber, hold_out
from workbench.polarisation.absorption import absorption, elites
from workbench.polarisation.preparation import prepare
from workbench.rng import generator


def oracle(edges, leans, *, directed, weighted):
    """Return account → (lean, mean lean of its contacts, contacts), by walking over the acts."""
    acts = defaultdict(lambda: defaultdict(float))
    for a, b in edges:
        if a != b and a in leans and b in leans:
            acts[a][b] += 1
            if not directed:
                acts[b][a] += 1
    made = {}
    for account, near in acts.items():
        weights = near if weighted else dict.fromkeys(near, 1.0)
        mean = sum(w * leans[b] for b, w in weights.items()) / sum(weights.values())
        made[account] = (leans[account], mean, len(near))
    return made


@settings(max_examples=50)
@given(divided(), st.booleans(), st.booleans(), st.integers(0, 99))
def test_equal_to_walking_over_the_acts(case, directed, weighted, seed):
    edges, labels = case
    graph = graph_of(edges)
    drawn = generator(seed, "leans").uniform(-1, 1, len(labels))
    leans = {a: x for a, x in zip(labels, drawn, strict=True) if x > -0.8}
    expected = oracle(edges, leans, directed=directed, weighted=weighted)
    choices = {
        "direction": "directed" if directed else "undirected",
        "weights": "weighted" if weighted else "unweighted",
    }
    own, near, _ = np.array(list(expected.values())).reshape(-1, 3).T
    if len(own) < 3 or np.ptp(near) < 1e-9 or np.ptp(own) < 1e-9:
        with pytest.raises(UndefinedError):
            echo_chamber(graph, leans, runs=0, **choices)
        return
    found = echo_chamber(graph, leans, runs=0, bins=4, **choices)
    rows = found.to_pandas().set_index("account")
    assert set(rows.index) == set(expected)
    for account, (x, mean, contacts) in expected.items():
        assert rows.loc[account].tolist() == pytest.approx([x, mean, contacts])
    assert found["pearson"].value == pytest.approx(pearsonr(own, near).statistic)
    assert found["like_minded"].value == pytest.approx(np.mean(own * near > 0))
    assert found.dropped["no_lean"] == graph.nodes - len(leans)
    assert len(rows) + found.dropped["no_lean"] + found.dropped["no_contact"] == graph.nodes
    # Means of equal leans in another order differ by rounding, which ranks would see.
    steps = np.diff(np.sort(near))
    if not ((steps > 0) & (steps < 1e-9)).any():
        assert found["spearman"].value == pytest.approx(spearmanr(own, near).statistic)
    assert found.grid.tolist() == [-1, -0.5, 0, 0.5, 1]
    cells = np.zeros((4, 4))
    for x, mean in zip(own, near, strict=True):
        cells[int((x + 1) * 2), int((mean + 1) * 2)] += 1 / len(own)
    assert found.density == pytest.approx(cells)


def camps_with_leans(homophily, n=80, seed=2):
    """Accounts with a lean of ±(.3…1); so large a share of acts goes to the own sign."""
    rng = generator(seed, "leans")
    leans = {f"n{i:02d}": (1 if i % 2 else -1) * float(rng.uniform(0.3, 1)) for i in range(n)}
    names = list(leans)
    edges = []
    for i, name in enumerate(names):
        for _ in range(4):
            same = rng.random() < homophily
            other = 2 * int(rng.integers(0, n // 2)) + (i % 2 if same else 1 - i % 2)
            if other != i:
                edges.append((name, names[other]))
    return graph_of(edges), leans


def test_an_echo_chamber_is_more_than_both_nulls():
    graph, leans = camps_with_leans(0.9)
    found = echo_chamber(graph, leans, runs=199, seed=3)
    assert len(found.indices) == 6
    for index in found.indices:
        assert index.z > 4
        assert index.p == pytest.approx(1 / 200)
        assert index.denoised > 0.2
        assert index.graph_fingerprint == graph.fingerprint
        assert index.divided_is == "high"
    assert found["like_minded"].value > 0.85
    assert found["like_minded", "rewired"].null_mean == pytest.approx(0.5, abs=0.1)
    again = echo_chamber(graph, leans, runs=199, seed=3)
    assert again.to_dict() == found.to_dict()


def test_without_homophily_there_is_no_more_than_chance():
    drawn = [echo_chamber(*camps_with_leans(0.5, seed=seed), runs=20, seed=1) for seed in range(12)]
    for null in ("permuted", "rewired"):
        z = np.array([found["pearson", null].z for found in drawn])
        assert abs(z.mean()) < 0.9
        assert z.min() < 0 < z.max()


def test_p_counts_the_deals_that_are_at_least_as_alike():
    graph = graph_of([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("a", "e"), ("b", "f")])
    x = np.array([1.0, 0.5, -0.2, 0.4, 0.9, -0.8])
    leans = dict(zip(graph.accounts, x, strict=True))
    matrix = graph.symmetrised(weighted=False).to_scipy().toarray()

    def alike(dealt):
        return pearsonr(dealt, matrix @ dealt / matrix.sum(axis=1)).statistic

    found = echo_chamber(graph, leans, runs=199, seed=7)["pearson"]
    drawn = np.array([alike(generator(7, "permuted", run).permutation(x)) for run in range(199)])
    more = int((drawn >= found.value - 1e-12).sum())
    assert 10 < more < 190
    assert found.p == pytest.approx((1 + more) / 200)
    assert found.null_mean == pytest.approx(drawn.mean())
    assert found.z == pytest.approx((found.value - drawn.mean()) / drawn.std(ddof=1))


def test_few_runs_give_no_p_and_none_no_null():
    graph, leans = camps_with_leans(0.8)
    found = echo_chamber(graph, leans, runs=20, seed=1)
    assert found["pearson"].p is None
    assert found["pearson"].z > 3
    bare = echo_chamber(graph, leans, runs=0, seed=1)
    assert (bare["pearson"].null_mean, bare["pearson"].z, bare["pearson"].runs) == (None, None, 0)
    assert bare["pearson"].value == found["pearson"].value
    table = found.table()
    assert table["null"].tolist() == ["permuted"] * 3 + ["rewired"] * 3
    assert table["p"].isna().all()
    shown = found.to_dict()
    assert set(shown) == {
        "accounts", "neutral", "dropped", "choices", "seed", "indices", "grid", "density",
    }  # fmt: skip
    assert "n01" not in str(shown)
    assert "<table" in found._repr_html_()


def test_the_rewired_null_keeps_degrees_and_weights():
    from scipy.sparse import csr_array

    from workbench.graphs.nulls import rewired
    from workbench.polarisation.echo import _dealt

    graph, leans = camps_with_leans(0.7)
    weighted = echo_chamber(graph, leans, weights="weighted", runs=5, seed=1)
    assert weighted["pearson", "rewired"].null_sd > 0
    matrix = csr_array(graph.symmetrised().to_scipy())
    made = rewired(matrix, directed=False, seed=1).matrix
    dealt = _dealt(made, matrix, directed=False, seed=1)
    assert (dealt != dealt.T).nnz == 0
    assert sorted(dealt.data) == sorted(matrix.data)
    assert np.diff(dealt.indptr).tolist() == np.diff(matrix.indptr).tolist()
    assert matrix.data.max() > 1


def test_a_statistic_by_its_name():
    graph, leans = camps_with_leans(0.8)
    found = echo_chamber(graph, leans, runs=2, seed=1)
    assert found["spearman", "rewired"].choices["null"] == "rewired"
    assert found["spearman"].choices["null"] == "permuted"
    with pytest.raises(UsageError, match=r"no such statistic.*pearson, spearman"):
        found["kendall"]


def test_the_centre_is_on_no_side_and_the_grid_fits_the_leans():
    graph = graph_of([("a", "b"), ("b", "c"), ("c", "d"), ("d", "e"), ("a", "a"), ("f", "g")])
    leans = {"a": -4.0, "b": -3.0, "c": 0.0, "d": 5.0, "e": 2.0, "f": 9.0, "nobody": 1.0}
    found = echo_chamber(graph, leans, runs=0)
    rows = found.to_pandas().set_index("account")
    assert rows["neighbours"].to_dict() == {"a": -3, "b": -2, "c": 1, "d": 1, "e": 5}
    assert found.neutral == 1  # c
    assert found["like_minded"].value == 1.0
    assert echo_chamber(graph, leans, centre=1.5, runs=0)["like_minded"].value == 3 / 4 + 0.05
    assert (found.grid[0], found.grid[-1], len(found.grid)) == (-4, 5, 41)
    assert found.density.sum() == pytest.approx(1)
    assert found.dropped == {"self_loops": 1, "no_lean": 1, "no_contact": 1, "not_in_graph": 1}


def test_what_has_no_correlation():
    graph = graph_of([("a", "b"), ("b", "c"), ("c", "d")])
    with pytest.raises(UndefinedError, match="all accounts have the same lean"):
        echo_chamber(graph, dict.fromkeys("abcd", 0.3))
    with pytest.raises(UndefinedError, match="too few accounts"):
        echo_chamber(graph, {"a": 1.0, "b": -1.0})
    with pytest.raises(UndefinedError, match="no account is on a side of the centre"):
        echo_chamber(graph, {"a": 1.0, "b": 0.0, "c": 1.0, "d": 0.0})
    star = graph_of([(leaf, "hub") for leaf in "abc"])
    with pytest.raises(UndefinedError, match="contacts of the same mean lean"):
        echo_chamber(star, {"a": 0.1, "b": 0.2, "c": 0.3, "hub": 1.0}, direction="directed")
    with pytest.raises(UsageError, match="runs must be 0 or more"):
        echo_chamber(graph, {"a": 1.0}, runs=-1)
    with pytest.raises(UsageError, match="direction has a value"):
        echo_chamber(graph, {"a": 1.0}, direction="both")


def harmonic(graph, sides):
    """Return the chance of a walk to end in the elite of the first side, from −1 to 1."""
    prepared = prepare(graph, sides)
    chosen, _ = elites(prepared, 0.05)
    ends = absorption(prepared, chosen, tolerance=1e-12)
    return NodeScores.from_values(graph, 2 * ends[:, 0] - 1, name="harmonic")


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS[:4])
def test_the_trap_is_the_one_of_the_reference_table_and_is_refused(name):
    graph, sides = topic(name)
    row = reference_row(name)
    scores = harmonic(graph, sides)
    with pytest.raises(UsageError, match="trivially about 1"):
        echo_chamber(graph, scores)
    vouched = echo_chamber(graph, scores, source="external", runs=0)
    assert vouched["pearson"].value == pytest.approx(float(row["EC_corr_v"]), abs=1e-6)
    by_side = NodeScores.from_values(graph, 1 - 2 * sides.labels.astype(float), name="sides")
    found = echo_chamber(graph, by_side, source="external", runs=0)["pearson"]
    assert found.value == pytest.approx(float(row["EC_corr_o"]), abs=1e-6)


@pytest.mark.reference
@pytest.mark.parametrize(("name", "low", "high"), [
    ("beefban", 0.5, 0.9), ("nationalkissingday", -0.2, 0.2)])  # fmt: skip
def test_held_out_edges_tell_a_controversy_from_a_holiday_which_circular_leans_do_not(
    name, low, high
):
    graph, sides = topic(name)
    rest, held = hold_out(graph, share=0.3, seed=5)
    rest = rest.largest_component()
    scores = harmonic(rest, sides.restricted(rest))
    found = echo_chamber(held, scores, made_on=rest, runs=5, seed=1)
    assert found.choices["shared_pairs"] == 0
    assert low < found["pearson"].value < high
    assert abs(found["pearson", "rewired"].null_mean) < 0.1
    # The whole graph with leans of its larger part: what they have seen is left out.
    again = echo_chamber(graph, scores, made_on=rest, runs=0)
    assert again.choices["shared_pairs"] == rest.edges
    assert low < again["pearson"].value < high
    circular = echo_chamber(graph, scores, source="external", runs=0)
    assert circular["pearson"].value > 0.98


@pytest.mark.reference
@pytest.mark.parametrize("name", ["gun", "super_bowl"])
def test_ratings_of_shared_news_come_from_outside(name):
    import networkx as nx
    import pandas as pd

    folder = "polarisation/allsides"
    other = nx.Graph(nx.read_gml(reference_data(f"{folder}/{name}.gml")))
    rated = pd.read_feather(reference_data(f"{folder}/{name}.allsides.feather"))
    graph = InteractionGraph.from_networkx(other)
    leans = dict(zip(rated["user_id"].astype(str), rated["allsides_score"], strict=True))
    leans = {a: float(x) for a, x in leans.items() if x is not None and np.isfinite(x)}
    found = echo_chamber(graph, leans, runs=20, seed=1)
    near = {
        a: np.mean([leans[b] for b in other[a] if b in leans and b != a])
        for a in other
        if a in leans and any(b in leans for b in other[a] if b != a)
    }
    expected = pearsonr([leans[a] for a in near], list(near.values())).statistic
    assert found["pearson"].value == pytest.approx(expected)
    assert len(found.to_pandas()) == len(near)
    assert found["pearson", "rewired"].z > 4


def test_nulls_of_accounts_and_hashtags_keep_both_apart():
    """All accounts lean one way and all hashtags the other: no sample may show another thing."""
    graph = of_uses(3)
    rng = np.random.default_rng(1)
    leans = {node: (1 if node[0] == "a" else -1) * rng.uniform(0.2, 1) for node in graph.accounts}
    found = echo_chamber(graph, leans, runs=10, seed=1)
    assert found["like_minded", "permuted"].value == 0
    for null in ("permuted", "rewired"):
        assert found["like_minded", null].null_mean == 0
    mixed = replace(graph_of([("a", "x"), ("x", "b"), ("b", "c"), ("c", "a")]), kind="account_url")
    leans = dict(zip(mixed.accounts, (0.5, -0.5, 0.2, 0.9), strict=True))
    with pytest.raises(UsageError, match="keep accounts apart"):
        echo_chamber(mixed, leans)
    assert echo_chamber(mixed, leans, runs=0)["pearson"].null_mean is None
