"""A self-contained HTML page: figures inside, no script, no address of anything outside."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from workbench.plotting import save
from workbench.plotting.style import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Page"]

_STYLE = """
:root { color-scheme: light; --ink: #202124; --soft: #4a4f57; --line: #dadce0; --wash: #f6f7f9;
  --accent: #005a9c; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  color: var(--ink); background: #fff; }
main { max-width: 54rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
header { border-bottom: 3px solid var(--accent); padding-bottom: 1.25rem; margin-bottom: 1.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; }
p { margin: .5rem 0 .8rem; max-width: 46rem; }
.lead { font-size: 1.08rem; color: var(--soft); }
.key { background: var(--wash); border-left: 4px solid var(--accent); padding: .9rem 1.25rem; }
.key li { margin: .35rem 0; }
figure { margin: 1.25rem 0; }
figure img { width: 100%; height: auto; display: block; }
figure img.half { width: 52%; min-width: 20rem; }
figcaption, caption { font-size: .86rem; color: var(--soft); text-align: left; }
figcaption { margin-top: .4rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .9rem; }
caption { caption-side: bottom; padding-top: .5rem; }
th { text-align: left; border-bottom: 2px solid var(--ink); padding: .35rem .7rem .35rem 0; }
td { border-bottom: 1px solid var(--line); padding: .35rem .7rem .35rem 0; vertical-align: top; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font-size: .85em; background: var(--wash); padding: .1em .3em; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line);
  font-size: .85rem; color: var(--soft); }
@media print { main { max-width: none; } h2, figure, table { break-inside: avoid; } }
"""


@dataclass
class Page:
    """A page that grows block by block; everything put into it is escaped.

    Attributes
    ----------
    title, lead
        Heading, and what the page is in one or two sentences.
    language
        Language tag of the text.
    """

    title: str
    lead: str
    language: str = "en"
    _blocks: list[str] = field(default_factory=list)
    _figures: int = 0
    _tables: int = 0

    def heading(self, text: str) -> None:
        """Start a section."""
        self._blocks.append(f"<h2>{html.escape(text)}</h2>")

    def paragraph(self, text: str) -> None:
        """Add a paragraph."""
        self._blocks.append(f"<p>{html.escape(text)}</p>")

    def key_findings(self, title: str, sentences: Sequence[str]) -> None:
        """Add the box of findings."""
        items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
        label = html.escape(title)
        self._blocks.append(
            f'<section class="key" aria-label="{label}"><strong>{label}</strong>'
            f"<ul>{items}</ul></section>"
        )

    def figure(self, axes: Axes, alt: str) -> None:
        """Add a figure with its caption; the picture is part of the page."""
        import matplotlib.pyplot as plt

        buffer = BytesIO()
        drawn = cast("Figure", axes.figure)
        drawn.tight_layout()
        save(drawn, buffer, dpi=170)
        plt.close(drawn)
        size = ' class="half"' if drawn.get_figwidth() < 0.6 * WIDTHS["double"] else ""
        self._figures += 1
        picture = base64.b64encode(buffer.getvalue()).decode("ascii")
        caption = html.escape(str(axes.get_gid() or ""))
        self._blocks.append(
            f'<figure><img{size} alt="{html.escape(alt)}" src="data:image/png;base64,{picture}">'
            f"<figcaption><strong>Figure {self._figures}.</strong> {caption}</figcaption></figure>"
        )

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: str) -> None:
        """Add a table; numbers are aligned, unknown values are a dash."""
        numeric = [
            all(isinstance(row[i], int | float | type(None)) for row in rows)
            for i in range(len(columns))
        ]
        head = "".join(
            f'<th scope="col"{_class(number)}>{html.escape(name)}</th>'
            for name, number in zip(columns, numeric, strict=True)
        )
        body = "".join(
            "<tr>"
            + "".join(
                f"<td{_class(number)}>{html.escape(_shown(value))}</td>"
                for value, number in zip(row, numeric, strict=True)
            )
            + "</tr>"
            for row in rows
        )
        self._tables += 1
        self._blocks.append(
            f'<div class="scroll"><table><caption><strong>Table {self._tables}.</strong> '
            f"{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>"
        )

    def code(self, text: str, before: str) -> None:
        """Add a sentence that ends in a command."""
        self._blocks.append(f"<p>{html.escape(before)} <code>{html.escape(text)}</code></p>")

    def render(self, footer: str) -> str:
        """Return the page."""
        return (
            f'<!doctype html>\n<html lang="{html.escape(self.language)}">\n<head>\n'
            '<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{html.escape(self.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
            f"<main>\n<header><h1>{html.escape(self.title)}</h1>"
            f'<p class="lead">{html.escape(self.lead)}</p></header>\n'
            + "\n".join(self._blocks)
            + f"\n<footer>{html.escape(footer)}</footer>\n</main>\n</body>\n</html>\n"
        )


def _class(number: bool) -> str:  # noqa: FBT001  a table cell is a number or it is not
    return ' class="number"' if number else ""


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) >= 10 else f"{value:.3f}"
    return str(value)
