"""What every store promises, shown on each of them (``tests/store/stores.py``).

It holds the queries of ``workbench.store.graphs`` to the graphs of the corpus.
"""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.corpora import PEOPLE, corpora, corpus_of, crisis
from tests.store.stores import STORES, every_store
from workbench.communities import leiden
from workbench.errors import (
    CannotBuildError,
    CutWarning,
    InputError,
    NotFoundError,
    QueryError,
    StoreError,
    UsageError,
)
from workbench.graphs import graph
from workbench.influence import in_strength, rank
from workbench.model import Corpus
from workbench.model.filters import iso
from workbench.model.kinds import GRAPHS, ORIGINS
from workbench.polarisation import random_walk_controversy
from workbench.store.protocol import GraphStore
from workbench.store.schema import NODES, RELATIONSHIPS, RESULTS

HOSTILE = ["x:'", 'x:"', "x:\\", "x:`", "x:${a}", "x:é\u0301", "x:😀", "x:-- //", "x:1'; DROP"]


def same(corpus, store, kind, **filters):
    """Assert that corpus and store give one graph, times and record of choices included."""
    expected = graph(corpus, kind, **filters)
    found = store.graph(kind, **filters)
    assert found.fingerprint == expected.fingerprint
    assert (found.first_ms, found.last_ms) == (expected.first_ms, expected.last_ms)
    assert found.window == expected.window
    recorded = {k: v for k, v in expected.choices.items() if k != "unresolved"}
    assert found.choices == recorded
    assert (found.parts is None) == (expected.parts is None)
    if expected.parts is not None:
        assert (found.parts == expected.parts).all()
    return expected


def accounts_of(store):
    rows = store.cypher("MATCH (a:Account) RETURN a.account_id AS id ORDER BY id")
    return rows["id"].tolist()


def test_it_offers_the_whole_protocol(store):
    for name in vars(GraphStore):
        if not name.startswith("_"):
            assert callable(getattr(store, name)), name
    assert isinstance(store.uri, str)


# -- writing -------------------------------------------------------------------------------------


def test_an_empty_store_says_so(store):
    counted = store.counts()
    assert set(counted["nodes"].values()) | set(counted["relationships"].values()) == {0}
    with pytest.raises(StoreError, match=r"the store is empty.*store push"):
        store.graph("retweet")


def test_an_empty_corpus_is_a_store_without_nodes(store):
    store.write(Corpus.empty(), progress=False)
    for kind in GRAPHS:
        assert same(Corpus.empty(), store, kind).nodes == 0


def test_counts_are_those_of_the_corpus(filled):
    counted = filled.counts()
    assert set(counted["nodes"]) == set(NODES)
    assert set(counted["relationships"]) == set(RELATIONSHIPS)
    for kind, sums in (("retweet", "RETWEETED"), ("quote", "QUOTED"), ("reply", "REPLIED_TO")):
        assert counted["relationships"][sums] == graph(crisis(), kind).edges
    every = graph(crisis(), "mention", origin="all")
    assert counted["relationships"]["MENTIONED"] == every.edges
    tags = graph(crisis(), "account_hashtag")
    assert counted["nodes"]["Hashtag"] >= int(tags.parts.sum()) > 0
    assert all(counted["nodes"][name] == 0 for name in RESULTS if name in NODES)


def test_writing_again_changes_nothing_and_another_corpus_replaces(store):
    one = corpus_of(interactions=[act("share", "x:a", "x:b", 1)], posts=[post("x:p1", "x:a")])
    two = corpus_of(interactions=[act("share", "x:a", "x:c", 1)], posts=[post("x:p1", "x:a")])
    store.write(one, progress=False)
    first = store.counts()
    again = store.write(one, progress=False)
    assert {k: again[k] for k in first} == first
    store.write(two, progress=False)
    same(two, store, "retweet")
    assert accounts_of(store) == ["x:a", "x:c"]


def act(kind, actor, target, number, **more):
    return {
        "platform": "x", "kind": kind, "actor_id": actor, "target_id": target, "weight": 1.0,
        "post_id": f"x:p{number}", "created_ms": number * 1000, "resolved_by": "id_field",
        "origin": "authored", "source_id": "s", "record": number, **more,
    }  # fmt: skip


