"""From a store back to a corpus: the same graphs, the same store again, and what was lost."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings

from tests.corpora import corpora, corpus_of, crisis
from tests.store.stores import STORES, every_store
from tests.store.test_contract import act, post
from workbench.engine import session
from workbench.errors import CannotBuildError, StoreError
from workbench.graphs import graph
from workbench.model import Corpus
from workbench.model.kinds import GRAPHS
from workbench.store.projection import Projection
from workbench.store.pulling import _places, pull


def rows(table):
    """Return rows to compare, whatever their order; a server keeps times to the millisecond."""
    told = []
    for row in table.to_pylist():
        for key, value in row.items():
            if key == "created_at" and value is not None:
                row[key] = value.replace(microsecond=value.microsecond // 1000 * 1000)
        told.append(repr(row))
    return sorted(told)


def projected(corpus):
    with session(corpus) as opened:
        return {name: rows(table) for name, table in Projection(opened).rows()}


def pulled(store):
    return pull(store, Corpus.empty())


def test_a_store_gives_back_the_rows_it_was_given(filled):
    held = {name: rows(table) for name, table in filled.tables()}
    assert held == projected(crisis())
    assert filled.held()["corpus"] == crisis().content_key


def test_the_crisis_comes_back_with_every_graph(filled, tmp_path):
    corpus, lost = pull(filled, Corpus.create(tmp_path / "corpus"))
    assert set(lost.values()) == {0}
    assert Corpus.open(tmp_path / "corpus").content_key == corpus.content_key
    for kind in GRAPHS:
        assert graph(corpus, kind).fingerprint == graph(crisis(), kind).fingerprint, kind
    middle = "2026-03-05"
    for kind, chosen in (
        ("retweet", {"until": middle}),
        ("mention", {"since": middle, "origin": "all"}),
        ("co_hashtag", {"lang": "fr"}),
        ("reply", {"text": "peace"}),
    ):
        expected, found = graph(crisis(), kind, **chosen), graph(corpus, kind, **chosen)
        assert found.fingerprint == expected.fingerprint
    for name in ("posts", "accounts"):
        assert corpus.table(name).num_rows > 100
    assert projected(corpus) == projected(crisis())


@pytest.mark.parametrize("name", every_store())
@settings(max_examples=4, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(corpus=corpora())
def test_random_corpora_come_back(name, corpus):
    with tempfile.TemporaryDirectory() as folder:
        store = STORES[name](Path(folder))
        store.write(corpus, progress=False)
        held = {label: rows(table) for label, table in store.tables()}
        assert held == projected(corpus)
        back, lost = pulled(store)
        store.close()
    refused = {entry["graph"] for entry in back.report.refused}
    for kind in GRAPHS:
        for origin in (None, "all") if kind == "mention" else (None,):
            if kind in refused:
                with pytest.raises(CannotBuildError, match="does not hold every object"):
                    graph(back, kind)
                continue
            expected = graph(corpus, kind, origin=origin)
            assert graph(back, kind, origin=origin).fingerprint == expected.fingerprint
            if not lost["undated_sums"]:
                since = "1970-01-01T00:00:03Z"
                expected = graph(corpus, kind, origin=origin, since=since)
                found = graph(back, kind, origin=origin, since=since)
                assert found.fingerprint == expected.fingerprint
    if not lost["mixed_origins"] and not lost["without_actor"]:
        assert projected(back) == projected(corpus)


def test_acts_of_sums_come_back_as_rows_with_weights(store):
    corpus = corpus_of(
        posts=[post("x:p1", "x:a"), post("x:p2", "x:b")],
        interactions=[
            act("share", "x:a", "x:b", 1, target_post_id="x:p2"),
            act("share", "x:a", "x:b", 7, post_id=None, weight=2.5),
            act("share", "x:a", "x:b", 9, post_id=None, weight=1.0),
            act("quote", "x:c", "x:b", 8, post_id=None, weight=4.0),
            act("reply", "x:z", "x:b", 1, target_post_id="x:p2"),
        ],
    )
    store.write(corpus, progress=False)
    back, lost = pulled(store)
    assert lost == {"sums": 3, "undated_sums": 1, "without_actor": 1, "mixed_origins": 0}
    acts = back.table("interactions").to_pylist()
    told = {(a["kind"], a["actor_id"], a["post_id"], a["weight"], a["created_ms"]) for a in acts}
    assert told == {
        ("share", "x:a", "x:p1", 1.0, 1000),
        ("share", "x:a", None, 3.5, None),
        ("quote", "x:c", None, 4.0, 8000),
        # Who replied is not who wrote the post: the sum says who it was.
        ("reply", None, "x:p1", 1.0, 1000),
        ("reply", "x:z", None, 1.0, 1000),
    }
    for kind in ("retweet", "quote", "reply"):
        assert graph(back, kind).fingerprint == graph(corpus, kind).fingerprint


def test_an_empty_store_has_nothing_to_give(store):
    with pytest.raises(StoreError, match=r"store is empty.*push"):
        pulled(store)
    store.write(Corpus.empty(), progress=False)
    back, lost = pulled(store)
    assert set(lost.values()) == {0}
    assert all(graph(back, kind).nodes == 0 for kind in GRAPHS)


def test_places_number_what_a_post_carries_from_minus_one():
    import pyarrow as pa

    found = _places(pa.chunked_array([["b", "a", "b", "a", "c", "b"]]))
    assert found.tolist() == [-1, -1, -2, -2, -1, -3]
    assert _places(pa.chunked_array([pa.array([], pa.string())])).tolist() == []
    assert np.issubdtype(found.dtype, np.int32)
