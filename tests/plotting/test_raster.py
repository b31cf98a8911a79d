"""The picture of edges against a slow walk along each of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from workbench.plotting import raster
from workbench.plotting.raster import density, edge_picture

SHAPE = (12, 20)
ends = st.tuples(st.floats(-4, 24, width=32), st.floats(-4, 16, width=32))


def walked(first, second, per_pixel):
    """Return the points of each edge, one at a time."""
    seen = np.zeros(SHAPE)
    for (x0, y0), (x1, y1) in zip(first.tolist(), second.tolist(), strict=True):
        length = float(np.float32(np.hypot(x1 - x0, y1 - y0)))
        points = max(2, int(np.ceil(np.float32(length) * per_pixel)))
        for i in range(points):
            along = (i + 0.5) / points
            x, y = np.floor(x0 + along * (x1 - x0)), np.floor(y0 + along * (y1 - y0))
            if 0 <= x < SHAPE[1] and 0 <= y < SHAPE[0]:
                seen[int(y), int(x)] += max(length, 1) / points
    return seen


@settings(max_examples=40)
@given(st.lists(st.tuples(ends, ends), min_size=1, max_size=12), st.sampled_from([1.0, 0.5]))
def test_points_are_those_of_the_slow_walk(edges, per_pixel):
    first, second = (np.array(side, dtype=np.float32) for side in zip(*edges, strict=True))
    seen = density(first, second, SHAPE, per_pixel=per_pixel)
    slow = walked(first, second, per_pixel)
    # A point on the border of two pixels may fall to either of them.
    assert np.abs(seen - slow).sum() <= 2 * 0.02 * slow.sum() + 2 / per_pixel
    assert seen.sum() == pytest.approx(slow.sum(), abs=1 / per_pixel)


@pytest.mark.parametrize("per_pixel", [1.0, 0.3, 0.01])
@pytest.mark.parametrize(("length", "counted"), [(0, 1), (0.4, 1), (1, 1), (3, 3), (15, 15)])
def test_an_edge_counts_its_length_however_few_its_points(per_pixel, length, counted):
    first = np.array([[2.25, 3.25]], dtype=np.float32)
    second = first + np.array([[length, 0]], dtype=np.float32)
    seen = density(first, second, SHAPE, per_pixel=per_pixel)
    assert seen.sum() == pytest.approx(counted)


def test_a_far_flung_end_takes_no_ink_from_the_others(monkeypatch):
    monkeypatch.setattr(raster, "LONGER_SIDE", 100)
    monkeypatch.setattr(raster, "POINTS", 2_000)
    rng = np.random.default_rng(1)
    first, second = rng.uniform(0, 1, (20, 2)), rng.uniform(0, 1, (20, 2))
    first[0] = (0.2, 0.2)
    groups, frame = np.zeros(20, dtype=int), (0.0, 1.0, 0.0, 1.0)
    inked = (edge_picture((first, second), groups, ["#000000"], frame=frame)[..., 3] > 0).sum()
    second[0] = (1e12, 5e11)
    far = edge_picture((first, second), groups, ["#000000"], frame=frame)[..., 3] > 0
    assert far.sum() > 0.9 * inked
    assert far[59:62, 99].any(), "what of it is in the picture is drawn, to its border"


def test_chunks_do_not_matter(monkeypatch):
    rng = np.random.default_rng(1)
    first, second = (rng.uniform(-2, 22, (300, 2)).astype(np.float32) for _ in range(2))
    whole = density(first, second, SHAPE)
    for chunk in (1, 7, 64, 10**6):
        monkeypatch.setattr(raster, "_CHUNK", chunk)
        assert np.allclose(density(first, second, SHAPE), whole)


def picture(groups, frame=(0.0, 10.0, 0.0, 5.0)):
    first = np.array([[1.0, 1.0], [1.0, 3.0], [5.0, 0.5]])
    second = np.array([[9.0, 1.0], [9.0, 3.0], [5.0, 4.5]])
    return edge_picture((first, second), np.array(groups), ["#ff0000", "#0000ff", "#808080"],
                        frame=frame)  # fmt: skip


def test_colours_within_and_between_and_where_they_cross(monkeypatch):
    monkeypatch.setattr(raster, "LONGER_SIDE", 100)
    seen = picture([0, 1, 2])
    assert seen.shape == (50, 100, 4)
    assert seen[10, 30, :3] == pytest.approx(to_rgb("#ff0000"))
    assert seen[30, 30, :3] == pytest.approx(to_rgb("#0000ff"))
    assert seen[20, 50, :3] == pytest.approx(to_rgb("#808080"), abs=0.01)
    crossing = seen[10, 50, :3]
    assert crossing[0] > crossing[2] > 0, "mixed, and what is between hides less"
    assert seen[2, 2, 3] == 0
    assert 0 < seen[10, 30, 3] <= 1
    assert np.array_equal(seen, picture([0, 1, 2]))


def test_what_is_outside_the_frame_is_not_drawn_and_no_edge_is_no_ink(monkeypatch):
    monkeypatch.setattr(raster, "LONGER_SIDE", 100)
    assert not picture([0, 1, 2], frame=(20.0, 30.0, 0.0, 5.0)).any()
    none = edge_picture((np.empty((0, 2)), np.empty((0, 2))), np.empty(0, dtype=int), ["#ff0000"],
                        frame=(0.0, 1.0, 0.0, 1.0))  # fmt: skip
    assert not none.any()
