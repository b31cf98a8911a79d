"""Corpus → store → graph: every kind, from every reference file, has the corpus' fingerprint."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

import pytest

from tests.corpora import crisis
from tests.reference import reference_data
from tests.store.stores import STORES, emptied, every_store
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
    return sorted(reference_data(FOLDER).glob("*.jsonl"))


def cut(corpus):
    """Return a moment in the middle of the posts; None if fewer than two are dated."""
    times = sorted(t for t in corpus.table("posts").column("created_ms").to_pylist() if t)
    return iso(times[len(times) // 2]) if len(times) > 1 else None


def check(corpus, store, *, windows=True):
    """Assert that the store gives each graph of the corpus; return the edges of each kind.

    A kind that the corpus cannot give, the store refuses; a window that the store cannot answer, it
    refuses, and says so.
    """
    found = Counter()
    middle = cut(corpus)
    for kind in GRAPHS:
        try:
            graph(corpus, kind)
        except CannotBuildError:
            with pytest.raises(CannotBuildError):
                store.graph(kind)
            continue
        try:
            found[kind] += same(corpus, store, kind).edges
        except CannotBuildError as refused:
            assert kind == "co_share", kind  # noqa: PT017
            assert "every post that was shared" in str(refused)  # noqa: PT017
            found["refused"] += 1
            continue
        for window in ({"since": middle}, {"until": middle}) if windows and middle else ():
            try:
                found[f"{kind} in windows"] += same(corpus, store, kind, **window).edges
            except CannotBuildError as refused:
                assert "as sums" in str(refused)  # noqa: PT017
                found["windows refused"] += 1
    return found


@pytest.mark.reference
@pytest.mark.parametrize("name", every_store())
def test_every_file_of_twitter_v2(name, tmp_path):
    listed = files()
    assert len(listed) == 24
    total = Counter()
    for i, file in enumerate(listed):
        corpus = load(file)
        folder = tmp_path / str(i)
        folder.mkdir()
        # On a server each file takes the place of the one before, as a study that was reloaded.
        opened = STORES[name](folder) if name == "embedded" or not i else connect(uri)
        uri = opened.uri
        with closing(opened):
            opened.write(corpus, progress=False)
            total += check(corpus, opened, windows=file.stat().st_size > 200_000)
    print(sorted(total.items()))
    assert total["retweet"] > 0
