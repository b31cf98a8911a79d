"""The network figure: what is drawn, what is said, and who is named."""

from __future__ import annotations

import importlib

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.text import Annotation
from scipy.ndimage import maximum_filter

from tests.corpora import ROOT, crisis, crisis_names
from tests.graph_strategies import graphs
from tests.plotting.figures import camps, isolates, legend, rendered, untitled, words
from workbench.errors import InputError, UndefinedError
from workbench.graphs import graph as build
from workbench.model import InteractionGraph, NodeScores, Partition
from workbench.plotting import network
from workbench.plotting.layout import Layout, layout
from workbench.plotting.network import HUBS, _apart
from workbench.plotting.style import OTHER, PALETTE
from workbench.privacy import Pseudonymiser, read_public_actors

PUBLIC = read_public_actors(ROOT / "datasets" / "crisis_small" / "truth" / "public_actors.csv")


def named(ax):
    """Return the names written beside accounts."""
    return [t.get_text() for t in ax.texts if isinstance(t, Annotation)]


def lines_and_dots(ax):
    lines, dots = ax.collections
    return lines, dots


@pytest.fixture(scope="module")
def retweets():
    return build(crisis(), "retweet", until="2031-03-08", min_weight=1).largest_component()


@pytest.fixture(scope="module")
def places(retweets):
    return layout(retweets, iterations=20, seed=7)


def test_every_account_is_a_dot_where_the_layout_says_and_every_edge_a_line():
    graph, side = camps(10)
    drawn = layout(graph, iterations=5, seed=1)
    colour = Partition.from_labels(graph, side.astype(int), method="given")
    ax = network(graph, colour=colour, layout=drawn)
    lines, dots = lines_and_dots(ax)
    pairs = zip(dots.get_offsets(), dots.get_facecolor(), strict=True)
    shown = {tuple(xy): to_hex(c) for xy, c in pairs}
    assert shown == {
        tuple(xy): PALETTE[label].lower()
        for xy, label in zip(drawn.positions, colour.labels, strict=True)
    }
    source, target, _ = graph.arcs()
    expected = {
        (*drawn.positions[s], *drawn.positions[t])
        for s, t in zip(source, target, strict=True)
        if s != t
    }
    assert {tuple(line.ravel()) for line in lines.get_segments()} == expected
    assert lines.get_rasterized()


def test_an_edge_without_direction_is_one_line(monkeypatch):
    graph = InteractionGraph.from_edges(list("abbc"), list("bacb"), kind="co_url")
    monkeypatch.setattr(importlib.import_module("workbench.plotting.network"), "MOST_LINES", 2)
    ax = network(graph, layout=layout(graph, seed=1))
    assert len(lines_and_dots(ax)[0].get_segments()) == graph.edges == 2
    assert "density" not in ax.get_gid()


def test_areas_grow_with_the_score_and_the_large_ones_are_on_top():
    graph, _ = camps(10)
    scores = NodeScores.from_values(graph, np.arange(graph.nodes)[::-1], name="made_up")
    drawn = layout(graph, iterations=5, seed=1)
    ax = network(graph, size=scores, layout=drawn)
    _, dots = lines_and_dots(ax)
    assert np.all(np.diff(dots.get_sizes()) > 0)
    assert np.array_equal(dots.get_offsets(), drawn.positions[::-1])
    assert legend(ax) == ["made up 1.9", "made up 19"]
    assert "Area: made up." in ax.get_gid()


@pytest.mark.parametrize(("values", "told"), [([-5, -1], "-1"), ([0, 0], "0")])
def test_where_no_score_is_above_0_all_dots_are_the_smallest(values, told):
    graph = isolates(2)
    scores = NodeScores.from_values(graph, np.array(values), name="made_up")
    ax = network(graph, size=scores, layout=layout(graph, seed=1))
    dots = ax.collections[-1]
    assert len(set(dots.get_sizes())) == 1
    assert legend(ax) == [f"made up {told}".replace("-", "\u2212")]
    (handle,) = ax.get_legend().legend_handles
    assert handle.get_markersize() ** 2 == pytest.approx(dots.get_sizes()[0])


