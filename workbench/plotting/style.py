"""One style for every figure: colours that everybody can tell apart, sizes that journals print."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from workbench.plotting.glyphs import families

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator
    from pathlib import Path

    from matplotlib.figure import Figure

__all__ = ["OTHER", "PALETTE", "WIDTHS", "house_style", "save"]

#: Okabe & Ito (2008), in an order that keeps neighbours apart; black is for text.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#F0E442")
OTHER = "#9AA0A6"
#: Widths of one and two columns, in inches (89 and 183 mm).
WIDTHS = {"single": 89 / 25.4, "double": 183 / 25.4}
#: Layouts before the one that is drawn: where axes keep their proportions, each only comes nearer
#: to the room that the words beside them take.
_PASSES = 2

_RC: dict[Any, Any] = {
    "font.size": 7.5,
    "axes.titlesize": 9,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 7.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#5F6368",
    "axes.labelcolor": "#202124",
    "axes.linewidth": 0.6,
    "xtick.color": "#5F6368",
    "ytick.color": "#5F6368",
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.frameon": False,
    "legend.fontsize": 7,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "workbench",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style inside a ``with`` block; the user's settings come back after it."""
    import matplotlib as mpl

    interactive = mpl.is_interactive()
    try:
        with mpl.rc_context({**_RC, "font.family": list(families())}):
            try:
                yield
            finally:
                # A notebook's backend turns it on with the first figure, perhaps this one.
                interactive = mpl.is_interactive()
    finally:
        mpl.interactive(interactive)


def save(
    figure: Figure,
    target: Path | io.BytesIO,
    *,
    kind: str = "png",
    dpi: int = 200,
    title: str | None = None,
) -> None:
    """Write a figure so that equal figures give equal bytes: no dates, no random ids.

    `title` is what an SVG or PDF is called for who cannot see it.
    """
    fixed: dict[str, dict[str, str | None]] = {
        "png": {"Software": None},
        "svg": {"Date": None, "Creator": "workbench"},
        "pdf": {"CreationDate": None, "Producer": "workbench", "Creator": "workbench"},
    }
    metadata = fixed[kind]
    if title and kind != "png":
        metadata["Title"] = title
    with house_style(), warnings.catch_warnings():
        # Told once for all of them when the figure was drawn.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        if engine := figure.get_layout_engine():
            for _ in range(_PASSES):
                engine.execute(figure)
        figure.savefig(target, format=kind, dpi=dpi, metadata=metadata)
