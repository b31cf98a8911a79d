"""Positions from elsewhere: in the order of the graph, whole, and said to be given."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from tests.plotting.figures import camps, isolates
from workbench.errors import InputError
from workbench.plotting import caption_of, in_language, network, view
from workbench.plotting.layout import Layout, layout, length_ratio
from workbench.plotting.positions import placed


def test_positions_of_networkx_and_of_a_table_are_taken():
    graph, _ = camps(8)
    given = nx.circular_layout(graph.to_networkx())
    made = placed(graph, {**given, "x:elsewhere": (0, 0)})
    assert np.array_equal(made.positions, [given[account] for account in graph.accounts])
    assert (made.graph_fingerprint, made.iterations) == (graph.fingerprint, 0)
    matrix = graph.symmetrised(weighted=False).to_scipy()
    assert made.length_ratio == length_ratio(matrix, made.positions, seed=0)
    table = pd.DataFrame([(a, x, y) for a, (x, y) in given.items()], columns=["account", "x", "y"])
    same = placed(graph, table.sample(frac=1, random_state=1))
    assert np.array_equal(same.positions, made.positions)


def test_a_layout_stays_and_none_is_computed():
    graph, _ = camps(6)
    drawn = layout(graph, seed=3)
    assert placed(graph, drawn) is drawn
    assert np.array_equal(placed(graph, None, seed=3).positions, drawn.positions)
    with pytest.raises(InputError, match="layout belongs to another graph"):
        placed(isolates(2), drawn)


def test_a_view_can_be_laid_out_as_another_and_says_so():
    graph, _ = camps(6)
    first = view(graph, seed=3)
    second = view(graph, layout=first.to_pandas())
    assert np.array_equal(second.layout.positions, first.layout.positions)
    assert second.data["nodes"] == first.data["nodes"]
    assert "Layout: given; edges are " in second.caption[0]
    axes = network(graph, layout=first.to_pandas())
    assert "ForceAtlas2" not in caption_of(axes)
    with in_language("fr"):
        assert "Disposition\u202f: fournie" in view(graph, layout=first.to_pandas()).caption[0]


def test_one_node_needs_no_distance():
    assert np.isnan(placed(isolates(1), {"x:0": (1, 2)}).length_ratio)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"x:0": (0, 0)}, r"some accounts have no position: 1 of 2"),
        ({"x:0": (0, 0), "x:1": (0, float("nan"))}, r"not two finite numbers; allowed: account"),
        ({"x:0": (0, 0), "x:1": (1, 2, 3)}, r"not two finite numbers"),
        ({"x:0": (0, 0), "x:1": "north"}, r"not two finite numbers"),
        ({"x:0": (0, 0), "x:1": (1e308, 0)}, r"not two finite numbers"),
        ({"x:0": (0, 0, 0), "x:1": (0, 0, 1)}, r"not two finite numbers"),
        (pd.DataFrame({"account": ["x:0"], "x": [1]}), r"lacks columns: y; allowed: account, x, y"),
    ],
)
def test_what_are_no_positions_is_refused(given, message):
    with pytest.raises(InputError, match=message):
        placed(isolates(2), given)


@pytest.mark.parametrize("places", [[[0, 0], [np.inf, 0]], [[0, 0], [np.nan, 0]], [[0, 0]]])
def test_a_layout_without_places_for_all_is_refused(places):
    graph = isolates(2)
    made = Layout(np.array(places, dtype=float), graph.fingerprint, 1, 1, 0.5)
    for draw in (network, view):
        with pytest.raises(InputError, match=r"not two finite numbers"):
            draw(graph, layout=made)