@pytest.mark.parametrize("way", [(1, 0), (0, 1), (1, 1e-9), (0, 0), (1e9, 0)])
def test_accounts_on_one_line_are_seen(way):
    graph = isolates(3)
    places = {f"x:{i}": (1e6 + i * way[0], i * way[1]) for i in range(3)}
    ax = network(graph, layout=places)
    _, _, width, height = ax.get_window_extent().bounds
    assert min(width, height) > 50
    dots = ax.collections[-1]
    assert dots.axes.viewLim.count_contains(dots.get_offsets()) == 3


def test_without_scores_the_area_is_what_others_did_upon_the_account():
    graph = InteractionGraph.from_edges(["a", "b", "c", "c"], ["b", "c", "b", "c"], [4, 1, 2, 90])
    drawn = layout(graph, seed=1)
    ax = network(graph, layout=drawn, labels=str.upper)
    _, dots = lines_and_dots(ax)
    assert np.array_equal(dots.get_offsets(), drawn.positions[[0, 2, 1]])
    assert legend(ax) == ["in-strength 0.6", "in-strength 6"]
    assert named(ax) == ["B", "C", "A"]
    assert len(lines_and_dots(ax)[0].get_segments()) == 3


def test_communities_beyond_the_seventh_and_accounts_without_one_are_other():
    graph = isolates(46)
    labels = [*np.repeat(np.arange(9), range(9, 0, -1)).tolist(), -1]
    colour = Partition.from_labels(graph, np.array(labels), method="made")
    ax = network(graph, colour=colour, layout=layout(graph, iterations=1, seed=1))
    assert legend(ax)[:8] == [
        *[f"community {i} ({9 - i})" for i in range(7)],
        "other (4)",
    ]
    _, dots = lines_and_dots(ax)
    colours = [to_hex(c) for c in dots.get_facecolor()]
    assert colours.count(OTHER.lower()) == 4
    assert [colours.count(c.lower()) for c in PALETTE] == [9, 8, 7, 6, 5, 4, 3]


def test_labels_keep_clear_of_names_that_are_cut_alike():
    graph = isolates(20)
    sides = ["the same beginning, north"] * 10 + ["the same beginning, south"] * 10
    colour = Partition.from_labels(graph, sides, method="given")
    x = np.repeat([0.0, 1.0], 10)
    y = np.where(np.arange(20) == 0, -0.028, 0.0)  # its label would lie on the name of its group
    places = Layout(np.stack([x, y], axis=1), graph.fingerprint, 1, 1, np.nan)
    scores = NodeScores.from_values(graph, np.arange(20) == 0, name="made_up")
    ax = network(graph, colour=colour, size=scores, layout=places, labels=lambda _: "hub")
    assert [text.get_text() for text in ax.texts[:2]] == ["the same beginn…"] * 2
    name = next(t for t in ax.texts[:2] if t.get_position()[0] == 0)
    beside = [t.xyann[1] - name.get_position()[1] for t in ax.texts[2:] if t.xy[0] == 0]
    assert min(map(abs, beside)) > 0.02


def test_given_sides_keep_their_names_in_the_legend():
    graph, side = camps(5)
    colour = Partition.from_labels(graph, np.where(side, "north", "south"), method="given")
    ax = network(graph, colour=colour, layout=layout(graph, iterations=1, seed=1))
    assert sorted(legend(ax)[:2]) == ["north (5)", "south (5)"]
    assert "Colour: given communities." in ax.get_gid()


