"""How fast acts vanish as accounts are removed, order by order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from workbench.errors import UndefinedError, UsageError
from workbench.language import listed
from workbench.plotting.captions import about, joined
from workbench.plotting.facts import attach, figure
from workbench.plotting.style import OTHER, PALETTE, WIDTHS, house_style
from workbench.plotting.texts import named, say, spoken, ticks

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from workbench.model.graph import InteractionGraph

__all__ = ["Curves", "dismantling"]

#: Orders that come with every result: what they are, and how they are drawn.
BESIDE: dict[str, dict[str, Any]] = {
    "random": {"color": OTHER, "ls": "-", "lw": 1.0},
    "hindsight": {"color": "#202124", "ls": (0, (1, 1.5)), "lw": 1.0},
}
#: Dashes, so that orders are told apart without their colours.
DASHES: tuple[Any, ...] = (
    "-", (0, (6, 1.5)), (0, (3, 1)), (0, (6, 1.5, 1, 1.5)), (0, (3, 1, 1, 1)), (0, (9, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
)  # fmt: skip


class Curves(Protocol):
    """What is drawn: the result of ``influence.dismantle``."""

    curves: dict[str, NDArray[np.float64]]
    ranked: dict[str, Any]
    judged: dict[str, Any]
    split: bool
    removes: str
    residual: float

    def halving(self, order: str) -> int | None:
        """Return how many removals leave at most half of the acts."""
        ...


@figure
def dismantling(
    result: Curves,
    *,
    labels: Mapping[str, str] | None = None,
    graph: InteractionGraph | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of acts that remains against the number of accounts removed.

    Removals are on a logarithmic axis that starts at 0, for the first ones matter most. A dot
    marks where an order has halved the acts; the mean of random orders is grey, the best order in
    hindsight dotted, and what no removal could reach is shaded.

    Parameters
    ----------
    result
        Of ``influence.dismantle``, with at most seven orders beside random and hindsight.
    labels
        Order → its name in the legend.
    graph
        The graph whose acts remain; its n, window and filters enter the caption.

    Returns
    -------
    Axes
        ``caption_of``, ``alt_of`` and ``data_of`` say what it shows.

    Raises
    ------
    UndefinedError
        No account was removed.
    UsageError
        More than seven orders.
    """
    import matplotlib.pyplot as plt

    most = max((len(curve) for curve in result.curves.values()), default=1) - 1
    if most < 1:
        raise UndefinedError("there is nothing to draw: no account was removed")
    own = [name for name in result.curves if name not in BESIDE]
    if len(own) > len(PALETTE):
        raise UsageError("too many orders to tell apart", value=len(own), allowed="7")
    names = {
        name: say(f"dismantling.{name}") if name in BESIDE else named("measure", name)
        for name in result.curves
    } | dict(labels or {})
    looks = ({"color": c, "ls": ls, "lw": 1.4} for c, ls in zip(PALETTE, DASHES, strict=True))
    styles = dict(zip(own, looks, strict=False))
    with house_style():
        if ax is None:
            size = (WIDTHS["double"], WIDTHS["double"] * 0.4)
            _, ax = plt.subplots(figsize=size, layout="constrained")
        for name in [*own, *(beside for beside in BESIDE if beside in result.curves)]:
            curve, style = result.curves[name], styles.get(name) or BESIDE[name]
            ax.step(np.arange(len(curve)), curve, where="post", label=names[name], **style)
            half = result.halving(name)
            if half is not None:
                ax.plot(half, curve[half], "o", ms=3.5, color=style["color"], clip_on=False)
        if result.residual > 0:
            ax.axhspan(0, result.residual, color="#F1F3F4", lw=0, zorder=0,
                       label=say("dismantling.unreachable"))  # fmt: skip
        ax.axhline(0.5, color="#DADCE0", lw=0.6, zorder=0)
        ax.set_xscale("symlog", linthresh=1, linscale=0.4)
        ax.set_xlim(0, most)
        ax.set_xticks([0, *(10**e for e in range(int(np.log10(most)) + 1))])
        ax.minorticks_off()
        ax.xaxis.set_major_formatter(ticks(","))
        ax.set_ylim(0, 1)
        ax.yaxis.set_major_formatter(ticks(".0%"))
        ax.set_xlabel(say("dismantling.x"))
        ax.set_ylabel(say("dismantling.y_split" if result.split else "dismantling.y"))
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    ends = [
        say("dismantling.end", name=names[name], share=float(result.curves[name][-1]))
        for name in own
    ]
    return attach(
        ax,
        caption=joined(_caption(result, own, names), about(graph)),
        alt=say("dismantling.alt", removed=most, ends=listed(ends, spoken())),
        data=_data(result.curves),
    )


def _data(curves: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    """Return the share that remains, a row a number of removals, a column an order."""
    import pandas as pd

    longest = max(len(curve) for curve in curves.values())
    columns = {
        f"{name}_remaining_share": np.pad(curve, (0, longest - len(curve)), constant_values=np.nan)
        for name, curve in curves.items()
    }
    return pd.DataFrame({"removed_accounts": np.arange(longest), **columns})


def _caption(result: Curves, own: list[str], names: Mapping[str, str]) -> str:
    """Return what is seen, in words."""
    told = [
        say(
            "dismantling.caption", acts=result.judged["weight"],
            kind=named("kind", str(result.judged["kind"])),
            gone=say(
                "dismantling.gone_posts"
                if result.removes == "posts"
                else "dismantling.gone_accounts"
            ),
        ),
        say("dismantling.split", acts=result.ranked["weight"])
        if result.split
        else say("dismantling.same"),
    ]  # fmt: skip
    halves = {name: result.halving(name) for name in own}
    reached = ", ".join(
        say("dismantling.no_half", name=names[name])
        if half is None
        else say("dismantling.half", name=names[name], half=half)
        for name, half in halves.items()
    )
    told.append(say("dismantling.halves", reached=reached))
    if "random" in result.curves:
        told.append(say("dismantling.mean"))
    if result.residual > 0:
        told.append(say("dismantling.residual", residual=result.residual))
    return joined(*told)
