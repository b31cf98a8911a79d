"""The posts behind the edges: whose they are, what of them is shown."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.model import InteractionGraph
from workbench.plotting import in_language, view_evidence
from workbench.plotting.view_edges import drawn_edges
from workbench.plotting.view_evidence import COLUMNS, posts_of_edges

NAMES = ["a", "b", "c", "elsewhere"]


def rows(*pairs):
    return pd.DataFrame(
        [
            {"account": source, "target": target, "post_id": f"p{i}",
             "created_at": "2031-03-05T09:08:07Z", "kind": "share"}
            for i, (source, target) in enumerate(pairs)
        ],
        columns=COLUMNS,
    )  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=12),
       st.booleans())  # fmt: skip
def test_a_post_is_behind_the_edge_of_its_two_accounts(pairs, directed):
    arcs = [("a", "b"), ("b", "a"), ("b", "c")] if directed else [("a", "b"), ("b", "c")]
    graph = InteractionGraph.from_edges([s for s, _ in arcs], [t for _, t in arcs])
    graph = graph if directed else replace(graph.symmetrised(), kind="co_url")
    drawn = drawn_edges(graph)
    shown, outside = posts_of_edges(graph, drawn, rows(*pairs))
    ends = [(graph.accounts[drawn.source[e]], graph.accounts[drawn.target[e]])
            for e in shown["edge"]]  # fmt: skip
    expected = [
        (i + 1, pair if directed else tuple(sorted(pair)))
        for i, pair in enumerate(pairs)
        if pair in arcs or (not directed and pair[::-1] in arcs)
    ]
    assert list(zip(map(int, shown["post"]), ends, strict=True)) == expected
    assert outside == len(pairs) - len(expected)


def test_posts_are_numbers_and_minutes_unless_raw_is_asked_for():
    graph = InteractionGraph.from_edges(["a", "b"], ["b", "a"])
    drawn = drawn_edges(graph)
    table = rows(("a", "b"), ("b", "a"), ("a", "b")).assign(text=["words", None, "more"])
    table["created_at"] = [None, pd.Timestamp("2031-03-05 11:59:59.9+02:00"), "2031-03-05"]
    shown, _ = posts_of_edges(graph, drawn, table)
    assert shown["post"] == ["1", "2", "3"]
    assert shown["time"] == ["–", "2031-03-05 09:59 UTC", "2031-03-05 00:00 UTC"]
    assert "text" not in shown
    raw, _ = posts_of_edges(graph, drawn, table, raw=True)
    assert raw["post"] == ["p0", "p1", "p2"]
    assert raw["text"] == ["words", "", "more"]
    assert "text" not in posts_of_edges(graph, drawn, table.drop(columns="text"), raw=True)[0]
    table["kind"] = ["reply", "quote", "poke"]
    with in_language("fr"):
        shown, _ = posts_of_edges(graph, drawn, table)
    assert shown["kind"] == ["réponse", "citation", "poke"]


def test_what_is_no_evidence_is_refused(monkeypatch):
    graph = InteractionGraph.from_edges(["a"], ["b"])
    drawn = drawn_edges(graph)
    with pytest.raises(InputError, match=r"lacks columns: target, kind; allowed: account, target"):
        posts_of_edges(graph, drawn, rows(("a", "b")).drop(columns=["target", "kind"]))
    with pytest.raises(InputError, match=r"times of the evidence cannot be read.*not a time"):
        posts_of_edges(graph, drawn, rows(("a", "b")).assign(created_at="not a time"))
    monkeypatch.setattr(view_evidence, "MOST_POSTS", 1)
    with pytest.raises(InputError, match=r"too long for a page: 2; allowed: 1 rows"):
        posts_of_edges(graph, drawn, rows(("a", "b"), ("a", "b")))


def test_an_act_without_a_post_has_a_dash_for_its_id():
    graph = InteractionGraph.from_edges(["a"], ["b"])
    table = rows(("a", "b"), ("a", "b")).assign(post_id=[None, float("nan")])
    columns, outside = posts_of_edges(graph, drawn_edges(graph), table, raw=True)
    assert (columns["post"], outside) == (["–", "–"], 0)
