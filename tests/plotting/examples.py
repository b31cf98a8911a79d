"""A drawing of every figure function: what the contract tests run over."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from tests.communities.planted import window
from tests.influence.test_ranking import audience
from tests.plotting.figures import camps
from workbench.communities import match
from workbench.influence import (
    agreement,
    core_number,
    dismantle,
    in_strength,
    pagerank,
    rank,
    unique_amplifiers,
)
from workbench.model import InteractionGraph, Partition
from workbench.model.index import IndexValue
from workbench.plotting import FIGURES
from workbench.plotting.layout import layout

DAY_MS = 86_400_000
#: Ids and a handle that no figure may show without `labels`.
SECRET = "zqx"


def graph(seed=5):
    """Return two camps with a window, filters and ids that must not be seen."""
    plain, side = camps(40, seed=seed)
    ids = {account: f"x:{SECRET}{i}" for i, account in enumerate(plain.accounts.tolist())}
    rows = plain.to_pandas()
    made = InteractionGraph.from_edges(
        rows["source"].map(ids).tolist(), rows["target"].map(ids).tolist(),
        rows["weight"].tolist(), window=(61 * 365 * DAY_MS, 61 * 365 * DAY_MS + 5 * DAY_MS),
        choices={"lang": "fr", "min_weight": 1, "origin": "authored", "largest_component": True},
    )  # fmt: skip
    return made, side


@cache
def _ranking():
    return rank(audience(90, 61, 60, 40, 21, 20, 19, 4), top=8, bootstrap=200, seed=1)


def _posts(hours=False):
    rng = np.random.default_rng(3)
    n = 60
    start = pd.Timestamp("2031-03-03")
    when = pd.date_range(start, periods=n, freq="h" if hours else "D")
    counts = {k: rng.poisson(m, n) for k, m in
              (("original", 40), ("share", 60), ("quote", 8), ("reply", 20))}  # fmt: skip
    table = pd.DataFrame(counts)
    table.iloc[20:23] *= 6
    table.iloc[40] *= 4
    table.insert(0, "posts", table.sum(axis=1) + 2)
    text = "%Y-%m-%dT%H:%M" if hours else "%Y-%m-%d"
    table.insert(0, "hour" if hours else "day", when.strftime(text))
    return table.drop(index=[9, 10, 30])


def _network(labels=None):
    made, side = graph()
    index = {account: bool(s) for account, s in zip(made.accounts, side, strict=True)}
    sides = np.array(["north" if index[a] else "south" for a in made.accounts], dtype=object)
    colour = Partition.from_labels(made, sides, method="leiden", seed=23, quality=0.41)
    return FIGURES["network"](
        made, colour=colour, layout=layout(made, iterations=20, seed=7), labels=labels
    )


def _alluvial():
    found = match(
        {
            "2031-03-03": window({"a": range(20), "b": range(30, 42), "tiny": [90, 91]}),
            "2031-03-10": window({"a": [*range(20), *range(30, 42)]}),
            "2031-03-17": window({"a": range(14), "b": range(30, 38), "new": range(50, 60)}),
        }
    )
    return FIGURES["alluvial"](found, graph=graph()[0])


def _null():
    value = IndexValue("random_walk_controversy", 0.31, null_mean=0.1, null_sd=0.05, runs=60,
                       seed=7, low=0.25, high=0.36)  # fmt: skip
    samples = np.random.default_rng(1).normal(0.1, 0.05, 60).tolist()
    return FIGURES["null_distribution"](value, samples, graph=graph()[0])


def _dismantling():
    rng = np.random.default_rng(1)
    early, late = (
        InteractionGraph.from_edges(
            [f"{SECRET}{i}" for i in rng.integers(0, 300, 900)],
            [f"s{i}" for i in np.minimum(rng.pareto(0.8, 900).astype(int), most)],
        )
        for most in (40, 55)
    )
    result = dismantle(early, late, by=["in_strength", "pagerank", "unique_amplifiers"])
    return FIGURES["dismantling"](result, graph=late)


def _scan():
    table = pd.DataFrame(
        {
            "resolution": [0.25, 0.5, 1.0, 2.0, 4.0],
            "communities": [1, 2, 4, 4, 9],
            "fewest": [1, 1, 4, 3, 7],
            "most": [1, 3, 4, 6, 11],
            "ami_mean": pd.array([1.0, 0.4, None, 0.9, 0.62], "Float64"),
        }
    )
    plateaus = pd.DataFrame({"low": [1.0], "high": [2.0], "communities": [4]})
    return FIGURES["resolution_scan"](table, plateaus, graph=graph()[0])


def _series():
    rows = pd.DataFrame(
        {
            "window": [f"2031-03-{d:02}" for d in (3, 10, 17, 24)],
            "measure": "ei_index",
            "value": pd.array([-0.8, None, -0.5, -0.35], "Float64"),
            "null_mean": pd.array([0.1, None, -0.1, 0.0], "Float64"),
            "null_sd": pd.array([0.05, None, 0.1, 0.06], "Float64"),
            "low": pd.array([-0.9, None, None, -0.4], "Float64"),
            "high": pd.array([-0.6, None, None, -0.3], "Float64"),
            "divided_is": "low",
        }
    )
    return FIGURES["over_time"](rows, graph=graph()[0])


def _profile():
    table = pd.DataFrame(
        {
            "k": [10, 1, 0.05, 99],
            "kind": ["count", "count", "share", "count"],
            "value": pd.array([0.6, 0.2, 0.8, None], "Float64"),
        }
    )
    return FIGURES["k_profile"](table, name="random_walk_controversy", graph=graph()[0])


def _density():
    rng = np.random.default_rng(2)
    own = np.clip(np.concatenate([rng.normal(-0.6, 0.2, 400), rng.normal(0.5, 0.2, 300)]), -1, 1)
    others = np.clip(own + rng.normal(0, 0.2, 700), -1, 1)
    grid = np.linspace(-1, 1, 21)
    cells, *_ = np.histogram2d(own, others, bins=grid)
    return FIGURES["joint_density"](cells, grid, graph=graph()[0])


def _overlap():
    made = audience(9, 5, 3, 2)
    measures = (in_strength, unique_amplifiers, core_number, pagerank)
    found = agreement([measure(made) for measure in measures], at=(2,))
    return FIGURES["measure_comparison"](found, graph=made)


ACTS = [[5_080, 1_210, 40], [904, 3_020, 0], [60, 240, 510]]
#: Name of the figure function → variants; those of a function without `labels` name nobody.
DRAWINGS = {
    "alluvial": [_alluvial],
    "community_flow": [
        lambda: FIGURES["community_flow"](ACTS, ["north", "south", "other"], graph=graph()[0])
    ],
    "dismantling": [_dismantling],
    "joint_density": [_density],
    "k_profile": [_profile],
    "measure_comparison": [_overlap],
    "mixing_matrix": [
        lambda: FIGURES["mixing_matrix"](ACTS, ["north", "south", "other"], graph=graph()[0])
    ],
    "network": [_network, lambda: _network(labels=str.swapcase)],
    "null_distribution": [_null],
    "over_time": [_series],
    "rank_intervals": [
        lambda: FIGURES["rank_intervals"](_ranking()),
        lambda: FIGURES["rank_intervals"](_ranking(), labels=str.swapcase),
    ],
    "resolution_scan": [_scan],
    "timeline": [
        lambda: FIGURES["timeline"](_posts(), graph=graph()[0]),
        lambda: FIGURES["timeline"](_posts(hours=True)),
    ],
    "weight_distribution": [lambda: FIGURES["weight_distribution"](graph()[0])],
}
