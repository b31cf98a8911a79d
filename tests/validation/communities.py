"""Communities: published numbers beside ours, what is recovered, and what p-values are worth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from tests.communities import calibration, recovery
from workbench.communities import leiden, mixing, modularity, stability
from workbench.model import InteractionGraph, Partition

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FIGURES", "Compared", "compared", "draw", "page", "recovered", "spreads"]


@dataclass(frozen=True)
class Compared:
    """One number of somebody else beside ours, and how far they may be apart."""

    data: str
    number: str
    reference: str
    published: float
    ours: float
    decimals: int

    @property
    def agrees(self) -> bool:
        """Whether ours, rounded as theirs is, is theirs."""
        return abs(self.ours - self.published) <= 0.5 * 10.0**-self.decimals + 1e-12


def compared() -> list[Compared]:
    """Return every comparison with a published number."""
    return [*_karate(), *_congress()]


def _karate() -> list[Compared]:
    network = nx.karate_club_graph()
    graph = InteractionGraph.from_networkx(network)
    clubs = {str(node): facts["club"] for node, facts in network.nodes(data=True)}
    factions = Partition.from_mapping(graph, clubs)
    best = stability(graph, runs=20, weighted=False, seed=1).best
    optimum = "optimum, Brandes et al. (2008) doi:10.1109/TKDE.2007.190689"
    groups = [{n for n in network if clubs[str(n)] == club} for club in sorted(set(clubs.values()))]
    by_networkx = [
        float(nx.community.modularity(network, groups, weight=weight))
        for weight in (None, "weight")
    ]
    return [
        Compared("karate", "modularity, unweighted, leiden, best of 20", optimum, 0.4198,
                 modularity(graph, best, weighted=False), 4),
        Compared("karate", "communities of that", optimum, 4, best.k, 0),
        Compared("karate", "modularity of the two clubs, unweighted", "networkx", by_networkx[0],
                 modularity(graph, factions, weighted=False), 9),
        Compared("karate", "modularity of the two clubs, weighted", "networkx", by_networkx[1],
                 modularity(graph, factions), 9),
    ]  # fmt: skip


def _congress() -> list[Compared]:
    graph, parties = recovery.congress()
    counts, weights = (mixing(graph, parties, weighted=w) for w in (False, True))
    pairs = counts.to_pandas().set_index(["source", "target"])["acts"]
    who = "counted from the file by others"
    made = [
        Compared("Congress", "accounts", who, 475, graph.nodes, 0),
        Compared("Congress", "edges", who, 13289, graph.edges, 0),
        Compared("Congress", "same-party share of edges, %", who, 85.62, 100 * counts.within, 2),
        Compared("Congress", "same-party share of weight, %", who, 87.43, 100 * weights.within, 2),
    ]
    for (source, target), published in {
        ("D", "D"): 6084, ("R", "R"): 5294, ("D", "R"): 964, ("R", "D"): 947,
    }.items():  # fmt: skip
        ours = float(pairs[source, target])
        made.append(Compared("Congress", f"edges {source} → {target}", who, published, ours, 0))
    return made


def recovered() -> dict[str, dict[float, list[float]]]:
    """Return the agreement with planted communities: method → mixing → values."""
    table: dict[str, dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in recovery.read(recovery.RECOVERY):
        table[row["method"]][row["mixing"]].append(row["ami"])
    return table


def spreads() -> dict[str, dict[str, list[float]]]:
    """Return the modularities of runs: graph → method → values."""
    table: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in recovery.read(recovery.SPREAD):
        table[row["graph"]][row["method"]].append(row["modularity"])
    return table


def page() -> str:
    """Return the page."""
    lines = [
        "# Communities: published numbers, recovery, and what p-values are worth",
        "",
        "Rendered by `python -m tests.validation docs` from reference data that is not part of",
        "the repository and from tables that `python -m tests.communities.recovery` and",
        "`python -m tests.communities.calibration` made; a test holds the page to them.",
        "",
        "## Published numbers",
        "",
        "Karate is Zachary's club as networkx has it; Congress the network of Fink et al. (2023)",
        "with the parties its file lists; shares are `within` of `communities.mixing`.",
        "",
        "| data | number | reference | published | ours |",
        "|---|---|---|---|---|",
    ]
    for row in compared():
        told = (f"{value:,.{min(row.decimals, 6)}f}" for value in (row.published, row.ours))
        lines.append(f"| {row.data} | {row.number} | {row.reference} | {' | '.join(told)} |")
    graph, parties = recovery.congress()
    found = leiden(graph, seed=1)
    ratio = mixing(graph, parties)
    lines += [
        "",
        f"By degrees alone {100 * ratio.within_expected:.2f} % of its weight would be in a party.",
        f"Leiden (seed 1) finds {found.k} communities there, of modularity {found.quality:.4f}.",
    ]
    return "\n".join([*lines, *_recovery(), *_spread(), *_tests(), ""])


def _recovery() -> list[str]:
    table = recovered()
    methods = list(table)
    lines = [
        "",
        "## Planted communities, up to the limit",
        "",
        f"{recovery.NODES:,} accounts in {recovery.GROUPS} communities of equal size, with",
        f"{recovery.DEGREE} contacts each on average, of which the share μ leads out: mean",
        "adjusted mutual information with the planted communities over",
        f"{recovery.GRAPHS} graphs. No method can find them where c_in − c_out ≤ q √c, here",
        f"from μ = {recovery.LIMIT:.4f} on [1]. Modularity, which does not know their",
        "number, loses them somewhat before.",
        "",
        "![Left: agreement with planted communities by the share of contacts that lead out, near 1",
        "up to .35, falling to 0 before the limit at .5625. Right: share of p ≤ .05 by strength of",
        "planted communities, about .05 without any, near 1 with strong ones.](communities.svg)",
        "",
        "| μ | " + " | ".join(f"`{method}`" for method in methods) + " |",
        "|---|" + "---|" * len(methods),
    ]
    for mixed in recovery.MIXING:
        means = (round(float(np.mean(table[method][mixed])), 3) + 0.0 for method in methods)
        cells = " | ".join(f"{mean:.3f}" for mean in means)
        limit = " (beyond the limit)" if mixed >= recovery.LIMIT else ""
        lines.append(f"| {mixed:.2f}{limit} | {cells} |")
    return [
        *lines,
        "",
        "[1] Decelle, Krzakala, Moore & Zdeborová (2011) Physical Review E 84, 066106.",
        "doi:10.1103/PhysRevE.84.066106",
    ]


def _spread() -> list[str]:
    lines = [
        "",
        "## igraph's Louvain beside python-louvain",
        "",
        f"Modularity over {recovery.SEEDS} seeds (weighted, resolution 1): mean [lowest, highest];",
        "`below` counts runs of igraph's Louvain below the lowest of python-louvain.",
        "",
        "| graph | python-louvain | igraph louvain | below | leiden |",
        "|---|---|---|---|---|",
    ]
    for graph, methods in spreads().items():
        reference, ours, leidens = (
            f"{np.mean(v):.4f} [{min(v):.4f}, {max(v):.4f}]"
            for v in (methods[m] for m in ("python_louvain", "louvain", "leiden"))
        )
        below = sum(q < min(methods["python_louvain"]) for q in methods["louvain"])
        lines.append(f"| {graph} | {reference} | {ours} | {below} | {leidens} |")
    return lines


def _tests() -> list[str]:
    table = calibration.read()
    lines = [
        "",
        "## Significance: calibration and power",
        "",
        "`communities.significance` (leiden, 199 null samples) on random graphs of",
        f"{calibration.NODES} accounts with 6 contacts on average and a heavy tail. Share with",
        "p ≤ .05: of the modularity, of single communities before adjustment, and of graphs in",
        "which any community has an adjusted p ≤ .05. Without planted communities (δ = 0) it",
        "should be .05 (for the last one at most that); the interval is where a share of graphs",
        "then lies with 99 % chance.",
        f"{calibration.PLANTED} planted communities multiply odds within by 1 + 2δ, across by",
        "1 − δ; in graphs of equal degrees nothing can be found below δ = 1/√6 = .41.",
        "",
        "| weights | δ | graphs | modularity | one community | any, adjusted | interval |",
        "|---|---|---|---|---|---|---|",
    ]
    cases: dict[tuple[str, float], dict[str, calibration.Share]] = defaultdict(dict)
    for share in table:
        cases[share.weights, share.planted][share.test] = share
    for (weights, planted), tests in cases.items():
        cells = " | ".join(f"{share.rate:.3f}" for share in tests.values())
        number = tests["modularity"].number
        low, high = calibration.within(number)
        interval = "–" if planted else f"[{low:.3f}, {high:.3f}]"
        lines.append(f"| {weights} | {planted:g} | {number} | {cells} | {interval} |")
    return lines


def draw(file: Path) -> None:
    """Draw recovery with its limit, and calibration and power."""
    import matplotlib.pyplot as plt

    from workbench.plotting.style import PALETTE, WIDTHS, house_style, save

    with house_style():
        size = (WIDTHS["double"], WIDTHS["single"] * 0.75)
        figure, (left, right) = plt.subplots(1, 2, figsize=size, layout="constrained")
        for (method, values), colour, marker in zip(
            recovered().items(), PALETTE, "os^", strict=False
        ):
            x = sorted(values)
            left.plot(x, [float(np.mean(values[m])) for m in x], color=colour, marker=marker, ms=3,
                      lw=1, label=method)  # fmt: skip
        left.axvline(recovery.LIMIT, color="#5F6368", lw=0.8, ls="--", label="limit")
        left.set_xlabel("share of contacts that lead out, μ")
        left.set_ylabel("adjusted mutual information")
        left.set_ylim(-0.03, 1.03)
        left.legend(loc="lower left")
        shares: dict[str, list[Any]] = defaultdict(list)
        for share in calibration.read():
            if share.weights == "unweighted":
                shares[share.test].append((share.planted, share.rate))
        for (test, points), colour in zip(shares.items(), PALETTE, strict=False):
            right.plot(*zip(*sorted(points), strict=True), color=colour, marker="o", ms=3, lw=1,
                       label=test)  # fmt: skip
        right.axhline(calibration.LEVEL, color="#5F6368", lw=0.6, ls=":")
        right.set_xlabel("strength of planted communities, δ")
        right.set_ylabel("share with p ≤ .05")
        right.set_ylim(-0.03, 1.03)
        right.legend(loc="upper left")
    save(figure, file, kind="svg")
    plt.close(figure)


FIGURES = {"communities.svg": draw}
