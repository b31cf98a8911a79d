"""A graph of all studies: every act once, or a refusal."""

from __future__ import annotations

from contextlib import closing

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.corpora import corpora, corpus_of, crisis
from tests.store.stores import emptied
from tests.store.test_contract import act, post
from workbench.errors import CannotBuildError, StoreError
from workbench.graphs import graph
from workbench.model import Corpus
from workbench.model.kinds import GRAPHS
from workbench.store import connect

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]


def part(corpus, keep):
    """Return the corpus of some posts: their acts, and what they carry."""
    tables = {}
    for name in ("posts", "interactions", "attachments"):
        rows = corpus.table(name)
        tables[name] = rows.filter(pc.is_in(rows.column("post_id"), pa.array(keep, pa.string())))
    acts = tables["interactions"]
    # What one half cannot resolve, the other does not resolve for it.
    tables["interactions"] = acts.filter(pc.is_valid(acts.column("target_id")))
    return Corpus.from_tables(tables)


def pushed(uri, **studies):
    for name, corpus in studies.items():
        with closing(connect(uri, study=name)) as store:
            store.write(corpus, progress=False)


@settings(max_examples=4, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(corpus=corpora(), data=st.data())
def test_halves_that_overlap_make_the_graph_of_the_whole(corpus, data):
    ids = corpus.table("posts").column("post_id").to_pylist()
    side = [data.draw(st.sampled_from("ab+")) for _ in ids]
    one, two = (
        part(corpus, [i for i, s in zip(ids, side, strict=True) if s in own])
        for own in ("a+", "b+")
    )
    whole, uri = part(corpus, ids), emptied()
    pushed(uri, one=one, two=two)
    with closing(connect(uri, study="*")) as both:
        for kind in GRAPHS:
            if kind == "co_share":  # a half may not hold the post that the other's post shares
                continue
            for chosen in ({}, {"since": "1970-01-01T00:00:03Z"}, {"lang": "fr"}):
                found = both.graph(kind, **chosen)
                assert found.fingerprint == graph(whole, kind, **chosen).fingerprint
                assert found.choices["studies"] == ["one", "two"]
        assert (
            both.graph("mention", origin="all").fingerprint
            == graph(whole, "mention", origin="all").fingerprint
        )


def test_the_crisis_twice_is_the_crisis_once():
    uri = emptied()
    pushed(uri, one=crisis(), two=crisis())
    with closing(connect(uri, study="*")) as both:
        for kind in ("retweet", "co_share", "account_domain"):
            assert both.graph(kind).fingerprint == graph(crisis(), kind).fingerprint


def test_what_cannot_be_told_apart_is_refused():
    uri = emptied()
    posts = [post("x:p1", "x:a"), post("x:p2", "x:b")]
    one = corpus_of(posts=posts, interactions=[act("share", "x:a", "x:b", 1)])
    two = corpus_of(posts=posts, interactions=[act("share", "x:a", "x:c", 1)])
    sums = corpus_of(interactions=[act("share", "x:a", "x:b", 1, post_id=None)])
    every = connect(uri, study="*")
    with pytest.raises(StoreError, match=r"store is empty.*push"):
        every.graph("retweet")
    pushed(uri, one=one, two=two)
    with pytest.raises(CannotBuildError, match=r"know the same posts differently: 1 posts.*merge"):
        every.graph("retweet")
    assert every.graph("quote").edges == 0
    pushed(uri, two=corpus_of(posts=posts))
    with pytest.raises(CannotBuildError, match="know the same posts differently"):
        every.graph("retweet")
    pushed(uri, two=sums)
    with pytest.raises(CannotBuildError, match=r"acts without posts may be the same.*: two"):
        every.graph("retweet")
    with pytest.raises(CannotBuildError, match="other texts of the same posts"):
        every.graph("account_hashtag", text="war")
    for ask in (every.counts, every.runs, every.held, lambda: every.write(one, progress=False)):
        with pytest.raises(StoreError, match="only a graph can be asked of all studies"):
            ask()
    every.close()
