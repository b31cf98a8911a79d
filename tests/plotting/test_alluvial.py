"""Bars are accounts of a window, bands are accounts of both, and numbers keep their colour."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex

from tests.communities.planted import window
from tests.plotting.figures import legend, rendered, untitled
from workbench.communities import match
from workbench.errors import UndefinedError, UsageError
from workbench.plotting import alluvial, alt_of
from workbench.plotting.alluvial import NONE, REST
from workbench.plotting.style import PALETTE, WIDTHS


@pytest.fixture
def story():
    """Return a matching of three windows: a merge, then a split and newcomers."""
    return match(
        {
            "2031-03-03": window({"a": range(20), "b": range(30, 42), "tiny": [90, 91]}),
            "2031-03-10": window({"a": [*range(20), *range(30, 42)]}),
            "2031-03-17": window({"a": range(14), "b": range(30, 38), "new": range(50, 60)}),
        }
    )


def bars(axes):
    """Return position → [(colour, height)] from foot to top."""
    found = {}
    for patch in axes.patches:
        if hasattr(patch, "get_height"):
            x = round(patch.get_x() + patch.get_width() / 2)
            found.setdefault(x, []).append(
                (patch.get_y(), to_hex(patch.get_facecolor()).upper(), patch.get_height())
            )
    return {
        x: [(colour, height) for _, colour, height in sorted(rows)] for x, rows in found.items()
    }


def bands(axes):
    """Return (start, height, colour) of each band."""
    found = []
    for patch in axes.patches:
        if not hasattr(patch, "get_height"):
            points = patch.get_path().vertices
            colour = to_hex(patch.get_facecolor()).upper()
            found.append((points[0].tolist(), float(points[7][1] - points[0][1]), colour))
    return found


def test_bars_bands_axes_and_caption(story):
    ax = alluvial(story, names={0: "harbour"})
    heights = bars(ax)
    assert heights[0] == [(PALETTE[0], 20), (PALETTE[1], 12), (NONE, 2)]
    assert heights[1] == [(PALETTE[0], 32)]
    assert sum(height for _, height in heights[2]) == 32
    flows = story.flows().dropna(subset=["source", "target"])
    drawn = bands(ax)
    assert sorted(height for _, height, _ in drawn) == sorted(flows["accounts"])
    assert {colour for *_, colour in drawn} == {PALETTE[0], PALETTE[1]}
    assert legend(ax)[-1] == "harbour"
    assert legend(ax)[0] == "in none that is followed"
    assert [t.get_text() for t in ax.get_xticklabels()] == story.windows
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("start of the window (UTC)", "accounts")
    assert ax.figure.get_size_inches()[0] == WIDTHS["double"]
    assert untitled(ax)
    assert ax.get_gid().startswith("Accounts of 3 windows from 2031-03-03 to 2031-03-17 in")
    assert "rule inclusion, threshold 0.5, among accounts of both windows, least 5." in ax.get_gid()
    assert "Seed" not in ax.get_gid()
    assert "Seed 7." in alluvial(replace(story, seed=7)).get_gid()
    assert rendered(ax) == rendered(alluvial(story, names={0: "harbour"}))


def test_accounts_of_bands_are_said_to_be_summed_over_pairs_of_windows(story):
    # In both: 20 and 12 of them, then 14 and 8; in one community: 20, then 14.
    ax = alluvial(story)
    assert (
        "Bands, summed over the pairs of successive windows: 54 accounts in both, 34 of them"
    ) in ax.get_gid()
    assert "63% of the 54 accounts in both stay" in alt_of(ax)


def test_bands_stay_within_their_bars(story):
    ax = alluvial(story)
    for x, window_name in enumerate(story.windows[:-1]):
        starts = [(y, y + h) for (at, y), h, _ in bands(ax) if x < at < x + 0.5]
        starts.sort()
        assert all(low >= high for (_, high), (low, _) in pairwise(starts))
        assert starts[-1][1] <= len(story.labels[window_name])


def test_few_colours_many_windows(story):
    ax = alluvial(story, most=1)
    assert {colour for rows in bars(ax).values() for colour, _ in rows} == {PALETTE[0], REST, NONE}
    assert "other communities" in " ".join(legend(ax))
    many = match({f"day {i:02}": window({"a": range(6)}) for i in range(31)})
    assert len(alluvial(many).get_xticklabels()) <= 10
    assert legend(alluvial(many, names={0: "x" * 50})) == ["x" * 31 + "…"]


def test_what_cannot_be_drawn_is_refused(story):
    for most in (0, 8):
        with pytest.raises(UsageError, match="not that many colours"):
            alluvial(story, most=most)
    nobody = replace(story, labels=dict.fromkeys(story.windows, np.empty(0, dtype=np.int64)))
    with pytest.raises(UndefinedError, match="no window has an account"):
        alluvial(nobody)
