"""Seconds and value of other tools' random-walk controversy, as JSON.

Runs under ``.oracles/bin/python`` (``make oracles``), which has them and no workbench:
``python walk_peers.py EDGES.csv SIDES.csv`` prints one object, package → {seconds, value} or
{error}. netseg: 10 influential accounts a side, 10,000 walks. random-walk-controversy: 30 % random
seeds a side, 200 rounds, one process; its elites are random, so its value is another quantity.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import time
from pathlib import Path
from typing import Any


def read(path: str) -> list[list[str]]:
    """Return the rows of a CSV file below its header."""
    with Path(path).open(encoding="utf-8") as handle:
        return list(csv.reader(handle))[1:]


def netseg(edges: list[list[str]], sides: dict[str, str]) -> tuple[float, float]:
    """Return seconds and value."""
    import igraph
    import numpy as np
    from netseg import netseg as peer

    np.random.seed(1)  # noqa: NPY002  the peer draws from the global state
    random.seed(1)
    names = list(sides)
    place = {name: i for i, name in enumerate(names)}
    graph = igraph.Graph(len(names), [(place[row[0]], place[row[1]]) for row in edges])
    labels = [sorted(set(sides.values())).index(sides[name]) for name in names]
    start = time.perf_counter()
    value = peer.random_walk_controversy(
        labels, graph, n_sim=10_000, k_top=20, balanced=True, verbose=False
    )
    return time.perf_counter() - start, float(value)


def sampled(edges: list[list[str]], sides: dict[str, str]) -> tuple[float, float]:
    """Return seconds and value of random-walk-controversy."""
    import networkx as nx
    from random_walk_controversy import get_rwc

    random.seed(1)
    graph = nx.Graph([(row[0], row[1]) for row in edges])
    one, two = ([n for n in sides if sides[n] == side] for side in sorted(set(sides.values())))
    start = time.perf_counter()
    value = get_rwc(graph, one, two, 0.3, 200, max_workers=1)
    return time.perf_counter() - start, float(value)


def main() -> None:
    """Print what each peer gives."""
    edges, sides = read(sys.argv[1]), dict(row[:2] for row in read(sys.argv[2]))
    told: dict[str, Any] = {}
    for name, peer in (("netseg", netseg), ("random-walk-controversy", sampled)):
        try:
            seconds, value = peer(edges, sides)
        except ImportError as error:
            told[name] = {"error": str(error)}
        else:
            told[name] = {"seconds": seconds, "value": value}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