def test_n_window_filters_and_seeds_are_in_the_caption_and_no_title(retweets):
    colour = Partition.from_labels(
        retweets, np.arange(retweets.nodes) % 4, method="leiden", seed=23
    )
    ax = network(retweets, colour=colour, seed=11)
    caption = ax.get_gid()
    assert caption.startswith(
        f"{retweets.nodes:,} accounts, {retweets.edges:,} retweet edges, "
        f"{retweets.total_weight:,.0f} acts, "
        "before 8\u00a0March 2031 (UTC)."
    )
    assert "Filters: min weight 1." in caption
    assert "Leiden communities, seed 23." in caption
    assert "150 iterations, seed 11;" in caption
    assert "Area: in-strength (acts upon the account)." in caption
    assert untitled(ax)
    assert not ax.axison


@pytest.mark.parametrize("labelled", [True, False])
def test_nobody_is_named_but_public_actors(retweets, places, labelled):
    label = Pseudonymiser(b"k" * 32, public_actors=PUBLIC).label if labelled else None
    ax = network(retweets, labels=label, layout=places)
    told = "\n".join([*words(ax), rendered(ax, "svg").decode()]).casefold()
    assert not [name for name in crisis_names() if name in told]
    hubs = retweets.accounts[
        np.argsort(-retweets.without_self_loops().in_strength(), kind="stable")[:HUBS]
    ]
    if labelled:
        public = [PUBLIC.name(a) for a in hubs if a in PUBLIC.ids]
        assert 0 < len(public) < HUBS
        assert [name for name in named(ax) if not name.startswith("p1_")] == public
        assert len(named(ax)) == HUBS
    else:
        assert named(ax) == []


def test_without_a_public_actor_list_all_names_are_pseudonyms(retweets, places):
    ax = network(retweets, labels=Pseudonymiser(b"k" * 32).label, layout=places)
    assert len(named(ax)) == HUBS
    assert all(name.startswith("p1_") for name in named(ax))
    other = network(retweets, labels=Pseudonymiser(b"l" * 32).label, layout=places)
    assert not set(named(ax)) & set(named(other))


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_equal_input_gives_equal_bytes(retweets, kind):
    label = Pseudonymiser(b"k" * 32, public_actors=PUBLIC).label

    def made(seed):
        drawn = layout(retweets, iterations=3, seed=seed)
        return rendered(network(retweets, labels=label, layout=drawn), kind)

    assert made(1) == made(1)
    assert made(1) != made(2)


def test_the_seed_makes_the_layout():
    graph, _ = camps(8)
    _, dots = lines_and_dots(network(graph, seed=5))
    expected = layout(graph, seed=5).positions
    assert {tuple(xy) for xy in dots.get_offsets()} == {tuple(xy) for xy in expected}


SMALL = {
    "one node": InteractionGraph.from_edges(["a"], ["a"]),
    "isolates": isolates(4),
    "one edge": InteractionGraph.from_edges(["a"], ["b"]),
    "self-loops": InteractionGraph.from_edges(["a", "b"], ["a", "b"]),
}


@pytest.mark.parametrize("shape", SMALL)
def test_small_graphs_are_drawn(shape):
    ax = network(SMALL[shape], seed=1, labels=lambda account: f"label {account}")
    assert rendered(ax).startswith(b"\x89PNG")
    assert len(named(ax)) == SMALL[shape].nodes
    assert "nan" not in " ".join(words(ax))


@settings(max_examples=5)
@given(graphs(min_edges=1), st.integers(0, 99))
def test_any_graph_is_drawn(graph, seed):
    drawn = layout(graph, iterations=3, seed=seed)
    ax = network(graph, layout=drawn, labels=lambda account: f"<{account}>")
    assert rendered(ax, dpi=20)
    lines, dots = lines_and_dots(ax)
    assert len(dots.get_offsets()) == graph.nodes
    assert len(lines.get_segments()) == graph.arcs_stored - graph.self_loops
    assert len(named(ax)) == min(graph.nodes, HUBS)
    plt.close("all")


def test_an_empty_graph_is_refused():
    with pytest.raises(UndefinedError, match="nothing to draw: the graph is empty"):
        network(isolates(0))
    assert not plt.get_fignums()


