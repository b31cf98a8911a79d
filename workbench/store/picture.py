"""The property graph as a picture, drawn from the schema: labels as boxes, types on arrows."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from workbench.store.schema import NODES, RELATIONSHIPS

__all__ = ["svg"]

WIDTH, HEIGHT = 1190, 570
_BOX = (170, 58)
_LINE = 17
#: Centre of each box; a label without one is refused, so that none is forgotten.
_PLACES = {
    "Run": (115, 220),
    "IndexValue": (115, 400),
    "Account": (445, 220),
    "Post": (775, 220),
    "Hashtag": (1085, 60),
    "Media": (1085, 220),
    "Url": (1085, 380),
    "Domain": (1085, 520),
}
#: Okabe and Ito's colours, lightened so that dark text is read on them: line, ground.
_COLOURS = {
    "Account": ("#0072b2", "#d6eaf5"),
    "Post": ("#d55e00", "#fbe3d3"),
    "Run": ("#7a5195", "#ece4f1"),
    "IndexValue": ("#7a5195", "#ece4f1"),
}
_THING = ("#00785a", "#d7efe7")
#: Where the middle of an arrow's types stands, from the middle of the arrow.
_BESIDE = {
    ("Account", "Post"): (0, -14),
    ("Post", "Account"): (0, 22),
    ("Run", "Account"): (0, -31),
    ("Run", "IndexValue"): (62, 5),
    ("Post", "Hashtag"): (-48, -14),
    ("Post", "Media"): (0, -10),
    ("Post", "Url"): (-52, 30),
    ("Url", "Domain"): (28, 5),
}
#: How far the two arrows between the same boxes are moved apart.
_APART = {("Account", "Post"): -14, ("Post", "Account"): 14}


class _Point(NamedTuple):
    x: float
    y: float


def svg() -> str:
    """Return the picture as SVG; the same bytes on every machine."""
    between: dict[tuple[str, str], list[str]] = {}
    for kind in RELATIONSHIPS.values():
        between.setdefault((kind.source, kind.target), []).append(kind.type)
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}" role="img" '
            'font-family="Helvetica, Arial, sans-serif">'
        ),
        "<title>The property graph: labels, keys and relationship types</title>",
        (
            '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
            'markerHeight="8" orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="#333333"/></marker>'
            "</defs>"
        ),
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for ends, types in between.items():
        lines += _loop(ends[0], types) if ends[0] == ends[1] else _arrow(ends, types)
    for label in NODES:
        lines += _box(label)
    return "\n".join([*lines, "</svg>", ""])


def _box(label: str) -> list[str]:
    x, y = _PLACES[label]
    width, height = _BOX
    line, ground = _COLOURS.get(label, _THING)
    return [
        (
            f'<rect x="{x - width // 2}" y="{y - height // 2}" width="{width}" height="{height}" '
            f'rx="9" fill="{ground}" stroke="{line}" stroke-width="2"/>'
        ),
        _text(_Point(x, y - 3), f":{label}", size=18, bold=True),
        _text(_Point(x, y + 17), NODES[label].key, size=13),
    ]


def _arrow(ends: tuple[str, str], types: list[str]) -> list[str]:
    first, last = (_Point(*_PLACES[label]) for label in ends)
    apart = _APART.get(ends, 0)
    first, last = _Point(first.x, first.y + apart), _Point(last.x, last.y + apart)
    start, end = _edge(first, last), _edge(last, first)
    dx, dy = _BESIDE[ends]
    middle = _Point((start.x + end.x) / 2 + dx, (start.y + end.y) / 2 + dy)
    return [_path(f"M{start.x:.1f} {start.y:.1f} L{end.x:.1f} {end.y:.1f}"), *_types(middle, types)]


def _loop(label: str, types: list[str]) -> list[str]:
    x, y = _PLACES[label]
    x -= 20  # away from the arrows that leave to the right
    top = y - _BOX[1] / 2
    path = (
        f"M{x - 42} {top:.1f} C{x - 72} {top - 74:.1f} {x + 72} {top - 74:.1f} {x + 42} {top:.1f}"
    )
    middle = _Point(x, top - 66 - _LINE * (len(types) - 1))
    return [_path(path), *_types(middle, types)]


def _edge(of: _Point, towards: _Point) -> _Point:
    """Return where the way from one centre to another leaves the box."""
    dx, dy = towards.x - of.x, towards.y - of.y
    half = _BOX[0] / 2, _BOX[1] / 2
    share = min(
        half[0] / abs(dx) if dx else float("inf"), half[1] / abs(dy) if dy else float("inf")
    )
    return _Point(of.x + dx * share, of.y + dy * share)


def _path(way: str) -> str:
    line = 'fill="none" stroke="#333333" stroke-width="1.6" marker-end="url(#tip)"'
    return f'<path d="{way}" {line}/>'


def _types(middle: _Point, types: list[str]) -> list[str]:
    return [
        _text(_Point(middle.x, middle.y + i * _LINE), name, size=13) for i, name in enumerate(types)
    ]


def _text(at: _Point, said: str, *, size: int, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{at.x:.1f}" y="{at.y:.1f}" font-size="{size}"{weight} text-anchor="middle" '
        f'fill="#111111">{escape(said)}</text>'
    )
