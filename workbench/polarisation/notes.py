"""What a reader must know before the numbers of a report are quoted."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from workbench.graphs.chance import RUNS_FOR_P

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.model.index import IndexValue
    from workbench.polarisation.preparation import Prepared

__all__ = ["notes_of", "notes_of_p"]

#: A null chain that accepts fewer of its proposals hardly moves.
LOW_ACCEPTANCE = 0.05
#: Below so many accounts a side is small.
SMALL_SIDE = 10
#: Of so many sides that are missing for the larger part, each is told.
MISSING_TOLD = 3
#: A component of less than this share of the accounts is another one.
MOSTLY = 0.9
#: A p-value speaks from this level down.
LEVEL = 0.05


def notes_of(
    null: dict[str, Any], steady: dict[str, Any] | None, prepared: Prepared, *, found: bool
) -> list[str]:
    """Return what a reader must know before the numbers are quoted."""
    notes = []
    if found:
        notes.append(
            "the sides were found in this graph, so raw values measure how well it can be cut as "
            "well as how divided it is: read them beside the null"
        )
        if steady is not None and not steady["stable"]:
            notes.append(
                f"the sides hang on the seed: {steady['runs']} runs agree to "
                f"{steady['agreement']:.2f} (1 = always the same, 0 = as by chance)"
            )
        if null["kind"] == "fixed":
            notes.append(
                "the null keeps sides that were found in this graph: it is too lenient; "
                "use --null repartitioned"
            )
    acceptance = null.get("acceptance")
    if acceptance is not None and acceptance < LOW_ACCEPTANCE:
        notes.append(
            f"only {acceptance:.1%} of swaps are possible in this graph: the null hardly differs "
            "from it"
        )
    left = null.get("nodes")
    if left is not None and prepared.connected and left < MOSTLY * prepared.nodes:
        notes.append(
            f"the null graphs fall apart: their largest component has {left:,.0f} accounts on "
            f"average, not {prepared.nodes:,}, so indices that follow the number of accounts "
            "differ for that reason too"
        )
    dropped = len(prepared.sides_dropped)
    if dropped:
        notes.append(
            f"{dropped} of {len(prepared.given)} sides have no account in the graph that is "
            "measured and do not enter"
        )
    notes += _missing(prepared)
    small = int(prepared.sizes[prepared.sizes > 0].min())
    if small < SMALL_SIDE:
        notes.append(f"the smallest side has {small} accounts: single accounts move the values")
    return notes


def notes_of_p(indices: Sequence[IndexValue], *, runs: int) -> list[str]:
    """Return why an index has no p-value though enough samples were drawn, and how low p can be."""
    if runs < RUNS_FOR_P:
        return []
    lacking: dict[int, list[str]] = {}
    for index in indices:
        undefined = index.choices.get("undefined_null_samples", 0)
        if index.value is not None and undefined:
            lacking.setdefault(undefined, []).append(index.name)
    notes = [
        f"no p where an index is undefined in {count} of {runs} null graphs: {', '.join(names)}"
        for count, names in lacking.items()
    ]
    told = sum(index.p is not None for index in indices)
    if told > LEVEL * (runs + 1):
        enough = ceil(round(told / LEVEL, 6)) - 1
        notes.append(
            f"p is adjusted for {told} indices (Holm), so {runs} null graphs cannot show less than "
            f"{told / (runs + 1):.3f}: ask for fewer measures, or for {enough} null graphs or more"
        )
    return notes


def _missing(prepared: Prepared) -> list[str]:
    """Return a note for each side of which the larger part is outside the component."""
    lost = prepared.lost
    notes = [
        f"{outside:,} of {accounts:,} accounts of side {side} are outside the largest component: "
        "their acts do not enter; see --choice component=all"
        for side, outside, accounts in lost[:MISSING_TOLD]
    ]
    if lost[MISSING_TOLD:]:
        notes.append(
            f"of {len(lost) - MISSING_TOLD:,} more sides the larger part is outside it as well"
        )
    return notes
