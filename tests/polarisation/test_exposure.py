"""Exposure against loops over the accounts and their contacts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.polarisation.cases import TOPICS, divided, graph_of, sides_of, topic
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.model import NodeScores
from workbench.polarisation import bubbles, exposure_diversity, report


def contacts_of(edges, labels, *, directed, weighted):
    """Return account → side → acts (or distinct contacts), by walking over the acts."""
    acts = defaultdict(lambda: defaultdict(float))
    for a, b in edges:
        if a != b and {a, b} <= set(labels):
            acts[a][b] += 1
            if not directed:
                acts[b][a] += 1
    made = {}
    for account, side in labels.items():
        row = dict.fromkeys("ab", 0.0)
        for other, weight in acts[account].items():
            row[labels[other]] += weight if weighted else 1
        each = acts[account].values()
        size = sum(each) ** 2 / sum(w * w for w in each) if each else 0
        made[account] = (side, row, sum(each), len(each), size if weighted else len(each))
    return made


def plain_entropy(row):
    n = sum(row.values())
    return -sum(c / n * log(c / n) for c in row.values() if c) / log(len(row))


@settings(max_examples=40)
@given(divided(), st.booleans(), st.booleans(), st.integers(1, 3))
def test_equal_to_walking_over_the_acts(case, directed, weighted, least):
    edges, labels = case
    graph = graph_of(edges)
    sides = sides_of(graph, labels)
    oracle = contacts_of(edges, labels, directed=directed, weighted=weighted)
    choices = {
        "direction": "directed" if directed else "undirected",
        "weights": "weighted" if weighted else "unweighted",
        "min_contacts": least,
    }
    found = bubbles(graph, sides, **choices)
    table = found.to_pandas().set_index("account")
    assert list(table.index) == list(graph.accounts)
    values = []
    for account, (side, row, acts, contacts, size) in oracle.items():
        line = table.loc[account]
        assert (line["side"], line["acts"], line["contacts"]) == (side, acts, contacts)
        n = sum(row.values())
        if contacts < least:
            assert line[["cross_share", "entropy", "entropy_corrected", "simpson"]].isna().all()
            continue
        seen = sum(c > 0 for c in row.values())
        values.append(plain_entropy(row) + (seen - 1) / (2 * size) / log(2))
        assert line["cross_share"] == pytest.approx(1 - row[side] / n)
        assert line["entropy"] == pytest.approx(plain_entropy(row), abs=1e-12)
        assert line["entropy_corrected"] == pytest.approx(min(values[-1], 1), abs=1e-12)
        assert line["simpson"] == pytest.approx(2 * (1 - sum((c / n) ** 2 for c in row.values())))
    assert found.known == len(values)
    assert found.known + found.unknown + found.inactive == len(table)
    if not values:
        with pytest.raises(UndefinedError, match="no account has enough contacts"):
            exposure_diversity(graph, sides, **choices)
        return
    index = exposure_diversity(graph, sides, **choices)
    assert index.value == pytest.approx(np.mean(values), abs=1e-12)
    assert index.choices["accounts"] == found.known
    assert index.choices["inactive"] == found.inactive
    assert index.choices["below_min_contacts"] == found.unknown


def test_a_side_that_acts_upon_nobody_is_at_no_distance_and_the_rest_is_told():
    graph = graph_of([("x0", f"{c}{i}") for c in "xy" for i in range(1, 4)])
    sides = sides_of(graph, {account: account[0] for account in graph.accounts})
    table = bubbles(graph, sides, direction="directed", min_contacts=1).to_pandas()
    line = table.set_index("account").loc["x0"]
    assert line["cross_share"] == 0.5
    assert line["simpson"] == 1.0
    assert table["rao_stirling"].isna().all()
    with pytest.raises(UndefinedError, match=r"acts upon nobody.*or give distances"):
        exposure_diversity(graph, sides, direction="directed", by="rao_stirling")
    given = exposure_diversity(
        graph, sides, direction="directed", by="rao_stirling", distances=[[0, 0.5], [0.5, 0]]
    )
    assert given.value == pytest.approx(0.6)


def mixed():
    """Hub a0 sees two of its own, one other (twice); b0 acts upon nobody."""
    edges = [("a0", "a1"), ("a0", "a2"), ("a0", "b0"), ("a1", "a2"), ("b1", "b0"), ("b1", "a0")]
    graph = graph_of([*edges, ("a0", "a0"), ("z", "a0")], [1, 1, 2, 1, 3, 1, 9, 1])
    return graph, sides_of(graph, {a: a[0] for a in graph.accounts if a != "z"})


def test_who_acts_upon_nobody_is_left_out_not_bubbled():
    graph, sides = mixed()
    found = exposure_diversity(
        graph, sides, direction="directed", weights="weighted", correction="none", min_contacts=1
    )
    h = -(3 / 4 * log(3 / 4) + 1 / 4 * log(1 / 4)) / log(2)
    assert found.value == pytest.approx((1 + 0 + h) / 3)  # a0 half and half, a1 only its own, b1
    facts = {
        k: found.choices[k] for k in ("accounts", "inactive", "below_min_contacts", "correction")
    }
    assert facts == {"accounts": 3, "inactive": 2, "below_min_contacts": 0, "correction": "none"}
    two = exposure_diversity(
        graph, sides, direction="directed", weights="weighted", correction="none"
    )
    assert two.value == pytest.approx((1 + h) / 2)
    assert two.choices["below_min_contacts"] == 1
    table = bubbles(graph, sides, direction="directed", weights="weighted", min_contacts=2)
    assert (table.known, table.unknown, table.inactive) == (2, 1, 2)
    assert table.dropped == {"self_loops": 1, "unsided": 1, "outside_component": 0}
    rows = table.to_pandas().set_index("account")
    assert rows["cross_share"].dropna().to_dict() == {"a0": 0.5, "b1": 0.25}
    assert rows.loc["a0", "acts"] == 4
    assert rows.loc["b0", "contacts"] == 0
    assert table.by_side().to_dict("list")["known"] == [1, 1]
    assert table.to_dict()["sides"][0] == {
        "side": "a", "accounts": 3, "known": 1, "cross_share": 0.5, "median": 0.5,
    }  # fmt: skip
    alone = bubbles(graph, sides, direction="directed", weights="weighted", min_contacts=3)
    assert alone.known == 1  # a0 has three contacts, b1 four acts upon two
    assert alone.to_dict()["sides"][1]["cross_share"] is None
    assert "<table" in table._repr_html_()


def test_kinds_of_diversity_and_their_corrections():
    graph, sides = mixed()
    chosen = {"direction": "directed", "weights": "weighted"}

    def value(**choices):
        return exposure_diversity(graph, sides, **chosen, **choices)

    plain = value(by="simpson", correction="none")
    assert plain.value == pytest.approx((1 + 3 / 4) / 2)
    fair = value(by="simpson")
    assert fair.choices["correction"] == "unbiased"
    # Weights 1, 1, 2 are worth 16/6 contacts, weights 3, 1 are worth 16/10.
    assert fair.value == pytest.approx((1 * 8 / 5 + 3 / 4 * 8 / 3) / 2)
    covered = exposure_diversity(graph, sides, direction="directed", correction="chao_shen")
    assert covered.choices["correction"] == "chao_shen"
    assert covered.value > exposure_diversity(graph, sides, direction="directed").value
    with pytest.raises(UsageError, match=r"have no counts.*chao_shen.*weights=unweighted"):
        value(correction="chao_shen")
    with pytest.raises(UsageError, match=r"have no counts.*chao_shen.*weights=unweighted"):
        bubbles(graph, sides, correction="chao_shen", weights="weighted")
    near = value(by="rao_stirling", correction="none", distances=[[0, 0.5], [0.5, 0]])
    assert near.value == pytest.approx(plain.value / 2)
    assert near.choices["distances"] == [[0.0, 0.5], [0.5, 0.0]]
    mixing = np.array([[3, 2], [1, 3]])
    cosine = mixing[0] @ mixing[1] / np.sqrt((mixing[0] ** 2).sum() * (mixing[1] ** 2).sum())
    own = value(by="rao_stirling", correction="none")
    assert own.value == pytest.approx(plain.value * (1 - cosine))
    with pytest.raises(UsageError, match="only by=rao_stirling has distances"):
        value(distances=[[0, 1], [1, 0]])
    with pytest.raises(UsageError, match=r"by has a value.*entropy, simpson, rao_stirling"):
        value(by="gini")
    with pytest.raises(UsageError, match="for by=simpson: miller_madow; allowed: unbiased, none"):
        value(by="simpson", correction="miller_madow")
    for bad in (0, -1, True, "2", 1.5):
        with pytest.raises(UsageError, match="min_contacts must be a whole number"):
            value(min_contacts=bad)
    with pytest.raises(UndefinedError, match=r"enough contacts: at most 3; allowed: 5 or more"):
        value(min_contacts=5)


def test_sides_are_as_far_apart_as_the_means_of_their_opinions():
    graph, sides = mixed()
    opinions = {"a0": -1.0, "a1": 0.0, "a2": -0.5, "b0": 0.5, "b1": 1.0, "z": 9.0}
    values = np.array([opinions[a] for a in graph.accounts])
    scores = NodeScores.from_values(graph, values, name="survey")
    found = bubbles(graph, sides, opinions=scores, min_contacts=2, weights="weighted")
    table = found.to_pandas()
    known = table["simpson"].notna()
    distance = (0.75 - -0.5) / 2  # z has no side, so its opinion does not stretch the range
    assert table.loc[known, "rao_stirling"].to_numpy() == pytest.approx(
        table.loc[known, "simpson"].to_numpy() * distance
    )
    assert table.loc[known, "simpson"].max() > 0
    assert found.choices["distances"] == "survey"
    assert bubbles(graph, sides, min_contacts=2).choices["distances"] == "mixing"
    flat = NodeScores.from_values(graph, np.ones(graph.nodes), name="flat")
    with pytest.raises(UndefinedError, match="all opinions are alike"):
        bubbles(graph, sides, opinions=flat)
    with pytest.raises(InputError, match="another graph"):
        bubbles(graph, sides, opinions=replace(scores, graph_fingerprint="other"))


def test_accounts_outside_the_largest_component_are_rows_only_where_asked_for():
    graph = graph_of([("a1", "a2"), ("a2", "b1"), ("a3", "b2"), ("c", "a3")])
    sides = sides_of(graph, {a: a[0] for a in graph.accounts if a != "c"})
    inside = bubbles(graph, sides, min_contacts=1)
    assert inside.to_pandas()["account"].tolist() == ["a1", "a2", "b1"]
    every = bubbles(graph, sides, min_contacts=1, component="all").to_pandas()
    assert every["account"].tolist() == ["a1", "a2", "a3", "b1", "b2"]
    assert every["cross_share"].tolist() == [0, 0.5, 1, 1, 1]


@settings(max_examples=20)
@given(divided())
def test_names_of_sides_do_not_matter(case):
    edges, labels = case
    graph = graph_of(edges)
    one, two = (
        exposure_diversity(graph, sides_of(graph, chosen), by=by, min_contacts=1, correction="none")
        for by in ("entropy",)
        for chosen in (labels, {a: "ba"["ab".index(s)] for a, s in labels.items()})
    )
    assert one.value == pytest.approx(two.value)
    assert 0 <= one.value <= 1  # without a correction


@pytest.mark.reference
@pytest.mark.parametrize("name", TOPICS[:3])
def test_retweeters_of_ten_topics_are_less_mixed_than_their_degrees_imply(name):
    graph, sides = topic(name)
    found = report(graph, sides, measures=["exposure_diversity"], runs=5, seed=1)
    index = found["exposure_diversity"]
    assert index.value < index.null_mean / 2
    table = bubbles(graph, sides, min_contacts=2)
    values = table.to_pandas()["entropy_corrected"].dropna()
    assert len(values) == index.choices["accounts"]


def test_opinions_that_some_accounts_lack_keep_their_accounts():
    """Scores without the first account are those of the others, not moved up by one."""
    graph = graph_of([("x0", "y0"), ("x1", "y1"), ("x1", "x2"), ("x2", "y0"), ("y1", "y0"),
                      ("x0", "x1"), ("y1", "x2")])  # fmt: skip
    sides = sides_of(graph, {a: a[0] for a in graph.accounts})
    held = {"x1": 1.0, "x2": 0.5, "y0": -1.0, "y1": 0.0}
    some = NodeScores.from_mapping(graph, held, name="opinion")
    found = bubbles(graph, sides, opinions=some, min_contacts=1).to_pandas()
    # The means of the sides are .75 and −.5, the range is 2.
    every = NodeScores.from_values(graph, np.array([0.75, 1.0, 0.5, -1.0, 0.0]), name="opinion")
    same = bubbles(graph, sides, opinions=every, min_contacts=1).to_pandas()
    assert found["rao_stirling"].tolist() == pytest.approx(same["rao_stirling"].tolist())
    nobody = NodeScores.from_mapping(graph, {"x1": 1.0, "x2": 0.5}, name="opinion")
    with pytest.raises(UndefinedError, match="no account of a side has an opinion: y"):
        bubbles(graph, sides, opinions=nobody)
