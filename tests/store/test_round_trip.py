"""Corpus → store → graph: every kind, from every reference file, has the corpus' fingerprint."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from functools import cache
from itertools import pairwise

import pytest

from tests.corpora import crisis
from tests.reference import reference_data
from tests.store.stores import STORES, every_store
from tests.store.test_contract import same
from workbench.errors import CannotBuildError
from workbench.graphs import graph
from workbench.loaders import load
from workbench.model.filters import iso
from workbench.model.kinds import GRAPHS
from workbench.store import connect

FOLDER = "loaders/twitter_v2"


def files():
    """Return the files of the folder; account lists and compliance lines make empty graphs."""
    listed = sorted(reference_data(FOLDER).glob("*.jsonl"))
    assert len(listed) == 24
    return listed


@cache
def everything():
    return load(files())


def cut(corpus):
    """Return a moment in the middle of the posts; None if fewer than two are dated."""
    times = sorted(t for t in corpus.table("posts").column("created_ms").to_pylist() if t)
    return iso(times[len(times) // 2]) if len(times) > 1 else None


def check(corpus, store, *, windows=True):
    """Assert that the store gives each graph of the corpus; return the edges of each kind.

    A graph that the corpus cannot give, the store refuses.
    """
    found = Counter()
    middle = cut(corpus)
    for kind in GRAPHS:
        try:
            graph(corpus, kind)
        except CannotBuildError:
            with pytest.raises(CannotBuildError):
                store.graph(kind)
            found["refused"] += 1
            continue
        for window in ({}, {"since": middle}, {"until": middle}):
            if not window or (windows and middle):
                found[kind, *window] += same(corpus, store, kind, **window).edges
    return found


@pytest.mark.reference
@pytest.mark.parametrize("name", every_store())
def test_all_files_of_twitter_v2_together(name, tmp_path):
    with closing(STORES[name](tmp_path)) as store:
        store.write(everything(), progress=False)
        edges = check(everything(), store)
    assert edges.pop("refused", 0) == 0
    for kind in GRAPHS:
        # Times are cut, pairs may be in both parts: no part has more, together they have all.
        whole, before, after = edges[kind,], edges[kind, "until"], edges[kind, "since"]
        assert whole > 0, kind
        assert max(before, after) <= whole <= before + after or GRAPHS[kind].family in {
            "projection", "cooccurrence",
        }  # fmt: skip


@pytest.mark.slow
@pytest.mark.reference
@pytest.mark.parametrize("name", every_store())
def test_every_file_of_twitter_v2(name, tmp_path):
    total, uri = Counter(), None
    for file in files():
        corpus, folder = load(file), tmp_path / file.stem
        folder.mkdir()
        # On a server each file takes the place of the one before, as a study that was reloaded.
        store = connect(uri) if uri else STORES[name](folder)
        uri = store.uri if name == "neo4j" else None
        with closing(store):
            store.write(corpus, progress=False)
            total += check(corpus, store, windows=file.stat().st_size < 100_000)
    assert all(total[kind,] > 0 for kind in GRAPHS)


@pytest.mark.parametrize("name", every_store())
def test_the_crisis_in_windows(name, tmp_path):
    """One without anything in it, and one that ends between two posts."""
    times = sorted(t for t in crisis().table("posts").column("created_ms").to_pylist() if t)
    ends = [times[0] - 1, times[0], times[len(times) // 4]]
    with closing(STORES[name](tmp_path)) as store:
        store.write(crisis(), progress=False)
        for since, until in pairwise(ends):
            edges = [
                same(crisis(), store, kind, since=iso(since), until=iso(until)).edges
                for kind in GRAPHS
            ]
            assert (sum(edges) > 0) == (since >= times[0])
