"""How nouns and results show themselves: one line in a console, a small table in a notebook."""

from __future__ import annotations

import html
import inspect
import math
import numbers
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from workbench.language import decimal
from workbench.model.kinds import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

__all__ = ["COLUMNS", "ROWS", "OneLine", "Tabular", "facts_html", "one_line", "table_html"]

#: What a table in a notebook shows of longer ones; a few rows more are shown rather than counted.
ROWS, COLUMNS = 20, 16
_FEW = 5
#: Characters of a heading, a cell, a fact and a choice in a line; bytes of the rows.
_HEAD, _CELL, _FACT, _CHOICE, _BYTES = 60, 160, 300, 40, 32_000
#: Smaller numbers beside large ones are taken for rounding.
_NOISE = 1e-6
#: Colours are those of JupyterLab, light or dark; elsewhere those of the text around.
_STYLE = (
    "<style scoped>"
    ".workbench table.shown{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    ".workbench .shown caption{caption-side:top;text-align:left;padding:.3em 0;"
    "width:max-content;max-width:70ch;color:var(--jp-content-font-color1,inherit)}"
    ".workbench .shown th,.workbench .shown td{padding:.25em .8em;text-align:left;"
    "border-bottom:1px solid var(--jp-border-color2,currentColor)}"
    ".workbench .shown .number{text-align:right}"
    ".workbench .shown tbody th{font-weight:normal;white-space:nowrap}"
    "</style>"
)


class OneLine:
    """Something whose ``repr`` is one line: its name, its sizes and its choices, never an id."""

    def _words(self) -> str:
        """Return what the line says after the name."""
        told = (_told(field.name, getattr(self, field.name)) for field in fields(cast("Any", self)))
        return ", ".join(words for words in told if words)

    def __repr__(self) -> str:
        """Return one line."""
        return f"{type(self).__name__}({one_line(self._words())})"


class Tabular(OneLine):
    """Something that a notebook shows as a table: its first rows, and how many there are more."""

    def _shown(self) -> pd.DataFrame | Mapping[str, str]:
        """Return the rows to show, or facts by name."""
        return cast("pd.DataFrame", cast("Any", self).to_pandas())

    def _caption(self) -> str:
        """Return what the table shows: the sentence of the class, and what the edges mean."""
        graph = getattr(self, "graph", None)
        kind = graph.get("kind") if isinstance(graph, Mapping) else None
        meaning = f" In the graph, {GRAPHS[kind].meaning}." if kind in GRAPHS else ""
        # The first line of a docstring is its sentence; in python -OO there is none.
        sentence = (inspect.getdoc(type(self)) or "").partition("\n")[0].replace("``", "")
        return f"{sentence} {one_line(self._words())}.{meaning}"

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        table = self._shown()
        show = facts_html if isinstance(table, Mapping) else table_html
        return show(cast("Any", table), caption=f"{type(self).__name__}: {self._caption()}")


def one_line(text: str) -> str:
    """Return a text without breaks and other characters that do not print."""
    return "".join(c if c.isprintable() else " " for c in text)


def facts_html(facts: Mapping[str, str], *, caption: str) -> str:
    """Return an HTML table of facts by name; texts are escaped."""
    rows = [_row(name, [_data(_cut(value, _FACT))]) for name, value in facts.items()]
    return _html(caption, "", rows, "")


def table_html(frame: pd.DataFrame, *, caption: str) -> str:
    """Return an HTML table of the first rows of a frame; texts are escaped, the rest is counted.

    The first column (the index where it has labels) heads its row. Numbers of a column have the
    same digits and stand below each other; a dash is a missing value.
    """
    import pandas as pd

    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index(names=[name or "" for name in frame.index.names])
    names = [_label(name) for name in frame.columns[:COLUMNS]]
    top = frame.iloc[: ROWS if len(frame) > ROWS + _FEW else len(frame), :COLUMNS]
    columns = [_column(top.iloc[:, i].tolist()) for i in range(len(names))]
    heads = "".join(
        f'<th scope="col"{_side(right=right)}>{html.escape(_cut(name, _HEAD))}</th>'
        for name, (_, right) in zip(names, columns, strict=True)
    )
    leads, *sides = [right for _, right in columns]
    lines = [
        _row(
            first,
            [_data(cell, right=right) for cell, right in zip(rest, sides, strict=True)],
            right=leads,
        )
        for first, *rest in zip(*(cells for cells, _ in columns), strict=True)
    ]
    kept = _fitting(lines)
    more = [
        f"{count:,} more {what}{'' if count == 1 else 's'}"
        for count, what in (
            (len(frame) - len(kept), "row"),
            (len(frame.columns) - len(names), "column"),
        )
        if count
    ]
    rest = f"… {' and '.join(more)}" if more else ""
    return _html(caption, f"<thead><tr>{heads}</tr></thead>", kept, rest, width=len(names))


#: Fields that hold the rows themselves.
_PLAIN = {"table": "rows", "matrix": "rows"}


def _told(name: str, value: object) -> str:  # noqa: PLR0911  a line a type
    """Return a field in words: a choice by its value, a collection by its size."""
    name = name.strip("_").replace("_", " ")
    if value is None or name.endswith("fingerprint"):
        return ""
    if isinstance(value, bool):
        return name if value else ""
    if isinstance(value, str):
        return f"{name} {value[:_CHOICE]}"
    if isinstance(value, numbers.Integral):
        return f"{name} {value}" if name == "seed" else f"{name} {value:,}"
    if isinstance(value, float):
        return f"{name} {value:.4g}"
    # Rows of tables and members of tuples are counted; arrays beside each other say no more.
    if hasattr(value, "iloc") or isinstance(value, tuple | list | frozenset):
        size, name = len(cast("Any", value)), _PLAIN.get(name, name)
        return f"{size:,} {name.removesuffix('s') if size == 1 else name}" if size else ""
    return ""


def _label(name: object) -> str:
    return " ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _column(values: Sequence[Any]) -> tuple[list[str], bool]:
    """Return the texts of the cells of a column, and whether they are numbers."""
    known = [value for value in values if not _missing(value)]
    figures = [v for v in known if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(figures) < len(known):
        return [_cut(_text(value)) for value in values], False
    digits = _digits(figures)
    return [
        decimal(None if _missing(value) else float(value), "en", digits=digits) for value in values
    ], True


def _digits(figures: Iterable[Any]) -> int:
    """Return the digits after the point that tell the numbers of a column apart."""
    finite = [abs(float(number)) for number in figures if math.isfinite(number)]
    if all(number == int(number) for number in finite):
        return 0
    most, least = max(finite), min((n for n in finite if n >= _NOISE), default=1.0)
    if most < 0.1:
        return min(2 - math.floor(math.log10(most)), 9)
    # What is not 0 does not look like it.
    return max(1 if most >= 1000 else 3, -math.floor(math.log10(least)))


def _missing(value: object) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or value is pd.NaT or value != value  # noqa: PLR0124


def _text(value: Any) -> str:
    if _missing(value):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_text(entry)}" for name, entry in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(entry) for entry in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _cut(text: str, most: int = _CELL) -> str:
    text = one_line(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _side(*, right: bool) -> str:
    return ' class="number"' if right else ""


def _data(cell: str, *, right: bool = False) -> str:
    return f"<td{_side(right=right)}>{html.escape(cell)}</td>"


def _row(first: str, cells: Iterable[str], *, right: bool = False) -> str:
    head = f'<th scope="row"{_side(right=right)}>{html.escape(_cut(first, _HEAD))}</th>'
    return f"<tr>{head}{''.join(cells)}</tr>"


def _fitting(lines: Sequence[str]) -> list[str]:
    """Return the first lines, as many as keep a saved notebook small."""
    kept, size = [], 0
    for line in lines:
        size += len(line.encode())
        if size > _BYTES:
            break
        kept.append(line)
    return kept


def _html(caption: str, head: str, rows: Iterable[str], rest: str, *, width: int = 2) -> str:
    foot = f'<tfoot><tr><td colspan="{width}">{rest}</td></tr></tfoot>' if rest else ""
    return (
        f'<div class="workbench">{_STYLE}<table class="shown">'
        f"<caption>{html.escape(one_line(caption))}</caption>{head}"
        f"<tbody>{''.join(rows)}</tbody>{foot}</table></div>"
    )
