"""Do measures name the same accounts: a table of overlaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from workbench.plotting.captions import about, joined
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import WIDTHS, house_style
from workbench.plotting.texts import named, say, written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["Agreeing", "measure_comparison"]


class Agreeing(Protocol):
    """What is drawn: the overlap of measures, as ``influence.agreement(…)``."""

    @property
    def names(self) -> tuple[str, ...]:
        """The measures."""

    @property
    def ks(self) -> tuple[int, ...]:
        """The sizes of the top that were looked at."""

    @property
    def p(self) -> float:
        """Persistence of the rank-biased overlap."""

    def matrix(self, k: int | None = None) -> pd.DataFrame:
        """Return the overlap of the top k, or the rank-biased one, measure by measure."""


@figure
def measure_comparison(
    agreement: Agreeing,
    *,
    k: int | None = None,
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how much each pair of measures has in common, a number a cell.

    Parameters
    ----------
    agreement
        Of two or more measures.
    k
        Draw the share of the top k in common; None draws the rank-biased overlap.
    graph
        The graph behind it; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    UsageError
        This k was not looked at.
    """
    import matplotlib.pyplot as plt

    table = agreement.matrix(k).to_numpy(dtype=float)
    names = [named("measure", name) for name in agreement.names]
    what = say("overlap.biased", p=agreement.p) if k is None else say("overlap.top", k=k)
    with house_style():
        if ax is None:
            width = WIDTHS["single" if len(names) <= 6 else "double"]
            size = (width, min(1.1 + 0.36 * len(names), width))
            _, ax = plt.subplots(figsize=size, layout="constrained")
        lower = np.where(np.tri(len(names), k=-1, dtype=bool), table, np.nan)
        ax.imshow(lower[1:, :-1], cmap="Blues", vmin=0, vmax=1)
        for (row, column), value in np.ndenumerate(lower[1:, :-1]):
            if not np.isnan(value):
                ax.text(column, row, written(value, ".2f"), ha="center", va="center",
                        color="white" if value > 0.6 else "#202124")  # fmt: skip
        ax.set_xticks(range(len(names) - 1), names[:-1], rotation=35, ha="right")
        ax.set_yticks(range(len(names) - 1), names[1:])
        ax.tick_params(length=0)
        ax.spines[["left", "bottom"]].set_visible(False)
        ax.set_xlabel(what)
    data = _pairs(agreement.names, table)
    least, most = (int(place(data["overlap_share"])) for place in (np.argmin, np.argmax))
    low, high = (float(data["overlap_share"].iloc[row]) for row in (least, most))
    a, b, c, d = (
        named("measure", data[column].iloc[row])
        for row in (least, most)
        for column in ("measure", "other_measure")
    )
    told = say("overlap.caption", what=f"{what[0].upper()}{what[1:]}", measures=len(names),
               low=low, high=high)  # fmt: skip
    return attach(
        ax,
        caption=joined(told, about(graph)),
        alt=say("overlap.alt", measures=len(names), low=low, high=high, a=a, b=b, c=c, d=d),
        data=data,
    )


def _pairs(names: tuple[str, ...], table: NDArray[np.float64]) -> pd.DataFrame:
    import pandas as pd

    rows = [(names[j], names[i], table[i, j]) for i in range(len(names)) for j in range(i)]
    return pd.DataFrame(rows, columns=["measure", "other_measure", "overlap_share"])
