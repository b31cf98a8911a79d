"""Very many edges as a picture of their density: points along every edge, counted by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["density", "edge_picture"]

#: Pixels of the longer side: 300 dots an inch over the wider part of two columns.
LONGER_SIDE = 1_600
#: Points along all edges together; each edge has its share by length, and at least two.
POINTS = 24_000_000
_CHUNK = 2_000_000
_LEAST = 2
#: Where edges meet, those between communities weigh less, or they would hide all others.
BETWEEN_WEIGHT = 0.4
_FAINTEST, _STRONGEST = 0.10, 0.92


def edge_picture(
    ends: tuple[NDArray[np.float64], NDArray[np.float64]],
    groups: NDArray[np.int64],
    colours: Sequence[str],
    *,
    frame: tuple[float, float, float, float],
) -> NDArray[np.float32]:
    """Return a picture of all edges, shape (height, width, 4), the first row at the foot.

    Each pixel has the mean colour of the edges that cross it; how opaque it is grows with the
    logarithm of their number. Equal edges give equal bytes.

    Parameters
    ----------
    ends
        Positions of the first and of the second end, each of shape (m, 2).
    groups
        The colour of each edge, an index into `colours`; the last colour is for edges between
        communities.
    frame
        Left, right, bottom and top of the picture.
    """
    from matplotlib.colors import to_rgb

    left, right, bottom, top = frame
    scale = LONGER_SIDE / max(right - left, top - bottom)
    shape = (max(1, round((top - bottom) * scale)), max(1, round((right - left) * scale)))
    starts, stops = ((end - (left, bottom)) * scale for end in ends)
    first, second, seen_edges = _clipped(starts, stops, shape)
    groups = groups[seen_edges]
    length = float(np.linalg.norm(second - first, axis=1).sum())
    per_pixel = min(1.0, POINTS / max(length, 1.0))
    total = np.zeros(shape, dtype=np.float32)
    mixed = np.zeros((*shape, 3), dtype=np.float32)
    for group, colour in enumerate(colours):
        of = groups == group
        if not of.any():
            continue
        seen = density(first[of], second[of], shape, per_pixel=per_pixel)
        seen *= BETWEEN_WEIGHT if group == len(colours) - 1 and len(colours) > 1 else 1.0
        total += seen
        mixed += seen[:, :, None] * np.array(to_rgb(colour), dtype=np.float32)
    picture = np.zeros((*shape, 4), dtype=np.float32)
    crossed = total > 0
    if crossed.any():
        picture[crossed, :3] = mixed[crossed] / total[crossed, None]
        strong = np.log1p(total[crossed])
        share = np.minimum(strong / np.log1p(np.quantile(total[crossed], 0.999)), 1.0)
        picture[crossed, 3] = _FAINTEST + (_STRONGEST - _FAINTEST) * share
    return picture


def _clipped(
    first: NDArray[np.float64], second: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_]]:
    """Return the part of each edge that is in the picture, and which edges have one.

    What is outside must not take points from what is seen.
    """
    way = second - first
    enter, leave = np.zeros(len(way)), np.ones(len(way))
    for axis, size in enumerate(reversed(shape)):
        moves = way[:, axis] != 0
        step = np.where(moves, way[:, axis], 1.0)
        low, high = (np.where(moves, (end - first[:, axis]) / step, 0.0) for end in (0, size))
        beside = ~moves & ((first[:, axis] < 0) | (first[:, axis] > size))
        enter = np.where(moves, np.maximum(enter, np.minimum(low, high)), enter)
        leave = np.where(moves, np.minimum(leave, np.maximum(low, high)), leave)
        leave[beside] = -1.0
    seen = enter <= leave
    ends = (first[seen] + part[seen, None] * way[seen] for part in (enter, leave))
    start, stop = (end.astype(np.float32) for end in ends)
    return start, stop, seen


def density(
    first: NDArray[np.float32],
    second: NDArray[np.float32],
    shape: tuple[int, int],
    *,
    per_pixel: float = 1.0,
) -> NDArray[np.float32]:
    """Return how many edges cross each pixel, up to the roughness of points along them.

    Parameters
    ----------
    first, second
        Ends in pixels: x from the left and y from the foot, shape (m, 2).
    shape
        Height and width.
    per_pixel
        Points on a pixel's length of an edge, in (0, 1]. The points of an edge together count its
        length in pixels, at least 1: a short edge weighs no more where points are few.
    """
    height, width = shape
    way = second - first
    length = np.hypot(*way.T)
    points = np.maximum(_LEAST, np.ceil(length * per_pixel)).astype(np.int64)
    each = np.maximum(length, 1.0) / points
    counted = np.zeros(height * width)
    cuts = np.searchsorted(np.cumsum(points), np.arange(_CHUNK, points.sum() + _CHUNK, _CHUNK))
    start = 0
    for end in np.unique(np.minimum(cuts + 1, len(points))).tolist():
        some = points[start:end]
        edge = np.repeat(np.arange(start, end, dtype=np.int32), some)
        before = np.repeat(np.cumsum(some) - some, some)
        along = (np.arange(len(edge)) - before + 0.5).astype(np.float32)
        along /= points[edge]
        x = np.floor(first[edge, 0] + along * way[edge, 0]).astype(np.int32)
        y = np.floor(first[edge, 1] + along * way[edge, 1]).astype(np.int32)
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        counted += np.bincount(
            y[inside] * width + x[inside], weights=each[edge[inside]], minlength=height * width
        )
        start = end
    return counted.reshape(shape).astype(np.float32)
