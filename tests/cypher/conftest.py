"""Each store with the bundled crisis and the same runs, filled once for all tests of queries."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.corpora import crisis
from tests.store.stores import STORES, every_store
from workbench.communities import leiden
from workbench.graphs import graph
from workbench.influence import in_strength
from workbench.model.index import IndexValue
from workbench.store import writing


def indices(fingerprint):
    """Return an index with a null model and one without."""
    return (
        IndexValue(
            "ei_index", -0.75, null_mean=-0.25, null_sd=0.125, z=-4.0, p=0.005, low=-0.8, high=-0.7,
            seed=3, divided_is="low", choices={"weights": "acts"}, graph_fingerprint=fingerprint,
        ),
        IndexValue("modularity", 0.5, choices={"k": 10}, graph_fingerprint=fingerprint),
    )  # fmt: skip


def annotated(store, monkeypatch):
    """Write three runs back; their ids and times are the same in every store."""
    ticks = iter(range(1, 1000))
    clock = SimpleNamespace(time_ns=lambda: next(ticks) * 10**9, perf_counter_ns=lambda: 0)
    monkeypatch.setattr(writing, "time", clock)
    retweets = graph(crisis(), "retweet", largest_component=True)
    store.annotate(leiden(retweets, seed=1), name="older")
    camps = leiden(retweets, seed=5)
    store.annotate(camps, in_strength(retweets), name="camps")
    store.annotate(*indices(retweets.fingerprint), name="indices")


@pytest.fixture(scope="package")
def opened(tmp_path_factory):
    """Return a function that opens a filled store by name, once."""
    made = {}

    def filled(name):
        if name not in made:
            store = STORES[name](tmp_path_factory.mktemp("library"), "filled")
            store.write(crisis(), progress=False)
            with pytest.MonkeyPatch.context() as patch:
                annotated(store, patch)
            made[name] = store
        return made[name]

    yield filled
    for store in made.values():
        store.close()


@pytest.fixture(scope="package", params=every_store())
def store(request, opened):
    """Open a store with the bundled crisis and its runs; tests must not change it."""
    return opened(request.param)


@pytest.fixture(scope="package")
def pair(opened):
    """Open both stores; for tests that are marked to need a server."""
    return opened("embedded"), opened("neo4j")
