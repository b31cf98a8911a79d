"""What a reader must know before the numbers of a report are quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.polarisation.preparation import Prepared

__all__ = ["notes_of"]

#: A null chain that accepts fewer of its proposals hardly moves.
LOW_ACCEPTANCE = 0.05
#: Below so many accounts a side is small.
SMALL_SIDE = 10


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
    dropped = len(prepared.sides_dropped)
    if dropped:
        notes.append(
            f"{dropped} of {len(prepared.given)} sides have no account in the graph that is "
            "measured and do not enter"
        )
    small = int(prepared.sizes.min())
    if small < SMALL_SIDE:
        notes.append(f"the smallest side has {small} accounts: single accounts move the values")
    return notes
