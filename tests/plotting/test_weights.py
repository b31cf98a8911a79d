"""The weight distribution against a plain loop, and what it says about itself."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings

from tests.corpora import crisis, crisis_names
from tests.graph_strategies import graphs
from tests.plotting.figures import isolates, legend, rendered, untitled, words
from workbench.errors import UndefinedError
from workbench.graphs import graph as build
from workbench.model import InteractionGraph
from workbench.plotting import alt_of, in_language, weight_distribution


def survival(values):
    """Return x → the share of values that are at least x."""
    return {x: sum(value >= x for value in values) / len(values) for x in values}


def heard(graph):
    """Return the acts of others upon each account that has any."""
    acts = {}
    for source, target, weight in graph.to_pandas().itertuples(index=False):
        if source != target:
            acts[target] = acts.get(target, 0) + weight
    return acts


@settings(max_examples=8)
@given(graphs(min_edges=1))
def test_the_lines_equal_the_loop(graph):
    ax = weight_distribution(graph)
    lines = {line.get_label(): dict(zip(*line.get_data(), strict=True)) for line in ax.get_lines()}
    upon = heard(graph)
    expected = {"edges, by weight": survival(list(graph.to_pandas()["weight"]))}
    if upon:
        expected["accounts, by in-strength"] = survival(list(upon.values()))
    assert lines.keys() == expected.keys()
    for label, points in expected.items():
        assert lines[label] == pytest.approx(points)
        assert list(lines[label]) == sorted(points)
    plt.close("all")


def test_axes_legend_and_caption():
    graph = InteractionGraph.from_edges(
        ["a", "a", "b", "c", "d"], ["b", "c", "c", "c", "a"], [3, 2, 5, 9, 1],
        window=(0, 86_400_000), choices={"lang": "fr", "min_weight": 1},
    )  # fmt: skip
    ax = weight_distribution(graph)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("acts x", "share with at least x acts")
    assert legend(ax) == ["edges, by weight", "accounts, by in-strength"]
    assert untitled(ax)
    assert ax.get_gid() == (
        "5 retweet edges and 3 accounts acted upon, from 1\u00a0January 1970 to "
        "2\u00a0January 1970 (UTC, end excluded); 25% of the 4 accounts are acted upon by nobody "
        "else. Largest edge 9, largest in-strength 7 acts. Filters: lang fr, min weight 1."
    )


@pytest.mark.parametrize("language", ["en", "fr"])
def test_without_direction_nobody_is_acted_upon(language):
    ends, weights = (["a", "b", "b", "c"], ["b", "a", "c", "b"]), [3, 3, 2, 2]
    graph = InteractionGraph.from_edges(*ends, weights, kind="co_url")
    both = InteractionGraph.from_edges(["a", "b"], ["b", "c"], [3, 2]).symmetrised()
    with in_language(language):
        assert "force entrante" not in legend(weight_distribution(both))[1]
        assert "in-strength" not in legend(weight_distribution(both))[1]
    with in_language(language):
        ax = weight_distribution(graph)
    told = " ".join([*words(ax), ax.get_gid(), alt_of(ax)])
    assert not [word for word in ("acted upon", "in-strength", "visé", "entrante", "act")
                if f"{word} " in told]  # fmt: skip
    assert {"en": "3 accounts joined by them", "fr": "3 comptes reliés"}[language] in told
    assert {"en": "largest strength 5.", "fr": "plus grande force : 5."}[language] in (
        told.replace("\u00a0", " ").replace("\u202f", " ")
    )


def test_only_self_loops_draw_edges_only():
    ax = weight_distribution(InteractionGraph.from_edges(["a", "b"], ["a", "b"], [2, 3]))
    assert legend(ax) == ["edges, by weight"]
    assert "0 accounts acted upon" in ax.get_gid()
    assert "100% of the 2 accounts" in ax.get_gid()
    assert rendered(ax)


@pytest.mark.parametrize("graph", [isolates(0), isolates(3)])
def test_without_edges_there_is_nothing_to_draw(graph):
    with pytest.raises(UndefinedError, match="nothing to draw: the graph has no edges"):
        weight_distribution(graph)
    assert not plt.get_fignums()


def test_it_draws_where_it_is_told():
    _, (left, right) = plt.subplots(1, 2)
    assert weight_distribution(InteractionGraph.from_edges(["a"], ["b"]), ax=right) is right
    assert len(plt.get_fignums()) == 1
    assert right.get_lines()
    assert not left.get_lines()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_crisis_gives_the_same_bytes_and_names_nobody(kind):
    graph = build(crisis(), "retweet", lang="fr")
    ax = weight_distribution(graph)
    first = rendered(ax, kind)
    assert rendered(weight_distribution(graph), kind) == first
    assert rendered(weight_distribution(build(crisis(), "reply")), kind) != first
    told = "\n".join(words(ax)).casefold()
    told += first.decode().casefold() if kind == "svg" else ""
    assert f"{graph.edges:,} retweet edges" in told
    assert "filters: lang fr." in told
    assert not [name for name in crisis_names() if name in told]


def test_the_largest_values_of_the_crisis():
    graph = build(crisis(), "retweet")
    upon = heard(graph)
    ax = weight_distribution(graph)
    edges, accounts = ax.get_lines()
    assert np.max(edges.get_xdata()) == max(graph.to_pandas()["weight"])
    assert np.max(accounts.get_xdata()) == max(upon.values())
    assert f"largest in-strength {max(upon.values()):,.0f} acts" in ax.get_gid()
