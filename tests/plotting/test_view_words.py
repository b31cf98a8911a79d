"""The texts of the page: complete, and true of the graph."""

from __future__ import annotations

import re

import pytest

from tests.plotting.figures import camps
from workbench.language import LANGUAGES
from workbench.model import InteractionGraph
from workbench.model.kinds import GRAPHS
from workbench.plotting import in_language
from workbench.plotting.view_edges import drawn_edges
from workbench.plotting.view_page import asset
from workbench.plotting.view_words import left_out, page_words, posts_outside, title

#: What the script and the template ask for, and what is written beside them by Python.
ASKED = set(re.findall(r"say\(\"(\w+)\"", asset("view.js"))) | set(
    re.findall(r"listOf\(\"(\w+)\"", asset("view.js"))
)
OTHERS = {"other", "posts", "some_posts"}


def numbers(text):
    return [int(n) for n in re.findall(r"\d+", text)]


@pytest.mark.parametrize("kind", GRAPHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_graph_has_its_nouns(kind, language):
    graph = InteractionGraph.from_edges(["a"], ["b"], kind=kind)
    with in_language(language):
        told, heading = page_words(graph), title(graph)
    accounts = kind in {"retweet", "reply", "quote", "mention"} or kind.startswith("co_")
    nouns = {
        "en": ("accounts", "nodes"), "fr": ("comptes", "nœuds")
    }[language]  # fmt: skip
    assert nouns[not accounts] in told["largest"]
    assert nouns[not accounts].rstrip("s") in heading
    assert not [text for text in told.values() if "{one}" in text or "{many}" in text]


def test_the_script_finds_each_text_it_asks_for():
    told = page_words(InteractionGraph.from_edges(["a"], ["b"]))
    plural = {name.removesuffix("_one") for name in told if name.endswith("_one")}
    assert {f"{name}_other" for name in plural} <= set(told)
    single = set(told) - {f"{name}_{n}" for name in plural for n in ("one", "other")}
    columns = {"column_post", "column_time", "column_kind", "column_text"}
    assert {"at_least", "found", "linked"} < ASKED
    assert single | plural >= ASKED
    in_template = set(re.findall(r"\{\{(\w+)\}\}", asset("view.html")))
    assert single | plural == (ASKED | OTHERS | columns | (in_template & single))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_left_out_is_counted(language):
    graph, _ = camps(12)
    simple = graph.without_self_loops()
    few = drawn_edges(simple, most_edges=10)
    with in_language(language):
        assert left_out(simple, drawn_edges(simple)) == []
        (loops,) = left_out(graph, drawn_edges(graph))
        (rest,) = left_out(simple, few)
        assert posts_outside(0) == []
        assert numbers(posts_outside(7)[0]) == [7]
    assert numbers(loops) == [graph.self_loops]
    assert numbers(rest) == [
        10, simple.edges, len(few.nodes), simple.nodes, simple.edges - 10,
        simple.nodes - len(few.nodes),
    ]  # fmt: skip


def test_the_rule_is_named():
    source = [f"a{i}" for i in range(40) for _ in range(40)]
    target = [f"b{j}" for i in range(40) for j in range(i, i + 40)]
    graph = InteractionGraph.from_edges(
        source, target, [500 if i % 40 == 0 else 1 for i in range(1600)]
    )
    backbone = drawn_edges(graph, most_edges=300)
    assert backbone.rule == "backbone"
    assert "the disparity backbone (p < 0.050)" in left_out(graph, backbone)[0]
    with in_language("fr"):
        assert "p < 0,050" in left_out(graph, backbone)[0]
    heaviest = drawn_edges(graph, most_edges=20)
    assert "the heaviest (of equally heavy ones" in left_out(graph, heaviest)[0]


def test_the_heading_says_what_and_how_much():
    graph = InteractionGraph.from_edges(["a", "b", "c"], ["b", "a", "d"])
    assert title(graph) == "Retweet network: 4 accounts, 3 edges"
    with in_language("fr"):
        assert title(graph) == "Réseau (retweet)\u202f: 4 comptes, 3 liens"
    tags = InteractionGraph.from_edges(["a"], ["b"], kind="hashtag_network")
    assert title(tags).startswith("Hashtag network: 2 nodes")


def test_lists_say_who_acts_also_where_edges_are_turned():
    graph = InteractionGraph.from_edges(["a", "a"], ["b", "c"])
    plain, back = page_words(graph), page_words(graph.reversed())
    for form in ("one", "other"):
        assert back[f"acts_{form}"] == plain[f"acted_upon_{form}"]
        assert back[f"acted_upon_{form}"] == plain[f"acts_{form}"]
    twice = page_words(graph.symmetrised())
    assert (twice["acts_other"], twice["acted_upon_one"]) == (
        "Edges to {n} accounts", "Edges from {n} account",
    )  # fmt: skip
    assert page_words(graph.reversed().reversed()) == plain
