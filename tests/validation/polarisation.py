"""Polarisation: every published or independently computed number beside ours."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tests.polarisation.calibration import CAMPS, MEASURES, TABLE, read, within
from tests.polarisation.cases import (
    TOPICS,
    graph_of,
    reference_row,
    segregation_data,
    sides_of,
    topic,
)
from tests.reference import reference_data
from workbench.polarisation import INDICES

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.model import InteractionGraph, Partition

__all__ = ["COLUMNS", "FIGURES", "GOLD", "PEERS", "SIMULATED", "Compared", "compared", "page"]

#: Differences below this are shown as such: solvers stop at 1e-8, and machines differ below.
SHOWN = 1e-6
THREE = ("beefban", "indiana", "russia_march")

#: Column of the reference table → measure, choices, sign.
COLUMNS: tuple[tuple[str, str, dict[str, Any], int], ...] = (
    ("RWC10_all_step", "random_walk_controversy", {"start": "any"}, 1),
    ("RWC10_all_zero", "random_walk_controversy", {"start": "any_absorbed"}, 1),
    ("RWC10_excl", "random_walk_controversy", {"start": "non_elite"}, 1),
    ("RWC10_excl_rowcond", "random_walk_controversy",
     {"start": "non_elite", "condition": "start"}, 1),
    ("ARWC01_all_step", "adaptive_random_walk_controversy", {}, 1),
    ("RWR10_a85", "random_walk_restart_controversy", {}, 1),
    ("DP05", "dipole_polarisation", {"neutral": "neither"}, 1),
    ("DP05_neutral_as_Y", "dipole_polarisation", {"neutral": "first"}, 1),
    ("DP05_neutral_as_X", "dipole_polarisation", {"neutral": "second"}, 1),
    ("EI", "ei_index", {}, -1),
    ("AEI", "adaptive_ei_index", {}, -1),
    ("Q", "modularity", {}, 1),
    ("conductance", "conductance", {}, 1),
    ("assort", "assortativity", {}, 1),
    ("freeman", "freeman_segregation", {}, 1),
    ("BP_guerra", "boundary_polarisation", {"variant": "guerra"}, 1),
    ("BP_own", "boundary_polarisation", {"variant": "own"}, 1),
    ("BP_salloum", "boundary_polarisation", {"variant": "salloum"}, 1),
    ("BP_garimella", "boundary_polarisation", {"variant": "garimella"}, 1),
    ("GE_pm1", "generalised_euclidean", {}, 1),
)  # fmt: skip

#: One child named nobody.
ROOM = {"direction": "directed", "component": "all"}
#: Data set, measure, choices, fact (None: the value), published, decimals, who.
GOLD: tuple[tuple[str, str, dict[str, Any], str | None, float, int, str], ...] = (
    ("White kinship", "freeman_segregation", {}, None, 0.263636, 6, "netseg (R)"),
    ("White kinship", "assortativity", {}, None, 0.180124, 6, "netseg (R)"),
    ("Classroom", "odds_ratio_within", ROOM, None, 16.580705, 6, "netseg (R)"),
    ("Classroom", "coleman_homophily", ROOM, "Boy", 0.9084249, 7, "netseg (R), of boys"),
    ("Classroom", "coleman_homophily", ROOM, "Girl", 0.7909699, 7, "netseg (R), of girls"),
    ("Catania", "assortativity", {"direction": "directed", "weights": "weighted"}, None,
     0.621446, 6, "Newman (2003) doi:10.1103/PhysRevE.67.026126, by netseg (R)"),
)  # fmt: skip

#: Measure, choices, fact, sign, allowed, who, values on the three graphs.
PEERS: tuple[tuple[str, dict[str, Any], str | None, int, float, str, tuple[float, ...]], ...] = (
    ("ei_index", {}, None, -1, 1e-9, "all peers", (0.9555106168, 0.8867324213, 0.9728905456)),
    ("adaptive_ei_index", {}, None, -1, 1e-9, "Salloum et al.",
     (0.9554483436, 0.8865911309, 0.9728902332)),
    ("modularity", {}, None, 1, 1e-9, "networkx", (0.4735221920, 0.4414415664, 0.4855192130)),
    ("assortativity", {}, None, 1, 1e-9, "netseg", (0.9551307432, 0.8862947369, 0.9728402425)),
    ("freeman_segregation", {}, None, 1, 1e-9, "netseg",
     (0.9555247981, 0.8866844771, 0.9728917248)),
    ("spectral_segregation", {}, None, 1, 1e-5, "netseg", (0.99127, 0.97459, 0.99140)),
    ("odds_ratio_within", {}, "log", 1, 1e-4, "netseg", (3.7867, 2.8138, 4.2900)),
    ("boundary_polarisation", {"variant": "garimella"}, None, 1, 1e-8, "Garimella et al.",
     (0.1851940827, 0.1135081331, 0.1804476080)),
    ("boundary_polarisation", {"variant": "salloum"}, None, 1, 3e-5,
     "Salloum et al., who add a little to each degree",
     (0.2329719677, 0.1450793632, 0.2360855082)),
    ("boundary_polarisation", {"variant": "guerra"}, None, 1, 1e-4, "netseg, which adds 1e-4",
     (0.2598470309, 0.1782997951, 0.2508997157)),
    ("random_walk_controversy", {"start": "non_elite", "condition": "start"}, None, 1, 1e-8,
     "Salloum et al., dense", (0.8373893122, 0.7840521809, 0.9377145884)),
)  # fmt: skip

#: Measure, choices, walks, who, values on the three graphs.
SIMULATED: tuple[tuple[str, dict[str, Any], int, str, tuple[float, ...]], ...] = (
    ("random_walk_controversy", {"start": "any"}, 50_000, "Salloum et al.",
     (0.8411, 0.7983, 0.9391)),
    ("adaptive_random_walk_controversy", {"start": "any"}, 50_000, "Salloum et al.",
     (0.8120, 0.8237, 0.9393)),
    ("random_walk_controversy", {"start": "non_elite"}, 10_000, "netseg",
     (0.8449, 0.7956, 0.9350)),
)  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """One number of somebody else beside ours, and how far they may be apart."""

    data: str
    measure: str
    choices: str
    reference: str
    published: float
    ours: float
    allowed: float

    @property
    def difference(self) -> float:
        """Ours − published."""
        return self.ours - self.published


@cache
def _topic(name: str) -> tuple[InteractionGraph, Partition]:
    return topic(name)


def _value(
    data: tuple[InteractionGraph, Partition], measure: str, choices: dict[str, Any],
    fact: str | None = None,
) -> float:  # fmt: skip
    found = INDICES[measure].function(*data, **choices)
    if fact in found.choices.get("by_side", {}):
        return float(found.choices["by_side"][fact])
    return float(found.value if fact is None else found.choices[fact])


def compared() -> dict[str, list[Compared]]:
    """Return every comparison, by section."""
    return {"columns": _columns(), "gold": _gold(), "peers": _peers(), "simulated": _simulated()}


def _columns() -> list[Compared]:
    return [
        Compared(
            name, measure, _spelled(choices), column, sign * float(reference_row(name)[column]),
            _value(_topic(name), measure, choices),
            1e-5 * max(1.0, abs(float(reference_row(name)[column]))),
        )
        for column, measure, choices, sign in COLUMNS
        for name in TOPICS
    ]  # fmt: skip


def _gold() -> list[Compared]:
    data = {
        "White kinship": segregation_data("WhiteKinship", "gender"),
        "Classroom": segregation_data("classroom", "gender", key="id"),
        "Catania": _couples(),
    }
    return [
        Compared(
            name, measure, _spelled(choices), who, published,
            _value(data[name], measure, choices, fact), 10.0**-decimals,
        )
        for name, measure, choices, fact, published, decimals, who in GOLD
    ]  # fmt: skip


def _couples() -> tuple[InteractionGraph, Partition]:
    file = reference_data("polarisation/segregation/Catania.csv")
    with file.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    couples = [(f"m {row['male']}", f"f {row['female']}") for row in rows]
    graph = graph_of(couples, [int(row["n"]) for row in rows])
    return graph, sides_of(graph, {account: account[2:] for account in graph.accounts})


def _peers() -> list[Compared]:
    return [
        Compared(
            name, measure, _spelled(choices), who, sign * published,
            _value(_topic(name), measure, choices, fact), allowed,
        )
        for measure, choices, fact, sign, allowed, who, values in PEERS
        for name, published in zip(THREE, values, strict=True)
    ]  # fmt: skip


def _simulated() -> list[Compared]:
    made = []
    for measure, choices, walks, who, values in SIMULATED:
        for name, published in zip(THREE, values, strict=True):
            ours = _value(_topic(name), measure, choices)
            # Two shares p of half the walks each, with 2p − 1 about the index.
            error = math.sqrt((1 - ours**2) / walks)
            told = f"{who}, {walks:,} walks"
            made.append(
                Compared(name, measure, _spelled(choices), told, published, ours, 3 * error)
            )
    return made


def page() -> str:
    """Return the page."""
    found = compared()
    lines = [
        "# Polarisation: our numbers beside published ones",
        "",
        "Rendered by `python -m tests.validation docs` from reference data that is not part of",
        "the repository; a test holds the page to it. E–I indices are shown with our sign: −1 is",
        "no contact across. A difference that is not shown as a number is below 1e-6.",
        "",
        "## Ten retweet graphs",
        "",
        "Values computed independently for each of ten published graphs with their published",
        "sides (unweighted, undirected, largest component).",
        "",
        "| measure | choices | column | published (beefban) | ours | difference | largest of ten |",
        "|---|---|---|---|---|---|---|",
    ]
    for column, *_ in COLUMNS:
        rows = [row for row in found["columns"] if row.reference == column]
        first = next(row for row in rows if row.data == "beefban")
        largest = max((row.difference for row in rows), key=abs)
        lines.append(
            f"| `{first.measure}` | {first.choices} | {column} | {first.published:.6f} | "
            f"{first.ours:.6f} | {_told(first.difference)} | {_told(largest)} |"
        )
    for title, section, told in (
        ("Published tables", "gold", "Values of the papers' own data."),
        ("Other implementations", "peers", "Computed with the peers' own code."),
        (
            "Simulated walks", "simulated",
            "Ours is exact, theirs sampled; within three standard errors √((1 − ours²)/walks).",
        ),
    ):  # fmt: skip
        lines += ["", f"## {title}", "", told, "", *_table(found[section], section)]
    return "\n".join([*lines, *(["", *_calibrated()] if TABLE.exists() else []), ""])


def _table(rows: list[Compared], section: str) -> list[str]:
    errors = section == "simulated"
    return [
        "| data | measure | choices | reference | published | ours | difference |"
        + (" standard errors |" if errors else ""),
        "|---|---|---|---|---|---|---|" + ("---|" if errors else ""),
        *(
            f"| {row.data} | `{row.measure}` | {row.choices} | {row.reference} | "
            f"{row.published:.6f} | {row.ours:.6f} | {_told(row.difference)} |"
            + (f" {abs(row.difference) * 3 / row.allowed:.1f} |" if errors else "")
            for row in rows
        ),
    ]


def _calibrated() -> list[str]:
    table = read()
    flat = next(s for s in table if s.null == "fixed" and not s.camps)
    low, high = within(flat)
    lines = [
        "## Calibration and power",
        "",
        "Share of random graphs with p ≤ .05 (199 null samples, not adjusted for several",
        "measures). Without camps (δ = 0) it should be .05, and lies with 99 % chance in",
        f"[{low:.3f}, {high:.3f}] over {flat.graphs} graphs; with camps (odds within · (1 + δ),",
        "across · (1 − δ)) it is the power.",
        "`fixed`: labels known from outside; `repartitioned`: sides found by Leiden, the best of",
        "five seeds, in each graph.",
        "",
        "| null | measure | " + " | ".join(f"δ = {c:g}" for c in (0.0, *CAMPS)) + " |",
        "|---|---|" + "---|" * (1 + len(CAMPS)),
    ]
    for null in ("fixed", "repartitioned"):
        for name in MEASURES:
            shares = [s for s in table if (s.null, s.measure) == (null, name)]
            cells = " | ".join(f"{s.rate:.3f}" for s in sorted(shares, key=lambda s: s.camps))
            lines.append(f"| {null} | `{name}` | {cells} |")
    off = [s for s in table if not s.camps and not within(s)[0] <= s.rate <= within(s)[1]]
    told = ", ".join(f"{s.null} `{s.measure}` {s.rate:.3f}" for s in off)
    picture = [
        "",
        "![Share of p ≤ .05 by strength of the camps: about .05 without camps under both nulls;",
        "with labels known from outside most camps show from δ = .2 on, with sides found again",
        "only strong ones.](calibration.svg)",
        "",
        f"Outside that interval, so that p is not what it says: {told or 'none'}.",
    ]
    return [*lines, *picture]


def draw(file: Path) -> None:
    """Draw calibration (δ = 0, with the interval it should lie in) and power."""
    import matplotlib.pyplot as plt

    from workbench.plotting.style import PALETTE, WIDTHS, house_style, save

    table = read()
    with house_style():
        size = (WIDTHS["double"], WIDTHS["single"] * 0.75)
        figure, panels = plt.subplots(1, 2, figsize=size, sharey=True, layout="constrained")
        for ax, null in zip(panels, ("fixed", "repartitioned"), strict=True):
            flat = next(s for s in table if s.null == null and not s.camps)
            low, high = within(flat)
            ax.vlines(0, low, high, color="#5F6368", lw=3, alpha=0.5, label="99 % of p = .05")
            for name, colour in zip(MEASURES, PALETTE, strict=False):
                shares = sorted(
                    (s for s in table if (s.null, s.measure) == (null, name)), key=lambda s: s.camps
                )
                ax.plot([s.camps for s in shares], [s.rate for s in shares], color=colour,
                        marker="o", ms=3, lw=1, label=name.replace("_", " "))  # fmt: skip
            ax.axhline(0.05, color="#5F6368", lw=0.6, ls=":")
            ax.set_xlabel(f"strength of the camps, δ   (null: {null})")
        panels[0].set_ylabel("share of graphs with p ≤ .05")
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper center", ncols=3)
    save(figure, file, kind="svg")
    plt.close(figure)


def _spelled(choices: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in choices.items()) or "–"


def _told(difference: float) -> str:
    return "–" if abs(difference) < SHOWN else f"{difference:+.1e}"


FIGURES = {"calibration.svg": draw}
