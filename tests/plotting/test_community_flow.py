"""Arrows go from who acts to who is acted upon, as wide as the acts; discs are acts inside."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, FancyArrowPatch

from tests.plotting.figures import legend, rendered, untitled
from workbench.errors import InputError, UndefinedError, UsageError
from workbench.plotting import community_flow
from workbench.plotting.style import PALETTE

ACTS = [[80, 10, 0], [4, 20, 0], [0, 2, 5]]


def parts(axes):
    discs = [patch for patch in axes.patches if isinstance(patch, Circle)]
    arrows = [patch for patch in axes.patches if isinstance(patch, FancyArrowPatch)]
    return discs, arrows


def width(arrow):
    return arrow.get_arrowstyle().tail_width


def test_discs_arrows_words_and_caption():
    ax = community_flow(ACTS, ["a", "b", "c"])
    discs, arrows = parts(ax)
    places = np.array([disc.center for disc in discs])
    found = {}
    for arrow in arrows:
        ends = [np.asarray(end) for end in arrow._posA_posB]
        a, b = (int(np.argmin(np.hypot(*(places - end).T))) for end in ends)
        found[a, b] = arrow
    assert set(found) == {(0, 1), (1, 0), (2, 1)}
    assert width(found[0, 1]) == pytest.approx(2.5 * width(found[1, 0]))
    assert width(found[0, 1]) == pytest.approx(5 * width(found[2, 1]))
    assert to_hex(found[2, 1].get_facecolor()).upper() == PALETTE[2], "the colour of who acts"
    assert discs[0].radius > discs[1].radius > discs[2].radius
    assert [text.get_text() for text in ax.texts] == ["a\n80 inside", "b\n20 inside", "c\n5 inside"]
    assert legend(ax) == ["10 acts", "3 acts"]
    assert untitled(ax)
    assert ax.get_gid() == (
        "121 acts of 3 communities; 13.2% are across. Arrows point from who acts to who is acted "
        "upon, 3 of 3, with 100% of the acts across; the widest is 10 acts from a upon b. Discs: "
        "acts inside, by area."
    )
    assert rendered(ax) == rendered(community_flow(ACTS, ["a", "b", "c"]))


def test_labels_of_twelve_do_not_overlap():
    rng = np.random.default_rng(1)
    acts = rng.integers(0, 40, size=(12, 12)) + np.diag(rng.integers(0, 900, size=12))
    ax = community_flow(acts, [f"{i} #a_long_tag, another word, more" for i in range(12)])
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:i])
        assert ax.figure.bbox.x0 <= box.x0
        assert box.x1 <= ax.figure.bbox.x1
    assert len(parts(ax)[1]) == 30
    assert "30 of" in ax.get_gid()


def test_nothing_across_and_one_community():
    ax = community_flow([[5, 0], [0, 3]], ["a", "b"])
    assert parts(ax)[1] == []
    assert ax.get_gid() == "8 acts of 2 communities; 0.0% are across. Discs: acts inside."
    assert len(parts(community_flow([[5]], ["a"]))[0]) == 1
    assert len(parts(community_flow([[0, 5], [0, 0]], ["a", "b"]))[1]) == 1


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(UndefinedError, match="no act in or between"):
        community_flow([[0]], ["a"])
    for wrong in ([[1, 2]], [[1, -1], [0, 0]], [[1, np.nan], [0, 0]]):
        with pytest.raises(InputError, match="K x K finite acts"):
            community_flow(wrong, ["a", "b"])
    with pytest.raises(UsageError, match="too many communities for one circle: 17"):
        community_flow(np.ones((17, 17)), [str(i) for i in range(17)])
    with pytest.raises(UsageError, match="most must be 1 or more"):
        community_flow(ACTS, ["a", "b", "c"], most=0)