def test_an_act_without_a_weight_counts_as_one(store):
    corpus = corpus_of(
        posts=[post("x:p1", "x:a"), post("x:p2", "x:b")],
        interactions=[
            act("share", "x:a", "x:b", 1, target_post_id="x:p2", weight=None),
            act("quote", "x:a", "x:c", 1, weight=None),
        ],
    )
    store.write(corpus, progress=False)
    for kind in ("retweet", "quote"):
        assert same(corpus, store, kind).total_weight == 1
        assert same(corpus, store, kind, since="1970-01-01T00:00:00Z").total_weight == 1


def post(identity, author, **more):
    return {
        "platform": "x", "post_id": identity, "version_id": identity, "author_id": author,
        "seen_as": "primary", "availability": "full", "kind": "original", "created_ms": 1000,
        "source_id": "s", "record": 1, **more,
    }  # fmt: skip


# -- the same numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(GRAPHS))
def test_every_kind_of_the_crisis_with_every_filter(filled, kind):
    whole = same(crisis(), filled, kind)
    assert whole.edges > 0
    middle = iso((whole.first_ms + whole.last_ms) // 2)
    tag = graph(crisis(), "account_hashtag").accounts[-1].partition(":")[2]
    for filters in (
        {"since": middle},
        {"until": middle},
        {"lang": "fr"},
        {"hashtag": f"#{tag.upper()}"},
        {"min_weight": 2},
        {"largest_component": True},
    ):
        same(crisis(), filled, kind, **filters)
    if GRAPHS[kind].family != "cooccurrence":
        same(crisis(), filled, kind, accounts=[whole.accounts[0], whole.accounts[-1]])


def test_text_origins_and_backbone(filled):
    for text in ("RT @", "Le ", "%_"):
        same(crisis(), filled, "retweet", text=text)
    for origin in ("all", "authored,reply_prefix", "share_head", "authored,inherited_share"):
        same(crisis(), filled, "mention", origin=origin)
        same(crisis(), filled, "mention", origin=origin, lang="en")
    same(crisis(), filled, "retweet", backbone=0.1)
    same(crisis(), filled, "co_hashtag", max_accounts=9)


def test_texts_are_searched_in_lower_case_as_in_the_corpus(store):
    corpus = corpus_of(
        posts=[post(f"x:p{i}", f"x:{i}", text=t) for i, t in enumerate(["ΝΟΜΟΣ", "İstanbul", "É"])],
        interactions=[
            act("mention", f"x:{i}", "x:b", i, start=0, created_ms=1000) for i in range(3)
        ],
    )
    store.write(corpus, progress=False)
    found = [
        same(corpus, store, "mention", text=text).edges
        for text in ("νομοσ", "νομος", "ΝΟΜΟ", "istanbul", "İstanbul", "é")
    ]
    assert found == [1, 0, 1, 1, 0, 1]


def check_random(name, corpus, cut, origins):
    middle = f"1970-01-01T00:00:0{cut}Z"
    with tempfile.TemporaryDirectory() as folder:
        store = STORES[name](Path(folder))
        store.write(corpus, progress=False)
        for kind in GRAPHS:
            same(corpus, store, kind)
        for kind in ("retweet", "mention", "co_share", "account_hashtag"):
            same(corpus, store, kind, since=middle, accounts=PEOPLE[:2])
        same(corpus, store, "retweet", text="war AND")
        for choice in (sorted(origins), "all"):
            try:
                store.graph("mention", origin=choice)
            except CannotBuildError as refused:
                assert "does not keep apart" in str(refused)  # noqa: PT017
            else:
                same(corpus, store, "mention", origin=choice)
        store.close()


choices = {
    "corpus": corpora(),
    "cut": st.integers(1, 8),
    "origins": st.sets(st.sampled_from(ORIGINS), min_size=1),
}
#: Shrinking would write hundreds of stores.
as_found = [Phase.explicit, Phase.reuse, Phase.generate]


@pytest.mark.parametrize("name", every_store())
@settings(max_examples=2, phases=as_found)
@given(**choices)
def test_random_corpora_give_the_same_graph_or_a_refusal(name, corpus, cut, origins):
    check_random(name, corpus, cut, origins)


@pytest.mark.slow
@pytest.mark.parametrize("name", every_store())
@settings(max_examples=60, phases=as_found)
@given(**choices)
def test_many_random_corpora_give_the_same_graph_or_a_refusal(name, corpus, cut, origins):
    check_random(name, corpus, cut, origins)


def test_hostile_names_are_names(store):
    acts = [act("mention", a, b, i, start=0) for i, (a, b) in enumerate(pairwise(HOSTILE))]
    posts = [post(f"x:p{i}", a, text=f"{a}\n\0end") for i, a in enumerate(HOSTILE)]
    tags = [
        {"platform": "x", "post_id": f"x:p{i}", "author_id": a, "kind": "hashtag", "value": a[2:],
         "origin": "authored", "seen_as": "primary", "start": 0, "created_ms": 1000,
         "source_id": "s", "record": i}
        for i, a in enumerate(HOSTILE)
    ]  # fmt: skip
    corpus = corpus_of(interactions=acts, posts=posts, attachments=tags)
    store.write(corpus, progress=False)
    for kind in ("mention", "account_hashtag"):
        assert same(corpus, store, kind).edges >= len(HOSTILE) - 1
    for name in HOSTILE:
        rows = store.cypher(
            "MATCH (a:Account) WHERE a.account_id = $who RETURN a.account_id AS id", who=name
        )
        assert rows["id"].tolist() == [name]


def test_a_post_that_answers_and_quotes_an_account_acts_upon_it_twice(store):
    corpus = corpus_of(
        posts=[post("x:p1", "x:a")],
        interactions=[act(kind, "x:a", "x:b", 1) for kind in ("reply", "quote", "share")],
    )
    for _ in range(2):
        store.write(corpus, progress=False)
        assert store.counts()["relationships"]["ADDRESSES"] == 3
    for kind in ("reply", "quote", "retweet"):
        assert same(corpus, store, kind, since="1970-01-01T00:00:00Z").edges == 1


def test_a_post_shared_twice_by_one_account_counts_once_and_its_last_time_too(store):
    shares = [
        act("share", who, "x:b", i, target_post_id="x:p0", created_ms=ms)
        for i, (who, ms) in enumerate([("x:a", 1000), ("x:a", 5000), ("x:c", 2000)], 1)
    ]
    posts = [post(f"x:p{i}", who) for i, who in enumerate(["x:b", "x:a", "x:a", "x:c"])]
    corpus = corpus_of(posts=posts, interactions=shares)
    store.write(corpus, progress=False)
    made = same(corpus, store, "co_share")
    assert (made.edges, made.total_weight, made.first_ms, made.last_ms) == (1, 1, 1000, 5000)


def test_acts_without_posts_are_in_the_sums_and_windows_are_refused(store):
    corpus = corpus_of(
        interactions=[
            act("share", "x:a", "x:b", 1, post_id=None, weight=2.5),
            act("share", "x:b", "x:b", 2, post_id=None),
            act("share", "x:a", "x:b", 3, post_id=None),
        ]
    )
    store.write(corpus, progress=False)
    made = same(corpus, store, "retweet")
    assert (made.total_weight, made.self_loops) == (4.5, 1)
    same(corpus, store, "retweet", accounts=["x:a"])
    with pytest.raises(CannotBuildError, match=r"as sums.*ask the corpus instead"):
        store.graph("retweet", since="1970-01-01T00:00:02Z")


def test_what_the_store_cannot_tell_apart_is_refused(store):
    corpus = corpus_of(
        posts=[post("x:p1", "x:a"), post("x:p2", "x:a")],
        interactions=[
            act("mention", "x:a", "x:b", 1, weight=3.0, start=0),
            act("mention", "x:a", "x:b", 2, origin="thread_self", start=0),
            act("mention", "x:a", "x:c", 2, origin="reply_prefix", start=2),
            act("share", "x:a", "x:c", 1, target_post_id="x:never-seen"),
        ],
    )
    store.write(corpus, progress=False)
    same(corpus, store, "mention")
    same(corpus, store, "mention", origin="all")
    with pytest.raises(CannotBuildError, match="does not keep apart reply_prefix, thread_self"):
        store.graph("mention", origin="reply_prefix")
    with pytest.raises(CannotBuildError, match="these have weights"):
        store.graph("mention", until="1970-01-01T00:00:02Z")
    with pytest.raises(CannotBuildError, match="every post that was shared"):
        store.graph("co_share")


def test_what_the_source_refuses_the_store_refuses(store, tmp_path):
    from workbench.loaders import load

    file = tmp_path / "edges.csv"
    file.write_text("source,target\na,b\nb,c\nc,c\n")
    corpus = load(file)
    store.write(corpus, progress=False)
    same(corpus, store, "retweet")
    for kind in ("co_hashtag", "account_url"):
        with pytest.raises(CannotBuildError, match="edge list"):
            store.graph(kind)


# -- questions -----------------------------------------------------------------------------------


def test_rows_come_typed(filled):
    rows = filled.cypher(
        "MATCH (p:Post) WHERE p.created_at IS NOT NULL "
        "RETURN p.created_at AS at, p.created_ms AS ms, p.likes AS likes ORDER BY ms, p.post_id "
        "LIMIT 5"
    )
    assert str(rows["at"].dt.tz) == "UTC"
    assert (
        rows["at"].astype("int64") // 10 ** {"ns": 6, "us": 3, "ms": 0}[rows["at"].dt.unit]
    ).tolist() == rows["ms"].tolist()
    total = filled.cypher("MATCH (p:Post) WHERE p.created_ms > 0 RETURN sum(p.created_ms) AS n")
    expected = sum(filled.cypher("MATCH (p:Post) RETURN p.created_ms AS ms")["ms"].dropna())
    assert int(total["n"][0]) == int(expected)


def test_limit_and_parameters(filled):
    text = "MATCH (a:Account) WHERE a.account_id > $from RETURN a.account_id AS id ORDER BY id"
    whole = filled.cypher(text, **{"from": ""})
    with pytest.warns(CutWarning, match="cut at 3 rows, there are more"):
        some = filled.cypher(text, limit=3, **{"from": ""})
    assert some["id"].tolist() == whole["id"].tolist()[:3]
    rest = filled.cypher(text, **{"from": some["id"][2]})
    assert rest["id"].tolist() == whole["id"].tolist()[3:]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("MATCH (a:Account) DETACH DELETE a", "this query writes"),
        ("MATCH (a:Account) SET a.handle = 'x' RETURN a", "this query writes"),
        ("MATCH (a:Acount) RETURN a", r"no such label.*Account"),
        ("MATCH (a:Account) RETURN a.handel", r"no such property.*handle"),
        ("MATCH (a:Account)-[*]->(b) RETURN b", "upper bound"),
        ("MATCH (a:Account) RETURN labels(a)", "refused"),
        ("MATCH (a:Account) RETURN a.account_id = $who", r"no value.*who"),
        ("MATCH (a:Account) RETURN collect(a.account_id)[0]", "list positions"),
        ("COPY Account FROM 'file.csv'", "not for queries"),
        ("MATCH (a:Account) RETURN count(*); MATCH (b:Account) RETURN 1", "one query at a time"),
        ("MATCH (a:Account RETURN a", "wrong"),
        ("", "empty"),
    ],
)
def test_what_a_query_may_not_be(filled, text, message):
    with pytest.raises(QueryError, match=message):
        filled.cypher(text)


