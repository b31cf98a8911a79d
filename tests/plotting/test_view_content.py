"""The numbers of the page: places, areas, colours."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.plotting.figures import isolates
from workbench.model import Partition
from workbench.plotting import in_language
from workbench.plotting.layout import Layout
from workbench.plotting.style import PALETTE
from workbench.plotting.view_content import GRID, community_names, content, radii
from workbench.plotting.view_edges import drawn_edges
from workbench.plotting.view_words import page_words


def content_of(graph, positions, scores, colour=None):
    drawn = Layout(np.asarray(positions, float), graph.fingerprint, 1, 1, float("nan"))
    return content(
        graph, drawn_edges(graph), layout=drawn, colour=colour, scores=np.asarray(scores, float),
        measure="made", labels=None, text=page_words(graph),
    )  # fmt: skip


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=20), st.integers(1, 10**6))
def test_areas_grow_in_proportion_to_the_value_above_a_smallest_dot(values, n):
    made = radii(np.array(values), top=max(values), n=n)
    smallest, largest = radii(np.array([0.0, 1.0]), top=1.0, n=n)
    assert 1 < smallest < largest <= 12
    share = np.array(values) / max(values) if max(values) else np.zeros(len(values))
    expected = smallest**2 + share * (largest**2 - smallest**2)
    assert np.allclose(made**2, expected)


def test_places_keep_their_proportions_and_the_frame_leaves_out_the_far_flung():
    rng = np.random.default_rng(3)
    positions = rng.normal(size=(1_000, 2)) * (4, 1)
    positions[0] = (1e5, 0)
    graph = isolates(1_000)
    scores = np.arange(1_000)[::-1]  # node i of the page is account i
    made = content_of(graph, positions, scores)
    frame = made["frame"]
    assert frame["x"] == [0, GRID]
    assert 0.2 * GRID < frame["y"][1] < 0.3 * GRID
    assert made["nodes"]["x"][0] > 100 * GRID
    x, y = (np.array(made["nodes"][axis], float) for axis in "xy")
    scale = (x[0] - x[1]) / (positions[0, 0] - positions[1, 0])
    assert np.allclose(np.diff(x), scale * np.diff(positions[:, 0]), atol=3)
    assert np.allclose(np.diff(y), scale * np.diff(positions[:, 1]), atol=3)


def test_one_place_for_all_is_no_division_by_zero():
    made = content_of(isolates(3), np.ones((3, 2)), [0, 0, 0])
    assert made["nodes"]["x"] == [0, 0, 0]
    assert made["frame"] == {"x": [0, 1], "y": [0, 1]}
    assert made["areas"] == []


def test_equal_scores_keep_the_order_of_accounts():
    graph = isolates(5)
    made = content_of(graph, np.arange(10).reshape(5, 2), [1, 2, 1, 2, 1])
    assert made["nodes"]["score"] == [2, 2, 1, 1, 1]
    assert made["nodes"]["x"] == sorted(made["nodes"]["x"][:2]) + sorted(made["nodes"]["x"][2:])


def test_without_communities_all_are_of_one_colour():
    made = content_of(isolates(4), np.zeros((4, 2)), [1, 2, 3, 4])
    (only,) = [entry for entry in made["communities"] if entry["size"]]
    assert (only["name"], only["colour"], only["size"]) == ("accounts", PALETTE[0], 4)
    assert only["tint"] == "#aad0e5"
    assert made["names"] == []


def test_numbers_become_names_and_names_stay():
    graph = isolates(3)
    found = Partition.from_labels(graph, np.array([0, 0, 1]), method="made")
    with in_language("fr"):
        assert community_names(found) == ["communauté 0", "communauté 1"]
    sides = Partition.from_labels(graph, ["nord", "sud", "nord"], method="given")
    assert community_names(sides) == ["nord", "sud"]
    assert community_names(None) == []
