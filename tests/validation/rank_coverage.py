"""Rank intervals and top sets: how often they hold where the true ranking is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.influence.coverage import GAPS, LEADERS, LEVEL, RUNS, Held, K, read, within

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FIGURES", "coverage_section", "draw"]

ENDS = "first and last of the twelve"
#: What is told → whether it is about one account or about all together.
EACH = ("resampling", f"resampling, {ENDS}", "simultaneous", f"simultaneous, {ENDS}")
TOGETHER = ("resampling, all at once", "simultaneous, all at once", f"top {K}: possible",
            f"top {K}: sure")  # fmt: skip


def coverage_section() -> list[str]:
    """Return the lines of the section on coverage, for the page of influence."""
    table = read()
    graphs = next(h.cases for h in table if h.statement == f"top {K}: sure")
    lines = [
        "## Coverage of rank intervals and top sets",
        "",
        f"{graphs} graphs a gap, drawn from a population of amplifiers whose expected in-strength",
        f"is known: {LEADERS} accounts lead, each ahead of the next by the gap (in standard errors",
        f"of the difference), 150 trail. {RUNS} resamples of the amplifiers. A cell is the share",
        f"of cases in which the true rank (or top {K}) was inside; {LEVEL:.2f} is promised.",
        "Rendered from `tests/influence/coverage.csv`, which `python -m tests.influence.coverage`",
        "writes.",
        "",
        "| statement | " + " | ".join(f"gap {gap:g}" for gap in GAPS) + " |",
        "|---|" + "---|" * len(GAPS),
    ]
    for statement in (*EACH, *TOGETHER):
        cells = [_cell(table, statement, gap) for gap in GAPS]
        lines.append(f"| {statement} | " + " | ".join(cells) + " |")
    lines += ["", "Mean width of an interval (ranks), and mean size of a set:", ""]
    lines += [
        "| statement | " + " | ".join(f"gap {gap:g}" for gap in GAPS) + " |",
        "|---|" + "---|" * len(GAPS),
    ]
    for statement in ("resampling", "simultaneous", f"top {K}: possible", f"top {K}: sure"):
        sizes = [_of(table, statement, gap) for gap in GAPS]
        cells = ["–" if h is None else f"{h.size:.1f}" for h in sizes]
        lines.append(f"| {statement} | " + " | ".join(cells) + " |")
    return [*lines, "", *_told(table)]


def _of(table: list[Held], statement: str, gap: float) -> Held | None:
    return next((h for h in table if (h.statement, h.gap) == (statement, gap)), None)


def _cell(table: list[Held], statement: str, gap: float) -> str:
    held = _of(table, statement, gap)
    if held is None:
        return "–"
    low = within(held)[0]
    return f"**{held.rate:.3f}**" if held.rate < low else f"{held.rate:.3f}"


def _told(table: list[Held]) -> list[str]:
    """Return what the table says, in words, with its numbers."""
    near = [_of(table, name, GAPS[0]) for name in ("resampling", f"resampling, {ENDS}")]
    joint = [h for h in table if h.statement in ("simultaneous, all at once", *TOGETHER[2:])]
    lowest = min(joint, key=lambda h: h.rate)
    every, ends = (f"{h.rate:.3f}" if h else "–" for h in near)
    return [
        "Bold: fewer than chance would give at .95 (99 % interval of a binomial).",
        "",
        f"**Percentile intervals** fail near ties: at a gap of {GAPS[0]:g} they hold the true rank",
        f"in {every} of cases, that of the first and the last of the tied in {ends}. The reason: a",
        "resample adds its own noise to that of the data, so that accounts are spread again about",
        "where chance has put them. The account that is truly first was seldom first in the data,",
        "and is so even less often in resamples; no percentile of a rank reaches an end of its",
        "scale that the resamples hardly ever reach. They are about one account: that all those",
        "shown hold at once is not promised, and does not happen as often.",
        "",
        "**Simultaneous intervals and top sets** are inverted tests of differences, which know of",
        f"no such end: the least often held was `{lowest.statement}`, in {lowest.rate:.3f} of the",
        f"graphs (gap {lowest.gap:g}). They hold more often than promised, because a wrong",
        "statement about one pair need not change a rank, and pay for it with width.",
        "",
        "![Share of true ranks inside 95 % intervals by gap between neighbours: percentiles fall",
        "below .95 near ties, most of all for the first and last; simultaneous intervals and top",
        "sets hold throughout.](rank_coverage.svg)",
    ]


def draw(file: Path) -> None:
    """Draw the share that held by gap: one account at a time, and all at once."""
    import matplotlib.pyplot as plt

    from workbench.plotting.style import PALETTE, WIDTHS, house_style, save

    table = read()
    with house_style():
        size = (WIDTHS["double"], WIDTHS["single"] * 0.8)
        figure, panels = plt.subplots(1, 2, figsize=size, sharey=True, layout="constrained")
        titles = ("one account", "all together")
        for ax, statements, title in zip(panels, (EACH, TOGETHER), titles, strict=True):
            for name, colour in zip(statements, PALETTE, strict=False):
                found = [h for gap in GAPS if (h := _of(table, name, gap))]
                ax.plot([h.gap for h in found], [h.rate for h in found], marker="o", ms=3, lw=1,
                        color=colour, label=name)  # fmt: skip
            ax.axhline(LEVEL, color="#5F6368", lw=0.6, ls=":")
            ax.set_xscale("log")
            ax.set_xticks(list(GAPS), [f"{gap:g}" for gap in GAPS])
            ax.set_xticks([], minor=True)
            ax.set_xlabel(f"gap between neighbours, std. errors   ({title})")
            ax.set_ylim(0, 1.03)
            ax.legend(loc="lower right")
        panels[0].set_ylabel("share in which the truth was inside")
    save(figure, file, kind="svg")
    plt.close(figure)


FIGURES = {"rank_coverage.svg": draw}
