"""How well planted communities are found, and how the modularities of two Louvains spread.

``python -m tests.communities.recovery FOLDER`` writes ``recovery.csv`` and ``spread.csv`` (some
minutes); the same seed gives the same bytes. Planted graphs: 1,000 accounts in four communities of
equal size, 16 contacts each on average, of which the share μ leads out. Communities cannot be found
by any method where c_in − c_out ≤ q √c (Decelle et al. 2011 doi:10.1103/PhysRevE.84.066106).
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np

from tests.reference import reference_data
from workbench.communities import METHODS, compare
from workbench.model import InteractionGraph, Partition
from workbench.rng import generator, spawn

__all__ = [
    "DEGREE", "GROUPS", "LIMIT", "MIXING", "RECOVERY", "SEARCHED", "SPREAD", "congress", "one",
    "parties", "planted", "read", "real",
]  # fmt: skip

#: The committed tables, from which the page of validation is rendered.
RECOVERY = Path(__file__).with_name("recovery.csv")
SPREAD = Path(__file__).with_name("spread.csv")
SEARCHED = ("leiden", "louvain", "python_louvain")
NODES, GROUPS, DEGREE = 1000, 4, 16
MIXING = tuple(round(0.1 + 0.05 * i, 2) for i in range(15))
GRAPHS = 5
SEEDS = 20
SEED = 79
#: The share of contacts outside at which c_in − c_out = q √c: (1 − 1/q)(1 − 1/√c).
LIMIT = (1 - 1 / GROUPS) * (1 - 1 / DEGREE**0.5)


def planted(mixing: float, *, seed: int) -> tuple[InteractionGraph, Partition]:
    """Return a planted graph and its communities; accounts without a contact are not in it."""
    rng = generator(seed, "planted")
    group = np.arange(NODES) % GROUPS
    inside = DEGREE * (1 - mixing) * GROUPS / NODES
    across = DEGREE * mixing * GROUPS / NODES / (GROUPS - 1)
    chance = np.where(group[:, None] == group, inside, across)
    source, target = np.nonzero(np.triu(rng.random((NODES, NODES)) < chance, k=1))
    ids = [f"{'abcd'[group[i]]}{i:03d}" for i in range(NODES)]
    graph = InteractionGraph.from_edges([ids[i] for i in source], [ids[i] for i in target])
    return graph, Partition.from_mapping(graph, {account: account[0] for account in graph.accounts})


def one(mixing: float, graph: int) -> list[dict[str, Any]]:
    """Return what each method recovers of one planted graph."""
    made, truth = planted(mixing, seed=spawn(SEED, "graph", str(mixing), graph))
    rows = []
    for method in SEARCHED:
        found = METHODS[method].function(made, seed=spawn(SEED, "method", method, graph))
        agreement = compare(found, truth)
        rows.append(
            {
                "mixing": mixing, "graph": graph, "method": method, "communities": found.k,
                "ami": round(agreement.adjusted_mutual_information, 6),
                "element_centric": round(agreement.element_centric, 6),
                "modularity": round(found.quality or 0.0, 6),
            }
        )  # fmt: skip
    return rows


def congress() -> tuple[InteractionGraph, Partition]:
    """Return the network of the 117th Congress (Fink et al. 2023) and the parties in its file."""
    file = reference_data("loaders/congress/congress_network_data.json")
    data = json.loads(file.read_text("utf-8"))[0]
    rows = [
        (str(source), str(target), weight)
        for source, (targets, weights) in enumerate(
            zip(data["outList"], data["outWeight"], strict=True)
        )
        for target, weight in zip(targets, weights, strict=True)
    ]
    graph = InteractionGraph.from_edges(*zip(*rows, strict=True))
    return graph, parties(graph, data["partyList"])


def parties(graph: InteractionGraph, listed: list[str]) -> Partition:
    """Return the party of each account, in the order of the file."""
    return Partition.from_mapping(graph, {str(i): party for i, party in enumerate(listed)})


def real(name: str) -> InteractionGraph:
    """Return one of the graphs on which the two Louvains are compared."""
    if name == "karate":
        return InteractionGraph.from_networkx(nx.karate_club_graph())
    if name == "congress":
        return congress()[0]
    return planted(0.4, seed=spawn(SEED, "spread"))[0]


def spread(name: str, method: str, run: int) -> dict[str, Any]:
    """Return the modularity of one run of a method on one graph."""
    found = METHODS[method].function(real(name), seed=spawn(SEED, "spread", method, run))
    quality = round(found.quality or 0.0, 6)
    return {"graph": name, "method": method, "run": run, "modularity": quality}


def read(file: Path) -> list[dict[str, Any]]:
    """Return the rows of a committed table, numbers as such."""
    with file.open(encoding="utf-8") as handle:
        return [
            {key: value if key == "method" or value.isalpha() else float(value)
             for key, value in row.items()}
            for row in csv.DictReader(handle)
        ]  # fmt: skip


def write(rows: list[dict[str, Any]], file: Path) -> None:
    """Write a table."""
    with file.open("w", encoding="utf-8", newline="") as handle:
        made = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        made.writeheader()
        made.writerows(rows)


def main(folder: Path) -> None:
    """Make both tables."""
    write(
        [row for mixing in MIXING for graph in range(GRAPHS) for row in one(mixing, graph)],
        folder / RECOVERY.name,
    )
    write(
        [
            spread(name, method, run)
            for name in ("karate", "congress", "planted")
            for method in SEARCHED
            for run in range(SEEDS)
        ],
        folder / SPREAD.name,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
