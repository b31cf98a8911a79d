"""An executed notebook as a PDF, against nbconvert's HTML of the same notebook."""

from __future__ import annotations

import base64
import io
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.measure import Row, at_most, measured, timed

HERE = "tests.benchmarks.bench_report"
#: Seconds in which a report of the usual size is to be there.
GOAL_S = 1.0
_FRONT = """---
title: A report of the usual size
lang: en
bibliography: references.bib
findings: ["**43.1%** of the accounts."]
abstract: Two camps.
---
"""
_BIB = "@article{newman2006, title={Modularity}, author={Newman, M.}, year={2006}}"
_PROSE = "Retweets endorse; modularity is $Q = \\sum_c e_c - a_c^2$ [@newman2006]. " + (
    "The camps answer each other less than chance would have it, and few accounts cross. " * 10
)
_CODE = """\
found = polarisation.report(graph, sides, measures=measures, null="repartitioned", seed=SEED)
rows = found.to_pandas().set_index("name")[["value", "null_mean", "z"]]
print(f"{graph.nodes:,} accounts")
rows.round(3)"""


def _png(i: int) -> str:
    """Return a figure of two columns, as a cell shows it."""
    import matplotlib.pyplot as plt
    import numpy as np

    from workbench.plotting.style import WIDTHS, house_style, save

    with house_style():
        figure, axes = plt.subplots(figsize=(WIDTHS["double"], 3.2))
        axes.plot(np.sin(np.linspace(0, 6 + i, 400)))
    buffer = io.BytesIO()
    save(figure, buffer)
    plt.close(figure)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def notebook(folder: Path, parts: int) -> Path:
    """Write an executed notebook: in each part prose with maths, a figure and a table."""
    import nbformat
    import numpy as np
    import pandas as pd
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    frame = pd.DataFrame(np.random.default_rng(1).random((12, 5)).round(3), columns=list("abcde"))
    cells = [new_markdown_cell(_FRONT)]
    for i in range(parts):
        cells.append(new_markdown_cell(f"# Part {i}\n\nSee @fig-{i} and @tbl-{i}. {_PROSE}"))
        for option, data in (
            (f"#| label: fig-{i}\n#| fig-cap: A figure", {"image/png": _png(i)}),
            (f"#| label: tbl-{i}\n#| tbl-cap: A table", {"text/html": frame.to_html()}),
        ):
            output = new_output("display_data", data=data)
            cells.append(new_code_cell(f"{option}\n{_CODE}", outputs=[output]))
    file = folder / "report.ipynb"
    (folder / "references.bib").write_text(_BIB, "utf-8")
    nbformat.write(new_notebook(cells=cells), file)
    return file


def ours(parts: str) -> dict[str, Any]:
    """Write the PDF."""
    from workbench.studies.report import notebook_report

    with tempfile.TemporaryDirectory() as scratch:
        file = notebook(Path(scratch), int(parts))
        with timed() as spent:
            made = notebook_report(file, out=Path(scratch), formats=["pdf"])
        return {"seconds": spent[0], "bytes": made.files[0].stat().st_size}


def nbconvert(parts: str) -> dict[str, Any]:
    """Write the HTML of nbconvert."""
    from nbconvert import HTMLExporter

    with tempfile.TemporaryDirectory() as scratch:
        file = notebook(Path(scratch), int(parts))
        with timed() as spent:
            body, _ = HTMLExporter().from_filename(str(file))
            (Path(scratch) / "report.html").write_text(body, "utf-8")
        return {"seconds": spent[0], "bytes": len(body)}


def rows(*, scale: float) -> list[Row]:
    """Return the comparisons; `scale` 1 is six parts, about ten pages."""
    parts = max(1, round(6 * scale))
    mine, peer = measured([(f"{HERE}:ours", (parts,)), (f"{HERE}:nbconvert", (parts,))], repeat=3)
    shown = {"ours": f"{mine.seconds:.2f} s", "peer": f"{peer.seconds:.2f} s"}
    return [
        at_most(
            f"executed notebook of {parts} figures and tables: our PDF / nbconvert's HTML",
            mine.seconds / peer.seconds,
            1,
            **shown,
        ),
        at_most("the same PDF: seconds", mine.seconds, GOAL_S, ours=shown["ours"], peer="1 s"),
    ]
