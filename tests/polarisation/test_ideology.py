"""Latent ideology: a dense oracle, two camps by hand, signs, what is missing, a retweet graph."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import ArpackNoConvergence

from tests.polarisation.cases import graph_of, topic
from workbench.errors import ConvergenceError, NotFoundError, UndefinedError, UsageError
from workbench.model import InteractionGraph
from workbench.polarisation import ideology, latent_ideology


def standardised(values):
    return (values - values.mean()) / values.std()


def dense(table):
    """Return the standardised row scores and shares of inertia of every dimension, by NumPy."""
    share = table / table.sum()
    r, c = share.sum(axis=1), share.sum(axis=0)
    deviation = (share - np.outer(r, c)) / np.sqrt(np.outer(r, c))
    u, singular, _ = np.linalg.svd(deviation, full_matrices=False)
    with np.errstate(divide="ignore", invalid="ignore"):  # where there is nothing to decompose
        scores = np.column_stack([standardised(each) for each in (u / np.sqrt(r)[:, None]).T])
        return scores, singular, singular**2 / (deviation**2).sum()


def retweets(table):
    """Return the edges and weights of a table of accounts × influencers."""
    cells = [(i, j) for i, j in np.argwhere(table)]
    return [(f"a{i}", f"i{j}") for i, j in cells], [float(table[cell]) for cell in cells]


@st.composite
def tables(draw):
    """Draw a connected table in which every account amplifies two influencers."""
    rows, columns = draw(st.integers(4, 9)), draw(st.integers(3, 6))
    cells = draw(st.lists(st.integers(0, 3), min_size=rows * columns, max_size=rows * columns))
    table = np.array(cells, dtype=float).reshape(rows, columns)
    table[0] = 1
    assume(((table > 0).sum(axis=1) >= 2).all())
    return table


@settings(max_examples=60)
@given(tables(), st.sampled_from(["unweighted", "weighted"]), st.integers(1, 2))
def test_equal_to_a_dense_decomposition(table, weights, dimensions):
    graph = graph_of(*retweets(table))
    used = table if weights == "weighted" else (table > 0).astype(float)
    scores, singular, shares = dense(used)
    singular = singular[: min(dimensions + 1, len(singular))]
    assume(singular.min() > 1e-3)
    assume((-np.diff(singular)).min() > 1e-3)
    anchor = "i0"
    means = (used.T @ scores) / used.sum(axis=0)[:, None]
    assume((np.abs(means[0, :dimensions]) > 1e-4).all())
    found = latent_ideology(graph, dimensions=dimensions, weights=weights, anchor=anchor)
    for i in range(dimensions):
        sign = np.sign(means[0, i])
        assert found.accounts[i].values == pytest.approx(sign * scores[:, i], abs=1e-6)
        assert found.influencers[i].values == pytest.approx(sign * means[:, i], abs=1e-6)
    assert found.inertia == pytest.approx(shares[:dimensions], abs=1e-9)
    assert found.choices["anchors"] == ["i0"] * dimensions


def two_camps(m, between=1):
    """m accounts a camp with two influencers each, and accounts that amplify one of each camp."""
    edges = [(f"{s}{i}", f"{s}hub{j}") for s in "xy" for i in range(m) for j in (1, 2)]
    return edges + [(f"z{i}", f"{s}hub1") for i in range(between) for s in "xy"]


@pytest.mark.parametrize("m", [2, 5, 40])
def test_two_camps_and_those_between(m):
    found = latent_ideology(graph_of(two_camps(m)), anchor="yhub1")
    scores = dict(zip(found.accounts[0].ids.to_pylist(), found.accounts[0].values, strict=True))
    camp = np.sqrt((2 * m + 1) / (2 * m))  # one of 2m + 1 stands at 0
    assert scores.pop("z0") == pytest.approx(0, abs=1e-9)
    for account, score in scores.items():
        assert score == pytest.approx(camp if account[0] == "y" else -camp)
    hubs = dict(zip(found.influencers[0].ids.to_pylist(), found.influencers[0].values, strict=True))
    assert hubs["yhub2"] == pytest.approx(camp)
    assert hubs["yhub1"] == pytest.approx(camp * m / (m + 1))
    assert hubs["xhub1"] == pytest.approx(-camp * m / (m + 1))


def test_the_sign_is_the_anchors():
    graph = graph_of([*two_camps(4), ("x9", "xhub1"), ("x9", "xhub2")])
    found = latent_ideology(graph)
    assert found.choices["anchors"] == ["xhub1"]  # the most amplifiers
    scores = dict(zip(found.accounts[0].ids.to_pylist(), found.accounts[0].values, strict=True))
    assert scores["x9"] > 0.5
    left = latent_ideology(graph, anchor="y2")
    assert left.choices["anchors"] == ["y2"]
    assert left.accounts[0].values == pytest.approx(-found.accounts[0].values)
    assert left.influencers[0].values == pytest.approx(-found.influencers[0].values)
    with pytest.raises(NotFoundError, match="no such account"):
        latent_ideology(graph, anchor="nobody")
    lone = graph_of([*two_camps(4), ("w", "xhub1")])
    with pytest.raises(NotFoundError, match="the anchor is not in the table: w"):
        latent_ideology(lone, anchor="w")
    with pytest.raises(UndefinedError, match="the anchor stands at the centre of a dimension: z0"):
        latent_ideology(graph_of(two_camps(4)), anchor="z0")


def test_the_largest_influencer_may_stand_at_the_centre():
    edges = [
        *two_camps(3),
        *((f"{s}{i}", "middle") for s in "xyz" for i in range(3 - 2 * (s > "y"))),
    ]
    found = latent_ideology(graph_of(edges))
    hubs = dict(zip(found.influencers[0].ids.to_pylist(), found.influencers[0].values, strict=True))
    assert hubs["middle"] == pytest.approx(0, abs=1e-9)
    assert found.choices["anchors"] == ["xhub1"]
    assert hubs["xhub1"] > 0.5


def test_parts_that_share_nobody_are_dropped_and_counted():
    apart = [(f"p{i}", f"phub{j}") for i in range(2) for j in range(3)]
    rare = [("w", "xhub1"), ("v", "v"), ("v", "other"), ("u", "xhub1"), ("t", "alone")]
    graph = graph_of([*two_camps(4), *apart, *rare])
    found = latent_ideology(graph, influencers=8, supplementary="both")
    alone = latent_ideology(graph_of(two_camps(4)))
    assert found.inertia == pytest.approx(alone.inertia)
    assert found.accounts[0].ids.to_pylist() == alone.accounts[0].ids.to_pylist()
    assert found.accounts[0].values == pytest.approx(alone.accounts[0].values)
    assert found.dropped == {
        "accounts_without_influencer": 10,  # nine who are amplified, and v
        "accounts_below_minimum": 3,
        "accounts_outside_component": 2,
        "influencers_without_account": 1,
        "influencers_outside_component": 3,
        "components": 1,
    }
    assert found.choices["ties"] == 2  # alone and other, each with one amplifier
    placed = found.supplementary_accounts[0]
    assert placed.ids.to_pylist() == ["u", "w"]
    assert placed.values[0] == pytest.approx(placed.values[1])


def test_supplementary_accounts_and_influencers_are_placed_by_the_same_rule():
    """Whoever is in the table would be placed where it stands."""
    table = np.array(
        [[1, 1, 0, 0, 1], [1, 1, 1, 0, 0], [0, 1, 1, 0, 0], [0, 0, 1, 1, 1], [0, 1, 0, 1, 0],
         [1, 0, 1, 0, 0], [0, 0, 0, 1, 1], [0, 0, 0, 1, 0]]
    )  # fmt: skip
    edges, _ = retweets(table)
    hubs = [f"i{j}" for j in range(4)]
    graph = graph_of([*edges, ("a7", "late")])
    found = latent_ideology(graph, influencers=hubs, supplementary="both", anchor="i3")
    assert found.choices["influencers"] == 4
    ids = found.accounts[0].ids.to_pylist()
    assert ids == ["a0", "a1", "a2", "a3", "a4", "a5"]
    active = table[:6, :4]
    scores, singular, _ = dense(active)
    sign = np.sign(((active.T @ scores[:, 0]) / active.sum(axis=0))[3])
    assert found.accounts[0].values == pytest.approx(sign * scores[:, 0])
    # Both amplify i3 alone: by the transition formula of correspondence analysis.
    share = active / active.sum()
    r, c = share.sum(axis=1), share.sum(axis=0)
    u, singular, vt = np.linalg.svd((share - np.outer(r, c)) / np.sqrt(np.outer(r, c)))
    raw = u[:, 0] / np.sqrt(r)
    place = (vt[0, 3] / np.sqrt(c[3]) / singular[0] - raw.mean()) / raw.std()
    sign = np.sign(found.accounts[0].values[0] * standardised(raw)[0])
    extra = found.supplementary_accounts[0]
    assert extra.ids.to_pylist() == ["a6", "a7"]
    assert extra.values == pytest.approx([sign * place] * 2)
    assert np.abs(extra.values).min() > 1
    others = found.supplementary_influencers[0]
    assert others.ids.to_pylist() == ["i4"]  # a7, who amplifies late, is not in the table
    of = dict(zip(ids, found.accounts[0].values, strict=True))
    assert others.values == pytest.approx([(of["a0"] + of["a3"]) / 2])
    rows = found.to_pandas()
    assert rows.columns.tolist() == ["account", "role", "supplementary", "dimension_1"]
    assert rows.groupby(["role", "supplementary"]).size().to_dict() == {
        ("account", False): 6, ("account", True): 2,
        ("influencer", False): 4, ("influencer", True): 1,
    }  # fmt: skip
    assert rows["dimension_1"].notna().all()


def test_an_influencer_of_the_table_amplifies_too():
    graph = graph_of([*two_camps(3), ("xhub1", "xhub2"), ("xhub1", "yhub2")])
    rows = latent_ideology(graph).to_pandas()
    assert sorted(rows.loc[rows["account"] == "xhub1", "role"]) == ["account", "influencer"]


@settings(max_examples=20)
@given(tables(), st.randoms())
def test_order_of_edges_and_unit_of_weights_do_not_matter(table, shuffler):
    edges, weight = retweets(table)
    _, singular, _ = dense(table)
    assume(singular[1] > 1e-3)
    assume(singular[0] - singular[1] > 1e-3)
    order = list(range(len(edges)))
    shuffler.shuffle(order)
    one = latent_ideology(graph_of(edges, weight), weights="weighted", supplementary="both")
    shuffled = graph_of([edges[i] for i in order], [weight[i] * 7 for i in order])
    other = latent_ideology(shuffled, weights="weighted", supplementary="both")
    assert one.choices["anchors"] == other.choices["anchors"]
    assert other.accounts[0].values == pytest.approx(one.accounts[0].values, abs=1e-7)


@pytest.mark.reference
@pytest.mark.parametrize(
    ("choices", "shape", "agreement"),
    [
        ({}, (871, 297), 0.9006),
        ({"weights": "weighted"}, (871, 297), 0.9162),
        ({"min_influencers": 3}, (428, 289), 0.9235),
    ],
)
def test_the_first_dimension_of_gunsense_is_its_two_sides(choices, shape, agreement):
    graph, sides = topic("gunsense")
    found = latent_ideology(graph, **choices)
    scores = found.accounts[0]
    assert (len(scores.values), len(found.influencers[0].values)) == shape
    side = sides.labels[graph.positions(scores.ids.to_pylist())]
    assert abs(np.corrcoef(scores.values, side)[0, 1]) == pytest.approx(agreement, abs=5e-4)
    again = latent_ideology(graph, **choices)
    assert found.accounts[0].values.tolist() == again.accounts[0].values.tolist()


def test_what_cannot_be_measured_is_refused():
    graph = graph_of(two_camps(4))
    with pytest.raises(UndefinedError, match=r"too few accounts amplify several.*: 0 accounts"):
        latent_ideology(graph, min_influencers=3)
    same = graph_of([(f"a{i}", f"i{j}") for i in range(5) for j in range(3)])
    with pytest.raises(UndefinedError, match="in the same proportions"):
        latent_ideology(same)
    with pytest.raises(UndefinedError, match=r"fewer dimensions: 9; allowed: up to 3"):
        latent_ideology(graph, dimensions=9)
    ring = graph_of([(f"a{i}", f"i{(i + j) % 3}") for i in range(3) for j in range(2)])
    with pytest.raises(UndefinedError, match=r"same share, so their axes are arbitrary: 0\.5"):
        latent_ideology(ring)
    flat = graph_of([(f"a{i}", h) for i in range(4) for h in ("p", "q", f"i{i % 2}", f"j{i % 2}")])
    with pytest.raises(UndefinedError, match=r"fewer dimensions: 2; allowed: up to 1"):
        latent_ideology(flat, dimensions=2)
    for bad, message in (
        ({"influencers": 1}, "two influencers"),
        ({"min_influencers": 0}, "min_influencers must be at least 1: 0"),
        ({"dimensions": 0}, "dimensions must be at least 1: 0"),
        ({"supplementary": "all"}, "supplementary has a value.*none, accounts, influencers, both"),
        ({"weights": "heavy"}, "weights has a value"),
    ):
        with pytest.raises(UsageError, match=message):
            latent_ideology(graph, **bad)
    with pytest.raises(NotFoundError, match="no such account"):
        latent_ideology(graph, influencers=["xhub1", "nobody"])
    joint = InteractionGraph.from_edges(["a"], ["b"], kind="co_share")
    with pytest.raises(UsageError, match="without direction: co_share"):
        latent_ideology(joint)

    def stuck(*_args, **_options):
        raise ArpackNoConvergence("stuck", np.empty(0), np.empty((0, 0)))

    with pytest.raises(ConvergenceError, match="did not converge"):
        ideology._largest(stuck, None, 1, np.ones(2))
