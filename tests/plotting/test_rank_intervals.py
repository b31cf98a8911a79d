"""A row an account, the best on top, nobody named without labels."""

from __future__ import annotations

import pytest

from tests.influence.test_ranking import audience
from tests.plotting.figures import rendered, untitled
from workbench.errors import UndefinedError
from workbench.influence import rank
from workbench.plotting import rank_intervals


def test_rows_bars_and_caption():
    graph = audience(90, 30, 28)
    ranking = rank(graph, top=3, bootstrap=200, seed=1)
    ax = rank_intervals(ranking, labels=lambda account: account.upper())
    assert [text.get_text() for text in ax.get_yticklabels()] == [
        "STAR0  90", "STAR1  30", "STAR2  28"
    ]  # fmt: skip
    assert ax.yaxis_inverted()
    bars = [segment[:, 0].tolist() for segment in ax.collections[0].get_segments()]
    assert bars == [[1, 1], [2, 3], [2, 3]]
    assert ax.get_xlabel() == "rank by in-strength,\n95% resampling interval"
    assert 0 not in ax.get_xticks()
    assert untitled(ax)
    assert ax.get_gid() == (
        "Rank of 3 accounts by in-strength among 151 in a retweet graph, with 95% intervals from "
        "200 resamples of the amplifiers (between nearly equal scores they hold less often); 1 "
        "interval is a single rank (diamonds). A row ends in the score. Seed 1."
    )
    again = rank_intervals(ranking, labels=lambda account: account.upper())
    assert rendered(ax) == rendered(again)


def test_far_intervals_are_logarithmic_and_nobody_is_named():
    graph = audience(*[40], *[1] * 60)
    ranking = rank(graph, top=3, bootstrap=100, seed=1, interval="simultaneous")
    ax = rank_intervals(ranking)
    assert ax.get_xscale() == "log"
    assert not [t for t in ax.get_yticklabels() if "star" in t.get_text()]
    assert "hold together" in ax.get_gid()


def test_what_cannot_be_drawn_is_refused():
    graph = audience(3, 2)
    with pytest.raises(UndefinedError, match=r"no intervals.*bootstrap="):
        rank_intervals(rank(graph))
    with pytest.raises(UndefinedError, match="shows no account"):
        rank_intervals(rank(graph, top=0))
