"""Who acts upon whom: the acts from side to side, or from community to community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from workbench.errors import InputError, UndefinedError
from workbench.plotting.captions import about, joined
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import WIDTHS, house_style
from workbench.plotting.texts import named, say, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike, NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["mixing_matrix"]


@figure
def mixing_matrix(
    acts: ArrayLike,
    names: Sequence[str],
    *,
    of: str = "side",
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of acts from each side (row) upon each side (column), a number a cell.

    Parameters
    ----------
    acts
        Acts from side to side, shape (K, K), ≥ 0; all cells together are 100 %.
    names
        Of the sides, K of them.
    of
        What they are, in the singular: ``side``, ``community``.
    graph
        The graph behind it; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    InputError
        The table is not square, does not fit the names, or has a cell that is no number ≥ 0.
    UndefinedError
        There is no act.
    """
    import matplotlib.pyplot as plt

    table = np.asarray(acts, dtype=float)
    if table.shape != (len(names), len(names)) or not (np.isfinite(table) & (table >= 0)).all():
        raise InputError("mixing needs K x K finite acts ≥ 0", value=f"shape {table.shape}")
    total = float(table.sum())
    if not total:
        raise UndefinedError("there is nothing to draw: no act between sides")
    share = table / total
    with house_style():
        if ax is None:
            size = (WIDTHS["single"], WIDTHS["single"] * 0.85)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        ax.imshow(share, cmap="Blues", vmin=0, vmax=share.max())
        for (row, column), part in np.ndenumerate(share):
            dark = part > 0.6 * share.max()
            ax.text(column, row, written(part, ".1%"), ha="center", va="center",
                    color="white" if dark else "#202124")  # fmt: skip
        turned = 35 if sum(map(len, names)) > 30 else 0
        ax.set_xticks(range(len(names)), list(names), rotation=turned,
                      ha="right" if turned else "center")  # fmt: skip
        ax.set_yticks(range(len(names)), list(names))
        ax.set_xlabel(say("mixing.x", of=named("thing", of)))
        ax.set_ylabel(say("mixing.y", of=named("thing", of)))
        ax.tick_params(length=0)
        ax.spines[["left", "bottom"]].set_visible(False)
    facts = {
        "total": total, "k": len(names), "within": float(np.trace(share)),
        "of": named("thing", of),
        "many": named("thing", f"{of[:-1]}ies" if of.endswith("y") else f"{of}s"),
    }  # fmt: skip
    row, column = divmod(int(share.argmax()), len(names))
    return attach(
        ax,
        caption=joined(say("mixing.caption", **facts), about(graph)),
        alt=say(
            "mixing.alt",
            largest=float(share.max()),
            source=names[row],
            target=names[column],
            **facts,
        ),
        data=_cells(table, share, list(names)),
    )


def _cells(
    table: NDArray[np.float64], share: NDArray[np.float64], names: list[str]
) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "source": np.repeat(names, len(names)),
            "target": np.tile(names, len(names)),
            "acts": table.ravel(),
            "acts_share": share.ravel(),
        }
    )