def test_writing_is_allowed_when_asked_for(store):
    store.write(corpus_of(posts=[post("x:p1", "x:a")]), progress=False)
    store.cypher("MATCH (a:Account) SET a.handle = $name", write=True, name="né'e")
    assert store.cypher("MATCH (a:Account) RETURN a.handle AS h")["h"].tolist() == ["né'e"]


def test_queries_of_the_library_by_name(filled):
    rows = filled.query("influence/most_amplified_accounts", limit=3)
    assert len(rows) == 3
    with pytest.raises(NotFoundError, match=r"no such query.*most_amplified_accounts"):
        filled.query("influence/most_amplified")
    with pytest.raises(UsageError, match="no such parameter: limits"):
        filled.query("influence/most_amplified_accounts", limits=3)
    with pytest.raises(UsageError, match=r"another type: many.*integer"):
        filled.query("influence/most_amplified_accounts", limit="many")


# -- results -------------------------------------------------------------------------------------


def test_what_is_no_result_is_refused_with_what_to_give(store):
    store.write(crisis(), progress=False)
    ranking = rank(graph(crisis(), "retweet"), by="in_strength")
    with pytest.raises(UsageError, match=r"only partitions.*Ranking.*\*ranking\.scores\.values"):
        store.annotate(ranking)
    assert store.annotate(*ranking.scores.values())


