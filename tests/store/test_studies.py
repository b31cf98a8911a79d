"""Many studies in one database: each is exactly its own, whatever the others bring."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import Phase, given, settings

from tests.corpora import corpora, corpus_of, crisis
from tests.store.stores import emptied, server
from tests.store.test_contract import act, post, same
from workbench.communities import leiden
from workbench.errors import CannotBuildError, NotFoundError, StoreError
from workbench.graphs import graph
from workbench.influence import in_strength
from workbench.model.kinds import GRAPHS
from workbench.store import connect
from workbench.store.bolt import Bolt

pytestmark = [pytest.mark.neo4j, pytest.mark.xdist_group("neo4j")]

ONE = {
    "posts": [post("x:p1", "x:a", text="ours", lang="fr"), post("x:p2", "x:b")],
    "interactions": [act("share", "x:a", "x:b", 1, target_post_id="x:p2")],
}
#: The same post as a stub, the same pair, and somebody else.
TWO = {
    "posts": [
        post("x:p1", "x:a", availability="stub", seen_as="referenced"),
        post("x:p3", "x:c", text="theirs"),
    ],
    "interactions": [act("share", "x:c", "x:a", 3), act("reply", "x:a", "x:b", 4)],
}


def run(text, **parameters):
    with closing(Bolt(server().uri)) as bolt:
        return [list(row.values()) for row in bolt.rows(text, parameters, write=True).to_pylist()]


@pytest.fixture
def studies():
    """Open two studies in one empty database."""
    uri = emptied()
    opened = connect(uri, study="one"), connect(uri, study="two")
    yield opened
    for each in opened:
        each.close()


def filled(studies):
    corpora_ = corpus_of(**ONE), corpus_of(**TWO)
    for store, corpus in zip(studies, corpora_, strict=True):
        store.write(corpus, progress=False)
    return corpora_


def test_two_studies_share_accounts_and_nothing_else(studies):
    one, two = studies
    ours, theirs = filled(studies)
    same(ours, one, "retweet")
    same(theirs, two, "retweet")
    same(theirs, two, "reply")
    assert one.graph("reply").edges == 0
    assert run("MATCH (a:Account {account_id: 'x:a'}) RETURN a.studies") == [[["one", "two"]]]
    assert run("MATCH (:Account)-[r:RETWEETED]->() RETURN r.study ORDER BY r.study") == [
        ["one"],
        ["two"],
    ]
    # A stub of the second study takes nothing from what the first one knows.
    assert run("MATCH (p:Post {post_id: 'x:p1'}) RETURN p.text, p.lang, p.availability") == [
        ["ours", "fr", "full"]
    ]
    same(ours, one, "retweet", lang="fr")
    assert one.studies()["study"].tolist() == ["one", "two"]


def test_a_study_must_be_named_where_there_are_several(studies):
    filled(studies)
    with closing(connect(server().uri)) as anyone:
        for ask in (
            lambda: anyone.graph("retweet"),
            lambda: anyone.query("influence/most_amplified_accounts"),
            anyone.counts,
        ):
            with pytest.raises(StoreError, match=r"holds several studies: one, two.*name one"):
                ask()
    one, _ = studies
    with pytest.raises(StoreError, match=r"whose acts the query would add up: one, two"):
        one.query("influence/most_amplified_accounts")
    text = "MATCH (a:Account)-[r:RETWEETED]->() RETURN a.account_id AS id"
    with pytest.raises(StoreError, match=r"name the study in every relationship"):
        one.cypher(text)
    mine = text.replace("RETWEETED", "RETWEETED {study: $study}")
    assert one.cypher(mine, study="two")["id"].tolist() == ["x:c"]
    with (
        closing(connect(server().uri, study="three")) as third,
        pytest.raises(StoreError, match=r"does not have this study: three.*push"),
    ):
        third.graph("retweet")


def test_dropping_a_study_removes_what_only_it_brought(studies):
    one, two = studies
    _, theirs = filled(studies)
    retweets = graph(theirs, "retweet")
    run_id = two.annotate(in_strength(retweets))
    one.annotate(in_strength(graph(corpus_of(**ONE), "retweet")))
    before = two.counts()
    one.drop_study()
    assert two.counts() == before
    same(theirs, two, "retweet")
    assert two.runs()["run_id"].tolist() == [run_id]
    assert run("MATCH (p:Post) RETURN p.post_id ORDER BY p.post_id") == [["x:p1"], ["x:p3"]]
    with pytest.raises(NotFoundError, match=r"no such study in the store: one; allowed: two"):
        two.drop_study("one")
    two.drop_study("two")
    assert run("MATCH (n) WHERE NOT n:Lock RETURN count(*)") == [[0]]


def test_what_is_known_of_shared_nodes_goes_with_a_study_and_comes_back(studies):
    one, two = studies
    ours, theirs = filled(studies)
    assert run("MATCH (p:Post {post_id: 'x:p1'}) RETURN p.text, p.seen_as") == [["ours", "primary"]]
    one.drop_study()
    assert run("MATCH (p:Post {post_id: 'x:p1'}) RETURN p.text, p.seen_as") == [[None, None]]
    same(theirs, two, "retweet")
    same(theirs, two, "reply")
    for ask in (
        lambda: two.query("posts/most_shared_posts"),
        lambda: two.cypher("MATCH (p:Post) RETURN p.text AS text"),
        lambda: two.graph("retweet", text="theirs"),
    ):
        with pytest.raises(StoreError, match=r"went with a study that shared them: two.*again"):
            ask()
    two.write(theirs, progress=False)
    assert run("MATCH (p:Post {post_id: 'x:p1'}) RETURN p.text, p.seen_as") == [
        [None, "referenced"]
    ]
    assert len(two.cypher("MATCH (p:Post) WHERE p.text = 'theirs' RETURN p.text AS text")) == 1
    one.write(ours, progress=False)
    same(ours, one, "retweet")
    assert two.write(theirs, progress=False)["nodes"] == two.counts()["nodes"]
    same(theirs, two, "retweet")


@pytest.mark.parametrize("dropped", [0, 1])
def test_after_others_went_a_database_is_that_of_one_study_alone(studies, dropped):
    """Also where the study that went had brought other things before."""
    corpora_ = [corpus_of(**ONE), corpus_of(**TWO)]
    others = corpus_of(posts=[post("x:p3", "x:b", text="older", lang="de")])
    studies[dropped].write(others, progress=False)
    for store, corpus in zip(studies, corpora_, strict=True):
        store.write(corpus, progress=False)
    studies[dropped].drop_study()
    stays, corpus = studies[1 - dropped], corpora_[1 - dropped]
    stays.write(corpus, progress=False)
    told = "MATCH (n) WHERE n.studies IS NOT NULL RETURN properties(n) AS p"
    found = sorted(repr(sorted(row[0].items())) for row in run(told))
    uri = emptied()
    with closing(connect(uri, study=["one", "two"][1 - dropped])) as alone:
        alone.write(corpus, progress=False)
    expected = sorted(repr(sorted(row[0].items())) for row in run(told))
    assert found == expected


@settings(max_examples=3, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(first=corpora(), second=corpora())
def test_random_studies_are_exactly_their_own(first, second):
    uri = emptied()
    one, two = connect(uri, study="one"), connect(uri, study="two")
    one.write(first, progress=False)
    alone = one.counts()
    two.write(second, progress=False)
    for corpus, store in ((first, one), (second, two)):
        for kind in GRAPHS:
            same(corpus, store, kind)
        for kind in ("retweet", "mention", "co_hashtag"):
            same(corpus, store, kind, since="1970-01-01T00:00:03Z")
            same(corpus, store, kind, lang="fr")
    assert one.counts() == alone
    two.drop_study()
    assert one.counts() == alone
    assert run("MATCH (n) WHERE n.studies = ['one'] RETURN count(*)") == [
        [sum(alone["nodes"].values())]
    ]
    assert run("MATCH ()-[r]->() RETURN count(*)") == [[sum(alone["relationships"].values())]]
    one.close()
    two.close()


def test_another_corpus_takes_the_place_of_the_first_and_runs_stay(studies):
    one, _ = studies
    one.write(crisis(), progress=False)
    found = leiden(graph(crisis(), "retweet", largest_component=True), seed=3)
    one.annotate(found)
    kept = found.ids[0].as_py()
    other = corpus_of(
        posts=[post("x:p1", "x:a")],
        interactions=[act("share", "x:a", kept, 1)],
    )
    one.write(other, progress=False)
    same(other, one, "retweet")
    assert run("MATCH (:Run)-[:ASSIGNED]->(a) RETURN a.account_id") == [[kept]]
    assert run("MATCH (a:Account) RETURN count(*)") == [[2]]
    assert run("MATCH (a:Account) WHERE a.handle IS NOT NULL RETURN count(*)") == [[0]]


def test_a_text_that_studies_know_differently_is_not_searched(studies):
    one, two = studies
    ours, theirs = (
        corpus_of(
            posts=[post("x:p1", "x:a", text=text)],
            interactions=[act("mention", "x:a", "x:b", 1, start=0)],
        )
        for text in ("a long text about war", "a long text…")
    )
    one.write(ours, progress=False)
    same(ours, one, "mention", text="war")
    two.write(theirs, progress=False)
    for store in studies:
        with pytest.raises(CannotBuildError, match=r"other texts of the same posts.*corpus"):
            store.graph("mention", text="war")
    same(ours, one, "mention", since="1970-01-01T00:00:00Z")


def test_a_cut_off_push_is_not_served_because_somebody_was_forgotten(studies):
    one, two = studies
    filled(studies)
    run("MATCH (s:Study {study: 'two'}) SET s.corpus = null")
    one.forget("x:b")
    assert one.graph("retweet").edges == 0
    for ask in (lambda: two.graph("retweet"), two.counts, two.runs):
        with pytest.raises(StoreError, match="was cut off"):
            ask()
    run("CREATE (:Url {url: 'of somebody else'})")
    one.forget("x:a")
    assert run("MATCH (u:Url) RETURN count(*)") == [[1]]


def test_what_somebody_changed_by_hand_the_next_push_heals(studies):
    one, _ = studies
    corpus = corpus_of(**ONE)
    pushed = one.write(corpus, progress=False)
    run("MATCH ()-[r:RETWEETED]->() DELETE r")
    run(
        "MATCH (a:Account {account_id: 'x:b'}), (b:Account) "
        "CREATE (a)-[:QUOTED {study: 'one'}]->(b)"
    )
    again = one.write(corpus, progress=False)
    assert again["relationships"] == pushed["relationships"]
    same(corpus, one, "retweet")
    assert one.graph("quote").edges == 0


def test_somebody_elses_data_are_refused_until_told():
    uri = emptied()
    run("CREATE (:Person {name: 'x'})")
    corpus = corpus_of(**ONE)
    with closing(connect(uri)) as store:
        with pytest.raises(StoreError, match=r"somebody else's data: .*1 nodes.*--shared"):
            store.write(corpus, progress=False)
        with closing(connect(uri, shared=True)) as guest:
            guest.write(corpus, progress=False)
            same(corpus, guest, "retweet")
            guest.drop_study()
        assert run("MATCH (n) WHERE NOT n:Lock RETURN labels(n)") == [[["Person"]]]
        emptied()
        run("CREATE (:Account {account_id: 'x'})")
        with pytest.raises(StoreError, match="somebody else's data"):
            store.write(corpus, progress=False)


def test_a_push_that_was_cut_off_is_seen_and_another_version_too(studies):
    one, _ = studies
    corpus = corpus_of(**ONE)
    one.write(corpus, progress=False)
    run("MATCH (s:Study) SET s.corpus = null")
    with pytest.raises(StoreError, match=r"was cut off: one.*push it again"):
        one.graph("retweet")
    one.write(corpus, progress=False)
    same(corpus, one, "retweet")
    run("MATCH (s:Study) SET s.version = 99")
    with pytest.raises(StoreError, match=r"another version.*one, version 99"):
        one.graph("retweet")
