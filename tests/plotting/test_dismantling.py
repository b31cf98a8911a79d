"""The curves are those of the result, the axis starts at 0, and the caption says what was split."""

from __future__ import annotations

import numpy as np
import pytest

from tests.plotting.figures import legend, rendered, untitled
from workbench.errors import UndefinedError, UsageError
from workbench.influence import dismantle
from workbench.model import InteractionGraph
from workbench.plotting import dismantling


def graph(stars=40, seed=1):
    rng = np.random.default_rng(seed)
    target = np.minimum(rng.pareto(0.8, 900).astype(int), stars)
    source = rng.integers(0, 300, 900)
    return InteractionGraph.from_edges([f"f{i}" for i in source], [f"s{i}" for i in target])


def test_lines_dots_axis_and_caption():
    result = dismantle(graph(), graph(55, seed=2), by=["in_strength", "pagerank"])
    ax = dismantling(result, labels={"pagerank": "PageRank"})
    assert legend(ax) == ["in-strength", "PageRank", "random", "hindsight", "out of reach"]
    lines = [line for line in ax.lines if len(line.get_xdata()) > 2]
    for line, name in zip(lines, ["in_strength", "pagerank", "random", "hindsight"], strict=True):
        assert line.get_ydata().tolist() == result.curves[name].tolist()
        assert line.get_xdata()[0] == 0
    dots = [line.get_xdata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert dots[0] == result.halving("in_strength")
    assert ax.get_xlim() == (0, len(result.curves["random"]) - 1)
    assert ax.get_ylabel() == "later acts remaining"
    assert untitled(ax)
    caption = ax.get_gid()
    assert "Share of 900 retweet acts" in caption
    assert "Ranked on 900 earlier acts" in caption
    assert f"in-strength {result.halving('in_strength')}, PageRank" in caption
    assert rendered(ax) == rendered(dismantling(result, labels={"pagerank": "PageRank"}))


def test_without_a_split_the_caption_warns():
    result = dismantle(graph(), removes="account", accounts=5)
    ax = dismantling(result)
    assert "the most that each order can do" in ax.get_gid()
    assert "acts upon them and by them" in ax.get_gid()
    assert "hindsight" not in legend(ax)
    assert ax.get_ylabel() == "acts remaining"


def test_what_cannot_be_drawn_is_refused():
    result = dismantle(graph(), by={f"o{i}": "in_strength" for i in range(8)})
    with pytest.raises(UsageError, match="too many orders to tell apart: 8"):
        dismantling(result)
    result.curves.clear()
    with pytest.raises(UndefinedError, match="no account was removed"):
        dismantling(result)