def annotated(store):
    retweets = graph(crisis(), "retweet", largest_component=True)
    found = leiden(retweets, seed=3)
    scores = in_strength(retweets)
    index = random_walk_controversy(retweets, sides_of(found))
    return retweets, found, scores, index, store.annotate(found, scores, index, name="first")


def sides_of(found):
    """Return the two largest communities as sides."""
    from dataclasses import replace

    labels = np.where(found.labels < 2, found.labels, -1)
    return replace(found, labels=labels, names=found.names[:2])


def test_results_come_back_as_they_were_written(store):
    store.write(crisis(), progress=False)
    retweets, found, scores, index, run = annotated(store)
    other = store.annotate(scores, name="second")
    runs = store.runs().set_index("run_id")
    assert set(runs.index) == {run, other}
    assert runs.loc[run, "input"] == retweets.fingerprint
    assert int(runs.loc[run, "seed"]) == 3
    assigned = store.cypher(
        "MATCH (r:Run)-[s:ASSIGNED]->(a:Account) WHERE r.run_id = $run "
        "RETURN a.account_id AS id, s.community AS community ORDER BY size(id), id",
        run=run,
    )
    assert assigned["id"].tolist() == retweets.accounts.tolist()
    assert assigned["community"].tolist() == found.labels.tolist()
    scored = store.cypher(
        "MATCH (r:Run)-[s:SCORED]->(a:Account) WHERE r.run_id = $run "
        "RETURN s.value AS value ORDER BY size(a.account_id), a.account_id",
        run=run,
    )
    assert scored["value"].tolist() == scores.values.tolist()
    measured = store.cypher("MATCH (:Run)-[:MEASURED]->(i:IndexValue) RETURN i.value AS value")
    assert measured["value"].tolist() == [index.value]

    # A push of another corpus keeps the runs; dropping one keeps the other.
    before = store.counts()["relationships"]
    store.drop_run(run)
    after = store.counts()
    assert (after["relationships"]["ASSIGNED"], after["relationships"]["MEASURED"]) == (0, 0)
    assert after["nodes"]["IndexValue"] == 0
    assert after["relationships"]["SCORED"] == before["SCORED"] // 2
    assert store.runs()["run_id"].tolist() == [other]
    same(crisis(), store, "retweet")
    with pytest.raises(NotFoundError, match=r"no such run.*store runs"):
        store.drop_run(run)


