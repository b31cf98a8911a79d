"""The picture of the property graph: everything in it, nothing over anything else."""

from __future__ import annotations

from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

from workbench.store.picture import HEIGHT, WIDTH, svg
from workbench.store.schema import NODES, RELATIONSHIPS

SVG = "{http://www.w3.org/2000/svg}"
#: Width of a capital letter of the widest usual font, as a share of its size.
WIDE = 0.68


def drawn():
    return ET.fromstring(svg())


def texts():
    """Return what is written with the box it takes: left, top, right, bottom."""
    found = []
    for entry in drawn().iter(f"{SVG}text"):
        x, y, size = (float(entry.get(key)) for key in ("x", "y", "font-size"))
        half = len(entry.text) * size * WIDE / 2
        found.append((entry.text, (x - half, y - 0.75 * size, x + half, y + 0.22 * size)))
    return found


def boxes():
    found = []
    for entry in drawn().findall(f"{SVG}rect")[1:]:
        x, y, w, h = (float(entry.get(key)) for key in ("x", "y", "width", "height"))
        found.append((x, y, x + w, y + h))
    return found


def meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def within(inner, outer):
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and (
        inner[3] <= outer[3]
    )  # fmt: skip


def test_every_label_key_and_type_is_in_the_picture_once():
    said = sorted(text for text, _ in texts())
    keys = [node.key for node in NODES.values()]
    assert said == sorted([*[f":{label}" for label in NODES], *keys, *RELATIONSHIPS])
    pairs = {(r.source, r.target) for r in RELATIONSHIPS.values()}
    assert len(drawn().findall(f"{SVG}path")) == len(pairs)
    assert len(boxes()) == len(NODES)


def test_nothing_lies_over_anything_else():
    for one, other in combinations(boxes(), 2):
        assert not meet(one, other)
    for (one, at), (other, there) in combinations(texts(), 2):
        assert not meet(at, there), (one, other)
    for text, at in texts():
        assert within(at, (0, 0, WIDTH, HEIGHT)), text
        for box in boxes():
            assert within(at, box) or not meet(at, box), text


def test_no_arrow_runs_through_a_text_or_a_box():
    for entry in drawn().findall(f"{SVG}path"):
        way = entry.get("d").replace("M", "").replace("C", "").replace("L", "").split()
        points = list(zip(map(float, way[::2]), map(float, way[1::2]), strict=True))
        for step in range(1, 100):
            x, y = at(points, step / 100)
            spot = (x - 1, y - 1, x + 1, y + 1)
            assert not any(meet(spot, box) for _, box in texts()), (entry.get("d"), step)
            inset = [(a + 2, b + 2, c - 2, d - 2) for a, b, c, d in boxes()]
            assert not any(meet(spot, box) for box in inset), (entry.get("d"), step)


def at(points, share):
    """Return the point of a line or a Bézier curve at a share of its way."""
    while len(points) > 1:
        points = [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairwise(points)]
    return points[0]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_is_dark_on_every_ground():
    dark = {luminance(entry.get("fill")) for entry in drawn().iter(f"{SVG}text")}
    for entry in drawn().findall(f"{SVG}rect"):
        assert (luminance(entry.get("fill")) + 0.05) / (max(dark) + 0.05) > 7


def test_the_bytes_are_the_same_each_time():
    assert svg() == svg()
    assert svg().isascii()
