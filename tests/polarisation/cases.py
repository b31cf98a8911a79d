"""Graphs with sides that the tests of polarisation share."""

from __future__ import annotations

import csv

import numpy as np
from hypothesis import strategies as st

from tests.reference import reference_data
from workbench.loaders.edge_files import read_edges, read_sides
from workbench.model import InteractionGraph, Partition
from workbench.rng import generator, igraph_seeded

TOPICS = (
    "beefban", "russia_march", "indiana", "gunsense", "nemtsov", "baltimore",
    "nationalkissingday", "ff", "sxsw", "germanwings",
)  # fmt: skip


def graph_of(edges, weight=None):
    return InteractionGraph.from_edges([e[0] for e in edges], [e[1] for e in edges], weight)


def sides_of(graph, sides):
    return Partition.from_mapping(graph, sides)


def topic(name):
    folder = "polarisation/retweet_graphs"
    edges = read_edges(reference_data(f"{folder}/{name}.edges.csv"))
    rows = read_sides(reference_data(f"{folder}/{name}.sides.csv"))
    graph = InteractionGraph.from_edges(
        edges.column("source").combine_chunks(),
        edges.column("target").combine_chunks(),
        edges.column("weight").to_numpy(),
    )
    sides = dict(zip(rows.column(0).to_pylist(), rows.column(1).to_pylist(), strict=True))
    return graph, sides_of(graph, sides)


def reference_row(name):
    with reference_data("polarisation/reference_values.csv").open() as handle:
        return next(row for row in csv.DictReader(handle) if row["topic"] == name)


@st.composite
def divided(draw):
    """Draw a connected graph over two sides of at least three accounts each."""
    n = draw(st.integers(6, 14))
    names = [f"n{i}" for i in range(n)]
    edges = [(names[draw(st.integers(0, i - 1))], names[i]) for i in range(1, n)]
    edges += draw(
        st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=2 * n)
    )
    labels = [
        "a",
        "a",
        "a",
        "b",
        "b",
        "b",
        *draw(st.lists(st.sampled_from("ab"), min_size=n - 6, max_size=n - 6)),
    ]
    return edges, dict(zip(names, draw(st.permutations(labels)), strict=True))


def camps(across):
    """Two stars with their own leaves, and `across` edges between the leaves."""
    edges = [(f"x{i}", "hub_x") for i in range(6)] + [(f"y{i}", "hub_y") for i in range(6)]
    edges += [(f"x{i}", f"y{i}") for i in range(across)]
    graph = graph_of(edges)
    sides = {a: "x" if "x" in a else "y" for a in graph.accounts}
    return graph, sides_of(graph, sides)


@st.composite
def divided_in_three(draw):
    """Draw a connected graph, weights, and its accounts on two or three sides."""
    edges, labels = draw(divided())
    weights = draw(st.lists(st.integers(1, 9), min_size=len(edges), max_size=len(edges)))
    third = draw(st.sets(st.sampled_from(sorted(labels)), max_size=4))
    return edges, weights, labels | dict.fromkeys(third, "c")


def pairs_of(edges, weights=None, *, directed=False):
    """Return the weight from account to account, both ways when undirected, without self-loops."""
    pairs = {}
    for (a, b), weight in zip(edges, weights or [1] * len(edges), strict=True):
        for pair in {(a, b)} if directed else {(a, b), (b, a)}:
            if a != b:
                pairs[pair] = pairs.get(pair, 0) + weight
    return pairs if weights else dict.fromkeys(pairs, 1)


def segregation_data(name, label, *, key="name"):
    """Return the graph of a small published data set and its sides.

    An account that meets nobody gets a loop, which indices drop: only ends of edges are nodes.
    """
    folder = reference_data("polarisation/segregation")
    with (folder / f"{name}-edb.csv").open() as handle:
        edges = [(row["from"], row["to"]) for row in csv.DictReader(handle)]
    with (folder / f"{name}-vdb.csv").open() as handle:
        sides = {row[key]: row[label] for row in csv.DictReader(handle)}
    graph = graph_of(edges + [(a, a) for a in sides if a not in {end for e in edges for end in e}])
    return graph, sides_of(graph, sides)


def planted(across=0.1, n=60, seed=3):
    """Two camps in which a share of edges crosses."""
    rng = generator(seed, "planted")
    names = [f"{'xy'[i % 2]}{i:03d}" for i in range(n)]
    edges = []
    for i, name in enumerate(names):
        for _ in range(4):
            other = int(rng.integers(0, n // 2)) * 2 + (
                i % 2 if rng.random() > across else 1 - i % 2
            )
            edges.append((name, names[other]))
    graph = graph_of(edges)
    return graph, sides_of(graph, {a: a[0] for a in graph.accounts})


def of_uses(seed, accounts=120, objects=14):
    """Return a random graph of accounts and hashtags, few of which most accounts use.

    It is drawn from all such graphs of its degrees, so there is nothing to find in it.
    """
    import igraph

    rng = generator(seed, "uses")
    wanted = np.minimum(rng.geometric(0.6, accounts), 5)
    liked = 1 / np.arange(1, objects + 1)
    rows = [
        (account, accounts + int(used))
        for account, number in enumerate(wanted)
        for used in rng.choice(objects, number, replace=False, p=liked / liked.sum())
    ]
    drawn = igraph.Graph(n=accounts + objects, edges=rows, directed=True)
    with igraph_seeded(seed):
        drawn.rewire(n=20 * len(rows))
    source, target = zip(*drawn.get_edgelist(), strict=True)
    return InteractionGraph.from_edges(
        [f"a{account}" for account in source],
        [f"hashtag:{used}" for used in target],
        kind="account_hashtag",
    )