def test_results_must_fit_the_store(store):
    store.write(corpus_of(posts=[post("x:p1", "x:a")]), progress=False)
    retweets = graph(crisis(), "retweet")
    with pytest.raises(NotFoundError, match="does not have"):
        store.annotate(in_strength(retweets))
    assert store.runs().empty
    other = in_strength(graph(crisis(), "reply"))
    with pytest.raises(InputError, match="results of one graph"):
        store.annotate(in_strength(retweets), other)
    with pytest.raises(InputError, match="results of one graph"):
        store.annotate()


# -- forgetting ----------------------------------------------------------------------------------


def test_forgetting_leaves_no_trace(store):
    store.write(crisis(), progress=False)
    retweets = graph(crisis(), "retweet")
    star = retweets.accounts[int(np.bincount(retweets.indices).argmax())]
    annotated(store)
    before = store.counts()
    removed = store.forget(star)
    after = store.counts()
    assert removed["accounts"] == 1
    assert removed["posts"] == before["nodes"]["Post"] - after["nodes"]["Post"] > 0
    for label, node in NODES.items():
        for key, kind in node.properties.items():
            if kind == "text":
                rows = store.cypher(
                    f"MATCH (n:{label}) WHERE n.{key} CONTAINS $who RETURN count(*) AS n",
                    who=star,
                )
                assert int(rows["n"][0]) == 0, (label, key)
    rest = store.graph("retweet").to_pandas()
    expected = retweets.to_pandas()
    expected = expected[(expected["source"] != star) & (expected["target"] != star)]
    assert rest.to_records(index=False).tolist() == expected.to_records(index=False).tolist()
    for label in ("Hashtag", "Url", "Media", "Domain"):
        pattern = f"MATCH (n:{label}) WHERE NOT EXISTS {{ MATCH ()-[r]->(n) }} RETURN count(*) AS n"
        alone = store.cypher(pattern)
        assert int(alone["n"][0]) == 0, label
    with pytest.raises(NotFoundError, match="no such account"):
        store.forget(star)