def test_results_of_another_graph_are_refused():
    graph, _ = camps(5)
    other, _ = camps(6)
    labels = Partition.from_labels(other, np.zeros(other.nodes, dtype=int), method="made")
    scores = NodeScores.from_values(other, np.zeros(other.nodes), name="made")
    with pytest.raises(InputError, match="partition belongs to another graph"):
        network(graph, colour=labels)
    with pytest.raises(InputError, match="score belongs to another graph"):
        network(graph, size=scores)
    some = NodeScores.from_mapping(graph, {graph.accounts[0]: 1.0}, name="made")
    with pytest.raises(InputError, match=f"some accounts have no score.*: 1 of {graph.nodes}"):
        network(graph, size=some)
    with pytest.raises(InputError, match="layout belongs to another graph"):
        network(graph, layout=layout(other, iterations=1, seed=1))
    assert not plt.get_fignums()


def test_it_draws_where_it_is_told_and_leaves_the_users_style():
    graph, _ = camps(5)
    before = dict(mpl.rcParams)
    _, (left, right) = plt.subplots(1, 2)
    assert network(graph, seed=1, ax=left) is left
    assert len(plt.get_fignums()) == 1
    assert not right.collections
    assert dict(mpl.rcParams) == before


def test_far_flung_accounts_do_not_shrink_the_picture():
    graph = isolates(1000)
    positions = np.random.default_rng(1).normal(size=(1000, 2))
    positions[0] = (1e6, -1e6)
    ax = network(graph, layout=Layout(positions, graph.fingerprint, 1, 1, float("nan")))
    assert np.ptp(ax.get_xlim()) < 20
    assert np.ptp(ax.get_ylim()) < 20


def test_very_many_edges_are_a_picture_of_all_of_them(monkeypatch):
    graph, side = camps(20, across=0.05)
    colour = Partition.from_labels(graph, np.where(side, "b", "a"), method="given")
    module = importlib.import_module("workbench.plotting.network")
    monkeypatch.setattr(module, "MOST_LINES", 20)
    drawn = layout(graph, seed=1)
    ax = network(graph, colour=colour, layout=drawn)
    assert len(ax.collections) == 1, "dots only"
    (picture,) = ax.images
    left, right, bottom, top = picture.get_extent()
    assert (left, right) == ax.get_xlim()
    assert (bottom, top) == ax.get_ylim()
    pixels = picture.get_array()
    height, width = pixels.shape[:2]
    source, target, _ = graph.arcs()
    middle = (drawn.positions[source] + drawn.positions[target]) / 2
    x = ((middle[:, 0] - left) / (right - left) * width).astype(int)
    y = ((middle[:, 1] - bottom) / (top - bottom) * height).astype(int)
    inked = maximum_filter(pixels[:, :, 3].filled(0), size=3)
    assert (inked[y, x] > 0).all(), "every edge is there"
    assert "All edges are drawn" in ax.get_gid()
    assert f"{graph.edges} retweet edges" in ax.get_gid()
    assert rendered(ax) == rendered(network(graph, colour=colour, layout=drawn))
    assert "in its colour" not in network(graph, layout=drawn).get_gid()


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)), min_size=1, max_size=HUBS),
    st.sampled_from([1.0, 2.0]),
)
@example([(0, 0), (7, 0.1), (14, 0.15), (22.1, 0.2), (18, 0.3)], 1.0)  # pushed back into the third
def test_labels_do_not_cover_each_other(points, gap):
    spots = np.array(points, dtype=float)
    heights = _apart(spots, gap=gap, widths=np.full(len(spots), 8 * gap))
    assert np.all(heights >= spots[:, 1] + gap)
    for i in range(len(points)):
        for j in range(i):
            if abs(spots[i, 0] - spots[j, 0]) < 8 * gap:
                assert abs(heights[i] - heights[j]) >= gap - 1e-9
