"""The same index on several graphs: equal to taking it graph by graph, by account."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpora import ROOT, crisis
from tests.polarisation.cases import camps, divided, graph_of, sides_of
from workbench.errors import UndefinedError, UsageError
from workbench.graphs import graph
from workbench.polarisation import by_kind, confusion, ei_index, find_sides, modularity, name_sides

MEASURES = ["ei_index", "modularity"]


@settings(max_examples=30)
@given(divided(), st.data())
def test_equal_to_each_graph_by_itself(case, data):
    edges, labels = case
    first = graph_of(edges)
    sides = sides_of(first, labels)
    names = [*labels, "p", "q"]
    ends = st.sampled_from(names)
    other = graph_of(data.draw(st.lists(st.tuples(ends, ends), min_size=1, max_size=20)))
    found = by_kind({"retweet": first, "reply": other}, sides, measures=MEASURES, seed=1)
    assert found.own == ("retweet",)
    for name, made in (("retweet", first), ("reply", other)):
        known = sides_of(made, labels)
        rows = found.coverage[name]
        sided = [a for a in made.accounts if a in labels]
        assert (rows["accounts"], rows["sided"]) == (made.nodes, len(sided))
        assert rows["share"] == pytest.approx(len(sided) / made.nodes)
        acts = made.to_pandas().itertuples(index=False)
        inside = sum(e.weight for e in acts if {e.source, e.target} <= set(labels))
        assert rows["weight_share"] == pytest.approx(inside / made.total_weight)
        for index, measure in zip(found.indices[name], (ei_index, modularity), strict=True):
            if index.value is None:
                with pytest.raises(UndefinedError) as refused:
                    measure(made, known)
                assert index.reason == str(refused.value)
            else:
                assert index.value == pytest.approx(measure(made, known).value)
                assert index.reason is None


def test_what_is_undefined_is_empty_with_its_reason():
    first, sides = camps(2)
    strangers = graph_of([("p", "q"), ("q", "r")])
    one_side = graph_of([("x0", "x1"), ("x1", "p")])
    found = by_kind(
        {"retweet": first, "reply": strangers, "quote": one_side}, sides, measures=MEASURES
    )
    table = found.to_pandas()
    assert table["graph"].tolist() == ["retweet"] * 2 + ["reply"] * 2 + ["quote"] * 2
    empty = table[table["graph"] != "retweet"]
    assert empty["value"].isna().all()
    assert empty["reason"].str.contains("no edge between|one side only|no account left").all()
    assert table["coverage"].tolist() == pytest.approx([1, 1, 0, 0, 2 / 3, 2 / 3])
    assert table["weight_share"].tolist() == pytest.approx([1, 1, 0, 0, 1 / 2, 1 / 2])
    assert found.to_dict()["graphs"]["reply"]["indices"][0]["value"] is None
    wide = found.wide()
    assert wide.loc["ei_index", "retweet"] == pytest.approx((2 - 12) / 14)
    assert wide["reply"].isna().all()
    assert list(wide) == ["retweet", "reply", "quote"]
    assert "<table" in found._repr_html_()


def test_sides_are_found_again_only_where_they_were_found():
    first, _ = camps(3)
    sides = find_sides(first, seed=1)
    other = graph_of([(f"x{i}", f"y{i}") for i in range(6)] + [("x0", "x1"), ("y0", "y1")])
    found = by_kind(
        {"retweet": first, "mention": other}, sides, measures=MEASURES, runs=3, seed=4,
        choices={"component": "all"},
    )  # fmt: skip
    assert found.nulls == {"retweet": "repartitioned", "mention": "fixed"}
    assert found.to_pandas()["null_mean"].notna().all()
    labels = dict(zip(first.accounts, sides.labels.astype(str), strict=True))
    alone = ei_index(other, sides_of(other, labels), component="all")
    assert found.indices["mention"][0].value == alone.value
    assert -1 < alone.value < 1
    assert found.indices["mention"][0].choices["component"] == "all"
    assert found.wide("denoised").shape == (2, 2)
    ticks = []
    again = by_kind(
        {"retweet": first, "mention": other}, sides, measures=MEASURES, runs=3, seed=4,
        choices={"component": "all"}, advance=ticks.append,
    )  # fmt: skip
    assert again.to_dict() == found.to_dict()
    assert ticks == [1] * 6


def test_what_cannot_be_asked():
    first, sides = camps(2)
    with pytest.raises(UsageError, match="no graph to compare"):
        by_kind({}, sides)
    with pytest.raises(UsageError, match="runs must be 0 or more"):
        by_kind({"retweet": first}, sides, runs=-1)
    with pytest.raises(UsageError, match=r"no such measure: ei; allowed.*ei_index"):
        by_kind({"retweet": first}, sides, measures=["ei"])
    with pytest.raises(UsageError, match="no such column"):
        by_kind({"retweet": first}, sides, measures=MEASURES).wide("sd")


def planted_camps():
    with (ROOT / "datasets/crisis_small/truth/accounts.csv").open() as handle:
        return {r["account_id"]: r["camp"] for r in csv.DictReader(handle) if r["camp"]}


def test_the_invented_crisis_from_its_graphs_to_the_names_of_its_sides():
    """Retweets stay in the camps that were planted; replies cross more than they do."""
    graphs = {kind: graph(crisis(), kind) for kind in ("retweet", "reply", "quote", "mention")}
    sides = find_sides(graphs["retweet"], seed=1)
    checked = confusion(sides, planted_camps())
    assert checked.accuracy > checked.majority + 0.1
    found = by_kind(graphs, sides, measures=["ei_index"], seed=1)
    values = found.wide().loc["ei_index"]
    assert values["retweet"] < values["reply"]
    assert found.coverage["reply"]["share"] > 0.3
    named = name_sides(crisis(), sides)
    assert set(named.table["side"]) == set(sides.names)
