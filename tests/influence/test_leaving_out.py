"""A ranking without listed accounts: a planted group is found out, and ranks move as counted."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings

from tests.corpora import crisis
from tests.graph_strategies import graphs
from tests.influence.test_participation import as_dict
from tests.influence.test_reshares import built_of_crisis
from workbench.communities import leiden
from workbench.errors import UsageError
from workbench.influence import in_strength, pivots, without
from workbench.model import InteractionGraph


def planted():
    """A star of eight fans, and an idol made by three accounts that act five times each."""
    rows = [(f"f{i}", "star") for i in range(8)] + [(f"c{i}", "idol") for i in range(3)] * 5
    rows += [("f1", "c1"), ("f2", "c1")]
    return InteractionGraph.from_edges(*zip(*rows, strict=True)), ["c0", "c1", "c2", "nobody"]


def test_a_planted_group_makes_an_idol():
    graph, group = planted()
    told = without(graph, group, top=2)
    rows = told.rows.set_index("account")
    assert rows.loc["idol"].tolist() == [1, 3, -2, False, 15.0, 0.0]
    assert rows.loc["star"].tolist() == [2, 1, 1, False, 8.0, 8.0]
    assert rows.loc["c1"].tolist() == [3, 2, 1, True, 2.0, 2.0]
    assert told.summary == {
        "listed": 3, "not_in_graph": 1, "acts_left_out": 15.0, "share_left_out": 15 / 25,
        "overlap": 0.5,
    }  # fmt: skip
    assert told.to_dict()["accounts"][0]["account"] == "idol"
    assert "<table" in told._repr_html_()


def test_accounts_that_are_left_out_have_no_rank():
    graph, group = planted()
    rows = without(graph, group, top=3, left_out="accounts").rows.set_index("account")
    assert pd.isna(rows.loc["c1", "rank_without"])
    assert pd.isna(rows.loc["c1", "in_strength_without"])
    assert rows.loc["star", "rank_without"] == 1


@settings(max_examples=40)
@given(graphs(min_edges=2))
def test_what_is_left_equals_a_graph_built_without_their_acts(graph):
    listed = graph.accounts[::2].tolist()
    table = graph.to_pandas()
    left = table[~table["source"].isin(listed)]
    proper = left[left["source"] != left["target"]]
    sums = proper.groupby("target")["weight"].sum()
    told = without(graph, listed, top=graph.nodes)
    rows = told.rows.set_index("account")
    assert rows["in_strength_without"].to_dict() == {a: sums.get(a, 0) for a in graph.accounts}
    assert rows["in_strength"].to_dict() == as_dict(in_strength(graph))
    assert (rows["moved"] == rows["rank"] - rows["rank_without"]).all()
    gone = in_strength(graph).values.sum() - proper["weight"].sum()
    assert told.summary["acts_left_out"] == pytest.approx(gone)


def test_measures_with_sides_and_posts_can_be_left_short():
    built = built_of_crisis()
    listed = built.accounts[:100].tolist()
    sides = leiden(built, seed=1)
    for options in ({"by": "participation", "sides": sides}, {"by": "gateway", "sides": [sides]}):
        for left_out in ("acts", "accounts"):
            assert len(without(built, listed, left_out=left_out, **options).rows)
    rows = without(built, listed, by="h_index", corpus=crisis()).rows
    assert (rows["h_index_without"] <= rows["h_index"]).all()
    assert (rows["h_index_without"] < rows["h_index"]).any()


def test_what_is_refused():
    graph, group = planted()
    with pytest.raises(UsageError, match="none of the listed accounts is in this graph"):
        without(graph, ["nobody"])
    with pytest.raises(UsageError, match="must be a list"):
        without(graph, "c0")
    with pytest.raises(UsageError, match="no such choice"):
        without(graph, group, left_out="posts")
    with pytest.raises(UsageError, match="top must be at least 1"):
        without(graph, group, top=0)
    with pytest.raises(UsageError, match="participation needs sides"):
        without(graph, group, by="participation")
    with pytest.raises(UsageError, match="h_index needs posts"):
        without(graph, group, by="h_index")


def test_a_measure_that_draws_leaves_its_seed(monkeypatch):
    graph = InteractionGraph.from_edges(
        [f"a{i}" for i in range(90)], [f"a{i * 7 % 90}" for i in range(1, 91)]
    )
    assert without(graph, ["a1"], by="closeness", seed=4).seed is None
    monkeypatch.setattr(pivots, "EXACT_NODES", 10)
    monkeypatch.setattr(pivots, "PIVOTS", 32)
    drawn = without(graph, ["a1"], by="closeness")
    assert drawn.seed is not None
    assert drawn.to_dict() == without(graph, ["a1"], by="closeness", seed=drawn.seed).to_dict()
