"""The figures and tables of a curated study as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench import plotting
from workbench.model.cells import safe_cell
from workbench.studies.document import Picture

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.studies.curated import Drawing, Sheet

__all__ = ["write_figure", "write_table"]


def write_figure(drawing: Drawing, folder: Path, *, language: str, suffix: str = "") -> Picture:
    """Write a figure as PNG, SVG and CSV, and return it as a block of a report.

    Parameters
    ----------
    suffix
        What stands behind its name, for a further language: its data are the same in every one, so
        there is no CSV of it.
    """
    import matplotlib.pyplot as plt

    with plotting.in_language(language):
        axes = drawing.draw()
        files = plotting.write(axes, folder, drawing.name + suffix)
        told = (plotting.caption_of(axes), plotting.alt_of(axes))
        plt.close(axes.figure.figure)
    if suffix:
        files["csv"].unlink()
    caption, alt = (f"{drawing.lead.get(language, '')} {text}".strip() for text in told)
    page = "" if drawing.html is None else drawing.html(language)
    return Picture(f"fig-{drawing.name}", caption, alt, files["png"].read_bytes(),
                   files["svg"].read_bytes(), page, drawing.width)  # fmt: skip


def write_table(sheet: Sheet, folder: Path) -> None:
    """Write a table as CSV: names of columns and texts in English, shares as fractions."""
    import pandas as pd

    folder.mkdir(parents=True, exist_ok=True)
    rows = [[safe_cell(c) if isinstance(c, str) else c for c in row] for row in sheet.cells("en")]
    frame = pd.DataFrame(rows, columns=[column.name for column in sheet.columns], dtype=object)
    text = frame.to_csv(index=False, lineterminator="\n")
    (folder / f"{sheet.name}.csv").write_text(text, "utf-8", newline="")
